//! What the past would have been under a protocol, or under the rules of this build: each gate that was passed is judged
//! again on what was known at that minute, and each step is watched again. Nothing is recorded, and nothing is changed.
//!
//! What people did stays what they did: a dose that would have been held is not taken away, so that what follows it is
//! judged as it happened. An override that was recorded still counts.

use std::borrow::Borrow;

use jiff::Timestamp;

use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session};
use crate::command::gate_now;
use crate::context::Context;
use crate::event::{AlertSubject, CheckKind, Draft, Event, Recorded};
use crate::finding::{Finding, Urgency};
use crate::ids::{EventId, PatientId, SessionId};
use crate::protocol::{Protocol, Protocols};
use crate::roles::Actor;
use crate::rules::Gate;
use crate::schedule;
use crate::watch;

/// One thing that would have been different.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// When it happened.
    pub at: Timestamp,
    /// In which session, if one.
    pub session: Option<u32>,
    /// What would have been different.
    pub what: What,
}

/// What would have been different.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A gate that was passed would have been held.
    Held {
        /// Which gate.
        gate: Gate,
        /// By what.
        by: Vec<Finding>,
    },
    /// An alert would have been raised, or rung again, that was not.
    Raised {
        /// How grave.
        urgency: Urgency,
        /// What about.
        about: AlertSubject,
    },
    /// An alert that was raised would not have been.
    NotRaised {
        /// How grave.
        urgency: Urgency,
        /// What about.
        about: AlertSubject,
    },
    /// A check would have been missed that was not.
    Missed {
        /// Which check.
        check: CheckKind,
        /// When it would have been due.
        due_at: Timestamp,
    },
}

/// What was looked at, and what would have been different.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replayed {
    /// Gates that were passed.
    pub gates: usize,
    /// Alerts that were raised.
    pub alerts: usize,
    /// What would have been different, in the order in which it happened.
    pub differences: Vec<Difference>,
}

/// The protocols of this build with one in the place of every version of its id, for a replay.
#[must_use]
pub fn in_place_of(known: &Protocols, candidate: &Protocol) -> Protocols {
    let put = |one: &Protocol| {
        if one.id == candidate.id {
            // The plan names the version that was in force; what it says is the candidate's.
            Protocol { version: one.version.clone(), ..candidate.clone() }
        } else {
            one.clone()
        }
    };
    Protocols::of(known.iter().map(put).collect())
}

/// Replays one person's events.
#[must_use]
pub fn replay<R: Borrow<Recorded>>(patient: PatientId, log: &[R], protocols: &Protocols) -> Replayed {
    let log: Vec<&Recorded> = log.iter().map(Borrow::borrow).collect();
    let mut chart = Chart::new(patient);
    let mut found = Replayed::default();
    let mut told: Vec<(SessionId, CheckKind, Timestamp)> = Vec::new();
    let mut at = 0;
    while let Some(first) = log.get(at) {
        // One act: what somebody did, with what the watch rules added to it.
        let act = act_of(&log, at);
        at += act.len();
        let now = first.recorded_at;
        for recorded in act {
            if let Event::CheckMissed(missed) = &recorded.event {
                told.push((missed.session, missed.check, missed.due_at));
            }
        }
        missed_until(&chart, now, protocols, &mut told, &mut found);
        let before = chart.clone();
        let mut own = Vec::new();
        for recorded in act {
            if is_noticed(&recorded.event) {
                continue;
            }
            judge(&chart, recorded, protocols, &mut found);
            chart.apply(recorded);
            own.push((*recorded).clone().into_draft());
        }
        watched(&chart, &own, first, act, protocols, &mut found);
        chart = before;
        act.iter().for_each(|recorded| chart.apply(recorded));
    }
    if let Some(last) = log.last() {
        missed_measures(&chart, last.recorded_at, protocols, &mut found);
        found.differences.sort_by_key(|one| one.at);
    }
    found
}

/// The points that nobody answered while they counted, up to the last thing that happened, beside those that were told.
fn missed_measures(chart: &Chart, last: Timestamp, protocols: &Protocols, found: &mut Replayed) {
    let mut would = Vec::new();
    for course in chart.courses() {
        let until = schedule::asked_until(chart, course).unwrap_or(last).min(last);
        let due = schedule::measures_in(chart, course, protocols);
        let missed = due.into_iter().filter(|m| schedule::watched(m.point) && m.missed(until));
        for group in schedule::by_point(missed) {
            let closed_at = group.closes_at;
            let session = Some(group.session_number).filter(|number| *number > 0);
            would.push((AlertSubject::from(group), closed_at, session));
        }
    }
    let was = || chart.alerts.iter().filter(|alert| matches!(alert.about, AlertSubject::MeasuresMissed { .. }));
    for (about, at, session) in &would {
        if !was().any(|alert| alert.about.key() == about.key()) {
            let what = What::Raised { urgency: Urgency::Review, about: about.clone() };
            found.differences.push(Difference { at: *at, session: *session, what });
        }
    }
    for alert in was().filter(|alert| would.iter().all(|(about, ..)| about.key() != alert.about.key())) {
        let AlertSubject::MeasuresMissed { session_number, .. } = alert.about else { continue };
        let what = What::NotRaised { urgency: alert.urgency, about: alert.about.clone() };
        let session = Some(session_number).filter(|number| *number > 0);
        found.differences.push(Difference { at: alert.raised_at, session, what });
    }
}

/// The events from a place on that were recorded in one act.
fn act_of<'l, 'r>(log: &'l [&'r Recorded], at: usize) -> &'l [&'r Recorded] {
    let Some(rest) = log.get(at..) else { return &[] };
    let Some(first) = rest.first() else { return &[] };
    let same = |recorded: &&&Recorded| recorded.recorded_at == first.recorded_at;
    rest.get(..rest.iter().take_while(same).count()).unwrap_or(rest)
}

/// What the program itself adds.
fn is_noticed(event: &Event) -> bool {
    matches!(
        event,
        Event::AlertRaised(_)
            | Event::AlertRenewed(_)
            | Event::AlertEscalated(_)
            | Event::AlertLapsed(_)
            | Event::CheckMissed(_)
    )
}

fn context<'p>(now: Timestamp, actor: &Actor, id: EventId, protocols: &'p Protocols) -> Context<'p> {
    Context { now, actor: actor.clone(), command_id: id.0, protocols }
}

fn judge(chart: &Chart, recorded: &Recorded, protocols: &Protocols, found: &mut Replayed) {
    let of = |id: SessionId| chart.session(id);
    let scope_of = |session: Option<&Session>| session.map(|s| s.id).and_then(of).map(|s| s.number);
    let (gate, session, setting) = match &recorded.event {
        Event::EligibilityDecided(e) if e.eligible => (Gate::Eligibility, None, Some(e.setting)),
        Event::GoDecided(e) if e.go => (Gate::Dose, of(e.session), None),
        Event::DoseTaken(e) => (Gate::Dose, of(e.session), None),
        Event::PatientReleased(e) => (Gate::Release, of(e.session), None),
        Event::OrderWritten(_) => (Gate::Order, None, None),
        _ => return,
    };
    found.gates += 1;
    // An order is judged as the one in force, which it is once it is written.
    let mut after = chart.clone();
    let chart = if gate == Gate::Order {
        after.apply(recorded);
        &after
    } else {
        chart
    };
    let scope = Scope { setting, session: session.and_then(|s| chart.session(s.id)), ..Scope::default() };
    let context = context(recorded.recorded_at, &recorded.actor, recorded.id, protocols);
    let by = gate_now(chart, &context, gate, scope).blocking;
    if !by.is_empty() {
        let what = What::Held { gate, by };
        found.differences.push(Difference { at: recorded.recorded_at, session: scope_of(session), what });
    }
}

/// The alerts of one act beside those that would have been raised.
fn watched(
    after: &Chart,
    own: &[Draft],
    first: &Recorded,
    act: &[&Recorded],
    protocols: &Protocols,
    found: &mut Replayed,
) {
    let raised = |event: &Event| match event {
        Event::AlertRaised(a) => Some((a.urgency, a.about.clone(), a.session)),
        Event::AlertRenewed(a) => Some((a.urgency, a.about.clone(), None)),
        _ => None,
    };
    let was: Vec<_> = act.iter().filter_map(|recorded| raised(&recorded.event)).collect();
    found.alerts += was.len();
    if own.is_empty() {
        return;
    }
    let context = context(first.recorded_at, &first.actor, first.id, protocols);
    let would: Vec<_> = watch::watch(after, own, &context).iter().filter_map(raised).collect();
    let number = |id: Option<SessionId>| id.and_then(|id| after.session(id)).map(|session| session.number);
    let known = |all: &[(Urgency, AlertSubject, Option<SessionId>)], key: &str| {
        all.iter().any(|(_, about, _)| about.key() == key)
    };
    let at = first.recorded_at;
    for (urgency, about, session) in would.iter().filter(|(_, about, _)| !known(&was, &about.key())) {
        let what = What::Raised { urgency: *urgency, about: about.clone() };
        found.differences.push(Difference { at, session: number(*session), what });
    }
    // A point that was missed is told by the passing of time, at whatever minute: it is looked at by itself.
    let by_time = |about: &AlertSubject| matches!(about, AlertSubject::MeasuresMissed { .. });
    for (urgency, about, session) in was.iter().filter(|(_, about, _)| !by_time(about) && !known(&would, &about.key()))
    {
        let what = What::NotRaised { urgency: *urgency, about: about.clone() };
        found.differences.push(Difference { at, session: number(*session), what });
    }
}

/// Checks that would have been missed before the next thing that happened, and were not.
fn missed_until(
    chart: &Chart,
    now: Timestamp,
    protocols: &Protocols,
    told: &mut Vec<(SessionId, CheckKind, Timestamp)>,
    found: &mut Replayed,
) {
    let Some(session) = chart.running_session() else { return };
    let Some(protocol) = chart.protocol_of(session, protocols) else { return };
    for check in schedule::next_checks(chart, session, protocol) {
        let known = session.missed.contains(&(check.kind, check.due_at))
            || told.iter().any(|(id, kind, due)| (*id, *kind, *due) == (session.id, check.kind, check.due_at));
        if check.missed_at < now && !known {
            told.push((session.id, check.kind, check.due_at));
            let what = What::Missed { check: check.kind, due_at: check.due_at };
            found.differences.push(Difference { at: check.missed_at, session: Some(session.number), what });
        }
    }
}

/// Whether any course of a chart was planned by a protocol.
#[must_use]
pub fn uses(chart: &Chart, protocol: &str) -> bool {
    chart.courses().iter().any(|course| course.plans.iter().any(|plan| plan.protocol == protocol))
}
