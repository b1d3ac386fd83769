//! What is open about a patient, for staff.

use stillwater_care::items::{ItemKind, ItemSubject, NextStep};

use crate::{Words, alerts};

/// The kind of an item.
#[must_use]
pub fn kind(words: &Words, kind: ItemKind) -> String {
    words.code("item-kind", kind.code())
}

/// What an item is about.
#[must_use]
pub fn what(words: &Words, about: &ItemSubject) -> String {
    match about {
        ItemSubject::Alert { about, .. } => alerts::what(words, about),
        ItemSubject::Dose { number, open, .. } => {
            words.say("item-dose", &[("number", (*number).into()), ("open", (*open).into())])
        }
        ItemSubject::Rising { points, .. } => words.say("item-rising", &[("points", points.round().into())]),
        ItemSubject::Measures { point, session_number, occurrence, instruments, .. } => {
            alerts::measures(words, *point, *session_number, *occurrence, instruments)
        }
        ItemSubject::Integration { number, .. } => words.say("item-integration", &[("number", (*number).into())]),
        ItemSubject::Review { number, .. } => words.say("item-review", &[("number", (*number).into())]),
        ItemSubject::Note { kind, .. } => words.say("item-note", &[("kind", words.code("visit", kind.code()).into())]),
        ItemSubject::Decision { .. } => words.say("item-decision", &[]),
        ItemSubject::Step { step: NextStep::Screening { open }, .. } => {
            words.say("step-screening", &[("open", (*open).into())])
        }
        ItemSubject::Step { step, .. } => words.code("step", step.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillwater_care::event::VisitKind;
    use stillwater_care::ids::SessionId;

    #[test]
    fn every_kind_and_step_has_words() {
        let words = Words::english();
        for one in ItemKind::ALL {
            assert_ne!(kind(words, one), one.code());
        }
        for step in NextStep::ALL {
            let said = what(words, &ItemSubject::Step { course: 1, step });
            assert!(said.contains(' ') && !said.contains('{'), "{step:?}: {said}");
        }
        for kind in VisitKind::ALL {
            assert_ne!(words.code("visit-capital", kind.code()), kind.code());
        }
    }

    #[test]
    fn what_is_left_before_a_dose_is_counted() {
        let said = |open| {
            let session = SessionId(uuid::Uuid::nil());
            what(Words::english(), &ItemSubject::Dose { session, number: 2, open })
        };
        assert_eq!(said(0), "session 2: ready for go");
        assert_eq!(said(1), "session 2: 1 thing still to be done");
        assert_eq!(said(5), "session 2: 5 things still to be done");
    }
}
