//! What is written down while a session runs: the quick update, the one-tap events, and the button that stops it.

use maud::{Markup, html};
use stillwater_care::facts::Symptom;
use stillwater_ui::{self as ui, Field, FieldGroup};

use super::{CockpitView, FormReply};
use crate::forms::symptoms::symptom_word;
use crate::forms::time::when_field;
use crate::http::Form;

/// Symptoms that are held down, not tapped: a slip would raise an alarm.
pub(super) const GRAVE: [Symptom; 5] = [
    Symptom::ChestPain,
    Symptom::SevereHeadache,
    Symptom::NeurologicalChange,
    Symptom::DangerToSelfOrOthers,
    Symptom::Unresponsive,
];

/// Moments that are marked with one tap, in the words that are recorded.
pub(super) const MOMENTS: [&str; 3] = ["first effect felt", "tears, or strong feeling", "a word that mattered"];

/// What a refused form is shown with.
pub(super) fn answer(said: Option<&FormReply<'_>>, form: &str) -> Markup {
    match said.filter(|said| said.form == form) {
        Some(said) => html! { (ui::error_summary(said.typed)) (said.words) },
        None => html! {},
    }
}

/// What was typed into a form that is shown again, or nothing.
pub(super) fn typed_in<'t>(said: Option<&'t FormReply<'t>>, form: &str, blank: &'t Form) -> &'t Form {
    said.filter(|said| said.form == form).map_or(blank, |said| said.typed)
}

/// Vital signs, sedation, distress and a note: all optional, one Save. Nothing is filled in beforehand.
pub(super) fn update(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let blank = Form::blank();
    let typed = typed_in(said, "update", &blank);
    let moaas = [
        "5, answers readily to their name",
        "4, answers slowly",
        "3, answers only when called loudly or repeatedly",
        "2, answers only to mild prodding or shaking",
        "1, answers only to a painful squeeze",
        "0, no answer",
    ];
    let levels = moaas.iter().enumerate().map(|(n, words)| ((5 - n).to_string(), (*words).to_owned())).collect();
    let sources = [
        ("device", "read off a device"),
        ("manual", "by hand"),
        ("patient-entered", "told by the patient"),
        ("companion-entered", "told by the companion"),
    ];
    let running = scene.session.phase().is_running();
    html! {
        section #update .panel {
            h2 #vitals { "Quick update" }
            (answer(said, "update"))
            form method="post" action=(scene.href("/update")) data-outbox {
                (scene.ctx.command_fields(scene.chart.seq))
                div .quick {
                    (Field::number("systolic", "Systolic", "mmHg").typed(typed))
                    (Field::number("diastolic", "Diastolic", "mmHg").typed(typed))
                    (Field::number("pulse", "Pulse", "/min").typed(typed))
                    (Field::number("spo2", "SpO2", "%").typed(typed))
                    (Field::number("breathing", "Breathing", "/min").typed(typed))
                    (FieldGroup::list("source", "How measured", sources.map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec()).typed(typed))
                    (FieldGroup::list("moaas", "Sedation, MOAA/S", levels).typed(typed))
                    @if running {
                        (FieldGroup::list("distress", "Distress, patient's own rating", (0..=10).map(|n| (n.to_string(), match n { 0 => "0, none".to_owned(), 10 => "10, worst".to_owned(), n => n.to_string() })).collect()).typed(typed))
                    }
                }
                (when_field("update_when", typed))
                div #note { (Field::new("note", "Note").autocomplete("off").typed(typed)) }
                div .row {
                    button .button.primary type="submit" { "Save" }
                    (ui::saved_steps())
                }
            }
        }
    }
}

/// One tap, one event. Grave ones are held down.
pub(super) fn events(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let one = |name: &str, value: &str, words: &str, grave: bool| {
        html! {
            form method="post" action=(scene.href("/event")) data-outbox {
                (scene.ctx.command_fields(scene.chart.seq))
                input type="hidden" name=(name) value=(value);
                @if grave { (ui::hold_button(words, 1000, "event act-now")) }
                @else { button .button.event type="submit" { (words) } }
                (ui::saved_steps())
            }
        }
    };
    html! {
        section #events .panel {
            h2 #event { "What happens" }
            (answer(said, "event"))
            div .taps {
                @for words in MOMENTS { (one("moment", words, words, false)) }
                @for symptom in Symptom::ALL {
                    (one("symptom", &symptom_word(symptom), &scene.ctx.words.term(symptom), GRAVE.contains(&symptom)))
                }
            }
        }
    }
}

/// Always there, far from the rest, and held down.
pub(super) fn stop(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let session = scene.session;
    html! {
        section #stop .panel.stop {
            h2 { "Stop this session" }
            (answer(said, "stop"))
            @if session.stopped().is_some() {
                p { "The session was stopped. The patient is watched until they are released." }
            } @else {
                p .quiet { "Before the dose it calls the session off. After the dose it alerts the team; watching goes on until release." }
            }
            form method="post" action=(scene.href("/stop")) {
                (scene.ctx.command_fields(scene.chart.seq))
                label .stack { span { "Why, if there is time to say it" } input type="text" name="reason" autocomplete="off"; }
                (ui::hold_button("Stop the session", 1500, "act-now"))
            }
        }
    }
}
