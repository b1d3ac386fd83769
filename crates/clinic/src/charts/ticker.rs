//! The ticker: looks at the charts whose time has come, so that a missed check escalates by itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use stillwater_care::command::Command;
use stillwater_care::ids::PatientId;
use stillwater_care::quantity::minutes_between;
use stillwater_care::roles::Actor;
use stillwater_store::{ReadError, StreamKind};
use tokio_util::sync::CancellationToken;

use super::{Charts, CommandRequest, ExecuteError};
use crate::accounts::AccountStore;
use crate::clock::Clock;
use crate::random::command_id;

/// How often the ticker looks, in real time.
const EVERY: Duration = Duration::from_millis(500);
/// How many charts it looks at in one go.
const AT_ONCE: usize = 200;

/// How often sessions that ended by their age are deleted, in real time.
const PURGE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often the index is compared with every chart, in real time; the first time at the start.
const CHECK_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many charts that could not be read are tried again in one go.
const TRIED_AGAIN: usize = 10;

/// Runs until `stop` is cancelled: looks at the charts, and deletes the web sessions that have ended.
pub async fn run_ticker(charts: Arc<Charts>, accounts: AccountStore, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut purge = tokio::time::interval(PURGE_EVERY);
    purge.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut compare = tokio::time::interval(CHECK_EVERY);
    compare.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = purge.tick() => match accounts.purge_sessions().await {
                Ok(0) => {}
                Ok(ended) => tracing::info!(ended, "web sessions that had ended were deleted"),
                Err(error) => tracing::error!(%error, "web sessions that have ended could not be deleted"),
            },
            _ = compare.tick() => {
                let (charts, now) = (Arc::clone(&charts), clock.now());
                tokio::spawn(async move { check(&charts, now).await });
            }
            _ = every.tick() => look(&charts, clock.now()).await,
        }
    }
}

/// The charts whose time has come: by the index, and by what is known of each chart here, so that a time lost in the one is
/// found in the other. Charts that cannot be read come last, and only when their time to be tried again has come.
fn due(charts: &Charts, now: Timestamp) -> Result<Vec<PatientId>, ReadError> {
    let resting = charts.watch().resting(now);
    let by_index =
        charts.store().due(StreamKind::Patient, now.as_millisecond(), AT_ONCE.saturating_add(resting.len()))?;
    let overdue = overdue(charts, now);
    let mut seen = BTreeSet::new();
    let known = overdue.into_iter().map(|(_, patient)| patient);
    let readable = by_index.iter().map(|stream| PatientId(stream.id)).filter(|patient| !resting.contains_key(patient));
    let mut due: Vec<PatientId> = readable.chain(known).filter(|patient| seen.insert(*patient)).collect();
    due.truncate(AT_ONCE);
    due.extend(resting.into_iter().filter(|(_, again)| *again).map(|(patient, _)| patient).take(TRIED_AGAIN));
    Ok(due)
}

/// The charts that should have been looked at by now, as far as each is known here and can be read, the longest overdue first.
fn overdue(charts: &Charts, now: Timestamp) -> Vec<(Timestamp, PatientId)> {
    let resting = charts.watch().resting(now);
    let mut overdue: Vec<(Timestamp, PatientId)> = charts
        .summaries()
        .iter()
        .filter_map(|summary| Some((summary.next_look_at.filter(|at| *at <= now)?, summary.patient)))
        .filter(|(_, patient)| !resting.contains_key(patient))
        .collect();
    overdue.sort();
    overdue
}

/// Looks once at every chart that is due at `now`.
pub async fn look(charts: &Arc<Charts>, now: Timestamp) {
    let asked = Arc::clone(charts);
    let due = tokio::task::spawn_blocking(move || due(&asked, now)).await;
    let due = match due {
        Ok(Ok(due)) => due,
        Ok(Err(error)) => {
            tracing::error!(%error, "the ticker cannot read what is due");
            return;
        }
        Err(error) => {
            tracing::error!(%error, "the ticker's thread failed");
            return;
        }
    };
    for patient in due {
        let Ok(command_id) = command_id(now.as_millisecond()) else {
            tracing::error!("the ticker has no randomness for a command id");
            return;
        };
        let ask = CommandRequest { patient, actor: Actor::Stillwater, command_id, seen: None, command: Command::Tick };
        match charts.execute(ask, now).await {
            Ok(_) | Err(ExecuteError::Erased) => charts.watch().read(patient),
            Err(error @ (ExecuteError::Unreadable(_) | ExecuteError::Failure(_))) => {
                tracing::error!(%patient, %error, "a chart cannot be read; nobody watches it");
                charts.watch().failed(patient, now, &error.to_string());
            }
            Err(error) => tracing::error!(%patient, %error, "the ticker could not look at a chart"),
        }
    }
    // What is still overdue after a look is what the ticker does not manage.
    charts.watch().looked(overdue(charts, now).first().map_or(0, |(at, _)| minutes_between(*at, now) as i64));
}

/// Compares every index row with its chart, away from the threads that answer requests.
async fn check(charts: &Arc<Charts>, now: Timestamp) {
    let asked = Arc::clone(charts);
    match tokio::task::spawn_blocking(move || asked.check_rows(now)).await {
        Ok(Ok(wrong)) if wrong.is_empty() => {}
        Ok(Ok(wrong)) => tracing::error!(wrong = wrong.len(), "the index and the charts did not agree"),
        Ok(Err(error)) => tracing::error!(%error, "the index could not be compared with the charts"),
        Err(error) => tracing::error!(%error, "the thread that compares index and charts failed"),
    }
}
