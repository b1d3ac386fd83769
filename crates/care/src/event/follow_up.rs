//! After the dose: adverse events, the journal, contact, reviews, and corrections of earlier entries.

use serde::{Deserialize, Serialize};

use crate::ids::{EventId, SessionId};

/// How an adverse event relates to the drug, as the clinician judges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Unrelated.
    Unrelated,
    /// Possible.
    Possible,
    /// Probable.
    Probable,
    /// Definite.
    Definite,
    /// Not judged yet.
    NotJudged,
}

/// An adverse event was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdverseEventRecorded {
    /// What happened.
    pub what: String,
    /// Serious: death, danger to life, hospital, lasting harm.
    pub serious: bool,
    /// Relation to the drug.
    pub relation: Relation,
    /// In or after which session.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// How it ended, or how it stands.
    pub outcome: String,
}

/// A prescriber reviewed an adverse event. Until one says that treatment may go on, a serious event holds every dose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdverseEventReviewed {
    /// The event's entry.
    pub entry: EventId,
    /// May treatment go on?
    pub proceed: bool,
    /// What was found, and why.
    pub words: String,
}

/// The patient wrote in their journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalWritten {
    /// The words.
    pub words: String,
    /// Shared with the team.
    pub shared: bool,
}

/// The patient shared an entry or took it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalSharingSet {
    /// The entry.
    pub entry: EventId,
    /// Shared from now on.
    pub shared: bool,
}

/// Somebody was in touch with the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMade {
    /// By phone, message, visit.
    pub how: String,
    /// What was said; may be empty.
    pub words: String,
}

/// What was decided at a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewDecision {
    /// Go on as planned.
    Continue,
    /// Change the plan.
    Change,
    /// Stop.
    Stop,
}

impl ReviewDecision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Continue, Self::Change, Self::Stop];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::Change => "change",
            Self::Stop => "stop",
        }
    }
}

/// The course was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseReviewed {
    /// What was decided.
    pub decision: ReviewDecision,
    /// Why.
    pub words: String,
}

/// An open item of the caseload was cleared by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCleared {
    /// The item's key.
    pub item: String,
    /// Why.
    pub reason: String,
}

/// An earlier entry was wrong. The page shows both; rules and scores use only what stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryCorrected {
    /// The entry that was wrong.
    pub corrects: EventId,
    /// Why.
    pub why: String,
    /// The entry that stands in its place, recorded with this one.
    #[serde(default)]
    pub replaced_by: Option<EventId>,
}
