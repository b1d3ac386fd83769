//! The patient's phone: what happens next, questionnaires, consent, how it is going, journal, safety plan, own record.
//!
//! One thing a screen, in plain words, with a way to pause, to leave and to get help on each.

mod companion;
mod consent;
mod help;
mod history;
mod home;
mod journal;
mod learn;
mod outcome;
mod questions;
mod record;
mod safety_plan;
mod session;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use stillwater_care::command::Refusal;
use stillwater_ui::{self as ui, PhoneMode, phone_link};
use stillwater_words::Reader;

use crate::auth::access::PATIENT;
use crate::http::{PageContext, Routes};

/// The routes of this room.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("my", "/my", PATIENT, home::page)
        .get("my-questions", "/my/questions/{instrument}", PATIENT, questions::page)
        .post("my-questions.answer", "/my/questions/{instrument}", PATIENT, questions::answer)
        .post("my-questions.send", "/my/questions/{instrument}/send", PATIENT, questions::send)
        .get("my-history", "/my/history", PATIENT, history::page)
        .post("my-history.send", "/my/history", PATIENT, history::send)
        .get("my-consent", "/my/consent", PATIENT, consent::page)
        .post("my-consent.sign", "/my/consent", PATIENT, consent::sign)
        .post("my-consent.withdraw", "/my/consent/withdraw", PATIENT, consent::withdraw)
        .get("my-outcome", "/my/outcome", PATIENT, outcome::page)
        .get("my-journal", "/my/journal", PATIENT, journal::page)
        .post("my-journal.write", "/my/journal", PATIENT, journal::write)
        .post("my-journal.share", "/my/journal/share", PATIENT, journal::share)
        .get("my-safety-plan", "/my/safety-plan", PATIENT, safety_plan::page)
        .post("my-safety-plan.write", "/my/safety-plan", PATIENT, safety_plan::write)
        .get("my-companion", "/my/companion", PATIENT, companion::page)
        .post("my-companion.name", "/my/companion", PATIENT, companion::name)
        .post("my-companion.contact", "/my/companion/contact", PATIENT, companion::change_contact)
        .post("my-companion.invite", "/my/companion/link", PATIENT, companion::invite)
        .get("my-record", "/my/record", PATIENT, record::page)
        .get("my-record.download", "/my/record/download", PATIENT, record::download)
        .get("my-learn", "/my/learn", PATIENT, learn::page)
        .get("my-help-now", "/my/help-now", PATIENT, help::page)
        .post("my-help-now.send", "/my/help-now", PATIENT, help::send)
        .and(session::routes())
}

/// The frame of a patient's page. *Help now* leads to the page that also tells the team.
fn page(ctx: &PageContext, title: &str, body: Markup) -> Markup {
    let mut ctx = ctx.clone();
    ctx.help = "/my/help-now";
    ui::phone_page_as(&ctx, title, PhoneMode::Everyday, None, body)
}

/// A refusal in plain words.
fn plain(ctx: &PageContext, refusal: &Refusal) -> String {
    stillwater_words::refusal(ctx.words, Reader::Patient, refusal)
}

/// A page that says kindly why something was not done, and whom to call.
fn refused(ctx: &PageContext, words: &str, back: &str) -> Response {
    let body = html! {
        p .lead { (words) }
        p { "Nothing that you wrote before is lost. Your team answers at " (phone_link(&ctx.clinic.on_call_phone)) "." }
        a .button.primary href=(back) { "Go back" }
    };
    (StatusCode::UNPROCESSABLE_ENTITY, page(ctx, "Not just now", body)).into_response()
}

/// A link that looks like a row: what it leads to, and how it stands.
fn link_row(href: &str, what: &str, how: &str) -> Markup {
    html! { li { a .row-link href=(href) { span { (what) } @if !how.is_empty() { span .quiet { (how) } } } } }
}
