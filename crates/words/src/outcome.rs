//! How a measure has moved, in one sentence, and what a followed score is called.

use stillwater_care::outcome::{Change, Label, Trend};

use crate::{Value, Words};

/// The sentence: "18 points lower than at the start: more than chance would give."
#[must_use]
pub fn sentence(words: &Words, change: &Change) -> String {
    let Some(points) = change.points else { return words.say("change-unknown", &[]) };
    let size = (points.abs() * 10.0).round() / 10.0;
    let moved = match points {
        p if p < 0.0 => words.say("change-lower", &[("points", Value::from(size))]),
        p if p > 0.0 => words.say("change-higher", &[("points", Value::from(size))]),
        _ => return words.say("change-none", &[]),
    };
    let id = match (change.reliable, change.trend) {
        (None, _) => "change-without-reliable",
        (Some(_), Trend::Better | Trend::Worse) => "change-more-than-chance",
        (Some(_), _) => "change-within-chance",
    };
    words.say(id, &[("moved", moved.into())])
}

/// What a followed score is called.
#[must_use]
pub fn label(words: &Words, label: &Label) -> String {
    match label {
        Label::Score(name) => name.clone(),
        Label::Symptom(followed) => words.term(*followed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillwater_care::code::Code;
    use stillwater_care::outcome::{FollowedSymptom, change};

    fn check(instrument: &str, score: &str, then: Option<f64>, now: Option<f64>, says: &str) {
        assert_eq!(sentence(Words::english(), &change(instrument, score, then, now)), says);
    }

    #[test]
    fn a_change_is_said_with_its_size_and_what_chance_could_give() {
        let pcl = |then: f64, now: f64, says: &str| check("pcl-5-week", "total", Some(then), Some(now), says);
        pcl(52.0, 37.0, "15 points lower than at the start: more than chance would give.");
        pcl(52.0, 38.0, "14 points lower than at the start: chance alone could give that.");
        pcl(52.0, 53.0, "1 point higher than at the start: chance alone could give that.");
        pcl(52.0, 67.5, "15.5 points higher than at the start: more than chance would give.");
        pcl(52.0, 52.0, "The same as at the start.");
        check("pcl-5-week", "total", Some(52.0), None, "Not enough results to say how it has changed.");
        check(
            "who-5",
            "index",
            Some(40.0),
            Some(60.0),
            "20 points higher than at the start. What counts as a sure change is not known for this measure.",
        );
    }

    #[test]
    fn every_followed_symptom_has_its_word() {
        for followed in FollowedSymptom::ALL {
            assert!(Words::english().has(&format!("followed-symptom-{}", followed.code())), "{followed:?}");
        }
    }
}
