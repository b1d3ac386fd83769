//! Allergies and intolerances: each is a fact; one to ketamine or esketamine may answer a question of the history, by
//! whatever name or language, unless the words deny it.

use serde_json::Value;
use stillwater_care::event::ImportedFact;
use stillwater_care::facts::HistoryTopic;

use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::medicines::{code_is_ketamine, names_ketamine};
use crate::mentions;
use crate::value::{Concept, DateBias, SNOMED, clean, list, status_code, text};

/// SNOMED CT substances, products and findings of allergy.
const KETAMINE_SNOMED: [&str; 3] = ["373464007", "96219006", "294362003"];

/// Reads one.
pub fn read(entry: &BundleEntry<'_>, gathering: &mut ImportBuilder<'_>) {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let status = text(resource, "status");
    let verification = [state(resource, "verificationStatus"), status.clone()]
        .into_iter()
        .find(|said| !said.is_empty())
        .unwrap_or_default();
    if verification == "entered-in-error" || status == "entered-in-error" {
        return gathering.list(origin, "AllergyIntolerance", "the other record marks it as entered in error");
    }
    // The substance can stand in `code`, in DSTU2 in `substance`, or only in a reaction.
    let substances = list(resource, "reaction").iter().filter_map(|reaction| reaction.get("substance"));
    let mut concepts = Vec::new();
    let mut why = "it names no substance".to_owned();
    for code in ["code", "substance"].into_iter().filter_map(|field| resource.get(field)).chain(substances) {
        match Concept::read(code) {
            Ok(concept) => concepts.push(concept),
            Err(problem) => why = format!("code {problem}"),
        }
    }
    let notes: Vec<String> = list(resource, "note").iter().map(|note| clean(&text(note, "text"))).collect();
    let Some(first) = concepts.first() else {
        let said = notes.join(" ; ");
        let what =
            if said.is_empty() { "AllergyIntolerance".to_owned() } else { format!("AllergyIntolerance: {said}") };
        return gathering.list(origin, what, why);
    };
    let at =
        match gathering.window.first(resource, &["onsetDateTime", "recordedDate", "assertedDate"], DateBias::Latest) {
            Ok(at) => at,
            Err(why) => {
                gathering.note(origin, &first.text, format!("{why}; the allergy is kept without this date"));
                None
            }
        };
    let texts = concepts
        .iter()
        .flat_map(|concept| concept.codings.iter().map(|(_, _, display)| display).chain([&concept.text]))
        .chain(&notes);
    let mut named = false;
    let mut meant = false;
    for said in texts.filter(|said| names_ketamine(said)) {
        named = true;
        meant |= !denied(said);
    }
    let coded = concepts.iter().flat_map(|concept| &concept.codings).any(|(system, code, _)| {
        code_is_ketamine(system, code) || (system.contains(SNOMED) && KETAMINE_SNOMED.contains(&code.as_str()))
    });
    let refuted = verification == "refuted";
    // A code says the allergy; words that deny it beside the code leave it open, and so it counts.
    let topics: &[_] = if (meant || coded) && !refuted { &[HistoryTopic::KetamineAllergy] } else { &[] };
    if named && !meant && coded && !refuted {
        gathering.note(origin, &first.text, "the words deny an allergy to ketamine and the code says it; ask");
    }
    let status = [state(resource, "clinicalStatus"), verification, text(resource, "criticality")];
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

/// A status, a CodeableConcept since R4 and a code before.
fn state(resource: &Value, field: &str) -> String {
    let coded = status_code(resource, field);
    if coded.is_empty() { text(resource, field) } else { coded }
}

fn denied(said: &str) -> bool {
    mentions::denied(said, names_ketamine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allergy_that_the_words_deny_is_none() {
        for said in [
            "No known allergy to ketamine",
            "Not allergic to Ketalar",
            "denies allergy to esketamine",
            "Keine Allergie gegen Ketamin",
            "sin alergia a la ketamina",
            "Pas d'allergie à la kétamine",
        ] {
            assert!(names_ketamine(said) && denied(said), "{said}");
        }
        for said in
            ["Ketamine", "Allergy to Spravato", "alergia a ketamina", "No known food allergy. Allergic to ketamine."]
        {
            assert!(names_ketamine(said) && !denied(said), "{said}");
        }
    }
}
