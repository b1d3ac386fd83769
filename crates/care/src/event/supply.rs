//! What is at the patient's home, counted; and the facts of the safety programme under which nasal esketamine is given.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::code::listed;
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

/// A fact of the safety programme of nasal esketamine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemsFact {
    /// The site is certified.
    SiteCertified,
    /// The pharmacy that dispenses is certified.
    PharmacyCertified,
    /// The patient is enrolled.
    PatientEnrolled,
    /// A prescriber is on site for this session.
    PrescriberOnSite,
    /// The monitoring form of a session was sent.
    FormSent,
}

impl RemsFact {
    /// Every fact.
    pub const ALL: [Self; 5] =
        [Self::SiteCertified, Self::PharmacyCertified, Self::PatientEnrolled, Self::PrescriberOnSite, Self::FormSent];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SiteCertified => "site-certified",
            Self::PharmacyCertified => "pharmacy-certified",
            Self::PatientEnrolled => "patient-enrolled",
            Self::PrescriberOnSite => "prescriber-on-site",
            Self::FormSent => "form-sent",
        }
    }

    /// Whether it is about one session.
    #[must_use]
    pub fn of_session(self) -> bool {
        matches!(self, Self::PrescriberOnSite | Self::FormSent)
    }
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

listed!(RemsFact of "rems");
