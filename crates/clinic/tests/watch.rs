//! The watch over the charts: what is due is found whatever the index lost, and charts that cannot be read starve nobody.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;

use jiff::Timestamp;
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::plus_minutes;
use stillwater_clinic::charts::{Charts, Refreshed, RowWrong, check_rows, look};
use stillwater_store::{Append, IndexRow, NewEvent, Options, SqliteStore, Store, StreamId, StreamKind};
use stillwater_testkit::Course;
use uuid::Uuid;

/// A home session with its dose: somebody who must be looked at every quarter of an hour.
fn dosed() -> Course {
    let mut course = Course::new();
    course.dosed(stillwater_care::facts::Setting::Home);
    course
}

fn open(folder: &support::Folder, now: Timestamp) -> Arc<Charts> {
    let engine = SqliteStore::open(&folder.0, Options::default()).unwrap();
    Arc::new(Charts::open(Store::over(engine), Protocols::built_in(), now).unwrap())
}

fn put(charts: &Charts, course: &Course) -> PatientId {
    let drafts = course.log.iter().map(|one| one.clone().into_draft()).collect();
    charts.record_whole(course.chart.id, drafts, course.now).unwrap();
    course.chart.id
}

/// The row as it stands, but for the time of the next look.
fn lose_next_look(charts: &Charts, patient: PatientId) {
    let row = charts.store().rows(StreamKind::Patient).unwrap().into_iter().find(|r| r.stream.id == patient.0).unwrap();
    let index = IndexRow {
        summary: row.summary.unwrap(),
        next_look_at_ms: None,
        alerts: row.alerts,
        fold_version: row.fold_version,
    };
    charts.store().rewrite_index(row.stream, row.seq, index).unwrap();
}

/// An event that no version of this program ever wrote.
fn put_unreadable(charts: &Charts, n: u128) {
    let event = NewEvent {
        event_id: Uuid::from_u128(0xdead_0000 + n),
        kind: "NoSuchEvent".into(),
        version: 1,
        recorded_at_ms: 0,
        act_id: None,
        payload: b"{}".to_vec(),
    };
    let index = IndexRow { next_look_at_ms: Some(0), fold_version: "another".into(), ..IndexRow::default() };
    let stream = StreamId::patient(Uuid::from_u128(0xbad_0000 + n));
    charts.store().append(Append { stream, expected_seq: 0, events: vec![event], index }).unwrap();
}

fn missed(charts: &Charts, patient: PatientId) -> usize {
    charts.load_blocking(patient).unwrap().unwrap().chart.missed.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_next_look_that_the_index_lost_is_found_by_the_ticker_at_the_start_and_by_verify() {
    let course = dosed();
    let later = plus_minutes(course.now, 40);
    let folder = support::Folder::new();
    let patient = {
        let charts = open(&folder, course.now);
        let patient = put(&charts, &course);
        assert_eq!(check_rows(charts.store(), Protocols::built_in(), course.now).unwrap(), []);
        lose_next_look(&charts, patient);
        assert!(
            charts.store().due(StreamKind::Patient, later.as_millisecond(), 9).unwrap().is_empty(),
            "the index is blind"
        );
        let found = check_rows(charts.store(), Protocols::built_in(), course.now).unwrap();
        assert!(
            matches!(found.as_slice(), [(who, RowWrong::NextLook { row: None, chart: Some(_) })] if *who == patient)
        );
        // What this process knows of the chart is looked at as well.
        look(&charts, later).await;
        assert!(missed(&charts, patient) > 0);
        lose_next_look(&charts, patient);
        assert_eq!(charts.check_rows(later).unwrap().len(), 1);
        assert_eq!(charts.check_rows(later).unwrap(), [], "it was put right");
        assert_eq!(charts.watch().state().rows_put_right, 1);
        lose_next_look(&charts, patient);
        patient
    };
    let charts = open(&folder, later);
    assert_eq!(charts.refreshed(), Refreshed { rows: 1, other_next_look: 1, ..Refreshed::default() });
    assert!(!charts.store().due(StreamKind::Patient, i64::MAX, 9).unwrap().is_empty());
    assert!(charts.summary(patient).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_that_cannot_be_read_starve_nobody_and_are_told_of() {
    let course = dosed();
    let later = plus_minutes(course.now, 40);
    let folder = support::Folder::new();
    let charts = open(&folder, course.now);
    for n in 0..230 {
        put_unreadable(&charts, n);
    }
    let patient = put(&charts, &course);
    // 230 are longer overdue than the one that matters, and one look takes 200.
    look(&charts, later).await;
    look(&charts, later).await;
    assert!(missed(&charts, patient) > 0, "the chart that can be read was looked at");
    let state = charts.watch().state();
    assert_eq!(state.unreadable.len(), 230);
    assert!(state.unreadable.iter().all(|chart| chart.tries == 1 && chart.next_try_at == plus_minutes(later, 1)));
    look(&charts, plus_minutes(later, 1)).await;
    let again = charts.watch().state().unreadable.iter().filter(|chart| chart.tries == 2).count();
    assert_eq!(again, 10, "a few at a time are tried again");
}

#[test]
fn a_shift_stays_in_the_log_when_it_is_taken_back_and_is_there_after_a_restart() {
    use stillwater_care::event::EscalationLevel;
    use stillwater_care::ids::StaffId;
    use stillwater_clinic::rota::{RotaBook, Shift};
    let folder = support::Folder::new();
    let now = Timestamp::UNIX_EPOCH;
    let shift = |n: u128| Shift {
        shift: Uuid::from_u128(n),
        staff: StaffId(Uuid::from_u128(9)),
        name: "Guide Example".into(),
        rung: EscalationLevel::Guide,
        from: now,
        to: plus_minutes(now, 60),
        zone: "America/Denver".into(),
        by: StaffId(Uuid::from_u128(8)),
    };
    let stream = StreamId::new(StreamKind::Rota, Uuid::nil());
    {
        let store = Store::over(SqliteStore::open(&folder.0, Options::default()).unwrap());
        let book = RotaBook::open(store.clone());
        assert!(!book.rota().is_kept());
        for n in [1, 2, 1] {
            book.plan(&shift(n), now).unwrap();
        }
        book.take_back(Uuid::from_u128(3), Uuid::from_u128(1), StaffId(Uuid::from_u128(8)), now).unwrap();
        assert_eq!(book.rota().shifts(), [shift(2)]);
        assert_eq!(store.load(stream, 1).unwrap().len(), 3);
    }
    let store = Store::over(SqliteStore::open(&folder.0, Options::default()).unwrap());
    let rota = RotaBook::open(store).rota();
    assert_eq!(rota.on_duty(EscalationLevel::Guide, now).count(), 1);
    assert_eq!(rota.on_duty(EscalationLevel::Guide, plus_minutes(now, 60)).count(), 0, "over at its last minute");
}

#[test]
fn a_rota_with_an_entry_of_another_version_stops_nothing_and_makes_every_alert_everybodys() {
    use stillwater_care::event::EscalationLevel;
    use stillwater_clinic::rota::RotaBook;
    let folder = support::Folder::new();
    let store = Store::over(SqliteStore::open(&folder.0, Options::default()).unwrap());
    let stream = StreamId::new(StreamKind::Rota, Uuid::nil());
    let event = NewEvent {
        event_id: Uuid::from_u128(1),
        kind: "ShiftPlanned".into(),
        version: 9,
        recorded_at_ms: 0,
        act_id: None,
        payload: b"{}".to_vec(),
    };
    let index = IndexRow { fold_version: "rota/9".into(), ..IndexRow::default() };
    store.append(Append { stream, expected_seq: 0, events: vec![event], index }).unwrap();
    let rota = RotaBook::open(store).rota();
    assert!(rota.fault().is_some_and(|fault| fault.contains("version 9")), "{:?}", rota.fault());
    assert_eq!(rota.asked(EscalationLevel::Guide, Timestamp::UNIX_EPOCH), EscalationLevel::OnCall);
}
