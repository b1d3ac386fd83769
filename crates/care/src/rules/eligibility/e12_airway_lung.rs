//! Sleep apnoea or serious lung disease: only where breathing can be supported.
//!
//! Rule       Sleep apnoea or serious lung disease: block at home, warn in the clinic. The reference limits apnoea to a
//!            body mass index of 35 or more, or STOP-BANG at 5 or more; height is not recorded here, so any apnoea counts,
//!            which is stricter.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.2 and E12: Spravato concise prescribing information, Malaysia, verified; draft standard
//!            for parenteral ketamine (KATA), seen only in a copy.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic, Setting};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E12-airway-lung",
    controls: Hazard::Respiratory,
    says: "Sleep apnoea or serious lung disease: home blocks, clinic warns.",
    no_answer: "Never asked, not known or declined blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: ages::HISTORY,
    source: "Clinical reference 1.2 and E12; verified: Spravato concise prescribing information, MIMS Malaysia. Any \
             apnoea counts, since height is not recorded: proposed default, stricter.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let (met, clears) = match facts.setting {
        Setting::Clinic => (Severity::Warn, clears::reason_and_airway_support()),
        Setting::Home => (Severity::Block, clears::clinic_with_breathing_support()),
    };
    let topics = [HistoryTopic::SleepApnoea, HistoryTopic::LungDisease];
    let findings = topics.into_iter().filter_map(|topic| absent(rule, facts, topic, met, clears.clone()));
    verdict(findings, clear::neither_present())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn warns_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            sleep-apnoea   lung-disease   finding
            no             no             -
            yes            no             warn
            no             yes            warn
            yes            yes            warn + warn
            unknown        no             block: unknown
            no             none           block: missing
        ",
        );
    }

    #[test]
    fn blocks_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            sleep-apnoea   lung-disease   finding
            no             no             -
            yes            no             block
            no             candidate      block
            declined       none           block: unknown + block: missing
        ",
        );
    }
}
