//! A file of values, column by column, with complaints that name the file, the line and the column.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::ending::CliError;

/// A file of values.
pub struct Values {
    name: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The line of each row in the file.
    lines: Vec<u64>,
}

fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "NA" | "NaN" | ".")
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

    fn of(name: String, source: impl Read) -> Result<Self, CliError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        let wrong = |error: csv::Error| CliError::Input(format!("{name}: {error}"));
        let headings: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
        if headings.iter().all(String::is_empty) {
            return Err(CliError::Input(format!(
                "{name}: there is no line of headings; the first line names the columns"
            )));
        }
        if let Some(twice) =
            headings.iter().enumerate().find(|(n, h)| headings.iter().take(*n).any(|other| other == *h))
        {
            return Err(CliError::Input(format!(
                "{name}: two columns are called {:?}; give each its own name",
                twice.1
            )));
        }
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let record = record.map_err(|error| match error.kind() {
                csv::ErrorKind::UnequalLengths { pos, expected_len, len } => CliError::Input(format!(
                    "{name}, line {}: {len} cells where the headings are {expected_len}",
                    pos.as_ref().map_or(0, csv::Position::line)
                )),
                _ => CliError::Input(format!("{name}: {error}")),
            })?;
            lines.push(record.position().map_or(0, csv::Position::line));
            rows.push(record.iter().map(str::to_owned).collect());
        }
        if rows.is_empty() {
            return Err(CliError::Input(format!("{name}: there are headings and no rows")));
        }
        Ok(Self { name, headings, rows, lines })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    fn place(&self, column: &str) -> Result<usize, CliError> {
        self.headings.iter().position(|heading| heading == column).ok_or_else(|| {
            CliError::Input(format!(
                "{}: there is no column {column:?}; there are {}",
                self.name,
                self.headings.iter().map(|h| format!("{h:?}")).collect::<Vec<_>>().join(", ")
            ))
        })
    }

    fn cells(&self, column: &str) -> Result<impl Iterator<Item = (u64, &str)>, CliError> {
        let place = self.place(column)?;
        Ok(self.lines.iter().zip(&self.rows).map(move |(line, row)| (*line, row.get(place).map_or("", String::as_str))))
    }

    fn not_a_number(&self, line: u64, column: &str, cell: &str) -> CliError {
        CliError::Input(format!(
            "{}, line {line}, column {column:?}: {cell:?} is not a number; write a number such as 12.5, or nothing, NA or . where it is missing",
            self.name
        ))
    }

    /// A column of numbers, some of which may be missing.
    pub fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, CliError> {
        self.cells(column)?
            .map(|(line, cell)| match cell {
                cell if is_missing(cell) => Ok(None),
                cell => match cell.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(Some(number)),
                    _ => Err(self.not_a_number(line, column, cell)),
                },
            })
            .collect()
    }

    /// A column of numbers, of which none may be missing.
    pub fn whole(&self, column: &str) -> Result<Vec<f64>, CliError> {
        let numbers = self.numbers(column)?;
        numbers
            .iter()
            .zip(&self.lines)
            .map(|(number, line)| {
                number.ok_or_else(|| {
                    CliError::Input(format!(
                        "{}, line {line}, column {column:?}: the number is missing and is needed; take the row out or fill it in",
                        self.name
                    ))
                })
            })
            .collect()
    }

    /// A column of whole numbers from 0 on.
    pub fn counts(&self, column: &str) -> Result<Vec<usize>, CliError> {
        let numbers = self.whole(column)?;
        numbers
            .iter()
            .zip(&self.lines)
            .map(|(number, line)| {
                if *number >= 0.0 && number.fract() == 0.0 && *number < 9e15 {
                    Ok(*number as usize)
                } else {
                    Err(CliError::Input(format!(
                        "{}, line {line}, column {column:?}: {number} is not a count; write 0 or a whole number above it",
                        self.name
                    )))
                }
            })
            .collect()
    }

    /// A column of words; an empty cell is refused, since a person or a group without a name cannot be told apart.
    pub fn words(&self, column: &str) -> Result<Vec<String>, CliError> {
        self.cells(column)?
            .map(|(line, cell)| {
                if cell.is_empty() {
                    return Err(CliError::Input(format!(
                        "{}, line {line}, column {column:?}: the cell is empty and must name something",
                        self.name
                    )));
                }
                Ok(cell.to_owned())
            })
            .collect()
    }

    /// Whether every cell of a column that is not missing is a number.
    pub fn is_numeric(&self, column: &str) -> Result<bool, CliError> {
        Ok(self.cells(column)?.all(|(_, cell)| is_missing(cell) || cell.parse::<f64>().is_ok()))
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
