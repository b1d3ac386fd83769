//! Why a model for repeated measures cannot be fitted, naming the column, visit or patient concerned.

use thiserror::Error;

use crate::estimate::CannotEstimate;

/// Why there is no fitted model for these rows.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// A reason that other estimators share.
    #[error(transparent)]
    Cannot(#[from] CannotEstimate),
    /// Nobody answered at one visit.
    #[error("cannot be estimated because every answer at visit {visit} is missing; leave the visit out")]
    NoAnswersAtVisit {
        /// The visit.
        visit: String,
    },
    /// Too few people answered at both of two visits, so that their covariance has nothing to rest on.
    #[error(
        "cannot be estimated because nobody answered at both {first} and {second}, so that an unstructured covariance has nothing to rest on; choose another structure"
    )]
    VisitsNeverTogether {
        /// The earlier visit.
        first: String,
        /// The later visit.
        second: String,
    },
    /// One person has two answers at one visit.
    #[error("patient {patient} has more than one answer at visit {visit}; keep one")]
    VisitTwice {
        /// The patient as named in the rows.
        patient: String,
        /// The visit.
        visit: String,
    },
    /// Columns of the design repeat one another.
    #[error("cannot be estimated because column {column} can be made from {from}; leave one of them out")]
    Collinear {
        /// The column that adds nothing.
        column: String,
        /// The columns it can be made from, joined with commas.
        from: String,
    },
    /// A name that stands for no variable or level.
    #[error("there is no {what} named {name}")]
    Unknown {
        /// What was looked for: "variable", "level".
        what: &'static str,
        /// The name.
        name: String,
    },
}
