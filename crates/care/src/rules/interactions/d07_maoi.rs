//! A monoamine oxidase inhibitor may sharpen a pressure surge.
//!
//! Rule       One taken now or stopped less than 14 days ago: warn in the clinic, block at home.
//!            It is asked again on the day, at most 2 hours before the dose (unsigned).
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  Medicines that nobody has gone through block.
//! Source     Clinical reference 2.2 and D07: Veraart 2021; Spravato medication guide; verified. The block at home and
//!            the 14 days are proposed defaults.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit};
use crate::facts::{Facts, MedicineClass};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{asked_today, home_blocks, medicines};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D07-maoi",
    controls: Hazard::PressureSurge,
    says: "A monoamine oxidase inhibitor in the last 14 days: clinic warns, home blocks.",
    no_answer: "Medicines not gone through block.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::higher("within-days", 14.0, Unit::Days)],
    source: "Clinical reference 2.2 and D07; verified: Veraart 2021 (https://doi.org/10.1093/ijnp/pyab039); Spravato \
             medication guide, 2024 print. Home and 14 days: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

/// The rule on the day: what the list of medicines may not know.
pub const TODAY: Rule = Rule {
    id: "D07-maoi-today",
    says: "A monoamine oxidase inhibitor in the last 14 days, asked on the day: home blocks, clinic warns.",
    no_answer: "Not asked today, asked 2 hours ago or longer, or not known when, blocks.",
    gates: &[Gate::Dose],
    limits: &[Limit::higher("within-hours", 336.0, Unit::Hours), ages::day_answer(&[Subject::Maoi])],
    check: today,
    ..RULE
};

fn today(rule: &Rule, facts: &Facts) -> Verdict {
    let hours = limit!(rule, facts, TODAY, "within-hours");
    asked_today(rule, facts, Subject::Maoi, facts.day.maoi, hours, clear::no_maoi())
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let days = limit!(rule, facts, "within-days");
    let (severity, clears) =
        home_blocks(facts, clears::reason_and_extra_readings(), clears::clinic_and_no_medicine_stopped());
    let findings = list
        .active(MedicineClass::Maoi, days.value * 24.0)
        .map(|m| rule.finding(severity, Cause::Met, m.taken(), limit::no_maoi_within(days), clears.clone()));
    list.verdict(findings, clear::no_maoi())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::check_rule;

    #[test]
    fn warns_in_the_clinic_and_blocks_at_home() {
        for (setting, met) in [(Setting::Clinic, "warn"), (Setting::Home, "block")] {
            let table = format!(
                "
                medicines                    finding
                empty                        -
                maoi                         {met}
                maoi stopped 13 d 23 h       {met}
                maoi stopped 14 d            -
                none                         block: missing
            "
            );
            check_rule(&RULE, setting, &table);
        }
    }

    #[test]
    fn what_the_list_may_not_know_is_asked_on_the_day() {
        for (setting, met) in [(Setting::Clinic, "warn"), (Setting::Home, "block")] {
            let table = format!(
                "
                maoi today       answered today   finding
                no                 1 h 59 min       -
                no                 2 h              block: too old
                13 d 23 h           5 min            {met}
                14 d                5 min            -
                unknown            5 min            block: unknown
                none               .                block: missing
            "
            );
            check_rule(&TODAY, setting, &table);
        }
    }
}
