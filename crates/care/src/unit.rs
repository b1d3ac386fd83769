//! The units in which rules count and compare. Their codes are stored.

use serde::{Deserialize, Serialize};

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Milligrams.
    Mg,
    /// Milligrams for each kilogram of body weight.
    MgPerKg,
    /// Milligrams for each kilogram of body weight a minute.
    MgPerKgPerMinute,
    /// Milligrams a day of diazepam-equivalent.
    DiazepamMgPerDay,
    /// Kilograms.
    Kg,
    /// Years.
    Years,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
    /// Millimetres of mercury.
    MmHg,
    /// Per cent.
    Percent,
    /// Heartbeats a minute.
    BeatsPerMinute,
    /// Breaths a minute.
    BreathsPerMinute,
    /// Points of a questionnaire.
    Points,
    /// The MOAA/S scale of alertness, 5 to 0.
    Moaas,
    /// A rating from 0 to 10.
    OfTen,
    /// Readings.
    Readings,
    /// Times.
    Times,
    /// Alerts.
    Alerts,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 19] = [
        Self::Mg,
        Self::MgPerKg,
        Self::MgPerKgPerMinute,
        Self::DiazepamMgPerDay,
        Self::Kg,
        Self::Years,
        Self::Days,
        Self::Hours,
        Self::Minutes,
        Self::MmHg,
        Self::Percent,
        Self::BeatsPerMinute,
        Self::BreathsPerMinute,
        Self::Points,
        Self::Moaas,
        Self::OfTen,
        Self::Readings,
        Self::Times,
        Self::Alerts,
    ];

    /// The stored code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mg => "mg",
            Self::MgPerKg => "mg-per-kg",
            Self::MgPerKgPerMinute => "mg-per-kg-per-minute",
            Self::DiazepamMgPerDay => "diazepam-mg-per-day",
            Self::Kg => "kg",
            Self::Years => "years",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::MmHg => "mm-hg",
            Self::Percent => "percent",
            Self::BeatsPerMinute => "beats-per-minute",
            Self::BreathsPerMinute => "breaths-per-minute",
            Self::Points => "points",
            Self::Moaas => "moaas",
            Self::OfTen => "of-ten",
            Self::Readings => "readings",
            Self::Times => "times",
            Self::Alerts => "alerts",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_code_is_what_is_stored() {
        for unit in Unit::ALL {
            assert_eq!(serde_json::to_value(unit).unwrap(), unit.code());
        }
    }
}
