//! The patient's day of the dose on their phone: one step a screen, in plain words, dark and quiet from the dose on.
//!
//! The steps come from the chart, not from the page: whoever closes it and comes back stands where they were. Nothing
//! is decided here; when a rule holds the dose, its own plain words say so, with a way to call.

mod after;
mod before;
mod during;
mod readings;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::command::{Command, Refusal};
use stillwater_care::day::{DayStep, held};
use stillwater_care::finding::Finding;
use stillwater_care::protocol::Protocols;
use stillwater_ui::{self as ui, PhoneMode, phone_link};
use stillwater_words::Reader;
use stillwater_words::findings as finding_words;

use crate::auth::access::PATIENT;
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::live::{Follow, LiveView, follow};
use crate::state::App;
use stillwater_clinic::presence::Party;

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("my-session", "/my/session", PATIENT, show)
        .post("my-session.safety", "/my/session/safety", PATIENT, before::safety)
        .post("my-session.day", "/my/session/day", PATIENT, before::day)
        .post("my-session.reading", "/my/session/reading", PATIENT, readings::record)
        .post("my-session.dose", "/my/session/dose", PATIENT, before::take_dose)
        .post("my-session.taken", "/my/session/taken", PATIENT, before::taken)
        .post("my-session.ok", "/my/session/ok", PATIENT, during::fine)
        .get("my-session.help", "/my/session/help", PATIENT, during::help_page)
        .post("my-session.help.send", "/my/session/help", PATIENT, during::ask_for_help)
        .post("my-session.stop", "/my/session/stop", PATIENT, during::stop)
        .post("my-session.feel", "/my/session/feel", PATIENT, during::feel)
        .stream("my-session.live", "/live/my", PATIENT, stream)
}

/// The words for what holds the dose: plain, without blame, and with a way to call.
fn held_words(ctx: &PageContext, findings: &[Finding]) -> Markup {
    let mut said: Vec<String> = findings.iter().map(|f| finding_words::for_patient(ctx.words, &f.rule)).collect();
    said.dedup();
    html! {
        @if !said.is_empty() {
            section .panel.held {
                h2 { "Your dose is on hold" }
                @for words in said { p { (words) } }
                p { "You have done nothing wrong. Your team sees this too." }
                (ui::call_button("Call your team", &ctx.clinic.on_call_phone))
            }
        }
    }
}

/// Notes that the patient's phone is there.
fn heard(app: &App, own: &OwnChart) {
    app.presence.heard(own.patient, Party::Patient, app.clock.now_ms());
}

/// What the page looks like: when this changes, it is fetched again.
fn layout(chart: &Chart, protocols: &'static Protocols, now: Timestamp) -> String {
    let session = chart.current_session();
    let step = DayStep::of(chart, protocols, now);
    let held = session.map_or(0, |s| held(chart, s, protocols, now).len());
    let back = session.is_some_and(|s| during::coming_back(chart, s, protocols, now));
    let seen = session.is_some_and(|s| s.companion_seen.is_some());
    let arrived = session.is_some_and(|s| s.companion_arrived_at.is_some());
    let phase = session.map_or("none", |s| s.phase().code());
    let expected = crate::expected::shown(chart, now);
    format!("{step:?}-{phase}-{held}-{}{}{}{expected}", u8::from(back), u8::from(seen), u8::from(arrived))
}

/// The frame: dark and quiet from the moment of the dose.
fn page(app: &App, ctx: &PageContext, chart: &Chart, title: &str, body: Markup) -> Markup {
    let running = chart.running_session().is_some();
    let mut ctx = ctx.clone();
    if chart.current_session().is_some() {
        ctx.help = "/my/session/help";
    }
    let mode = if running { PhoneMode::SessionQuiet } else { PhoneMode::Everyday };
    let now = app.clock.now();
    let live = format!("/live/my?shown={}", layout(chart, app.charts.protocols(), now));
    let sheets = html! { @if chart.current_session().is_some() { (during::help_sheet(&ctx, chart, now)) } };
    ui::phone_page_with(&ctx, title, mode, Some(&live), body, sheets)
}

/// The frame of the page for help, which is its own sheet.
fn help_frame(app: &App, ctx: &PageContext, chart: &Chart, body: Markup) -> Markup {
    let mut ctx = ctx.clone();
    ctx.help = "/my/session/help";
    let mode = if chart.running_session().is_some() { PhoneMode::SessionQuiet } else { PhoneMode::Everyday };
    let live = format!("/live/my?shown={}", layout(chart, app.charts.protocols(), app.clock.now()));
    ui::phone_page_as(&ctx, "Help", mode, Some(&live), body)
}

/// Which page is asked for.
#[derive(Debug, Default, Deserialize)]
struct StepQuery {
    /// `next` leaves the card of the day; `back` is for the end of a session.
    #[serde(default)]
    step: String,
    /// When the rest before the readings began.
    #[serde(default)]
    rest: String,
    #[serde(default)]
    shown: String,
}

async fn show(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    Query(asked): Query<StepQuery>,
) -> Result<Markup, Problem> {
    heard(&app, &own);
    Ok(draw(&app, &ctx, &own, &asked, &Form::blank(), None))
}

/// The page of the step, with what was typed and what was wrong with it.
fn draw(app: &App, ctx: &PageContext, own: &OwnChart, asked: &StepQuery, typed: &Form, says: Option<&str>) -> Markup {
    let chart = &own.open.chart;
    let now = app.clock.now();
    let protocols = app.charts.protocols();
    let step = DayStep::of(chart, protocols, now);
    let Some(session) = chart.current_session().filter(|_| step != DayStep::Over) else {
        return after::page(app, ctx, chart, now);
    };
    let here = Here { app, ctx, chart, session, protocols, now };
    if step == DayStep::Running {
        return if asked.step == "back" { during::back(&here, typed, says) } else { during::resting(&here, says) };
    }
    if asked.step != "next" || step == DayStep::NotYet {
        return before::today(&here, step);
    }
    match step {
        DayStep::Safety => before::safety_page(&here, typed, says),
        DayStep::Day(part) => before::day_page(&here, part, typed, says),
        DayStep::Readings(step) => readings::page(&here, step, asked, typed, says),
        DayStep::Unlock => before::unlock(&here, says),
        DayStep::Wait | DayStep::NotYet | DayStep::Running | DayStep::Over => before::wait(&here),
    }
}

/// What drawing a step needs.
struct Here<'h> {
    app: &'h App,
    ctx: &'h PageContext,
    chart: &'h Chart,
    session: &'h Session,
    protocols: &'static Protocols,
    now: Timestamp,
}

impl Here<'_> {
    fn page(&self, title: &str, body: Markup) -> Markup {
        page(self.app, self.ctx, self.chart, title, body)
    }

    fn held(&self) -> Markup {
        held_words(self.ctx, &held(self.chart, self.session, self.protocols, self.now))
    }

    fn time(&self, at: Timestamp) -> String {
        commands::local_time(self.chart, at, self.now)
    }

    fn fields(&self) -> Markup {
        self.ctx.command_fields(self.chart.seq)
    }
}

/// A refusal in plain words; numbers only where the person typed them.
fn plain(ctx: &PageContext, refusal: &Refusal) -> String {
    stillwater_words::refusal(ctx.words, Reader::PatientInSession, refusal)
}

/// Where a form leads, and how its page is drawn again.
struct SessionForm<'f> {
    then: &'f str,
    asked: StepQuery,
    rests_on: RestsOn,
}

/// Sends what a form asks for and answers with the next page, or with the same one and the reason.
async fn send(
    app: &App,
    ctx: &PageContext,
    own: &OwnChart,
    headers: &HeaderMap,
    typed: &Form,
    form: SessionForm<'_>,
    command: Command,
) -> Result<Response, Problem> {
    let says = match commands::ask(app, &own.principal, own.patient, typed, form.rests_on, command).await? {
        CommandOutcome::Done(_) => return Ok(commands::recorded(headers, form.then)),
        CommandOutcome::Refused(refusal) => plain(ctx, &refusal),
        CommandOutcome::Stale(_) => "Something changed just now. Please look once more, and press again.".to_owned(),
    };
    if commands::from_outbox(headers) {
        return Err(commands::refused_plainly(&says));
    }
    let fresh = own.again(app).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(app, ctx, &fresh, &form.asked, typed, Some(&says))).into_response())
}

/// The step of the page again, with the errors beside the fields.
fn again(app: &App, ctx: &PageContext, own: &OwnChart, asked: &StepQuery, typed: &Form) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, draw(app, ctx, own, asked, typed, None)).into_response()
}

fn next() -> StepQuery {
    StepQuery { step: "next".to_owned(), ..StepQuery::default() }
}

/// A reason said above a form, without alarm.
fn said(says: Option<&str>) -> Markup {
    html! { @if let Some(says) = says { div .notice role="status" { p { (says) } } } }
}

async fn stream(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    Query(asked): Query<StepQuery>,
) -> Result<Response, Problem> {
    heard(&app, &own);
    Ok(follow(&app, ctx, Follow::One(own.patient), &asked.shown, |app, ctx, open| {
        let open = open?;
        let now = app.clock.now();
        Some(LiveView {
            layout: layout(&open.chart, app.charts.protocols(), now),
            parts: during::parts(ctx, &open.chart, now),
            by_time: during::by_time(app, ctx, &open.chart),
        })
    }))
}

/// The line that is on every page of the day.
fn call_line(ctx: &PageContext) -> Markup {
    html! { p .quiet { "Your team, day and night: " (phone_link(&ctx.clinic.on_call_phone)) } }
}
