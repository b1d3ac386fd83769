//! Before the dose: the card of the day, the safety questions, the questions of the day, waiting, and the dose itself.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::command::{Command, CompleteMeasure, RecordDose, TakeDose};
use stillwater_care::day::{DayStep, READINGS_OPEN_MINUTES};
use stillwater_care::event::{AfterHold, DayAnswered, DayAnswers, Point};
use stillwater_care::facts::Setting;
use stillwater_care::readiness::{DayPart, DayQuestion};
use stillwater_instruments::{Catalogue, Instrument, Responses};
use stillwater_ui::{self as ui, FieldGroup};
use stillwater_words::ready;

use super::{Here, SessionForm, again, call_line, heard, next, said, send};
use crate::chart_access::OwnChart;
use crate::forms::day::{day_answers, day_fields};
use crate::forms::plain::how;
use crate::forms::time::{when, when_field};
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::RestsOn;
use crate::state::App;

/// The card of the day: when, how much, who is there, and how far it has come.
pub(super) fn today(here: &Here<'_>, step: DayStep) -> Markup {
    let (chart, session) = (here.chart, here.session);
    let body = html! {
        p .lead { "Session " (session.number) " begins " strong { (here.time(session.starts_at)) } "." }
        dl .key-values {
            div { dt { "Your dose" } dd { (dose_words(here)) } }
            @if session.setting == Setting::Home {
                div { dt { "Your companion" } dd {
                    @match &chart.companion {
                        Some(companion) => { (companion.name) @if companion.confirmed_at.is_none() { ", has not confirmed yet" } },
                        None => "Nobody is named yet. Please tell your team.",
                    }
                } }
            } @else { div { dt { "Where" } dd { "At the clinic" } } }
        }
        (here.held())
        h2 { "On the day we ask" }
        ul .steps {
            @for question in DayQuestion::of(chart, session.setting) {
                @let answered = question.answered(&session.day);
                li { span .step-mark aria-hidden="true" { @if answered { "✓" } @else { "○" } } span { (ready::question(here.ctx.words, question)) @if answered { span .sr { " (answered)" } } } }
            }
        }
        @if step == DayStep::NotYet { p { "Open this page again on the day. Nothing is needed now." } }
        @else { a .button.primary href="/my/session?step=next" { "Go on" } }
        (call_line(here.ctx))
    };
    here.page("Your day", body)
}

/// The dose in words and in milligrams.
fn dose_words(here: &Here<'_>) -> Markup {
    match here.chart.order_in_force() {
        Some(order) => {
            html! { strong { (ui::score_text(order.written.dose_mg)) " mg" } ", " (how(order.written.route)) span .quiet { " (" (order.written.product) ")" } }
        }
        None => html! { "Your prescriber has not written it yet." },
    }
}

fn asq() -> Option<&'static Instrument> {
    Catalogue::built_in().get("asq").filter(|instrument| instrument.may_show_text())
}

/// The questions are asked of everybody before every dose; the fifth only when one of the four calls for it.
pub(super) fn safety_page(here: &Here<'_>, typed: &Form, says: Option<&str>) -> Markup {
    let fifth = endorsed(typed);
    let body = html! {
        p { "We ask everybody this before every dose, because safety comes first. You may choose “I would rather not say”; then somebody from your team will talk with you before the dose." }
        (said(says))
        (ui::error_summary(typed))
        @match asq() {
            Some(asq) => form method="post" action="/my/session/safety" .stack data-once {
                (here.fields())
                @for item in &asq.items {
                    @let acuity = item.ask_if.is_some();
                    @if acuity && fifth { p { "One more question, because of what you said." } }
                    @if !acuity || fifth { (FieldGroup::one(&item.id, &item.text, choices()).typed(typed)) }
                }
                button .button.primary type="submit" { "Send" }
            },
            None => p { "These questions are asked by your team in person. Please call them." },
        }
        p { "If you are thinking of ending your life, you do not have to wait for anything: call or text "
            (ui::phone_link(&here.ctx.clinic.crisis_number))
            @if let Some(then) = &here.ctx.clinic.crisis_veterans { " (veterans " (then) ")" }
            ", or call your team." }
        (call_line(here.ctx))
    };
    here.page("How safe are you today?", body)
}

fn choices() -> Vec<(String, String)> {
    [("0", "No"), ("1", "Yes"), ("9", "I would rather not say")].map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec()
}

/// Whether one of the first four questions was answered with anything but no.
fn endorsed(typed: &Form) -> bool {
    asq().is_some_and(|asq| {
        asq.items.iter().filter(|item| item.ask_if.is_none()).any(|item| matches!(typed.get(&item.id), "1" | "9"))
    })
}

pub(super) async fn safety(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let Some(session) = own.open.chart.current_session().map(|session| session.id) else {
        return Ok(again(&app, &ctx, &own, &next(), &typed));
    };
    let fifth = endorsed(&typed);
    let mut answers = Responses::default();
    for item in asq().map(|asq| asq.items.as_slice()).unwrap_or_default() {
        if item.ask_if.is_some() && !fifth {
            continue;
        }
        match typed.get(&item.id) {
            "0" => answers.set(&item.id, 0),
            "1" => answers.set(&item.id, 1),
            "9" => answers.set(&item.id, 9),
            _ => typed.wrong(&item.id, "Please choose an answer; “I would rather not say” is one."),
        }
    }
    if !typed.is_sound() {
        return Ok(again(&app, &ctx, &own, &next(), &typed));
    }
    let command = Command::CompleteMeasure(CompleteMeasure {
        instrument: "asq".to_owned(),
        point: Point::PreDose,
        session: Some(session),
        answers,
    });
    let form = SessionForm { then: "/my/session?step=next", asked: next(), rests_on: RestsOn::Itself };
    send(&app, &ctx, &own, &headers, &typed, form, command).await
}

/// The questions of the day, a part at a time. What is asked alone says nothing of why, and shows nothing that was said.
pub(super) fn day_page(here: &Here<'_>, part: DayPart, typed: &Form, says: Option<&str>) -> Markup {
    let body = html! {
        @if part != DayPart::Private { (here.held()) }
        (said(says))
        @if part == DayPart::Private {
            p { "Turn the screen so that only you can see it, or go to another room first. Only your team reads the answer: it is never shown on this phone or on your companion's." }
            p { a .button href="/my" { "Not now" } }
        }
        (ui::error_summary(typed))
        form method="post" action="/my/session/day" .stack data-once {
            (here.fields())
            input type="hidden" name="part" value=(first_field(part));
            (day_fields(here.chart, here.session, part, typed))
            button .button.primary type="submit" { "Send" }
        }
        (call_line(here.ctx))
    };
    let title = match part {
        DayPart::Body => "Today's questions",
        DayPart::Place => "Where you are today",
        DayPart::Private => "For your eyes only",
    };
    here.page(title, body)
}

/// The first field of a part: an empty answer is told of there.
fn first_field(part: DayPart) -> &'static str {
    match part {
        DayPart::Body => "fasted",
        DayPart::Place => "place",
        DayPart::Private => "private",
    }
}

pub(super) async fn day(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let answers = day_answers(&own.open.chart, &mut typed);
    let session = own.open.chart.current_session().map(|session| session.id);
    if answers == DayAnswers::default() && typed.is_sound() {
        let first = DayPart::ALL.map(first_field).into_iter().find(|field| *field == typed.get("part"));
        typed.wrong(first.unwrap_or("fasted"), "Please answer at least one question.");
    }
    let Some(session) = session.filter(|_| typed.is_sound()) else {
        return Ok(again(&app, &ctx, &own, &next(), &typed));
    };
    let command = Command::AnswerDay(DayAnswered { session, answers });
    let form = SessionForm { then: "/my/session?step=next", asked: next(), rests_on: RestsOn::Itself };
    send(&app, &ctx, &own, &headers, &typed, form, command).await
}

/// All is answered; somebody else has to do something now.
pub(super) fn wait(here: &Here<'_>) -> Markup {
    let session = here.session;
    let opens = stillwater_care::quantity::plus_minutes(session.starts_at, -READINGS_OPEN_MINUTES);
    let home = session.setting == Setting::Home;
    let mark = |done: bool| html! { span .step-mark aria-hidden="true" { @if done { "✓" } @else { "○" } } };
    let body = html! {
        (here.held())
        @if here.now < opens {
            p .lead { "That is all for now." }
            p { "Come back " strong { (here.time(opens)) } ": then you rest and measure your blood pressure." }
        } @else {
            p .lead { "You have done your part. Thank you." }
            ul .steps {
                @if home {
                    li { (mark(session.companion_arrived_at.is_some())) span { @if session.companion_arrived_at.is_some() { "Your companion says that they are with you." } @else { "Your companion presses “I am here” on their own phone." } } }
                    li { (mark(session.companion_seen.is_some())) span { @if session.companion_seen.is_some() { "Your guide has seen your companion." } @else { "Your guide calls, and sees your companion." } } }
                }
                li { (mark(false)) span { "Your team says go. This page changes by itself." } }
            }
        }
        (taken_already(here))
        (call_line(here.ctx))
    };
    here.page("Nearly there", body)
}

/// Go was said. At home the patient takes the dose; in the clinic staff give it.
pub(super) fn unlock(here: &Here<'_>, says: Option<&str>) -> Markup {
    let order = here.chart.order_in_force().map(|order| &order.written);
    let home = here.session.setting == Setting::Home;
    let body = html! {
        (here.held())
        (said(says))
        @match order {
            Some(order) if home => {
                p .lead { "Your team has said go. Take your time: sit or lie down first." }
                ol .instruction {
                    li { "Take " strong { (ui::score_text(order.dose_mg)) " mg" } " " (how(order.route)) ": " (order.product) "." }
                    @if let Some(minutes) = order.hold_minutes { li { "Keep it there for " strong { (ui::score_text(minutes)) " minutes" } ". Try not to swallow. A timer counts for you, with a soft chime." } }
                    @match order.after_hold {
                        Some(AfterHold::Spit) => li { "Then spit out what is left." },
                        Some(AfterHold::Swallow) => li { "Then swallow what is left." },
                        None => {}
                    }
                    li { "Do not eat, drink or stand up alone until your companion says so." }
                }
                @if let Some(person) = &here.chart.demographics {
                    p { "This is for " strong { (person.name) } ", born " strong { (person.born()) } ". If that is not you, do not take it, and call your team." }
                }
                form method="post" action="/my/session/dose" .stack {
                    (here.fields())
                    (ui::hold_button("I am taking it now", 2000, "primary unlock"))
                }
                p { "You can still say no. " a href="/my/session/help" { "Talk to my team first" } }
            }
            Some(order) => {
                p .lead { "Your team has said go. They give you the dose, " (how(order.route)) "." }
                p { "You can still say no, at any moment." }
            }
            None => p { "Your prescriber's order is not there any more. Please call your team." },
        }
        (taken_already(here))
        (call_line(here.ctx))
    };
    here.page("Your dose", body)
}

/// Somebody who has taken their dose without the button says so, and is watched from then on.
fn taken_already(here: &Here<'_>) -> Markup {
    if here.session.setting != Setting::Home {
        return html! {};
    }
    html! {
        details {
            summary { "I have taken my dose already" }
            p { "That is all right. Tell us when, so that your team and your companion can look after you." }
            form method="post" action="/my/session/taken" .stack {
                (here.fields())
                (when_field("when", &Form::blank()))
                (ui::hold_button("I have taken it", 1500, ""))
            }
        }
    }
}

pub(super) async fn taken(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    use axum::response::IntoResponse;
    heard(&app, &own);
    let chart = &own.open.chart;
    if !typed.confirmed() {
        let back = "/my/session?step=next";
        let form =
            ui::confirm_form(&ctx, "/my/session/taken", &typed, "Have you taken your dose already?", "Yes", back);
        return Ok(super::page(&app, &ctx, chart, "Your dose", form).into_response());
    }
    let taken_at = when(chart, &mut typed, "when", app.clock.now());
    let session = chart.current_session().map(|session| session.id);
    if !typed.is_sound() {
        return Ok(again(&app, &ctx, &own, &next(), &typed));
    }
    let dose = RecordDose { session, taken_at, dose_mg: None, route: None, words: String::new() };
    let form = SessionForm { then: "/my/session", asked: next(), rests_on: RestsOn::Itself };
    send(&app, &ctx, &own, &headers, &typed, form, Command::RecordDose(dose)).await
}

pub(super) async fn take_dose(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    use axum::response::IntoResponse;
    heard(&app, &own);
    let chart = &own.open.chart;
    let Some(session) = chart.current_session().map(|session| session.id) else {
        return Ok(again(&app, &ctx, &own, &next(), &typed));
    };
    if !typed.confirmed() {
        let form = ui::confirm_form(
            &ctx,
            "/my/session/dose",
            &typed,
            "Are you taking your dose now?",
            "Yes, now",
            "/my/session?step=next",
        );
        return Ok(super::page(&app, &ctx, chart, "Your dose", form).into_response());
    }
    let command = Command::TakeDose(TakeDose { session, taken_at: app.clock.now() });
    let form = SessionForm { then: "/my/session", asked: next(), rests_on: RestsOn::WhatWasSeen };
    send(&app, &ctx, &own, &headers, &typed, form, command).await
}
