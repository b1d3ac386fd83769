//! Weight and height together must be those of a living adult.
//!
//! Rule       A body mass index below 12 or above 60 kg/m2 asks again: it blocks until weight and height were taken again,
//!            or a second person has confirmed the weight.
//! Hazard     HZ-06, wrong dose, unit, weight or interval: a first weight has no earlier one to be compared with.
//! No answer  No weight, no height, an impossible one, a height 10 years old or older, or one dated in the future: blocks.
//! Source     Clinical reference R05; 12 to 60 and 10 years are proposed defaults of this project.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{body_mass_index, check_height_cm, check_weight_kg};
use crate::rules::answers::{aged, found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R05-body-size",
    controls: Hazard::WrongDose,
    says: "A body mass index below 12 or above 60 asks again, until weight and height were taken again or a second person confirmed the weight.",
    no_answer: "No weight or height, an impossible or an old height: blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("least-body-mass", 12.0, Unit::KgPerM2),
        Limit::lower("most-body-mass", 60.0, Unit::KgPerM2),
        Limit::lower("height-max-age-days", 3_652.0, Unit::Days)
            .oldest(&[Subject::Height], &[Gate::Eligibility, Gate::Order, Gate::Dose]),
    ],
    source: "Clinical reference R05; 12 to 60 and the age of a height: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let least = limit!(rule, facts, "least-body-mass");
    let most = limit!(rule, facts, "most-body-mass");
    let between = || limit::body_mass_between(least, most);
    let Some((_, kg)) = facts.weight_kg else {
        return found(missing(rule, Subject::Weight, between(), clears::weigh_in_kg()));
    };
    let cm = match height(rule, facts) {
        Ok(cm) => cm,
        Err(finding) => return found(*finding),
    };
    if let Err(error) = check_weight_kg(kg) {
        return found(rule.block(Cause::Impossible, error.coded(), between(), clears::weigh_in_kg()));
    }
    let mass = (body_mass_index(kg, cm) * 10.0).round() / 10.0;
    let confirmed = facts.weights.last().is_some_and(|weight| weight.confirmed);
    let index = Value::number(mass, Unit::KgPerM2);
    if !confirmed && !(least.value..=most.value).contains(&mass) {
        let measured = measured::body_mass(index, Value::number(kg, Unit::Kg), Value::number(cm, Unit::Cm));
        return found(rule.block(Cause::Met, measured, between(), clears::weigh_and_measure_again()));
    }
    verdict(None, clear::body_mass(index))
}

fn height(rule: &Rule, facts: &Facts) -> Result<f64, Box<Finding>> {
    let what = Subject::Height;
    let Some((at, cm)) = facts.height_cm else {
        return Err(Box::new(missing(rule, what, limit::readable(what), clears::measure_height())));
    };
    if let Err(error) = check_height_cm(cm) {
        let finding = rule.block(Cause::Impossible, error.coded(), limit::possible(what), clears::measure_height());
        return Err(Box::new(finding));
    }
    match aged(rule, facts, what, at, clears::measure_height()) {
        Some(finding) => Err(Box::new(finding)),
        None => Ok(cm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn a_body_mass_that_hardly_anybody_has_asks_again() {
        check_everywhere(
            &RULE,
            "
            weights                  weight   height   finding
            70@3 d                   70       170      -
            34.6@3 d                 34.6     170      -
            34.2@3 d                 34.2     170      block
            173.4@3 d                173.4    170      -
            174@3 d                  174      170      block
            174 confirmed@3 d        174      170      -
            70@3 d                   none     170      block: missing
            70@3 d                   70       none     block: missing
            70@3 d                   70       17       block: impossible
        ",
        );
    }
}
