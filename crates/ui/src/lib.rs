//! How every page looks: the frames around pages, the parts that pages are made of, drawings, styles and scripts.
//!
//! Nothing here knows a route or a patient: what a frame needs of a request is handed to it as a [`PageFrame`], and
//! what a field needs of a sent form as [`FormValues`]. No page carries a style or a script of its own: classes and
//! `data-` attributes only, so that the browser can be told to run nothing else.

pub mod assets;
pub mod components;
pub mod form;
pub mod format;
pub mod frame;
pub mod guide;
pub mod plot;

pub use components::clock::{countdown, countdown_ring, elapsed_clock, stale_reading};
pub use components::field::{Field, FieldGroup, confirm_form, error_summary, help_button, hold_button};
pub use components::help::{HelpSheet, not_sent};
pub use components::{
    Flag, Notice, Trend, call_button, data_table, empty, flag, key_values, link_state, notice, phone_link, saved_steps,
    trend_word,
};
pub use form::FormValues;
pub use format::{ago, score_text};
pub use frame::{
    ChartHeader, ClinicCard, DemoClock, MenuEntry, PageFrame, PhoneMode, Places, ProblemWords, Reader, account_page,
    chart_page, inbox_count, leave_words, offline_page, pause_words, phone_page, phone_page_as, phone_page_with,
    problem_page, sign_in_page, sign_out_form, staff_page, staff_page_live,
};
pub use plot::{LinePoint, OutcomeChart, sparkline};
