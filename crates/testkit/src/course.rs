//! One chart on its way: who does what when, and what came of it.

use jiff::{SignedDuration, Timestamp};
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, Context, Refusal, decide};
use stillwater_care::event::{Draft, Event, Recorded};
use stillwater_care::ids::{EventId, PatientId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::roles::{Actor, Role};
use uuid::Uuid;

fn staff(number: u128, name: &str, role: Role) -> Actor {
    Actor::Staff { id: StaffId(Uuid::from_u128(number)), name: name.to_owned(), role }
}

/// The guide of the team.
#[must_use]
pub fn guide() -> Actor {
    staff(101, "Guide Example", Role::Guide)
}

/// The prescriber of the team.
#[must_use]
pub fn prescriber() -> Actor {
    staff(102, "Prescriber Example", Role::Prescriber)
}

/// A second prescriber of the team.
#[must_use]
pub fn second_prescriber() -> Actor {
    staff(103, "Second Example", Role::Prescriber)
}

/// A guide who is on no team.
#[must_use]
pub fn stranger() -> Actor {
    staff(199, "Stranger Example", Role::Guide)
}

/// The companion of a chart.
#[must_use]
pub fn companion(chart: &Chart) -> Actor {
    match &chart.companion {
        Some(c) => Actor::Companion { id: c.id, name: c.name.clone() },
        None => panic!("no companion is named in this chart"),
    }
}

/// A chart on its way.
#[derive(Clone, Debug)]
pub struct Course {
    /// The chart so far.
    pub chart: Chart,
    /// The events so far.
    pub log: Vec<Recorded>,
    /// The present time.
    pub now: Timestamp,
    commands: u64,
}

impl Course {
    /// An empty chart at a fixed time: 2 March 2026, 15:00 UTC.
    #[must_use]
    pub fn new() -> Self {
        let now = Timestamp::from_second(1_772_463_600).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { chart: Chart::new(PatientId(Uuid::from_u128(1))), log: Vec::new(), now, commands: 0 }
    }

    /// Lets minutes pass, without the ticker looking.
    pub fn minutes(&mut self, minutes: i64) -> &mut Self {
        self.now = self.now.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(self.now);
        self
    }

    /// Lets hours pass, without the ticker looking.
    pub fn hours(&mut self, hours: i64) -> &mut Self {
        self.minutes(hours * 60)
    }

    /// The identity of the next command: deterministic, and apart from every other by more than any batch of events.
    pub fn next_id(&mut self) -> Uuid {
        self.commands += 1;
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (u128::from(self.commands) << 20))
    }

    /// What a command would yield, with nothing recorded.
    ///
    /// # Errors
    /// The refusal.
    pub fn would(&self, actor: Actor, command_id: Uuid, command: Command) -> Result<Vec<Draft>, Refusal> {
        let context = Context { now: self.now, actor, command_id, protocols: Protocols::built_in() };
        decide(&self.chart, &context, command)
    }

    /// Somebody does something.
    ///
    /// # Errors
    /// The refusal; nothing is recorded then.
    pub fn try_do(&mut self, actor: Actor, command: Command) -> Result<Vec<Recorded>, Refusal> {
        let command_id = self.next_id();
        let drafts = self.would(actor, command_id, command)?;
        let mut recorded = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let one = draft.at(self.chart.seq + 1);
            self.chart.apply(&one);
            self.log.push(one.clone());
            recorded.push(one);
        }
        Ok(recorded)
    }

    /// Somebody does something that is accepted.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn does(&mut self, actor: Actor, command: Command) -> Vec<Recorded> {
        let name = command.name();
        match self.try_do(actor, command) {
            Ok(recorded) => recorded,
            Err(refusal) => panic!("{name} was refused: {refusal:?}"),
        }
    }

    /// Somebody does something that is refused; the refusal is given back.
    ///
    /// # Panics
    /// When it is accepted, or when something was recorded all the same.
    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command) -> Refusal {
        let (name, before) = (command.name(), self.chart.seq);
        match self.try_do(actor, command) {
            Err(refusal) => {
                assert_eq!(self.chart.seq, before, "{name} was refused and still recorded");
                refusal
            }
            Ok(_) => panic!("{name} should have been refused"),
        }
    }

    /// Somebody does something that a rule holds.
    ///
    /// # Panics
    /// When it is accepted, or refused by something else than that rule.
    #[track_caller]
    pub fn held_by(&mut self, rule: &str, actor: Actor, command: Command) {
        let refusal = self.refused(actor, command);
        let (Refusal::Blocked { findings, .. } | Refusal::NeedsReason { findings, .. }) = &refusal else {
            panic!("expected {rule} to hold, got: {refusal:?}");
        };
        assert!(findings.iter().any(|f| f.rule == rule), "expected {rule} among: {refusal:?}");
    }

    /// Writes an event as it stands in a chart of before, without deciding it.
    pub fn tells(&mut self, event: Event) -> &mut Self {
        let id = EventId::of_command(self.next_id(), 0);
        let draft = Draft { id, occurred_at: self.now, recorded_at: self.now, actor: prescriber(), event };
        let recorded = draft.at(self.chart.seq + 1);
        self.chart.apply(&recorded);
        self.log.push(recorded);
        self
    }

    /// The ticker looks.
    pub fn tick(&mut self) -> Vec<Recorded> {
        self.does(Actor::Stillwater, Command::Tick)
    }

    /// Whether an event with this stored name is in the chart.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.log.iter().any(|recorded| recorded.event.name() == name)
    }

    /// The newest event with this stored name.
    #[must_use]
    pub fn newest(&self, name: &str) -> Option<EventId> {
        self.log.iter().rev().find(|recorded| recorded.event.name() == name).map(|recorded| recorded.id)
    }

    /// Every event so far.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.log.iter().map(|recorded| &recorded.event)
    }
}

impl Default for Course {
    fn default() -> Self {
        Self::new()
    }
}
