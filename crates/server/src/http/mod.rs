//! The ways in and out: how routes are registered, what stands before each, how forms are read, how trouble is told.

pub mod context;
pub mod edge;
pub mod form;
pub mod live;
pub mod problem;
pub mod route;

pub use context::PageContext;
pub use form::{Form, Upload, UploadedFile};
pub use live::{Piece, live};
pub use problem::Problem;
pub use route::{Entry, Routes};
