//! Who opened this chart, and when: the same log that the patient may read.

use axum::extract::State;
use maud::{Markup, html};
use stillwater_ui as ui;

use super::desk::ChartPage;
use crate::auth::access::CHART;
use crate::chart_access::StaffChart;
use crate::http::{PageContext, Problem, Routes};
use crate::state::App;

/// How many lines are shown.
const LINES: usize = 500;

pub fn routes() -> Routes {
    Routes::new().get("access-log", "/patients/{id}/access", CHART, page)
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    let view = ChartPage::open(app, ctx, staff, "access log").await?;
    let failed = |cause: &dyn std::fmt::Display| Problem::failure("reading the access log", cause);
    let (store, patient) = (view.app.charts.store().clone(), view.chart().id.0);
    let entries = tokio::task::spawn_blocking(move || store.audit_entries(Some(patient), None, LINES))
        .await
        .map_err(|cause| failed(&cause))?
        .map_err(|cause| failed(&cause))?;
    let accounts = view.app.accounts.accounts().await.map_err(|cause| failed(&cause))?;
    let name = |who: &str| {
        let id = who.strip_prefix("staff:").unwrap_or_default();
        match who.split_once(':') {
            Some(("staff", _)) => accounts
                .iter()
                .find(|a| a.id.to_string() == id)
                .map_or_else(|| who.to_owned(), |a| a.display_name.clone()),
            Some(("patient", _)) => "the patient".to_owned(),
            Some(("companion", _)) => "the companion".to_owned(),
            _ => who.to_owned(),
        }
    };
    let rows: Vec<Vec<Markup>> = entries
        .iter()
        .map(|entry| {
            let at = jiff::Timestamp::from_millisecond(entry.at_ms).map(|at| view.when(at)).unwrap_or_default();
            vec![html! { (at) }, html! { (name(&entry.who)) }, html! { (entry.what) }]
        })
        .collect();
    let body = html! {
        p .quiet { "Everybody who opened this chart. The patient reads the same log." }
        @if rows.is_empty() { (ui::empty("Nobody has opened it yet.")) }
        @else { (ui::data_table("Newest first", &["When", "Who", "What"], &rows)) }
    };
    Ok(view.page("Access log", "access", body))
}
