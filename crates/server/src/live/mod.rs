//! Live pages of a session: whoever looks at it sees what has just been recorded, and who else is still there.
//!
//! A stream follows the news of one patient, draws the pieces of the page again and sends those that changed. What it
//! sends first is the present state, so that nothing is missed between a page and its stream or after a lost line.

pub mod commands;
pub(crate) mod help;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;
use stillwater_care::ids::PatientId;
use stillwater_clinic::charts::LoadedChart;
use stillwater_clinic::{Principal, Subject};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use crate::auth::access::{PHONES, PRESENT};
use crate::http::{PageContext, Piece, Problem, Routes, live};
use crate::state::App;
use stillwater_clinic::presence::Party;

/// How often a stream looks at the clock: at who is still there, and at what time alone changes.
const LOOK: Duration = Duration::from_secs(5);

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().post("live.beat", "/live/beat", PRESENT, beat).get("live.help", "/live/help", PHONES, help::show)
}

/// What a page looks like at one moment.
#[derive(Debug, Default)]
pub struct LiveView {
    /// Which layout the page has. When it changes, the page is fetched again as a whole.
    pub layout: String,
    /// The pieces that change with the chart, each under the id of its element.
    pub parts: Vec<(String, Markup)>,
    /// The pieces that change although nothing was recorded: who is still there.
    pub by_time: Vec<(String, Markup)>,
}

/// A sign of life from an open page. An open connection alone proves nothing: a phone in a tunnel keeps it for minutes.
async fn beat(State(app): State<App>, principal: Principal, typed: crate::http::Form) -> Result<StatusCode, Problem> {
    match principal.subject {
        Subject::Patient { patient, .. } => app.presence.heard(patient, Party::Patient, app.clock.now_ms()),
        Subject::Companion { patient, .. } => app.presence.heard(patient, Party::Companion, app.clock.now_ms()),
        Subject::Staff(_) => {
            let Ok(patient) = typed.get("patient").parse::<PatientId>() else { return Ok(StatusCode::NO_CONTENT) };
            let team = app.charts.summary(patient).map(|summary| summary.team.clone()).unwrap_or_default();
            if !stillwater_clinic::membership::may_open_chart(&principal, patient, &team) {
                return Err(Problem::not_found());
            }
            app.presence.heard(patient, Party::Guide, app.clock.now_ms());
            // Whoever watches somebody under the drug is at work, though they touch nothing; the page covers itself meanwhile.
            let running = app
                .charts
                .summary(patient)
                .and_then(|summary| summary.next_session.as_ref().map(|session| session.running))
                .unwrap_or(false);
            if running {
                crate::auth::session::used(&app, &principal).await?;
            }
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Which chart a stream follows: one, or every one of a caseload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// One patient's chart.
    One(PatientId),
    /// Every chart.
    All,
}

/// Streams the pieces that `draw` makes. It is asked at once, after every piece of news, and every few seconds;
/// `None` from it ends the stream, as when somebody has left the care team.
pub fn follow(
    app: &App,
    ctx: PageContext,
    whom: Follow,
    shown: &str,
    draw: impl Fn(&App, &PageContext, Option<&Arc<LoadedChart>>) -> Option<LiveView> + Send + Sync + 'static,
) -> Response {
    let (sender, pieces) = mpsc::channel(64);
    let response = live(app, pieces);
    let reader = Reader { app: app.clone(), ctx, whom, layout: shown.to_owned(), sent: HashMap::new(), sender };
    tokio::spawn(reader.run(draw));
    response
}

struct Reader {
    app: App,
    ctx: PageContext,
    whom: Follow,
    layout: String,
    sent: HashMap<String, String>,
    sender: mpsc::Sender<Piece>,
}

impl Reader {
    async fn run(
        mut self,
        draw: impl Fn(&App, &PageContext, Option<&Arc<LoadedChart>>) -> Option<LiveView> + Send + Sync,
    ) {
        // Listening begins before the first look, so that nothing can fall between the two.
        let mut listener = self.app.charts.listen();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let stop = self.app.stop.clone();
        loop {
            // `None` is the passing of time; `Some` is news, with its place in the log where that is known.
            let news = tokio::select! {
                () = stop.cancelled() => return,
                () = self.sender.closed() => return,
                heard = listener.recv() => match heard {
                    Ok(heard) if self.whom == Follow::All || self.whom == Follow::One(heard.patient) => Some(Some(heard.gid)),
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => {
                        if self.sender.send(Piece::Resync).await.is_err() {
                            return;
                        }
                        Some(None)
                    }
                    Err(RecvError::Closed) => return,
                },
                _ = look.tick() => None,
            };
            if !self.show(news, &draw).await {
                return;
            }
        }
    }

    /// Draws and sends what changed; `false` ends the stream.
    async fn show(
        &mut self,
        news: Option<Option<u64>>,
        draw: &(impl Fn(&App, &PageContext, Option<&Arc<LoadedChart>>) -> Option<LiveView> + Send + Sync),
    ) -> bool {
        let open = match self.whom {
            Follow::All => None,
            Follow::One(patient) => match self.app.charts.load(patient).await {
                Ok(Some(open)) => Some(open),
                Ok(None) => return false,
                Err(error) => {
                    tracing::error!(%error, "a live page cannot read its chart");
                    return false;
                }
            },
        };
        self.ctx.now_ms = self.app.clock.now_ms();
        let Some(view) = draw(&self.app, &self.ctx, open.as_ref()) else { return false };
        let first = self.sent.is_empty();
        let parts = if news.is_some() || first { view.parts } else { Vec::new() };
        let gid = news.flatten();
        for (id, markup) in parts.into_iter().chain(view.by_time) {
            let seen = without_ids(&markup.0);
            if self.sent.get(&id) == Some(&seen) {
                continue;
            }
            self.sent.insert(id.clone(), seen);
            if self.sender.send(Piece::Fragment { gid, id, markup }).await.is_err() {
                return false;
            }
        }
        if view.layout != self.layout {
            self.layout = view.layout;
            return self.sender.send(Piece::Resync).await.is_ok();
        }
        true
    }
}

/// What a piece says, without the fresh command ids in its forms.
fn without_ids(html: &str) -> String {
    let mut rest = html;
    let mut kept = String::with_capacity(html.len());
    while let Some((before, after)) = rest.split_once("name=\"command_id\" value=\"") {
        kept.push_str(before);
        rest = after.split_once('"').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_that_differs_only_in_its_command_ids_is_the_same_piece() {
        let piece = |id: &str, seq: &str| {
            without_ids(&format!(
                "<form><input name=\"command_id\" value=\"{id}\"><input name=\"seq\" value=\"{seq}\"></form>"
            ))
        };
        assert_eq!(piece("a", "4"), piece("b", "4"));
        assert_ne!(piece("a", "4"), piece("a", "5"));
    }
}
