//! What is refused of the grounds on which a medicine is prescribed.

use jiff::civil::date;
use stillwater_care::command::*;
use stillwater_care::event::*;
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
];
