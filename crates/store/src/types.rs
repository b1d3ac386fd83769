//! What callers hand to the log and get back from it.

use uuid::Uuid;

/// Events for one patient, to be recorded together or not at all.
#[derive(Debug, Clone)]
pub struct Append {
    /// Whose chart it is.
    pub patient: Uuid,
    /// The head `seq` that the events were decided against; 0 for a chart that has none yet.
    pub expected_seq: u64,
    /// What happened, in order. May be empty for a chart that exists: then only the index row is replaced.
    pub events: Vec<NewEvent>,
    /// What lists and the ticker need to know afterwards.
    pub index: PatientIndex,
}

/// One event on its way into the log.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Made by the client, so that sending twice records once.
    pub event_id: Uuid,
    /// The stored name of what happened. Not sealed.
    pub kind: String,
    /// The version of the payload's shape.
    pub version: u16,
    /// When the server recorded it, in milliseconds since 1970 UTC. Not sealed.
    pub recorded_at_ms: i64,
    /// In clear; the store seals it.
    pub payload: Vec<u8>,
}

/// The index row of one patient, replaced by every append.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatientIndex {
    /// Whatever lists show, in clear; the store seals it with the patient's key.
    pub summary: Vec<u8>,
    /// When time alone may next change something for this patient. Not sealed.
    pub next_look_at_ms: Option<i64>,
    /// The alerts that are open. Not sealed.
    pub alerts: Vec<AlertRow>,
}

/// One open alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Which alert.
    pub alert_id: Uuid,
    /// How urgent; the meaning of the numbers is the caller's.
    pub level: u8,
    /// When it was raised.
    pub raised_at_ms: i64,
    /// Whether someone has taken it.
    pub owned: bool,
    /// When it goes further if nobody acts.
    pub next_step_at_ms: Option<i64>,
}

/// What an append recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The position of each event in the patient's chart, in the order they were given.
    pub seqs: Vec<u64>,
    /// The position of each event in the whole log.
    pub gids: Vec<u64>,
    /// True if all of them had been recorded by an earlier append; nothing was written this time.
    pub duplicate: bool,
}

/// One event as it was recorded, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Whose chart it is in.
    pub patient: Uuid,
    /// Position in the chart, from 1.
    pub seq: u64,
    /// Position in the whole log, from 1.
    pub gid: u64,
    /// The client's id.
    pub event_id: Uuid,
    /// The stored name of what happened.
    pub kind: String,
    /// The version of the payload's shape.
    pub version: u16,
    /// When it was recorded.
    pub recorded_at_ms: i64,
    /// In clear.
    pub payload: Vec<u8>,
    /// The link of the chain that this event is.
    pub hash: [u8; 32],
}

/// Where a patient's chart ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last event's position.
    pub seq: u64,
    /// The last event's hash.
    pub hash: [u8; 32],
    /// Whether the key has been destroyed.
    pub erased: bool,
}

/// Where the whole log ends. Noted elsewhere, it shows later whether an older copy was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// How many events have ever been recorded.
    pub gid: u64,
    /// The hash over all of them in order.
    pub hash: [u8; 32],
}

/// One patient as lists see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRow {
    /// Whose row it is.
    pub patient: Uuid,
    /// The chart's head.
    pub seq: u64,
    /// Opened; `None` after an erasure.
    pub summary: Option<Vec<u8>>,
    /// When the ticker should look again.
    pub next_look_at_ms: Option<i64>,
    /// Open alerts, most urgent level first.
    pub alerts: Vec<AlertRow>,
    /// Whether the key has been destroyed.
    pub erased: bool,
}

/// News of something durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Whose chart changed.
    pub patient: Uuid,
    /// Its new head.
    pub seq: u64,
    /// The last event's position in the whole log; the cursor for streams.
    pub gid: u64,
    /// What happened, by stored name, in order. Empty if only the index row changed.
    pub kinds: Vec<String>,
}
