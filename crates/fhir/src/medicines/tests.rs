//! Names and codes against the classes that they must have, and those that they must not.

#![allow(clippy::unwrap_used)]

use stillwater_care::facts::MedicineClass::{self, *};

use super::*;

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const ATC: &str = "http://www.whocc.no/atc";

fn of(name: &str) -> Vec<MedicineClass> {
    classify(&[name], &[]).classes
}

fn coded(system: &str, code: &str) -> Classed {
    classify(&[], &[(system, code)])
}

#[test]
fn names_give_classes() {
    for (name, class) in [
        ("Acetaminophen/Hydrocodone", Opioid),
        ("Acetaminophen 325 MG / oxyCODONE Hydrochloride 5 MG Oral Tablet", Opioid),
        ("Diazepam [Valium]", Benzodiazepine),
        ("Meperidine Hydrochloride 50 MG Oral Tablet", Opioid),
        ("St. John’s Wort extract", CypInducer),
        ("St.John's Wort 300mg", CypInducer),
        ("Johanniskraut 900 mg Kapseln", CypInducer),
        ("Clarithromycin 500 MG", StrongCypInhibitor),
        ("Levothyroxine sodium", ThyroidHormone),
        ("Phenelzine 15 MG", Maoi),
        ("Nardil (phenelzine) 15 mg", Maoi),
        ("Buprenorphine / Naloxone film", Opioid),
        ("Naltrexone 50 mg", EffectBlunter),
        ("aminophylline", Theophylline),
        ("Theo-Dur 200", Theophylline),
        ("THEODUR", Theophylline),
        ("Teofilina 200 mg", Theophylline),
        ("METHADOSE 10MG TAB", Opioid),
        ("METHADOSE10MG", Opioid),
        ("Metadona 10 mg comprimidos", Opioid),
        ("Méthadone chlorhydrate 5 mg gélules", Opioid),
        ("Belbuca 150 mcg film", Opioid),
        ("ENDOCET 5-325", Opioid),
        ("MS Contin 30 mg", Opioid),
        ("Dolantina", Opioid),
        ("Tavor 1 mg", Benzodiazepine),
        ("Rivotril", Benzodiazepine),
        ("ADDERALL XR 20 MG", Stimulant),
        ("Manerix", Maoi),
        ("Contrave ER", EffectBlunter),
        ("Norflex", StrongCypInhibitor),
        ("Equetro", CypInducer),
        ("Sertraline 100 MG Oral Tablet", Other),
        ("Simvistatin 10 MG", Other),
        ("Naloxone nasal spray", Other),
        ("Ibuprofeno 600 mg", Other),
    ] {
        assert_eq!(of(name), [class], "{name}: {:?}", classify(&[name], &[]));
    }
}

#[test]
fn what_looks_alike_is_not_taken_for_it() {
    for (name, never) in [
        ("Naloxone nasal spray", Opioid),
        ("Methergine 0.2 mg", Opioid),
        ("Methenamine", Opioid),
        ("Loratadine 10 mg", Benzodiazepine),
        ("Sertraline 100 MG", Maoi),
        ("Methimazole 10 mg", Opioid),
        ("hydroxyzine 25 mg", Opioid),
        ("Hydrochlorothiazide", Opioid),
        ("Pentoxifylline 400 mg", Theophylline),
        ("Parathyroid hormone", ThyroidHormone),
        ("Apomorphine", Opioid),
        ("lamivudine", EffectBlunter),
        ("Prednisone 5 mg", CypInducer),
        ("oxybutynin", Opioid),
        ("Oxymetazoline spray", Opioid),
        ("Relistor (methylnaltrexone)", EffectBlunter),
        ("Loperamide 2 mg", Opioid),
        ("Clonidine 0.1 mg", Benzodiazepine),
        ("Claritin", StrongCypInhibitor),
        ("Bupropion", Opioid),
        ("Thyrogen", ThyroidHormone),
        ("Isoniazid 300 mg", Maoi),
        ("Rifaximin 550 mg", CypInducer),
        ("Propranolol 40 mg", Opioid),
        ("Chlorpheniramine Maleate 2 MG/ML Oral Solution", StrongCypInhibitor),
    ] {
        assert!(!of(name).contains(&never), "{name}: {:?}", classify(&[name], &[]));
    }
    assert!(!names_ketamine("ketorolac 10 mg") && !names_ketamine("Ketoprofen") && !names_ketamine("Ketotifen"));
    assert!(names_ketamine("ketamien") && !names_ketamine("keratin") && !names_ketamine("kanamycin"));
    assert!(names_ketamine("kétamine") && names_ketamine("Spravato nasal spray") && names_ketamine("Ketalar"));
}

#[test]
fn what_no_table_knows_is_not_classed_and_asks() {
    for name in ["Xyzzolam 3 mg", "the blue pill", "study drug A-17"] {
        let classed = classify(&[name], &[]);
        assert_eq!(classed.classes, [NotClassed], "{name}: {classed:?}");
        assert!(!classed.look.is_empty(), "{name}");
    }
    let combination = classify(&["Oxycodone 5 mg / Zzyrtabex 10 mg"], &[]);
    assert_eq!(combination.classes, [Opioid, NotClassed]);
    assert!(combination.look.iter().any(|why| why.contains("zzyrtabex")), "{combination:?}");
    assert_eq!(classify(&[], &[]).classes, [NotClassed]);
}

#[test]
fn a_slip_of_the_keyboard_counts_as_what_it_looks_like_and_asks() {
    for (name, class) in
        [("methadnoe 10 mg", Opioid), ("Clarithromicin 500", StrongCypInhibitor), ("St Johns Wart", CypInducer)]
    {
        assert!(of(name).contains(&class), "{name}: {:?}", classify(&[name], &[]));
    }
    assert!(of("methadnoe 10 mg").contains(&NotClassed), "a slip asks");
}

#[test]
fn combinations_have_the_classes_of_each_part() {
    assert_eq!(of("Embeda"), [Opioid, EffectBlunter]);
    assert_eq!(of("Qsymia"), [CypInducer, Stimulant]);
    assert_eq!(of("Donepezil 10 MG / Methadone 5 MG"), [Opioid]);
}

#[cfg(feature = "terminology")]
#[test]
fn codes_give_classes_with_their_system_and_never_without() {
    for (system, code, class) in [
        (RXNORM, "6813", Opioid),
        (RXNORM, "8123", Maoi),
        (RXNORM, "596", Benzodiazepine),
        ("urn:oid:2.16.840.1.113883.6.88", "6813", Opioid),
        (ATC, "N06AF04", Maoi),
        (ATC, "n06af04", Maoi),
        ("urn:oid:2.16.840.1.113883.6.73", "N06AF04", Maoi),
    ] {
        assert_eq!(coded(system, code).classes, [class], "{system} {code}");
    }
    assert_eq!(coded("", "6813").classes, [NotClassed]);
    assert_eq!(coded("http://hl7.org/fhir/sid/ndc", "6813").classes, [NotClassed]);
    let unknown = coded(RXNORM, "99999999");
    assert_eq!(unknown.classes, [NotClassed]);
    assert!(unknown.look.iter().any(|why| why.contains("look it up")), "{unknown:?}");
    let group = coded(ATC, "N02A");
    assert!(group.classes.contains(&Opioid) && group.classes.contains(&NotClassed), "{group:?}");
    assert_eq!(name_of_code(RXNORM, "833036").as_deref(), Some("hydrocodone"));
}

#[cfg(feature = "terminology")]
#[test]
fn where_a_code_and_its_words_disagree_both_count_and_the_difference_is_said() {
    let both = classify(&["Captopril 25 MG Oral Tablet"], &[(RXNORM, "833036")]);
    assert_eq!(both.classes, [Opioid]);
    assert!(both.look.iter().any(|why| why.contains("hydrocodone") && why.contains("captopril")), "{both:?}");
    let two = classify(&["Phenelzine 15 mg"], &[(RXNORM, "6813")]);
    assert_eq!(two.classes, [Opioid, Maoi]);
    assert!(classify(&["Acetaminophen/Hydrocodone"], &[(RXNORM, "856980")]).look.is_empty());
}

#[test]
fn what_is_put_on_the_skin_alone_is_no_inhibitor() {
    assert_eq!(of("Nizoral shampoo 2 %"), [Other]);
    assert_eq!(of("Ketoconazole 20 MG/ML Topical Cream"), [Other]);
    assert_eq!(of("Ketoconazole 200 mg oral tablet"), [StrongCypInhibitor]);
    assert_eq!(of("Fentanyl 25 mcg/h transdermal patch"), [Opioid]);
}

#[test]
fn labels_of_pharmacies_are_read_with_what_they_cut_short() {
    for (name, class) in [
        ("HYDROCODON-ACETAMINOPHEN 5-325", Opioid),
        ("OXYCODON-ACETAMINOPHEN", Opioid),
        ("DEXTROAMP-AMPHETAMIN 20 MG TAB", Stimulant),
        ("MORPHINE SULF ER 15 MG TAB", Opioid),
        ("BUPRENORPHIN-NALOXON 8-2 MG", Opioid),
        ("CLONAZEPAM ODT 0.5", Benzodiazepine),
        ("LEVOTHYROX 50 MCG", ThyroidHormone),
        ("Tylenol #3", Opioid),
        ("Tylenol with codeine no. 3", Opioid),
        ("Phenergan with codeine syrup", Opioid),
    ] {
        assert!(of(name).contains(&class), "{name}: {:?}", classify(&[name], &[]));
    }
    assert_eq!(of("Tylenol 325 mg"), [Other]);
}
