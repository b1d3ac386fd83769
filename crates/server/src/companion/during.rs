//! While the drug works: the clock, the look-in ring, one question at a time, help, and the sign-off at the end.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::chart::{Alert, Session};
use stillwater_care::command::Command;
use stillwater_care::event::{
    AlertSubject, CheckAnswer, CheckInRecorded, CheckKind, HelpRequested, ReleaseChecked, SessionStopped,
    VitalsRecorded,
};
use stillwater_care::facts::ReleaseFacts;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{ReadingSource, minutes_between};
use stillwater_care::schedule;
use stillwater_clinic::Principal;
use stillwater_ui::{self as ui, Field, Notice, notice, phone_link};

use super::{first_name, page, pictures, plain, refused};
use crate::chart_access::{CompanionChart, LetInChart};
use crate::expected::{self, Reader};
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::state::App;

/// One question of a look-in: the field, what to do, the question, the picture, and the words of the three answers.
type Question = (&'static str, &'static str, &'static str, fn() -> Markup, [&'static str; 3]);

/// The questions of a look-in, the gravest first.
const QUESTIONS: [Question; 3] = [
    (
        "name",
        "Say their name.",
        "Do they open their eyes, answer or move?",
        pictures::calling,
        ["Yes, they answer", "I am not sure", "No answer"],
    ),
    (
        "breath",
        "Watch their chest for half a minute.",
        "Is it quiet and regular?",
        pictures::breathing,
        ["Yes, easy breathing", "I am not sure", "No: slow, loud or with pauses"],
    ),
    (
        "colour",
        "Look at their lips and fingertips.",
        "Is the colour as usual?",
        pictures::colour,
        ["Yes, as usual", "I am not sure", "No: blue or grey"],
    ),
];

/// How far a look-in has come: the answers so far, carried from page to page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LookInStep {
    /// A look-in has begun.
    #[serde(default)]
    look: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    breath: String,
    /// A look-in was just sent.
    #[serde(default)]
    done: String,
}

fn is_answer(word: &str) -> bool {
    matches!(word, "fine" | "unsure" | "not-fine")
}

/// The pieces that change by themselves.
pub(super) fn parts(ctx: &PageContext, chart: &Chart, protocols: &Protocols, now: Timestamp) -> Vec<(String, Markup)> {
    let Some(session) = chart.running_session() else { return Vec::new() };
    vec![
        ("look-in".to_owned(), ring(ctx, chart, session, protocols)),
        ("help-state".to_owned(), help_state(chart, session, now)),
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

/// Whether the team has heard a call for help, in words that say what to do meanwhile.
fn help_state(chart: &Chart, session: &Session, now: Timestamp) -> Markup {
    let calls: Vec<&Alert> = chart
        .open_alerts()
        .into_iter()
        .filter(|alert| {
            alert.session == Some(session.id)
                && matches!(alert.about, AlertSubject::Help { .. } | AlertSubject::CheckIn { .. })
        })
        .collect();
    html! {
        div #help-state role="status" aria-live="polite" {
            @if let Some(alert) = calls.first() {
                (notice(Notice::Due, html! {
                    p {
                        "The team was told at " (commands::local_time(chart, alert.raised_at, now)) ". "
                        @match alert.owner() {
                            Some(act) => { strong { (act.by.name()) " has it" } " and will call you. Stay with them." }
                            None => "Stay with them. If nobody calls within two minutes, call the team.",
                        }
                    }
                }))
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
        return Ok(question(&app, &ctx, &beside, &step).into_response());
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
        (help_state(chart, session, now))
        @if step.done == "1" { (notice(Notice::Done, html! { p { "Thank you. Your look-in was recorded." } })) }
        (ui::elapsed_clock("clock", "Since the dose", dose_ms, ctx.now_ms))
        (ring(ctx, chart, session, protocols))
        div .zones.two {
            a .button.primary href="/companion/session?look=1" { "Look in now" }
            (help_form(ctx, chart, session))
        }
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
            form method="post" action="/companion/stop" .stack {
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
fn help_form(ctx: &PageContext, chart: &Chart, session: &Session) -> Markup {
    html! {
        form method="post" action="/companion/help" data-outbox data-then="/companion/help" {
            (ctx.command_fields(chart.seq))
            input type="hidden" name="session" value=(session.id);
            button .button.get-help type="submit" { "Get help" }
            (ui::saved_steps())
        }
    }
}

/// One question of a look-in. *Not fine* goes to the team at once, without the questions that are left.
fn question(app: &App, ctx: &PageContext, beside: &CompanionChart, step: &LookInStep) -> Markup {
    let chart = beside.chart();
    let given: Vec<(&str, &str)> = [("name", step.name.as_str()), ("breath", step.breath.as_str())]
        .into_iter()
        .take_while(|(_, word)| is_answer(word))
        .collect();
    let n = given.len().min(QUESTIONS.len() - 1);
    let Some((field, title, asks, picture, words)) = QUESTIONS.get(n) else { return html! {} };
    let last = n + 1 == QUESTIONS.len();
    let carried = html! { @for (name, word) in &given { input type="hidden" name=(name) value=(word); } };
    let send = |value: &str, words: &str, class: &str| {
        html! {
            form method="post" action="/companion/look-in" data-outbox data-then="/companion/session?done=1" {
                (ctx.command_fields(chart.seq))
                (carried)
                button class={ "button " (class) } type="submit" name=(field) value=(value) { (words) }
                (ui::saved_steps())
            }
        }
    };
    let go_on = |value: &str, words: &str, class: &str| {
        html! {
            form method="get" action="/companion/session" {
                input type="hidden" name="look" value="1";
                (carried)
                button class={ "button " (class) } type="submit" name=(field) value=(value) { (words) }
            }
        }
    };
    let [fine, unsure, not_fine] = words;
    let body = html! {
        p .quiet { "Question " (n + 1) " of " (QUESTIONS.len()) }
        (picture())
        p .lead { (title) " " (asks) }
        div .answers {
            @if last { (send("fine", fine, "primary")) (send("unsure", unsure, "")) }
            @else { (go_on("fine", fine, "primary")) (go_on("unsure", unsure, "")) }
            (send("not-fine", not_fine, "get-help"))
        }
        p { a href="/companion/session" { "Back to the clock" } }
    };
    page(app, ctx, chart, &format!("Look in on {}", first_name(chart)), body)
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
    let then = if grave { "/companion/help" } else { "/companion/session?done=1" };
    finish(&app, &ctx, &beside.principal, &beside, &headers, &typed, Command::CheckIn(check), then).await
}

/// Help, with everything to call and to read aloud.
pub(super) async fn help_page(
    State(app): State<App>,
    ctx: PageContext,
    LetInChart { beside, relieved }: LetInChart,
) -> Result<Markup, Problem> {
    let chart = beside.chart();
    let now = app.clock.now();
    let session = chart.running_session();
    let demographics = chart.demographics.as_ref();
    let emergency = demographics.map(|d| d.emergency_number.as_str()).filter(|n| !n.trim().is_empty());
    let emergency = emergency.unwrap_or(&ctx.clinic.emergency_number);
    let address = demographics.map(|d| d.address.as_str()).filter(|a| !a.trim().is_empty());
    let body = html! {
        @match session {
            Some(session) => {
                (help_state(chart, session, now))
                @if !chart.open_alerts().iter().any(|a| a.session == Some(session.id) && a.is_call_for_help()) {
                    div .zones.two { (help_form(&ctx, chart, session)) }
                }
            }
            None => form method="post" action="/companion/help" .stack data-outbox data-then="/companion/help" {
                (ctx.command_fields(chart.seq))
                button .button.get-help type="submit" { "Tell the team" }
                (ui::saved_steps())
            },
        }
        (ui::call_button("Call the team", &ctx.clinic.on_call_phone))
        h2 { "If they do not wake, or breathing is wrong" }
        p { "Call at once. Turn them on their side. Stay with them." }
        (ui::call_button("Emergency", emergency))
        section .panel.read-aloud {
            h2 { "Read this aloud" }
            @match session.and_then(Session::dose) {
                Some(dose) => p { "“I am with a person who took ketamine for treatment: " strong { (ui::score_text(dose.dose_mg)) " milligrams, " (crate::forms::plain::how(dose.route)) } ", at " strong { (commands::local_time(chart, dose.taken_at, now)) } ".”" },
                None => p { "“I am with a person who is treated with ketamine. No dose was recorded today.”" },
            }
            @match address {
                Some(address) => p { "“The address is: " strong { (address) } ".”" },
                None => p { "“The address is …” Say where you are: no address is stored." },
            }
        }
        @if let (Some(session), true) = (session, relieved) {
            p { "Somebody else is the companion now. As long as the session lasts you can still get help and stop it from here." }
            form method="post" action="/companion/stop" .stack {
                (ctx.command_fields(chart.seq))
                input type="hidden" name="session" value=(session.id);
                (ui::hold_button("Stop the session", 1000, ""))
            }
        }
        @else if session.is_some() { p { a .button href="/companion/session" { "Back to the clock" } } }
        @else { p { a .button href="/companion" { "Back" } } }
    };
    Ok(page(&app, &ctx, chart, "Help", body))
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
        CommandOutcome::Done(_) => Ok(commands::recorded(headers, then)),
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
