//! Nobody is decided upon, and nobody is given a dose, before the baseline is complete and recent.
//!
//! Rule       Each of these, less than 90 days old: liver panel, urinalysis, blood pressure, weight, PCL-5 (month or week
//!            form), a suicide screen (ASQ, or C-SSRS entered from the service's own form), the bladder check; and a
//!            pregnancy test where pregnancy is possible. Every piece that is wanting is listed.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  Missing, 90 days old or older, dated in the future, unreadable, or too much unanswered to score: blocks.
//! Source     Clinical reference 7.2 and E15: baseline and periodic liver tests verified in the Ketalar summary; 90 days
//!            is a proposed default. The reference names C-SSRS and a licensed bladder scale; ASQ and the project's own
//!            bladder check stand in for them, since their text may be carried.
//! Signed     nobody yet

use jiff::Timestamp;

use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, HistoryTopic, LabKind, LabResult};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::check_weight_kg;
use crate::rules::answers::{dated_lab, missing, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E15-baseline",
    controls: Hazard::UnsuitablePerson,
    says: "Liver panel, urinalysis, pressure, weight, PCL-5, suicide screen and bladder check, each less than 90 days old at the decision, each order and each dose; at the decision a pregnancy test where possible.",
    no_answer: "Each piece that is missing, too old or unreadable blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-days", 90.0, Unit::Days).oldest(
        &[
            Subject::LiverPanel,
            Subject::Urinalysis,
            Subject::BloodPressure,
            Subject::Weight,
            Subject::Pcl5,
            Subject::SuicideScreen,
            Subject::BladderCheck,
        ],
        &[Gate::Eligibility, Gate::Order, Gate::Dose],
    )],
    source: "Clinical reference 7.2 and E15; verified: Ketalar summary, PDR (liver tests). 90 days: proposed default. ASQ \
             and the project's bladder check stand in for scales whose text may not be carried.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let days = limit!(rule, facts, "max-age-days");
    let mut findings = Vec::new();
    let mut labs = vec![(LabKind::LiverPanel, Subject::LiverPanel), (LabKind::Urinalysis, Subject::Urinalysis)];
    let possible = facts.history.get(&HistoryTopic::CouldBePregnant).map(|fact| fact.answer);
    // Before an order and a dose the test is E07's, by its own ages.
    if facts.gate == Gate::Eligibility && possible != Some(Answered::No) {
        labs.push((LabKind::PregnancyTest, Subject::PregnancyTest));
    }
    for (kind, what) in labs {
        match dated_lab(rule, facts, what, facts.newest_lab(kind), days) {
            Err(finding) => findings.push(finding),
            Ok(lab) if lab.result == LabResult::Unreadable => {
                let (unread, limit) = (measured::unreadable(what), limit::readable(what));
                findings.push(rule.block(Cause::Unknown, unread, limit, clears::new_one(what)));
            }
            Ok(_) => {}
        }
    }
    let pressure = facts.screening_bp.iter().filter(|(_, bp)| bp.check().is_ok()).map(|(at, _)| *at).max();
    findings.extend(dated(rule, facts, Subject::BloodPressure, pressure, days));
    let weight = facts.weight_kg.filter(|(_, kg)| check_weight_kg(*kg).is_ok()).map(|(at, _)| at);
    findings.extend(dated(rule, facts, Subject::Weight, weight, days));
    for (what, instruments) in [
        (Subject::Pcl5, ["pcl-5-month", "pcl-5-week"].as_slice()),
        (Subject::SuicideScreen, &["asq", "c-ssrs-recent"]),
        (Subject::BladderCheck, &["bladder-check"]),
    ] {
        findings.extend(questionnaire(rule, facts, what, instruments, days));
    }
    verdict(findings, clear::baseline_complete(days))
}

fn dated(rule: &Rule, facts: &Facts, what: Subject, at: Option<Timestamp>, days: InForce) -> Option<Finding> {
    match at {
        None => Some(missing(rule, what, limit::younger_than(what, days), clears::measure_and_record())),
        Some(at) => stale(rule, what, at, facts.now, days, clears::measure_and_record_again()),
    }
}

fn questionnaire(rule: &Rule, facts: &Facts, what: Subject, instruments: &[&str], days: InForce) -> Option<Finding> {
    let newest = instruments.iter().filter_map(|id| facts.measures.get(*id)).max_by_key(|measure| measure.at);
    if let Some(measure) = newest
        && measure.scores.get("total") == Some(&None)
    {
        let clears = clears::ask_the_measure_again(what);
        return Some(rule.block(Cause::Unknown, measured::unscored(what), limit::answered(what), clears));
    }
    dated(rule, facts, what, newest.map(|measure| measure.at), days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn each_laboratory_piece_must_be_there_recent_and_readable() {
        check_everywhere(
            &RULE,
            "
            liver-panel         urinalysis        could-be-pregnant   pregnancy-test     finding
            normal 5 d          normal 5 d        no                  none               -
            normal 89 d 23 h    normal 5 d        no                  none               -
            normal 90 d         normal 5 d        no                  none               block: too old
            none                none              no                  none               block: missing + block: missing
            normal in 1 d       normal 5 d        no                  none               block: impossible
            normal 5 d          unreadable 5 d    no                  none               block: unknown
            abnormal 5 d        raised 5 d        no                  none               -
            normal 5 d          normal 5 d        yes                 none               block: missing
            normal 5 d          normal 5 d        yes                 normal 5 d         -
            normal 5 d          normal 5 d        none                none               block: missing
            normal 5 d          normal 5 d        unknown             normal 91 d        block: too old
        ",
        );
    }

    #[test]
    fn each_measurement_and_questionnaire_must_be_there_and_recent() {
        check_everywhere(
            &RULE,
            "
            screening bp    weight   weight age   measure pcl-5-month   measure pcl-5-week   measure asq   measure c-ssrs-recent   measure bladder-check   finding
            .               .        .            .                     .                    .             .                       .                       -
            none            .        .            .                     .                    .             .                       .                       block: missing
            80/120@1 d      .        .            .                     .                    .             .                       .                       block: missing
            118/76@90 d     .        .            .                     .                    .             .                       .                       block: too old
            .               none     .            .                     .                    .             .                       .                       block: missing
            .               700      .            .                     .                    .             .                       .                       block: missing
            .               .        90 d         .                     .                    .             .                       .                       block: too old
            .               .        .            none                  none                 .             .                       .                       block: missing
            .               .        .            none                  5 d                  .             .                       .                       -
            .               .        .            95 d                  5 d                  .             .                       .                       -
            .               .        .            .                     .                    none          none                    .                       block: missing
            .               .        .            .                     .                    none          5 d                     .                       -
            .               .        .            .                     .                    90 d          none                    .                       block: too old
            .               .        .            .                     .                    .             .                       none                    block: missing
        ",
        );
    }

    #[test]
    fn a_questionnaire_too_empty_to_score_is_not_a_baseline() {
        check_everywhere(
            &RULE,
            "
            score pcl-5-month.total   finding
            unknown                   block: unknown
            44                        -
        ",
        );
    }
}
