//! What the readers of versioned data files (protocols, consent texts) share.

use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why a data file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}, line {line}: {problem}; expected {expected}")]
pub struct DataFileError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub expected: String,
}

impl DataFileError {
    /// The refusal of what stands at a byte of a file.
    pub(crate) fn at(file: &str, text: &str, byte: usize, problem: String, expected: &str) -> Self {
        Self { file: file.to_owned(), line: line_of(text, byte), problem, expected: expected.to_owned() }
    }
}

/// Reads a file whose keys are fixed; `expected` says what kind of file it should be.
pub(crate) fn parsed<T: DeserializeOwned>(file: &str, text: &str, expected: &str) -> Result<T, DataFileError> {
    toml::from_str(text).map_err(|error| {
        let byte = error.span().map_or(0, |span| span.start);
        DataFileError::at(file, text, byte, error.message().replace('\n', " "), expected)
    })
}

/// Whether an id has only lower-case letters, digits and hyphens.
pub(crate) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether a file's language looks like a tag of BCP 47.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    tag.len() >= 2 && tag.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The line, from 1, of a byte in a file.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
