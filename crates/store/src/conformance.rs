//! What every engine of the log has to do, as one suite.
//!
//! An engine's tests call [`run`] with a way to make fresh stores over it. The suite panics with a sentence at the first
//! thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::{Arc, Barrier};

use uuid::Uuid;

use crate::{AlertRow, Append, AppendError, NewEvent, PatientIndex, ReadError, Store, VerifyReport, WriteError};

/// An append of events with the given ids; ids are what the suite tells events apart by.
pub fn append_of(patient: Uuid, expected_seq: u64, ids: &[u128]) -> Append {
    let events = ids.iter().map(|id| NewEvent {
        event_id: Uuid::from_u128(*id),
        kind: "SomethingNoted".to_owned(),
        version: 1,
        recorded_at_ms: 1_000 + i64::try_from(expected_seq).unwrap(),
        payload: format!("payload of {id}").into_bytes(),
    });
    Append { patient, expected_seq, events: events.collect(), index: PatientIndex::default() }
}

/// Runs every case, each on an engine of its own.
pub fn run(mut fresh: impl FnMut() -> Store) {
    reads_back_what_was_recorded(&fresh());
    refuses_an_append_to_an_old_head(&fresh());
    records_a_repeated_batch_once(&fresh());
    refuses_an_id_used_for_something_else(&fresh());
    lets_one_of_two_writers_win(&fresh());
    keeps_the_chain_whole_under_64_writers(&fresh());
    replaces_the_index_row(&fresh());
    erases_one_person_and_still_verifies(&fresh());
}

fn sound(engine: &Store) -> VerifyReport {
    let report = engine.verify(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    report
}

const ADA: Uuid = Uuid::from_u128(0xADA);
const BEN: Uuid = Uuid::from_u128(0xBE2);

fn reads_back_what_was_recorded(engine: &Store) {
    assert!(engine.head(ADA).unwrap().is_none());
    assert!(engine.load(ADA, 0).unwrap().is_empty());
    let first = engine.append(append_of(ADA, 0, &[1, 2])).unwrap();
    assert_eq!((first.seqs, first.gids, first.duplicate), (vec![1, 2], vec![1, 2], false));
    engine.append(append_of(BEN, 0, &[3])).unwrap();
    let third = engine.append(append_of(ADA, 2, &[4])).unwrap();
    assert_eq!((third.seqs, third.gids), (vec![3], vec![4]));
    let chart = engine.load(ADA, 0).unwrap();
    let payloads: Vec<_> = chart.iter().map(|event| String::from_utf8(event.payload.clone()).unwrap()).collect();
    assert_eq!(payloads, ["payload of 1", "payload of 2", "payload of 4"]);
    assert_eq!(engine.load(ADA, 3).unwrap(), chart[2..]);
    assert!(engine.load(ADA, 4).unwrap().is_empty());
    let head = engine.head(ADA).unwrap().unwrap();
    assert_eq!((head.seq, head.hash, head.erased), (3, chart[2].hash, false));
    let report = sound(engine);
    assert_eq!((report.events, report.patients), (4, 2));
}

fn refuses_an_append_to_an_old_head(engine: &Store) {
    engine.append(append_of(ADA, 0, &[1])).unwrap();
    for expected in [0, 2] {
        match engine.append(append_of(ADA, expected, &[9])) {
            Err(AppendError::Conflict { expected: e, actual: 1 }) => assert_eq!(e, expected),
            other => panic!("should conflict: {other:?}"),
        }
    }
    assert!(matches!(engine.append(append_of(BEN, 3, &[9])), Err(AppendError::Conflict { expected: 3, actual: 0 })));
    assert!(matches!(engine.append(append_of(BEN, 0, &[])), Err(AppendError::NothingToRecord)));
    assert_eq!(engine.load(ADA, 0).unwrap().len(), 1);
    assert!(engine.head(BEN).unwrap().is_none(), "a refused append leaves no chart behind");
}

fn records_a_repeated_batch_once(engine: &Store) {
    let first = engine.append(append_of(ADA, 0, &[1, 2])).unwrap();
    engine.append(append_of(ADA, 2, &[3])).unwrap();
    let again = engine.append(append_of(ADA, 0, &[1, 2])).unwrap();
    assert!(again.duplicate);
    assert_eq!((again.seqs, again.gids), (first.seqs, first.gids));
    assert_eq!(engine.load(ADA, 0).unwrap().len(), 3);
}

fn refuses_an_id_used_for_something_else(engine: &Store) {
    engine.append(append_of(ADA, 0, &[1])).unwrap();
    let reused = |append| match engine.append(append) {
        Err(AppendError::IdReused { event_id }) => event_id.as_u128(),
        other => panic!("should refuse the id: {other:?}"),
    };
    assert_eq!(reused(append_of(BEN, 0, &[1])), 1, "another patient");
    assert_eq!(reused(append_of(ADA, 1, &[1, 2])), 1, "beside a new one");
    assert_eq!(reused(append_of(ADA, 1, &[5, 5])), 5, "twice in one batch");
    let mut other_kind = append_of(ADA, 0, &[1]);
    other_kind.events[0].kind = "SomethingElse".to_owned();
    assert_eq!(reused(other_kind), 1, "another kind");
    assert_eq!(engine.load(ADA, 0).unwrap().len(), 1);
    engine.append(append_of(ADA, 1, &[2])).unwrap();
}

fn lets_one_of_two_writers_win(engine: &Store) {
    for round in 0..20_u64 {
        let start = Arc::new(Barrier::new(2));
        let racers: Vec<_> = (0..2_u128)
            .map(|racer| {
                let (engine, start) = (engine.clone(), Arc::clone(&start));
                std::thread::spawn(move || {
                    start.wait();
                    engine.append(append_of(ADA, round, &[u128::from(round) * 2 + racer + 1]))
                })
            })
            .collect();
        let results: Vec<_> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        assert!(
            results.iter().any(|result| matches!(result, Err(AppendError::Conflict { expected, actual })
                if *expected == round && *actual == round + 1)),
            "{results:?}"
        );
    }
    assert_eq!(engine.load(ADA, 0).unwrap().len(), 20);
}

fn keeps_the_chain_whole_under_64_writers(engine: &Store) {
    let shared = 8;
    let writers: Vec<_> = (0..64_u128)
        .map(|writer| {
            let engine = engine.clone();
            std::thread::spawn(move || {
                let patient = Uuid::from_u128(writer % shared + 1);
                for event in 0..5_u128 {
                    loop {
                        let head = engine.head(patient).unwrap().map_or(0, |head| head.seq);
                        match engine.append(append_of(patient, head, &[1_000 + writer * 5 + event])) {
                            Ok(_) => break,
                            Err(AppendError::Conflict { .. }) => {}
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    for patient in 1..=shared {
        assert_eq!(engine.load(Uuid::from_u128(patient), 0).unwrap().len(), 40);
    }
    let report = sound(engine);
    assert_eq!((report.events, report.head.gid), (320, 320));
}

fn replaces_the_index_row(engine: &Store) {
    let alert = |id, level, raised_at_ms| AlertRow {
        alert_id: Uuid::from_u128(id),
        level,
        raised_at_ms,
        owned: false,
        next_step_at_ms: Some(99),
    };
    let mut append = append_of(ADA, 0, &[1]);
    append.index = PatientIndex {
        summary: b"first".to_vec(),
        next_look_at_ms: Some(50),
        alerts: vec![alert(1, 1, 5), alert(2, 3, 6)],
    };
    engine.append(append).unwrap();
    let mut append = append_of(BEN, 0, &[2]);
    append.index.next_look_at_ms = Some(40);
    engine.append(append).unwrap();
    assert!(engine.due(39, 10).unwrap().is_empty());
    assert_eq!(engine.due(40, 10).unwrap(), [BEN]);
    assert_eq!(engine.due(50, 10).unwrap(), [BEN, ADA]);
    assert_eq!(engine.due(50, 1).unwrap(), [BEN]);
    let rows = engine.patients().unwrap();
    assert_eq!(rows[0].patient, ADA);
    assert_eq!(rows[0].summary.as_deref(), Some(&b"first"[..]));
    assert_eq!(rows[0].alerts, [alert(2, 3, 6), alert(1, 1, 5)]);
    // Looked at: the row changes without an event.
    let mut looked = append_of(ADA, 1, &[]);
    looked.index.summary = b"second".to_vec();
    engine.append(looked).unwrap();
    let rows = engine.patients().unwrap();
    assert_eq!((rows[0].seq, rows[0].summary.as_deref()), (1, Some(&b"second"[..])));
    assert!(rows[0].alerts.is_empty());
    assert_eq!(engine.due(50, 10).unwrap(), [BEN]);
}

fn erases_one_person_and_still_verifies(engine: &Store) {
    engine.append(append_of(ADA, 0, &[1, 2])).unwrap();
    engine.append(append_of(BEN, 0, &[3])).unwrap();
    engine.erase(ADA, 9).unwrap();
    engine.erase(ADA, 9).unwrap();
    assert!(matches!(engine.load(ADA, 0), Err(ReadError::Erased)));
    assert!(matches!(engine.append(append_of(ADA, 2, &[4])), Err(AppendError::Erased)));
    assert!(engine.head(ADA).unwrap().unwrap().erased);
    let rows = engine.patients().unwrap();
    let ada = rows.iter().find(|row| row.patient == ADA).unwrap();
    assert!(ada.erased && ada.summary.is_none());
    assert_eq!(engine.load(BEN, 0).unwrap().len(), 1);
    engine.append(append_of(BEN, 1, &[5])).unwrap();
    assert!(matches!(engine.erase(Uuid::from_u128(77), 9), Err(WriteError::NotFound(_))));
    let report = sound(engine);
    assert_eq!((report.erased, report.events), (1, 4));
}
