//! Every scoring vector of the reference, through the public API.

#![allow(clippy::unwrap_used)]

use stillwater_instruments::{Catalogue, run_vectors};

const VECTORS: &str = include_str!("reference/vectors.json");

#[test]
fn all_454_vectors_come_out_as_expected() {
    let report = run_vectors("vectors.json", VECTORS, Catalogue::built_in()).unwrap();
    for difference in &report.differences {
        eprintln!("{}: {} expected {}, got {}", difference.vector, difference.at, difference.expected, difference.got);
    }
    assert_eq!((report.passed, report.failed), (454, 0));
}

#[test]
fn a_changed_expectation_is_noticed() {
    let changed = VECTORS.replacen("\"total\": 35", "\"total\": 36", 1);
    assert_ne!(changed, VECTORS);
    let report = run_vectors("vectors.json", &changed, Catalogue::built_in()).unwrap();
    assert_eq!(report.failed, 1);
}

#[test]
fn a_file_that_holds_no_vectors_is_refused_with_its_line() {
    let error = run_vectors("broken.json", "{\n \"vectors\": 3 }", Catalogue::built_in()).unwrap_err();
    assert_eq!((error.file.as_str(), error.line), ("broken.json", 2));
}
