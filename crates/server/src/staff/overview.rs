//! The first tab of a chart: the next steps, everything that happened told in sentences, and what is done about the
//! course as a whole: invitations, contact, adverse events, reviews, and its end.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use stillwater_care::chart::timeline::TimelineKind;
use stillwater_care::command::Command;
use stillwater_care::event::*;
use stillwater_care::items;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};

use super::desk::{self, ChartPage, CommandOutcome, chosen, options, stored};
use crate::auth::access::CHART;
use crate::auth::links::{self, Invitation, PERSONAL_LINK_MS};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// How many entries the timeline shows before *all* is asked for.
const ENTRIES: usize = 150;

pub fn routes() -> Routes {
    Routes::new().get("chart", "/patients/{id}", CHART, page).post("chart.send", "/patients/{id}", CHART, send)
}

async fn page(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "overview").await?;
    view.typed = Form::from_urlencoded(query.unwrap_or_default().as_bytes());
    Ok(draw(&view))
}

async fn send(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "overview").await?;
    view.typed = typed;
    if matches!(view.typed.get("form"), "invite-patient" | "invite-companion") {
        return invite(view, &headers).await;
    }
    let command = read(&mut view);
    let to = view.href("");
    view.send(command, to, draw).await
}

/// Makes a personal link. The chart says that one was made; the link itself is shown once and kept nowhere.
async fn invite(view: ChartPage, headers: &HeaderMap) -> Result<Response, Problem> {
    let companion = view.chart().companion.as_ref().map(|c| (c.id, c.name.clone()));
    let invited = match (view.typed.get("form"), &companion) {
        ("invite-companion", Some((id, _))) => Invited::Companion { id: *id },
        ("invite-companion", None) => return Err(Problem::unreadable("No companion is named yet.")),
        _ => Invited::Patient,
    };
    let expires_at = jiff::Timestamp::from_millisecond(view.ctx.now_ms + PERSONAL_LINK_MS).unwrap_or(view.now());
    let (mut view, done) = match view.ask(Command::Invite(InvitationMade { invited, expires_at })).await? {
        CommandOutcome::Held(view, status) => return Ok(view.refused(status, draw)),
        CommandOutcome::Done(done) => *done,
    };
    view.open = done.open;
    if done.recorded.is_empty() {
        view.top = desk::quiet(
            "This link was made already, and a link is shown only once. Make a new one if it was not handed on.",
        );
        return Ok(draw(&view).into_response());
    }
    let patient = view.chart().id;
    let (invitation, whose) = match (invited, companion) {
        (Invited::Companion { id }, Some((_, name))) => {
            (links::invite_companion(&view.app, patient, id, &name).await?, format!("{name}, companion"))
        }
        _ => (links::invite_patient(&view.app, patient, view.chart().name()).await?, view.chart().name().to_owned()),
    };
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scheme = view.ctx.scheme;
    view.top = shown_once(&view, &whose, &format!("{scheme}://{host}"), &invitation);
    view.typed = Form::blank();
    Ok(draw(&view).into_response())
}

fn shown_once(view: &ChartPage, whose: &str, address: &str, link: &Invitation) -> Markup {
    let until = jiff::Timestamp::from_millisecond(link.expires_at_ms).map(|at| view.when(at)).unwrap_or_default();
    ui::notice(
        ui::Notice::Done,
        html! {
            p { strong { "A personal link for " (whose) } ". It is shown this once, works once, and ends " (until) "." }
            p { code #new-link { (address) (link.path) } }
            @if let Some(code) = &link.code { p { "Code, to be told separately: " strong #new-code { (code) } } }
        },
    )
}

fn read(view: &mut ChartPage) -> Option<Command> {
    let open = std::sync::Arc::clone(&view.open);
    let typed = &mut view.typed;
    match typed.get("form") {
        "contact" => Some(Command::RecordContact(ContactMade {
            how: typed.required("how", "Say how you were in touch."),
            words: typed.get("contact-words").to_owned(),
        })),
        "adverse" => Some(Command::RecordAdverseEvent(AdverseEventRecorded {
            what: typed.required("what", "Say what happened."),
            serious: chosen::<bool_word::YesNo>(typed, "serious", "Say whether it was serious.")?.yes(),
            relation: chosen(typed, "relation", "Say how it relates to ketamine, or that nobody has judged it.")?,
            session: None,
            outcome: typed.required("outcome", "Say how it ended, or how it stands now."),
        })),
        "adverse-review" => super::adverse::read(typed),
        "review" => Some(Command::ReviewCourse(CourseReviewed {
            decision: chosen(typed, "decision", "Choose what happens next.")?,
            words: typed.get("review-words").to_owned(),
        })),
        "end" => Some(Command::EndCourse(CourseEnded {
            reason: chosen(typed, "end-reason", "Choose why the course ends.")?,
            words: typed.get("end-words").to_owned(),
        })),
        "correct" => super::correct::read(&open.log, typed),
        _ => None,
    }
}

/// A yes or no that must be chosen.
mod bool_word {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum YesNo {
        Yes,
        No,
    }

    impl YesNo {
        pub fn yes(self) -> bool {
            matches!(self, Self::Yes)
        }
    }
}

fn draw(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let words = view.ctx.words;
    let open = items::open_items(chart, view.app.charts.protocols(), view.now());
    let body = html! {
        (super::merge::notice(view))
        div .two-panes {
            section {
                (timeline(view))
            }
            aside {
                (super::adverse::to_review(view))
                section .panel {
                    h2 { "Next steps" }
                    @if open.is_empty() { p .quiet { "Nothing is open." } }
                    ul .inbox-list {
                        @for item in &open {
                            li { (ui::flag(if item.kind() == items::ItemKind::AlertUnowned { Flag::ActNow } else { Flag::Due }, &stillwater_words::items::kind(words, item.kind()))) " " (stillwater_words::items::what(words, &item.about)) span .quiet { " · " (words.term(item.owner)) } }
                        }
                    }
                    p { a href="/inbox" { "Take on or clear in the inbox" } }
                    @if let Some(end) = chart.ended() { p { strong { (words.term(end.reason)) } " " (view.when(end.at)) " " (end.words) } }
                }
                (super::again::way(view))
                (invitations(view))
                (forms(view))
            }
        }
    };
    view.page("Overview", "", body)
}

fn invitations(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let newest = chart.invitations.iter().rev().find(|i| i.value.invited == Invited::Patient);
    html! {
        section .panel {
            h2 { "Personal links" }
            p .quiet {
                @match newest { Some(made) => { "Last made for the patient " (view.when(made.occurred_at)) " by " (made.actor.name()) "." }, None => "None made for the patient yet." }
            }
            (view.form("invite-patient", "", html! { button .button type="submit" { "Make a link for the patient" } }))
            @match &chart.companion {
                Some(companion) => {
                    p { "Companion: " (companion.name) " (" (companion.relation) "), " (ui::phone_link(&companion.phone)) ". "
                        @match companion.confirmed_at { Some(at) => { "Confirmed " (view.when(at)) "." }, None => "Not confirmed yet." } }
                    (view.form("invite-companion", "", html! { button .button type="submit" { "Make a link and a code for the companion" } }))
                }
                None => p .quiet { "No companion is named yet; name one under Sessions." },
            }
            p { a href=(format!("/referrals/{}/team", chart.id)) { "Change the care team" } }
        }
    }
}

fn forms(view: &ChartPage) -> Markup {
    let (contact, adverse) = (view.typed_for("contact"), view.typed_for("adverse"));
    let (review, end) = (view.typed_for("review"), view.typed_for("end"));
    let reasons = EndReason::ALL.iter().map(|reason| (stored(*reason), view.ctx.words.term(*reason))).collect();
    html! {
        details .panel open[view.typed.get("form") == "contact"] { summary { "Record a contact" }
            (view.form("contact", "", html! {
                (FieldGroup::list("how", "How", options([("telephone", "telephone"), ("in person", "in person"), ("message", "message"), ("video", "video")])).typed(&contact))
                (Field::area("contact-words", "What was said").typed(&contact))
                button .button type="submit" { "Record" }
            })) }
        details .panel open[view.typed.get("form") == "adverse"] { summary { "Record an adverse event" }
            (view.form("adverse", "", html! {
                (Field::new("what", "What happened").typed(&adverse))
                (FieldGroup::one("serious", "Serious", options([("yes", "Yes: death, danger to life, hospital, lasting harm"), ("no", "No")])).typed(&adverse))
                (FieldGroup::list("relation", "Related to ketamine", options([("unrelated", "unrelated"), ("possible", "possible"), ("probable", "probable"), ("definite", "definite"), ("not-judged", "not judged yet")])).typed(&adverse))
                (Field::new("outcome", "Outcome, or how it stands").typed(&adverse))
                button .button type="submit" { "Record" }
            })) }
        @if view.chart().ended().is_none() {
        details .panel open[view.typed.get("form") == "review"] { summary { "Review the course" }
            (view.form("review", "", html! {
                (FieldGroup::one("decision", "What happens next", options([("continue", "Continue as planned"), ("change", "Change the plan"), ("stop", "Stop")])).typed(&review))
                (Field::area("review-words", "What you saw, and why").typed(&review))
                button .button type="submit" { "Record the review" }
            })) }
        details .panel open[view.typed.get("form") == "end"] { summary { "End the course" }
            (view.form("end", "", html! {
                p .hint { "Open orders and sessions are cancelled with it. The chart stays. Who completed it, had no benefit or stopped for an adverse event is still asked how they are; who withdrew, moved or could not be reached is not." }
                (FieldGroup::list("end-reason", "Why", reasons).typed(&end))
                (Field::area("end-words", "In words").typed(&end))
                button .button type="submit" { "End the course" }
            })) }
        }
    }
}

/// Everything that happened, newest first. What was corrected stays, struck, beside the correction.
fn timeline(view: &ChartPage) -> Markup {
    let (chart, words) = (view.chart(), view.ctx.words);
    let kind = view.typed.get("kind");
    let told: Vec<_> = view
        .open
        .log
        .iter()
        .rev()
        .map(|recorded| (recorded, stillwater_words::timeline::told(words, recorded)))
        .filter(|(_, (of, _))| kind.is_empty() || of.code() == kind)
        .collect();
    let limit = if view.typed.get("all") == "yes" { usize::MAX } else { ENTRIES };
    let href = |kind: &str| if kind.is_empty() { view.href("") } else { format!("{}?kind={kind}", view.href("")) };
    html! {
        nav .row.kinds aria-label="Filter the timeline" {
            a .button.small href=(href("")) aria-current=[kind.is_empty().then_some("true")] { "everything" }
            @for one in TimelineKind::ALL { a .button.small href=(href(one.code())) aria-current=[(kind == one.code()).then_some("true")] { (words.code("timeline-kind", one.code())) } }
        }
        @if told.is_empty() { (ui::empty("Nothing of this kind has happened.")) }
        ol .timeline.story {
            @for (recorded, (_, said)) in told.iter().take(limit) {
                @let strike = chart.struck.get(&recorded.id);
                li #(format!("e{}", recorded.seq)) .struck[strike.is_some()] {
                    time { (view.when(recorded.occurred_at)) }
                    div {
                        @if strike.is_some() { s { (said) } } @else { (said) }
                        span .quiet { " · " (recorded.actor.name()) @if recorded.recorded_at != recorded.occurred_at { ", recorded " (view.when(recorded.recorded_at)) } }
                        @if let Some(strike) = strike { p .quiet { "Corrected by " (strike.actor.name()) ": " (strike.why) @if strike.replaced_by.is_some() { " (the entry in its place follows it)" } } }
                        @else if can_be_struck(recorded) { (super::correct::forms(view, recorded)) }
                    }
                }
            }
        }
        @if told.len() > limit { p { a href=(format!("{}?all=yes&kind={kind}", view.href(""))) { "All " (told.len()) " entries" } } }
    }
}

/// Whether an entry is of a kind that is corrected by striking it; the others are followed by what is true now.
fn can_be_struck(recorded: &Recorded) -> bool {
    matches!(
        recorded.event,
        Event::VitalsRecorded(_)
            | Event::WeightRecorded(_)
            | Event::HeightRecorded(_)
            | Event::LabRecorded(_)
            | Event::MeasureCompleted(_)
            | Event::SedationRated(_)
            | Event::SymptomMarked(_)
            | Event::DistressRated(_)
            | Event::CheckInRecorded(_)
            | Event::AdverseEventRecorded(_)
            | Event::VisitHeld(_)
            | Event::FindingOverridden(_)
    )
}
