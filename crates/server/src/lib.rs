//! The server: who may come in, what they see, and the plumbing between browsers and charts.
//!
//! No clinical rule lives here and no statement of a database: pages ask the care rules and the store.

pub mod app;
pub mod assets;
pub mod auth;
pub mod companion;
pub mod demo_clock;
mod estimate_text;
mod expected;
pub mod http;
pub mod library;
pub mod live;
pub mod patient;
pub mod programme;
pub mod staff;
mod style_guide;

pub use stillwater_clinic::{charts, clock};

pub use app::{App, Clinic, entries, router, serve};
