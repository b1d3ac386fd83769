//! A call for help as both phones show it: what the server knows of it, and the sheet that each page holds for it.
//!
//! What is said of a call is written here only, from the alert itself: that it arrived, who is asked, who has it, that it was
//! closed. A phone that has not heard from the server says so by itself, in its own words.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::{Act, Alert, Session};
use stillwater_care::event::{AlertSubject, EscalationLevel};
use stillwater_care::finding::Urgency;
use stillwater_care::quantity::plus_minutes;
use stillwater_clinic::presence::{self, Party};
use stillwater_clinic::{Principal, Subject};
use stillwater_ui::{self as ui, HelpSheet, ago};

use super::commands::{chart_of, local_time, recorded};
use crate::expected::Reader;
use crate::http::{PageContext, Problem};
use crate::state::App;

/// Whether a form was sent as a call, by a page that waits to show what the server knows of it.
pub(crate) fn is_call(headers: &HeaderMap) -> bool {
    headers.contains_key("x-help")
}

/// The answer to a call that is recorded: what is known of it now, or on to the page.
pub(crate) fn answer(
    ctx: &PageContext,
    headers: &HeaderMap,
    chart: &Chart,
    reader: Reader,
    now: Timestamp,
    then: &str,
) -> Response {
    if is_call(headers) {
        return piece(state(ctx, chart, reader, now));
    }
    recorded(headers, then)
}

fn piece(markup: Markup) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], markup.into_string()).into_response()
}

/// How a call stands, for a page whose stream may have gone silent.
pub(super) async fn show(State(app): State<App>, ctx: PageContext, principal: Principal) -> Result<Response, Problem> {
    let (patient, reader) = match principal.subject {
        Subject::Patient { patient, .. } => (patient, Reader::Patient),
        Subject::Companion { patient, .. } => (patient, Reader::Companion),
        Subject::Staff(_) => return Err(Problem::forbidden()),
    };
    let open = chart_of(&app, patient).await?;
    if let Subject::Companion { companion, .. } = principal.subject
        && open.chart.let_in(companion).is_none()
    {
        return Err(Problem::forbidden());
    }
    Ok(piece(state(&ctx, &open.chart, reader, app.clock.now())))
}

/// The call that is shown: an open one before one that was closed, a later one before an earlier.
fn call(chart: &Chart, reader: Reader) -> Option<&Alert> {
    let running = chart.running_session().map(|session| session.id);
    let concerns = |alert: &&Alert| match &alert.about {
        AlertSubject::Help { .. } | AlertSubject::Stopped { .. } => true,
        AlertSubject::CheckIn { .. } => matches!(reader, Reader::Companion),
        _ => false,
    };
    let here = |alert: &&Alert| alert.open() || (running.is_some() && alert.session == running);
    chart
        .alerts
        .iter()
        .filter(concerns)
        .filter(here)
        .max_by_key(|alert| (alert.open(), alert.renewed_at, alert.raised_at))
}

/// The newest open alert that the patient's own words raised: a call, an answer that means danger, a measure that got worse.
pub(crate) fn answered(chart: &Chart) -> Option<&Alert> {
    let own = |alert: &&Alert| {
        let about = &alert.about;
        matches!(about, AlertSubject::Help { .. } | AlertSubject::SafetyAnswer { .. } | AlertSubject::Worsening { .. })
    };
    chart.open_alerts().into_iter().filter(own).max_by_key(|alert| alert.renewed_at)
}

/// Since when it rings without anybody having it.
fn ringing_since(alert: &Alert) -> Timestamp {
    if alert.lapsed.is_some() { alert.level_since } else { alert.renewed_at }
}

/// What the server knows of a call for help, as a piece of the page.
pub(crate) fn state(ctx: &PageContext, chart: &Chart, reader: Reader, now: Timestamp) -> Markup {
    match call(chart, reader) {
        Some(alert) => state_of(ctx, chart, alert, reader, now),
        None => html! { div #help-state data-call="none" data-says="" {} },
    }
}

/// The same of one alert.
pub(crate) fn state_of(ctx: &PageContext, chart: &Chart, alert: &Alert, reader: Reader, now: Timestamp) -> Markup {
    let (code, act) = match (alert.resolved(), alert.owner()) {
        (Some(act), _) => ("closed", Some(act)),
        (None, Some(act)) => ("taken", Some(act)),
        (None, None) => ("ringing", None),
    };
    let since = act.map_or_else(|| ringing_since(alert), |act| act.at);
    let says = format!("{code}-{}-{}-{}", alert.id.0, alert.level.code(), since.as_millisecond());
    html! {
        div #help-state data-call=(code) data-says=(says) role="status" aria-live="polite" {
            @match (code, act) {
                ("closed", Some(act)) => (closed(chart, alert, act, now)),
                ("taken", Some(act)) => (taken(chart, alert, act, reader, ctx, now)),
                _ => (ringing(chart, alert, reader, ctx, now)),
            }
        }
    }
}

/// How long ago, kept current by the page and not announced with every second.
fn age(ctx: &PageContext, at: Timestamp) -> Markup {
    let ms = at.as_millisecond();
    html! { span role="timer" data-age-ms=(ms) { (ago(ms, ctx.now_ms)) } }
}

fn arrived(chart: &Chart, alert: &Alert, now: Timestamp) -> Markup {
    html! { (what(alert)) " arrived at the clinic at " (local_time(chart, alert.renewed_at, now)) "." }
}

/// What was sent.
fn what(alert: &Alert) -> &'static str {
    match alert.about {
        AlertSubject::Stopped { .. } => "The word that the session is stopped",
        AlertSubject::CheckIn { .. } => "The look-in",
        AlertSubject::Help { .. } => "The call for help",
        _ => "What you answered",
    }
}

/// Nobody has it yet: who is asked, and from when on to telephone whatever the screen says.
fn ringing(chart: &Chart, alert: &Alert, reader: Reader, ctx: &PageContext, now: Timestamp) -> Markup {
    let since = ringing_since(alert);
    let minutes = alert.answer_within_minutes;
    let call_at = plus_minutes(since, minutes);
    let is_over = now >= call_at;
    // What is only to be called about or watched may wait for hours: nobody is told to stay where they are for that.
    let stay = match reader {
        Reader::Patient if alert.urgency < Urgency::Emergency => "",
        Reader::Patient => "Stay where you are.",
        Reader::Companion => "Stay with them.",
    };
    let emergency = emergency_number(ctx, chart);
    html! {
        div .help-told {
            p .help-told-head { "Sent. Nobody has answered yet." }
            p .help-more { (arrived(chart, alert, now)) " That is " (age(ctx, alert.renewed_at)) " ago." }
            @if let Some(lapsed) = &alert.lapsed { p { (lapsed.by.name()) " had it and has not written since. It rings again." } }
            @if alert.level >= EscalationLevel::EmergencyServices {
                p { strong { "Nobody on call has answered. Call " (emergency) " now." } }
            } @else {
                @if alert.level == EscalationLevel::OnCall { p { "Everybody on call is asked now." } }
                p .help-more hidden[is_over] data-until-time-ms=(call_at.as_millisecond()) { (stay) " If nobody has it by " (local_time(chart, call_at, now)) ", " (next_rung(alert.level)) " You can call at any time." }
                p hidden[!is_over] data-from-time-ms=(call_at.as_millisecond()) { strong { "Nobody has taken it for " (age(ctx, since)) ": call your team." } }
            }
        }
    }
}

/// Who is asked when nobody of this rung answers.
fn next_rung(level: EscalationLevel) -> &'static str {
    match level {
        EscalationLevel::Guide => "the prescriber is asked as well.",
        EscalationLevel::Prescriber => "everybody on call is asked.",
        EscalationLevel::OnCall | EscalationLevel::EmergencyServices => "call the emergency number.",
    }
}

fn taken(chart: &Chart, alert: &Alert, act: &Act, reader: Reader, ctx: &PageContext, now: Timestamp) -> Markup {
    html! {
        div .help-told.taken {
            p .help-told-head { (act.by.name()) " has it." }
            p { "Since " (local_time(chart, act.at, now)) ", " (age(ctx, act.at)) " ago. "
                @match reader {
                    Reader::Patient => span .help-more { "Keep your phone in your hand." },
                    Reader::Companion => span .help-more { "Keep your phone in your hand, and stay with them." },
                }
            }
            p .quiet.help-more { (arrived(chart, alert, now)) }
        }
    }
}

fn closed(chart: &Chart, alert: &Alert, act: &Act, now: Timestamp) -> Markup {
    html! {
        p .quiet { (what(alert)) " of " (local_time(chart, alert.renewed_at, now)) " was closed at " (local_time(chart, act.at, now)) " by " (act.by.name()) "." }
    }
}

/// The emergency number where the patient lives, or the clinic's when none is kept.
pub(crate) fn emergency_number(ctx: &PageContext, chart: &Chart) -> String {
    let own = chart.demographics.as_ref().map(|d| d.emergency_number.trim()).filter(|number| !number.is_empty());
    own.unwrap_or(&ctx.clinic.emergency_number).to_owned()
}

/// What is read to whoever sends an ambulance: where, what was taken and when. Never a name or a diagnosis.
fn aloud(chart: &Chart, session: Option<&Session>, reader: Reader, now: Timestamp) -> Markup {
    let address = chart.demographics.as_ref().map(|d| d.address.trim()).filter(|address| !address.is_empty());
    let who = match reader {
        Reader::Patient => "I",
        Reader::Companion => "Someone here",
    };
    html! {
        p {
            @match address {
                Some(address) => strong { (address) ". " },
                None => strong { "Say where you are: no address is kept here. " },
            }
            @match session.and_then(Session::dose) {
                Some(dose) => {
                    (who) " took ketamine, "
                    strong { (ui::score_text(dose.dose_mg)) " milligrams, " (crate::forms::plain::how(dose.route)) ", at " (local_time(chart, dose.taken_at, now)) "." }
                }
                None => { (who) @match reader { Reader::Patient => " am", Reader::Companion => " is" } " treated with ketamine. No dose was recorded today." }
            }
            @if matches!(reader, Reader::Companion) {
                span data-seen="name" hidden { " They do not answer." }
                span data-seen="breath" hidden { " Their breathing is wrong." }
                span data-seen="colour" hidden { " They are blue or grey." }
            }
        }
    }
}

/// What a sheet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// Somebody wants help.
    Help,
    /// A look-in found that somebody does not answer, breathes badly, or is blue or grey.
    Grave,
}

/// The sheet for help of one reader's page. `ask` is the form that tells the team, `doors` what stands at its foot.
pub(crate) fn sheet<'s>(
    ctx: &'s PageContext,
    chart: &Chart,
    reader: Reader,
    kind: Sheet,
    emergency: &'s str,
    now: Timestamp,
) -> HelpSheet<'s> {
    let session = chart.running_session().or_else(|| chart.current_session());
    HelpSheet {
        id: match kind {
            Sheet::Help => "help-sheet",
            Sheet::Grave => "grave-sheet",
        },
        title: match kind {
            Sheet::Help => "Help",
            Sheet::Grave => "Do this now.",
        },
        team: &ctx.clinic.on_call_phone,
        emergency,
        is_grave: kind == Sheet::Grave,
        aloud: aloud(chart, session, reader, now),
        meanwhile: html! {},
        told: html! {},
        ask: html! {},
        doors: html! {},
    }
}

/// Whether somebody is there, by the signs of life of their page, as a piece that goes on saying so when the line is cut.
pub(crate) fn with_you(app: &App, ctx: &PageContext, chart: &Chart, who: Party) -> Markup {
    let seen = app.presence.last(chart.id, who);
    let lost_after_s = presence::lost_after_s(ctx.clock_rate);
    let (here, lost, never) = match who {
        Party::Companion => (
            "Your companion is with you.",
            "Your companion's phone has not been heard for ",
            "Your companion's phone is not connected.",
        ),
        Party::Guide | Party::Patient => (
            "Your team is watching with you.",
            "Your team's screen has not been heard for ",
            "No screen of your team is open on you now.",
        ),
    };
    let then = "If you do not see anybody, hold I need help.";
    html! {
        @match seen {
            None => p #with-you .lead.with-you data-state="unknown" { (never) " " (then) },
            Some(seen) => {
                @let is_lost = ctx.now_ms - seen > i64::from(lost_after_s) * 1000;
                p #with-you .lead.with-you data-state=(if is_lost { "lost" } else { "seen" }) data-with-seen-ms=(seen) data-lost-after-s=(lost_after_s) {
                    span data-when="seen" hidden[is_lost] { (here) }
                    span data-when="lost" hidden[!is_lost] { (lost) span role="timer" data-silent-age { (ago(seen, ctx.now_ms)) } ". " (then) }
                }
            }
        }
    }
}
