//! Charts in use: loading, deciding and recording, and telling who listens.
//!
//! A chart is folded once and kept; before it is used, its head in the store is compared, so that a chart changed by
//! somebody else is never shown as it was. Every change goes through [`Charts::execute_batch`], and so through `decide`.

mod cache;
mod contact;
mod execute;
#[cfg(test)]
mod order;
mod queue;
mod rows;
pub mod summary;
mod ticker;
mod watch;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::duplicate::{Alike, Identity, alike};
use stillwater_care::event::Recorded;
use stillwater_care::ids::{EventId, PatientId};
use stillwater_care::protocol::Protocols;
use stillwater_programme::OutcomeRow;
use stillwater_store::{Store, StoredEvent, StreamId, StreamKind};
use tokio::sync::broadcast;

use cache::Cache;
pub use contact::{look_at_sessions, watch_sessions};
pub use execute::{BatchRequest, CommandRequest, ExecuteError, Receipt};
use queue::Queues;
pub use rows::{RowWrong, check_rows};
pub use summary::Summary;
pub use ticker::{look, run_ticker};
pub use watch::{UnreadableChart, Watch, WatchState};

/// How many folded charts are kept.
const KEPT_CHARTS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

/// A chart with the events that it was folded from.
#[derive(Clone, Debug)]
pub struct LoadedChart {
    /// The fold.
    pub chart: Chart,
    /// The events, oldest first. Charts that follow each other share them.
    pub log: Vec<Arc<Recorded>>,
}

impl LoadedChart {
    /// The chart of somebody of whom nothing is recorded yet.
    #[must_use]
    pub fn new(patient: PatientId) -> Self {
        Self { chart: Chart::new(patient), log: Vec::new() }
    }
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

/// Charts, decided and recorded.
#[derive(Debug)]
pub struct Charts {
    store: Store,
    protocols: &'static Protocols,
    cache: Cache,
    queues: Arc<Queues>,
    /// Held by an import, of which one runs at a time.
    pub(crate) importing: Mutex<()>,
    summaries: RwLock<BTreeMap<PatientId, Arc<Summary>>>,
    news: broadcast::Sender<ChartChanged>,
    version: AtomicU64,
    refreshed: Refreshed,
    watch: Watch,
}

/// What became, at the start, of index rows that another version of the fold wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Rows made again from their charts.
    pub rows: usize,
    /// Of these, rows by which the ticker would have looked at another time.
    pub other_next_look: usize,
    /// Of these, rows that named other open alerts.
    pub other_alerts: usize,
    /// Charts that cannot be read, whose rows stay as they are.
    pub unreadable: usize,
}

impl Charts {
    /// Opens the charts of a store. Index rows that another version wrote are made again from their charts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(store: Store, protocols: &'static Protocols, now: Timestamp) -> Result<Self, ExecuteError> {
        let mut charts = Self {
            cache: Cache::new(KEPT_CHARTS),
            queues: Arc::default(),
            importing: Mutex::new(()),
            summaries: RwLock::new(BTreeMap::new()),
            news: broadcast::channel(1024).0,
            version: AtomicU64::new(0),
            refreshed: Refreshed::default(),
            watch: Watch::default(),
            store,
            protocols,
        };
        let rows = charts.store.rows(StreamKind::Patient).map_err(|e| ExecuteError::Failure(e.to_string()))?;
        for row in rows {
            let patient = PatientId(row.stream.id);
            if row.erased {
                continue;
            }
            let kept = row.summary.as_deref().and_then(|bytes| Summary::from_bytes(bytes).ok());
            let of_this_version = row.fold_version == summary::fold_version();
            // The time of the next look stands in clear beside the sealed summary, which was made with it.
            let as_sealed = |kept: &Summary| kept.next_look_at.map(|at| at.as_millisecond()) == row.next_look_at_ms;
            if let Some(summary) = kept.filter(|kept| of_this_version && kept.seq == row.seq && as_sealed(kept)) {
                charts.keep_summary(summary);
                continue;
            }
            match charts.refresh(&row, now) {
                Ok(None) => {}
                Ok(Some(differs)) => {
                    charts.refreshed.rows += 1;
                    charts.refreshed.other_next_look += usize::from(differs.next_look);
                    charts.refreshed.other_alerts += usize::from(differs.alerts);
                    if differs.next_look || differs.alerts {
                        tracing::warn!(%patient, next_look = differs.next_look, alerts = differs.alerts, "an index row of another version said otherwise than its chart, and was made again");
                    }
                }
                Err(error) => {
                    charts.refreshed.unreadable += 1;
                    charts.watch.failed(patient, now, &error.to_string());
                    tracing::error!(%patient, %error, "a chart cannot be read; it is left out of the caseload");
                }
            }
        }
        if charts.refreshed != Refreshed::default() {
            tracing::info!(refreshed = ?charts.refreshed, "index rows of another version were made again");
        }
        Ok(charts)
    }

    /// What became of index rows of another version when these charts were opened.
    #[must_use]
    pub fn refreshed(&self) -> Refreshed {
        self.refreshed
    }

    /// How the watch over the charts stands.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.watch
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

    /// Who has a chart and may be this person, the surest first; `but` is left out.
    #[must_use]
    pub fn alike(&self, who: Identity<'_>, but: PatientId) -> Vec<(Alike, Arc<Summary>)> {
        let others = self.summaries().into_iter().filter(|known| known.patient != but);
        let mut found: Vec<_> = others.filter_map(|known| Some((alike(who, known.identity())?, known))).collect();
        found.sort_by_key(|(alike, known)| (*alike, known.patient));
        found
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
        let Some(head) = self.store.head(StreamId::patient(patient.0))? else { return Ok(None) };
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
        let mut open = base.map_or_else(|| LoadedChart::new(patient), |open| LoadedChart::clone(&open));
        for stored in self.store.load(StreamId::patient(patient.0), from)? {
            let recorded = recorded(&stored)?;
            open.chart.apply(&recorded);
            open.log.push(Arc::new(recorded));
        }
        let open = Arc::new(open);
        self.cache.put(patient, Arc::clone(&open));
        Ok(Some(open))
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
) -> Result<Vec<OutcomeRow>, ExecuteError> {
    let (mut lines, mut again, mut read) = (Vec::new(), Vec::new(), 0);
    store.each_row(StreamKind::Patient, &mut |row| {
        read += 1;
        told(read);
        let kept = row.summary.as_deref().and_then(|bytes| Summary::from_bytes(bytes).ok());
        match kept.filter(|summary| summary.seq == row.seq) {
            Some(summary) => lines.extend(summary.rows),
            None if row.erased => {}
            None => again.push(PatientId(row.stream.id)),
        }
    })?;
    for patient in again {
        let mut chart = Chart::new(patient);
        for stored in store.load(StreamId::patient(patient.0), 1)? {
            chart.apply(&recorded(&stored)?);
        }
        lines.extend(Summary::of(&chart, protocols, now).rows);
    }
    Ok(lines)
}

/// Runs blocking work away from the threads that answer requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ExecuteError> + Send + 'static,
) -> Result<T, ExecuteError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(ExecuteError::Failure(error.to_string())))
}
