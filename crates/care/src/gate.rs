//! The steps that rules stand in front of.

use serde::{Deserialize, Serialize};

use crate::code::code_of;

/// A step that rules stand in front of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Deciding that somebody may be treated.
    Eligibility,
    /// Writing a dose order.
    Order,
    /// Putting a dosing session in the calendar.
    Scheduling,
    /// Go or no-go on the day, and the dose itself.
    Dose,
    /// While a session runs: every new reading.
    InSession,
    /// Letting somebody go.
    Release,
}

impl Gate {
    /// Every gate in the order of a course.
    pub const ALL: [Self; 6] =
        [Self::Eligibility, Self::Order, Self::Scheduling, Self::Dose, Self::InSession, Self::Release];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Eligibility => "eligibility",
            Self::Order => "order",
            Self::Scheduling => "scheduling",
            Self::Dose => "dose",
            Self::InSession => "in-session",
            Self::Release => "release",
        }
    }
}

code_of!(Gate of "gate" {
    Eligibility = "eligibility",
    Order = "order",
    Scheduling = "scheduling",
    Dose = "dose",
    InSession = "in-session",
    Release = "release",
});
