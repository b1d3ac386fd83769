//! Correcting an entry: struck with a reason, and, for a reading, a weight or a laboratory result, with the right value in
//! its place. The time, the session and the way in which it was measured stay those of the entry.

use maud::{Markup, html};
use stillwater_care::command::{Command, CorrectEntry};
use stillwater_care::event::{Event, LabRecorded, Recorded, VitalsRecorded, WeightRecorded};
use stillwater_care::quantity::{BloodPressure, Vitals};
use stillwater_ui::Field;

use super::desk::{self, ChartPage, chosen, stored};
use crate::http::Form;

/// What was asked for: the entry, why, and the value that stands instead where one was given.
pub(super) fn read(log: &[std::sync::Arc<Recorded>], typed: &mut Form) -> Option<Command> {
    let corrects = desk::event_id(typed, "entry").ok()?;
    let struck = log.iter().find(|recorded| recorded.id == corrects)?;
    let instead = if typed.get("instead") == "yes" { Some(Box::new(replacement(&struck.event, typed)?)) } else { None };
    Some(Command::Correct(CorrectEntry { corrects, why: typed.get("why").to_owned(), replacement: instead }))
}

fn replacement(struck: &Event, typed: &mut Form) -> Option<Command> {
    match struck {
        Event::WeightRecorded(weight) => {
            let weight_kg = typed.needed("weight_kg", "Give the weight in kilograms.")?;
            Some(Command::RecordWeight(WeightRecorded { weight_kg, ..weight.clone() }))
        }
        Event::LabRecorded(lab) => {
            let result = chosen(typed, "lab-result", "Choose the result.")?;
            Some(Command::RecordLab(LabRecorded { result, ..lab.clone() }))
        }
        Event::VitalsRecorded(VitalsRecorded { vitals, session }) => {
            let vitals = Vitals {
                blood_pressure: pressure(typed),
                heart_rate_per_min: typed.optional("heart_rate", "Give a whole number a minute."),
                spo2_percent: typed.optional("spo2", "Give a whole number of percent."),
                respiratory_rate_per_min: typed.optional("breathing", "Give a whole number a minute."),
                ..vitals.clone()
            };
            typed.is_sound().then_some(Command::RecordVitals(VitalsRecorded { vitals, session: *session }))
        }
        _ => None,
    }
}

fn pressure(typed: &mut Form) -> Option<BloodPressure> {
    let systolic = typed.optional("systolic", "Give a whole number of mmHg.");
    let diastolic = typed.optional("diastolic", "Give a whole number of mmHg.");
    match (systolic, diastolic) {
        (Some(systolic), Some(diastolic)) => Some(BloodPressure { systolic, diastolic }),
        (None, None) => None,
        _ => {
            typed.wrong("systolic", "Give both numbers of the blood pressure, or neither.");
            None
        }
    }
}

/// The forms behind *Correct* on one entry.
pub(super) fn forms(view: &ChartPage, recorded: &Recorded) -> Markup {
    let entry = recorded.id.to_string();
    let mine = view.typed.get("form") == "correct" && view.typed.get("entry") == entry;
    let number = |name: &str, label: &str, value: Option<String>| {
        let value = if mine { Some(view.typed.get(name).to_owned()) } else { value };
        html! { label { (label) " " input .words name=(name) inputmode="decimal" value=[value.filter(|v| !v.is_empty())]; } }
    };
    let fields = match &recorded.event {
        Event::WeightRecorded(e) => Some(number("weight_kg", "kg", Some(e.weight_kg.to_string()))),
        Event::LabRecorded(e) => Some(html! {
            label { "Result " select name="lab-result" {
                @for (value, words) in [("normal", "normal or negative"), ("raised", "raised"), ("abnormal", "abnormal or positive"), ("unreadable", "could not be read")] {
                    option value=(value) selected[stored(e.result) == value] { (words) }
                }
            } }
        }),
        Event::VitalsRecorded(VitalsRecorded { vitals, .. }) => {
            let text = |n: Option<i32>| n.map(|n| n.to_string());
            Some(html! {
                (number("systolic", "Systolic", vitals.blood_pressure.map(|bp| bp.systolic.to_string())))
                (number("diastolic", "Diastolic", vitals.blood_pressure.map(|bp| bp.diastolic.to_string())))
                (number("heart_rate", "Pulse", text(vitals.heart_rate_per_min)))
                (number("spo2", "SpO₂", text(vitals.spo2_percent)))
                (number("breathing", "Breathing", text(vitals.respiratory_rate_per_min)))
            })
        }
        _ => None,
    };
    let typed = if mine { view.typed_for("correct") } else { Form::blank() };
    html! {
        details open[mine] { summary .quiet { "Correct" }
            (view.small_form("correct", "", &[("entry", &entry)], Some(("why", "What was wrong with this entry")), "Strike this entry"))
            @if let Some(fields) = fields {
                (view.form("correct", "", html! {
                    input type="hidden" name="entry" value=(entry);
                    input type="hidden" name="instead" value="yes";
                    p .quiet { "Or strike it, and put the right value in its place:" }
                    div .row { (fields) }
                    (Field::new("why", "What was wrong with this entry").typed(&typed))
                    button .button.small type="submit" { "Strike it and record this instead" }
                }))
            }
        }
    }
}
