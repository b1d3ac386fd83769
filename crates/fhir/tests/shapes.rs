//! Records as other systems send them: references, statuses, shapes of file, persons and measurements.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use stillwater_care::event::{BirthKnownTo, ImportedMeasurement};
use stillwater_care::facts::{HistoryTopic, LabKind, LabResult, RecordedConcern};
use stillwater_fhir::{Bulk, PersonStanding, ReadError, ReadPerson, other_format, read_bundles};

fn now() -> Timestamp {
    "2026-06-15T12:00:00Z".parse().unwrap()
}

fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1985-04-02",
        "name": [{"text": "Synthetic Sample"}], "address": [{"state": "CO", "country": "US"}],
        "identifier": [{"system": "urn:mrn", "value": "1"}]})
}

fn bundle(patient: Value, resources: &[Value]) -> String {
    let mut entries = vec![json!({"fullUrl": "https://example.org/fhir/Patient/p", "resource": patient})];
    for (index, resource) in resources.iter().enumerate() {
        let mut resource = resource.clone();
        resource["id"] = json!(format!("r{index}"));
        if resource.get("subject").is_none() {
            resource["subject"] = json!({"reference": "Patient/p"});
        }
        entries.push(json!({"resource": resource}));
    }
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

fn people(file: &str, text: &str) -> Vec<ReadPerson> {
    read_bundles(file, text, now()).into_iter().map(|read| read.expect("it reads")).collect()
}

fn read(resources: &[Value]) -> ReadPerson {
    let person = people("made.json", &bundle(patient(), resources)).remove(0);
    assert!(person.account.adds_up(), "{:?}", person.account);
    assert_eq!(person.account.entries, resources.len() + 1);
    person
}

fn topics(person: &ReadPerson) -> BTreeSet<HistoryTopic> {
    person.record.facts.iter().filter_map(|fact| fact.candidate_for).collect()
}

fn concerns(person: &ReadPerson) -> Vec<RecordedConcern> {
    person.record.facts.iter().filter_map(|fact| fact.concern).collect()
}

fn stroke() -> Value {
    json!({"resourceType": "Condition", "code": {"text": "Stroke"}})
}

#[track_caller]
fn check_told(person: &ReadPerson, what: &str, why: &str) {
    let found = person.record.not_understood.iter().any(|n| n.what.contains(what) && n.why.contains(why));
    assert!(found, "{what}: {why:?} is not among {:#?}", person.record.not_understood);
}

#[test]
fn every_way_to_name_the_patient_is_followed() {
    for reference in [
        json!({"reference": "Patient/p"}),
        json!({"reference": "https://example.org/fhir/Patient/p"}),
        json!({"reference": "https://example.org/fhir/Patient/p/_history/3"}),
        json!({"reference": "Patient?identifier=urn:mrn|1"}),
        json!({"identifier": {"system": "urn:mrn", "value": "1"}}),
    ] {
        let mut condition = stroke();
        condition["subject"] = reference.clone();
        assert_eq!(topics(&read(&[condition])), [HistoryTopic::Stroke].into(), "{reference}");
    }
    let text = bundle(patient(), &[stroke()])
        .replace("https://example.org/fhir/Patient/p", "urn:uuid:0A0B0C0D-1111-4111-8111-0123456789AB")
        .replace("\"Patient/p\"", "\"urn:uuid:0a0b0c0d-1111-4111-8111-0123456789ab\"");
    assert_eq!(topics(&people("made.json", &text)[0]), [HistoryTopic::Stroke].into());
    let text =
        bundle(patient(), &[stroke()]).replace("\"id\":\"p\"", "\"id\":7").replace("Patient/p\"}", "Patient/7\"}");
    assert_eq!(topics(&people("made.json", &text)[0]), [HistoryTopic::Stroke].into());
}

#[test]
fn an_entry_about_somebody_else_is_told_by_name_and_a_patient_without_an_id_keeps_what_is_theirs() {
    let mut other = stroke();
    other["subject"] = json!({"reference": "Patient/somebody-else"});
    let person = read(&[other.clone()]);
    assert!(topics(&person).is_empty());
    check_told(&person, "Condition: Stroke", "somebody who is not in this bundle");
    let mut nameless = patient();
    nameless.as_object_mut().unwrap().remove("id");
    nameless.as_object_mut().unwrap().remove("identifier");
    let text = bundle(nameless, &[other]).replace("https://example.org/fhir/Patient/p", "urn:uuid:1");
    let person = people("made.json", &text).remove(0);
    assert_eq!(topics(&person), [HistoryTopic::Stroke].into());
    check_told(&person, "Condition: Stroke", "as this one has no id and is alone");
}

#[test]
fn a_status_is_read_in_every_version_and_one_that_takes_back_counts_wherever_it_stands() {
    let with = |field: &str, status: Value| {
        let mut condition = json!({"resourceType": "Condition", "code": {"text": "Alcohol dependence"}});
        condition[field] = status;
        topics(&read(&[condition]))
    };
    let use_disorder = HistoryTopic::SubstanceUseDisorderModerate;
    assert_eq!(with("clinicalStatus", json!("active")), [use_disorder].into());
    assert!(with("verificationStatus", json!("entered-in-error")).is_empty());
    assert!(with("verificationStatus", json!({"text": "Entered in error"})).is_empty());
    let second = json!({"coding": [{"system": "http://local.example/status", "code": "V"}, {"code": "refuted"}]});
    assert!(with("verificationStatus", second).is_empty());
}

#[test]
fn files_of_every_shape_give_the_same_person() {
    let one = bundle(patient(), &[stroke()]);
    let mut condition = stroke();
    condition["subject"] = json!({"reference": "Patient/p"});
    let inside = json!({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": serde_json::from_str::<Value>(&one).unwrap()}]});
    for (file, text) in [
        ("one.json", one.clone()),
        ("list.json", format!("[{one}]")),
        ("resources.json", format!("[{}, {condition}]", patient())),
        ("lines.ndjson", format!("{one}\n")),
        ("bulk.ndjson", format!("{condition}\n{}\n", patient())),
        ("inside.json", inside.to_string()),
    ] {
        let people = people(file, &text);
        assert_eq!(people.len(), 1, "{file}");
        assert_eq!(topics(&people[0]), [HistoryTopic::Stroke].into(), "{file}");
        assert!(people[0].account.adds_up(), "{file}");
    }
}

#[test]
fn the_files_of_a_bulk_export_are_put_together_by_patient() {
    let mut condition = stroke();
    condition["subject"] = json!({"reference": "Patient/p"});
    let mut lost = condition.clone();
    lost["subject"] = json!({"reference": "Patient/q"});
    let order = json!({"resourceType": "MedicationRequest", "status": "active", "subject": {"reference": "Patient/p"},
        "medicationReference": {"reference": "Medication/m"}});
    let medicine = json!({"resourceType": "Medication", "id": "m", "code": {"text": "Methadone 10 mg"}});
    let mut bulk = Bulk::default();
    bulk.add("Condition.ndjson", &format!("{condition}\n{lost}\n"));
    bulk.add("MedicationRequest.ndjson", &format!("{order}\n"));
    bulk.add("Medication.ndjson", &format!("{medicine}\n"));
    bulk.add("Patient.ndjson", &format!("{}\n", patient()));
    let read: Vec<_> = bulk.people(now()).collect();
    assert_eq!(read.len(), 2);
    let person = read[0].as_ref().unwrap();
    assert_eq!(topics(person), [HistoryTopic::Stroke].into());
    assert_eq!(person.record.medicines.len(), 1);
    assert!(person.record.medicines[0].name.contains("Methadone"));
    let said = read[1].as_ref().unwrap_err().to_string();
    assert!(said.contains("Patient/q is in none of the files") && said.contains("Condition: Stroke"), "{said}");
}

#[test]
fn other_formats_are_refused_by_name_with_what_to_do() {
    for (start, name, todo) in [
        ("MSH|^~\\&|LAB|", "HL7 version 2", "FHIR R4 Bundle as JSON"),
        ("<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\">", "C-CDA", "FHIR R4 Bundle as JSON"),
        ("<Bundle xmlns=\"http://hl7.org/fhir\">", "FHIR as XML", "as JSON (application/fhir+json)"),
        ("<!doctype html><html>", "a web page", "export the record again"),
        ("%PDF-1.7", "a PDF", "FHIR R4 Bundle as JSON"),
    ] {
        let said = read_bundles("x", start, now())[0].as_ref().unwrap_err().to_string();
        assert!(said.contains(name) && said.contains(todo), "{said}");
    }
    assert_eq!(other_format("x", b"{\"resourceType\": \"Bundle\"}"), None);
}

#[test]
fn what_is_nested_deep_is_refused_and_harms_nobody() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let good = bundle(patient(), &[stroke()]);
    let text = good.replacen(
        "\"entry\":[",
        &format!("\"entry\":[{{\"resource\":{{\"resourceType\":\"Goal\",\"x\":{deep}}}}},"),
        1,
    );
    let person = people("deep.json", &text).remove(0);
    assert_eq!(topics(&person), [HistoryTopic::Stroke].into());
    check_told(&person, "an entry", "nested too deep");
    assert!(matches!(
        read_bundles("deep.json", &deep, now())[0],
        Err(ReadError::NotABundle { .. } | ReadError::NotJson { .. })
    ));
}

#[test]
fn a_record_that_is_not_in_force_says_so() {
    let with = |field: &str, value: Value| {
        let mut patient = patient();
        patient[field] = value;
        people("made.json", &bundle(patient, &[])).remove(0)
    };
    assert_eq!(with("active", json!(true)).standing, PersonStanding::InForce);
    assert_eq!(with("active", json!(false)).standing, PersonStanding::Inactive);
    assert_eq!(with("deceasedDateTime", json!("2024-02-11")).standing, PersonStanding::Deceased);
    let merged = with("link", json!([{"other": {"reference": "Patient/p2"}, "type": "replaced-by"}]));
    assert_eq!(merged.standing, PersonStanding::ReplacedBy("Patient/p2".to_owned()));
    check_told(&merged, "Patient", "replaced by Patient/p2");
    assert_eq!(
        with("link", json!([{"other": {"reference": "Patient/p0"}, "type": "replaces"}])).standing,
        PersonStanding::InForce
    );
}

#[test]
fn a_year_or_a_month_of_birth_is_accepted_with_its_precision() {
    let born = |given: &str| {
        let mut patient = patient();
        patient["birthDate"] = json!(given);
        let demographics = people("made.json", &bundle(patient, &[])).remove(0).demographics;
        (demographics.born(), demographics.birth_known_to, demographics.born_between().0.to_string())
    };
    assert_eq!(born("1971"), ("1971".to_owned(), Some(BirthKnownTo::Year), "1971-01-01".to_owned()));
    assert_eq!(born("1971-06"), ("1971-06".to_owned(), Some(BirthKnownTo::Month), "1971-06-01".to_owned()));
    assert_eq!(born("1971-06-02"), ("1971-06-02".to_owned(), None, "1971-06-02".to_owned()));
}

#[test]
fn the_name_in_force_is_the_name() {
    let mut patient = patient();
    patient["name"] = json!([
        {"use": "official", "text": "C Before", "period": {"end": "2015-01-01"}},
        {"use": "official", "text": "C After", "period": {"start": "2015-01-01"}}
    ]);
    assert_eq!(people("made.json", &bundle(patient, &[])).remove(0).demographics.name, "C After");
}

fn observation(code: &str, value: (&str, Value), at: &str) -> Value {
    let mut observation = json!({"resourceType": "Observation", "status": "final", "effectiveDateTime": at,
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}});
    observation[value.0] = value.1;
    observation
}

fn pressures(person: &ReadPerson) -> Vec<(i32, i32)> {
    person
        .record
        .measurements
        .iter()
        .filter_map(|m| match m {
            ImportedMeasurement::Vitals { vitals, .. } => vitals.blood_pressure.map(|bp| (bp.systolic, bp.diastolic)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_pressure_is_read_from_components_from_two_observations_and_from_text() {
    let at = "2026-06-01T09:00:00Z";
    let mmhg = |value: i32, unit: &str| ("valueQuantity", json!({"value": value, "unit": unit}));
    let apart = [observation("8480-6", mmhg(172, "mmhg"), at), observation("8462-4", mmhg(104, "mmHg"), at)];
    assert_eq!(pressures(&read(&apart)), [(172, 104)]);
    let mut snomed = [observation("x", mmhg(172, "mm Hg"), at), observation("x", mmhg(104, "mm Hg"), at)];
    for (one, code) in snomed.iter_mut().zip(["271649006", "271650006"]) {
        one["code"] = json!({"coding": [{"system": "http://snomed.info/sct", "code": code}]});
    }
    assert_eq!(pressures(&read(&snomed)), [(172, 104)]);
    let kpa = ("valueQuantity", json!({"value": 16, "unit": "kPa"}));
    let low = ("valueQuantity", json!({"value": 10, "unit": "kPa"}));
    assert_eq!(pressures(&read(&[observation("8480-6", kpa, at), observation("8462-4", low, at)])), [(120, 75)]);
    let written = observation("85354-9", ("valueString", json!("128/82")), at);
    assert_eq!(pressures(&read(&[written])), [(128, 82)]);
    let alone = read(&[observation("8480-6", mmhg(172, "mmhg"), at)]);
    assert!(pressures(&alone).is_empty());
    check_told(&alone, "172 mmHg", "the diastolic pressure of this moment is missing");
}

#[test]
fn of_two_readings_of_a_day_the_worse_is_kept_and_both_are_told() {
    let written = |value: &str| observation("85354-9", ("valueString", json!(value)), "2026-06-01");
    for pair in [["128/78", "196/118"], ["196/118", "128/78"]] {
        let person = read(&pair.map(written));
        assert_eq!(pressures(&person), [(196, 118)]);
        check_told(&person, "vital signs", "196/118 mmHg and 128/78 mmHg; the worse one is used");
    }
}

#[test]
fn liver_tests_and_drug_screens_become_results_only_outside_their_limits() {
    let at = "2026-06-01T09:00:00Z";
    let alt = |value: i32| observation("1742-6", ("valueQuantity", json!({"value": value, "unit": "U/L"})), at);
    let labs = |person: &ReadPerson| -> Vec<(LabKind, LabResult)> {
        person
            .record
            .measurements
            .iter()
            .filter_map(|m| match m {
                ImportedMeasurement::Lab { lab, .. } => Some((lab.kind, lab.result)),
                _ => None,
            })
            .collect()
    };
    assert_eq!(labs(&read(&[alt(420)])), [(LabKind::LiverPanel, LabResult::Abnormal)]);
    let normal = read(&[alt(20)]);
    assert!(labs(&normal).is_empty() && normal.record.facts.len() == 1);
}

#[test]
fn suicidality_is_heard_in_any_resource() {
    let at = "2026-06-01T09:00:00Z";
    let thoughts = RecordedConcern::SuicidalThoughts;
    let flag = json!({"resourceType": "Flag", "status": "active", "code": {"text": "High risk flag for suicide"}});
    assert_eq!(concerns(&read(&[flag])), [thoughts]);
    let item = observation(
        "44260-8",
        ("valueCodeableConcept", json!({"coding": [{"system": "http://loinc.org", "code": "LA6570-1"}]})),
        at,
    );
    assert_eq!(concerns(&read(&[item])), [thoughts]);
    let never = observation(
        "44260-8",
        ("valueCodeableConcept", json!({"coding": [{"system": "http://loinc.org", "code": "LA6568-5"}]})),
        at,
    );
    assert!(concerns(&read(&[never])).is_empty());
    let answers = json!({"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-06-01", "item": [
        {"linkId": "a", "item": [{"linkId": "/44260-8", "text": "Better off dead", "answer": [{"valueInteger": 2}]}]}
    ]});
    let person = read(&[answers]);
    assert_eq!(concerns(&person), [thoughts]);
    assert_eq!(person.record.facts[0].text, "Better off dead");
    let attempt = json!({"resourceType": "Encounter", "status": "finished", "period": {"end": "2026-05-20"},
        "reasonCode": [{"text": "Suicide attempt by overdose"}]});
    assert!(concerns(&read(&[attempt])).contains(&RecordedConcern::SuicideAttempt));
    let denied = json!({"resourceType": "Condition", "code": {"text": "Denies suicidal ideation"}});
    assert!(concerns(&read(&[denied])).is_empty());
}

#[test]
fn a_pregnancy_stands_in_conditions_status_and_tests_and_not_in_negative_ones() {
    let at = "2026-06-01T09:00:00Z";
    let status = |code: &str| {
        let value = json!({"coding": [{"system": "http://snomed.info/sct", "code": code}]});
        topics(&read(&[observation("82810-3", ("valueCodeableConcept", value), at)]))
    };
    assert_eq!(status("77386006"), [HistoryTopic::CouldBePregnant].into());
    assert!(status("60001007").is_empty());
    let test = |word: &str| topics(&read(&[observation("2106-3", ("valueString", json!(word)), at)]));
    assert_eq!(test("Positive"), [HistoryTopic::CouldBePregnant].into());
    assert!(test("Negative").is_empty());
}

#[test]
fn reasons_of_visits_and_procedures_are_read() {
    let visit = |reason: Value| json!({"resourceType": "Encounter", "status": "finished", "period": {"end": "2026-06-01"}, "reasonCode": [reason]});
    let person = read(&[visit(json!({"text": "Acute psychosis"}))]);
    assert!(topics(&person).contains(&HistoryTopic::PsychosisCurrent));
    let person = read(&[visit(json!({"text": "Sprained ankle"}))]);
    assert!(topics(&person).is_empty() && person.account.counted == 1);
    check_told(&person, "Sprained ankle", "visits elsewhere are not taken over");
    let bypass = json!({"resourceType": "Procedure", "status": "completed", "code": {"text": "Coronary artery bypass graft"}, "performedDateTime": "2020-01-01"});
    assert_eq!(topics(&read(&[bypass])), [HistoryTopic::CardiacEvent].into());
}
