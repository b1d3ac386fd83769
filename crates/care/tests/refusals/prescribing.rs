//! What is refused of the grounds on which a medicine is prescribed.

use jiff::civil::date;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::RemsFact;
use stillwater_care::quantity::plus_hours;
use stillwater_testkit::Course;

use super::{Row, State, Who};

fn region(code: &str) -> Command {
    Command::SetRegion(RegionSet { region: code.into() })
}

fn licence(region: &str, number: &str) -> Command {
    Command::ShowLicence(ShowLicence { region: region.into(), number: number.into(), until: date(2027, 1, 1) })
}

fn examined(course: &Course, hours: i64, by: &str) -> Command {
    let examined_at = plus_hours(course.now, hours);
    Command::RecordExamination(ExaminedInPerson { examined_at, by: by.into() })
}

fn out(course: &Course, units: u32, unit_mg: f64) -> Command {
    Command::HandOutSupply(SupplyHandedOut { units, unit_mg, at: course.now, from: String::new() })
}

fn back(course: &Course, words: &str) -> Command {
    Command::TakeBackSupply(SupplyTakenBack { units: 1, at: course.now, words: words.into() })
}

fn rems(course: &Course, fact: RemsFact, hours: i64, reference: &str) -> Command {
    let at = plus_hours(course.now, hours);
    Command::RecordRems(RemsRecorded { fact, at, until: None, session: None, reference: reference.into() })
}

pub const ROWS: &[Row] = &[
    (State::Referred, Who::Guide, |_| region("Colorado"), "invalid/region/no-such-region"),
    (State::Referred, Who::Guide, |_| region("US"), "invalid/region/no-such-region"),
    (State::Referred, Who::Manager, |_| region("US-CO"), "not-allowed/SetRegion"),
    (State::Referred, Who::Guide, |_| licence("US-CO", "1"), "not-allowed/ShowLicence"),
    (State::Referred, Who::Prescriber, |_| licence("US", "1"), "invalid/region/no-such-region"),
    (State::Referred, Who::Prescriber, |_| licence("US-CO", " "), "invalid/licence-number/empty"),
    (State::Referred, Who::Guide, |c| examined(c, 0, "x"), "not-allowed/RecordExamination"),
    (State::Referred, Who::Prescriber, |c| examined(c, 0, " "), "invalid/examined-by/empty"),
    (State::Referred, Who::Prescriber, |c| examined(c, 1, "x"), "invalid/examined-at/in-future"),
    (State::Referred, Who::Guide, |c| out(c, 0, 50.0), "invalid/supply-units/no-such-count"),
    (State::Referred, Who::Guide, |c| out(c, 4, 0.0), "invalid/unit-strength/no-such-amount"),
    (State::Referred, Who::Patient, |c| out(c, 4, 50.0), "not-allowed/HandOutSupply"),
    (State::Referred, Who::Guide, |c| back(c, " "), "invalid/taken-back-how/empty"),
    (
        State::Referred,
        Who::Patient,
        |c| Command::CountSupply(SupplyCounted { units: 2, at: plus_hours(c.now, 1) }),
        "invalid/supply-at/in-future",
    ),
    (State::Referred, Who::Guide, |c| rems(c, RemsFact::SiteCertified, 0, ""), "invalid/rems-reference/empty"),
    (State::Referred, Who::Guide, |c| rems(c, RemsFact::SiteCertified, 1, "7"), "invalid/rems-at/in-future"),
    (State::Referred, Who::Guide, |c| rems(c, RemsFact::FormSent, 0, "7"), "not-now/no-session"),
];
