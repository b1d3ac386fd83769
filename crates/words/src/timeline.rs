//! The timeline in sentences: for staff, and for the patient.

use stillwater_care::chart::Leaving;
use stillwater_care::chart::timeline::{Line, TimelineEntry, TimelineKind, Told, describe};
use stillwater_care::event::Recorded;
use stillwater_care::quantity::Vitals;

use crate::{Value, Words, alerts, cancel_reason, findings};

/// One event, for staff.
#[must_use]
pub fn staff(words: &Words, recorded: &Recorded) -> String {
    line(words, &describe(recorded).staff)
}

/// One event, for the patient; none for what is told to them in another way or not at all.
#[must_use]
pub fn patient(words: &Words, recorded: &Recorded) -> Option<String> {
    describe(recorded).patient.map(|code| words.say(&format!("timeline-patient-{code}"), &[]))
}

/// One event, for staff, with the kind by which it is filtered.
#[must_use]
pub fn told(words: &Words, recorded: &Recorded) -> (TimelineKind, String) {
    let TimelineEntry { kind, staff, .. } = describe(recorded);
    (kind, line(words, &staff))
}

fn line(words: &Words, line: &Line) -> String {
    let values: Vec<(&str, Value<'_>)> = line.values.iter().map(|(name, told)| (*name, value(words, told))).collect();
    words.say(&format!("timeline-{}", line.code), &values)
}

fn value<'t>(words: &Words, told: &'t Told) -> Value<'t> {
    match told {
        Told::Number(number) => (*number).into(),
        Told::Text(text) => text.as_str().into(),
        Told::Nothing
        | Told::Said(_)
        | Told::Cancelled(_)
        | Told::Code(..)
        | Told::Instrument(_)
        | Told::Many(_)
        | Told::Part(_)
        | Told::Vitals(_)
        | Told::Measured(_)
        | Told::Alert(_)
        | Told::AlertMeasured(..) => text(words, told).into(),
    }
}

fn text(words: &Words, told: &Told) -> String {
    match told {
        Told::Nothing => String::new(),
        Told::Text(text) => text.clone(),
        Told::Number(number) => number.to_string(),
        Told::Said(said) => quoted(words, said),
        Told::Cancelled(reason) => quoted(words, &cancel_reason(words, reason)),
        Told::Code(family, code) => words.code(family, code),
        Told::Instrument(id) => alerts::short(id).to_owned(),
        Told::Many(all) => all.iter().map(|one| text(words, one)).collect::<Vec<_>>().join(", "),
        Told::Part(part) => line(words, part),
        Told::Vitals(measured) => vitals(words, measured),
        Told::Measured(finding) => findings::measured(words, finding),
        Told::Alert(about) => alerts::what(words, about),
        Told::AlertMeasured(about, raised_at) => match alerts::measured(words, about, *raised_at) {
            nothing if nothing.is_empty() => nothing,
            measured => words.say("timeline-alert-measured", &[("measured", measured.into())]),
        },
    }
}

fn quoted(words: &Words, said: &str) -> String {
    if said.trim().is_empty() { String::new() } else { words.say("timeline-said", &[("words", said.trim().into())]) }
}

/// With whom somebody left a session, or how against advice.
#[must_use]
pub fn leaving(words: &Words, leaving: &Leaving) -> String {
    match leaving {
        Leaving::With(with) => with.clone(),
        Leaving::AgainstAdvice(theirs) => {
            words.say("session-left-against-advice", &[("words", theirs.as_str().into())])
        }
    }
}

/// Vital signs as they stand in a timeline: `142/91 mmHg, pulse 88, SpO2 97 %`.
#[must_use]
pub fn vitals(words: &Words, vitals: &Vitals) -> String {
    let say = |id: &str, value: String| words.say(id, &[("value", value.into())]);
    let parts = [
        vitals.blood_pressure.map(|bp| say("vitals-blood-pressure", bp.to_string())),
        vitals.heart_rate_per_min.map(|rate| say("vitals-pulse", rate.to_string())),
        vitals.spo2_percent.map(|spo2| say("vitals-spo2", spo2.to_string())),
        vitals.respiratory_rate_per_min.map(|rate| say("vitals-breathing", rate.to_string())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The words with a capital letter at their beginning.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_care::command::Command;
    use stillwater_care::event::{EndReason, Event, LabRecorded, ReviewDecision, SessionPhase, SessionStopped};
    use stillwater_care::facts::{LabKind, LabResult, Setting};
    use stillwater_care::ids::EventId;
    use stillwater_care::roles::Actor;
    use stillwater_testkit::{Course, guide};

    #[test]
    fn a_whole_course_is_told_without_a_gap() {
        let words = Words::english();
        for setting in [Setting::Clinic, Setting::Home] {
            let mut course = Course::new();
            let session = course.dosed(setting);
            course.watch_and_release(session, setting).integrate(session);
            for recorded in &course.log {
                let said = staff(words, recorded);
                assert!(!said.contains("timeline-") && !said.contains('{'), "{}: {said}", recorded.event.name());
                if let Some(said) = patient(words, recorded) {
                    assert!(said.ends_with('.'), "{}: {said}", recorded.event.name());
                }
            }
            let told: Vec<String> = course.log.iter().map(|recorded| staff(words, recorded)).collect();
            assert!(told.iter().any(|said| said.contains("Dose: ") && said.contains(" mg ")));
            assert!(told.contains(&"Referred (by hand): “example”".to_owned()));
            assert!(told.contains(&"Weight 80 kg (176.4 lb)".to_owned()));
            assert!(told.iter().any(|said| said.starts_with("Vital signs: 118/74 mmHg, pulse 70, SpO2 98 %")));
        }
    }

    #[test]
    fn a_test_result_is_told_in_words_and_not_in_names_of_the_program() {
        let taken_at = jiff::Timestamp::UNIX_EPOCH;
        let lab = LabRecorded {
            kind: LabKind::LiverPanel,
            result: LabResult::Normal,
            taken_at,
            detail: String::new(),
            figures: Vec::new(),
        };
        let recorded = Recorded {
            seq: 1,
            id: EventId(uuid::Uuid::nil()),
            occurred_at: taken_at,
            recorded_at: taken_at,
            actor: Actor::Stillwater,
            event: Event::LabRecorded(lab),
        };
        assert_eq!(staff(Words::english(), &recorded), "Liver panel: normal");
    }

    #[test]
    fn every_code_in_a_timeline_has_its_word() {
        let words = Words::english();
        let said = |family: &str, code: &str| assert!(words.has(&format!("{family}-{code}")), "{family}-{code}");
        LabKind::ALL.iter().for_each(|kind| said("lab", kind.code()));
        LabResult::ALL.iter().for_each(|result| said("lab-result", result.code()));
        EndReason::ALL.iter().for_each(|reason| said("end", reason.code()));
        ReviewDecision::ALL.iter().for_each(|decision| said("review-decision", decision.code()));
        SessionPhase::ALL.iter().for_each(|phase| said("session-phase", phase.code()));
    }

    #[test]
    fn a_stop_that_comes_too_late_is_told_with_where_the_session_stood() {
        let mut course = Course::new();
        let session = course.dosed(Setting::Clinic);
        for reason in ["enough", "now"] {
            course.does(guide(), Command::StopSession(SessionStopped { session, reason: reason.to_owned() }));
        }
        let told = staff(Words::english(), course.log.last().unwrap());
        assert_eq!(told, format!("{}: asked to stop (now); the session was stopped, still watched", guide().name()));
    }
}
