//! Models for repeated measures on the same people: the parts they share, and the linear mixed model with random effects.

mod design;
mod error;
mod fixed;
mod random;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod sums;

pub use design::{Design, DesignBuilder, Factor, Weights};
pub use error::ModelError;
pub use fixed::{Coefficient, FTest, FixedEffects, TEstimate};
pub use random::{Mixed, MixedFit, RandomEffects};

/// Which likelihood is made as large as it can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub enum Likelihood {
    /// Restricted maximum likelihood, which allows for the fixed effects having been estimated.
    #[default]
    Restricted,
    /// Maximum likelihood, for comparing models that differ in their fixed effects.
    Full,
}
