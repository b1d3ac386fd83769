//! Whole bundles: the synthetic samples, and made-up ones that are broken in one place each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use stillwater_care::event::ImportedMeasurement;
use stillwater_care::facts::{HistoryTopic, MedicineClass, Sex};
use stillwater_fhir::{NEWEST_MEASUREMENTS, ReadError, ReadPerson, bundles, one_bundle_a_line, read_bundles};

const VETERANS: &str = include_str!("samples/veterans.ndjson");
const GENERAL: &str = include_str!("samples/general.ndjson");

fn now() -> Timestamp {
    "2026-06-15T12:00:00Z".parse().unwrap()
}

fn people(file: &str, text: &str) -> Vec<ReadPerson> {
    read_bundles(file, text, now()).into_iter().map(|read| read.expect("the sample reads")).collect()
}

/// A bundle with a Patient and the given resources, all about that patient.
fn bundle(resources: &[Value]) -> String {
    let mut entries = vec![json!({"resource": {
        "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1985-04-02",
        "name": [{"use": "nickname", "text": "Synthetic Nick"}, {"use": "official", "given": ["Synthetic"], "family": "Sample"}],
        "telecom": [{"system": "email", "value": "s@example.org"}, {"system": "phone", "value": "555-0100"}],
        "address": [{"line": ["1 Sample Street"], "city": "Denver", "state": "CO", "country": "US"}]
    }})];
    for (index, resource) in resources.iter().enumerate() {
        let mut resource = resource.clone();
        if resource.is_object() {
            resource["id"] = json!(format!("r{index}"));
            if resource.get("subject").is_none() && resource["resourceType"] != "AllergyIntolerance" {
                resource["subject"] = json!({"reference": "Patient/p"});
            }
        }
        entries.push(json!({"resource": resource}));
    }
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

fn read(resources: &[Value]) -> ReadPerson {
    let mut people = people("made.json", &bundle(resources));
    assert_eq!(people.len(), 1);
    let person = people.remove(0);
    assert!(person.account.adds_up(), "{:?}", person.account);
    assert_eq!(person.account.entries, resources.len() + 1);
    person
}

fn condition(text: &str, status: &str, onset: &str) -> Value {
    json!({"resourceType": "Condition", "code": {"text": text}, "onsetDateTime": onset,
        "clinicalStatus": {"coding": [{"code": status}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]}})
}

fn reading(loinc: &str, value: Value) -> Value {
    json!({"resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-06-01T09:00:00Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]}, "valueQuantity": value})
}

fn pressure(systolic: Value, diastolic: Value) -> Value {
    let part = |code: &str, value: Value| json!({"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": value});
    json!({"resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-06-01T09:00:00Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
        "component": [part("8480-6", systolic), part("8462-4", diastolic)]})
}

fn order(name: &str, status: &str, authored: &str) -> Value {
    json!({"resourceType": "MedicationRequest", "status": status, "authoredOn": authored,
        "medicationCodeableConcept": {"text": name}})
}

#[track_caller]
fn check_listed(person: &ReadPerson, id: &str, why: &str) {
    let found = person.record.not_understood.iter().any(|n| n.origin.ends_with(id) && n.why.contains(why));
    assert!(found, "{id}: {why:?} is not among {:#?}", person.record.not_understood);
}

fn topics(person: &ReadPerson) -> BTreeSet<HistoryTopic> {
    person.record.facts.iter().filter_map(|fact| fact.candidate_for).collect()
}

/// Each entry of the file is found again by its id, or belongs to a type whose counted lines add up to its number.
fn check_nothing_is_lost(file: &str, text: &str) {
    for (line, person) in text.lines().zip(people(file, text)) {
        assert!(person.account.adds_up(), "{:?}", person.account);
        let record = &person.record;
        let mut origins: Vec<&str> = record.facts.iter().map(|f| f.origin.as_str()).collect();
        origins.extend(record.medicines.iter().map(|m| m.from.as_str()));
        origins.extend(record.not_understood.iter().map(|n| n.origin.as_str()));
        origins.extend(record.measurements.iter().map(|m| match m {
            ImportedMeasurement::Vitals { origin, .. }
            | ImportedMeasurement::Weight { origin, .. }
            | ImportedMeasurement::Lab { origin, .. } => origin.as_str(),
        }));
        let all = origins.join("\n");
        let mut unnamed: BTreeMap<String, usize> = BTreeMap::new();
        let bundle: Value = serde_json::from_str(line).unwrap();
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(person.account.entries, entries.len());
        for entry in entries {
            let resource = &entry["resource"];
            let kind = resource["resourceType"].as_str().unwrap();
            if kind != "Patient" && !all.contains(resource["id"].as_str().unwrap()) {
                *unnamed.entry(kind.to_owned()).or_default() += 1;
            }
        }
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for line in &record.not_understood {
            let Some((what, number)) = line.what.rsplit_once(": ") else { continue };
            let Some(number) = number.strip_suffix(" entries").or_else(|| number.strip_suffix(" entry")) else {
                continue;
            };
            let kind = what.split([' ', ',']).next().unwrap();
            *counted.entry(kind.to_owned()).or_default() += number.parse::<usize>().unwrap();
        }
        assert_eq!(unnamed, counted);
    }
}

#[test]
fn nothing_in_the_samples_is_lost() {
    check_nothing_is_lost("veterans.ndjson", VETERANS);
    check_nothing_is_lost("general.ndjson", GENERAL);
}

#[test]
fn the_sample_veterans_become_referrals_with_their_candidates() {
    let people = people("veterans.ndjson", VETERANS);
    assert_eq!(people.len(), 3);
    for person in &people {
        assert!(person.referral_reason.contains("stress disorder"), "{}", person.referral_reason);
        assert_eq!(person.demographics.time_zone, "America/New_York");
        assert_eq!(person.demographics.emergency_number, "911");
        assert_eq!(person.demographics.veteran, None, "nobody asked");
    }
    let first = topics(&people[0]);
    assert!(
        first.contains(&HistoryTopic::OpioidUseDisorder) && first.contains(&HistoryTopic::SubstanceUseDisorderModerate)
    );
    assert!(topics(&people[2]).is_empty(), "{:?}", topics(&people[2]));
    let sets = |p: &ReadPerson| {
        p.record.measurements.iter().filter(|m| matches!(m, ImportedMeasurement::Vitals { .. })).count()
    };
    assert!(people.iter().all(|p| sets(p) <= NEWEST_MEASUREMENTS && sets(p) > 0));
}

#[test]
fn the_sample_of_others_gives_stroke_pregnancy_and_allergies() {
    let people = people("general.ndjson", GENERAL);
    assert!(topics(&people[0]).contains(&HistoryTopic::Stroke));
    // Nobody closed this pregnancy, which began years before: it is asked about, and is no pregnancy of now.
    assert!(!topics(&people[1]).contains(&HistoryTopic::CouldBePregnant));
    let asked = people[1].record.not_understood.iter().find(|n| n.why.contains("more than ten months ago"));
    assert_eq!(asked.map(|n| n.what.as_str()), Some("Normal pregnancy"));
    assert!(people[2].record.facts.iter().any(|fact| fact.kind == "AllergyIntolerance"));
    assert!(!topics(&people[2]).contains(&HistoryTopic::KetamineAllergy));
}

#[test]
fn a_person_is_read_by_their_official_name() {
    let person = read(&[]);
    assert_eq!(person.demographics.name, "Synthetic Sample");
    assert_eq!(person.demographics.sex, Sex::Female);
    assert_eq!(person.demographics.phone, "555-0100");
    assert_eq!(person.demographics.address, "1 Sample Street, Denver, CO, US");
    assert_eq!(person.demographics.time_zone, "America/Denver");
    assert_eq!(person.record.source, "made.json, line 1");
}

#[test]
fn an_unknown_country_assumes_and_says_so() {
    let text = bundle(&[]).replace("\"US\"", "\"Atlantis\"");
    let person = people("made.json", &text).remove(0);
    assert_eq!((person.demographics.time_zone.as_str(), person.demographics.emergency_number.as_str()), ("UTC", "112"));
    check_listed(&person, "Patient/p", "UTC is assumed");
    check_listed(&person, "Patient/p", "112 is assumed");
}

#[test]
fn one_bad_line_does_not_lose_the_others() {
    let good = bundle(&[]);
    let text = format!("{good}\n{{\"resourceType\": \"Bundle\", oops}}\n\n{good}\n");
    let read = read_bundles("people.ndjson", &text, now());
    assert_eq!(read.len(), 3);
    assert!(read[0].is_ok() && read[2].is_ok());
    let Err(ReadError::NotJson { line, column, .. }) = &read[1] else { panic!("{:?}", read[1]) };
    assert_eq!((*line, *column), (2, 28));
    let said = read[1].as_ref().unwrap_err().to_string();
    assert!(said.starts_with("people.ndjson, line 2, column 28") && said.contains("key must be a string"), "{said}");
    assert_eq!(read[2].as_ref().unwrap().record.source, "people.ndjson, line 4");
}

#[test]
fn a_bundle_over_many_lines_is_read_whole_and_its_fault_has_its_own_line() {
    let value: Value = serde_json::from_str(&bundle(&[])).unwrap();
    let text = serde_json::to_string_pretty(&value).unwrap();
    assert!(!one_bundle_a_line("one.json", text.lines().next().unwrap()));
    assert_eq!(people("one.json", &text).len(), 1);
    let broken = text.replacen("\"birthDate\":", "\"birthDate\"", 1);
    let line = 1 + broken.lines().position(|line| line.contains("\"birthDate\" ")).unwrap();
    match &read_bundles("one.json", &broken, now())[..] {
        [Err(ReadError::NotJson { line: found, expected, .. })] => {
            assert_eq!(*found, line);
            assert!(expected.contains("expected `:`"), "{expected}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_bundle_says_what_it_is() {
    let said = |text: &str| read_bundles("x.json", text, now())[0].as_ref().unwrap_err().to_string();
    assert!(said("[1, 2]").contains("this is a list whose place 1 holds no resource; expected a FHIR R4 Bundle"));
    assert!(said("[]").contains("this is an empty list"));
    assert!(said("17").contains("this is a number; expected a FHIR R4 Bundle"));
    assert!(said(r#"{"resourceType": "Patient"}"#).contains("a FHIR resource of type \"Patient\""));
    assert!(said(r#"{"a": 1}"#).contains("without a resourceType"));
    assert!(said(r#"{"resourceType": "Bundle"}"#).contains("of type that is not given; expected collection"));
    assert!(said(r#"{"resourceType": "Bundle", "type": "batch-response"}"#).contains("\"batch-response\""));
    assert!(
        said(r#"{"resourceType": "Bundle", "type": "collection", "entry": 3}"#).contains("whose entry is a number")
    );
    assert!(said(r#"{"resourceType": "Bundle", "type": "collection"}"#).contains("holds no Patient (it is empty)"));
    let other = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Encounter"}}]}"#;
    assert!(said(other).contains("its entries are 1 Encounter"));
    assert!(read_bundles("x.ndjson", "", now()).is_empty());
}

#[test]
fn a_date_of_birth_that_cannot_be_used_refuses_the_person() {
    for (given, why) in [
        ("\"85\"", "birthDate is \"85\"; expected a date"),
        ("\"1985-13\"", "birthDate is \"1985-13\"; expected a date"),
        ("\"2031\"", "in the future"),
        ("\"2031-01-01\"", "in the future"),
        ("\"1799-01-01\"", "before 1900"),
        ("17", "birthDate is a number"),
        ("null", "birthDate is null"),
    ] {
        let text = bundle(&[]).replace("\"1985-04-02\"", given);
        let said = read_bundles("made.json", &text, now())[0].as_ref().unwrap_err().to_string();
        assert!(said.contains(why) && said.contains("Patient/p"), "{said}");
    }
}

#[test]
fn two_patients_are_split_by_whom_each_entry_names() {
    let two = json!({"resourceType": "Bundle", "type": "searchset", "entry": [
        {"fullUrl": "https://example.org/fhir/Patient/a", "resource": {"resourceType": "Patient", "id": "a", "birthDate": "1980-01-01", "gender": "male", "name": [{"text": "Synthetic One"}]}},
        {"resource": {"resourceType": "Patient", "id": "b", "birthDate": "1990-01-01", "gender": "male", "name": [{"text": "Synthetic Two"}]}},
        {"resource": {"resourceType": "Condition", "id": "c1", "code": {"text": "Stroke"}, "subject": {"reference": "https://example.org/fhir/Patient/a/_history/3"}}},
        {"resource": {"resourceType": "Condition", "id": "c2", "code": {"text": "Epilepsy"}, "subject": {"reference": "Patient/b"}}},
        {"resource": {"resourceType": "Condition", "id": "c3", "code": {"text": "Glaucoma"}}},
        {"resource": {"resourceType": "Condition", "id": "c4", "code": {"text": "Glaucoma"}, "subject": {"reference": "Patient/x"}}}
    ]});
    let people = people("two.json", &two.to_string());
    assert_eq!(people.len(), 2);
    assert_eq!(topics(&people[0]), BTreeSet::from([HistoryTopic::Stroke]));
    assert_eq!(topics(&people[1]), BTreeSet::from([HistoryTopic::Seizures]));
    for person in &people {
        assert!(person.account.adds_up(), "{:?}", person.account);
        assert_eq!(person.account.entries, 4);
        check_listed(person, "Condition/c3", "does not say whom it is about");
        check_listed(person, "Condition/c4", "not in this bundle");
    }
}

#[test]
fn an_entry_about_somebody_else_is_not_taken_for_the_patient() {
    let mut other = condition("Stroke", "active", "2020-01-01");
    other["subject"] = json!({"reference": "Patient/somebody-else"});
    let person = read(&[other]);
    assert!(topics(&person).is_empty());
    check_listed(&person, "Condition/r0", "somebody who is not in this bundle");
}

#[test]
fn a_resolved_pregnancy_is_no_candidate_and_an_active_one_is() {
    assert!(topics(&read(&[condition("Normal pregnancy", "resolved", "2020-01-01")])).is_empty());
    let active = read(&[condition("Normal pregnancy", "active", "2026-03-01")]);
    assert_eq!(topics(&active), BTreeSet::from([HistoryTopic::CouldBePregnant]));
}

#[test]
fn an_undated_event_is_not_hidden_behind_an_old_one() {
    let mut undated = condition("Myocardial infarction", "active", "2020-01-01");
    undated.as_object_mut().unwrap().remove("onsetDateTime");
    let person = read(&[undated, condition("Myocardial infarction", "active", "2012-01-01")]);
    let cardiac: Vec<_> =
        person.record.facts.iter().filter(|f| f.candidate_for == Some(HistoryTopic::CardiacEvent)).collect();
    assert_eq!(cardiac.len(), 2);
    assert_eq!(cardiac[1].at, None, "the chart keeps the last, which has no date");
}

#[test]
fn a_refuted_condition_is_kept_and_is_no_candidate_and_an_erroneous_one_is_listed() {
    let with = |status: &str| {
        let mut stroke = condition("Stroke", "active", "2020-01-01");
        stroke["verificationStatus"] = json!({"coding": [{"code": status}]});
        stroke
    };
    let person = read(&[with("refuted"), with("entered-in-error")]);
    assert!(topics(&person).is_empty());
    assert_eq!(person.record.facts.len(), 1);
    check_listed(&person, "Condition/r1", "entered in error");
}

#[test]
fn a_condition_with_a_date_that_cannot_be_is_kept_without_it() {
    let person = read(&[condition("Stroke", "active", "2031-05-05"), condition("Epilepsy", "active", "1960-01-01")]);
    assert_eq!(person.record.facts.len(), 2);
    assert!(person.record.facts.iter().all(|fact| fact.at.is_none() && fact.candidate_for.is_some()));
    check_listed(&person, "Condition/r0", "in the future");
    check_listed(&person, "Condition/r1", "before the person was born");
}

#[test]
fn an_allergy_to_esketamine_is_a_candidate() {
    let person = read(&[
        json!({"resourceType": "AllergyIntolerance", "code": {"text": "Esketamine"}, "patient": {"reference": "Patient/p"}}),
        json!({"resourceType": "AllergyIntolerance", "code": {"text": "Peanut"}}),
        json!({"resourceType": "AllergyIntolerance", "code": "Peanut"}),
    ]);
    assert_eq!(topics(&person), BTreeSet::from([HistoryTopic::KetamineAllergy]));
    check_listed(&person, "AllergyIntolerance/r2", "code is a text, a CodeableConcept was expected");
}

#[test]
fn medicines_carry_their_classes_and_their_end() {
    let mut ended = order("Clarithromycin 500 MG", "completed", "2026-06-01");
    ended["dispenseRequest"] = json!({"validityPeriod": {"start": "2026-06-01", "end": "2026-06-08"}});
    let person = read(&[
        order("Diazepam [Valium]", "active", "2020-01-01"),
        ended,
        order("Oxycodone 5 MG", "stopped", "2026-01-01"),
        order("Oxycodone 5 MG", "stopped", "2019-01-01"),
        order("Lisinopril", "entered-in-error", "2026-01-01"),
        json!({"resourceType": "MedicationRequest", "status": "active"}),
    ]);
    let medicine = |index: usize| &person.record.medicines[index];
    assert_eq!(person.record.medicines.len(), 4);
    assert_eq!(
        (medicine(0).classes.as_slice(), medicine(0).stopped_at),
        ([MedicineClass::Benzodiazepine].as_slice(), None)
    );
    assert_eq!(medicine(1).stopped_at, Some("2026-06-08T12:00:00Z".parse().unwrap()));
    assert_eq!(medicine(2).stopped_at, None, "over, not known since when, counts as taken");
    assert!(medicine(2).name.contains("not known since when"));
    check_listed(&person, "MedicationRequest/r2", "counts as still taken");
    assert!(
        person
            .record
            .facts
            .iter()
            .any(|fact| fact.origin.ends_with("MedicationRequest/r3") && fact.status == "stopped")
    );
    check_listed(&person, "MedicationRequest/r4", "entered in error");
    check_listed(&person, "MedicationRequest/r5", "names no medicine");
    assert_eq!(medicine(3).classes, [MedicineClass::NotClassed], "what the record does not name is looked up");
}

#[test]
fn a_medicine_by_reference_is_found_in_the_bundle_or_inside_the_order() {
    let person = read(&[
        json!({"resourceType": "MedicationRequest", "status": "active", "medicationReference": {"reference": "Medication/r1"}}),
        json!({"resourceType": "Medication", "code": {"text": "Phenelzine 15 MG"}}),
        json!({"resourceType": "MedicationRequest", "status": "active", "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Lorazepam"}}]}),
        json!({"resourceType": "MedicationRequest", "status": "active", "medicationReference": {"reference": "Medication/gone"}}),
    ]);
    let classes: Vec<_> = person.record.medicines.iter().flat_map(|m| m.classes.clone()).collect();
    assert_eq!(classes, [MedicineClass::Maoi, MedicineClass::Benzodiazepine, MedicineClass::NotClassed]);
    check_listed(&person, "MedicationRequest/r3", "not in the bundle");
}

#[test]
fn readings_of_one_moment_become_one_set() {
    let mmhg = |value: f64| json!({"value": value, "unit": "mm[Hg]"});
    let person = read(&[
        pressure(mmhg(131.6), mmhg(84.2)),
        reading("8867-4", json!({"value": 72, "unit": "/min"})),
        reading("59408-5", json!({"value": 97.4, "unit": "%"})),
        reading("9279-1", json!({"value": 14, "code": "/min"})),
        reading("8867-4", json!({"value": 75, "unit": "/min"})),
    ]);
    let [ImportedMeasurement::Vitals { vitals, origin }] = person.record.measurements.as_slice() else { panic!() };
    let pressure = vitals.blood_pressure.unwrap();
    assert_eq!((pressure.systolic, pressure.diastolic), (132, 84));
    assert_eq!(
        (vitals.heart_rate_per_min, vitals.spo2_percent, vitals.respiratory_rate_per_min),
        (Some(72), Some(97), Some(14))
    );
    assert_eq!(origin, "made.json, line 1, Observation/r0 + Observation/r1 + Observation/r2 + Observation/r3");
    check_listed(
        &person,
        "Observation/r4",
        "two readings of one moment: pulse 72 /min and pulse 75 /min; the worse one",
    );
}

#[test]
fn weights_come_in_kilograms_grams_and_pounds() {
    let person = read(&[
        reading("29463-7", json!({"value": 81.5, "unit": "kg"})),
        reading("29463-7", json!({"value": 81_500, "unit": "g"})),
        reading("29463-7", json!({"value": 179.677, "code": "[lb_av]"})),
        reading("29463-7", json!({"value": 12.8, "unit": "stone"})),
        reading("29463-7", json!({"value": 8, "unit": "kg"})),
    ]);
    let kilograms: Vec<f64> = person
        .record
        .measurements
        .iter()
        .map(|m| match m {
            ImportedMeasurement::Weight { weight_kg, .. } => *weight_kg,
            ImportedMeasurement::Vitals { .. } | ImportedMeasurement::Lab { .. } => panic!(),
        })
        .collect();
    assert_eq!(kilograms, [81.5, 81.5, 81.5]);
    check_listed(&person, "Observation/r3", "the unit \"stone\" is not known here; expected kg, g or [lb_av]");
    check_listed(&person, "Observation/r4", "body weight 8 is not possible");
}

#[test]
fn a_weight_of_childhood_is_counted_and_not_called_impossible() {
    let mut weight = reading("29463-7", json!({"value": 4.03, "unit": "kg"}));
    weight["effectiveDateTime"] = json!("1985-05-01");
    let person = read(&[weight]);
    assert!(person.record.measurements.is_empty());
    check_listed(&person, "made.json, line 1", "before the age of 18");
}

#[test]
fn readings_that_cannot_be_true_are_listed_and_never_measurements() {
    let mmhg = |value: i32| json!({"value": value, "unit": "mmHg"});
    let mut future = reading("8867-4", json!({"value": 70, "unit": "/min"}));
    future["effectiveDateTime"] = json!("2029-01-01T00:00:00Z");
    let mut undated = reading("8867-4", json!({"value": 70, "unit": "/min"}));
    undated.as_object_mut().unwrap().remove("effectiveDateTime");
    let person = read(&[
        pressure(mmhg(80), mmhg(120)),
        reading("2708-6", json!({"value": 140, "unit": "%"})),
        reading("8867-4", json!({"value": "72", "unit": "/min"})),
        reading("8867-4", json!({"value": 72})),
        future,
        undated,
        pressure(json!({"value": 120, "unit": "cmH2O"}), mmhg(80)),
        reading("8867-4", json!({"value": 1e300, "unit": "/min"})),
        reading("2708-6", json!({"value": 90, "unit": "%", "comparator": ">"})),
    ]);
    assert!(person.record.measurements.is_empty(), "{:?}", person.record.measurements);
    check_listed(&person, "Observation/r0", "80/120 mmHg is not possible");
    check_listed(&person, "Observation/r1", "oxygen saturation 140 is not possible");
    check_listed(&person, "Observation/r2", "valueQuantity.value is a text, a number was expected");
    check_listed(&person, "Observation/r3", "72 has no unit; expected /min");
    check_listed(&person, "Observation/r4", "in the future");
    check_listed(&person, "Observation/r5", "does not say when");
    check_listed(&person, "Observation/r6", "the unit \"cmH2O\" is not known here");
    check_listed(&person, "Observation/r7", "cannot be a reading");
    check_listed(&person, "Observation/r8", "not an exact figure");
}

#[test]
fn entries_that_are_no_resources_are_listed() {
    let person = read(&[json!("nonsense"), json!({"resourceType": "Wombat"}), json!({"colour": "blue"})]);
    check_listed(&person, "entry 2", "it holds a text");
    check_listed(&person, "made.json, line 1", "does not read this type of resource");
    assert_eq!((person.account.listed, person.account.counted), (2, 1));
}

#[test]
fn whoever_is_recorded_as_deceased_is_marked() {
    let text = bundle(&[]).replace("\"gender\"", "\"deceasedDateTime\":\"2020-01-01\",\"gender\"");
    let person = people("made.json", &text).remove(0);
    assert!(person.record.facts.iter().any(|fact| fact.status == "deceased"));
}

#[test]
fn a_death_that_cannot_be_read_counts_as_one_and_is_noted() {
    for (field, value, dead, noted) in [
        ("deceasedBoolean", "true", true, false),
        ("deceasedBoolean", "false", false, false),
        ("deceasedBoolean", "\"true\"", true, true),
        ("deceasedBoolean", "1", true, true),
        ("deceasedDateTime", "2020", true, true),
        ("deceasedDateTime", "\"some time in 2020\"", true, false),
    ] {
        let text = bundle(&[]).replace("\"gender\"", &format!("\"{field}\":{value},\"gender\""));
        let person = people("made.json", &text).remove(0);
        let is_dead = person.record.facts.iter().any(|fact| fact.status == "deceased");
        assert_eq!(is_dead, dead, "{field} {value}");
        let is_noted = person.record.not_understood.iter().any(|note| note.what.contains(field));
        assert_eq!(is_noted, noted, "{field} {value}");
    }
}

#[test]
fn a_reason_for_the_referral_that_cannot_be_read_is_noted_and_the_others_kept() {
    let request = json!({"resourceType": "ServiceRequest", "id": "r", "reasonCode": [{"coding": 5}, {"text": "PTSD"}]});
    let person = read(&[request]);
    assert!(person.referral_reason.contains("PTSD"), "{}", person.referral_reason);
    assert!(person.record.not_understood.iter().any(|note| note.what == "ServiceRequest: reasonCode"));
}

#[test]
fn the_iterator_reads_no_further_than_it_is_asked() {
    let text = format!("{}\nnot json", bundle(&[]));
    let mut reading = bundles("people.ndjson", &text, now());
    assert!(reading.next().is_some_and(|read| read.is_ok()));
    assert!(reading.next().is_some_and(|read| read.is_err()));
    assert!(reading.next().is_none());
}
