//! What every estimator hands back: a value with its interval and its count of missing answers, or the reason why there is none.
//!
//! A number that cannot be known is not shown as zero, as "not a number" or as a blank: it is a [`CannotEstimate`] that says why.

use serde::Serialize;
use thiserror::Error;

/// Why an estimate does not exist for these numbers.
///
/// This is an honest answer and not a fault: a reader is shown the sentence in the place where the number would stand.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
pub enum CannotEstimate {
    /// There are fewer observations than the method needs.
    #[error("cannot be estimated because there are {found} {what} and at least {needed} are needed")]
    TooFew {
        /// What is counted, in the plural.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// The least that the method needs.
        needed: usize,
    },
    /// Nobody has an answer.
    #[error("cannot be estimated because all {missing} {what} are missing")]
    AllMissing {
        /// What is missing, in the plural.
        what: &'static str,
        /// How many are missing.
        missing: usize,
    },
    /// All values are equal, so that there is no spread to measure against.
    #[error("cannot be estimated because there is no variation in {what}")]
    NoVariation {
        /// What does not vary.
        what: &'static str,
    },
    /// Nothing happened to anybody, so that a time or a ratio has nothing to rest on.
    #[error("cannot be estimated because there are no events {within}")]
    NoEvents {
        /// Where there are none: "in either group", "in group 2".
        within: String,
    },
    /// A number is infinite or not a number.
    #[error("cannot be estimated because {what} holds a value that is not a finite number")]
    NotFinite {
        /// Where the value stands.
        what: &'static str,
    },
    /// A number is outside what it can be.
    #[error("cannot be estimated because {what} is {value} and must be {must_be}")]
    OutOfRange {
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
        /// What would be right.
        must_be: &'static str,
    },
    /// Two lists that go together differ in length.
    #[error(
        "cannot be estimated because there are {first} {what_first} and {second} {what_second}, which must be as many"
    )]
    LengthsDiffer {
        /// What the first list holds, in the plural.
        what_first: &'static str,
        /// Its length.
        first: usize,
        /// What the second list holds, in the plural.
        what_second: &'static str,
        /// Its length.
        second: usize,
    },
    /// One column is a sum of others, so that their effects cannot be told apart.
    #[error("cannot be estimated because {what} cannot be told apart from the others")]
    Collinear {
        /// The column.
        what: String,
    },
    /// The effect grows without end: everybody with an event is on one side.
    #[error(
        "cannot be estimated because {what} separates those with an event from those without, so that its effect has no bound"
    )]
    NoBound {
        /// The column.
        what: String,
    },
    /// The search did not settle.
    #[error("cannot be estimated because the search for {what} did not settle in {steps} steps")]
    NotConverged {
        /// What was looked for.
        what: &'static str,
        /// How many steps were taken.
        steps: usize,
    },
}

/// How much an interval is meant to cover, above 0 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Confidence(f64);

impl Confidence {
    /// The level used where nobody asked for another.
    pub const PERCENT_95: Self = Self(0.95);
    /// The level of a two one-sided comparison at 5 %.
    pub const PERCENT_90: Self = Self(0.90);
    /// The level asked for where one wrong answer in a hundred is too many.
    pub const PERCENT_99: Self = Self(0.99);

    /// Takes a level such as 0.95.
    pub fn new(level: f64) -> Result<Self, CannotEstimate> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(CannotEstimate::OutOfRange {
                what: "the confidence level",
                value: level,
                must_be: "above 0 and below 1",
            })
        }
    }

    /// The level as a share, such as 0.95.
    #[must_use]
    pub fn level(self) -> f64 {
        self.0
    }

    /// The chance left outside on both sides together, such as 0.05.
    #[must_use]
    pub fn alpha(self) -> f64 {
        1.0 - self.0
    }

    /// The point that cuts the upper tail, as a share: 0.975 for a level of 0.95.
    #[must_use]
    pub fn upper_point(self) -> f64 {
        f64::midpoint(1.0, self.0)
    }
}

impl Default for Confidence {
    fn default() -> Self {
        Self::PERCENT_95
    }
}

/// A confidence or prediction interval. An end may be infinite where the method says so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How much it is meant to cover.
    pub confidence: Confidence,
}

impl Interval {
    /// An interval as far to either side of the middle.
    #[must_use]
    pub fn around(middle: f64, half_width: f64, confidence: Confidence) -> Self {
        Self { low: middle - half_width, high: middle + half_width, confidence }
    }

    /// The same interval with both ends carried to another scale by a rising function.
    #[must_use]
    pub fn map(self, rising: impl Fn(f64) -> f64) -> Self {
        Self { low: rising(self.low), high: rising(self.high), confidence: self.confidence }
    }

    /// Whether a value lies inside, the ends included.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A value with its standard error and its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The best single value.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval.
    pub interval: Interval,
}

/// The result of a significance test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Test {
    /// The statistic: a z, t, chi-squared or F value.
    pub statistic: f64,
    /// Degrees of freedom, where the statistic has any.
    pub degrees_of_freedom: Option<f64>,
    /// The two-sided p value, or the upper tail for a chi-squared or F value.
    pub p: f64,
}

/// How many were expected to answer, and how many did. It stands beside every figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// How many could have answered.
    pub expected: usize,
    /// How many did.
    pub answered: usize,
}

impl Missing {
    /// Counts the answers in a list.
    #[must_use]
    pub fn count<T>(answers: &[Option<T>]) -> Self {
        Self { expected: answers.len(), answered: answers.iter().filter(|answer| answer.is_some()).count() }
    }

    /// How many did not answer.
    #[must_use]
    pub fn missing(self) -> usize {
        self.expected.saturating_sub(self.answered)
    }

    /// The share that did not answer, or none where nobody was expected to.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.expected > 0).then(|| count(self.missing()) / count(self.expected))
    }
}

/// A count as a floating-point number. Counts here stay far below 2^53, so that none is rounded.
#[must_use]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}

/// Refuses a list that holds an infinite value or one that is not a number.
pub(crate) fn all_finite(what: &'static str, values: &[f64]) -> Result<(), CannotEstimate> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(CannotEstimate::NotFinite { what }) }
}

/// Refuses a number that is not above zero.
pub(crate) fn above_zero(what: &'static str, value: f64) -> Result<(), CannotEstimate> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(CannotEstimate::OutOfRange { what, value, must_be: "a finite number above 0" })
    }
}

/// Refuses two lists of unequal length.
pub(crate) fn same_length(
    what_first: &'static str,
    first: usize,
    what_second: &'static str,
    second: usize,
) -> Result<(), CannotEstimate> {
    if first == second { Ok(()) } else { Err(CannotEstimate::LengthsDiffer { what_first, first, what_second, second }) }
}

/// Refuses fewer than the method needs.
pub(crate) fn at_least(what: &'static str, found: usize, needed: usize) -> Result<(), CannotEstimate> {
    if found >= needed { Ok(()) } else { Err(CannotEstimate::TooFew { what, found, needed }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_as_a_sentence() {
        let reason = CannotEstimate::TooFew { what: "people", found: 1, needed: 2 };
        assert_eq!(reason.to_string(), "cannot be estimated because there are 1 people and at least 2 are needed");
    }

    #[test]
    fn a_level_outside_zero_to_one_is_refused() {
        for level in [0.0, 1.0, -0.1, 95.0, f64::NAN] {
            assert!(Confidence::new(level).is_err(), "{level}");
        }
        assert_eq!(Confidence::new(0.9).map(Confidence::level), Ok(0.9));
    }

    #[test]
    fn a_share_of_nobody_is_no_share() {
        assert_eq!(Missing::default().share(), None);
        assert_eq!(Missing::count(&[Some(1), None, None, None]).share(), Some(0.75));
    }
}
