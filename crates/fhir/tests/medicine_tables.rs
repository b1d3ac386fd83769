//! The tables of medicines, held against themselves: whole rows, codes of the right shape that name one thing, a class that
//! a rule knows, every name found again, and no look-alike taken for what it looks like.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use stillwater_care::code::Code as _;
use stillwater_care::facts::MedicineClass;
use stillwater_fhir::medicines::classify;

const INGREDIENTS: &str = include_str!("../data/medicines/ingredients.csv");
const NO_CLASS: &str = include_str!("../data/medicines/no_class.csv");
const RXNORM: &str = include_str!("../data/medicines/rxnorm.csv");
const ATC: &str = include_str!("../data/medicines/atc.csv");

type Row = BTreeMap<String, String>;

fn rows(table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|row| head.iter().cloned().zip(row.expect("a whole row").iter().map(str::to_owned)).collect())
        .collect()
}

fn items(cell: &str) -> Vec<&str> {
    cell.split(';').filter(|item| !item.is_empty()).collect()
}

#[test]
fn every_row_is_whole_and_no_cell_has_a_stray_space_or_an_empty_item() {
    for table in [INGREDIENTS, NO_CLASS, RXNORM, ATC] {
        for row in rows(table) {
            for (column, cell) in &row {
                assert!(cell.trim() == cell && !cell.contains("  ") && !cell.contains(";;"), "{column}: {cell:?}");
            }
        }
    }
}

#[test]
fn every_class_has_as_many_ingredients_as_were_counted_and_none_is_unknown() {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(INGREDIENTS) {
        assert!(!row["basis"].is_empty(), "{}: no basis", row["ingredient"]);
        assert!(!row["classes"].is_empty() || !row["groups"].is_empty(), "{}: of nothing", row["ingredient"]);
        for class in items(&row["classes"]) {
            *count.entry(class.to_owned()).or_default() += 1;
            assert!(MedicineClass::ALL.iter().any(|known| known.code() == class), "{class} is no class");
        }
    }
    for (class, least) in [
        ("strong-cyp-inhibitor", 20),
        ("cyp-inducer", 15),
        ("benzodiazepine", 25),
        ("opioid", 30),
        ("stimulant", 12),
        ("maoi", 10),
        ("theophylline", 4),
        ("effect-blunter", 6),
        ("thyroid-hormone", 3),
    ] {
        assert!(count[class] >= least, "{class}: {} of at least {least}", count[class]);
    }
}

#[test]
fn every_code_has_its_shape_and_names_ingredients_of_the_table_once() {
    let known: BTreeSet<String> = rows(INGREDIENTS).into_iter().map(|row| row["ingredient"].clone()).collect();
    assert_eq!(known.len(), rows(INGREDIENTS).len(), "an ingredient stands twice");
    let mut seen = BTreeSet::new();
    for row in rows(RXNORM) {
        let code = &row["rxcui"];
        assert!(!code.is_empty() && code.chars().all(|digit| digit.is_ascii_digit()), "RxNorm {code}");
        assert!(seen.insert(code.clone()), "RxNorm {code} stands twice");
        let ingredients = items(&row["ingredients"]);
        assert!(!ingredients.is_empty() && ingredients.iter().all(|one| known.contains(*one)), "RxNorm {code}");
    }
    let mut whole: BTreeMap<String, String> = BTreeMap::new();
    let classes: BTreeMap<String, String> =
        rows(INGREDIENTS).into_iter().map(|row| (row["ingredient"].clone(), row["classes"].clone())).collect();
    for row in rows(ATC) {
        let (code, ingredient) = (&row["atc"], &row["ingredient"]);
        let shape = |at: usize, letter: char| match at {
            0 | 3 | 4 => letter.is_ascii_uppercase(),
            _ => letter.is_ascii_digit(),
        };
        assert!(code.len() == 7 && code.chars().enumerate().all(|(at, letter)| shape(at, letter)), "ATC {code}");
        assert!(known.contains(ingredient), "ATC {code}: {ingredient}");
        assert!(matches!(row["use"].as_str(), "whole" | "part" | "local"), "ATC {code}");
        if row["use"] == "whole"
            && let Some(other) = whole.insert(code.clone(), ingredient.clone())
        {
            assert_eq!(classes[&other], classes[ingredient], "ATC {code}: {other} and {ingredient}");
        }
    }
}

#[test]
fn every_name_and_brand_is_found_with_the_classes_of_its_ingredient() {
    for row in rows(INGREDIENTS) {
        for name in items(&row["names"]).into_iter().chain(items(&row["brands"])) {
            if name.chars().count() < 2 {
                continue;
            }
            for written in [name.to_owned(), name.to_uppercase(), format!("{name} 10 mg")] {
                let classed = classify(&[&written], &[]);
                assert!(classed.ingredients.contains(&row["ingredient"]), "{written}: {classed:?}");
                for class in items(&row["classes"]) {
                    assert!(classed.classes.iter().any(|one| one.code() == class), "{written}: {classed:?}");
                }
                assert!(!classed.classes.contains(&MedicineClass::NotClassed), "{written}: {classed:?}");
            }
        }
    }
}

#[test]
fn a_name_of_no_class_has_none_and_stands_in_no_other_table() {
    for row in rows(NO_CLASS) {
        for name in std::iter::once(row["ingredient"].as_str()).chain(items(&row["names"])) {
            let classed = classify(&[name], &[]);
            assert_eq!(classed.classes, [MedicineClass::Other], "{name}: {classed:?}");
        }
    }
}

#[test]
fn what_looks_like_an_ingredient_is_not_taken_for_it() {
    let mut tried = 0;
    for row in rows(INGREDIENTS) {
        for alike in items(&row["look_alikes"]) {
            let name = alike.split(" (").next().unwrap_or_default().trim();
            // Longer items are remarks for people.
            if name.starts_with(&row["ingredient"])
                || name.is_empty()
                || name.split(' ').count() > 2
                || !name.chars().all(|c| c.is_alphabetic() || c == ' ')
            {
                continue;
            }
            let classed = classify(&[name], &[]);
            assert!(!classed.ingredients.contains(&row["ingredient"]), "{name}: {classed:?}");
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried} look-alikes were tried");
}

#[test]
fn only_combinations_share_a_name_across_classes() {
    let mut by_name: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows(INGREDIENTS) {
        let known = format!("{} {}", row["classes"], row["groups"]);
        for name in items(&row["names"]).into_iter().chain(items(&row["brands"])) {
            by_name.entry(name.to_lowercase()).or_default().insert(row["ingredient"].clone(), known.clone());
        }
    }
    let shared: BTreeSet<&str> = by_name
        .iter()
        .filter(|(_, all)| all.values().collect::<BTreeSet<_>>().len() > 1)
        .map(|(name, _)| name.as_str())
        .collect();
    let combinations = [
        "ascomp",
        "bunavail",
        "dayquil",
        "dorflex",
        "embeda",
        "fioricet with codeine",
        "lybalvi",
        "nyquil",
        "qsymia",
        "suboxone",
        "zubsolv",
    ];
    assert_eq!(shared, BTreeSet::from(combinations));
}
