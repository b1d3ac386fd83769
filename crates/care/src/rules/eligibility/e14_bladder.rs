//! An ailing bladder is looked at before more ketamine reaches it.
//!
//! Rule       Active bladder pain or cystitis, blood in the urine or a urinalysis outside limits, or a bladder check that says to refer: block until
//!            reviewed. A BPIC-SS total of 19 or more, or 5 above the one before the first dose, blocks too, where the
//!            service enters one.
//! Hazard     HZ-13, slow harm to bladder or liver is missed.
//! No answer  Bladder disease never asked, not known or declined; no bladder check; or its question on blood or its
//!            referral rule unanswered: each blocks. The age of the check is E15's.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.2, 7.2 and E14: KAP exclusions, Carolinas Center (practice); BPIC-SS development paper
//!            (the score exists; 19 is unverified; a rise of 5 is a proposed default). The project's own bladder check stands in for a licensed scale.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, HistoryTopic, LabKind, LabResult};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E14-bladder",
    controls: Hazard::OrganHarm,
    says: "Block on active bladder disease, blood in the urine, a urinalysis outside limits, or a bladder check that asks for a referral, until reviewed.",
    no_answer: "Not asked, no bladder check, or its safety questions unanswered: each blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("bpic-ss", 19.0, Unit::Points),
        Limit::lower("bpic-ss-rise", 5.0, Unit::Points),
        ages::HISTORY_AT_DECISION,
        ages::HISTORY_AT_DOSE,
    ],
    source: "Clinical reference 1.2, 7.2 and E14; practice: Carolinas Center KAP exclusions; BPIC-SS development paper \
             (https://doi.org/10.1016/j.eururo.2011.10.004); the value 19 is general knowledge, unverified; the rise of 5: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let clears = clears::bladder_no_longer_active();
    let mut findings: Vec<Finding> =
        absent(rule, facts, HistoryTopic::BladderDisease, Severity::Block, clears).into_iter().collect();
    match facts.measures.get("bladder-check") {
        None => {
            let what = Subject::BladderCheck;
            findings.push(missing(rule, what, limit::a_bladder_check(), clears::ask_bladder_check()));
        }
        Some(measure) => {
            for (flag, what) in [("blood", Subject::BloodInUrine), ("refer", Subject::BladderReferral)] {
                let limit = limit::flag_no(what);
                findings.extend(match measure.safety.get(flag).copied().flatten() {
                    Some(false) => None,
                    Some(true) => {
                        Some(rule.block(Cause::Met, measured::flag_yes(what), limit, clears::review_bladder()))
                    }
                    None => {
                        let clears = clears::ask_bladder_again();
                        Some(rule.block(Cause::Unknown, measured::flag_unanswered(what), limit, clears))
                    }
                });
            }
        }
    }
    findings.extend(urine(rule, facts));
    findings.extend(bpic(rule, facts));
    verdict(findings, clear::bladder_well())
}

/// A urinalysis outside limits, until a later one is within them. One that is missing or unreadable is E15's.
fn urine(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let lab = facts.newest_lab(LabKind::Urinalysis)?;
    let outside = matches!(lab.result, LabResult::Raised | LabResult::Abnormal);
    let measured = measured::urine_outside(Value::age(lab.at, facts.now));
    outside.then(|| rule.block(Cause::Met, measured, limit::within_normal(), clears::review_bladder()))
}

fn bpic(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let measure = facts.measures.get("bpic-ss")?;
    let cutoff = limit!(rule, facts, "bpic-ss");
    let what = Subject::BpicSs;
    let limit = limit::score_below(what, cutoff);
    match measure.scores.get("total").copied().flatten() {
        None => Some(rule.block(Cause::Unknown, measured::unscored(what), limit, clears::ask_measure_again(what))),
        Some(total) if total >= cutoff.value => {
            let score = measured::score(what, Value::number(total, Unit::Points));
            Some(rule.block(Cause::Met, score, limit, clears::review_bladder()))
        }
        Some(total) => {
            let rise = limit!(rule, facts, "bpic-ss-rise");
            let before = facts.bpic_before.filter(|before| total > *before && total - before >= rise.value)?;
            let points = |score| Value::number(score, Unit::Points);
            let rose = measured::score_rose_by(what, points(total), points(before));
            Some(rule.block(Cause::Met, rose, limit::rise_below(rise), clears::review_bladder()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn blocks_until_the_bladder_was_looked_at() {
        check_everywhere(
            &RULE,
            "
            bladder-disease   flag bladder-check.blood   flag bladder-check.refer   score bpic-ss.total   finding
            no                no                         no                         none                  -
            yes               no                         no                         none                  block
            no                yes                        no                         none                  block
            no                no                         yes                        none                  block
            no                yes                        yes                        none                  block + block
            no                unknown                    no                         none                  block: unknown
            no                no                         none                       none                  block: unknown
            no                no                         no                         18                    -
            no                no                         no                         19                    block
            no                no                         no                         unknown               block: unknown
            unknown           no                         no                         none                  block: unknown
            none              no                         no                         none                  block: missing
            candidate         no                         no                         none                  block
        ",
        );
    }

    #[test]
    fn a_urinalysis_outside_limits_blocks_until_a_later_one_is_normal() {
        check_everywhere(
            &RULE,
            "
            urinalysis        finding
            normal 5 d        -
            raised 5 d        block
            abnormal 5 d      block
            none              -
        ",
        );
    }

    #[test]
    fn a_bladder_score_that_rises_by_five_blocks_below_the_cut_off_too() {
        check_everywhere(
            &RULE,
            "
            bpic before   score bpic-ss.total   finding
            6             10                    -
            6             11                    block
            none          18                    -
            14            19                    block
            14            9                     -
        ",
        );
    }

    #[test]
    fn blocks_without_a_bladder_check() {
        check_everywhere(
            &RULE,
            "
            measure bladder-check   finding
            none                    block: missing
            200 d                   -
        ",
        );
    }
}
