//! Referring somebody again after a course has ended: who they are, checked anew, and what begins again and what stays.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_care::event::PatientReferred;
use stillwater_ui::{self as ui, Field};

use super::desk::ChartPage;
use super::intake::known_contact;
use super::referrals::{demographics_fields, read_demographics};
use crate::auth::access::CHART;
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// The address below the chart.
const TAB: &str = "refer";

pub fn routes() -> Routes {
    Routes::new().get("refer-again", "/patients/{id}/refer", CHART, page).post(
        "refer-again.send",
        "/patients/{id}/refer",
        CHART,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, TAB).await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, TAB).await?;
    view.typed = typed;
    let typed = &mut view.typed;
    let demographics = read_demographics(typed);
    let reason = typed.required("reason", "Say why they come again.");
    let source = typed.required("source", "Say who refers them.");
    let command =
        demographics.map(|demographics| Command::ReferPatient(PatientReferred { demographics, reason, source }));
    let to = view.href("");
    view.send(command, to, draw).await
}

/// Whether a chart can begin another course: one ended, and the chart was not merged into another.
fn may_begin(view: &ChartPage) -> bool {
    view.chart().ended().is_some() && view.chart().merged_into.is_none()
}

/// The way here from the overview of an ended chart.
pub(super) fn way(view: &ChartPage) -> Markup {
    html! {
        @if may_begin(view) {
            section .panel {
                h2 { "They come again?" }
                p .quiet { "A further referral begins a new course in this chart." }
                a .button.primary href=(view.href(TAB)) { "Refer again" }
            }
        }
    }
}

fn draw(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let words = view.ctx.words;
    let typed = if view.typed.get("form") == "refer" { view.typed.clone() } else { known_contact(chart) };
    let rows: Vec<Vec<Markup>> = chart
        .courses()
        .iter()
        .map(|course| {
            vec![
                html! { (course.number) },
                html! { (view.when(course.referred_at)) },
                html! {
                    @if course.plans.is_empty() { "no plan" }
                    @for (n, plan) in course.plans.iter().enumerate() {
                        @if n > 0 { "; " }
                        (plan.protocol) ", " (chart.doses_under(course, plan)) " of " (plan.sessions) " doses"
                    }
                },
                html! { @match &course.end { Some(end) => { (words.term(end.reason)) " " (view.when(end.at)) " " (end.words) }, None => "goes on" } },
            ]
        })
        .collect();
    let body = html! {
        section .panel {
            h2 { "Courses so far" }
            (ui::data_table("Courses", &["Course", "Referred", "Plan", "End"], &rows))
        }
        @if may_begin(view) {
            section .panel {
                h2 { "Refer again" }
                p { "Screening, baseline, decision, consent, companion and plan begin anew. History, medicines, documents, the safety plan, every dose and the time since the last one stay, and the care team stays. What was to follow the course before is no longer asked." }
                (view.form("refer", TAB, html! {
                    (demographics_fields(&typed))
                    (Field::area("reason", "Why they come again").typed(&typed))
                    (Field::new("source", "By whom").autocomplete("off").typed(&typed))
                    button .button.primary type="submit" { "Begin a new course" }
                }))
            }
        } @else if chart.merged_into.is_some() {
            (ui::notice(ui::Notice::Due, html! { p { "This chart was merged into another one. Refer them in that chart." } }))
        } @else {
            (ui::notice(ui::Notice::Due, html! { p { "A course is going on. End it first, or open another plan in it under Plan and orders." } }))
        }
    };
    view.page("Refer again", "", body)
}
