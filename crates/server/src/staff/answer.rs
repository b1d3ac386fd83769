//! One measure filled in by staff: by its items where its words may be shown, by item numbers and topics or by totals
//! from the clinic's own licensed form where they may not.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::chart::facts_from_chart::SUICIDE_SCREENS;
use stillwater_care::command::{Command, CompleteMeasure, EnterScores};
use stillwater_care::event::Point;
use stillwater_instruments::{Answer, Catalogue, Instrument, Item, Number, OptionSet, Responses};
use stillwater_ui::{Field, FieldGroup};
use stillwater_words::Words;

use super::desk::{ChartPage, chosen, local_time, stored};
use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

const POINTS: [Point; 14] = [
    Point::Screening,
    Point::Baseline,
    Point::PreDose,
    Point::InSession,
    Point::Hours4,
    Point::Hours24,
    Point::Day2,
    Point::Day3,
    Point::Day7,
    Point::Day10,
    Point::Day14,
    Point::Monthly,
    Point::EndOfCourse,
    Point::Unscheduled,
];

pub fn routes() -> Routes {
    const PATH: &str = "/patients/{id}/measures/{instrument}";
    Routes::new().get("measure", PATH, CHART, page).post("measure.send", PATH, CLINICAL, send)
}

async fn page(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    Path((_, instrument)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "a measure").await?;
    let point = Form::from_urlencoded(query.unwrap_or_default().as_bytes()).get("point").to_owned();
    view.typed.set("instrument", &instrument);
    view.typed.set("point", &point);
    if known(&view).is_none() {
        return Err(Problem::not_found());
    }
    Ok(draw(&view))
}

async fn send(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    Path((_, instrument)): Path<(String, String)>,
    typed: Form,
) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "a measure").await?;
    view.typed = typed;
    view.typed.set("instrument", &instrument);
    let Some(known) = known(&view) else { return Err(Problem::not_found()) };
    let command = if view.typed.get("form") == "scores" { scores(&mut view, known) } else { items(&mut view, known) };
    let to = view.href("measures");
    view.send(command, to, draw).await
}

fn known(view: &ChartPage) -> Option<&'static Instrument> {
    Catalogue::built_in().get(view.typed.get("instrument"))
}

/// Reads the answers. An item left open is missing, never zero.
fn items(view: &mut ChartPage, known: &Instrument) -> Option<Command> {
    let typed = &mut view.typed;
    let point = chosen(typed, "point", "Choose when in the course this is.");
    let mut answers = Responses::default();
    for item in &known.items {
        let given: Vec<String> =
            typed.all(&item.id).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect();
        let answer = match given.as_slice() {
            [] => continue,
            [one] if one == "na" => Answer::NotApplicable,
            many => {
                let numbers: Option<Vec<Number>> = many.iter().map(|text| Number::from_decimal(text)).collect();
                match (numbers, item.multi) {
                    (Some(numbers), true) => Answer::List(numbers),
                    (Some(numbers), false) => numbers.first().copied().map_or(Answer::Missing, Answer::Value),
                    (None, _) => {
                        typed.wrong(&item.id, "Give a number.");
                        continue;
                    }
                }
            }
        };
        answers.0.insert(item.id.clone(), answer);
    }
    Some(Command::CompleteMeasure(CompleteMeasure {
        instrument: known.id.clone(),
        point: point?,
        session: None,
        answers,
    }))
}

/// Reads totals from the clinic's own form.
fn scores(view: &mut ChartPage, known: &Instrument) -> Option<Command> {
    let open = std::sync::Arc::clone(&view.open);
    let typed = &mut view.typed;
    let point = chosen(typed, "point", "Choose when in the course this is.");
    let completed_at = local_time(&open.chart, typed, "completed_at");
    let mut scores = BTreeMap::new();
    for score in &known.scores {
        if let Some(value) = typed.optional::<f64>(&format!("score-{}", score.id), "Give a number.") {
            scores.insert(score.id.clone(), value);
        }
    }
    if scores.is_empty() {
        typed.wrong("point", "Give at least one score.");
    }
    Some(Command::EnterScores(EnterScores {
        instrument: known.id.clone(),
        point: point?,
        completed_at: completed_at?,
        scores,
    }))
}

fn point_field(words: &Words, typed: &Form) -> Markup {
    let options = POINTS.iter().map(|point| (stored(*point), words.term(*point))).collect();
    html! { (FieldGroup::list("point", "When in the course", options).typed(typed)) }
}

fn draw(view: &ChartPage) -> Markup {
    let Some(known) = known(view) else { return html! {} };
    let is_screen = SUICIDE_SCREENS.contains(&known.id.as_str());
    let shown = known.may_show_text();
    let tab = format!("measures/{}", known.id);
    let (mut by_items, mut by_scores) = (view.typed.clone(), view.typed.clone());
    match view.typed.get("form") {
        "scores" => by_items = Form::blank(),
        "items" => by_scores = Form::blank(),
        _ => {}
    }
    by_items.set("point", view.typed.get("point"));
    by_scores.set("point", view.typed.get("point"));
    let body = html! {
        p { (known.summary) }
        @if !known.licence.attribution.is_empty() { p .quiet { (known.licence.attribution) } }
        @if !known.items.is_empty() {
            section .panel {
                h2 { @if shown { "By its items" } @else { "Items, from your own form" } }
                @if shown { p { (known.instructions.text) } p .quiet { (known.instructions.stem) } }
                @else { p .quiet { "The words are not ours to show. Item numbers and topics stand here; ask from your licensed form." } }
                (view.form("items", &tab, html! {
                    (point_field(view.ctx.words, &by_items))
                    @for item in &known.items { (item_field(known, item, shown, &by_items)) }
                    button .button.primary type="submit" { "Record" }
                }))
            }
        }
        @if !is_screen && !known.scores.is_empty() {
            details .panel open[known.items.is_empty() || view.typed.get("form") == "scores"] { summary { h2 .inline { "Scores from your own form" } }
                (view.form("scores", &tab, html! {
                    (point_field(view.ctx.words, &by_scores))
                    (Field::date_time("completed_at", "Filled in").typed(&by_scores))
                    @for score in &known.scores {
                        (Field::number(&format!("score-{}", score.id), &score.label, &format!("{} to {}", score.min.as_f64(), score.max.as_f64())).typed(&by_scores))
                    }
                    button .button type="submit" { "Record the scores" }
                })) }
        }
    };
    view.page(&known.title, "measures", body)
}

fn item_field(known: &Instrument, item: &Item, shown: bool, typed: &Form) -> Markup {
    let words = if shown && !item.text.is_empty() { item.text.clone() } else { item.topic.clone() };
    let label = format!("{}. {words}", item.n);
    let hint = item.ask_if.as_ref().map(|_| "Asked only after some earlier answers; leave it open otherwise.");
    let group = |mut options: Vec<(String, String)>| {
        if item.na_allowed {
            options.push(("na".to_owned(), "does not apply".to_owned()));
        }
        let field = if item.multi {
            FieldGroup::several(&item.id, &label, options)
        } else {
            FieldGroup::one(&item.id, &label, options)
        };
        let field = if let Some(hint) = hint { field.hint(hint) } else { field };
        html! { (field.typed(typed)) }
    };
    match known.options_of(item) {
        Some(OptionSet::Choice { options, .. }) => group(
            options
                .iter()
                .map(|o| {
                    let value = o.value.as_f64().to_string();
                    let plain = matches!(o.label.to_ascii_lowercase().as_str(), "yes" | "no");
                    let words = if shown || plain { format!("{value}  {}", o.label) } else { value.clone() };
                    (value, words)
                })
                .collect(),
        ),
        Some(OptionSet::Number { min, max, .. }) => {
            let range = format!("{} to {}", min.as_f64(), max.as_f64());
            html! { (Field::number(&item.id, &label, &range).typed(typed)) }
        }
        None => html! { (Field::number(&item.id, &label, "").typed(typed)) },
    }
}
