//! Symptoms as a form has them.

use stillwater_care::facts::Symptom;

/// The word under which a symptom travels in a form.
pub fn symptom_word(symptom: Symptom) -> String {
    serde_json::to_value(symptom).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Reads that word.
pub fn symptom_from(word: &str) -> Option<Symptom> {
    Symptom::ALL.into_iter().find(|symptom| symptom_word(*symptom) == word)
}
