//! What is due, when: measures, session checks, and when a chart wants to be looked at again.

use jiff::Timestamp;

pub use crate::chart::checks::{NextCheck, last_look_in, next_checks};
use crate::chart::{Chart, Course, Plan, Session};
use crate::event::{AlertSubject, Point, SessionPhase};
use crate::ids::EventId;
use crate::protocol::{Anchor, MeasurePoint, Protocol, Protocols};
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
    /// Which time of a point that comes again, from 1.
    pub occurrence: u32,
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
                occurrence: 1,
                opens_at: referred_at,
                due_at: plus_hours(referred_at, 14 * 24),
                // Baseline stays open until the first dose; after it, an answer would no longer be a baseline.
                closes_at: first_dose.unwrap_or_else(|| plus_hours(referred_at, 24 * 366)),
                done,
            });
        }
    }
    for plan in &course.plans {
        if let Some(protocol) = protocols.get(&plan.protocol, &plan.protocol_version) {
            due.extend(under_plan(chart, course, plan, protocol));
        }
    }
    due.sort_by(|a, b| (a.due_at, &a.key).cmp(&(b.due_at, &b.key)));
    due
}

/// Until when somebody is asked how they are after a dose: up to the next course, and not beyond an end after which
/// nobody is followed up. `None` while it goes on.
pub(crate) fn asked_until(chart: &Chart, course: &Course) -> Option<Timestamp> {
    let ended = course.end.as_ref().filter(|end| !end.reason.is_followed_up()).map(|end| end.at);
    let next = chart.courses().iter().find(|next| next.number > course.number).map(|next| next.referred_at);
    [ended, next].into_iter().flatten().min()
}

/// Whether a measure was ever to be asked: it did not fall due after an end that is not followed up, or after the next referral.
#[must_use]
pub fn expected(chart: &Chart, m: &DueMeasure) -> bool {
    let course = chart.courses().iter().find(|course| course.number == m.course);
    course.is_some_and(|course| asked_until(chart, course).is_none_or(|until| m.due_at <= until))
}

/// Whether a measure that nobody answered is still asked for: after the end of a course only what follows a dose, and only
/// where that is followed up.
#[must_use]
pub fn asked(chart: &Chart, m: &DueMeasure) -> bool {
    let ended =
        chart.courses().iter().find(|course| course.number == m.course).is_none_or(|course| course.end.is_some());
    expected(chart, m) && follows_up(chart) && (!ended || watched(m.point))
}

/// Whether somebody is still asked how they are: while the course goes on, and after an end that is followed up. A chart
/// that was merged into another is asked nothing.
#[must_use]
pub fn follows_up(chart: &Chart) -> bool {
    chart.merged_into.is_none() && chart.ended().is_none_or(|end| end.reason.is_followed_up())
}

fn key(course: u32, point: Point, instrument: &str, session: u32) -> String {
    format!("measure/{course}/{}/{instrument}/{session}", point.code())
}

/// Where a measure stands: the session it belongs to, 0 where it belongs to none, and which time of its point it is.
#[derive(Clone, Copy)]
struct Place {
    session_number: u32,
    occurrence: u32,
}

/// A moment from which points count.
struct Anchored {
    session_number: u32,
    at: Timestamp,
    /// What falls due from here on counts from a later moment.
    until: Option<Timestamp>,
}

/// The moments that an anchor stands for under one plan of a course. Each dose is followed up by the plan under which it was
/// given, whatever plan was opened since; what counts from the last dose counts from each dose until the next one.
fn anchored(chart: &Chart, course: &Course, plan: &Plan, anchor: Anchor) -> Vec<Anchored> {
    let mut doses: Vec<(&Session, Timestamp)> =
        chart.sessions_in(course).filter_map(|session| Some((session, session.dose_at()?))).collect();
    doses.sort_by_key(|(_, at)| *at);
    let next = |at: Timestamp| doses.iter().map(|(_, other)| *other).find(|other| *other > at);
    let under = |session: &Session| chart.plan_of(session).is_some_and(|of| of.number == plan.number);
    let of_plan = doses.iter().filter(|(session, _)| under(session));
    let dose =
        |(session, at): &(&Session, Timestamp)| Anchored { session_number: session.number, at: *at, until: None };
    let in_force = course.plan().is_some_and(|of| of.number == plan.number);
    let of_course = |at: Option<Timestamp>| -> Vec<Anchored> {
        let at = at.filter(|_| in_force);
        at.map(|at| Anchored { session_number: 0, at, until: None }).into_iter().collect()
    };
    match anchor {
        Anchor::CourseStart => of_course(Some(plan.opened_at)),
        Anchor::FirstDose => of_plan.take(1).map(dose).collect(),
        Anchor::EachDose => of_plan.map(dose).collect(),
        Anchor::LastDose => of_plan.map(|one| Anchored { until: next(one.1), ..dose(one) }).collect(),
        Anchor::CourseEnd => of_course(course.end.as_ref().map(|end| end.at)),
    }
}

fn under_plan(chart: &Chart, course: &Course, plan: &Plan, protocol: &Protocol) -> Vec<DueMeasure> {
    let mut due = Vec::new();
    for group in &protocol.measures {
        if group.point == Point::PreDose {
            let of_plan = |s: &&Session| chart.plan_of(s).is_some_and(|of| of.number == plan.number);
            let held = |s: &&Session| s.cancelled().is_none() && s.missed_session().is_none() && !s.unplanned;
            for session in chart.sessions_in(course).filter(of_plan).filter(held) {
                let opens_at = plus_hours(session.starts_at, -24);
                let closes_at = session.dose_at().unwrap_or_else(|| plus_hours(session.starts_at, 6));
                let place = Place { session_number: session.number, occurrence: 1 };
                push((chart, course), &mut due, group, place, [opens_at, session.starts_at, closes_at]);
            }
        }
        let Some(anchor) = group.anchor else { continue };
        for Anchored { session_number, at, until } in anchored(chart, course, plan, anchor) {
            for (occurrence, hours) in group.due() {
                let due_at = plus_hours(at, hours);
                if until.is_some_and(|until| due_at >= until) {
                    break;
                }
                // Never before its anchor, and never so early that it would be another point.
                let opens_at = plus_hours(due_at, -group.window_hours.min(hours / 4).max(1).min(hours));
                let place = Place { session_number, occurrence };
                let closes_at = plus_hours(due_at, group.window_hours);
                push((chart, course), &mut due, group, place, [opens_at, due_at, closes_at]);
            }
        }
    }
    due
}

fn push(
    (chart, course): (&Chart, &Course),
    due: &mut Vec<DueMeasure>,
    group: &MeasurePoint,
    place: Place,
    [opens_at, due_at, closes_at]: [Timestamp; 3],
) {
    for instrument in &group.instruments {
        let done = chart
            .measures_in(course, instrument)
            .into_iter()
            .find(|m| m.occurred_at >= opens_at && m.occurred_at <= closes_at)
            .map(|m| m.id);
        let first = key(course.number, group.point, instrument, place.session_number);
        due.push(DueMeasure {
            // The first of a point keeps the key that it had when there was only one.
            key: if place.occurrence == 1 { first } else { format!("{first}/{}", place.occurrence) },
            course: course.number,
            instrument: instrument.clone(),
            point: group.point,
            session_number: place.session_number,
            occurrence: place.occurrence,
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
    /// Which time of a point that comes again, from 1.
    pub occurrence: u32,
    /// When they are due.
    pub due_at: Timestamp,
    /// Until when they count as on time.
    pub closes_at: Timestamp,
    /// Their instruments.
    pub instruments: Vec<String>,
}

impl From<PointGroup> for AlertSubject {
    fn from(group: PointGroup) -> Self {
        let PointGroup { course, point, session_number, occurrence, due_at, instruments, .. } = group;
        Self::MeasuresMissed { course, point, session_number, occurrence, instruments, due_at }
    }
}

/// Measures gathered by their point and session, in order of due time.
pub fn by_point(measures: impl IntoIterator<Item = DueMeasure>) -> Vec<PointGroup> {
    let mut groups: Vec<PointGroup> = Vec::new();
    for m in measures {
        match groups.iter_mut().find(|g| {
            (g.course, g.point, g.session_number, g.occurrence) == (m.course, m.point, m.session_number, m.occurrence)
        }) {
            Some(group) => group.instruments.push(m.instrument),
            None => groups.push(PointGroup {
                course: m.course,
                point: m.point,
                session_number: m.session_number,
                occurrence: m.occurrence,
                due_at: m.due_at,
                closes_at: m.closes_at,
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
    if follows_up(chart) {
        let told = |m: &DueMeasure| chart.alerts.iter().any(|alert| tells_of(&alert.about, m));
        times.extend(
            due.iter()
                .filter(|m| m.done.is_none() && watched(m.point) && asked(chart, m) && !told(m))
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
    matches!(about, AlertSubject::MeasuresMissed { course, point, session_number, occurrence, .. }
        if (*course, *point, *session_number, *occurrence) == (m.course, m.point, m.session_number, m.occurrence))
}
