//! Exact numbers: a score is worked out in fractions and rounded once, at the end, half up.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact fraction, kept in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    above: i128,
    below: i128,
    /// Decimals with which it is written; a score with decimals is written with a point even when it is whole.
    decimals: u32,
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs().max(1)
}

impl Number {
    /// A whole number.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self { above: value as i128, below: 1, decimals: 0 }
    }

    /// A fraction; `None` when the denominator is 0.
    #[must_use]
    pub fn fraction(above: i128, below: i128) -> Option<Self> {
        if below == 0 {
            return None;
        }
        let by = gcd(above, below) * below.signum();
        Some(Self { above: above / by, below: below / by, decimals: 0 })
    }

    /// The exact value of a decimal written as text, such as `-2.5`; `None` when it is not one, or is longer than a
    /// questionnaire can need.
    #[must_use]
    pub fn from_decimal(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || whole.len() + part.len() > 15 {
            return None;
        }
        if !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let above: i128 = format!("{whole}{part}").parse().ok()?;
        Self::fraction(sign * above, 10_i128.pow(u32::try_from(part.len()).ok()?))
    }

    /// The exact value of the shortest decimal that stands for `value`.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_finite() { Self::from_decimal(&format!("{value}")) } else { None }
    }

    /// As a floating-point number, for drawing and for storing.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.above as f64 / self.below as f64
    }

    /// As a whole number, when it is one.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        if self.below == 1 { i64::try_from(self.above).ok() } else { None }
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::fraction(self.above * other.below + other.above * self.below, self.below * other.below).unwrap_or(self)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { above: -other.above, ..other })
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self::fraction(self.above * other.above, self.below * other.below).unwrap_or(self)
    }

    /// The quotient; `None` when dividing by 0.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        Self::fraction(self.above * other.below, self.below * other.above)
    }

    /// Rounded half up to so many decimals, and from then on written with them.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Self {
        let scale = 10_i128.pow(decimals.min(9));
        let doubled = self.above * scale * 2 + self.below;
        let whole = doubled.div_euclid(self.below * 2);
        let mut rounded = Self::fraction(whole, scale).unwrap_or(self);
        rounded.decimals = decimals;
        rounded
    }

    /// Whether it is a whole multiple of `step`.
    #[must_use]
    pub fn is_multiple_of(self, step: Self) -> bool {
        self.over(step).is_some_and(|times| times.below == 1)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.above == other.above && self.below == other.below
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.above * other.below).cmp(&(other.above * self.below))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.below == 1 { write!(f, "{}", self.above) } else { write!(f, "{}", self.as_f64()) }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_i64() {
            Some(whole) if self.decimals == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(self.as_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::from_f64(value).ok_or_else(|| serde::de::Error::custom(format!("{value} is not a usable number")))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn halves_are_rounded_up_and_only_at_the_end() {
        let exact = Number::whole(4).times(Number::fraction(9, 8).unwrap());
        assert_eq!(exact.rounded(0), Number::whole(5));
        assert_eq!(Number::fraction(-1, 2).unwrap().rounded(0), Number::whole(0));
        assert_eq!(Number::from_decimal("2.345").unwrap().rounded(2), Number::from_decimal("2.35").unwrap());
    }

    #[test]
    fn a_tenth_added_ten_times_is_one() {
        let tenth = Number::from_f64(0.1).unwrap();
        let sum = (0..10).fold(Number::whole(0), |sum, _| sum.plus(tenth));
        assert_eq!(sum, Number::whole(1));
        assert!(Number::from_decimal("3.7").unwrap().is_multiple_of(tenth));
        assert!(!Number::from_decimal("3.75").unwrap().is_multiple_of(tenth));
    }

    #[test]
    fn what_is_no_decimal_is_not_read() {
        for text in ["", "-", "1e5", "NaN", ".5", "12345678901234567890"] {
            assert!(Number::from_decimal(text).is_none(), "{text}");
        }
    }
}
