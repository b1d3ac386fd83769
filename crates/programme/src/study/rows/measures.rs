//! Scores and answers, and what was due and not answered.

use std::collections::BTreeMap;

use stillwater_care::chart::Entry;
use stillwater_care::event::{MeasureCompleted, MeasureEntry, Point};
use stillwater_care::ids::EventId;
use stillwater_care::schedule::{self, DueMeasure};
use stillwater_instruments::{Answer, Catalogue, Instrument};

use super::Gather;
use crate::study::table::{Cell, Table};

/// The code of a point of the course.
fn point(point: Point) -> &'static str {
    match point {
        Point::Screening => "screening",
        Point::Baseline => "baseline",
        Point::PreDose => "pre-dose",
        Point::InSession => "in-session",
        Point::Hours4 => "hours-4",
        Point::Hours24 => "hours-24",
        Point::Day2 => "day-2",
        Point::Day3 => "day-3",
        Point::Day7 => "day-7",
        Point::Day10 => "day-10",
        Point::Day14 => "day-14",
        Point::Monthly => "monthly",
        Point::EndOfCourse => "end-of-course",
        Point::Unscheduled => "unscheduled",
    }
}

impl Gather<'_> {
    pub(super) fn measures(&mut self) {
        let chart = self.chart;
        let due: Vec<_> =
            chart.courses().iter().flat_map(|c| schedule::measures_in(chart, c, self.study.protocols)).collect();
        let numbers: BTreeMap<EventId, u32> = due
            .iter()
            .filter(|due| due.session_number > 0)
            .filter_map(|due| Some((due.done?, due.session_number)))
            .collect();
        for measure in chart.standing(&chart.measures) {
            let Some(instrument) = Catalogue::built_in().get(&measure.value.instrument) else {
                self.left.unknown_instruments += 1;
                continue;
            };
            let session = match numbers.get(&measure.id) {
                Some(number) => Cell::Whole(i64::from(*number)),
                None => self.session_number(measure.value.session),
            };
            self.scores(measure, instrument, &session);
            if self.study.items {
                self.answers(measure, instrument, &session);
            }
        }
        for due in due.iter().filter(|due| due.done.is_none()) {
            self.not_answered(due);
        }
    }

    fn scores(&mut self, measure: &Entry<MeasureCompleted>, instrument: &Instrument, session: &Cell) {
        for score in &instrument.scores {
            let Some(value) = measure.value.scores.get(&score.id) else { continue };
            let entry = match measure.value.entry {
                MeasureEntry::Answers => "answers",
                MeasureEntry::EnteredTotal => "entered-total",
            };
            let missing = if value.is_some() { Cell::Absent } else { Cell::Code("items-left-out") };
            let [referral, dose] = self.days(measure.occurred_at);
            let row = vec![
                self.id(),
                referral,
                dose,
                Cell::Code(point(measure.value.point)),
                session.clone(),
                Cell::Text(instrument.id.clone()),
                version(&measure.value, instrument),
                Cell::Text(score.id.clone()),
                Cell::real(*value),
                Cell::Code(entry),
                missing,
            ];
            self.push(Table::Measures, measure.occurred_at, measure.seq, row);
        }
    }

    fn answers(&mut self, measure: &Entry<MeasureCompleted>, instrument: &Instrument, session: &Cell) {
        if measure.value.entry == MeasureEntry::EnteredTotal {
            return;
        }
        for item in instrument.asked(&measure.value.answers) {
            let given = measure.value.answers.get(&item.id);
            let values: Vec<(Option<f64>, Cell)> = match given {
                Answer::Value(value) => vec![(Some(value.as_f64()), Cell::Absent)],
                Answer::List(list) => list.iter().map(|value| (Some(value.as_f64()), Cell::Absent)).collect(),
                Answer::NotApplicable => vec![(None, Cell::Code("not-applicable"))],
                Answer::Missing => vec![(None, Cell::Code("left-out"))],
                // Whatever it is, somebody may have typed it.
                Answer::Other(_) => {
                    self.left.unreadable_answers += 1;
                    continue;
                }
            };
            for (at, (value, missing)) in values.into_iter().enumerate() {
                let [referral, dose] = self.days(measure.occurred_at);
                let row = vec![
                    self.id(),
                    referral,
                    dose,
                    Cell::Code(point(measure.value.point)),
                    session.clone(),
                    Cell::Text(instrument.id.clone()),
                    version(&measure.value, instrument),
                    Cell::Text(item.id.clone()),
                    Cell::Whole(super::whole(at) + 1),
                    Cell::real(value),
                    missing,
                ];
                self.push(Table::Items, measure.occurred_at, measure.seq, row);
            }
        }
    }

    /// A measure that nobody answered. One that may still be answered gives no row.
    fn not_answered(&mut self, due: &DueMeasure) {
        let course = self.chart.courses().iter().find(|course| course.number == due.course);
        let ended = course.and_then(|course| course.end.as_ref()).map(|end| end.at);
        // After the end of a course that had no dose nobody asks for a baseline any more.
        let never = ended.is_some() && course.and_then(|course| self.chart.first_dose_in(course)).is_none();
        if !due.missed(self.study.now) && !never {
            self.still_due = true;
            return;
        }
        let Some(instrument) = Catalogue::built_in().get(&due.instrument) else { return };
        let after = ended.is_some_and(|ended| ended < due.due_at);
        let over = !schedule::expected(self.chart, due) || (never && after);
        let why = if over { "course-ended" } else { "not-answered" };
        let [referral, dose] = self.days(due.due_at);
        let row = vec![
            self.id(),
            referral,
            dose,
            Cell::Code(point(due.point)),
            Cell::whole((due.session_number > 0).then_some(due.session_number)),
            Cell::Text(instrument.id.clone()),
            Cell::Text(instrument.version.clone()),
            instrument.main_score().map_or(Cell::Absent, |score| Cell::Text(score.id.clone())),
            Cell::Absent,
            Cell::Absent,
            Cell::Code(why),
        ];
        self.push(Table::Measures, due.due_at, u64::MAX, row);
    }
}

/// The version under which a measure was recorded, where it reads as one: digits and points. Anything else is not ours.
fn version(measure: &MeasureCompleted, instrument: &Instrument) -> Cell {
    let given = &measure.instrument_version;
    let reads = given.len() <= 16 && given.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    Cell::Text(if reads || *given == instrument.version { given.clone() } else { "other".to_owned() })
}
