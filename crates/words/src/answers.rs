//! Why an answer does not fit its item, and what would.

use stillwater_instruments::{Allowed, AnswerError, Number};

use crate::Words;

/// The whole refusal: which item, what was given, what it takes.
#[must_use]
pub fn error(words: &Words, error: &AnswerError) -> String {
    words.say(
        "answer-error",
        &[
            ("name", error.name.into()),
            ("item", error.item.as_str().into()),
            ("given", given(words, error).into()),
            ("allowed", allowed(words, &error.allowed).into()),
        ],
    )
}

/// What was given.
#[must_use]
pub fn given(words: &Words, error: &AnswerError) -> String {
    error.given.clone().unwrap_or_else(|| words.say("answer-nothing", &[]))
}

/// What the item or the score takes.
#[must_use]
pub fn allowed(words: &Words, allowed: &Allowed) -> String {
    let number = |number: &Number| number.to_string();
    let wrapped = |mut said: String, list: bool, not_applicable: bool| {
        if list {
            said = words.say("answer-allowed-list", &[("of", said.into())]);
        }
        if not_applicable {
            said = words.say("answer-allowed-or-na", &[("of", said.into())]);
        }
        said
    };
    match allowed {
        Allowed::Values { values, list, not_applicable } => {
            wrapped(values.iter().map(number).collect::<Vec<_>>().join(", "), *list, *not_applicable)
        }
        Allowed::Steps { least, most, step, list, not_applicable } => {
            let values = [("least", number(least)), ("most", number(most)), ("step", number(step))];
            let values = values.map(|(name, value)| (name, value.into()));
            wrapped(words.say("answer-allowed-steps", &values), *list, *not_applicable)
        }
        Allowed::Nothing => words.say("answer-nothing", &[]),
        Allowed::ItemOf(instrument) => words.say("answer-allowed-item", &[("instrument", instrument.as_str().into())]),
        Allowed::OneOfScores(scores) => words.say("answer-allowed-score", &[("scores", scores.join(", ").into())]),
        Allowed::Skipped => words.say("answer-allowed-skipped", &[]),
        Allowed::Between { least, most } => {
            words.say("answer-allowed-between", &[("least", number(least).into()), ("most", number(most).into())])
        }
        Allowed::Decimals(decimals) => {
            words.say("answer-allowed-decimals", &[("decimals", decimals.to_string().into())])
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_instruments::{Catalogue, Responses, ScoreContext};

    fn said(instrument: &str, answers: &str) -> String {
        let answers: Responses = serde_json::from_str(answers).unwrap();
        let refused = Catalogue::built_in().get(instrument).unwrap().score(&answers, &ScoreContext::new(), None);
        error(Words::english(), &refused.unwrap_err())
    }

    #[test]
    fn an_answer_that_cannot_be_says_what_the_item_takes() {
        let high = said("phq-9", r#"{"phq9_1": 4}"#);
        assert_eq!(high, "out-of-range: phq9_1 was answered 4; it takes 0, 1, 2, 3");
        let unknown = said("phq-9", r#"{"phq9_77": 1}"#);
        assert_eq!(unknown, "unknown-item: phq9_77 was answered 1; it takes an item of phq-9");
    }
}
