//! The parts of a table: columns with their meaning, and cells that a CSV line or a Parquet column is made from.

use std::fmt::Write as _;
use std::io::Write;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A code or an id.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Real,
    /// True or false.
    Truth,
}

impl Kind {
    /// The word of the codebook.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "integer",
            Self::Real => "number",
            Self::Truth => "true or false",
        }
    }
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The unit of a number; empty where it has none.
    pub unit: &'static str,
    /// What it means, and what an empty cell means.
    pub meaning: &'static str,
    /// Every code that it can hold; empty for ids and numbers.
    pub values: &'static [&'static str],
    /// From what in the record it is made.
    pub from: &'static str,
}

/// One table of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One row for each person.
    People,
    /// One row for each score, and for each measure that was due and not answered.
    Measures,
    /// One row for each answer; written only when asked for.
    Items,
    /// One row for each dose.
    Doses,
    /// One row for each set of vital signs, sedation or distress rating.
    Readings,
    /// One row for each adverse event, and for each symptom marked in a session.
    AdverseEvents,
    /// One row for each step of the course that was decided or reached.
    Dispositions,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 7] = [
        Self::People,
        Self::Measures,
        Self::Items,
        Self::Doses,
        Self::Readings,
        Self::AdverseEvents,
        Self::Dispositions,
    ];

    /// Its name, which is also that of its files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Measures => "measures",
            Self::Items => "items",
            Self::Doses => "doses",
            Self::Readings => "readings",
            Self::AdverseEvents => "adverse_events",
            Self::Dispositions => "dispositions",
        }
    }

    /// What one row is.
    #[must_use]
    pub fn one_row(self) -> &'static str {
        match self {
            Self::People => "one person",
            Self::Measures => "one score of one filled-in instrument, or one instrument that was due and not answered",
            Self::Items => "one answer to one item",
            Self::Doses => "one dose",
            Self::Readings => "one set of vital signs, or one rating of sedation or distress",
            Self::AdverseEvents => "one adverse event, or one symptom marked in a session",
            Self::Dispositions => "one step of the course",
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing: not asked, not measured, or not applicable, as the column says.
    Absent,
    /// A code of the column's list.
    Code(&'static str),
    /// An id or a name from our own files, never words that somebody typed.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// True or false.
    Truth(bool),
}

/// One row; as many cells as its table has columns.
pub type StudyRow = Vec<Cell>;

impl Cell {
    /// A number, or nothing where there is none. A figure that is not finite counts as none.
    #[must_use]
    pub fn real(value: Option<f64>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Absent, Self::Real)
    }

    /// A whole number, or nothing.
    #[must_use]
    pub fn whole(value: Option<impl Into<i64>>) -> Self {
        value.map_or(Self::Absent, |value| Self::Whole(value.into()))
    }

    /// A code, or nothing.
    #[must_use]
    pub fn code(value: Option<&'static str>) -> Self {
        value.map_or(Self::Absent, Self::Code)
    }

    /// The words of a text cell; none for a cell of another kind.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Text(text) => Some(text),
            Self::Absent | Self::Whole(_) | Self::Real(_) | Self::Truth(_) => None,
        }
    }
}

/// Lines of CSV (RFC 4180, with a line feed alone). A field is quoted only where it must be.
pub struct CsvWriter<W: Write> {
    lines: csv::Writer<W>,
    figure: String,
}

impl<W: Write> CsvWriter<W> {
    /// Writes into a file or into memory.
    pub fn new(to: W) -> Self {
        let lines = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(1 << 16)
            .from_writer(to);
        Self { lines, figure: String::new() }
    }

    /// One field of text.
    ///
    /// # Errors
    /// What whatever is written into refuses; so with the others.
    pub fn text(&mut self, text: &str) -> csv::Result<()> {
        self.lines.write_field(text)
    }

    /// One field that can be shown.
    ///
    /// # Errors
    /// As of [`Self::text`].
    pub fn figure(&mut self, figure: impl std::fmt::Display) -> csv::Result<()> {
        self.figure.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.figure, "{figure}");
        self.lines.write_field(&self.figure)
    }

    /// One cell.
    ///
    /// # Errors
    /// As of [`Self::text`].
    pub fn cell(&mut self, cell: &Cell) -> csv::Result<()> {
        match cell {
            Cell::Absent => self.text(""),
            Cell::Code(code) => self.text(code),
            Cell::Text(text) => self.text(text),
            Cell::Whole(value) => self.figure(value),
            Cell::Real(value) => self.figure(value),
            Cell::Truth(value) => self.figure(value),
        }
    }

    /// The end of a line.
    ///
    /// # Errors
    /// As of [`Self::text`].
    pub fn end_line(&mut self) -> csv::Result<()> {
        self.lines.write_record(None::<&[u8]>)
    }

    /// One line of cells.
    ///
    /// # Errors
    /// As of [`Self::text`].
    pub fn cells(&mut self, cells: &[Cell]) -> csv::Result<()> {
        cells.iter().try_for_each(|cell| self.cell(cell))?;
        self.end_line()
    }

    /// One line of texts.
    ///
    /// # Errors
    /// As of [`Self::text`].
    pub fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> csv::Result<()> {
        self.lines.write_record(texts)
    }

    /// Writes what waits, and gives back what was written into.
    ///
    /// # Errors
    /// As of [`Self::text`].
    pub fn end(self) -> csv::Result<W> {
        self.lines.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Lines of CSV as one text.
pub(crate) fn csv_text(write: impl FnOnce(&mut CsvWriter<Vec<u8>>) -> csv::Result<()>) -> String {
    let mut lines = CsvWriter::new(Vec::new());
    // Memory takes every write, lines may be of any length, and what goes in is UTF-8: none of the three can fail.
    let bytes = write(&mut lines).and_then(|()| lines.end()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_only_where_it_must_be() {
        let row = [
            Cell::Text("plain".to_owned()),
            Cell::Text("a, b".to_owned()),
            Cell::Text("say \"no\"".to_owned()),
            Cell::Absent,
            Cell::Real(0.25),
            Cell::Whole(-3),
            Cell::Truth(true),
        ];
        let line = csv_text(|lines| lines.cells(&row));
        assert_eq!(line, "plain,\"a, b\",\"say \"\"no\"\"\",,0.25,-3,true\n");
    }

    #[test]
    fn a_figure_that_is_no_number_is_absent() {
        assert_eq!(Cell::real(Some(f64::NAN)), Cell::Absent);
        assert_eq!(Cell::real(Some(f64::INFINITY)), Cell::Absent);
        assert_eq!(Cell::real(Some(0.5)), Cell::Real(0.5));
    }
}
