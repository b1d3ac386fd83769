//! A dose rises by one step at a time, and only over a session that was reviewed and not stopped.
//!
//! Rule       More than the last dose by the same route: only when that session was reviewed and not stopped for safety,
//!            and by at most one step. Step: vein 0.1 mg/kg, muscle 0.25 mg/kg, under the tongue 100 mg in the clinic and
//!            50 mg at home, by mouth 0.5 mg/kg (at home also 50 mg), nasal 28 mg. The first dose by a route warns above
//!            the reference's start: vein, muscle and mouth 0.5 mg/kg, under the tongue 100 mg, by mouth at home 100 mg,
//!            nasal 56 mg.
//! Hazard     HZ-06, wrong dose, unit, weight or interval.
//! No answer  No order, or a step by weight without a weight, blocks. A session not reviewed counts as not reviewed.
//! Source     Clinical reference 3.2 and R02: proposed default; anchor OKTOP registry record. The first dose of the same
//!            route elsewhere counts: a step is judged over settings, never anew.
//! Signed     nobody yet

use super::{ROUNDING, regimen, weight_kg};
use crate::code::Code;
use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{DoseFact, Facts, OrderFact};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::check_dose_mg;
use crate::rules::answers::{found, missing, no_order, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R02-dose-step",
    controls: Hazard::WrongDose,
    says: "A dose rises by at most one step over the last one by its route, and only after that session was reviewed and not stopped; a first dose above the start warns.",
    no_answer: "No order, or no weight where the step is by weight, blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("iv-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("iv-step-mg-per-kg", 0.1, Unit::MgPerKg),
        Limit::lower("im-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("im-step-mg-per-kg", 0.25, Unit::MgPerKg),
        Limit::lower("clinic-sl-start-mg", 100.0, Unit::Mg),
        Limit::lower("clinic-sl-step-mg", 100.0, Unit::Mg),
        Limit::lower("home-sl-start-mg", 100.0, Unit::Mg),
        Limit::lower("home-sl-step-mg", 50.0, Unit::Mg),
        Limit::lower("clinic-oral-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("clinic-oral-step-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("home-oral-start-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("home-oral-step-mg-per-kg", 0.5, Unit::MgPerKg),
        Limit::lower("home-oral-start-mg", 100.0, Unit::Mg),
        Limit::lower("home-oral-step-mg", 50.0, Unit::Mg),
        Limit::lower("nasal-start-mg", 56.0, Unit::Mg),
        Limit::lower("nasal-step-mg", 28.0, Unit::Mg),
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
        let kind = if last.is_some() { "step" } else { "start" };
        let wanted = format!("{name}-{kind}-{}", unit.code());
        let Some(limit) = rule.limits.iter().find(|limit| limit.name == wanted) else { continue };
        findings.extend(judge(rule, facts, order, last, limit));
    }
    if let Some(last) = last.filter(|last| order.dose_mg > last.dose_mg + ROUNDING) {
        findings.extend(unready(rule, order, last));
    }
    verdict(findings, clear::dose_by(Value::number(order.dose_mg, Unit::Mg), order.route))
}

fn judge(
    rule: &Rule,
    facts: &Facts,
    order: &OrderFact,
    last: Option<&DoseFact>,
    limit: &'static Limit,
) -> Option<Finding> {
    let most = rule.limit(facts, limit);
    let per_kg = limit.unit == Unit::MgPerKg;
    let weight = weight_kg(facts);
    let (Some(new), Some(old)) = (
        if per_kg { weight.map(|kg| order.dose_mg / kg) } else { Some(order.dose_mg) },
        match last {
            None => Some(0.0),
            Some(last) if per_kg => last.dose_mg_per_kg.or_else(|| weight.map(|kg| last.dose_mg / kg)),
            Some(last) => Some(last.dose_mg),
        },
    ) else {
        return Some(missing(rule, Subject::UsableWeight, limit::weight_for_step(), clears::weigh()));
    };
    if new <= old + most.value + ROUNDING {
        return None;
    }
    let dose = Value::number(new, limit.unit);
    Some(match last {
        None => {
            let first = measured::first_dose(dose);
            rule.finding(Severity::Warn, Cause::Met, first, limit::start_at(most), clears::reason_or_lower_first_dose())
        }
        Some(_) => {
            let risen = measured::dose_after(dose, Value::number(old, limit.unit));
            rule.block(Cause::Met, risen, limit::step_at_most(most), clears::order_within_step())
        }
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
    use crate::facts::Setting;
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
            oral    240      none    101       warn
        ",
        );
        check_rule(
            &RULE,
            Setting::Home,
            "
            route        doses                                 dose mg   finding
            sublingual   none                                  100       -
            sublingual   none                                  101       warn
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
}
