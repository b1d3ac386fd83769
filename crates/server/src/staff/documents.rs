//! What came with the patient and what they signed: imported records with what was not understood, and consents.

use axum::extract::State;
use maud::{Markup, html};
use stillwater_care::consent;
use stillwater_ui as ui;

use super::desk::ChartPage;
use crate::auth::access::CHART;
use crate::chart_access::StaffChart;
use crate::http::{PageContext, Problem, Routes};
use crate::state::App;

pub fn routes() -> Routes {
    Routes::new().get("documents", "/patients/{id}/documents", CHART, page)
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    let view = ChartPage::open(app, ctx, staff, "documents").await?;
    let chart = view.chart();
    let body = html! {
        section .panel { h2 { "Referral" }
            @for course in chart.courses() { p { "Referred " (view.when(course.referred_at)) " by " (course.referral_source) ". " (course.referral_reason) } }
        }
        h2 { "Consent" }
        @if chart.consents.is_empty() { (ui::empty("Nothing was signed yet.")) }
        @for signed in chart.consents.iter().rev() { (consent_copy(&view, signed)) }
        h2 { "Imported records" }
        @if chart.imports.is_empty() { (ui::empty("No record was imported.")) }
        @for import in chart.imports.iter().rev() { (imported(&view, import)) }
    };
    Ok(view.page("Documents", "documents", body))
}

/// A consent as it was signed: the words of that version, not of today's.
fn consent_copy(view: &ChartPage, signed: &stillwater_care::chart::Consent) -> Markup {
    html! {
        details .panel { summary { (signed.version) ", signed by " (signed.signed_name) " " (view.when(signed.signed_at)) @if let Some(at) = signed.withdrawn_at { ", withdrawn " (view.when(at)) } }
            @match consent::text(&signed.version) {
                Some(text) => {
                    h3 { (text.title) }
                    @for paragraph in &text.paragraphs { p { (paragraph) } }
                    ol { @for statement in &text.statements { li { (statement.text) } } }
                }
                None => p { "The text of this version is not in this installation." },
            }
            @if !signed.withdrawal_words.is_empty() { p { "At the withdrawal: " (signed.withdrawal_words) } }
        }
    }
}

fn imported(
    view: &ChartPage,
    import: &stillwater_care::chart::Entry<stillwater_care::event::RecordImported>,
) -> Markup {
    let facts: Vec<Vec<Markup>> = import
        .value
        .facts
        .iter()
        .map(|f| {
            vec![
                html! { (f.kind) },
                html! { (f.text) @if !f.value.is_empty() { ": " (f.value) } },
                html! { @match f.at { Some(at) => (at.strftime("%-d %b %Y")), None => "–" } },
                html! { (f.status) },
                html! { @match f.candidate_for { Some(topic) => (view.ctx.words.term(topic)), None => "" } },
                html! { span .quiet { (f.origin) } },
            ]
        })
        .collect();
    let medicines: Vec<Vec<Markup>> =
        import.value.medicines.iter().map(|m| vec![html! { (m.name) @if !m.code.is_empty() { br; span .quiet { (m.code) } } }, html! { (m.classes.iter().map(|class| view.ctx.words.term(*class)).collect::<Vec<_>>().join(", ")) }, html! { @match m.stopped_at { Some(at) => { "stopped " (at.strftime("%-d %b %Y")) }, None => "taken" } }, html! { span .quiet { (m.from) } }]).collect();
    let strange: Vec<Vec<Markup>> = import
        .value
        .not_understood
        .iter()
        .map(|n| vec![html! { (n.what) }, html! { (n.why) }, html! { span .quiet { (n.origin) } }])
        .collect();
    html! {
        section .panel {
            h3 { (import.value.source) } p .quiet { "Taken over " (view.when(import.occurred_at)) " by " (import.actor.name()) ". " (import.value.measurements.len()) " measurements stand with the readings under Intake." }
            @if !facts.is_empty() { details open { summary { (facts.len()) " facts" } (ui::data_table("Facts", &["Kind", "What", "When", "State", "May answer", "Where from"], &facts)) } }
            @if !medicines.is_empty() { details { summary { (medicines.len()) " medicines" } (ui::data_table("Medicines", &["Name", "Class", "State", "Where from"], &medicines)) } }
            @if !strange.is_empty() { details { summary { (strange.len()) " entries not understood" } (ui::data_table("Not understood", &["What", "Why", "Where"], &strange)) } }
        }
    }
}
