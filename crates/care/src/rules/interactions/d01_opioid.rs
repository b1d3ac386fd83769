//! An opioid adds to sedation and slows breathing.
//!
//! Rule       An opioid taken now or stopped less than 7 days ago, buprenorphine and methadone among them: block at
//!            home, warn in the clinic.
//!            It is asked again on the day, at most 2 hours before the dose (unsigned).
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  Medicines that nobody has gone through block.
//! Source     Clinical reference 2.2 and D01: ketamine interactions, RxReasoner; report on the Perry autopsy; verified.
//!            7 days is a proposed default.
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
    id: "D01-opioid",
    controls: Hazard::Respiratory,
    says: "An opioid in the last 7 days: home blocks, clinic warns.",
    no_answer: "Medicines not gone through block.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::higher("within-days", 7.0, Unit::Days)],
    source: "Clinical reference 2.2 and D01; verified: Ketamine interactions and precautions, RxReasoner \
             (https://www.rxreasoner.com/substances/ketamine/precautions). 7 days: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

/// The rule on the day: what the list of medicines may not know.
pub const TODAY: Rule = Rule {
    id: "D01-opioid-today",
    says: "An opioid in the last 7 days, asked on the day: home blocks, clinic warns.",
    no_answer: "Not asked today, asked 2 hours ago or longer, or not known when, blocks.",
    gates: &[Gate::Dose],
    limits: &[Limit::higher("within-hours", 168.0, Unit::Hours), ages::day_answer(&[Subject::Opioid])],
    check: today,
    ..RULE
};

fn today(rule: &Rule, facts: &Facts) -> Verdict {
    let hours = limit!(rule, facts, TODAY, "within-hours");
    asked_today(rule, facts, Subject::Opioid, facts.day.opioid, hours, clear::no_opioid())
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let days = limit!(rule, facts, "within-days");
    let (severity, clears) =
        home_blocks(facts, clears::reason_and_breathing_watched(), clears::clinic_and_no_medicine_stopped());
    let findings = list
        .active(MedicineClass::Opioid, days.value * 24.0)
        .map(|m| rule.finding(severity, Cause::Met, m.taken(), limit::no_opioid_within(days), clears.clone()));
    list.verdict(findings, clear::no_opioid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::check_rule;

    #[test]
    fn an_opioid_warns_in_the_clinic_and_blocks_at_home() {
        for (setting, met) in [(Setting::Clinic, "warn"), (Setting::Home, "block")] {
            let table = format!(
                "
                medicines                            finding
                empty                                -
                opioid                               {met}
                opioid stopped 6 d 23 h 59 min       {met}
                opioid stopped 7 d                   -
                opioid stopped in 1 d                {met}
                opioid + opioid stopped 1 d          {met} + {met}
                other                                -
                none                                 block: missing
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
                opioid today       answered today   finding
                no                 1 h 59 min       -
                no                 2 h              block: too old
                6 d 23 h           5 min            {met}
                7 d                5 min            -
                unknown            5 min            block: unknown
                none               .                block: missing
            "
            );
            check_rule(&TODAY, setting, &table);
        }
    }
}
