//! Epilepsy or unexplained seizures need a prescriber's signature.
//!
//! Rule       Epilepsy or unexplained seizures: escalate to a prescriber.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.2 and E13: OKTOP trial exclusion, verified; the signature is a proposed default.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E13-seizures",
    controls: Hazard::UnsuitablePerson,
    says: "Epilepsy or unexplained seizures need a prescriber's signature.",
    no_answer: "Never asked, not known or declined blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.2 and E13; verified: OKTOP eligibility, MedPath (trial exclusion). Signature instead of \
             exclusion: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let finding = absent(rule, facts, HistoryTopic::Seizures, Severity::Escalate, clears::signs_knowing_seizures());
    verdict(finding, clear::no_seizures())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn asks_for_a_signature_and_blocks_on_doubt() {
        check_everywhere(
            &RULE,
            "
            seizures    finding
            no          -
            yes         escalate
            candidate   escalate
            unknown     block: unknown
            declined    block: unknown
            none        block: missing
        ",
        );
    }
}
