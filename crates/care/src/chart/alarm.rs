//! An alarm as a machine with states: raised, told by rung, owned with a clock, worse, lapsed, resolved with what was done.
//!
//! Owning is not closing: whoever has an alarm writes down what they see, and an alarm about which nothing was written
//! rings again. The minutes of that clock are a proposal of this project and signed by nobody yet.

use jiff::Timestamp;

use super::Act;
use crate::coded::Value;
use crate::event::{AlertClosing, AlertRaised, AlertRenewed, AlertSubject, EscalationLevel};
use crate::finding::Urgency;
use crate::ids::{AlertId, SessionId, StaffId};
use crate::quantity::plus_minutes;
use crate::roles::Role;

/// Minutes for which an alert that somebody has may go without an entry before it rings again: 10 for an emergency, 30
/// for a call (proposed, signed by nobody yet). What is only watched or reviewed has no such clock.
#[must_use]
pub fn entry_within_minutes(urgency: Urgency) -> Option<i64> {
    match urgency {
        Urgency::Emergency => Some(10),
        Urgency::CallClinician => Some(30),
        Urgency::Watch | Urgency::Review => None,
    }
}

/// Where an alert stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertState {
    /// Nobody has it; it climbs.
    Unowned,
    /// Somebody has it.
    Owned(Act),
    /// Resolved.
    Resolved {
        /// Who had taken it on.
        owned: Option<Act>,
        /// Who resolved it.
        resolved: Act,
        /// What was found.
        words: String,
        /// What was done, who knows, and what is next; empty where it was resolved before these were asked.
        closing: AlertClosing,
    },
}

/// Where one notice stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// The rung is being told, and nobody has answered.
    Ringing,
    /// Somebody answered and has the alert.
    Taken(Act),
    /// Nobody of this rung answered in time; the next rung was told.
    PassedUp(Timestamp),
    /// Whoever had it wrote nothing for too long; it rings again.
    Lapsed(Timestamp),
    /// A new or worse fact came; it rings again.
    Overtaken(Timestamp),
    /// The alert was resolved.
    Closed(Timestamp),
}

/// One telling: an alert, the rung that is told, the person on it, and what came of it. Which people stand on a rung
/// beyond the care team is the rota's to say, and by which way they are reached is the notifier's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Of which alert.
    pub alert: AlertId,
    /// Who is asked.
    pub rung: EscalationLevel,
    /// The member of the care team on this rung when it was told; `None` where the rota names the people.
    pub person: Option<StaffId>,
    /// When it was told.
    pub at: Timestamp,
    /// What came of it.
    pub state: NoticeState,
}

impl Notice {
    /// Told, and not answered yet.
    #[must_use]
    pub fn pending(&self) -> bool {
        self.state == NoticeState::Ringing
    }
}

/// An alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Identity.
    pub id: AlertId,
    /// In which course of the chart, from 1.
    pub course: u32,
    /// How grave, by the gravest fact so far.
    pub urgency: Urgency,
    /// What it is about, by the fact that rang last.
    pub about: AlertSubject,
    /// In which session, if one.
    pub session: Option<SessionId>,
    /// Minutes until it goes one rung up when nobody takes it on.
    pub answer_within_minutes: i64,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When it last rang by a new or worse fact; when it was raised, until then.
    pub renewed_at: Timestamp,
    /// How often a new or worse fact made it ring again.
    pub renewals: u32,
    /// Who is asked now.
    pub level: EscalationLevel,
    /// When it last went up a rung, or began to ring.
    pub level_since: Timestamp,
    /// The last entry of staff since somebody has it, or when they took it on.
    pub entry_at: Timestamp,
    /// Who had it and wrote nothing, when it rings again for that.
    pub lapsed: Option<Act>,
    /// What was written on it while it was open, oldest first.
    pub notes: Vec<(Act, String)>,
    /// Who was told, oldest first.
    pub notices: Vec<Notice>,
    /// Where it stands.
    pub state: AlertState,
}

impl Alert {
    /// As it is raised. `on_rung` finds the member of the care team on a rung.
    pub(super) fn raised(
        e: &AlertRaised,
        course: u32,
        at: Timestamp,
        on_rung: impl Fn(EscalationLevel) -> Option<StaffId>,
    ) -> Self {
        let mut alert = Self {
            id: e.alert,
            course,
            urgency: e.urgency,
            about: e.about.clone(),
            session: e.session,
            answer_within_minutes: e.answer_within_minutes,
            raised_at: at,
            renewed_at: at,
            renewals: 0,
            level: e.first,
            level_since: at,
            entry_at: at,
            lapsed: None,
            notes: Vec::new(),
            notices: Vec::new(),
            state: AlertState::Unowned,
        };
        alert.tell(at, on_rung(e.first));
        alert
    }

    /// Tells the rung on which it stands.
    fn tell(&mut self, at: Timestamp, person: Option<StaffId>) {
        self.notices.push(Notice { alert: self.id, rung: self.level, person, at, state: NoticeState::Ringing });
    }

    /// Ends what is being told now.
    fn end_notices(&mut self, state: &NoticeState) {
        let going_on = |notice: &&mut Notice| matches!(notice.state, NoticeState::Ringing | NoticeState::Taken(_));
        for notice in self.notices.iter_mut().filter(going_on) {
            notice.state = state.clone();
        }
    }

    pub(super) fn own(&mut self, act: Act) {
        if !self.open() {
            return;
        }
        self.end_notices(&NoticeState::Taken(act.clone()));
        self.entry_at = act.at;
        self.lapsed = None;
        self.state = AlertState::Owned(act);
    }

    pub(super) fn escalate(&mut self, to: EscalationLevel, at: Timestamp, person: Option<StaffId>) {
        self.end_notices(&NoticeState::PassedUp(at));
        self.level = to;
        self.level_since = at;
        self.tell(at, person);
    }

    pub(super) fn lapse(&mut self, at: Timestamp, person: Option<StaffId>) {
        let AlertState::Owned(owner) = &self.state else { return };
        self.lapsed = Some(owner.clone());
        self.end_notices(&NoticeState::Lapsed(at));
        self.state = AlertState::Unowned;
        self.level_since = at;
        self.tell(at, person);
    }

    /// Takes a new or worse fact in: the alert shows it, nobody has it until somebody takes it on again, and time that
    /// already ran against an answer is never given back.
    pub(super) fn renew(&mut self, e: &AlertRenewed, at: Timestamp, person: Option<StaffId>) {
        if !self.open() {
            return;
        }
        let answer_by = plus_minutes(self.level_since, self.answer_within_minutes);
        let was_ringing = self.state == AlertState::Unowned && e.to <= self.level;
        self.urgency = self.urgency.max(e.urgency);
        self.about = e.about.clone();
        self.renewed_at = at;
        self.renewals = self.renewals.saturating_add(1);
        self.answer_within_minutes = self.answer_within_minutes.min(e.answer_within_minutes);
        self.level = self.level.max(e.to);
        if was_ringing {
            let since = plus_minutes(answer_by, -self.answer_within_minutes);
            self.level_since = since.min(at);
            return;
        }
        self.end_notices(&NoticeState::Overtaken(at));
        self.state = AlertState::Unowned;
        self.lapsed = None;
        self.level_since = at;
        self.tell(at, person);
    }

    pub(super) fn note(&mut self, act: Act, words: &str) {
        self.notes.push((act, words.to_owned()));
    }

    /// Staff wrote something into the chart: the clock of whoever has this alert begins again.
    pub(super) fn entry(&mut self, at: Timestamp) {
        self.entry_at = self.entry_at.max(at);
    }

    pub(super) fn resolve(&mut self, resolved: Act, words: &str, closing: &AlertClosing) {
        let owned = self.owner().cloned();
        self.end_notices(&NoticeState::Closed(resolved.at));
        self.state = AlertState::Resolved { owned, resolved, words: words.to_owned(), closing: closing.clone() };
    }

    /// Not resolved yet.
    #[must_use]
    pub fn open(&self) -> bool {
        self.resolved().is_none()
    }

    /// Who has it, or had it when it was resolved.
    #[must_use]
    pub fn owner(&self) -> Option<&Act> {
        match &self.state {
            AlertState::Unowned => None,
            AlertState::Owned(act) => Some(act),
            AlertState::Resolved { owned, .. } => owned.as_ref(),
        }
    }

    /// Who resolved it.
    #[must_use]
    pub fn resolved(&self) -> Option<&Act> {
        match &self.state {
            AlertState::Unowned | AlertState::Owned(_) => None,
            AlertState::Resolved { resolved, .. } => Some(resolved),
        }
    }

    /// When it goes one rung up, unless somebody takes it on.
    #[must_use]
    pub fn next_rung_at(&self) -> Option<Timestamp> {
        (self.state == AlertState::Unowned && self.level < EscalationLevel::last_for(self.urgency))
            .then(|| plus_minutes(self.level_since, self.answer_within_minutes))
    }

    /// When it rings again although somebody has it, unless staff write something into the chart.
    #[must_use]
    pub fn lapses_at(&self) -> Option<Timestamp> {
        match &self.state {
            AlertState::Owned(_) => entry_within_minutes(self.urgency).map(|m| plus_minutes(self.entry_at, m)),
            AlertState::Unowned | AlertState::Resolved { .. } => None,
        }
    }

    /// When it next moves by time alone.
    #[must_use]
    pub fn next_step_at(&self) -> Option<Timestamp> {
        self.next_rung_at().or(self.lapses_at())
    }

    /// By when something is to be done: the minutes that the rule gives for a repeat, else when the alert moves by itself.
    #[must_use]
    pub fn by_when(&self) -> Option<Timestamp> {
        let repeat = match &self.about {
            AlertSubject::InSession { finding, at: Some(at), .. } => match finding.clears.values.get("minutes") {
                Some(Value::Limit { value, .. } | Value::Number { value, .. }) => {
                    Some(plus_minutes(*at, value.ceil() as i64))
                }
                _ => None,
            },
            _ => None,
        };
        repeat.or(self.next_step_at())
    }

    /// A call for help.
    #[must_use]
    pub fn is_call_for_help(&self) -> bool {
        matches!(self.about, AlertSubject::Help { .. })
    }
}

impl super::Chart {
    /// The member of the care team who is told on a rung; the higher rungs are the rota's.
    #[must_use]
    pub fn on_rung(&self, rung: EscalationLevel) -> Option<StaffId> {
        let role = match rung {
            EscalationLevel::Guide => Role::Guide,
            EscalationLevel::Prescriber => Role::Prescriber,
            EscalationLevel::OnCall | EscalationLevel::EmergencyServices => return None,
        };
        self.team_member(role).map(|member| member.id)
    }

    /// Every notice of every open alert, oldest alert first.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.alerts.iter().filter(|alert| alert.open()).flat_map(|alert| &alert.notices)
    }

    /// Notices that nobody has answered: who is to be told now.
    pub fn pending_notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices().filter(|notice| notice.pending())
    }
}
