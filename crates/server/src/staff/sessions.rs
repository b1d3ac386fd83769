//! The dosing sessions of a course: the list, scheduling the next one, calling it off, naming a companion, and the
//! prescriber's review afterwards. The session itself runs in its cockpit.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::chart::{Companion, Session, SessionPhase};
use stillwater_care::command::{
    CancelSession, ChangeCompanionContact, Command, MissSession, MoveSession, NameCompanion,
};
use stillwater_care::event::SessionReviewed;
use stillwater_care::roles::Role;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use stillwater_words::terms;

use super::desk::{ChartPage, local_time};
use super::session::{given_fields, read_given};
use crate::auth::access::CHART;
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

pub fn routes() -> Routes {
    Routes::new().get("sessions", "/patients/{id}/sessions", CHART, page).post(
        "sessions.send",
        "/patients/{id}/sessions",
        CHART,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "sessions").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "sessions").await?;
    view.typed = typed;
    let command = read(&mut view);
    let to = view.href("sessions");
    view.send(command, to, draw).await
}

fn read(view: &mut ChartPage) -> Option<Command> {
    let (open, now) = (std::sync::Arc::clone(&view.open), view.now());
    let typed = &mut view.typed;
    let session = typed.get("session").parse().ok();
    match typed.get("form") {
        "schedule" => Some(Command::ScheduleSession(local_time(&open.chart, typed, "starts_at")?)),
        "missed" => Some(Command::MissSession(MissSession {
            session: session?,
            words: typed.get("missed-words").trim().to_owned(),
        })),
        "move" => Some(Command::MoveSession(MoveSession {
            session: session?,
            starts_at: local_time(&open.chart, typed, "moved_to")?,
            words: typed.required("move-words", "Write why the session is moved."),
        })),
        "given" => Some(read_given(&open.chart, None, typed, now)),
        "cancel" => Some(Command::CancelSession(CancelSession {
            session: session?,
            reason: typed.get("cancel-reason").trim().to_owned(),
        })),
        "review" => Some(Command::ReviewSession(SessionReviewed {
            session: session?,
            words: typed.get("review-words").trim().to_owned(),
        })),
        "companion-contact" => Some(Command::ChangeCompanionContact(ChangeCompanionContact {
            relation: typed.get("relation").trim().to_owned(),
            phone: typed.required("phone", "Give a phone that reaches them during the session."),
        })),
        "companion" => Some(Command::NameCompanion(NameCompanion {
            name: typed.required("name", "Give the companion's name."),
            relation: typed.get("relation").trim().to_owned(),
            phone: typed.required("phone", "Give a phone that reaches them during the session."),
            adult: typed.ticked("adult"),
        })),
        _ => None,
    }
}

fn draw(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let rows: Vec<Vec<Markup>> = chart.sessions.iter().rev().map(|session| row(view, session)).collect();
    let body = html! {
        @if rows.is_empty() { (ui::empty("No session is scheduled. It needs an open plan and signed consent.")) }
        @else { (ui::data_table("Dosing sessions", &["Session", "When", "State", "Dose", "Readings", ""], &rows)) }
        div .two-panes {
            (schedule(view))
            (companion(view))
        }
        @for session in chart.sessions_now().filter(|s| can_move(s)) { (move_form(view, session)) }
        (given(view))
        @for session in chart.sessions.iter().rev().filter(|s| s.phase() == SessionPhase::Released) { (review(view, session)) }
    };
    view.page("Sessions", "sessions", body)
}

fn row(view: &ChartPage, session: &Session) -> Vec<Markup> {
    let chart = view.chart();
    let phase = session.phase();
    let says = terms::session_phase(view.ctx.words, phase);
    let state = match phase {
        SessionPhase::Observing | SessionPhase::Stopped => ui::flag(Flag::ActNow, &says),
        SessionPhase::Scheduled | SessionPhase::Ready => match &session.held {
            Some(hold) => {
                html! { (ui::flag(Flag::ActNow, "held")) " " span .quiet { (stillwater_words::cancel_reason(view.ctx.words, &hold.reason)) } }
            }
            None => ui::flag(Flag::Due, &says),
        },
        SessionPhase::Released => ui::flag(Flag::Due, "released, not reviewed"),
        SessionPhase::Reviewed => ui::flag(Flag::Ok, &says),
        SessionPhase::Missed => ui::flag(Flag::Due, &says),
        SessionPhase::CalledOff => {
            html! { span .quiet { (says) @if let Some(why) = session.cancelled() { ": " (stillwater_words::cancel_reason(view.ctx.words, why)) } } }
        }
    };
    let highest = chart.readings_of(session).iter().filter_map(|v| v.blood_pressure).max_by_key(|bp| bp.systolic);
    vec![
        html! { a href=(format!("{}/{}", view.href("sessions"), session.id)) { "Session " (session.number) } br; span .quiet { (view.ctx.words.term(session.setting)) } },
        html! { (view.when(session.starts_at)) (history(view, session)) },
        state,
        html! { @match session.dose() { Some(dose) => { (dose.dose_mg) " mg " (view.ctx.words.term(dose.route)) br; span .quiet { (view.when(dose.taken_at)) } }, None => "–" } },
        html! { (chart.readings_of(session).len()) @if let Some(bp) = highest { br; span .quiet { "highest " (bp) } } },
        html! { @if matches!(phase, SessionPhase::Scheduled | SessionPhase::Ready) && session.starts_at <= view.now() {
            (view.small_form("missed", "sessions", &[("session", &session.id.to_string())], Some(("missed-words", "What is known of why")), "Missed"))
        }
        @if phase.is_open() && session.dose().is_none() {
            (view.small_form("cancel", "sessions", &[("session", &session.id.to_string())], Some(("cancel-reason", "Why it is called off")), "Call off"))
        } },
    ]
}

/// Whether a session can still be moved.
fn can_move(session: &Session) -> bool {
    matches!(session.phase(), SessionPhase::Scheduled | SessionPhase::Ready | SessionPhase::Missed)
}

/// Moving a session; a missed one too, which keeps that it was missed.
fn move_form(view: &ChartPage, session: &Session) -> Markup {
    let mine = view.typed.get("session") == session.id.to_string();
    let typed = if mine { view.typed_for("move") } else { Form::blank() };
    let zone = view.chart().demographics.as_ref().map_or("UTC", |d| d.time_zone.as_str());
    let hint = format!("Where the patient lives ({zone}).");
    html! {
        details .panel open[mine && view.typed.get("form") == "move"] {
            summary { "Move session " (session.number) }
            (view.form("move", "sessions", html! {
                input type="hidden" name="session" value=(session.id);
                (Field::date_time("moved_to", "Begins").hint(&hint).typed(&typed))
                (Field::new("move-words", "Why").autocomplete("off").typed(&typed))
                button .button.primary type="submit" { "Move it" }
            }))
        }
    }
}

/// A dose that belongs to no session in the calendar.
fn given(view: &ChartPage) -> Markup {
    if !(view.principal.is(Role::Guide) || view.principal.is(Role::Prescriber)) {
        return html! {};
    }
    let typed = view.typed_for("given");
    html! {
        details .panel open[view.typed.get("form") == "given"] {
            summary { "A dose was given that no session here stands for" }
            p .quiet { "It is recorded with its time, flagged, and watched from then on. A dose of a session in the list above is recorded in that session." }
            (view.form("given", "sessions", html! {
                (given_fields(view.ctx.words, &typed))
                button .button.primary type="submit" { "Record the dose" }
            }))
        }
    }
}

/// Where a session was before it was moved.
fn history(view: &ChartPage, session: &Session) -> Markup {
    html! {
        @for moved in &session.moves {
            br; span .quiet { @if moved.missed.is_some() { "missed " } @else { "moved from " } (view.when(moved.from)) ": " (moved.words) }
        }
        @if session.unplanned { br; span .quiet { "not planned" } }
    }
}

fn schedule(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("schedule");
    let zone = chart.demographics.as_ref().map_or("UTC", |d| d.time_zone.as_str());
    let hint = format!(
        "Where the patient lives ({zone}); it is {} there now.",
        chart.zoned(view.now()).strftime("%-d %b %Y %H:%M")
    );
    html! {
        section .panel {
            h2 { "Schedule a session" }
            @match chart.current_session() {
                Some(session) => p .quiet { "Session " (session.number) " is " (terms::session_phase(view.ctx.words, session.phase())) "." },
                None => {
                    @if let Some(first) = first_permitted(view) { p .note { "The first minute that the spacing after the last dose permits: " strong { (view.when(first)) } "." } }
                    (view.form("schedule", "sessions", html! {
                    (Field::date_time("starts_at", "Begins").hint(&hint).typed(&typed))
                    button .button.primary type="submit" { "Schedule" }
                })) },
            }
        }
    }
}

/// The first minute at which the next session may begin, while it still lies ahead.
fn first_permitted(view: &ChartPage) -> Option<jiff::Timestamp> {
    let first = stillwater_care::command::first_permitted_start(view.chart(), &view.context())?;
    (first > view.now()).then_some(first)
}

fn companion(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("companion");
    html! {
        section .panel {
            h2 { "Companion" }
            @if let Some(companion) = &chart.companion {
                p { (companion.name) " (" (companion.relation) "), " (ui::phone_link(&companion.phone)) }
                p { (ui::flag(if companion.briefed_at.is_some() { Flag::Ok } else { Flag::Due }, if companion.briefed_at.is_some() { "briefed" } else { "briefing not done" })) " "
                    (ui::flag(if companion.confirmed_at.is_some() { Flag::Ok } else { Flag::Due }, if companion.confirmed_at.is_some() { "confirmed on their own link" } else { "not confirmed" })) }
            }
            @if let Some(companion) = &chart.companion {
                @let contact = contact(view, companion);
                details open[view.typed.get("form") == "companion-contact"] { summary { "Change how they are reached" }
                    p .quiet { "They stay the companion, with their link and their briefing." }
                    (view.form("companion-contact", "sessions", html! {
                        (Field::new("relation", "Relation to the patient").autocomplete("off").typed(&contact))
                        (Field::new("phone", "Phone during the session").inputmode("tel").autocomplete("off").typed(&contact))
                        button .button type="submit" { "Keep the change" }
                    })) }
            }
            @if view.principal.is(Role::Guide) {
                details open[chart.companion.is_none() || view.typed.get("form") == "companion"] { summary { @if chart.companion.is_some() { "Name somebody else" } @else { "Name the companion" } }
                    (view.form("companion", "sessions", html! {
                        (Field::new("name", "Name").autocomplete("off").typed(&typed))
                        (Field::new("relation", "Relation to the patient").autocomplete("off").typed(&typed))
                        (Field::new("phone", "Phone during the session").inputmode("tel").autocomplete("off").typed(&typed))
                        (FieldGroup::tick("adult", "Age", "18 or older").typed(&typed))
                        button .button type="submit" { "Name the companion" }
                    })) }
            }
        }
    }
}

/// How the companion is reached, as it was typed or as it stands.
fn contact(view: &ChartPage, companion: &Companion) -> Form {
    let mut typed = view.typed_for("companion-contact");
    if view.typed.get("form") != "companion-contact" {
        typed.set("relation", &companion.relation);
        typed.set("phone", &companion.phone);
    }
    typed
}

/// What the prescriber looks at before the next dose: readings, symptoms, what was missed, and who went with the patient.
fn review(view: &ChartPage, session: &Session) -> Markup {
    let chart = view.chart();
    let during: Vec<_> = view
        .open
        .log
        .iter()
        .filter(|r| {
            session.dose_at().is_some_and(|at| r.occurred_at >= at)
                && session.released().is_none_or(|release| r.occurred_at <= release.act.at)
        })
        .collect();
    let missed = chart.missed.iter().filter(|m| m.value.session == session.id).count();
    let mine = view.typed.get("session") == session.id.to_string();
    let typed = if mine { view.typed_for("review") } else { Form::blank() };
    html! {
        section .panel {
            h2 { "Session " (session.number) ": review" }
            p { (chart.readings_of(session).len()) " sets of readings, " (chart.symptoms.iter().filter(|s| s.value.session == session.id).count()) " symptoms, " (missed) " checks missed"
                @if let Some(stop) = session.stopped() { ", stopped early: " (stop.reason) }
                @if let Some(release) = session.released() { ". Released " (view.when(release.act.at)) " by " (release.act.by.name()) ", with " (stillwater_words::timeline::leaving(view.ctx.words, &release.leaving)) "." } }
            details { summary { "Everything recorded from dose to release (" (during.len()) ")" }
                ol .timeline { @for recorded in &during { li { time { (view.when(recorded.occurred_at)) } " " (stillwater_words::timeline::staff(view.ctx.words, recorded)) } } } }
            @if view.principal.is(Role::Prescriber) {
                (view.form("review", "sessions", html! {
                    input type="hidden" name="session" value=(session.id);
                    (Field::area("review-words", "What you saw, and what it means for the next dose").typed(&typed))
                    button .button.primary type="submit" { "Record the review" }
                }))
            } @else { p .quiet { "The review is a prescriber's." } }
        }
    }
}
