//! Everything that comes with the program: the studies, their rows of numbers, and the sources.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::fact::Source;
use crate::quantity::{ArmDifference, OwnChange, between_of_therapy};
use crate::row::{self, ReportedOutcome};
use crate::study::Study;

/// The studies with their numbers and sources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// Every study, in the order in which they are shown.
    pub studies: Vec<Study>,
    /// Every row of numbers, those that were not checked included.
    pub rows: Vec<ReportedOutcome>,
    /// Every source.
    pub sources: Vec<Source>,
    therapy: Vec<ArmDifference>,
    faults: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Studies {
    /// The language of the words in the file, as a tag of BCP 47.
    language: String,
    study: Vec<Study>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    source: Vec<Source>,
}

const STUDIES: [&str; 5] = [
    include_str!("../data/randomised.toml"),
    include_str!("../data/elsewhere.toml"),
    include_str!("../data/uncontrolled.toml"),
    include_str!("../data/pooled.toml"),
    include_str!("../data/conventional.toml"),
];

fn parsed<T: DeserializeOwned>(text: &str, faults: &mut Vec<String>) -> Option<T> {
    toml::from_str(text).map_err(|error| faults.push(error.to_string())).ok()
}

static BUILT_IN: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library::default();
    let mut faults = Vec::new();
    for text in STUDIES {
        let Some(Studies { language, study }) = parsed::<Studies>(text, &mut faults) else { continue };
        library.studies.extend(study.into_iter().map(|study| Study { language: language.clone(), ..study }));
    }
    let sources = parsed::<Sources>(include_str!("../data/sources.toml"), &mut faults);
    library.sources = sources.into_iter().flat_map(|file| file.source).collect();
    match row::read(include_str!("../data/trials.csv")) {
        Ok(rows) => library.rows = rows,
        Err(fault) => faults.push(fault),
    }
    match between_of_therapy() {
        Ok(trials) => library.therapy = trials,
        Err(fault) => faults.push(fault),
    }
    library.faults = faults;
    library
});

/// Everything that comes with the program.
#[must_use]
pub fn library() -> &'static Library {
    &BUILT_IN
}

/// Every study.
#[must_use]
pub fn all() -> &'static [Study] {
    &BUILT_IN.studies
}

/// A study by its name in addresses.
#[must_use]
pub fn study(slug: &str) -> Option<&'static Study> {
    BUILT_IN.studies.iter().find(|study| study.slug == slug)
}

impl Library {
    /// The day on which the record was last read against its sources.
    pub const REVIEWED: &'static str = "2026-11-23";

    /// What could not be read of what comes with the program; a test shows that there is nothing.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The rows of a study.
    pub fn rows_of<'a>(&'a self, study: &'a Study) -> impl Iterator<Item = &'a ReportedOutcome> {
        self.rows.iter().filter(|row| study.rows.as_deref() == Some(row.trial.as_str()))
    }

    /// A source by its number.
    #[must_use]
    pub fn source(&self, number: u16) -> Option<&Source> {
        self.sources.iter().find(|source| source.number == number)
    }

    /// Every difference between arms that may be pooled, of the trials and of the psychotherapies.
    #[must_use]
    pub fn between(&self) -> Vec<ArmDifference> {
        let of_trials = self.studies.iter().flat_map(|study| self.rows_of(study).map(move |row| (study, row)));
        // A row that may not be pooled gives nothing, on purpose; why is asked of `ArmDifference::all_of`.
        let found = of_trials.flat_map(|(study, row)| ArmDifference::all_of(study, row).unwrap_or_default());
        found.chain(self.therapy.iter().cloned()).collect()
    }

    /// Every change from people's own start, with its study.
    #[must_use]
    pub fn own_changes(&self) -> Vec<OwnChange> {
        let rows = self.studies.iter().flat_map(|study| self.rows_of(study).map(move |row| (study, row)));
        rows.flat_map(|(study, row)| OwnChange::all_of(study, row)).collect()
    }
}
