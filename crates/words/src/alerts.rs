//! What an alert says, and what was measured when it was raised.

use jiff::Timestamp;
use stillwater_care::coded::Coded;
use stillwater_care::event::{AlertSubject, Point};
use stillwater_instruments::Catalogue;

use crate::{Words, findings};

/// What happened.
#[must_use]
pub fn what(words: &Words, about: &AlertSubject) -> String {
    let say = |values: &[(&str, crate::Value<'_>)]| words.say(&format!("alert-{}", about.code()), values);
    match about {
        AlertSubject::Help { by, words: theirs, .. } => {
            let said = if theirs.is_empty() {
                String::new()
            } else {
                words.say("alert-help-said", &[("words", theirs.as_str().into())])
            };
            say(&[("by", by.as_str().into()), ("said", said.into())])
        }
        AlertSubject::ClockJumped { seconds, .. } => say(&[("seconds", (*seconds).into())]),
        AlertSubject::ConsentWithdrawn { words: theirs, .. } => {
            let said = if theirs.is_empty() {
                String::new()
            } else {
                words.say("alert-help-said", &[("words", theirs.as_str().into())])
            };
            say(&[("said", said.into())])
        }
        AlertSubject::AdverseEvent { words: theirs, .. } => say(&[("words", theirs.as_str().into())]),
        AlertSubject::Left { .. }
        | AlertSubject::GoWithoutDose { .. }
        | AlertSubject::DoseHeld { .. }
        | AlertSubject::Worsening { .. } => say(&[]),
        AlertSubject::Stopped { by, .. } => say(&[("by", by.as_str().into())]),
        AlertSubject::InSession { finding, .. } => {
            say(&[("value", value(words, &finding.measured).into()), ("limit", findings::limit(words, finding).into())])
        }
        AlertSubject::SafetyAnswer { instrument, safety, .. } => {
            let known = Catalogue::built_in().get(instrument);
            let action = known.and_then(|i| i.safety.iter().find(|item| item.id == *safety));
            say(&[
                ("instrument", short(instrument).into()),
                ("action", action.map_or(safety.as_str(), |item| item.action.as_str()).into()),
            ])
        }
        AlertSubject::CheckIn { by, answer, .. } => {
            say(&[("by", by.as_str().into()), ("answer", words.code("check-answer", answer.code()).into())])
        }
        AlertSubject::CheckMissed { check, also, .. } => {
            let all = std::iter::once(check).chain(also).map(|kind| words.code("check", kind.code()));
            say(&[("check", all.collect::<Vec<_>>().join(", ").into())])
        }
        AlertSubject::DoseIrregular { irregular, .. } => {
            let each: Vec<String> = irregular.iter().map(|one| words.code("irregular", one.code())).collect();
            say(&[("irregular", each.join(", ").into())])
        }
        AlertSubject::Relapse { instrument, .. } => say(&[("instrument", short(instrument).into())]),
        AlertSubject::SessionMissed { .. } => say(&[]),
        AlertSubject::CompanionDanger { answer, .. } => say(&[("answer", words.term(*answer).into())]),
        AlertSubject::MeasuresMissed { point, session_number, occurrence, instruments, .. } => {
            say(&[("measures", measures(words, *point, *session_number, *occurrence, instruments).into())])
        }
    }
}

/// What was measured against its limit, or what was said; empty where there is nothing.
#[must_use]
pub fn measured(words: &Words, about: &AlertSubject, raised_at: Timestamp) -> String {
    match about {
        AlertSubject::Help { .. }
        | AlertSubject::AdverseEvent { .. }
        | AlertSubject::ClockJumped { .. }
        | AlertSubject::ConsentWithdrawn { .. }
        | AlertSubject::CompanionDanger { .. } => String::new(),
        AlertSubject::Left { words: theirs, .. } | AlertSubject::Stopped { words: theirs, .. } => theirs.clone(),
        AlertSubject::DoseHeld { findings: held, .. } => {
            held.iter().map(|finding| findings::measured(words, finding)).collect::<Vec<_>>().join("; ")
        }
        AlertSubject::InSession { at: Some(at), .. } => match raised_at.as_second() - at.as_second() {
            fresh if fresh < 60 => String::new(),
            late => words.say("alert-measured-late", &[("age", words.age(late).into())]),
        },
        AlertSubject::InSession { finding, .. } => words.say(
            "alert-measured-in-session",
            &[
                ("measured", findings::measured(words, finding).into()),
                ("limit", findings::limit(words, finding).into()),
            ],
        ),
        AlertSubject::SafetyAnswer { safety, point, .. } => words.say(
            "alert-measured-safety-answer",
            &[("safety", safety.as_str().into()), ("point", words.code("point", point.code()).into())],
        ),
        AlertSubject::Worsening { before, now, days } => words.say(
            "alert-measured-worsening",
            &[("before", before.round().into()), ("now", now.round().into()), ("days", days.round().into())],
        ),
        AlertSubject::CheckIn { signs, .. } => {
            signs.iter().map(|sign| words.code("sign", sign.code())).collect::<Vec<_>>().join(", ")
        }
        AlertSubject::DoseIrregular { taken_at, .. } => {
            words.say("alert-measured-dose-irregular", &[("age", words.ago(*taken_at, raised_at).into())])
        }
        AlertSubject::Relapse { lowest, now, days, .. } => words.say(
            "alert-measured-relapse",
            &[("lowest", lowest.round().into()), ("now", now.round().into()), ("days", days.round().into())],
        ),
        AlertSubject::SessionMissed { starts_at, .. } => {
            words.say("alert-measured-session-missed", &[("age", words.ago(*starts_at, raised_at).into())])
        }
        AlertSubject::CheckMissed { due_at, .. }
        | AlertSubject::MeasuresMissed { due_at, .. }
        | AlertSubject::GoWithoutDose { go_at: due_at, .. } => {
            words.say("alert-measured-overdue", &[("age", words.ago(*due_at, raised_at).into())])
        }
    }
}

/// What was measured, without its age: an alert says when instead.
pub(crate) fn value(words: &Words, measured: &Coded) -> String {
    let family = if words.known(&format!("alarm-value-{}", measured.code)) { "alarm-value" } else { "measured" };
    words.coded(family, measured)
}

/// `PCL-5 (week), ASQ at day 7`.
pub(crate) fn measures(
    words: &Words,
    point: Point,
    session_number: u32,
    occurrence: u32,
    instruments: &[String],
) -> String {
    let names: Vec<&str> = instruments.iter().map(|id| short(id)).collect();
    let point = point_of(words, point, session_number, occurrence);
    words.say("item-measures", &[("instruments", names.join(", ").into()), ("point", point.into())])
}

/// A point, with its session from the second one on, and with which time it is where it comes again.
#[must_use]
pub fn point_of(words: &Words, point: Point, session_number: u32, occurrence: u32) -> String {
    let mut said = words.code("point", point.code());
    if occurrence > 1 {
        said = words.say("point-again", &[("point", said.into()), ("n", occurrence.into())]);
    }
    if session_number > 1 {
        said = words.say("point-of-session", &[("point", said.into()), ("number", session_number.into())]);
    }
    said
}

/// The short name of an instrument; its id where it is not known.
pub(crate) fn short(instrument: &str) -> &str {
    Catalogue::built_in().get(instrument).map_or(instrument, |known| known.short.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_care::event::{CheckAnswer, CheckKind, DoseIrregularity, EscalationLevel, GraveSign, InfusionStep};
    use stillwater_care::ids::{EventId, SessionId};

    fn check(about: &AlertSubject, says: &str, seen: &str) {
        let words = Words::english();
        assert_eq!(what(words, about), says);
        assert_eq!(measured(words, about, Timestamp::from_second(1_000_000).unwrap()), seen, "{says}");
    }

    #[test]
    fn each_subject_is_said_with_what_was_measured() {
        let session = SessionId(uuid::Uuid::nil());
        let call = EventId(uuid::Uuid::nil());
        let by = || "Somebody Example".to_owned();
        let due_at = Timestamp::from_second(1_000_000 - 7200).unwrap();
        let help = |words: &str| AlertSubject::Help { call, by: by(), words: words.to_owned() };
        check(&help(""), "Somebody Example asks for help", "");
        check(&help("dizzy"), "Somebody Example asks for help: dizzy", "");
        check(&AlertSubject::AdverseEvent { entry: call, words: "fall".into() }, "serious adverse event: fall", "");
        let stopped = AlertSubject::Stopped { session, by: by(), words: "enough".into() };
        check(&stopped, "session stopped by Somebody Example", "enough");
        let left = AlertSubject::Left { session, words: "walked out".into() };
        check(&left, "the patient left before the release gate let them: reach them now", "walked out");
        let rose = AlertSubject::Worsening { before: 40.0, now: 56.0, days: 6.7 };
        check(&rose, "PCL-5 rose by 15 points or more within about a week", "40 to 56 in 7 days");
        let signs = vec![GraveSign::DoesNotAnswer, GraveSign::ColourNotNormal];
        check(
            &AlertSubject::CheckIn { session, by: by(), answer: CheckAnswer::NotFine, signs },
            "Somebody Example says: not fine",
            "does not answer to their name, skin colour is not normal",
        );
        let missed =
            AlertSubject::CheckMissed { session, check: CheckKind::LookIn, due_at, also: Vec::new(), times: 0 };
        check(&missed, "companion's look-in missed", "due 2 h ago");
        let answer =
            AlertSubject::SafetyAnswer { instrument: "asq".into(), safety: "acute".into(), point: Point::PreDose };
        assert!(what(Words::english(), &answer).starts_with("ASQ: "));
        check(
            &AlertSubject::DoseHeld { session, findings: Vec::new() },
            "the dose is held: blood pressure out of range twice",
            "",
        );
        let irregular = vec![DoseIrregularity::LateEntry, DoseIrregularity::NoGo];
        check(
            &AlertSubject::DoseIrregular { session, taken_at: due_at, irregular },
            "a dose was given otherwise than planned: written down late, nobody had said go",
            &format!(
                "taken {} before it was written down",
                Words::english().ago(due_at, Timestamp::from_second(1_000_000).unwrap())
            ),
        );
        let late = AlertSubject::MeasuresMissed {
            course: 1,
            point: Point::Day7,
            session_number: 1,
            occurrence: 1,
            instruments: vec!["phq-9".into(), "asq".into()],
            due_at,
        };
        assert_eq!(what(Words::english(), &late), "not answered in time: PHQ-9, ASQ at day 7");
        let third = point_of(Words::english(), Point::Monthly, 6, 3);
        assert_eq!(third, "monthly (time 3), session 6");
    }

    #[test]
    fn every_code_has_its_word() {
        let words = Words::english();
        let said = |family: &str, code: &str| assert!(words.has(&format!("{family}-{code}")), "{family}-{code}");
        Point::ALL.iter().for_each(|point| said("point", point.code()));
        CheckKind::ALL.iter().for_each(|kind| said("check", kind.code()));
        CheckAnswer::ALL.iter().for_each(|answer| said("check-answer", answer.code()));
        DoseIrregularity::ALL.iter().for_each(|one| said("irregular", one.code()));
        InfusionStep::ALL.iter().for_each(|step| said("infusion-step", step.code()));
        GraveSign::ALL.iter().for_each(|sign| said("sign", sign.code()));
        EscalationLevel::ALL.iter().for_each(|level| said("level", level.code()));
    }
}
