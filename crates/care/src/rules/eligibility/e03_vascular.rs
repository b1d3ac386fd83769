//! Weak vessels, a past brain bleed or an allergy to the drug stop treatment for good.
//!
//! Rule       Block on any aneurysm, arteriovenous malformation, bleeding in the brain ever, or allergy to ketamine or
//!            esketamine. Each is asked and reported by itself.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  A topic never asked, not known or declined blocks. An imported entry that nobody has looked at counts as
//!            present until staff confirm or refute it.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1 and E03: Spravato important safety information, verified twice.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E03-vascular",
    controls: Hazard::UnsuitablePerson,
    says: "Block on aneurysm, arteriovenous malformation, bleeding in the brain ever, or allergy to the drug.",
    no_answer: "Never asked, not known, declined, or imported and unconfirmed: each blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.1 and E03; verified: Spravato important safety information, 2021 print \
             (https://www.usmedicine.com/2021online-dir/inc/html/30.html).",
    signed: None,
    override_by: Override::Never,
    check,
};

const STOPS: [HistoryTopic; 4] = [
    HistoryTopic::Aneurysm,
    HistoryTopic::ArteriovenousMalformation,
    HistoryTopic::IntracerebralHaemorrhage,
    HistoryTopic::KetamineAllergy,
];

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let present = |topic| absent(rule, facts, topic, Severity::Block, clears::nothing_stops_treatment());
    verdict(STOPS.into_iter().filter_map(present), clear::none_of_four())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, set, well};

    #[test]
    fn blocks_on_each_condition_and_on_each_that_is_not_known() {
        check_everywhere(
            &RULE,
            "
            aneurysm    arteriovenous-malformation   intracerebral-haemorrhage   ketamine-allergy   finding
            no          no                           no                          no                 -
            yes         no                           no                          no                 block
            no          yes                          no                          no                 block
            no          no                           yes                         no                 block
            no          no                           no                          yes                block
            yes         no                           no                          yes                block + block
            unknown     no                           no                          no                 block: unknown
            no          declined                     no                          no                 block: unknown
            no          no                           none                        no                 block: missing
            no          no                           no                          candidate          block
        ",
        );
    }

    #[test]
    fn an_imported_entry_asks_staff_to_confirm_or_refute_it() {
        let mut facts = well(crate::facts::Setting::Clinic);
        set(&mut facts, "aneurysm", "candidate");
        let verdict = RULE.judge(&facts);
        let clears = verdict.findings().first().map(|f| f.clears.clone());
        assert_eq!(clears, Some(clears::confirm_import()));
    }
}
