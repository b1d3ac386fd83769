//! Where the patient stands on the day of a dose: which step is theirs now, worked out from the chart alone, so that
//! whoever closes the page and comes back stands where they were. Pages only draw it.

use jiff::Timestamp;

use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session, SessionPhase};
use crate::command::{Context, gate_now};
use crate::event::Point;
use crate::finding::{Cause, Finding};
use crate::protocol::Protocols;
use crate::quantity::{Vitals, hours_between, minutes_between};
use crate::readiness::{DayPart, DayQuestion, two_pressures};
use crate::roles::Actor;
use crate::rules::Gate;
use crate::rules::session::{s01_bp_clinic, s01_bp_home};
use crate::schedule;

/// How long before the session the questions of the day open, hours.
const DAY_OPENS_HOURS: f64 = 24.0;

/// How long before the session blood pressure is asked for, minutes.
pub const READINGS_OPEN_MINUTES: i64 = 120;

/// How long a blood pressure counts as one of the two before a dose, minutes.
const READING_COUNTS_MINUTES: i64 = 60;

/// Where the patient stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStep {
    /// The day has not come.
    NotYet,
    /// The safety questions.
    Safety,
    /// The questions of the day: the part that is to be answered next.
    Day(DayPart),
    /// Blood pressure.
    Readings(ReadingStep),
    /// Waiting for companion and team.
    Wait,
    /// Go was said: the dose.
    Unlock,
    /// The drug works.
    Running,
    /// No session, or it is over.
    Over,
}

/// How far the two readings before a dose have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingStep {
    /// None in the last hour.
    First,
    /// One; the second follows a minute later.
    Second,
    /// The newest is held by a rule.
    Held,
}

impl DayStep {
    /// The step of a chart's current session.
    #[must_use]
    pub fn of(chart: &Chart, protocols: &'static Protocols, now: Timestamp) -> Self {
        let Some(session) = chart.current_session() else { return Self::Over };
        match session.phase() {
            SessionPhase::Observing | SessionPhase::Stopped => return Self::Running,
            SessionPhase::Ready => return Self::Unlock,
            SessionPhase::Scheduled => {}
            SessionPhase::Released | SessionPhase::Reviewed | SessionPhase::CalledOff | SessionPhase::Missed => {
                return Self::Over;
            }
        }
        if hours_between(now, session.starts_at) > DAY_OPENS_HOURS {
            return Self::NotYet;
        }
        let screened = schedule::measures(chart, protocols)
            .iter()
            .any(|due| due.point == Point::PreDose && due.instrument == "asq" && due.open(now));
        if screened {
            return Self::Safety;
        }
        // Answers too old for the dose are asked for again, once the session is near enough for new ones to count.
        let near = minutes_between(now, session.starts_at) <= READINGS_OPEN_MINUTES;
        let again = |question: DayQuestion| {
            near && question.subjects().iter().any(|subject| session.answer_is_stale(*subject, now))
        };
        let open = |question: &DayQuestion| !question.answered(&session.day) || again(*question);
        let next = DayQuestion::of(chart, session.setting).filter(open).map(DayQuestion::part).min();
        if let Some(part) = next {
            return Self::Day(part);
        }
        if minutes_between(now, session.starts_at) > READINGS_OPEN_MINUTES {
            return Self::Wait;
        }
        ReadingStep::of(chart, session, protocols, now).map_or(Self::Wait, Self::Readings)
    }
}

impl ReadingStep {
    /// What is still to be measured; nothing once there are two and no rule holds them. That there are two, far enough
    /// apart, is the same question that go asks.
    #[must_use]
    pub fn of(chart: &Chart, session: &Session, protocols: &'static Protocols, now: Timestamp) -> Option<Self> {
        if pressures_before_dose(chart, session, now).is_empty() {
            return Some(Self::First);
        }
        if pressure_held(chart, session, protocols, now).is_some() {
            return Some(Self::Held);
        }
        (!two_pressures(chart, now, session)).then_some(Self::Second)
    }
}

/// Readings of the last hour with a blood pressure, oldest first.
#[must_use]
pub fn pressures_before_dose(chart: &Chart, session: &Session, now: Timestamp) -> Vec<Vitals> {
    let counts = |v: &Vitals| v.blood_pressure.is_some() && minutes_between(v.taken_at, now) < READING_COUNTS_MINUTES;
    chart.readings_of(session).into_iter().filter(counts).collect()
}

/// What a rule about the reading before a dose has found met, if one has.
#[must_use]
pub fn pressure_held(
    chart: &Chart,
    session: &Session,
    protocols: &'static Protocols,
    now: Timestamp,
) -> Option<Finding> {
    let of_pressure = [s01_bp_clinic::RULE.id, s01_bp_home::RULE.id];
    blocking(chart, session, protocols, now)
        .into_iter()
        .find(|f| f.cause == Cause::Met && of_pressure.contains(&f.rule.as_str()))
}

/// What holds a dose not yet taken because of something measured or answered, not because something is still to come.
#[must_use]
pub fn held(chart: &Chart, session: &Session, protocols: &'static Protocols, now: Timestamp) -> Vec<Finding> {
    if session.dose().is_some() {
        return Vec::new();
    }
    blocking(chart, session, protocols, now).into_iter().filter(|finding| finding.cause == Cause::Met).collect()
}

fn blocking(chart: &Chart, session: &Session, protocols: &'static Protocols, now: Timestamp) -> Vec<Finding> {
    let context = Context { now, actor: Actor::Patient, command_id: uuid::Uuid::nil(), protocols };
    gate_now(chart, &context, Gate::Dose, Scope { session: Some(session), ..Scope::default() }).blocking
}
