//! The companion: who it is, and the personal link and code that let them in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::command::{ChangeCompanionContact, Command, NameCompanion};
use stillwater_ui::{Field, FieldGroup, Notice, error_summary, notice};

use super::{page as phone, plain, refused};
use crate::auth::links::{Invitation, invite_companion};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::state::App;

fn body(ctx: &PageContext, chart: &Chart, typed: &Form, invitation: Option<&Invitation>) -> Markup {
    let mut contact = Form::blank();
    if let Some(companion) = &chart.companion {
        contact.set("relation", &companion.relation);
        contact.set("phone", &companion.phone);
    }
    html! {
        p { "Your companion is an adult who stays with you in the same home during a session and for four hours from the dose, sober, with a phone." }
        p { "They look in every 15 minutes and can call for help. They do not see your answers or your record." }
        @if let Some(companion) = &chart.companion {
            section .panel {
                h2 { (companion.name) }
                p { (companion.relation) @if !companion.phone.is_empty() { " · " (companion.phone) } }
                p { "Briefing: " strong { @if companion.briefed_at.is_some() { "done" } @else { "not done yet" } } }
                p { "Will be there: " strong { @if companion.confirmed_at.is_some() { "confirmed" } @else { "not confirmed yet" } } }
            }
            @if let Some(invitation) = invitation {
                (notice(Notice::Done, html! {
                    p { "Send them this link, and tell them the code in another way, for example by voice." }
                    p .as-written { strong { (invitation.path) } }
                    @if let Some(code) = &invitation.code { p { "Code: " strong { (code) } } }
                    p { "This is shown once. You can always make a new one." }
                }))
            } @else {
                form method="post" action="/my/companion/link" data-once {
                    (ctx.csrf_field())
                    button .button.primary type="submit" { "Make a link for " (companion.name) }
                }
            }
        }
        @if let Some(companion) = &chart.companion {
            details {
                summary { "Change how they are reached" }
                form method="post" action="/my/companion/contact" .stack data-once {
                    (ctx.command_fields(chart.seq))
                    (Field::new("relation", "Who they are to you").typed(&contact))
                    (Field::new("phone", "Their phone").inputmode("tel").typed(&contact))
                    button .button type="submit" { "Keep the change" }
                }
                p .quiet { (companion.name) " stays your companion. Their link and their briefing stay as they are." }
            }
        }
        details open[chart.companion.is_none()] {
            summary { @if chart.companion.is_some() { "Name somebody else" } @else { "Name your companion" } }
            (error_summary(typed))
            form method="post" action="/my/companion" .stack data-once {
                (ctx.command_fields(chart.seq))
                (Field::new("name", "Their name").typed(typed))
                (Field::new("relation", "Who they are to you").typed(typed))
                (Field::new("phone", "Their phone").inputmode("tel").typed(typed))
                (FieldGroup::tick("adult", "Age", "They are 18 or older").typed(typed))
                button .button.primary type="submit" { "Keep" }
            }
        }
        p { a href="/my" { "Back to my page" } }
    }
}

pub(super) async fn page(ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    Ok(phone(&ctx, "Your companion", body(&ctx, own.chart(), &Form::blank(), None)))
}

pub(super) async fn name(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    mut typed: Form,
) -> Result<Response, Problem> {
    let name = typed.required("name", "Write their name.");
    let phone_number = typed.required("phone", "Write a phone number that reaches them during the session.");
    if !typed.ticked("adult") {
        typed.wrong("adult", "A companion is 18 or older.");
    }
    if !typed.is_sound() {
        let again = phone(&ctx, "Your companion", body(&ctx, own.chart(), &typed, None));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let relation = typed.text("relation").unwrap_or_default().to_owned();
    let command = Command::NameCompanion(NameCompanion { name, relation, phone: phone_number, adult: true });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/companion").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/companion")),
    }
}

pub(super) async fn change_contact(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    typed: Form,
) -> Result<Response, Problem> {
    let change = ChangeCompanionContact {
        relation: typed.get("relation").trim().to_owned(),
        phone: typed.get("phone").trim().to_owned(),
    };
    let command = Command::ChangeCompanionContact(change);
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/companion").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/companion")),
    }
}

pub(super) async fn invite(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Response, Problem> {
    let Some(companion) = own.chart().companion.clone() else {
        return Ok(refused(&ctx, "Name your companion first.", "/my/companion"));
    };
    let invitation = invite_companion(&app, own.patient, companion.id, &companion.name).await?;
    Ok(phone(&ctx, "Your companion", body(&ctx, own.chart(), &Form::blank(), Some(&invitation))).into_response())
}
