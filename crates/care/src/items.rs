//! What is open about one patient: alerts, a dose that comes near, overdue measures and visits, and the next step of the
//! course. Each item is codes, ids and numbers; what people read of it is made at the edge.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chart::{Chart, Phase, SessionPhase};
use crate::event::{AlertSubject, Point, VisitKind};
use crate::ids::{AlertId, NoteId, SessionId};
use crate::protocol::Protocols;
use crate::quantity::{hours_between, plus_hours, plus_minutes};
use crate::readiness::consent_to_sign;
use crate::roles::Role;
use crate::schedule::{DueMeasure, PointGroup, asked, by_point, measures};

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
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::AlertUnowned,
        Self::AlertOwned,
        Self::DoseSoon,
        Self::Rising,
        Self::MeasureOverdue,
        Self::IntegrationDue,
        Self::ReviewDue,
        Self::NoteUnsigned,
        Self::DecisionDue,
        Self::NextStep,
    ];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AlertUnowned => "alert-unowned",
            Self::AlertOwned => "alert-owned",
            Self::DoseSoon => "dose-soon",
            Self::Rising => "rising",
            Self::MeasureOverdue => "measure-overdue",
            Self::IntegrationDue => "integration-due",
            Self::ReviewDue => "review-due",
            Self::NoteUnsigned => "note-unsigned",
            Self::DecisionDue => "decision-due",
            Self::NextStep => "next-step",
        }
    }
}

/// What moves a course on, and is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextStep {
    /// The patient is invited and has answered nothing yet.
    AwaitAnswers,
    /// The patient is to be invited.
    Invite,
    /// Measures of the screening are open.
    Screening {
        /// How many.
        open: u32,
    },
    /// The patient has not signed consent.
    AwaitConsent,
    /// No plan is open.
    OpenPlan,
    /// No order is in force.
    WriteOrder,
    /// No session is scheduled.
    ScheduleSession,
}

impl NextStep {
    /// One of each.
    pub const ALL: [Self; 7] = [
        Self::AwaitAnswers,
        Self::Invite,
        Self::Screening { open: 1 },
        Self::AwaitConsent,
        Self::OpenPlan,
        Self::WriteOrder,
        Self::ScheduleSession,
    ];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AwaitAnswers => "await-answers",
            Self::Invite => "invite",
            Self::Screening { .. } => "screening",
            Self::AwaitConsent => "await-consent",
            Self::OpenPlan => "open-plan",
            Self::WriteOrder => "write-order",
            Self::ScheduleSession => "schedule-session",
        }
    }
}

/// What an open item is about: codes, ids and numbers, from which it is put into words when it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "a caseload holds few items at once, and most of them are alerts")]
pub enum ItemSubject {
    /// An alert.
    Alert {
        /// Which.
        alert: AlertId,
        /// About what.
        about: AlertSubject,
        /// Somebody has it.
        owned: bool,
        /// By when something is to be done about it.
        #[serde(default)]
        by: Option<Timestamp>,
    },
    /// A dose within 24 hours.
    Dose {
        /// The session.
        session: SessionId,
        /// Which of the course.
        number: u32,
        /// How much is still to be done before go.
        open: u32,
    },
    /// PCL-5 (week) has risen.
    Rising {
        /// When the newest was answered.
        at: Timestamp,
        /// By how many points.
        points: f64,
    },
    /// Measures are overdue.
    Measures {
        /// In which course of the chart.
        course: u32,
        /// At which point.
        point: Point,
        /// Around which session of the course.
        session_number: u32,
        /// Which time of a point that comes again, from 1.
        #[serde(default = "one")]
        occurrence: u32,
        /// Which instruments.
        instruments: Vec<String>,
    },
    /// An integration visit is due.
    Integration {
        /// After which session.
        session: SessionId,
        /// Which of the course.
        number: u32,
    },
    /// A session waits for its review.
    Review {
        /// Which.
        session: SessionId,
        /// Which of the course.
        number: u32,
    },
    /// A note waits for its signature.
    Note {
        /// Which.
        note: NoteId,
        /// For which kind of visit.
        kind: VisitKind,
    },
    /// Screening is complete, and the decision is waited for.
    Decision {
        /// In which course of the chart.
        course: u32,
    },
    /// What moves the course on.
    Step {
        /// In which course of the chart.
        course: u32,
        /// What.
        step: NextStep,
    },
}

fn one() -> u32 {
    1
}

impl ItemSubject {
    /// The stable key by which an item is cleared: of codes, ids and numbers alone.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Alert { alert, .. } => format!("alert/{alert}"),
            Self::Dose { session, .. } => format!("dose/{session}"),
            Self::Rising { at, .. } => format!("rising/{at}"),
            Self::Measures { course, point, session_number, occurrence: 1, .. } => {
                format!("measure/{course}/{}/{session_number}", point.code())
            }
            Self::Measures { course, point, session_number, occurrence, .. } => {
                format!("measure/{course}/{}/{session_number}/{occurrence}", point.code())
            }
            Self::Integration { session, .. } => format!("integration/{session}"),
            Self::Review { session, .. } => format!("review/{session}"),
            Self::Note { note, .. } => format!("note/{note}"),
            Self::Decision { course } => format!("decision/{course}"),
            // What was cleared with so many open is open again when the number changes.
            Self::Step { course, step: step @ NextStep::Screening { open } } => {
                format!("step/{course}/{}/{open}", step.code())
            }
            Self::Step { course, step } => format!("step/{course}/{}", step.code()),
        }
    }

    /// Of which kind.
    #[must_use]
    pub fn kind(&self) -> ItemKind {
        match self {
            Self::Alert { owned: false, .. } => ItemKind::AlertUnowned,
            Self::Alert { owned: true, .. } => ItemKind::AlertOwned,
            Self::Dose { .. } => ItemKind::DoseSoon,
            Self::Rising { .. } => ItemKind::Rising,
            Self::Measures { .. } => ItemKind::MeasureOverdue,
            Self::Integration { .. } => ItemKind::IntegrationDue,
            Self::Review { .. } => ItemKind::ReviewDue,
            Self::Note { .. } => ItemKind::NoteUnsigned,
            Self::Decision { .. } => ItemKind::DecisionDue,
            Self::Step { .. } => ItemKind::NextStep,
        }
    }
}

/// One open item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenItem {
    /// About what.
    pub about: ItemSubject,
    /// Since when, or when it is due.
    pub at: Timestamp,
    /// Who it is for.
    pub owner: Role,
}

impl OpenItem {
    /// Its stable key.
    #[must_use]
    pub fn key(&self) -> String {
        self.about.key()
    }

    /// Of which kind.
    #[must_use]
    pub fn kind(&self) -> ItemKind {
        self.about.kind()
    }
}

/// Everything open about one patient, most pressing first; what was cleared by hand is left out.
#[must_use]
pub fn open_items(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Vec<OpenItem> {
    open_items_with(chart, protocols, &measures(chart, protocols), now)
}

/// [`open_items`] by whoever has worked out already which measures are due.
#[must_use]
pub fn open_items_with(chart: &Chart, protocols: &Protocols, due: &[DueMeasure], now: Timestamp) -> Vec<OpenItem> {
    let mut items = Vec::new();
    for alert in chart.open_alerts() {
        let owned = alert.owner().is_some();
        let (about, by) = (alert.about.clone(), alert.by_when());
        let about = ItemSubject::Alert { alert: alert.id, about, owned, by };
        items.push(item(about, alert.raised_at, Role::Guide));
    }
    if chart.phase() != Phase::Ended {
        around_dose(chart, protocols, now, &mut items);
        if let Some((at, points)) = rising(chart) {
            items.push(item(ItemSubject::Rising { at, points }, at, Role::Prescriber));
        }
        visits_and_reviews(chart, protocols, now, &mut items);
        next_step(chart, protocols, due, now, &mut items);
    }
    // A measure whose window has closed is missed, not overdue: the ticker has told the team, and nothing is left to do.
    for group in by_point(due.iter().filter(|m| m.overdue(now) && !m.missed(now) && asked(chart, m)).cloned()) {
        let PointGroup { course, point, session_number, occurrence, due_at, instruments, .. } = group;
        let about = ItemSubject::Measures { course, point, session_number, occurrence, instruments };
        items.push(item(about, due_at, Role::Guide));
    }
    for note in chart.unsigned_notes() {
        items.push(item(ItemSubject::Note { note: note.id, kind: note.kind }, note.written_at, Role::Guide));
    }
    // An open alert is never cleared away by hand: it is resolved.
    items.retain(|item| matches!(item.about, ItemSubject::Alert { .. }) || !chart.cleared.contains_key(&item.key()));
    items.sort_by_cached_key(|item| (item.kind(), item.at, item.key()));
    items
}

fn item(about: ItemSubject, at: Timestamp, owner: Role) -> OpenItem {
    OpenItem { about, at, owner }
}

fn around_dose(chart: &Chart, protocols: &Protocols, now: Timestamp, items: &mut Vec<OpenItem>) {
    let Some(session) = chart.current_session() else { return };
    if session.dose().is_some() || hours_between(now, session.starts_at) > 24.0 {
        return;
    }
    let open = count(crate::readiness::missing(chart, protocols, now, session).len());
    let about = ItemSubject::Dose { session: session.id, number: session.number, open };
    items.push(item(about, session.starts_at, Role::Guide));
}

/// PCL-5 (week) up by 10 points or more since the result before it (clinical reference 7.3; a proposed default).
fn rising(chart: &Chart) -> Option<(Timestamp, f64)> {
    let all = chart.measures_of("pcl-5-week");
    let [.., before, newest] = all.as_slice() else { return None };
    let score =
        |m: &crate::chart::Entry<crate::event::MeasureCompleted>| m.value.scores.get("total").copied().flatten();
    let rise = score(newest)? - score(before)?;
    (rise >= 10.0).then_some((newest.occurred_at, rise))
}

fn visits_and_reviews(chart: &Chart, protocols: &Protocols, now: Timestamp, items: &mut Vec<OpenItem>) {
    let within = chart.protocol(protocols).map_or(72, |p| p.integration_within_hours);
    for session in chart.sessions_now() {
        let Some(dose_at) = session.dose_at() else { continue };
        let integrated = chart
            .standing_now(&chart.visits)
            .any(|v| v.value.kind == VisitKind::Integration && v.value.after_session == Some(session.id));
        if !integrated && session.released().is_some() && now >= plus_hours(dose_at, 12) {
            let about = ItemSubject::Integration { session: session.id, number: session.number };
            items.push(item(about, plus_hours(dose_at, within), Role::Guide));
        }
        if session.phase() == SessionPhase::Released {
            let about = ItemSubject::Review { session: session.id, number: session.number };
            items.push(item(about, dose_at, Role::Prescriber));
        }
    }
}

fn next_step(chart: &Chart, protocols: &Protocols, due: &[DueMeasure], now: Timestamp, items: &mut Vec<OpenItem>) {
    let Some(course) = chart.course() else { return };
    let (number, referred) = (course.number, course.referred_at);
    let step = |step, at, owner| item(ItemSubject::Step { course: number, step }, at, owner);
    match chart.phase() {
        Phase::Referred => {
            let invited = chart.invitations.iter().any(|made| course.holds(made.seq));
            let next = if invited { NextStep::AwaitAnswers } else { NextStep::Invite };
            items.push(step(next, referred, Role::Manager));
        }
        Phase::Screening if chart.eligibility().is_none() => {
            let open = due.iter().filter(|m| m.done.is_none()).count();
            if open == 0 {
                let at = chart.standing_now(&chart.measures).map(|m| m.occurred_at).max().unwrap_or(referred);
                items.push(item(ItemSubject::Decision { course: number }, at, Role::Prescriber));
            } else {
                items.push(step(NextStep::Screening { open: count(open) }, referred, Role::Guide));
            }
        }
        Phase::Screening => {}
        Phase::Consent if chart.consent().is_none() => {
            let at = chart.eligibility().map_or(now, |e| e.at);
            items.push(step(NextStep::AwaitConsent, at, Role::Guide));
        }
        Phase::Consent => items.push(step(NextStep::OpenPlan, now, Role::Prescriber)),
        Phase::Preparation | Phase::FollowUp => {
            let more = chart.plan().is_some_and(|p| chart.doses_of_plan() < p.sessions);
            // The plan asks for another text than the one that was signed, or it was signed too long ago.
            if more && consent_to_sign(chart, protocols, now).is_some() {
                let at = chart.plan().map_or(now, |p| p.opened_at);
                items.push(step(NextStep::AwaitConsent, at, Role::Guide));
            }
            if more && chart.current_session().is_none() {
                let at = chart.plan().map_or(now, |p| p.opened_at);
                if chart.order_in_force().is_none() {
                    items.push(step(NextStep::WriteOrder, at, Role::Prescriber));
                }
                items.push(step(NextStep::ScheduleSession, at, Role::Guide));
            }
        }
        Phase::Session | Phase::Ended => {}
    }
}

/// When the open items next change by time alone, later than `now`.
#[must_use]
pub fn next_item_change(chart: &Chart, due: &[DueMeasure], now: Timestamp) -> Option<Timestamp> {
    let waiting = due.iter().filter(|m| m.done.is_none() && asked(chart, m));
    let mut times: Vec<Timestamp> = waiting.map(|m| plus_minutes(m.due_at, 1)).collect();
    if chart.phase() != Phase::Ended {
        for session in chart.sessions_now() {
            times.push(plus_hours(session.starts_at, -24));
            times.extend(session.dose_at().map(|at| plus_hours(at, 12)));
        }
    }
    times.into_iter().filter(|at| *at > now).min()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
