//! Before the dose: the five-minute briefing with its three questions, the promise to be there, and being there.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::chart::SessionPhase;
use stillwater_care::command::{BRIEFING, Command};
use stillwater_care::quantity::hours_between;
use stillwater_ui::{self as ui, FieldGroup, Notice, notice, phone_link};
use stillwater_words::briefing;

use super::{first_name, page, plain, refused};
use crate::chart_access::CompanionChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::state::App;

/// What a companion may read in five minutes, in the order in which it matters (clinical reference 5.3).
const SAYS: [(&str, &str); 6] = [
    (
        "What it is like",
        "For one to two hours they may be sleepy, dizzy, far away, or say odd things. That is the drug. It passes. You do not have to talk. Sit near, keep the room dim and calm.",
    ),
    (
        "What you do",
        "Stay in the home and stay sober. Every 15 minutes your phone asks you to look: do they answer to their name, do they breathe easily, is their colour normal? You tap what you see.",
    ),
    (
        "If they are sick",
        "Turn them on their side, so that nothing gets into the windpipe. Wipe the mouth. Do not give food or drink until they are fully awake.",
    ),
    (
        "When to press Get help",
        "They do not answer to their name. They breathe slowly, loudly or with pauses. Lips or face turn blue or grey. Chest pain, a very bad headache, a fit, a weak arm or slurred speech. They want to hurt themselves. Or you are worried: that is enough.",
    ),
    (
        "What Get help does",
        "The team hears it within a second and calls you. If nobody wakes or breathing is wrong, call the emergency number at once. Your phone shows the address and the dose to read out.",
    ),
    (
        "Afterwards",
        "They do not get up alone until they are steady. They do not drive until tomorrow, after a night's sleep. You stay until the team says that the session is over.",
    ),
];

/// The page before a session: the one next thing to do.
pub(super) fn home(app: &App, ctx: &PageContext, beside: &CompanionChart) -> Markup {
    let now = app.clock.now();
    let chart = beside.chart();
    let name = first_name(chart);
    let companion = beside.companion();
    let briefed = companion.is_some_and(|c| c.briefed_at.is_some());
    let confirmed = companion.is_some_and(|c| c.confirmed_at.is_some());
    let session = beside.session();
    let hours = session.map(|s| hours_between(now, s.starts_at));
    let body = html! {
        p .lead { "You are the companion of " strong { (name) } "." }
        @if let Some(session) = session {
            p { "The next session begins " strong { (commands::local_time(chart, session.starts_at, now)) } "." }
        } @else {
            p { "No session is planned yet. The team will tell you both." }
        }
        @if !briefed {
            p { "First comes a short briefing: five minutes to read, then three questions." }
            a .button.primary href="/companion/briefing" { "Begin the briefing" }
        } @else if !confirmed {
            p { "You have done the briefing. Will you be there, sober, for the whole session and until the team says it is over?" }
            form method="post" action="/companion/confirm" .stack data-once {
                (ctx.command_fields(chart.seq))
                button .button.primary type="submit" { "Yes, I will be there" }
            }
            p { "If you cannot, call the team: " (phone_link(&ctx.clinic.on_call_phone)) "." }
        } @else if let Some(session) = session {
            @match session.companion_arrived_at {
                Some(at) => {
                    (notice(Notice::Done, html! { p { "You said at " (commands::local_time(chart, at, now)) " that you are there. The team will call you and look in on you both before the dose." } }))
                    p {
                        @if session.phase() == SessionPhase::Ready { "The team has said go. This page changes by itself when the dose is taken." }
                        @else { "Keep this page open. It changes by itself." }
                    }
                }
                None if hours.is_some_and(|h| h <= 4.0) => {
                    p { "Press this when you are in the same home as " (name) "." }
                    form method="post" action="/companion/arrive" .stack data-once {
                        (ctx.command_fields(chart.seq))
                        button .button.primary type="submit" { "I am here" }
                    }
                }
                None => p { "All is ready. On the day, open this page again and press " em { "I am here" } "." },
            }
            h2 { "Try a call" }
            p { "Before the day, call the team once from this phone, so that you know it works." }
            (ui::call_button("The team, day and night", &ctx.clinic.on_call_phone))
        }
        @if briefed { p { a href="/companion/briefing" { "Read the briefing again" } } }
    };
    page(app, ctx, chart, "Being there", body)
}

pub(super) async fn briefing(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
) -> Result<Markup, Problem> {
    Ok(briefing_page(&app, &ctx, &beside, &Form::blank(), None))
}

fn briefing_page(app: &App, ctx: &PageContext, beside: &CompanionChart, typed: &Form, says: Option<&str>) -> Markup {
    let done = beside.companion().is_some_and(|c| c.briefed_at.is_some());
    let body = html! {
        @for (title, words) in SAYS { h2 { (title) } p { (words) } }
        hr;
        @if done {
            p { "You have answered the three questions already." }
            a .button.primary href="/companion" { "Go on" }
        } @else {
            h2 { "Three questions" }
            @if let Some(says) = says { (notice(Notice::Due, html! { p { (says) } p { "Choose again. There is no hurry." } })) }
            (ui::error_summary(typed))
            form method="post" action="/companion/briefing" .stack data-once {
                (ctx.command_fields(beside.chart().seq))
                @for (n, question) in BRIEFING.iter().enumerate() {
                    @let options = briefing::options(ctx.words, *question).into_iter().enumerate().map(|(i, words)| (i.to_string(), words)).collect();
                    (FieldGroup::one(NAMES.get(n).copied().unwrap_or("q"), &briefing::question(ctx.words, *question), options).typed(typed))
                }
                button .button.primary type="submit" { "Send my answers" }
            }
        }
    };
    page(app, ctx, beside.chart(), "The briefing", body)
}

/// The names of the questions in the form.
const NAMES: [&str; 3] = ["q0", "q1", "q2"];

pub(super) async fn send_briefing(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    mut typed: Form,
) -> Result<Response, Problem> {
    let chosen: Vec<Option<usize>> =
        NAMES.iter().map(|name| typed.needed(name, "Choose an answer to each of the three questions.")).collect();
    let again = |typed: &Form, says: Option<&str>| {
        (StatusCode::UNPROCESSABLE_ENTITY, briefing_page(&app, &ctx, &beside, typed, says)).into_response()
    };
    let Some(chosen) = chosen.into_iter().collect::<Option<Vec<usize>>>().filter(|_| typed.is_sound()) else {
        return Ok(again(&typed, None));
    };
    match commands::ask(
        &app,
        &beside.principal,
        beside.patient,
        &typed,
        RestsOn::Itself,
        Command::BriefCompanion(chosen),
    )
    .await?
    {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/companion").into_response()),
        CommandOutcome::Refused(refusal) => Ok(again(&typed, Some(&plain(&ctx, &refusal)))),
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    typed: Form,
) -> Result<Response, Problem> {
    match commands::ask(&app, &beside.principal, beside.patient, &typed, RestsOn::Itself, Command::ConfirmCompanion)
        .await?
    {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/companion").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&app, &ctx, beside.chart(), &plain(&ctx, &refusal))),
    }
}

pub(super) async fn arrive(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    typed: Form,
) -> Result<Response, Problem> {
    let Some(session) = beside.session().map(|s| s.id) else {
        return Ok(refused(&app, &ctx, beside.chart(), "No session is planned."));
    };
    let command = Command::ArriveAsCompanion(session);
    match commands::ask(&app, &beside.principal, beside.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/companion").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&app, &ctx, beside.chart(), &plain(&ctx, &refusal))),
    }
}
