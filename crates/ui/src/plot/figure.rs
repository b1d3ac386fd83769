//! A figure with everything that belongs to it: drawing, table, one line on number, method and caveat, and files.

use maud::{Markup, html};

use super::{Forest, Plot};
use crate::components::data_table;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// Over two axes.
    Plot(Plot),
    /// One estimate beneath another.
    Forest(Forest),
}

impl Drawing {
    /// On a page.
    #[must_use]
    pub fn draw(&self) -> Markup {
        match self {
            Self::Plot(plot) => plot.draw(),
            Self::Forest(forest) => forest.draw(),
        }
    }

    /// As a file.
    #[must_use]
    pub fn svg_file(&self) -> String {
        match self {
            Self::Plot(plot) => plot.svg_file(),
            Self::Forest(forest) => forest.svg_file(),
        }
    }
}

/// The numbers behind a drawing, as text. A heading that starts with `#` is of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub headings: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows yet.
    #[must_use]
    pub fn with(headings: &[&str]) -> Self {
        Self { headings: headings.iter().map(|heading| (*heading).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    /// The table on a page.
    #[must_use]
    pub fn draw(&self, caption: &str) -> Markup {
        let headings: Vec<&str> = self.headings.iter().map(String::as_str).collect();
        let rows: Vec<Vec<Markup>> =
            self.rows.iter().map(|row| row.iter().map(|cell| html! { (cell) }).collect()).collect();
        data_table(caption, &headings, &rows)
    }

    /// The table as a file of comma-separated values (RFC 4180). A text that a spreadsheet would run as a formula gets an
    /// apostrophe in front; numbers do not.
    #[must_use]
    pub fn csv(&self) -> String {
        let headings = self.headings.iter().map(|heading| heading.trim_start_matches('#').trim().to_owned()).collect();
        let mut writer =
            csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        for row in std::iter::once(&headings).chain(&self.rows) {
            // Writing into memory cannot fail, and rows may be of any length.
            let _ = writer.write_record(row.iter().map(|cell| guarded(cell)));
        }
        writer.into_inner().map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A cell that no spreadsheet runs as a formula.
fn guarded(cell: &str) -> String {
    let cell = cell.replace('−', "-").replace('\u{a0}', " ");
    // A number with its interval begins with a minus and is no formula; it holds nothing that a spreadsheet would call.
    let figures = cell.replace("to", "").chars().all(|c| c.is_ascii_digit() || " .,;()%-".contains(c));
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !figures;
    if formula { format!("'{cell}") } else { cell }
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name in the addresses of its files, and unique within the page.
    pub id: String,
    /// The heading.
    pub heading: String,
    /// What is drawn; none where a table says it better, or where there is nothing to draw.
    pub drawing: Option<Drawing>,
    /// The numbers.
    pub table: Table,
    /// Number, method and caveat in one line.
    pub line: String,
    /// The share of answers that are missing, in words, where answers were expected.
    pub missing: Option<String>,
    /// Where its files are: `{base}/{id}.csv` and `.svg`, with the query that gives this figure.
    pub base: String,
    /// The query, with its question mark, or empty.
    pub query: String,
    /// What exactly is estimated, by the attributes of ICH E9(R1), each with its words; empty where nothing is.
    pub estimand: Vec<(&'static str, String)>,
}

impl Figure {
    /// A figure of a table alone, without files: the rest is set where there is more.
    #[must_use]
    pub fn of_table(id: &str, heading: &str, table: Table, line: String) -> Self {
        Self {
            id: id.to_owned(),
            heading: heading.to_owned(),
            drawing: None,
            table,
            line,
            missing: None,
            base: String::new(),
            query: String::new(),
            estimand: Vec::new(),
        }
    }

    /// The figure on a page. Without a drawing, its table stands open.
    #[must_use]
    pub fn draw(&self) -> Markup {
        self.with(&html! {
            @match &self.drawing {
                Some(drawing) => {
                    (drawing.draw())
                    details .as-table { summary { "The same as a table" } (self.table.draw(&self.heading)) }
                }
                None => (self.table.draw(&self.heading)),
            }
        })
    }

    /// The figure on paper: drawing and table beneath each other.
    #[must_use]
    pub fn draw_open(&self) -> Markup {
        self.with(&html! {
            @if let Some(drawing) = &self.drawing { (drawing.draw()) }
            (self.table.draw(&self.heading))
        })
    }

    fn with(&self, inner: &Markup) -> Markup {
        // A table that stands open and has many columns, or a long list of estimates, takes the whole width.
        let wide = match &self.drawing {
            None => self.table.headings.len() > 5,
            Some(Drawing::Forest(forest)) => forest.rows.len() > 6,
            Some(Drawing::Plot(_)) => false,
        };
        let file = |kind: &str| format!("{}/{}.{kind}{}", self.base, self.id, self.query);
        html! {
            figure .figure.wide[wide] id=(format!("figure-{}", self.id)) {
                h3 { (self.heading) }
                @if let Some(missing) = &self.missing { p .missing-share { (missing) } }
                (inner)
                figcaption { (self.line) }
                @if !self.estimand.is_empty() {
                    details .estimand {
                        summary { "What exactly is estimated" span .sr { " by " (self.heading) } }
                        dl { @for (attribute, words) in &self.estimand { dt { (attribute) } dd { (words) } } }
                        p .quiet { "The five attributes of an estimand, after ICH E9(R1). There is no control group, so that none of it is an effect of the treatment." }
                    }
                }
                @if !self.base.is_empty() {
                    p .files {
                        a href=(file("csv")) download { "CSV" span .sr { " of " (self.heading) } }
                        @if self.drawing.is_some() { " " a href=(file("svg")) download { "SVG" span .sr { " of " (self.heading) } } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_values_quotes_and_runs_nothing() {
        let mut table = Table::with(&["What", "# n"]);
        table.push(["a, \"b\"".to_owned(), "−3.2".to_owned()]);
        table.push(["=SUM(A1)".to_owned(), "12".to_owned()]);
        table.push(["-2+cmd|x".to_owned(), "−1.5 (−3.0 to 0.2)".to_owned()]);
        assert_eq!(table.csv(), "What,n\r\n\"a, \"\"b\"\"\",-3.2\r\n'=SUM(A1),12\r\n'-2+cmd|x,-1.5 (-3.0 to 0.2)\r\n");
    }

    #[test]
    fn without_a_drawing_the_table_stands_open_and_there_is_no_picture_to_take() {
        let figure = Figure {
            id: "x".into(),
            heading: "Doses".into(),
            drawing: None,
            table: Table::with(&["a"]),
            line: "n = 0.".into(),
            missing: None,
            base: "/programme/figures".into(),
            query: "?setting=home".into(),
            estimand: Vec::new(),
        };
        let drawn = figure.draw().into_string();
        assert!(!drawn.contains("<details") && !drawn.contains(".svg"));
        assert!(drawn.contains("/programme/figures/x.csv?setting=home"));
    }
}
