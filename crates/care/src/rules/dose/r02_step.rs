//! A dose rises by one step at a time, and only over a session that was reviewed and not stopped.
//!
//! Rule       More than the last dose by the same route: only when that session was reviewed and not stopped for safety,
//!            and by at most one step. Step: vein 0.1 mg/kg, muscle 0.25 mg/kg, under the tongue 100 mg in the clinic and
//!            50 mg at home, by mouth 0.5 mg/kg (at home also 50 mg), nasal 28 mg. The first dose by a route stays
//!            between two starts: vein, muscle and mouth 0.25 to 0.5 mg/kg, under the tongue 50 to 100 mg, by mouth at
//!            home also 50 to 100 mg, nasal 28 to 56 mg. Below the lower it warns; above the higher it warns in the
//!            clinic and blocks at home. From 65 years, and at home below 55 kg, the lower start is the higher one too.
//! Hazard     HZ-06, wrong dose, unit, weight or interval.
//! No answer  No order, or a step by weight without a weight, blocks. A session not reviewed counts as not reviewed.
//! Source     Clinical reference 1.2, 3.2 and R02: proposed default; anchor OKTOP registry record. 28 mg nasal from 65
//!            years is a label's outside the United States; 50 mg from 65 years or below 55 kg is the clinic-day reference's
//!            proposal (1.2 G); the other lower starts are half of the start, a proposal of this project. The first dose of
//!            the same route elsewhere counts: a step is judged over settings, never anew.
//! Signed     nobody yet

use super::{ROUNDING, regimen, weight_kg};
use crate::code::Code;
use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{DoseFact, Facts, OrderFact, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::check_dose_mg;
use crate::rules::answers::{found, missing, no_order, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R02-dose-step",
    controls: Hazard::WrongDose,
    says: "A dose rises by at most one step over the last one by its route, and only after that session was reviewed and not stopped; a first dose keeps between its two starts, and to the lower one from 65 years.",
    no_answer: "No order, or no weight where the step is by weight, blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("iv-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("iv-low-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::higher("iv-least-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::lower("iv-step-mg-per-kg", 0.1, Unit::MgPerKg),
        Limit::lower("im-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("im-low-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::higher("im-least-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::lower("im-step-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::lower("clinic-sl-start-mg", 100.0, Unit::Mg),
        Limit::lower("clinic-sl-low-start-mg", 50.0, Unit::Mg),
        Limit::higher("clinic-sl-least-start-mg", 50.0, Unit::Mg),
        Limit::lower("clinic-sl-step-mg", 100.0, Unit::Mg),
        Limit::lower("home-sl-start-mg", 100.0, Unit::Mg),
        Limit::lower("home-sl-low-start-mg", 50.0, Unit::Mg),
        Limit::higher("home-sl-least-start-mg", 50.0, Unit::Mg),
        Limit::lower("home-sl-step-mg", 50.0, Unit::Mg),
        Limit::lower("clinic-oral-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("clinic-oral-low-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::higher("clinic-oral-least-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::lower("clinic-oral-step-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("home-oral-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("home-oral-low-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::higher("home-oral-least-start-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::lower("home-oral-step-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("home-oral-start-mg", 100.0, Unit::Mg),
        Limit::lower("home-oral-low-start-mg", 50.0, Unit::Mg),
        Limit::higher("home-oral-least-start-mg", 50.0, Unit::Mg),
        Limit::lower("home-oral-step-mg", 50.0, Unit::Mg),
        Limit::lower("nasal-start-mg", 56.0, Unit::Mg),
        Limit::lower("nasal-low-start-mg", 28.0, Unit::Mg),
        Limit::higher("nasal-least-start-mg", 28.0, Unit::Mg),
        Limit::lower("nasal-step-mg", 28.0, Unit::Mg),
        Limit::lower("low-start-from-years", 65.0, Unit::Years),
        Limit::higher("home-low-start-below-kg", 55.0, Unit::Kg),
    ],
    source: "Clinical reference 3.2 and R02; proposed default, anchor: OKTOP registry record ACTRN12618001965291; \
             esketamine label.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(order) = &facts.order else { return no_order(rule) };
    if let Err(error) = check_dose_mg(order.dose_mg) {
        return found(rule.block(Cause::Impossible, error.coded(), limit::possible_dose(), clears::correct_order()));
    }
    let Some(name) = regimen(order.route, facts.setting) else {
        return Verdict::NotApplicable(skip::route_not_offered());
    };
    let last = facts.doses.iter().filter(|dose| dose.route == order.route).max_by_key(|dose| dose.at);
    let mut findings = Vec::new();
    for unit in [Unit::MgPerKg, Unit::Mg] {
        match last {
            None => findings.extend(judge_start(rule, facts, order, (name, unit))),
            Some(last) => {
                let wanted = format!("{name}-step-{}", unit.code());
                let Some(limit) = rule.limits.iter().find(|limit| limit.name == wanted) else { continue };
                findings.extend(judge_step(rule, facts, order, last, limit));
            }
        }
    }
    if let Some(last) = last.filter(|last| order.dose_mg > last.dose_mg + ROUNDING) {
        findings.extend(unready(rule, order, last));
    }
    verdict(findings, clear::dose_by(Value::number(order.dose_mg, Unit::Mg), order.route))
}

/// The dose in the unit of a limit; absent without a weight that can be true.
fn in_unit(facts: &Facts, dose_mg: f64, unit: Unit) -> Option<f64> {
    if unit == Unit::MgPerKg { weight_kg(facts).map(|kg| dose_mg / kg) } else { Some(dose_mg) }
}

/// Whether somebody starts at the lower start: from 65 years, and at home below 55 kg.
fn starts_low(rule: &Rule, facts: &Facts) -> bool {
    let old = facts.age_years.is_some_and(|years| years as f64 >= limit!(rule, facts, "low-start-from-years").value);
    let light = limit!(rule, facts, "home-low-start-below-kg").value;
    old || (facts.setting == Setting::Home && weight_kg(facts).is_some_and(|kg| kg < light))
}

/// The most that a first dose may be by a route in the setting judged, where it has such a limit in a unit.
pub(super) fn start_at_most(rule: &Rule, facts: &Facts, (name, unit): (&str, Unit)) -> Option<InForce> {
    let kind = if starts_low(rule, facts) { "low-start" } else { "start" };
    let wanted = format!("{name}-{kind}-{}", unit.code());
    rule.limits.iter().find(|limit| limit.name == wanted).map(|limit| rule.limit(facts, limit))
}

fn judge_start(rule: &Rule, facts: &Facts, order: &OrderFact, (name, unit): (&str, Unit)) -> Option<Finding> {
    let most = start_at_most(rule, facts, (name, unit))?;
    let Some(new) = in_unit(facts, order.dose_mg, unit) else {
        return Some(missing(rule, Subject::UsableWeight, limit::weight_for_step(), clears::weigh()));
    };
    let dose = Value::number(new, unit);
    if new > most.value + ROUNDING {
        let low = starts_low(rule, facts);
        let measured = if low { measured::first_dose_low_start(dose) } else { measured::first_dose(dose) };
        let wanted = if low { limit::low_start_at(most) } else { limit::start_at(most) };
        return Some(match facts.setting {
            Setting::Home => rule.block(Cause::Met, measured, wanted, clears::lower_first_dose()),
            Setting::Clinic => {
                rule.finding(Severity::Warn, Cause::Met, measured, wanted, clears::reason_or_lower_first_dose())
            }
        });
    }
    let wanted = format!("{name}-least-start-{}", unit.code());
    let least = rule.limits.iter().find(|limit| limit.name == wanted).map(|limit| rule.limit(facts, limit))?;
    (new < least.value - ROUNDING).then(|| {
        let (low, from) = (measured::first_dose_low(dose), limit::start_from(least));
        rule.finding(Severity::Warn, Cause::Met, low, from, clears::reason_or_higher_first_dose())
    })
}

fn judge_step(
    rule: &Rule,
    facts: &Facts,
    order: &OrderFact,
    last: &DoseFact,
    limit: &'static Limit,
) -> Option<Finding> {
    let most = rule.limit(facts, limit);
    let before = match last.dose_mg_per_kg {
        Some(each) if limit.unit == Unit::MgPerKg => Some(each),
        _ => in_unit(facts, last.dose_mg, limit.unit),
    };
    let (Some(new), Some(old)) = (in_unit(facts, order.dose_mg, limit.unit), before) else {
        return Some(missing(rule, Subject::UsableWeight, limit::weight_for_step(), clears::weigh()));
    };
    (new > old + most.value + ROUNDING).then(|| {
        let risen = measured::dose_after(Value::number(new, limit.unit), Value::number(old, limit.unit));
        rule.block(Cause::Met, risen, limit::step_at_most(most), clears::order_within_step())
    })
}

fn unready(rule: &Rule, order: &OrderFact, last: &DoseFact) -> Option<Finding> {
    let block = |risen: fn(Value, Value) -> Coded, clears: Coded| {
        let doses = risen(Value::number(order.dose_mg, Unit::Mg), Value::number(last.dose_mg, Unit::Mg));
        rule.block(Cause::Met, doses, limit::rise_after_review(), clears)
    };
    if last.stopped {
        return Some(block(measured::rise_after_stop, clears::order_within_last()));
    }
    (!last.reviewed).then(|| block(measured::rise_unreviewed, clears::review_or_within_last()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn steps_by_weight_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route           weight   doses                                                       dose mg   finding
            intravenous     70       none                                                        35        -
            intravenous     70       none                                                        35.1      warn
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d                            42        -
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d                            42.1      block
            intravenous     70       intravenous 35 mg @3 d                                      42        -
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d unreviewed                 35        -
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d unreviewed                 36        block
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d stopped                    36        block
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d stopped                    28        -
            intravenous     70       intravenous 35 mg 0.5 mg/kg @3 d stopped                    70        block + block
            intravenous     70       intravenous 70 mg 1.0 mg/kg @9 d + intravenous 35 mg @3 d   70        block
            intravenous     70       sublingual 300 mg @3 d                                      42        warn
            intravenous     none     intravenous 35 mg 0.5 mg/kg @3 d                            35        block: missing
            intravenous     none     none                                                        35        block: missing
            intramuscular   70       none                                                        35        -
            intramuscular   70       none                                                        35.1      warn
            intramuscular   70       intramuscular 35 mg 0.5 mg/kg @3 d                          52.5      -
            intramuscular   70       intramuscular 35 mg 0.5 mg/kg @3 d                          52.6      block
            oral            70       oral 35 mg 0.5 mg/kg @8 d                                   70        -
            oral            70       oral 35 mg 0.5 mg/kg @8 d                                   70.1      block
            intravenous     70       none                                                        0         block: impossible
        ",
        );
        check_rule(&RULE, Setting::Clinic, "order   finding\nnone   block: missing");
    }

    #[test]
    fn steps_by_milligrams_in_both_settings() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              doses                         dose mg   finding
            sublingual         none                          100       -
            sublingual         none                          101       warn
            sublingual         sublingual 100 mg @3 d        200       -
            sublingual         sublingual 100 mg @3 d        201       block
            nasal-esketamine   none                          57        warn
            nasal-esketamine   nasal-esketamine 56 mg @3 d   84        -
            nasal-esketamine   nasal-esketamine 28 mg @3 d   57        block
        ",
        );
        check_rule(
            &RULE,
            Setting::Home,
            "
            route   weight   doses   dose mg   finding
            oral    240      none    100       -
            oral    240      none    101       block
            oral    200      none    49        warn + warn
        ",
        );
        check_rule(
            &RULE,
            Setting::Home,
            "
            route        doses                                 dose mg   finding
            sublingual   none                                  100       -
            sublingual   none                                  101       block
            sublingual   none                                  50        -
            sublingual   none                                  49        warn
            sublingual   sublingual 100 mg @8 d                150       -
            sublingual   sublingual 100 mg @8 d                151       block
            sublingual   sublingual 100 mg @8 d unreviewed     110       block
            sublingual   sublingual 100 mg @8 d unreviewed     100       -
            oral         oral 100 mg @8 d                      136       block
            oral         oral 100 mg @8 d                      135       -
            oral         oral 100 mg @8 d                      151       block + block
            intravenous  none                                  35        n/a
        ",
        );
    }

    #[test]
    fn a_first_dose_is_neither_above_its_start_nor_a_tenth_of_it() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              weight   age years   doses                    dose mg   finding
            intravenous        70       41          none                     17.5      -
            intravenous        70       41          none                     17.4      warn
            intravenous        70       41          none                     0.1       warn
            intravenous        70       41          intravenous 35 mg @9 d   0.1       -
            sublingual         70       41          none                     49        warn
            nasal-esketamine   70       41          none                     28        -
            nasal-esketamine   70       41          none                     27        warn
        ",
        );
    }

    #[test]
    fn from_65_years_and_light_at_home_the_start_is_the_lower_one() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              weight   age years   doses                    dose mg   finding
            intravenous        70       64          none                     35        -
            intravenous        70       65          none                     35        warn
            intravenous        70       65          none                     17.5      -
            intravenous        70       65          intravenous 35 mg @9 d   35        -
            nasal-esketamine   70       64          none                     56        -
            nasal-esketamine   70       65          none                     56        warn
            nasal-esketamine   70       65          none                     28        -
            sublingual         54       41          none                     100       -
        ",
        );
        check_rule(
            &RULE,
            Setting::Home,
            "
            route        weight   age years   doses   dose mg   finding
            sublingual   70       65          none    51        block
            sublingual   70       65          none    50        -
            sublingual   54.9     41          none    51        block
            sublingual   55       41          none    100       -
        ",
        );
    }
}
