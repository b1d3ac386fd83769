//! A dosing session's state, as staff say it: scheduled, go, observing, stopped, released, reviewed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Act;
use crate::event::{
    CancelReason, CheckKind, DayAnswers, DoseTaken, FurtherDoseTaken, InfusionRecorded, InfusionStep, ReleaseChecked,
    SessionPhase,
};
use crate::facts::{Answered, ReadinessFacts, ReleaseFacts, SeenHow, Setting};
use crate::finding::Finding;
use crate::ids::{CompanionId, SessionId};
use crate::protocol::ClockOrigin;
use crate::quantity::{minutes_between, plus_minutes};
use crate::subject::Subject;

/// The day's questions open a day before the session; an answer counts for two hours, measured back from the dose
/// (proposed default, signed by nobody yet; the rules hold by it, each answer by itself).
pub const DAY_ANSWERS_COUNT_MINUTES: i64 = 120;

/// Minutes for which a go counts: what it rested on has grown old by then. A proposal of this project, signed by nobody yet.
pub const GO_COUNTS_MINUTES: i64 = 30;

/// Takes a new answer in place of an earlier one; what was not answered this time stays as it was. Whether there was one.
fn put<T: Clone>(old: &mut Option<T>, new: &Option<T>) -> bool {
    if new.is_some() {
        old.clone_from(new);
    }
    new.is_some()
}

/// Writes what was really given into a dose, and keeps what was ordered beside it.
pub(super) fn amend(dose: &mut DoseTaken, given_mg: f64) {
    if dose.dose_mg > 0.0 {
        dose.dose_mg_per_kg = dose.dose_mg_per_kg.map(|each| each * given_mg / dose.dose_mg);
    }
    dose.ordered_mg = dose.ordered_mg.or(Some(dose.dose_mg));
    dose.dose_mg = given_mg;
}

/// Takes a new answer of the day with its time. An earlier answer whose time is gone is too old, and goes with it.
fn take<T: Clone>(
    old: &mut Option<T>,
    new: &Option<T>,
    question: Subject,
    times: &mut BTreeMap<Subject, Timestamp>,
    at: Timestamp,
) {
    if new.is_some() {
        old.clone_from(new);
        times.insert(question, at);
    } else if !times.contains_key(&question) {
        *old = None;
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
    /// How they were met.
    pub how: Option<SeenHow>,
}

/// Go or no-go.
#[derive(Clone, Debug, PartialEq)]
pub struct GoDecision {
    /// By whom, and when.
    pub act: Act,
    /// The rules whose warnings stood, and were answered with a reason.
    pub warnings: Vec<String>,
    /// What they found: the reason covers these values and better ones.
    pub findings: Vec<Finding>,
}

/// A session stopped early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// By whom, and when.
    pub act: Act,
    /// Why; may be empty.
    pub reason: String,
}

/// A session that has not begun, held because the ground for a dose fell away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// By whose act, and when.
    pub act: Act,
    /// Why.
    pub reason: CancelReason,
}

/// How a patient left a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Released, with somebody.
    With(String),
    /// Against advice, told in these words.
    AgainstAdvice(String),
}

/// The end of the watching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Who recorded it, and when.
    pub act: Act,
    /// How they left.
    pub leaving: Leaving,
}

/// A session in which a dose was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Dosed {
    /// Go, as it was decided.
    pub go: Option<GoDecision>,
    /// The dose.
    pub dose: DoseTaken,
    /// Stopped early.
    pub stop: Option<Stop>,
}

/// Why no dose was given in a session.
#[derive(Clone, Debug, PartialEq)]
pub enum CallOff {
    /// No-go.
    NoGo(GoDecision),
    /// Called off, with the reason.
    Cancelled(CancelReason),
    /// Stopped before any dose.
    Stopped(Stop),
}

/// A session that did not take place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Who said so, and when; the program where nobody did.
    pub act: Act,
    /// When it was to begin.
    pub starts_at: Timestamp,
    /// What is known of why; may be empty.
    pub words: String,
}

/// A session moved to another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// By whom, and when.
    pub act: Act,
    /// When it was to begin before.
    pub from: Timestamp,
    /// It had been missed when it was moved.
    pub missed: Option<Miss>,
    /// Why.
    pub words: String,
}

/// Where a session stands, with what belongs to that state.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionState {
    /// In the calendar.
    Scheduled,
    /// Go was decided; no dose yet.
    Ready(GoDecision),
    /// A dose was taken; the patient is watched, also when the session was stopped early.
    Watched(Dosed),
    /// The patient was released, or left.
    Released(Dosed, Release),
    /// A clinician reviewed it.
    Reviewed(Dosed, Release, Act),
    /// No dose was given.
    CalledOff(CallOff),
    /// It did not take place.
    Missed(Miss),
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
    /// Where it stands.
    pub state: SessionState,
    /// Held since, and why; until somebody says go again, which the rules let them do only when the ground is back.
    pub held: Option<Hold>,
    /// The day's answers so far.
    pub day: DayAnswers,
    /// When each of those answers was given.
    pub day_answered_at: BTreeMap<Subject, Timestamp>,
    /// What staff found at hand in the clinic.
    pub readiness: ReadinessFacts,
    /// When each item of it was last looked at.
    pub readiness_times: BTreeMap<Subject, Timestamp>,
    /// The companion said on their phone that they are there.
    pub companion_arrived_at: Option<Timestamp>,
    /// The guide saw the companion.
    pub companion_seen: Option<CompanionPresence>,
    /// Release checks so far.
    pub release_checks: ReleaseFacts,
    /// The companion's sign-off.
    pub companion_sign_off_at: Option<Timestamp>,
    /// Checks missed so far, each by kind and due time.
    pub missed: Vec<(CheckKind, Timestamp)>,
    /// When somebody at home last did something, or was reached by telephone.
    pub heard_at: Option<Timestamp>,
    /// Since when nothing is heard from the home; `None` while somebody is.
    pub contact_lost_since: Option<Timestamp>,
    /// When the patient's phone was last heard.
    pub last_patient_at: Option<Timestamp>,
    /// It was never in the calendar: a dose was taken, and this is the session that it belongs to.
    pub unplanned: bool,
    /// Its earlier times, oldest first.
    pub moves: Vec<Move>,
    /// Further doses in it, in the order in which they were recorded.
    pub further: Vec<FurtherDoseTaken>,
    /// What was done with its infusion, by time.
    pub infusion: Vec<InfusionRecorded>,
    /// When each release check was last answered.
    pub release_times: BTreeMap<Subject, Timestamp>,
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
            state: SessionState::Scheduled,
            held: None,
            day: DayAnswers::default(),
            day_answered_at: BTreeMap::new(),
            readiness: ReadinessFacts::default(),
            readiness_times: BTreeMap::new(),
            companion_arrived_at: None,
            companion_seen: None,
            release_checks: ReleaseFacts::default(),
            companion_sign_off_at: None,
            missed: Vec::new(),
            heard_at: None,
            contact_lost_since: None,
            last_patient_at: None,
            unplanned: false,
            moves: Vec::new(),
            further: Vec::new(),
            infusion: Vec::new(),
            release_times: BTreeMap::new(),
        }
    }

    /// Where it stands, as staff say it.
    #[must_use]
    pub fn phase(&self) -> SessionPhase {
        match &self.state {
            SessionState::Scheduled => SessionPhase::Scheduled,
            SessionState::Ready(_) => SessionPhase::Ready,
            SessionState::Watched(Dosed { stop: None, .. }) => SessionPhase::Observing,
            SessionState::Watched(Dosed { stop: Some(_), .. }) => SessionPhase::Stopped,
            SessionState::Released(..) => SessionPhase::Released,
            SessionState::Reviewed(..) => SessionPhase::Reviewed,
            SessionState::CalledOff(_) => SessionPhase::CalledOff,
            SessionState::Missed(_) => SessionPhase::Missed,
        }
    }

    fn dosed(&self) -> Option<&Dosed> {
        match &self.state {
            SessionState::Watched(dosed) | SessionState::Released(dosed, _) | SessionState::Reviewed(dosed, ..) => {
                Some(dosed)
            }
            SessionState::Scheduled | SessionState::Ready(_) | SessionState::CalledOff(_) | SessionState::Missed(_) => {
                None
            }
        }
    }

    /// The dose.
    #[must_use]
    pub fn dose(&self) -> Option<&DoseTaken> {
        self.dosed().map(|dosed| &dosed.dose)
    }

    /// Go, where it was decided so.
    #[must_use]
    pub fn go(&self) -> Option<&GoDecision> {
        match &self.state {
            SessionState::Ready(go) => Some(go),
            SessionState::Scheduled
            | SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => self.dosed().and_then(|dosed| dosed.go.as_ref()),
        }
    }

    /// Since when go stands without a dose.
    #[must_use]
    pub fn ready_since(&self) -> Option<Timestamp> {
        match &self.state {
            SessionState::Ready(go) => Some(go.act.at),
            SessionState::Scheduled
            | SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => None,
        }
    }

    /// When a go that no dose followed stops counting, and is decided anew.
    #[must_use]
    pub fn go_expires_at(&self) -> Option<Timestamp> {
        self.ready_since().map(|at| crate::quantity::plus_minutes(at, GO_COUNTS_MINUTES))
    }

    /// Stopped early, before the dose or after it.
    #[must_use]
    pub fn stopped(&self) -> Option<&Stop> {
        match &self.state {
            SessionState::CalledOff(CallOff::Stopped(stop)) => Some(stop),
            SessionState::Scheduled
            | SessionState::Ready(_)
            | SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => self.dosed().and_then(|dosed| dosed.stop.as_ref()),
        }
    }

    /// The end of the watching.
    #[must_use]
    pub fn released(&self) -> Option<&Release> {
        match &self.state {
            SessionState::Released(_, release) | SessionState::Reviewed(_, release, _) => Some(release),
            SessionState::Scheduled
            | SessionState::Ready(_)
            | SessionState::Watched(_)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => None,
        }
    }

    /// A clinician reviewed it.
    #[must_use]
    pub fn is_reviewed(&self) -> bool {
        matches!(self.state, SessionState::Reviewed(..))
    }

    /// Called off by somebody, and why. A no-go and a stop before the dose are no calling off.
    #[must_use]
    pub fn cancelled(&self) -> Option<&CancelReason> {
        match &self.state {
            SessionState::CalledOff(CallOff::Cancelled(reason)) => Some(reason),
            SessionState::Scheduled
            | SessionState::Ready(_)
            | SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::Missed(_)
            | SessionState::CalledOff(CallOff::NoGo(_) | CallOff::Stopped(_)) => None,
        }
    }

    /// Takes a step, where the state that it leads on from is there; a record in another order changes nothing.
    fn step(&mut self, next: impl FnOnce(SessionState) -> SessionState) {
        let before = std::mem::replace(&mut self.state, SessionState::Scheduled);
        self.state = next(before);
    }

    /// Takes go back, and keeps why. What was dosed or called off stays as it is.
    pub(super) fn hold(&mut self, hold: Hold) {
        if matches!(self.state, SessionState::Scheduled | SessionState::Ready(_)) {
            self.state = SessionState::Scheduled;
            self.held = Some(hold);
        }
    }

    pub(super) fn decide_go(&mut self, go: bool, decision: GoDecision) {
        if go {
            self.held = None;
        }
        self.step(|state| match state {
            SessionState::Scheduled | SessionState::Ready(_) | SessionState::CalledOff(_) if go => {
                SessionState::Ready(decision)
            }
            SessionState::Scheduled | SessionState::Ready(_) | SessionState::CalledOff(_) => {
                SessionState::CalledOff(CallOff::NoGo(decision))
            }
            SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::Missed(_) => state,
        });
    }

    pub(super) fn take_dose(&mut self, dose: DoseTaken) {
        self.step(|state| match state {
            SessionState::Ready(go) => SessionState::Watched(Dosed { go: Some(go), dose, stop: None }),
            // A dose that was taken is never left out, whatever was decided before.
            SessionState::Scheduled | SessionState::CalledOff(_) | SessionState::Missed(_) => {
                SessionState::Watched(Dosed { go: None, dose, stop: None })
            }
            SessionState::Watched(_) | SessionState::Released(..) | SessionState::Reviewed(..) => state,
        });
    }

    pub(super) fn stop(&mut self, stop: Stop) {
        self.step(|state| match state {
            SessionState::Watched(dosed) => SessionState::Watched(Dosed { stop: Some(stop), ..dosed }),
            SessionState::Scheduled | SessionState::Ready(_) => SessionState::CalledOff(CallOff::Stopped(stop)),
            SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => state,
        });
    }

    pub(super) fn cancel(&mut self, reason: CancelReason) {
        self.step(|state| match state {
            SessionState::Scheduled | SessionState::Ready(_) | SessionState::Missed(_) => {
                SessionState::CalledOff(CallOff::Cancelled(reason))
            }
            SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_) => state,
        });
    }

    pub(super) fn release(&mut self, release: Release) {
        self.step(|state| match state {
            SessionState::Watched(dosed) => SessionState::Released(dosed, release),
            SessionState::Scheduled
            | SessionState::Ready(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => state,
        });
    }

    pub(super) fn review(&mut self, act: Act) {
        self.step(|state| match state {
            SessionState::Released(dosed, release) => SessionState::Reviewed(dosed, release, act),
            SessionState::Scheduled
            | SessionState::Ready(_)
            | SessionState::Watched(_)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => state,
        });
    }

    /// Nobody came, or it could not be held.
    pub(super) fn miss(&mut self, miss: Miss) {
        self.step(|state| match state {
            SessionState::Scheduled | SessionState::Ready(_) => SessionState::Missed(miss),
            SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_)
            | SessionState::Missed(_) => state,
        });
    }

    /// Moves it to another time. Go belongs to the day for which it was said, and falls with it.
    pub(super) fn move_to(&mut self, act: Act, to: Timestamp, words: &str) {
        let missed = match &self.state {
            SessionState::Scheduled | SessionState::Ready(_) => None,
            SessionState::Missed(miss) => Some(miss.clone()),
            SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_) => return,
        };
        self.moves.push(Move { act, from: self.starts_at, missed, words: words.to_owned() });
        self.starts_at = to;
        self.state = SessionState::Scheduled;
    }

    /// The miss, where it did not take place and has not been moved.
    #[must_use]
    pub fn missed_session(&self) -> Option<&Miss> {
        match &self.state {
            SessionState::Missed(miss) => Some(miss),
            SessionState::Scheduled
            | SessionState::Ready(_)
            | SessionState::Watched(_)
            | SessionState::Released(..)
            | SessionState::Reviewed(..)
            | SessionState::CalledOff(_) => None,
        }
    }

    /// What was really given of the dose, mg.
    pub(super) fn give_amount(&mut self, given_mg: f64) {
        if let SessionState::Watched(dosed) | SessionState::Released(dosed, _) | SessionState::Reviewed(dosed, ..) =
            &mut self.state
        {
            amend(&mut dosed.dose, given_mg);
        }
    }

    pub(super) fn record_infusion(&mut self, recorded: InfusionRecorded) {
        self.infusion.push(recorded);
        self.infusion.sort_by_key(|step| step.at);
    }

    /// When the infusion ended, or is to end by its plan and its pauses. Unknown while it is paused, and once its rate
    /// was changed, until somebody records the end.
    #[must_use]
    pub fn infusion_end_at(&self) -> Option<Timestamp> {
        let dose = self.dose()?;
        if let Some(end) = self.infusion.iter().rev().find(|step| step.step == InfusionStep::Ended) {
            return Some(end.at);
        }
        let mut paused_minutes = 0;
        let mut paused_at = None;
        for step in &self.infusion {
            match step.step {
                InfusionStep::Paused => paused_at = paused_at.or(Some(step.at)),
                InfusionStep::Resumed => {
                    if let Some(since) = paused_at.take() {
                        // Whole minutes, rounded up: an infusion is never taken to end before it does.
                        paused_minutes += minutes_between(since, step.at) + 1;
                    }
                }
                InfusionStep::RateSet => return None,
                InfusionStep::Ended => {}
            }
        }
        if paused_at.is_some() {
            return None;
        }
        let minutes = dose.infusion_minutes?.ceil() as i64;
        Some(plus_minutes(dose.taken_at, minutes.saturating_add(paused_minutes)))
    }

    /// The infusion is held at the moment.
    #[must_use]
    pub fn infusion_is_paused(&self) -> bool {
        let last = self.infusion.iter().rev().find(|step| step.step != InfusionStep::RateSet);
        last.is_some_and(|step| step.step == InfusionStep::Paused)
    }

    /// When the last dose of the session was taken: a booster or a second device comes after the first.
    #[must_use]
    pub fn last_dose_at(&self) -> Option<Timestamp> {
        let first = self.dose_at()?;
        Some(self.further.iter().map(|further| further.taken_at).fold(first, Ord::max))
    }

    /// The moment from which a clock of the protocol counts.
    #[must_use]
    pub fn clock_at(&self, origin: ClockOrigin) -> Option<Timestamp> {
        match origin {
            ClockOrigin::Start | ClockOrigin::FirstDevice => self.dose_at(),
            ClockOrigin::LastDevice => self.last_dose_at(),
            // An end that nobody knows yet cannot be earlier than the last dose.
            ClockOrigin::End => self.infusion_end_at().max(self.last_dose_at()),
        }
    }

    /// When the dose began.
    #[must_use]
    pub fn dose_at(&self) -> Option<Timestamp> {
        self.dose().map(|dose| dose.taken_at)
    }

    /// Whether an answer of the day is too old to count, so that the questions are asked again.
    #[must_use]
    pub fn day_is_stale(&self, now: Timestamp) -> bool {
        self.day_answered_at.keys().any(|question| self.answer_is_stale(*question, now))
    }

    /// Whether the answer to one question of the day is too old to count.
    #[must_use]
    pub fn answer_is_stale(&self, question: Subject, now: Timestamp) -> bool {
        self.day_answered_at.get(&question).is_some_and(|at| minutes_between(*at, now) > DAY_ANSWERS_COUNT_MINUTES)
    }

    /// Takes in new answers, field by field, each with its own time. What is too old to count does not stand beside
    /// them; whether an oximeter is at hand, and how help gets in, are no matter of the day, and stay.
    pub(super) fn take_day_answers(&mut self, at: Timestamp, new: &DayAnswers) {
        let old: Vec<Subject> = self
            .day_answered_at
            .iter()
            .filter(|(_, answered)| minutes_between(**answered, at) > DAY_ANSWERS_COUNT_MINUTES)
            .map(|(question, _)| *question)
            .collect();
        let (day, times) = (&mut self.day, &mut self.day_answered_at);
        for question in old {
            times.remove(&question);
        }
        take(&mut day.fasted, &new.fasted, Subject::FastKept, times, at);
        take(&mut day.alcohol_or_cannabis, &new.alcohol_or_cannabis, Subject::AlcoholOrCannabis, times, at);
        take(&mut day.benzodiazepine_today, &new.benzodiazepine_today, Subject::BenzodiazepineToday, times, at);
        take(&mut day.stimulant, &new.stimulant, Subject::Stimulant, times, at);
        take(&mut day.grapefruit, &new.grapefruit, Subject::Grapefruit, times, at);
        take(&mut day.opioid, &new.opioid, Subject::Opioid, times, at);
        take(&mut day.maoi, &new.maoi, Subject::Maoi, times, at);
        take(&mut day.medicines_unchanged, &new.medicines_unchanged, Subject::MedicinesUnchanged, times, at);
        take(&mut day.could_be_pregnant, &new.could_be_pregnant, Subject::CouldBePregnantToday, times, at);
        take(&mut day.room_safe, &new.room_safe, Subject::RoomSafe, times, at);
        for (old, new, question) in [
            (&mut day.stairs_near, &new.stairs_near, Subject::StairsNear),
            (&mut day.water_near, &new.water_near, Subject::WaterNear),
            (&mut day.heat_near, &new.heat_near, Subject::HeatNear),
            (&mut day.sole_care, &new.sole_care, Subject::SoleCare),
            (&mut day.weapon_near, &new.weapon_near, Subject::WeaponNear),
            (&mut day.other_means_near, &new.other_means_near, Subject::OtherMeansNear),
            (&mut day.companion_danger, &new.companion_danger, Subject::CompanionDanger),
            (&mut day.tomorrow_planned, &new.tomorrow_planned, Subject::TomorrowPlanned),
            (&mut day.no_driving_agreed, &new.no_driving_agreed, Subject::NoDrivingAgreed),
        ] {
            take(old, new, question, times, at);
        }
        take(&mut day.place_today, &new.place_today, Subject::PlaceToday, times, at);
        take(&mut day.ambulance, &new.ambulance, Subject::AmbulanceTime, times, at);
        take(&mut day.escort_named, &new.escort_named, Subject::RideNamed, times, at);
        take(&mut day.still_willing, &new.still_willing, Subject::StillWilling, times, at);
        put(&mut day.oximeter_at_hand, &new.oximeter_at_hand);
        put(&mut day.way_in, &new.way_in);
    }

    /// Takes in what staff found at hand, item by item.
    pub(super) fn take_readiness(&mut self, at: Timestamp, found: &ReadinessFacts) {
        let known = &mut self.readiness;
        let looked = [
            (Subject::ClinicOxygen, put(&mut known.oxygen, &found.oxygen)),
            (Subject::ClinicSuction, put(&mut known.suction, &found.suction)),
            (Subject::ClinicAirwayKit, put(&mut known.airway_kit, &found.airway_kit)),
            (Subject::ClinicTrainedPerson, put(&mut known.trained_person, &found.trained_person)),
            (Subject::ClinicIvAccess, put(&mut known.iv_access, &found.iv_access)),
        ];
        self.readiness_times.extend(looked.into_iter().filter(|(_, is)| *is).map(|(item, _)| (item, at)));
    }

    /// Takes in new release checks, field by field.
    pub(super) fn take_release_checks(&mut self, at: Timestamp, new: &ReleaseChecked) {
        let checks = &mut self.release_checks;
        let answered = [
            (Subject::AldreteScore, put(&mut checks.aldrete_total, &new.checks.aldrete_total)),
            (Subject::AldreteItem, put(&mut checks.aldrete_item_at_zero, &new.checks.aldrete_item_at_zero)),
            (Subject::Oriented, put(&mut checks.oriented, &new.checks.oriented)),
            (Subject::WalksSteadily, put(&mut checks.steady_gait, &new.checks.steady_gait)),
            (Subject::NotVomiting, put(&mut checks.no_vomiting, &new.checks.no_vomiting)),
            (Subject::BreathingNormal, put(&mut checks.breathing_normal, &new.checks.breathing_normal)),
            (Subject::DistressSettled, put(&mut checks.distress_settled, &new.checks.distress_settled)),
            (
                Subject::NoNewSuicidalThoughts,
                put(&mut checks.no_new_suicidal_thoughts, &new.checks.no_new_suicidal_thoughts),
            ),
            (Subject::EscortOrRide, put(&mut checks.escort, &new.checks.escort)),
            (
                Subject::NoDrivingAcknowledged,
                put(&mut checks.no_driving_acknowledged, &new.checks.no_driving_acknowledged),
            ),
        ];
        self.release_times.extend(answered.into_iter().filter(|(_, is)| *is).map(|(subject, _)| (subject, at)));
        if new.companion_sign_off {
            self.companion_sign_off_at = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Route;
    use crate::ids::OrderId;
    use crate::roles::Actor;
    use uuid::Uuid;

    fn act() -> Act {
        Act { at: Timestamp::UNIX_EPOCH, by: Actor::Stillwater }
    }

    fn session() -> Session {
        Session::scheduled(SessionId(Uuid::nil()), 1, Timestamp::UNIX_EPOCH, Setting::Clinic)
    }

    fn dose() -> DoseTaken {
        DoseTaken {
            session: SessionId(Uuid::nil()),
            order: Some(OrderId(Uuid::nil())),
            route: Route::Intravenous,
            dose_mg: 40.0,
            dose_mg_per_kg: None,
            taken_at: Timestamp::UNIX_EPOCH,
            infusion_minutes: None,
            ordered_mg: None,
            irregular: Vec::new(),
            held_by: Vec::new(),
            words: String::new(),
        }
    }

    fn release(session: &mut Session) {
        session.release(Release { act: act(), leaving: Leaving::With("a friend".to_owned()) });
    }

    fn stop(session: &mut Session) {
        session.stop(Stop { act: act(), reason: String::new() });
    }

    #[test]
    fn each_step_leads_on_from_the_one_before() {
        let mut one = session();
        one.decide_go(true, GoDecision { act: act(), warnings: vec!["S01-pulse".to_owned()], findings: Vec::new() });
        assert_eq!(one.phase(), SessionPhase::Ready);
        one.take_dose(dose());
        assert_eq!((one.phase(), one.dose_at()), (SessionPhase::Observing, Some(Timestamp::UNIX_EPOCH)));
        stop(&mut one);
        assert_eq!(one.phase(), SessionPhase::Stopped);
        release(&mut one);
        assert_eq!(one.phase(), SessionPhase::Released);
        one.review(act());
        assert!(one.is_reviewed() && one.stopped().is_some() && one.released().is_some());
        assert_eq!(one.go().map(|go| go.warnings.len()), Some(1), "what was decided is kept");
    }

    #[test]
    fn a_record_in_another_order_changes_nothing() {
        let mut one = session();
        release(&mut one);
        one.review(act());
        assert_eq!(one.phase(), SessionPhase::Scheduled, "nobody is released or reviewed without a dose");
        one.cancel(CancelReason::CourseEnded);
        release(&mut one);
        stop(&mut one);
        assert_eq!((one.phase(), one.cancelled()), (SessionPhase::CalledOff, Some(&CancelReason::CourseEnded)));
        let mut two = session();
        two.take_dose(dose());
        two.cancel(CancelReason::CourseEnded);
        two.decide_go(false, GoDecision { act: act(), warnings: Vec::new(), findings: Vec::new() });
        assert_eq!(two.phase(), SessionPhase::Observing, "a dose that was taken is not called off");
    }

    #[test]
    fn a_dose_that_was_taken_is_never_left_out() {
        let mut one = session();
        stop(&mut one);
        assert_eq!(one.phase(), SessionPhase::CalledOff);
        one.take_dose(dose());
        assert_eq!(one.phase(), SessionPhase::Observing);
        assert!(one.dose().is_some() && one.go().is_none());
    }
}
