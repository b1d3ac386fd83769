//! What the program notices of the world while sessions run: a home from which no phone is heard any more, and a clock
//! that jumped. Both become facts in the chart; what follows from them is decided there.

use std::sync::Arc;
use std::time::Duration;

use stillwater_care::command::Command;
use stillwater_care::event::{ClockJumped, ContactBack, ContactLost};
use stillwater_care::facts::Setting;
use stillwater_care::ids::PatientId;
use stillwater_care::roles::Actor;
use tokio_util::sync::CancellationToken;

use super::{Charts, CommandRequest};
use crate::clock::{Clock, timestamp_of};
use crate::presence::{Party, SignsOfLife, lost_after_s};
use crate::random::command_id;

/// How often it looks, in real time.
const EVERY: Duration = Duration::from_secs(5);

/// Runs until `stop` is cancelled.
pub async fn watch_sessions(charts: &Arc<Charts>, signs: &SignsOfLife, clock: &dyn Clock, stop: CancellationToken) {
    let began_ms = clock.now_ms();
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => look_at_sessions(charts, signs, clock, began_ms).await,
        }
    }
}

/// Looks once at every running session. A phone that has not spoken since `began_ms`, when this process began to listen, is
/// silent since then.
pub async fn look_at_sessions(charts: &Arc<Charts>, signs: &SignsOfLife, clock: &dyn Clock, began_ms: i64) {
    let now_ms = clock.now_ms();
    let jumped = clock.take_jump_ms();
    for summary in charts.summaries() {
        let Some(next) = summary.next_session.as_ref().filter(|next| next.running) else { continue };
        if let Some(by) = jumped {
            let jump = ClockJumped { session: next.session, seconds: by / 1_000 };
            note(charts, summary.patient, Command::NoteClockJump(jump), clock).await;
        }
        if next.setting != Setting::Home {
            continue;
        }
        let heard =
            [Party::Patient, Party::Companion].into_iter().filter_map(|party| signs.last(summary.patient, party)).max();
        let last_ms = heard.unwrap_or(began_ms).max(next.dose_at.map_or(began_ms, |at| at.as_millisecond()));
        let lost = now_ms - last_ms > i64::from(lost_after_s(clock.rate())) * 1_000;
        let command = if lost {
            Command::NoteContactLost(ContactLost { session: next.session, since: timestamp_of(last_ms) })
        } else {
            Command::NoteContactBack(ContactBack { session: next.session })
        };
        note(charts, summary.patient, command, clock).await;
    }
}

async fn note(charts: &Arc<Charts>, patient: PatientId, command: Command, clock: &dyn Clock) {
    let Ok(command_id) = command_id(clock.now_ms()) else {
        tracing::error!("the watch over sessions has no randomness for a command id");
        return;
    };
    let ask = CommandRequest { patient, actor: Actor::Stillwater, command_id, seen: None, command };
    if let Err(error) = charts.execute(ask, clock.now()).await {
        tracing::error!(%patient, %error, "what was noticed of a running session could not be recorded");
    }
}
