//! Psychosis or mania now stops treatment; in the past it needs a prescriber, and rules out the home.
//!
//! Rule       Current psychosis, mania or hypomania: block. A psychotic disorder or manic episode ever: block at home,
//!            escalate to a prescriber's signature in the clinic.
//! Hazard     HZ-12, psychosis or mania provoked.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1, 1.2, 1.5 and E06: OKTOP and Hull 2022 exclusions, verified. Signature in the clinic
//!            is a proposed default.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic, Setting};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E06-psychosis-mania",
    controls: Hazard::Psychosis,
    says: "Block on psychosis or mania now; if ever, block at home and ask for a prescriber's signature in the clinic.",
    no_answer: "Never asked, not known, declined, or imported and unconfirmed: each counts as present or blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.1, 1.2, 1.5 and E06; verified: OKTOP eligibility, MedPath; Hull 2022 protocol and \
             eligibility record; NCT06795659. Clinic signature: proposed default.",
    signed: None,
    override_by: Override::PrescriberInClinic,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let ever = match facts.setting {
        Setting::Clinic => Severity::Escalate,
        Setting::Home => Severity::Block,
    };
    let topics = [
        (HistoryTopic::PsychosisCurrent, Severity::Block, clears::resolved_and_assessed()),
        (HistoryTopic::ManiaCurrent, Severity::Block, clears::resolved_and_assessed()),
        (HistoryTopic::PsychosisLifetime, ever, clears::signs_for_clinic()),
        (HistoryTopic::ManiaLifetime, ever, clears::signs_for_clinic()),
    ];
    let findings = topics.into_iter().filter_map(|(topic, met, clears)| absent(rule, facts, topic, met, clears));
    verdict(findings, clear::neither_now_nor_ever())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn asks_for_a_signature_for_the_past_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            psychosis-current   psychosis-lifetime   mania-current   mania-lifetime   finding
            no                  no                   no              no               -
            yes                 yes                  no              no               block + escalate
            no                  yes                  no              no               escalate
            no                  no                   yes             no               block
            no                  no                   no              yes              escalate
            no                  no                   no              candidate        escalate
            unknown             no                   no              no               block: unknown
            no                  declined             no              no               block: unknown
            none                none                 no              no               block: missing + block: missing
        ",
        );
    }

    #[test]
    fn blocks_for_the_past_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            psychosis-current   psychosis-lifetime   mania-lifetime   finding
            no                  yes                  no               block
            no                  no                   yes              block
            no                  no                   candidate        block
            no                  none                 no               block: missing
        ",
        );
    }
}
