//! Charts over a real store: two people at once, the same form twice, a full disk, a killed server, the ticker.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;

use jiff::Timestamp;
use stillwater_care::command::{Command, Refusal};
use stillwater_care::event::*;
use stillwater_care::facts::Sex;
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::{Actor, Role};
use stillwater_clinic::charts::{BatchRequest, Charts, CommandRequest, ExecuteError, Receipt, Refreshed};
use stillwater_store::{IndexRow, Options, SqliteStore, Store, StreamId, StreamKind};
use uuid::Uuid;

fn now() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

fn staff(n: u128, role: Role) -> Actor {
    Actor::Staff { id: StaffId(Uuid::from_u128(n)), name: format!("Example {n}"), role }
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (n << 24))
}

fn open(folder: &support::Folder) -> Arc<Charts> {
    over(SqliteStore::open(&folder.0, Options::default()).unwrap())
}

fn over(engine: SqliteStore) -> Arc<Charts> {
    Arc::new(Charts::open(Store::over(engine), Protocols::built_in(), now()).unwrap())
}

fn ask(patient: PatientId, command_id: u128, actor: Actor, seen: Option<u64>, command: Command) -> CommandRequest {
    CommandRequest { patient, actor, command_id: id(command_id), seen, command }
}

fn refer(charts: &Charts, patient: PatientId) -> Receipt {
    let demographics = Demographics {
        name: "Somebody Example".into(),
        birth_date: jiff::civil::date(1985, 5, 5),
        birth_known_to: None,
        sex: Sex::Female,
        veteran: None,
        phone: String::new(),
        address: String::new(),
        time_zone: "America/Denver".into(),
        emergency_number: "911".into(),
        identifiers: Vec::new(),
    };
    let referral = PatientReferred { demographics, reason: "example".into(), source: "by hand".into() };
    let asked = ask(patient, 1, staff(1, Role::Prescriber), None, Command::ReferPatient(referral));
    charts.execute_blocking(asked, now()).unwrap()
}

fn help() -> Command {
    Command::AskForHelp(HelpRequested { session: None, words: "please come".into() })
}

fn weigh(weight_kg: f64) -> Command {
    Command::RecordWeight(WeightRecorded { weight_kg, taken_at: now() })
}

#[test]
fn of_two_who_decide_at_once_the_second_sees_what_changed() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    let seen = refer(&charts, patient).open.chart.seq;
    let prescriber = staff(1, Role::Prescriber);
    charts.execute_blocking(ask(patient, 2, prescriber.clone(), Some(seen), weigh(70.0)), now()).unwrap();
    let error =
        charts.execute_blocking(ask(patient, 3, prescriber.clone(), Some(seen), weigh(71.0)), now()).unwrap_err();
    let ExecuteError::Stale { since } = error else { panic!("{error}") };
    assert_eq!(since.len(), 1);
    assert!(matches!(since[0].event, Event::WeightRecorded(_)));
    // A reading is true whatever else happened: it is sent without a head and is recorded.
    charts.execute_blocking(ask(patient, 4, prescriber, None, weigh(71.0)), now()).unwrap();
}

#[test]
fn the_same_form_sent_twice_is_recorded_once() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    let seen = refer(&charts, patient).open.chart.seq;
    let send = || {
        charts.execute_blocking(ask(patient, 2, staff(1, Role::Prescriber), Some(seen), weigh(70.0)), now()).unwrap()
    };
    assert_eq!(send().recorded.len(), 1);
    let again = send();
    assert!(again.recorded.is_empty());
    assert_eq!(again.open.chart.weights.len(), 1);
}

#[test]
fn sixteen_at_once_are_all_recorded_and_none_meets_an_error() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    refer(&charts, patient);
    std::thread::scope(|scope| {
        for n in 0..16_u128 {
            let charts = Arc::clone(&charts);
            scope.spawn(move || {
                for m in 0..5_u128 {
                    let command = if m == 2 { help() } else { weigh(60.0 + n as f64) };
                    let asked = ask(patient, 100 + n * 10 + m, staff(1, Role::Prescriber), None, command);
                    charts.execute_blocking(asked, now()).unwrap();
                }
            });
        }
    });
    let open = charts.load_blocking(patient).unwrap().unwrap();
    assert_eq!(open.chart.weights.len(), 16 * 4);
    assert_eq!(open.chart.help.len(), 16);
    assert_eq!(charts.store().load(StreamId::patient(patient.0), 1).unwrap().len(), open.log.len());
}

#[test]
fn who_writes_from_outside_is_noticed_and_the_command_is_decided_again() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    refer(&charts, patient);
    // A second set of charts over the same store has its own line, as another process has.
    let others = Arc::new(Charts::open(charts.store().clone(), Protocols::built_in(), now()).unwrap());
    std::thread::scope(|scope| {
        for (n, charts) in [(1_u128, &charts), (2, &others)] {
            scope.spawn(move || {
                for m in 0..10_u128 {
                    let asked = ask(patient, n * 100 + m, staff(1, Role::Prescriber), None, weigh(70.0));
                    // With one other writer it is recorded in the end, however often it had to be sent.
                    while let Err(error) = charts.execute_blocking(asked.clone(), now()) {
                        assert!(matches!(error, ExecuteError::Contended), "{error}");
                    }
                }
            });
        }
    });
    for charts in [&charts, &others] {
        assert_eq!(charts.load_blocking(patient).unwrap().unwrap().chart.weights.len(), 20);
    }
}

#[test]
fn a_form_with_a_refusal_in_its_third_entry_records_nothing() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    let before = refer(&charts, patient).open.chart.seq;
    let form = |third| {
        let commands = [weigh(70.0), help(), weigh(third)];
        BatchRequest::of_form(patient, staff(1, Role::Prescriber), None, id(5), commands)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(charts.execute_batch(form(-4.0), now())).unwrap_err();
    assert!(matches!(error, ExecuteError::Refused(Refusal::Impossible(_))), "{error}");
    let open = charts.load_blocking(patient).unwrap().unwrap();
    assert_eq!((open.chart.seq, open.chart.weights.len()), (before, 0));

    let mut news = charts.listen();
    let done = runtime.block_on(charts.execute_batch(form(71.0), now())).unwrap();
    assert_eq!((done.open.chart.weights.len(), done.open.chart.help.len()), (2, 1));
    assert_eq!(news.try_recv().unwrap().names.len(), done.recorded.len(), "one append, told once");
    let again = runtime.block_on(charts.execute_batch(form(71.0), now())).unwrap();
    assert!(again.recorded.is_empty(), "the same form sent again");
    assert_eq!(again.open.chart.seq, done.open.chart.seq);
}

#[test]
fn a_full_disk_refuses_clearly_records_nothing_and_works_again_afterwards() {
    let folder = support::Folder::new();
    let engine = SqliteStore::open(&folder.0, Options::default()).unwrap();
    let charts = over(engine.clone());
    let patient = PatientId(id(900));
    refer(&charts, patient);
    engine.set_max_pages(engine.pages().unwrap()).unwrap();
    let long = "x".repeat(15_000);
    let contact = |n: u128| {
        let command = Command::RecordContact(ContactMade { how: "phone".into(), words: long.clone() });
        charts.execute_blocking(ask(patient, n, staff(1, Role::Prescriber), None, command), now())
    };
    let refused = (10..40).find_map(|n| contact(n).err()).expect("the disk fills");
    assert!(matches!(refused, ExecuteError::Full), "{refused}");
    let kept = charts.load_blocking(patient).unwrap().unwrap().chart.seq;
    engine.set_max_pages(1_000_000).unwrap();
    let done = contact(99).unwrap();
    assert_eq!(done.open.chart.seq, kept + 1);
}

#[test]
fn a_refusal_says_what_is_wrong_and_records_nothing() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    let before = refer(&charts, patient).open.chart.seq;
    let mut vitals = Vitals::at(now(), ReadingSource::Manual);
    vitals.blood_pressure = Some(BloodPressure { systolic: 80, diastolic: 120 });
    let command = Command::RecordVitals(VitalsRecorded { vitals: vitals.clone(), session: None });
    let error = charts.execute_blocking(ask(patient, 2, staff(1, Role::Prescriber), None, command), now()).unwrap_err();
    assert!(matches!(error, ExecuteError::Refused(Refusal::Impossible(_))), "{error}");
    vitals.blood_pressure = Some(BloodPressure { systolic: 120, diastolic: 80 });
    vitals.taken_at = plus_minutes(now(), 60);
    let command = Command::RecordVitals(VitalsRecorded { vitals, session: None });
    let error = charts.execute_blocking(ask(patient, 3, staff(1, Role::Prescriber), None, command), now()).unwrap_err();
    assert!(error.to_string().contains("future"), "{error}");
    assert_eq!(charts.load_blocking(patient).unwrap().unwrap().chart.seq, before);
}

#[test]
fn everything_is_there_again_after_a_restart_and_the_caseload_with_it() {
    let folder = support::Folder::new();
    let patient = PatientId(id(900));
    let summary = {
        let charts = open(&folder);
        refer(&charts, patient);
        charts.execute_blocking(ask(patient, 2, staff(1, Role::Prescriber), None, weigh(70.0)), now()).unwrap();
        charts.summary(patient).unwrap()
    };
    let charts = open(&folder);
    assert_eq!(*charts.summary(patient).unwrap(), *summary);
    assert_eq!(charts.load_blocking(patient).unwrap().unwrap().chart.weights.len(), 1);
}

#[test]
fn a_tick_that_changes_nothing_is_not_asked_for_again_at_once() {
    let folder = support::Folder::new();
    let charts = open(&folder);
    let patient = PatientId(id(900));
    refer(&charts, patient);
    let later = plus_minutes(now(), 60 * 24 * 20);
    let done = charts.execute_blocking(ask(patient, 2, Actor::Stillwater, None, Command::Tick), later).unwrap();
    assert!(done.recorded.is_empty());
    let due = charts.store().due(StreamKind::Patient, later.as_millisecond(), 10).unwrap();
    assert!(due.is_empty(), "{due:?}");
    // Nobody else may ask for a tick.
    let error =
        charts.execute_blocking(ask(patient, 3, staff(1, Role::Prescriber), None, Command::Tick), later).unwrap_err();
    assert!(matches!(error, ExecuteError::Refused(Refusal::NotAllowed { .. })), "{error}");
}

#[test]
fn rows_of_another_version_are_made_again_at_the_start_and_what_differed_is_counted() {
    let folder = support::Folder::new();
    let patient = PatientId(id(900));
    let stream = StreamId::patient(patient.0);
    let row = |charts: &Charts| charts.store().rows(StreamKind::Patient).unwrap().pop().unwrap();
    let right = {
        let charts = open(&folder);
        let seq = refer(&charts, patient).open.chart.seq;
        let right = row(&charts);
        let stale = IndexRow {
            summary: right.summary.clone().unwrap(),
            next_look_at_ms: Some(1),
            alerts: Vec::new(),
            fold_version: "another".into(),
        };
        charts.store().rewrite_index(stream, seq, stale).unwrap();
        right
    };
    {
        let charts = open(&folder);
        let refreshed = Refreshed { rows: 1, other_next_look: 1, ..Refreshed::default() };
        assert_eq!(charts.refreshed(), refreshed);
        assert_eq!(row(&charts), right);
        assert!(charts.summary(patient).is_some());
    }
    assert_eq!(open(&folder).refreshed(), Refreshed::default(), "once is enough");
}
