//! Two blood pressure readings after a rest, a minute apart. Too high: the number, the limit, a rest, and another try.
//!
//! Nothing is filled in beforehand. How high is too high, and how long the rest is, come from the rules.

use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::command::Command;
use stillwater_care::day::{ReadingStep, pressure_held, pressures_before_dose};
use stillwater_care::event::VitalsRecorded;
use stillwater_care::facts::Setting;
use stillwater_care::quantity::{ReadingSource, plus_minutes};
use stillwater_care::rules::limit_named;
use stillwater_care::rules::session::{s01_bp_clinic, s01_bp_home};
use stillwater_ui::{self as ui, Field};
use stillwater_words::findings as finding_words;

use super::{Here, SessionForm, StepQuery, again, call_line, heard, said, send};
use crate::chart_access::OwnChart;
use crate::forms::vitals::read_vitals;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::RestsOn;
use crate::state::App;

/// How long one rests before the first reading, minutes.
const REST_MINUTES: i64 = 5;

/// Minutes of rest after a reading that was too high, as this patient's rules have it.
fn repeat_minutes(here: &Here<'_>) -> i64 {
    let facts = here.chart.facts(here.now, here.protocols, Scope { session: Some(here.session), ..Scope::default() });
    let minutes = match here.session.setting {
        Setting::Clinic => s01_bp_clinic::RULE
            .limit(&facts, const { limit_named(s01_bp_clinic::RULE.limits, "clinic-repeat-minutes") }),
        Setting::Home => {
            s01_bp_home::RULE.limit(&facts, const { limit_named(s01_bp_home::RULE.limits, "home-repeat-minutes") })
        }
    };
    minutes.value.ceil() as i64
}

/// The page: rest, measure, wait a minute, measure again.
pub(super) fn page(here: &Here<'_>, step: ReadingStep, asked: &StepQuery, typed: &Form, says: Option<&str>) -> Markup {
    let newest = pressures_before_dose(here.chart, here.session, here.now).last().cloned();
    let rested_since = asked.rest.parse::<i64>().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let body = match step {
        ReadingStep::First => match rested_since {
            None => html! {
                p .lead { "Sit down, feet on the floor, arm on a table. Rest for " (REST_MINUTES) " minutes first." }
                p { "Put the cuff on, and do not talk. The phone counts." }
                form method="get" action="/my/session" .stack {
                    input type="hidden" name="step" value="next";
                    input type="hidden" name="rest" value=(here.ctx.now_ms);
                    button .button.primary type="submit" { "I am resting now" }
                }
            },
            Some(since) => {
                ready_at(here, plus_minutes(since, REST_MINUTES), "Rest a little longer.", "Now measure.", typed, says)
            }
        },
        ReadingStep::Second => {
            let from = newest.as_ref().map_or(here.now, |v| v.taken_at);
            html! {
                @if let Some(bp) = newest.as_ref().and_then(|v| v.blood_pressure) { p { "Your first reading, " strong { (bp) } ", is saved." } }
                (ready_at(here, plus_minutes(from, 1), "Stay as you are. The second reading follows after a minute.", "Now measure once more.", typed, says))
            }
        }
        ReadingStep::Held => {
            let finding = pressure_held(here.chart, here.session, here.protocols, here.now);
            let from = newest.as_ref().map_or(here.now, |v| v.taken_at);
            let minutes = repeat_minutes(here);
            html! {
                @if let Some(bp) = newest.as_ref().and_then(|v| v.blood_pressure) {
                    p .lead { "Your reading was " strong { (bp) } "." }
                }
                @if let Some(finding) = finding {
                    p { "For a dose it needs to be " strong { (finding_words::limit(here.ctx.words, &finding)) } "." }
                    p { (finding_words::for_patient(here.ctx.words, &finding.rule)) }
                }
                p { "This is not your fault, and it can change. Your team sees the reading too." }
                (ready_at(here, plus_minutes(from, minutes), &format!("Rest for {minutes} minutes, then try again."), "Now measure again.", typed, says))
                (ui::call_button("Call your team", &here.ctx.clinic.on_call_phone))
            }
        }
    };
    here.page("Blood pressure", html! { (body) (call_line(here.ctx)) })
}

/// A countdown, and the form once it has run down.
fn ready_at(here: &Here<'_>, at: Timestamp, waiting: &str, ready: &str, typed: &Form, says: Option<&str>) -> Markup {
    if here.now < at {
        return html! {
            p { (waiting) }
            p .big-count data-reload { (ui::countdown(at.as_millisecond(), here.ctx.now_ms)) }
            p .quiet { "The page goes on by itself. If it does not, " a href="" { "look again" } "." }
        };
    }
    html! {
        p .lead { (ready) }
        (said(says))
        (ui::error_summary(typed))
        form method="post" action="/my/session/reading" .stack data-once {
            (here.fields())
            (Field::number("systolic", "First, larger number", "mmHg").hint("Often marked SYS.").typed(typed))
            (Field::number("diastolic", "Second, smaller number", "mmHg").hint("Often marked DIA.").typed(typed))
            (Field::number("pulse", "Pulse", "a minute").typed(typed))
            @if here.session.day.oximeter_at_hand == Some(true) { (Field::number("spo2", "Oxygen, from the finger clip", "%").typed(typed)) }
            details { summary { "You measured it earlier?" } (crate::forms::time::when_field("when", typed)) }
            button .button.primary type="submit" { "Save" }
        }
    }
}

pub(super) async fn record(
    axum::extract::State(app): axum::extract::State<App>,
    ctx: PageContext,
    own: OwnChart,
    headers: HeaderMap,
    mut typed: Form,
) -> Result<Response, Problem> {
    heard(&app, &own);
    let now = app.clock.now();
    let at = crate::forms::time::when(&own.open.chart, &mut typed, "when", now);
    let vitals = read_vitals(&mut typed, at, ReadingSource::PatientEntered);
    let session = own.open.chart.current_session();
    let running = session.is_some_and(|s| s.phase().is_running());
    // The rest is over: a form that is shown again for a slip must not ask for it once more.
    let asked = || StepQuery {
        step: if running { "back" } else { "next" }.to_owned(),
        rest: "0".to_owned(),
        ..StepQuery::default()
    };
    if vitals.is_none() && typed.is_sound() {
        typed.wrong("systolic", "Write the numbers that the device shows.");
    }
    let (Some(vitals), Some(session)) = (vitals.filter(|_| typed.is_sound()), session.map(|s| s.id)) else {
        return Ok(again(&app, &ctx, &own, &asked(), &typed));
    };
    let then = if running { "/my/session?step=back" } else { "/my/session?step=next" };
    let command = Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) });
    let form = SessionForm { then, asked: asked(), rests_on: RestsOn::Itself };
    send(&app, &ctx, &own, &headers, &typed, form, command).await
}
