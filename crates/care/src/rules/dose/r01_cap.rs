//! No single dose above its ceiling.
//!
//! Rule       By route and setting, block above the hard cap and warn above the soft one. Into a vein: 1.0 mg/kg or
//!            100 mg, warn above 0.75 mg/kg. Into a muscle: 1.5 mg/kg or 120 mg, warn above 1.0 mg/kg. Under the tongue:
//!            clinic 400 mg, warn above 300; home 300 mg, warn above 200. By mouth: 3.0 mg/kg, warn above 2.0; at home
//!            also 300 mg, warn above 200, so that home is never looser. Nasal esketamine: 84 mg. By vein, muscle or nose
//!            at home: block, whatever the dose.
//! Hazard     HZ-06, wrong dose, unit, weight or interval.
//! No answer  No order, no weight where the cap is by weight, or a dose that cannot be true blocks.
//! Source     Clinical reference 3.2 and R01: proposed defaults anchored on Feder 2021, Andrade 2017, OKTOP, and the
//!            largest home study (300 to 450 mg, Hull 2022); esketamine from its label.
//! Signed     nobody yet

use super::{ROUNDING, regimen, weight_kg};
use crate::code::Code;
use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::check_dose_mg;
use crate::rules::answers::{found, missing, no_order, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R01-dose-cap",
    controls: Hazard::WrongDose,
    says: "A single dose above the hard cap of its route and setting blocks; above the soft cap warns.",
    no_answer: "No order, no weight where the cap is by weight, or an impossible dose blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("iv-soft-mg-per-kg", 0.75, Unit::MgPerKg),
        Limit::lower("iv-hard-mg-per-kg", 1.0, Unit::MgPerKg),
        Limit::lower("iv-hard-mg", 100.0, Unit::Mg),
        Limit::lower("im-soft-mg-per-kg", 1.0, Unit::MgPerKg),
        Limit::lower("im-hard-mg-per-kg", 1.5, Unit::MgPerKg),
        Limit::lower("im-hard-mg", 120.0, Unit::Mg),
        Limit::lower("clinic-sl-soft-mg", 300.0, Unit::Mg),
        Limit::lower("clinic-sl-hard-mg", 400.0, Unit::Mg),
        Limit::lower("home-sl-soft-mg", 200.0, Unit::Mg),
        Limit::lower("home-sl-hard-mg", 300.0, Unit::Mg),
        Limit::lower("clinic-oral-soft-mg-per-kg", 2.0, Unit::MgPerKg),
        Limit::lower("clinic-oral-hard-mg-per-kg", 3.0, Unit::MgPerKg),
        Limit::lower("home-oral-soft-mg-per-kg", 2.0, Unit::MgPerKg),
        Limit::lower("home-oral-hard-mg-per-kg", 3.0, Unit::MgPerKg),
        Limit::lower("home-oral-soft-mg", 200.0, Unit::Mg),
        Limit::lower("home-oral-hard-mg", 300.0, Unit::Mg),
        Limit::lower("nasal-hard-mg", 84.0, Unit::Mg),
    ],
    source: "Clinical reference 3.2 and R01; proposed default, anchors: Feder 2021 (AJP), Andrade 2017, OKTOP \
             ACTRN12618001965291, Hull 2022; esketamine label.",
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
        let by_route = measured::route_at_home(order.route);
        return found(rule.block(Cause::Met, by_route, limit::route_for_home(), clears::treatment_in_clinic()));
    };
    let by_weight = rule.limits.iter().any(|l| l.name.strip_prefix(name).is_some_and(|rest| rest == "-hard-mg-per-kg"));
    let mg_per_kg = weight_kg(facts).map(|kg| (order.dose_mg / kg).max(order.dose_mg_per_kg.unwrap_or(0.0)));
    let mut findings = Vec::new();
    if by_weight && mg_per_kg.is_none() {
        findings.push(missing(rule, Subject::UsableWeight, limit::weight_for_cap(), clears::weigh()));
    }
    for (unit, dose) in [(Unit::MgPerKg, mg_per_kg), (Unit::Mg, Some(order.dose_mg))] {
        findings.extend(dose.and_then(|dose| over(rule, facts, name, Value::number(dose, unit), dose, unit)));
    }
    // Where two caps are passed, the graver finding comes first.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    verdict(findings, clear::dose_by(Value::number(order.dose_mg, Unit::Mg), order.route))
}

fn over(rule: &Rule, facts: &Facts, name: &str, said: Value, dose: f64, unit: Unit) -> Option<Finding> {
    for (cap, severity, clears) in [
        ("hard", Severity::Block, clears::order_within_cap()),
        ("soft", Severity::Warn, clears::reason_or_lower_dose()),
    ] {
        let wanted = format!("{name}-{cap}-{}", unit.code());
        // Not every route has each cap.
        let Some(limit) = rule.limits.iter().find(|limit| limit.name == wanted) else { continue };
        let most = rule.limit(facts, limit);
        if dose > most.value + ROUNDING {
            return Some(rule.finding(severity, Cause::Met, measured::dose(said), limit::at_most(most), clears));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::check_rule;

    #[test]
    fn caps_by_weight_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route            weight   dose mg   mg/kg   finding
            intravenous      70       52.5      none    -
            intravenous      70       52.6      none    warn
            intravenous      70       70        none    warn
            intravenous      70       70.1      none    block
            intravenous      140      100       none    -
            intravenous      140      100.1     none    block
            intravenous      70       35        1.1     block
            intravenous      none     35        none    block: missing
            intravenous      none     101       none    block: missing + block
            intravenous      7        35        none    block: missing
            intramuscular    70       70        none    -
            intramuscular    70       70.1      none    warn
            intramuscular    70       105       none    warn
            intramuscular    70       105.1     none    block
            intramuscular    100      121       none    block + warn
            oral             70       140       none    -
            oral             70       140.1     none    warn
            oral             70       210       none    warn
            oral             70       210.1     none    block
            intravenous      70       0         none    block: impossible
            intravenous      70       -5        none    block: impossible
            intravenous      70       1001      none    block: impossible
        ",
        );
    }

    #[test]
    fn caps_by_milligrams_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              weight   dose mg   mg/kg   finding
            sublingual         70       300       none    -
            sublingual         none     300       none    -
            sublingual         70       301       none    warn
            sublingual         70       400       none    warn
            sublingual         70       401       none    block
            nasal-esketamine   70       84        none    -
            nasal-esketamine   70       85        none    block
        ",
        );
        check_rule(&RULE, Setting::Clinic, "order   finding\nnone   block: missing");
    }

    #[test]
    fn caps_lower_at_home_and_knows_no_other_route_there() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            route              weight   dose mg   mg/kg   finding
            sublingual         70       200       none    -
            sublingual         70       201       none    warn
            sublingual         70       300       none    warn
            sublingual         70       301       none    block
            oral               70       140       none    -
            oral               70       201       none    warn + warn
            oral               70       211       none    block + warn
            oral               120      301       none    block + warn
            oral               none     100       none    block: missing
            intravenous        70       10        none    block
            intramuscular      70       10        none    block
            nasal-esketamine   70       28        none    block
        ",
        );
    }
}
