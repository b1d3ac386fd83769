//! Statistics that a trial would use, on plain numbers: each estimate with its interval, and with how many were missing.

pub mod binary;
pub mod change;
pub mod crossover;
pub mod distribution;
pub mod estimate;
pub mod imputation;
pub mod incidence;
pub mod linear;
mod matrix;
pub mod mean_difference;
pub mod meta;
pub mod mixed;
pub mod mmrm;
pub mod multiplicity;
pub mod power;
pub mod proportion;
pub mod rank;
mod root;
pub mod sequential;
pub mod simulate;
pub mod survival;
