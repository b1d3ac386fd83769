//! Accounts over a real store: what cannot be understood is said, and whoever is shut out is shut out at once.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::sync::Arc;

use stillwater_care::ids::StaffId;
use stillwater_care::roles::Role;
use stillwater_clinic::Subject;
use stillwater_clinic::accounts::{Account, AccountStore, WebSession};
use stillwater_clinic::clock::FixedClock;
use stillwater_store::{Options, Store};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 60 * 60_000;

fn open(folder: &support::Folder) -> (Store, Arc<FixedClock>, AccountStore) {
    let store = Store::open(&folder.0, Options::default()).unwrap();
    let clock = Arc::new(FixedClock::at(1_000_000));
    let accounts = AccountStore::new(store.clone(), Arc::clone(&clock) as _);
    (store, clock, accounts)
}

fn session(digest: u8, expires_at_ms: i64) -> WebSession {
    WebSession {
        digest: [digest; 32],
        subject: Subject::Staff(StaffId(Uuid::from_u128(7))),
        name: "Example".into(),
        roles: vec![Role::Guide],
        created_at_ms: 1_000_000,
        last_seen_ms: 1_000_000,
        expires_at_ms,
    }
}

#[tokio::test]
async fn a_role_that_is_not_known_is_a_fault_and_nobody_loses_it_quietly() {
    let folder = support::Folder::new();
    let (store, _, accounts) = open(&folder);
    let id = Uuid::from_u128(7);
    let account = Account {
        id,
        login: "guide".into(),
        display_name: "Example".into(),
        roles: vec![Role::Guide],
        password_hash: None,
        active: true,
        patient: None,
    };
    accounts.create_account(account).await.unwrap();
    assert_eq!(accounts.account(id).await.unwrap().unwrap().roles, [Role::Guide]);
    store.set_account_roles(id, vec!["guide".into(), "astronaut".into()]).unwrap();
    for error in [
        accounts.account(id).await.unwrap_err(),
        accounts.account_by_login("guide").await.unwrap_err(),
        accounts.accounts().await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("astronaut") && error.to_string().contains(&id.to_string()), "{error}");
    }
}

#[tokio::test]
async fn a_session_that_was_ended_is_gone_at_once_and_the_expired_are_deleted() {
    let folder = support::Folder::new();
    let (store, clock, accounts) = open(&folder);
    for (digest, expires) in [(1, DAY_MS), (2, DAY_MS), (3, 3 * DAY_MS)] {
        accounts.begin_session(session(digest, expires)).await.unwrap();
        assert!(accounts.session([digest; 32]).await.unwrap().is_some());
    }
    accounts.end_session([1; 32]).await.unwrap();
    assert!(accounts.session([1; 32]).await.unwrap().is_none());
    assert!(accounts.session([2; 32]).await.unwrap().is_some());

    clock.advance_ms(2 * DAY_MS);
    assert_eq!(accounts.purge_sessions().await.unwrap(), 1);
    assert!(store.find_web_session(&[2; 32], i64::MIN).unwrap().is_none());
    assert!(accounts.session([3; 32]).await.unwrap().is_some());
    accounts.end_all_sessions(session(3, 0).subject).await.unwrap();
    assert!(accounts.session([3; 32]).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_that_was_used_is_found_with_its_last_use() {
    let folder = support::Folder::new();
    let (_, clock, accounts) = open(&folder);
    accounts.begin_session(session(1, DAY_MS)).await.unwrap();
    accounts.session([1; 32]).await.unwrap();
    clock.advance_ms(2_000);
    accounts.touch_session([1; 32]).await.unwrap();
    assert_eq!(accounts.session([1; 32]).await.unwrap().unwrap().last_seen_ms, 1_002_000);
}

#[tokio::test]
async fn a_draft_that_cannot_be_read_is_a_fault_and_is_kept() {
    let folder = support::Folder::new();
    let (store, _, accounts) = open(&folder);
    store.put_draft("staff:1", "note", None, &[0xff, 0xfe], 1).unwrap();
    assert!(accounts.draft("staff:1", "note").await.unwrap_err().to_string().contains("a draft"));
    assert_eq!(store.draft("staff:1", "note").unwrap().unwrap().contents, [0xff, 0xfe]);
}
