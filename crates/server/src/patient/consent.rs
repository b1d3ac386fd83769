//! Consent: read, tick each statement, sign; see what was signed; withdraw at any time.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::command::{Command, GiveConsent};
use stillwater_care::consent::{self, ConsentText};
use stillwater_care::event::ConsentWithdrawn;
use stillwater_care::readiness;
use stillwater_ui::{Field, FieldGroup, Notice, error_summary, notice};

use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn, local_time};
use crate::state::App;

fn statements(text: &ConsentText) -> Markup {
    html! {
        @for paragraph in &text.paragraphs { p { (paragraph) } }
        ol .statements { @for statement in &text.statements { li { (statement.text) } } }
    }
}

fn signed(ctx: &PageContext, chart: &Chart, now: jiff::Timestamp) -> Option<Markup> {
    let kept = chart.consent()?;
    Some(html! {
        (notice(Notice::Done, html! { p { "You signed this on " (local_time(chart, kept.signed_at, now)) " as " strong { (kept.signed_name) } ". Version " (kept.version) "." } }))
        @if let Some(text) = consent::text(&kept.version) { h2 { (text.title) } (statements(text)) }
        p .quiet { "To keep a copy, print this page or save it as a PDF from your browser." }
        (withdraw_form(ctx, chart))
    })
}

fn withdraw_form(ctx: &PageContext, chart: &Chart) -> Markup {
    html! {
        h2 { "If you change your mind" }
        p { "You may withdraw at any time, without giving a reason. Your other care goes on as before." }
        form method="post" action="/my/consent/withdraw" .stack data-once {
            (ctx.command_fields(chart.seq))
            (Field::area("words", "Anything you would like to say (you may leave this empty)"))
            (FieldGroup::tick("sure", "To be sure", "I want to withdraw my consent"))
            button .button type="submit" { "Withdraw" }
        }
    }
}

fn body(app: &App, ctx: &PageContext, chart: &Chart, typed: &Form) -> Markup {
    let now = app.clock.now();
    let protocols = app.charts.protocols();
    let to_sign = readiness::consent_to_sign(chart, protocols, now);
    if to_sign.is_none()
        && let Some(done) = signed(ctx, chart, now)
    {
        return done;
    }
    let withdrawn = chart.consents.last().and_then(|c| c.withdrawn_at);
    html! {
        @if let Some(at) = withdrawn {
            (notice(Notice::Quiet, html! { p { "You withdrew your consent on " (local_time(chart, at, now)) ". No dose is given. If you want to go on, you can sign again." } }))
        }
        @if let Some(before) = chart.consent() {
            (notice(Notice::Due, html! { p { "You signed version " (before.version) " on " (local_time(chart, before.signed_at, now)) ". It no longer covers your treatment: the plan has changed, or it was signed half a year ago. No dose is given until you have signed this one, and you may say no." } }))
        }
        @match to_sign {
            None => p .lead { "There is nothing to sign yet. Your prescriber decides first, and talks it through with you." },
            Some(text) => {
                p .lead { "Take your time. Ask your team about anything that is not clear. You may say no." }
                (error_summary(typed))
                form method="post" action="/my/consent" .stack data-once {
                    (ctx.command_fields(chart.seq))
                    input type="hidden" name="version" value=(text.id);
                    h2 { (text.title) }
                    @for paragraph in &text.paragraphs { p { (paragraph) } }
                    @for statement in &text.statements {
                        label .choice.statement {
                            input type="checkbox" name="statement" value=(statement.id) checked[typed.all("statement").any(|id| id == statement.id.as_str())];
                            span { (statement.text) }
                        }
                    }
                    (Field::new("signed_name", "Your full name, as your signature").autocomplete("name").typed(typed))
                    button .button.primary type="submit" { "Sign" }
                }
                p .quiet { "Version " (text.id) ". The wording is a proposal: your clinic's own counsel signs its text." }
            }
        }
        @if chart.consent().is_some() { (withdraw_form(ctx, chart)) }
        p { a href="/my" { "Back to my page" } }
    }
}

pub(super) async fn page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    Ok(phone(&ctx, "Consent", body(&app, &ctx, own.chart(), &Form::blank())))
}

pub(super) async fn sign(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    mut typed: Form,
) -> Result<Response, Problem> {
    let signed_name = typed.required("signed_name", "Type your name.");
    let statements: Vec<String> = typed.all("statement").map(str::to_owned).collect();
    let version = typed.get("version").to_owned();
    let missing = consent::text(&version).map_or(0, |text| text.statements.len().saturating_sub(statements.len()));
    if missing > 0 {
        typed.wrong(
            "statement",
            format!("{missing} statements are not ticked. Ask your team about any that you are unsure of."),
        );
    }
    if !typed.is_sound() {
        let again = phone(&ctx, "Consent", body(&app, &ctx, own.chart(), &typed));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let command = Command::GiveConsent(GiveConsent { version, statements, signed_name });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/consent").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/consent")),
    }
}

pub(super) async fn withdraw(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    typed: Form,
) -> Result<Response, Problem> {
    if !typed.ticked("sure") {
        return Ok(refused(&ctx, "To withdraw, tick the box that says you want to.", "/my/consent"));
    }
    let words = typed.text("words").unwrap_or_default().to_owned();
    let command = Command::WithdrawConsent(ConsentWithdrawn { words });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/consent").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/consent")),
    }
}
