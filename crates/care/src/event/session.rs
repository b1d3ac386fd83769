//! The day of the dose, from the first question to release and review.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CancelReason, DoseIrregularity};
use crate::code::listed;
use crate::facts::{
    AmbulanceTime, Answered, LastUse, PlaceToday, ReadinessFacts, ReleaseFacts, Route, SeenHow, Setting, Symptom,
};
use crate::finding::Finding;
use crate::ids::{CompanionId, OrderId, SessionId};

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionPhase {
    /// In the calendar; the day's questions may be answered.
    Scheduled,
    /// Go was decided; no dose yet.
    Ready,
    /// A dose was taken; the patient is watched.
    Observing,
    /// Stopped early after a dose; the patient is still watched until released.
    Stopped,
    /// The patient was released.
    Released,
    /// A clinician reviewed it.
    Reviewed,
    /// No-go, or called off, or stopped before any dose.
    CalledOff,
    /// It did not take place: nobody came, or it could not be held. It can be moved.
    Missed,
}

impl SessionPhase {
    /// All phases, in the order in which a session can pass through them.
    pub const ALL: [Self; 8] = [
        Self::Scheduled,
        Self::Ready,
        Self::Observing,
        Self::Stopped,
        Self::Released,
        Self::Reviewed,
        Self::CalledOff,
        Self::Missed,
    ];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Ready => "ready",
            Self::Observing => "observing",
            Self::Stopped => "stopped",
            Self::Released => "released",
            Self::Reviewed => "reviewed",
            Self::CalledOff => "called-off",
            Self::Missed => "missed",
        }
    }

    /// Still to come or going on.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Scheduled | Self::Ready | Self::Observing | Self::Stopped)
    }

    /// A dose was taken and the patient has not been released.
    #[must_use]
    pub fn is_running(self) -> bool {
        matches!(self, Self::Observing | Self::Stopped)
    }

    /// Go was decided and the patient has not been released.
    #[must_use]
    pub fn is_today(self) -> bool {
        matches!(self, Self::Ready | Self::Observing | Self::Stopped)
    }
}

/// A dosing session was scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionScheduled {
    /// Identity.
    pub session: SessionId,
    /// When it is to begin.
    pub starts_at: Timestamp,
    /// Where.
    pub setting: Setting,
    /// Which dosing session of the course, from 1.
    pub number: u32,
    /// It was never in the calendar: a dose was taken, and this is the session that it belongs to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unplanned: bool,
}

/// A dosing session was called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCancelled {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub reason: CancelReason,
}

/// A session that had not begun was held: go, where it was said, is taken back. Nothing of it leaves as FHIR by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionHeld {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub reason: CancelReason,
}

/// Questions of the day were answered; each field that is there replaces the earlier answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayAnswers {
    /// The fast was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fasted: Option<Answered>,
    /// Alcohol or cannabis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alcohol_or_cannabis: Option<LastUse>,
    /// A benzodiazepine today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benzodiazepine_today: Option<Answered>,
    /// A stimulant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stimulant: Option<LastUse>,
    /// Grapefruit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grapefruit: Option<LastUse>,
    /// An opioid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opioid: Option<LastUse>,
    /// A monoamine oxidase inhibitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maoi: Option<LastUse>,
    /// The list of medicines, as last gone through, is still right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medicines_unchanged: Option<Answered>,
    /// Could be pregnant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could_be_pregnant: Option<Answered>,
    /// The room is ready: quiet, and a place to lie down (home). Until the dangers were asked apart, all of them were
    /// meant by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_safe: Option<Answered>,
    /// Stairs are within reach (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stairs_near: Option<Answered>,
    /// Water is within reach (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water_near: Option<Answered>,
    /// Heat is within reach (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heat_near: Option<Answered>,
    /// Somebody is in the patient's sole care (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sole_care: Option<Answered>,
    /// A weapon is within reach (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weapon_near: Option<Answered>,
    /// Other means that kill are within reach (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_means_near: Option<Answered>,
    /// Where the patient is (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_today: Option<PlaceToday>,
    /// How help gets in: a code, a floor, where the key is; in the patient's words (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_in: Option<String>,
    /// How long an ambulance needs there (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambulance: Option<AmbulanceTime>,
    /// The companion, or somebody else there, is a danger to the patient (home).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub companion_danger: Option<Answered>,
    /// The day after is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tomorrow_planned: Option<Answered>,
    /// Agrees not to drive until tomorrow after sleep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_driving_agreed: Option<Answered>,
    /// An escort or ride is named (clinic).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escort_named: Option<Answered>,
    /// Still wants the dose today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still_willing: Option<Answered>,
    /// An oximeter is at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oximeter_at_hand: Option<bool>,
}

/// Questions of the day were answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayAnswered {
    /// Which session.
    pub session: SessionId,
    /// The answers.
    pub answers: DayAnswers,
}

/// The companion said that they are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanionArrived {
    /// Which session.
    pub session: SessionId,
    /// Who.
    pub companion: CompanionId,
}

/// The guide saw the companion there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanionSeen {
    /// Which session.
    pub session: SessionId,
    /// Who.
    pub companion: CompanionId,
    /// Sober.
    pub sober: Answered,
    /// Phone reached live.
    pub phone_verified: Answered,
    /// How; absent where it was recorded before anybody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<SeenHow>,
}

/// Staff looked whether the clinic is ready for a dose; each item that is there replaces the earlier answer. It is the
/// clinic's own check, and no FHIR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadinessChecked {
    /// For which session.
    pub session: SessionId,
    /// What they found.
    pub found: ReadinessFacts,
}

/// Go or no-go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoDecided {
    /// Which session.
    pub session: SessionId,
    /// Go.
    pub go: bool,
    /// Why; needed for a no-go and for going on in spite of warnings.
    pub reason: String,
    /// The findings that stood.
    pub findings: Vec<Finding>,
}

/// A dose was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoseTaken {
    /// Which session.
    pub session: SessionId,
    /// On which order; absent where none was in force.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// Route.
    pub route: Route,
    /// Milligrams.
    pub dose_mg: f64,
    /// Milligrams for each kilogram, by the order's weight.
    #[serde(default)]
    pub dose_mg_per_kg: Option<f64>,
    /// When it began.
    pub taken_at: Timestamp,
    /// Infusion time, minutes.
    #[serde(default)]
    pub infusion_minutes: Option<f64>,
    /// What was ordered, mg, where another amount was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_mg: Option<f64>,
    /// What was out of order about it; empty for a dose that was given as planned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub irregular: Vec<DoseIrregularity>,
    /// What the rules found at the dose gate, where it was given in spite of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<Finding>,
    /// In words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// Sedation was rated on the MOAA/S.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SedationRated {
    /// Which session.
    pub session: SessionId,
    /// 5 alert, 0 no response.
    pub moaas: i32,
    /// When.
    pub rated_at: Timestamp,
}

/// How a look-in went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckAnswer {
    /// Fine.
    Fine,
    /// Not sure.
    Unsure,
    /// Not fine.
    NotFine,
}

impl CheckAnswer {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Fine, Self::Unsure, Self::NotFine];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Unsure => "unsure",
            Self::NotFine => "not-fine",
        }
    }
}

/// Somebody looked in, or the patient said that they are all right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInRecorded {
    /// Which session.
    pub session: SessionId,
    /// How it went.
    pub answer: CheckAnswer,
    /// Awake, or answers to their name; absent when not looked at.
    #[serde(default)]
    pub answers_to_name: Option<bool>,
    /// Breathing easily.
    #[serde(default)]
    pub breathing_easily: Option<bool>,
    /// Colour normal.
    #[serde(default)]
    pub colour_normal: Option<bool>,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// When it was, where it is written down later; absent for just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<Timestamp>,
}

/// A symptom was seen or told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymptomMarked {
    /// Which session.
    pub session: SessionId,
    /// Which.
    pub symptom: Symptom,
    /// When.
    pub seen_at: Timestamp,
    /// In words.
    #[serde(default)]
    pub words: String,
}

/// The patient rated their distress, 0 to 10.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistressRated {
    /// Which session.
    pub session: SessionId,
    /// 0 none to 10 worst.
    pub rating: i32,
    /// When.
    pub rated_at: Timestamp,
}

/// A moment was marked in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MomentMarked {
    /// Which session.
    pub session: SessionId,
    /// The words.
    pub words: String,
    /// Where the session stood, when these are the words of somebody who asked to stop what was stopped or over already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_to_stop: Option<SessionPhase>,
}

/// Somebody asked for help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRequested {
    /// In which session, if one runs.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// In words; may be empty.
    #[serde(default)]
    pub words: String,
}

/// What was to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// Vital signs together, as they were watched before each sign had its own clock.
    Vitals,
    /// The companion's look-in.
    LookIn,
    /// Blood pressure.
    Pressure,
    /// Pulse.
    Pulse,
    /// Oxygen saturation.
    Oxygen,
    /// Breathing rate.
    Breathing,
    /// Alertness by MOAA/S.
    Alertness,
}

impl CheckKind {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Vitals, Self::LookIn, Self::Pressure, Self::Pulse, Self::Oxygen, Self::Breathing, Self::Alertness];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Vitals => "vitals",
            Self::LookIn => "look-in",
            Self::Pressure => "pressure",
            Self::Pulse => "pulse",
            Self::Oxygen => "oxygen",
            Self::Breathing => "breathing",
            Self::Alertness => "alertness",
        }
    }
}

/// Nothing is heard any more from the home of a running session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLost {
    /// Which session.
    pub session: SessionId,
    /// When something was last heard.
    pub since: Timestamp,
}

/// Somebody is heard again from the home of a running session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactBack {
    /// Which session.
    pub session: SessionId,
}

/// The clock of the program jumped while a session ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockJumped {
    /// Which session.
    pub session: SessionId,
    /// By how many seconds; less than nothing when it was set back.
    pub seconds: i64,
}

/// A check was not done in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckMissed {
    /// Which session.
    pub session: SessionId,
    /// What.
    pub check: CheckKind,
    /// When it was due.
    pub due_at: Timestamp,
}

/// The session was stopped early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionStopped {
    /// Which session.
    pub session: SessionId,
    /// Why; may be empty, since stopping never waits for words.
    pub reason: String,
}

/// Release checks were answered; each field that is there replaces the earlier answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseChecked {
    /// Which session.
    pub session: SessionId,
    /// The checks.
    pub checks: ReleaseFacts,
    /// The companion says that the patient is well and that they stay.
    #[serde(default)]
    pub companion_sign_off: bool,
}

/// The patient was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientReleased {
    /// Which session.
    pub session: SessionId,
    /// With whom.
    pub with: String,
}

/// The patient left before the release gate let them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientLeft {
    /// Which session.
    pub session: SessionId,
    /// How and with whom, and what was said.
    pub words: String,
}

/// A clinician reviewed the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionReviewed {
    /// Which session.
    pub session: SessionId,
    /// What was seen.
    pub words: String,
}

listed!(CheckKind of "check");
listed!(CheckAnswer of "check-answer");
