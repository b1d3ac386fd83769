//! Printing: tables laid out for reading, numbers with as many digits as help, p values as people write them.

use std::fmt::Write;

use serde::Serialize;
use stillwater_evidence::estimate::{CannotEstimate, Interval, Missing, Test};

use super::values::{LeftOut, Values};
use crate::ending::{CliError, CliResult, Ended, print_line, print_text};

/// Text under way.
#[derive(Default)]
pub struct Text(String);

impl Text {
    /// A line.
    pub fn line(&mut self, words: impl std::fmt::Display) {
        // Writing into a text cannot fail.
        let _ = writeln!(self.0, "{words}");
    }

    /// A heading with an empty line before it.
    pub fn heading(&mut self, words: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.line(words);
    }

    /// A table: the first column flush left, the others flush right.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain(headings.get(column).map(|heading| heading.chars().count())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..headings.len()).map(width).collect();
        let mut put = |cells: &mut dyn Iterator<Item = &str>| {
            let mut line = String::new();
            for (n, (cell, width)) in cells.zip(&widths).enumerate() {
                let room = width.saturating_sub(cell.chars().count());
                if n == 0 {
                    line.push_str(cell);
                    line.extend(std::iter::repeat_n(' ', room));
                } else {
                    line.extend(std::iter::repeat_n(' ', room + 2));
                    line.push_str(cell);
                }
            }
            self.0.push_str(line.trim_end());
            self.0.push('\n');
        };
        put(&mut headings.iter().copied());
        for row in rows {
            put(&mut row.iter().map(String::as_str));
        }
    }

    /// How the file was read, where that is not plain, and which rows were left out.
    pub fn how_read(&mut self, values: &Values, left: &LeftOut) {
        for words in values.notes().into_iter().chain(left.words()) {
            self.line(words);
        }
    }

    /// Prints it.
    pub fn print(&self) -> CliResult {
        print_text(&self.0)?;
        Ok(Ended::Clean)
    }
}

/// Prints JSON.
pub fn json(value: &impl Serialize) -> CliResult {
    print_line(serde_json::to_string_pretty(value).map_err(CliError::failure)?)?;
    Ok(Ended::Clean)
}

/// What was found as JSON, or why there is nothing.
pub fn or_why<T: Serialize>(found: &Result<T, CannotEstimate>) -> serde_json::Value {
    match found {
        Ok(found) => serde_json::to_value(found).unwrap_or_default(),
        Err(why) => serde_json::json!({ "cannot": why.to_string() }),
    }
}

/// A number with about six digits that count.
pub fn number(value: f64) -> String {
    // A count or a whole number of degrees of freedom needs no decimals.
    if !value.is_finite() || (value.fract() == 0.0 && value.abs() < 1e15) {
        return format!("{value}");
    }
    let size = value.abs().log10().floor();
    if (-5.0..15.0).contains(&size) {
        let decimals = (5.0 - size).clamp(0.0, 10.0) as usize;
        format!("{value:.decimals$}")
    } else {
        format!("{value:.5e}")
    }
}

/// A number that may not be there.
pub fn maybe(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), number)
}

/// A p value.
pub fn p(value: f64) -> String {
    // Below this a number of double precision has no place of its own and reads as zero, which no p value is.
    if value < 1e-300 {
        "<1e-300".to_owned()
    } else if value < 0.0001 {
        format!("{value:.3e}")
    } else {
        format!("{value:.4}")
    }
}

/// An interval: "low to high".
pub fn interval(interval: Interval) -> String {
    format!("{} to {}", number(interval.low), number(interval.high))
}

/// A test: "t 2.31 on 27.1 df, p 0.0289".
pub fn test(name: &str, test: &Test) -> String {
    let df = test.degrees_of_freedom.map_or_else(String::new, |df| format!(" on {} df", number(df)));
    format!("{name} {}{df}, p {}", number(test.statistic), p(test.p))
}

/// How many were missing.
pub fn missing(missing: Missing) -> String {
    let share = missing.share().map_or_else(String::new, |share| format!(" ({:.1} %)", share * 100.0));
    format!("{} of {} used, {} missing{share}", missing.answered, missing.expected, missing.missing())
}

/// What cannot be estimated is said as wrong input: there is nothing to print.
pub fn cannot(error: CannotEstimate) -> CliError {
    CliError::Input(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_the_digits_that_count() {
        assert_eq!(number(-0.714_532_1), "-0.714532");
        assert_eq!(number(152.233_008), "152.233");
        assert_eq!(number(1.234e-9), "1.23400e-9");
        assert_eq!(number(0.0), "0");
    }

    #[test]
    fn no_p_value_is_printed_as_zero() {
        for (value, words) in [(0.0, "<1e-300"), (1e-310, "<1e-300"), (2e-26, "2.000e-26"), (0.0289, "0.0289")] {
            assert_eq!(p(value), words);
        }
    }

    #[test]
    fn a_table_stands_in_columns() {
        let mut text = Text::default();
        text.table(&["what", "n"], &[vec!["a long name".into(), "7".into()], vec!["b".into(), "12".into()]]);
        assert_eq!(text.0, "what          n\na long name   7\nb            12\n");
    }
}
