//! How the clinic's rules say something without a sentence: a pinned code, and the values that belong to it.
//!
//! What is stored, compared and decided is a [`Coded`]; the crate `words` makes a sentence of it for whoever reads. A code is
//! never renamed and never used again for another meaning, since it stands in stored events.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::unit::Unit;

/// A code with its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coded {
    /// The code, pinned.
    pub code: Cow<'static, str>,
    /// The values that it names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Cow<'static, str>, Value>,
}

/// One value in a [`Coded`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A number with its unit.
    Number {
        /// The number.
        value: f64,
        /// Its unit.
        unit: Unit,
    },
    /// The value of a rule's limit that was in force.
    Limit {
        /// The limit's name in its rule.
        limit: Cow<'static, str>,
        /// The number in force.
        value: f64,
        /// Its unit.
        unit: Unit,
    },
    /// A rating on a scale that its code names.
    Rating(i32),
    /// A blood pressure in mmHg.
    Pressure {
        /// Systolic.
        systolic: i32,
        /// Diastolic.
        diastolic: i32,
    },
    /// How long ago, in seconds; negative in the future.
    Age(i64),
    /// A member of a list of codes: `setting` and `home`.
    Code {
        /// Which list.
        of: Cow<'static, str>,
        /// Which member.
        code: Cow<'static, str>,
    },
    /// Another code with its own values, of what was measured or answered.
    Coded(Box<Coded>),
    /// A name, a version, or a person's own words: never words of ours.
    Text(String),
}

impl Coded {
    /// A code without values.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), values: BTreeMap::new() }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.insert(Cow::Borrowed(name), value.into());
        self
    }
}

impl Value {
    /// A number with its unit.
    #[must_use]
    pub fn number(value: impl Into<f64>, unit: Unit) -> Self {
        Self::Number { value: value.into(), unit }
    }

    /// A whole number of things.
    #[must_use]
    pub fn count(value: usize, unit: Unit) -> Self {
        Self::Number { value: value as f64, unit }
    }

    /// How long before `now` something was.
    #[must_use]
    pub fn age(at: Timestamp, now: Timestamp) -> Self {
        Self::Age(now.as_second().saturating_sub(at.as_second()))
    }

    /// A member of a list of codes.
    #[must_use]
    pub const fn code(of: &'static str, code: &'static str) -> Self {
        Self::Code { of: Cow::Borrowed(of), code: Cow::Borrowed(code) }
    }
}

impl<T: Code> From<T> for Value {
    fn from(member: T) -> Self {
        Self::code(T::OF, member.code())
    }
}

impl From<i32> for Value {
    fn from(rating: i32) -> Self {
        Self::Rating(rating)
    }
}

impl From<Coded> for Value {
    fn from(coded: Coded) -> Self {
        Self::Coded(Box::new(coded))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A list of pinned codes: for each a function that makes it with its values, and the list itself, by which `words` is
/// tested. `adults(least) = "at-least";` gives `adults(least: impl Into<Value>) -> Coded`.
macro_rules! codes {
    ($(#[$about:meta])* $all:ident { $($(#[$each:meta])* $name:ident($($value:ident),*) = $code:literal;)* }) => {
        $(#[$about])*
        pub const $all: &[(&str, &[&str])] = &[$(($code, &[$(stringify!($value)),*])),*];
        $(
            $(#[$each])*
            pub(crate) fn $name($($value: impl Into<$crate::coded::Value>),*) -> $crate::coded::Coded {
                $crate::coded::Coded::new($code)$(.with(stringify!($value), $value))*
            }
        )*
    };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_stored_with_its_values_and_their_units() {
        let said = Coded::new("dose-at").with("dose", Value::number(35.0, Unit::Mg)).with("age", Value::Age(90));
        let stored = serde_json::to_string(&said).unwrap();
        assert_eq!(
            stored,
            r#"{"code":"dose-at","values":{"age":{"age":90},"dose":{"number":{"value":35.0,"unit":"mg"}}}}"#
        );
        assert_eq!(serde_json::from_str::<Coded>(&stored).unwrap(), said);
    }
}
