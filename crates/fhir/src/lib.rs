//! Reads FHIR R4 bundles from elsewhere into what a referral needs: who somebody is, and what their record says.
//!
//! Text in, values out: this crate opens no file and reads no clock. Everything taken over keeps where it came from
//! (file, line, resource), and whatever was not understood is listed with the reason, never dropped in silence. A fact
//! that may answer a history question is a *candidate*: it holds the way until staff have looked at it.
//!
//! Three limits keep a chart readable, and each says so in the list of what was not taken over: the newest
//! [`NEWEST_MEASUREMENTS`] sets of vital signs and as many weights, the newest [`NEWEST_OF_A_KIND`] results of each other
//! kind of observation and procedure, and one line for each type of resource that no rule or page uses.

mod allergy;
mod answers;
mod bulk;
mod bundle;
mod clauses;
mod condition;
mod dosage;
mod drug_words;
mod folded;
mod gzip;
mod import_builder;
mod ingredients;
mod labs;
mod lookup;
mod medication;
pub mod medicines;
mod mentions;
mod observation;
mod other_resources;
mod patient;
mod place;
mod procedure;
mod reference;
mod topics;
mod units;
mod value;

use jiff::Timestamp;
use serde::de::IgnoredAny;
use stillwater_care::event::{Demographics, RecordImported};

pub use crate::bulk::{Bulk, holds_resources};
pub use crate::gzip::{GZIP, unpack, unpacked};
use crate::import_builder::BundlePlace;

/// How many sets of vital signs, and how many weights, are taken over at most; the newest ones.
pub const NEWEST_MEASUREMENTS: usize = 20;
/// How many results of the same kind (one code) are taken over at most; the newest ones.
pub const NEWEST_OF_A_KIND: usize = 3;

/// One person read from a bundle.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPerson {
    /// Who they are and how to reach them.
    pub demographics: Demographics,
    /// Why they come, in the words of the record.
    pub referral_reason: String,
    /// What the record says, ready to be taken over into a chart.
    pub record: RecordImported,
    /// What became of each entry of the bundle.
    pub account: EntryTally,
    /// Whether this record of the person is in force.
    pub standing: PersonStanding,
}

/// Whether a record is that of somebody who can be taken on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonStanding {
    /// It is in force.
    InForce,
    /// The person has died.
    Deceased,
    /// It was merged into another record, which is named.
    ReplacedBy(String),
    /// It is marked as not active.
    Inactive,
}

impl ReadPerson {
    /// Whether the record says that this person has died.
    #[must_use]
    pub fn is_deceased(&self) -> bool {
        self.standing == PersonStanding::Deceased
    }
}

/// What became of every entry about one person. The parts add up to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryTally {
    /// Entries of the bundle that are about this person, or that name nobody.
    pub entries: usize,
    /// Read into the demographics: the Patient resource.
    pub demographics: usize,
    /// Taken over as a fact. One entry can give two facts when it answers two history questions.
    pub facts: usize,
    /// Taken over as a medicine.
    pub medicines: usize,
    /// Taken over into a set of vital signs or a weight.
    pub measurements: usize,
    /// Listed one by one as not understood.
    pub listed: usize,
    /// Counted in a line that says why the whole kind is not used.
    pub counted: usize,
}

impl EntryTally {
    /// Every entry has been given exactly one fate.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.entries == self.demographics + self.facts + self.medicines + self.measurements + self.listed + self.counted
    }
}

/// Why a bundle could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The text is not JSON.
    #[error("{file}, line {line}, column {column}: this is not valid JSON: {expected}")]
    NotJson {
        /// The file.
        file: String,
        /// The line in the file, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
        /// What was expected there.
        expected: String,
    },
    /// The file is in another format.
    #[error("{file}: this is {found}, which is not read here; {instead}")]
    OtherFormat {
        /// The file.
        file: String,
        /// What it is.
        found: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// Resources of a bulk export about somebody whose Patient is in none of its files.
    #[error(
        "{file}, line {line}: {about} is in none of the files; {entries} that name them are left out: {named}; give the file with the Patient too"
    )]
    NobodyInTheFiles {
        /// The file of the first of them.
        file: String,
        /// Its line.
        line: usize,
        /// Whom they name.
        about: String,
        /// How many.
        entries: String,
        /// What they are called.
        named: String,
    },
    /// The JSON is something else.
    #[error(
        "{file}, line {line}: this is {found}; expected a FHIR R4 Bundle with one Patient and what is known of them"
    )]
    NotABundle {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// What it is.
        found: String,
    },
    /// A bundle that cannot hold a record.
    #[error(
        "{file}, line {line}: a Bundle of type {found}; expected collection, transaction, batch, searchset or document"
    )]
    BundleType {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The type, in quotes, or that there is none.
        found: String,
    },
    /// Nobody is in the bundle.
    #[error("{file}, line {line}: the Bundle holds no Patient ({holds}); expected one Patient resource")]
    NoPatient {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// What it holds instead.
        holds: String,
    },
    /// The Patient cannot be taken on as it is.
    #[error("{file}, line {line}, {resource}: {problem}; expected {expected}")]
    Patient {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// Which resource.
        resource: String,
        /// What is wrong.
        problem: String,
        /// What would be right.
        expected: String,
    },
}

/// One thing read from a file: a person, or why there is none.
pub type BundleOutcome = Result<ReadPerson, ReadError>;

/// Reads a whole file: one bundle, or one bundle a line (NDJSON). One bad line does not lose the others.
#[must_use]
pub fn read_bundles(file_name: &str, text: &str, now: Timestamp) -> Vec<BundleOutcome> {
    bundles(file_name, text, now).collect()
}

/// As [`read_bundles`], a bundle at a time, for a large text.
pub fn bundles<'t>(file_name: &'t str, text: &'t str, now: Timestamp) -> impl Iterator<Item = BundleOutcome> + 't {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let other = other_format(file_name, text.as_bytes());
    let bulk = other.is_none() && holds_resources(file_name, first);
    let by_line = other.is_none() && !bulk && one_bundle_a_line(file_name, first);
    let whole = other.is_none() && !bulk && !by_line;
    let resources = bulk.then(|| {
        let mut all = Bulk::default();
        all.add(file_name, text);
        all.people(now)
    });
    let whole = whole.then(|| read_bundle(file_name, 1, text, now)).into_iter().flatten();
    let lines = text
        .lines()
        .enumerate()
        .filter(move |(_, line)| by_line && !line.trim().is_empty())
        .flat_map(move |(index, line)| read_bundle(file_name, index + 1, line, now));
    other.map(Err).into_iter().chain(resources.into_iter().flatten()).chain(whole).chain(lines)
}

/// Whether a file holds one bundle a line, told from its name or, failing that, from its first line that is not blank:
/// a line that is complete JSON by itself, or that breaks for any reason but ending too early.
#[must_use]
pub fn one_bundle_a_line(file_name: &str, first_line: &str) -> bool {
    is_lines_file(file_name)
        || match serde_json::from_str::<IgnoredAny>(first_line.trim_start_matches('\u{feff}')) {
            Ok(_) => true,
            Err(error) => !error.is_eof(),
        }
}

fn is_lines_file(file_name: &str) -> bool {
    let name = file_name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".ndjson") || name.ends_with(".jsonl")
}

/// Reads one bundle, or a list of them, which begins at `line` of the file. More than one Patient in it gives more than one
/// person.
#[must_use]
pub fn read_bundle(file_name: &str, line: usize, text: &str, now: Timestamp) -> Vec<BundleOutcome> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some(other) = other_format(file_name, text.as_bytes()) {
        return vec![Err(other)];
    }
    bundle::read(BundlePlace { file: file_name, line }, text, now).unwrap_or_else(|error| {
        let said = error.to_string();
        let expected = said.split(" at line ").next().unwrap_or(&said).to_owned();
        vec![Err(ReadError::NotJson {
            file: file_name.to_owned(),
            line: line + error.line().saturating_sub(1),
            column: error.column(),
            expected,
        })]
    })
}

/// A record in another format, by the bytes with which it begins: refused by name, with what to do instead.
#[must_use]
pub fn other_format(file_name: &str, start: &[u8]) -> Option<ReadError> {
    let head = start.get(..start.len().min(4096)).unwrap_or_default();
    let said = String::from_utf8_lossy(head);
    let said = said.trim_start_matches('\u{feff}').trim_start();
    let found = if said.starts_with("MSH|") || said.starts_with("FHS|") || said.starts_with("BHS|") {
        "an HL7 version 2 message"
    } else if said.starts_with('<') {
        if said.contains("ClinicalDocument") {
            "a C-CDA document (XML)"
        } else if said.contains("hl7.org/fhir") {
            "FHIR as XML"
        } else if said.to_ascii_lowercase().contains("<html") {
            "a web page"
        } else {
            "XML"
        }
    } else if head.starts_with(b"%PDF") {
        "a PDF"
    } else if head.starts_with(b"PK\x03\x04") {
        "a zip archive"
    } else if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        "text in UTF-16"
    } else {
        return None;
    };
    let instead = match found {
        "a zip archive" => "unpack it and give the files in it",
        "text in UTF-16" => "save it again as UTF-8",
        "a web page" => "it may be the sign-in page of the sending system; export the record again",
        "FHIR as XML" => "ask the sending system for the same bundle as JSON (application/fhir+json)",
        _ => "ask the sending system for a FHIR R4 Bundle as JSON, or convert it to one",
    };
    Some(ReadError::OtherFormat { file: file_name.to_owned(), found, instead })
}
