//! A weight that has changed much is weighed again, or confirmed by a second person, before anything rests on it.
//!
//! Rule       A weight more than 10 % away from the one before it blocks, until another person weighs again and agrees with
//!            it within 3 %, or confirms it. The same person who types it twice has measured nothing twice: a slip is typed
//!            again as easily as it was typed. A further weighing that is near the earlier weight clears it, by whomever.
//! Hazard     HZ-06, wrong dose, unit, weight or interval: 159 lb typed as kilograms, where mg and mg/kg still agree
//!            because both come from the same weight.
//! No answer  The first weight of somebody has nothing to be compared with, and is R05-body-size's. None at all is
//!            R05-weight-unit's; here it blocks too.
//! Source     Clinical reference R05; the 10 % and the 3 % are proposed defaults of this project.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, WeightFact};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R05-weight-change",
    controls: Hazard::WrongDose,
    says: "A weight more than 10 % away from the one before blocks until another person weighs again and agrees within 3 %, or confirms it.",
    no_answer: "No weight blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("max-change-percent", 10.0, Unit::Percent),
        Limit::lower("agree-percent", 3.0, Unit::Percent),
    ],
    source: "Clinical reference R05; 10 % and 3 %: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn apart_percent(a: f64, b: f64) -> f64 {
    if b > 0.0 { (a - b).abs() / b * 100.0 } else { f64::INFINITY }
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let most = limit!(rule, facts, "max-change-percent");
    let agree = limit!(rule, facts, "agree-percent");
    if facts.weights.is_empty() {
        return found(missing(rule, Subject::Weight, limit::change_at_most(most), clears::weigh_in_kg()));
    }
    let (mut held, mut open): (Option<WeightFact>, Option<WeightFact>) = (None, None);
    for weight in &facts.weights {
        let steady = held.is_none_or(|before| apart_percent(weight.kg, before.kg) <= most.value + 1e-6);
        let another = |doubted: WeightFact| weight.by.is_some() && weight.by != doubted.by;
        let again =
            open.is_some_and(|doubted| another(doubted) && apart_percent(weight.kg, doubted.kg) <= agree.value + 1e-6);
        if steady || again || weight.confirmed {
            (held, open) = (Some(*weight), None);
        } else {
            open = Some(*weight);
        }
    }
    let finding = open.zip(held).map(|(now, before)| {
        let change = apart_percent(now.kg, before.kg).min(9_999.0).round();
        let changed = measured::weight_changed(
            Value::number(now.kg, Unit::Kg),
            Value::number(before.kg, Unit::Kg),
            Value::number(change, Unit::Percent),
        );
        rule.block(Cause::Met, changed, limit::change_at_most(most), clears::weigh_again_or_confirm())
    });
    verdict(finding, clear::weight_steady())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn a_change_of_more_than_a_tenth_waits_for_a_second_weighing_or_person() {
        check_everywhere(
            &RULE,
            "
            weights                                    finding
            72@30 d                                    -
            72@30 d, 79.2@1 d                          -
            72@30 d, 79.3@1 d                          block
            72@30 d, 64.8@1 d                          -
            72@30 d, 64.7@1 d                          block
            72@30 d, 159@1 d                           block
            72@30 d, 159@1 d, 72.2@1 h                 -
            72@30 d, 82@1 d, 82.5@1 h                  block
            72@30 d, 82@1 d, 82@1 h                    block
            72@30 d, 82@1 d, 82.5 by other@1 h         -
            72@30 d, 82@1 d, 82@2 h, 82 by other@1 h   -
            72@30 d, 82@1 d, 79.5 by other@1 h         block
            72@30 d, 159 confirmed@1 d                 -
            72@30 d, 159 confirmed@1 d, 72@1 h         block
            none                                       block: missing
        ",
        );
    }
}
