//! Why the model would not answer: each reason by name, with the value and what would be right.

use thiserror::Error;

use crate::product::{Product, Route};

/// A question that the model refuses, instead of answering with a meaningless number.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ModelError {
    /// The weight is missing, absurd, or outside what the model was fitted to.
    #[error("a weight of {kg} kg is outside the model; it holds for adults of 35 to 200 kg")]
    WeightOutside {
        /// The weight asked for, in kilograms.
        kg: f64,
    },
    /// The age is under 18, absurd, or not a number.
    #[error("an age of {years} years is outside the model; it holds for adults of 18 to 110 years")]
    AgeOutside {
        /// The age asked for, in years.
        years: f64,
    },
    /// The dose is zero, negative, not a number, or so large that a unit must be wrong.
    #[error("a dose of {mg} mg is not one; give a number above 0 and at most 2000 mg")]
    DoseOutside {
        /// The dose asked for, in milligrams.
        mg: f64,
    },
    /// Esketamine spray comes in devices of 28 mg; at most three are used.
    #[error("esketamine nasal spray comes as 28, 56 or 84 mg, not {mg} mg")]
    NotADeviceDose {
        /// The dose asked for, in milligrams.
        mg: f64,
    },
    /// The reference knows no such preparation, so there is nothing to calculate from.
    #[error("{product} by the {route} route is not in the model; no published data were found for it")]
    NotModelled {
        /// The product asked for.
        product: Product,
        /// The route asked for.
        route: Route,
    },
    /// Only an infusion has a length.
    #[error("only an intravenous dose can be given over time; {route} doses are given at once")]
    NotAnInfusion {
        /// The route asked for.
        route: Route,
    },
    /// A clearance or a volume is not above zero.
    #[error("a {what} of {value} is not one; give a finite number above 0")]
    NotAKinetic {
        /// Which, with its unit.
        what: &'static str,
        /// The number asked for.
        value: f64,
    },
    /// A time is negative or not a number.
    #[error("{minutes} min is not a time; give a number of minutes from 0 to 100 000")]
    TimeOutside {
        /// The time asked for, in minutes.
        minutes: f64,
    },
    /// An infusion, or a step of it, ends at or before its start.
    #[error("an infusion from {start} to {end} min ends before it starts; the end must be later")]
    EndBeforeStart {
        /// The start, in minutes.
        start: f64,
        /// The end, in minutes.
        end: f64,
    },
    /// Two infusions would run at the same time.
    #[error("two infusions overlap: one ends at {first_ends} min and the next starts at {next_starts} min")]
    InfusionsOverlap {
        /// When the earlier infusion ends, in minutes.
        first_ends: f64,
        /// When the later infusion starts, in minutes.
        next_starts: f64,
    },
    /// Times must be in order, each later than the one before; doses may share a time.
    #[error("time number {position} ({minutes} min) is not later than the one before it; give times in order")]
    TimesNotAscending {
        /// Which time, counted from 1.
        position: usize,
        /// That time, in minutes.
        minutes: f64,
    },
    /// A plan without a dose has no curve.
    #[error("there is no dose in the plan; give at least one")]
    NoDose,
    /// A question without a time has no answer.
    #[error("no time was asked for; give at least one")]
    NoTime,
    /// No people were asked for.
    #[error("{people} virtual people cannot give percentiles; ask for 20 to 1 000 000")]
    PeopleOutside {
        /// How many were asked for.
        people: usize,
    },
    /// The model is not to be used so long after the last dose.
    #[error("{minutes} min is beyond the model; it holds until {valid_until} min, 8 h after the last dose")]
    BeyondValidity {
        /// The time asked for, in minutes.
        minutes: f64,
        /// The last time for which the model holds, in minutes.
        valid_until: f64,
    },
    /// The calculation left the range of numbers. Never expected; said instead of a wrong number.
    #[error("the calculation did not give a number; this is a fault of the model and not of the question")]
    NotANumber,
}
