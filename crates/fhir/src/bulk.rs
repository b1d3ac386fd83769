//! Bulk exports: a resource a line, often a file for each type. The lines of all files are kept as text and put together by
//! patient, one person at a time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::bundle::{RawEntry, people};
use crate::import_builder::BundlePlace;
use crate::medication::note_references;
use crate::other_resources::named;
use crate::reference::{id_of, names_of, subject};
use crate::value::text;
use crate::{BundleOutcome, ReadError, is_lines_file};

/// Names of what is left out that one error tells at most.
const MOST_NAMED: usize = 20;

/// Whether a file holds a resource a line and no bundles, told from its first line.
#[must_use]
pub fn holds_resources(file_name: &str, first_line: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(rename = "resourceType")]
        kind: String,
    }
    let head: Option<Head> = serde_json::from_str(first_line.trim_start_matches('\u{feff}')).ok();
    is_lines_file(file_name) && head.is_some_and(|head| head.kind != "Bundle")
}

/// The files of a bulk export.
#[derive(Debug, Default)]
pub struct Bulk {
    files: Vec<(String, String)>,
}

/// A line: its file, its number and where it stands there.
#[derive(Clone, Copy, Debug)]
struct Line {
    file: usize,
    number: usize,
    from: usize,
    to: usize,
}

/// The lines of one person, or those that may belong to anybody.
#[derive(Debug, Default)]
struct Lines {
    own: Vec<Line>,
}

impl Bulk {
    /// Adds a file.
    pub fn add(&mut self, file_name: &str, text: &str) {
        self.add_owned(file_name.to_owned(), text.to_owned());
    }

    /// Adds a file whose text is handed over.
    pub fn add_owned(&mut self, file_name: String, text: String) {
        self.files.push((file_name, text));
    }

    /// Whether no file was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn line(&self, line: Line) -> (&str, &str) {
        let (name, text) = self.files.get(line.file).map_or(("", ""), |(name, text)| (name.as_str(), text.as_str()));
        (name, text.get(line.from..line.to).unwrap_or_default())
    }

    fn lines(&self) -> impl Iterator<Item = (Line, &str)> {
        self.files.iter().enumerate().flat_map(|(file, (_, text))| {
            let mut from = 0;
            text.split_inclusive('\n').enumerate().filter_map(move |(index, said)| {
                let start = from;
                from += said.len();
                let line = Line { file, number: index + 1, from: start, to: start + said.trim_end().len() };
                (!said.trim().is_empty()).then_some((line, said))
            })
        })
    }

    /// Everybody whose Patient is in one of the files, and an error for what belongs to nobody.
    #[must_use]
    pub fn people(self, now: Timestamp) -> Box<dyn Iterator<Item = BundleOutcome>> {
        #[derive(serde::Deserialize, Default)]
        struct Head {
            #[serde(rename = "resourceType", default)]
            kind: Value,
            #[serde(default)]
            id: Value,
            #[serde(default)]
            subject: Value,
            #[serde(default)]
            patient: Value,
        }
        let mut patients: Vec<Lines> = Vec::new();
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        let mut shared: Vec<Line> = Vec::new();
        let mut of_somebody: Vec<(Line, Vec<String>)> = Vec::new();
        let mut wrong: Vec<BundleOutcome> = Vec::new();
        for (line, said) in self.lines() {
            let (file, _) = self.line(line);
            let head: Head = match serde_json::from_str(said.trim_start_matches('\u{feff}')) {
                Ok(head) => head,
                Err(error) => {
                    let why = error.to_string();
                    wrong.push(Err(ReadError::NotJson {
                        file: file.to_owned(),
                        line: line.number,
                        column: error.column(),
                        expected: why.split(" at line ").next().unwrap_or(&why).to_owned(),
                    }));
                    continue;
                }
            };
            match head.kind.as_str() {
                Some("Patient") => {
                    let whole: Value = serde_json::from_str(said).unwrap_or(Value::Null);
                    let names = names_of("", &whole);
                    let known = names.iter().find_map(|name| by_name.get(name)).copied();
                    let number = known.unwrap_or(patients.len());
                    if known.is_none() {
                        patients.push(Lines::default());
                    }
                    if let Some(lines) = patients.get_mut(number) {
                        lines.own.push(line);
                    }
                    for name in names {
                        by_name.entry(name).or_insert(number);
                    }
                }
                Some("Bundle") => {
                    wrong.extend(crate::read_bundle(file, line.number, said, now));
                }
                Some(_) => {
                    let about = serde_json::json!({"subject": head.subject, "patient": head.patient});
                    let field = if head.subject.is_null() { "patient" } else { "subject" };
                    let named = subject(&serde_json::json!({field: about.get(field)}));
                    if named.is_empty() { shared.push(line) } else { of_somebody.push((line, named)) }
                }
                None => wrong.push(Err(ReadError::NotABundle {
                    file: file.to_owned(),
                    line: line.number,
                    found: format!(
                        "JSON without a resourceType{}",
                        if head.id.is_null() { "" } else { ", though it has an id" }
                    ),
                })),
            }
        }
        let mut nobody: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for (line, named) in of_somebody {
            let number = named.iter().find_map(|name| by_name.get(name));
            match number.and_then(|number| patients.get_mut(*number)) {
                Some(lines) => lines.own.push(line),
                None => nobody.entry(named.into_iter().next().unwrap_or_default()).or_default().push(line),
            }
        }
        wrong.extend(nobody.into_iter().filter_map(|(about, lines)| self.left_out(about, &lines)));
        if patients.is_empty() && wrong.is_empty() {
            let (file, line) =
                self.lines().next().map_or((String::new(), 1), |(line, _)| (self.line(line).0.to_owned(), line.number));
            wrong.push(Err(ReadError::NoPatient { file, line, holds: "its lines are resources of nobody".to_owned() }));
        }
        let alone = patients.len() == 1;
        let medicines = if alone { BTreeMap::new() } else { self.medicines(&shared) };
        let read = patients.into_iter().flat_map(move |lines| {
            let mut own = lines.own;
            if alone {
                own.extend(&shared);
            } else {
                self.add_ordered(&mut own, &medicines);
            }
            let entries: Vec<RawEntry<'_>> = own
                .iter()
                .enumerate()
                .map(|(index, line)| {
                    let (file, raw) = self.line(*line);
                    RawEntry { raw, in_bundle: false, place: BundlePlace { file, line: line.number }, index }
                })
                .collect();
            let place = entries.first().map_or(BundlePlace { file: "", line: 1 }, |entry| entry.place);
            people(place, &entries, now)
        });
        Box::new(read.chain(wrong))
    }

    /// The lines that an order may refer to, by their names.
    fn medicines(&self, shared: &[Line]) -> BTreeMap<String, Line> {
        let mut medicines = BTreeMap::new();
        for line in shared {
            let (_, said) = self.line(*line);
            if !(said.contains("\"Medication\"") || said.contains("\"Substance\"")) {
                continue;
            }
            let resource: Value = serde_json::from_str(said).unwrap_or(Value::Null);
            for name in names_of("", &resource) {
                medicines.entry(name).or_insert(*line);
            }
        }
        medicines
    }

    /// Adds the medicines that the orders of one person name, and those that these name in turn.
    fn add_ordered(&self, own: &mut Vec<Line>, medicines: &BTreeMap<String, Line>) {
        let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut next = 0;
        while let Some(line) = own.get(next).copied() {
            next += 1;
            let (_, said) = self.line(line);
            if !said.contains("Medication") {
                continue;
            }
            let resource: Value = serde_json::from_str(said).unwrap_or(Value::Null);
            let mut named = BTreeSet::new();
            note_references(&resource, &mut named);
            for found in named.iter().filter_map(|name| medicines.get(name)) {
                if taken.insert((found.file, found.number)) {
                    own.push(*found);
                }
            }
        }
    }

    fn left_out(&self, about: String, lines: &[Line]) -> Option<BundleOutcome> {
        let first = lines.first()?;
        let (file, _) = self.line(*first);
        let mut names: BTreeSet<String> = BTreeSet::new();
        for line in lines {
            if names.len() > MOST_NAMED {
                break;
            }
            let resource: Value = serde_json::from_str(self.line(*line).1).unwrap_or(Value::Null);
            let called = named(&resource);
            names.insert(if called.contains(": ") {
                called
            } else {
                format!("{}/{}", text(&resource, "resourceType"), id_of(&resource))
            });
        }
        let more = if names.len() > MOST_NAMED { " and others" } else { "" };
        let entries = if lines.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", lines.len()) };
        let named = names.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join("; ");
        Some(Err(ReadError::NobodyInTheFiles {
            file: file.to_owned(),
            line: first.number,
            about,
            entries,
            named: format!("{named}{more}"),
        }))
    }
}
