//! While the drug works: almost nothing on a dark screen. Two large zones, and a way to stop; later, coming back.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::{Session, SessionPhase};
use stillwater_care::command::Command;
use stillwater_care::event::{
    AfterHold, CheckAnswer, CheckInRecorded, DistressRated, HelpRequested, SessionStopped, SymptomMarked,
};
use stillwater_care::facts::{Setting, Symptom};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{minutes_between, plus_minutes};
use stillwater_ui::{self as ui, Field, FieldGroup, HelpSheet, phone_link};

use super::{Here, SessionForm, StepQuery, again, call_line, heard, said, send};
use crate::chart_access::OwnChart;
use crate::expected::{self, Reader};
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, RestsOn};
use crate::live::help;
use crate::state::App;
use stillwater_clinic::presence::Party;

/// Whether the time has come to look at getting up: the earliest release of the plan.
pub(super) fn coming_back(chart: &Chart, session: &Session, protocols: &Protocols, now: Timestamp) -> bool {
    let earliest = chart.protocol_of(session, protocols).map_or(120, |p| p.monitoring.earliest_release_minutes);
    session.dose_at().is_some_and(|at| minutes_between(at, now) >= earliest)
}

/// The pieces that change by themselves.
pub(super) fn parts(ctx: &PageContext, chart: &Chart, now: Timestamp) -> Vec<(String, Markup)> {
    let Some(session) = chart.current_session() else { return Vec::new() };
    let mut parts = vec![("help-state".to_owned(), help::state(ctx, chart, Reader::Patient, now))];
    if session.phase().is_running() {
        parts.push(("strongest".to_owned(), expected::on_phone(chart, session, now, Reader::Patient)));
    }
    parts
}

/// The pieces that change although nothing was recorded: who is there.
pub(super) fn by_time(app: &App, ctx: &PageContext, chart: &Chart) -> Vec<(String, Markup)> {
    let with = chart.running_session().map(|session| help::with_you(app, ctx, chart, beside(session)));
    with.map(|with| ("with-you".to_owned(), with)).into_iter().collect()
}

/// Who is beside the patient.
fn beside(session: &Session) -> Party {
    match session.setting {
        Setting::Home => Party::Companion,
        Setting::Clinic => Party::Guide,
    }
}

/// The form that tells the team.
fn tell_team(ctx: &PageContext, chart: &Chart) -> Markup {
    html! {
        form method="post" action="/my/session/help" .stack data-urgent {
            (ctx.command_fields(chart.seq))
            button .button.primary type="submit" { "Tell my team that I need help" }
        }
    }
}

/// The sheet for help that each page of a session holds.
pub(super) fn help_sheet(ctx: &PageContext, chart: &Chart, now: Timestamp) -> Markup {
    let emergency = help::emergency_number(ctx, chart);
    let ask = tell_team(ctx, chart);
    let doors = html! {
        @if chart.running_session().is_some() {
            form method="post" action="/my/session/ok" data-outbox data-says="ok-said" {
                (ctx.command_fields(chart.seq))
                button .button type="submit" data-closes { "I'm OK now" }
            }
        }
        button .button type="button" data-try-again data-only-unsent { "Try again" }
        button .button type="button" data-close { "Back" }
    };
    // While the session runs, the page itself says how a call stands, and the sheet copies it.
    let told = if chart.running_session().is_some() {
        html! {}
    } else {
        help::state(ctx, chart, Reader::Patient, now)
    };
    let sheet = help::sheet(ctx, chart, Reader::Patient, help::Sheet::Help, &emergency, now);
    HelpSheet { told, ask, doors, ..sheet }.over_the_page()
}

/// The countdown of the tablet under the tongue, while it runs.
fn hold_timer(here: &Here<'_>) -> Markup {
    let order = here.session.dose().and_then(|dose| here.chart.order(dose.order?)).map(|order| &order.written);
    let (Some(order), Some(dose_at)) = (order, here.session.dose_at()) else { return html! {} };
    let Some(minutes) = order.hold_minutes else { return html! {} };
    let ends = plus_minutes(dose_at, minutes.ceil() as i64);
    let then = match order.after_hold {
        Some(AfterHold::Spit) => "Then spit out what is left.",
        Some(AfterHold::Swallow) => "Then swallow what is left.",
        None => "",
    };
    html! {
        @if here.now < ends {
            section .hold-timer data-chime {
                p { "Keep it under your tongue." }
                p .big-count { (ui::countdown(ends.as_millisecond(), here.ctx.now_ms)) }
                p { (then) }
            }
        } @else if here.now < plus_minutes(ends, 5) { p { (then) } }
    }
}

/// The dark page.
pub(super) fn resting(here: &Here<'_>, says: Option<&str>) -> Markup {
    let session = here.session;
    let body = html! {
        (help::with_you(here.app, here.ctx, here.chart, beside(session)))
        (said(says))
        (help::state(here.ctx, here.chart, Reader::Patient, here.now))
        @if session.phase() == SessionPhase::Stopped { p { "The session was stopped. Somebody stays with you until you feel steady." } }
        (hold_timer(here))
        div .zones {
            form method="post" action="/my/session/ok" data-outbox data-says="ok-said" {
                (here.fields())
                button .button type="submit" { "I'm OK" }
            }
            form method="post" action="/my/session/help" data-urgent {
                (here.fields())
                (ui::help_button("I need help"))
            }
        }
        p #ok-said .quiet role="status" aria-live="polite" {}
        (expected::on_phone(here.chart, session, here.now, Reader::Patient))
        @if coming_back(here.chart, session, here.protocols, here.now) {
            p { a .button.primary href="/my/session?step=back" { "I am coming back" } }
        }
        details id="stop-session" {
            summary { "Stop" }
            p { "You can stop at any time. Your team is told and comes to you." }
            form method="post" action="/my/session/stop" .stack data-urgent {
                (here.fields())
                (ui::hold_button("Stop the session", 1000, ""))
            }
        }
        (call_line(here.ctx))
    };
    here.page("Rest", body)
}

/// Coming back: how one feels, a reading, and what holds until tomorrow.
pub(super) fn back(here: &Here<'_>, typed: &Form, says: Option<&str>) -> Markup {
    let ratings = (0..=10)
        .map(|n| {
            (
                n.to_string(),
                match n {
                    0 => "0, none at all".to_owned(),
                    10 => "10, the worst".to_owned(),
                    n => n.to_string(),
                },
            )
        })
        .collect();
    let body = html! {
        p .lead { "Welcome back. Stay sitting for now, and get up only with somebody beside you." }
        (help::state(here.ctx, here.chart, Reader::Patient, here.now))
        (said(says))
        (ui::error_summary(typed))
        form method="post" action="/my/session/feel" .stack data-once {
            (here.fields())
            (FieldGroup::list("distress", "How distressed are you now?", ratings).typed(typed))
            (FieldGroup::several("symptom", "Is any of this there now?", [(Symptom::Nausea, "I feel sick"), (Symptom::Dizziness, "I am dizzy or unsteady"), (Symptom::Vomiting, "I was sick"), (Symptom::SevereHeadache, "A very bad headache"), (Symptom::ChestPain, "Pain in my chest")].map(|(symptom, words)| (crate::forms::symptoms::symptom_word(symptom), words.to_owned())).to_vec()).typed(typed))
            button .button.primary type="submit" { "Send" }
        }
        @if here.session.setting == Setting::Home {
            h2 { "A reading" }
            form method="post" action="/my/session/reading" .stack data-once {
                (here.fields())
                (Field::number("systolic", "First, larger number", "mmHg").typed(typed))
                (Field::number("diastolic", "Second, smaller number", "mmHg").typed(typed))
                (Field::number("pulse", "Pulse", "a minute").typed(typed))
                details { summary { "You measured it earlier?" } (crate::forms::time::when_field("when", typed)) }
                button .button type="submit" { "Save the reading" }
            }
        }
        p { strong { "No driving until tomorrow, after a night's sleep." } " No machines, and no important papers." }
        p { a .button href="/my/session" { "Back to rest" } }
    };
    here.page("Coming back", body)
}

fn running(own: &OwnChart) -> Option<stillwater_care::ids::SessionId> {
    own.open.chart.running_session().map(|session| session.id)
}

fn resting_form() -> SessionForm<'static> {
    SessionForm { then: "/my/session", asked: StepQuery::default(), rests_on: RestsOn::Itself }
}

pub(super) async fn fine(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let Some(session) = running(&own) else { return Ok(commands::recorded(&headers, "/my/session")) };
    let command = Command::CheckIn(CheckInRecorded {
        session,
        answer: CheckAnswer::Fine,
        answers_to_name: None,
        breathing_easily: None,
        colour_normal: None,
        words: String::new(),
        looked_at: None,
    });
    send(&app, &ctx, &own, &headers, &typed, resting_form(), command).await
}

/// Help is recorded however the button was pressed: a call too many harms nobody, one too few might.
pub(super) async fn ask_for_help(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let session = own.open.chart.current_session().map(|session| session.id);
    let words = typed.get("words").trim().to_owned();
    let form = SessionForm { then: "/my/session/help", ..resting_form() };
    let answer =
        send(&app, &ctx, &own, &headers, &typed, form, Command::AskForHelp(HelpRequested { session, words })).await?;
    told_by_now(&app, &ctx, &own, &headers, answer).await
}

pub(super) async fn help_page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    heard(&app, &own);
    let chart = &own.open.chart;
    let now = app.clock.now();
    let emergency = help::emergency_number(&ctx, chart);
    let sheet = help::sheet(&ctx, chart, Reader::Patient, help::Sheet::Help, &emergency, now);
    let sheet = HelpSheet {
        told: help::state(&ctx, chart, Reader::Patient, now),
        ask: tell_team(&ctx, chart),
        doors: html! {
            button .button type="button" data-try-again data-only-unsent { "Try again" }
            a .button href="/my/session" { "Back" }
        },
        ..sheet
    };
    let body = html! {
        (sheet.as_page())
        @if let Some(companion) = chart.companion.as_ref().filter(|c| !c.phone.trim().is_empty()) { (ui::call_button(&companion.name, &companion.phone)) }
        p { "Thoughts of ending your life: call or text " (phone_link(&ctx.clinic.crisis_number)) @if let Some(then) = &ctx.clinic.crisis_veterans { ", veterans " (then) } "." }
    };
    Ok(super::help_frame(&app, &ctx, chart, body))
}

pub(super) async fn stop(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let chart = &own.open.chart;
    if !typed.confirmed() {
        let form = ui::confirm_form(&ctx, "/my/session/stop", &typed, "Stop the session?", "Yes, stop", "/my/session");
        return Ok(super::page(&app, &ctx, chart, "Stop", form).into_response());
    }
    let Some(session) = chart.current_session().map(|session| session.id) else {
        return Ok(commands::recorded(&headers, "/my/session"));
    };
    let command = Command::StopSession(SessionStopped { session, reason: String::new() });
    let answer = send(&app, &ctx, &own, &headers, &typed, resting_form(), command).await?;
    told_by_now(&app, &ctx, &own, &headers, answer).await
}

/// The answer to a page that waits to show what the clinic has of its call.
async fn told_by_now(
    app: &App,
    ctx: &PageContext,
    own: &OwnChart,
    headers: &HeaderMap,
    answer: Response,
) -> Result<Response, Problem> {
    if !help::is_call(headers) || !answer.status().is_success() {
        return Ok(answer);
    }
    let fresh = own.again(app).await?;
    Ok(help::answer(ctx, headers, fresh.chart(), Reader::Patient, app.clock.now(), "/my/session/help"))
}

/// How one feels on coming back.
pub(super) async fn feel(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let asked = StepQuery { step: "back".to_owned(), ..StepQuery::default() };
    let Some(session) = running(&own) else { return Ok(commands::recorded(&headers, "/my/session")) };
    let at = commands::happened_at(&typed, app.clock.now());
    let mut commands = Vec::new();
    if let Some(rating) = typed.optional("distress", "Choose a number from 0 to 10.") {
        commands.push(Command::RateDistress(DistressRated { session, rating, rated_at: at }));
    }
    for symptom in typed.all("symptom").filter_map(crate::forms::symptoms::symptom_from) {
        commands.push(Command::MarkSymptom(SymptomMarked { session, symptom, seen_at: at, words: String::new() }));
    }
    if commands.is_empty() {
        typed.wrong("distress", "Choose a number, or say what is there.");
    }
    if !typed.is_sound() {
        return Ok(again(&app, &ctx, &own, &asked, &typed));
    }
    let outcome = commands::ask_all(&app, &own.principal, own.patient, &typed, RestsOn::Itself, commands).await?;
    match outcome {
        commands::CommandOutcome::Done(_) => Ok(commands::recorded(&headers, "/my/session?step=back")),
        commands::CommandOutcome::Refused(refusal) => {
            typed.wrong("distress", super::plain(&ctx, &refusal));
            Ok(again(&app, &ctx, &own, &asked, &typed))
        }
        commands::CommandOutcome::Stale(_) => Ok(again(&app, &ctx, &own, &asked, &typed)),
    }
}
