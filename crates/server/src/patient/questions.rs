//! A questionnaire on a phone: one question at a time or the whole page, saved as it goes, sent when the person says so.
//!
//! Answers are kept as a draft until they are sent, so leaving loses nothing. An answer that means danger raises its alert
//! in the same append, and the very next page shows a person to reach.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::Chart;
use stillwater_care::command::{Command, CompleteMeasure};
use stillwater_care::event::{Event, Point};
use stillwater_care::schedule;
use stillwater_clinic::Principal;
use stillwater_clinic::accounts::AccountsFailure;
use stillwater_instruments::{Answer, Catalogue, Instrument, Item, Mode, Number, OptionSet, Responses, SafetyLevel};
use stillwater_ui::{Notice, notice};

use super::home::friendly;
use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::state::App;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Where {
    /// The item to show.
    #[serde(default)]
    at: String,
    /// The whole page.
    #[serde(default)]
    all: String,
    /// The answers before sending.
    #[serde(default)]
    review: String,
}

fn instrument(id: &str) -> Result<&'static Instrument, Problem> {
    Catalogue::built_in()
        .get(id)
        .filter(|i| i.may_show_text() && (i.mode == Mode::SelfReport || i.id == "asq"))
        .ok_or_else(Problem::not_found)
}

fn draft_key(instrument: &Instrument) -> String {
    format!("questions-{}", instrument.id)
}

async fn draft(app: &App, principal: &Principal, instrument: &Instrument) -> Result<Responses, Problem> {
    match app.accounts.draft(&principal.key(), &draft_key(instrument)).await {
        Ok(None) => Ok(Responses::default()),
        Ok(Some(text)) => serde_json::from_str(&text).map_err(|error| unreadable_draft(&error)),
        Err(error @ AccountsFailure::Unreadable { .. }) => Err(unreadable_draft(&error)),
        Err(error) => Err(Problem::failure("reading a draft", &error)),
    }
}

/// What somebody answered before must not look as if it had never been: the draft is kept, and they are told.
fn unreadable_draft(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a draft of a questionnaire cannot be read");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Your earlier answers cannot be read",
        "You had begun to answer these questions. What you answered is kept, but this page cannot show it.",
        "Tell your team, who can ask you these questions themselves.",
    )
}

async fn keep(app: &App, principal: &Principal, instrument: &Instrument, answers: &Responses) -> Result<(), Problem> {
    let text = serde_json::to_string(answers).map_err(|error| Problem::failure("writing a draft", &error))?;
    let kept = app.accounts.keep_draft(&principal.key(), &draft_key(instrument), &text).await;
    kept.map_err(|error| Problem::failure("keeping a draft", &error))
}

/// Why it is asked, before anything about what happened.
fn why(instrument: &Instrument) -> &'static str {
    match instrument.id.as_str() {
        "lec-5" | "pc-ptsd-5" => {
            "These name kinds of hard events. We ask so that the treatment fits you. No details are asked for, and you may skip any of them."
        }
        "asq" => "We ask everybody these, every time, because it helps us keep you safe. You may decline any of them.",
        "phq-9" | "gad-7" => "These show how your mood and worry are, and whether the treatment changes them.",
        "audit-c" => "Alcohol and this medicine do not go together, so we need to know. Nobody judges.",
        "bladder-check" => "Ketamine used often can harm the bladder. We check so that we notice early.",
        "b-ipf" => "These show how daily life goes: people, work, the things you do. That is what should get better.",
        _ => "Your answers show whether the treatment helps. You may skip any question.",
    }
}

fn visited(responses: &Responses, item: &Item) -> bool {
    responses.0.contains_key(&item.id)
}

fn choice_name(item: &Item) -> String {
    format!("item-{}", item.id)
}

fn control(instrument: &Instrument, item: &Item, answers: &Responses) -> Markup {
    let name = choice_name(item);
    let answer = answers.get(&item.id);
    let is = |value: Number| match answer {
        Answer::Value(given) => *given == value,
        Answer::List(list) => list.contains(&value),
        _ => false,
    };
    let kind = if item.multi { "checkbox" } else { "radio" };
    let choice = |value: Number, label: &str| {
        html! {
            label .choice { input type=(kind) name=(name) value=(value) checked[is(value)]; span { (label) } }
        }
    };
    html! {
        div .choices {
            @match instrument.options_of(item) {
                Some(OptionSet::Choice { options, .. }) => {
                    @for option in options { (choice(option.value, &option.label)) }
                }
                Some(OptionSet::Number { min, max, step, min_label, max_label, .. }) => {
                    @if let (Some(low), Some(high), Some(1)) = (min.as_i64(), max.as_i64(), step.as_i64()) {
                        @for n in low..=high {
                            @let end = if n == low { min_label.as_str() } else if n == high { max_label.as_str() } else { "" };
                            (choice(Number::whole(n), &if end.is_empty() { n.to_string() } else { format!("{n}: {end}") }))
                        }
                    } @else {
                        div .field { label for=(name) { "A number from " (min) " to " (max) }
                            input #(name) name=(name) type="text" inputmode="decimal" value=[match answer { Answer::Value(v) => Some(v.to_string()), _ => None }]; }
                    }
                }
                None => {}
            }
            @if item.na_allowed {
                label .choice { input type="radio" name=(name) value="na" checked[matches!(answer, Answer::NotApplicable)]; span { "Does not apply to me" } }
            }
        }
    }
}

fn question(item: &Item) -> &str {
    if item.text.is_empty() { &item.topic } else { &item.text }
}

/// One question a screen.
fn one(ctx: &PageContext, instrument: &Instrument, answers: &Responses, item: &Item, asked: &[&Item]) -> Markup {
    let place = asked.iter().position(|i| i.id == item.id).unwrap_or(0);
    let before = place.checked_sub(1).and_then(|at| asked.get(at));
    let action = format!("/my/questions/{}", instrument.id);
    html! {
        @if place == 0 {
            p { (why(instrument)) }
            @if !instrument.instructions.text.is_empty() { p .quiet { (screen_text(instrument)) } }
        }
        p .quiet { (place + 1) " of " (asked.len()) }
        progress max=(asked.len()) value=(place) aria-label="How far you are" {}
        form method="post" action=(action) .stack {
            (ctx.csrf_field())
            input type="hidden" name="item" value=(item.id);
            fieldset .question {
                legend { @if !instrument.instructions.stem.is_empty() { span .stem { (instrument.instructions.stem) } " " } (question(item)) }
                @if item.multi { p .hint { "You may choose more than one." } }
                (control(instrument, item, answers))
            }
            button .button.primary type="submit" name="go" value="next" { "Next" }
            button .button type="submit" name="go" value="skip" { "I would rather not say" }
        }
        p .spread {
            @if let Some(before) = before { a href=(format!("{action}?at={}", before.id)) { "Back" } }
            a href=(format!("{action}?all=1")) { "Show the whole page" }
            a href="/my" { "Stop for now" }
        }
    }
}

fn screen_text(instrument: &Instrument) -> &str {
    let text = &instrument.instructions;
    if text.screen_text.is_empty() { &text.text } else { &text.screen_text }
}

/// Every question on one page.
fn whole(ctx: &PageContext, instrument: &Instrument, answers: &Responses, asked: &[&Item]) -> Markup {
    let action = format!("/my/questions/{}", instrument.id);
    html! {
        p { (why(instrument)) }
        @if !instrument.instructions.text.is_empty() { p .quiet { (screen_text(instrument)) } }
        form method="post" action=(action) .stack {
            (ctx.csrf_field())
            @for item in asked {
                input type="hidden" name="item" value=(item.id);
                fieldset .question {
                    legend { @if !instrument.instructions.stem.is_empty() { span .stem { (instrument.instructions.stem) } " " } (question(item)) }
                    (control(instrument, item, answers))
                }
            }
            button .button.primary type="submit" name="go" value="all" { "Go on" }
        }
        p .spread { a href=(action) { "One question at a time" } a href="/my" { "Stop for now" } }
    }
}

fn shown(instrument: &Instrument, item: &Item, answer: &Answer) -> String {
    let words = |value: &Number| match instrument.options_of(item) {
        Some(OptionSet::Choice { options, .. }) => {
            options.iter().find(|o| o.value == *value).map_or_else(|| value.to_string(), |o| o.label.clone())
        }
        _ => value.to_string(),
    };
    match answer {
        Answer::Value(value) => words(value),
        Answer::List(list) => list.iter().map(words).collect::<Vec<_>>().join("; "),
        Answer::NotApplicable => "does not apply".to_owned(),
        Answer::Missing | Answer::Other(_) => "left out".to_owned(),
    }
}

fn review(ctx: &PageContext, chart: &Chart, instrument: &Instrument, answers: &Responses, asked: &[&Item]) -> Markup {
    let action = format!("/my/questions/{}", instrument.id);
    html! {
        p { "These are your answers. You can change any of them, or send them." }
        ul .row-links {
            @for item in asked {
                li { a .row-link href=(format!("{action}?at={}", item.id)) {
                    span { (question(item)) } strong { (shown(instrument, item, answers.get(&item.id))) }
                } }
            }
        }
        form method="post" action=(format!("{action}/send")) .stack data-once {
            (ctx.command_fields(chart.seq))
            button .button.primary type="submit" { "Send to my team" }
        }
        p .quiet { (instrument.licence.attribution) }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    Path(id): Path<String>,
    Query(wanted): Query<Where>,
) -> Result<Response, Problem> {
    let instrument = instrument(&id)?;
    let answers = draft(&app, &own.principal, instrument).await?;
    let asked = instrument.asked(&answers);
    let next = asked.iter().find(|item| !visited(&answers, item));
    let chosen = asked.iter().find(|item| item.id == wanted.at).or(next);
    let body = match chosen {
        _ if !wanted.review.is_empty() && next.is_none() => review(&ctx, own.chart(), instrument, &answers, &asked),
        _ if !wanted.all.is_empty() => whole(&ctx, instrument, &answers, &asked),
        Some(item) => one(&ctx, instrument, &answers, item, &asked),
        None => review(&ctx, own.chart(), instrument, &answers, &asked),
    };
    Ok(phone(&ctx, friendly(&instrument.id), body).into_response())
}

/// What was chosen for one item; `None` when nothing was.
fn chosen(item: &Item, typed: &Form) -> Option<Answer> {
    let name = choice_name(item);
    if typed.get(&name) == "na" {
        return Some(Answer::NotApplicable);
    }
    if item.multi {
        let list: Vec<Number> = typed.all(&name).filter_map(Number::from_decimal).collect();
        return (!list.is_empty()).then_some(Answer::List(list));
    }
    let text = typed.get(&name).trim().replace(',', ".");
    (!text.is_empty()).then(|| Number::from_decimal(&text).map_or(Answer::Other(text), Answer::Value))
}

/// What "I would rather not say" means: the form's own answer for declining where it has one, because a screen may count
/// that as more than a question left blank.
fn declined(instrument: &Instrument, item: &Item) -> Answer {
    let Some(OptionSet::Choice { options, .. }) = instrument.options_of(item) else { return Answer::Missing };
    let own = options.iter().find(|option| option.declined);
    own.map_or(Answer::Missing, |option| Answer::Value(option.value))
}

pub(super) async fn answer(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    Path(id): Path<String>,
    typed: Form,
) -> Result<Response, Problem> {
    let instrument = instrument(&id)?;
    let mut answers = draft(&app, &own.principal, instrument).await?;
    let skip = typed.get("go") == "skip";
    let mut nothing = false;
    for item_id in typed.all("item") {
        let Some(item) = instrument.item(item_id) else {
            return Err(Problem::unreadable("a question that this form does not have"));
        };
        match (chosen(item, &typed), skip) {
            (Some(answer), false) => {
                answers.0.insert(item.id.clone(), answer);
            }
            (_, true) => {
                answers.0.insert(item.id.clone(), declined(instrument, item));
            }
            (None, false) if typed.get("go") == "all" => {
                answers.0.insert(item.id.clone(), Answer::Missing);
            }
            (None, false) => nothing = true,
        }
    }
    // An earlier answer that was changed may close a branch; what was answered there no longer belongs.
    let mut kept = instrument.only_asked(&answers);
    if let Err(error) = instrument.score(&kept, &std::collections::BTreeMap::new(), None) {
        // What does not fit is left out; the other answers of the page are kept, if they can be read without it.
        kept.0.remove(&error.item);
        let rest = instrument.only_asked(&kept);
        if instrument.score(&rest, &std::collections::BTreeMap::new(), None).is_ok() {
            keep(&app, &own.principal, instrument, &rest).await?;
        }
        let words = ctx.words.say(
            "answer-does-not-fit",
            &[
                ("given", stillwater_words::answers::given(ctx.words, &error).into()),
                ("allowed", stillwater_words::answers::allowed(ctx.words, &error.allowed).into()),
            ],
        );
        return Ok(refused(&ctx, &words, &format!("/my/questions/{id}")));
    }
    keep(&app, &own.principal, instrument, &kept).await?;
    let here = format!("/my/questions/{id}");
    if nothing {
        let at = typed.get("item");
        let asked = instrument.asked(&kept);
        let Some(item) = asked.iter().find(|item| item.id == at) else {
            return Ok(Redirect::to(&here).into_response());
        };
        let body = html! {
            (notice(Notice::Due, html! { p { "Choose an answer, or say that you would rather not." } }))
            (one(&ctx, instrument, &kept, item, &asked))
        };
        return Ok(phone(&ctx, friendly(&instrument.id), body).into_response());
    }
    // An answer may open a further question, so the page itself decides between that one and the review.
    Ok(Redirect::to(&here).into_response())
}

/// The point of the course that an answer now belongs to.
fn point(app: &App, own: &OwnChart, instrument: &Instrument) -> Point {
    let now = app.clock.now();
    schedule::measures(own.chart(), app.charts.protocols())
        .into_iter()
        .find(|m| m.instrument == instrument.id && m.open(now))
        .map_or(Point::Unscheduled, |m| m.point)
}

pub(super) async fn send(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    Path(id): Path<String>,
    typed: Form,
) -> Result<Response, Problem> {
    let instrument = instrument(&id)?;
    let answers = instrument.only_asked(&draft(&app, &own.principal, instrument).await?);
    let point = point(&app, &own, instrument);
    let command =
        Command::CompleteMeasure(CompleteMeasure { instrument: instrument.id.clone(), point, session: None, answers });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), &format!("/my/questions/{id}"))),
        CommandOutcome::Done(open) => {
            // The draft goes only once the answers are recorded.
            if let Err(error) = app.accounts.drop_draft(&own.principal.key(), &draft_key(instrument)).await {
                tracing::warn!(%error, "a draft that was sent could not be removed");
            }
            let danger = open.log.iter().rev().find_map(|recorded| match &recorded.event {
                Event::MeasureCompleted(m) if m.instrument == instrument.id => {
                    Some(instrument.safety.iter().any(|s| {
                        s.level != SafetyLevel::Review && m.safety.get(&s.id).copied().flatten() == Some(true)
                    }))
                }
                _ => None,
            });
            let to = if danger == Some(true) { "/my/help-now?from=answers" } else { "/my" };
            Ok(Redirect::to(to).into_response())
        }
        CommandOutcome::Stale(_) => Ok(Redirect::to("/my").into_response()),
    }
}
