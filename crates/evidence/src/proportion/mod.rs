//! Shares of people: how many responded out of how many, and how two such shares compare.

mod compare;
mod fisher;

pub use compare::{Ratio, TwoShares, e_value, e_value_of_interval};
pub use fisher::Fisher;

use crate::distribution::{beta_quantile, normal_quantile};
use crate::estimate::{CannotEstimate, Confidence, Interval, count};
use serde::Serialize;

/// So many people out of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    events: usize,
    of: usize,
}

impl Share {
    /// Takes the count of people with the event and the count of all people.
    pub fn new(events: usize, of: usize) -> Result<Self, CannotEstimate> {
        if of == 0 {
            return Err(CannotEstimate::TooFew { what: "people", found: 0, needed: 1 });
        }
        if events > of {
            return Err(CannotEstimate::OutOfRange {
                what: "the number of people with the event",
                value: count(events),
                must_be: "no more than the number of people",
            });
        }
        Ok(Self { events, of })
    }

    /// How many have the event.
    #[must_use]
    pub fn events(self) -> usize {
        self.events
    }

    /// How many there are.
    #[must_use]
    pub fn of(self) -> usize {
        self.of
    }

    /// How many do not have the event.
    #[must_use]
    pub fn without(self) -> usize {
        self.of - self.events
    }

    /// The share, from 0 to 1.
    #[must_use]
    pub fn value(self) -> f64 {
        count(self.events) / count(self.of)
    }

    /// Wilson's score interval, without continuity correction. It behaves well in small groups and at the ends.
    #[must_use]
    pub fn wilson(self, confidence: Confidence) -> Interval {
        let n = count(self.of);
        let z = normal_quantile(confidence.upper_point());
        let (p, z2) = (self.value(), z * z);
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        // At the ends the formula gives exactly 0 and 1, which rounding would blur.
        Interval {
            low: if self.events == 0 { 0.0 } else { middle - half },
            high: if self.events == self.of { 1.0 } else { middle + half },
            confidence,
        }
    }

    /// The exact interval of Clopper and Pearson, which covers at least what it says and often more.
    #[must_use]
    pub fn exact(self, confidence: Confidence) -> Interval {
        let tail = confidence.alpha() / 2.0;
        let (x, n) = (count(self.events), count(self.of));
        Interval {
            low: if self.events == 0 { 0.0 } else { beta_quantile(tail, x, n - x + 1.0) },
            high: if self.events == self.of { 1.0 } else { beta_quantile(1.0 - tail, x + 1.0, n - x) },
            confidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_no_share() {
        assert_eq!(Share::new(0, 0), Err(CannotEstimate::TooFew { what: "people", found: 0, needed: 1 }));
        assert!(Share::new(3, 2).is_err());
    }

    #[test]
    fn nobody_responding_still_leaves_room_above() {
        let none = Share::new(0, 15).unwrap();
        assert_eq!(none.exact(Confidence::PERCENT_95).low, 0.0);
        assert_eq!(none.wilson(Confidence::PERCENT_95).low, 0.0);
        // The exact upper end at no events is 1 - (alpha / 2)^(1 / n).
        let upper = 1.0 - 0.025_f64.powf(1.0 / 15.0);
        assert!((none.exact(Confidence::PERCENT_95).high - upper).abs() < 1e-12);
        let all = Share::new(15, 15).unwrap();
        assert_eq!(all.wilson(Confidence::PERCENT_95).high, 1.0);
        assert!((all.exact(Confidence::PERCENT_95).low - (1.0 - upper)).abs() < 1e-12);
    }
}
