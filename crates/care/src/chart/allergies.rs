//! What is known of allergies, as it is read aloud to whoever comes to help: the drug by its own question, the others as another
//! record names them. Nobody asked is said as such, and never reads as none.

use super::Chart;
use crate::facts::{Answered, HistoryTopic};

/// What is known of allergies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allergies<'c> {
    /// Allergy to the drug: the answer, and whether it is a candidate that nobody has confirmed; `None` when nobody asked.
    pub ketamine: Option<(Answered, bool)>,
    /// What another record names, each once.
    pub imported: Vec<&'c str>,
}

impl Chart {
    /// What is known of allergies.
    #[must_use]
    pub fn allergies(&self) -> Allergies<'_> {
        let is_allergy =
            |kind: &str| kind.eq_ignore_ascii_case("allergy") || kind.eq_ignore_ascii_case("AllergyIntolerance");
        let facts = self.imports.iter().flat_map(|import| &import.value.facts);
        let mut imported: Vec<&str> =
            facts.filter(|fact| is_allergy(&fact.kind)).map(|fact| fact.text.as_str()).collect();
        imported.sort_unstable();
        imported.dedup();
        let ketamine = self.history.get(&HistoryTopic::KetamineAllergy).map(|fact| (fact.answer, fact.candidate));
        Allergies { ketamine, imported }
    }
}
