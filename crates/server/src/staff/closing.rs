//! Closing an alert: what was found, what was done, who knows, what is next. Four fields in one form, wherever it is closed.

use maud::{Markup, html};
use stillwater_care::event::{AlertClosing, AlertResolved};
use stillwater_care::ids::AlertId;

use crate::http::Form;

/// What is asked: the field's name, its question, and answers that are often given.
const ASKED: [(&str, &str, &[&str]); 4] = [
    ("words", "What was found", &[]),
    ("done", "What was done", &[]),
    ("told", "Who knows", &["the prescriber", "the patient", "the companion", "the next shift", "the whole team"]),
    (
        "next",
        "What is next",
        &["nothing more", "watch until release", "repeat the reading", "call tomorrow", "review before the next dose"],
    ),
];

/// The four fields, with what was typed; `id` makes the lists of usual answers unique on the page.
pub(super) fn fields(id: &str, typed: Option<&Form>) -> Markup {
    html! {
        @for (name, label, usual) in ASKED {
            @let list = format!("{name}-{id}");
            label .grow { (label)
                input type="text" name=(name) autocomplete="off" list=[(!usual.is_empty()).then_some(&list)]
                    value=[typed.map(|typed| typed.get(name)).filter(|value| !value.is_empty())];
            }
            @if !usual.is_empty() {
                datalist id=(list) { @for answer in usual { option value=(answer) {} } }
            }
        }
    }
}

/// What was typed; whatever is missing is refused where it is decided.
pub(super) fn read(typed: &Form, alert: AlertId) -> AlertResolved {
    let said = |name: &str| typed.get(name).trim().to_owned();
    AlertResolved {
        alert,
        words: said("words"),
        closing: AlertClosing { done: said("done"), told: said("told"), next: said("next") },
    }
}
