//! From one chart to the rows of its person.

mod course;
mod measures;
mod session;

use jiff::{Span, Timestamp};
use stillwater_care::chart::Chart;
use stillwater_care::ids::SessionId;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{days_between, minutes_between};

use super::cells::{LAST, Quasi, SUPPRESSED};
use super::key::{Key, MOST_DAYS, StudyId};
use super::table::{Cell, StudyRow, Table};

/// What a set is made with.
#[derive(Clone, Copy, Debug)]
pub struct Study<'s> {
    /// Gives ids and shifts.
    pub key: &'s Key,
    /// Gives what was due, and products.
    pub protocols: &'s Protocols,
    /// The time of the export.
    pub now: Timestamp,
    /// With each answer to each item.
    pub items: bool,
}

/// The rows of one person, and what could not be given.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The person.
    pub study_id: StudyId,
    /// Rows with their table; those of one table in order of time.
    pub rows: Vec<(Table, StudyRow)>,
    /// What has no place in the tables.
    pub left: Left,
}

/// Entries of a chart that have no place in the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Measures by an instrument that this program does not know.
    pub unknown_instruments: usize,
    /// Answers that are no number of the item's options.
    pub unreadable_answers: usize,
}

impl Left {
    /// Adds another person's.
    pub fn add(&mut self, other: Self) {
        self.unknown_instruments += other.unknown_instruments;
        self.unreadable_answers += other.unreadable_answers;
    }
}

/// Where in time an entry lies.
#[derive(Clone, Copy, Debug)]
struct When {
    at: Timestamp,
    seq: u64,
}

/// Rows being gathered for one person.
struct Gather<'g> {
    study: &'g Study<'g>,
    chart: &'g Chart,
    id: StudyId,
    /// The first dose and the first referral of all: a later course moves no day of an earlier one.
    first_dose: Option<Timestamp>,
    referred: Option<Timestamp>,
    /// Nothing of this person may tell the setting.
    hidden: bool,
    /// Something of the combination was made coarser.
    coarsened: bool,
    rows: Vec<(Table, When, StudyRow)>,
    /// The newest moment that any row tells of.
    last: Option<Timestamp>,
    /// Something may still be answered.
    still_due: bool,
    left: Left,
}

impl Study<'_> {
    /// The rows of a chart whose combination stands at `step` (see [`coarsen`](super::coarsen)). An empty chart gives
    /// its row of people and no other.
    #[must_use]
    pub fn person(&self, chart: &Chart, step: u8) -> Person {
        let mut gather = Gather {
            study: self,
            chart,
            id: self.key.study_id(chart.id),
            first_dose: chart.standing(&chart.doses).map(|dose| dose.value.taken_at).min(),
            referred: chart.courses().first().map(|course| course.referred_at),
            hidden: step >= LAST,
            coarsened: step > 0,
            rows: Vec::new(),
            last: chart.referred_at(),
            still_due: false,
            left: Left::default(),
        };
        gather.measures();
        gather.doses();
        gather.readings();
        gather.adverse_events();
        gather.dispositions();
        let mut rows = vec![(Table::People, gather.people(step))];
        gather.rows.sort_by_key(|(table, when, _)| (*table, when.at, when.seq));
        rows.extend(gather.rows.into_iter().map(|(table, _, row)| (table, row)));
        Person { study_id: gather.id, rows, left: gather.left }
    }
}

impl Gather<'_> {
    fn push(&mut self, table: Table, at: Timestamp, seq: u64, row: StudyRow) {
        self.last = self.last.max(Some(at));
        self.rows.push((table, When { at, seq }, row));
    }

    fn id(&self) -> Cell {
        Cell::Text(self.id.as_str().to_owned())
    }

    /// Days from the referral and from the first dose.
    fn days(&self, at: Timestamp) -> [Cell; 2] {
        let since = |from: Option<Timestamp>| Cell::real(from.map(|from| rounded(days_between(from, at))));
        [since(self.referred), since(self.first_dose)]
    }

    fn session_number(&self, session: Option<SessionId>) -> Cell {
        Cell::whole(session.and_then(|id| self.chart.session(id)).map(|session| session.number))
    }

    /// Minutes since the dose of a session.
    fn minutes(&self, session: Option<SessionId>, at: Timestamp) -> Cell {
        let dose = session.and_then(|id| self.chart.session(id)).and_then(|session| session.dose_at());
        Cell::real(dose.map(|dose| minutes_between(dose, at) as f64))
    }

    /// A code that would tell the setting.
    fn unless_hidden(&self, code: &'static str) -> Cell {
        Cell::Code(if self.hidden { SUPPRESSED } else { code })
    }

    /// A number that would tell the setting.
    fn number_unless_hidden(&self, value: Option<f64>) -> Cell {
        Cell::real(value.filter(|_| !self.hidden))
    }

    /// A day moved by this person's shift. Given only where the moved end of the record lies so far back that where
    /// the record breaks off tells nothing of the shift (decision 12).
    fn shifted(&self, at: Option<Timestamp>) -> Cell {
        let moved = |at: Timestamp| {
            let days = self.study.key.shift_days(self.chart.id);
            self.chart.local_date(at).checked_add(Span::new().try_days(days).ok()?).ok()
        };
        let today = self.study.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let latest = Span::new().try_days(MOST_DAYS).ok().and_then(|span| today.checked_sub(span).ok());
        let shown = self.chart.ended().is_some()
            && !self.still_due
            && self.last.and_then(moved).zip(latest).is_some_and(|(last, latest)| last <= latest);
        at.filter(|_| shown).and_then(moved).map_or(Cell::Absent, |date| Cell::Text(date.to_string()))
    }

    fn people(&self, step: u8) -> StudyRow {
        let (chart, printed) = (self.chart, Quasi::of(self.chart).printed(step));
        let plan = chart.plan();
        let protocol = plan.map(|plan| match self.study.protocols.get(&plan.protocol, &plan.protocol_version) {
            _ if self.hidden => Cell::Code(SUPPRESSED),
            Some(known) => Cell::Text(format!("{} {}", known.id, known.version)),
            None => Cell::Code("other"),
        });
        let medicines = |stopped: bool| {
            let count = |all: &Vec<_>| count_medicines(all, stopped);
            Cell::whole(chart.medicines.as_ref().map(count))
        };
        let weight =
            chart.standing(&chart.weights).min_by_key(|w| (w.value.taken_at, w.seq)).map(|w| w.value.weight_kg);
        vec![
            self.id(),
            Cell::Code(printed.age_band),
            Cell::Code(printed.sex),
            Cell::Code(printed.veteran),
            Cell::Code(printed.setting),
            protocol.unwrap_or(Cell::Absent),
            Cell::Code(chart.phase().code()),
            Cell::whole(plan.filter(|_| !self.hidden).map(|plan| plan.sessions)),
            Cell::Whole(whole(chart.standing(&chart.doses).count())),
            medicines(false),
            medicines(true),
            self.number_unless_hidden(weight),
            self.shifted(self.referred),
            self.shifted(self.first_dose),
            Cell::Whole(i64::from(step)),
        ]
    }
}

fn count_medicines(all: &[stillwater_care::facts::MedicineFact], stopped: bool) -> i64 {
    whole(all.iter().filter(|medicine| medicine.stopped_at.is_some() == stopped).count())
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// To four decimals of a day, 8.64 seconds.
fn rounded(days: f64) -> f64 {
    (days * 1e4).round() / 1e4
}
