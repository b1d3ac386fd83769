//! What an analysis is given that can do without a file.

use std::path::PathBuf;

use stillwater_evidence::estimate::Confidence;

use super::values::{Decimal, Values, names};
use crate::ending::CliError;

/// A file, or numbers on the command line.
#[derive(clap::Args)]
pub(super) struct Open {
    /// The file of values, or - for standard input; without one, the numbers are given by options
    pub(super) file: Option<PathBuf>,
    /// Give JSON in place of text
    #[arg(long)]
    pub(super) json: bool,
    /// How much intervals are meant to cover, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 95.0)]
    level: f64,
    /// A further word or number that means missing, such as -99; may be given again
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// How decimals are written, where the file leaves it open
    #[arg(long, value_name = "HOW")]
    decimal: Option<Decimal>,
}

impl Open {
    /// Reads the file, where there is one.
    pub(super) fn values(&self) -> Result<Option<Values>, CliError> {
        let Some(file) = &self.file else { return Ok(None) };
        Ok(Some(Values::read(file)?.told(&self.missing, self.decimal)))
    }

    /// The level of intervals.
    pub(super) fn confidence(&self) -> Result<Confidence, CliError> {
        confidence(self.level)
    }
}

/// A level in per cent as one of intervals.
pub(super) fn confidence(level: f64) -> Result<Confidence, CliError> {
    Confidence::new(level / 100.0)
        .map_err(|_| CliError::Input(format!("--level is {level}; it must be above 0 and below 100")))
}

/// Numbers divided by commas.
pub(super) fn numbers(option: &str, list: &str) -> Result<Vec<f64>, CliError> {
    let found: Vec<f64> = names(list)
        .into_iter()
        .map(|one| match one.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(CliError::Input(format!(
                "{option} holds {one:?}, which is not a number; write numbers such as 12.5 divided by commas"
            ))),
        })
        .collect::<Result<_, _>>()?;
    if found.is_empty() { Err(CliError::Input(format!("{option} holds no number"))) } else { Ok(found) }
}

/// Two numbers divided by a comma.
pub(super) fn two(option: &str, list: &str) -> Result<(f64, f64), CliError> {
    match numbers(option, list)?.as_slice() {
        [first, second] => Ok((*first, *second)),
        _ => Err(CliError::Input(format!("{option} is {list:?}; give two numbers divided by a comma"))),
    }
}

/// A whole number from 0 on.
pub(super) fn whole(option: &str, value: f64) -> Result<usize, CliError> {
    if value >= 0.0 && value.fract() == 0.0 && value < 9e15 {
        Ok(value as usize)
    } else {
        Err(CliError::Input(format!("{option} holds {value}; write 0 or a whole number above it")))
    }
}
