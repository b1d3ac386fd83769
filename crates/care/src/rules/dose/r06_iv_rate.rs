//! An infusion runs no faster than 0.5 mg/kg in 20 minutes.
//!
//! Rule       Block above 0.025 mg/kg a minute; other routes are not judged. At the edge of the dose caps this asks for
//!            a longer infusion, not for a smaller one.
//! Hazard     HZ-06, wrong dose, unit, weight or interval.
//! No answer  No order, no infusion time, an infusion time of nothing, or no weight blocks.
//! Source     Clinical reference R06: the anaesthetic push limit of 0.5 mg/kg a minute is verified in the Ketalar summary;
//!            0.5 mg/kg in 20 minutes is a proposed default on Andrade 2017.
//! Signed     nobody yet

use super::{ROUNDING, weight_kg};
use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Route};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, no_order, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R06-iv-rate",
    controls: Hazard::WrongDose,
    says: "An infusion runs no faster than 0.5 mg/kg in 20 minutes.",
    no_answer: "No order, infusion time or weight blocks; an infusion time of nothing is impossible and blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("max-mg-per-kg-per-min", 0.025, Unit::MgPerKgPerMinute)],
    source: "Clinical reference R06; verified push limit: Ketalar summary, PDR (administration); 0.5 mg/kg in 20 minutes: \
             proposed default (Andrade 2017).",
    signed: None,
    override_by: Override::Never,
    check,
};

/// The fastest that an infusion may run, mg/kg a minute.
pub const FASTEST: &Limit = named!("max-mg-per-kg-per-min");

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(order) = &facts.order else {
        return match facts.route {
            Some(Route::Intramuscular | Route::Sublingual | Route::Oral | Route::NasalEsketamine) => {
                Verdict::NotApplicable(skip::no_infusion())
            }
            Some(Route::Intravenous) | None => no_order(rule),
        };
    };
    if order.route != Route::Intravenous {
        return Verdict::NotApplicable(skip::no_infusion());
    }
    let most = limit!(rule, facts, "max-mg-per-kg-per-min");
    let wanted = limit::at_most(most);
    let Some(minutes) = order.infusion_minutes else {
        return found(missing(rule, Subject::InfusionTime, wanted, clears::write_infusion_time()));
    };
    let time = Value::number(minutes, Unit::Minutes);
    if !(minutes.is_finite() && minutes > 0.0) {
        let time = measured::infusion_time(time);
        return found(rule.block(Cause::Impossible, time, wanted, clears::correct_infusion_time()));
    }
    let Some(kg) = weight_kg(facts) else {
        return found(missing(rule, Subject::UsableWeight, wanted, clears::weigh()));
    };
    let rate = order.dose_mg / kg / minutes;
    let said = Value::number(rate, Unit::MgPerKgPerMinute);
    if rate > most.value + ROUNDING {
        return found(rule.block(Cause::Met, measured::rate_over(said, time), wanted, clears::longer_infusion()));
    }
    verdict(None, clear::rate_over(said, time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_an_infusion_that_runs_too_fast() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route         weight   dose mg   infusion min   finding
            intravenous   70       35        40             -
            intravenous   70       35        20             -
            intravenous   70       35        19.9           block
            intravenous   70       70        40             -
            intravenous   70       70        39             block
            intravenous   70       35        none           block: missing
            intravenous   70       35        0              block: impossible
            intravenous   70       35        -40            block: impossible
            intravenous   none     35        40             block: missing
            sublingual    70       100       none           n/a
        ",
        );
        check_rule(&RULE, Setting::Clinic, "order   finding\nnone   block: missing");
    }

    #[test]
    fn has_nothing_to_say_of_a_tablet_at_home() {
        check_rule(&RULE, Setting::Home, "route   finding\nsublingual   n/a\noral   n/a\nnone   block: missing");
    }
}
