//! While the drug works: the clock, the look-in ring, three questions on one page, help, and the sign-off at the end.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::command::Command;
use stillwater_care::event::{
    CheckAnswer, CheckInRecorded, CheckKind, HelpRequested, ReleaseChecked, SessionStopped, VitalsRecorded,
};
use stillwater_care::facts::ReleaseFacts;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{ReadingSource, minutes_between};
use stillwater_care::schedule;
use stillwater_clinic::Principal;
use stillwater_ui::{self as ui, Field, HelpSheet, Notice, notice, phone_link};

use super::{first_name, help_frame, page, pictures, plain, refused};
use crate::chart_access::{CompanionChart, LetInChart};
use crate::expected::{self, Reader};
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::live::help;
use crate::state::App;

/// One question of a look-in: the field, the picture, what to do and look for, and the word of the gravest answer.
type Question = (&'static str, fn() -> Markup, &'static str);

/// The questions of a look-in, the gravest first.
const QUESTIONS: [Question; 3] = [
    ("name", pictures::calling, "Say their name. Do they answer, or open their eyes?"),
    ("breath", pictures::breathing, "Watch the chest. Quiet, regular breathing?"),
    ("colour", pictures::colour, "Lips and fingertips: colour as usual?"),
];

/// The three answers, as they are sent and as they are read.
const ANSWERS: [(&str, &str); 3] = [("fine", "Yes"), ("unsure", "Unsure"), ("not-fine", "No")];

/// What is asked of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LookInStep {
    /// A look-in has begun.
    #[serde(default)]
    look: String,
    /// A look-in was just sent.
    #[serde(default)]
    done: String,
}

/// Which page for help is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct HelpAsked {
    /// What a look-in found, if that led here: the field of the question.
    #[serde(default)]
    seen: String,
}

fn is_answer(word: &str) -> bool {
    matches!(word, "fine" | "unsure" | "not-fine")
}

/// The pieces that change by themselves.
pub(super) fn parts(ctx: &PageContext, chart: &Chart, protocols: &Protocols, now: Timestamp) -> Vec<(String, Markup)> {
    let Some(session) = chart.running_session() else { return Vec::new() };
    vec![
        ("look-in".to_owned(), ring(ctx, chart, session, protocols)),
        ("help-state".to_owned(), help::state(ctx, chart, Reader::Companion, now)),
        ("strongest".to_owned(), expected::on_phone(chart, session, now, Reader::Companion)),
    ]
}

/// What is on the page by the clock alone: 1 for a reading that is due soon, 2 for the sign-off at the end.
pub(super) fn to_do(chart: &Chart, protocols: &Protocols, now: Timestamp) -> u8 {
    let (Some(session), Some(protocol)) = (chart.running_session(), chart.protocol(protocols)) else { return 0 };
    let soon = schedule::next_checks(chart, session, protocol)
        .iter()
        .any(|check| check.kind == CheckKind::Pressure && minutes_between(now, check.due_at) <= 10);
    let late_enough =
        session.dose_at().is_some_and(|at| minutes_between(at, now) >= protocol.monitoring.earliest_release_minutes);
    u8::from(soon) + 2 * u8::from(late_enough)
}

/// The ring that runs down to the next look-in.
fn ring(ctx: &PageContext, chart: &Chart, session: &Session, protocols: &Protocols) -> Markup {
    let checks =
        chart.protocol_of(session, protocols).map(|p| schedule::next_checks(chart, session, p)).unwrap_or_default();
    let due = checks.iter().find(|check| check.kind == CheckKind::LookIn);
    let from = schedule::last_look_in(chart, session.id).or(session.dose_at());
    html! {
        section #look-in {
            @if let (Some(due), Some(from)) = (due, from) {
                (ui::countdown_ring("ring", "Look in", from.as_millisecond(), due.due_at.as_millisecond(), ctx.now_ms))
            } @else {
                p { "The team looks in here with you. Press the button when you have looked." }
            }
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    Query(step): Query<LookInStep>,
) -> Result<Response, Problem> {
    let Some(session) = beside.chart().running_session() else {
        return Ok(Redirect::to("/companion").into_response());
    };
    let now = app.clock.now();
    if step.look == "1" {
        return Ok(look_in_page(&app, &ctx, &beside).into_response());
    }
    Ok(watching(&ctx, &app, &beside, session, &step, now).into_response())
}

/// Between two look-ins.
fn watching(
    ctx: &PageContext,
    app: &App,
    beside: &CompanionChart,
    session: &Session,
    step: &LookInStep,
    now: Timestamp,
) -> Markup {
    let chart = beside.chart();
    let protocols = app.charts.protocols();
    let dose_ms = session.dose_at().map_or(ctx.now_ms, Timestamp::as_millisecond);
    let earliest = chart.protocol_of(session, protocols).map_or(120, |p| p.monitoring.earliest_release_minutes);
    let late_enough = session.dose_at().is_some_and(|at| minutes_between(at, now) >= earliest);
    let body = html! {
        (help::state(ctx, chart, Reader::Companion, now))
        @if step.done == "1" { (notice(Notice::Done, html! { p { "Thank you. Your look-in was recorded." } })) }
        (ui::elapsed_clock("clock", "Since the dose", dose_ms, ctx.now_ms))
        (ring(ctx, chart, session, protocols))
        div .zones.two {
            a .button.primary href="/companion/session?look=1" data-sheet="look-in-sheet" { "Look in now" }
            (help_form(ctx, chart, Some(session), "Get help"))
        }
        p #look-in-said .quiet role="status" aria-live="polite" {}
        (reading_form(ctx, chart, session, protocols, now))
        (expected::on_phone(chart, session, now, Reader::Companion))
        @if late_enough {
            section .panel {
                @if let Some(at) = session.companion_sign_off_at {
                    p { "You signed off at " (commands::local_time(chart, at, now)) ". The team will say when the session is over. Stay until then." }
                } @else {
                    h2 { "At the end" }
                    p { "Are they awake, steady and well, and are you staying with them? They do not drive until tomorrow, after sleep." }
                    form method="post" action="/companion/sign-off" .stack data-outbox data-then="/companion/session" {
                        (ctx.command_fields(chart.seq))
                        input type="hidden" name="session" value=(session.id);
                        button .button type="submit" { "Yes, they are well and I stay" }
                        (ui::saved_steps())
                    }
                }
            }
        }
        details {
            summary { "Stop the session" }
            p { "The team is told at once and calls you. Keep looking in until they say that it is over." }
            form method="post" action="/companion/stop" .stack data-urgent {
                (ctx.command_fields(chart.seq))
                input type="hidden" name="session" value=(session.id);
                (ui::hold_button("Stop the session", 1000, ""))
            }
        }
        p { "Team: " (phone_link(&ctx.clinic.on_call_phone)) }
    };
    page(app, ctx, chart, "You are watching over them", body)
}

/// A reading that is due soon: at home nobody but the companion can take it.
fn reading_form(ctx: &PageContext, chart: &Chart, session: &Session, protocols: &Protocols, now: Timestamp) -> Markup {
    let checks =
        chart.protocol_of(session, protocols).map(|p| schedule::next_checks(chart, session, p)).unwrap_or_default();
    let due = checks.iter().find(|check| check.kind == CheckKind::Pressure);
    let Some(due) = due.filter(|check| minutes_between(now, check.due_at) <= 10) else { return html! {} };
    html! {
        section #reading .panel {
            h2 { "Blood pressure" }
            p { "It is due " (commands::local_time(chart, due.due_at, now)) ". Put the cuff on their arm, and write what it shows." }
            form method="post" action="/companion/reading" .stack data-outbox data-then="/companion/session" {
                (ctx.command_fields(chart.seq))
                (Field::number("systolic", "First, larger number", "mmHg"))
                (Field::number("diastolic", "Second, smaller number", "mmHg"))
                (Field::number("pulse", "Pulse", "a minute"))
                @if session.day.oximeter_at_hand == Some(true) { (Field::number("spo2", "Oxygen, from the finger clip", "%")) }
                details { summary { "You measured it earlier?" } (crate::forms::time::when_field("when", &Form::blank())) }
                button .button type="submit" { "Save the reading" }
                (ui::saved_steps())
            }
        }
    }
}

pub(super) async fn reading(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    let Some(session) = beside.chart().running_session().map(|s| s.id) else {
        return not_now(&app, &ctx, &beside, &headers, "The session is over, so no reading is needed any more.");
    };
    let at = crate::forms::time::when(beside.chart(), &mut typed, "when", app.clock.now());
    let vitals = crate::forms::vitals::read_vitals(&mut typed, at, ReadingSource::CompanionEntered);
    let Some(vitals) = vitals.filter(|_| typed.is_sound()) else {
        let wrong: Vec<&str> = typed.errors().map(|(_, says)| says).collect();
        let words =
            if wrong.is_empty() { "Write the numbers that the device shows.".to_owned() } else { wrong.join(" ") };
        return not_now(&app, &ctx, &beside, &headers, &words);
    };
    let command = Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) });
    finish(&app, &ctx, &beside.principal, &beside, &headers, &typed, command, "/companion/session").await
}

/// The button that reaches the team. It needs no confirmation: a call too many harms nobody.
fn help_form(ctx: &PageContext, chart: &Chart, session: Option<&Session>, words: &str) -> Markup {
    html! {
        form method="post" action="/companion/help" data-urgent {
            (ctx.command_fields(chart.seq))
            @if let Some(session) = session { input type="hidden" name="session" value=(session.id); }
            button .button.get-help type="submit" { (words) }
        }
    }
}

/// The look-in as a page of its own, for a browser without script.
fn look_in_page(app: &App, ctx: &PageContext, beside: &CompanionChart) -> Markup {
    let chart = beside.chart();
    let body = html! { (look_in_form(ctx, chart)) p { a href="/companion/session" { "Back to the clock" } } };
    page(app, ctx, chart, &format!("Look in on {}", first_name(chart)), body)
}

/// The three questions with three answers each. A *No* leads to help at once, without the questions that are left.
fn look_in_form(ctx: &PageContext, chart: &Chart) -> Markup {
    html! {
        form method="post" action="/companion/look-in" .look-in data-outbox data-look-in data-says="look-in-said" data-kept-as="/companion/help" {
            (ctx.command_fields(chart.seq))
            @for (field, picture, asks) in QUESTIONS {
                fieldset .look {
                    legend { (picture()) span { (asks) } }
                    div .three {
                        @for (value, words) in ANSWERS {
                            label .answer {
                                input type="radio" name=(field) value=(value);
                                span { (words) }
                            }
                        }
                    }
                }
            }
            button .button.primary type="submit" data-closes data-send { "Send" }
        }
    }
}

/// The sheets that each page of the session holds: looking in, help, and what to do when a look-in found something grave.
pub(super) fn sheets(ctx: &PageContext, chart: &Chart, now: Timestamp) -> Markup {
    let Some(session) = chart.running_session() else { return html! {} };
    let emergency = help::emergency_number(ctx, chart);
    let help_sheet = HelpSheet {
        meanwhile: meanwhile(&emergency, false),
        ask: help_form(ctx, chart, Some(session), "Tell the team"),
        doors: doors(false),
        ..help::sheet(ctx, chart, Reader::Companion, help::Sheet::Help, &emergency, now)
    };
    let grave_sheet = HelpSheet {
        meanwhile: meanwhile(&emergency, true),
        doors: doors(true),
        ..help::sheet(ctx, chart, Reader::Companion, help::Sheet::Grave, &emergency, now)
    };
    html! {
        dialog #look-in-sheet .sheet aria-labelledby="look-in-title" {
            h2 #look-in-title { "Look in on " (first_name(chart)) }
            (look_in_form(ctx, chart))
            div .doors {
                button .button type="button" data-close { "Back to the clock" }
                button .button type="button" data-sheet="help-sheet" { "Get help" }
            }
        }
        (help_sheet.over_the_page())
        (grave_sheet.over_the_page())
    }
}

fn doors(is_grave: bool) -> Markup {
    html! {
        button .button type="button" data-try-again data-only-unsent { "Try again" }
        @if is_grave { button .button type="button" data-sheet="look-in-sheet" { "They answer now" } }
        @else { button .button type="button" data-close { "Back to the clock" } }
    }
}

/// What to do until somebody comes. These words are a proposal; no clinician has signed them yet.
fn meanwhile(emergency: &str, is_grave: bool) -> Markup {
    let steps = html! {
        li { strong { "Breathing?" } " On their side, head back, mouth down. Stay with them." }
        li { strong { "Not breathing?" } " Do what " (emergency) " says." }
    };
    html! {
        section .meanwhile {
            (pictures::on_their_side())
            @if is_grave { ol start="3" { (steps) } } @else { ul { (steps) } }
        }
    }
}

/// Reads a look-in: the gravest answer counts, and what was not looked at stays open.
fn read_look_in(typed: &Form, now: Timestamp, session: stillwater_care::ids::SessionId) -> Option<CheckInRecorded> {
    let words: Vec<&str> = ["name", "breath", "colour"].into_iter().map(|name| typed.get(name)).collect();
    let seen = |name: &str| match typed.get(name) {
        "fine" => Some(true),
        "not-fine" => Some(false),
        _ => None,
    };
    let answer = if words.contains(&"not-fine") {
        CheckAnswer::NotFine
    } else if words.iter().all(|word| *word == "fine") {
        CheckAnswer::Fine
    } else if words.iter().any(|word| is_answer(word)) {
        CheckAnswer::Unsure
    } else {
        return None;
    };
    Some(CheckInRecorded {
        session,
        answer,
        answers_to_name: seen("name"),
        breathing_easily: seen("breath"),
        colour_normal: seen("colour"),
        words: String::new(),
        // A look-in that waited in the outbox of a phone keeps the time at which it was done.
        looked_at: Some(commands::happened_at(typed, now)).filter(|at| *at < now),
    })
}

pub(super) async fn look_in(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    let Some(session) = beside.chart().running_session().map(|s| s.id) else {
        return not_now(&app, &ctx, &beside, &headers, "The session is over, so no look-in is needed any more.");
    };
    let Some(check) = read_look_in(&typed, app.clock.now(), session) else {
        return not_now(
            &app,
            &ctx,
            &beside,
            &headers,
            "Nothing was answered. Please look again and choose what you see.",
        );
    };
    let grave = check.answer == CheckAnswer::NotFine;
    let seen = QUESTIONS.into_iter().map(|(field, ..)| field).find(|field| typed.get(field) == "not-fine");
    let then = match seen.filter(|_| grave) {
        Some(field) => format!("/companion/help?seen={field}"),
        None => "/companion/session?done=1".to_owned(),
    };
    finish(&app, &ctx, &beside.principal, &beside, &headers, &typed, Command::CheckIn(check), &then).await
}

/// Help, with everything to call and to read aloud.
pub(super) async fn help_page(
    State(app): State<App>,
    ctx: PageContext,
    LetInChart { beside, relieved }: LetInChart,
    Query(asked): Query<HelpAsked>,
) -> Result<Markup, Problem> {
    let chart = beside.chart();
    let now = app.clock.now();
    let session = chart.running_session();
    let emergency = help::emergency_number(&ctx, chart);
    let found = QUESTIONS.into_iter().map(|(field, ..)| field).find(|field| *field == asked.seen);
    let kind = if found.is_some() { help::Sheet::Grave } else { help::Sheet::Help };
    let sheet = HelpSheet {
        told: help::state(&ctx, chart, Reader::Companion, now),
        meanwhile: meanwhile(&emergency, found.is_some()),
        ask: help_form(&ctx, chart, session, "Tell the team"),
        doors: html! {
            button .button type="button" data-try-again data-only-unsent { "Try again" }
            @if session.is_some() && !relieved { a .button href="/companion/session" { "Back to the clock" } }
            @else if session.is_none() { a .button href="/companion" { "Back" } }
        },
        ..help::sheet(&ctx, chart, Reader::Companion, kind, &emergency, now)
    };
    let body = html! {
        (sheet.as_page())
        @if let (Some(session), true) = (session, relieved) {
            p { "Somebody else is the companion now. As long as the session lasts you can still get help and stop it from here." }
            form method="post" action="/companion/stop" .stack data-urgent {
                (ctx.command_fields(chart.seq))
                input type="hidden" name="session" value=(session.id);
                (ui::hold_button("Stop the session", 1000, ""))
            }
        }
    };
    Ok(help_frame(&app, &ctx, chart, body))
}

pub(super) async fn ask_for_help(
    State(app): State<App>,
    ctx: PageContext,
    LetInChart { beside, .. }: LetInChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    let session = beside.chart().running_session().or_else(|| beside.session()).map(|s| s.id);
    let command = Command::AskForHelp(HelpRequested { session, words: typed.get("words").trim().to_owned() });
    finish(&app, &ctx, &beside.principal, &beside, &headers, &typed, command, "/companion/help").await
}

pub(super) async fn stop(
    State(app): State<App>,
    ctx: PageContext,
    LetInChart { beside, .. }: LetInChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    if !typed.confirmed() {
        let form = ui::confirm_form(
            &ctx,
            "/companion/stop",
            &typed,
            "Stop the session?",
            "Yes, stop it",
            "/companion/session",
        );
        return Ok(page(&app, &ctx, beside.chart(), "Stop the session", form).into_response());
    }
    let Some(session) = beside.session().map(|s| s.id) else {
        return not_now(&app, &ctx, &beside, &headers, "There is no session to stop.");
    };
    let command = Command::StopSession(SessionStopped { session, reason: String::new() });
    finish(&app, &ctx, &beside.principal, &beside, &headers, &typed, command, "/companion/help").await
}

pub(super) async fn sign_off(
    State(app): State<App>,
    ctx: PageContext,
    beside: CompanionChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    let Some(session) = beside.chart().running_session().map(|s| s.id) else {
        return not_now(&app, &ctx, &beside, &headers, "The session is over already. Thank you.");
    };
    let checks = ReleaseFacts::default();
    let command = Command::CheckRelease(ReleaseChecked { session, checks, companion_sign_off: true });
    finish(&app, &ctx, &beside.principal, &beside, &headers, &typed, command, "/companion/session").await
}

#[allow(clippy::too_many_arguments)]
async fn finish(
    app: &App,
    ctx: &PageContext,
    principal: &Principal,
    beside: &CompanionChart,
    headers: &HeaderMap,
    typed: &Form,
    command: Command,
    then: &str,
) -> Result<Response, Problem> {
    match commands::ask(app, principal, beside.patient, typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(open) => {
            Ok(help::answer(ctx, headers, &open.chart, Reader::Companion, app.clock.now(), then))
        }
        CommandOutcome::Refused(refusal) => not_now(app, ctx, beside, headers, &plain(ctx, &refusal)),
        CommandOutcome::Stale(_) => {
            not_now(app, ctx, beside, headers, "Something else changed first. Please look again.")
        }
    }
}

fn not_now(
    app: &App,
    ctx: &PageContext,
    beside: &CompanionChart,
    headers: &HeaderMap,
    words: &str,
) -> Result<Response, Problem> {
    if commands::from_outbox(headers) {
        return Err(commands::refused_plainly(words));
    }
    Ok(refused(app, ctx, beside.chart(), words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillwater_care::ids::SessionId;
    use uuid::Uuid;

    fn read(fields: &[(&str, &str)]) -> Option<CheckInRecorded> {
        let typed = Form::from_fields(fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect());
        read_look_in(&typed, Timestamp::UNIX_EPOCH, SessionId(Uuid::nil()))
    }

    #[test]
    fn the_gravest_answer_counts_and_what_was_not_looked_at_stays_open() {
        let answer = |fields: &[(&str, &str)]| read(fields).map(|check| check.answer);
        assert_eq!(answer(&[("name", "fine"), ("breath", "fine"), ("colour", "fine")]), Some(CheckAnswer::Fine));
        assert_eq!(answer(&[("name", "fine"), ("breath", "unsure"), ("colour", "fine")]), Some(CheckAnswer::Unsure));
        assert_eq!(answer(&[("name", "fine"), ("breath", "not-fine")]), Some(CheckAnswer::NotFine));
        assert_eq!(read(&[("name", "not-fine")]).and_then(|check| check.colour_normal), None);
        assert_eq!(read(&[("name", "not-fine")]).and_then(|check| check.answers_to_name), Some(false));
    }

    #[test]
    fn a_look_in_with_questions_left_open_is_never_fine() {
        assert_eq!(read(&[("name", "fine")]).map(|check| check.answer), Some(CheckAnswer::Unsure));
        assert!(read(&[]).is_none());
    }
}
