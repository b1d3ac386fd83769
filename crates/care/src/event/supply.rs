//! What is at the patient's home, counted; and the facts of the safety programme under which nasal esketamine is given.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::facts::RemsFact;
use crate::ids::SessionId;

/// Tablets or lozenges for the home were handed out, or sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplyHandedOut {
    /// How many.
    pub units: u32,
    /// Milligrams in each.
    pub unit_mg: f64,
    /// When.
    pub at: Timestamp,
    /// By which pharmacy, or by whom.
    #[serde(default)]
    pub from: String,
}

/// What was not used was taken back, or destroyed before a witness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyTakenBack {
    /// How many.
    pub units: u32,
    /// When.
    pub at: Timestamp,
    /// By whom, and how.
    pub words: String,
}

/// What is in hand was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyCounted {
    /// How many.
    pub units: u32,
    /// When.
    pub at: Timestamp,
}

/// A fact of the safety programme was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemsRecorded {
    /// Which.
    pub fact: RemsFact,
    /// Since when, or when it was done.
    pub at: Timestamp,
    /// The last day on which it holds; absent where it has none.
    #[serde(default)]
    pub until: Option<Date>,
    /// Of which session, for a fact of one.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// The number of the certificate, enrolment or form; the name of the prescriber.
    pub reference: String,
}
