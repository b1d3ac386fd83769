//! What happened around a dose, as it happened: recorded whatever was planned, and flagged where it departs from the plan.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::Route;
use crate::ids::SessionId;

/// What was out of order about a dose that was given. The dose is recorded all the same; somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoseIrregularity {
    /// Written down some time after it was given.
    LateEntry,
    /// No session was in the calendar for it.
    NoSession,
    /// The session had been called off, missed or answered with a no-go.
    CalledOff,
    /// The session had been stopped.
    AfterStop,
    /// Nobody had said go when it was given.
    NoGo,
    /// No order was in force.
    NoOrder,
    /// By another route than ordered.
    OtherRoute,
    /// Less than was ordered.
    LessThanOrdered,
    /// More than was ordered.
    MoreThanOrdered,
    /// A rule held the dose.
    RuleHeld,
    /// Consent was not in force.
    NoConsent,
    /// The course had ended.
    CourseEnded,
    /// A further dose in one session, where the protocol has no booster, or not this one.
    NotABooster,
}

impl DoseIrregularity {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::LateEntry,
        Self::NoSession,
        Self::CalledOff,
        Self::AfterStop,
        Self::NoGo,
        Self::NoOrder,
        Self::OtherRoute,
        Self::LessThanOrdered,
        Self::MoreThanOrdered,
        Self::RuleHeld,
        Self::NoConsent,
        Self::CourseEnded,
        Self::NotABooster,
    ];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LateEntry => "late-entry",
            Self::NoSession => "no-session",
            Self::CalledOff => "called-off",
            Self::AfterStop => "after-stop",
            Self::NoGo => "no-go",
            Self::NoOrder => "no-order",
            Self::OtherRoute => "other-route",
            Self::LessThanOrdered => "less-than-ordered",
            Self::MoreThanOrdered => "more-than-ordered",
            Self::RuleHeld => "rule-held",
            Self::NoConsent => "no-consent",
            Self::CourseEnded => "course-ended",
            Self::NotABooster => "not-a-booster",
        }
    }
}

/// A further dose was taken in a session that has one: a booster, where the protocol has one, or what was given all the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FurtherDoseTaken {
    /// Which session.
    pub session: SessionId,
    /// Route.
    pub route: Route,
    /// Milligrams.
    pub dose_mg: f64,
    /// When it began.
    pub taken_at: Timestamp,
    /// The booster of the protocol.
    pub booster: bool,
    /// What was out of order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub irregular: Vec<DoseIrregularity>,
    /// In words; may be empty.
    #[serde(default)]
    pub words: String,
}

/// How much of the dose was really given was written down: a partial dose, an infusion cut short, a tablet lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoseAmountRecorded {
    /// Which session.
    pub session: SessionId,
    /// Milligrams that were given in all; 0 where nothing of it was.
    pub given_mg: f64,
    /// Why it was another amount.
    pub words: String,
}

/// What was done with an infusion. Its start is the dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InfusionStep {
    /// Held for a while.
    Paused,
    /// Begun again.
    Resumed,
    /// Its rate was set.
    RateSet,
    /// Ended, as planned or before.
    Ended,
}

impl InfusionStep {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Paused, Self::Resumed, Self::RateSet, Self::Ended];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::RateSet => "rate-set",
            Self::Ended => "ended",
        }
    }
}

/// An infusion was paused, resumed, set to another rate, or ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InfusionRecorded {
    /// Which session.
    pub session: SessionId,
    /// What was done.
    pub step: InfusionStep,
    /// When.
    pub at: Timestamp,
    /// The rate from then on, millilitres an hour.
    #[serde(default)]
    pub rate_ml_per_hour: Option<f64>,
    /// Milligrams given in all by then, where the pump or the syringe says so.
    #[serde(default)]
    pub given_mg: Option<f64>,
}

/// A session did not take place: nobody came, or it could not be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionMissed {
    /// Which.
    pub session: SessionId,
    /// When it was to begin.
    pub starts_at: Timestamp,
    /// What is known of why; may be empty.
    #[serde(default)]
    pub words: String,
}

/// A session was moved to another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionMoved {
    /// Which.
    pub session: SessionId,
    /// When it was to begin.
    pub from: Timestamp,
    /// When it is to begin now.
    pub to: Timestamp,
    /// Why.
    pub words: String,
}
