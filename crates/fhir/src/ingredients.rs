//! Which classes a medicine belongs to, by the names of its ingredients and brands.
//!
//! The classes are those that a rule cares about (clinical reference, section 2). Names are looked for at the beginning
//! of a word; a name that is not known gives the class `Other`, and staff go through every medicine with the patient.

use stillwater_care::facts::MedicineClass::{self, *};

use crate::topics::has_any;

/// Class and the names that belong to it.
const NAMES: &[(MedicineClass, &str)] = &[
    (
        StrongCypInhibitor,
        "clarithromycin|biaxin|ketoconazole|nizoral|itraconazole|sporanox|voriconazole|vfend|posaconazole|noxafil|\
         ritonavir|norvir|kaletra|paxlovid|cobicistat|tybost|stribild|genvoya|symtuza|prezcobix|evotaz|nelfinavir|\
         indinavir|saquinavir|telithromycin|nefazodone|idelalisib|ceritinib|tucatinib|ticlopidine|ticlid|clopidogrel|\
         plavix|orphenadrine",
    ),
    (
        CypInducer,
        "rifampin|rifampicin|rifadin|rifabutin|rifapentine|carbamazepine|tegretol|carbatrol|phenytoin|fosphenytoin|\
         dilantin|phenobarbital|phenobarbitone|primidone|efavirenz|enzalutamide|apalutamide|mitotane|\
         st john's wort|st. john's wort|st johns wort|st. johns wort|hypericum",
    ),
    (
        Benzodiazepine,
        "diazepam|valium|lorazepam|ativan|alprazolam|xanax|clonazepam|klonopin|temazepam|restoril|oxazepam|\
         chlordiazepoxide|librium|clorazepate|tranxene|triazolam|halcion|midazolam|flurazepam|estazolam|quazepam|\
         nitrazepam|bromazepam|clobazam|flunitrazepam|lormetazepam",
    ),
    (
        Opioid,
        "hydrocodone|vicodin|norco|lortab|oxycodone|oxycontin|percocet|roxicodone|morphine|ms contin|codeine|tramadol|ultram|\
         tapentadol|nucynta|hydromorphone|dilaudid|oxymorphone|fentanyl|duragesic|meperidine|pethidine|demerol|\
         methadone|buprenorphine|suboxone|subutex|sublocade|butrans|levorphanol|pentazocine|butorphanol|nalbuphine|\
         dihydrocodeine|opium|sufentanil|remifentanil|heroin|diamorphine",
    ),
    (
        Stimulant,
        "methylphenidate|ritalin|concerta|dexmethylphenidate|focalin|amphetamine|amfetamine|dextroamphetamine|adderall|\
         lisdexamfetamine|lisdexamphetamine|vyvanse|methamphetamine|desoxyn|modafinil|provigil|armodafinil|nuvigil|\
         phentermine|benzphetamine|phendimetrazine|solriamfetol|pitolisant",
    ),
    (
        Maoi,
        "phenelzine|nardil|tranylcypromine|parnate|isocarboxazid|marplan|selegiline|emsam|rasagiline|azilect|safinamide|\
         moclobemide|linezolid|zyvox|methylene blue|methylthioninium",
    ),
    (Theophylline, "theophylline|aminophylline|uniphyl|theo-24|elixophyllin"),
    (
        EffectBlunter,
        "naltrexone|vivitrol|revia|lamotrigine|lamictal|haloperidol|haldol|risperidone|risperdal|paliperidone|clozapine|\
         clozaril",
    ),
    (ThyroidHormone, "levothyroxine|synthroid|levoxyl|euthyrox|liothyronine|cytomel|thyroid|liotrix"),
];

/// The classes of a medicine; `Other` alone where none is known.
pub fn classes(name: &str) -> Vec<MedicineClass> {
    let name = name.to_lowercase().replace('\u{2019}', "'");
    // Every name stands at the beginning of a word; joined names such as "Acetaminophen/Hydrocodone" have one for each.
    let found: Vec<_> = NAMES.iter().filter(|(_, names)| has_any(&name, names)).map(|(class, _)| *class).collect();
    if found.is_empty() { vec![Other] } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_classes() {
        for (name, class) in [
            ("Acetaminophen/Hydrocodone", Opioid),
            ("Acetaminophen 325 MG / oxyCODONE Hydrochloride 5 MG Oral Tablet", Opioid),
            ("Diazepam [Valium]", Benzodiazepine),
            ("Meperidine Hydrochloride 50 MG Oral Tablet", Opioid),
            ("St. John’s Wort extract", CypInducer),
            ("Clarithromycin 500 MG", StrongCypInhibitor),
            ("Levothyroxine sodium", ThyroidHormone),
            ("Phenelzine 15 MG", Maoi),
            ("Buprenorphine / Naloxone film", Opioid),
            ("Naltrexone 50 mg", EffectBlunter),
            ("aminophylline", Theophylline),
            ("Sertraline 100 MG Oral Tablet", Other),
            ("Naloxone nasal spray", Other),
        ] {
            assert_eq!(classes(name), [class], "{name}");
        }
    }

    #[test]
    fn no_name_in_the_table_is_broken_by_its_layout() {
        for (class, names) in NAMES {
            for name in names.split('|') {
                assert!(!name.is_empty() && name.trim() == name && !name.contains("  "), "{class:?}: {name:?}");
                assert!(classes(name).contains(class), "{name}");
            }
        }
    }
}
