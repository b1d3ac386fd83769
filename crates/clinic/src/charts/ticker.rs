//! The ticker: looks at the charts whose time has come, so that a missed check escalates by itself.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use stillwater_care::command::Command;
use stillwater_care::ids::PatientId;
use stillwater_care::roles::Actor;
use stillwater_store::StreamKind;
use tokio_util::sync::CancellationToken;

use super::{Charts, CommandRequest};
use crate::accounts::AccountStore;
use crate::clock::Clock;
use crate::random::command_id;

/// How often the ticker looks, in real time.
const EVERY: Duration = Duration::from_millis(500);
/// How many charts it looks at in one go.
const AT_ONCE: usize = 200;

/// How often sessions that ended by their age are deleted, in real time.
const PURGE_EVERY: Duration = Duration::from_secs(60 * 60);

/// Runs until `stop` is cancelled: looks at the charts, and deletes the web sessions that have ended.
pub async fn run_ticker(charts: Arc<Charts>, accounts: AccountStore, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut purge = tokio::time::interval(PURGE_EVERY);
    purge.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = purge.tick() => match accounts.purge_sessions().await {
                Ok(0) => {}
                Ok(ended) => tracing::info!(ended, "web sessions that had ended were deleted"),
                Err(error) => tracing::error!(%error, "web sessions that have ended could not be deleted"),
            },
            _ = every.tick() => look(&charts, clock.now()).await,
        }
    }
}

/// Looks once at every chart that is due at `now`.
pub async fn look(charts: &Arc<Charts>, now: Timestamp) {
    let store = charts.store().clone();
    let due = tokio::task::spawn_blocking(move || store.due(StreamKind::Patient, now.as_millisecond(), AT_ONCE)).await;
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
    for patient in due.into_iter().map(|stream| PatientId(stream.id)) {
        let Ok(command_id) = command_id(now.as_millisecond()) else {
            tracing::error!("the ticker has no randomness for a command id");
            return;
        };
        let ask = CommandRequest { patient, actor: Actor::Stillwater, command_id, seen: None, command: Command::Tick };
        if let Err(error) = charts.execute(ask, now).await {
            tracing::error!(%patient, %error, "the ticker could not look at a chart");
        }
    }
}
