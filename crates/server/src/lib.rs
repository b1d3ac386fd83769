//! The server: who may come in, what they see, and the plumbing between browsers and charts.
//!
//! No clinical rule lives here and no statement of a database: pages ask the care rules and the store.

pub mod access_table;
pub mod assets;
pub mod auth;
mod chart_access;
pub mod companion;
pub mod demo_clock;
mod estimate_text;
mod expected;
mod expiry_notice;
mod forms;
pub mod http;
pub mod library;
pub mod live;
pub mod patient;
mod problem_pages;
pub mod programme;
pub mod router;
pub mod staff;
pub mod state;
mod style_guide;

pub use router::{entries, router, serve};
pub use state::{App, Clinic};
