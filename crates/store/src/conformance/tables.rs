//! The cases of sign-in, the access log, drafts and settings, and the samples that they are made with.
#![allow(clippy::indexing_slicing)]

use uuid::Uuid;

use super::{Case, Checked, append_of, joined};
use crate::{Account, Link, NewAuditEntry, NewWebSession, SessionSubject, Store, StreamId, StreamKind, WriteError};

pub(super) const CASES: &[Case] = &[
    ("an account is found by login in any case and changes", an_account_is_found_by_login_in_any_case_and_changes),
    ("a link that works once lets one caller in", a_link_that_works_once_lets_one_caller_in),
    ("drafts and settings are kept replaced and thrown away", drafts_and_settings_are_kept_replaced_and_thrown_away),
    ("a session ends by time by hand and by account", a_session_ends_by_time_by_hand_and_by_account),
    ("sessions end for one person and go on for others", sessions_end_for_one_person_and_go_on_for_others),
    (
        "an erasure takes the person s account sessions links and drafts",
        an_erasure_takes_the_person_s_account_sessions_links_and_drafts,
    ),
    ("the access log lists newest first", the_access_log_lists_newest_first),
];

const ADA: Uuid = Uuid::from_u128(0xADA);
const BEN: Uuid = Uuid::from_u128(0xBE2);

/// An account that may sign in.
pub fn account(id: u128, login: &str, patient: Option<Uuid>) -> Account {
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

/// A session that ends at 100.
pub fn session(digest: u8, subject: SessionSubject) -> NewWebSession {
    NewWebSession {
        digest: [digest; 32],
        subject,
        name: "name-text".to_owned(),
        roles: vec!["guide".to_owned()],
        created_at_ms: 10,
        expires_at_ms: 100,
    }
}

/// A link that ends at 100.
pub fn link(digest: u8, single_use: bool, patient: Option<Uuid>) -> Link {
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

/// A line of the access log.
pub fn entry(patient: Option<Uuid>, what: &str) -> NewAuditEntry {
    NewAuditEntry { who: "\"staff-name\"".to_owned(), patient, what: what.to_owned(), at_ms: 7 }
}

fn an_account_is_found_by_login_in_any_case_and_changes(store: &Store) -> Checked {
    let ada = account(1, "Guide.One@clinic.example", None);
    store.create_account(ada.clone())?;
    assert!(matches!(
        store.create_account(account(2, " guide.one@CLINIC.example", None)),
        Err(WriteError::Taken("login"))
    ));
    assert!(matches!(store.create_account(account(1, "else", None)), Err(WriteError::Taken("account id"))));
    assert_eq!(store.find_account_by_login("GUIDE.ONE@clinic.example ")?, Some(ada.clone()));
    assert_eq!(store.find_account_by_login("nobody")?, None);
    store.set_account_password(ada.id, "hash-two".to_owned())?;
    store.set_account_active(ada.id, false)?;
    store.set_account_roles(ada.id, vec!["prescriber".to_owned()])?;
    let changed = store.account(ada.id)?.ok_or("it is not there")?;
    assert_eq!((changed.password_hash.as_str(), changed.active), ("hash-two", false));
    assert_eq!(changed.roles, ["prescriber"]);
    store.create_account(account(3, "other", None))?;
    assert_eq!(store.accounts()?.len(), 2);
    assert!(matches!(store.set_account_active(Uuid::nil(), true), Err(WriteError::NotFound("account"))));
    Ok(())
}

fn a_link_that_works_once_lets_one_caller_in(store: &Store) -> Checked {
    store.create_link(link(1, true, Some(ADA)))?;
    store.create_link(link(2, false, Some(ADA)))?;
    assert_eq!(store.find_link(&[1; 32])?, Some(link(1, true, Some(ADA))));
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || store.mark_link_used([1; 32], 50))
        })
        .collect();
    let mut let_in = 0;
    for caller in callers {
        let_in += u32::from(joined(caller)??);
    }
    assert_eq!(let_in, 1);
    assert!(store.mark_link_used([2; 32], 50)? && store.mark_link_used([2; 32], 60)?);
    assert_eq!(store.find_link(&[2; 32])?.ok_or("it is not there")?.used_at_ms, Some(50));
    assert!(!store.mark_link_used([2; 32], 100)?, "expired");
    assert!(!store.mark_link_used([7; 32], 1)?, "unknown");
    assert_eq!(store.links_of(ADA)?.len(), 2);
    store.revoke_link([2; 32])?;
    assert!(store.find_link(&[2; 32])?.is_none());
    Ok(())
}

fn drafts_and_settings_are_kept_replaced_and_thrown_away(store: &Store) -> Checked {
    store.put_draft("a", "form", None, b"one", 1)?;
    store.put_draft("a", "form", Some(ADA), b"two", 2)?;
    let draft = store.draft("a", "form")?.ok_or("it is not there")?;
    assert_eq!((draft.contents.as_slice(), draft.updated_at_ms), (&b"two"[..], 2));
    assert!(store.draft("af", "orm")?.is_none());
    store.delete_draft("a", "form")?;
    assert!(store.draft("a", "form")?.is_none());
    store.put_setting("clinic", "1")?;
    store.put_setting("clinic", "{\"a\":2}")?;
    assert_eq!(store.setting("clinic")?.as_deref(), Some("{\"a\":2}"));
    store.delete_setting("clinic")?;
    assert_eq!(store.setting("clinic")?, None);
    Ok(())
}

fn a_session_ends_by_time_by_hand_and_by_account(store: &Store) -> Checked {
    let who = SessionSubject::Staff { account: Uuid::from_u128(1) };
    for digest in 1..=3 {
        store.create_web_session(session(digest, who))?;
    }
    let by_link = SessionSubject::Patient { patient: ADA, account: None };
    store.create_web_session(session(4, by_link))?;
    assert!(matches!(store.create_web_session(session(1, by_link)), Err(WriteError::Taken(_))));
    store.touch_web_session([1; 32], 60)?;
    store.touch_web_session([1; 32], 50)?;
    let found = store.find_web_session(&[1; 32], 99)?.ok_or("it is not there")?;
    assert_eq!((found.seen_at_ms, found.name.as_str(), found.subject), (60, "name-text", who));
    assert_eq!(found.roles, ["guide"]);
    assert_eq!(store.find_web_session(&[4; 32], 20)?.ok_or("it is not there")?.subject, by_link);
    assert!(store.find_web_session(&[1; 32], 100)?.is_none(), "expired");
    store.revoke_web_session([1; 32])?;
    assert!(store.find_web_session(&[1; 32], 20)?.is_none());
    assert!(matches!(store.touch_web_session([1; 32], 70), Err(WriteError::NotFound(_))));
    assert_eq!(store.revoke_web_sessions_of(who)?, 2);
    assert_eq!(store.purge_expired_sessions(99)?, 0);
    assert_eq!(store.purge_expired_sessions(100)?, 1);
    assert!(store.find_web_session(&[4; 32], 20)?.is_none(), "what is purged is gone");
    Ok(())
}

fn sessions_end_for_one_person_and_go_on_for_others(store: &Store) -> Checked {
    let (account, companion) = (Uuid::from_u128(5), Uuid::from_u128(6));
    let people = [
        SessionSubject::Staff { account: Uuid::from_u128(1) },
        SessionSubject::Patient { patient: ADA, account: Some(account) },
        SessionSubject::Patient { patient: ADA, account: None },
        SessionSubject::Companion { patient: ADA, companion },
        SessionSubject::Companion { patient: ADA, companion: Uuid::from_u128(7) },
        SessionSubject::Companion { patient: BEN, companion },
        SessionSubject::Patient { patient: BEN, account: None },
    ];
    for (at, subject) in (1..).zip(people) {
        store.create_web_session(session(at, subject))?;
        store.create_web_session(session(100 + at, subject))?;
        assert_eq!(store.find_web_session(&[at; 32], 20)?.ok_or("it is not there")?.subject, subject);
    }
    for (at, subject) in (1..).zip(people) {
        assert_eq!(store.revoke_web_sessions_of(subject)?, 2, "{subject:?}");
        for other in 1..=7_u8 {
            assert_eq!(store.find_web_session(&[other; 32], 20)?.is_some(), other > at, "{subject:?}, {other}");
        }
    }
    Ok(())
}

fn an_erasure_takes_the_person_s_account_sessions_links_and_drafts(store: &Store) -> Checked {
    store.append(append_of(StreamId::patient(ADA), 0, &[1]))?;
    store.append(append_of(StreamId::new(StreamKind::Cabinet, ADA), 0, &[2]))?;
    let own = account(1, "own", Some(ADA));
    store.create_account(own.clone())?;
    store.create_account(account(2, "staff", None))?;
    let subjects = [
        SessionSubject::Patient { patient: ADA, account: Some(own.id) },
        SessionSubject::Patient { patient: ADA, account: None },
        SessionSubject::Companion { patient: ADA, companion: Uuid::from_u128(6) },
        SessionSubject::Staff { account: Uuid::from_u128(2) },
    ];
    for (digest, subject) in (1..).zip(subjects) {
        store.create_web_session(session(digest, subject))?;
    }
    store.create_link(link(1, false, Some(ADA)))?;
    store.put_draft("own", "form", Some(ADA), b"x", 1)?;
    store.audit(entry(Some(ADA), "looked"))?;
    store.erase(StreamId::new(StreamKind::Cabinet, ADA), 8)?;
    assert_eq!(store.accounts()?.len(), 2, "a cabinet with the patient's id is somebody else");
    assert!(store.find_link(&[1; 32])?.is_some() && store.draft("own", "form")?.is_some());
    store.erase(StreamId::patient(ADA), 9)?;
    assert_eq!(store.accounts()?.len(), 1);
    for digest in 1..=4 {
        assert_eq!(store.find_web_session(&[digest; 32], 20)?.is_some(), digest == 4, "{digest}");
    }
    assert!(store.find_link(&[1; 32])?.is_none());
    assert!(store.draft("own", "form")?.is_none());
    assert_eq!(store.audit_entries(Some(ADA), None, 9)?.len(), 1, "who had looked stays known");
    Ok(())
}

fn the_access_log_lists_newest_first(store: &Store) -> Checked {
    for n in 0..5 {
        store.audit_later(entry(Some(ADA), &format!("looked {n}")))?;
    }
    store.audit(entry(Some(BEN), "looked"))?;
    store.audit(entry(None, "signed in"))?;
    let page = store.audit_entries(Some(ADA), None, 2)?;
    assert_eq!(page.iter().map(|entry| entry.what.as_str()).collect::<Vec<_>>(), ["looked 4", "looked 3"]);
    let next = store.audit_entries(Some(ADA), Some(page[1].id), 10)?;
    assert_eq!(next.len(), 3);
    assert_eq!(next[0].what, "looked 2");
    assert_eq!(store.audit_entries(None, None, 100)?.len(), 7);
    assert_eq!(store.lost_audit_entries(), 0);
    Ok(())
}
