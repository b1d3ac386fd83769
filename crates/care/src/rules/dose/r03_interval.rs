//! Enough time lies between two doses.
//!
//! Rule       Time since the last dose by any route, judged by the route and setting of the new one: into a vein 48
//!            hours, into a muscle, under the tongue in the clinic or nasal 72 hours, by mouth in the clinic 7 days, at
//!            home 7 days. It stands before the dose and not before the order, which may be written ahead.
//! Hazard     HZ-06, wrong dose, unit, weight or interval.
//! No answer  No route blocks; a dose dated in the future is impossible and blocks. The first dose ever is clear.
//! Source     Clinical reference 3.2 and R03: proposed default; anchors Feder 2021 (3 a week) and OKTOP (weekly).
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Route, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::hours_between;
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R03-dose-interval",
    controls: Hazard::WrongDose,
    says: "Since the last dose by any route: vein 48 hours; muscle, nasal, and under the tongue in the clinic 72 hours; by mouth, and anything at home, 7 days.",
    no_answer: "No route, or a dose dated in the future, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("iv-hours", 48.0, Unit::Hours),
        Limit::higher("im-hours", 72.0, Unit::Hours),
        Limit::higher("clinic-sl-hours", 72.0, Unit::Hours),
        Limit::higher("clinic-oral-hours", 168.0, Unit::Hours),
        Limit::higher("nasal-hours", 72.0, Unit::Hours),
        Limit::higher("home-hours", 168.0, Unit::Hours),
    ],
    source: "Clinical reference 3.2 and R03; proposed default, anchors: Feder 2021 (AJP); OKTOP registry record \
             ACTRN12618001965291.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(route) = facts.order.as_ref().map(|order| order.route).or(facts.route) else {
        return found(missing(rule, Subject::Route, limit::a_route(), clears::write_plan_or_order()));
    };
    let least = rule.limit(
        facts,
        match (facts.setting, route) {
            (Setting::Home, _) => named!("home-hours"),
            (Setting::Clinic, Route::Intravenous) => named!("iv-hours"),
            (Setting::Clinic, Route::Intramuscular) => named!("im-hours"),
            (Setting::Clinic, Route::Sublingual) => named!("clinic-sl-hours"),
            (Setting::Clinic, Route::Oral) => named!("clinic-oral-hours"),
            (Setting::Clinic, Route::NasalEsketamine) => named!("nasal-hours"),
        },
    );
    let Some(last) = facts.doses.iter().max_by_key(|dose| dose.at) else {
        return verdict(None, clear::no_earlier_dose());
    };
    let hours = hours_between(last.at, facts.now);
    let wanted = limit::after_last_dose(least);
    if hours < 0.0 {
        let future = measured::dose_in_future();
        return found(rule.block(Cause::Impossible, future, wanted, clears::correct_date()));
    }
    let since = Value::age(last.at, facts.now);
    if hours < least.value {
        let early = measured::last_dose(last.route, since);
        return found(rule.block(Cause::Met, early, wanted, clears::wait(least)));
    }
    verdict(None, clear::last_dose(last.route, since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn waits_by_route_in_the_clinic_whatever_the_last_route_was() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              doses                                finding
            intravenous        none                                 -
            intravenous        intravenous 35 mg @47 h 59 min       block
            intravenous        intravenous 35 mg @48 h              -
            intravenous        sublingual 100 mg @47 h              block
            intravenous        intravenous 35 mg @in 1 h            block: impossible
            intravenous        oral 35 mg @9 d + oral 35 mg @1 d    block
            intramuscular      intravenous 35 mg @71 h              block
            intramuscular      intravenous 35 mg @72 h              -
            sublingual         sublingual 100 mg @71 h              block
            sublingual         sublingual 100 mg @72 h              -
            oral               oral 35 mg @6 d 23 h                 block
            oral               oral 35 mg @7 d                      -
            nasal-esketamine   nasal-esketamine 56 mg @71 h         block
            nasal-esketamine   nasal-esketamine 56 mg @72 h         -
            none               none                                 block: missing
        ",
        );
    }

    #[test]
    fn waits_a_week_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            route        doses                               finding
            sublingual   none                                -
            sublingual   sublingual 100 mg @6 d 23 h 59 min  block
            sublingual   sublingual 100 mg @7 d              -
            sublingual   intravenous 35 mg @6 d              block
            none         none                                block: missing
        ",
        );
    }
}
