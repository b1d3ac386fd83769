//! Help, now: people to reach, and one button that tells the team.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::command::Command;
use stillwater_care::event::HelpRequested;
use stillwater_ui as ui;

use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::expected::Reader;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::live::help;
use crate::state::App;

#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    from: String,
}

fn numbers(ctx: &PageContext, chart: &Chart) -> Markup {
    let emergency =
        chart.demographics.as_ref().map_or(ctx.clinic.emergency_number.as_str(), |d| d.emergency_number.as_str());
    let crisis_line = match &ctx.clinic.crisis_veterans {
        Some(then) => format!("Crisis line, call or text (veterans: {then})"),
        None => "Crisis line, call or text".to_owned(),
    };
    html! {
        div .stack {
            (ui::call_button("Your team, day and night", &ctx.clinic.on_call_phone))
            (ui::call_button(&crisis_line, &ctx.clinic.crisis_number))
            (ui::call_button("Emergency number", emergency))
        }
    }
}

/// What led to this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// By itself.
    Here,
    /// By answers that mean danger.
    ByAnswers,
}

/// What the clinic has: a call that is open, or the alert that answers raised.
fn known(ctx: &PageContext, chart: &Chart, came: Came, now: Timestamp) -> Markup {
    match (came, help::answered(chart)) {
        (Came::ByAnswers, Some(alert)) => help::state_of(ctx, chart, alert, Reader::Patient, now),
        _ => help::state(ctx, chart, Reader::Patient, now),
    }
}

fn body(ctx: &PageContext, chart: &Chart, came: Came, now: Timestamp) -> Markup {
    html! {
        @if came == Came::ByAnswers {
            p .lead { "Thank you for saying so. You are not alone with this." }
        } @else {
            p .lead { "Whatever it is, somebody answers." }
        }
        div .help-sheet data-help-sheet {
            (ui::not_sent())
            div data-told { (known(ctx, chart, came, now)) }
            @if came == Came::ByAnswers { p { "Please stay where you are reached. If you do not want to wait, or if you are in danger, call now:" } }
            (numbers(ctx, chart))
            form method="post" action="/my/help-now" .stack data-urgent data-ask {
                (ctx.command_fields(chart.seq))
                button .button type="submit" { "Ask my team to call me" }
            }
            p .quiet.tries data-unsent-tries hidden {}
        }
        p { a href="/my/safety-plan" { "My safety plan" } }
        p { a href="/my" { "Back to my page" } }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    Query(from): Query<From>,
) -> Result<Markup, Problem> {
    // The address alone proves nothing: a page kept open from another day must not say that the team was told just now.
    let waiting = help::answered(own.chart()).is_some();
    let came = if from.from == "answers" && waiting { Came::ByAnswers } else { Came::Here };
    Ok(phone(&ctx, "Help now", body(&ctx, own.chart(), came, app.clock.now())))
}

pub(super) async fn send(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    let session = own.chart().running_session().map(|s| s.id);
    let command = Command::AskForHelp(HelpRequested { session, words: String::new() });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(open) => {
            let now = app.clock.now();
            if help::is_call(&headers) {
                return Ok(help::answer(&ctx, &headers, &open.chart, Reader::Patient, now, "/my/help-now"));
            }
            Ok(phone(&ctx, "Help now", body(&ctx, &open.chart, Came::Here, now)).into_response())
        }
        CommandOutcome::Stale(_) => {
            let fresh = own.again(&app).await?;
            Ok(phone(&ctx, "Help now", body(&ctx, fresh.chart(), Came::Here, app.clock.now())).into_response())
        }
        CommandOutcome::Refused(refusal) if help::is_call(&headers) => {
            Err(commands::refused_plainly(&plain(&ctx, &refusal)))
        }
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/help-now")),
    }
}
