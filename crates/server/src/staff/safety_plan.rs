//! The safety plan: six steps from the first warning sign to making the surroundings safe, written with the patient.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_care::event::SafetyPlanWritten;
use stillwater_ui::{self as ui, Field};

use super::desk::ChartPage;
use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// The steps: field, title, what belongs there.
const STEPS: [(&str, &str, &str); 6] = [
    ("warning_signs", "1. Warning signs", "Thoughts, feelings or situations that tell a crisis may be coming."),
    ("own_coping", "2. What I can do by myself", "Without asking anybody."),
    ("people_and_places", "3. People and places that take my mind off it", "Names, places."),
    ("people_who_help", "4. People I can ask for help", "Names and telephone numbers."),
    ("professionals", "5. Professionals and crisis lines", "With numbers, day and night."),
    ("means_safety", "6. Making my surroundings safe", "What is put out of reach, and by whom."),
];

pub fn routes() -> Routes {
    const PATH: &str = "/patients/{id}/safety-plan";
    Routes::new().get("safety-plan", PATH, CHART, page).post("safety-plan.send", PATH, CLINICAL, send)
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "safety plan").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "safety plan").await?;
    view.typed = typed;
    let text = |name: &str| view.typed.get(name).trim().to_owned();
    let command = Command::WriteSafetyPlan(SafetyPlanWritten {
        warning_signs: text("warning_signs"),
        own_coping: text("own_coping"),
        people_and_places: text("people_and_places"),
        people_who_help: text("people_who_help"),
        professionals: text("professionals"),
        means_safety: text("means_safety"),
    });
    let to = view.href("safety-plan");
    view.send(Some(command), to, draw).await
}

/// The words of a step.
fn of<'p>(plan: &'p SafetyPlanWritten, field: &str) -> &'p str {
    match field {
        "warning_signs" => &plan.warning_signs,
        "own_coping" => &plan.own_coping,
        "people_and_places" => &plan.people_and_places,
        "people_who_help" => &plan.people_who_help,
        "professionals" => &plan.professionals,
        _ => &plan.means_safety,
    }
}

fn draw(view: &ChartPage) -> Markup {
    let plan = view.chart().safety_plan.as_ref();
    // The plan is rewritten as a whole, so the form begins with the words that stand, as one does on paper.
    let typed = if view.typed.get("form") == "plan" {
        view.typed.clone()
    } else {
        let mut typed = Form::blank();
        if let Some(plan) = plan {
            for (field, ..) in STEPS {
                typed.set(field, of(&plan.value, field));
            }
        }
        typed
    };
    let body = html! {
        @match plan {
            Some(plan) => {
                p .quiet { "Written " (view.when(plan.occurred_at)) " by " (plan.actor.name()) "." }
                section .panel { dl .safety-plan { @for (field, title, _) in STEPS { dt { (title) } dd .as-written { @if of(&plan.value, field).is_empty() { span .quiet { "left open" } } @else { (of(&plan.value, field)) } } } } }
            }
            None => (ui::empty("No safety plan is written yet. It is made with the patient, in the patient's words.")),
        }
        details .panel open[plan.is_none() || view.typed.get("form") == "plan"] { summary { @if plan.is_some() { "Write it anew" } @else { "Write the safety plan" } }
            (view.form("plan", "safety-plan", html! {
                @for (field, title, hint) in STEPS { (Field::area(field, title).hint(hint).typed(&typed)) }
                button .button.primary type="submit" { "Save the plan" }
            })) }
    };
    view.page("Safety plan", "safety-plan", body)
}
