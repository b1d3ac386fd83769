//! The clinic's codes as sentences. What is decided, stored and compared is codes and numbers; this crate turns them into
//! words for whoever reads: a patient, a companion, staff; in their language.
//!
//! A language is a folder of Fluent files beside `src` (`en/`). It decides nothing and keeps nothing: another wording, or
//! another language, changes no stored byte. A message that is missing never stops a page: the code itself is shown.

pub mod alarm;
pub mod alerts;
pub mod answers;
pub mod briefing;
mod cancelled;
mod catalogue;
mod coded;
pub mod findings;
pub mod items;
mod language;
pub mod outcome;
mod reader;
pub mod ready;
pub mod refusals;
mod reviewed;
pub mod rule_book;
pub mod terms;
pub mod timeline;

pub use cancelled::cancel_reason;
pub use catalogue::{Value, Words};
pub use coded::number;
pub use language::Language;
pub use reader::Reader;
pub use refusals::refusal;
pub use reviewed::{Review, Reviews, hash};

include!(concat!(env!("OUT_DIR"), "/folders.rs"));
