//! Observations: blood pressure, pulse, oxygen, breathing and weight become measurements; everything else is a fact.
//!
//! Figures are rounded to whole units, as the rules compare them. A figure that cannot be true, a unit that is not known
//! and a date that cannot be are listed, and never guessed at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use stillwater_care::code::Code;
use stillwater_care::event::{Demographics, ImportedFact, ImportedMeasurement};
use stillwater_care::quantity::{BloodPressure, Impossible, ReadingSource, Vitals, check_weight_kg};
use stillwater_care::unit::Unit;

use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::value::{Concept, DateBias, DateWindow, LOINC, Quantity, clean, kind_of, list, text};
use crate::{NEWEST_MEASUREMENTS, NEWEST_OF_A_KIND};

const PRESSURE: [&str; 3] = ["85354-9", "55284-4", "35094-2"];
const SYSTOLIC: &str = "8480-6";
const DIASTOLIC: &str = "8462-4";
const PULSE: [&str; 2] = ["8867-4", "8889-8"];
const OXYGEN: [&str; 2] = ["2708-6", "59408-5"];
const BREATHING: &str = "9279-1";
const WEIGHT: [&str; 3] = ["29463-7", "3141-9", "8341-0"];
/// "Have you been discharged from the armed forces of the United States?"
const SERVED: &str = "93034-7";

/// A figure of a set of vital signs.
#[derive(Clone, Copy, Debug)]
enum Sign {
    Pressure(BloodPressure),
    Pulse(i32),
    Oxygen(i32),
    Breathing(i32),
}

/// Observations read so far.
#[derive(Debug, Default)]
pub struct Readings {
    signs: BTreeMap<Timestamp, Vec<(Sign, String)>>,
    weights: Vec<(Timestamp, f64, String)>,
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
        let status = text(resource, "status");
        if matches!(status.as_str(), "entered-in-error" | "cancelled") {
            return gathering.list(origin, "Observation", format!("the other record marks it as {status}"));
        }
        let concept = match resource.get("code").ok_or_else(|| "is missing".to_owned()).and_then(Concept::read) {
            Ok(concept) => concept,
            Err(why) => return gathering.list(origin, "Observation", format!("code {why}")),
        };
        let what = format!("Observation: {}", concept.text);
        let fields = ["effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"];
        let at = match gathering.window.first(resource, &fields, DateBias::Earliest) {
            Ok(Some(at)) => at,
            Ok(None) => return gathering.list(origin, what, "it does not say when it was measured"),
            Err(why) => return gathering.list(origin, what, why),
        };
        let code = concept.codes(LOINC).next().unwrap_or_default().to_owned();
        if WEIGHT.contains(&code.as_str()) && in_childhood(&gathering.window, at) {
            return gathering.count("Observation, body weight", "measured before the age of 18; no rule uses it");
        }
        match self.take(&code, &concept, resource, at, entry) {
            Ok(()) => {}
            Err(why) => return gathering.list(origin, what, why),
        }
        if code == SERVED {
            demographics.veteran = answer(resource).or(demographics.veteran);
        }
    }

    fn take(
        &mut self,
        code: &str,
        concept: &Concept,
        resource: &Value,
        at: Timestamp,
        entry: &BundleEntry<'_>,
    ) -> Result<(), String> {
        let sign = if PRESSURE.contains(&code) {
            Sign::Pressure(pressure(resource)?)
        } else if PULSE.contains(&code) {
            Sign::Pulse(whole(resource, &["/min", "{beats}/min", "beats/minute", "beats/min", "bpm", "{Beats}/min"])?)
        } else if OXYGEN.contains(&code) {
            Sign::Oxygen(whole(resource, &["%"])?)
        } else if code == BREATHING {
            Sign::Breathing(whole(resource, &["/min", "{breaths}/min", "breaths/minute", "breaths/min"])?)
        } else if WEIGHT.contains(&code) {
            let weight = check_weight_kg((kilograms(&exact(resource)?)? * 100.0).round() / 100.0)
                .map_err(|why| impossible(&why))?;
            self.weights.push((at, weight, entry.origin.clone()));
            return Ok(());
        } else {
            let fact = ImportedFact {
                kind: "Observation".to_owned(),
                text: concept.text.clone(),
                code: concept.code(),
                at: Some(at),
                status: text(resource, "status"),
                value: value_words(resource)?,
                origin: entry.origin.clone(),
                candidate_for: None,
                concern: None,
            };
            let kind = if code.is_empty() { concept.text.to_lowercase() } else { code.to_owned() };
            self.others.entry(kind).or_default().push(fact);
            return Ok(());
        };
        let mut alone = Vitals::at(at, ReadingSource::Imported);
        set(&mut alone, sign);
        alone.check().map_err(|why| impossible(&why))?;
        self.signs.entry(at).or_default().push((sign, entry.origin.clone()));
        Ok(())
    }

    /// Hands over the newest and counts the rest.
    pub fn finish(self, gathering: &mut ImportBuilder<'_>) {
        let limit = NEWEST_MEASUREMENTS;
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
            for (sign, origin) in signs {
                if taken(&vitals, sign) {
                    gathering.list(
                        &origin,
                        "Observation, vital signs",
                        "a second reading at the same moment; the first is used",
                    );
                    continue;
                }
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
        for mut facts in self.others.into_values() {
            facts.sort_by_key(|fact| std::cmp::Reverse(fact.at));
            let name = facts.first().map(|fact| fact.text.clone()).unwrap_or_default();
            for (index, fact) in facts.into_iter().enumerate() {
                if index < NEWEST_OF_A_KIND {
                    gathering.fact(fact, &[]);
                } else {
                    gathering.count(
                        format!("Observation {name}"),
                        format!("only the newest {NEWEST_OF_A_KIND} of a kind are taken over; these are older"),
                    );
                }
            }
        }
    }
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
        Sign::Pulse(rate) => vitals.heart_rate_per_min = Some(rate),
        Sign::Oxygen(percent) => vitals.spo2_percent = Some(percent),
        Sign::Breathing(rate) => vitals.respiratory_rate_per_min = Some(rate),
    }
}

fn taken(vitals: &Vitals, sign: Sign) -> bool {
    match sign {
        Sign::Pressure(_) => vitals.blood_pressure.is_some(),
        Sign::Pulse(_) => vitals.heart_rate_per_min.is_some(),
        Sign::Oxygen(_) => vitals.spo2_percent.is_some(),
        Sign::Breathing(_) => vitals.respiratory_rate_per_min.is_some(),
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

fn whole(resource: &Value, units: &[&str]) -> Result<i32, String> {
    let quantity = exact(resource)?;
    if !units.contains(&quantity.unit.as_str()) {
        return Err(unknown_unit(&quantity, units.first().copied().unwrap_or_default()));
    }
    rounded(quantity.value)
}

fn rounded(value: f64) -> Result<i32, String> {
    if value.abs() < 100_000.0 { Ok(value.round() as i32) } else { Err(format!("{value} cannot be a reading")) }
}

fn unknown_unit(quantity: &Quantity, expected: &str) -> String {
    if quantity.unit.is_empty() {
        format!("{} has no unit; expected {expected}", quantity.value)
    } else {
        format!("the unit {:?} is not known here; expected {expected}", quantity.unit)
    }
}

fn kilograms(quantity: &Quantity) -> Result<f64, String> {
    match quantity.unit.as_str() {
        "kg" => Ok(quantity.value),
        "g" => Ok(quantity.value / 1000.0),
        "[lb_av]" | "lb" | "lbs" => Ok(quantity.value * 0.453_592_37),
        "[oz_av]" | "oz" => Ok(quantity.value * 0.028_349_523_125),
        _ => Err(unknown_unit(quantity, "kg, g or [lb_av]")),
    }
}

fn pressure(resource: &Value) -> Result<BloodPressure, String> {
    let part = |wanted: &str, name: &str| {
        let component = list(resource, "component")
            .iter()
            .find(|c| {
                c.get("code")
                    .and_then(|code| Concept::read(code).ok())
                    .is_some_and(|c| c.codes(LOINC).any(|code| code == wanted))
            })
            .ok_or_else(|| format!("the {name} pressure (LOINC {wanted}) is missing"))?;
        let quantity = exact(component).map_err(|why| format!("{name} pressure: {why}"))?;
        let mmhg = match quantity.unit.as_str() {
            "mm[Hg]" | "mmHg" | "mm Hg" => quantity.value,
            "kPa" => quantity.value * 7.500_617,
            _ => return Err(format!("{name} pressure: {}", unknown_unit(&quantity, "mm[Hg]"))),
        };
        rounded(mmhg)
    };
    let pressure = BloodPressure { systolic: part(SYSTOLIC, "systolic")?, diastolic: part(DIASTOLIC, "diastolic")? };
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
