//! Deciding and recording: what is asked of a chart waits for its turn, is decided once, and is recorded in one append.

use std::sync::Arc;

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, Context, Refusal, decide_batch};
use stillwater_care::event::{Draft, Recorded, UnreadableEvent};
use stillwater_care::ids::{EventId, PatientId};
use stillwater_care::quantity::plus_minutes;
use stillwater_care::roles::Actor;
use stillwater_store::{AlertRow, Append, AppendError, Failure, IndexRow, NewEvent, ReadError, StreamId, StreamRow};
use uuid::Uuid;

use super::queue::{Precedence, Turn};
use super::summary::fold_version;
use super::{ChartChanged, Charts, LoadedChart, Summary, blocking};

/// How often something is decided again when another process wrote first.
const TRIES: usize = 8;

/// Something asked of a chart.
#[derive(Clone, Debug)]
pub struct CommandRequest {
    /// Whose chart.
    pub patient: PatientId,
    /// Who asks.
    pub actor: Actor,
    /// The identity of the command; the same one sent again records nothing new.
    pub command_id: Uuid,
    /// The head that the person was looking at. Given for decisions that rest on what was seen; `None` for readings,
    /// check-ins and calls for help, which are true whatever else happened meanwhile.
    pub seen: Option<u64>,
    /// What.
    pub command: Command,
}

/// Several things that were entered in one act: all of them are recorded, in one append, or none.
#[derive(Clone, Debug)]
pub struct BatchRequest {
    /// Whose chart.
    pub patient: PatientId,
    /// Who asks.
    pub actor: Actor,
    /// The head that the person was looking at, as [`CommandRequest::seen`] has it.
    pub seen: Option<u64>,
    /// What, each with the identity of the command, in the order in which it was entered.
    pub commands: Vec<(Uuid, Command)>,
}

impl BatchRequest {
    /// The entries of one form. The first command has the form's own identity, and the others have theirs from it, so that
    /// the same form sent again records nothing new.
    #[must_use]
    pub fn of_form(
        patient: PatientId,
        actor: Actor,
        seen: Option<u64>,
        form: Uuid,
        commands: impl IntoIterator<Item = Command>,
    ) -> Self {
        let commands =
            commands.into_iter().enumerate().map(|(place, command)| (nth_id(form, place), command)).collect();
        Self { patient, actor, seen, commands }
    }
}

impl From<CommandRequest> for BatchRequest {
    fn from(ask: CommandRequest) -> Self {
        let CommandRequest { patient, actor, command_id, seen, command } = ask;
        Self { patient, actor, seen, commands: vec![(command_id, command)] }
    }
}

/// The id of the n-th command of one form. Events count up in the lowest bits, so this leaves those alone.
fn nth_id(form: Uuid, place: usize) -> Uuid {
    Uuid::from_u128(form.as_u128() ^ ((place as u128) << 32))
}

/// What was recorded.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The events recorded; empty when it had been recorded before.
    pub recorded: Vec<Arc<Recorded>>,
    /// The chart afterwards.
    pub open: Arc<LoadedChart>,
}

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// Refused by the clinic's rules.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// The chart has changed since the person looked at it.
    #[error("the chart has changed since this page was opened")]
    Stale {
        /// What happened since.
        since: Vec<Recorded>,
    },
    /// Others, outside this process, changed the chart each time before this could be recorded; sending it again is safe.
    #[error("others are writing in this chart just now; nothing was recorded, send it again")]
    Contended,
    /// The disk is full; nothing was recorded.
    #[error("the disk is full; nothing was recorded")]
    Full,
    /// The chart was erased.
    #[error("this chart was erased")]
    Erased,
    /// The chart holds something that cannot be read, so it cannot be assessed.
    #[error("this chart cannot be assessed: {0}")]
    Unreadable(UnreadableEvent),
    /// Anything technical.
    #[error("{0}")]
    Failure(String),
}

impl From<ReadError> for ExecuteError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Erased => Self::Erased,
            other => Self::Failure(other.to_string()),
        }
    }
}

impl From<AppendError> for ExecuteError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Full => Self::Full,
            AppendError::Erased => Self::Erased,
            AppendError::Conflict { .. } => Self::Contended,
            other => Self::Failure(other.to_string()),
        }
    }
}

impl Charts {
    /// Decides and records one command.
    ///
    /// # Errors
    /// [`ExecuteError`] says whether it was refused, stale, or could not be recorded; nothing is half-written.
    pub async fn execute(self: &Arc<Self>, ask: CommandRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        self.execute_batch(ask.into(), now).await
    }

    /// Decides and records what was entered in one act. Writers to one chart wait for each other, calls for help and stops
    /// first; the events of all entries are recorded together.
    ///
    /// # Errors
    /// As [`Charts::execute`]; a refusal of one entry refuses them all.
    pub async fn execute_batch(self: &Arc<Self>, batch: BatchRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        let turn = self.queues.turn(batch.patient, batch.precedence()).await;
        let charts = Arc::clone(self);
        blocking(move || charts.execute_in_turn(&turn, batch, now)).await
    }

    /// As [`Charts::execute`], on the present thread, which must not be one that drives a runtime.
    ///
    /// # Errors
    /// As [`Charts::execute`].
    pub fn execute_blocking(&self, ask: CommandRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        self.execute_batch_blocking(ask.into(), now)
    }

    /// As [`Charts::execute_batch`], on the present thread, which must not be one that drives a runtime.
    ///
    /// # Errors
    /// As [`Charts::execute`].
    pub fn execute_batch_blocking(&self, batch: BatchRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        let turn = self.queues.turn_blocking(batch.patient, batch.precedence());
        self.execute_in_turn(&turn, batch, now)
    }

    fn execute_in_turn(&self, turn: &Turn, batch: BatchRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        let BatchRequest { patient, actor, seen, mut commands } = batch;
        let Some((command_id, _)) = commands.first() else {
            let open = self.load_blocking(patient)?.unwrap_or_else(|| Arc::new(LoadedChart::new(patient)));
            return Ok(Receipt { recorded: Vec::new(), open });
        };
        let context = Context { now, actor, command_id: *command_id, protocols: self.protocols };
        let ticks = commands.iter().any(|(_, command)| matches!(command, Command::Tick));
        for tries_left in (0..TRIES).rev() {
            let open = self.load_blocking(patient)?.unwrap_or_else(|| Arc::new(LoadedChart::new(patient)));
            if let Some(since) = changed_since(&open, seen, context.command_id) {
                return Err(ExecuteError::Stale { since });
            }
            // Only who may have to decide again keeps the commands.
            let asked = if tries_left == 0 { std::mem::take(&mut commands) } else { commands.clone() };
            let (drafts, after) =
                decide_batch(&open.chart, &context, asked).map_err(|(_, refusal)| ExecuteError::Refused(refusal))?;
            if drafts.is_empty() && !ticks {
                return Ok(Receipt { recorded: Vec::new(), open });
            }
            let after = after.into_owned();
            match self.record(turn, &open, drafts, after, now) {
                Ok(done) => return Ok(done),
                Err(AppendError::Conflict { .. }) => {}
                Err(error) => {
                    self.cache.forget(patient);
                    return Err(error.into());
                }
            }
        }
        Err(ExecuteError::Contended)
    }

    /// Records drafts that were decided against `open`; `chart` is its chart with them.
    fn record(
        &self,
        turn: &Turn,
        open: &LoadedChart,
        drafts: Vec<Draft>,
        chart: Chart,
        now: Timestamp,
    ) -> Result<Receipt, AppendError> {
        let patient = turn.patient();
        let shape =
            |what: &str, error: serde_json::Error| AppendError::Failure(Failure::Shape(format!("{what}: {error}")));
        let mut events = Vec::with_capacity(drafts.len());
        let mut recorded = Vec::with_capacity(drafts.len());
        for (seq, draft) in (open.chart.seq + 1..).zip(drafts) {
            events.push(NewEvent {
                event_id: draft.id.0,
                kind: draft.event.name().to_owned(),
                version: draft.event.version(),
                recorded_at_ms: draft.recorded_at.as_millisecond(),
                act_id: None,
                payload: draft.to_bytes().map_err(|error| shape(draft.event.name(), error))?,
            });
            recorded.push(Arc::new(draft.at(seq)));
        }
        let mut summary = Summary::of(&chart, self.protocols, now);
        if recorded.is_empty() && summary.next_look_at.is_some_and(|at| at <= now) {
            // A look that changed nothing and wants another at once would keep the ticker from everybody else.
            summary.next_look_at = Some(plus_minutes(now, 1));
        }
        let index = index_of(&chart, &summary).map_err(|error| shape("the summary", error))?;
        let (stream, expected_seq) = (StreamId::patient(patient.0), open.chart.seq);
        let gid = if events.is_empty() {
            self.store.rewrite_index(stream, expected_seq, index)?;
            None
        } else {
            self.store.append(Append { stream, expected_seq, events, index })?.gids.last().copied()
        };
        let mut log = Vec::with_capacity(open.log.len() + recorded.len());
        log.extend(open.log.iter().chain(&recorded).cloned());
        let after = Arc::new(LoadedChart { chart, log });
        self.cache.put(patient, Arc::clone(&after));
        self.keep_summary(summary);
        if let Some(gid) = gid {
            let names = recorded.iter().map(|r| r.event.name()).collect();
            // Nobody listening is no failure.
            let _ = self.news.send(ChartChanged { patient, seq: after.chart.seq, gid, names });
        }
        Ok(Receipt { recorded, open: after })
    }

    /// Records a whole chart that was decided elsewhere, in one append: the demo clinic and imports of many people. On the
    /// present thread, which must not be one that drives a runtime while others write in the same chart.
    ///
    /// # Errors
    /// As [`Charts::execute`].
    pub fn record_whole(
        &self,
        patient: PatientId,
        drafts: Vec<Draft>,
        now: Timestamp,
    ) -> Result<Receipt, ExecuteError> {
        let turn = self.queues.turn_blocking(patient, Precedence::InTurn);
        let mut chart = Chart::new(patient);
        for draft in &drafts {
            chart.apply(&draft.clone().at(chart.seq + 1));
        }
        self.record(&turn, &LoadedChart::new(patient), drafts, chart, now).map_err(ExecuteError::from)
    }
}

/// In what an index row said otherwise than its chart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Differs {
    pub(super) next_look: bool,
    pub(super) alerts: bool,
}

impl Charts {
    /// Makes an index row again from its chart, and says in what it differed; `None` when there is no chart.
    pub(super) fn refresh(&self, row: &StreamRow, now: Timestamp) -> Result<Option<Differs>, ExecuteError> {
        let patient = PatientId(row.stream.id);
        let Some(open) = self.load_blocking(patient)? else { return Ok(None) };
        let summary = Summary::of(&open.chart, self.protocols, now);
        let index = index_of(&open.chart, &summary).map_err(|error| ExecuteError::Failure(error.to_string()))?;
        let sorted = |alerts: &[AlertRow]| {
            let mut alerts = alerts.to_vec();
            alerts.sort_by_key(|alert| alert.alert_id);
            alerts
        };
        let differs = Differs {
            next_look: row.next_look_at_ms != index.next_look_at_ms,
            alerts: sorted(&row.alerts) != sorted(&index.alerts),
        };
        self.store.rewrite_index(row.stream, open.chart.seq, index)?;
        self.keep_summary(summary);
        Ok(Some(differs))
    }
}

impl Charts {
    /// Makes the index row of one patient again from the chart.
    pub(super) fn refresh_patient(&self, patient: PatientId, now: Timestamp) -> Result<(), ExecuteError> {
        let Some(open) = self.load_blocking(patient)? else { return Ok(()) };
        let summary = Summary::of(&open.chart, self.protocols, now);
        let index = index_of(&open.chart, &summary).map_err(|error| ExecuteError::Failure(error.to_string()))?;
        self.store.rewrite_index(StreamId::patient(patient.0), open.chart.seq, index)?;
        self.keep_summary(summary);
        Ok(())
    }
}

impl BatchRequest {
    fn precedence(&self) -> Precedence {
        Precedence::of(self.commands.iter().map(|(_, command)| command))
    }
}

/// What happened since the head that somebody saw, if any of it may change what they decide. A command that was recorded
/// before is answered as it was then.
fn changed_since(open: &LoadedChart, seen: Option<u64>, command_id: Uuid) -> Option<Vec<Recorded>> {
    let seen = seen.filter(|seen| *seen != open.chart.seq)?;
    if open.chart.event_ids.contains(&EventId::of_command(command_id, 0)) {
        return None;
    }
    let since: Vec<Recorded> = open.log.iter().filter(|r| r.seq > seen).map(|r| Recorded::clone(r)).collect();
    since.iter().any(invalidates_decision).then_some(since)
}

/// Whether an event that somebody has not seen may change what they decide. Signs of life do not.
fn invalidates_decision(recorded: &Recorded) -> bool {
    use stillwater_care::event::Event;
    !matches!(
        recorded.event,
        Event::CheckInRecorded(_)
            | Event::JournalWritten(_)
            | Event::JournalSharingSet(_)
            | Event::InvitationMade(_)
            | Event::MomentMarked(_)
            | Event::AlertOwned(_)
            | Event::AlertEscalated(_)
            | Event::AlertLapsed(_)
            | Event::AlertNoted(_)
    )
}

pub(super) fn index_of(chart: &Chart, summary: &Summary) -> Result<IndexRow, serde_json::Error> {
    Ok(IndexRow {
        summary: summary.to_bytes()?,
        next_look_at_ms: summary.next_look_at.map(|at| at.as_millisecond()),
        alerts: chart
            .open_alerts()
            .iter()
            .map(|alert| AlertRow {
                alert_id: alert.id.0,
                level: alert.urgency as u8,
                raised_at_ms: alert.raised_at.as_millisecond(),
                owned: alert.owner().is_some(),
                next_step_at_ms: alert.next_step_at().map(|at| at.as_millisecond()),
            })
            .collect(),
        fold_version: fold_version(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_of_a_form_has_an_id_of_its_own_and_the_first_keeps_the_forms() {
        let first = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        assert_eq!(nth_id(first, 0), first);
        assert_ne!(nth_id(first, 1), nth_id(first, 2));
        assert_eq!(nth_id(first, 3).as_u128() & 0xffff, first.as_u128() & 0xffff);
    }
}
