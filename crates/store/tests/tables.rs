//! The installation's own tables as they lie in the file: what cannot be read there, and what cannot be changed unseen.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{ADA, Folder};
use rusqlite::Connection;
use stillwater_store::conformance::append_of;
use stillwater_store::conformance::tables::{account, entry, link, session};
use stillwater_store::{SessionSubject, Uuid};

fn tamper(folder: &Folder, sql: &str) -> rusqlite::Result<()> {
    Connection::open(folder.database()).unwrap().execute_batch(sql)
}

#[test]
fn the_access_log_cannot_be_edited() {
    let folder = Folder::new();
    let store = folder.open();
    store.audit(entry(Some(ADA.id), "looked")).unwrap();
    assert!(tamper(&folder, "DELETE FROM audit").is_err());
    tamper(&folder, "DROP TRIGGER audit_is_not_changed; UPDATE audit SET at_ms = 8").unwrap();
    let noticed = store.audit_entries(None, None, 100).unwrap_err().to_string();
    assert!(noticed.contains("the entry 1 of the access log"), "a changed time is noticed: {noticed}");
}

#[test]
fn nobody_becomes_somebody_else_by_a_changed_session() {
    let staff = SessionSubject::Staff { account: Uuid::from_u128(1) };
    let companion = SessionSubject::Companion { patient: ADA.id, companion: Uuid::from_u128(2) };
    for (subject, change) in [
        (staff, "account_id = zeroblob(16)"),
        (staff, "subject = 'patient', patient_id = zeroblob(16)"),
        (companion, "patient_id = zeroblob(16)"),
        (companion, "companion_id = zeroblob(16)"),
        (companion, "subject = 'patient', companion_id = NULL"),
    ] {
        let folder = Folder::new();
        let store = folder.open();
        store.create_web_session(session(0xAB, subject)).unwrap();
        assert_eq!(store.find_web_session(&[0xAB; 32], 20).unwrap().unwrap().subject, subject);
        tamper(&folder, &format!("UPDATE web_session SET {change}")).unwrap();
        let refused = store.find_web_session(&[0xAB; 32], 20).unwrap_err().to_string();
        assert!(refused.contains("the session abababababab"), "{change}: {refused}");
    }
    // Ids that do not belong together cannot even be put there.
    let folder = Folder::new();
    folder.open().create_web_session(session(1, staff)).unwrap();
    assert!(tamper(&folder, "UPDATE web_session SET subject = 'companion'").is_err());
}

#[test]
fn a_row_that_does_not_open_is_an_error_that_names_it() {
    let folder = Folder::new();
    let store = folder.open();
    let mut append = append_of(ADA, 0, &[1]);
    append.index.summary = b"summary".to_vec();
    store.append(append).unwrap();
    store.create_account(account(7, "login", None)).unwrap();
    store.create_link(link(0xCD, false, Some(ADA.id))).unwrap();
    store.put_draft("owner", "form", None, b"draft", 1).unwrap();
    store.put_setting("clinic", "1").unwrap();
    tamper(
        &folder,
        "UPDATE account SET sealed = zeroblob(40); UPDATE link SET subject_sealed = zeroblob(40); \
         UPDATE draft SET sealed = zeroblob(40); UPDATE setting SET sealed = zeroblob(40); \
         UPDATE stream SET summary_sealed = zeroblob(40);",
    )
    .unwrap();
    let patients = stillwater_store::StreamKind::Patient;
    for (said, row) in [
        (store.accounts().unwrap_err().to_string(), format!("the account {}", Uuid::from_u128(7))),
        (store.links_of(ADA.id).unwrap_err().to_string(), "the link cdcdcdcdcdcd".to_owned()),
        (store.draft("owner", "form").unwrap_err().to_string(), "the draft of the form `form` of owner".to_owned()),
        (store.setting("clinic").unwrap_err().to_string(), "the setting `clinic`".to_owned()),
        (store.rows(patients).unwrap_err().to_string(), format!("the summary of {ADA}")),
    ] {
        assert!(said.contains(&row), "{said} should name {row}");
    }
    tamper(&folder, "UPDATE stream SET summary_sealed = NULL").unwrap();
    let said = store.rows(patients).unwrap_err().to_string();
    assert!(said.contains(&format!("the index row of {ADA}")), "a summary that is gone is not an empty one: {said}");
}

#[test]
fn nothing_sensitive_lies_open_in_the_files() {
    let folder = Folder::new();
    let store = folder.open();
    let mut append = append_of(ADA, 0, &[1]);
    append.events[0].payload = b"payload-text".to_vec();
    append.index.summary = b"summary-text".to_vec();
    store.append(append).unwrap();
    store.create_account(account(1, "login-text", None)).unwrap();
    store.create_link(link(1, false, None)).unwrap();
    store.create_web_session(session(1, SessionSubject::Staff { account: Uuid::from_u128(1) })).unwrap();
    store.audit(entry(None, "what-text")).unwrap();
    store.put_draft("o", "f", None, b"draft-text", 1).unwrap();
    store.put_setting("name", "setting-text").unwrap();
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        files.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("SomethingNoted"), "the kind is not sealed, so this search does find things");
    for text in [
        "payload-text",
        "summary-text",
        "login-text",
        "Synthetic",
        "hash-one",
        "subject-text",
        "name-text",
        "staff-name",
        "what-text",
        "draft-text",
        "setting-text",
        "guide",
    ] {
        assert!(!holds(text), "{text} lies open in the file");
    }
}
