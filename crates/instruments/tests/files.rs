//! The built-in files and the errors of files and answers.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the test compares the pages in docs with those that the files give"
)]

use std::collections::BTreeMap;

use stillwater_instruments::catalogue::FILES;
use stillwater_instruments::{Catalogue, Embed, Number, OptionSet, Responses, ScoreContext, page, read_instrument};

#[test]
fn all_40_files_can_be_read_and_fit_together() {
    for (file, text) in FILES {
        read_instrument(file, text).unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(Catalogue::built_in().iter().count(), 40);
}

#[test]
fn no_text_is_carried_where_the_licence_keeps_it() {
    for instrument in Catalogue::built_in().iter().filter(|i| i.embed == Embed::No) {
        assert!(!instrument.may_show_text(), "{}", instrument.id);
        assert!(instrument.items.iter().all(|item| item.text.is_empty()), "{}", instrument.id);
    }
}

/// Whoever would rather not say gives the form's own answer for that, found by its mark and not by its words.
#[test]
fn an_answer_that_declines_is_marked_so() {
    let mut marked = Vec::new();
    for instrument in Catalogue::built_in().iter() {
        for set in &instrument.option_sets {
            let OptionSet::Choice { options, .. } = set else { continue };
            for option in options {
                assert_eq!(
                    option.label.starts_with("Declined"),
                    option.declined,
                    "{}: {}",
                    instrument.id,
                    option.label
                );
                marked.extend(option.declined.then_some((instrument.id.as_str(), option.value)));
            }
        }
    }
    assert_eq!(marked, [("asq", Number::from_decimal("9").unwrap())]);
}

fn check_refused(change: (&str, &str), says: &str) {
    let (file, text) = FILES.iter().find(|(file, _)| *file == "phq-9.toml").unwrap();
    assert!(text.contains(change.0), "the sample does not contain {:?}", change.0);
    let error = read_instrument(file, &text.replacen(change.0, change.1, 1)).unwrap_err().to_string();
    assert!(error.starts_with("phq-9.toml, line ") && error.contains(says), "{error}");
}

#[test]
fn a_malformed_file_is_refused_with_file_line_and_what_was_expected() {
    check_refused(("schema = \"instrument/1\"", "schema = \"instrument/7\""), "instrument/1");
    check_refused(("mode = \"self\"", "mode = \"dog\""), "dog");
    check_refused(("\"phq9_9\"]", "\"phq9_99\"]"), "phq9_99");
    check_refused(("max = 27", "max = 28"), "0 to 27");
    check_refused(("minutes = ", "minuets = "), "minuets");
    check_refused(("when = { item = \"phq9_9\", ge = 1 }", "when = { item = \"phq9_9\" }"), "comparison");
    check_refused(("when = { item = \"phq9_9\", ge = 1 }", "when = { item = \"phq9_77\", ge = 1 }"), "phq9_77");
    check_refused(("when = { item = \"phq9_9\", ge = 1 }", "when = { count = [\"phq9_9\"], ge = 1 }"), "at_least");
    check_refused(("when = { item = \"phq9_9\", ge = 1 }", "when = { missing = \"phq9_9\", ge = 1 }"), "comparison");
    check_refused(("when = { item = \"phq9_9\", ge = 1 }", "when = { item = \"phq9_9\", has = [1], ge = 1 }"), "has");
}

fn check_answer(instrument: &str, json: &str, name: &str) {
    let responses: Responses = serde_json::from_str(json).unwrap();
    let instrument = Catalogue::built_in().get(instrument).unwrap();
    let error = instrument.score(&responses, &ScoreContext::new(), None).unwrap_err();
    assert_eq!(error.name, name, "{error}");
    assert_ne!(*error.allowed, stillwater_instruments::Allowed::Nothing);
}

#[test]
fn an_answer_that_cannot_be_is_refused_by_name() {
    check_answer("phq-9", r#"{"phq9_1": 4}"#, "out-of-range");
    check_answer("phq-9", r#"{"phq9_1": 1.5}"#, "out-of-range");
    check_answer("phq-9", r#"{"phq9_1": "two"}"#, "not-a-number");
    check_answer("phq-9", r#"{"phq9_1": [1]}"#, "not-a-number");
    check_answer("phq-9", r#"{"phq9_1": "na"}"#, "na-not-allowed");
    check_answer("phq-9", r#"{"phq_1": 1}"#, "unknown-item");
    check_answer("lec-5", r#"{"lec5_1": 1}"#, "not-a-list");
    check_answer("srs", r#"{"srs_1": 3.75}"#, "off-step");
    check_answer("pc-ptsd-5", r#"{"pcptsd5_0": 0, "pcptsd5_1": 1}"#, "answered-but-skipped");
}

#[test]
fn branching_asks_only_what_earlier_answers_call_for() {
    let instrument = Catalogue::built_in().get("pc-ptsd-5").unwrap();
    let asked = |responses: Responses| instrument.asked(&responses).len();
    assert_eq!(asked(Responses::default()), 1);
    assert_eq!(asked(Responses::from([("pcptsd5_0", 0)])), 1);
    assert_eq!(asked(Responses::from([("pcptsd5_0", 1)])), 6);
}

#[test]
fn an_answer_left_over_from_a_closed_branch_is_dropped_and_not_asked_again() {
    let instrument = Catalogue::built_in().get("pc-ptsd-5").unwrap();
    let changed_to_no = Responses::from([("pcptsd5_0", 0), ("pcptsd5_1", 1), ("pcptsd5_2", 1)]);
    assert_eq!(instrument.asked(&changed_to_no).len(), 1);
    let kept = instrument.only_asked(&changed_to_no);
    assert_eq!(kept, Responses::from([("pcptsd5_0", 0)]));
    assert!(instrument.score(&kept, &ScoreContext::new(), None).is_ok());
}

#[test]
fn a_total_from_a_licensed_form_has_its_bands_and_no_known_safety_item() {
    let instrument = Catalogue::built_in().get("madrs").unwrap();
    let scored = instrument.from_scores(&BTreeMap::from([("total".to_owned(), 28.0)]), &ScoreContext::new()).unwrap();
    assert_eq!(scored.bands.get("total").cloned().flatten().as_deref(), Some("moderate"));
    assert!(scored.safety.values().all(Option::is_none), "an item nobody read is not a no");
    for (score, value, name) in
        [("total", 61.0, "out-of-range"), ("total", 3.5, "off-step"), ("sum", 3.0, "unknown-item")]
    {
        let error =
            instrument.from_scores(&BTreeMap::from([(score.to_owned(), value)]), &ScoreContext::new()).unwrap_err();
        assert_eq!(error.name, name);
    }
}

#[test]
fn the_pages_in_docs_are_those_that_the_files_give() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/instruments");
    let rewrite = std::env::var_os("STILLWATER_WRITE_DOCS").is_some();
    let mut pages = vec![("index.md".to_owned(), page::index(Catalogue::built_in()))];
    pages.extend(Catalogue::built_in().iter().map(|i| (format!("{}.md", i.id), page::page(i))));
    if rewrite {
        std::fs::create_dir_all(&folder).unwrap();
    }
    for (name, text) in pages {
        let path = folder.join(&name);
        if rewrite {
            std::fs::write(&path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, text, "docs/instruments/{name} is stale: run this test with STILLWATER_WRITE_DOCS=1");
    }
}
