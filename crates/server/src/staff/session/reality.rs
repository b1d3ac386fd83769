//! What happened otherwise than planned, or is written down later: a dose that was given, how much of it, the infusion, what
//! was seen earlier, and a patient who leaves. None of these forms waits for a state of the session.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::code::Code as _;
use stillwater_care::command::{Command, GiveBooster, RecordDose};
use stillwater_care::event::*;
use stillwater_care::facts::{Route, Symptom};
use stillwater_care::ids::SessionId;
use stillwater_ui::{self as ui, Field, FieldGroup};
use stillwater_words::Words;

use super::quick::{answer, typed_in};
use super::{CockpitView, FormReply};
use crate::forms::day::answered;
use crate::forms::symptoms::{symptom_from, symptom_word};
use crate::forms::time::{when, when_field};
use crate::http::Form;

/// The fields of a dose that was given.
pub(crate) fn given_fields(words: &Words, typed: &Form) -> Markup {
    let routes = [Route::Intravenous, Route::Intramuscular, Route::Sublingual, Route::Oral, Route::NasalEsketamine]
        .map(|route| (route.code().to_owned(), words.term(route)));
    html! {
        (when_field("given_when", typed))
        (Field::number("given_mg", "Milligrams really given", "mg").hint("Left empty: as ordered.").typed(typed))
        (FieldGroup::list("given_route", "Route, if it was another than ordered", routes.to_vec()).typed(typed))
        (Field::area("given_words", "What happened").hint("Who gave or took it, and how you know.").typed(typed))
    }
}

/// Reads a dose that was given.
pub(crate) fn read_given(chart: &Chart, session: Option<SessionId>, typed: &mut Form, now: Timestamp) -> Command {
    let taken_at = when(chart, typed, "given_when", now);
    let dose_mg = typed.optional("given_mg", "Write the milligrams as a number.");
    let route = typed.get("given_route");
    let all = [Route::Intravenous, Route::Intramuscular, Route::Sublingual, Route::Oral, Route::NasalEsketamine];
    let route = all.into_iter().find(|known| known.code() == route);
    Command::RecordDose(RecordDose {
        session,
        taken_at,
        dose_mg,
        route,
        words: typed.get("given_words").trim().to_owned(),
    })
}

/// A form that is opened when it is needed.
fn folded(
    scene: &CockpitView<'_>,
    said: Option<&FormReply<'_>>,
    form: &'static str,
    title: &str,
    button: &str,
    fields: Markup,
) -> Markup {
    html! {
        details id=(form) .panel open[said.is_some_and(|said| said.form == form)] {
            summary { (title) }
            (answer(said, form))
            form method="post" action=(scene.href(&format!("/{form}"))) .stack data-once {
                (scene.ctx.command_fields(scene.chart.seq))
                (fields)
                button .button.primary type="submit" { (button) }
            }
        }
    }
}

/// Everything of this kind that the session can take.
pub(super) fn forms(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    if !scene.acts {
        return html! {};
    }
    let session = scene.session;
    let words = scene.ctx.words;
    let blank = Form::blank();
    let typed = |form: &'static str| typed_in(said, form, &blank);
    let dosed = session.dose();
    let infusion = dosed.is_some_and(|dose| dose.route == Route::Intravenous);
    let title = if dosed.is_some() { "A further dose was given" } else { "A dose was given: write it down" };
    html! {
        @if infusion { (infusion_form(scene, said, typed("infusion"))) }
        @if session.phase().is_running() { (booster(scene, said)) }
        (folded(scene, said, "earlier", "Write down what was seen earlier", "Save", earlier_fields(words, typed("earlier"))))
        (folded(scene, said, "given", title, "Record the dose", html! {
            p .quiet { "What was given is always recorded. Where it departs from the plan it is flagged, the team is told, and the watch counts from the time that you give." }
            (given_fields(words, typed("given")))
        }))
        @if let Some(dose) = dosed {
            (folded(scene, said, "amount", "Another amount was given", "Record the amount", html! {
                p { "On record: " strong { (ui::score_text(dose.dose_mg)) " mg" }
                    @if let Some(ordered) = dose.ordered_mg { ", ordered " (ui::score_text(ordered)) " mg" } "." }
                (Field::number("amount_mg", "Milligrams given in all", "mg").hint("0 where nothing of it was given.").typed(typed("amount")))
                (Field::new("amount_words", "Why").autocomplete("off").typed(typed("amount")))
            }))
        }
        @if session.phase().is_running() {
            (folded(scene, said, "leave", "The patient leaves before release", "Record the leaving", html! {
                p .quiet { "Nobody can be held. The prescriber is called." }
                (Field::area("leave_words", "How they left, with whom, and what was said").typed(typed("leave")))
            }))
        }
    }
}

fn infusion_form(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>, typed: &Form) -> Markup {
    let session = scene.session;
    let words = scene.ctx.words;
    let steps = InfusionStep::ALL.map(|step| (step.code().to_owned(), words.code("infusion-step", step.code())));
    let stands = match session.infusion_end_at() {
        Some(end) if end <= scene.now => format!("Ended {}.", scene.time(end)),
        Some(end) => format!("To end {} by its plan and its pauses.", scene.time(end)),
        None if session.infusion_is_paused() => "Paused.".to_owned(),
        None => "Nobody knows yet when it ends: record its end.".to_owned(),
    };
    html! {
        section #infusion .panel {
            h2 { "Infusion" }
            p { (stands) }
            (answer(said, "infusion"))
            form method="post" action=(scene.href("/infusion")) .stack data-once {
                (scene.ctx.command_fields(scene.chart.seq))
                div .quick {
                    (FieldGroup::list("step", "What was done", steps.to_vec()).typed(typed))
                    (Field::number("rate", "Rate from then on", "ml/h").typed(typed))
                    (Field::number("infused_mg", "Given in all by then", "mg").typed(typed))
                    (when_field("infusion_when", typed))
                }
                button .button.primary type="submit" { "Record" }
            }
        }
    }
}

/// The booster, only where the protocol has one.
fn booster(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let Some(booster) = scene.protocol.and_then(|protocol| protocol.dose.booster) else { return html! {} };
    let Some(dose) = scene.session.dose() else { return html! {} };
    let blank = Form::blank();
    let [from, to] = booster.after_minutes;
    let most = dose.dose_mg * booster.max_fraction;
    let hint = format!("At most {} mg, between {from} and {to} minutes after the dose, once.", ui::score_text(most));
    html! {
        section #booster .panel {
            h2 { "Booster" }
            (answer(said, "booster"))
            form method="post" action=(scene.href("/booster")) .stack {
                (scene.ctx.command_fields(scene.chart.seq))
                (Field::number("booster_mg", "Booster", "mg").hint(&hint).typed(typed_in(said, "booster", &blank)))
                (ui::hold_button("Booster now", 1000, "primary"))
            }
        }
    }
}

fn earlier_fields(words: &Words, typed: &Form) -> Markup {
    let symptoms = Symptom::ALL.map(|symptom| (symptom_word(symptom), words.term(symptom)));
    let yes_no = || vec![("yes".to_owned(), "yes".to_owned()), ("no".to_owned(), "no".to_owned())];
    let looks = [("fine", "fine"), ("unsure", "not sure"), ("not-fine", "not fine")];
    html! {
        p .quiet { "It is recorded with the time that you give. Readings have the same field in the quick update." }
        (when_field("earlier_when", typed))
        (FieldGroup::list("symptom", "A symptom", symptoms.to_vec()).typed(typed))
        (FieldGroup::list("look", "A look-in", looks.map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec()).typed(typed))
        (FieldGroup::list("look_name", "Answered to their name", yes_no()).typed(typed))
        (FieldGroup::list("look_breath", "Breathed easily", yes_no()).typed(typed))
        (FieldGroup::list("look_colour", "Colour as usual", yes_no()).typed(typed))
        (Field::new("earlier_words", "In words").autocomplete("off").typed(typed))
    }
}

pub(super) fn read_earlier(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let session = scene.session.id;
    let at = when(scene.chart, typed, "earlier_when", scene.now);
    let words = typed.get("earlier_words").trim().to_owned();
    let mut commands = Vec::new();
    if let Some(symptom) = symptom_from(typed.get("symptom")) {
        let words = words.clone();
        commands.push(Command::MarkSymptom(SymptomMarked { session, symptom, seen_at: at, words }));
    }
    if let Some(look) = CheckAnswer::ALL.into_iter().find(|known| known.code() == typed.get("look")) {
        let seen = |name: &str| answered(typed.get(name)).map(|a| a == stillwater_care::facts::Answered::Yes);
        commands.push(Command::CheckIn(CheckInRecorded {
            session,
            answer: look,
            answers_to_name: seen("look_name"),
            breathing_easily: seen("look_breath"),
            colour_normal: seen("look_colour"),
            words,
            looked_at: Some(at),
        }));
    }
    if commands.is_empty() && typed.is_sound() {
        typed.wrong("symptom", "Choose a symptom or a look-in.");
    }
    commands
}

pub(super) fn read_amount(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let given_mg = typed.needed("amount_mg", "Write the milligrams that were given in all.");
    let words = typed.required("amount_words", "Write why it was another amount.");
    let session = scene.session.id;
    given_mg
        .map(|given_mg| Command::RecordAmount(DoseAmountRecorded { session, given_mg, words }))
        .into_iter()
        .collect()
}

pub(super) fn read_infusion(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let at = when(scene.chart, typed, "infusion_when", scene.now);
    let rate_ml_per_hour = typed.optional("rate", "Write the rate as a number.");
    let given_mg = typed.optional("infused_mg", "Write the milligrams as a number.");
    let Some(step) = InfusionStep::ALL.into_iter().find(|known| known.code() == typed.get("step")) else {
        typed.wrong("step", "Choose what was done.");
        return Vec::new();
    };
    let session = scene.session.id;
    vec![Command::RecordInfusion(InfusionRecorded { session, step, at, rate_ml_per_hour, given_mg })]
}

pub(super) fn read_booster(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let dose_mg = typed.needed("booster_mg", "Write the milligrams of the booster.");
    let session = scene.session.id;
    dose_mg.map(|dose_mg| Command::GiveBooster(GiveBooster { session, dose_mg })).into_iter().collect()
}

pub(super) fn read_leaving(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let words = typed.required("leave_words", "Write how they left and what was said.");
    vec![Command::RecordLeaving(PatientLeft { session: scene.session.id, words })]
}
