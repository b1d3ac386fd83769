//! A damaged liver clears the drug slowly and may be damaged further.
//!
//! Rule       Severe liver disease, Child-Pugh C, ALT, AST or bilirubin more than 3 times the laboratory's own upper limit,
//!            ALP or GGT more than 2 times, or a panel read as past the stop limit: block. Child-Pugh B: warn, and watch
//!            longer. Figures above normal and below that: warn at the decision. Before an order and a dose the newest
//!            result is read again: a result learnt since the decision must stop the next dose.
//! Hazard     HZ-13, slow harm to bladder or liver is missed.
//! No answer  Severe or chronic liver disease never asked, not known or declined; chronic liver disease without a class;
//!            a panel that is missing, unreadable, without the figures of ALT, AST and bilirubin, or 90 days old or older
//!            (every 3 months, reference 7.2); a class 90 days old or older (unsigned): each blocks. An answer older than
//!            90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1, 1.2, 7.2 and E10: esketamine, Medscape (Child-Pugh B and C); OKTOP laboratory limits;
//!            verified. That they are about 3 times the upper normal, and 2 times for ALP and GGT, is a proposed default.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, ChildPugh, Facts, HistoryTopic, LabFact, LabKind, LabResult, LiverTest};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, aged, dated_lab, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "E10-liver",
    controls: Hazard::OrganHarm,
    says: "Block on severe liver disease, Child-Pugh C, or liver figures past the stop limit; warn on Child-Pugh B and when figures are raised.",
    no_answer: "Not asked, a chronic disease without its class, or a panel missing, too old, unreadable or without its figures: each blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[
        Limit::lower("max-age-days", 90.0, Unit::Days)
            .oldest(&[Subject::LiverPanel, Subject::ChildPugh], &[Gate::Eligibility]),
        Limit::lower("stop-times-upper", 3.0, Unit::Times),
        Limit::lower("stop-times-upper-alp-ggt", 2.0, Unit::Times),
        ages::HISTORY_AT_DECISION,
    ],
    source: "Clinical reference 1.1, 1.2, 7.2 and E10; verified: Esketamine intranasal, Medscape; OKTOP eligibility, \
             MedPath. Times the upper normal, and days a panel counts: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check: at_decision,
};

/// The rule before an order and a dose.
pub const DOSE: Rule = Rule {
    id: "E10-liver-dose",
    says: "Before a dose: block on severe liver disease, Child-Pugh C, or a newest liver panel past the stop limit; warn on Child-Pugh B, and watch longer.",
    no_answer: "Not asked, a chronic disease without its class, or no panel with its figures less than 90 days old: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    limits: &[
        Limit::lower("max-age-days", 90.0, Unit::Days)
            .oldest(&[Subject::LiverPanel, Subject::ChildPugh], &[Gate::Order, Gate::Dose]),
        Limit::lower("stop-times-upper", 3.0, Unit::Times),
        Limit::lower("stop-times-upper-alp-ggt", 2.0, Unit::Times),
        ages::HISTORY_AT_DOSE,
    ],
    check: on_the_day,
    ..RULE
};

/// Severe liver disease by history, and the class of a chronic one.
fn disease(rule: &Rule, facts: &Facts) -> Vec<Finding> {
    let clears = clears::nothing_stops_treatment();
    let severe = absent(rule, facts, HistoryTopic::LiverDiseaseSevere, Severity::Block, clears);
    let mut findings: Vec<Finding> = severe.into_iter().collect();
    let topic = HistoryTopic::LiverDiseaseChronic;
    let chronic = facts.history.get(&topic).is_some_and(|fact| fact.answer == Answered::Yes);
    let wanted = || limit::child_pugh_below_c();
    match &facts.child_pugh {
        Some(rated) => {
            let class = || measured::child_pugh(rated.class, Value::age(rated.at, facts.now));
            findings.extend(match rated.class {
                ChildPugh::C => Some(rule.block(Cause::Met, class(), wanted(), clears::nothing_stops_treatment())),
                ChildPugh::B => {
                    let clears = clears::reason_and_longer_watch();
                    Some(rule.finding(Severity::Warn, Cause::Met, class(), wanted(), clears))
                }
                ChildPugh::A => None,
            });
            // A class counts for its time only; one that stops treatment is not outlived.
            if chronic && rated.class != ChildPugh::C {
                findings.extend(aged(rule, facts, Subject::ChildPugh, rated.at, clears::rate_child_pugh()));
            }
        }
        None if chronic => findings.push(missing(rule, Subject::ChildPugh, wanted(), clears::rate_child_pugh())),
        None => {}
    }
    if !chronic {
        findings.extend(absent(rule, facts, topic, Severity::Block, clears::rate_child_pugh()));
    }
    findings
}

fn at_decision(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = disease(rule, facts);
    let newest = facts.newest_lab(LabKind::LiverPanel);
    match dated_lab(rule, facts, Subject::LiverPanel, newest, limit!(rule, facts, "max-age-days")) {
        Err(finding) => findings.push(finding),
        Ok(lab) => findings.extend(read(rule, facts, lab, Some(Severity::Warn))),
    }
    verdict(findings, clear::liver_normal())
}

fn on_the_day(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = disease(rule, facts);
    let what = Subject::LiverPanel;
    match facts.newest_lab(LabKind::LiverPanel) {
        None => findings.push(missing(rule, what, limit::liver_on_record(), clears::a_liver_panel())),
        Some(lab) => {
            let held = read(rule, facts, lab, None);
            let old = aged(rule, facts, what, lab.at, clears::new_one(what)).filter(|_| held.is_empty());
            findings.extend(held.into_iter().chain(old));
        }
    }
    verdict(findings, clear::liver_below_stop())
}

/// What a panel says: by how it was read, and by its figures. The graver of the two counts.
fn read(rule: &Rule, facts: &Facts, lab: &LabFact, raised: Option<Severity>) -> Vec<Finding> {
    let age = || Value::age(lab.at, facts.now);
    let below = limit::liver_below_stop;
    if lab.result == LabResult::Unreadable {
        let unread = measured::unreadable(Subject::LiverPanel);
        return vec![rule.block(Cause::Unknown, unread, below(), clears::new_one(Subject::LiverPanel))];
    }
    if let Some(test) = LiverTest::NEEDED.into_iter().find(|test| lab.figures.iter().all(|f| f.test != *test)) {
        let none = measured::figure_missing(test, age());
        let missing = rule.block(Cause::Missing, none, limit::liver_figures(), clears::enter_liver_figures());
        // A panel past the stop limit stops, whichever of its figures are there.
        let past = rule.block(Cause::Met, measured::liver_past_stop(age()), below(), clears::later_panel());
        return (lab.result == LabResult::Abnormal).then_some(past).into_iter().chain([missing]).collect();
    }
    let (stop, stop_bile) = (limit!(rule, facts, "stop-times-upper"), limit!(rule, facts, "stop-times-upper-alp-ggt"));
    let mut findings = Vec::new();
    let mut high = false;
    for figure in &lab.figures {
        let most = match figure.test {
            LiverTest::Alt | LiverTest::Ast | LiverTest::Bilirubin => stop,
            LiverTest::Alp | LiverTest::Ggt => stop_bile,
        };
        let times = figure.times_upper();
        high |= times > 1.0;
        // A figure that is no number is never below a limit.
        if times.is_nan() || times > most.value {
            let rounded = (times.min(9_999.0) * 10.0).round() / 10.0;
            let above = measured::figure_above(figure.test, Value::number(rounded, Unit::Times), age());
            findings.push(rule.block(Cause::Met, above, limit::times_upper(most), clears::later_panel()));
        }
    }
    if lab.result == LabResult::Abnormal && findings.is_empty() {
        findings.push(rule.block(Cause::Met, measured::liver_past_stop(age()), below(), clears::later_panel()));
    }
    let raised = raised.filter(|_| findings.is_empty() && (high || lab.result == LabResult::Raised));
    findings.extend(raised.map(|severity| {
        let clears = clears::reason_or_normal_panel();
        rule.finding(severity, Cause::Met, measured::liver_raised(age()), limit::within_normal(), clears)
    }));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn holds_the_decision_by_disease_and_panel() {
        check_everywhere(
            &RULE,
            "
            liver-disease-severe   liver-panel         finding
            no                     normal 89 d 23 h    -
            no                     normal 90 d         block: too old
            no                     normal in 1 d       block: impossible
            no                     raised 5 d          warn
            no                     abnormal 5 d        block
            no                     unreadable 5 d      block: unknown
            no                     none                block: missing
            yes                    normal 5 d          block
            unknown                normal 5 d          block: unknown
            none                   none                block: missing + block: missing
        ",
        );
    }

    #[test]
    fn a_result_learnt_since_the_decision_stops_the_next_dose() {
        check_everywhere(
            &DOSE,
            "
            liver-disease-severe   liver-panel       finding
            no                     normal 89 d       -
            no                     normal 90 d       block: too old
            no                     abnormal 90 d     block
            no                     raised 5 d        -
            no                     abnormal 5 d      block
            no                     unreadable 5 d    block: unknown
            no                     none              block: missing
            candidate              normal 5 d        block
        ",
        );
    }

    #[test]
    fn figures_count_by_the_laboratorys_own_upper_limit() {
        for (rule, raised) in [(&RULE, "warn"), (&DOSE, "-")] {
            check_everywhere(
                rule,
                &format!(
                    "
                    liver-panel    liver figures                                  finding
                    normal 5 d     alt 45/45, ast 40/40, bilirubin 1.2/1.2         -
                    normal 5 d     alt 46/45, ast 40/40, bilirubin 1.2/1.2         {raised}
                    normal 5 d     alt 135/45, ast 40/40, bilirubin 1.2/1.2        {raised}
                    normal 5 d     alt 136/45, ast 40/40, bilirubin 1.2/1.2        block
                    normal 5 d     alt 20/45, ast 121/40, bilirubin 3.7/1.2        block + block
                    normal 5 d     alt 20/45, ast 20/40, bilirubin 1/1.2, ggt 120/60   {raised}
                    normal 5 d     alt 20/45, ast 20/40, bilirubin 1/1.2, ggt 121/60   block
                    normal 5 d     alt 20/45, ast 20/40, bilirubin 1/1.2, alp 300/120  block
                    abnormal 5 d   alt 20/45, ast 20/40, bilirubin 1/1.2           block
                    normal 5 d     alt 20/45, ast 20/40                            block: missing
                    raised 5 d     none                                            block: missing
                    abnormal 5 d   none                                            block + block: missing
                "
                ),
            );
        }
    }

    #[test]
    fn a_chronic_disease_has_a_class_and_the_class_counts_whatever_was_told() {
        for rule in [&RULE, &DOSE] {
            check_everywhere(
                rule,
                "
                liver-disease-chronic   child-pugh    finding
                no                      none          -
                yes                     a 5 d         -
                yes                     b 5 d         warn
                yes                     c 5 d         block
                yes                     none          block: missing
                candidate               none          block: missing
                yes                     a 89 d        -
                yes                     a 90 d        block: too old
                no                      b 5 d         warn
                no                      c 400 d       block
                unknown                 none          block: unknown
                none                    none          block: missing
            ",
            );
        }
    }
}
