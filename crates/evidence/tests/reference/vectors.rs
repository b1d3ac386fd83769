//! Values that R printed, read from the files under `r/`. The first line of each names the program, its packages and the script.

use std::collections::BTreeMap;

/// The named values of one script.
pub struct Values(BTreeMap<String, f64>);

impl Values {
    /// Reads lines of "name,value".
    pub fn of(text: &str) -> Self {
        let mut lines = text.lines();
        let says = lines.next().unwrap();
        assert!(says.starts_with("# ") && says.contains(".R"), "the first line must name program and script: {says}");
        let pair = |line: &str| {
            let (name, value) = line.rsplit_once(',').unwrap();
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line}")))
        };
        Self(lines.map(pair).collect())
    }

    /// One value.
    #[track_caller]
    pub fn at(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("there is no value {name}"))
    }

    /// Fails where a number differs from a value by more than this share of it.
    #[track_caller]
    pub fn near(&self, name: &str, found: f64, relative: f64) {
        let expected = self.at(name);
        let apart = (found - expected).abs();
        assert!(apart <= relative * expected.abs().max(1e-300), "{name}: found {found}, expected {expected}");
    }
}

/// A table of the artificial trial.
pub struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads comma-separated values.
    pub fn of(text: &str) -> Self {
        let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut lines = text.lines();
        Self { headings: split(lines.next().unwrap()), rows: lines.map(split).collect() }
    }

    /// One row per person.
    pub fn trial() -> Self {
        Self::of(include_str!("../data/trial.csv"))
    }

    /// A column of words.
    pub fn words(&self, column: &str) -> Vec<String> {
        let at = self.headings.iter().position(|heading| heading == column).unwrap();
        self.rows.iter().map(|row| row[at].clone()).collect()
    }

    /// A column of numbers, `NA` where missing.
    pub fn maybe(&self, column: &str) -> Vec<Option<f64>> {
        self.words(column).iter().map(|cell| (cell != "NA").then(|| cell.parse().unwrap())).collect()
    }

    /// A column of numbers without gaps.
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        self.maybe(column).into_iter().map(Option::unwrap).collect()
    }
}
