//! The safety plan in six steps (Stanley and Brown), with crisis help on top.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_care::event::SafetyPlanWritten;
use stillwater_ui::{Field, call_button};

use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn, local_time};
use crate::state::App;

const STEPS: [(&str, &str); 6] = [
    ("warning_signs", "1. How I notice that a crisis may be coming"),
    ("own_coping", "2. What I can do by myself"),
    ("people_and_places", "3. People and places that take my mind off it"),
    ("people_who_help", "4. People I can ask for help"),
    ("professionals", "5. Professionals and crisis lines, with numbers"),
    ("means_safety", "6. How I make my surroundings safe"),
];

fn step<'p>(plan: &'p SafetyPlanWritten, name: &str) -> &'p str {
    match name {
        "warning_signs" => &plan.warning_signs,
        "own_coping" => &plan.own_coping,
        "people_and_places" => &plan.people_and_places,
        "people_who_help" => &plan.people_who_help,
        "professionals" => &plan.professionals,
        _ => &plan.means_safety,
    }
}

pub(super) async fn page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    let (chart, now) = (own.chart(), app.clock.now());
    let mut typed = Form::blank();
    if let Some(plan) = &chart.safety_plan {
        for (name, _) in STEPS {
            typed.set(name, step(&plan.value, name));
        }
    }
    let crisis_line = match &ctx.clinic.crisis_veterans {
        Some(then) => format!("Crisis line (veterans: {then})"),
        None => "Crisis line".to_owned(),
    };
    let body = html! {
        div .stack {
            (call_button(&crisis_line, &ctx.clinic.crisis_number))
            (call_button("Your team", &ctx.clinic.on_call_phone))
        }
        @if let Some(plan) = &chart.safety_plan {
            p .quiet { "Written " (local_time(chart, plan.occurred_at, now)) "." }
            @for (name, title) in STEPS {
                @let words = step(&plan.value, name);
                h2 { (title) }
                p .as-written { @if words.is_empty() { "–" } @else { (words) } }
            }
        } @else {
            p .lead { "A plan for a bad day, made on a good one. You can write it here, or with your guide." }
        }
        details open[chart.safety_plan.is_none()] {
            summary { @if chart.safety_plan.is_some() { "Change it" } @else { "Write it" } }
            form method="post" action="/my/safety-plan" .stack data-once data-draft="safety-plan" {
                (ctx.command_fields(chart.seq))
                @for (name, title) in STEPS { (Field::area(name, title).typed(&typed)) }
                button .button.primary type="submit" { "Keep my plan" }
            }
        }
        p { a href="/my" { "Back to my page" } }
    };
    Ok(phone(&ctx, "Safety plan", body))
}

pub(super) async fn write(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    typed: Form,
) -> Result<Response, Problem> {
    let words = |name: &str| typed.get(name).trim().to_owned();
    let plan = SafetyPlanWritten {
        warning_signs: words("warning_signs"),
        own_coping: words("own_coping"),
        people_and_places: words("people_and_places"),
        people_who_help: words("people_who_help"),
        professionals: words("professionals"),
        means_safety: words("means_safety"),
    };
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, Command::WriteSafetyPlan(plan))
        .await?
    {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/safety-plan").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/safety-plan")),
    }
}
