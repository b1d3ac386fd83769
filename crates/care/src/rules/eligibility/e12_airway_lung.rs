//! Sleep apnoea or serious lung disease: only where breathing can be supported.
//!
//! Rule       Sleep apnoea or serious lung disease: block at home, warn in the clinic. Sleep apnoea with a body mass index
//!            of 35 or more, or one that is not known: only where somebody can be resuscitated, so a prescriber signs. At
//!            home any apnoea counts, which is stricter than the reference. STOP-BANG at 5 or more: block at home, warn in
//!            the clinic. Its text may not be carried, so that its total is entered from the service's own form.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  Never asked, not known or declined blocks; an imported entry counts as present until confirmed or refuted.
//!            STOP-BANG missing, without a total, impossible, or 183 days old or older (unsigned) blocks.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.2 and E12: Spravato concise prescribing information, Malaysia, verified; draft standard
//!            for parenteral ketamine (KATA), seen only in a copy. STOP-BANG at 5: general knowledge, unverified.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, HistoryTopic, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::body_mass_index;
use crate::rules::ages;
use crate::rules::answers::{absent, aged, home_blocks, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E12-airway-lung",
    controls: Hazard::Respiratory,
    says: "Sleep apnoea or serious lung disease: home blocks, clinic warns; sleep apnoea with a body mass index of 35 or more, or not known, needs a prescriber's signature in the clinic. STOP-BANG at 5 or more: home blocks, clinic warns.",
    no_answer: "Never asked, not known or declined blocks, and so does a STOP-BANG that is missing, without a total or too old; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("body-mass-with-apnoea", 35.0, Unit::KgPerM2),
        Limit::lower("stop-bang", 5.0, Unit::Points),
        Limit::lower("stop-bang-days", 183.0, Unit::Days)
            .oldest(&[Subject::StopBang], &[Gate::Eligibility, Gate::Order, Gate::Dose]),
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
    let findings = findings.chain(stop_bang(rule, facts));
    verdict(findings, clear::neither_present())
}

fn stop_bang(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let what = Subject::StopBang;
    let from = limit!(rule, facts, "stop-bang");
    let wanted = limit::score_below(what, from);
    let Some(measure) = facts.measures.get("stop-bang") else {
        return Some(missing(rule, what, wanted, clears::enter_total(what)));
    };
    let Some(total) = measure.scores.get("total").copied().flatten() else {
        return Some(rule.block(Cause::Unknown, measured::unscored(what), wanted, clears::enter_total(what)));
    };
    let points = measured::score(what, Value::number(total, Unit::Points));
    if !(0.0..=8.0).contains(&total) {
        return Some(rule.block(Cause::Impossible, points, wanted, clears::enter_total(what)));
    }
    let (met, clears) =
        home_blocks(facts, clears::reason_and_airway_support(), clears::clinic_with_breathing_support());
    let high = (total >= from.value).then(|| rule.finding(met, Cause::Met, points, wanted, clears));
    high.or_else(|| aged(rule, facts, what, measure.at, clears::enter_total(what)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

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
    fn a_high_stop_bang_is_for_the_clinic() {
        let rows = |high: &str| {
            format!(
                "
                score stop-bang.total   finding
                4                       -
                5                       {high}
                8                       {high}
                9                       block: impossible
                unknown                 block: unknown
                none                    block: missing
            "
            )
        };
        check_rule(&RULE, Setting::Clinic, &rows("warn"));
        check_rule(&RULE, Setting::Home, &rows("block"));
        check_everywhere(&RULE, "measure stop-bang  finding\n182 d  -\n183 d  block: too old");
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
