//! Medicines ordered, reported, handed out or given elsewhere.
//!
//! What is still taken, and what ended in the last twelve months, becomes a medicine. What ended longer ago is kept as a
//! fact. An order that is over without saying when counts by its date: within the last twelve months it is a medicine
//! still taken, until staff have gone through the list with the patient, because a rule must not read "over, some day"
//! as "over long enough". A medicine that the record does not name is one all the same: it is not classed, and asks.

use jiff::Timestamp;
use std::collections::BTreeSet;

use serde_json::Value;
use stillwater_care::event::{ImportedFact, Medicine};
use stillwater_care::facts::MedicineClass;
use stillwater_care::quantity::days_between;

use crate::dosage;
use crate::drug_words::says_more;
use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::lookup::Lookup;
use crate::medicines::{ACCORDING, Classed, classify, is_none, name_of_code, names_medicine, spoken};
use crate::mentions;
use crate::reference::canonical;
use crate::value::{Concept, DateBias, clean, kind_of, list, text};

/// Days after which a medicine that is over is kept as a fact only.
const KEPT_DAYS: f64 = 366.0;

/// The resources that tell of a medicine, in every version of FHIR.
pub const KINDS: [&str; 6] = [
    "MedicationRequest",
    "MedicationStatement",
    "MedicationUsage",
    "MedicationOrder",
    "MedicationDispense",
    "MedicationAdministration",
];

/// What the other record says of whether it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Taken, or nothing says otherwise.
    Taken,
    /// Not begun yet, or on hold: it may be taken any day.
    Intended,
    /// Over.
    Over,
    /// Given once, or over a span, and that was that.
    Given,
    /// Never taken.
    Never,
}

/// Reads one.
pub fn read<'b>(entry: &BundleEntry<'b>, lookup: &Lookup<'b>, gathering: &mut ImportBuilder<'_>) {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let kind = text(resource, "resourceType");
    let told = told(resource, lookup);
    let named = |kind: &str| if told.name.is_empty() { kind.to_owned() } else { format!("{kind}: {}", told.name) };
    let status = status(resource);
    if status == "entered-in-error" {
        return gathering.list(origin, named(&kind), "the other record marks it as entered in error");
    }
    if told.says_none() {
        return gathering.list(origin, named(&kind), "it says that no medicine is taken; ask the person");
    }
    if told.says_unknown() {
        return gathering.list(origin, named(&kind), "the other record knows nothing of medicines; ask the person");
    }
    if told.is_denied() {
        return gathering.list(origin, named(&kind), "its words say that it is not taken; ask the person");
    }
    if resource.get("doNotPerform").and_then(Value::as_bool) == Some(true) {
        return gathering.list(origin, named(&kind), "it asks that this medicine is not given");
    }
    let standing = standing(resource, &kind, &status);
    if standing == Standing::Never && kind != "MedicationRequest" && kind != "MedicationOrder" {
        return gathering.list(origin, named(&kind), format!("the other record says {status}: it was not taken"));
    }
    let date = |gathering: &mut ImportBuilder<'_>, holder: &Value, fields: &[&str], bias| {
        gathering.window.first(holder, fields, bias).unwrap_or_else(|why| {
            gathering.note(origin, &told.name, format!("{why}; the medicine is kept without this date"));
            None
        })
    };
    let started = date(gathering, resource, &BEGAN, DateBias::Earliest);
    let ended = match standing {
        Standing::Over => ended(resource, |holder, fields| date(gathering, holder, fields, DateBias::Latest)),
        Standing::Given => date(gathering, resource, &GIVEN, DateBias::Latest),
        Standing::Taken | Standing::Intended | Standing::Never => None,
    };
    let over = matches!(standing, Standing::Over | Standing::Given);
    let now = gathering.window.now;
    let handed_out = kind == "MedicationDispense";
    let kept = match (over, ended, started) {
        (false, _, Some(started)) if handed_out => days_between(started, now) <= KEPT_DAYS,
        (false, _, _) => true,
        (true, Some(ended), _) => days_between(ended, now) <= KEPT_DAYS,
        (true, None, Some(started)) => days_between(started, now) <= KEPT_DAYS,
        (true, None, None) => true,
    };
    if !kept || standing == Standing::Never {
        return gathering.fact(
            ImportedFact {
                kind,
                text: told.name.clone(),
                code: told.code(),
                at: started,
                status,
                value: ended.map(|at| format!("until {}", day(at))).unwrap_or_default(),
                origin: origin.to_owned(),
                candidate_for: None,
                concern: None,
            },
            &[],
        );
    }
    let ended = ended.map(|end| started.map_or(end, |start| end.max(start)));
    let Classed { classes, look, .. } = told.classed();
    let name = match standing {
        Standing::Over | Standing::Given if ended.is_none() => {
            format!("{} (over {ACCORDING}, not known since when)", told.name)
        }
        Standing::Intended => format!("{} ({status} {ACCORDING})", told.name),
        _ => told.name.clone(),
    };
    for one in look.into_iter().chain(told.trouble.clone()) {
        gathering.note(origin, &told.name, one);
    }
    if classes.iter().any(|class| *class != MedicineClass::Other) {
        let counts = "counts as still taken until staff have gone through the medicines";
        match standing {
            Standing::Over if ended.is_none() => {
                gathering.note(origin, &told.name, format!("it is {status} without a date; it {counts}"));
            }
            Standing::Intended => gathering.note(origin, &told.name, format!("it is {status}; it {counts}")),
            _ => {}
        }
    }
    gathering.account.medicines += 1;
    gathering.medicines.push(Medicine {
        name,
        classes,
        started_at: started,
        stopped_at: ended,
        diazepam_equivalent_mg_per_day: None,
        last_taken_at: if standing == Standing::Given { ended } else { None },
        dose: dosage::dose(resource),
        route: dosage::route(resource),
        frequency: dosage::frequency(resource),
        code: told.code(),
        from: origin.to_owned(),
    });
}

/// Notes which medicines a resource names, so that one that nobody orders can be told from the others.
pub fn note_references(resource: &Value, named: &mut BTreeSet<String>) {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    if !KINDS.contains(&kind) && kind != "Medication" {
        return;
    }
    let both = resource.get("medication");
    let ingredients = list(resource, "ingredient").iter().flat_map(|one| [one.get("itemReference"), one.get("item")]);
    let all = [resource.get("medicationReference"), both].into_iter().chain(ingredients).flatten();
    for reference in all {
        let inner = reference.get("reference").filter(|inner| inner.is_object()).unwrap_or(reference);
        let name = text(inner, "reference");
        if !name.is_empty() && !name.starts_with('#') {
            named.insert(canonical(&name));
        }
    }
}

/// Reads a medicine that no order and no statement names. Of a single person it counts as taken until somebody has asked,
/// since some records hold nothing else; among several nobody knows whose it is.
pub fn unordered<'b>(entry: &BundleEntry<'b>, alone: bool, lookup: &Lookup<'b>, gathering: &mut ImportBuilder<'_>) {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let mut told = Told::default();
    told.medication(resource, resource, lookup, 0);
    told.choose_name();
    let what = format!("Medication: {}", told.name);
    match text(resource, "status").as_str() {
        "entered-in-error" => return gathering.list(origin, what, "the other record marks it as entered in error"),
        "inactive" => return gathering.list(origin, what, "no order names it, and the other record no longer uses it"),
        _ if !alone => {
            return gathering.list(origin, what, "no order names it, and the bundle holds several people; ask");
        }
        _ if told.says_none() => {
            return gathering.list(origin, what, "it says that no medicine is taken; ask the person");
        }
        _ => {}
    }
    let Classed { classes, look, .. } = told.classed();
    let why = "no order or statement names it; it counts as still taken until staff have gone through the medicines";
    for one in look.into_iter().chain(told.trouble.clone()).chain([why.to_owned()]) {
        gathering.note(origin, &told.name, one);
    }
    gathering.account.medicines += 1;
    gathering.medicines.push(Medicine {
        name: format!("{} (not ordered {ACCORDING})", told.name),
        classes,
        code: told.code(),
        from: origin.to_owned(),
        ..Medicine::default()
    });
}

/// Where the versions of FHIR write when it began.
const BEGAN: [&str; 12] = [
    "authoredOn",
    "dateWritten",
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveTimeDateTime",
    "effectiveTimePeriod",
    "occurenceDateTime",
    "occurencePeriod",
    "whenHandedOver",
    "whenPrepared",
    "recorded",
    "dateAsserted",
];

/// Where they write when it was given.
const GIVEN: [&str; 8] = [
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveTimeDateTime",
    "effectiveTimePeriod",
    "occurenceDateTime",
    "occurencePeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
];

/// The status, from wherever the versions of FHIR write it: what says more than `status` counts.
fn status(resource: &Value) -> String {
    let status = text(resource, "status");
    if status == "entered-in-error" {
        return status;
    }
    if resource.get("wasNotTaken").and_then(Value::as_bool) == Some(true)
        || resource.get("wasNotGiven").and_then(Value::as_bool) == Some(true)
        || matches!(text(resource, "taken").as_str(), "n")
    {
        return "not-taken".to_owned();
    }
    let adherence = resource.get("adherence").and_then(|adherence| adherence.get("code"));
    let adhered = adherence.map(|code| list(code, "coding")).and_then(|codings| codings.first());
    match adhered.map(|coding| text(coding, "code")) {
        Some(code) if code.starts_with("not-taking") => "not-taken".to_owned(),
        Some(code) if code.starts_with("stopped") => "stopped".to_owned(),
        Some(code) if code.starts_with("on-hold") => "on-hold".to_owned(),
        _ => status,
    }
}

fn standing(resource: &Value, kind: &str, status: &str) -> Standing {
    let planned = matches!(text(resource, "intent").as_str(), "proposal" | "plan" | "option");
    match (kind, status) {
        ("MedicationAdministration", "not-done" | "not-taken") => Standing::Never,
        ("MedicationAdministration", "in-progress") => Standing::Taken,
        ("MedicationAdministration", _) => Standing::Given,
        ("MedicationDispense", "cancelled" | "declined") => Standing::Never,
        ("MedicationDispense", "preparation" | "on-hold") => Standing::Intended,
        ("MedicationDispense", _) => Standing::Taken,
        (_, "cancelled" | "not-taken" | "draft") => Standing::Never,
        (_, "stopped" | "completed" | "ended") => Standing::Over,
        (_, "intended" | "on-hold") => Standing::Intended,
        _ if planned => Standing::Intended,
        _ => Standing::Taken,
    }
}

fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// When it ended, from wherever FHIR lets it be said.
fn ended<F>(resource: &Value, mut date: F) -> Option<Timestamp>
where
    F: FnMut(&Value, &[&str]) -> Option<Timestamp>,
{
    if let Some(period) = resource.get("effectivePeriod").filter(|period| period.get("end").is_some()) {
        return date(period, &["end"]);
    }
    if resource.get("dateEnded").is_some() {
        return date(resource, &["dateEnded"]);
    }
    let validity = resource.get("dispenseRequest").and_then(|request| request.get("validityPeriod"));
    if let Some(period) = validity.filter(|period| period.get("end").is_some()) {
        return date(period, &["end"]);
    }
    let bounds = list(resource, "dosageInstruction")
        .iter()
        .filter_map(|dose| dose.get("timing").and_then(|t| t.get("repeat")).and_then(|r| r.get("boundsPeriod")));
    bounds.filter(|period| period.get("end").is_some()).filter_map(|period| date(period, &["end"])).max()
}

/// How a medicine is told: its name, everything it is called, its codes, and what could not be followed.
#[derive(Default)]
struct Told {
    name: String,
    names: Vec<String>,
    codes: Vec<(String, String)>,
    trouble: Vec<String>,
}

/// FHIR's own codes for saying that nothing is known, or that there is nothing.
const ABSENT: &str = "absent-unknown";
/// More names or codes of one medicine than these are not read, and that is said.
const MOST_NAMES: usize = 64;
/// How deep a medicine may be described by other medicines.
const DEPTH: usize = 3;

impl Told {
    fn classed(&self) -> Classed {
        if self.names.len() >= MOST_NAMES || self.codes.len() >= MOST_NAMES {
            let mut known = self.classed_as_read();
            known.classes.retain(|class| *class != MedicineClass::Other);
            known.classes.push(MedicineClass::NotClassed);
            known.classes.dedup();
            return known;
        }
        self.classed_as_read()
    }

    fn classed_as_read(&self) -> Classed {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let codes: Vec<(&str, &str)> =
            self.codes.iter().map(|(system, code)| (system.as_str(), code.as_str())).collect();
        classify(&names, &codes)
    }

    /// Every code after its system.
    fn code(&self) -> String {
        self.codes.iter().map(|(system, code)| spoken(system, code)).collect::<Vec<_>>().join("; ")
    }

    fn says_none(&self) -> bool {
        let coded = self.codes.iter().any(|(system, code)| system.contains(ABSENT) && code == "no-known-medications");
        coded || (!self.names.is_empty() && self.names.iter().all(|name| is_none(name)))
    }

    /// Whether every text that names a medicine denies it. A code beside the words says that it is taken.
    fn is_denied(&self) -> bool {
        self.codes.is_empty()
            && !self.names.is_empty()
            && self.names.iter().all(|name| says_more(name, names_medicine) && mentions::denied(name, names_medicine))
    }

    fn says_unknown(&self) -> bool {
        self.codes.iter().any(|(system, code)| system.contains(ABSENT) && code == "no-medication-info")
    }

    /// The name that it goes by: its words, or what its code stands for.
    fn choose_name(&mut self) {
        let written = self.names.iter().find(|name| !name.is_empty()).cloned();
        self.name = written.unwrap_or_else(|| {
            let named = self
                .codes
                .iter()
                .find_map(|(system, code)| Some(format!("{} ({})", name_of_code(system, code)?, spoken(system, code))));
            named.unwrap_or_else(|| self.code())
        });
        if self.name.is_empty() {
            self.name = "a medicine that the record does not name".to_owned();
            if self.trouble.is_empty() {
                self.trouble.push("it names no medicine".to_owned());
            }
        }
    }

    fn concept(&mut self, value: &Value, field: &str) {
        match Concept::read(value) {
            Ok(concept) => {
                for (system, code, display) in &concept.codings {
                    if !code.is_empty() && self.codes.len() < MOST_NAMES {
                        self.codes.push((system.clone(), code.clone()));
                    }
                    self.name(display);
                }
                self.name(&clean(&text(value, "text")));
            }
            Err(why) => self.trouble.push(format!("{field} {why}")),
        }
    }

    fn name(&mut self, name: &str) {
        if self.names.len() >= MOST_NAMES {
            if self.trouble.is_empty() {
                self.trouble.push(format!("it has more than {MOST_NAMES} names; look at the other record"));
            }
        } else if !name.is_empty() && !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }

    fn reference<'b>(&mut self, holder: &'b Value, reference: &'b Value, lookup: &Lookup<'b>, depth: usize) {
        if !reference.is_object() {
            return self
                .trouble
                .push(format!("medicationReference is {}, a reference was expected", kind_of(reference)));
        }
        self.name(&clean(&text(reference, "display")));
        let target = text(reference, "reference");
        match lookup.find(holder, &target) {
            Some(medication) if depth < DEPTH => self.medication(holder, medication, lookup, depth + 1),
            Some(_) => self.trouble.push(format!("{target:?} refers on and on")),
            None if target.is_empty() => {}
            None => self.trouble.push(format!("it refers to {target:?}, which is not in the bundle")),
        }
    }

    /// A Medication or Substance, with its ingredients. What it contains is found in it, or in whoever holds it.
    fn medication<'b>(&mut self, holder: &'b Value, medication: &'b Value, lookup: &Lookup<'b>, depth: usize) {
        if let Some(code) = medication.get("code") {
            self.concept(code, "the code of the medicine");
        }
        let product = medication.get("product").into_iter().flat_map(|product| list(product, "ingredient"));
        for ingredient in list(medication, "ingredient").iter().chain(product) {
            for field in ["itemCodeableConcept", "substanceCodeableConcept"] {
                if let Some(code) = ingredient.get(field) {
                    self.concept(code, field);
                }
            }
            let item = ingredient.get("item");
            let parts = [item.and_then(|item| item.get("concept")), ingredient.get("itemReference"), item];
            let [concept, old, new] = parts;
            if let Some(concept) = concept {
                self.concept(concept, "the ingredient");
            }
            let new = new.map(|new| new.get("reference").filter(|inner| inner.is_object()).unwrap_or(new));
            for reference in old.into_iter().chain(new.filter(|new| new.get("reference").is_some_and(Value::is_string)))
            {
                let inside = text(reference, "reference").starts_with('#');
                let around = if inside && lookup.find(medication, &text(reference, "reference")).is_some() {
                    medication
                } else {
                    holder
                };
                self.reference(around, reference, lookup, depth);
            }
        }
    }
}

/// Everything that a resource says of which medicine it is about.
fn told<'b>(resource: &'b Value, lookup: &Lookup<'b>) -> Told {
    let mut told = Told::default();
    for field in ["medicationCodeableConcept", "medication"] {
        if let Some(code) = resource
            .get(field)
            .filter(|value| field != "medication" || value.get("coding").is_some() || value.get("text").is_some())
        {
            told.concept(code, field);
        }
    }
    let both = resource.get("medication");
    if let Some(concept) = both.and_then(|both| both.get("concept")) {
        told.concept(concept, "medication.concept");
    }
    let inner = both
        .and_then(|both| both.get("reference"))
        .and_then(|inner| if inner.is_object() { Some(inner) } else { both });
    for reference in resource.get("medicationReference").into_iter().chain(inner) {
        told.reference(resource, reference, lookup, 0);
    }
    told.choose_name();
    told
}
