//! Charts in use: loading, deciding and recording, and telling who listens.
//!
//! A chart is folded once and kept; before it is used, its head in the store is compared, so that a chart changed by
//! somebody else is never shown as it was. Every change goes through [`Charts::execute`], and so through `decide`.

mod cache;
pub mod summary;
mod ticker;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, Context, Refusal, decide};
use stillwater_care::event::{Draft, Recorded, UnreadableEvent};
use stillwater_care::ids::{EventId, PatientId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::plus_minutes;
use stillwater_care::roles::Actor;
use stillwater_programme::Line;
use stillwater_store::{AlertRow, Append, AppendError, NewEvent, PatientIndex, ReadError, Store, StoredEvent};
use tokio::sync::broadcast;
use uuid::Uuid;

use cache::Cache;
pub use summary::Summary;
pub use ticker::{look, run_ticker};

/// How many folded charts are kept.
const KEPT_CHARTS: usize = 256;
/// How often a command is decided again when somebody else wrote first.
const TRIES: usize = 8;

/// A chart with the events that it was folded from.
#[derive(Clone, Debug)]
pub struct LoadedChart {
    /// The fold.
    pub chart: Chart,
    /// The events, oldest first.
    pub log: Vec<Recorded>,
}

/// News of a chart that changed.
#[derive(Clone, Debug)]
pub struct ChartChanged {
    /// Whose.
    pub patient: PatientId,
    /// Its new head.
    pub seq: u64,
    /// Place of the newest event in the whole log.
    pub gid: u64,
    /// What happened, by stored name.
    pub names: Vec<&'static str>,
}

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

/// What was recorded.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The events recorded; empty when the command had been recorded before.
    pub recorded: Vec<Recorded>,
    /// The chart afterwards.
    pub open: Arc<LoadedChart>,
}

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// Refused by the clinic's rules.
    #[error("{0}")]
    Refused(Refusal),
    /// The chart has changed since the person looked at it.
    #[error("the chart has changed since this page was opened")]
    Stale {
        /// What happened since.
        since: Vec<Recorded>,
    },
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
            other => Self::Failure(other.to_string()),
        }
    }
}

/// Charts, decided and recorded.
#[derive(Debug)]
pub struct Charts {
    store: Store,
    protocols: &'static Protocols,
    cache: Cache,
    summaries: RwLock<BTreeMap<PatientId, Arc<Summary>>>,
    news: broadcast::Sender<ChartChanged>,
    version: AtomicU64,
}

impl Charts {
    /// Opens the charts of a store. Index rows that another version wrote are made again from their charts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(store: Store, protocols: &'static Protocols, now: Timestamp) -> Result<Self, ExecuteError> {
        let charts = Self {
            cache: Cache::new(KEPT_CHARTS),
            summaries: RwLock::new(BTreeMap::new()),
            news: broadcast::channel(1024).0,
            version: AtomicU64::new(0),
            store,
            protocols,
        };
        let rows = charts.store.patients().map_err(|e| ExecuteError::Failure(e.to_string()))?;
        for row in rows {
            let patient = PatientId(row.patient);
            if row.erased {
                continue;
            }
            let kept = row.summary.as_deref().and_then(|bytes| Summary::from_bytes(bytes).ok());
            let summary = match kept.filter(|summary| summary.seq == row.seq) {
                Some(summary) => summary,
                None => match charts.load_blocking(patient) {
                    Ok(Some(open)) => Summary::of(&open.chart, protocols, now),
                    Ok(None) => continue,
                    Err(error) => {
                        tracing::error!(%patient, %error, "a chart cannot be read; it is left out of the caseload");
                        continue;
                    }
                },
            };
            charts.keep_summary(summary);
        }
        Ok(charts)
    }

    /// The protocols that are known.
    #[must_use]
    pub fn protocols(&self) -> &'static Protocols {
        self.protocols
    }

    /// The store beneath.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// News of every change from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<ChartChanged> {
        self.news.subscribe()
    }

    /// One line for every patient.
    #[must_use]
    pub fn summaries(&self) -> Vec<Arc<Summary>> {
        self.summaries.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The line of one patient.
    #[must_use]
    pub fn summary(&self, patient: PatientId) -> Option<Arc<Summary>> {
        self.summaries.read().unwrap_or_else(PoisonError::into_inner).get(&patient).cloned()
    }

    fn keep_summary(&self, summary: Summary) {
        let mut all = self.summaries.write().unwrap_or_else(PoisonError::into_inner);
        // A slower thread must not put an older line back.
        if all.get(&summary.patient).is_none_or(|known| known.seq <= summary.seq) {
            all.insert(summary.patient, Arc::new(summary));
            self.version.fetch_add(1, Ordering::Release);
        }
    }

    /// Grows whenever a line changes; whatever was worked out from the lines is fresh as long as it has not.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The chart of a patient; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn load(self: &Arc<Self>, patient: PatientId) -> Result<Option<Arc<LoadedChart>>, ExecuteError> {
        let charts = Arc::clone(self);
        blocking(move || charts.load_blocking(patient)).await
    }

    /// As [`Charts::load`], on the present thread.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load_blocking(&self, patient: PatientId) -> Result<Option<Arc<LoadedChart>>, ExecuteError> {
        let Some(head) = self.store.head(patient.0)? else { return Ok(None) };
        if head.erased {
            self.cache.forget(patient);
            return Err(ExecuteError::Erased);
        }
        let known = self.cache.get(patient);
        if let Some(open) = known.as_ref().filter(|open| open.chart.seq == head.seq) {
            return Ok(Some(Arc::clone(open)));
        }
        // Behind the head: take in only what is new. Ahead of it (the store was put back): begin again.
        let base = known.filter(|open| open.chart.seq < head.seq);
        let from = base.as_ref().map_or(1, |open| open.chart.seq + 1);
        let mut open = base.map_or_else(
            || LoadedChart { chart: Chart::new(patient), log: Vec::new() },
            |open| LoadedChart::clone(&open),
        );
        for stored in self.store.load(patient.0, from)? {
            let recorded = recorded(&stored)?;
            open.chart.apply(&recorded);
            open.log.push(recorded);
        }
        let open = Arc::new(open);
        self.cache.put(patient, Arc::clone(&open));
        Ok(Some(open))
    }

    /// Decides and records.
    ///
    /// # Errors
    /// [`ExecuteError`] says whether it was refused, stale, or could not be recorded; nothing is half-written.
    pub async fn execute(self: &Arc<Self>, ask: CommandRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        let charts = Arc::clone(self);
        blocking(move || charts.execute_blocking(ask, now)).await
    }

    /// As [`Charts::execute`], on the present thread.
    ///
    /// # Errors
    /// As [`Charts::execute`].
    pub fn execute_blocking(&self, ask: CommandRequest, now: Timestamp) -> Result<Receipt, ExecuteError> {
        for _ in 0..TRIES {
            let open = self
                .load_blocking(ask.patient)?
                .unwrap_or_else(|| Arc::new(LoadedChart { chart: Chart::new(ask.patient), log: Vec::new() }));
            let sent_before = open.chart.event_ids.contains(&EventId::of_command(ask.command_id, 0));
            if !sent_before && let Some(seen) = ask.seen.filter(|seen| *seen != open.chart.seq) {
                let since: Vec<_> = open.log.iter().filter(|r| r.seq > seen).cloned().collect();
                if since.iter().any(invalidates_decision) {
                    return Err(ExecuteError::Stale { since });
                }
            }
            let context =
                Context { now, actor: ask.actor.clone(), command_id: ask.command_id, protocols: self.protocols };
            let drafts = decide(&open.chart, &context, ask.command.clone()).map_err(ExecuteError::Refused)?;
            if drafts.is_empty() && !matches!(ask.command, Command::Tick) {
                return Ok(Receipt { recorded: Vec::new(), open });
            }
            match self.record(ask.patient, &open, drafts, now) {
                Ok(done) => return Ok(done),
                Err(AppendError::Conflict { .. }) => {}
                Err(error) => {
                    self.cache.forget(ask.patient);
                    return Err(error.into());
                }
            }
        }
        Err(ExecuteError::Failure("the chart is being changed too fast by others; try again".to_owned()))
    }

    /// Records drafts that were decided against `open`.
    fn record(
        &self,
        patient: PatientId,
        open: &Arc<LoadedChart>,
        drafts: Vec<Draft>,
        now: Timestamp,
    ) -> Result<Receipt, AppendError> {
        let mut after = LoadedChart::clone(open);
        let mut events = Vec::with_capacity(drafts.len());
        let mut recorded = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let payload = draft.to_bytes().map_err(|error| {
                AppendError::Failure(stillwater_store::Failure::Shape(format!("event {}: {error}", draft.event.name())))
            })?;
            events.push(NewEvent {
                event_id: draft.id.0,
                kind: draft.event.name().to_owned(),
                version: draft.event.version(),
                recorded_at_ms: draft.recorded_at.as_millisecond(),
                payload,
            });
            let one = draft.at(after.chart.seq + 1);
            after.chart.apply(&one);
            after.log.push(one.clone());
            recorded.push(one);
        }
        let mut summary = Summary::of(&after.chart, self.protocols, now);
        if recorded.is_empty() && summary.next_look_at.is_some_and(|at| at <= now) {
            // A look that changed nothing and wants another at once would keep the ticker from everybody else.
            summary.next_look_at = Some(plus_minutes(now, 1));
        }
        let index = index_of(&after.chart, &summary);
        let appended = self.store.append(Append { patient: patient.0, expected_seq: open.chart.seq, events, index })?;
        let after = Arc::new(after);
        self.cache.put(patient, Arc::clone(&after));
        self.keep_summary(summary);
        if !recorded.is_empty() {
            let names = recorded.iter().map(|r| r.event.name()).collect();
            let gid = appended.gids.last().copied().unwrap_or(0);
            // Nobody listening is no failure.
            let _ = self.news.send(ChartChanged { patient, seq: after.chart.seq, gid, names });
        }
        Ok(Receipt { recorded, open: after })
    }

    /// Records a whole chart that was decided elsewhere, in one append: the demo clinic and imports of many people.
    ///
    /// # Errors
    /// As [`Charts::execute`].
    pub fn record_whole(
        &self,
        patient: PatientId,
        drafts: Vec<Draft>,
        now: Timestamp,
    ) -> Result<Receipt, ExecuteError> {
        let empty = Arc::new(LoadedChart { chart: Chart::new(patient), log: Vec::new() });
        self.record(patient, &empty, drafts, now).map_err(ExecuteError::from)
    }
}

/// An event as the store has it, read.
fn recorded(stored: &StoredEvent) -> Result<Recorded, ExecuteError> {
    Recorded::from_bytes(stored.seq, EventId(stored.event_id), &stored.kind, stored.version, &stored.payload)
        .map_err(ExecuteError::Unreadable)
}

/// The line for statistics of every patient, one index row at a time; a row that is missing or of another shape is made again
/// from its chart. `told` hears how many were read.
///
/// # Errors
/// When the store or a chart cannot be read.
pub fn lines(
    store: &Store,
    protocols: &Protocols,
    now: Timestamp,
    told: &mut dyn FnMut(u64),
) -> Result<Vec<Line>, ExecuteError> {
    let (mut lines, mut again, mut read) = (Vec::new(), Vec::new(), 0);
    store.each_patient(&mut |row| {
        read += 1;
        told(read);
        let kept = row.summary.as_deref().and_then(|bytes| Summary::from_bytes(bytes).ok());
        match kept.filter(|summary| summary.seq == row.seq) {
            Some(summary) => lines.push(summary.line),
            None if row.erased => {}
            None => again.push(PatientId(row.patient)),
        }
    })?;
    for patient in again {
        let mut chart = Chart::new(patient);
        for stored in store.load(patient.0, 1)? {
            chart.apply(&recorded(&stored)?);
        }
        lines.push(Summary::of(&chart, protocols, now).line);
    }
    Ok(lines)
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
    )
}

fn index_of(chart: &Chart, summary: &Summary) -> PatientIndex {
    PatientIndex {
        summary: summary.to_bytes(),
        next_look_at_ms: summary.next_look_at.map(|at| at.as_millisecond()),
        alerts: chart
            .open_alerts()
            .iter()
            .map(|alert| AlertRow {
                alert_id: alert.value.alert.0,
                level: alert.urgency() as u8,
                raised_at_ms: alert.raised_at.as_millisecond(),
                owned: alert.owner.is_some(),
                next_step_at_ms: alert.next_rung_at().map(|at| at.as_millisecond()),
            })
            .collect(),
    }
}

/// Runs blocking work away from the threads that answer requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ExecuteError> + Send + 'static,
) -> Result<T, ExecuteError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(ExecuteError::Failure(error.to_string())))
}
