//! The inbox: everything open over somebody's patients, alerts first, each with whose it is and how old it is.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::Refusal;
use stillwater_care::command::Command;
use stillwater_care::event::ItemCleared;
use stillwater_care::ids::{AlertId, PatientId};
use stillwater_care::items::{ItemKind, ItemSubject, NextStep, OpenItem};
use stillwater_clinic::Principal;
use stillwater_clinic::charts::{CommandRequest, ExecuteError, Summary};
use stillwater_ui::{self as ui, Flag};
use stillwater_words::{Words, items};

use super::caseload::{list, on_list, until};
use super::closing;
use super::desk::refusal_notice;
use crate::auth::access::CHART;
use crate::chart_access::{StaffChart, beyond_the_team};
use crate::http::{Form, PageContext, Problem, Routes};
use crate::live::commands::staff_problem_of as problem_of;
use crate::state::App;

/// How many items a page shows; the rest follow when these are done.
const SHOWN: usize = 300;

pub fn routes() -> Routes {
    Routes::new().get("inbox", "/inbox", CHART, page).post("inbox.send", "/inbox", CHART, send)
}

async fn page(State(app): State<App>, ctx: PageContext, principal: Principal) -> Markup {
    let beyond = beyond(&app, &principal, ctx.words).await;
    draw(&app, ctx, &principal, &Form::blank(), html! {}, &beyond)
}

/// An alert of somebody else's patient that nobody of their team has taken.
struct Beyond {
    summary: Arc<Summary>,
    alert: AlertId,
    says: String,
    since_ms: i64,
    by_ms: Option<i64>,
    owned: bool,
}

/// The alerts that are every clinician's, oldest first: an alert is not lost because its team is asleep.
async fn beyond(app: &App, principal: &Principal, words: &Words) -> Vec<Beyond> {
    let mut found = Vec::new();
    for summary in app.charts.summaries() {
        let alerts = summary.items.iter().any(|item| matches!(item.about, ItemSubject::Alert { .. }));
        if !alerts || on_list(principal, &summary) {
            continue;
        }
        // What cannot be read is told of by itself.
        let Ok(Some(open)) = app.charts.load(summary.patient).await else { continue };
        found.extend(beyond_the_team(app, principal, &open.chart).into_iter().map(|alert| Beyond {
            summary: Arc::clone(&summary),
            alert: alert.id,
            says: stillwater_words::alerts::what(words, &alert.about),
            since_ms: alert.raised_at.as_millisecond(),
            by_ms: alert.by_when().map(|at| at.as_millisecond()),
            owned: alert.owner().is_some(),
        }));
    }
    found.sort_by_key(|one| one.since_ms);
    found
}

fn beyond_rows(ctx: &PageContext, beyond: &[Beyond]) -> Markup {
    if beyond.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = beyond
        .iter()
        .map(|one| {
            let patient = one.summary.patient;
            vec![
                ui::flag(
                    if one.owned { Flag::Due } else { Flag::ActNow },
                    if one.owned { "you have it" } else { "nobody has it" },
                ),
                html! { a href=(format!("/patients/{patient}")) { (one.summary.name) } },
                html! { (one.says) },
                html! { (until(one.since_ms, ctx.now_ms)) },
                html! { @if let Some(by) = one.by_ms { (until(by, ctx.now_ms)) } },
                html! { @if !one.owned {
                    form method="post" action="/inbox" {
                        (ctx.command_fields(one.summary.seq))
                        input type="hidden" name="form" value="own";
                        input type="hidden" name="patient" value=(patient);
                        input type="hidden" name="item" value=(format!("alert/{}", one.alert));
                        button .button.small.primary type="submit" { "I have it" }
                    }
                } },
            ]
        })
        .collect();
    html! {
        section #beyond .panel {
            h2 { "Alerts that nobody of their team has taken" }
            p .quiet { "They are open to every clinician. Opening such a chart is written into its access log." }
            (ui::data_table("Alerts that nobody of their team has taken", &["", "Patient", "What", "Since", "By when", "Do"], &rows))
        }
    }
}

async fn send(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    typed: Form,
) -> Result<Response, Problem> {
    let patient: PatientId = typed.get("patient").parse().map_err(|_| Problem::not_found())?;
    let summary = app.charts.summary(patient).ok_or_else(Problem::not_found)?;
    if !on_list(&principal, &summary) {
        // Taking on or closing an alert that the team did not take: opening the chart for it asks, and writes the access log.
        let glass = StaffChart::open(&app, principal.clone(), patient).await?;
        let named = typed.get("item").strip_prefix("alert/").unwrap_or_default().to_owned();
        if !beyond_the_team(&app, &principal, &glass.open.chart).iter().any(|alert| alert.id.to_string() == named) {
            return Err(Problem::not_found());
        }
    }
    let item = typed.get("item");
    let alert = item.strip_prefix("alert/").and_then(|id| id.parse().ok()).map(|id: AlertId| id);
    let words = typed.get("words").trim().to_owned();
    let command = match (typed.get("form"), alert) {
        ("own", Some(alert)) => Command::OwnAlert(alert),
        ("resolve", Some(alert)) => Command::ResolveAlert(closing::read(&typed, alert)),
        ("clear", None) => Command::ClearItem(ItemCleared { item: item.to_owned(), reason: words }),
        _ => return Err(Problem::unreadable("The form does not say what is to be done with which item.")),
    };
    // Taking on, resolving and clearing name the very item; whatever else happened in the chart does not change that.
    let ask = CommandRequest {
        patient: summary.patient,
        actor: principal.actor(),
        command_id: typed.command_id()?,
        seen: None,
        command,
    };
    match app.charts.execute(ask, app.clock.now()).await {
        Ok(_) => Ok(Redirect::to("/inbox").into_response()),
        Err(ExecuteError::Refused(refusal)) => {
            let status = match refusal {
                Refusal::NotAllowed { .. } | Refusal::NotOnTeam => StatusCode::FORBIDDEN,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let notice = refusal_notice(ctx.words, &refusal);
            let beyond = beyond(&app, &principal, ctx.words).await;
            Ok((status, draw(&app, ctx, &principal, &typed, notice, &beyond)).into_response())
        }
        Err(error) => Err(problem_of(&error)),
    }
}

fn draw(
    app: &App,
    mut ctx: PageContext,
    principal: &Principal,
    typed: &Form,
    top: Markup,
    beyond: &[Beyond],
) -> Markup {
    let mine = list(app, principal, false);
    let mut open: Vec<(&Summary, &OpenItem)> =
        mine.iter().flat_map(|s| s.items.iter().map(move |item| (&**s, item))).collect();
    open.sort_by_key(|(_, item)| (item.kind(), item.at));
    ctx.inbox = u32::try_from(open.len()).ok();
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .take(SHOWN)
        .map(|(summary, item)| {
            let on_team = principal.staff().is_some_and(|id| summary.team.contains(&id));
            vec![
                ui::flag(if item.kind() == ItemKind::AlertUnowned { Flag::ActNow } else { Flag::Due }, &items::kind(ctx.words, item.kind())),
                html! { @if on_team { a href=(place(summary, item)) { (summary.name) } } @else { (summary.name) span .quiet { " (no team yet)" } } },
                html! { (items::what(ctx.words, &item.about)) },
                html! { (ctx.words.term(item.owner)) },
                html! { (until(item.at.as_millisecond(), ctx.now_ms)) },
                html! { @if let Some(by) = by_when(item) { (until(by.as_millisecond(), ctx.now_ms)) } },
                acts(&ctx, summary, item, typed),
            ]
        })
        .collect();
    let body = html! {
        (top)
        (unreadable(app, &ctx))
        (beyond_rows(&ctx, beyond))
        @if rows.is_empty() { (ui::empty("No open items. What nobody owns would be at the top.")) }
        @else { (ui::data_table(&format!("{} open items", open.len()), &["Kind", "Patient", "What", "For", "Since, or due", "By when", "Do"], &rows)) }
    };
    ui::staff_page(&ctx, "Inbox", "inbox", body)
}

/// Charts that cannot be read: no entry can be made in them, so that this is their alert. Everybody on duty sees them.
fn unreadable(app: &App, ctx: &PageContext) -> Markup {
    let charts = app.charts.watch().state().unreadable;
    if charts.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = charts
        .iter()
        .map(|chart| {
            let known = app.charts.summary(chart.patient);
            let name = known.map_or_else(|| format!("Chart {}", chart.patient), |known| known.name.clone());
            vec![
                ui::flag(Flag::ActNow, "not watched"),
                html! { (name) },
                html! { (until(chart.since.as_millisecond(), ctx.now_ms)) },
                html! { "tried " (chart.tries) " times; again " (until(chart.next_try_at.as_millisecond(), ctx.now_ms)) },
            ]
        })
        .collect();
    html! {
        section #unreadable .panel {
            h2 { "Charts that cannot be read" }
            p { "Nobody is told of a missed check or an alarm in these charts. If one of these people is in a session, stay with them and watch by hand. Then tell whoever runs this installation: the log says why." }
            (ui::data_table("Charts that cannot be read", &["", "Chart", "Since", "Reading it"], &rows))
        }
    }
}

/// By when something is to be done about an alert.
fn by_when(item: &OpenItem) -> Option<jiff::Timestamp> {
    match &item.about {
        ItemSubject::Alert { by, .. } => *by,
        _ => None,
    }
}

/// The page on which an item is dealt with.
fn place(summary: &Summary, item: &OpenItem) -> String {
    let tab = match &item.about {
        ItemSubject::Dose { .. } | ItemSubject::Review { .. } => "/sessions",
        ItemSubject::Measures { .. } | ItemSubject::Rising { .. } => "/measures",
        ItemSubject::Integration { .. } | ItemSubject::Note { .. } => "/therapy",
        ItemSubject::Decision { .. } => "/findings",
        ItemSubject::Step { step, .. } => match step {
            NextStep::WriteOrder | NextStep::OpenPlan | NextStep::AwaitConsent => "/plan",
            NextStep::ScheduleSession => "/sessions",
            NextStep::Screening { .. } => "/measures",
            NextStep::AwaitAnswers | NextStep::Invite => "",
        },
        ItemSubject::Alert { .. } => "",
    };
    format!("/patients/{}{tab}", summary.patient)
}

fn acts(ctx: &PageContext, summary: &Summary, item: &OpenItem, typed: &Form) -> Markup {
    let alert = matches!(item.about, ItemSubject::Alert { .. });
    let mine = typed.get("item") == item.key() && typed.get("patient") == summary.patient.to_string();
    let hidden = |form: &str| {
        html! {
            (ctx.command_fields(summary.seq))
            input type="hidden" name="form" value=(form);
            input type="hidden" name="patient" value=(summary.patient);
            input type="hidden" name="item" value=(item.key());
        }
    };
    let (form, label, button) =
        if alert { ("resolve", "What was found", "Resolve") } else { ("clear", "Why nothing more is needed", "Clear") };
    html! {
        div .row {
            @if item.kind() == ItemKind::AlertUnowned {
                form method="post" action="/inbox" { (hidden("own")) button .button.small.primary type="submit" { "I have it" } }
            }
            details open[mine] { summary { (button) }
                form .row.small-form method="post" action="/inbox" {
                    (hidden(form))
                    @if alert { (closing::fields(&item.key().replace('/', "-"), mine.then_some(typed))) } @else {
                        input .words name="words" aria-label=(label) placeholder=(label) value=[mine.then(|| typed.get("words")).filter(|v| !v.is_empty())];
                    }
                    button .button.small type="submit" { (button) }
                }
            }
        }
    }
}
