//! Enough time lies between two doses.
//!
//! Rule       Time since the last dose by any route, judged by the route and setting of the new one: into a vein 40
//!            hours, and a whole calendar day between; into a muscle, under the tongue in the clinic or nasal 60 hours, and
//!            two whole days between; by mouth in the clinic 7 days, at home 7 days. Where the protocol asks for longer, the
//!            protocol holds. It stands before the dose and when a session is scheduled, not before the order, which may be
//!            written ahead.
//! Hazard     HZ-06, wrong dose, unit, weight or interval.
//! No answer  No route blocks; a dose dated in the future is impossible and blocks. The first dose ever is clear.
//! Source     Clinical reference 3.2 and R03: proposed default; anchors Feder 2021 (3 a week) and OKTOP (weekly). 40 and 60
//!            hours with free days, instead of 48 and 72 hours, are the clinic-day reference's proposal (0.1 row 2, 1.2):
//!            see decision 18.
//! Signed     nobody yet

use jiff::Timestamp;

use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Route, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::plus_minutes;
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R03-dose-interval",
    controls: Hazard::WrongDose,
    says: "Since the last dose by any route: vein 40 hours and a free day between; muscle, nasal, and under the tongue in the clinic 60 hours and two free days between; by mouth, and anything at home, 7 days; longer where the protocol says so.",
    no_answer: "No route, or a dose dated in the future, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("iv-hours", 40.0, Unit::Hours),
        Limit::higher("iv-free-days", 1.0, Unit::Days),
        Limit::higher("im-hours", 60.0, Unit::Hours),
        Limit::higher("im-free-days", 2.0, Unit::Days),
        Limit::higher("clinic-sl-hours", 60.0, Unit::Hours),
        Limit::higher("clinic-sl-free-days", 2.0, Unit::Days),
        Limit::higher("clinic-oral-hours", 168.0, Unit::Hours),
        Limit::higher("nasal-hours", 60.0, Unit::Hours),
        Limit::higher("nasal-free-days", 2.0, Unit::Days),
        Limit::higher("home-hours", 168.0, Unit::Hours),
    ],
    source: "Clinical reference 3.2 and R03; proposed default, anchors: Feder 2021 (AJP), three a week; OKTOP \
             registry record ACTRN12618001965291. Hours and free days: proposed default, decision 18.",
    signed: None,
    override_by: Override::Never,
    check,
};

/// What must have passed since the last dose: hours, and where the hours are fewer than whole days, days that lie free
/// between the two.
struct Spacing {
    least: InForce,
    free_days: Option<InForce>,
}

/// The limit of hours for a route in a setting.
#[must_use]
pub fn least_hours(route: Route, setting: Setting) -> &'static Limit {
    match (setting, route) {
        (Setting::Home, _) => named!("home-hours"),
        (Setting::Clinic, Route::Intravenous) => named!("iv-hours"),
        (Setting::Clinic, Route::Intramuscular) => named!("im-hours"),
        (Setting::Clinic, Route::Sublingual) => named!("clinic-sl-hours"),
        (Setting::Clinic, Route::Oral) => named!("clinic-oral-hours"),
        (Setting::Clinic, Route::NasalEsketamine) => named!("nasal-hours"),
    }
}

fn spacing(rule: &Rule, facts: &Facts, route: Route) -> Spacing {
    let own = rule.limit(facts, least_hours(route, facts.setting));
    let free = match (facts.setting, route) {
        (Setting::Home, _) | (Setting::Clinic, Route::Oral) => None,
        (Setting::Clinic, Route::Intravenous) => Some(named!("iv-free-days")),
        (Setting::Clinic, Route::Intramuscular) => Some(named!("im-free-days")),
        (Setting::Clinic, Route::Sublingual) => Some(named!("clinic-sl-free-days")),
        (Setting::Clinic, Route::NasalEsketamine) => Some(named!("nasal-free-days")),
    };
    // Where the protocol asks for longer, the protocol holds.
    let planned = facts.plan.as_ref().and_then(|plan| plan.interval_hours);
    let least = match planned {
        Some(value) if value > own.value => InForce { name: "plan-hours", value, unit: Unit::Hours },
        _ => own,
    };
    Spacing { least, free_days: free.map(|free| rule.limit(facts, free)) }
}

impl Spacing {
    /// The first minute after `last` that the spacing permits, on the calendar of whoever is treated.
    fn first_after(&self, last: Timestamp, facts: &Facts) -> Timestamp {
        let seconds = (self.least.value * 3600.0).ceil() as i64;
        let by_hours = last.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        let by_days = self.free_days.and_then(|free| {
            let date = last.to_zoned(facts.zone.clone()).date();
            let first = date.checked_add(jiff::Span::new().days(free.value as i64 + 1)).ok()?;
            Some(first.to_zoned(facts.zone.clone()).ok()?.timestamp())
        });
        let first = by_days.map_or(by_hours, |day| day.max(by_hours));
        // A calendar counts in minutes: 10:00:30 is permitted from 10:01.
        let past = first.as_second().rem_euclid(60);
        if past == 0 {
            first
        } else {
            plus_minutes(first, 1).checked_sub(jiff::SignedDuration::from_secs(past)).unwrap_or(first)
        }
    }

    fn limit(&self) -> Coded {
        match self.free_days {
            None => limit::after_last_dose(self.least),
            Some(free) => limit::after_last_dose_and_days(self.least, free),
        }
    }
}

/// The first minute at which the next dose may be given, by the order's route or the plan's; absent without a route or an
/// earlier dose.
#[must_use]
pub fn first_permitted(facts: &Facts) -> Option<Timestamp> {
    let route = facts.order.as_ref().map(|order| order.route).or(facts.route)?;
    let last = facts.doses.iter().max_by_key(|dose| dose.at)?;
    Some(spacing(&RULE, facts, route).first_after(last.at, facts))
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(route) = facts.order.as_ref().map(|order| order.route).or(facts.route) else {
        return found(missing(rule, Subject::Route, limit::a_route(), clears::write_plan_or_order()));
    };
    let spacing = spacing(rule, facts, route);
    let Some(last) = facts.doses.iter().max_by_key(|dose| dose.at) else {
        return verdict(None, clear::no_earlier_dose());
    };
    if last.at > facts.now {
        let future = measured::dose_in_future();
        return found(rule.block(Cause::Impossible, future, spacing.limit(), clears::correct_date()));
    }
    let since = Value::age(last.at, facts.now);
    if facts.now < spacing.first_after(last.at, facts) {
        let early = measured::last_dose(last.route, since);
        let clears = match spacing.free_days {
            None => clears::wait(spacing.least),
            Some(free) => clears::wait_with_free_days(spacing.least, free),
        };
        return found(rule.block(Cause::Met, early, spacing.limit(), clears));
    }
    verdict(None, clear::last_dose(last.route, since))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::facts::DoseFact;
    use crate::rules::testing::check_rule;

    #[test]
    fn waits_by_route_in_the_clinic_whatever_the_last_route_was() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              plan hours   doses                                finding
            intravenous        40           none                                 -
            intravenous        40           intravenous 35 mg @39 h 59 min       block
            intravenous        40           intravenous 35 mg @40 h              -
            intravenous        40           sublingual 100 mg @39 h              block
            intravenous        40           intravenous 35 mg @in 1 h            block: impossible
            intravenous        40           oral 35 mg @9 d + oral 35 mg @1 d    block
            intravenous        336          intravenous 35 mg @13 d 23 h         block
            intravenous        336          intravenous 35 mg @14 d              -
            intramuscular      40           intravenous 35 mg @59 h 59 min       block
            intramuscular      40           intravenous 35 mg @60 h              -
            intramuscular      40           intravenous 35 mg @72 h              -
            sublingual         40           sublingual 100 mg @59 h              block
            sublingual         40           sublingual 100 mg @82 h              -
            oral               40           oral 35 mg @6 d 23 h                 block
            oral               40           oral 35 mg @7 d                      -
            nasal-esketamine   40           nasal-esketamine 56 mg @59 h         block
            nasal-esketamine   40           nasal-esketamine 56 mg @72 h         -
            nasal-esketamine   none         nasal-esketamine 56 mg @72 h         -
            none               40           none                                 block: missing
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

    fn check_first(zone: &str, route: Route, last: &str, first: &str) {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut facts = Facts::nothing_known(at(last), Setting::Clinic);
        facts.zone = jiff::tz::TimeZone::get(zone).unwrap();
        facts.route = Some(route);
        let dose = DoseFact {
            route,
            setting: Setting::Clinic,
            dose_mg: 35.0,
            dose_mg_per_kg: None,
            at: at(last),
            reviewed: true,
            stopped: false,
        };
        facts.doses = vec![dose];
        let permitted = first_permitted(&facts).unwrap();
        assert_eq!(permitted, at(first), "{zone}, {last}");
        for (now, open) in [(permitted, true), (plus_minutes(permitted, -1), false)] {
            facts.now = now;
            assert_eq!(RULE.judge(&facts).findings().is_empty(), open, "{zone}, {last}, at {now}");
        }
    }

    #[test]
    fn a_week_of_monday_wednesday_friday_is_possible_whatever_the_hour() {
        // Monday 10:40, the chair on Wednesday at 10:00: permitted from 02:40.
        check_first("America/Denver", Route::Intravenous, "2026-03-02T17:40:00Z", "2026-03-04T09:40:00Z");
        // Long before dawn, the calendar holds longer than the hours: no dose on the next day.
        check_first("America/Denver", Route::Intravenous, "2026-03-02T08:00:00Z", "2026-03-04T07:00:00Z");
        // Seconds go up to the next minute.
        check_first("UTC", Route::Intravenous, "2026-03-02T10:40:20Z", "2026-03-04T02:41:00Z");
        // Nasal: Monday 14:00, Thursday at 13:00.
        check_first("UTC", Route::NasalEsketamine, "2026-03-02T14:00:00Z", "2026-03-05T02:00:00Z");
        check_first("UTC", Route::NasalEsketamine, "2026-03-02T08:00:00Z", "2026-03-05T00:00:00Z");
        // The night on which the clocks change is an hour shorter, and the calendar day is still the calendar day.
        check_first("America/Denver", Route::Intravenous, "2026-03-07T08:00:00Z", "2026-03-09T06:00:00Z");
    }
}
