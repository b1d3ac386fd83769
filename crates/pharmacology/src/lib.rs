//! What the drug is doing now: ketamine from dose to concentration to effect, each value with its unit and its standing.
//!
//! This model never decides a dose, a discharge, a further dose or an alarm. Those rest on measured values and on
//! clinicians. It draws an expected course behind the measured one, helps to place therapy after a dose, and makes
//! virtual patients for tests and trials.
//!
//! One linear system describes ketamine and norketamine after every way of giving it; it is solved exactly. A value
//! comes as [`Graded`]: together with its [`Standing`], so that nobody can show it without. What the model cannot
//! answer is a [`ModelError`] by name and never a meaningless number. Everything is pure: the same person, doses and
//! seed give the same curve.
//!
//! Numbers, targets and limits are from the project's reference on ketamine pharmacology; [`parameters::ALL`] lists each
//! with its grade and source.

mod curve;
mod dose;
mod effects;
mod error;
mod interaction;
mod kinetics;
mod modes;
pub mod parameters;
mod person;
mod population;
mod preparation;
mod product;
mod schedule;
mod standing;
mod strongest;
mod system;
pub mod targets;
mod two_compartment;
pub mod units;
mod virtual_course;
mod window;

pub use curve::{Balance, Curve, Metrics, Point};
pub use dose::{Dose, InfusionStep, Plan};
pub use effects::{Acute, Occupancy};
pub use error::ModelError;
pub use interaction::{Interaction, Known, interaction};
pub use person::Person;
pub use population::{Band, Expected, ExpectedPoint};
pub use preparation::Preparation;
pub use product::{Product, Route};
pub use standing::{Graded, Standing};
pub use strongest::Strongest;
pub use two_compartment::{TwoCompartment, levels_of_many};
pub use virtual_course::{SymptomCourse, VirtualTrial, relative_exposures, virtual_readings};
pub use window::{Variant, Window, reference_session};
