//! Every event ever stored opens in every later build.
//!
//! One sample for each stored name and version lies in `golden/`. A sample is written once and never changed; a payload
//! that must change gets version 2, an upcast, and a second sample beside the first.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the samples are files, and a new one is written when its environment variable asks for it"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::ids::EventId;
use stillwater_care::quantity::plus_hours;
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_testkit::{Course, Healthy, companion, guide, prescriber, second_prescriber};
use uuid::Uuid;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A course in which everything happens at least once.
fn everything() -> Vec<Recorded> {
    let mut events = Vec::new();
    let mut course = Course::new();
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    course.refer(&who);
    let demographics = course.chart.demographics.clone().unwrap();
    course.does(guide(), Command::ChangeDemographics(DemographicsChanged { demographics }));
    let fact = ImportedFact {
        kind: "Condition".into(),
        text: "Hypertension".into(),
        code: "38341003".into(),
        at: Some(course.now),
        status: "active".into(),
        value: String::new(),
        origin: "bundle.json, line 1, Condition/1".into(),
        candidate_for: None,
        concern: None,
    };
    let record = RecordImported {
        source: "bundle.json".into(),
        facts: vec![fact],
        medicines: vec![Medicine {
            name: "Sertraline 50 mg".into(),
            classes: vec![MedicineClass::Other],
            started_at: Some(course.now),
            from: "bundle.json, line 1, MedicationRequest/1".into(),
            ..Medicine::default()
        }],
        measurements: vec![ImportedMeasurement::Weight {
            weight_kg: 80.0,
            taken_at: course.now,
            origin: "line 1".into(),
        }],
        not_understood: vec![NotUnderstood { origin: "line 1".into(), what: "Goal/1".into(), why: "not used".into() }],
    };
    course.does(guide(), Command::ImportRecord(record));
    let invited = InvitationMade { invited: Invited::Patient, expires_at: plus_hours(course.now, 48) };
    course.does(guide(), Command::Invite(invited));
    course.screen(&who);
    let weight = course.newest("WeightRecorded").unwrap();
    course.does(prescriber(), Command::ConfirmWeight(weight));
    let (at, words) = (course.now, || "example".to_owned());
    course.does(guide(), Command::HandOutSupply(SupplyHandedOut { units: 4, unit_mg: 50.0, at, from: words() }));
    course.does(guide(), Command::TakeBackSupply(SupplyTakenBack { units: 1, at, words: words() }));
    course.does(Actor::Patient, Command::CountSupply(SupplyCounted { units: 3, at }));
    let fact = RemsFact::PatientEnrolled;
    course
        .does(guide(), Command::RecordRems(RemsRecorded { fact, at, until: None, session: None, reference: words() }));
    let opioid = |taken: bool| {
        let one = Medicine {
            name: "Example opioid".into(),
            classes: vec![MedicineClass::Opioid],
            from: "guide".into(),
            ..Medicine::default()
        };
        MedicinesReviewed { medicines: if taken { vec![one] } else { Vec::new() } }
    };
    course.does(guide(), Command::ReviewMedicines(opioid(true)));
    let answers = HoldingAnswers::Medicines(opioid(false));
    course.does(prescriber(), Command::ChangeAnswers(ChangeAnswers { answers, why: "another person's".into() }));
    let rated = ChildPughRated { class: ChildPugh::A, rated_at: course.now };
    course.does(prescriber(), Command::RateChildPugh(rated));
    let second = second_prescriber().staff().unwrap();
    let asked = OverrideFinding {
        gate: Gate::Eligibility,
        rule: "E08-ketamine-misuse".into(),
        reason: "years ago".into(),
        second: Some(second),
    };
    course.does(prescriber(), Command::OverrideFinding(asked));
    let overridden = course.newest("FindingOverridden").unwrap();
    course.does(second_prescriber(), Command::CosignOverride(overridden));
    let positive =
        stillwater_instruments::Responses::from([("asq_1", 0), ("asq_2", 0), ("asq_3", 0), ("asq_4", 1), ("asq_5", 0)]);
    course.answers_with("asq", Point::Unscheduled, positive);
    let measure = course.newest("MeasureCompleted").unwrap();
    let alert = course.chart.open_alerts()[0].id;
    course.minutes(61);
    course.tick();
    course.does(guide(), Command::OwnAlert(alert));
    course.does(guide(), Command::NoteAlert(AlertNoted { alert, words: "on the telephone with them".into() }));
    let positive =
        stillwater_instruments::Responses::from([("asq_1", 0), ("asq_2", 1), ("asq_3", 0), ("asq_4", 1), ("asq_5", 0)]);
    course.answers_with("asq", Point::Unscheduled, positive);
    course.does(
        guide(),
        Command::ResolveAlert(AlertResolved { alert, words: "spoke".into(), closing: Course::closing() }),
    );
    let review = SuicideScreenReviewed { measure, proceed: true, words: "past attempt".into() };
    course.does(prescriber(), Command::ReviewSuicideScreen(review));
    events.append(&mut course.log);

    let mut course = Course::new();
    let session = course.prepared(Setting::Home).schedule();
    let contact = ChangeCompanionContact { relation: "neighbour".into(), phone: "555-0103".into() };
    course.does(guide(), Command::ChangeCompanionContact(contact));
    course.does(guide(), Command::CancelSession(CancelSession { session, reason: "example".into() }));
    let order = course.chart.order_in_force().unwrap().written.order;
    course.does(prescriber(), Command::CancelOrder(CancelOrder { order, reason: "example".into() }));
    course.order(Setting::Home);
    let session = course.next_dose(Setting::Home);
    course.minutes(21);
    course.tick();
    course.does(companion(&course.chart), Course::looks_fine(session));
    let seen_at = course.now;
    let symptom = SymptomMarked { session, symptom: Symptom::Nausea, seen_at, words: "a little".into() };
    course.does(guide(), Command::MarkSymptom(symptom));
    course.does(guide(), Command::RateSedation(SedationRated { session, moaas: 4, rated_at: seen_at }));
    course.does(guide(), Command::RateDistress(DistressRated { session, rating: 3, rated_at: seen_at }));
    course.does(guide(), Command::MarkMoment(MarkMoment { session, words: "music".into() }));
    course.does(Actor::Stillwater, Command::NoteContactLost(ContactLost { session, since: seen_at }));
    course.does(Actor::Stillwater, Command::NoteContactBack(ContactBack { session }));
    course.does(Actor::Stillwater, Command::NoteClockJump(ClockJumped { session, seconds: -600 }));
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: Some(session), words: "please".into() }));
    course.does(Actor::Patient, Command::StopSession(SessionStopped { session, reason: "enough".into() }));
    let help = course.chart.open_alerts()[0].id;
    course.does(guide(), Command::OwnAlert(help));
    course.minutes(11);
    course.tick();
    for alert in course.chart.open_alerts().iter().map(|a| a.id).collect::<Vec<_>>() {
        course.does(guide(), Command::OwnAlert(alert));
        course.does(
            guide(),
            Command::ResolveAlert(AlertResolved { alert, words: "well".into(), closing: Course::closing() }),
        );
    }
    course.watch_and_release(session, Setting::Home).integrate(session);
    let write = WriteNote { note: None, kind: VisitKind::Integration, text: "example".into() };
    course.does(guide(), Command::WriteNote(write));
    let note = course.chart.notes[0].id;
    course.does(guide(), Command::SignNote(note));
    course.does(guide(), Command::AddAddendum(NoteAddendumAdded { note, text: "also".into() }));
    let adverse = AdverseEventRecorded {
        what: "headache".into(),
        serious: false,
        relation: Relation::Possible,
        session: Some(session),
        outcome: "gone".into(),
    };
    course.does(guide(), Command::RecordAdverseEvent(adverse));
    course.does(Actor::Patient, Command::WriteJournal(JournalWritten { words: "example".into(), shared: false }));
    let entry = course.newest("JournalWritten").unwrap();
    course.does(Actor::Patient, Command::SetJournalSharing(JournalSharingSet { entry, shared: true }));
    course.does(guide(), Command::RecordContact(ContactMade { how: "phone".into(), words: "well".into() }));
    let reviewed = CourseReviewed { decision: ReviewDecision::Continue, words: "well".into() };
    course.does(prescriber(), Command::ReviewCourse(reviewed));
    let item =
        stillwater_care::items::open_items(&course.chart, stillwater_care::protocol::Protocols::built_in(), course.now);
    let cleared = ItemCleared { item: item[0].key(), reason: "example".into() };
    course.does(guide(), Command::ClearItem(cleared));
    let corrects = course.newest("AdverseEventRecorded").unwrap();
    let review = AdverseEventReviewed { entry: corrects, proceed: true, words: "well again".into() };
    course.does(prescriber(), Command::ReviewAdverseEvent(review));
    course.does(guide(), Command::Correct(CorrectEntry { corrects, why: "another patient".into(), replacement: None }));
    course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: "enough".into() }));
    course
        .does(prescriber(), Command::EndCourse(CourseEnded { reason: EndReason::Withdrew, words: "withdrew".into() }));
    events.append(&mut course.log);

    let mut course = Course::new();
    course.prepared(Setting::Clinic).schedule();
    let stop = CourseReviewed { decision: ReviewDecision::Stop, words: "example".into() };
    course.does(prescriber(), Command::ReviewCourse(stop));
    events.append(&mut course.log);

    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.does(guide(), Command::RecordLeaving(PatientLeft { session, words: "walked out".into() }));
    let other = stillwater_care::ids::PatientId(Uuid::from_u128(77));
    let dose = MergedDose {
        route: Route::Sublingual,
        setting: Setting::Home,
        dose_mg: 100.0,
        dose_mg_per_kg: Some(1.25),
        taken_at: course.now,
        reviewed: true,
        stopped: false,
    };
    let answer = TopicAnswer {
        topic: HistoryTopic::KetamineMisuse,
        answer: Answered::Yes,
        happened_at: None,
        detail: String::new(),
    };
    let merged = ChartsMerged {
        other,
        name: "Somebody Example".into(),
        doses: vec![dose],
        history: vec![answer],
        medicines: Vec::new(),
        labs: Vec::new(),
        vitals: Vec::new(),
        weights: Vec::new(),
        reason: "the same person".into(),
    };
    course.does(prescriber(), Command::MergeCharts(merged));
    let closed = ChartMergedInto { into: other, reason: "the same person".into() };
    course.does(prescriber(), Command::CloseAsDuplicate(closed));
    events.append(&mut course.log);

    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    course.hours(2);
    course.does(guide(), Command::MissSession(MissSession { session, words: "nobody came".into() }));
    let starts_at = plus_hours(course.now, 24);
    course.does(guide(), Command::MoveSession(MoveSession { session, starts_at, words: "car broke down".into() }));
    let (taken_at, words) = (course.now, || "example".to_owned());
    let dose = RecordDose { session: Some(session), taken_at, dose_mg: None, route: None, words: words() };
    course.does(guide(), Command::RecordDose(dose.clone()));
    course.minutes(10);
    let step = InfusionRecorded {
        session,
        step: InfusionStep::Paused,
        at: course.now,
        rate_ml_per_hour: Some(60.0),
        given_mg: Some(10.0),
    };
    course.does(guide(), Command::RecordInfusion(step));
    course.does(guide(), Command::RecordAmount(DoseAmountRecorded { session, given_mg: 10.0, words: words() }));
    let again = RecordDose { taken_at: course.now, dose_mg: Some(5.0), ..dose };
    course.does(guide(), Command::RecordDose(again));
    events.append(&mut course.log);
    events
}

fn sample_name(name: &str, version: u16) -> String {
    format!("{name}.v{version}.json")
}

#[test]
fn every_stored_name_has_a_sample_and_every_sample_opens_and_writes_back_to_the_same_bytes() {
    if std::env::var_os("STILLWATER_WRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(folder()).unwrap();
        let mut first: BTreeMap<&str, Recorded> = BTreeMap::new();
        for recorded in everything() {
            first.entry(recorded.event.name()).or_insert(recorded);
        }
        for recorded in first.into_values() {
            let path = folder().join(sample_name(recorded.event.name(), recorded.event.version()));
            // A sample that exists is never written again.
            if !path.exists() {
                std::fs::write(path, recorded.into_draft().to_bytes().unwrap()).unwrap();
            }
        }
    }
    for (name, current) in STORED_NAMES {
        for version in 1..=*current {
            let path = folder().join(sample_name(name, version));
            let bytes = std::fs::read(&path).unwrap_or_else(|_| {
                panic!("{} is missing: run this test with STILLWATER_WRITE_GOLDEN=1", path.display())
            });
            let id = EventId(Uuid::from_u128(7));
            let recorded = Recorded::from_bytes(1, id, name, version, &bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(recorded.event.name(), *name);
            assert_eq!(recorded.event.version(), *current);
            let again = recorded.clone().into_draft().to_bytes().unwrap();
            if version == *current {
                assert_eq!(String::from_utf8(again).unwrap(), String::from_utf8(bytes).unwrap(), "{name}");
            } else {
                // Written as today's version, it opens to the same event.
                assert_eq!(Recorded::from_bytes(1, id, name, *current, &again).unwrap(), recorded, "{name}");
            }
        }
    }
}

#[test]
fn an_order_cancelled_before_reasons_were_codes_tells_the_same_as_one_cancelled_since() {
    let open = |name: &str, version| {
        let bytes = std::fs::read(folder().join(sample_name(name, version))).unwrap();
        Recorded::from_bytes(1, EventId(Uuid::from_u128(7)), name, version, &bytes).unwrap().event
    };
    let in_words = CancelReason::Words { words: "example".into() };
    for version in [1, 2] {
        let Event::OrderCancelled(order) = open("OrderCancelled", version) else { panic!("another event") };
        assert_eq!(order.reason, in_words, "version {version}");
        let Event::SessionCancelled(session) = open("SessionCancelled", version) else { panic!("another event") };
        assert_eq!(session.reason, in_words, "version {version}");
    }
}

#[test]
fn the_list_of_stored_names_only_grows_at_its_end() {
    let path = folder().join("stored-names.txt");
    let now: Vec<String> = STORED_NAMES.iter().map(|(name, _)| (*name).to_owned()).collect();
    if std::env::var_os("STILLWATER_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, now.join("\n") + "\n").unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    let kept: Vec<&str> = kept.lines().collect();
    assert!(
        now.iter().map(String::as_str).take(kept.len()).eq(kept.iter().copied()),
        "a stored name was moved or taken out"
    );
    assert_eq!(now.len(), kept.len(), "add the new name to golden/stored-names.txt");
}

#[test]
fn a_name_or_version_that_is_not_known_is_named_and_not_dropped() {
    let id = EventId(Uuid::from_u128(7));
    let bytes = std::fs::read(folder().join(sample_name("WeightRecorded", 1))).unwrap();
    let error =
        |name: &str, version, bytes: &[u8]| Recorded::from_bytes(1, id, name, version, bytes).unwrap_err().to_string();
    assert!(error("WeightGuessed", 1, &bytes).contains("WeightGuessed"));
    for version in [0, 2, 9] {
        let said = error("WeightRecorded", version, &bytes);
        assert!(said.contains("WeightRecorded") && said.contains(&format!("version {version}")), "{said}");
    }
    assert!(error("OrderWritten", 1, &bytes).contains("OrderWritten"));
    assert!(error("WeightRecorded", 1, b"{").contains("envelope"));
}

#[test]
fn the_document_of_events_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/EVENTS.md");
    let text = stillwater_care::event::book::events_markdown();
    if std::env::var_os("STILLWATER_WRITE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept.trim_end(), text.trim_end(), "docs/EVENTS.md is stale: run this test with STILLWATER_WRITE_DOCS=1");
}
