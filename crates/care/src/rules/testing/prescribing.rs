//! The columns of a table that say on what ground a medicine is prescribed, and how the course went.

use jiff::Timestamp;
use uuid::Uuid;

use super::{ago, items};
use crate::facts::{Facts, LicenceFact};
use crate::ids::StaffId;
use crate::telemedicine::TelemedicineRule;

/// Who writes the orders of the tables.
pub(super) fn prescriber() -> StaffId {
    StaffId(Uuid::from_u128(1))
}

/// `mine US-CO 2027-01-01`, joined by commas: whose, where, and its last day.
pub(super) fn licences(cell: &str) -> Vec<LicenceFact> {
    let one = |(text, _): (&str, Timestamp)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        LicenceFact {
            prescriber: if words[0] == "mine" { prescriber() } else { StaffId(Uuid::from_u128(2)) },
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

/// Sets a column of the grounds and the course of prescribing.
pub(super) fn set(facts: &mut Facts, column: &str, cell: &str) -> bool {
    match column {
        "region" => facts.region = (cell != "none").then(|| cell.to_owned()),
        "licences" => facts.licences = licences(cell),
        "telemedicine" => facts.telemedicine = telemedicine(cell),
        "examined" => facts.examined_in_person_at = (cell != "none").then(|| ago(cell)),
        _ => return false,
    }
    true
}
