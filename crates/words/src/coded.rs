//! How a code with its values becomes words: one message, with each value put in as the message asks for it.
//!
//! A number stands as `$most` with its unit, as `$most-n` without it, and as `$most-span` in whole days where it is hours
//! enough.

use jiff::Timestamp;
use stillwater_care::code::Code;
use stillwater_care::coded::{Coded, Value as Said};
use stillwater_care::unit::Unit;

use crate::{Value, Words};

impl Words {
    /// The sentence of a code: the message `<family>-<code>`.
    #[must_use]
    pub fn coded(&self, family: &str, coded: &Coded) -> String {
        let id = format!("{family}-{}", coded.code);
        let Some(asked) = self.variables(&id).or_else(|| Self::english().variables(&id)) else {
            return coded.code.clone().into_owned();
        };
        // Only what the message asks for is made: an amount and a span are messages of their own.
        let mut values: Vec<(&str, Value<'_>)> = Vec::with_capacity(asked.len());
        for name in asked {
            let (of, form) = match name.strip_suffix("-n").or_else(|| name.strip_suffix("-span")) {
                Some(of) if !coded.values.contains_key(name.as_str()) => {
                    (of, name.strip_prefix(of).unwrap_or_default())
                }
                _ => (name.as_str(), ""),
            };
            let said = match (coded.values.get(of), form) {
                (Some(Said::Number { value, .. } | Said::Limit { value, .. }), "-n") => number(*value),
                (Some(Said::Number { value, unit } | Said::Limit { value, unit, .. }), "-span") => {
                    self.span(*value, *unit)
                }
                (Some(value), "") => self.value(value),
                _ => continue,
            };
            values.push((name.as_str(), said.into()));
        }
        self.say(&id, &values)
    }

    /// The word of a member of a list of codes.
    #[must_use]
    pub fn term(&self, member: impl Code) -> String {
        self.of_code(member)
    }

    fn of_code<T: Code>(&self, member: T) -> String {
        self.code(T::OF, member.code())
    }

    /// How long before `now` something was.
    #[must_use]
    pub fn ago(&self, at: Timestamp, now: Timestamp) -> String {
        self.age(now.as_second().saturating_sub(at.as_second()))
    }

    /// How long ago something was, as it stands beside a reading: `40 s`, `3 min`, `2 h 5 min`, `4 days`.
    #[must_use]
    pub fn age(&self, seconds: i64) -> String {
        let count = |n: i64| Value::from(n);
        match seconds {
            s if s < 0 => self.say("age-future", &[]),
            s if s < 60 => self.say("age-seconds", &[("seconds", count(s))]),
            s if s < 3600 => self.say("age-minutes", &[("minutes", count(s / 60))]),
            s if s < 86_400 && s % 3600 < 60 => self.say("age-hours", &[("hours", count(s / 3600))]),
            s if s < 86_400 => {
                self.say("age-hours-minutes", &[("hours", count(s / 3600)), ("minutes", count(s % 3600 / 60))])
            }
            s => self.say("age-days", &[("days", count(s / 86_400))]),
        }
    }

    /// A number with its unit: `24 hours`, `35 mg`, `1 reading`.
    #[must_use]
    pub fn amount(&self, value: f64, unit: Unit) -> String {
        // Pounds stand beside kilograms everywhere, so that one typed for the other is seen.
        if unit == Unit::Kg {
            return self.say("amount-kg", &[("n", rounded(value).into()), ("lb", pounds(value).into())]);
        }
        self.say(&format!("amount-{}", unit.code()), &[("n", rounded(value).into())])
    }

    fn span(&self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Hours if value >= 48.0 && value % 24.0 == 0.0 => self.amount(value / 24.0, Unit::Days),
            Unit::Days if value < 2.0 => self.amount(value * 24.0, Unit::Hours),
            _ => self.amount(value, unit),
        }
    }

    fn value(&self, value: &Said) -> String {
        match value {
            Said::Number { value, unit } | Said::Limit { value, unit, .. } => self.amount(*value, *unit),
            Said::Rating(rating) => rating.to_string(),
            Said::Pressure { systolic, diastolic } => format!("{systolic}/{diastolic}"),
            Said::Age(seconds) => self.age(*seconds),
            Said::Code { of, code } => self.code(of, code),
            Said::Coded(coded) => self.coded("measured", coded),
            Said::Text(text) => text.clone(),
        }
    }
}

/// A number as staff write it: at most four decimals, no trailing zeros.
#[must_use]
pub fn number(value: f64) -> String {
    rounded(value).to_string()
}

/// Kilograms in pounds, to a tenth.
fn pounds(kg: f64) -> f64 {
    (stillwater_care::quantity::pounds(kg) * 10.0).round() / 10.0
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_as_staff_say_them() {
        let ago = |seconds| Words::english().age(seconds);
        assert_eq!(ago(-1), "in the future");
        assert_eq!(ago(40), "40 s");
        assert_eq!(ago(180), "3 min");
        assert_eq!(ago(7200), "2 h");
        assert_eq!(ago(7500), "2 h 5 min");
        assert_eq!(ago(86_400), "1 day");
        assert_eq!(ago(4 * 86_400), "4 days");
    }

    #[test]
    fn every_unit_has_its_name_and_an_amount_in_the_singular_and_the_plural() {
        let words = Words::english();
        for unit in Unit::ALL {
            assert!(words.has(&format!("unit-{}", unit.code())), "{unit:?}");
            assert!(words.amount(1.0, *unit).contains('1') && words.amount(2.5, *unit).contains("2.5"), "{unit:?}");
        }
        assert_eq!(words.amount(1.0, Unit::Hours), "1 hour");
        assert_eq!(words.amount(0.025, Unit::MgPerKgPerMinute), "0.025 mg/kg a minute");
    }
}
