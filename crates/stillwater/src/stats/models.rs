//! What the two kinds of mixed model share: columns into a design, and fixed effects on paper.

use serde_json::{Value, json};
use stillwater_evidence::mixed::{DesignBuilder, Factor, FixedEffects, Likelihood, ModelError, TEstimate};

use super::order;
use super::out::{Text, interval, number, p};
use super::values::{Values, names};
use crate::ending::CliError;

/// How the likelihood is taken.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
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

/// How columns are taken: as numbers or as groups, and which group the others are compared with.
#[derive(clap::Args, Default)]
pub(super) struct Coding {
    /// Columns of numbers that are codes of groups, such as a site
    #[arg(long, value_name = "COLUMNS")]
    pub(super) factor: Option<String>,
    /// The group that others are compared with: a level of the arm or group, or COLUMN=LEVEL; may be given again
    #[arg(long, value_name = "[COLUMN=]LEVEL")]
    pub(super) reference: Vec<String>,
}

impl Coding {
    /// Refuses an option that names a column the model does not hold. `main` is the column of arms or groups.
    pub(super) fn check(&self, values: &Values, columns: &[&str], main: Option<&str>) -> Result<(), CliError> {
        for column in self.factor.as_deref().map(names).unwrap_or_default() {
            if !columns.contains(&column) {
                return Err(CliError::Input(format!(
                    "--factor names {column:?}, which is not among the columns asked for"
                )));
            }
        }
        for written in &self.reference {
            match self.column_of(values, written) {
                Some(column) if !columns.contains(&column) && main != Some(column) => {
                    return Err(CliError::Input(format!(
                        "--reference names {column:?}, which is not among the columns asked for"
                    )));
                }
                None if main.is_none() => {
                    return Err(CliError::Input(format!(
                        "--reference is {written:?} and there is no column of groups; write COLUMN=LEVEL"
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn column_of<'w>(&self, values: &Values, written: &'w str) -> Option<&'w str> {
        written.split_once('=').map(|(column, _)| column.trim()).filter(|column| values.has(column))
    }

    /// The level that was given for a column to be compared with.
    pub(super) fn reference_of(&self, values: &Values, column: &str, main: bool) -> Option<&str> {
        let mut given = self.reference.iter().filter_map(|written| match self.column_of(values, written) {
            Some(named) if named == column => written.split_once('=').map(|(_, level)| level.trim()),
            None if main => Some(written.as_str()),
            _ => None,
        });
        given.next_back()
    }

    /// Whether a column is taken as groups.
    pub(super) fn is_factor(&self, values: &Values, column: &str) -> Result<bool, CliError> {
        Ok(self.factor.as_deref().map(names).unwrap_or_default().contains(&column) || !values.is_numeric(column)?)
    }

    /// A factor with its levels in order, the reference first.
    pub(super) fn levels(&self, values: &Values, column: &str, main: bool) -> Result<Factor, CliError> {
        let words = values.words(column)?;
        let known = order::groups(values, column, &words, self.reference_of(values, column, main))?;
        Factor::ordered(column, &words, &known).map_err(cannot)
    }

    /// Adds a column, and says how it was taken.
    pub(super) fn add(
        &self,
        builder: DesignBuilder,
        values: &Values,
        column: &str,
        taken: &mut Vec<String>,
    ) -> Result<DesignBuilder, CliError> {
        if self.is_factor(values, column)? {
            let factor = self.levels(values, column, false)?;
            if factor.levels().len() < 2 {
                return Err(one_value(values, column, &factor.levels().join("")));
            }
            taken.push(in_order(&factor));
            return builder.factor(factor).map_err(cannot);
        }
        let numbers = values.whole(column)?;
        taken.push(as_number(values, column, &numbers)?);
        builder.number(column, &numbers).map_err(cannot)
    }
}

/// The levels of a factor as they stand: "ARMCD: PBO (compared with), TRT".
pub(super) fn in_order(factor: &Factor) -> String {
    let levels: Vec<String> = factor
        .levels()
        .iter()
        .enumerate()
        .map(|(at, level)| if at == 0 { format!("{level} (reference)") } else { level.clone() })
        .collect();
    format!("{}: groups {}", factor.name(), levels.join(", "))
}

fn one_value(values: &Values, column: &str, value: &str) -> CliError {
    values.wrong(format!(
        "column {column:?} holds only {value:?} in the rows that can be used, so that it explains nothing; leave it out"
    ))
}

/// How a column of numbers is taken; whole numbers of which there are few may be codes, and that is said.
pub(super) fn as_number(values: &Values, column: &str, numbers: &[f64]) -> Result<String, CliError> {
    let mut known = numbers.to_vec();
    known.sort_by(f64::total_cmp);
    known.dedup();
    if let [only] = known.as_slice() {
        return Err(one_value(values, column, &number(*only)));
    }
    let codes = (3..=8).contains(&known.len()) && known.iter().all(|one| one.fract() == 0.0);
    let shown = known.iter().map(|one| number(*one)).collect::<Vec<_>>().join(", ");
    Ok(if codes {
        format!(
            "{column}: a number with one slope, though it holds only {shown}; if these are codes, say --factor {column}"
        )
    } else {
        format!("{column}: a number with one slope")
    })
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
    text.heading(if fixed.is_kenward_roger() {
        "Fixed effects (Kenward and Roger's errors and degrees of freedom)"
    } else {
        "Fixed effects (Satterthwaite's degrees of freedom)"
    });
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
