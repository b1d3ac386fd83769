//! Help, now: people to reach, and one button that tells the team.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::command::Command;
use stillwater_care::event::HelpRequested;
use stillwater_ui::{self as ui, Notice, notice};

use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
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

fn body(ctx: &PageContext, chart: &Chart, told: bool, by_answers: bool) -> Markup {
    html! {
        @if by_answers {
            p .lead { "Thank you for saying so. You are not alone with this." }
            (notice(Notice::Done, html! { p { "Your team has been told just now. Somebody will call you. Please stay where you are reached." } }))
            p { "If you do not want to wait, or if you are in danger, call now:" }
        } @else if told {
            (notice(Notice::Done, html! { p { "Your team has been told and will call you." } }))
            p { "You can also call:" }
        } @else {
            p .lead { "Whatever it is, somebody answers." }
        }
        (numbers(ctx, chart))
        @if !told && !by_answers {
            form method="post" action="/my/help-now" .stack data-once {
                (ctx.command_fields(chart.seq))
                button .button type="submit" { "Ask my team to call me" }
            }
        }
        p { a href="/my/safety-plan" { "My safety plan" } }
        p { a href="/my" { "Back to my page" } }
    }
}

pub(super) async fn page(ctx: PageContext, own: OwnChart, Query(from): Query<From>) -> Result<Markup, Problem> {
    // The address alone proves nothing: a page kept open from another day must not say that the team was told just now.
    let waiting = !own.chart().open_alerts().is_empty();
    let (told, by_answers) = (from.from == "told" && waiting, from.from == "answers" && waiting);
    Ok(phone(&ctx, "Help now", body(&ctx, own.chart(), told, by_answers)))
}

pub(super) async fn send(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    typed: Form,
) -> Result<Response, Problem> {
    let session = own.chart().running_session().map(|s| s.id);
    let command = Command::AskForHelp(HelpRequested { session, words: String::new() });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(open) => Ok(phone(&ctx, "Help now", body(&ctx, &open.chart, true, false)).into_response()),
        CommandOutcome::Stale(_) => Ok(phone(&ctx, "Help now", body(&ctx, own.chart(), true, false)).into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/help-now")),
    }
}
