//! Two charts of one person: the one that goes on takes over doses and answers, and the other is closed. Both keep their history.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::chart::Chart;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::command::Command;
use stillwater_care::event::{ChartMergedInto, ChartsMerged, Medicine, MergedDose, TopicAnswer};
use stillwater_care::facts::{Answered, MedicineFact};
use stillwater_care::ids::{EventId, PatientId};
use stillwater_clinic::charts::{CommandRequest, ExecuteError};
use stillwater_ui::{self as ui, Field, FieldGroup};

use super::desk::{ChartPage, CommandOutcome, refusal_notice};
use crate::auth::access::PRESCRIBER;
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::live::commands::staff_problem_of as problem_of;
use crate::state::App;

pub fn routes() -> Routes {
    const PATH: &str = "/patients/{id}/merge";
    Routes::new().get("merge", PATH, PRESCRIBER, page).post("merge.send", PATH, PRESCRIBER, send)
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "merging charts").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app.clone(), ctx, staff, "merging charts").await?;
    view.typed = typed;
    if view.typed.get("form") == "finish" {
        return finish(view).await;
    }
    let reason = view.typed.required("merge-reason", "Write how you know that they are one person.");
    let named: Option<PatientId> = view.typed.get("other").parse().ok();
    let Some(named) = named.filter(|_| view.typed.is_sound()) else {
        if named.is_none() {
            view.typed.wrong("other", "Choose the other chart.");
        }
        return Ok(view.refused(StatusCode::UNPROCESSABLE_ENTITY, draw));
    };
    let other = StaffChart::open(&app, view.principal.clone(), named).await?;
    let told = &other.open.chart;
    let running = told.running_session().is_some();
    let waits = told.sessions.iter().any(|session| session.released().is_some() && !session.is_reviewed());
    if running || waits {
        view.typed.wrong("other", "A session in that chart runs, or waits for its review. Finish that there first.");
        return Ok(view.refused(StatusCode::UNPROCESSABLE_ENTITY, draw));
    }
    let merge = Command::MergeCharts(taken_over(&view, told, reason.clone()));
    let (into, command_id) = (view.chart().id, view.typed.command_id()?);
    let (to, actor, now) = (view.href(""), view.principal.actor(), view.now());
    let words = view.ctx.words;
    match view.ask(merge).await? {
        CommandOutcome::Held(view, status) => Ok(view.refused(status, draw)),
        CommandOutcome::Done(done) => {
            // The second half: an id made from the form's, so that the same form sent again completes what is missing.
            let ask = CommandRequest {
                patient: named,
                actor,
                command_id: EventId::of_command(command_id, 0x4001).0,
                seen: None,
                command: Command::CloseAsDuplicate(ChartMergedInto { into, reason }),
            };
            match app.charts.execute(ask, now).await {
                Ok(_) => Ok(Redirect::to(&to).into_response()),
                Err(ExecuteError::Refused(refusal)) => {
                    let (mut view, _) = *done;
                    view.top = refusal_notice(words, &refusal);
                    Ok(view.refused(StatusCode::UNPROCESSABLE_ENTITY, draw))
                }
                Err(error) => Err(problem_of(&error)),
            }
        }
    }
}

/// What this chart takes over from the other: every dose, and every yes that is no yes here.
fn taken_over(view: &ChartPage, other: &Chart, reason: String) -> ChartsMerged {
    let facts = other.facts(view.now(), view.app.charts.protocols(), Scope::default());
    let doses = facts
        .doses
        .iter()
        .map(|dose| MergedDose {
            route: dose.route,
            setting: dose.setting,
            dose_mg: dose.dose_mg,
            dose_mg_per_kg: dose.dose_mg_per_kg,
            taken_at: dose.at,
            reviewed: dose.reviewed,
            stopped: dose.stopped,
        })
        .collect();
    let here = |topic| view.chart().history.get(topic).is_some_and(|known| known.answer == Answered::Yes);
    let history = other
        .history
        .iter()
        .filter(|(topic, fact)| fact.answer == Answered::Yes && !here(topic))
        .map(|(topic, fact)| TopicAnswer {
            topic: *topic,
            answer: fact.answer,
            happened_at: fact.happened_at,
            detail: String::new(),
        })
        .collect();
    // A session's readings are of that session, and stay there; what was measured at rest counts for the person.
    let resting = other.standing(&other.vitals).filter(|v| v.value.session.is_none());
    let listed = other.medicines.as_ref().unwrap_or(&other.imported_medicines);
    let from = |m: &MedicineFact| format!("{}; chart of {}", m.from, other.name());
    ChartsMerged {
        other: other.id,
        name: other.name().to_owned(),
        doses,
        history,
        medicines: listed.iter().map(|m| Medicine { from: from(m), ..Medicine::from(m) }).collect(),
        labs: other.standing(&other.labs).map(|lab| lab.value.clone()).collect(),
        vitals: resting.map(|v| v.value.vitals.clone()).collect(),
        weights: other.standing(&other.weights).map(|weight| weight.value.clone()).collect(),
        reason,
    }
}

/// Charts that were merged into this one and are not closed: the second half of a merge that was cut short.
fn half_done(view: &ChartPage) -> Vec<(PatientId, String)> {
    let chart = view.chart();
    let open = |id| view.app.charts.summary(id).is_some_and(|other| other.ended.is_none());
    chart
        .standing(&chart.merged)
        .filter(|merged| open(merged.value.other))
        .map(|merged| (merged.value.other, merged.value.name.clone()))
        .collect()
}

/// Completes a merge that was cut short between its halves: the other chart is closed with the reason that was given.
async fn finish(view: ChartPage) -> Result<Response, Problem> {
    let named: Option<PatientId> = view.typed.get("other").parse().ok();
    let chart = view.chart();
    let merged = chart.standing(&chart.merged).find(|merged| Some(merged.value.other) == named);
    let Some(merged) = merged else {
        return Err(Problem::unreadable("The form does not say which chart it is about."));
    };
    let (other, reason) = (merged.value.other, merged.value.reason.clone());
    StaffChart::open(&view.app, view.principal.clone(), other).await?;
    let ask = CommandRequest {
        patient: other,
        actor: view.principal.actor(),
        command_id: view.typed.command_id()?,
        seen: None,
        command: Command::CloseAsDuplicate(ChartMergedInto { into: chart.id, reason }),
    };
    match view.app.charts.execute(ask, view.now()).await {
        Ok(_) => Ok(Redirect::to(&view.href("")).into_response()),
        Err(ExecuteError::Refused(refusal)) => {
            let mut view = view;
            view.top = refusal_notice(view.ctx.words, &refusal);
            Ok(view.refused(StatusCode::UNPROCESSABLE_ENTITY, draw))
        }
        Err(error) => Err(problem_of(&error)),
    }
}

/// The charts that may be the same person's and that the reader is on the team of.
fn candidates(view: &ChartPage) -> Vec<(String, String)> {
    let Some(here) = view.app.charts.summary(view.chart().id) else { return Vec::new() };
    let merged = |id: PatientId| view.chart().standing(&view.chart().merged).any(|one| one.value.other == id);
    view.app
        .charts
        .alike(here.identity(), here.patient)
        .into_iter()
        .filter(|(_, other)| {
            view.principal.staff().is_some_and(|id| other.team.contains(&id)) && !merged(other.patient)
        })
        .map(|(_, other)| {
            let born = other.birth_date.map(|born| format!(", born {born}")).unwrap_or_default();
            (other.patient.to_string(), format!("{}{born}, {} doses", other.name, other.doses))
        })
        .collect()
}

/// On the overview: there is another chart that may be theirs.
pub(super) fn notice(view: &ChartPage) -> Markup {
    let may = view.chart().merged_into.is_none() && view.principal.is(stillwater_care::roles::Role::Prescriber);
    html! {
        @if let Some(into) = view.chart().merged_into {
            (ui::notice(ui::Notice::Due, html! { p { "This chart was merged. The person goes on in " a href=(format!("/patients/{into}")) { "their other chart" } "." } }))
        }
        @for (other, name) in half_done(view) {
            @if may {
                (ui::notice(ui::Notice::ActNow, html! {
                    p { "The chart kept as " (name) " was merged into this one and is still open: the merge stopped half way." }
                    (view.small_form("finish", "merge", &[("other", &other.to_string())], None, "Close the other chart"))
                }))
            }
        }
        @if may && !candidates(view).is_empty() {
            (ui::notice(ui::Notice::Due, html! { p { "Another chart may be the same person's: doses in it are not seen here. " a href=(view.href("merge")) { "Look, and merge them" } } }))
        }
    }
}

fn draw(view: &ChartPage) -> Markup {
    let typed = view.typed_for("merge");
    let others = candidates(view);
    let body = html! {
        @if others.is_empty() { (ui::empty("No other chart of your care teams agrees with this one in a number, or in two of name, date of birth and telephone.")) }
        @else {
            section .panel {
                h2 { "This chart goes on; the other is closed" }
                p { "Doses of the other chart count here for intervals and lifetime exposure; its laboratory results, weights and resting readings stand here too; what was answered with yes there has to be confirmed here, and its medicines gone through. Both charts keep all their entries. Open orders and sessions of the other are cancelled." }
                (view.form("merge", "merge", html! {
                    (FieldGroup::list("other", "The other chart", others).typed(&typed))
                    (Field::area("merge-reason", "How you know that they are one person").typed(&typed))
                    (view.proof_field("merge"))
                    button .button.primary type="submit" { "Merge the charts" }
                }))
            }
        }
    };
    view.page("Two charts of one person", "", body)
}
