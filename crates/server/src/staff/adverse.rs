//! Serious adverse events that hold every dose until a prescriber has reviewed them, and the form for that review.

use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_care::event::AdverseEventReviewed;
use stillwater_care::roles::Role;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};

use super::desk::{self, ChartPage, options};
use crate::http::Form;

/// The review of one event, as it was typed.
pub(super) fn read(typed: &mut Form) -> Option<Command> {
    let entry = desk::event_id(typed, "entry").ok()?;
    let proceed = typed.required("proceed", "Choose whether treatment may go on.");
    let words = typed.get("event-review-words").trim().to_owned();
    (!proceed.is_empty())
        .then(|| Command::ReviewAdverseEvent(AdverseEventReviewed { entry, proceed: proceed == "yes", words }))
}

/// Every serious event that holds a dose, oldest first; nothing where there is none.
pub(super) fn to_review(view: &ChartPage) -> Markup {
    let chart = view.chart();
    html! {
        @for event in chart.serious_events_held() {
            section .panel #(format!("review-{}", event.id)) {
                h2 { "Serious adverse event: no dose until it is reviewed" }
                p { (ui::flag(Flag::ActNow, "holds every dose")) " " strong { (event.value.what) } ", " (view.when(event.occurred_at)) ", by " (event.actor.name()) ". " (event.value.outcome) }
                @if let Some(review) = chart.review_of_event(event.id) {
                    p { "Reviewed by " (review.actor.name()) " " (view.when(review.occurred_at)) ": do not go on. " (review.value.words) }
                }
                @if view.principal.is(Role::Prescriber) {
                    @let mine = view.typed.get("entry") == event.id.to_string();
                    @let typed = if mine { view.typed_for("adverse-review") } else { Form::blank() };
                    (view.form("adverse-review", "", html! {
                        input type="hidden" name="entry" value=(event.id);
                        (FieldGroup::one("proceed", "May treatment go on", options([("yes", "Yes: a new order and a new go are needed"), ("no", "No: every dose stays held")])).typed(&typed))
                        (Field::area("event-review-words", "What you found, and why").typed(&typed))
                        (view.proof_field("adverse-review"))
                        button .button.primary type="submit" { "Sign the review" }
                    }))
                } @else { p .quiet { "The review is a prescriber's." } }
            }
        }
    }
}
