//! The companion's briefing.

use stillwater_care::command::BriefingQuestion;

use crate::Words;

/// A question.
#[must_use]
pub fn question(words: &Words, question: BriefingQuestion) -> String {
    words.code("briefing", question.id)
}

/// Its options, in order.
#[must_use]
pub fn options(words: &Words, question: BriefingQuestion) -> Vec<String> {
    (0..BriefingQuestion::OPTIONS).map(|nth| words.say(&format!("briefing-{}-{nth}", question.id), &[])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillwater_care::command::BRIEFING;

    #[test]
    fn every_question_has_its_options_and_a_reason() {
        let words = Words::english();
        for one in BRIEFING {
            assert!(question(words, one).ends_with('?'));
            assert!(options(words, one).iter().all(|option| option.contains(' ')), "{one:?}");
            assert!(one.right < BriefingQuestion::OPTIONS);
            assert!(words.has(&format!("briefing-{}-because", one.id)));
        }
    }
}
