//! Raising an alert, and ringing again by a new or worse fact on a matter that is open already.

use stillwater_instruments::SafetyLevel;
use uuid::Uuid;

use super::answer_within_minutes;
use crate::chart::{Alert, Chart};
use crate::coded::Value;
use crate::context::Context;
use crate::event::*;
use crate::finding::{Cause, Finding, Urgency};
use crate::ids::{AlertId, EventId, SessionId};

/// The events that a look adds, each knowing the id that it will have: an alert is called by the id of the event that
/// raises it.
pub(super) struct Noticed {
    command_id: Uuid,
    before: usize,
    pub(super) events: Vec<Event>,
}

impl Noticed {
    /// Nothing noticed yet, after `before` events of the same command.
    pub(super) fn after(before: usize, context: &Context<'_>) -> Self {
        Self { command_id: context.command_id, before, events: Vec::new() }
    }

    pub(super) fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The id of the event that is pushed next.
    fn next_id(&self) -> EventId {
        EventId::nth_of_command(self.command_id, self.before + self.events.len())
    }
}

/// What is to be told, and whom first.
pub(super) struct Raise {
    pub(super) urgency: Urgency,
    pub(super) about: AlertSubject,
    pub(super) session: Option<SessionId>,
    pub(super) first: EscalationLevel,
}

/// How grave an answer of an instrument is, and who is asked first.
pub(super) fn of_safety(level: SafetyLevel) -> (Urgency, EscalationLevel) {
    match level {
        SafetyLevel::Emergency => (Urgency::Emergency, EscalationLevel::Prescriber),
        SafetyLevel::Urgent => (Urgency::CallClinician, EscalationLevel::Prescriber),
        SafetyLevel::SameDay => (Urgency::Watch, EscalationLevel::Guide),
        SafetyLevel::Review => (Urgency::Review, EscalationLevel::Guide),
    }
}

/// Adds an alert. On a matter that is open already, a fact that is new, worse or graver rings again, whoever has it; any
/// other adds nothing.
pub(super) fn raise(chart: &Chart, events: &mut Noticed, r: Raise) {
    let key = r.about.key();
    let of_this_look = events.events.iter_mut().find_map(|event| match event {
        Event::AlertRaised(a) if a.about.key() == key => Some((&mut a.urgency, &mut a.about, &mut a.first)),
        Event::AlertRenewed(a) if a.about.key() == key => Some((&mut a.urgency, &mut a.about, &mut a.to)),
        _ => None,
    });
    if let Some((urgency, about, first)) = of_this_look {
        if r.urgency > *urgency || (r.urgency == *urgency && is_worse(about, &r.about)) {
            *urgency = r.urgency;
            *about = r.about;
            *first = r.first.max(*first);
        }
        return;
    }
    let answer_within_minutes = answer_within_minutes(r.urgency, r.session.is_some());
    let known = chart.alerts.iter().filter(|a| a.open() && a.about.key() == key).max_by_key(|a| a.urgency);
    let Some(known) = known else {
        events.push(Event::AlertRaised(AlertRaised {
            alert: AlertId(events.next_id().0),
            urgency: r.urgency,
            about: r.about,
            session: r.session,
            first: r.first,
            answer_within_minutes,
        }));
        return;
    };
    if rings_again(known, &r) {
        events.push(Event::AlertRenewed(AlertRenewed {
            alert: known.id,
            urgency: r.urgency,
            about: r.about,
            to: r.first,
            answer_within_minutes,
        }));
    }
}

fn rings_again(known: &Alert, r: &Raise) -> bool {
    r.urgency > known.urgency || (r.urgency == known.urgency && is_worse(&known.about, &r.about))
}

/// Whether a fact on the same matter, as grave as the one that rang, is new or worse.
fn is_worse(known: &AlertSubject, new: &AlertSubject) -> bool {
    match (known, new) {
        (AlertSubject::InSession { finding: was, at: then, .. }, AlertSubject::InSession { finding, at, .. }) => {
            // A symptom is a fact by itself each time that it is marked.
            let marked = finding.measured.code.starts_with("symptom");
            (marked && at > then) || finding_is_worse(was, finding)
        }
        (AlertSubject::SafetyAnswer { .. }, AlertSubject::SafetyAnswer { .. })
        | (AlertSubject::CheckIn { .. }, AlertSubject::CheckIn { .. }) => true,
        (AlertSubject::Worsening { now: was, .. }, AlertSubject::Worsening { now, .. })
        | (AlertSubject::Relapse { now: was, .. }, AlertSubject::Relapse { now, .. }) => now > was,
        (AlertSubject::DoseHeld { findings: was, .. }, AlertSubject::DoseHeld { findings, .. }) => {
            findings.len() > was.len()
                && matches!((was.last(), findings.last()), (Some(was), Some(now)) if finding_is_worse(was, now))
        }
        (AlertSubject::ClockJumped { .. }, AlertSubject::ClockJumped { .. }) => true,
        (AlertSubject::GoWithoutDose { go_at: was, .. }, AlertSubject::GoWithoutDose { go_at, .. }) => go_at > was,
        (
            AlertSubject::CheckMissed { due_at: then, times: was, check: first, also: others, .. },
            AlertSubject::CheckMissed { due_at, times, check, also, .. },
        ) => {
            let known = |kind: &CheckKind| kind == first || others.contains(kind);
            times > was || due_at > then || !std::iter::once(check).chain(also).all(known)
        }
        _ => false,
    }
}

/// Whether a finding of the same rule lies further past its limit. Its age alone makes nothing worse; another kind of
/// limit, and a value that was met after one that was missing, do.
fn finding_is_worse(was: &Finding, now: &Finding) -> bool {
    if was.cause != now.cause {
        return now.cause == Cause::Met;
    }
    if now.cause != Cause::Met {
        return false;
    }
    let down = |finding: &Finding| falls(finding.limit.code.as_ref());
    match (figures(was), figures(now)) {
        (Some(then), Some(figures)) => {
            let between = now.limit.code == "between" && was.limit.code == now.limit.code;
            if between {
                return distance(now) > distance(was);
            }
            if down(was) != down(now) {
                return true;
            }
            let worse = |a: f64, b: f64| if down(now) { b < a } else { b > a };
            worse(then.0, figures.0)
                || (!down(now) && worse(then.1, figures.1))
                || was.measured.code != now.measured.code
        }
        _ => without_age(was) != without_age(now),
    }
}

/// Limits that a value falls below; every other is one that it rises above.
fn falls(limit: &str) -> bool {
    matches!(
        limit,
        "at-least" | "systolic-at-least" | "pressure-at-least" | "above" | "alert-within" | "oxygen-at-least"
    )
}

/// The figures that were measured: systolic and diastolic, or one number twice.
fn figures(finding: &Finding) -> Option<(f64, f64)> {
    finding.measured.values.values().find_map(|value| match value {
        Value::Pressure { systolic, diastolic } => Some((f64::from(*systolic), f64::from(*diastolic))),
        Value::Rating(rating) => Some((f64::from(*rating), f64::from(*rating))),
        Value::Number { value, .. } => Some((*value, *value)),
        _ => None,
    })
}

/// How far a figure lies outside a range that has two ends.
fn distance(finding: &Finding) -> f64 {
    let ends = finding.limit.values.values().filter_map(|value| match value {
        Value::Limit { value, .. } | Value::Number { value, .. } => Some(*value),
        _ => None,
    });
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(end), high.max(end)));
    figures(finding).map_or(0.0, |(figure, _)| (low - figure).max(figure - high))
}

fn without_age(finding: &Finding) -> Vec<(&str, &Value)> {
    let kept = finding.measured.values.iter().filter(|(_, value)| !matches!(value, Value::Age(_)));
    kept.map(|(name, value)| (name.as_ref(), value)).collect()
}

/// When what a finding tells of was measured: its age, counted back from `now`.
pub(super) fn measured_at(finding: &Finding, now: jiff::Timestamp) -> Option<jiff::Timestamp> {
    match finding.measured.values.get("age")? {
        Value::Age(seconds) => now.checked_sub(jiff::SignedDuration::from_secs(*seconds)).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;
    use crate::codes::{clears, limit, measured};
    use crate::finding::Severity;
    use crate::quantity::BloodPressure;
    use crate::unit::Unit;

    fn found(measured: Coded, limit: Coded) -> Finding {
        let clears = clears::ask();
        Finding {
            rule: "S06-example".to_owned(),
            severity: Severity::Escalate,
            cause: Cause::Met,
            urgency: Some(Urgency::CallClinician),
            measured,
            limit,
            clears,
        }
    }

    #[test]
    fn a_figure_is_worse_by_the_side_on_which_its_limit_lies() {
        let low = |n: f64, age: i64| {
            let value = Value::number(n, Unit::Percent);
            let sign = measured::sign(crate::subject::Subject::OxygenSaturation, value, Value::Age(age));
            found(sign, limit::at_least(Value::number(90.0, Unit::Percent)))
        };
        assert!(finding_is_worse(&low(85.0, 0), &low(70.0, 0)));
        assert!(!finding_is_worse(&low(85.0, 0), &low(87.0, 0)));
        assert!(!finding_is_worse(&low(85.0, 0), &low(85.0, 300)), "age alone makes nothing worse");
        let high = |systolic, diastolic| {
            let pressure = measured::pressure(BloodPressure { systolic, diastolic }, Value::Age(0));
            found(pressure, limit::pressure_below(180, 110))
        };
        assert!(finding_is_worse(&high(186, 100), &high(190, 100)));
        assert!(finding_is_worse(&high(186, 100), &high(184, 112)), "either number");
        assert!(!finding_is_worse(&high(186, 112), &high(184, 100)));
        let between = |n: f64| {
            let value = Value::number(n, Unit::BeatsPerMinute);
            let sign = measured::sign(crate::subject::Subject::HeartRate, value, Value::Age(0));
            let ends = (Value::number(50.0, Unit::BeatsPerMinute), Value::number(110.0, Unit::BeatsPerMinute));
            found(sign, limit::between(ends.0, ends.1))
        };
        assert!(finding_is_worse(&between(112.0), &between(118.0)));
        assert!(finding_is_worse(&between(112.0), &between(45.0)));
        assert!(!finding_is_worse(&between(118.0), &between(112.0)));
    }
}
