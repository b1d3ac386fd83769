//! Procedures, and requests for a service: facts, the newest of each kind.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use stillwater_care::event::ImportedFact;

use crate::NEWEST_OF_A_KIND;
use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::topics::{self, Answers, Standing};
use crate::value::{Concept, DateBias, list, raw_texts, text};

/// Procedures read so far, by kind.
#[derive(Debug, Default)]
pub struct Procedures {
    by_kind: BTreeMap<String, Vec<ImportedFact>>,
}

impl Procedures {
    /// Reads one.
    pub fn read(&mut self, entry: &BundleEntry<'_>, gathering: &mut ImportBuilder<'_>) {
        let (resource, origin) = (entry.resource, entry.origin.as_str());
        let status = text(resource, "status");
        if status == "entered-in-error" {
            return gathering.list(origin, "Procedure", "the other record marks it as entered in error");
        }
        let concept = match resource.get("code").ok_or_else(|| "is missing".to_owned()).and_then(Concept::read) {
            Ok(concept) => concept,
            Err(why) => return gathering.list(origin, "Procedure", format!("code {why}")),
        };
        let dates = ["performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod"];
        let at = match gathering.window.first(resource, &dates, DateBias::Latest) {
            Ok(at) => at,
            Err(why) => return gathering.list(origin, format!("Procedure: {}", concept.text), why),
        };
        let undone = matches!(status.as_str(), "not-done" | "preparation" | "stopped" | "aborted")
            || resource.get("notDone").and_then(Value::as_bool) == Some(true);
        let answers = if undone { Answers::default() } else { procedure_answers(resource, &concept) };
        let fact = ImportedFact {
            kind: "Procedure".to_owned(),
            text: concept.text.clone(),
            code: concept.code(),
            at,
            status,
            value: String::new(),
            origin: origin.to_owned(),
            candidate_for: None,
            concern: None,
        };
        if !(answers.topics.is_empty() && answers.concerns.is_empty()) {
            return gathering.fact_with(fact, &answers.topics, &answers.concerns);
        }
        self.by_kind.entry(format!("{} {}", concept.text, concept.code())).or_default().push(fact);
    }

    /// A request for a service is a fact; its words are also the reason for referral.
    pub fn request(&mut self, entry: &BundleEntry<'_>, words: String, gathering: &mut ImportBuilder<'_>) {
        let (resource, origin) = (entry.resource, entry.origin.as_str());
        if words.is_empty() {
            return gathering.list(origin, "ServiceRequest", "it says neither what is asked for nor why");
        }
        let at: Option<Timestamp> = match gathering.window.first(resource, &["authoredOn"], DateBias::Latest) {
            Ok(at) => at,
            Err(why) => {
                gathering.note(origin, "ServiceRequest", format!("{why}; the request is kept without this date"));
                None
            }
        };
        gathering.fact(
            ImportedFact {
                kind: "ServiceRequest".to_owned(),
                text: words,
                code: String::new(),
                at,
                status: text(resource, "status"),
                value: String::new(),
                origin: origin.to_owned(),
                candidate_for: None,
                concern: None,
            },
            &[],
        );
    }

    /// Hands over the newest of each kind and counts the rest.
    pub fn finish(self, gathering: &mut ImportBuilder<'_>) {
        for mut facts in self.by_kind.into_values() {
            facts.sort_by_key(|fact| std::cmp::Reverse(fact.at));
            for (index, fact) in facts.into_iter().enumerate() {
                if index < NEWEST_OF_A_KIND {
                    gathering.fact(fact, &[]);
                } else {
                    gathering.count(
                        format!("Procedure {}", fact.text),
                        format!("only the newest {NEWEST_OF_A_KIND} of a kind are taken over; these are older"),
                    );
                }
            }
        }
    }
}

/// What a procedure and its reasons tell of the past: a bypass of coronary disease, a clip of an aneurysm. Whether it is
/// there now, no procedure says.
fn procedure_answers(resource: &Value, concept: &Concept) -> Answers {
    let over = Standing { present: false, recent: false };
    let code = resource.get("code").map(raw_texts).unwrap_or_default();
    let mut found = topics::of(concept, &code, over);
    for reason in ["reasonCode", "reason"].iter().flat_map(|field| list(resource, field)) {
        let reason = reason.get("concept").unwrap_or(reason);
        let Ok(concept) = Concept::read(reason) else { continue };
        let more = topics::of(&concept, &raw_texts(reason), over);
        found.topics.extend(more.topics);
        found.concerns.extend(more.concerns);
    }
    found.topics.sort_unstable();
    found.topics.dedup();
    found.concerns.sort_unstable();
    found.concerns.dedup();
    found
}
