//! After the session, and when there is none: what comes next, and who answers tonight.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::event::Point;
use stillwater_care::quantity::{hours_between, plus_hours};
use stillwater_care::schedule;

use super::call_line;
use crate::http::PageContext;
use crate::live::commands::local_time;
use crate::state::App;

/// The page when no session is open.
pub(super) fn page(app: &App, ctx: &PageContext, chart: &Chart, now: Timestamp) -> Markup {
    let protocols = app.charts.protocols();
    let last = chart.sessions.iter().rev().find(|session| session.released().is_some());
    let released = last.and_then(|session| session.released().map(|release| (session, release.act.at)));
    let called_off = chart
        .sessions
        .last()
        .filter(|session| session.dose().is_none() && hours_between(session.starts_at, now).abs() < 24.0);
    if let Some((session, at)) = released.filter(|(_, at)| hours_between(*at, now) < 36.0) {
        let within = chart.protocol(protocols).map_or(72, |p| p.integration_within_hours);
        let next_visit = session.dose_at().map(|dose| plus_hours(dose, within));
        let daily = schedule::measures(chart, protocols)
            .into_iter()
            .find(|due| due.point == Point::Hours24 && due.session_number == session.number && due.done.is_none());
        let body = html! {
            p .lead { "The session ended " (local_time(chart, at, now)) ". Be gentle with yourself tonight." }
            p { strong { "No driving until tomorrow, after a night's sleep." } }
            h2 { "If you like" }
            p { "Write down, or say, what stayed with you. It is private unless you share it." }
            p { a .button href="/my/journal" { "Open my journal" } }
            h2 { "What comes next" }
            ul {
                @if let Some(due) = daily { li { "Tomorrow's questions open " (local_time(chart, due.opens_at, now)) "." @if due.open(now) { " " a href=(format!("/my/questions/{}", due.instrument)) { "Answer them now" } } } }
                @if let Some(by) = next_visit { li { "Your next integration visit is to be held by " (local_time(chart, by, now)) ". Your guide will be in touch." } }
            }
            h2 { "Tonight" }
            p { "Your mood may dip as the effect fades. That is common, and you can call." }
            (call_line(ctx))
        };
        return super::page(app, ctx, chart, "After the session", body);
    }
    let body = html! {
        @if let Some(session) = called_off {
            p .lead { "There is no dose today." }
            p { "Session " (session.number) " was called off. It is safer to wait, and you have done nothing wrong. Your team will find another day with you." }
        } @else {
            p .lead { "No session is planned just now." }
            p { "Your team will plan the next one with you." }
        }
        p { a .button.primary href="/my" { "To my first page" } }
        (call_line(ctx))
    };
    super::page(app, ctx, chart, "Your sessions", body)
}
