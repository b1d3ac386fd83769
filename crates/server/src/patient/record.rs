//! The patient's own record: who opened it, what happened, and all of it to take away.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::page as phone;
use crate::chart_access::OwnChart;
use crate::http::{PageContext, Problem};
use crate::live::commands::local_time;
use crate::state::App;

/// How many lines of each are shown.
const LINES: usize = 200;

pub(super) async fn page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    let (chart, now) = (own.chart(), app.clock.now());
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("reading the access log", cause);
    let (store, patient) = (app.charts.store().clone(), own.patient.0);
    let opened = tokio::task::spawn_blocking(move || store.audit_entries(Some(patient), None, LINES))
        .await
        .map_err(|cause| failed(&cause))?
        .map_err(|cause| failed(&cause))?;
    let accounts = app.accounts.accounts().await.map_err(|cause| failed(&cause))?;
    let who = |key: &str| match key.split_once(':') {
        Some(("staff", id)) => accounts
            .iter()
            .find(|a| a.id.to_string() == id)
            .map_or_else(|| "Your team".to_owned(), |a| a.display_name.clone()),
        Some(("companion", _)) => "Your companion".to_owned(),
        _ => "You".to_owned(),
    };
    let body = html! {
        p { a .button.primary href="/my/record/download" { "Download all of it" } }
        h2 { "Who opened my chart" }
        @if opened.is_empty() { p { "Nobody yet." } }
        ul .timeline {
            @for entry in &opened {
                @if let Ok(at) = jiff::Timestamp::from_millisecond(entry.at_ms) {
                    li { span .quiet { (local_time(chart, at, now)) } " " (who(&entry.who)) ": " (entry.what) }
                }
            }
        }
        h2 { "What happened" }
        ul .timeline {
            @for recorded in own.open.log.iter().rev().take(LINES) {
                @if let Some(words) = stillwater_words::timeline::patient(ctx.words, recorded) {
                    li { span .quiet { (local_time(chart, recorded.occurred_at, now)) } " " (words) }
                }
            }
        }
        p { a href="/my" { "Back to my page" } }
    };
    Ok(phone(&ctx, "My record", body))
}

pub(super) async fn download(own: OwnChart) -> Result<Response, Problem> {
    let events: Result<Vec<serde_json::Value>, _> = own.open.log.iter().map(|recorded| recorded.to_json()).collect();
    let events = events.map_err(|error| Problem::failure("writing the record", &error))?;
    let text = serde_json::to_string_pretty(&serde_json::json!({ "patient": own.patient, "events": events }))
        .map_err(|error| Problem::failure("writing the record", &error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-record.json\""),
    ];
    Ok((headers, text).into_response())
}
