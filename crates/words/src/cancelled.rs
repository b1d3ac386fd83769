//! Why an order was cancelled or a session called off.

use stillwater_care::event::CancelReason;

use crate::Words;

/// The reason: a person's own words, or the program's in the reader's language.
#[must_use]
pub fn cancel_reason(words: &Words, reason: &CancelReason) -> String {
    match reason {
        CancelReason::Words { words } => words.clone(),
        CancelReason::ConsentWithdrawn => words.say("cancelled-consent-withdrawn", &[]),
        CancelReason::CourseEnded => words.say("cancelled-course-ended", &[]),
        CancelReason::FoundIneligible => words.say("cancelled-found-ineligible", &[]),
        CancelReason::ClinicOnly => words.say("cancelled-clinic-only", &[]),
        CancelReason::ReviewSaidStop => words.say("cancelled-review-said-stop", &[]),
        CancelReason::SeriousEvent => words.say("cancelled-serious-event", &[]),
        CancelReason::PlanOpened => words.say("cancelled-plan-opened", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_words_stay_theirs_and_the_programs_reasons_are_worded() {
        let said = |reason| cancel_reason(Words::english(), &reason);
        assert_eq!(said(CancelReason::Words { words: "too early".to_owned() }), "too early");
        assert_eq!(said(CancelReason::ConsentWithdrawn), "consent was withdrawn");
        assert_eq!(said(CancelReason::CourseEnded), "the course has ended");
    }
}
