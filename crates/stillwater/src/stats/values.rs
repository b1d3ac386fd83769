//! A file of values, column by column, with complaints that name the file, the line and the column.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;

use super::table::{Row, Table, lines, rows_of};
use crate::ending::CliError;

/// A file of values.
#[derive(Clone)]
pub struct Values {
    name: String,
    headings: Vec<String>,
    rows: Vec<Row>,
    notes: Vec<String>,
    decimal: Decimal,
    /// Further words that mean missing.
    missing: Vec<String>,
}

/// What stands between a whole number and its decimals.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Decimal {
    /// 12.5
    Point,
    /// 12,5
    Comma,
    /// Only such as 1,234, which may be either.
    #[value(skip)]
    Unknown,
}

/// The rows that a calculation could not use.
#[derive(Default, Serialize)]
pub struct LeftOut {
    /// How many rows the file has.
    pub rows: usize,
    /// How many were used.
    pub used: usize,
    /// The lines left out, by the column that was missing there.
    pub missing: BTreeMap<String, Vec<u64>>,
}

impl LeftOut {
    /// In words, or nothing where every row was used.
    pub fn words(&self) -> Option<String> {
        if self.missing.is_empty() {
            return None;
        }
        let each = self
            .missing
            .iter()
            .map(|(column, at)| format!("{} without {column:?} ({})", at.len(), lines(at)))
            .collect::<Vec<_>>();
        Some(format!("Left out: {} of {}: {}.", self.rows - self.used, rows_of(self.rows), each.join(", ")))
    }
}

fn is_missing(cell: &str, further: &[String]) -> bool {
    const WORDS: [&str; 9] = ["NA", "N/A", "#N/A", "N.A.", "NaN", "null", ".", "<NA>", "missing"];
    cell.is_empty()
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(cell))
        || further.iter().any(|word| same(word, cell))
}

/// Whether two cells mean the same: as words, or as numbers, so that 1 and 1.0 agree.
pub fn same(cell: &str, wanted: &str) -> bool {
    cell == wanted || matches!((cell.parse::<f64>(), wanted.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

/// A cell such as 12,5: digits, one comma, digits.
fn has_decimal_comma(cell: &str) -> bool {
    let unsigned = cell.trim_start_matches(['-', '+', '\u{2212}']);
    let digits = |part: &str| !part.is_empty() && part.chars().all(|here| here.is_ascii_digit());
    unsigned
        .split_once(',')
        .is_some_and(|(whole, after)| digits(whole) && digits(after.split(['e', 'E']).next().unwrap_or("")))
}

/// A cell such as 12.5.
fn has_decimal_point(cell: &str) -> bool {
    cell.contains('.') && cell.parse::<f64>().is_ok()
}

fn decimal(rows: &[Row]) -> Decimal {
    let cells = || rows.iter().flat_map(|row| row.cells.iter());
    let commas = || cells().filter(|cell| has_decimal_comma(cell));
    if commas().next().is_none() || cells().any(|cell| has_decimal_point(cell)) {
        return Decimal::Point;
    }
    let certain = commas().any(|cell| {
        let (whole, after) = cell.split_once(',').unwrap_or_default();
        after.len() != 3 || whole.trim_start_matches(['-', '+', '\u{2212}']).starts_with('0') || whole.len() > 4
    });
    if certain { Decimal::Comma } else { Decimal::Unknown }
}

impl Values {
    /// Reads a file, or standard input for `-`.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        if path.as_os_str() == "-" {
            return Self::of("standard input".to_owned(), std::io::stdin().lock());
        }
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| CliError::Input(format!("{name} cannot be read: {error}")))?;
        Self::of(name, file)
    }

    fn of(name: String, mut source: impl Read) -> Result<Self, CliError> {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(|error| CliError::Input(format!("{name} cannot be read: {error}")))?;
        let Table { headings, rows, mut notes } =
            Table::read(&bytes).map_err(|says| CliError::Input(format!("{name}{says}")))?;
        let decimal = decimal(&rows);
        if decimal == Decimal::Comma {
            notes.push("decimals written with a comma".to_owned());
        }
        Ok(Self { name, headings, rows, notes, decimal, missing: Vec::new() })
    }

    /// The same, with further words that mean missing and, where it was said, how decimals are written.
    pub fn told(mut self, missing: &[String], decimal: Option<Decimal>) -> Self {
        self.missing = missing.to_vec();
        if let Some(decimal) = decimal {
            self.decimal = decimal;
        }
        self
    }

    /// What a reader should know of how the file was read, in one line.
    pub fn notes(&self) -> Option<String> {
        (!self.notes.is_empty()).then(|| format!("{}: {}.", self.name, self.notes.join("; ")))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, column: &str) -> bool {
        !column.is_empty() && self.headings.iter().any(|heading| heading == column)
    }

    fn place(&self, column: &str) -> Result<usize, CliError> {
        let named = || self.headings.iter().filter(|heading| !heading.is_empty());
        self.headings.iter().position(|heading| !column.is_empty() && heading == column).ok_or_else(|| {
            CliError::Input(format!(
                "{}: there is no column {column:?}; there are {}",
                self.name,
                named().map(|h| format!("{h:?}")).collect::<Vec<_>>().join(", ")
            ))
        })
    }

    fn cells(&self, column: &str) -> Result<impl Iterator<Item = (u64, &str)>, CliError> {
        let place = self.place(column)?;
        Ok(self.rows.iter().map(move |row| (row.line, row.cells.get(place).map_or("", String::as_str))))
    }

    /// A complaint about one cell.
    pub fn wrong_at(&self, row: usize, column: &str, says: impl std::fmt::Display) -> CliError {
        let line = self.rows.get(row).map_or(0, |row| row.line);
        CliError::Input(format!("{}, line {line}, column {column:?}: {says}", self.name))
    }

    /// The line of a row in the file.
    pub fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |row| row.line)
    }

    /// The rows in which every one of these columns holds something, and what was left out for want of it.
    pub fn complete(&self, columns: &[&str]) -> Result<(Self, LeftOut), CliError> {
        self.complete_at(columns).map(|(values, left, _)| (values, left))
    }

    /// The same, with the places that the rows had here.
    pub fn complete_at(&self, columns: &[&str]) -> Result<(Self, LeftOut, Vec<usize>), CliError> {
        let places = columns.iter().map(|column| self.place(column)).collect::<Result<Vec<_>, _>>()?;
        let mut left = LeftOut { rows: self.rows.len(), ..LeftOut::default() };
        let mut kept = Vec::with_capacity(self.rows.len());
        let mut at = Vec::with_capacity(self.rows.len());
        for (place, row) in self.rows.iter().enumerate() {
            let gone = columns
                .iter()
                .zip(&places)
                .find(|(_, place)| row.cells.get(**place).is_none_or(|cell| is_missing(cell, &self.missing)));
            match gone {
                Some((column, _)) => left.missing.entry((*column).to_owned()).or_default().push(row.line),
                None => {
                    kept.push(row.clone());
                    at.push(place);
                }
            }
        }
        left.used = kept.len();
        if kept.is_empty() {
            let all = columns.iter().map(|column| format!("{column:?}")).collect::<Vec<_>>().join(", ");
            return Err(self.wrong(format!("no row holds a value in each of {all}")));
        }
        Ok((self.with(kept), left, at))
    }

    fn with(&self, rows: Vec<Row>) -> Self {
        Self {
            name: self.name.clone(),
            headings: self.headings.clone(),
            rows,
            notes: self.notes.clone(),
            decimal: self.decimal,
            missing: self.missing.clone(),
        }
    }

    /// The same file with these rows only, in this order.
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        Self { rows: rows.iter().filter_map(|row| self.rows.get(*row).cloned()).collect(), ..self.clone() }
    }

    fn number(&self, row: usize, column: &str, cell: &str) -> Result<Option<f64>, CliError> {
        if is_missing(cell, &self.missing) {
            return Ok(None);
        }
        if has_decimal_comma(cell) {
            match self.decimal {
                Decimal::Comma => {}
                Decimal::Point => {
                    return Err(self.wrong_at(row, column, format!(
                        "{cell:?} has a comma where the file writes decimals with a point; write {:?}, or say --decimal comma", cell.replace(',', ".")
                    )));
                }
                Decimal::Unknown => {
                    return Err(self.wrong_at(
                        row,
                        column,
                        format!(
                            "{cell:?} may be {} or {}; say --decimal comma, or write the number without the comma",
                            cell.replace(',', "."),
                            cell.replace(',', "")
                        ),
                    ));
                }
            }
        }
        match self.parsed(cell) {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong_at(
                row,
                column,
                format!(
                    "{cell:?} is not a number; write a number such as 12.5, or nothing, NA or . where it is missing"
                ),
            )),
        }
    }

    fn parsed(&self, cell: &str) -> Option<f64> {
        let plain = cell.replace('\u{2212}', "-");
        let plain = if self.decimal == Decimal::Comma { plain.replace(',', ".") } else { plain };
        plain.parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// A column of numbers, some of which may be missing.
    pub fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, CliError> {
        self.cells(column)?.enumerate().map(|(row, (_, cell))| self.number(row, column, cell)).collect()
    }

    /// A column of numbers, of which none may be missing.
    pub fn whole(&self, column: &str) -> Result<Vec<f64>, CliError> {
        let numbers = self.numbers(column)?;
        let there = |(row, number): (usize, &Option<f64>)| {
            number.ok_or_else(|| {
                self.wrong_at(row, column, "the number is missing and is needed; take the row out or fill it in")
            })
        };
        numbers.iter().enumerate().map(there).collect()
    }

    /// A column of whole numbers from 0 on.
    pub fn counts(&self, column: &str) -> Result<Vec<usize>, CliError> {
        let counted = |(row, number): (usize, f64)| {
            if number >= 0.0 && number.fract() == 0.0 && number < 9e15 {
                Ok(number as usize)
            } else {
                Err(self.wrong_at(row, column, format!("{number} is not a count; write 0 or a whole number above it")))
            }
        };
        self.whole(column)?.into_iter().enumerate().map(counted).collect()
    }

    /// A column of words; a missing one is refused, since a person or a group without a name cannot be told apart.
    pub fn words(&self, column: &str) -> Result<Vec<String>, CliError> {
        let cells = self.groups(column)?;
        let there = |(row, word): (usize, Option<String>)| {
            word.ok_or_else(|| self.wrong_at(row, column, "the cell is empty or missing and must name something"))
        };
        cells.into_iter().enumerate().map(there).collect()
    }

    /// A column of words, some of which may be missing.
    pub fn groups(&self, column: &str) -> Result<Vec<Option<String>>, CliError> {
        Ok(self.cells(column)?.map(|(_, cell)| (!is_missing(cell, &self.missing)).then(|| cell.to_owned())).collect())
    }

    /// Whether every cell of a column that is not missing is a number.
    pub fn is_numeric(&self, column: &str) -> Result<bool, CliError> {
        let numeric = |cell: &str| self.parsed(cell).is_some() || has_decimal_comma(cell);
        Ok(self.cells(column)?.all(|(_, cell)| is_missing(cell, &self.missing) || numeric(cell)))
    }

    /// Something about the whole file, with its name in front.
    pub fn wrong(&self, says: impl std::fmt::Display) -> CliError {
        CliError::Input(format!("{}: {says}", self.name))
    }
}

/// The levels of a column in the order in which they first stand.
pub fn levels(words: &[String]) -> Vec<&str> {
    let mut levels: Vec<&str> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for word in words {
        if known.insert(word.as_str()) {
            levels.push(word);
        }
    }
    levels
}

/// Names divided by commas.
pub fn names(list: &str) -> Vec<&str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// Two names divided by a comma.
pub fn pair<'l>(option: &str, list: &'l str) -> Result<(&'l str, &'l str), CliError> {
    match names(list).as_slice() {
        [first, second] => Ok((first, second)),
        _ => Err(CliError::Input(format!("{option} is {list:?}; give two columns divided by a comma, treated first"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Values {
        Values::of("file".to_owned(), text.as_bytes()).ok().unwrap()
    }

    fn says<T>(found: Result<T, CliError>) -> String {
        found.err().unwrap().to_string()
    }

    #[test]
    fn decimal_commas_are_read_and_what_may_be_either_is_asked_about() {
        let german = values("a;b\n1,5;2\n-0,25;NA\n");
        assert_eq!(german.numbers("a").ok().unwrap(), [Some(1.5), Some(-0.25)]);
        assert!(german.notes().unwrap().contains("semicolons") && german.notes().unwrap().contains("comma"));
        let either = values("a;b\n1,234;2\n");
        let said = says(either.numbers("a"));
        assert!(said.contains("line 2, column \"a\"") && said.contains("1.234 or 1234"), "{said}");
        assert_eq!(either.told(&[], Some(Decimal::Comma)).numbers("a").ok().unwrap(), [Some(1.234)]);
        let both = values("a;b\n1,5;2.5\n");
        assert!(says(both.numbers("a")).contains("with a point"));
    }

    #[test]
    fn what_is_missing_is_missing_however_it_is_written() {
        let some = values("a,g\n1,x\nN/A,y\nna,NA\n#N/A,n/a\n-99,x\n");
        assert_eq!(some.numbers("a").ok().unwrap(), [Some(1.0), None, None, None, Some(-99.0)]);
        assert_eq!(some.groups("g").ok().unwrap().iter().filter(|g| g.is_none()).count(), 2);
        assert!(says(some.words("g")).contains("line 4, column \"g\""));
        let told = some.told(&["-99.0".to_owned()], None);
        assert_eq!(told.numbers("a").ok().unwrap().last(), Some(&None));
        let (kept, left) = told.complete(&["a", "g"]).ok().unwrap();
        assert_eq!((kept.len(), left.rows, left.used), (1, 5, 1));
        assert_eq!(left.words().unwrap(), "Left out: 4 of 5 rows: 4 without \"a\" (lines 3, 4, 5, 6).");
    }
}
