//! What happened: the events that a chart is folded from.
//!
//! An event is never changed once written. Its stored form is this module's payload types, kept apart from the chart's
//! own types, so that refactoring the chart can never change a stored byte. A name in [`STORED_NAMES`] is never reused;
//! a payload that must change becomes version 2 with a pure step in `upcast.rs`, tested on the sample of version 1.

pub mod alert;
pub mod book;
pub mod decision;
pub mod follow_up;
pub mod measure;
pub mod preparation;
pub mod prescribing;
pub mod reality;
pub mod referral;
pub mod session;
pub mod supply;
mod upcast;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use alert::*;
pub use decision::*;
pub use follow_up::*;
pub use measure::*;
pub use preparation::*;
pub use prescribing::*;
pub use reality::*;
pub use referral::*;
pub use session::*;
pub use supply::*;

use crate::ids::EventId;
use crate::roles::Actor;

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident = $version:literal),+ $(,)?) => {
        /// One thing that happened.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)]
        pub enum Event {
            $($(#[doc = $doc])+ $name($name),)+
        }

        /// What each event says, in one sentence, for the document of events.
        pub const SENTENCES: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc),+))),+];

        /// The append-only list of stored names with their current version. Names are never reused.
        pub const STORED_NAMES: &[(&str, u16)] = &[$((stringify!($name), $version)),+];

        impl Event {
            /// The stored name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)+ }
            }

            /// The version in which it is written today.
            #[must_use]
            pub fn version(&self) -> u16 {
                match self { $(Self::$name(_) => $version,)+ }
            }

            fn to_value(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Self::$name(payload) => serde_json::to_value(payload),)+ }
            }

            fn from_value(name: &str, version: u16, value: serde_json::Value) -> Result<Self, UnreadableEvent> {
                match name {
                    $(stringify!($name) => {
                        let value = upcast::to_current(name, version, $version, value)?;
                        serde_json::from_value(value).map(Self::$name).map_err(|source| UnreadableEvent::Payload {
                            name: name.to_owned(),
                            version,
                            source,
                        })
                    })+
                    _ => Err(UnreadableEvent::Name(name.to_owned())),
                }
            }
        }
    };
}

events! {
    /// A person was referred.
    PatientReferred = 1,
    /// Name, contact or address changed.
    DemographicsChanged = 1,
    /// A record from elsewhere was read: facts with their origin, and what was not understood.
    RecordImported = 1,
    /// History questions were answered.
    HistoryAnswered = 1,
    /// The medicines were gone through.
    MedicinesReviewed = 1,
    /// What was tried before, and where the person is treated, was written down.
    BackgroundTaken = 1,
    /// The care team was set.
    CareTeamSet = 1,
    /// A personal link was made for the patient or the companion.
    InvitationMade = 1,
    /// A questionnaire or rating was completed.
    MeasureCompleted = 1,
    /// Vital signs were recorded.
    VitalsRecorded = 1,
    /// The body weight was recorded.
    WeightRecorded = 1,
    /// A laboratory result was recorded.
    LabRecorded = 1,
    /// A clinician looked at a suicide screen and decided.
    SuicideScreenReviewed = 1,
    /// A named prescriber went on in spite of a finding, with a reason.
    FindingOverridden = 1,
    /// The prescriber decided who may be treated.
    EligibilityDecided = 1,
    /// Consent was signed.
    ConsentGiven = 1,
    /// Consent was withdrawn.
    ConsentWithdrawn = 1,
    /// A plan was opened on a protocol.
    PlanOpened = 1,
    /// The course ended.
    CourseEnded = 1,
    /// A dose order was written.
    OrderWritten = 1,
    /// A dose order was cancelled.
    OrderCancelled = 2,
    /// The patient named a companion.
    CompanionNamed = 1,
    /// The companion did the briefing.
    CompanionBriefed = 1,
    /// The companion confirmed on their own link that they will be there.
    CompanionConfirmed = 1,
    /// A safety plan was written.
    SafetyPlanWritten = 1,
    /// A preparation, integration or review visit was held.
    VisitHeld = 1,
    /// A note was written.
    NoteWritten = 1,
    /// A note was signed and so locked.
    NoteSigned = 1,
    /// Something was added to a signed note.
    NoteAddendumAdded = 1,
    /// A dosing session was scheduled.
    SessionScheduled = 1,
    /// A dosing session was called off.
    SessionCancelled = 2,
    /// Questions of the day were answered.
    DayAnswered = 1,
    /// The companion said on their phone that they are there.
    CompanionArrived = 1,
    /// The guide saw the companion there, sober and within reach.
    CompanionSeen = 1,
    /// Go or no-go.
    GoDecided = 1,
    /// A dose was taken.
    DoseTaken = 1,
    /// Sedation was rated.
    SedationRated = 1,
    /// Somebody looked in, or the patient said that they are all right.
    CheckInRecorded = 1,
    /// A symptom was seen or told.
    SymptomMarked = 1,
    /// The patient rated their distress.
    DistressRated = 1,
    /// A moment of the session was marked in words.
    MomentMarked = 1,
    /// Somebody asked for help.
    HelpRequested = 1,
    /// A check was not done in time.
    CheckMissed = 1,
    /// The session was stopped early.
    SessionStopped = 1,
    /// Release checks were answered.
    ReleaseChecked = 1,
    /// The patient was released.
    PatientReleased = 1,
    /// A clinician reviewed the session.
    SessionReviewed = 1,
    /// An alert was raised.
    AlertRaised = 1,
    /// Somebody took an alert on.
    AlertOwned = 1,
    /// Nobody answered in time, and the alert went one rung up.
    AlertEscalated = 1,
    /// An alert was resolved.
    AlertResolved = 1,
    /// An adverse event was recorded.
    AdverseEventRecorded = 1,
    /// The patient wrote in their journal.
    JournalWritten = 1,
    /// The patient shared a journal entry, or took it back.
    JournalSharingSet = 1,
    /// Somebody was in touch with the patient.
    ContactMade = 1,
    /// The course was reviewed.
    CourseReviewed = 1,
    /// An open item of the caseload was cleared by hand.
    ItemCleared = 1,
    /// An earlier entry was wrong.
    EntryCorrected = 1,
    /// The patient left before the release gate let them.
    PatientLeft = 1,
    /// The companion's phone or relation was put right; it is the same person.
    CompanionContactChanged = 1,
    /// A new or worse fact came on a matter that was open, and its alert rings again.
    AlertRenewed = 1,
    /// Somebody had an alert and the chart recorded nothing: it rings again.
    AlertLapsed = 1,
    /// Somebody wrote on an open alert what they see and do.
    AlertNoted = 1,
    /// A session that had not begun was held, because the ground for a dose fell away.
    SessionHeld = 1,
    /// A prescriber reviewed an adverse event, and decided whether treatment may go on.
    AdverseEventReviewed = 1,
    /// The second clinician signed an override in their own session.
    OverrideCosigned = 1,
    /// Nothing is heard any more from the home of a running session.
    ContactLost = 1,
    /// Somebody is heard again from the home of a running session.
    ContactBack = 1,
    /// The clock of the program jumped while a session ran.
    ClockJumped = 1,
    /// A further dose was taken in a session that has one.
    FurtherDoseTaken = 1,
    /// How much of a dose was really given was written down.
    DoseAmountRecorded = 1,
    /// An infusion was paused, resumed, set to another rate, or ended.
    InfusionRecorded = 1,
    /// A session did not take place.
    SessionMissed = 1,
    /// A session was moved to another time.
    SessionMoved = 1,
    /// Another chart of the same person was merged into this one; both keep their history.
    ChartsMerged = 1,
    /// This chart is the same person's as another, which goes on in its place.
    ChartMergedInto = 1,
    /// A second person confirmed a weight that had changed much.
    WeightConfirmed = 1,
    /// The body height was recorded.
    HeightRecorded = 1,
    /// The country and state where the patient is treated were written down.
    RegionSet = 1,
    /// A prescriber wrote down where they are licensed.
    LicenceShown = 1,
    /// Somebody examined the patient in person.
    ExaminedInPerson = 1,
    /// Somebody looked for signs of misuse.
    MisuseChecked = 1,
    /// Staff looked whether the clinic is ready for a dose.
    ReadinessChecked = 1,
    /// The class of a chronic liver disease was worked out.
    ChildPughRated = 1,
    /// Tablets or lozenges for the home were handed out, or sent.
    SupplyHandedOut = 1,
    /// What was not used was taken back.
    SupplyTakenBack = 1,
    /// What is in hand at home was counted.
    SupplyCounted = 1,
    /// A fact of the safety programme of nasal esketamine was written down.
    RemsRecorded = 1,
    /// A prescriber changed an answer that held a dose, and said why.
    HoldingAnswerChanged = 1,
}

/// Why a stored event could not be read. The chart that holds it cannot be assessed, and says so.
#[derive(Debug, Error)]
pub enum UnreadableEvent {
    /// A name that this build does not know.
    #[error("event name {0:?} is not known to this version of Stillwater; was the folder written by a newer one?")]
    Name(String),
    /// A version that neither this build nor one before it wrote.
    #[error("event {name} has version {version}, which this version of Stillwater does not know")]
    Version {
        /// Stored name.
        name: String,
        /// Stored version.
        version: u16,
    },
    /// The payload does not fit.
    #[error("event {name} version {version} cannot be read: {source}")]
    Payload {
        /// Stored name.
        name: String,
        /// Stored version.
        version: u16,
        /// What serde said.
        source: serde_json::Error,
    },
    /// The bytes around the payload do not fit.
    #[error("the stored envelope cannot be read: {0}")]
    Envelope(serde_json::Error),
}

/// An event that has been decided and not yet recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its identity.
    pub id: EventId,
    /// When it happened, which may be before it was recorded.
    pub occurred_at: Timestamp,
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

/// An event in its place in the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Place in the chart, from 1.
    pub seq: u64,
    /// Identity.
    pub id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    actor: Actor,
    what: serde_json::Value,
}

impl Draft {
    /// The bytes that the store seals.
    ///
    /// # Errors
    /// Only when a figure cannot be written as JSON (not a number), which the checks of quantities rule out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Envelope {
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            actor: self.actor.clone(),
            what: self.event.to_value()?,
        })
    }

    /// The event in its place.
    #[must_use]
    pub fn at(self, seq: u64) -> Recorded {
        let Self { id, occurred_at, recorded_at, actor, event } = self;
        Recorded { seq, id, occurred_at, recorded_at, actor, event }
    }
}

impl Recorded {
    /// The event without its place.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        let Self { seq: _, id, occurred_at, recorded_at, actor, event } = self;
        Draft { id, occurred_at, recorded_at, actor, event }
    }

    /// Reads what the store opened.
    ///
    /// # Errors
    /// [`UnreadableEvent`] says which name and version; nothing unreadable is dropped in silence.
    pub fn from_bytes(seq: u64, id: EventId, name: &str, version: u16, bytes: &[u8]) -> Result<Self, UnreadableEvent> {
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(UnreadableEvent::Envelope)?;
        Ok(Self {
            seq,
            id,
            occurred_at: envelope.occurred_at,
            recorded_at: envelope.recorded_at,
            actor: envelope.actor,
            event: Event::from_value(name, version, envelope.what)?,
        })
    }

    /// The whole event as JSON, for export.
    ///
    /// # Errors
    /// As [`Draft::to_bytes`].
    pub fn to_json(&self) -> Result<serde_json::Value, serde_json::Error> {
        Ok(serde_json::json!({
            "seq": self.seq,
            "id": self.id,
            "name": self.event.name(),
            "version": self.event.version(),
            "occurred_at": self.occurred_at,
            "recorded_at": self.recorded_at,
            "actor": self.actor,
            "what": self.event.to_value()?,
        }))
    }
}
