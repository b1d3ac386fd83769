//! Whoever changes the file is found out, and the report says which event it was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{ADA, BEN, CABINET, Folder};
use rusqlite::Connection;
use stillwater_store::conformance::append_of;
use stillwater_store::{Problem, ProblemKind, ReadError, StreamId, Uuid, VerifyReport, verify_file};

/// Two charts of five events, written in turns: Ada's are ids 1, 3, 5, 7, 9 and Ben's 2, 4, 6, 8, 10.
fn folder() -> Folder {
    let folder = Folder::new();
    let store = folder.open();
    for seq in 0..5_u64 {
        store.append(append_of(ADA, seq, &[u128::from(seq) * 2 + 1])).unwrap();
        store.append(append_of(BEN, seq, &[u128::from(seq) * 2 + 2])).unwrap();
    }
    folder
}

/// As someone with a database tool and no respect for triggers would.
fn tamper(folder: &Folder, sql: &str) {
    let connection = Connection::open(folder.database()).unwrap();
    connection
        .execute_batch(
            "PRAGMA foreign_keys = OFF; DROP TRIGGER event_is_not_changed; \
             DROP TRIGGER event_is_not_deleted;",
        )
        .unwrap();
    let ada: String = ADA.id.simple().to_string();
    connection.execute_batch(&sql.replace("$ADA", &format!("x'{ada}'"))).unwrap();
}

fn keyless(folder: &Folder) -> VerifyReport {
    verify_file(&folder.database(), &mut |_| {}).unwrap()
}

/// Kind, seq and event id of the problems in Ada's chart; there are none in Ben's.
fn found(folder: &Folder) -> Vec<(ProblemKind, Option<u64>, Option<u128>)> {
    let report = keyless(folder);
    assert!(report.problems.iter().all(|problem| problem.stream != Some(BEN)), "{:?}", report.problems);
    let of = |problem: &Problem| (problem.kind, problem.seq, problem.event_id.map(|id| id.as_u128()));
    report.problems.iter().filter(|problem| problem.stream == Some(ADA)).map(of).collect()
}

fn loading(folder: &Folder) -> String {
    match folder.open().load(ADA, 0) {
        Err(error @ ReadError::Broken { .. }) => error.to_string(),
        other => panic!("a changed chart must not load: {other:?}"),
    }
}

#[test]
fn finds_nothing_in_an_untouched_log() {
    let folder = folder();
    assert!(keyless(&folder).is_sound());
    let report = folder.open().verify(&mut |_| {}).unwrap();
    assert!(report.is_sound() && report.with_key);
    assert_eq!((report.events, report.streams, report.head.gid), (10, 2, 10));
}

#[test]
fn refuses_to_change_or_delete_an_event_in_sql() {
    let folder = folder();
    let connection = Connection::open(folder.database()).unwrap();
    for sql in ["UPDATE event SET kind = 'x'", "DELETE FROM event"] {
        let refused = connection.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

#[test]
fn names_an_event_whose_payload_was_changed() {
    let folder = folder();
    tamper(
        &folder,
        "UPDATE event SET payload = CAST(substr(payload, 1, 20) || x'00ff' || substr(payload, 23) AS BLOB) \
         WHERE stream_id = $ADA AND seq = 3",
    );
    assert_eq!(found(&folder), [(ProblemKind::Changed, Some(3), Some(5))]);
    assert!(loading(&folder).contains("event 3 was changed"));
}

#[test]
fn names_an_event_whose_fields_were_changed() {
    for change in
        ["kind = 'DoseHeld'", "version = 2", "recorded_at_ms = 7", "event_id = zeroblob(16)", "act_id = zeroblob(16)"]
    {
        let folder = folder();
        tamper(&folder, &format!("UPDATE event SET {change} WHERE stream_id = $ADA AND seq = 2"));
        let problems = found(&folder);
        assert_eq!(problems.len(), 1, "{change}: {problems:?}");
        assert_eq!((problems[0].0, problems[0].1), (ProblemKind::Changed, Some(2)), "{change}");
    }
}

#[test]
fn names_an_event_deleted_from_the_middle() {
    let folder = folder();
    tamper(&folder, "DELETE FROM event WHERE stream_id = $ADA AND seq = 3");
    assert_eq!(found(&folder), [(ProblemKind::Missing, Some(3), None)]);
    assert!(loading(&folder).contains("event 3 is missing"));
}

#[test]
fn names_two_events_that_changed_places() {
    let folder = folder();
    tamper(
        &folder,
        "UPDATE event SET seq = 99 WHERE stream_id = $ADA AND seq = 2;
         UPDATE event SET seq = 2 WHERE stream_id = $ADA AND seq = 3;
         UPDATE event SET seq = 3 WHERE stream_id = $ADA AND seq = 99;",
    );
    let problems = found(&folder);
    assert!(problems.contains(&(ProblemKind::Reordered, Some(2), Some(5))), "{problems:?}");
    assert!(problems.contains(&(ProblemKind::Reordered, Some(3), Some(3))), "{problems:?}");
    loading(&folder);
}

#[test]
fn names_a_tail_that_was_cut_off() {
    let folder = folder();
    tamper(&folder, "DELETE FROM event WHERE stream_id = $ADA AND seq > 3");
    assert_eq!(found(&folder), [(ProblemKind::Missing, Some(4), None), (ProblemKind::HeadMismatch, Some(5), None)]);
    assert!(loading(&folder).contains("event 4 is missing"));
    let refused = folder.open().append(append_of(ADA, 5, &[50])).unwrap_err().to_string();
    assert!(refused.contains("does not end where its head says"), "{refused}");
}

#[test]
fn notices_a_cut_tail_even_if_the_head_was_moved_back() {
    let folder = folder();
    tamper(
        &folder,
        "DELETE FROM event WHERE stream_id = $ADA AND seq > 3;
         UPDATE stream SET head_seq = 3, head_hash = (SELECT hash FROM event WHERE stream_id = $ADA AND seq = 3)
         WHERE stream_id = $ADA;",
    );
    let report = keyless(&folder);
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert_eq!((report.problems[0].kind, report.problems[0].stream), (ProblemKind::Missing, None));
    assert!(report.problems[0].detail.contains("empty: 7, 9"), "{}", report.problems[0]);
}

#[test]
fn notices_that_a_whole_patient_is_gone() {
    let folder = folder();
    tamper(&folder, "DELETE FROM event WHERE stream_id = $ADA");
    assert_eq!(found(&folder), [(ProblemKind::Missing, Some(1), None)]);
    tamper_more(&folder, "DELETE FROM stream WHERE stream_id = $ADA");
    let report = keyless(&folder);
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert_eq!(report.problems[0].kind, ProblemKind::Missing);
    assert!(report.problems[0].detail.starts_with("5 events are gone"), "{}", report.problems[0]);
}

fn tamper_more(folder: &Folder, sql: &str) {
    let connection = Connection::open(folder.database()).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let ada: String = ADA.id.simple().to_string();
    connection.execute_batch(&sql.replace("$ADA", &format!("x'{ada}'"))).unwrap();
}

#[test]
fn names_events_of_nobody() {
    let folder = folder();
    tamper(&folder, "DELETE FROM stream WHERE stream_id = $ADA");
    assert_eq!(found(&folder), [(ProblemKind::Orphan, None, None)]);
}

#[test]
fn only_the_key_tells_a_forged_head_and_a_forged_erasure() {
    let folder = folder();
    tamper(
        &folder,
        "UPDATE log_head SET mac = zeroblob(32);
         UPDATE stream SET wrapped_key = NULL, erased_at_ms = 1 WHERE stream_id = $ADA;",
    );
    assert!(keyless(&folder).is_sound(), "a MAC means nothing without the key");
    let report = folder.open().verify(&mut |_| {}).unwrap();
    let kinds: Vec<_> = report.problems.iter().map(|problem| (problem.kind, problem.stream)).collect();
    assert_eq!(kinds, [(ProblemKind::HeadMismatch, None), (ProblemKind::Changed, Some(ADA))]);
    let refused = folder.open().append(append_of(BEN, 5, &[50])).unwrap_err().to_string();
    assert!(refused.contains("not written by this installation"), "{refused}");
}

#[test]
fn an_erased_chart_still_verifies_and_no_longer_opens() {
    let folder = folder();
    let store = folder.open();
    let wrapped: Vec<u8> = Connection::open(folder.database())
        .unwrap()
        .query_row("SELECT wrapped_key FROM stream WHERE stream_id = ?1", [ADA.id.as_bytes()], |row| row.get(0))
        .unwrap();
    store.erase(ADA, 9).unwrap();
    assert!(matches!(store.load(ADA, 0), Err(ReadError::Erased)));
    drop(store);
    let report = keyless(&folder);
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!((report.erased, report.events), (1, 10));
    let file = std::fs::read(folder.database()).unwrap();
    let left = file.windows(wrapped.len()).any(|window| window == wrapped);
    assert!(!left, "the wrapped key is not left behind anywhere in the file");
}

#[test]
fn a_problem_reads_as_a_sentence() {
    let problem = Problem {
        kind: ProblemKind::Changed,
        stream: Some(StreamId::patient(Uuid::nil())),
        seq: Some(3),
        event_id: Some(Uuid::nil()),
        detail: "is not what was recorded".to_owned(),
    };
    let id = "00000000-0000-0000-0000-000000000000";
    assert_eq!(problem.to_string(), format!("patient {id}, event 3 ({id}): is not what was recorded"));
}

/// Ada's chart, and a cabinet with the same id, two events each.
fn folder_with_a_cabinet() -> Folder {
    let folder = Folder::new();
    let store = folder.open();
    store.append(append_of(ADA, 0, &[1, 2])).unwrap();
    store.append(append_of(CABINET, 0, &[3, 4])).unwrap();
    folder
}

#[test]
fn names_the_stream_whose_event_was_changed_and_not_its_namesake() {
    for stream in [ADA, CABINET] {
        let folder = folder_with_a_cabinet();
        tamper(&folder, &format!("UPDATE event SET version = 9 WHERE stream_kind = '{}' AND seq = 2", stream.kind));
        let found: Vec<_> = keyless(&folder).problems.iter().map(|p| (p.kind, p.stream, p.seq)).collect();
        assert_eq!(found, [(ProblemKind::Changed, Some(stream), Some(2))]);
        let store = folder.open();
        for other in [ADA, CABINET] {
            assert_eq!(store.load(other, 0).is_ok(), other != stream, "{stream} was changed, {other} is loaded");
        }
    }
}

#[test]
fn names_an_event_that_was_moved_to_a_namesake() {
    let folder = folder_with_a_cabinet();
    tamper(&folder, "UPDATE event SET stream_kind = 'cabinet', seq = 3 WHERE stream_kind = 'patient' AND seq = 2");
    let report = keyless(&folder);
    let found: Vec<_> = report.problems.iter().map(|p| (p.kind, p.stream, p.seq)).collect();
    assert!(found.contains(&(ProblemKind::Changed, Some(CABINET), Some(3))), "{found:?}");
    assert!(found.contains(&(ProblemKind::Missing, Some(ADA), Some(2))), "{found:?}");
    assert!(report.problems.iter().any(|p| p.to_string().starts_with(&format!("cabinet {}", ADA.id))));
}

#[test]
fn names_rows_of_a_kind_that_nobody_knows() {
    let folder = folder_with_a_cabinet();
    tamper(&folder, "UPDATE event SET stream_kind = 'ghost' WHERE stream_kind = 'cabinet'");
    let report = keyless(&folder);
    let said: Vec<_> = report.problems.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|s| s.contains("2 events are of `ghost`")), "{said:?}");
    assert!(report.problems.iter().any(|p| (p.kind, p.stream) == (ProblemKind::Missing, Some(CABINET))), "{said:?}");
    tamper_more(&folder, "UPDATE stream SET stream_kind = 'ghost' WHERE stream_kind = 'cabinet'");
    let said: Vec<_> = keyless(&folder).problems.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|s| s.contains("there is `ghost`")), "{said:?}");
}

#[test]
fn only_the_key_tells_an_erasure_of_one_stream_from_that_of_its_namesake() {
    let folder = folder_with_a_cabinet();
    folder.open().erase(ADA, 5).unwrap();
    assert!(folder.open().verify(&mut |_| {}).unwrap().is_sound());
    // The mark of Ada's erasure does not stand for the cabinet's.
    tamper(
        &folder,
        "UPDATE stream SET wrapped_key = NULL, erased_at_ms = 5, \
         erasure_mac = (SELECT erasure_mac FROM stream WHERE stream_kind = 'patient') WHERE stream_kind = 'cabinet'",
    );
    assert!(keyless(&folder).is_sound());
    let found: Vec<_> =
        folder.open().verify(&mut |_| {}).unwrap().problems.iter().map(|p| (p.kind, p.stream)).collect();
    assert_eq!(found, [(ProblemKind::Changed, Some(CABINET))]);
}
