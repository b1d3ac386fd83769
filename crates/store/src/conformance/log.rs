//! The cases of the log.
#![allow(clippy::indexing_slicing, clippy::panic)]

use std::error::Error;
use std::sync::{Arc, Barrier};

use uuid::Uuid;

use super::{Case, Checked, append_of, joined};
use crate::{
    AlertRow, AppendError, IndexRow, ReadError, Store, StreamId, StreamKind, Streams, VerifyReport, WriteError,
};

pub const CASES: &[Case] = &[
    ("reads back what was recorded", reads_back_what_was_recorded),
    ("refuses an append to an old head", refuses_an_append_to_an_old_head),
    ("records a repeated batch once", records_a_repeated_batch_once),
    ("refuses an id used for something else", refuses_an_id_used_for_something_else),
    ("lets one of two writers win", lets_one_of_two_writers_win),
    ("keeps the chain whole under 64 writers", keeps_the_chain_whole_under_64_writers),
    ("replaces the index row", replaces_the_index_row),
    ("erases one person and still verifies", erases_one_person_and_still_verifies),
    ("rewrites an index row only at the head that was seen", rewrites_an_index_row_only_at_the_head_that_was_seen),
    ("lists the rows that another version of the fold wrote", lists_the_rows_that_another_version_of_the_fold_wrote),
    ("keeps two kinds with one id apart", keeps_two_kinds_with_one_id_apart),
    ("lists the half of an act until its other half is there", lists_the_half_of_an_act_until_its_other_half_is_there),
];

fn sound(engine: &Store) -> Result<VerifyReport, Box<dyn Error>> {
    let report = engine.verify(&mut |_| {})?;
    assert!(report.is_sound(), "{:?}", report.problems);
    Ok(report)
}

const ADA: StreamId = StreamId::patient(Uuid::from_u128(0xADA));
/// The drug cabinet that happens to have Ada's id.
const CABINET: StreamId = StreamId::new(StreamKind::Cabinet, ADA.id);
const BEN: StreamId = StreamId::patient(Uuid::from_u128(0xBE2));

fn reads_back_what_was_recorded(engine: &Store) -> Checked {
    assert!(engine.head(ADA)?.is_none());
    assert!(engine.load(ADA, 0)?.is_empty());
    let first = engine.append(append_of(ADA, 0, &[1, 2]))?;
    assert_eq!((first.seqs, first.gids, first.duplicate), (vec![1, 2], vec![1, 2], false));
    engine.append(append_of(BEN, 0, &[3]))?;
    let third = engine.append(append_of(ADA, 2, &[4]))?;
    assert_eq!((third.seqs, third.gids), (vec![3], vec![4]));
    let chart = engine.load(ADA, 0)?;
    let payloads: Vec<_> = chart.iter().map(|event| String::from_utf8_lossy(&event.payload)).collect();
    assert_eq!(payloads, ["payload of 1", "payload of 2", "payload of 4"]);
    assert_eq!(engine.load(ADA, 3)?, chart[2..]);
    assert!(engine.load(ADA, 4)?.is_empty());
    let head = engine.head(ADA)?.ok_or("there is no head")?;
    assert_eq!((head.seq, head.hash, head.erased), (3, chart[2].hash, false));
    let report = sound(engine)?;
    assert_eq!((report.events, report.streams), (4, 2));
    Ok(())
}

fn refuses_an_append_to_an_old_head(engine: &Store) -> Checked {
    engine.append(append_of(ADA, 0, &[1]))?;
    for expected in [0, 2] {
        match engine.append(append_of(ADA, expected, &[9])) {
            Err(AppendError::Conflict { expected: e, actual: 1 }) => assert_eq!(e, expected),
            other => panic!("should conflict: {other:?}"),
        }
    }
    assert!(matches!(engine.append(append_of(BEN, 3, &[9])), Err(AppendError::Conflict { expected: 3, actual: 0 })));
    assert!(matches!(engine.append(append_of(BEN, 0, &[])), Err(AppendError::NothingToRecord)));
    assert_eq!(engine.load(ADA, 0)?.len(), 1);
    assert!(engine.head(BEN)?.is_none(), "a refused append leaves no chart behind");
    Ok(())
}

fn records_a_repeated_batch_once(engine: &Store) -> Checked {
    let first = engine.append(append_of(ADA, 0, &[1, 2]))?;
    engine.append(append_of(ADA, 2, &[3]))?;
    let again = engine.append(append_of(ADA, 0, &[1, 2]))?;
    assert!(again.duplicate);
    assert_eq!((again.seqs, again.gids), (first.seqs, first.gids));
    assert_eq!(engine.load(ADA, 0)?.len(), 3);
    Ok(())
}

fn refuses_an_id_used_for_something_else(engine: &Store) -> Checked {
    engine.append(append_of(ADA, 0, &[1]))?;
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
    assert_eq!(engine.load(ADA, 0)?.len(), 1);
    engine.append(append_of(ADA, 1, &[2]))?;
    Ok(())
}

fn lets_one_of_two_writers_win(engine: &Store) -> Checked {
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
        let results = racers.into_iter().map(joined).collect::<Result<Vec<_>, _>>()?;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        assert!(
            results.iter().any(|result| matches!(result, Err(AppendError::Conflict { expected, actual })
                if *expected == round && *actual == round + 1)),
            "{results:?}"
        );
    }
    assert_eq!(engine.load(ADA, 0)?.len(), 20);
    Ok(())
}

fn keeps_the_chain_whole_under_64_writers(engine: &Store) -> Checked {
    let shared = 8;
    let writers: Vec<_> = (0..64_u128)
        .map(|writer| {
            let engine = engine.clone();
            std::thread::spawn(move || -> Result<(), String> {
                let stream = StreamId::patient(Uuid::from_u128(writer % shared + 1));
                for event in 0..5_u128 {
                    loop {
                        let head = engine.head(stream).map_err(|error| error.to_string())?.map_or(0, |head| head.seq);
                        match engine.append(append_of(stream, head, &[1_000 + writer * 5 + event])) {
                            Ok(_) => break,
                            Err(AppendError::Conflict { .. }) => {}
                            Err(other) => return Err(other.to_string()),
                        }
                    }
                }
                Ok(())
            })
        })
        .collect();
    for writer in writers {
        joined(writer)??;
    }
    for id in 1..=shared {
        assert_eq!(engine.load(StreamId::patient(Uuid::from_u128(id)), 0)?.len(), 40);
    }
    let report = sound(engine)?;
    assert_eq!((report.events, report.head.gid), (320, 320));
    Ok(())
}

fn replaces_the_index_row(engine: &Store) -> Checked {
    let alert = |id, level, raised_at_ms| AlertRow {
        alert_id: Uuid::from_u128(id),
        level,
        raised_at_ms,
        owned: false,
        next_step_at_ms: Some(99),
    };
    let mut append = append_of(ADA, 0, &[1]);
    append.index = IndexRow {
        summary: b"first".to_vec(),
        next_look_at_ms: Some(50),
        alerts: vec![alert(1, 1, 5), alert(2, 3, 6)],
        fold_version: "one".to_owned(),
    };
    engine.append(append)?;
    let mut append = append_of(BEN, 0, &[2]);
    append.index.next_look_at_ms = Some(40);
    engine.append(append)?;
    assert!(engine.due(StreamKind::Patient, 39, 10)?.is_empty());
    assert_eq!(engine.due(StreamKind::Patient, 40, 10)?, [BEN]);
    assert_eq!(engine.due(StreamKind::Patient, 50, 10)?, [BEN, ADA]);
    assert_eq!(engine.due(StreamKind::Patient, 50, 1)?, [BEN]);
    let rows = engine.rows(StreamKind::Patient)?;
    assert_eq!(rows[0].stream, ADA);
    assert_eq!(rows[0].summary.as_deref(), Some(&b"first"[..]));
    assert_eq!(rows[0].alerts, [alert(2, 3, 6), alert(1, 1, 5)]);
    // Looked at: the row changes without an event.
    let looked = IndexRow { summary: b"second".to_vec(), ..IndexRow::default() };
    engine.rewrite_index(ADA, 1, looked)?;
    let rows = engine.rows(StreamKind::Patient)?;
    assert_eq!((rows[0].seq, rows[0].summary.as_deref()), (1, Some(&b"second"[..])));
    assert!(rows[0].alerts.is_empty());
    assert_eq!(engine.due(StreamKind::Patient, 50, 10)?, [BEN]);
    Ok(())
}

fn erases_one_person_and_still_verifies(engine: &Store) -> Checked {
    engine.append(append_of(ADA, 0, &[1, 2]))?;
    engine.append(append_of(BEN, 0, &[3]))?;
    engine.erase(ADA, 9)?;
    engine.erase(ADA, 9)?;
    assert!(matches!(engine.load(ADA, 0), Err(ReadError::Erased)));
    assert!(matches!(engine.append(append_of(ADA, 2, &[4])), Err(AppendError::Erased)));
    assert!(engine.head(ADA)?.ok_or("there is no head")?.erased);
    let rows = engine.rows(StreamKind::Patient)?;
    let ada = rows.iter().find(|row| row.stream == ADA).ok_or("the erased row is gone")?;
    assert!(ada.erased && ada.summary.is_none());
    assert_eq!(engine.load(BEN, 0)?.len(), 1);
    engine.append(append_of(BEN, 1, &[5]))?;
    assert!(matches!(engine.erase(StreamId::patient(Uuid::from_u128(77)), 9), Err(WriteError::NotFound(_))));
    let report = sound(engine)?;
    assert_eq!((report.erased, report.events), (1, 4));
    Ok(())
}

fn rewrites_an_index_row_only_at_the_head_that_was_seen(engine: &Store) -> Checked {
    engine.append(append_of(ADA, 0, &[1, 2]))?;
    let row = |summary: &str| IndexRow { summary: summary.as_bytes().to_vec(), ..IndexRow::default() };
    for seen in [0, 1, 3] {
        let refused = engine.rewrite_index(ADA, seen, row("late"));
        assert!(matches!(refused, Err(AppendError::Conflict { actual: 2, .. })), "{refused:?}");
    }
    assert!(matches!(engine.rewrite_index(BEN, 0, row("nobody")), Err(AppendError::NothingToRecord)));
    assert!(matches!(engine.append(append_of(ADA, 2, &[])), Err(AppendError::NothingToRecord)));
    engine.rewrite_index(ADA, 2, row("in time"))?;
    let rows = engine.rows(StreamKind::Patient)?;
    assert_eq!((rows.len(), rows[0].seq, rows[0].summary.as_deref()), (1, 2, Some(&b"in time"[..])));
    engine.erase(ADA, 9)?;
    assert!(matches!(engine.rewrite_index(ADA, 2, row("too late")), Err(AppendError::Erased)));
    assert_eq!(sound(engine)?.head.gid, 2, "nothing was recorded");
    Ok(())
}

fn lists_the_rows_that_another_version_of_the_fold_wrote(engine: &Store) -> Checked {
    for (stream, id, fold_version) in [(ADA, 1, "one"), (BEN, 2, "two"), (CABINET, 3, "one")] {
        let mut append = append_of(stream, 0, &[id]);
        append.index.fold_version = fold_version.to_owned();
        engine.append(append)?;
    }
    let outdated = |fold_version| -> Result<Vec<StreamId>, ReadError> {
        let rows = engine.outdated_rows(StreamKind::Patient, fold_version)?;
        Ok(rows.into_iter().map(|row| row.stream).collect())
    };
    assert_eq!(outdated("one")?, [BEN]);
    assert_eq!(outdated("two")?, [ADA]);
    assert_eq!(outdated("three")?, [ADA, BEN]);
    assert_eq!(engine.rows(StreamKind::Patient)?[0].fold_version, "one");
    engine.rewrite_index(ADA, 1, IndexRow { fold_version: "three".to_owned(), ..IndexRow::default() })?;
    assert_eq!(outdated("three")?, [BEN]);
    engine.erase(BEN, 9)?;
    assert!(outdated("three")?.is_empty(), "an erased stream cannot be folded again");
    Ok(())
}

fn keeps_two_kinds_with_one_id_apart(engine: &Store) -> Checked {
    engine.append(append_of(ADA, 0, &[1, 2]))?;
    assert!(engine.head(CABINET)?.is_none() && engine.load(CABINET, 0)?.is_empty());
    let mut append = append_of(CABINET, 0, &[3]);
    append.index.next_look_at_ms = Some(50);
    append.index.summary = b"the cabinet".to_vec();
    engine.append(append)?;
    assert!(matches!(engine.append(append_of(CABINET, 0, &[1])), Err(AppendError::IdReused { .. })));
    engine.append(append_of(CABINET, 1, &[4]))?;
    let events = |stream| -> Result<Vec<u128>, ReadError> {
        Ok(engine.load(stream, 0)?.iter().map(|event| event.event_id.as_u128()).collect())
    };
    assert_eq!((events(ADA)?, events(CABINET)?), (vec![1, 2], vec![3, 4]));
    let mut again = append_of(CABINET, 2, &[5]);
    again.index.next_look_at_ms = Some(50);
    engine.append(again)?;
    assert!(engine.due(StreamKind::Patient, 99, 9)?.is_empty());
    assert_eq!(engine.due(StreamKind::Cabinet, 99, 9)?, [CABINET]);
    assert_eq!(engine.rows(StreamKind::Cabinet)?.len(), 1);
    assert_eq!(engine.streams(StreamKind::Patient)?.open, [ADA]);
    assert_eq!((sound(engine)?.streams, sound(engine)?.events), (2, 5));

    engine.erase(ADA, 9)?;
    assert!(matches!(engine.load(ADA, 0), Err(ReadError::Erased)));
    assert_eq!(events(CABINET)?, [3, 4, 5], "the cabinet is not the patient");
    assert_eq!(engine.streams(StreamKind::Patient)?, Streams { open: Vec::new(), erased: 1 });
    assert_eq!(engine.streams(StreamKind::Cabinet)?, Streams { open: vec![CABINET], erased: 0 });
    engine.erase(CABINET, 10)?;
    assert!(matches!(engine.load(CABINET, 0), Err(ReadError::Erased)));
    assert_eq!(sound(engine)?.erased, 2);
    Ok(())
}

fn lists_the_half_of_an_act_until_its_other_half_is_there(engine: &Store) -> Checked {
    let act = Uuid::from_u128(0xAC7);
    let half = |stream, seq, id| {
        let mut append = append_of(stream, seq, &[id, id + 1]);
        append.events[1].act_id = Some(act);
        append
    };
    engine.append(append_of(BEN, 0, &[1]))?;
    assert!(engine.halves()?.is_empty(), "what is no part of an act is no half");
    engine.append(half(ADA, 0, 10))?;
    let halves = engine.halves()?;
    assert_eq!(halves.len(), 1, "{halves:?}");
    assert_eq!((halves[0].act_id, halves[0].stream, halves[0].seq), (act, ADA, 2));
    assert_eq!((halves[0].event_id.as_u128(), halves[0].kind.as_str()), (11, "SomethingNoted"));
    assert_eq!(halves[0].recorded_at_ms, 1_000);
    engine.append(half(ADA, 2, 20))?;
    assert_eq!(engine.halves()?.len(), 2, "both are on the same side");
    engine.append(half(CABINET, 0, 30))?;
    assert!(engine.halves()?.is_empty(), "an id is not enough to be the same stream");
    let chart = engine.load(ADA, 0)?;
    assert_eq!(chart.iter().map(|event| event.act_id).collect::<Vec<_>>(), [None, Some(act), None, Some(act)]);
    // A repeat is the same batch, act and all.
    assert!(engine.append(half(CABINET, 0, 30))?.duplicate);
    let mut other_act = half(CABINET, 0, 30);
    other_act.events[1].act_id = None;
    assert!(matches!(engine.append(other_act), Err(AppendError::IdReused { .. })));
    sound(engine)?;
    Ok(())
}
