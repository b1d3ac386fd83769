//! What every engine has to do, as one suite.
//!
//! An engine's tests call [`run`] with a way to make fresh stores over it. The suite panics with a sentence at the first
//! thing that is not as it should be.

mod log;
pub mod tables;

use std::error::Error;
use std::thread::JoinHandle;

use uuid::Uuid;

use crate::{Append, IndexRow, NewEvent, Store, StreamId};

/// A case either holds, or ends early with what the engine could not do.
type Checked = Result<(), Box<dyn Error>>;

/// One case: what it shows, and how.
type Case = (&'static str, fn(&Store) -> Checked);

/// An append of events with the given ids; ids are what the suite tells events apart by.
pub fn append_of(stream: StreamId, expected_seq: u64, ids: &[u128]) -> Append {
    let events = ids.iter().map(|id| NewEvent {
        event_id: Uuid::from_u128(*id),
        kind: "SomethingNoted".to_owned(),
        version: 1,
        recorded_at_ms: 1_000_i64.saturating_add_unsigned(expected_seq),
        act_id: None,
        payload: format!("payload of {id}").into_bytes(),
    });
    Append { stream, expected_seq, events: events.collect(), index: IndexRow::default() }
}

/// Runs every case, each on an engine of its own, and says how many there were.
///
/// # Panics
/// When a case does not hold.
#[allow(clippy::panic, reason = "a suite of tests says by panicking that one does not hold")]
pub fn run(mut fresh: impl FnMut() -> Store) -> usize {
    let cases: Vec<Case> = log::CASES.iter().chain(tables::CASES).copied().collect();
    for (name, case) in &cases {
        if let Err(error) = case(&fresh()) {
            panic!("{name}: {error}");
        }
    }
    cases.len()
}

/// What a thread found.
fn joined<T>(thread: JoinHandle<T>) -> Result<T, Box<dyn Error>> {
    thread.join().map_err(|_| "a thread of the case panicked".into())
}
