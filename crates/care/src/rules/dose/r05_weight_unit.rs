//! The dose in mg and the dose in mg/kg must tell the same story, on a weight that is recent.
//!
//! Rule       Block when the weight is more than 30 days old, or when the milligrams ordered differ by more than 10 % from
//!            mg/kg times weight. A fixed dose, written in mg alone, is checked for the age of the weight only.
//! Hazard     HZ-06, wrong dose, unit, weight or interval. Pounds taken for kilograms, or mg for mg/kg, show here.
//! No answer  No weight, an impossible one, one dated in the future or too old; or no order: block.
//! Source     Clinical reference R05: proposed default.
//! Signed     nobody yet

use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{check_weight_kg, days_between};
use crate::rules::answers::{missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R05-weight-unit",
    controls: Hazard::WrongDose,
    says: "The weight is at most 30 days old, and mg and mg/kg agree within 10 %.",
    no_answer: "No weight, an impossible or old one, or no order: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("max-age-days", 30.0, Unit::Days),
        Limit::lower("max-difference-percent", 10.0, Unit::Percent),
    ],
    source: "Clinical reference R05; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = Vec::new();
    let weight = match usable_weight(rule, facts) {
        Ok(kg) => Some(kg),
        Err(finding) => {
            findings.push(finding);
            None
        }
    };
    match &facts.order {
        None => findings.push(missing(rule, Subject::Order, limit::an_order(), clears::write_order())),
        Some(order) => {
            if let (Some(kg), Some(per_kg)) = (weight, order.dose_mg_per_kg) {
                findings.extend(agreement(rule, facts, order.dose_mg, per_kg, kg));
            }
        }
    }
    verdict(findings, clear::weight_and_doses_agree())
}

fn usable_weight(rule: &Rule, facts: &Facts) -> Result<f64, Finding> {
    let days = limit!(rule, facts, "max-age-days");
    let block =
        |cause, weight: Coded| Err(rule.block(cause, weight, limit::weight_at_most_old(days), clears::weigh_in_kg()));
    let Some((at, kg)) = facts.weight_kg else {
        return block(Cause::Missing, measured::none_recorded(Subject::Weight));
    };
    if let Err(error) = check_weight_kg(kg) {
        return block(Cause::Impossible, error.coded());
    }
    if at > facts.now {
        return block(Cause::Impossible, measured::weight_in_future());
    }
    if days_between(at, facts.now) > days.value {
        let old = measured::weight(Value::number(kg, Unit::Kg), Value::age(at, facts.now));
        return block(Cause::TooOld, old);
    }
    Ok(kg)
}

fn agreement(rule: &Rule, facts: &Facts, dose_mg: f64, per_kg: f64, kg: f64) -> Option<Finding> {
    let most = limit!(rule, facts, "max-difference-percent");
    let by_weight = per_kg * kg;
    let block = |cause| {
        let ordered = measured::dose_and_by_weight(
            Value::number(dose_mg, Unit::Mg),
            Value::number(per_kg, Unit::MgPerKg),
            Value::number(kg, Unit::Kg),
            Value::number(by_weight, Unit::Mg),
        );
        Some(rule.block(cause, ordered, limit::within(most), clears::correct_dose_or_weight()))
    };
    if !(by_weight.is_finite() && by_weight > 0.0) {
        return block(Cause::Impossible);
    }
    let apart = (dose_mg - by_weight).abs() / by_weight * 100.0;
    // A difference of exactly the limit passes; the last digit of a binary fraction must not decide it.
    if apart <= most.value + 1e-6 { None } else { block(Cause::Met) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn the_weight_must_be_there_possible_and_recent() {
        check_everywhere(
            &RULE,
            "
            weight   weight age        dose mg   mg/kg   finding
            70       29 d              35        none    -
            70       30 d              35        none    -
            70       30 d 1 min        35        none    block: too old
            70       in 1 d            35        none    block: impossible
            24.9     1 d               35        none    block: impossible
            351      1 d               35        none    block: impossible
            none     1 d               35        0.5     block: missing
        ",
        );
        check_everywhere(
            &RULE,
            "order   weight   finding\nnone   70   block: missing\nnone   none   block: missing + block: missing",
        );
    }

    #[test]
    fn milligrams_and_milligrams_by_weight_must_agree_within_a_tenth() {
        check_everywhere(
            &RULE,
            "
            weight   dose mg   mg/kg   finding
            70       35        0.5     -
            70       38.5      0.5     -
            70       38.6      0.5     block
            70       31.5      0.5     -
            70       31.4      0.5     block
            154      35        0.5     block
            70       0.5       0.5     block
            70       35        0       block: impossible
            70       35        none    -
        ",
        );
    }
}
