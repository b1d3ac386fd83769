//! What is due, when: measures, session checks, visits, and the open items of the caseload.

use jiff::Timestamp;

use crate::chart::{Chart, Course, Phase, Session};
use crate::event::{CheckKind, Point, VisitKind};
use crate::facts::Setting;
use crate::ids::{EventId, SessionId};
use crate::protocol::{Protocol, Protocols};
use crate::quantity::{hours_between, plus_hours, plus_minutes};
use crate::roles::Role;

/// What everybody answers at screening, before a protocol is chosen (the schedule table of the instruments reference).
pub const SCREENING: [&str; 3] = ["pc-ptsd-5", "asq", "audit-c"];
/// What everybody answers before the decision.
pub const BASELINE: [&str; 7] = ["lec-5", "pcl-5-month", "pcl-5-week", "phq-9", "gad-7", "b-ipf", "bladder-check"];

/// A measure that is due, was done, or was missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMeasure {
    /// Stable key: `measure/1/24-hours/daily-check/1`.
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
    format!("measure/{course}/{}/{instrument}/{session}", point.words().replace(' ', "-"))
}

fn around_sessions(chart: &Chart, course: &Course, protocol: &Protocol) -> Vec<DueMeasure> {
    let mut due = Vec::new();
    for group in &protocol.measures {
        match (group.point, group.due_hours) {
            (Point::Screening | Point::Baseline, _) => {}
            (Point::PreDose, _) => {
                for session in chart.sessions_in(course).filter(|s| s.cancelled.is_none()) {
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

impl PointGroup {
    /// Stable key.
    #[must_use]
    pub fn key(&self) -> String {
        group_key(self.course, self.point, self.session_number)
    }

    /// In words: `PCL-5 (week), ASQ at day 7`.
    #[must_use]
    pub fn words(&self) -> String {
        let catalogue = stillwater_instruments::Catalogue::built_in();
        let names: Vec<&str> =
            self.instruments.iter().map(|id| catalogue.get(id).map_or(id.as_str(), |i| i.short.as_str())).collect();
        format!("{} at {}", names.join(", "), self.point.words())
    }
}

fn group_key(course: u32, point: Point, session_number: u32) -> String {
    format!("measure/{course}/{}/{session_number}", point.words().replace(' ', "-"))
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

/// The next check of a running session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextCheck {
    /// What.
    pub kind: CheckKind,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it counts as missed.
    pub missed_at: Timestamp,
}

/// The next check of each kind, soonest first. A reading taken up to five minutes early counts for the check that is due.
#[must_use]
pub fn next_checks(chart: &Chart, session: &Session, protocol: &Protocol) -> Vec<NextCheck> {
    let Some(dose_at) = session.dose_at() else { return Vec::new() };
    if !session.phase().is_running() {
        return Vec::new();
    }
    let monitoring = &protocol.monitoring;
    let mut next = Vec::new();
    let pressures: Vec<Timestamp> = chart
        .readings_of(session)
        .iter()
        .filter(|v| v.blood_pressure.is_some() && v.taken_at >= plus_minutes(dose_at, -30))
        .map(|v| v.taken_at)
        .collect();
    let last = pressures.last().copied();
    // Beyond the last minute listed, readings go on at the spacing of the last two until release.
    let listed = &monitoring.vitals_minutes;
    let spacing = match listed.as_slice() {
        [.., a, b] => (b - a).max(5),
        _ => 30,
    };
    let beyond = (1..200).map(|n| listed.last().copied().unwrap_or(0) + n * spacing);
    let counts_for = |due: Timestamp| last.is_some_and(|at| at >= plus_minutes(due, -5));
    if let Some(minute) =
        listed.iter().copied().chain(beyond).find(|m| *m > 0 && !counts_for(plus_minutes(dose_at, *m)))
    {
        let due_at = plus_minutes(dose_at, minute);
        next.push(NextCheck {
            kind: CheckKind::Vitals,
            due_at,
            missed_at: plus_minutes(due_at, monitoring.vitals_late_minutes),
        });
    }
    if let (Some(every), Some(late)) = (monitoring.look_in_minutes, monitoring.look_in_late_minutes)
        && session.setting == Setting::Home
    {
        let last = last_look_in(chart, session.id).unwrap_or(dose_at).max(dose_at);
        let due_at = plus_minutes(last, every);
        next.push(NextCheck { kind: CheckKind::LookIn, due_at, missed_at: plus_minutes(due_at, late) });
    }
    next.sort_by_key(|check| check.due_at);
    next
}

/// When somebody other than the patient last looked in.
#[must_use]
pub fn last_look_in(chart: &Chart, session: SessionId) -> Option<Timestamp> {
    chart
        .standing(&chart.check_ins)
        .filter(|c| c.value.session == session && !matches!(c.actor, crate::roles::Actor::Patient))
        .map(|c| c.occurred_at)
        .max()
}

/// What an open item of the caseload is about, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// An alert that nobody has taken on.
    AlertUnowned,
    /// An alert that somebody has.
    AlertOwned,
    /// A dose within 24 hours with open gate items.
    DoseSoon,
    /// Scores have risen.
    Rising,
    /// A measure is overdue.
    MeasureOverdue,
    /// An integration visit is due or overdue.
    IntegrationDue,
    /// A session waits for its review.
    ReviewDue,
    /// A note waits for its signature.
    NoteUnsigned,
    /// A decision is waited for: screening is complete.
    DecisionDue,
    /// Consent, plan, order or preparation is waited for.
    NextStep,
}

impl ItemKind {
    /// The words shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AlertUnowned => "alert, nobody has it",
            Self::AlertOwned => "alert",
            Self::DoseSoon => "dose within 24 h",
            Self::Rising => "scores rising",
            Self::MeasureOverdue => "measure overdue",
            Self::IntegrationDue => "integration visit",
            Self::ReviewDue => "review due",
            Self::NoteUnsigned => "note unsigned",
            Self::DecisionDue => "decision due",
            Self::NextStep => "next step",
        }
    }
}

/// One open item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// Stable key.
    pub key: String,
    /// About what.
    pub kind: ItemKind,
    /// In words.
    pub words: String,
    /// Since when, or when it is due.
    pub at: Timestamp,
    /// Who it is for.
    pub owner: Role,
}

/// Everything open about one patient, most pressing first; what was cleared by hand is left out.
#[must_use]
pub fn open_items(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Vec<OpenItem> {
    let mut items = Vec::new();
    for alert in chart.open_alerts() {
        let kind = if alert.owner.is_none() { ItemKind::AlertUnowned } else { ItemKind::AlertOwned };
        items.push(item(
            format!("alert/{}", alert.value.alert),
            kind,
            alert.value.what.clone(),
            alert.raised_at,
            Role::Guide,
        ));
    }
    if chart.phase() != Phase::Ended {
        around_dose(chart, protocols, now, &mut items);
        if let Some(words) = rising(chart) {
            let at = chart.newest_measure("pcl-5-week").map_or(now, |m| m.occurred_at);
            items.push(item(format!("rising/{at}"), ItemKind::Rising, words, at, Role::Prescriber));
        }
        // A measure whose window has closed is missed, not overdue: the ticker has told the team, and nothing is left to do.
        for group in by_point(measures(chart, protocols).into_iter().filter(|m| m.overdue(now) && !m.missed(now))) {
            items.push(item(group.key(), ItemKind::MeasureOverdue, group.words(), group.due_at, Role::Guide));
        }
        visits_and_reviews(chart, protocols, now, &mut items);
        next_step(chart, protocols, now, &mut items);
    }
    for note in chart.unsigned_notes() {
        let words = format!("{} note", note.kind.word());
        items.push(item(format!("note/{}", note.id), ItemKind::NoteUnsigned, words, note.written_at, Role::Guide));
    }
    items.retain(|item| !chart.cleared.contains_key(&item.key));
    items.sort_by(|a, b| (a.kind, a.at, &a.key).cmp(&(b.kind, b.at, &b.key)));
    items
}

fn item(key: String, kind: ItemKind, words: String, at: Timestamp, owner: Role) -> OpenItem {
    OpenItem { key, kind, words, at, owner }
}

fn around_dose(chart: &Chart, protocols: &Protocols, now: Timestamp, items: &mut Vec<OpenItem>) {
    let Some(session) = chart.current_session() else { return };
    if session.dose.is_some() || hours_between(now, session.starts_at) > 24.0 {
        return;
    }
    let open = crate::readiness::missing(chart, protocols, now, session).len();
    let words = match open {
        0 => format!("session {}: ready for go", session.number),
        1 => format!("session {}: 1 thing still to be done", session.number),
        n => format!("session {}: {n} things still to be done", session.number),
    };
    items.push(item(format!("dose/{}", session.id), ItemKind::DoseSoon, words, session.starts_at, Role::Guide));
}

/// PCL-5 (week) up by 10 points or more since the result before it (clinical reference 7.3; a proposed default).
fn rising(chart: &Chart) -> Option<String> {
    let all = chart.measures_of("pcl-5-week");
    let [.., before, newest] = all.as_slice() else { return None };
    let score =
        |m: &crate::chart::Entry<crate::event::MeasureCompleted>| m.value.scores.get("total").copied().flatten();
    let rise = score(newest)? - score(before)?;
    (rise >= 10.0).then(|| format!("PCL-5 up {rise:.0} points since the last one"))
}

fn visits_and_reviews(chart: &Chart, protocols: &Protocols, now: Timestamp, items: &mut Vec<OpenItem>) {
    let within = chart.protocol(protocols).map_or(72, |p| p.integration_within_hours);
    for session in chart.sessions_now() {
        let Some(dose_at) = session.dose_at() else { continue };
        let integrated = chart
            .standing_now(&chart.visits)
            .any(|v| v.value.kind == VisitKind::Integration && v.value.after_session == Some(session.id));
        if !integrated && session.released.is_some() && now >= plus_hours(dose_at, 12) {
            items.push(item(
                format!("integration/{}", session.id),
                ItemKind::IntegrationDue,
                format!("integration visit after session {}", session.number),
                plus_hours(dose_at, within),
                Role::Guide,
            ));
        }
        if session.released.is_some() && session.reviewed.is_none() {
            items.push(item(
                format!("review/{}", session.id),
                ItemKind::ReviewDue,
                format!("session {} waits for the prescriber's review", session.number),
                dose_at,
                Role::Prescriber,
            ));
        }
    }
}

fn next_step(chart: &Chart, protocols: &Protocols, now: Timestamp, items: &mut Vec<OpenItem>) {
    let Some(course) = chart.course() else { return };
    let (number, referred) = (course.number, course.referred_at);
    let step = |words: &str, at, owner| {
        item(format!("step/{number}/{words}"), ItemKind::NextStep, words.to_owned(), at, owner)
    };
    match chart.phase() {
        Phase::Referred => {
            let invited = chart.invitations.iter().any(|made| course.holds(made.seq));
            let words = if invited { "waits for the patient's answers" } else { "invite the patient" };
            items.push(step(words, referred, Role::Manager));
        }
        Phase::Screening if chart.eligibility().is_none() => {
            let open = measures(chart, protocols).iter().filter(|m| m.done.is_none()).count();
            if open == 0 {
                let at = chart.standing_now(&chart.measures).map(|m| m.occurred_at).max().unwrap_or(referred);
                let words = "screening is complete: decide".to_owned();
                items.push(item(format!("decision/{number}"), ItemKind::DecisionDue, words, at, Role::Prescriber));
            } else {
                items.push(step(&format!("{open} screening measures open"), referred, Role::Guide));
            }
        }
        Phase::Screening => {}
        Phase::Consent if chart.consent().is_none() => {
            let at = chart.eligibility().map_or(now, |e| e.at);
            items.push(step("waits for consent", at, Role::Guide));
        }
        Phase::Consent => items.push(step("open a plan", now, Role::Prescriber)),
        Phase::Preparation | Phase::FollowUp => {
            let more = chart.plan().is_some_and(|p| chart.doses_of_plan() < p.sessions);
            if more && chart.current_session().is_none() {
                let at = chart.plan().map_or(now, |p| p.opened_at);
                if chart.order_in_force().is_none() {
                    items.push(step("write an order", at, Role::Prescriber));
                }
                items.push(step("schedule a session", at, Role::Guide));
            }
        }
        Phase::Session | Phase::Ended => {}
    }
}

/// When this chart next wants to be looked at by the ticker; `None` when only people can move it.
#[must_use]
pub fn next_look(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Option<Timestamp> {
    let mut times: Vec<Timestamp> = Vec::new();
    times.extend(chart.alerts.iter().filter_map(crate::chart::Alert::next_rung_at));
    if let Some(session) = chart.running_session() {
        if let Some(protocol) = chart.protocol(protocols) {
            let told = |check: &NextCheck| session.missed.contains(&(check.kind, check.due_at));
            times.extend(next_checks(chart, session, protocol).into_iter().filter(|c| !told(c)).map(|c| c.missed_at));
        }
        if let Some(dose_at) = session.dose_at() {
            // Lasting effects (S06) are looked at as the hours pass.
            times.extend([120, 180, 240].map(|m| plus_minutes(dose_at, m)).into_iter().filter(|at| *at > now));
        }
    }
    if chart.phase() != Phase::Ended {
        let told = |key: &str| chart.alerts.iter().any(|alert| alert.value.about == key);
        times.extend(
            measures(chart, protocols)
                .into_iter()
                .filter(|m| {
                    m.done.is_none() && watched(m.point) && !told(&group_key(m.course, m.point, m.session_number))
                })
                // The window is still open in its last minute.
                .map(|m| plus_minutes(m.closes_at, 1)),
        );
    }
    times.into_iter().min()
}

/// Points whose missing measure raises an alert when its window closes: those after a dose.
#[must_use]
pub fn watched(point: Point) -> bool {
    !matches!(point, Point::Screening | Point::Baseline | Point::PreDose | Point::InSession | Point::Unscheduled)
}

/// When the open items next change by time alone, later than `now`.
#[must_use]
pub fn next_item_change(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Option<Timestamp> {
    if chart.phase() == Phase::Ended {
        return None;
    }
    let mut times: Vec<Timestamp> =
        measures(chart, protocols).iter().filter(|m| m.done.is_none()).map(|m| plus_minutes(m.due_at, 1)).collect();
    for session in chart.sessions_now() {
        times.push(plus_hours(session.starts_at, -24));
        times.extend(session.dose_at().map(|at| plus_hours(at, 12)));
    }
    times.into_iter().filter(|at| *at > now).min()
}
