//! Every distinct medicine of two synthetic samples, with the class that a person gave it and why: how many the program
//! misses, how many it raises a false alarm about, and how many it asks about.

// One label rests on what the code says.
#![cfg(feature = "terminology")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use stillwater_care::code::Code as _;
use stillwater_care::facts::MedicineClass;
use stillwater_fhir::medicines::classify;

const LABELS: &str = include_str!("samples/medicine_labels.csv");
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

#[test]
fn no_medicine_of_the_samples_is_missed_none_is_a_false_alarm_and_none_is_left_unclassed() {
    let mut reader = csv::Reader::from_reader(LABELS.as_bytes());
    let (mut labels, mut missed, mut false_alarms, mut asked) = (0, Vec::new(), Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        let (text, display, code, label, why) = (&row[0], &row[1], &row[2], &row[4], &row[5]);
        assert!(MedicineClass::ALL.iter().any(|class| class.code() == label) && why.len() > 5, "{row:?}");
        let classed = classify(&[text, display], &[(RXNORM, code)]);
        let given: Vec<&str> = classed.classes.iter().map(|class| class.code()).collect();
        labels += 1;
        if !given.contains(&label) {
            missed.push(format!("{text} {display}: {label}, not {given:?}"));
        }
        if given.iter().any(|class| *class != label && *class != "other" && *class != "not-classed") {
            false_alarms.push(format!("{text} {display}: {given:?}, not {label}"));
        }
        if given.contains(&"not-classed") {
            asked.push(format!("{text} {display}"));
        }
    }
    assert_eq!(labels, 80);
    assert!(missed.is_empty(), "missed: {missed:#?}");
    assert!(false_alarms.is_empty(), "false alarms: {false_alarms:#?}");
    assert!(asked.is_empty(), "asked about: {asked:#?}");
}
