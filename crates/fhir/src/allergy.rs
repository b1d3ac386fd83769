//! Allergies and intolerances: each is a fact; one to ketamine or esketamine may answer a question of the history.

use stillwater_care::event::ImportedFact;
use stillwater_care::facts::HistoryTopic;

use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::value::{Concept, DateBias, list, status_code, text};

/// RxNorm ingredients and SNOMED CT substances and allergies.
const KETAMINE_CODES: [&str; 6] = ["6130", "2119365", "2121072", "373464007", "96219006", "294362003"];

/// Reads one.
pub fn read(entry: &BundleEntry<'_>, gathering: &mut ImportBuilder<'_>) {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let verification = status_code(resource, "verificationStatus");
    if verification == "entered-in-error" {
        return gathering.list(origin, "AllergyIntolerance", "the other record marks it as entered in error");
    }
    // The substance can stand in `code` or only in a reaction.
    let substances = list(resource, "reaction").iter().filter_map(|reaction| reaction.get("substance"));
    let mut concepts = Vec::new();
    let mut why = "it names no substance".to_owned();
    for code in resource.get("code").into_iter().chain(substances) {
        match Concept::read(code) {
            Ok(concept) => concepts.push(concept),
            Err(problem) => why = format!("code {problem}"),
        }
    }
    let Some(first) = concepts.first() else { return gathering.list(origin, "AllergyIntolerance", why) };
    let at = match gathering.window.first(resource, &["onsetDateTime", "recordedDate"], DateBias::Latest) {
        Ok(at) => at,
        Err(why) => {
            gathering.note(origin, &first.text, format!("{why}; the allergy is kept without this date"));
            None
        }
    };
    let ketamine = concepts.iter().any(|concept| {
        concept.words().contains("ketamin")
            || concept.codings.iter().any(|(_, code, _)| KETAMINE_CODES.contains(&code.as_str()))
    });
    let topics: &[_] = if ketamine && verification != "refuted" { &[HistoryTopic::KetamineAllergy] } else { &[] };
    let status = [status_code(resource, "clinicalStatus"), verification, text(resource, "criticality")];
    gathering.fact(
        ImportedFact {
            kind: "AllergyIntolerance".to_owned(),
            text: first.text.clone(),
            code: first.code(),
            at,
            status: status.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            value: text(resource, "type"),
            origin: origin.to_owned(),
            candidate_for: None,
            concern: None,
        },
        topics,
    );
}
