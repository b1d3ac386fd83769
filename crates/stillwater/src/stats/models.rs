//! What the two kinds of mixed model share: columns into a design, and fixed effects on paper.

use std::num::ParseFloatError;

use serde_json::{Value, json};
use stillwater_evidence::mixed::{DesignBuilder, Factor, FixedEffects, Likelihood, ModelError, TEstimate};

use super::out::{Text, interval, number, p};
use super::values::{Values, levels};
use crate::ending::CliError;

/// How the likelihood is taken.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum By {
    /// Restricted maximum likelihood
    Reml,
    /// Maximum likelihood
    Ml,
}

impl From<By> for Likelihood {
    fn from(by: By) -> Self {
        match by {
            By::Reml => Self::Restricted,
            By::Ml => Self::Full,
        }
    }
}

impl By {
    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Reml => "restricted maximum likelihood",
            Self::Ml => "maximum likelihood",
        }
    }
}

/// What cannot be fitted is said as wrong input.
pub(super) fn cannot(error: ModelError) -> CliError {
    CliError::Input(error.to_string())
}

/// A factor with its levels in order: numbers by size, words by the alphabet.
pub(super) fn factor(values: &Values, column: &str) -> Result<Factor, CliError> {
    let words = values.words(column)?;
    let mut known = levels(&words);
    match known.iter().map(|level| Ok((level.parse::<f64>()?, *level))).collect::<Result<Vec<_>, ParseFloatError>>() {
        Ok(mut numbers) => {
            numbers.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            known = numbers.into_iter().map(|(_, level)| level).collect();
        }
        Err(_) => known.sort_unstable(),
    }
    Factor::ordered(column, &words, &known).map_err(cannot)
}

/// Adds a column: as a number where every cell is one, else as a factor.
pub(super) fn add(builder: DesignBuilder, values: &Values, column: &str) -> Result<DesignBuilder, CliError> {
    if values.is_numeric(column)? {
        builder.number(column, &values.whole(column)?).map_err(cannot)
    } else {
        builder.factor(factor(values, column)?).map_err(cannot)
    }
}

fn cells(name: &str, estimate: &TEstimate) -> Vec<String> {
    vec![
        name.to_owned(),
        number(estimate.value),
        number(estimate.standard_error),
        number(estimate.degrees_of_freedom),
        number(estimate.t),
        p(estimate.p),
        interval(estimate.interval),
    ]
}

/// The headings of a table of estimates.
pub(super) const ESTIMATES: [&str; 7] = ["", "estimate", "SE", "df", "t", "p", "interval"];

/// Fixed effects and the test of each term.
pub(super) fn fixed(text: &mut Text, fixed: &FixedEffects) -> Result<(), CliError> {
    text.heading("Fixed effects (Satterthwaite's degrees of freedom)");
    let rows: Vec<Vec<String>> =
        fixed.coefficients().map_err(cannot)?.iter().map(|one| cells(&one.name, &one.estimate)).collect();
    text.table(&ESTIMATES, &rows);
    text.heading("Each term (type III)");
    let rows: Vec<Vec<String>> = fixed
        .type_three()
        .map_err(cannot)?
        .iter()
        .map(|test| vec![test.name.clone(), number(test.f), number(test.df_top), number(test.df_bottom), p(test.p)])
        .collect();
    text.table(&["", "F", "df", "df of the residual", "p"], &rows);
    Ok(())
}

/// The same as JSON.
pub(super) fn fixed_json(fixed: &FixedEffects) -> Result<Value, CliError> {
    Ok(json!({
        "coefficients": fixed.coefficients().map_err(cannot)?,
        "covariance": fixed.covariance(),
        "terms": fixed.type_three().map_err(cannot)?,
    }))
}

/// Named estimates as a table.
pub(super) fn estimates(text: &mut Text, heading: &str, rows: &[(String, TEstimate)]) {
    text.heading(heading);
    let rows: Vec<Vec<String>> = rows.iter().map(|(name, estimate)| cells(name, estimate)).collect();
    text.table(&ESTIMATES, &rows);
}

/// A square of numbers with its names.
pub(super) fn square(text: &mut Text, heading: &str, names: &[String], cells: &[Vec<f64>]) {
    text.heading(heading);
    let headings: Vec<&str> = std::iter::once("").chain(names.iter().map(String::as_str)).collect();
    let rows: Vec<Vec<String>> = names
        .iter()
        .zip(cells)
        .map(|(name, row)| std::iter::once(name.clone()).chain(row.iter().map(|cell| number(*cell))).collect())
        .collect();
    text.table(&headings, &rows);
}
