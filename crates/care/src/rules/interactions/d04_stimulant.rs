//! A stimulant raises pressure and pulse further.
//!
//! Rule       A stimulant on the list of medicines: warn, since it is held on the day of a dose. One taken less than 12 hours
//!            ago: warn in the clinic, block at home.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  Medicines that nobody has gone through block. Not asked today, asked 2 hours ago or longer, or taken and not known when, blocks.
//! Source     Clinical reference 2.2 and D04: NCT06036511; Innerwell safety page; verified as a precaution. 12 hours is
//!            a proposed default.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit};
use crate::facts::{Facts, MedicineClass};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{asked_today, medicines};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D04-stimulant",
    controls: Hazard::PressureSurge,
    says: "A stimulant less than 12 hours ago: clinic warns, home blocks.",
    no_answer: "Not asked today, asked 2 hours ago or longer, or not known when, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::higher("within-hours", 12.0, Unit::Hours), ages::day_answer(&[Subject::Stimulant])],
    source: "Clinical reference 2.2 and D04; verified: NCT06036511 KAP for PTSD record; Innerwell safety page (practice). \
             12 hours: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

/// The rule before an order: what is on the list.
pub const LISTED: Rule = Rule {
    id: "D04-stimulant-listed",
    says: "A stimulant on the list of medicines warns: it is held on the day of a dose.",
    no_answer: "Medicines not gone through block.",
    gates: &[Gate::Order],
    limits: &[],
    source: "Clinical reference 2.2; verified: NCT06036511 KAP for PTSD record; Innerwell safety page (practice).",
    check: listed,
    ..RULE
};

fn listed(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let findings = list.active(MedicineClass::Stimulant, 0.0).map(|m| {
        let limit = limit::no_stimulant_on_day();
        rule.finding(Severity::Warn, Cause::Met, m.taken(), limit, clears::reason_and_held_on_day())
    });
    list.verdict(findings, clear::no_stimulant())
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let hours = limit!(rule, facts, "within-hours");
    asked_today(rule, facts, Subject::Stimulant, facts.day.stimulant, hours, clear::no_stimulant())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn one_on_the_list_warns_before_an_order() {
        check_everywhere(
            &LISTED,
            "
            medicines                 imported     finding
            empty                     empty        -
            stimulant                 empty        warn
            stimulant stopped 1 d     empty        -
            none                      stimulant    block: missing + warn
            none                      empty        block: missing
        ",
        );
    }

    #[test]
    fn warns_in_the_clinic_and_blocks_at_home() {
        for (setting, met) in [(Setting::Clinic, "warn"), (Setting::Home, "block")] {
            let table = format!(
                "
                stimulant today   finding
                no                -
                11 h 59 min       {met}
                12 h              -
                13 h              -
                unknown           block: unknown
                in 1 h            block: impossible
                none              block: missing
            "
            );
            check_rule(&RULE, setting, &table);
        }
    }
}
