//! The two pages that clinicians read, held against the rules: the rule book must be current, and the hazard log must
//! name every rule under its hazard and nothing that does not exist.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
// Only this test reads files: it compares documents with the rules, and the crate itself stays without I/O.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use stillwater_care::rules::{Hazard, RULES};
use stillwater_words::rule_book as book;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page(name: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(name)).unwrap_or_else(|error| panic!("docs/{name}: {error}"))
}

/// Every word between backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The number and name of a rule: `S01-bp-clinic`.
fn looks_like_a_rule(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() > 4 && bytes[0].is_ascii_uppercase() && bytes[1..3].iter().all(u8::is_ascii_digit) && bytes[3] == b'-'
}

fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn docs_rules_md_is_current() {
    if std::env::var_os("STILLWATER_WRITE_DOCS").is_some() {
        std::fs::write(root().join("docs/RULES.md"), book::book_markdown()).unwrap();
    }
    let page = page("RULES.md");
    let book = book::book_markdown();
    let line = page.lines().zip(book.lines()).position(|(old, new)| old != new);
    assert!(
        page.trim_end() == book.trim_end(),
        "docs/RULES.md is stale from line {}; write it again with `cargo xtask docs`",
        line.map_or_else(|| page.lines().count().min(book.lines().count()) + 1, |line| line + 1)
    );
}

#[test]
fn the_hazard_log_names_every_rule_under_its_hazard() {
    let page = page("hazards.md");
    for hazard in Hazard::ALL {
        let heading = format!("\n## {}:", hazard.id());
        let (_, rest) =
            page.split_once(&heading).unwrap_or_else(|| panic!("docs/hazards.md has no section {}", hazard.id()));
        let section = rest.split("\n## ").next().unwrap();
        let named: BTreeSet<_> = quoted(section).into_iter().filter(|word| looks_like_a_rule(word)).collect();
        let expected: BTreeSet<_> = RULES.iter().filter(|rule| rule.controls == hazard).map(|rule| rule.id).collect();
        assert_eq!(named, expected, "{}", hazard.id());
        for part in [
            "**Causes:**",
            "**Who is harmed, and how:**",
            "**Controls:**",
            "**What remains:**",
            "**Owner:**",
            "**State:**",
        ] {
            assert!(section.contains(part), "{} lacks {part}", hazard.id());
        }
    }
}

#[test]
fn every_rule_and_test_named_in_the_hazard_log_exists() {
    let page = page("hazards.md");
    let mut code = String::new();
    sources(&root().join("crates"), &mut code);
    let mut tests = 0;
    for word in quoted(&page) {
        if looks_like_a_rule(word) {
            assert!(RULES.iter().any(|rule| rule.id == word), "no rule is called {word}");
        } else if word.contains('_') {
            assert!(code.contains(&format!("fn {word}()")), "no test is called {word}");
            tests += 1;
        }
    }
    assert!(tests >= RULES.len() / 2, "only {tests} tests are named");
}

#[test]
fn severity_and_likelihood_are_left_to_a_named_clinician() {
    let page = page("hazards.md");
    for hazard in Hazard::ALL {
        let row = format!("| {} |", hazard.id());
        let line =
            page.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("no row for {}", hazard.id()));
        assert_eq!(line.matches("to be set by a named clinician").count(), 2, "{line}");
    }
}

#[test]
fn the_instruments_that_rules_read_hold_the_scores_and_flags_that_they_name() {
    let catalogue = stillwater_instruments::Catalogue::built_in();
    for id in [
        "pcl-5-month",
        "pcl-5-week",
        "asq",
        "c-ssrs-recent",
        "bladder-check",
        "audit-c",
        "audit",
        "stop-bang",
        "dast-10",
        "bpic-ss",
    ] {
        assert!(catalogue.get(id).is_some(), "no instrument is called {id}");
    }
    for (id, score) in [
        ("audit-c", "total"),
        ("dast-10", "total"),
        ("audit", "total"),
        ("stop-bang", "total"),
        ("bpic-ss", "total"),
        ("pcl-5-month", "total"),
    ] {
        assert!(catalogue.get(id).unwrap().scores.iter().any(|s| s.id == score), "{id} has no score {score}");
    }
    for flag in ["blood", "refer"] {
        assert!(
            catalogue.get("bladder-check").unwrap().safety.iter().any(|s| s.id == flag),
            "bladder-check has no flag {flag}"
        );
    }
}
