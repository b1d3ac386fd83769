//! What was measured and what is due: the outcome chart, clusters and single symptoms, the suicide screens apart from all
//! totals, and every result as it was recorded.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::chart::Entry;
use stillwater_care::chart::facts_from_chart::{SUICIDE_SCREENS, suicide_risk};
use stillwater_care::command::Command;
use stillwater_care::event::{MeasureCompleted, MeasureEntry, SuicideScreenReviewed};
use stillwater_care::facts::SuicideRisk;
use stillwater_care::outcome::{self, Series};
use stillwater_care::quantity::days_between;
use stillwater_care::schedule;
use stillwater_instruments::Catalogue;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag, LinePoint, OutcomeChart, score_text};
use stillwater_words::alerts::point_of;
use stillwater_words::outcome as outcome_words;

use super::desk::{self, ChartPage, options, stored};
use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// Points of a weekly measure further apart than this are not joined, so that a gap is seen.
const GAP_DAYS: f64 = 21.0;

pub fn routes() -> Routes {
    Routes::new().get("measures", "/patients/{id}/measures", CHART, page).post(
        "measures.send",
        "/patients/{id}/measures",
        CLINICAL,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "measures").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "measures").await?;
    view.typed = typed;
    let measure = desk::event_id(&view.typed, "measure")?;
    let proceed = view.typed.required("proceed", "Choose whether treatment may go on.") == "yes";
    let words = view.typed.get("screen-words").trim().to_owned();
    let to = view.href("measures");
    view.send(Some(Command::ReviewSuicideScreen(SuicideScreenReviewed { measure, proceed, words })), to, draw).await
}

fn short(instrument: &str) -> &str {
    Catalogue::built_in().get(instrument).map_or(instrument, |i| i.short.as_str())
}

fn draw(view: &ChartPage) -> Markup {
    let body = html! {
        (screens(view))
        (outcomes(view))
        (due(view))
        (results(view))
        (fill_in(view))
    };
    view.page("Measures", "measures", body)
}

/// The suicide screens and single answers about suicide, apart from every total.
fn screens(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let mut screens: Vec<&Entry<MeasureCompleted>> =
        chart.standing(&chart.measures).filter(|m| SUICIDE_SCREENS.contains(&m.value.instrument.as_str())).collect();
    screens.sort_by_key(|m| std::cmp::Reverse((m.occurred_at, m.seq)));
    let rows: Vec<Vec<Markup>> = screens
        .iter()
        .map(|m| {
            let risk = suicide_risk(&m.value);
            let review = chart.suicide_reviews.iter().rev().find(|r| r.value.measure == m.id);
            let state = match risk {
                SuicideRisk::None => ui::flag(Flag::Ok, "negative"),
                SuicideRisk::Unanswered => ui::flag(Flag::Unknown, "cannot be told: ask"),
                SuicideRisk::Low | SuicideRisk::Moderate | SuicideRisk::High => ui::flag(Flag::ActNow, &stored(risk)),
            };
            let outweighs = chart.screen_stands(m, view.now());
            vec![
                html! { (view.when(m.occurred_at)) },
                html! { (short(&m.value.instrument)) br; span .quiet { (view.ctx.words.term(m.value.point)) ", by " (m.actor.name()) } },
                html! { (state) @if outweighs { br; span .quiet { "counts until a prescriber signs, whatever was answered since" } } },
                html! {
                    @match review {
                        Some(r) => {
                            (r.actor.name()) " " (view.when(r.occurred_at)) ": " @if r.value.proceed { "go on" } @else { "do not go on" } ". " (r.value.words)
                            @if !r.value.proceed { (review_form(view, m)) }
                        }
                        None if risk == SuicideRisk::None => "no review needed",
                        None => (review_form(view, m)),
                    }
                },
            ]
        })
        .collect();
    let mut single: Vec<Vec<Markup>> = Vec::new();
    for m in chart.measures_of("phq-9").into_iter().rev().take(12) {
        let words = match m.value.safety.values().next().copied().flatten() {
            Some(true) => ui::flag(Flag::ActNow, "above “not at all”"),
            Some(false) => ui::flag(Flag::Ok, "not at all"),
            None => ui::flag(Flag::Unknown, "not answered: ask"),
        };
        single.push(vec![html! { (view.when(m.occurred_at)) }, words]);
    }
    html! {
        section .panel {
            h2 { "Suicide screens" }
            @if rows.is_empty() { p { (ui::flag(Flag::Unknown, "never screened")) } }
            @else { (ui::data_table("Screens, newest first", &["When", "Screen", "Result", "Review"], &rows)) }
            @if !single.is_empty() { details { summary { "PHQ-9, the item on thoughts of death or self-harm" } (ui::data_table("PHQ-9 item 9", &["When", "Answer"], &single)) } }
        }
    }
}

fn review_form(view: &ChartPage, m: &Entry<MeasureCompleted>) -> Markup {
    let mine = view.typed.get("measure") == m.id.to_string();
    let typed = if mine { view.typed_for("screen") } else { Form::blank() };
    html! {
        details open[mine] { summary { "Review" }
            (view.form("screen", "measures", html! {
                input type="hidden" name="measure" value=(m.id);
                (FieldGroup::one("proceed", "May treatment go on?", options([("yes", "Yes (a prescriber's decision)"), ("no", "No, not now")])).typed(&typed))
                (Field::area("screen-words", "What you found, and what you and the patient agreed").typed(&typed))
                (view.proof_field("screen"))
                button .button type="submit" { "Record the review" }
            })) }
    }
}

/// The chart of a series, with the doses, visits and bands of this course.
fn chart_of(view: &ChartPage, series: &Series, id: &str) -> OutcomeChart {
    let chart = view.chart();
    let origin = chart.first_dose_at().or(series.places.first().map(|p| p.at)).unwrap_or(view.now());
    let day = |at| days_between(origin, at);
    let known = Catalogue::built_in().get(&series.instrument);
    let bands = known.map(|i| i.bands.iter().filter(|b| b.score == series.score)).into_iter().flatten();
    OutcomeChart {
        id: id.to_owned(),
        title: format!("{}: {}", short(&series.instrument), outcome_words::label(view.ctx.words, &series.label)),
        says: outcome_words::sentence(view.ctx.words, &series.change),
        points: series
            .places
            .iter()
            .map(|p| LinePoint { day: day(p.at), score: p.score, when: view.when(p.at) })
            .collect(),
        range: series.range,
        cut_off: series.cut_off.as_ref().map(|(value, _)| (*value, "cut-off".to_owned())),
        doses: chart.doses_now().enumerate().map(|(n, d)| (day(d.value.taken_at), format!("{}", n + 1))).collect(),
        visits: chart.standing_now(&chart.visits).map(|v| day(v.value.held_at)).collect(),
        bands: bands.map(|b| (b.min.as_f64(), b.max.as_f64(), b.label.clone())).collect(),
        reliable_change: series.change.reliable,
        gap_days: GAP_DAYS,
    }
}

fn outcomes(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let of = |instrument: &str, score: &str| {
        outcome::series(chart, view.app.charts.protocols(), view.now(), instrument, score).filter(|s| !s.is_empty())
    };
    let Some(total) = of("pcl-5-week", "total").or_else(|| of("pcl-5-month", "total")) else {
        return html! { section .panel { h2 { "Outcome" } (ui::empty("No PCL-5 is there yet. The chart begins with the first one.")) } };
    };
    let clusters: Vec<_> = ["B", "C", "D", "E"].iter().filter_map(|score| of(&total.instrument, score)).collect();
    let symptoms: Vec<_> = outcome::symptoms(chart).into_iter().filter(|s| !s.is_empty()).collect();
    let others =
        [("phq-9", "total"), ("gad-7", "total"), ("b-ipf", "impairment"), ("itq", "total12"), ("isi", "total")];
    html! {
        section .panel {
            h2 { "Outcome" }
            p .row { (ui::trend_word(desk::trend(total.change.trend))) " " (outcome_words::sentence(view.ctx.words, &total.change)) }
            (chart_of(view, &total, "outcome").draw())
            @if let Some((_, meaning)) = &total.cut_off { p .quiet { "Cut-off: " (meaning) ". A questionnaire is not a diagnosis." } }
            (small_multiples(view, "Symptom clusters", &clusters))
            (small_multiples(view, "Five symptoms, one by one (0 not at all to 4 extremely)", &symptoms))
            @for (instrument, score) in others {
                @if let Some(series) = of(instrument, score) {
                    details { summary { (short(instrument)) " " @match series.newest() { Some(s) => strong { (score_text(s)) }, None => "–" } " " (ui::trend_word(desk::trend(series.change.trend))) }
                        (chart_of(view, &series, &format!("outcome-{instrument}")).draw()) }
                }
            }
        }
    }
}

fn small_multiples(view: &ChartPage, title: &str, all: &[Series]) -> Markup {
    html! {
        @if !all.is_empty() {
            h3 { (title) }
            ul .multiples {
                @for series in all {
                    @let scores: Vec<_> = series.places.iter().map(|p| p.score).collect();
                    li {
                        span .quiet { (outcome_words::label(view.ctx.words, &series.label)) }
                        (ui::sparkline(&format!("{}: {} results", outcome_words::label(view.ctx.words, &series.label), scores.len()), &scores, series.range))
                        strong { @match series.newest() { Some(score) => (score_text(score)), None => "–" } }
                        @if let Some(points) = series.change.points { span .quiet { " " @if points > 0.0 { "+" } (score_text(points)) " since the start" } }
                    }
                }
            }
        }
    }
}

fn due(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let now = view.now();
    let all = schedule::measures(chart, view.app.charts.protocols());
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|m| {
            let state = match m.done {
                Some(_) => ui::flag(Flag::Ok, "answered"),
                None if !schedule::asked(chart, m) => html! { span .quiet { "no longer asked" } },
                None if m.missed(now) => ui::flag(Flag::Unknown, "missed"),
                None if m.overdue(now) => ui::flag(Flag::Due, "overdue"),
                None if m.open(now) => ui::flag(Flag::Due, "open"),
                None => html! { span .quiet { "opens " (view.when(m.opens_at)) } },
            };
            vec![
                html! { (short(&m.instrument)) },
                html! { (point_of(view.ctx.words, m.point, m.session_number, m.occurrence)) },
                html! { (view.when(m.due_at)) },
                state,
                html! { @if m.done.is_none() { a href=(format!("{}/{}?point={}", view.href("measures"), m.instrument, stored(m.point))) { "enter" } } },
            ]
        })
        .collect();
    let answered = all.iter().filter(|m| m.done.is_some()).count();
    html! {
        section .panel {
            h2 { "Due and done" }
            @if rows.is_empty() { p .quiet { "Nothing is due." } }
            @else { (ui::data_table(&format!("{answered} of {} answered", all.len()), &["Measure", "At", "Due", "State", ""], &rows)) }
        }
    }
}

fn results(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let mut all: Vec<_> = chart.measures.iter().collect();
    all.sort_by_key(|m| std::cmp::Reverse((m.occurred_at, m.seq)));
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|m| {
            let struck = !chart.stands(m.id);
            let scores: Vec<String> = m
                .value
                .scores
                .iter()
                .map(|(id, score)| format!("{id} {}", score.map_or_else(|| "–".to_owned(), score_text)))
                .collect();
            let bands: Vec<_> = m.value.bands.values().cloned().collect();
            let entry = if m.value.entry == MeasureEntry::EnteredTotal { "scores entered" } else { "by items" };
            vec![
                html! { (view.when(m.occurred_at)) },
                html! { @if struck { s { (short(&m.value.instrument)) } " (corrected)" } @else { (short(&m.value.instrument)) } br; span .quiet { (view.ctx.words.term(m.value.point)) } },
                html! { (scores.join(", ")) },
                html! { (bands.join(", ")) },
                html! { @if !m.value.missing.is_empty() { (m.value.missing.len()) " unanswered" } },
                html! { (m.actor.name()) ", " (entry) },
            ]
        })
        .collect();
    html! {
        details .panel { summary { h2 .inline { "Every result" } " (" (rows.len()) ")" }
            @if rows.is_empty() { p .quiet { "Nothing was answered yet." } }
            @else { (ui::data_table("Results, newest first", &["When", "Measure", "Scores", "Band", "Missing", "By"], &rows)) } }
    }
}

fn fill_in(view: &ChartPage) -> Markup {
    html! {
        details .panel { summary { h2 .inline { "Fill in a measure" } }
            p .quiet { "Where the words are not ours to show, fill in your own licensed form and enter its items or totals." }
            ul .columns { @for instrument in Catalogue::built_in().iter() {
                li { a href=(format!("{}/{}", view.href("measures"), instrument.id)) { (instrument.short) } " " span .quiet { (instrument.title) @if !instrument.may_show_text() { " · from your own form" } } }
            } } }
    }
}
