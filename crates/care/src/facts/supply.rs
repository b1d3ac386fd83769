//! What is at the patient's home, and the facts of the safety programme of nasal esketamine.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::code::listed;

/// Tablets or lozenges for the home.
#[derive(Clone, Debug, PartialEq)]
pub struct SupplyFact {
    /// Milligrams in each, as last handed out.
    pub unit_mg: f64,
    /// How many there should be now: handed out, less what was taken back and what the doses at home used.
    pub expected: i64,
    /// The newest count.
    pub counted: Option<CountFact>,
    /// The newest count since the last dose at home that differed from what there should have been: a second count that is
    /// right explains nothing.
    pub differed: Option<CountFact>,
}

/// A count of what is in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountFact {
    /// When.
    pub at: Timestamp,
    /// How many were there.
    pub units: i64,
    /// How many there should have been then.
    pub expected: i64,
}

impl SupplyFact {
    /// How many are used for a dose; a broken one is used.
    #[must_use]
    pub fn units_for(&self, dose_mg: f64) -> f64 {
        units_for(dose_mg, self.unit_mg)
    }
}

/// How many units a dose uses; a broken one is used.
#[must_use]
pub fn units_for(dose_mg: f64, unit_mg: f64) -> f64 {
    // Room for the rounding of a binary fraction.
    (dose_mg / unit_mg - 1e-9).ceil().max(0.0)
}

/// A fact of the safety programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemsRecord {
    /// Which.
    pub fact: RemsFact,
    /// Since when, or when it was done.
    pub at: Timestamp,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// It is of the session judged.
    pub of_this_session: bool,
    /// When the dose of its session was, for a fact of one.
    pub dose_at: Option<Timestamp>,
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

listed!(RemsFact of "rems");
