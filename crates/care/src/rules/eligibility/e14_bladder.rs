//! An ailing bladder is looked at before more ketamine reaches it.
//!
//! Rule       Active bladder pain or cystitis, blood in the urine, or a bladder check that says to refer: block until
//!            reviewed. A BPIC-SS total of 19 or more, where the service enters one, blocks too.
//! Hazard     HZ-13, slow harm to bladder or liver is missed.
//! No answer  Bladder disease never asked, not known or declined; no bladder check; or its question on blood or its
//!            referral rule unanswered: each blocks. The age of the check is E15's.
//! Source     Clinical reference 1.2, 7.2 and E14: KAP exclusions, Carolinas Center (practice); BPIC-SS development paper
//!            (the score exists; 19 is unverified). The project's own bladder check stands in for a licensed scale.
//! Signed     nobody yet

use crate::facts::{Facts, HistoryTopic};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::answers::{absent, missing, number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E14-bladder",
    controls: Hazard::OrganHarm,
    says: "Block on active bladder disease, blood in the urine, or a bladder check that asks for a referral, until reviewed.",
    no_answer: "Not asked, no bladder check, or its safety questions unanswered: each blocks.",
    gates: &[Gate::Eligibility, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("bpic-ss", 19.0, "points")],
    source: "Clinical reference 1.2, 7.2 and E14; practice: Carolinas Center KAP exclusions; BPIC-SS development paper \
             (https://doi.org/10.1016/j.eururo.2011.10.004); the value 19 is general knowledge, unverified.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let review = "a clinician reviews the bladder, then a new bladder check";
    let mut findings: Vec<Finding> = absent(
        rule,
        facts,
        HistoryTopic::BladderDisease,
        Severity::Block,
        "reviewed, and recorded as no longer active",
    )
    .into_iter()
    .collect();
    match facts.measures.get("bladder-check") {
        None => findings.push(missing(rule, "bladder check", "a bladder check", "ask the bladder check")),
        Some(measure) => {
            for (flag, words) in
                [("blood", "blood in the urine"), ("refer", "bladder symptoms that call for a referral")]
            {
                let limit = format!("{words}: no");
                match measure.safety.get(flag).copied().flatten() {
                    Some(false) => {}
                    Some(true) => {
                        findings.push(rule.finding(Severity::Block, Cause::Met, format!("{words}: yes"), limit, review))
                    }
                    None => findings.push(rule.finding(
                        Severity::Block,
                        Cause::Unknown,
                        format!("{words}: not answered"),
                        limit,
                        "ask the bladder check again",
                    )),
                }
            }
        }
    }
    findings.extend(bpic(rule, facts, review));
    verdict(findings, "no active bladder disease; bladder check without a referral")
}

fn bpic(rule: &Rule, facts: &Facts, review: &str) -> Option<Finding> {
    let measure = facts.measures.get("bpic-ss")?;
    let cutoff = rule.limit(facts, "bpic-ss");
    let limit = format!("BPIC-SS below {}", number(cutoff));
    match measure.scores.get("total").copied().flatten() {
        None => Some(rule.finding(
            Severity::Block,
            Cause::Unknown,
            "BPIC-SS: too much unanswered to score",
            limit,
            "ask BPIC-SS again",
        )),
        Some(total) if total >= cutoff => {
            Some(rule.finding(Severity::Block, Cause::Met, format!("BPIC-SS {}", number(total)), limit, review))
        }
        Some(_) => None,
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
