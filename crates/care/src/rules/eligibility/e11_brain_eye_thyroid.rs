//! Pressure in the head, an overactive thyroid or pressure in the eye make a surge dangerous.
//!
//! Rule       Raised pressure or a mass in the head, or an untreated overactive thyroid: block. Raised eye pressure or
//!            glaucoma: escalate to a prescriber's signature.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1, 1.2 and E11: Ketalar summary, PDR; Spravato concise prescribing information,
//!            Malaysia; verified.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E11-brain-eye-thyroid",
    controls: Hazard::PressureSurge,
    says: "Block on raised pressure or a mass in the head, or an untreated overactive thyroid; glaucoma needs a prescriber's signature.",
    no_answer: "Never asked, not known, declined, or imported and unconfirmed: each counts as present or blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.1, 1.2 and E11; verified: Ketalar summary, PDR (contraindications); Spravato concise \
             prescribing information, MIMS Malaysia.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let topics = [
        (HistoryTopic::RaisedIntracranialPressure, Severity::Block, clears::resolved_and_specialist()),
        (HistoryTopic::Thyrotoxicosis, Severity::Block, clears::thyroid_treated()),
        (HistoryTopic::Glaucoma, Severity::Escalate, clears::signs_with_eye_clinic()),
    ];
    let findings = topics.into_iter().filter_map(|(topic, met, clears)| absent(rule, facts, topic, met, clears));
    verdict(findings, clear::none_of_three())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn blocks_for_head_and_thyroid_and_asks_for_a_signature_for_the_eye() {
        check_everywhere(
            &RULE,
            "
            raised-intracranial-pressure   thyrotoxicosis   glaucoma    finding
            no                             no               no          -
            yes                            no               no          block
            no                             yes              no          block
            no                             no               yes         escalate
            yes                            no               yes         block + escalate
            no                             no               candidate   escalate
            no                             unknown          no          block: unknown
            no                             no               declined    block: unknown
            none                           no               no          block: missing
        ",
        );
    }
}
