//! What is gathered about one person while the entries of a bundle are read, and the account of every entry.

use std::collections::BTreeMap;

use serde_json::Value;
use stillwater_care::event::{ImportedFact, ImportedMeasurement, Medicine, NotUnderstood, RecordImported};
use stillwater_care::facts::{HistoryTopic, RecordedConcern};

use crate::EntryTally;
use crate::reference::id_of;
use crate::value::{DateWindow, text};

/// Where a bundle stands: its file and line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundlePlace<'p> {
    /// The file.
    pub file: &'p str,
    /// The line of the file at which the bundle begins.
    pub line: usize,
}

impl BundlePlace<'_> {
    /// Names one entry: file, line, type and id; the place in the bundle where there is no id.
    pub fn of(&self, resource: &Value, index: usize) -> String {
        let kind = text(resource, "resourceType");
        let id = id_of(resource);
        let kind = if kind.is_empty() { "entry" } else { &kind };
        if id.is_empty() {
            format!("{}, line {}, {kind} (entry {})", self.file, self.line, index + 1)
        } else {
            format!("{}, line {}, {kind}/{id}", self.file, self.line)
        }
    }

    /// The bundle as a whole.
    pub fn bundle(&self) -> String {
        format!("{}, line {}", self.file, self.line)
    }
}

/// An entry on its way.
#[derive(Clone, Debug)]
pub struct BundleEntry<'e> {
    /// The resource.
    pub resource: &'e Value,
    /// Its origin in words.
    pub origin: String,
}

/// What has been gathered so far.
#[derive(Debug)]
pub struct ImportBuilder<'p> {
    /// File and line.
    pub place: BundlePlace<'p>,
    /// In which dates can be true.
    pub window: DateWindow,
    /// Facts.
    pub facts: Vec<ImportedFact>,
    /// Medicines.
    pub medicines: Vec<Medicine>,
    /// Measurements.
    pub measurements: Vec<ImportedMeasurement>,
    /// Listed one by one, and notes on what was taken over only in part.
    pub not_understood: Vec<NotUnderstood>,
    /// Counted by what they are and why.
    counted: BTreeMap<(String, String), BTreeMap<String, usize>>,
    /// What became of each entry.
    pub account: EntryTally,
}

impl<'p> ImportBuilder<'p> {
    /// Nothing yet.
    pub fn new(place: BundlePlace<'p>, window: DateWindow) -> Self {
        Self {
            place,
            window,
            facts: Vec::new(),
            medicines: Vec::new(),
            measurements: Vec::new(),
            not_understood: Vec::new(),
            counted: BTreeMap::new(),
            account: EntryTally::default(),
        }
    }

    /// The entry becomes a fact, once for each history question that it may answer.
    pub fn fact(&mut self, fact: ImportedFact, topics: &[HistoryTopic]) {
        self.fact_with(fact, topics, &[]);
    }

    /// The entry becomes a fact, once for each history question that it may answer and once for each concern.
    pub fn fact_with(&mut self, fact: ImportedFact, topics: &[HistoryTopic], concerns: &[RecordedConcern]) {
        self.account.facts += 1;
        let lasting = fact.concern == Some(RecordedConcern::LastingHeartDisease);
        for topic in topics {
            let concern = fact.concern.filter(|_| lasting && *topic == HistoryTopic::CardiacEvent);
            self.facts.push(ImportedFact { candidate_for: Some(*topic), concern, ..fact.clone() });
        }
        for concern in concerns {
            self.facts.push(ImportedFact { candidate_for: None, concern: Some(*concern), ..fact.clone() });
        }
        if topics.is_empty() && concerns.is_empty() {
            self.facts.push(ImportedFact { concern: None, ..fact });
        }
    }

    /// The entry is not taken over, and is listed with the reason.
    pub fn list(&mut self, origin: &str, what: impl Into<String>, why: impl Into<String>) {
        self.account.listed += 1;
        self.note(origin, what, why);
    }

    /// Something about an entry that is taken over all the same.
    pub fn note(&mut self, origin: &str, what: impl Into<String>, why: impl Into<String>) {
        self.not_understood.push(NotUnderstood { origin: origin.to_owned(), what: what.into(), why: why.into() });
    }

    /// The entry is counted with others of its kind.
    pub fn count(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.count_named(what, "", why);
    }

    /// The entry is counted with others of its kind, and its name is told beside their number.
    pub fn count_named(&mut self, what: impl Into<String>, name: impl Into<String>, why: impl Into<String>) {
        self.account.counted += 1;
        let names = self.counted.entry((what.into(), why.into())).or_default();
        *names.entry(name.into()).or_default() += 1;
    }

    /// The record, with the oldest fact first. A fact without a date comes last, because where two facts answer the same
    /// question the chart keeps the later one, and an undated event must not hide behind an old one.
    pub fn finish(mut self) -> (RecordImported, EntryTally) {
        self.facts.sort_by_key(|fact| (fact.at.is_none(), fact.at));
        let origin = self.place.bundle();
        for ((what, why), names) in self.counted {
            let number: usize = names.values().sum();
            let entries = if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") };
            let named: Vec<String> = names
                .into_iter()
                .filter(|(name, _)| !name.is_empty())
                .map(|(name, number)| if number == 1 { name } else { format!("{name} ({number})") })
                .collect();
            let named = if named.is_empty() { String::new() } else { format!(" [{}]", named.join("; ")) };
            let what = format!("{what}{named}: {entries}");
            self.not_understood.push(NotUnderstood { origin: origin.clone(), what, why });
        }
        let record = RecordImported {
            source: origin,
            facts: self.facts,
            medicines: self.medicines,
            measurements: self.measurements,
            not_understood: self.not_understood,
        };
        (record, self.account)
    }
}
