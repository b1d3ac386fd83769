//! How a command ends: with nothing found, with something found, or not at all, and the exit code for each.

use std::io::Write;
use std::process::ExitCode;

/// A command that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was found.
    Clean,
    /// Something was found.
    Found,
    /// Something given was wrong, and was said on the way.
    BadInput,
}

/// Why a command did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Wrong use or wrong input.
    #[error("{0}")]
    Input(String),
    /// Something technical.
    #[error("{0}")]
    Failure(String),
    /// Whoever read the output has gone away (`| head`): the end, and no error.
    #[error("the output was closed")]
    OutputClosed,
}

impl CliError {
    /// Wrong use or wrong input.
    pub fn input(says: impl std::fmt::Display) -> Self {
        Self::Input(says.to_string())
    }

    /// Something technical.
    pub fn failure(says: impl std::fmt::Display) -> Self {
        Self::Failure(says.to_string())
    }
}

impl From<stillwater_store::OpenError> for CliError {
    fn from(error: stillwater_store::OpenError) -> Self {
        match error {
            stillwater_store::OpenError::Failure(failure) => Self::failure(failure),
            other => Self::input(other),
        }
    }
}

/// What a subcommand gives back.
pub type CliResult = Result<Ended, CliError>;

/// A refusal in English words.
pub fn said(refusal: &stillwater_care::Refusal) -> String {
    stillwater_words::refusal(stillwater_words::Words::english(), stillwater_words::Reader::Staff, refusal)
}

/// Writes a line to standard output.
pub fn print_line(line: impl std::fmt::Display) -> Result<(), CliError> {
    writeln!(std::io::stdout().lock(), "{line}").map_err(closed)
}

/// Writes text that brings its own line ends.
pub fn print_text(text: &str) -> Result<(), CliError> {
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(closed)
}

fn closed(error: std::io::Error) -> CliError {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        CliError::OutputClosed
    } else {
        CliError::Failure(format!("standard output cannot be written: {error}"))
    }
}

/// Writes a line to standard error. Nobody is left to tell when that fails.
pub fn warn(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The exit code, after saying what went wrong.
pub fn end(done: CliResult) -> ExitCode {
    match done {
        Ok(Ended::Clean) | Err(CliError::OutputClosed) => ExitCode::SUCCESS,
        Ok(Ended::Found) => ExitCode::from(1),
        Ok(Ended::BadInput) => ExitCode::from(2),
        Err(CliError::Input(says)) => {
            warn(format_args!("stillwater: {says}"));
            ExitCode::from(2)
        }
        Err(CliError::Failure(says)) => {
            warn(format_args!("stillwater: {says}"));
            ExitCode::from(3)
        }
    }
}
