//! What happens next, what is left to do today, how it is going, and who answers tonight.

use axum::extract::State;
use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::Phase;
use stillwater_care::event::Point;
use stillwater_care::facts::HistoryTopic;
use stillwater_care::outcome;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::hours_between;
use stillwater_care::readiness;
use stillwater_care::schedule::{self, DueMeasure};
use stillwater_instruments::{Catalogue, Mode};
use stillwater_ui::phone_link;

use super::{link_row, page as phone};
use crate::chart_access::OwnChart;
use crate::expected::Reader;
use crate::http::{PageContext, Problem};
use crate::live::commands::local_time;
use crate::live::help;
use crate::state::App;

/// Measures that the patient can answer now, by themselves.
pub(super) fn to_answer(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Vec<DueMeasure> {
    let mut due: Vec<DueMeasure> = schedule::measures(chart, protocols)
        .into_iter()
        .filter(|m| m.open(now) && m.point != Point::InSession && schedule::asked(chart, m))
        .filter(|m| {
            Catalogue::built_in()
                .get(&m.instrument)
                .is_some_and(|i| i.may_show_text() && (i.mode == Mode::SelfReport || i.id == "asq"))
        })
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    due.retain(|m| seen.insert(m.instrument.clone()));
    due
}

fn history_open(chart: &Chart) -> usize {
    HistoryTopic::ALL.iter().filter(|topic| !chart.history.contains_key(topic)).count()
}

fn next(chart: &Chart, protocols: &Protocols, now: Timestamp, left: usize) -> Markup {
    let session = chart.current_session();
    // After a change of plan another text is asked for; before one, the phase below says it.
    let other_consent = chart.consent().is_some()
        && chart.ended().is_none()
        && readiness::consent_to_sign(chart, protocols, now).is_some();
    html! {
        @if other_consent {
            p .lead { "Your plan has changed, or you signed half a year ago. Please read what it means now, and sign if you want to go on." }
            a .button.primary href="/my/consent" { "Read and sign" }
        }
        @if let Some(session) = session {
            @let hours = hours_between(now, session.starts_at);
            @if session.phase().is_running() {
                p .lead { "Your session is going on." }
                a .button.primary href="/my/session" { "Go to your session" }
            } @else if hours <= 24.0 {
                p .lead { "Your session is " strong { (local_time(chart, session.starts_at, now)) } "." }
                a .button.primary href="/my/session" { "Get ready for your session" }
            } @else {
                p .lead { "Your next session is " strong { (local_time(chart, session.starts_at, now)) } "." }
            }
        } @else {
            @match chart.phase() {
                Phase::Referred | Phase::Screening if left > 0 => p .lead { "Next: a few questions, so that your team can see whether this treatment is safe and right for you. You can stop and come back at any time." },
                Phase::Referred | Phase::Screening => p .lead { "Thank you. Your team now goes through your answers and will be in touch." },
                Phase::Consent if chart.consent().is_none() => {
                    p .lead { "Your prescriber decided that you can be treated. Next: read what it means, and sign if you want to." }
                    a .button.primary href="/my/consent" { "Read and sign" }
                }
                Phase::Consent | Phase::Preparation => p .lead { "Next: your team plans your preparation and your session with you." },
                Phase::Session => p .lead { "Your session is today." },
                Phase::FollowUp => p .lead { "You are between sessions, or afterwards. Your answers show whether it helps." },
                Phase::Ended if schedule::follows_up(chart) && chart.first_dose_at().is_some() => p .lead { "This treatment has ended. For some months we still ask how you are, because things can change after the last dose. Tell your team when they do." },
                Phase::Ended => p .lead { "This treatment has ended. Your record stays open to you." },
            }
        }
    }
}

pub(super) async fn page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    let chart = own.chart();
    let now = app.clock.now();
    let due = to_answer(chart, app.charts.protocols(), now);
    let screening = matches!(chart.phase(), Phase::Referred | Phase::Screening);
    let history = if screening { history_open(chart) } else { 0 };
    let left = due.len() + usize::from(history > 0);
    let series = outcome::series(chart, app.charts.protocols(), now, "pcl-5-week", "total");
    let first = chart.name().split_whitespace().next().unwrap_or("").to_owned();
    let body = html! {
        section aria-label="Next" { (next(chart, app.charts.protocols(), now, left)) }
        @if let Some(alert) = help::answered(chart).filter(|_| chart.running_session().is_none()) {
            (help::state_of(&ctx, chart, alert, Reader::Patient, now))
            p { "You can also call your team: " (phone_link(&ctx.clinic.on_call_phone)) "." }
        }
        section aria-labelledby="todo" {
            h2 #todo { "Left to do" }
            @if left == 0 { p { "Nothing today." } }
            ul .row-links {
                @if history > 0 { (link_row("/my/history", "About your health", &format!("{history} questions"))) }
                @for m in &due {
                    @if let Some(i) = Catalogue::built_in().get(&m.instrument) {
                        (link_row(&format!("/my/questions/{}", i.id), friendly(&i.id), &format!("about {} min", i.minutes.max(1))))
                    }
                }
                @if chart.plan().is_some_and(|p| p.setting == stillwater_care::facts::Setting::Home) && chart.companion.as_ref().is_none_or(|c| c.confirmed_at.is_none()) {
                    (link_row("/my/companion", "Your companion", "name and invite them"))
                }
            }
        }
        section aria-labelledby="going" {
            h2 #going { "How it is going" }
            @match series.as_ref().map(|s| s.change) {
                Some(change) if change.points.is_some() => p { (stillwater_words::outcome::sentence(ctx.words, &change)) },
                _ => p { "There is not enough to say yet." },
            }
            ul .row-links { (link_row("/my/outcome", "See the chart", "")) }
        }
        section aria-labelledby="more" {
            h2 #more { "Yours" }
            ul .row-links {
                (link_row("/my/journal", "Journal", "private unless you share"))
                (link_row("/my/safety-plan", "Safety plan", ""))
                (link_row("/my/companion", "Companion", chart.companion.as_ref().map_or("nobody named yet", |c| c.name.as_str())))
                (link_row("/my/consent", "Consent", ""))
                (link_row("/my/learn", "How it works, and what is known", ""))
                (link_row("/my/record", "My record", "who opened it; download"))
            }
        }
        section aria-labelledby="tonight" {
            h2 #tonight { "Who answers tonight" }
            p { "Your team: " (phone_link(&ctx.clinic.on_call_phone)) ", day and night." }
            p { "In a crisis: " (phone_link(&ctx.clinic.crisis_number)) @if let Some(then) = &ctx.clinic.crisis_veterans { ", veterans " (then) } ". In danger: "
                (phone_link(chart.demographics.as_ref().map_or(ctx.clinic.emergency_number.as_str(), |d| d.emergency_number.as_str()))) "." }
        }
    };
    Ok(phone(&ctx, &format!("Hello {first}"), body))
}

/// A questionnaire's name in words that say what it is about.
pub(super) fn friendly(instrument: &str) -> &'static str {
    match instrument {
        "pc-ptsd-5" => "Five questions about what happened and now",
        "lec-5" => "Kinds of hard events",
        "pcl-5-month" => "Symptoms in the last month",
        "pcl-5-week" => "Symptoms in the last week",
        "daily-check" => "The last 24 hours",
        "phq-9" => "Mood in the last two weeks",
        "gad-7" => "Worry in the last two weeks",
        "asq" => "A few questions about safety",
        "audit-c" => "Alcohol",
        "b-ipf" => "Daily life, work and people",
        "bladder-check" => "Bladder",
        "itq" => "How it affects you",
        "who-5" => "Wellbeing",
        "session-check" => "How your visit was",
        _ => "A questionnaire",
    }
}
