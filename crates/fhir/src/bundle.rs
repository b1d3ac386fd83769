//! One bundle: is it one at all, whom is it about, and which reader takes each of its entries.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::import_builder::{BundleEntry, BundlePlace, ImportBuilder};
use crate::lookup::Lookup;
use crate::observation::Readings;
use crate::procedure::Procedures;
use crate::value::{DateWindow, kind_of, list, not_text, text};
use crate::{BundleOutcome, ReadError, ReadPerson, allergy, condition, medication, patient};

const ACCEPTED: [&str; 5] = ["collection", "transaction", "batch", "searchset", "document"];

/// Types that are understood and not used, each with the reason.
const NOT_USED: &[(&str, &str)] = &[
    ("Encounter", "visits elsewhere are not taken over; what was found in them is"),
    ("CarePlan", "plans of other services are not taken over; ask the person what is still going on"),
    ("CareTeam", "the care team here is set by staff"),
    ("Goal", "goals of other services are not taken over"),
    ("Medication", "a medicine is taken over with the order that names it"),
    ("Immunization", "no rule uses vaccinations"),
    ("DiagnosticReport", "the observations of a report are taken over, the report is not"),
    ("DocumentReference", "documents are not read; ask for a copy"),
    ("Composition", "documents are not read; ask for a copy"),
    ("QuestionnaireResponse", "answers given elsewhere are not scored here; have the person answer again"),
    ("ImagingStudy", "images are not read"),
    ("Device", "devices are not taken over"),
    ("Claim", "billing is not taken over"),
    ("ExplanationOfBenefit", "billing is not taken over"),
    ("Coverage", "billing is not taken over"),
    ("Organization", "names of other services are not taken over"),
    ("Practitioner", "names of other clinicians are not taken over"),
    ("PractitionerRole", "names of other clinicians are not taken over"),
    ("Location", "places are not taken over"),
    ("Provenance", "the file and line are kept as the origin instead"),
    ("OperationOutcome", "a message of the sending system, not a part of the record"),
    ("RelatedPerson", "relatives are named by the person here, not taken over"),
];

/// Reads a parsed bundle.
pub fn read(file: &str, line: usize, bundle: &Value, now: Timestamp) -> Vec<BundleOutcome> {
    let not_a_bundle = |found: String| vec![Err(ReadError::NotABundle { file: file.to_owned(), line, found })];
    let Some(object) = bundle.as_object() else { return not_a_bundle(kind_of(bundle).to_owned()) };
    match object.get("resourceType").and_then(Value::as_str) {
        Some("Bundle") => {}
        Some(other) => return not_a_bundle(format!("a FHIR resource of type {other:?}")),
        None => return not_a_bundle("a JSON object without a resourceType".to_owned()),
    }
    let kind = object.get("type").and_then(Value::as_str);
    if !kind.is_some_and(|kind| ACCEPTED.contains(&kind)) {
        let found = kind.map_or_else(|| "that is not given".to_owned(), |kind| format!("{kind:?}"));
        return vec![Err(ReadError::BundleType { file: file.to_owned(), line, found })];
    }
    if let Some(entries) = object.get("entry")
        && !entries.is_array()
    {
        return not_a_bundle(format!("a Bundle whose entry is {}, where a list belongs", kind_of(entries)));
    }
    split(BundlePlace { file, line }, list(bundle, "entry"), now)
}

/// One person for each Patient; each entry goes to the person whom it names.
fn split(place: BundlePlace<'_>, entries: &[Value], now: Timestamp) -> Vec<BundleOutcome> {
    let mut lookup = Lookup::default();
    let mut patients: Vec<(usize, &Value, BTreeSet<String>)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(resource) = entry.get("resource") else { continue };
        let names = names_of(entry, resource);
        for name in &names {
            lookup.add(name, resource);
        }
        let known = patients.iter().any(|(_, _, other)| !other.is_disjoint(&names));
        if text(resource, "resourceType") == "Patient" && !known {
            patients.push((index, resource, names));
        }
    }
    if patients.is_empty() {
        let holds =
            if entries.is_empty() { "it is empty".to_owned() } else { format!("its entries are {}", kinds(entries)) };
        return vec![Err(ReadError::NoPatient { file: place.file.to_owned(), line: place.line, holds })];
    }
    for resource in entries.iter().filter_map(|entry| entry.get("resource")) {
        medication::note_references(resource, &mut lookup);
    }
    let alone = patients.len() == 1;
    patients
        .iter()
        .map(|(patient_index, patient, own_names)| {
            let others: BTreeSet<&String> =
                patients.iter().filter(|(i, _, _)| i != patient_index).flat_map(|(_, _, names)| names).collect();
            let mine = entries.iter().enumerate().filter(|(index, entry)| {
                let Some(resource) = entry.get("resource") else { return true };
                let other_patient = patients.iter().any(|(i, _, _)| i == index && i != patient_index);
                !other_patient && subject(resource).is_none_or(|named| !others.contains(&named))
            });
            let about = About { place, patient_index: *patient_index, patient, names: own_names, alone };
            read_person(&about, mine, &lookup, now)
        })
        .collect()
}

struct About<'a> {
    place: BundlePlace<'a>,
    patient_index: usize,
    patient: &'a Value,
    names: &'a BTreeSet<String>,
    alone: bool,
}

fn read_person<'b>(
    about: &About<'_>,
    entries: impl Iterator<Item = (usize, &'b Value)>,
    lookup: &Lookup<'b>,
    now: Timestamp,
) -> BundleOutcome {
    let place = about.place;
    let mut gathering = ImportBuilder::new(place, DateWindow { now, born: None });
    let origin = place.of(about.patient, about.patient_index);
    let mut demographics = patient::read(about.patient, &origin, &mut gathering)?;
    gathering.window.born = Some(demographics.birth_date);
    let mut readings = Readings::default();
    let mut procedures = Procedures::default();
    let mut reason = String::new();
    for (index, entry) in entries {
        gathering.account.entries += 1;
        if index == about.patient_index {
            gathering.account.demographics += 1;
            continue;
        }
        let Some(resource) = entry.get("resource").filter(|resource| resource.is_object()) else {
            let found = entry.get("resource").map_or("no resource", kind_of);
            let at = format!("{}, entry {}", place.bundle(), index + 1);
            gathering.list(&at, "an entry", format!("it holds {found}, a resource was expected"));
            continue;
        };
        let read = BundleEntry { resource, origin: place.of(resource, index) };
        let kind = text(resource, "resourceType");
        if let Some(why) = not_about(about, resource, &kind) {
            gathering.list(&read.origin, kind_or_unknown(&kind), why);
            continue;
        }
        for (field, found) in not_text(resource) {
            gathering.note(
                &read.origin,
                format!("{kind}: {field}"),
                format!("it is {found}, a text was expected; it counts as absent"),
            );
        }
        match kind.as_str() {
            "Condition" => condition::read(&read, &mut gathering, &mut demographics),
            "AllergyIntolerance" => allergy::read(&read, &mut gathering),
            kind if medication::KINDS.contains(&kind) => medication::read(&read, lookup, &mut gathering),
            "Medication" if !lookup.is_named(resource) => {
                medication::unordered(&read, about.alone, lookup, &mut gathering);
            }
            "Observation" => readings.read(&read, &mut gathering, &mut demographics),
            "Procedure" => procedures.read(&read, &mut gathering),
            "ServiceRequest" => {
                let words = patient::referral_words(resource, &read.origin, &mut gathering);
                if reason.is_empty() && !words.is_empty() {
                    reason.clone_from(&words);
                }
                procedures.request(&read, words, &mut gathering);
            }
            "Patient" => {
                gathering.list(&read.origin, "Patient", "a second Patient entry with the same id; the first is used")
            }
            "" => gathering.list(&read.origin, "an entry", "its resource says no resourceType"),
            other => {
                let why = NOT_USED.iter().find(|(name, _)| *name == other).map(|(_, why)| *why);
                gathering.count(other, why.unwrap_or("this version of Stillwater does not read this type of resource"));
            }
        }
    }
    readings.finish(&mut gathering);
    procedures.finish(&mut gathering);
    if reason.is_empty() {
        reason = patient::reason_from(&gathering.facts);
    }
    let (record, account) = gathering.finish();
    Ok(ReadPerson { demographics, referral_reason: reason, record, account })
}

/// Why an entry cannot be taken to be about this person, if so.
fn not_about(about: &About<'_>, resource: &Value, kind: &str) -> Option<&'static str> {
    let clinical = matches!(kind, "Condition" | "AllergyIntolerance" | "Observation" | "Procedure" | "ServiceRequest")
        || medication::KINDS.contains(&kind);
    if !clinical {
        return None;
    }
    match subject(resource) {
        Some(named) if about.names.contains(&named) => None,
        Some(named) if about.alone && named.is_empty() => None,
        None if about.alone => None,
        Some(_) => Some("it is about somebody who is not in this bundle"),
        None => Some("it does not say whom it is about, and the bundle holds more than one person"),
    }
}

/// Whom a resource is about, by its `subject` or `patient`.
fn subject(resource: &Value) -> Option<String> {
    ["subject", "patient"]
        .iter()
        .find_map(|field| resource.get(*field))
        .map(|reference| text(reference, "reference"))
        .filter(|reference| !reference.is_empty())
        .map(|reference| last_two(&reference))
}

/// `https://…/fhir/Patient/7/_history/2` and `Patient/7` name the same resource.
fn last_two(reference: &str) -> String {
    if reference.starts_with("urn:") || reference.starts_with('#') {
        return reference.to_owned();
    }
    let path = reference.split("/_history/").next().unwrap_or(reference);
    let mut parts = path.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(id), Some(kind)) => format!("{kind}/{id}"),
        _ => reference.to_owned(),
    }
}

fn names_of(entry: &Value, resource: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let full = text(entry, "fullUrl");
    if !full.is_empty() {
        names.insert(last_two(&full));
    }
    let (kind, id) = (text(resource, "resourceType"), text(resource, "id"));
    if !id.is_empty() {
        names.insert(format!("{kind}/{id}"));
        names.insert(format!("urn:uuid:{id}"));
    }
    names
}

fn kinds(entries: &[Value]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let kind = entry.get("resource").map(|resource| text(resource, "resourceType")).unwrap_or_default();
        *counts.entry(kind_or_unknown(&kind).to_owned()).or_default() += 1;
    }
    counts.iter().map(|(kind, number)| format!("{number} {kind}")).collect::<Vec<_>>().join(", ")
}

fn kind_or_unknown(kind: &str) -> &str {
    if kind.is_empty() { "an entry" } else { kind }
}
