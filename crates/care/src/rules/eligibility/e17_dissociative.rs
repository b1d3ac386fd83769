//! A primary dissociative disorder, or a severe dissociative subtype, needs a prescriber's signature.
//!
//! Rule       Primary dissociative disorder, or a severe dissociative subtype of PTSD, by a clinician's diagnosis: escalate.
//!            The two are asked apart, since the subtype is common and the disorder is not.
//! Hazard     HZ-12, psychosis or mania provoked; here, dissociation that does not end with the session.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.2 and E17: KAP exclusions, Carolinas Center (shows practice, not evidence).
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E17-dissociative",
    controls: Hazard::Psychosis,
    says: "A primary dissociative disorder, or a severe dissociative subtype, needs a prescriber's signature.",
    no_answer: "Never asked, not known or declined blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.2 and E17; practice: Carolinas Center KAP exclusions \
             (https://www.carolinascenter.com/kap-exclusions).",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let topics = [HistoryTopic::DissociativeDisorder, HistoryTopic::DissociativeSubtypeSevere];
    let asked = |topic| absent(rule, facts, topic, Severity::Escalate, clears::signs_with_grounding_plan());
    verdict(topics.into_iter().filter_map(asked), clear::no_dissociative_disorder())
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
            dissociative-disorder   finding
            no                      -
            yes                     escalate
            candidate               escalate
            unknown                 block: unknown
            declined                block: unknown
            none                    block: missing
        ",
        );
        check_everywhere(
            &RULE,
            "
            dissociative-disorder   dissociative-subtype-severe   finding
            no                      yes                           escalate
            yes                     yes                           escalate + escalate
            no                      unknown                       block: unknown
            no                      none                          block: missing
        ",
        );
    }
}
