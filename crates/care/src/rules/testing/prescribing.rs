//! The columns of a table that say on what ground a medicine is prescribed, and how the course went.

use jiff::Timestamp;
use uuid::Uuid;

use super::{ago, items, must_word};
use crate::facts::{
    ChildPughFact, CountFact, Facts, LabKind, LicenceFact, LiverFigure, LiverTest, MisuseFact, RemsRecord, SupplyFact,
};
use crate::ids::StaffId;
use crate::telemedicine::TelemedicineRule;

/// Who writes the orders of the tables.
pub(super) fn prescriber() -> StaffId {
    StaffId(Uuid::from_u128(1))
}

/// Somebody else of the staff.
pub(super) fn another() -> StaffId {
    StaffId(Uuid::from_u128(2))
}

/// `mine US-CO 2027-01-01`, joined by commas: whose, where, and its last day.
pub(super) fn licences(cell: &str) -> Vec<LicenceFact> {
    let one = |(text, _): (&str, Timestamp)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        LicenceFact {
            prescriber: if words[0] == "mine" { prescriber() } else { another() },
            region: words[1].to_owned(),
            until: words[2].parse().unwrap(),
        }
    };
    items(cell).into_iter().map(one).collect()
}

/// `2026-01-01 2026-12-31`: the first and the last day of a rule of the United States.
pub(super) fn telemedicine(cell: &str) -> Vec<TelemedicineRule> {
    let one = |(from, until): (&str, &str)| TelemedicineRule {
        id: "synthetic".to_owned(),
        jurisdiction: "US".to_owned(),
        title: "synthetic".to_owned(),
        link: "https://example.org".to_owned(),
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
    };
    cell.split_once(' ').map(one).into_iter().collect()
}

/// `40 d, 9 d`: how long ago each session was.
fn days(cell: &str) -> Vec<Timestamp> {
    if cell == "none" { Vec::new() } else { cell.split(',').map(|one| ago(one.trim())).collect() }
}

/// `no no no 0@1 d`: another source, craving, lost or shared, early requests, and when.
pub(super) fn misuse(cell: &str) -> Vec<MisuseFact> {
    let one = |(text, at): (&str, Timestamp)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        MisuseFact {
            at,
            other_source: must_word(words[0]),
            craving: must_word(words[1]),
            lost_or_shared: must_word(words[2]),
            early_requests: words[3].parse().unwrap(),
        }
    };
    items(cell).into_iter().map(one).collect()
}

/// `alt 20/45, ggt 121/60`: figures, each with its upper limit.
pub(super) fn figures(cell: &str) -> Vec<LiverFigure> {
    let one = |(text, _): (&str, Timestamp)| {
        let (test, numbers) = text.split_once(' ').unwrap_or_else(|| panic!("not a figure: {text:?}"));
        let (value, upper) = numbers.split_once('/').unwrap_or_else(|| panic!("not a figure: {text:?}"));
        let test: LiverTest = must_word(test);
        LiverFigure { test, value: value.parse().unwrap(), unit: test.units()[0], upper: upper.parse().unwrap() }
    };
    items(cell).into_iter().map(one).collect()
}

/// `4 of 50`: so many should be there, of so many milligrams each; counted two hours ago and right.
pub(super) fn supply(cell: &str) -> Option<SupplyFact> {
    let (units, mg) = cell.split_once(" of ")?;
    let expected: i64 = units.parse().unwrap();
    let counted = Some(CountFact { at: ago("2 h"), units: expected, expected });
    Some(SupplyFact { unit_mg: mg.parse().unwrap(), expected, counted, differed: None })
}

/// `site-certified until 2026-05-01, prescriber-on-site here, form-sent of 10 d@4 d`.
fn rems(cell: &str) -> Vec<RemsRecord> {
    let one = |text: &str| {
        let (text, at) = text.split_once('@').map_or((text, ago("20 d")), |(text, when)| (text, ago(when)));
        let mut words = text.split_whitespace();
        let fact = must_word(words.next().unwrap());
        let rest: Vec<&str> = words.collect();
        RemsRecord {
            fact,
            at,
            until: (rest.first() == Some(&"until")).then(|| rest[1].parse().unwrap()),
            of_this_session: rest.first() == Some(&"here"),
            dose_at: (rest.first() == Some(&"of")).then(|| ago(&rest[1..].join(" "))),
        }
    };
    if cell == "none" { Vec::new() } else { cell.split(',').map(|text| one(text.trim())).collect() }
}

/// Sets a column of the grounds and the course of prescribing.
pub(super) fn set(facts: &mut Facts, column: &str, cell: &str) -> bool {
    match column {
        "region" => facts.region = (cell != "none").then(|| cell.to_owned()),
        "licences" => facts.licences = licences(cell),
        "telemedicine" => facts.telemedicine = telemedicine(cell),
        "examined" => facts.examined_in_person_at = (cell != "none").then(|| ago(cell)),
        "sessions" if cell == "unknown" => facts.course = None,
        "sessions" => facts.course.get_or_insert_default().doses = days(cell),
        "pcl-5" => {
            let (before, since) = cell.split_once(" > ").unwrap_or_else(|| panic!("before > since: {cell:?}"));
            let since = items(since).first().map(|(score, at)| (*at, score.parse().unwrap()));
            if let Some(course) = facts.course.as_mut() {
                (course.pcl5_before, course.pcl5_since) = (before.parse().ok(), since);
            }
        }
        "course reviewed" => {
            if let Some(course) = facts.course.as_mut() {
                course.reviewed_at = (cell != "none").then(|| ago(cell));
            }
        }
        "supply" => facts.supply = supply(cell),
        "counted" => {
            if let Some(supply) = facts.supply.as_mut() {
                supply.counted = items(cell).first().map(|(text, at)| {
                    let (units, expected) = text.split_once(" of ").unwrap_or_else(|| panic!("not a count: {text:?}"));
                    CountFact { at: *at, units: units.parse().unwrap(), expected: expected.parse().unwrap() }
                });
                supply.differed = supply.counted.filter(|count| count.units != count.expected);
            }
        }
        "rems" => facts.rems = rems(cell),
        "bpic before" => facts.bpic_before = cell.parse().ok(),
        "child-pugh" => {
            let rated = |(class, when)| ChildPughFact { class: must_word(class), at: ago(when) };
            facts.child_pugh = cell.split_once(' ').map(rated);
        }
        "liver figures" => {
            if let Some(lab) = facts.labs.iter_mut().rfind(|lab| lab.kind == LabKind::LiverPanel) {
                lab.figures = figures(cell);
            }
        }
        "misuse" => facts.misuse = misuse(cell),
        _ => return false,
    }
    true
}
