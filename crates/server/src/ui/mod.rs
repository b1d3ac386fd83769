//! How every page looks: the frames around pages, and the parts that pages are made of.
//!
//! No page carries a style or a script of its own: classes and `data-` attributes only, so that the browser can be told to run nothing else.

pub mod chart;
pub mod clock;
pub mod components;
pub mod field;
pub mod frame;
#[cfg(debug_assertions)]
mod guide;
pub mod plot;

pub use chart::{LinePoint, OutcomeChart, score_text, sparkline};
pub use clock::{countdown, countdown_ring, elapsed_clock, stale_reading};
pub use components::{
    Flag, Notice, Trend, ago, call_button, data_table, empty, flag, key_values, link_state, notice, phone_link,
    saved_steps, trend_word,
};
pub use field::{Field, FieldGroup, confirm_form, error_summary, hold_button};
pub use frame::{
    ChartHeader, PhoneMode, account_page, chart_page, inbox_count, phone_page, phone_page_as, problem_page,
    sign_in_page, staff_page, staff_page_live,
};

use crate::http::Routes;

/// The style guide, in debug builds only.
#[must_use]
pub fn routes() -> Routes {
    #[cfg(debug_assertions)]
    return guide::routes();
    #[cfg(not(debug_assertions))]
    Routes::new()
}
