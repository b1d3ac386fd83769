//! The programme: what everybody's courses add up to, and beside which trials that may be read.
//!
//! Nothing here folds a chart. Each append leaves a line for statistics in its patient's index row; the figures are worked out
//! from those lines, kept until a chart changes, and named by what was asked.

mod beside;
pub mod cache;
mod draw;
mod file;
mod page;
mod report;

pub use cache::FigureCache;
pub use report::report;

use crate::auth::access::CHART;
use crate::http::Routes;

/// The routes of the programme.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("programme", "/programme", CHART, page::page)
        .get("programme.trials", "/programme/trials", CHART, beside::page)
        .get("programme.file", "/programme/figures/{file}", CHART, file::send)
}
