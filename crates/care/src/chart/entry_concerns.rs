//! Which entry of staff is an answer to which alert: whoever has an alert writes of it, or of the sign or the person that it
//! is about. A reading of one alert leaves the clock of every other running.

use jiff::Timestamp;

use super::alarm::Alert;
use crate::event::{AlertSubject, CheckKind, Event, VitalsRecorded};
use crate::ids::SessionId;
use crate::quantity::Vitals;
use crate::roles::Actor;

impl super::Chart {
    /// An entry of staff about what an alert is about is what its clock waits for; taking alerts on, keeping house, and
    /// entries about something else are not.
    pub(super) fn note_entry(&mut self, actor: &Actor, event: &Event, at: Timestamp) {
        if actor.staff().is_none() {
            return;
        }
        for alert in self.alerts.iter_mut().filter(|alert| alert.open() && concerns(alert, event)) {
            alert.entry(at);
        }
    }
}

/// Whether an entry is about what an alert is about.
fn concerns(alert: &Alert, event: &Event) -> bool {
    if let (Some(of), Some(entered)) = (alert.session, session_of(event))
        && of != entered
    {
        return false;
    }
    match &alert.about {
        AlertSubject::InSession { finding, .. } => of_rule(&finding.rule, event),
        AlertSubject::CheckMissed { check, also, .. } => {
            std::iter::once(check).chain(also).any(|c| of_check(*c, event))
        }
        AlertSubject::DoseHeld { .. } => reads(event, |vitals| vitals.blood_pressure.is_some()),
        AlertSubject::SafetyAnswer { instrument, .. } => match event {
            Event::SuicideScreenReviewed(_) | Event::SafetyPlanWritten(_) => true,
            Event::MeasureCompleted(measure) => measure.instrument == *instrument,
            other => reached(other),
        },
        AlertSubject::Relapse { instrument, .. } => match event {
            Event::MeasureCompleted(measure) => measure.instrument == *instrument,
            other => reached(other),
        },
        AlertSubject::Worsening { .. } => match event {
            Event::MeasureCompleted(measure) => measure.instrument.starts_with("pcl-5"),
            other => reached(other),
        },
        AlertSubject::AdverseEvent { .. } => {
            matches!(event, Event::AdverseEventRecorded(_) | Event::AdverseEventReviewed(_)) || reached(event)
        }
        AlertSubject::ConsentWithdrawn { .. } => {
            matches!(event, Event::SessionStopped(_)) || seen(event) || reached(event)
        }
        AlertSubject::GoWithoutDose { .. } => matches!(
            event,
            Event::DoseTaken(_) | Event::SessionStopped(_) | Event::SessionCancelled(_) | Event::SessionMissed(_)
        ),
        AlertSubject::DoseIrregular { .. } => {
            matches!(event, Event::DoseAmountRecorded(_)) || seen(event) || reached(event)
        }
        AlertSubject::SessionMissed { .. } => matches!(event, Event::SessionMoved(_)) || reached(event),
        AlertSubject::MeasuresMissed { instruments, .. } => match event {
            Event::MeasureCompleted(measure) => instruments.contains(&measure.instrument),
            other => reached(other),
        },
        // Somebody was with them: a look at the person answers a call of the person.
        AlertSubject::Help { .. } | AlertSubject::Stopped { .. } | AlertSubject::CheckIn { .. } => {
            seen(event) || reached(event)
        }
        AlertSubject::Left { .. } | AlertSubject::CompanionDanger { .. } => reached(event),
        // Clocks are compared by hand, and that is written on the alert.
        AlertSubject::ClockJumped { .. } => false,
    }
}

/// The session that an entry belongs to, if one.
fn session_of(event: &Event) -> Option<SessionId> {
    match event {
        Event::VitalsRecorded(e) => e.session,
        Event::MeasureCompleted(e) => e.session,
        Event::SedationRated(e) => Some(e.session),
        Event::CheckInRecorded(e) => Some(e.session),
        Event::SymptomMarked(e) => Some(e.session),
        Event::DistressRated(e) => Some(e.session),
        Event::SessionStopped(e) => Some(e.session),
        Event::ReleaseChecked(e) => Some(e.session),
        Event::PatientReleased(e) => Some(e.session),
        Event::PatientLeft(e) => Some(e.session),
        Event::DoseTaken(e) => Some(e.session),
        Event::DoseAmountRecorded(e) => Some(e.session),
        Event::SessionMoved(e) => Some(e.session),
        _ => None,
    }
}

/// Staff spoke with the person, or met them.
fn reached(event: &Event) -> bool {
    matches!(event, Event::ContactMade(_) | Event::VisitHeld(_))
}

/// Staff looked at the person.
fn seen(event: &Event) -> bool {
    matches!(
        event,
        Event::VitalsRecorded(VitalsRecorded { session: Some(_), .. })
            | Event::SedationRated(_)
            | Event::CheckInRecorded(_)
            | Event::SymptomMarked(_)
            | Event::DistressRated(_)
            | Event::ReleaseChecked(_)
            | Event::PatientReleased(_)
            | Event::PatientLeft(_)
    )
}

fn reads(event: &Event, sign: impl Fn(&Vitals) -> bool) -> bool {
    matches!(event, Event::VitalsRecorded(recorded) if sign(&recorded.vitals))
}

/// The entries that answer a finding of a running session: the sign that it is about, measured again.
fn of_rule(rule: &str, event: &Event) -> bool {
    match rule {
        "S06-pressure" => reads(event, |v| v.blood_pressure.is_some()),
        "S06-pulse" => reads(event, |v| v.heart_rate_per_min.is_some()),
        "S06-oxygen" => reads(event, |v| v.spo2_percent.is_some()),
        "S06-breathing" => reads(event, |v| v.respiratory_rate_per_min.is_some()),
        "S06-sedation" | "S06-duration" => matches!(event, Event::SedationRated(_)),
        "S06-distress" => matches!(event, Event::DistressRated(_)),
        "S07-contact" => matches!(event, Event::CheckInRecorded(_)) || reached(event),
        _ => seen(event),
    }
}

fn of_check(check: CheckKind, event: &Event) -> bool {
    match check {
        CheckKind::LookIn => matches!(event, Event::CheckInRecorded(_)) || reached(event),
        CheckKind::Alertness => matches!(event, Event::SedationRated(_)),
        CheckKind::Vitals => reads(event, |_| true),
        CheckKind::Pulse => reads(event, |v| v.heart_rate_per_min.is_some()),
        CheckKind::Oxygen => reads(event, |v| v.spo2_percent.is_some()),
        CheckKind::Breathing => reads(event, |v| v.respiratory_rate_per_min.is_some()),
        CheckKind::Pressure => reads(event, |v| v.blood_pressure.is_some()),
    }
}
