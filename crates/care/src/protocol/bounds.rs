//! The bounds of a protocol: whatever it may set is held by the rule that stands behind it, so that no file can be looser
//! than the rule book. A looser figure is refused with file, line and the bound.
//!
//! Source: the rules' own limits, clinical reference 4.2 (times of vital signs by route), 3.2 (a booster) and 9.1; at least one
//! preparation visit is a proposal of this project. Signed by nobody yet.

use super::{ClockOrigin, Protocol, ProtocolDose, Raw, Refuse};
use crate::code::Code;
use crate::data_file::DataFileError;
use crate::facts::{Route, Setting};
use crate::rules::dose::{r01_cap, r02_step, r03_interval, r06_iv_rate};
use crate::rules::session::{s05_checks, s08_time};
use crate::rules::{Limit, Rule, TightenDirection, limit_named};
use crate::unit::Unit;

/// The most minutes between two look-ins: those of S05, which a file may only shorten.
pub const LOOK_IN: Limit = {
    let every = limit_named(s05_checks::LOOK_IN.limits, "every-minutes");
    Limit::lower(every.name, every.default, every.unit)
};
/// The most hours after a dose within which it is talked over.
pub const INTEGRATION: Limit = Limit::lower("integration-within-hours", 72.0, Unit::Hours);
/// The fewest preparation visits. A proposal of this project.
pub const PREPARATION: Limit = Limit::higher("preparation-visits", 1.0, Unit::Times);

/// The most that a booster may be of the first dose, per cent.
pub const BOOSTER: Limit = Limit::lower("booster-percent", 50.0, Unit::Percent);
/// A booster is given no sooner after the first dose.
pub const BOOSTER_FROM: Limit = Limit::higher("booster-from-minutes", 20.0, Unit::Minutes);
/// And no later.
pub const BOOSTER_TO: Limit = Limit::lower("booster-to-minutes", 30.0, Unit::Minutes);

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

impl Protocol {
    /// The hard caps of its route and setting (R01), with their unit, as it tightens them. What is given in one session counts
    /// together.
    pub fn hard_caps(&self) -> impl Iterator<Item = (Unit, f64)> + '_ {
        let name = crate::rules::dose::regimen(self.route, self.setting);
        [Unit::Mg, Unit::MgPerKg].into_iter().filter_map(move |unit| {
            let wanted = format!("{}-hard-{}", name?, unit.code());
            let limit = limit(&r01_cap::RULE, &wanted)?;
            let asked = self.tighten.get(&(r01_cap::RULE.id.to_owned(), wanted));
            Some((unit, asked.map_or(limit.default, |value| limit.tightened_to(*value))))
        })
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
    booster(raw, &bound)?;
    rate(dose, &bound)
}

/// A booster is given in the clinic alone, once, and never above the hard cap together with the first dose (R01); the last is
/// asked when it is given, since the first dose is known only then.
fn booster(raw: &Raw, bound: &Bound<'_>) -> Result<(), DataFileError> {
    let Some(booster) = raw.dose.get_ref().booster else { return Ok(()) };
    let refused = |problem: &str, expected: &str| Err((bound.refuse)(bound.at, problem.to_owned(), expected));
    if raw.setting == Setting::Home {
        return refused("a booster at home", "no booster in a home protocol: it is given in the clinic");
    }
    let [from, to] = booster.after_minutes;
    if !(booster.max_fraction.is_finite() && booster.max_fraction > 0.0) {
        return refused("the booster is no part of a dose", "max_fraction above 0");
    }
    if from > to {
        return refused("the minutes of the booster do not rise", "after_minutes = [20, 30]");
    }
    bound.holds("booster max_fraction in per cent", booster.max_fraction * 100.0, &BOOSTER)?;
    bound.holds("booster after_minutes, the first", from as f64, &BOOSTER_FROM)?;
    bound.holds("booster after_minutes, the last", to as f64, &BOOSTER_TO)
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
    // What is late is said once, in S05: a file is held by the very limits that call in a session.
    let late = match raw.setting {
        Setting::Clinic => const { limit_named(s05_checks::PRESSURE.limits, "late-minutes") },
        Setting::Home => const { limit_named(s05_checks::PRESSURE.limits, "late-minutes-at-home") },
    };
    let look_in_late = const { limit_named(s05_checks::LOOK_IN.limits, "late-minutes") };
    bound.holds("vitals_late_minutes", monitoring.vitals_late_minutes as f64, late)?;
    for (key, value, limit) in [
        ("look_in_minutes", monitoring.look_in_minutes, &LOOK_IN),
        ("look_in_late_minutes", monitoring.look_in_late_minutes, look_in_late),
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
    of_clocks(raw, refuse)?;
    let infusion = match monitoring.release_clock {
        Some(ClockOrigin::End) => 0.0,
        _ => raw.dose.get_ref().infusion_minutes.unwrap_or(0.0),
    };
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

/// A clock counts from something that there is. The one of the vital signs may count from any dose, since a later origin only
/// adds checks; nobody is released by the first of several doses.
fn of_clocks(raw: &Raw, refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    let (monitoring, dose) = (raw.monitoring.get_ref(), raw.dose.get_ref());
    let at = raw.monitoring.span().start;
    for (key, origin) in [("clock", monitoring.clock), ("release_clock", monitoring.release_clock)] {
        if origin == Some(ClockOrigin::End) && dose.infusion_minutes.is_none() {
            let problem = format!("{key} counts from the end of an infusion, and there is none");
            return Err(refuse(at, problem, "\"start\", \"first-device\" or \"last-device\""));
        }
    }
    let several = dose.booster.is_some() || *raw.route.get_ref() == Route::NasalEsketamine;
    if several && matches!(monitoring.release_clock, Some(ClockOrigin::Start | ClockOrigin::FirstDevice)) {
        let problem =
            "release_clock counts from the first of several doses, which is looser than the rules allow".to_owned();
        return Err(refuse(
            at,
            problem,
            "release_clock = \"last-device\", or \"end\" of an infusion (S08-release-time)",
        ));
    }
    Ok(())
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

    fn check_refused(protocol: usize, was: &str, with: &str, says: &str) {
        let (file, text) = BUILT_IN_TEXTS[protocol];
        assert!(text.contains(was), "{file} has no {was:?}");
        let said = Protocol::read(file, &text.replacen(was, with, 1)).unwrap_err().to_string();
        assert!(said.contains(says) && said.contains(file), "{said}");
    }

    #[test]
    fn a_booster_is_given_in_the_clinic_in_its_minutes_and_is_half_a_dose_at_most() {
        const IV: usize = 4;
        const HOME: usize = 5;
        let with = |booster: &str| format!("[dose]\nbooster = {booster}\n");
        let sound = with("{ max_fraction = 0.5, after_minutes = [20, 30] }");
        let (file, text) = BUILT_IN_TEXTS[IV];
        Protocol::read(file, &text.replacen("[dose]\n", &sound, 1)).unwrap();
        check_refused(HOME, "[dose]\n", &sound, "booster at home");
        for (booster, says) in [
            ("{ max_fraction = 0.51, after_minutes = [20, 30] }", "booster-percent"),
            ("{ max_fraction = 0.0, after_minutes = [20, 30] }", "max_fraction above 0"),
            ("{ max_fraction = 0.5, after_minutes = [19, 30] }", "booster-from-minutes"),
            ("{ max_fraction = 0.5, after_minutes = [20, 31] }", "booster-to-minutes"),
            ("{ max_fraction = 0.5, after_minutes = [30, 20] }", "do not rise"),
        ] {
            check_refused(IV, "[dose]\n", &with(booster), says);
        }
    }

    #[test]
    fn a_clock_counts_from_something_that_there_is_and_nobody_is_released_by_the_first_of_several_doses() {
        const IV: usize = 4;
        const HOME: usize = 5;
        check_refused(HOME, "\nclock = \"start\"", "\nclock = \"end\"", "and there is none");
        check_refused(HOME, "release_clock = \"last-device\"", "release_clock = \"end\"", "and there is none");
        let (file, text) = BUILT_IN_TEXTS[IV];
        let booster = "[dose]\nbooster = { max_fraction = 0.5, after_minutes = [20, 30] }\n";
        let boosted = text.replacen("[dose]\n", booster, 1);
        for origin in ["start", "first-device"] {
            let loose = format!("release_clock = \"{origin}\"");
            let error =
                Protocol::read(file, &boosted.replacen("release_clock = \"last-device\"", &loose, 1)).unwrap_err();
            assert!(error.problem.contains("first of several doses"), "{error}");
        }
        // 60 minutes after the end are 100 after the start of 40.
        let from_end = text.replacen("release_clock = \"last-device\"", "release_clock = \"end\"", 1).replacen(
            "earliest_release_minutes = 100",
            "earliest_release_minutes = 60",
            1,
        );
        Protocol::read(file, &from_end).unwrap();
        let early = from_end.replacen("earliest_release_minutes = 60", "earliest_release_minutes = 59", 1);
        assert!(Protocol::read(file, &early).unwrap_err().expected.contains("iv-after-end-minutes"));
    }

    #[test]
    fn a_route_that_is_not_given_at_home_is_no_protocol_there() {
        let (file, text) = BUILT_IN_TEXTS[3];
        let error = Protocol::read(file, &text.replacen("\"sublingual\"", "\"intramuscular\"", 1)).unwrap_err();
        assert!(error.problem.contains("intramuscular"), "{error}");
    }
}
