//! The dose in mg and the dose in mg/kg must tell the same story, on a weight that is recent.
//!
//! Rule       Block when the weight is more than 30 days old, or when the milligrams ordered differ by more than 10 % from
//!            mg/kg times weight. A fixed dose, written in mg alone, is checked for the age of the weight only.
//! Hazard     HZ-06, wrong dose, unit, weight or interval. Pounds taken for kilograms, or mg for mg/kg, show here.
//! No answer  No weight, an impossible one, one dated in the future or too old; or no order: block.
//! Source     Clinical reference R05: proposed default.
//! Signed     nobody yet

use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{age_words, check_weight_kg, days_between};
use crate::rules::answers::{count, missing, number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "R05-weight-unit",
    controls: Hazard::WrongDose,
    says: "The weight is at most 30 days old, and mg and mg/kg agree within 10 %.",
    no_answer: "No weight, an impossible or old one, or no order: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-days", 30.0, "days"), Limit::lower("max-difference-percent", 10.0, "%")],
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
        None => findings.push(missing(rule, "order", "a dose order", "write the order")),
        Some(order) => {
            if let (Some(kg), Some(per_kg)) = (weight, order.dose_mg_per_kg) {
                findings.extend(agreement(rule, facts, order.dose_mg, per_kg, kg));
            }
        }
    }
    verdict(findings, "the weight is recent, and mg and mg/kg agree")
}

fn usable_weight(rule: &Rule, facts: &Facts) -> Result<f64, Finding> {
    let days = rule.limit(facts, "max-age-days");
    let limit = format!("a weight at most {} old", count(days, "day"));
    let weigh = "weigh the person and record it in kilograms";
    let (at, kg) = facts.weight_kg.ok_or_else(|| missing(rule, "weight", limit.clone(), weigh))?;
    let block = |cause, measured: String| Err(rule.finding(Severity::Block, cause, measured, limit.clone(), weigh));
    if let Err(error) = check_weight_kg(kg) {
        return block(Cause::Impossible, error.to_string());
    }
    if at > facts.now {
        return block(Cause::Impossible, "weight dated in the future".to_owned());
    }
    if days_between(at, facts.now) > days {
        return block(Cause::TooOld, format!("{} kg, {} old", number(kg), age_words(at, facts.now)));
    }
    Ok(kg)
}

fn agreement(rule: &Rule, facts: &Facts, dose_mg: f64, per_kg: f64, kg: f64) -> Option<Finding> {
    let most = rule.limit(facts, "max-difference-percent");
    let by_weight = per_kg * kg;
    let measured = format!(
        "{} mg ordered; {} mg/kg x {} kg = {} mg",
        number(dose_mg),
        number(per_kg),
        number(kg),
        number(by_weight)
    );
    let limit = format!("within {} %", number(most));
    let clears = "correct the milligrams, the mg/kg or the weight";
    if !(by_weight.is_finite() && by_weight > 0.0) {
        return Some(rule.finding(Severity::Block, Cause::Impossible, measured, limit, clears));
    }
    let apart = (dose_mg - by_weight).abs() / by_weight * 100.0;
    // A difference of exactly the limit passes; the last digit of a binary fraction must not decide it.
    if apart <= most + 1e-6 { None } else { Some(rule.finding(Severity::Block, Cause::Met, measured, limit, clears)) }
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
