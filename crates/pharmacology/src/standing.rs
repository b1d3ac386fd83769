//! How far a value may be believed, fixed to the value so that it cannot be shown without it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How firmly a value rests on measurements in people. Ordered from firm to weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Measured in people by several groups; the model follows those measurements, save for the first half hour after a bolus or into an
    /// infusion, where it lies about 40 % too low.
    Established,
    /// Worked out from other quantities, or resting on few people; nobody has measured it well in people.
    Calculated,
    /// An idea from animal work or reasoning; no measurement in people shows it.
    Hypothesis,
}

impl Standing {
    /// The word shown beside a value.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::Calculated => "calculated",
            Self::Hypothesis => "hypothesis",
        }
    }

    /// The label that a screen prints in full.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Established => {
                "expected for an average adult; individual levels differ by a factor of about two, and the early peak is underestimated by about 40 %"
            }
            Self::Calculated => "calculated, not measured",
            Self::Hypothesis => "hypothesis from animal work",
        }
    }

    /// The weaker of two: what is worked out from both can stand no firmer.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        self.max(other)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A value together with its standing and what it rests on.
///
/// The value is not public and there is no way to take it out alone: [`Graded::read`] hands over both at once, and
/// printing it prints the standing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Graded<T> {
    value: T,
    standing: Standing,
    basis: &'static str,
}

impl<T> Graded<T> {
    /// A value with its standing and, in the words of the reference, what it rests on.
    pub(crate) const fn new(value: T, standing: Standing, basis: &'static str) -> Self {
        Self { value, standing, basis }
    }

    /// The value and its standing, together.
    pub const fn read(&self) -> (&T, Standing) {
        (&self.value, self.standing)
    }

    /// The standing alone.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// What the value rests on, in a few words: the finer grade of the reference.
    pub const fn basis(&self) -> &'static str {
        self.basis
    }

    /// Works something else out of the value; the standing goes along.
    pub fn map<U>(self, work: impl FnOnce(T) -> U) -> Graded<U> {
        Graded { value: work(self.value), standing: self.standing, basis: self.basis }
    }
}

impl<T: fmt::Display> fmt::Display for Graded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)?;
        write!(f, " ({})", self.standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_a_value_with_its_standing() {
        let share = Graded::new(0.37, Standing::Calculated, "affinities unverified");
        assert_eq!(format!("{share:.1}"), "0.4 (calculated)");
        assert_eq!(share.read(), (&0.37, Standing::Calculated));
    }

    #[test]
    fn keeps_the_standing_through_arithmetic() {
        let doubled = Graded::new(2, Standing::Hypothesis, "animal").map(|value| value * 2);
        assert_eq!(doubled.read(), (&4, Standing::Hypothesis));
        assert_eq!(doubled.basis(), "animal");
    }

    #[test]
    fn takes_the_weaker_of_two_standings() {
        assert_eq!(Standing::Established.weaker(Standing::Hypothesis), Standing::Hypothesis);
        assert_eq!(Standing::Calculated.weaker(Standing::Established), Standing::Calculated);
    }
}
