//! Tests of the order in which those who wait for one chart are recorded. The line is held from inside, so that nothing
//! depends on who is faster.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use stillwater_care::command::Command;
use stillwater_care::event::{Demographics, HelpRequested, PatientReferred, SessionStopped, WeightRecorded};
use stillwater_care::facts::Sex;
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::roles::{Actor, Role};
use stillwater_store::{Options, Store};
use uuid::Uuid;

use super::queue::Precedence;
use super::{Charts, CommandRequest};

const PATIENT: PatientId = PatientId(Uuid::from_u128(9));

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn now() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

fn ask(n: u128, command: Command) -> CommandRequest {
    let actor = Actor::Staff { id: StaffId(Uuid::from_u128(1)), name: "Example".into(), role: Role::Prescriber };
    let command_id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (n << 24));
    CommandRequest { patient: PATIENT, actor, command_id, seen: None, command }
}

fn referral() -> Command {
    Command::ReferPatient(PatientReferred {
        demographics: Demographics {
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
        },
        reason: "example".into(),
        source: "by hand".into(),
    })
}

#[tokio::test]
async fn help_asked_while_ten_readings_wait_is_recorded_before_them() {
    let folder = Folder(std::env::temp_dir().join(format!("stillwater-clinic-order-{}", std::process::id())));
    let store = Store::open(&folder.0, Options::default()).unwrap();
    let charts = Arc::new(Charts::open(store, Protocols::built_in(), now()).unwrap());
    charts.execute(ask(1, referral()), now()).await.unwrap();

    let held = charts.queues.turn(PATIENT, Precedence::InTurn).await;
    let reading = |n: u128| Command::RecordWeight(WeightRecorded { weight_kg: 60.0 + n as f64, taken_at: now() });
    let execute = |asked| {
        let charts = Arc::clone(&charts);
        Box::pin(async move { charts.execute(asked, now()).await })
    };
    let mut waiting: Vec<_> = (0..10).map(|n| execute(ask(10 + n, reading(n)))).collect();
    let help = Command::AskForHelp(HelpRequested { session: None, words: "please come".into() });
    waiting.push(execute(ask(50, help)));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for wait in &mut waiting {
        assert!(wait.as_mut().poll(&mut context).is_pending());
    }
    drop(held);
    let mut tasks = tokio::task::JoinSet::new();
    for wait in waiting {
        tasks.spawn(wait);
    }
    for done in tasks.join_all().await {
        done.unwrap();
    }

    let open = charts.load(PATIENT).await.unwrap().unwrap();
    let told = ["WeightRecorded", "HelpRequested"];
    let names: Vec<_> = open.log.iter().map(|one| one.event.name()).filter(|name| told.contains(name)).collect();
    let mut expected = vec!["HelpRequested"];
    expected.extend(["WeightRecorded"; 10]);
    assert_eq!(names, expected);
}

#[test]
fn a_form_that_asks_for_help_or_stops_goes_first_whatever_else_it_carries() {
    let reading = Command::RecordWeight(WeightRecorded { weight_kg: 60.0, taken_at: now() });
    let help = Command::AskForHelp(HelpRequested { session: None, words: String::new() });
    let stop = Command::StopSession(SessionStopped {
        session: stillwater_care::ids::SessionId(Uuid::nil()),
        reason: "stop".into(),
    });
    assert_eq!(Precedence::of([&reading].into_iter()), Precedence::InTurn);
    assert_eq!(Precedence::of([&reading, &help].into_iter()), Precedence::First);
    assert_eq!(Precedence::of([&stop].into_iter()), Precedence::First);
}
