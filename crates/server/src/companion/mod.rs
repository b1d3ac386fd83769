//! The companion's phone: what to watch for, being there, looking in every quarter of an hour, and getting help.
//!
//! One thing a screen, in plain words. A companion sees nothing of the chart but what they need to help: the first name,
//! the time of the dose, its size, and the address to read to an ambulance.

mod before;
mod during;
mod pictures;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::command::Refusal;
use stillwater_care::protocol::Protocols;
use stillwater_ui::{self as ui, PhoneMode, phone_link};
use stillwater_words::Reader;

use crate::auth::access::COMPANION;
use crate::chart_access::CompanionChart;
use crate::http::{PageContext, Problem, Routes};
use crate::live::{Follow, LiveView, follow};
use crate::state::App;
use stillwater_clinic::Subject;

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("companion", "/companion", COMPANION, home)
        .get("companion.briefing", "/companion/briefing", COMPANION, before::briefing)
        .post("companion.briefing.send", "/companion/briefing", COMPANION, before::send_briefing)
        .post("companion.confirm", "/companion/confirm", COMPANION, before::confirm)
        .post("companion.arrive", "/companion/arrive", COMPANION, before::arrive)
        .get("companion.session", "/companion/session", COMPANION, during::show)
        .post("companion.look-in", "/companion/look-in", COMPANION, during::look_in)
        .post("companion.reading", "/companion/reading", COMPANION, during::reading)
        .get("companion.help", "/companion/help", COMPANION, during::help_page)
        .post("companion.help.send", "/companion/help", COMPANION, during::ask_for_help)
        .post("companion.stop", "/companion/stop", COMPANION, during::stop)
        .post("companion.sign-off", "/companion/sign-off", COMPANION, during::sign_off)
        .stream("companion.live", "/live/companion", COMPANION, stream)
}

/// The first name; a companion does not need more.
fn first_name(chart: &Chart) -> &str {
    chart.name().split_whitespace().next().unwrap_or("them")
}

/// What the page looks like: when this changes, it is fetched again.
fn layout(chart: &Chart, protocols: &Protocols, now: Timestamp) -> String {
    let companion = chart.companion.as_ref();
    let session = chart.current_session();
    format!(
        "{}-{}{}{}{}{}{}",
        session.map_or("none", |s| s.phase().code()),
        u8::from(companion.is_some_and(|c| c.briefed_at.is_some())),
        u8::from(companion.is_some_and(|c| c.confirmed_at.is_some())),
        u8::from(session.is_some_and(|s| s.companion_arrived_at.is_some())),
        u8::from(session.is_some_and(|s| s.companion_sign_off_at.is_some())),
        during::to_do(chart, protocols, now),
        crate::expected::shown(chart, now),
    )
}

/// The frame of a companion's page: dark and quiet while the drug works.
fn page(app: &App, ctx: &PageContext, chart: &Chart, title: &str, body: Markup) -> Markup {
    let running = chart.running_session().is_some();
    let mut ctx = ctx.clone();
    ctx.help = "/companion/help";
    let mode = if running { PhoneMode::SessionQuiet } else { PhoneMode::Everyday };
    let live = format!("/live/companion?shown={}", layout(chart, app.charts.protocols(), app.clock.now()));
    ui::phone_page_with(&ctx, title, mode, Some(&live), body, during::sheets(&ctx, chart, app.clock.now()))
}

/// The frame of the page for help, which is its own sheet.
fn help_frame(app: &App, ctx: &PageContext, chart: &Chart, body: Markup) -> Markup {
    let mut ctx = ctx.clone();
    ctx.help = "/companion/help";
    let mode = if chart.running_session().is_some() { PhoneMode::SessionQuiet } else { PhoneMode::Everyday };
    let live = format!("/live/companion?shown={}", layout(chart, app.charts.protocols(), app.clock.now()));
    ui::phone_page_as(&ctx, "Help", mode, Some(&live), body)
}

/// A refusal in plain words.
fn plain(ctx: &PageContext, refusal: &Refusal) -> String {
    stillwater_words::refusal(ctx.words, Reader::Companion, refusal)
}

/// A page that says why something was not done, and whom to call.
fn refused(app: &App, ctx: &PageContext, chart: &Chart, words: &str) -> Response {
    let body = html! {
        p .lead { (words) }
        p { "Nothing was lost. The team answers at " (phone_link(&ctx.clinic.on_call_phone)) "." }
        p { a .button.primary href="/companion" { "Go back" } }
    };
    (StatusCode::UNPROCESSABLE_ENTITY, page(app, ctx, chart, "Not just now", body)).into_response()
}

async fn home(State(app): State<App>, ctx: PageContext, beside: CompanionChart) -> Result<Response, Problem> {
    if beside.chart().running_session().is_some() {
        return Ok(Redirect::to("/companion/session").into_response());
    }
    Ok(before::home(&app, &ctx, &beside).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct Shown {
    #[serde(default)]
    shown: String,
}

async fn stream(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    Ok(follow(&app, ctx, Follow::One(beside.patient), &shown.shown, move |app, ctx, open| {
        let open = open?;
        let Subject::Companion { companion, .. } = beside.principal.subject else { return None };
        open.chart.companion.as_ref().filter(|known| known.id == companion)?;
        let now = app.clock.now();
        Some(LiveView {
            layout: layout(&open.chart, app.charts.protocols(), now),
            parts: during::parts(ctx, &open.chart, app.charts.protocols(), now),
            by_time: Vec::new(),
        })
    }))
}
