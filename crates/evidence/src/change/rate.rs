//! Shares of a group: who responded, who is in remission, and who fell in each class of change.

use super::{Class, ClassRule, Direction, Pair, whole};
use crate::estimate::{CannotEstimate, Confidence, Interval, Missing, count};
use crate::proportion::Share;
use serde::Serialize;

/// A share of people, with what is not known about it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// The count among those who answered.
    pub share: Share,
    /// The share among those who answered.
    pub value: f64,
    /// Wilson's interval.
    pub wilson: Interval,
    /// The exact interval of Clopper and Pearson.
    pub exact: Interval,
    /// The share of all who were expected if nobody who did not answer has the event.
    pub if_missing_have_not: f64,
    /// The share of all who were expected if everybody who did not answer has the event.
    pub if_missing_have: f64,
    /// How many answered.
    pub missing: Missing,
}

impl Rate {
    /// Counts the events among the answers.
    pub fn new(events: usize, missing: Missing, confidence: Confidence) -> Result<Self, CannotEstimate> {
        let share = Share::new(events, missing.answered)?;
        let expected = count(missing.expected.max(missing.answered));
        Ok(Self {
            share,
            value: share.value(),
            wilson: share.wilson(confidence),
            exact: share.exact(confidence),
            if_missing_have_not: count(events) / expected,
            if_missing_have: count(events + missing.missing()) / expected,
            missing,
        })
    }
}

/// What counts as a response.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// At least this percentage better than before, such as 30.
    Percent(f64),
    /// At least this many points better: the instrument's own threshold.
    Points(f64),
}

impl Response {
    /// Whether one person responded. A percentage of zero before is no answer.
    #[must_use]
    pub fn judge(self, direction: Direction, before: f64, after: f64) -> Option<bool> {
        let improvement = direction.improvement(before, after);
        match self {
            // Multiplied out, so that 40 to 28 is exactly 30 %.
            Self::Percent(percent) => (before > 0.0).then_some(improvement * 100.0 >= percent * before),
            Self::Points(points) => Some(improvement >= points),
        }
    }
}

/// The share who responded. People without both scores, or without a percentage, count as not answered.
pub fn response(
    pairs: &[Pair],
    direction: Direction,
    response: Response,
    confidence: Confidence,
) -> Result<Rate, CannotEstimate> {
    let (Response::Percent(threshold) | Response::Points(threshold)) = response;
    crate::estimate::above_zero("the threshold of response", threshold)?;
    let (whole, _) = whole(pairs)?;
    let judged: Vec<bool> =
        whole.iter().filter_map(|&(before, after)| response.judge(direction, before, after)).collect();
    let missing = Missing { expected: pairs.len(), answered: judged.len() };
    if judged.is_empty() {
        return Err(CannotEstimate::AllMissing { what: "percentages of change", missing: pairs.len() });
    }
    Rate::new(judged.iter().filter(|responded| **responded).count(), missing, confidence)
}

/// The share in remission: a score at the limit or better, whatever it was before.
pub fn remission(
    after: &[Option<f64>],
    direction: Direction,
    limit: f64,
    confidence: Confidence,
) -> Result<Rate, CannotEstimate> {
    if !limit.is_finite() {
        return Err(CannotEstimate::NotFinite { what: "the limit of remission" });
    }
    let missing = Missing::count(after);
    if missing.expected > 0 && missing.answered == 0 {
        return Err(CannotEstimate::AllMissing { what: "scores", missing: missing.expected });
    }
    if after.iter().flatten().any(|score| !score.is_finite()) {
        return Err(CannotEstimate::NotFinite { what: "the scores" });
    }
    let remitted = after.iter().flatten().filter(|score| direction.reaches(**score, limit)).count();
    Rate::new(remitted, missing, confidence)
}

/// How many fell in each class of change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Classes {
    /// Reliably better and across the cutoff.
    pub recovered: Rate,
    /// Reliably better and not across the cutoff.
    pub improved: Rate,
    /// No change beyond noise.
    pub unchanged: Rate,
    /// Reliably worse.
    pub deteriorated: Rate,
    /// How many had both scores.
    pub missing: Missing,
}

/// Judges everybody with both scores.
pub fn classes(pairs: &[Pair], rule: ClassRule, confidence: Confidence) -> Result<Classes, CannotEstimate> {
    let (whole, missing) = whole(pairs)?;
    let judged: Vec<Class> = whole.iter().map(|&(before, after)| rule.judge(before, after)).collect();
    let rate = |class: Class| Rate::new(judged.iter().filter(|found| **found == class).count(), missing, confidence);
    Ok(Classes {
        recovered: rate(Class::Recovered)?,
        improved: rate(Class::Improved)?,
        unchanged: rate(Class::Unchanged)?,
        deteriorated: rate(Class::Deteriorated)?,
        missing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Confidence = Confidence::PERCENT_95;

    fn pair(before: f64, after: f64) -> Pair {
        Pair { before: Some(before), after: Some(after) }
    }

    #[test]
    fn responds_at_exactly_thirty_percent() {
        let pairs = [pair(40.0, 28.0), pair(40.0, 28.5), pair(70.0, 49.0), pair(40.0, 60.0)];
        let rate = response(&pairs, Direction::HigherIsWorse, Response::Percent(30.0), USUAL).unwrap();
        assert_eq!((rate.share.events(), rate.share.of()), (2, 4));
        let rate = response(&pairs, Direction::HigherIsWorse, Response::Points(12.0), USUAL).unwrap();
        assert_eq!(rate.share.events(), 2);
    }

    #[test]
    fn says_how_far_the_missing_could_move_the_share() {
        let mut pairs = vec![pair(40.0, 10.0); 6];
        pairs.extend([pair(40.0, 40.0); 2]);
        pairs.extend([Pair { before: Some(40.0), after: None }; 2]);
        let rate = response(&pairs, Direction::HigherIsWorse, Response::Percent(30.0), USUAL).unwrap();
        assert_eq!(rate.missing.missing(), 2);
        assert!((rate.value - 0.75).abs() < 1e-12);
        assert!((rate.if_missing_have_not - 0.6).abs() < 1e-12);
        assert!((rate.if_missing_have - 0.8).abs() < 1e-12);
    }

    #[test]
    fn a_score_of_zero_before_has_no_percentage() {
        let pairs = [pair(0.0, 0.0), pair(10.0, 2.0)];
        let rate = response(&pairs, Direction::HigherIsWorse, Response::Percent(30.0), USUAL).unwrap();
        assert_eq!((rate.share.events(), rate.share.of(), rate.missing.missing()), (1, 1, 1));
        assert!(response(&pairs[..1], Direction::HigherIsWorse, Response::Percent(30.0), USUAL).is_err());
    }

    #[test]
    fn remission_looks_at_the_score_and_not_at_the_change() {
        let scores = [Some(11.0), Some(12.0), Some(13.0), None];
        let rate = remission(&scores, Direction::HigherIsWorse, 12.0, USUAL).unwrap();
        assert_eq!((rate.share.events(), rate.share.of(), rate.missing.missing()), (2, 3, 1));
        assert!(matches!(
            remission(&[None, None], Direction::HigherIsWorse, 12.0, USUAL),
            Err(CannotEstimate::AllMissing { missing: 2, .. })
        ));
        assert!(remission(&[], Direction::HigherIsWorse, 12.0, USUAL).is_err());
        assert!(remission(&[Some(f64::NAN)], Direction::HigherIsWorse, 12.0, USUAL).is_err());
    }

    #[test]
    fn every_person_with_both_scores_is_in_one_class() {
        let rule = ClassRule::new(Direction::HigherIsWorse, 10.0, Some(30.0)).unwrap();
        let pairs = [
            pair(50.0, 20.0),
            pair(50.0, 38.0),
            pair(50.0, 48.0),
            pair(50.0, 70.0),
            Pair { before: None, after: None },
        ];
        let found = classes(&pairs, rule, USUAL).unwrap();
        for rate in [found.recovered, found.improved, found.unchanged, found.deteriorated] {
            assert_eq!((rate.share.events(), rate.share.of()), (1, 4));
        }
        assert_eq!(found.missing.missing(), 1);
    }
}
