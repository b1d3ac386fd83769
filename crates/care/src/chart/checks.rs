//! The clocks of a running session: when each sign is due, and when it counts as missed, again and again until it is done.

use jiff::Timestamp;

use super::{Chart, Session};
use crate::event::CheckKind;
use crate::facts::{CheckFact, Setting};
use crate::ids::SessionId;
use crate::protocol::Protocol;
use crate::quantity::{BloodPressure, Vitals, plus_minutes};
use crate::roles::Actor;
use crate::rules::session::{s05_checks, s06_pressure};
use crate::rules::{Limit, Rule, limit_named};
use crate::subject::Subject;

/// After so many misses of one check, a further one is told once an hour: somebody else than a clock has to look by then.
const OFTEN: u32 = 12;

/// The next check of a running session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextCheck {
    /// What.
    pub kind: CheckKind,
    /// When it is, or was, due.
    pub due_at: Timestamp,
    /// When it next counts as missed.
    pub missed_at: Timestamp,
    /// How often it counted as missed so far.
    pub misses: u32,
}

/// A limit of a rule as a protocol has it.
fn limit_of(rule: &Rule, protocol: &Protocol, limit: &'static Limit) -> f64 {
    let asked = protocol.tighten.get(&(rule.id.to_owned(), limit.name.to_owned()));
    asked.map_or(limit.default, |value| limit.tightened_to(*value))
}

/// Whole minutes of a limit.
fn minutes_of(rule: &Rule, protocol: &Protocol, limit: &'static Limit) -> i64 {
    limit_of(rule, protocol, limit) as i64
}

/// A sign's rule, the subject of its facts, and when it was last done.
struct Clock {
    kind: CheckKind,
    rule: &'static Rule,
    last: Option<Timestamp>,
}

/// The next check of each kind, soonest first. Each sign has its own clock: a pulse does not count for a blood pressure. A
/// reading taken up to five minutes early counts for the check that is due.
#[must_use]
pub fn next_checks(chart: &Chart, session: &Session, protocol: &Protocol) -> Vec<NextCheck> {
    let Some(dose_at) = session.dose_at() else { return Vec::new() };
    if !session.phase().is_running() {
        return Vec::new();
    }
    let readings: Vec<Vitals> =
        chart.readings_of(session).into_iter().filter(|v| v.taken_at >= plus_minutes(dose_at, -30)).collect();
    let starts = [dose_at, session.clock_at(protocol.monitoring.clock).unwrap_or(dose_at)];
    let mut next: Vec<NextCheck> = clocks(chart, session, &readings)
        .into_iter()
        .filter_map(|clock| {
            // A clock that the plan starts later, or a booster, adds checks and never takes one away.
            let due_at = starts.iter().filter_map(|from| due_at(*from, protocol, clock.last)).min()?;
            let repeat = (clock.kind == CheckKind::Pressure).then(|| repeat_at(dose_at, protocol, &readings)).flatten();
            let due_at = repeat.map_or(due_at, |at| at.min(due_at));
            Some(missed(session, clock.kind, due_at, |misses| {
                sign_missed_at(session, protocol, clock.rule, due_at, misses)
            }))
        })
        .collect();
    if let (Some(every), Some(late)) = (protocol.monitoring.look_in_minutes, protocol.monitoring.look_in_late_minutes)
        && session.setting == Setting::Home
    {
        let last = last_look_in(chart, session.id).unwrap_or(dose_at).max(dose_at);
        let most = const { limit_named(s05_checks::LOOK_IN.limits, "every-minutes") };
        let due_at = plus_minutes(last, minutes_of(&s05_checks::LOOK_IN, protocol, most).min(every));
        next.push(missed(session, CheckKind::LookIn, due_at, |misses| {
            look_in_missed_at(protocol, due_at, late, misses)
        }));
    }
    next.sort_by_key(|check| check.due_at);
    next
}

/// The signs that are watched: all five in the clinic; at home what a cuff, and an oximeter where one is at hand, can read.
fn clocks(chart: &Chart, session: &Session, readings: &[Vitals]) -> Vec<Clock> {
    let last = |has: fn(&Vitals) -> bool| readings.iter().filter(|v| has(v)).map(|v| v.taken_at).max();
    let pressure =
        Clock { kind: CheckKind::Pressure, rule: &s05_checks::PRESSURE, last: last(|v| v.blood_pressure.is_some()) };
    let pulse =
        Clock { kind: CheckKind::Pulse, rule: &s05_checks::PULSE, last: last(|v| v.heart_rate_per_min.is_some()) };
    let oxygen = Clock { kind: CheckKind::Oxygen, rule: &s05_checks::OXYGEN, last: last(|v| v.spo2_percent.is_some()) };
    if session.setting == Setting::Home {
        let at_hand = session.day.oximeter_at_hand == Some(true);
        return [Some(pressure), Some(pulse), at_hand.then_some(oxygen)].into_iter().flatten().collect();
    }
    let breathing = Clock {
        kind: CheckKind::Breathing,
        rule: &s05_checks::BREATHING,
        last: last(|v| v.respiratory_rate_per_min.is_some()),
    };
    let rated = chart.standing(&chart.sedation).filter(|s| s.value.session == session.id).map(|s| s.value.rated_at);
    let alertness = Clock { kind: CheckKind::Alertness, rule: &s05_checks::ALERTNESS, last: rated.max() };
    vec![pressure, pulse, oxygen, breathing, alertness]
}

/// When a sign is due that was last done at `last`. Beyond the last minute listed, readings go on at the spacing of the last
/// two until release.
fn due_at(dose_at: Timestamp, protocol: &Protocol, last: Option<Timestamp>) -> Option<Timestamp> {
    let listed = &protocol.monitoring.vitals_minutes;
    let spacing = match listed.as_slice() {
        [.., a, b] => (b - a).max(5),
        _ => 30,
    };
    let beyond = (1..200).map(|n| listed.last().copied().unwrap_or(0) + n * spacing);
    let counts_for = |due: Timestamp| last.is_some_and(|at| at >= plus_minutes(due, -5));
    let due = listed.iter().copied().chain(beyond).find(|m| *m > 0 && !counts_for(plus_minutes(dose_at, *m)));
    due.map(|minute| plus_minutes(dose_at, minute))
}

/// A pressure at or above the call limit is repeated after the minutes of S06, whatever else is due.
fn repeat_at(dose_at: Timestamp, protocol: &Protocol, readings: &[Vitals]) -> Option<Timestamp> {
    let rule = &s06_pressure::RULE;
    let of = |limit: &'static Limit| limit_of(rule, protocol, limit);
    let (at, newest): (Timestamp, BloodPressure) = readings
        .iter()
        .filter(|v| v.taken_at > dose_at)
        .filter_map(|v| Some((v.taken_at, v.blood_pressure?)))
        .max_by_key(|(at, _)| *at)?;
    let call = (
        of(const { limit_named(s06_pressure::RULE.limits, "call-systolic") }),
        of(const { limit_named(s06_pressure::RULE.limits, "call-diastolic") }),
    );
    let minutes = of(const { limit_named(s06_pressure::RULE.limits, "call-after-minutes") }) as i64;
    newest.either_reaches(call.0, call.1).then(|| plus_minutes(at, minutes))
}

/// A check with how often it was missed, and when it is next.
fn missed(session: &Session, kind: CheckKind, due_at: Timestamp, missed_at: impl Fn(u32) -> Timestamp) -> NextCheck {
    let misses = session.missed.iter().filter(|missed| **missed == (kind, due_at)).count();
    let misses = u32::try_from(misses).unwrap_or(u32::MAX);
    NextCheck { kind, due_at, missed_at: missed_at(misses), misses }
}

/// Minutes by which a further miss follows, `every` minutes apart and then hourly.
fn further(misses: u32, every: i64) -> i64 {
    i64::from(misses.min(OFTEN)) * every + i64::from(misses.saturating_sub(OFTEN)) * 60
}

fn sign_missed_at(session: &Session, protocol: &Protocol, rule: &Rule, due_at: Timestamp, misses: u32) -> Timestamp {
    let late = match session.setting {
        Setting::Clinic => const { limit_named(s05_checks::PRESSURE.limits, "late-minutes") },
        Setting::Home => const { limit_named(s05_checks::PRESSURE.limits, "late-minutes-at-home") },
    };
    let late = minutes_of(rule, protocol, late).min(protocol.monitoring.vitals_late_minutes);
    let again = minutes_of(rule, protocol, const { limit_named(s05_checks::PRESSURE.limits, "again-minutes") });
    plus_minutes(due_at, late + further(misses, again))
}

fn look_in_missed_at(protocol: &Protocol, due_at: Timestamp, late: i64, misses: u32) -> Timestamp {
    let rule = &s05_checks::LOOK_IN;
    let of = |limit: &'static Limit| minutes_of(rule, protocol, limit);
    let emergency = of(const { limit_named(s05_checks::LOOK_IN.limits, "emergency-minutes") });
    plus_minutes(
        due_at,
        match misses {
            0 => of(const { limit_named(s05_checks::LOOK_IN.limits, "late-minutes") }).min(late),
            1 => of(const { limit_named(s05_checks::LOOK_IN.limits, "prescriber-minutes") }),
            more => emergency + further(more - 2, 5),
        },
    )
}

/// When somebody other than the patient last looked in.
#[must_use]
pub fn last_look_in(chart: &Chart, session: SessionId) -> Option<Timestamp> {
    chart
        .standing(&chart.check_ins)
        .filter(|c| c.value.session == session && !matches!(c.actor, Actor::Patient))
        .map(|c| c.occurred_at)
        .max()
}

/// The clocks as facts that the rules judge.
pub(super) fn check_facts(chart: &Chart, session: &Session, protocol: &Protocol) -> Vec<CheckFact> {
    let fact = |check: NextCheck| Some(CheckFact { what: subject_of(check.kind)?, due_at: check.due_at });
    next_checks(chart, session, protocol).into_iter().filter_map(fact).collect()
}

fn subject_of(kind: CheckKind) -> Option<Subject> {
    match kind {
        CheckKind::Vitals => None,
        CheckKind::LookIn => Some(Subject::LookIn),
        CheckKind::Pressure => Some(Subject::BloodPressure),
        CheckKind::Pulse => Some(Subject::HeartRate),
        CheckKind::Oxygen => Some(Subject::OxygenSaturation),
        CheckKind::Breathing => Some(Subject::BreathingRate),
        CheckKind::Alertness => Some(Subject::Alertness),
    }
}
