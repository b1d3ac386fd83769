//! One bundle, or the resources of one person from a bulk export: whom is it about, and which reader takes each entry.
//!
//! The text of an entry is parsed when its turn comes and let go again, so that a bundle of 100 MB needs little more memory
//! than its text. What stays is who the people are and the medicines that orders refer to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::import_builder::{BundleEntry, BundlePlace, ImportBuilder};
use crate::lookup::Lookup;
use crate::observation::Readings;
use crate::procedure::Procedures;
use crate::reference::{names_of, subject};
use crate::value::{DateWindow, kind_of, not_text, text};
use crate::{BundleOutcome, ReadError, ReadPerson, allergy, condition, medication, other_resources, patient};

const ACCEPTED: [&str; 7] = ["collection", "transaction", "batch", "searchset", "document", "message", "history"];

/// How many bundles may stand inside each other.
const DEPTH: usize = 4;

/// Types that are understood and not used, each with the reason.
const NOT_USED: &[(&str, &str)] = &[
    ("Encounter", "visits elsewhere are not taken over; what they were for is, where it bears on a rule"),
    ("FamilyMemberHistory", "illnesses of relatives answer no question about the person"),
    (
        "DiagnosticReport",
        "the observations of a report are taken over; its conclusion names nothing that bears on a rule",
    ),
    ("QuestionnaireResponse", "answers given elsewhere are not scored here; have the person answer again"),
    ("Flag", "it names nothing that bears on a rule"),
    ("Medication", "a medicine is taken over with the order that names it"),
    ("CarePlan", "plans of other services are not taken over; ask the person what is still going on"),
    ("CareTeam", "the care team here is set by staff"),
    ("Goal", "goals of other services are not taken over"),
    ("Immunization", "no rule uses vaccinations"),
    ("DocumentReference", "documents are not read; ask for a copy"),
    ("Composition", "documents are not read; ask for a copy"),
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

/// The text of one entry or resource, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct RawEntry<'t> {
    /// The JSON.
    pub raw: &'t str,
    /// Whether it is an entry of a bundle, which holds the resource, or the resource itself.
    pub in_bundle: bool,
    /// The file and the line.
    pub place: BundlePlace<'t>,
    /// Its place among the entries, from 0.
    pub index: usize,
}

#[derive(Deserialize)]
struct RawBundle<'t> {
    #[serde(rename = "resourceType", default)]
    resource_type: Option<Value>,
    #[serde(rename = "type", default)]
    kind: Option<Value>,
    #[serde(borrow, default)]
    entry: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct RawHolder<'t> {
    #[serde(rename = "fullUrl", borrow, default)]
    full_url: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    resource: Option<&'t RawValue>,
}

/// As much of a resource as says what it is and whom it is about.
#[derive(Deserialize, Default)]
struct ResourceHead {
    #[serde(rename = "resourceType", default)]
    kind: Value,
    #[serde(default)]
    subject: Value,
    #[serde(default)]
    patient: Value,
}

/// Reads the text of a bundle, or of a list of bundles or resources.
///
/// # Errors
/// Where the text is not JSON.
pub fn read(place: BundlePlace<'_>, json: &str, now: Timestamp) -> Result<Vec<BundleOutcome>, serde_json::Error> {
    if json.trim_start().starts_with('[') {
        let all: Vec<&RawValue> = serde_json::from_str(json)?;
        let mut outcomes = Vec::new();
        let mut loose = Vec::new();
        for (index, one) in all.iter().enumerate() {
            let head: ResourceHead = serde_json::from_str(one.get()).unwrap_or_default();
            match head.kind.as_str() {
                Some("Bundle") => outcomes.extend(read_bundle(place, one.get(), now)?),
                Some(_) => loose.push(RawEntry { raw: one.get(), in_bundle: false, place, index: loose.len() }),
                None => {
                    outcomes.push(not_a_bundle(place, format!("a list whose place {} holds no resource", index + 1)))
                }
            }
        }
        if !loose.is_empty() {
            outcomes.extend(people(place, &loose, now));
        }
        if outcomes.is_empty() {
            outcomes.push(not_a_bundle(place, "an empty list".to_owned()));
        }
        return Ok(outcomes);
    }
    if json.trim_start().starts_with('{') {
        return read_bundle(place, json, now);
    }
    let other: Value = serde_json::from_str(json)?;
    Ok(vec![not_a_bundle(place, kind_of(&other).to_owned())])
}

fn not_a_bundle(place: BundlePlace<'_>, found: String) -> BundleOutcome {
    Err(ReadError::NotABundle { file: place.file.to_owned(), line: place.line, found })
}

fn read_bundle(place: BundlePlace<'_>, json: &str, now: Timestamp) -> Result<Vec<BundleOutcome>, serde_json::Error> {
    let bundle: RawBundle<'_> = serde_json::from_str(json)?;
    match bundle.resource_type.as_ref().and_then(Value::as_str) {
        Some("Bundle") => {}
        Some(other) => return Ok(vec![not_a_bundle(place, format!("a FHIR resource of type {other:?}"))]),
        None => return Ok(vec![not_a_bundle(place, "a JSON object without a resourceType".to_owned())]),
    }
    let kind = bundle.kind.as_ref().and_then(Value::as_str);
    if !kind.is_some_and(|kind| ACCEPTED.contains(&kind)) {
        let found = kind.map_or_else(|| "that is not given".to_owned(), |kind| format!("{kind:?}"));
        return Ok(vec![Err(ReadError::BundleType { file: place.file.to_owned(), line: place.line, found })]);
    }
    let mut entries = Vec::new();
    if let Some(raw) = bundle.entry {
        if !raw.get().trim_start().starts_with('[') {
            let found: Value = serde_json::from_str(raw.get()).unwrap_or(Value::Null);
            let found = format!("a Bundle whose entry is {}, where a list belongs", kind_of(&found));
            return Ok(vec![not_a_bundle(place, found)]);
        }
        gather(place, raw, &mut entries, 0)?;
    }
    Ok(people(place, &entries, now))
}

/// The entries of a bundle; those of a bundle inside it stand in its place.
fn gather<'t>(
    place: BundlePlace<'t>,
    list: &'t RawValue,
    entries: &mut Vec<RawEntry<'t>>,
    depth: usize,
) -> Result<(), serde_json::Error> {
    let all: Vec<&RawValue> = serde_json::from_str(list.get())?;
    for one in all {
        let entry = RawEntry { raw: one.get(), in_bundle: true, place, index: entries.len() };
        let inner = (depth < DEPTH).then(|| entry.holder()).flatten().and_then(|holder| holder.resource);
        let inner = inner.filter(|raw| raw.get().contains("\"Bundle\"")).and_then(|raw| {
            let bundle: RawBundle<'t> = serde_json::from_str(raw.get()).ok()?;
            (bundle.resource_type.as_ref().and_then(Value::as_str) == Some("Bundle")).then_some(bundle.entry?)
        });
        match inner {
            Some(inner) => gather(place, inner, entries, depth + 1)?,
            None => entries.push(entry),
        }
    }
    Ok(())
}

impl<'t> RawEntry<'t> {
    fn holder(&self) -> Option<RawHolder<'t>> {
        serde_json::from_str(self.raw).ok()
    }

    /// The address under which the bundle names the resource, and the text of the resource.
    fn parts(&self) -> (Cow<'t, str>, Option<&'t str>) {
        if !self.in_bundle {
            return (Cow::Borrowed(""), Some(self.raw));
        }
        let Some(holder) = self.holder() else { return (Cow::Borrowed(""), None) };
        (holder.full_url.unwrap_or_default(), holder.resource.map(RawValue::get))
    }

    fn parse(&self) -> Result<Value, String> {
        let (_, resource) = self.parts();
        let Some(resource) = resource else {
            let found: Value = serde_json::from_str(self.raw).unwrap_or(Value::Null);
            return Err(if found.is_object() { "no resource".to_owned() } else { kind_of(&found).to_owned() });
        };
        match serde_json::from_str::<Value>(resource) {
            Ok(resource) if resource.is_object() => Ok(resource),
            Ok(other) => Err(kind_of(&other).to_owned()),
            Err(error) if error.to_string().contains("recursion limit") => Err("a resource nested too deep".to_owned()),
            Err(error) => Err(format!("a resource that cannot be read ({error})")),
        }
    }
}

struct KnownPatient {
    entry: usize,
    resource: Value,
    names: BTreeSet<String>,
}

/// To whom an entry belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// The patient of that number.
    One(usize),
    /// It says nobody, or somebody who is not here.
    Nobody,
}

/// How many times entries that name nobody are told to each of several people, before only the first is told of them.
const MOST_SHARED: usize = 10_000;

/// One person for each Patient; each entry goes to the person whom it names.
pub fn people(place: BundlePlace<'_>, entries: &[RawEntry<'_>], now: Timestamp) -> Vec<BundleOutcome> {
    let mut patients: Vec<KnownPatient> = Vec::new();
    let mut medicines: Vec<(BTreeSet<String>, Value)> = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut named_medicines: BTreeSet<String> = BTreeSet::new();
    let mut subjects: Vec<Option<Vec<String>>> = Vec::with_capacity(entries.len());
    let mut second: Vec<(usize, usize)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let (full_url, raw) = entry.parts();
        let head: ResourceHead = raw.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
        let kind = head.kind.as_str().unwrap_or_default().to_owned();
        *kinds.entry(kind_or_unknown(&kind).to_owned()).or_default() += 1;
        let about = serde_json::json!({"subject": head.subject, "patient": head.patient});
        let about = Some(&about).filter(|about| about.as_object().is_some_and(|o| o.values().any(|v| !v.is_null())));
        let named = about.map(|about| {
            if about.get("subject").is_some_and(Value::is_null) {
                subject(&serde_json::json!({"patient": about.get("patient")}))
            } else {
                subject(about)
            }
        });
        subjects.push(named);
        let orders = medication::KINDS.contains(&kind.as_str());
        if !orders && !matches!(kind.as_str(), "Patient" | "Medication" | "Substance") {
            continue;
        }
        let Ok(resource) = entry.parse() else { continue };
        medication::note_references(&resource, &mut named_medicines);
        if orders {
            continue;
        }
        let names = names_of(&full_url, &resource);
        if kind != "Patient" {
            medicines.push((names, resource));
            continue;
        }
        match patients.iter().position(|other| !other.names.is_disjoint(&names)) {
            Some(known) => second.push((index, known)),
            None => patients.push(KnownPatient { entry: index, resource, names }),
        }
    }
    if patients.is_empty() {
        let holds = if entries.is_empty() {
            "it is empty".to_owned()
        } else {
            let all: Vec<_> = kinds.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
            format!("its entries are {}", all.join(", "))
        };
        return vec![Err(ReadError::NoPatient { file: place.file.to_owned(), line: place.line, holds })];
    }
    let mut lookup = Lookup::of(named_medicines);
    for (names, resource) in &medicines {
        names.iter().for_each(|name| lookup.add(name, resource));
    }
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, patient) in patients.iter().enumerate() {
        for name in &patient.names {
            by_name.entry(name).or_insert(number);
        }
    }
    let mut owners: Vec<Owner> = subjects
        .iter()
        .map(|names| {
            let found = names.iter().flatten().find_map(|name| by_name.get(name.as_str()));
            found.map_or(Owner::Nobody, |number| Owner::One(*number))
        })
        .collect();
    let own = patients.iter().enumerate().map(|(number, patient)| (patient.entry, number));
    for (index, number) in own.chain(second) {
        if let Some(owner) = owners.get_mut(index) {
            *owner = Owner::One(number);
        }
    }
    let mut mine: Vec<Vec<usize>> = vec![Vec::new(); patients.len()];
    let nobody: Vec<usize> =
        owners.iter().enumerate().filter(|(_, owner)| **owner == Owner::Nobody).map(|(index, _)| index).collect();
    let share = nobody.len().saturating_mul(patients.len()) <= MOST_SHARED || patients.len() == 1;
    for (index, owner) in owners.iter().enumerate() {
        if let Owner::One(number) = owner
            && let Some(list) = mine.get_mut(*number)
        {
            list.push(index);
        }
    }
    for (number, list) in mine.iter_mut().enumerate() {
        if number == 0 || share {
            list.extend(&nobody);
            list.sort_unstable();
        }
    }
    let alone = patients.len() == 1;
    patients
        .iter()
        .zip(mine)
        .map(|(patient, mine)| {
            let named = mine.into_iter().filter_map(|index| {
                Some((entries.get(index)?, subjects.get(index)?.as_deref(), owners.get(index).copied()?))
            });
            let about = About { place: entries.get(patient.entry).map_or(place, |entry| entry.place), patient, alone };
            read_person(&about, named, &lookup, now)
        })
        .collect()
}

struct About<'a> {
    place: BundlePlace<'a>,
    patient: &'a KnownPatient,
    alone: bool,
}

fn read_person<'e>(
    about: &About<'_>,
    entries: impl Iterator<Item = (&'e RawEntry<'e>, Option<&'e [String]>, Owner)>,
    lookup: &Lookup<'_>,
    now: Timestamp,
) -> BundleOutcome {
    let place = about.place;
    let mut gathering = ImportBuilder::new(place, DateWindow { now, born: None });
    let origin = place.of(&about.patient.resource, about.patient.entry);
    let (mut demographics, standing) = patient::read(&about.patient.resource, &origin, &mut gathering)?;
    gathering.window.born = Some(demographics.born_between().0);
    let mut readings = Readings::default();
    let mut procedures = Procedures::default();
    let mut reason = String::new();
    for (entry, named, owner) in entries {
        gathering.account.entries += 1;
        if entry.index == about.patient.entry && entry.place == place {
            gathering.account.demographics += 1;
            continue;
        }
        let resource = match entry.parse() {
            Ok(resource) => resource,
            Err(found) => {
                let at = format!("{}, entry {}", entry.place.bundle(), entry.index + 1);
                gathering.list(&at, "an entry", format!("it holds {found}, a resource was expected"));
                continue;
            }
        };
        let read = BundleEntry { resource: &resource, origin: entry.place.of(&resource, entry.index) };
        let kind = text(&resource, "resourceType");
        match not_about(about, named, owner, &kind) {
            Belongs::Theirs => {}
            Belongs::Assumed => gathering.note(
                &read.origin,
                other_resources::named(&resource),
                "it names a patient who is not here; as this one has no id and is alone, it is taken to be about them",
            ),
            Belongs::Not(why) => {
                gathering.list(&read.origin, other_resources::named(&resource), why);
                continue;
            }
        }
        for (field, found) in not_text(&resource) {
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
            "Medication" if !lookup.is_named(&entry.parts().0, &resource) => {
                medication::unordered(&read, about.alone, lookup, &mut gathering);
            }
            "Observation" => readings.read(&read, &mut gathering, &mut demographics),
            "Procedure" => procedures.read(&read, &mut gathering),
            "ServiceRequest" | "ReferralRequest" => {
                let words = patient::referral_words(&resource, &read.origin, &mut gathering);
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
                if !other_resources::read(&read, &mut gathering) {
                    let why = NOT_USED.iter().find(|(name, _)| *name == other).map(|(_, why)| *why);
                    let why = why.unwrap_or("this version of Stillwater does not read this type of resource");
                    gathering.count_named(other, other_resources::name(&resource), why);
                }
            }
        }
    }
    readings.finish(&mut gathering, demographics.sex);
    procedures.finish(&mut gathering);
    if reason.is_empty() {
        reason = patient::reason_from(&gathering.facts);
    }
    let (record, account) = gathering.finish();
    Ok(ReadPerson { demographics, referral_reason: reason, record, account, standing })
}

/// Whether an entry is about this person.
enum Belongs {
    Theirs,
    Assumed,
    Not(&'static str),
}

fn not_about(about: &About<'_>, named: Option<&[String]>, owner: Owner, kind: &str) -> Belongs {
    let clinical = matches!(
        kind,
        "Condition"
            | "AllergyIntolerance"
            | "Observation"
            | "Procedure"
            | "ServiceRequest"
            | "ReferralRequest"
            | "Encounter"
            | "Flag"
            | "QuestionnaireResponse"
            | "DiagnosticReport"
    ) || medication::KINDS.contains(&kind);
    if !clinical || matches!(owner, Owner::One(_)) {
        return Belongs::Theirs;
    }
    match named.filter(|named| !named.is_empty()) {
        None if about.alone => Belongs::Theirs,
        None => Belongs::Not("it does not say whom it is about, and the bundle holds more than one person"),
        // A patient without an id or identifier can be named by nobody.
        Some(named)
            if about.alone
                && about.patient.names.iter().all(|name| name.starts_with("urn:"))
                && named.iter().all(|name| name.starts_with("Patient/") || name.starts_with("Patient?")) =>
        {
            Belongs::Assumed
        }
        Some(_) => Belongs::Not("it is about somebody who is not in this bundle"),
    }
}

fn kind_or_unknown(kind: &str) -> &str {
    if kind.is_empty() { "an entry" } else { kind }
}
