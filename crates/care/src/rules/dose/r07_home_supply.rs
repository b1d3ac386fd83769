//! What is at home is counted before each dose there, and is never more than a few sessions' worth.
//!
//! Rule       At home: tablets or lozenges for at most 2 sessions in hand before the first review of the course, and for 4
//!            after it; more blocks. On the day they are counted, less than 24 hours before the dose and after the last
//!            one; too few for the dose block, and a count that differs from what was handed out and used needs a
//!            prescriber's signature.
//! Hazard     HZ-10, misuse or dependence: tablets saved up, lost or passed on.
//! No answer  On the day: nothing handed out on record, or no count of today, blocks. Before the order nothing need be in
//!            the home yet.
//! Source     Clinical reference 3.4 and R07: Journey Clinical, session frequency (practice); the numbers are proposed
//!            defaults, and the 24 hours are this project's.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::answers::{aged, found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R07-home-supply",
    controls: Hazard::Misuse,
    says: "At home: tablets for at most 2 sessions in hand, 4 after the first review; counted on the day, enough for the dose, and as many as there should be.",
    no_answer: "On the day, nothing handed out on record or no count since the last dose blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("sessions-before-review", 2.0, Unit::Times),
        Limit::lower("sessions-after-review", 4.0, Unit::Times),
        Limit::lower("count-hours", 24.0, Unit::Hours).oldest(&[Subject::SupplyCount], &[Gate::Dose]),
    ],
    source: "Clinical reference 3.4 and R07; practice: Journey Clinical, session frequency. Numbers: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::nothing_goes_home());
    }
    let on_the_day = facts.gate == Gate::Dose;
    let wanted = limit::supply_counted;
    let Some(supply) = &facts.supply else {
        if on_the_day {
            return found(missing(rule, Subject::HomeSupply, wanted(), clears::record_supply()));
        }
        return Verdict::Clear(clear::nothing_at_home());
    };
    let mut findings: Vec<Finding> = Vec::new();
    let each = facts.order.as_ref().map(|order| supply.units_for(order.dose_mg)).filter(|each| *each >= 1.0);
    let reviewed = facts.course.as_ref().is_some_and(|course| course.reviewed_at.is_some());
    let most = if reviewed {
        limit!(rule, facts, "sessions-after-review")
    } else {
        limit!(rule, facts, "sessions-before-review")
    };
    // What was counted is there, whatever should be.
    let counted = supply.counted.map_or(i64::MIN, |count| count.units + supply.expected - count.expected);
    let in_hand = supply.expected.max(counted) as f64;
    if let Some(each) = each.filter(|each| in_hand > each * most.value) {
        let units = measured::units_in_hand(Value::number(in_hand, Unit::Units), Value::number(each, Unit::Units));
        findings.push(rule.block(Cause::Met, units, limit::sessions_in_hand(most), clears::take_back_supply()));
    }
    if let Some(count) = supply.differed {
        let (there, should) = (count.units as f64, count.expected as f64);
        let differs = measured::count_differs(
            Value::number(there, Unit::Units),
            Value::number(should, Unit::Units),
            Value::age(count.at, facts.now),
        );
        findings.push(rule.finding(Severity::Escalate, Cause::Met, differs, wanted(), clears::explain_count()));
    }
    if on_the_day {
        findings.extend(today(rule, facts, each));
    }
    verdict(findings, clear::supply_counted(Value::number(in_hand, Unit::Units)))
}

/// The count of the day: there, fresh, after the last dose, and enough.
fn today(rule: &Rule, facts: &Facts, each: Option<f64>) -> Option<Finding> {
    let count = facts.supply.as_ref().and_then(|supply| supply.counted);
    let last_dose = facts.doses.iter().filter(|dose| dose.setting == Setting::Home).map(|dose| dose.at).max();
    let Some(count) = count.filter(|count| last_dose.is_none_or(|last| count.at > last)) else {
        return Some(missing(rule, Subject::SupplyCount, limit::supply_counted(), clears::count_supply()));
    };
    if let Some(old) = aged(rule, facts, Subject::SupplyCount, count.at, clears::count_supply()) {
        return Some(old);
    }
    let each = each.filter(|each| (count.units as f64) < *each)?;
    let units = Value::number(count.units as f64, Unit::Units);
    let few = measured::units_in_hand(units, Value::number(each, Unit::Units));
    Some(rule.block(Cause::Met, few, limit::enough_for_the_dose(), clears::record_supply()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn what_is_at_home_is_counted_and_is_never_much() {
        // A dose of 100 mg in tablets of 50 mg: two for each session.
        check_rule(
            &RULE,
            Setting::Home,
            "
            gate    supply          counted          course reviewed   finding
            dose    4 of 50         4 of 4@2 h       none              -
            dose    5 of 50         5 of 5@2 h       none              block
            dose    8 of 50         8 of 8@2 h       5 d               -
            dose    9 of 50         9 of 9@2 h       5 d               block
            dose    4 of 50         3 of 4@2 h       none              escalate
            dose    4 of 50         5 of 4@2 h       none              block + escalate
            dose    1 of 50         1 of 1@2 h       none              block
            dose    4 of 50         4 of 4@23 h      none              -
            dose    4 of 50         4 of 4@24 h      none              block: too old
            dose    4 of 50         4 of 4@in 1 h    none              block: impossible
            dose    4 of 50         none             none              block: missing
            dose    none            none             none              block: missing
            order   none            none             none              -
            order   4 of 50         none             none              -
            order   6 of 50         none             none              block
            order   4 of 50         2 of 4@9 d       none              escalate
        ",
        );
    }

    #[test]
    fn a_count_of_before_the_last_dose_at_home_is_none() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            gate    supply     counted        doses                           finding
            dose    4 of 50    4 of 4@2 h     sublingual 100 mg @1 h at home  block: missing
            dose    4 of 50    4 of 4@2 h     sublingual 100 mg @3 h at home  -
        ",
        );
    }

    #[test]
    fn in_the_clinic_nothing_goes_home() {
        check_rule(&RULE, Setting::Clinic, "supply  finding\nnone  n/a\n4 of 50  n/a");
    }
}
