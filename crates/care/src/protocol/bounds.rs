//! The bounds of a protocol: whatever it may set is held by the rule that stands behind it, so that no file can be looser
//! than the rule book. A looser figure is refused with file, line and the bound.
//!
//! Source: the rules' own limits, clinical reference 4.2 (times of vital signs by route), S05 (a check missed) and 9.1; the
//! minutes that a reading at home may be late, and at least one preparation visit, are proposals of this project. Signed by
//! nobody yet.

use super::{ProtocolDose, Raw, Refuse};
use crate::code::Code;
use crate::data_file::DataFileError;
use crate::facts::{Route, Setting};
use crate::rules::dose::{r01_cap, r02_step, r03_interval, r06_iv_rate};
use crate::rules::session::s08_time;
use crate::rules::{Limit, Rule, TightenDirection};
use crate::unit::Unit;

/// The most minutes that vital signs may be late before they count as missed, in the clinic.
pub const CLINIC_VITALS_LATE: Limit = Limit::lower("clinic-vitals-late-minutes", 3.0, Unit::Minutes);
/// The same at home, where the companion or the patient measures. A proposal of this project.
pub const HOME_VITALS_LATE: Limit = Limit::lower("home-vitals-late-minutes", 10.0, Unit::Minutes);
/// The most minutes between two look-ins of the companion.
pub const LOOK_IN: Limit = Limit::lower("look-in-minutes", 15.0, Unit::Minutes);
/// The most minutes that a look-in may be late: missed at 20 minutes.
pub const LOOK_IN_LATE: Limit = Limit::lower("look-in-late-minutes", 5.0, Unit::Minutes);
/// The most hours after a dose within which it is talked over.
pub const INTEGRATION: Limit = Limit::lower("integration-within-hours", 72.0, Unit::Hours);
/// The fewest preparation visits. A proposal of this project.
pub const PREPARATION: Limit = Limit::higher("preparation-visits", 1.0, Unit::Times);

/// Every bound that is not already a limit of a rule.
pub const ALL: [Limit; 6] = [CLINIC_VITALS_LATE, HOME_VITALS_LATE, LOOK_IN, LOOK_IN_LATE, INTEGRATION, PREPARATION];

/// The minutes after the dose at which vital signs are due at the latest (clinical reference 4.2).
#[must_use]
pub const fn vitals_minutes(route: Route, setting: Setting) -> &'static [i64] {
    match (setting, route) {
        (Setting::Home, _) => &[0, 60, 120],
        (Setting::Clinic, Route::Intravenous) => &[0, 10, 20, 30, 40, 55, 70, 85, 100],
        (Setting::Clinic, Route::Intramuscular) => &[0, 5, 10, 15, 30, 45, 60, 90, 120],
        (Setting::Clinic, Route::NasalEsketamine) => &[0, 15, 30, 40, 60, 90, 120],
        (Setting::Clinic, Route::Sublingual) => &[0, 20, 40, 60, 90, 120],
        (Setting::Clinic, Route::Oral) => &[0, 20, 40, 60, 90, 120, 150],
    }
}

/// Refuses whatever the file sets more loosely than the rules do.
pub(super) fn check(raw: &Raw, refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    of_dose(raw, refuse)?;
    of_monitoring(raw, refuse)?;
    let course = Bound { at: raw.integration_within_hours.span().start, refuse };
    course.holds("integration_within_hours", *raw.integration_within_hours.get_ref() as f64, &INTEGRATION)?;
    course.holds("preparation_visits", f64::from(raw.preparation_visits), &PREPARATION)?;
    let least = r03_interval::least_hours(*raw.route.get_ref(), raw.setting);
    course.holds("session_interval_hours", raw.session_interval_hours as f64, least)
}

struct Bound<'r> {
    at: usize,
    refuse: &'r Refuse<'r>,
}

impl Bound<'_> {
    fn holds(&self, key: &str, value: f64, limit: &Limit) -> Result<(), DataFileError> {
        if limit.allows(value) || (limit.tighter == TightenDirection::Fixed && value >= limit.default) {
            return Ok(());
        }
        let side = if limit.tighter == TightenDirection::Lower { "at most" } else { "at least" };
        let problem = format!("{key} = {value} is looser than the rules allow");
        let expected = format!("{side} {} {} ({})", limit.default, limit.unit.code(), limit.name);
        Err((self.refuse)(self.at, problem, &expected))
    }
}

fn limit(rule: &'static Rule, name: &str) -> Option<&'static Limit> {
    rule.limits.iter().find(|limit| limit.name == name)
}

fn of_dose(raw: &Raw, refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    let (dose, route) = (raw.dose.get_ref(), *raw.route.get_ref());
    let bound = Bound { at: raw.dose.span().start, refuse };
    let Some(name) = crate::rules::dose::regimen(route, raw.setting) else {
        let problem = format!("no dose is given by the route {} there", route.code());
        return Err(refuse(raw.route.span().start, problem, "a route that is given in the protocol's setting"));
    };
    let figures = [
        ("start_mg", dose.start_mg, &r02_step::RULE, format!("{name}-start-mg")),
        ("start_mg_per_kg", dose.start_mg_per_kg, &r02_step::RULE, format!("{name}-start-mg-per-kg")),
        ("ceiling_mg", Some(dose.ceiling_mg), &r01_cap::RULE, format!("{name}-hard-mg")),
        ("ceiling_mg_per_kg", dose.ceiling_mg_per_kg, &r01_cap::RULE, format!("{name}-hard-mg-per-kg")),
    ];
    for (key, value, rule, wanted) in figures {
        if let (Some(value), Some(limit)) = (value, limit(rule, &wanted)) {
            bound.holds(key, value, limit)?;
        }
    }
    rate(dose, &bound)
}

/// The fastest that the file could ask for: its highest dose by weight over its infusion time (R06).
fn rate(dose: &ProtocolDose, bound: &Bound<'_>) -> Result<(), DataFileError> {
    let (Some(minutes), Some(most)) = (dose.infusion_minutes, dose.ceiling_mg_per_kg.or(dose.start_mg_per_kg)) else {
        return Ok(());
    };
    bound.holds("the ceiling over infusion_minutes", most / minutes, r06_iv_rate::FASTEST)
}

fn of_monitoring(raw: &Raw, refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    let (monitoring, route) = (raw.monitoring.get_ref(), *raw.route.get_ref());
    let at = raw.monitoring.span().start;
    let bound = Bound { at, refuse };
    let late = if raw.setting == Setting::Home { &HOME_VITALS_LATE } else { &CLINIC_VITALS_LATE };
    bound.holds("vitals_late_minutes", monitoring.vitals_late_minutes as f64, late)?;
    for (key, value, limit) in [
        ("look_in_minutes", monitoring.look_in_minutes, &LOOK_IN),
        ("look_in_late_minutes", monitoring.look_in_late_minutes, &LOOK_IN_LATE),
    ] {
        if let Some(value) = value {
            bound.holds(key, value as f64, limit)?;
            if value <= 0 {
                return Err(refuse(at, format!("{key} = {value} is no time"), "minutes above 0"));
            }
        }
    }
    let least = vitals_minutes(route, raw.setting);
    for (from, to) in least.iter().zip(least.iter().skip(1)) {
        if !monitoring.vitals_minutes.iter().any(|minute| minute > from && minute <= to) {
            let problem = format!("no vital signs are due between minute {from} and minute {to}");
            return Err(refuse(at, problem, &format!("vitals_minutes at least as close as {least:?}")));
        }
    }
    let infusion = raw.dose.get_ref().infusion_minutes.unwrap_or(0.0);
    let (name, after) = match route {
        Route::Intravenous => ("iv-after-end-minutes", infusion),
        Route::Intramuscular => ("im-minutes", 0.0),
        Route::Sublingual => ("sl-minutes", 0.0),
        Route::Oral => ("oral-minutes", 0.0),
        Route::NasalEsketamine => ("nasal-minutes", 0.0),
    };
    match limit(&s08_time::RULE, name) {
        Some(limit) => {
            bound.holds("earliest_release_minutes", monitoring.earliest_release_minutes as f64 - after, limit)
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use crate::protocol::{BUILT_IN_TEXTS, Protocol};

    fn check_bounded(protocol: usize, was: &str, looser: &str, tighter: &str) {
        let (file, text) = BUILT_IN_TEXTS[protocol];
        assert!(text.contains(was), "{file} has no {was:?}");
        let error = Protocol::read(file, &text.replacen(was, looser, 1)).unwrap_err();
        assert!(error.expected.contains("at"), "{error}");
        assert!(error.to_string().contains(file), "{error}");
        Protocol::read(file, &text.replacen(was, tighter, 1)).unwrap();
    }

    #[test]
    fn no_figure_of_a_file_is_looser_than_the_rule_behind_it() {
        const IV: usize = 2;
        const HOME: usize = 3;
        check_bounded(HOME, "vitals_late_minutes = 10", "vitals_late_minutes = 11", "vitals_late_minutes = 5");
        check_bounded(IV, "vitals_late_minutes = 3", "vitals_late_minutes = 4", "vitals_late_minutes = 2");
        check_bounded(HOME, "look_in_minutes = 15", "look_in_minutes = 60", "look_in_minutes = 10");
        check_bounded(HOME, "look_in_late_minutes = 5", "look_in_late_minutes = 600", "look_in_late_minutes = 3");
        check_bounded(HOME, "[0, 60, 120]", "[0, 120]", "[0, 30, 60, 90, 120]");
        check_bounded(IV, "20, 30, 40, 55", "55", "20, 25, 30, 40, 55");
        check_bounded(
            HOME,
            "earliest_release_minutes = 120",
            "earliest_release_minutes = 119",
            "earliest_release_minutes = 180",
        );
        check_bounded(
            IV,
            "earliest_release_minutes = 100",
            "earliest_release_minutes = 99",
            "earliest_release_minutes = 120",
        );
        check_bounded(
            HOME,
            "session_interval_hours = 168",
            "session_interval_hours = 167",
            "session_interval_hours = 336",
        );
        check_bounded(IV, "session_interval_hours = 336", "session_interval_hours = 39", "session_interval_hours = 40");
        check_bounded(
            HOME,
            "integration_within_hours = 72",
            "integration_within_hours = 73",
            "integration_within_hours = 48",
        );
        check_bounded(HOME, "preparation_visits = 2", "preparation_visits = 0", "preparation_visits = 3");
        check_bounded(HOME, "start_mg = 100", "start_mg = 101", "start_mg = 50");
        check_bounded(HOME, "ceiling_mg = 200", "ceiling_mg = 301", "ceiling_mg = 150");
        check_bounded(IV, "ceiling_mg_per_kg = 0.75", "ceiling_mg_per_kg = 1.1", "ceiling_mg_per_kg = 0.6");
        check_bounded(IV, "infusion_minutes = 40", "infusion_minutes = 20", "infusion_minutes = 35");
    }

    #[test]
    fn a_route_that_is_not_given_at_home_is_no_protocol_there() {
        let (file, text) = BUILT_IN_TEXTS[3];
        let error = Protocol::read(file, &text.replacen("\"sublingual\"", "\"intramuscular\"", 1)).unwrap_err();
        assert!(error.problem.contains("intramuscular"), "{error}");
    }
}
