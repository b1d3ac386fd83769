//! Whoever reads it in another language: every sentence replaced, the course unchanged. No sentence of ours is stored, so
//! that nothing which is decided, compared or kept can rest on one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use stillwater_care::facts::Setting;
use stillwater_care::rules::{self, Gate};
use stillwater_testkit::Course;
use stillwater_words::{Words, findings, timeline};

fn reversed() -> Words {
    Words::changed_for_test(|text| text.chars().rev().collect::<String>().into())
}

/// A whole course, in the clinic and at home.
fn courses() -> Vec<Course> {
    [Setting::Clinic, Setting::Home]
        .into_iter()
        .map(|setting| {
            let mut course = Course::new();
            let session = course.dosed(setting);
            course.watch_and_release(session, setting).integrate(session);
            course
        })
        .collect()
}

#[test]
fn no_sentence_is_stored() {
    let words = Words::english();
    // Sentences of several words without a value in them, as they would stand in a stored event.
    let sentences: Vec<String> = words
        .ids()
        .filter(|id| words.variables(id).is_some_and(|values| values.is_empty()))
        .map(|id| words.say(id, &[]))
        .filter(|said| said.split_whitespace().count() >= 3)
        .collect();
    assert!(sentences.len() > 200, "{}", sentences.len());
    for course in courses() {
        for recorded in &course.log {
            let stored = String::from_utf8(recorded.clone().into_draft().to_bytes().unwrap()).unwrap();
            for said in &sentences {
                assert!(!stored.contains(said.as_str()), "{}: {said:?} in {stored}", recorded.event.name());
            }
        }
    }
}

#[test]
fn the_same_course_is_told_in_other_words() {
    let (english, other) = (Words::english(), reversed());
    for course in courses() {
        let told =
            |words: &Words| course.log.iter().map(|recorded| timeline::staff(words, recorded)).collect::<Vec<_>>();
        assert_eq!(told(english).len(), told(&other).len());
        assert_ne!(told(english), told(&other));
    }
}

#[test]
fn every_finding_is_said_in_other_words_and_stays_the_same_finding() {
    let (english, other) = (Words::english(), reversed());
    let mut seen = 0;
    for course in courses() {
        let facts = course.chart.facts(
            course.now,
            stillwater_care::protocol::Protocols::built_in(),
            stillwater_care::chart::facts_from_chart::Scope::default(),
        );
        for gate in Gate::ALL {
            for assessment in rules::assess(gate, &facts) {
                for finding in assessment.verdict.findings() {
                    assert_ne!(findings::line(english, finding), findings::line(&other, finding), "{finding:?}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 5, "{seen}");
}
