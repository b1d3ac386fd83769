//! Medicines in the shapes that records of several versions of FHIR write them in, with their statuses, and what is said of
//! each that is not taken over.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use jiff::Timestamp;
use serde_json::{Value, json};
use stillwater_care::event::Medicine;
use stillwater_care::facts::{HistoryTopic, MedicineClass};
use stillwater_fhir::{ReadPerson, read_bundles};

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

fn now() -> Timestamp {
    "2026-06-15T12:00:00Z".parse().unwrap()
}

fn read(resources: &[Value]) -> ReadPerson {
    let mut entries = vec![json!({"resource": {
        "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1985-04-02",
        "name": [{"given": ["Synthetic"], "family": "Sample"}], "address": [{"state": "CO", "country": "US"}]
    }})];
    for (index, resource) in resources.iter().enumerate() {
        let mut resource = resource.clone();
        if resource.get("id").is_none() {
            resource["id"] = json!(format!("r{index}"));
        }
        resource["subject"] = json!({"reference": "Patient/p"});
        let full = format!(
            "https://ehr.example.org/fhir/{}/{}",
            resource["resourceType"].as_str().unwrap(),
            resource["id"].as_str().unwrap()
        );
        entries.push(json!({"fullUrl": full, "resource": resource}));
    }
    let text = json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string();
    let person = read_bundles("made.json", &text, now()).remove(0).expect("it reads");
    assert!(person.account.adds_up(), "{:?}", person.account);
    person
}

fn only(resources: &[Value]) -> Medicine {
    let person = read(resources);
    assert_eq!(person.record.medicines.len(), 1, "{:?}", person.record);
    person.record.medicines[0].clone()
}

fn check_class(resources: &[Value], class: MedicineClass) {
    let medicine = only(resources);
    assert_eq!(medicine.classes, [class], "{medicine:?}");
}

fn check_listed(person: &ReadPerson, what: &str, why: &str) {
    let listed = &person.record.not_understood;
    assert!(listed.iter().any(|one| one.what.contains(what) && one.why.contains(why)), "{what}, {why}: {listed:#?}");
}

#[test]
fn a_medicine_is_read_from_every_place_in_which_a_version_writes_it() {
    let medication = |body: Value| {
        let mut medication = json!({"resourceType": "Medication", "id": "m"});
        medication.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        medication
    };
    let order = |body: Value| {
        let mut order = json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order"});
        order.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        order
    };
    let methadone = json!({"text": "Methadone hydrochloride"});
    let by_reference = order(json!({"medicationReference": {"reference": "Medication/m"}}));
    for resources in [
        vec![order(json!({"medicationCodeableConcept": methadone}))],
        vec![order(
            json!({"medicationCodeableConcept": {"coding": [{"system": "local", "code": "7", "display": "Methadone"}]}}),
        )],
        vec![by_reference.clone(), medication(json!({"code": methadone}))],
        vec![by_reference.clone(), medication(json!({"ingredient": [{"itemCodeableConcept": methadone}]}))],
        vec![by_reference.clone(), medication(json!({"ingredient": [{"item": {"concept": methadone}}]}))],
        vec![
            by_reference.clone(),
            medication(json!({"product": {"ingredient": [{"itemCodeableConcept": methadone}]}})),
        ],
        vec![
            by_reference.clone(),
            medication(json!({"ingredient": [{"itemReference": {"reference": "#s"}}],
            "contained": [{"resourceType": "Substance", "id": "s", "code": methadone}]})),
        ],
        vec![order(
            json!({"medicationReference": {"reference": "#c"}, "contained": [{"resourceType": "Medication", "id": "c",
            "ingredient": [{"item": {"reference": {"reference": "#s"}}}]}, {"resourceType": "Substance", "id": "s", "code": methadone}]}),
        )],
        vec![order(json!({"medicationReference": {"reference": "Medication/gone", "display": "Methadone 10 mg"}}))],
        vec![
            order(json!({"medicationReference": {"reference": "https://ehr.example.org/fhir/Medication/m"}})),
            medication(json!({"code": methadone})),
        ],
        vec![
            order(
                json!({"medicationReference": {"reference": "https://ehr.example.org/fhir/Medication/m/_history/3"}}),
            ),
            medication(json!({"code": methadone})),
        ],
        vec![order(json!({"medication": {"concept": methadone}}))],
        vec![
            order(json!({"medication": {"reference": {"reference": "Medication/m"}}})),
            medication(json!({"code": methadone})),
        ],
        vec![json!({"resourceType": "MedicationOrder", "status": "active", "medicationCodeableConcept": methadone})],
        vec![json!({"resourceType": "MedicationUsage", "status": "recorded", "medication": {"concept": methadone}})],
        vec![
            json!({"resourceType": "MedicationStatement", "status": "unknown", "medicationCodeableConcept": methadone}),
        ],
        vec![
            json!({"resourceType": "MedicationDispense", "status": "completed", "whenHandedOver": "2026-06-01T10:00:00Z",
            "medicationCodeableConcept": methadone}),
        ],
        vec![
            json!({"resourceType": "MedicationAdministration", "status": "completed", "effectiveDateTime": "2026-06-14T10:00:00Z",
            "medicationCodeableConcept": methadone}),
        ],
    ] {
        check_class(&resources, MedicineClass::Opioid);
    }
}

#[test]
fn a_medicine_that_the_record_does_not_name_is_not_classed_and_says_what_is_missing() {
    for (order, why) in [
        (json!({"medicationReference": {"reference": "Medication/gone"}}), "not in the bundle"),
        (json!({}), "names no medicine"),
        (json!({"medicationCodeableConcept": "Methadone"}), "is a text, a CodeableConcept was expected"),
        (json!({"medicationReference": "Medication/1"}), "a reference was expected"),
    ] {
        let mut order = order;
        order["resourceType"] = json!("MedicationRequest");
        order["status"] = json!("active");
        let person = read(&[order]);
        assert_eq!(person.record.medicines[0].classes, [MedicineClass::NotClassed], "{why}");
        check_listed(&person, "a medicine that the record does not name", why);
    }
}

#[cfg(feature = "terminology")]
#[test]
fn a_code_without_words_gets_its_name_and_one_in_no_table_is_looked_up() {
    let coded = |code: &str| {
        json!({"resourceType": "MedicationRequest", "status": "active",
            "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code}]}})
    };
    let known = only(&[coded("856980")]);
    assert_eq!((known.name.as_str(), known.code.as_str()), ("hydrocodone (RxNorm 856980)", "RxNorm 856980"));
    assert_eq!(known.classes, [MedicineClass::Opioid]);
    let person = read(&[coded("99999999")]);
    assert_eq!(person.record.medicines[0].classes, [MedicineClass::NotClassed]);
    check_listed(&person, "RxNorm 99999999", "look it up");
    let mut told_as_captopril = coded("833036");
    told_as_captopril["medicationCodeableConcept"]["text"] = json!("Captopril 25 MG Oral Tablet");
    let person = read(&[told_as_captopril]);
    assert_eq!(person.record.medicines[0].classes, [MedicineClass::Opioid]);
    check_listed(&person, "Captopril", "RxNorm 833036 is hydrocodone, and the words say captopril");
}

#[test]
fn a_status_says_whether_it_counts_and_nothing_is_dropped_unnamed() {
    let of = |kind: &str, status: &str| json!({"resourceType": kind, "status": status, "medicationCodeableConcept": {"text": "Phenelzine 15 mg"}});
    for (resource, why) in [
        (of("MedicationRequest", "entered-in-error"), "entered in error"),
        (of("MedicationStatement", "not-taken"), "not taken"),
        (of("MedicationAdministration", "not-done"), "not taken"),
        (of("MedicationDispense", "declined"), "not taken"),
        (of("MedicationDispense", "cancelled"), "not taken"),
    ] {
        let person = read(&[resource]);
        assert!(person.record.medicines.is_empty(), "{why}");
        check_listed(&person, "Phenelzine 15 mg", why);
    }
    let mut not_taking = of("MedicationStatement", "recorded");
    not_taking["adherence"] = json!({"code": {"coding": [{"code": "not-taking"}]}});
    let mut stu3 = of("MedicationStatement", "active");
    stu3["taken"] = json!("n");
    let mut dstu2 = of("MedicationStatement", "active");
    dstu2["wasNotTaken"] = json!(true);
    for never in [not_taking, stu3, dstu2] {
        let person = read(&[never]);
        assert!(person.record.medicines.is_empty());
        check_listed(&person, "Phenelzine", "not taken");
    }
    for (status, kind) in [("intended", "MedicationStatement"), ("on-hold", "MedicationRequest")] {
        let person = read(&[of(kind, status)]);
        assert_eq!(person.record.medicines[0].stopped_at, None, "it may be taken any day");
        check_listed(&person, "Phenelzine", "counts as still taken");
    }
    let mut stopped = of("MedicationStatement", "stopped");
    stopped["effectivePeriod"] = json!({"start": "2026-01-01", "end": "2026-06-10"});
    assert_eq!(only(&[stopped]).stopped_at, Some("2026-06-10T12:00:00Z".parse().unwrap()));
    let mut given = of("MedicationAdministration", "completed");
    given["effectiveDateTime"] = json!("2026-06-14T10:00:00Z");
    let given = only(&[given]);
    assert_eq!(given.stopped_at, Some("2026-06-14T10:00:00Z".parse().unwrap()));
    assert_eq!(given.last_taken_at, given.stopped_at);
}

#[test]
fn a_statement_that_there_are_none_is_no_medicine_and_one_of_no_information_asks() {
    let ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    let of = |concept: Value| json!({"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": concept});
    for none in [
        json!({"coding": [{"system": ips, "code": "no-known-medications"}]}),
        json!({"text": "No known medications"}),
        json!({"text": "Keine Dauermedikation"}),
    ] {
        let person = read(&[of(none)]);
        assert!(person.record.medicines.is_empty());
        check_listed(&person, "MedicationStatement", "no medicine is taken");
    }
    let person = read(&[of(json!({"coding": [{"system": ips, "code": "no-medication-info"}]}))]);
    check_listed(&person, "MedicationStatement", "ask the person");
}

#[test]
fn a_medicine_that_the_words_deny_is_listed_and_one_that_a_code_names_counts() {
    let of = |concept: Value| json!({"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": concept});
    for denied in ["Denies taking methadone", "no methadone", "niega metadona", "Not taking phenelzine or lithium"] {
        let person = read(&[of(json!({"text": denied}))]);
        assert!(person.record.medicines.is_empty(), "{denied}: {:?}", person.record.medicines);
        check_listed(&person, denied, "not taken");
    }
    for taken in ["methadone, not for pain", "Methadone. No other opioids.", "unable to stop methadone"] {
        let medicine = only(&[of(json!({"text": taken}))]);
        assert!(medicine.classes.contains(&MedicineClass::Opioid), "{medicine:?}");
    }
    let coded = only(&[of(json!({"text": "no methadone", "coding": [{"system": RXNORM, "code": "6813"}]}))]);
    assert!(coded.classes.contains(&MedicineClass::Opioid), "{coded:?}");
}

#[test]
fn one_medicine_of_ten_thousand_parts_is_read_so_far_and_asks() {
    let parts: Vec<Value> =
        (0..10_000).map(|part| json!({"itemCodeableConcept": {"text": format!("Methadone {part}")}})).collect();
    let medicine = only(&[json!({"resourceType": "MedicationRequest", "status": "active",
        "medicationReference": {"reference": "#m"}, "contained": [{"resourceType": "Medication", "id": "m", "ingredient": parts}]})]);
    assert_eq!(medicine.classes, [MedicineClass::Opioid, MedicineClass::NotClassed]);
}

#[test]
fn a_medicine_that_no_order_names_counts_for_the_only_person_and_is_listed_by_name() {
    let alone = json!({"resourceType": "Medication", "id": "m", "code": {"text": "Phenelzine 15 mg"}});
    let person = read(std::slice::from_ref(&alone));
    assert_eq!(person.record.medicines[0].classes, [MedicineClass::Maoi]);
    check_listed(&person, "Phenelzine 15 mg", "no order or statement names it");
    let order = json!({"resourceType": "MedicationRequest", "status": "active", "medicationReference": {"reference": "Medication/m"}});
    assert_eq!(read(&[alone, order]).record.medicines.len(), 1, "one that is ordered stands once");
}

#[test]
fn dose_route_and_how_often_are_kept_as_written() {
    let medicine = only(&[json!({"resourceType": "MedicationRequest", "status": "active", "authoredOn": "2026-01-10",
        "medicationCodeableConcept": {"text": "Nardil 15 mg"},
        "dosageInstruction": [{"text": "three times a day", "route": {"text": "by mouth"},
            "doseAndRate": [{"doseQuantity": {"value": 15, "unit": "mg"}}]}]})]);
    assert_eq!(
        (medicine.dose.as_str(), medicine.route.as_str(), medicine.frequency.as_str()),
        ("15 mg", "by mouth", "three times a day")
    );
    assert_eq!(medicine.started_at, Some("2026-01-10T12:00:00Z".parse().unwrap()));
}

#[test]
fn an_allergy_to_ketamine_by_any_name_may_answer_the_question_and_a_denied_one_does_not() {
    let of = |code: Value| json!({"resourceType": "AllergyIntolerance", "code": code});
    for (code, meant) in [
        (json!({"text": "Ketalar"}), true),
        (json!({"text": "Spravato nasal spray"}), true),
        (json!({"text": "Kétamine"}), true),
        (json!({"text": "Ketamin"}), true),
        (json!({"text": "cetamina"}), true),
        (json!({"text": "Ketanest S"}), true),
        (json!({"text": "No known allergy to ketamine"}), false),
        (json!({"text": "Ketorolac"}), false),
        (json!({"text": "Ketoconazole"}), false),
        (json!({"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "6130"}], "text": "x"}), false),
    ] {
        let person = read(&[of(code.clone())]);
        let found = person.record.facts.iter().any(|fact| fact.candidate_for == Some(HistoryTopic::KetamineAllergy));
        assert_eq!(found, meant, "{code}");
    }
}

#[test]
fn ten_thousand_rows_are_read_with_every_row_accounted_for() {
    let names =
        ["Sertraline 100 MG Oral Tablet", "Methadone 10 mg", "Zzyrtabex", "Acetaminophen 325 MG / Oxycodone 5 MG"];
    let rows: Vec<Value> = (0..10_000)
        .map(|row| {
            json!({"resourceType": "MedicationRequest", "status": "active",
                "medicationCodeableConcept": {"text": format!("{} {row}", names[row % names.len()])}})
        })
        .collect();
    let person = read(&rows);
    assert_eq!(person.account.medicines, 10_000);
    let of = |class| person.record.medicines.iter().filter(|medicine| medicine.classes.contains(&class)).count();
    assert_eq!(
        (of(MedicineClass::Opioid), of(MedicineClass::NotClassed), of(MedicineClass::Other)),
        (5_000, 2_500, 2_500)
    );
}
