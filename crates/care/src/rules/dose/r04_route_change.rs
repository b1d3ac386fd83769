//! A dose is given by the route, in the setting and under the plan for which it was ordered, and no dose is carried over
//! from one route to another.
//!
//! Rule       The order's route is the plan's, its setting is the session's, and it was written after the plan was opened;
//!            else block: a new route takes a fresh order. The first dose by a route, after doses by another, may not be
//!            above the start of the new route: block, in the clinic too, where a first dose of all only warns.
//! Hazard     HZ-06, wrong dose, unit, weight or interval: 17 to 100 % of a dose arrive, by route.
//! No answer  No order, no plan, or an order without the time at which it was written blocks.
//! Source     Clinical reference 3.3 and R04: no automatic conversion; bioavailability by route verified. The start as the
//!            most after a change of route is a proposal of this project.
//! Signed     nobody yet

use super::r02_step::{self, start_at_most};
use super::{ROUNDING, regimen, weight_kg};
use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, OrderFact, PlanFact};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::answers::{found, missing, no_order, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R04-route-change",
    controls: Hazard::WrongDose,
    says: "A new route, setting or plan takes a fresh order, and the first dose by a new route is never above its start.",
    no_answer: "No order, no plan, or no time at which the order was written blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 3.3 and R04; bioavailability verified (Chong 2006, Rolan 2014); rule: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(order) = &facts.order else { return no_order(rule) };
    let Some(plan) = &facts.plan else {
        return found(missing(rule, Subject::Plan, limit::a_plan(), clears::open_plan()));
    };
    let mut findings = of_order(rule, facts, order, plan);
    findings.extend(carried_over(rule, facts, order));
    verdict(findings, clear::dose_by(Value::number(order.dose_mg, Unit::Mg), order.route))
}

fn of_order(rule: &Rule, facts: &Facts, order: &OrderFact, plan: &PlanFact) -> Vec<Finding> {
    let mut findings = Vec::new();
    if order.route != plan.route {
        let (is, wanted) = (measured::order_by_route(order.route), limit::route_of_plan(plan.route));
        findings.push(rule.block(Cause::Met, is, wanted, clears::fresh_order()));
    }
    if order.setting != facts.setting {
        let (is, wanted) = (measured::order_in_setting(order.setting), limit::setting_of_session(facts.setting));
        findings.push(rule.block(Cause::Met, is, wanted, clears::fresh_order()));
    }
    match facts.order_written_at {
        None => findings.push(missing(rule, Subject::Order, limit::order_after_plan(), clears::fresh_order())),
        Some(at) if at < plan.opened_at => {
            let before = measured::order_before_plan(Value::age(at, facts.now));
            findings.push(rule.block(Cause::Met, before, limit::order_after_plan(), clears::fresh_order()));
        }
        Some(_) => {}
    }
    findings
}

/// The first dose by a route after doses by another: no milligram of the old route counts for the new one.
fn carried_over(rule: &Rule, facts: &Facts, order: &OrderFact) -> Option<Finding> {
    let last = facts.doses.iter().max_by_key(|dose| dose.at)?;
    if facts.doses.iter().any(|dose| dose.route == order.route) {
        return None;
    }
    let name = regimen(order.route, facts.setting)?;
    [Unit::MgPerKg, Unit::Mg].into_iter().find_map(|unit| {
        let most = start_at_most(&r02_step::RULE, facts, (name, unit))?;
        // Without a usable weight R02 asks for one.
        let dose = if unit == Unit::MgPerKg { order.dose_mg / weight_kg(facts)? } else { order.dose_mg };
        (dose > most.value + ROUNDING).then(|| {
            let first = measured::first_after_route(Value::number(dose, unit), last.route);
            rule.block(Cause::Met, first, limit::start_at(most), clears::start_anew_by_route())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn a_new_route_or_plan_takes_a_fresh_order() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route         plan route     plan opened   order written   finding
            intravenous   intravenous    9 d           1 d             -
            intravenous   intravenous    1 d           1 d             -
            intravenous   intravenous    1 d           2 d             block
            intravenous   intravenous    1 d           none            block: missing
            intravenous   sublingual     9 d           1 d             block
            intravenous   sublingual     1 d           2 d             block + block
        ",
        );
        check_everywhere(&RULE, "order   finding\nnone   block: missing");
        check_everywhere(&RULE, "plan   finding\nnone   block: missing");
    }

    #[test]
    fn no_dose_is_carried_over_from_another_route() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route         plan route    weight   doses                                              dose mg   finding
            intravenous   intravenous   70       sublingual 300 mg @9 d                             35        -
            intravenous   intravenous   70       sublingual 300 mg @9 d                             35.1      block
            intravenous   intravenous   70       sublingual 300 mg @9 d + intravenous 35 mg @30 d   42        -
            intravenous   intravenous   70       none                                               42        -
            sublingual    sublingual    70       intravenous 35 mg @9 d                             101       block
            intravenous   intravenous   none     sublingual 300 mg @9 d                             35.1      -
        ",
        );
    }
}
