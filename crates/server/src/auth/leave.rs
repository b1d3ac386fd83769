//! Pausing, leaving and signing out. A phone that is there for a session is not let go unawares: leaving says what it takes
//! away, and hands over to another phone first where that is wanted.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_ui::{self as ui, PhoneMode};

use super::pages::audit;
use super::{Principal, Subject, links, session};
use crate::auth::access::{PHONES, SIGNED_IN};
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .post("sign-out", "/sign-out", SIGNED_IN, sign_out)
        .get("pause", "/pause", PHONES, pause)
        .get("leave", "/leave", PHONES, leave)
        .post("leave.hand-over", "/leave/hand-over", PHONES, hand_over)
}

async fn sign_out(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    typed: Form,
) -> Result<Response, Problem> {
    let in_session = session_runs(&app, &principal);
    if in_session && !typed.confirmed() {
        return Ok(leave_page(&ctx, &principal, true).into_response());
    }
    app.accounts.end_session(principal.session).await.map_err(|cause| Problem::failure("signing out", &cause))?;
    let about = if in_session { "during a session" } else { "" };
    audit(&app, ctx.now_ms, &principal.key(), "sign-out", about).await?;
    let gone = [(header::SET_COOKIE, session::forget(&app))];
    if principal.staff().is_some() {
        return Ok((gone, Redirect::to("/sign-in")).into_response());
    }
    // The page after leaving must not name its reader any more.
    let mut ctx = ctx;
    ctx.principal = None;
    ctx.reader = None;
    let page = ui::phone_page(
        &ctx,
        "You have left",
        html! {
            p { "This phone is signed out. Everything that you sent is kept." }
            @if in_session {
                p .lead { strong { "The session is still running, and this phone cannot call for help any more." } }
                p { "Call your team now and say who stays and by which phone." }
                (ui::call_button("Call your team", &ctx.clinic.on_call_phone))
                (ui::call_button("Emergency", &ctx.clinic.emergency_number))
            }
            p { "To come back, open the link from your team again. If it no longer opens, ask them for a new one: "
                (ui::phone_link(&ctx.clinic.on_call_phone)) "." }
        },
    );
    // What a phone kept for when there is no network goes with whoever it was kept for.
    let cleared = [(HeaderName::from_static("clear-site-data"), "\"storage\"")];
    Ok((gone, cleared, page).into_response())
}

/// Whether a session runs for which this phone is there.
fn session_runs(app: &App, principal: &Principal) -> bool {
    let patient = match principal.subject {
        Subject::Patient { patient, .. } | Subject::Companion { patient, .. } => patient,
        Subject::Staff(_) => return false,
    };
    app.charts
        .summary(patient)
        .and_then(|summary| summary.next_session.as_ref().map(|session| session.running))
        .unwrap_or(false)
}

async fn pause(ctx: PageContext, principal: Principal) -> Markup {
    ui::phone_page(
        &ctx,
        "Pause",
        html! {
            (ui::pause_words())
            div .stack {
                a .button.primary href=(crate::auth::home(&principal)) { "I am ready to go on" }
                a .button href="/help" { "I would like help" }
            }
        },
    )
}

async fn leave(State(app): State<App>, ctx: PageContext, principal: Principal) -> Markup {
    let in_session = session_runs(&app, &principal);
    leave_page(&ctx, &principal, in_session)
}

/// *Leave*. While a session runs it says what signing out takes away, and offers to go on on another phone first.
fn leave_page(ctx: &PageContext, principal: &Principal, in_session: bool) -> Markup {
    let mode = if in_session { PhoneMode::SessionQuiet } else { PhoneMode::Everyday };
    let body = html! {
        (ui::leave_words(ctx, mode))
        div .stack {
            a .button.primary href=(crate::auth::home(principal)) { "Stay" }
            @if in_session {
                form method="post" action="/leave/hand-over" .stack data-once {
                    (ctx.csrf_field())
                    button .button type="submit" { "Go on on another phone" }
                }
                form method="post" action="/sign-out" .stack {
                    (ctx.csrf_field())
                    button .button type="submit" name="confirmed" value="yes" { "Sign out all the same" }
                }
            } @else { (ui::sign_out_form(ctx, mode)) }
        }
    };
    ui::phone_page_as(ctx, "Leave", mode, None, body)
}

/// A new link for another phone, made by the one that is about to leave: while a session runs, no phone that could call for
/// help goes before another has come.
async fn hand_over(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !session_runs(&app, &principal) {
        return Ok(Redirect::to("/leave").into_response());
    }
    let invitation = match principal.subject {
        Subject::Patient { patient, .. } => links::invite_patient(&app, patient, &principal.name).await?,
        Subject::Companion { patient, companion } => {
            links::invite_companion(&app, patient, companion, &principal.name).await?
        }
        Subject::Staff(_) => return Err(Problem::forbidden()),
    };
    audit(&app, ctx.now_ms, &principal.key(), "link-made", "to go on on another phone during a session").await?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let body = html! {
        p .lead { "Open this address on the other phone. It works once." }
        p #new-link .as-written { (ctx.scheme) "://" (host) (invitation.path) }
        @if let Some(code) = &invitation.code { p { "It asks for six digits: " strong { (code) } "." } }
        p { "This phone stays signed in until the other one is there. Then come back here and sign out." }
        div .stack {
            a .button.primary href=(crate::auth::home(&principal)) { "Stay" }
            form method="post" action="/sign-out" .stack {
                (ctx.csrf_field())
                button .button type="submit" name="confirmed" value="yes" { "The other phone is there: sign out here" }
            }
        }
    };
    Ok(ui::phone_page_as(&ctx, "Go on on another phone", PhoneMode::SessionQuiet, None, body).into_response())
}
