//! What is due, when: measures, session checks, and when a chart wants to be looked at again.

use jiff::Timestamp;

pub use crate::chart::checks::{NextCheck, last_look_in, next_checks};
use crate::chart::{Chart, Course, Phase, Session};
use crate::event::{AlertSubject, Point, SessionPhase};
use crate::ids::EventId;
use crate::protocol::{Protocol, Protocols};
use crate::quantity::{plus_hours, plus_minutes};

/// What everybody answers at screening, before a protocol is chosen (the schedule table of the instruments reference).
pub const SCREENING: [&str; 3] = ["pc-ptsd-5", "asq", "audit-c"];
/// What everybody answers before the decision.
pub const BASELINE: [&str; 7] = ["lec-5", "pcl-5-month", "pcl-5-week", "phq-9", "gad-7", "b-ipf", "bladder-check"];

/// A measure that is due, was done, or was missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMeasure {
    /// Stable key: `measure/1/hours24/daily-check/1`.
    pub key: String,
    /// In which course of the chart.
    pub course: u32,
    /// Which instrument.
    pub instrument: String,
    /// At which point.
    pub point: Point,
    /// After or before which session, from 1; 0 where it belongs to none.
    pub session_number: u32,
    /// From when it can be answered.
    pub opens_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// Until when it counts as on time.
    pub closes_at: Timestamp,
    /// The result, once there is one.
    pub done: Option<EventId>,
}

impl DueMeasure {
    /// Can be answered now.
    #[must_use]
    pub fn open(&self, now: Timestamp) -> bool {
        self.done.is_none() && self.opens_at <= now && now <= self.closes_at
    }

    /// Was not answered while it counted.
    #[must_use]
    pub fn missed(&self, now: Timestamp) -> bool {
        self.done.is_none() && now > self.closes_at
    }

    /// Past its due time and still open, or missed.
    #[must_use]
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.done.is_none() && now > self.due_at
    }
}

/// Every measure of the course in force so far and to come, by due time.
#[must_use]
pub fn measures(chart: &Chart, protocols: &Protocols) -> Vec<DueMeasure> {
    chart.course().map(|course| measures_in(chart, course, protocols)).unwrap_or_default()
}

/// Every measure of one course, by due time.
#[must_use]
pub fn measures_in(chart: &Chart, course: &Course, protocols: &Protocols) -> Vec<DueMeasure> {
    let mut due = Vec::new();
    let referred_at = course.referred_at;
    let first_dose = chart.first_dose_in(course);
    for (point, instruments) in [(Point::Screening, &SCREENING[..]), (Point::Baseline, &BASELINE[..])] {
        for instrument in instruments {
            let done = chart
                .measures_in(course, instrument)
                .into_iter()
                .rfind(|m| first_dose.is_none_or(|dose| m.occurred_at <= dose))
                .map(|m| m.id);
            due.push(DueMeasure {
                key: key(course.number, point, instrument, 0),
                course: course.number,
                instrument: (*instrument).to_owned(),
                point,
                session_number: 0,
                opens_at: referred_at,
                due_at: plus_hours(referred_at, 14 * 24),
                // Baseline stays open until the first dose; after it, an answer would no longer be a baseline.
                closes_at: first_dose.unwrap_or_else(|| plus_hours(referred_at, 24 * 366)),
                done,
            });
        }
    }
    let protocol = course.plan().and_then(|plan| protocols.get(&plan.protocol, &plan.protocol_version));
    if let Some(protocol) = protocol {
        due.extend(around_sessions(chart, course, protocol));
    }
    due.sort_by(|a, b| (a.due_at, &a.key).cmp(&(b.due_at, &b.key)));
    due
}

fn key(course: u32, point: Point, instrument: &str, session: u32) -> String {
    format!("measure/{course}/{}/{instrument}/{session}", point.code())
}

fn around_sessions(chart: &Chart, course: &Course, protocol: &Protocol) -> Vec<DueMeasure> {
    let mut due = Vec::new();
    for group in &protocol.measures {
        match (group.point, group.due_hours) {
            (Point::Screening | Point::Baseline, _) => {}
            (Point::PreDose, _) => {
                for session in chart.sessions_in(course).filter(|s| s.cancelled().is_none()) {
                    let opens_at = plus_hours(session.starts_at, -24);
                    let closes_at = session.dose_at().unwrap_or_else(|| plus_hours(session.starts_at, 6));
                    push((chart, course), &mut due, group, session.number, opens_at, session.starts_at, closes_at);
                }
            }
            (_, Some(hours)) => {
                let mut doses: Vec<(u32, Timestamp)> =
                    chart.sessions_in(course).filter_map(|s| Some((s.number, s.dose_at()?))).collect();
                doses.sort_by_key(|(_, at)| *at);
                if !group.each_session {
                    doses.truncate(1);
                }
                for (number, dose_at) in doses {
                    let due_at = plus_hours(dose_at, hours);
                    let before = group.window_hours.min(hours / 4).max(1);
                    let opens_at = plus_hours(due_at, -before);
                    push(
                        (chart, course),
                        &mut due,
                        group,
                        number,
                        opens_at,
                        due_at,
                        plus_hours(due_at, group.window_hours),
                    );
                }
            }
            (_, None) => {}
        }
    }
    due
}

fn push(
    (chart, course): (&Chart, &Course),
    due: &mut Vec<DueMeasure>,
    group: &crate::protocol::MeasurePoint,
    session_number: u32,
    opens_at: Timestamp,
    due_at: Timestamp,
    closes_at: Timestamp,
) {
    for instrument in &group.instruments {
        let done = chart
            .measures_in(course, instrument)
            .into_iter()
            .find(|m| m.occurred_at >= opens_at && m.occurred_at <= closes_at)
            .map(|m| m.id);
        due.push(DueMeasure {
            key: key(course.number, group.point, instrument, session_number),
            course: course.number,
            instrument: instrument.clone(),
            point: group.point,
            session_number,
            opens_at,
            due_at,
            closes_at,
            done,
        });
    }
}

/// Measures of one point that share their window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointGroup {
    /// In which course of the chart.
    pub course: u32,
    /// At which point.
    pub point: Point,
    /// Around which session.
    pub session_number: u32,
    /// When they are due.
    pub due_at: Timestamp,
    /// Their instruments.
    pub instruments: Vec<String>,
}

impl From<PointGroup> for AlertSubject {
    fn from(group: PointGroup) -> Self {
        let PointGroup { course, point, session_number, due_at, instruments } = group;
        Self::MeasuresMissed { course, point, session_number, instruments, due_at }
    }
}

/// Measures gathered by their point and session, in order of due time.
pub fn by_point(measures: impl IntoIterator<Item = DueMeasure>) -> Vec<PointGroup> {
    let mut groups: Vec<PointGroup> = Vec::new();
    for m in measures {
        match groups.iter_mut().find(|g| (g.course, g.point, g.session_number) == (m.course, m.point, m.session_number))
        {
            Some(group) => group.instruments.push(m.instrument),
            None => groups.push(PointGroup {
                course: m.course,
                point: m.point,
                session_number: m.session_number,
                due_at: m.due_at,
                instruments: vec![m.instrument],
            }),
        }
    }
    groups
}

/// A session that has not begun this many minutes after its time did not take place. A proposal, signed by nobody yet;
/// the questions before a dose count as long.
pub const MISSED_AFTER_MINUTES: i64 = 6 * 60;

/// When a session that nobody began counts as missed.
#[must_use]
pub fn session_missed_at(session: &Session) -> Option<Timestamp> {
    matches!(session.phase(), SessionPhase::Scheduled | SessionPhase::Ready)
        .then(|| plus_minutes(session.starts_at, MISSED_AFTER_MINUTES))
}

/// When this chart next wants to be looked at by the ticker; `None` when only people can move it.
#[must_use]
pub fn next_look(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Option<Timestamp> {
    next_look_with(chart, protocols, &measures(chart, protocols), now)
}

/// [`next_look`] by whoever has worked out already which measures are due.
#[must_use]
pub fn next_look_with(chart: &Chart, protocols: &Protocols, due: &[DueMeasure], now: Timestamp) -> Option<Timestamp> {
    let mut times: Vec<Timestamp> = Vec::new();
    times.extend(chart.alerts.iter().filter_map(crate::chart::Alert::next_step_at));
    times.extend(chart.current_session().and_then(|session| go_to_ask_about(chart, session)));
    if let Some(session) = chart.running_session() {
        if let Some(since) = session.contact_lost_since {
            times.extend([2, 5, 10].map(|m| plus_minutes(since, m)).into_iter().filter(|at| *at > now));
        }
        if let Some(protocol) = chart.protocol_of(session, protocols) {
            times.extend(next_checks(chart, session, protocol).into_iter().map(|check| check.missed_at));
        }
        if let Some(dose_at) = session.dose_at() {
            // Lasting effects (S06) are looked at as the hours pass.
            times.extend([120, 180, 240].map(|m| plus_minutes(dose_at, m)).into_iter().filter(|at| *at > now));
        }
    }
    if chart.ended().is_none() {
        times.extend(chart.sessions_now().filter_map(session_missed_at));
    }
    if chart.phase() != Phase::Ended {
        let told = |m: &DueMeasure| chart.alerts.iter().any(|alert| tells_of(&alert.about, m));
        times.extend(
            due.iter()
                .filter(|m| m.done.is_none() && watched(m.point) && !told(m))
                // The window is still open in its last minute.
                .map(|m| plus_minutes(m.closes_at, 1)),
        );
    }
    times.into_iter().min()
}

/// When the guide is asked about a go without a dose, where nobody has asked yet.
#[must_use]
pub fn go_to_ask_about(chart: &Chart, session: &Session) -> Option<Timestamp> {
    let (go_at, expires_at) = (session.ready_since()?, session.go_expires_at()?);
    let asked = chart.alerts.iter().any(|alert| {
        matches!(alert.about, AlertSubject::GoWithoutDose { session: of, go_at: at } if (of, at) == (session.id, go_at))
    });
    (!asked).then_some(expires_at)
}

/// Points whose missing measure raises an alert when its window closes: those after a dose.
#[must_use]
pub fn watched(point: Point) -> bool {
    !matches!(point, Point::Screening | Point::Baseline | Point::PreDose | Point::InSession | Point::Unscheduled)
}

/// Whether an alert tells that this measure was missed.
fn tells_of(about: &AlertSubject, m: &DueMeasure) -> bool {
    matches!(about, AlertSubject::MeasuresMissed { course, point, session_number, .. }
        if (*course, *point, *session_number) == (m.course, m.point, m.session_number))
}
