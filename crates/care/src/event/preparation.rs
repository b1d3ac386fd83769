//! Before the dose: the companion, the safety plan, visits and their notes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::code::listed;
use crate::ids::{CompanionId, NoteId, SessionId};

/// The patient named a companion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanionNamed {
    /// Identity.
    pub companion: CompanionId,
    /// Name.
    pub name: String,
    /// Who they are to the patient.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// Is 18 or older.
    pub adult: bool,
}

/// How the companion is reached was put right. It is the same person: briefing, confirmation and link stay theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanionContactChanged {
    /// Who.
    pub companion: CompanionId,
    /// Who they are to the patient.
    pub relation: String,
    /// Phone.
    pub phone: String,
}

/// The companion did the briefing and answered each of its questions rightly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanionBriefed {
    /// Who.
    pub companion: CompanionId,
    /// Version of the briefing.
    pub version: String,
    /// Questions asked.
    pub questions: u32,
}

/// The companion confirmed on their own link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanionConfirmed {
    /// Who.
    pub companion: CompanionId,
}

/// A safety plan in the six steps of Stanley and Brown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyPlanWritten {
    /// 1. Warning signs.
    pub warning_signs: String,
    /// 2. What I can do by myself.
    pub own_coping: String,
    /// 3. People and places that distract.
    pub people_and_places: String,
    /// 4. People who help.
    pub people_who_help: String,
    /// 5. Professionals and crisis lines.
    pub professionals: String,
    /// 6. Making the surroundings safe.
    pub means_safety: String,
}

/// What a visit was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitKind {
    /// Preparation.
    Preparation,
    /// Integration.
    Integration,
    /// Course review.
    Review,
}

impl VisitKind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Preparation, Self::Integration, Self::Review];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Preparation => "preparation",
            Self::Integration => "integration",
            Self::Review => "review",
        }
    }
}

/// A visit was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitHeld {
    /// For what.
    pub kind: VisitKind,
    /// When it began.
    pub held_at: Timestamp,
    /// How long, minutes.
    pub minutes: i64,
    /// The dosing session that an integration visit follows.
    #[serde(default)]
    pub after_session: Option<SessionId>,
    /// The patient's intention, in their words.
    #[serde(default)]
    pub intention: String,
    /// What was gone through.
    #[serde(default)]
    pub covered: Vec<String>,
}

/// A note was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteWritten {
    /// Identity; writing again under the same identity replaces an unsigned note.
    pub note: NoteId,
    /// For which kind of visit.
    pub kind: VisitKind,
    /// The text.
    pub text: String,
}

/// A note was signed and so locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteSigned {
    /// Which.
    pub note: NoteId,
}

/// Something was added to a signed note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteAddendumAdded {
    /// Which.
    pub note: NoteId,
    /// The addition.
    pub text: String,
}

listed!(VisitKind of "visit");
