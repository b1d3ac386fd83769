//! A dosing session's state, as staff say it: scheduled, go, observing, stopped, released, reviewed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{CancelReason, CheckKind, DayAnswers, DoseTaken, ReleaseChecked};
use crate::facts::{Answered, ReleaseFacts, Setting};
use crate::ids::{CompanionId, EventId, SessionId};
use crate::quantity::minutes_between;
use crate::roles::Actor;

/// The day's questions open a day before the session, and an answer counts for as long.
pub const DAY_ANSWERS_COUNT_MINUTES: i64 = 24 * 60;

/// Takes a new answer in place of an earlier one; what was not answered this time stays as it was.
fn put<T: Clone>(old: &mut Option<T>, new: &Option<T>) {
    if new.is_some() {
        old.clone_from(new);
    }
}

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
}

impl SessionPhase {
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
        }
    }

    /// The words shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Ready => "go",
            Self::Observing => "observing",
            Self::Stopped => "stopped, still watched",
            Self::Released => "released",
            Self::Reviewed => "reviewed",
            Self::CalledOff => "called off",
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

/// What the guide saw of the companion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompanionPresence {
    /// Who.
    pub companion: CompanionId,
    /// When.
    pub at: Timestamp,
    /// Sober.
    pub sober: Answered,
    /// Phone reached live.
    pub phone_verified: Answered,
}

/// A dosing session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// In which course of the chart, from 1.
    pub course: u32,
    /// Under which plan of the course, from 1.
    pub plan: u32,
    /// Which of the course, from 1.
    pub number: u32,
    /// When it is to begin.
    pub starts_at: Timestamp,
    /// Where.
    pub setting: Setting,
    /// The day's answers so far.
    pub day: DayAnswers,
    /// When the oldest of those answers was given.
    pub day_since: Option<Timestamp>,
    /// The companion said on their phone that they are there.
    pub companion_arrived_at: Option<Timestamp>,
    /// The guide saw the companion.
    pub companion_seen: Option<CompanionPresence>,
    /// Go or no-go, when, by whom.
    pub go: Option<(bool, Timestamp, Actor)>,
    /// The warnings that stood at go and were answered with a reason, by rule.
    pub go_warnings: Vec<String>,
    /// The dose, with the event that told it.
    pub dose: Option<(EventId, DoseTaken)>,
    /// Stopped early: when, by whom, why.
    pub stopped: Option<(Timestamp, Actor, String)>,
    /// Release checks so far.
    pub release: ReleaseFacts,
    /// The companion's sign-off.
    pub companion_sign_off_at: Option<Timestamp>,
    /// Released: when, by whom, with whom.
    pub released: Option<(Timestamp, Actor, String)>,
    /// Reviewed: when, by whom, in which words.
    pub reviewed: Option<(Timestamp, Actor, String)>,
    /// Called off, and why.
    pub cancelled: Option<CancelReason>,
    /// Checks missed so far, each by kind and due time.
    pub missed: Vec<(CheckKind, Timestamp)>,
    /// When the patient's phone was last heard.
    pub last_patient_at: Option<Timestamp>,
}

impl Session {
    /// A session in the calendar.
    #[must_use]
    pub fn scheduled(id: SessionId, number: u32, starts_at: Timestamp, setting: Setting) -> Self {
        Self {
            id,
            course: 0,
            plan: 0,
            number,
            starts_at,
            setting,
            day: DayAnswers::default(),
            day_since: None,
            companion_arrived_at: None,
            companion_seen: None,
            go: None,
            go_warnings: Vec::new(),
            dose: None,
            stopped: None,
            release: ReleaseFacts::default(),
            companion_sign_off_at: None,
            released: None,
            reviewed: None,
            cancelled: None,
            missed: Vec::new(),
            last_patient_at: None,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> SessionPhase {
        if self.reviewed.is_some() && (self.released.is_some() || self.dose.is_none()) {
            return SessionPhase::Reviewed;
        }
        if self.released.is_some() {
            return SessionPhase::Released;
        }
        if self.cancelled.is_some() {
            return SessionPhase::CalledOff;
        }
        match (&self.dose, &self.stopped, &self.go) {
            (Some(_), Some(_), _) => SessionPhase::Stopped,
            (Some(_), None, _) => SessionPhase::Observing,
            (None, Some(_), _) | (None, None, Some((false, _, _))) => SessionPhase::CalledOff,
            (None, None, Some((true, _, _))) => SessionPhase::Ready,
            (None, None, None) => SessionPhase::Scheduled,
        }
    }

    /// When the dose began.
    #[must_use]
    pub fn dose_at(&self) -> Option<Timestamp> {
        self.dose.as_ref().map(|(_, dose)| dose.taken_at)
    }

    /// Whether the day's answers are so old that they tell of another day.
    #[must_use]
    pub fn day_is_stale(&self, now: Timestamp) -> bool {
        self.day_since.is_some_and(|since| minutes_between(since, now) > DAY_ANSWERS_COUNT_MINUTES)
    }

    /// Takes in new answers, field by field. Answers of another day do not stand beside those of today; whether an
    /// oximeter is at hand is not a matter of the day, and stays.
    pub(super) fn take_day_answers(&mut self, at: Timestamp, new: &DayAnswers) {
        if self.day_is_stale(at) {
            let oximeter_at_hand = self.day.oximeter_at_hand;
            self.day = DayAnswers { oximeter_at_hand, ..DayAnswers::default() };
            self.day_since = None;
        }
        self.day_since.get_or_insert(at);
        let day = &mut self.day;
        put(&mut day.fasted, &new.fasted);
        put(&mut day.alcohol_or_cannabis, &new.alcohol_or_cannabis);
        put(&mut day.benzodiazepine_today, &new.benzodiazepine_today);
        put(&mut day.stimulant, &new.stimulant);
        put(&mut day.grapefruit, &new.grapefruit);
        put(&mut day.room_safe, &new.room_safe);
        put(&mut day.escort_named, &new.escort_named);
        put(&mut day.still_willing, &new.still_willing);
        put(&mut day.oximeter_at_hand, &new.oximeter_at_hand);
    }

    /// Takes in new release checks, field by field.
    pub(super) fn take_release_checks(&mut self, at: Timestamp, new: &ReleaseChecked) {
        let checks = &mut self.release;
        put(&mut checks.aldrete_total, &new.checks.aldrete_total);
        put(&mut checks.aldrete_item_at_zero, &new.checks.aldrete_item_at_zero);
        put(&mut checks.oriented, &new.checks.oriented);
        put(&mut checks.steady_gait, &new.checks.steady_gait);
        put(&mut checks.no_vomiting, &new.checks.no_vomiting);
        put(&mut checks.distress_settled, &new.checks.distress_settled);
        put(&mut checks.no_new_suicidal_thoughts, &new.checks.no_new_suicidal_thoughts);
        put(&mut checks.escort, &new.checks.escort);
        put(&mut checks.no_driving_acknowledged, &new.checks.no_driving_acknowledged);
        if new.companion_sign_off {
            self.companion_sign_off_at = Some(at);
        }
    }
}
