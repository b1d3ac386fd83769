//! Sleep apnoea or serious lung disease: only where breathing can be supported.
//!
//! Rule       Sleep apnoea or serious lung disease: block at home, warn in the clinic. Sleep apnoea with a body mass index
//!            of 35 or more, or one that is not known: only where somebody can be resuscitated, so a prescriber signs. At
//!            home any apnoea counts, which is stricter than the reference. STOP-BANG is not asked for yet.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.2 and E12: Spravato concise prescribing information, Malaysia, verified; draft standard
//!            for parenteral ketamine (KATA), seen only in a copy.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Facts, HistoryTopic, Setting};
use crate::finding::{Severity, Verdict};
use crate::quantity::body_mass_index;
use crate::rules::ages;
use crate::rules::answers::{absent, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E12-airway-lung",
    controls: Hazard::Respiratory,
    says: "Sleep apnoea or serious lung disease: home blocks, clinic warns; sleep apnoea with a body mass index of 35 or more, or not known, needs a prescriber's signature in the clinic.",
    no_answer: "Never asked, not known or declined blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("body-mass-with-apnoea", 35.0, Unit::KgPerM2),
        ages::HISTORY_AT_DECISION,
        ages::HISTORY_AT_DOSE,
    ],
    source: "Clinical reference 1.2 and E12; verified: Spravato concise prescribing information, MIMS Malaysia. Any \
             apnoea counts at home: proposed default, stricter. A signature for body mass 35: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

/// Body mass index at the limit or above it, or not known: what cannot be worked out is never the lighter case.
fn heavy(rule: &Rule, facts: &Facts) -> bool {
    let from = limit!(rule, facts, "body-mass-with-apnoea");
    let (Some((_, kg)), Some((_, cm))) = (facts.weight_kg, facts.height_cm) else { return true };
    let mass = body_mass_index(kg, cm);
    !mass.is_finite() || mass >= from.value
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let judged = |topic| match (facts.setting, topic) {
        (Setting::Home, _) => (Severity::Block, clears::clinic_with_breathing_support()),
        (Setting::Clinic, HistoryTopic::SleepApnoea) if heavy(rule, facts) => {
            (Severity::Escalate, clears::signs_with_resuscitation())
        }
        (Setting::Clinic, _) => (Severity::Warn, clears::reason_and_airway_support()),
    };
    let topics = [HistoryTopic::SleepApnoea, HistoryTopic::LungDisease];
    let findings = topics.into_iter().filter_map(|topic| {
        let (met, clears) = judged(topic);
        absent(rule, facts, topic, met, clears)
    });
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
    fn apnoea_in_a_heavy_body_needs_a_signature_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            sleep-apnoea   weight   height   finding
            yes            101.1    170      warn
            yes            101.2    170      escalate
            yes            70       none     escalate
            yes            none     170      escalate
            no             140      170      -
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
