//! What leaves in a set for research: no word that anybody typed, the right intervals, and codes that the list of
//! columns names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use stillwater_care::chart::Chart;
use stillwater_care::command::Command;
use stillwater_care::event::{
    AdverseEventRecorded, CourseEnded, DistressRated, EndReason, JournalWritten, Point, Recorded, Relation,
    SymptomMarked,
};
use stillwater_care::facts::{Setting, Symptom};
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_care::roles::Actor;
use stillwater_programme::study::cells::{LAST, SUPPRESSED};
use stillwater_programme::study::table::CsvWriter;
use stillwater_programme::study::{Cell, Key, Kind, Person, Quasi, Study, Table};
use stillwater_testkit::{Course, guide, prescriber};
use uuid::Uuid;

const MARKER: &str = "Zz-marker";

/// A course at home that went from referral to its end.
fn course() -> Course {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.minutes(5);
    let now = course.now;
    let symptom = SymptomMarked { session, symptom: Symptom::Nausea, seen_at: now, words: "words".into() };
    course.does(guide(), Command::MarkSymptom(symptom));
    course.does(guide(), Command::RateDistress(DistressRated { session, rating: 3, rated_at: now }));
    course.watch_and_release(session, Setting::Home);
    course.integrate(session);
    let event = AdverseEventRecorded {
        what: "words".into(),
        serious: false,
        relation: Relation::Possible,
        session: Some(session),
        outcome: "words".into(),
    };
    course.does(guide(), Command::RecordAdverseEvent(event));
    course.does(Actor::Patient, Command::WriteJournal(JournalWritten { words: "words".into(), shared: true }));
    course.hours(24 * 6).answers("pcl-5-week", Point::Day7);
    course.does(prescriber(), Command::EndCourse(CourseEnded { reason: EndReason::Withdrew, words: "words".into() }));
    course
}

fn rows(chart: &Chart, key: &Key, now: Timestamp, step: u8) -> Person {
    Study { key, protocols: Protocols::built_in(), now, items: true }.person(chart, step)
}

fn key() -> Key {
    Key::new([5; 32])
}

fn years_on(course: &Course) -> Timestamp {
    course.now.saturating_add(SignedDuration::from_hours(24 * 800)).unwrap()
}

fn csv(person: &Person) -> String {
    let mut lines = CsvWriter::new(Vec::new());
    for (_, row) in &person.rows {
        lines.cells(row).unwrap();
    }
    String::from_utf8(lines.end().unwrap()).unwrap()
}

/// Puts a marker into every text of an event that is still read with it.
fn mark(
    value: &mut Value,
    keep: &[&str],
    number: &mut u32,
    reads: &dyn Fn(&Value) -> bool,
    path: &mut Vec<String>,
    root: &Value,
) {
    match value {
        Value::String(text) => {
            if path.last().is_some_and(|name| keep.contains(&name.as_str())) {
                return;
            }
            let before = text.clone();
            *text = format!("{MARKER}-{number}");
            *number += 1;
            let mut whole = root.clone();
            *whole.pointer_mut(&format!("/{}", path.join("/"))).unwrap() = value.clone();
            if !reads(&whole) {
                *value = Value::String(before);
            }
        }
        Value::Array(list) => {
            for (at, one) in list.iter_mut().enumerate() {
                path.push(at.to_string());
                mark(one, keep, number, reads, path, root);
                path.pop();
            }
        }
        Value::Object(map) => {
            for (name, one) in map.iter_mut() {
                path.push(name.replace('~', "~0").replace('/', "~1"));
                mark(one, keep, number, reads, path, root);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The same chart with a marker in each text but those named.
fn marked(log: &[Recorded], keep: &[&str]) -> (Chart, u32) {
    let mut number = 0;
    let events: Vec<Recorded> = log
        .iter()
        .map(|recorded| {
            let json = recorded.to_json().unwrap();
            let (name, version) = (json["name"].as_str().unwrap(), json["version"].as_u64().unwrap() as u16);
            let envelope = serde_json::json!({
                "occurred_at": json["occurred_at"], "recorded_at": json["recorded_at"], "actor": json["actor"], "what": json["what"]
            });
            let read = |value: &Value| {
                Recorded::from_bytes(recorded.seq, recorded.id, name, version, &serde_json::to_vec(value).unwrap())
            };
            let mut changed = envelope.clone();
            mark(&mut changed, keep, &mut number, &|value| read(value).is_ok(), &mut Vec::new(), &envelope);
            read(&changed).unwrap()
        })
        .collect();
    (Chart::fold(PatientId(Uuid::from_u128(0xfeed_beef)), &events), number)
}

#[test]
fn no_word_of_a_chart_full_of_markers_leaves() {
    let course = course();
    let now = years_on(&course);
    // First with every text replaced, then with those kept that the tables are looked up by, so that no row is lost.
    let looked_up = ["instrument", "instrument_version", "protocol", "protocol_version", "time_zone"];
    for keep in [&[][..], &looked_up[..]] {
        let (chart, texts) = marked(&course.log, keep);
        assert!(texts > 100, "{texts}");
        assert!(chart.name().starts_with(MARKER));
        for step in 0..=LAST {
            let out = csv(&rows(&chart, &key(), now, step));
            assert!(!out.contains(MARKER), "{out}");
            assert!(!out.to_lowercase().contains("marker"));
        }
    }
    let count = |chart: &Chart| rows(chart, &key(), now, 0).rows.len();
    assert_eq!(count(&marked(&course.log, &looked_up).0), count(&course.chart));
}

#[test]
fn no_name_phone_address_birth_date_or_id_of_ours_leaves() {
    let course = course();
    let chart = &course.chart;
    let out = csv(&rows(chart, &key(), years_on(&course), 0));
    let mut forbidden: Vec<String> =
        ["Somebody", "Example", "555-", "Street", "Denver", "1985", "words", "911", "friend"]
            .map(str::to_owned)
            .to_vec();
    forbidden.push(chart.id.to_string());
    forbidden.extend(chart.event_ids.iter().map(ToString::to_string));
    forbidden.extend(chart.sessions.iter().map(|s| s.id.to_string()));
    forbidden.extend(chart.team.iter().map(|m| m.id.to_string()));
    forbidden.extend(
        [chart.referred_at(), chart.first_dose_at()].into_iter().flatten().map(|at| chart.local_date(at).to_string()),
    );
    for word in forbidden {
        assert!(!out.contains(&word), "{word:?} is in\n{out}");
    }
}

#[test]
fn each_cell_is_of_its_columns_kind_and_each_code_is_on_its_list() {
    let course = course();
    let mut clinic = Course::new();
    let session = clinic.dosed(Setting::Clinic);
    clinic.watch_and_release(session, Setting::Clinic);
    let mut seen = BTreeSet::new();
    for (chart, step) in [(&course.chart, 0), (&course.chart, 2), (&course.chart, LAST), (&clinic.chart, 0)] {
        for (table, row) in rows(chart, &key(), years_on(&course), step).rows {
            seen.insert(table);
            let columns = table.columns();
            assert_eq!(row.len(), columns.len(), "{table:?}");
            for (cell, column) in row.iter().zip(columns) {
                let fits = match cell {
                    Cell::Absent => true,
                    Cell::Code(_) | Cell::Text(_) => column.kind == Kind::Text,
                    Cell::Whole(_) => column.kind == Kind::Whole,
                    Cell::Real(_) => column.kind == Kind::Real,
                    Cell::Truth(_) => column.kind == Kind::Truth,
                };
                assert!(fits, "{table:?} {} {cell:?}", column.name);
                if let Some(text) = cell.text().filter(|_| !column.values.is_empty()) {
                    assert!(column.values.contains(&text), "{table:?} {} {text}", column.name);
                }
            }
        }
    }
    assert_eq!(seen.len(), Table::ALL.len(), "each table has rows: {seen:?}");
}

fn column(table: Table, name: &str) -> usize {
    table.columns().iter().position(|column| column.name == name).unwrap()
}

fn cells(person: &Person, table: Table, name: &str) -> Vec<Cell> {
    let at = column(table, name);
    person.rows.iter().filter(|(of, _)| *of == table).map(|(_, row)| row[at].clone()).collect()
}

#[test]
fn intervals_are_kept_whatever_the_key() {
    let course = course();
    let chart = &course.chart;
    let (referred, dose) = (chart.referred_at().unwrap(), chart.first_dose_at().unwrap());
    let true_days = (chart.local_date(dose) - chart.local_date(referred)).get_days();
    let mut days_between_dates = BTreeSet::new();
    let mut first_dates = BTreeSet::new();
    for number in 0..20 {
        let person = rows(chart, &Key::new([number; 32]), years_on(&course), 0);
        let date = |name: &str| -> Date { cells(&person, Table::People, name)[0].text().unwrap().parse().unwrap() };
        let (from, to) = (date("referral_date_shifted"), date("first_dose_date_shifted"));
        days_between_dates.insert((to - from).get_days());
        first_dates.insert(from);
        let exact = (dose.as_second() - referred.as_second()) as f64 / 86_400.0;
        let Cell::Real(day) = cells(&person, Table::Doses, "day_from_referral")[0] else { panic!() };
        assert!((day - exact).abs() <= 0.5e-4, "{day} {exact}");
        assert_eq!(cells(&person, Table::Doses, "day_from_first_dose"), [Cell::Real(0.0)]);
        let minutes = cells(&person, Table::Readings, "minutes_since_dose");
        assert!(minutes.contains(&Cell::Real(15.0)) && minutes.contains(&Cell::Real(125.0)), "{minutes:?}");
    }
    assert_eq!(days_between_dates.into_iter().collect::<Vec<_>>(), [true_days], "dates move together");
    assert!(first_dates.len() > 15, "and by another number under another key");
}

#[test]
fn a_moved_date_is_given_only_where_the_end_of_the_record_tells_nothing_of_the_shift() {
    let course = course();
    let dates = |chart: &Chart, number: u8, now: Timestamp| {
        cells(&rows(chart, &Key::new([number; 32]), now, 0), Table::People, "referral_date_shifted")[0].clone()
    };
    // Every key: still within reach of half a year's shift, so never given although the course has ended.
    let soon = course.now.saturating_add(SignedDuration::from_hours(24)).unwrap();
    assert!((0..50).all(|number| dates(&course.chart, number, soon) == Cell::Absent));
    assert!((0..50).all(|number| dates(&course.chart, number, years_on(&course)) != Cell::Absent));
    let mut going = Course::new();
    let session = going.dosed(Setting::Home);
    going.watch_and_release(session, Setting::Home);
    assert!((0..50).all(|number| dates(&going.chart, number, years_on(&going)) == Cell::Absent), "it has not ended");
}

#[test]
fn nothing_tells_the_setting_once_it_is_suppressed() {
    let mut clinic = Course::new();
    let session = clinic.dosed(Setting::Clinic);
    clinic.watch_and_release(session, Setting::Clinic);
    for chart in [&course().chart, &clinic.chart] {
        let person = rows(chart, &key(), years_on(&clinic), LAST);
        let out = csv(&person);
        for word in ["home", "clinic", "sublingual", "intravenous", "tablet", "infusion", "sl-", "iv-", "companion"] {
            assert!(!out.contains(word), "{word} is in\n{out}");
        }
        assert_eq!(cells(&person, Table::Doses, "dose_mg"), [Cell::Absent]);
        assert_eq!(cells(&person, Table::People, "setting"), [Cell::Code(SUPPRESSED)]);
    }
    let plain = csv(&rows(&clinic.chart, &key(), years_on(&clinic), 0));
    assert!(plain.contains("intravenous") && plain.contains("iv-single-clinic"));
}

#[test]
fn a_measure_that_was_due_and_not_answered_has_a_row_that_says_why() {
    let course = course();
    let person = rows(&course.chart, &key(), years_on(&course), 0);
    let why: Vec<Cell> = cells(&person, Table::Measures, "missing");
    let values: Vec<Cell> = cells(&person, Table::Measures, "value");
    let mut counts = BTreeMap::new();
    for (why, value) in why.iter().zip(&values) {
        assert_ne!(*why == Cell::Absent, *value == Cell::Absent, "a value or a reason, never both");
        *counts.entry(why.text().unwrap_or("answered")).or_insert(0) += 1;
    }
    // The daily check of 24 hours was left out; the course ended before the later points were due.
    assert!(counts["answered"] > 10 && counts["not-answered"] > 0 && counts["course-ended"] > 0, "{counts:?}");
    let at_once = rows(&course.chart, &key(), course.now, 0);
    assert!(
        cells(&at_once, Table::Measures, "missing").len() < why.len(),
        "what may still be answered is not missing yet"
    );
}

#[test]
fn a_chart_of_which_nothing_is_known_gives_one_row_of_unknowns() {
    let chart = Chart::new(PatientId(Uuid::from_u128(9)));
    let person = rows(&chart, &key(), Timestamp::UNIX_EPOCH, 0);
    assert_eq!(person.rows.len(), 1);
    let printed = Quasi::of(&chart).printed(0);
    assert_eq!([printed.age_band, printed.sex, printed.veteran, printed.setting], ["unknown"; 4]);
}
