//! The programme: what everybody's courses add up to, and beside which trials that may be read.
//!
//! Nothing here folds a chart. Each append leaves a line for statistics in its patient's index row; the figures are worked out
//! from those lines, kept until a chart changes, and named by what was asked.

mod beside;
mod draw;
mod kept;
mod page;
mod report;

pub use kept::FigureCache;
pub use report::report;

use crate::auth::access::{CHART, Row};
use crate::http::Routes;

/// The routes of the programme.
#[must_use]
pub fn routes() -> Routes {
    page::routes()
}

/// Who may see the programme: whoever works with charts. It names nobody.
pub const ACCESS: &[Row] = &[
    Row { id: "programme", who: CHART },
    Row { id: "programme.trials", who: CHART },
    Row { id: "programme.file", who: CHART },
];
