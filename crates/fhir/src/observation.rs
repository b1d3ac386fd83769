//! Observations: blood pressure, pulse, oxygen, breathing and weight become measurements; everything else is a fact.
//!
//! Figures are rounded to whole units, as the rules compare them. A figure that cannot be true, a unit that is not known
//! and a date that cannot be are listed, and never guessed at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use stillwater_care::code::Code;
use stillwater_care::event::{Demographics, ImportedFact, ImportedMeasurement};
use stillwater_care::facts::{HistoryTopic, RecordedConcern, Sex};
use stillwater_care::quantity::{BloodPressure, Impossible, ReadingSource, Vitals, check_weight_kg, days_between};
use stillwater_care::unit::Unit;

use crate::answers::{self, Status};
use crate::condition::PREGNANCY_DAYS;
use crate::folded::{fold, whole};
use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::labs::{Labs, interpretation};
use crate::units;
use crate::value::{Concept, DateBias, DateWindow, LOINC, Quantity, SNOMED, clean, kind_of, list, text};
use crate::{NEWEST_MEASUREMENTS, NEWEST_OF_A_KIND};

/// Codes of LOINC and SNOMED CT for a blood pressure as a whole, and for its two figures, in any position.
const PRESSURE: [&str; 6] = ["85354-9", "55284-4", "35094-2", "96607-7", "55417-0", "75367002"];
const SYSTOLIC: [&str; 6] = ["8480-6", "8459-0", "8460-8", "8461-6", "76534-7", "271649006"];
const DIASTOLIC: [&str; 6] = ["8462-4", "8453-3", "8454-1", "8455-8", "76535-4", "271650006"];
const PULSE: [&str; 4] = ["8867-4", "8889-8", "364075005", "78564009"];
const OXYGEN: [&str; 3] = ["2708-6", "59408-5", "431314004"];
const BREATHING: [&str; 2] = ["9279-1", "86290005"];
const WEIGHT: [&str; 4] = ["29463-7", "3141-9", "8341-0", "27113001"];
/// "Have you been discharged from the armed forces of the United States?"
const SERVED: &str = "93034-7";
/// Words for a blood pressure that is written as "128/82", without a code.
const PRESSURE_WORDS: [&str; 8] = [
    "blood pressure",
    "bp",
    "presion arterial",
    "tension arterial",
    "tension arterielle",
    "pression arterielle",
    "blutdruck",
    "pressao arterial",
];

/// A figure of a set of vital signs.
#[derive(Clone, Copy, Debug)]
enum Sign {
    Pressure(BloodPressure),
    /// The other half of a pressure that stands in two observations.
    SamePressure,
    Pulse(i32),
    Oxygen(i32),
    Breathing(i32),
}

/// Half of a blood pressure that stands in an observation of its own.
#[derive(Debug, Default)]
struct Halves {
    systolic: Vec<(i32, String)>,
    diastolic: Vec<(i32, String)>,
}

/// Observations read so far.
#[derive(Debug, Default)]
pub struct Readings {
    signs: BTreeMap<Timestamp, Vec<(Sign, String)>>,
    halves: BTreeMap<Timestamp, Halves>,
    weights: Vec<(Timestamp, f64, String)>,
    labs: Labs,
    others: BTreeMap<String, Vec<ImportedFact>>,
}

impl Readings {
    /// Reads one.
    pub fn read(
        &mut self,
        entry: &BundleEntry<'_>,
        gathering: &mut ImportBuilder<'_>,
        demographics: &mut Demographics,
    ) {
        let (resource, origin) = (entry.resource, entry.origin.as_str());
        let concept = match resource.get("code").ok_or_else(|| "is missing".to_owned()).and_then(Concept::read) {
            Ok(concept) => concept,
            Err(why) => return gathering.list(origin, "Observation", format!("code {why}")),
        };
        let what = format!("Observation: {}", concept.text);
        let status = text(resource, "status");
        if matches!(status.as_str(), "entered-in-error" | "cancelled") {
            return gathering.list(origin, what, format!("the other record marks it as {status}"));
        }
        let codes: Vec<&str> = concept.codes(LOINC).chain(concept.codes(SNOMED)).collect();
        let has = |known: &[&str]| codes.iter().any(|code| known.contains(code));
        let fields = ["effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"];
        let at = match gathering.window.first(resource, &fields, DateBias::Earliest) {
            Ok(Some(at)) => at,
            // What may not wait is told without its date.
            Ok(None) | Err(_) if self.told_undated(entry, gathering, &concept, &codes) => return,
            Ok(None) => return gathering.list(origin, what, "it does not say when it was measured"),
            Err(why) => return gathering.list(origin, what, why),
        };
        if has(&WEIGHT) && in_childhood(&gathering.window, at) {
            return gathering.count("Observation, body weight", "measured before the age of 18; no rule uses it");
        }
        if let Err(why) = self.take(&codes, &concept, resource, at, entry, gathering) {
            return gathering.list(origin, what, why);
        }
        if has(&[SERVED]) {
            demographics.veteran = answer(resource).or(demographics.veteran);
        }
    }

    fn take(
        &mut self,
        codes: &[&str],
        concept: &Concept,
        resource: &Value,
        at: Timestamp,
        entry: &BundleEntry<'_>,
        gathering: &mut ImportBuilder<'_>,
    ) -> Result<(), String> {
        let has = |known: &[&str]| codes.iter().any(|code| known.contains(code));
        let sign = if has(&PRESSURE) || is_pressure(concept, resource) {
            Sign::Pressure(pressure(resource)?)
        } else if has(&SYSTOLIC) || has(&DIASTOLIC) {
            let half = rounded(units::mmhg(&exact(resource)?)?)?;
            // Two entries of one measurement may differ by seconds.
            let minute = Timestamp::from_second(at.as_second() - at.as_second().rem_euclid(60)).unwrap_or(at);
            let halves = self.halves.entry(minute).or_default();
            let side = if has(&SYSTOLIC) { &mut halves.systolic } else { &mut halves.diastolic };
            side.push((half, entry.origin.clone()));
            return Ok(());
        } else if has(&PULSE) {
            Sign::Pulse(rounded(units::per_minute(&exact(resource)?)?)?)
        } else if has(&OXYGEN) {
            Sign::Oxygen(rounded(units::percent(&exact(resource)?)?)?)
        } else if has(&BREATHING) {
            Sign::Breathing(rounded(units::per_minute(&exact(resource)?)?)?)
        } else if has(&WEIGHT) {
            let weight = check_weight_kg((units::kilograms(&exact(resource)?)? * 100.0).round() / 100.0)
                .map_err(|why| impossible(&why))?;
            self.weights.push((at, weight, entry.origin.clone()));
            return Ok(());
        } else {
            return self.other(codes, concept, resource, Some(at), entry, gathering);
        };
        let mut alone = Vitals::at(at, ReadingSource::Imported);
        set(&mut alone, sign);
        alone.check().map_err(|why| impossible(&why))?;
        self.signs.entry(at).or_default().push((sign, entry.origin.clone()));
        Ok(())
    }

    /// An observation that stays a fact; some tell of suicide or of a pregnancy, some are results.
    fn other(
        &mut self,
        codes: &[&str],
        concept: &Concept,
        resource: &Value,
        at: Option<Timestamp>,
        entry: &BundleEntry<'_>,
        gathering: &mut ImportBuilder<'_>,
    ) -> Result<(), String> {
        let origin = entry.origin.as_str();
        let name = concept.words();
        let (topics, concerns) = told(codes, &name, resource, at, &concept.text, origin, gathering);
        if let Some(at) = at
            && let Err(why) = self.labs.read(codes, &name, resource, at, origin)
        {
            gathering.note(origin, format!("Observation: {}", concept.text), format!("{why}; it is kept as a fact"));
        }
        let fact = ImportedFact {
            kind: "Observation".to_owned(),
            text: concept.text.clone(),
            code: concept.code(),
            at,
            status: text(resource, "status"),
            value: value_words(resource)?,
            origin: entry.origin.clone(),
            candidate_for: None,
            concern: None,
        };
        if !(topics.is_empty() && concerns.is_empty()) {
            gathering.fact_with(fact, &topics, &concerns);
            return Ok(());
        }
        let kind = codes.first().map_or_else(|| concept.text.to_lowercase(), |code| (*code).to_owned());
        let known = self.others.entry(kind).or_default();
        known.push(fact);
        // Only the newest are kept, from the beginning on: a long record must not fill the memory with what is left out.
        if known.len() > NEWEST_OF_A_KIND {
            known.sort_by_key(|fact| std::cmp::Reverse(fact.at));
            if let Some(oldest) = known.pop() {
                gathering.count(
                    format!("Observation {}", oldest.text),
                    format!("only the newest {NEWEST_OF_A_KIND} of a kind are taken over; these are older"),
                );
            }
        }
        Ok(())
    }

    /// Takes over what tells of suicide or pregnancy, where the date is missing or wrong.
    fn told_undated(
        &mut self,
        entry: &BundleEntry<'_>,
        gathering: &mut ImportBuilder<'_>,
        concept: &Concept,
        codes: &[&str],
    ) -> bool {
        let mut quiet = ImportBuilder::new(gathering.place, gathering.window);
        let found = told(codes, &concept.words(), entry.resource, None, &concept.text, &entry.origin, &mut quiet);
        if found.0.is_empty() && found.1.is_empty() {
            return false;
        }
        let what = format!("Observation: {}", concept.text);
        gathering.note(&entry.origin, what, "its date is missing or cannot be; it is kept without one");
        self.other(codes, concept, entry.resource, None, entry, gathering).is_ok()
    }

    /// A systolic and a diastolic figure of one moment are one pressure.
    fn join_halves(&mut self, gathering: &mut ImportBuilder<'_>) {
        for (at, mut halves) in std::mem::take(&mut self.halves) {
            halves.systolic.sort();
            halves.diastolic.sort();
            let pairs = halves.systolic.len().min(halves.diastolic.len());
            let high = halves.systolic.split_off(halves.systolic.len() - pairs);
            let low = halves.diastolic.split_off(halves.diastolic.len() - pairs);
            for (high, low) in high.into_iter().zip(low) {
                let pressure = BloodPressure { systolic: high.0, diastolic: low.0 };
                match pressure.check() {
                    Ok(pressure) => {
                        let signs = self.signs.entry(at).or_default();
                        signs.push((Sign::Pressure(pressure), high.1));
                        signs.push((Sign::SamePressure, low.1));
                    }
                    Err(why) => {
                        for origin in [&high.1, &low.1] {
                            gathering.list(origin, "Observation, blood pressure", impossible(&why));
                        }
                    }
                }
            }
            for (left, other) in [(halves.systolic, "diastolic"), (halves.diastolic, "systolic")] {
                for (value, origin) in left {
                    let what = format!("Observation, blood pressure {value} mmHg");
                    gathering.list(&origin, what, format!("the {other} pressure of this moment is missing"));
                }
            }
        }
    }

    /// Hands over the newest and counts the rest.
    pub fn finish(mut self, gathering: &mut ImportBuilder<'_>, sex: Sex) {
        let limit = NEWEST_MEASUREMENTS;
        self.join_halves(gathering);
        for (index, (at, signs)) in self.signs.into_iter().rev().enumerate() {
            if index >= limit {
                for _ in signs {
                    gathering.count(
                        "Observation, vital signs",
                        format!("only the newest {limit} sets are taken over; these are older"),
                    );
                }
                continue;
            }
            let mut vitals = Vitals::at(at, ReadingSource::Imported);
            let mut origins = Vec::new();
            let mut all: Vec<(Sign, String)> = Vec::new();
            for (sign, origin) in signs {
                match all.iter_mut().find(|(known, _)| known.is_kind_of(sign)) {
                    None => all.push((sign, origin)),
                    Some((Sign::SamePressure, _)) => {
                        gathering.account.measurements += 1;
                        origins.push(origin);
                    }
                    Some(known) => {
                        let (kept, left) = if worse(sign, known.0) {
                            ((sign, origin), known.clone())
                        } else {
                            (known.clone(), (sign, origin))
                        };
                        let why = format!(
                            "two readings of one moment: {} and {}; the worse one is used",
                            kept.0.words(),
                            left.0.words()
                        );
                        gathering.list(&left.1, "Observation, vital signs", why);
                        *known = kept;
                    }
                }
            }
            for (sign, origin) in all {
                set(&mut vitals, sign);
                gathering.account.measurements += 1;
                origins.push(origin);
            }
            gathering.measurements.push(ImportedMeasurement::Vitals { vitals, origin: joined(&origins) });
        }
        let mut weights = self.weights;
        weights.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
        for (index, (taken_at, weight_kg, origin)) in weights.into_iter().enumerate() {
            if index < limit {
                gathering.account.measurements += 1;
                gathering.measurements.push(ImportedMeasurement::Weight { weight_kg, taken_at, origin });
            } else {
                gathering.count(
                    "Observation, body weight",
                    format!("only the newest {limit} are taken over; these are older"),
                );
            }
        }
        gathering.measurements.extend(self.labs.finish(sex));
        for mut facts in self.others.into_values() {
            facts.sort_by_key(|fact| std::cmp::Reverse(fact.at));
            facts.into_iter().for_each(|fact| gathering.fact(fact, &[]));
        }
    }
}

/// What an observation tells of pregnancy, breast-feeding and suicide.
fn told(
    codes: &[&str],
    name: &str,
    resource: &Value,
    at: Option<Timestamp>,
    what: &str,
    origin: &str,
    gathering: &mut ImportBuilder<'_>,
) -> (Vec<HistoryTopic>, Vec<RecordedConcern>) {
    let (mut topics, mut concerns) = (Vec::new(), Vec::new());
    let Some((_, value)) = value_field(resource) else { return (topics, concerns) };
    if let Some(concern) = answers::suicidal_answer(&codes.join(" "), name, value) {
        concerns.push(concern);
    }
    let recent = at.is_none_or(|at| days_between(at, gathering.window.now) <= PREGNANCY_DAYS);
    let pregnant = answers::pregnancy(codes, name, value, &interpretation(resource));
    for (status, topic) in [
        (pregnant, HistoryTopic::CouldBePregnant),
        (answers::breast_feeding(codes, name, value), HistoryTopic::BreastFeeding),
    ] {
        match status {
            Some(Status::Yes) if recent => topics.push(topic),
            Some(Status::Perhaps) if recent => {
                gathering.note(origin, format!("Observation: {what}"), "it may mean a pregnancy now; ask");
            }
            _ => {}
        }
    }
    (topics, concerns)
}

/// Whether a pressure stands here without one of the codes for it: by its two components, or by words and "128/82".
fn is_pressure(concept: &Concept, resource: &Value) -> bool {
    let parts = list(resource, "component");
    if component(parts, &SYSTOLIC).is_some() && component(parts, &DIASTOLIC).is_some() {
        return true;
    }
    let words = fold(&concept.words());
    PRESSURE_WORDS.iter().any(|word| whole(&words, word).next().is_some()) && written_pressure(resource).is_some()
}

fn component<'v>(parts: &'v [Value], codes: &[&str]) -> Option<&'v Value> {
    parts.iter().find(|part| {
        part.get("code")
            .and_then(|code| Concept::read(code).ok())
            .is_some_and(|concept| concept.codes(LOINC).chain(concept.codes(SNOMED)).any(|code| codes.contains(&code)))
    })
}

/// A pressure written as "128/82", with or without its unit.
fn written_pressure(resource: &Value) -> Option<(f64, f64, String)> {
    let (_, value) = value_field(resource)?;
    let said = match value {
        Value::String(said) => said.clone(),
        Value::Object(_) => text(value, "text"),
        _ => return None,
    };
    let (before, after) = said.split_once('/')?;
    let high: String = before.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let high: f64 = high.chars().rev().collect::<String>().parse().ok()?;
    let after = after.trim_start();
    let low: String = after.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let unit = after.get(low.len()..).unwrap_or_default().trim().to_owned();
    Some((high, low.trim_end_matches('.').parse().ok()?, unit))
}

/// One origin in full, and of the others only what differs.
fn joined(origins: &[String]) -> String {
    let mut all = String::new();
    for origin in origins {
        if all.is_empty() {
            all.push_str(origin);
        } else {
            all.push_str(" + ");
            all.push_str(origin.rsplit(", ").next().unwrap_or(origin));
        }
    }
    all
}

/// Why a figure is left out, as the list of what was not understood tells it beside its other reasons.
fn impossible(why: &Impossible) -> String {
    match why {
        Impossible::OutOfRange { what, given, least, most, unit } => {
            let what = what.code().replace('-', " ");
            let unit = match unit {
                Unit::MmHg => "mmHg",
                Unit::Percent => "%",
                Unit::BeatsPerMinute | Unit::BreathsPerMinute => "/min",
                other => other.code(),
            };
            format!("{what} {given} is not possible: it must be from {least} to {most} {unit}")
        }
        Impossible::PressureUpsideDown { systolic, diastolic } => {
            format!(
                "blood pressure {systolic}/{diastolic} mmHg is not possible: the first number must be higher than the second"
            )
        }
        Impossible::NothingMeasured => "it holds no figure".to_owned(),
    }
}

/// An infant's weight is no impossible one, only of no use here.
fn in_childhood(window: &DateWindow, at: Timestamp) -> bool {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    window.born.and_then(|born| born.checked_add(jiff::Span::new().years(18)).ok()).is_some_and(|adult| day < adult)
}

fn set(vitals: &mut Vitals, sign: Sign) {
    match sign {
        Sign::Pressure(pressure) => vitals.blood_pressure = Some(pressure),
        Sign::SamePressure => {}
        Sign::Pulse(rate) => vitals.heart_rate_per_min = Some(rate),
        Sign::Oxygen(percent) => vitals.spo2_percent = Some(percent),
        Sign::Breathing(rate) => vitals.respiratory_rate_per_min = Some(rate),
    }
}

impl Sign {
    fn is_kind_of(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    fn words(self) -> String {
        match self {
            Self::Pressure(pressure) => format!("{}/{} mmHg", pressure.systolic, pressure.diastolic),
            Self::SamePressure => String::new(),
            Self::Pulse(rate) => format!("pulse {rate} /min"),
            Self::Oxygen(percent) => format!("oxygen saturation {percent} %"),
            Self::Breathing(rate) => format!("breathing rate {rate} /min"),
        }
    }
}

/// Whether the first of two readings is the worse: nearer to or further past a limit.
fn worse(one: Sign, other: Sign) -> bool {
    let weight =
        |pressure: BloodPressure| (f64::from(pressure.systolic) / 160.0).max(f64::from(pressure.diastolic) / 100.0);
    match (one, other) {
        (Sign::Pressure(one), Sign::Pressure(other)) => weight(one) > weight(other),
        (Sign::Pulse(one), Sign::Pulse(other)) => (one - 75).abs() > (other - 75).abs(),
        (Sign::Oxygen(one), Sign::Oxygen(other)) => one < other,
        (Sign::Breathing(one), Sign::Breathing(other)) => (one - 16).abs() > (other - 16).abs(),
        _ => false,
    }
}

fn exact(resource: &Value) -> Result<Quantity, String> {
    let value = resource.get("valueQuantity").ok_or_else(|| match value_field(resource) {
        Some((field, _)) => format!("it gives {field}, a valueQuantity was expected"),
        None => "it gives no value".to_owned(),
    })?;
    let quantity = Quantity::read(value, "valueQuantity")?;
    if quantity.comparator.is_empty() {
        Ok(quantity)
    } else {
        Err(format!("{} is not an exact figure", quantity.words()))
    }
}

fn rounded(value: f64) -> Result<i32, String> {
    if value.abs() < 100_000.0 { Ok(value.round() as i32) } else { Err(format!("{value} cannot be a reading")) }
}

fn pressure(resource: &Value) -> Result<BloodPressure, String> {
    let parts = list(resource, "component");
    let pressure = if parts.is_empty()
        && let Some((high, low, unit)) = written_pressure(resource)
    {
        let unit = if unit.is_empty() { "mmHg".to_owned() } else { unit };
        let half =
            |value| units::mmhg(&Quantity { value, unit: unit.clone(), comparator: String::new() }).and_then(rounded);
        BloodPressure { systolic: half(high)?, diastolic: half(low)? }
    } else {
        let part = |codes: &[&str], name: &str| {
            let part = component(parts, codes).ok_or_else(|| {
                format!("the {name} pressure (LOINC {}) is missing", codes.first().copied().unwrap_or_default())
            })?;
            let mmhg = exact(part).and_then(|quantity| units::mmhg(&quantity));
            rounded(mmhg.map_err(|why| format!("{name} pressure: {why}"))?)
        };
        BloodPressure { systolic: part(&SYSTOLIC, "systolic")?, diastolic: part(&DIASTOLIC, "diastolic")? }
    };
    pressure.check().map_err(|why| impossible(&why))
}

fn value_field(resource: &Value) -> Option<(&String, &Value)> {
    resource.as_object()?.iter().find(|(field, _)| field.starts_with("value"))
}

/// The value in words, whatever its type; components one after the other.
fn value_words(resource: &Value) -> Result<String, String> {
    let parts = list(resource, "component");
    if let Some((field, value)) = value_field(resource) {
        return one_value(field, value);
    }
    if parts.is_empty() {
        if let Some(reason) = resource.get("dataAbsentReason") {
            let why = Concept::read(reason).map_or_else(|_| "unknown".to_owned(), |reason| reason.text);
            return Ok(format!("no value: {why}"));
        }
        return Ok(String::new());
    }
    let words: Result<Vec<_>, String> = parts
        .iter()
        .map(|part| {
            // The value counts even where nobody can tell what it is of.
            let name = part.get("code").and_then(|code| Concept::read(code).ok());
            let name = name.map_or_else(|| "a part without a readable name".to_owned(), |concept| concept.text);
            let value = value_field(part)
                .map_or_else(|| Ok("no value".to_owned()), |(field, value)| one_value(field, value))?;
            Ok(format!("{name}: {value}"))
        })
        .collect();
    words.map(|words| clean(&words.join("; ")))
}

fn one_value(field: &str, value: &Value) -> Result<String, String> {
    match (field, value) {
        ("valueQuantity", value) => Quantity::read(value, field).map(|quantity| quantity.words()),
        ("valueCodeableConcept", value) => Concept::read(value).map(|c| c.text).map_err(|why| format!("{field} {why}")),
        (_, Value::String(words)) => Ok(clean(words)),
        (_, Value::Number(number)) => Ok(number.to_string()),
        (_, Value::Bool(answer)) => Ok(if *answer { "yes" } else { "no" }.to_owned()),
        ("valueRange" | "valueRatio" | "valuePeriod", Value::Object(_)) => Ok(clean(&value.to_string())),
        (field, other) => Err(format!("{field} is {}, which is not read", kind_of(other))),
    }
}

fn answer(resource: &Value) -> Option<bool> {
    if let Some(said) = resource.get("valueBoolean").and_then(Value::as_bool) {
        return Some(said);
    }
    let words = resource.get("valueCodeableConcept").and_then(|value| Concept::read(value).ok())?.text.to_lowercase();
    match words.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
