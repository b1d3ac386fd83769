//! Whether the index says the same as the charts: when each is to be looked at, and which alerts are open.
//!
//! The index is not sealed, and the ticker works by it. A row whose time of the next look was lost would leave its chart
//! unwatched, with every event in its place; so the row is compared with the chart itself.

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_store::{AlertRow, ReadError, Store, StreamKind, StreamRow};

use super::execute::index_of;
use super::{Charts, ExecuteError, Summary, recorded};

/// What is wrong with an index row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowWrong {
    /// The chart cannot be read, so that nobody watches it.
    Unreadable(String),
    /// The time of the next look is not that which the chart gives.
    NextLook {
        /// As the row has it.
        row: Option<Timestamp>,
        /// As the chart gives it.
        chart: Option<Timestamp>,
    },
    /// The open alerts are not those of the chart.
    Alerts {
        /// How many the row names.
        row: usize,
        /// How many the chart has.
        chart: usize,
    },
}

impl std::fmt::Display for RowWrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = |at: &Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
        match self {
            Self::Unreadable(why) => write!(f, "cannot be read, so nobody watches it: {why}"),
            Self::NextLook { row, chart } => {
                write!(f, "is to be looked at {} by the index, and {} by the chart", at(row), at(chart))
            }
            Self::Alerts { row, chart } => {
                write!(f, "has {row} open alerts by the index, and {chart} by the chart, or they stand elsewhere")
            }
        }
    }
}

/// Compares every index row of this version with its chart, one chart at a time. Rows of another version are made again at the
/// start and are not looked at here.
///
/// # Errors
/// When the rows cannot be read.
pub fn check_rows(
    store: &Store,
    protocols: &Protocols,
    now: Timestamp,
) -> Result<Vec<(PatientId, RowWrong)>, ReadError> {
    let mut wrong = Vec::new();
    for row in store.rows(StreamKind::Patient)? {
        if row.erased || row.fold_version != super::summary::fold_version() {
            continue;
        }
        let patient = PatientId(row.stream.id);
        match check_row(store, protocols, now, &row) {
            Ok(found) => wrong.extend(found.into_iter().map(|one| (patient, one))),
            Err(error) => wrong.push((patient, RowWrong::Unreadable(error.to_string()))),
        }
    }
    Ok(wrong)
}

fn check_row(
    store: &Store,
    protocols: &Protocols,
    now: Timestamp,
    row: &StreamRow,
) -> Result<Vec<RowWrong>, ExecuteError> {
    let mut chart = Chart::new(PatientId(row.stream.id));
    let mut last = now;
    // What was written since the row was read belongs to the next row.
    for stored in store.load(row.stream, 1)?.into_iter().filter(|stored| stored.seq <= row.seq) {
        let one = recorded(&stored)?;
        last = last.max(one.recorded_at);
        chart.apply(&one);
    }
    let of_chart = Summary::of(&chart, protocols, last);
    let kept = row.summary.as_deref().and_then(|bytes| Summary::from_bytes(bytes).ok());
    let at = |ms: i64| Timestamp::from_millisecond(ms).ok();
    let of_row = row.next_look_at_ms.and_then(at);
    let mut wrong = Vec::new();
    // The summary is sealed and was made with the row; the chart is asked too, since a time may be missing in both.
    let changed = kept.is_none_or(|kept| kept.next_look_at.map(|at| at.as_millisecond()) != row.next_look_at_ms);
    if changed || (of_row.is_none() && of_chart.next_look_at.is_some()) {
        wrong.push(RowWrong::NextLook { row: of_row, chart: of_chart.next_look_at });
    }
    let index = index_of(&chart, &of_chart).map_err(|error| ExecuteError::Failure(error.to_string()))?;
    if sorted(&row.alerts) != sorted(&index.alerts) {
        wrong.push(RowWrong::Alerts { row: row.alerts.len(), chart: index.alerts.len() });
    }
    Ok(wrong)
}

fn sorted(alerts: &[AlertRow]) -> Vec<AlertRow> {
    let mut alerts = alerts.to_vec();
    alerts.sort_by_key(|alert| alert.alert_id);
    alerts
}

impl Charts {
    /// Compares every index row with its chart, puts right what differs, and notes the charts that cannot be read. Gives back
    /// what was wrong. On the present thread.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn check_rows(&self, now: Timestamp) -> Result<Vec<(PatientId, RowWrong)>, ExecuteError> {
        let wrong = check_rows(&self.store, self.protocols, now)?;
        for (patient, what) in &wrong {
            match what {
                RowWrong::Unreadable(why) => self.watch.failed(*patient, now, why),
                RowWrong::NextLook { .. } | RowWrong::Alerts { .. } => {
                    tracing::error!(%patient, %what, "an index row said otherwise than its chart");
                    match self.refresh_patient(*patient, now) {
                        Ok(()) => self.watch.put_right(1),
                        Err(error) => tracing::error!(%patient, %error, "an index row could not be put right"),
                    }
                }
            }
        }
        Ok(wrong)
    }
}
