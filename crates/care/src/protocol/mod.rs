//! Protocols: versioned data that fixes route, dose and ceiling, number and spacing of sessions, monitoring, measures
//! and therapy visits. An unknown or malformed protocol is refused with file, line and what was expected.

pub mod bounds;
mod points;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use crate::code::Code;
use crate::data_file::{DataFileError, is_id, is_language_tag, parsed};
use crate::event::AfterHold;
use crate::facts::{Route, Setting};
use crate::rules;

use points::RawMeasure;
pub use points::{Anchor, MeasurePoint};

/// The moment from which a clock of the watching counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockOrigin {
    /// The start of the dose or infusion.
    Start,
    /// The end of the infusion.
    End,
    /// The first device, tablet or injection of the session.
    FirstDevice,
    /// The last one, a booster too.
    LastDevice,
}

/// A second, smaller dose in one session.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booster {
    /// The most of the first dose that it may be, as a fraction.
    pub max_fraction: f64,
    /// Its first and last minute after the first dose.
    pub after_minutes: [i64; 2],
}

/// The dose of a protocol.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtocolDose {
    /// First dose, mg.
    #[serde(default)]
    pub start_mg: Option<f64>,
    /// First dose, mg for each kilogram.
    #[serde(default)]
    pub start_mg_per_kg: Option<f64>,
    /// No order above this many mg.
    pub ceiling_mg: f64,
    /// No order above this many mg for each kilogram.
    #[serde(default)]
    pub ceiling_mg_per_kg: Option<f64>,
    /// Infusion time, minutes.
    #[serde(default)]
    pub infusion_minutes: Option<f64>,
    /// Minutes to hold under the tongue.
    #[serde(default)]
    pub hold_minutes: Option<f64>,
    /// What happens to what is left.
    #[serde(default)]
    pub after_hold: Option<AfterHold>,
    /// A booster, where the protocol has one.
    #[serde(default)]
    pub booster: Option<Booster>,
}

/// The watching of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitoring {
    /// Vital signs are due at these minutes after the dose.
    pub vitals_minutes: Vec<i64>,
    /// Minutes late before vital signs count as missed.
    pub vitals_late_minutes: i64,
    /// The companion looks in this often, minutes (home).
    pub look_in_minutes: Option<i64>,
    /// Minutes late before a look-in counts as missed.
    pub look_in_late_minutes: Option<i64>,
    /// Nobody is released earlier than this many minutes after the moment that `release_clock` names.
    pub earliest_release_minutes: i64,
    /// From when `vitals_minutes` count.
    pub clock: ClockOrigin,
    /// From when the least time before release counts.
    pub release_clock: ClockOrigin,
}

/// The watching, as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMonitoring {
    vitals_minutes: Vec<i64>,
    vitals_late_minutes: i64,
    #[serde(default)]
    look_in_minutes: Option<i64>,
    #[serde(default)]
    look_in_late_minutes: Option<i64>,
    earliest_release_minutes: i64,
    #[serde(default)]
    clock: Option<ClockOrigin>,
    #[serde(default)]
    release_clock: Option<ClockOrigin>,
}

impl From<RawMonitoring> for Monitoring {
    fn from(raw: RawMonitoring) -> Self {
        Self {
            vitals_minutes: raw.vitals_minutes,
            vitals_late_minutes: raw.vitals_late_minutes,
            look_in_minutes: raw.look_in_minutes,
            look_in_late_minutes: raw.look_in_late_minutes,
            earliest_release_minutes: raw.earliest_release_minutes,
            // Files of the first kind counted from the dose. The last device is the same where there is no booster.
            clock: raw.clock.unwrap_or(ClockOrigin::Start),
            release_clock: raw.release_clock.unwrap_or(ClockOrigin::LastDevice),
        }
    }
}

/// A protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// Id, for example `sl-home`.
    pub id: String,
    /// Version.
    pub version: String,
    /// The language of its title, summary and product, as a tag of BCP 47: `en-US`.
    pub language: String,
    /// Title.
    pub title: String,
    /// In two lines.
    pub summary: String,
    /// Where.
    pub setting: Setting,
    /// How.
    pub route: Route,
    /// Dosing sessions.
    pub sessions: u32,
    /// Hours between two sessions at least.
    pub session_interval_hours: i64,
    /// Product in words.
    pub product: String,
    /// The consent text that it asks for.
    pub consent: String,
    /// Preparation visits before the first dose.
    pub preparation_visits: u32,
    /// Hours after each dose within which an integration visit is held.
    pub integration_within_hours: i64,
    /// Who signed it; empty says so on screen.
    pub signed: String,
    /// Where its numbers come from.
    pub source: String,
    /// The dose.
    pub dose: ProtocolDose,
    /// The watching.
    pub monitoring: Monitoring,
    /// Measures.
    pub measures: Vec<MeasurePoint>,
    /// Rule limits that it tightens.
    pub tighten: BTreeMap<(String, String), f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    schema: Spanned<String>,
    id: Spanned<String>,
    version: String,
    language: Spanned<String>,
    title: String,
    summary: String,
    setting: Setting,
    route: Spanned<Route>,
    sessions: Spanned<u32>,
    session_interval_hours: i64,
    product: String,
    consent: Spanned<String>,
    preparation_visits: u32,
    integration_within_hours: Spanned<i64>,
    signed: String,
    source: Spanned<String>,
    dose: Spanned<ProtocolDose>,
    monitoring: Spanned<RawMonitoring>,
    measures: Vec<RawMeasure>,
    #[serde(default)]
    tighten: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<f64>>>,
}

impl Protocol {
    /// Reads a protocol.
    ///
    /// # Errors
    /// [`DataFileError`] with file, line, what is wrong and what would be right.
    pub fn read(file: &str, text: &str) -> Result<Self, DataFileError> {
        let refuse = |at: usize, problem: String, expected: &str| DataFileError::at(file, text, at, problem, expected);
        let mut raw: Raw = parsed(file, text, "a protocol/2 file; the built-in protocols show its keys")?;
        // Charts name the file that they were planned by, so files of the first kind are read for ever.
        let first = raw.schema.get_ref() == "protocol/1";
        if !first && raw.schema.get_ref() != "protocol/2" {
            let problem = format!("schema is {:?}", raw.schema.get_ref());
            let expected = "schema = \"protocol/2\", or \"protocol/1\" in an old file";
            return Err(refuse(raw.schema.span().start, problem, expected));
        }
        if !is_id(raw.id.get_ref()) {
            let problem = format!("id {:?} cannot be used", raw.id.get_ref());
            return Err(refuse(raw.id.span().start, problem, "lower-case letters, digits and hyphens"));
        }
        if !is_language_tag(raw.language.get_ref()) {
            let problem = format!("language {:?} cannot be used", raw.language.get_ref());
            return Err(refuse(raw.language.span().start, problem, "a language tag such as en-US"));
        }
        if *raw.sessions.get_ref() == 0 {
            return Err(refuse(raw.sessions.span().start, "no session".into(), "sessions = 1 or more"));
        }
        if crate::consent::text(raw.consent.get_ref()).is_none() {
            let problem = format!("consent text {:?} is not known", raw.consent.get_ref());
            return Err(refuse(raw.consent.span().start, problem, &crate::consent::ids().join(" or ")));
        }
        if *raw.integration_within_hours.get_ref() <= 0 {
            let problem = "integration_within_hours is not positive".to_owned();
            return Err(refuse(
                raw.integration_within_hours.span().start,
                problem,
                "hours after the dose, for example 72",
            ));
        }
        if raw.source.get_ref().trim().is_empty() {
            return Err(refuse(raw.source.span().start, "source is empty".into(), "where the numbers come from"));
        }
        check_dose(&raw, &refuse)?;
        check_monitoring(&raw, &refuse)?;
        bounds::check(&raw, &refuse)?;
        let measures = points::read(std::mem::take(&mut raw.measures), first, &refuse)?;
        if !first {
            check_second(&raw, &measures, &refuse)?;
        }
        let tighten = check_tighten(raw.tighten, &refuse)?;
        Ok(Self {
            id: raw.id.into_inner(),
            version: raw.version,
            language: raw.language.into_inner(),
            title: raw.title,
            summary: raw.summary,
            setting: raw.setting,
            route: raw.route.into_inner(),
            sessions: raw.sessions.into_inner(),
            session_interval_hours: raw.session_interval_hours,
            product: raw.product,
            consent: raw.consent.into_inner(),
            preparation_visits: raw.preparation_visits,
            integration_within_hours: raw.integration_within_hours.into_inner(),
            signed: raw.signed,
            source: raw.source.into_inner(),
            dose: raw.dose.into_inner(),
            monitoring: raw.monitoring.into_inner().into(),
            measures,
            tighten,
        })
    }

    /// The dose to start with, mg, for a body weight.
    #[must_use]
    pub fn start_dose_mg(&self, weight_kg: f64) -> Option<f64> {
        self.dose.start_mg.or_else(|| self.dose.start_mg_per_kg.map(|each| (each * weight_kg * 10.0).round() / 10.0))
    }
}

type Refuse<'r> = dyn Fn(usize, String, &str) -> DataFileError + 'r;

fn check_dose(raw: &Raw, refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    let dose = raw.dose.get_ref();
    let at = raw.dose.span().start;
    if dose.start_mg.is_some() == dose.start_mg_per_kg.is_some() {
        return Err(refuse(
            at,
            "the starting dose is missing or given twice".into(),
            "either start_mg or start_mg_per_kg",
        ));
    }
    let numbers =
        [dose.start_mg, dose.start_mg_per_kg, Some(dose.ceiling_mg), dose.ceiling_mg_per_kg, dose.infusion_minutes];
    if numbers.into_iter().flatten().any(|n| !(n.is_finite() && n > 0.0)) {
        return Err(refuse(at, "a dose figure is not a positive number".into(), "positive numbers"));
    }
    let over = dose.start_mg.is_some_and(|start| start > dose.ceiling_mg)
        || matches!((dose.start_mg_per_kg, dose.ceiling_mg_per_kg), (Some(start), Some(ceiling)) if start > ceiling);
    if over {
        return Err(refuse(at, "the starting dose is above the ceiling".into(), "a start at or below the ceiling"));
    }
    if matches!(raw.route.get_ref(), Route::Intravenous) && dose.infusion_minutes.is_none() {
        return Err(refuse(at, "an intravenous protocol has no infusion time".into(), "infusion_minutes"));
    }
    Ok(())
}

fn check_monitoring(raw: &Raw, refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    let monitoring = raw.monitoring.get_ref();
    let at = raw.monitoring.span().start;
    let rising = monitoring.vitals_minutes.iter().zip(monitoring.vitals_minutes.iter().skip(1)).all(|(a, b)| a < b);
    if monitoring.vitals_minutes.first() != Some(&0) || !rising {
        return Err(refuse(at, "vitals_minutes do not rise from 0".into(), "minutes after the dose, rising from 0"));
    }
    if raw.setting == Setting::Home
        && (monitoring.look_in_minutes.is_none() || monitoring.look_in_late_minutes.is_none())
    {
        return Err(refuse(
            at,
            "a home protocol does not say how often the companion looks in".into(),
            "look_in_minutes and look_in_late_minutes",
        ));
    }
    Ok(())
}

/// What only files of `protocol/2` are asked: where clocks count from, and that somebody is followed up after the last dose.
fn check_second(raw: &Raw, measures: &[MeasurePoint], refuse: &Refuse<'_>) -> Result<(), DataFileError> {
    let at = raw.monitoring.span().start;
    let monitoring = raw.monitoring.get_ref();
    if monitoring.clock.is_none() || monitoring.release_clock.is_none() {
        let problem = "a clock does not say what it counts from".to_owned();
        let expected = "clock and release_clock = \"start\", \"end\", \"first-device\" or \"last-device\"";
        return Err(refuse(at, problem, expected));
    }
    if !measures.iter().any(|measure| measure.anchor == Some(Anchor::LastDose)) {
        let problem = "nobody is followed up after the last dose".to_owned();
        return Err(refuse(raw.schema.span().start, problem, "at least one measure with anchor = \"last-dose\""));
    }
    Ok(())
}

fn check_tighten(
    raw: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<f64>>>,
    refuse: &Refuse<'_>,
) -> Result<BTreeMap<(String, String), f64>, DataFileError> {
    let mut tighten = BTreeMap::new();
    for (rule_id, limits) in raw {
        let Some(rule) = rules::rule(rule_id.get_ref()) else {
            let problem = format!("rule {:?} is not known", rule_id.get_ref());
            return Err(refuse(rule_id.span().start, problem, "a rule id from the rule book"));
        };
        for (name, value) in limits {
            let Some(limit) = rule.limits.iter().find(|limit| limit.name == name.get_ref()) else {
                let names: Vec<_> = rule.limits.iter().map(|limit| limit.name).collect();
                let problem = format!("{} has no limit {:?}", rule.id, name.get_ref());
                return Err(refuse(name.span().start, problem, &names.join(", ")));
            };
            if !limit.allows(*value.get_ref()) {
                let problem = format!(
                    "{} {} = {} would loosen the rule, whose own limit is {} {}",
                    rule.id,
                    limit.name,
                    value.get_ref(),
                    limit.default,
                    limit.unit.code()
                );
                return Err(refuse(value.span().start, problem, "a tighter value: a protocol never loosens a rule"));
            }
            tighten.insert((rule.id.to_owned(), limit.name.to_owned()), *value.get_ref());
        }
    }
    Ok(tighten)
}

/// The protocols that are known.
#[derive(Clone, Debug, Default)]
pub struct Protocols {
    all: Vec<Protocol>,
}

static BUILT_IN: LazyLock<Protocols> = LazyLock::new(|| {
    let all = BUILT_IN_TEXTS.iter().filter_map(|(file, text)| Protocol::read(file, text).ok()).collect();
    Protocols { all }
});

const BUILT_IN_TEXTS: &[(&str, &str)] = &[
    ("iv-single-clinic.toml", include_str!("../../protocols/iv-single-clinic.toml")),
    ("sl-home.toml", include_str!("../../protocols/sl-home.toml")),
    ("iv-single-clinic-2.toml", include_str!("../../protocols/iv-single-clinic-2.toml")),
    ("sl-home-2.toml", include_str!("../../protocols/sl-home-2.toml")),
    ("iv-single-clinic-3.toml", include_str!("../../protocols/iv-single-clinic-3.toml")),
    ("sl-home-3.toml", include_str!("../../protocols/sl-home-3.toml")),
];

impl Protocols {
    /// The built-in protocols; a test shows that each of them can be read.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// A list of protocols.
    #[must_use]
    pub fn of(all: Vec<Protocol>) -> Self {
        Self { all }
    }

    /// The protocol with an id and version.
    #[must_use]
    pub fn get(&self, id: &str, version: &str) -> Option<&Protocol> {
        self.all.iter().find(|protocol| protocol.id == id && protocol.version == version)
    }

    /// The newest version with an id.
    #[must_use]
    pub fn newest(&self, id: &str) -> Option<&Protocol> {
        self.all.iter().rev().find(|protocol| protocol.id == id)
    }

    /// Those that a new plan may be opened with: the newest version of each.
    pub fn offered(&self) -> impl Iterator<Item = &Protocol> {
        self.all.iter().filter(|one| self.newest(&one.id).is_some_and(|newest| newest.version == one.version))
    }

    /// All of them, superseded versions too.
    pub fn iter(&self) -> impl Iterator<Item = &Protocol> {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::event::Point;

    fn check_refused(change: (&str, &str), says: &str) {
        let (file, text) = BUILT_IN_TEXTS[1];
        assert!(text.contains(change.0), "the sample does not contain {:?}", change.0);
        let error = Protocol::read(file, &text.replacen(change.0, change.1, 1)).unwrap_err();
        let said = error.to_string();
        assert!(said.contains(says), "{said}");
        assert!(said.contains("sl-home.toml, line "), "{said}");
        assert!(error.line >= 1);
    }

    #[test]
    fn every_built_in_protocol_can_be_read() {
        for (file, text) in BUILT_IN_TEXTS {
            Protocol::read(file, text).unwrap();
        }
        assert_eq!(Protocols::built_in().iter().count(), BUILT_IN_TEXTS.len());
    }

    #[test]
    fn a_new_plan_is_offered_the_newest_version_and_an_old_plan_keeps_its_own() {
        let all = Protocols::built_in();
        let offered: Vec<_> = all.offered().map(|p| (p.id.as_str(), p.version.as_str())).collect();
        assert_eq!(offered, [("iv-single-clinic", "3"), ("sl-home", "3")]);
        for (id, version) in offered {
            assert_eq!(all.newest(id).unwrap().version, version);
            let asks = |version: &str| {
                let points = &all.get(id, version).unwrap().measures;
                points.iter().any(|m| m.point == Point::PreDose && m.instruments.iter().any(|i| i == "daily-check"))
            };
            assert_eq!((asks("1"), asks("2"), asks("3")), (false, true, true), "{id}");
        }
    }

    #[test]
    fn a_malformed_protocol_is_refused_with_file_line_and_what_was_expected() {
        check_refused(("schema = \"protocol/1\"", "schema = \"protocol/9\""), "protocol/1");
        check_refused(("setting = \"home\"", "setting = \"garden\""), "garden");
        check_refused(("\"asq\", \"audit-c\"", "\"asq\", \"audit-z\""), "audit-z");
        check_refused(("look_in_minutes = 15\n", ""), "looks in");
        check_refused(("start_mg = 100", "start_mg = 400"), "above the ceiling");
        check_refused(("sessions = 6", "sessions = 0"), "no session");
        check_refused(("consent = \"home-1\"", "consent = \"home-99\""), "home-99");
        check_refused(("title = ", "titel = "), "titel");
        check_refused(("language = \"en-US\"", "language = \"\""), "a language tag");
        check_refused(("language = \"en-US\"\n", ""), "language");
        check_refused(("repeat = \"each-session\"", "repeat = \"always\""), "always");
        check_refused(("due_hours = 168", "due_hours = 168\nanchor = \"last-dose\""), "does not belong to protocol/1");
        check_refused(("due_hours = 168\n", ""), "a point has no hours");
    }

    fn check_second_refused(change: (&str, &str), says: &str) {
        let (file, text) = BUILT_IN_TEXTS[5];
        assert!(text.contains(change.0), "the sample does not contain {:?}", change.0);
        let said = Protocol::read(file, &text.replacen(change.0, change.1, 1)).unwrap_err().to_string();
        assert!(said.contains(says) && said.contains("sl-home-3.toml, line "), "{said}");
    }

    #[test]
    fn a_point_without_an_anchor_and_a_clock_without_an_origin_are_refused() {
        check_second_refused(("anchor = \"each-dose\"\n", ""), "no anchor");
        check_second_refused(("anchor = \"each-dose\"", "anchor = \"full-moon\""), "full-moon");
        check_second_refused(("times = 6\n", ""), "half said");
        check_second_refused(("times = 6", "times = 1"), "times = 1");
        check_second_refused(("every_hours = 720", "every_hours = 300"), "before it closes");
        check_second_refused(("point = \"day3\"", "point = \"hours24\""), "asked twice");
        check_second_refused(("point = \"pre-dose\"", "point = \"pre-dose\"\ndue_hours = 4"), "has hours");
        check_second_refused(("due_hours = 336\n", ""), "no hours");
        check_second_refused(("clock = \"start\"\n", ""), "counts from");
        check_second_refused(("point = \"pre-dose\"", "point = \"pre-dose\"\nrepeat = \"each-session\""), "protocol/1");
        check_second_refused(
            ("point = \"pre-dose\"", "point = \"pre-dose\"\nanchor = \"each-dose\""),
            "time of its own",
        );
        let (file, text) = BUILT_IN_TEXTS[5];
        let without = text.replace("anchor = \"last-dose\"", "anchor = \"first-dose\"");
        assert!(Protocol::read(file, &without).unwrap_err().problem.contains("after the last dose"));
    }

    #[test]
    fn an_old_file_is_brought_up_in_memory_and_means_what_it_meant() {
        let old = Protocols::built_in().get("sl-home", "1").unwrap();
        let of = |point: Point| old.measures.iter().find(|m| m.point == point).unwrap();
        assert_eq!((of(Point::Hours24).anchor, of(Point::Hours24).times), (Some(Anchor::EachDose), 1));
        assert_eq!((of(Point::Monthly).anchor, of(Point::Monthly).times), (Some(Anchor::FirstDose), 1));
        assert_eq!(of(Point::PreDose).anchor, None);
        assert_eq!(old.monitoring.clock, ClockOrigin::Start);
    }

    #[test]
    fn the_line_named_is_the_line_that_is_wrong() {
        let (file, text) = BUILT_IN_TEXTS[1];
        let broken = text.replacen("\"asq\", \"audit-c\"", "\"asq\", \"audit-z\"", 1);
        let line = broken.lines().position(|line| line.contains("audit-z")).unwrap() + 1;
        assert_eq!(Protocol::read(file, &broken).unwrap_err().line, line);
    }

    #[test]
    fn a_protocol_that_loosens_a_rule_or_names_an_unknown_one_is_refused() {
        let (file, text) = BUILT_IN_TEXTS[1];
        let rule = rules::RULES
            .iter()
            .find_map(|rule| {
                let limit = rule.limits.iter().find(|limit| limit.tighter == rules::TightenDirection::Lower)?;
                Some((rule.id, limit))
            })
            .unwrap();
        let with = |value: f64| format!("{text}\n[tighten.\"{}\"]\n{} = {value:?}\n", rule.0, rule.1.name);
        assert!(Protocol::read(file, &with(rule.1.default - 0.5)).is_ok());
        let error = Protocol::read(file, &with(rule.1.default + 1.0)).unwrap_err();
        assert!(error.problem.contains("loosen"), "{error}");
        let unknown = format!("{text}\n[tighten.\"Z99-nothing\"]\nlimit = 1.0\n");
        assert!(Protocol::read(file, &unknown).unwrap_err().problem.contains("Z99-nothing"));
    }
}
