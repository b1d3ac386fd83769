//! Who signs, who stands beside the patient, and who is who.

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::Setting::{Clinic, Home};
use stillwater_care::facts::{Answered, HistoryTopic};
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_testkit::{Course, Healthy, companion, guide, prescriber, second_prescriber};

fn named(name: &str, phone: &str) -> Command {
    Command::NameCompanion(NameCompanion {
        name: name.into(),
        relation: "friend".into(),
        phone: phone.into(),
        adult: true,
    })
}

fn reach(phone: &str) -> Command {
    Command::ChangeCompanionContact(ChangeCompanionContact { relation: "friend".into(), phone: phone.into() })
}

/// Hazard: the phone number of the companion in the room is put right, and their own phone is refused when they call.
#[test]
fn a_corrected_phone_number_leaves_the_companion_who_they_are() {
    let mut course = Course::new();
    let session = course.dosed(Home);
    let beside = companion(&course.chart);
    course.minutes(5);
    let refused = course.refused(Actor::Patient, reach("555-0199"));
    assert_eq!(refused.code(), "not-now/staff-change-companion");
    course.does(guide(), reach("555-0199"));
    let known = course.chart.companion.clone().unwrap();
    assert_eq!(
        (known.phone.as_str(), known.briefed_at.is_some(), known.confirmed_at.is_some()),
        ("555-0199", true, true)
    );
    course.does(beside.clone(), Course::looks_fine(session));
    // The same name typed again is the same person too.
    course.does(guide(), named("companion  EXAMPLE", "555-0198"));
    assert_eq!(course.chart.companion.as_ref().unwrap().id, known.id);
    course.does(beside, Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }));
}

/// Hazard: somebody else is named in the middle of a session, and whoever is in the room can no longer call.
#[test]
fn help_and_stop_work_for_whoever_was_let_in() {
    let mut course = Course::new();
    let session = course.dosed(Home);
    let beside = companion(&course.chart);
    course.minutes(5);
    course.refused(Actor::Patient, named("Another Example", "555-0177"));
    course.does(guide(), named("Another Example", "555-0177"));
    assert_eq!(course.refused(beside.clone(), Course::looks_fine(session)).code(), "not-on-team");
    let before = course.chart.open_alerts().len();
    course.does(beside.clone(), Command::AskForHelp(HelpRequested { session: Some(session), words: "here".into() }));
    assert!(course.chart.open_alerts().len() > before, "the call rings");
    course.does(beside, Command::StopSession(SessionStopped { session, reason: String::new() }));
    assert!(course.chart.session(session).unwrap().stopped().is_some());
}

/// Hazard: an override that takes two clinicians is one person picking a name from a list.
#[test]
fn an_override_by_two_counts_once_the_second_has_signed() {
    let mut course = Course::new();
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    course.refer(&who).screen(&who);
    let asked = OverrideFinding {
        gate: Gate::Eligibility,
        rule: "E08-ketamine-misuse".into(),
        reason: "nine years in remission".into(),
        second: second_prescriber().staff(),
    };
    course.does(prescriber(), Command::OverrideFinding(asked));
    assert_eq!(course.refused(prescriber(), Course::yes(Clinic)).code(), "blocked/eligibility");
    let overridden = course.newest("FindingOverridden").unwrap();
    assert_eq!(course.refused(prescriber(), Command::CosignOverride(overridden)).code(), "not-now/own-override");
    assert_eq!(course.refused(prescriber(), Course::yes(Clinic)).code(), "blocked/eligibility");
    course.does(second_prescriber(), Command::CosignOverride(overridden));
    course.does(prescriber(), Course::yes(Clinic));
}

/// Hazard: one person has two charts, and the doses and answers of the one are not seen in the other.
#[test]
fn a_merged_chart_brings_its_doses_and_its_answers_and_takes_no_more_entries() {
    use stillwater_care::chart::facts_from_chart::Scope;
    use stillwater_care::facts::Route;
    use stillwater_care::ids::PatientId;
    use stillwater_care::protocol::Protocols;
    let other = PatientId(uuid::Uuid::from_u128(77));
    let mut course = Course::new();
    course.prepared(Clinic);
    let taken_at = course.now;
    let answer = TopicAnswer {
        topic: HistoryTopic::KetamineMisuse,
        answer: Answered::Yes,
        happened_at: None,
        detail: String::new(),
    };
    let merge = |other, history: Vec<TopicAnswer>| {
        let dose = MergedDose {
            route: Route::Intravenous,
            setting: Clinic,
            dose_mg: 40.0,
            dose_mg_per_kg: Some(0.5),
            taken_at,
            reviewed: true,
            stopped: false,
        };
        Command::MergeCharts(ChartsMerged {
            other,
            name: "Somebody Example".into(),
            doses: vec![dose],
            history,
            medicines: Vec::new(),
            labs: Vec::new(),
            vitals: Vec::new(),
            weights: Vec::new(),
            reason: "asked for both birth dates".into(),
        })
    };
    assert_eq!(course.refused(prescriber(), merge(course.chart.id, Vec::new())).code(), "not-now/same-chart");
    course.does(prescriber(), merge(other, vec![answer]));
    assert_eq!(course.refused(prescriber(), merge(other, Vec::new())).code(), "not-now/already-merged");
    let known = course.chart.facts(course.now, Protocols::built_in(), Scope::default());
    assert_eq!(known.doses.iter().map(|dose| dose.at).collect::<Vec<_>>(), [taken_at], "the other chart's dose counts");
    course.held_by("E08-ketamine-misuse", prescriber(), Course::yes(Clinic));
    let into = ChartMergedInto { into: other, reason: "asked for both birth dates".into() };
    course.does(prescriber(), Command::CloseAsDuplicate(into));
    let weigh = Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at: course.now });
    assert_eq!(course.refused(guide(), weigh).code(), "not-now/merged-away");
}

/// Hazard: the other chart holds an opioid and a liver panel past the limit, and the one that goes on knows neither.
#[test]
fn a_merged_chart_brings_its_medicines_results_weights_and_readings() {
    use stillwater_care::facts::{LabKind, LabResult, MedicineClass};
    use stillwater_care::ids::PatientId;
    let mut course = Course::new();
    let session = course.prepared(Home).schedule();
    course.day(session, Home);
    let opioid = Medicine {
        name: "Buprenorphine".into(),
        classes: vec![MedicineClass::Opioid],
        started_at: None,
        stopped_at: None,
        diazepam_equivalent_mg_per_day: None,
        from: "the other chart".into(),
        ..Medicine::default()
    };
    let panel = LabRecorded { result: LabResult::Abnormal, ..Course::normal_lab(LabKind::LiverPanel, course.now) };
    let weight = WeightRecorded { weight_kg: 81.0, taken_at: course.now };
    let merge = ChartsMerged {
        other: PatientId(uuid::Uuid::from_u128(78)),
        name: "Somebody Example".into(),
        doses: Vec::new(),
        history: Vec::new(),
        medicines: vec![opioid],
        labs: vec![panel],
        vitals: vec![course.vitals(130, 84)],
        weights: vec![weight],
        reason: "asked for both birth dates".into(),
    };
    course.does(prescriber(), Command::MergeCharts(merge));
    course.held_by("E10-liver-dose", guide(), Course::go(session));
    course.held_by("D01-opioid", guide(), Course::go(session));
    assert_eq!(course.chart.weights.last().unwrap().value.weight_kg, 81.0);
    // What was taken over is struck where it was recorded, and not here.
    let corrects = course.chart.labs.last().unwrap().id;
    let strike = Command::Correct(CorrectEntry { corrects, why: "x".into(), replacement: None });
    assert_eq!(course.refused(prescriber(), strike).code(), "not-now/from-another-record");
    // And the opioid is left out of the list by a prescriber with a reason only.
    let none = MedicinesReviewed { medicines: Vec::new() };
    assert_eq!(course.refused(guide(), Command::ReviewMedicines(none)).code(), "not-allowed/change-what-holds");
}
