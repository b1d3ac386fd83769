//! What must be done before anybody can say go.

use stillwater_care::readiness::{DayQuestion, ReadyStep};

use crate::Words;

/// A question of the day, as it is asked.
#[must_use]
pub fn question(words: &Words, question: DayQuestion) -> String {
    words.code("day-question", question.code())
}

/// A step of the day.
#[must_use]
pub fn step(words: &Words, step: ReadyStep) -> String {
    match step {
        ReadyStep::Answered(asked) => question(words, asked),
        ReadyStep::PreparationHeld { held, needed } => {
            words.say("ready-preparation-held", &[("held", held.into()), ("needed", needed.into())])
        }
        ReadyStep::PlanOpen
        | ReadyStep::ConsentSigned
        | ReadyStep::OrderInForce
        | ReadyStep::SafetyPlanWritten
        | ReadyStep::LastDoseIntegrated
        | ReadyStep::LastSessionReviewed
        | ReadyStep::AnsweredToday
        | ReadyStep::StillWanted
        | ReadyStep::TwoPressures
        | ReadyStep::CompanionConfirmed => words.code("ready", step.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_and_question_has_words() {
        let words = Words::english();
        for one in ReadyStep::ALL {
            let said = step(words, one);
            assert!(said.contains(' ') && !said.contains('{'), "{one:?}: {said}");
        }
        for asked in DayQuestion::ALL {
            assert!(question(words, asked).ends_with('?'), "{asked:?}");
        }
        let held = ReadyStep::PreparationHeld { held: 1, needed: 3 };
        assert_eq!(step(words, held), "preparation visits held: 1 of 3");
    }
}
