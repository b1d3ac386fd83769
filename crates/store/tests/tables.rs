//! The installation's own tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{ADA, BEN, Folder};
use stillwater_store::conformance::append_of;
use stillwater_store::{Account, Link, NewAuditEntry, NewWebSession, SessionHolder, Uuid, WriteError};

fn account(id: u128, login: &str, patient: Option<Uuid>) -> Account {
    Account {
        id: Uuid::from_u128(id),
        login: login.to_owned(),
        display_name: format!("Synthetic {id}"),
        roles: vec!["guide".to_owned()],
        password_hash: "hash-one".to_owned(),
        active: true,
        created_at_ms: 5,
        patient,
    }
}

fn session(digest: u8, holder: SessionHolder) -> NewWebSession {
    NewWebSession { digest: [digest; 32], holder, created_at_ms: 10, expires_at_ms: 100, csrf: "token".to_owned() }
}

fn link(digest: u8, single_use: bool, patient: Option<Uuid>) -> Link {
    Link {
        digest: [digest; 32],
        purpose: "screening".to_owned(),
        subject: "{\"name\":\"subject-text\"}".to_owned(),
        patient,
        expires_at_ms: 100,
        used_at_ms: None,
        single_use,
        code_digest: Some([9; 32]),
    }
}

fn entry(patient: Option<Uuid>, what: &str) -> NewAuditEntry {
    NewAuditEntry { who: "\"staff-name\"".to_owned(), patient, what: what.to_owned(), at_ms: 7 }
}

#[test]
fn an_account_is_found_by_login_in_any_case_and_changes() {
    let folder = Folder::new();
    let store = folder.open();
    let ada = account(1, "Guide.One@clinic.example", None);
    store.create_account(ada.clone()).unwrap();
    assert!(matches!(
        store.create_account(account(2, " guide.one@CLINIC.example", None)),
        Err(WriteError::Taken("login"))
    ));
    assert!(matches!(store.create_account(account(1, "else", None)), Err(WriteError::Taken("account id"))));
    assert_eq!(store.find_account_by_login("GUIDE.ONE@clinic.example ").unwrap(), Some(ada.clone()));
    assert_eq!(store.find_account_by_login("nobody").unwrap(), None);
    store.set_account_password(ada.id, "hash-two".to_owned()).unwrap();
    store.set_account_active(ada.id, false).unwrap();
    store.set_account_roles(ada.id, vec!["prescriber".to_owned()]).unwrap();
    let changed = store.account(ada.id).unwrap().unwrap();
    assert_eq!((changed.password_hash.as_str(), changed.active), ("hash-two", false));
    assert_eq!(changed.roles, ["prescriber"]);
    store.create_account(account(3, "other", None)).unwrap();
    assert_eq!(store.accounts().unwrap().len(), 2);
    assert!(matches!(store.set_account_active(Uuid::nil(), true), Err(WriteError::NotFound("account"))));
}

#[test]
fn a_session_ends_by_time_by_hand_and_by_account() {
    let folder = Folder::new();
    let store = folder.open();
    let who = Uuid::from_u128(1);
    for digest in 1..=3 {
        store.create_web_session(session(digest, SessionHolder::Account(who))).unwrap();
    }
    let by_link = SessionHolder::Link { subject: "{}".to_owned(), patient: None };
    store.create_web_session(session(4, by_link.clone())).unwrap();
    assert!(matches!(store.create_web_session(session(1, by_link.clone())), Err(WriteError::Taken(_))));
    store.touch_web_session([1; 32], 60).unwrap();
    store.touch_web_session([1; 32], 50).unwrap();
    let found = store.find_web_session(&[1; 32], 99).unwrap().unwrap();
    assert_eq!((found.seen_at_ms, found.csrf.as_str(), found.holder), (60, "token", SessionHolder::Account(who)));
    assert_eq!(store.find_web_session(&[4; 32], 20).unwrap().unwrap().holder, by_link);
    assert!(store.find_web_session(&[1; 32], 100).unwrap().is_none(), "expired");
    store.revoke_web_session([1; 32]).unwrap();
    assert!(store.find_web_session(&[1; 32], 20).unwrap().is_none());
    assert!(matches!(store.touch_web_session([1; 32], 70), Err(WriteError::NotFound(_))));
    assert_eq!(store.revoke_web_sessions_of(who).unwrap(), 2);
    assert_eq!(store.purge_expired_web_sessions(99).unwrap(), 0);
    assert_eq!(store.purge_expired_web_sessions(100).unwrap(), 1);
}

#[test]
fn a_link_that_works_once_lets_one_caller_in() {
    let folder = Folder::new();
    let store = folder.open();
    store.create_link(link(1, true, Some(ADA.id))).unwrap();
    store.create_link(link(2, false, Some(ADA.id))).unwrap();
    assert_eq!(store.find_link(&[1; 32]).unwrap(), Some(link(1, true, Some(ADA.id))));
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || store.mark_link_used([1; 32], 50).unwrap())
        })
        .collect();
    let let_in = callers.into_iter().map(|caller| caller.join().unwrap()).filter(|won| *won).count();
    assert_eq!(let_in, 1);
    assert!(store.mark_link_used([2; 32], 50).unwrap() && store.mark_link_used([2; 32], 60).unwrap());
    assert_eq!(store.find_link(&[2; 32]).unwrap().unwrap().used_at_ms, Some(50));
    assert!(!store.mark_link_used([2; 32], 100).unwrap(), "expired");
    assert!(!store.mark_link_used([7; 32], 1).unwrap(), "unknown");
    assert_eq!(store.links_of(ADA.id).unwrap().len(), 2);
    store.revoke_link([2; 32]).unwrap();
    assert!(store.find_link(&[2; 32]).unwrap().is_none());
}

#[test]
fn the_access_log_lists_newest_first_and_cannot_be_edited() {
    let folder = Folder::new();
    let store = folder.open();
    for n in 0..5 {
        store.audit_later(entry(Some(ADA.id), &format!("looked {n}"))).unwrap();
    }
    store.audit(entry(Some(BEN.id), "looked")).unwrap();
    store.audit(entry(None, "signed in")).unwrap();
    let page = store.audit_entries(Some(ADA.id), None, 2).unwrap();
    assert_eq!(page.iter().map(|entry| entry.what.as_str()).collect::<Vec<_>>(), ["looked 4", "looked 3"]);
    let next = store.audit_entries(Some(ADA.id), Some(page[1].id), 10).unwrap();
    assert_eq!(next.len(), 3);
    assert_eq!(next[0].what, "looked 2");
    assert_eq!(store.audit_entries(None, None, 100).unwrap().len(), 7);
    assert_eq!(store.lost_audit_entries(), 0);
    let connection = rusqlite::Connection::open(folder.database()).unwrap();
    assert!(connection.execute("DELETE FROM audit", []).is_err());
    connection.execute_batch("DROP TRIGGER audit_is_not_changed; UPDATE audit SET at_ms = 8").unwrap();
    assert!(store.audit_entries(None, None, 100).is_err(), "a changed time is noticed");
}

#[test]
fn drafts_and_settings_are_kept_replaced_and_thrown_away() {
    let folder = Folder::new();
    let store = folder.open();
    store.put_draft("a", "form", None, b"one", 1).unwrap();
    store.put_draft("a", "form", Some(ADA.id), b"two", 2).unwrap();
    let draft = store.draft("a", "form").unwrap().unwrap();
    assert_eq!((draft.contents.as_slice(), draft.updated_at_ms), (&b"two"[..], 2));
    assert!(store.draft("af", "orm").unwrap().is_none());
    store.delete_draft("a", "form").unwrap();
    assert!(store.draft("a", "form").unwrap().is_none());
    store.put_setting("clinic", "1").unwrap();
    store.put_setting("clinic", "{\"a\":2}").unwrap();
    assert_eq!(store.setting("clinic").unwrap().as_deref(), Some("{\"a\":2}"));
    store.delete_setting("clinic").unwrap();
    assert_eq!(store.setting("clinic").unwrap(), None);
}

#[test]
fn an_erasure_takes_the_person_s_account_links_and_drafts() {
    let folder = Folder::new();
    let store = folder.open();
    store.append(append_of(ADA, 0, &[1])).unwrap();
    let own = account(1, "own", Some(ADA.id));
    store.create_account(own.clone()).unwrap();
    store.create_account(account(2, "staff", None)).unwrap();
    store.create_web_session(session(1, SessionHolder::Account(own.id))).unwrap();
    let holder = SessionHolder::Link { subject: "{}".to_owned(), patient: Some(ADA.id) };
    store.create_web_session(session(2, holder)).unwrap();
    store.create_link(link(1, false, Some(ADA.id))).unwrap();
    store.put_draft("own", "form", Some(ADA.id), b"x", 1).unwrap();
    store.audit(entry(Some(ADA.id), "looked")).unwrap();
    store.erase(ADA, 9).unwrap();
    assert_eq!(store.accounts().unwrap().len(), 1);
    for digest in [1, 2] {
        assert!(store.find_web_session(&[digest; 32], 20).unwrap().is_none());
    }
    assert!(store.find_link(&[1; 32]).unwrap().is_none());
    assert!(store.draft("own", "form").unwrap().is_none());
    assert_eq!(store.audit_entries(Some(ADA.id), None, 9).unwrap().len(), 1, "who had looked stays known");
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
    store
        .create_web_session(session(1, SessionHolder::Link { subject: "holder-text".to_owned(), patient: None }))
        .unwrap();
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
        "holder-text",
        "staff-name",
        "what-text",
        "draft-text",
        "setting-text",
        "guide",
    ] {
        assert!(!holds(text), "{text} lies open in the file");
    }
}
