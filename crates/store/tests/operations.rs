//! What happens to an installation: a second process, a lost key, a full disk, a damaged file, backups.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use common::{ADA, BEN, CABINET, Folder};
use stillwater_store::conformance::append_of;
use stillwater_store::{
    AppendError, BackupError, BackupOptions, KEY_FILE, OpenError, Options, RestoreError, Store, StreamId, StreamKind,
    Uuid, VerifyError, backup_folder, restore, verify_file,
};

fn open_error(folder: &Folder) -> OpenError {
    Store::open(folder.path(), Options::default()).expect_err("opening should be refused")
}

#[test]
fn names_the_process_that_has_the_folder() {
    let folder = Folder::new();
    let store = folder.open();
    let error = open_error(&folder);
    assert!(matches!(error, OpenError::Locked { holder: Some(pid), .. } if pid == std::process::id()));
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    drop(store);
    folder.open();
}

#[test]
fn makes_a_private_key_once_and_keeps_it() {
    let folder = Folder::new();
    folder.open().append(append_of(ADA, 0, &[1])).unwrap();
    let path = folder.path().join(KEY_FILE);
    let key = std::fs::read(&path).unwrap();
    for file in [&path, &folder.database()] {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(folder.open().load(ADA, 0).unwrap().len(), 1);
    assert_eq!(std::fs::read(&path).unwrap(), key);
}

#[test]
fn never_makes_a_second_key_for_a_database() {
    let folder = Folder::new();
    drop(folder.open());
    let path = folder.path().join(KEY_FILE);
    std::fs::remove_file(&path).unwrap();
    let error = open_error(&folder);
    assert!(matches!(error, OpenError::KeyMissing { .. }), "{error}");
    assert!(!path.exists());
}

#[test]
fn refuses_a_key_that_is_exposed_malformed_or_another_s() {
    let (folder, other) = (Folder::new(), Folder::new());
    drop((folder.open(), other.open()));
    let path = folder.path().join(KEY_FILE);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(open_error(&folder), OpenError::KeyExposed { mode: 0o644, .. }));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let good = std::fs::read(&path).unwrap();
    for wrong in [&good[..40], b"", &[0xff; 65], &[b'z'; 64]] {
        std::fs::write(&path, wrong).unwrap();
        assert!(matches!(open_error(&folder), OpenError::KeyMalformed { .. }), "{wrong:?}");
    }
    std::fs::copy(other.path().join(KEY_FILE), &path).unwrap();
    assert!(matches!(open_error(&folder), OpenError::WrongKey { .. }));
    std::fs::write(&path, good).unwrap();
    folder.open();
}

#[test]
fn a_full_disk_records_nothing_and_recovers() {
    let folder = Folder::new();
    let engine = folder.engine();
    let store = Store::over(engine.clone());
    store.append(append_of(ADA, 0, &[1])).unwrap();
    engine.set_max_pages(engine.pages().unwrap() + 4).unwrap();
    let big = |seq, id| {
        let mut append = append_of(ADA, seq, &[id, id + 1]);
        append.events[1].payload = vec![7; 100_000];
        append
    };
    assert!(matches!(store.append(big(1, 10)), Err(AppendError::Full)));
    assert_eq!(store.load(ADA, 0).unwrap().len(), 1, "nothing half-written");
    assert!(store.verify(&mut |_| {}).unwrap().is_sound());
    // A small one still fits, and is not taken down by big ones beside it.
    let beside: Vec<_> = (0..8_u128)
        .map(|n| {
            let store = store.clone();
            std::thread::spawn(move || {
                let patient = Uuid::from_u128(100 + n);
                let mut append = append_of(StreamId::patient(patient), 0, &[200 + n]);
                if n != 3 {
                    append.events[0].payload = vec![7; 100_000];
                }
                store.append(append)
            })
        })
        .collect();
    for (n, thread) in beside.into_iter().enumerate() {
        match thread.join().unwrap() {
            Ok(_) => assert_eq!(n, 3),
            Err(error) => assert!(n != 3 && matches!(error, AppendError::Full), "{n}: {error}"),
        }
    }
    engine.set_max_pages(1_000_000).unwrap();
    assert_eq!(store.append(big(1, 10)).unwrap().seqs, [2, 3]);
    let report = store.verify(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!(report.events, 4);
}

fn filled(folder: &Folder) {
    let store = folder.open();
    for seq in 0..60 {
        let mut append = append_of(ADA, seq, &[u128::from(seq) + 1]);
        append.events[0].payload = vec![7; 2_000];
        store.append(append).unwrap();
    }
}

fn overwrite(folder: &Folder, at: u64, length: usize) {
    let mut file = std::fs::OpenOptions::new().write(true).open(folder.database()).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&vec![0xAB; length]).unwrap();
}

#[test]
fn a_damaged_header_names_the_file_and_the_way_out() {
    let folder = Folder::new();
    filled(&folder);
    overwrite(&folder, 0, 100);
    let error = open_error(&folder);
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("stillwater.db") && text.contains("restore") && text.contains("verify"), "{text}");
    assert!(matches!(verify_file(&folder.database(), &mut |_| {}), Err(VerifyError::Damaged { .. })));
}

#[test]
fn damaged_pages_in_the_middle_are_found_on_opening() {
    let folder = Folder::new();
    filled(&folder);
    let length = std::fs::metadata(folder.database()).unwrap().len();
    let pages = length / 4096;
    overwrite(&folder, pages / 4 * 4096, usize::try_from(pages / 2 * 4096).unwrap());
    let error = open_error(&folder);
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("restore from a backup"), "{error}");
}

#[test]
fn refuses_another_program_s_database_and_a_later_or_earlier_version_s() {
    let folder = Folder::new();
    drop(folder.open());
    let connection = rusqlite::Connection::open(folder.database()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert!(matches!(open_error(&folder), OpenError::Newer { found: 99, .. }));
    let connection = rusqlite::Connection::open(folder.database()).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    let error = open_error(&folder);
    assert!(matches!(error, OpenError::Older { found: 1, oldest: 2, .. }), "{error}");
    assert!(error.to_string().contains("earlier version"), "{error}");
    let checked = verify_file(&folder.database(), &mut |_| {});
    assert!(matches!(checked, Err(VerifyError::Unknown { found: 1, .. })), "{checked:?}");
    let connection = rusqlite::Connection::open(folder.database()).unwrap();
    connection.pragma_update(None, "application_id", 1).unwrap();
    drop(connection);
    assert!(matches!(open_error(&folder), OpenError::Foreign { .. }));
}

#[test]
fn listeners_hear_of_what_is_durable_in_order() {
    let folder = Folder::new();
    let store = folder.open();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    store.on_commit(Box::new(move |news| {
        ears.lock().unwrap().push((news.stream, news.seq, news.gid, news.kinds.len()))
    }));
    store.append(append_of(ADA, 0, &[1, 2])).unwrap();
    store.append(append_of(ADA, 0, &[1, 2])).unwrap();
    store.append(append_of(ADA, 0, &[3])).unwrap_err();
    store.append(append_of(BEN, 0, &[4])).unwrap();
    assert_eq!(*heard.lock().unwrap(), [(ADA, 2, 2, 2), (BEN, 1, 3, 1)]);
}

#[test]
fn backs_up_while_writing_and_restores() {
    let (folder, elsewhere, target) = (Folder::new(), Folder::new(), Folder::new());
    filled(&folder);
    let engine = folder.engine();
    let store = Store::over(engine.clone());
    store.append(append_of(CABINET, 0, &[901, 902])).unwrap();
    let (stop, writing) = (Arc::new(AtomicBool::new(false)), store.clone());
    let stopping = Arc::clone(&stop);
    let writer = std::thread::spawn(move || {
        let mut seq = 0;
        while !stopping.load(Ordering::Relaxed) {
            writing.append(append_of(BEN, seq, &[1_000 + u128::from(seq)])).unwrap();
            seq += 1;
        }
        seq
    });
    while store.head(BEN).unwrap().is_none() {
        std::thread::yield_now();
    }
    let to = elsewhere.path().join("copy.db");
    let mut steps = 0;
    let report = engine.backup(&to, BackupOptions { include_key: true }, &mut |_| steps += 1).unwrap();
    stop.store(true, Ordering::Relaxed);
    let written = writer.join().unwrap();
    assert!(steps > 0 && report.verified.is_sound() && report.verified.events >= 63);
    assert!(report.verified.events <= 62 + written);
    assert!(!elsewhere.path().join("copy.db-wal").exists() && !elsewhere.path().join("copy.db.unfinished").exists());
    assert!(matches!(engine.backup(&to, BackupOptions::default(), &mut |_| {}), Err(BackupError::Exists { .. })));

    let key = report.key.unwrap();
    let restored = restore(&to, target.path(), Some(&key)).unwrap();
    assert!(restored.key_restored && restored.verified.with_key);
    let there = target.open();
    for stream in [ADA, CABINET] {
        assert_eq!(there.load(stream, 0).unwrap(), store.load(stream, 0).unwrap());
    }
    assert_eq!(there.streams(StreamKind::Cabinet).unwrap().open, [CABINET]);
}

#[test]
fn a_backup_holds_no_key_unless_asked() {
    let (folder, elsewhere, target) = (Folder::new(), Folder::new(), Folder::new());
    filled(&folder);
    let to = elsewhere.path().join("copy.db");
    let report = backup_folder(folder.path(), &to, BackupOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(report.key, None);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 1);
    let restored = restore(&to, target.path(), None).unwrap();
    assert!(!restored.key_restored);
    assert!(matches!(open_error(&target), OpenError::KeyMissing { .. }));
}

#[test]
fn restores_nothing_over_something_and_nothing_unsound() {
    let (folder, elsewhere, target) = (Folder::new(), Folder::new(), Folder::new());
    filled(&folder);
    let to = elsewhere.path().join("copy.db");
    backup_folder(folder.path(), &to, BackupOptions::default(), &mut |_| {}).unwrap();
    assert!(matches!(restore(&to, folder.path(), None), Err(RestoreError::NotEmpty { .. })));

    let other = Folder::new();
    drop(other.open());
    let wrong_key = other.path().join(KEY_FILE);
    assert!(matches!(restore(&to, target.path(), Some(&wrong_key)), Err(RestoreError::BackupFailedChecks { .. })));
    let connection = rusqlite::Connection::open(&to).unwrap();
    connection.execute_batch("DROP TRIGGER event_is_not_deleted; DELETE FROM event WHERE seq = 5").unwrap();
    drop(connection);
    let error = restore(&to, target.path(), None).unwrap_err().to_string();
    assert!(error.contains("event 5: is gone"), "{error}");
    assert_eq!(std::fs::read_dir(target.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn an_unsound_database_is_not_backed_up_in_silence() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    filled(&folder);
    let connection = rusqlite::Connection::open(folder.database()).unwrap();
    connection.execute_batch("DROP TRIGGER event_is_not_changed; UPDATE event SET kind = 'x' WHERE seq = 7").unwrap();
    drop(connection);
    let to = elsewhere.path().join("copy.db");
    let error = backup_folder(folder.path(), &to, BackupOptions::default(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("event 7"), "{error}");
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}
