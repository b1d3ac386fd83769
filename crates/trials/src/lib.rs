//! The published trials of ketamine for PTSD as data: design, people, numbers with their source and standing, and what
//! each cannot say.
//!
//! A number that could not be checked has no way out of here as a number: [`Fact::says`] and [`ReportedOutcome::numbers`] hold it back. A
//! change from people's own start and a difference between arms are two types, and only the second can be pooled.

mod fact;
mod library;
mod pool;
mod quantity;
mod row;
mod study;

pub use fact::{Fact, NOT_CHECKED, NotAFact, Source, Standing};
pub use library::{Library, all, library, study};
pub use pool::{Headline, MOST_DISAGREEMENT, NotPooled, Repooled, Withheld, pool, unlike};
pub use quantity::{ArmDifference, NotPoolable, OwnChange, Quantity, When};
pub use row::{Comparison, Measure, Numbers, ReportedAs, ReportedOutcome};
pub use study::{ControlKind, Group, Study, Verdict};
