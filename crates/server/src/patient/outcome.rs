//! "How it is going": the same outcome chart as the team's, in simpler form, and an honest line on what trials found.

use axum::extract::State;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::outcome::{self, Series};
use stillwater_care::quantity::days_between;
use stillwater_ui::{LinePoint, OutcomeChart, sparkline};
use stillwater_words::timeline::capital;
use stillwater_words::{Words, outcome as outcome_words};

use super::page as phone;
use crate::chart_access::OwnChart;
use crate::http::{PageContext, Problem};
use crate::state::App;

fn draw(words: &Words, chart: &Chart, series: &Series) -> Markup {
    let Some(start) = chart.first_dose_at().or(chart.referred_at()) else { return html! {} };
    let points = series
        .places
        .iter()
        .map(|place| LinePoint {
            day: days_between(start, place.at),
            score: place.score,
            when: chart.zoned(place.at).strftime("%-d %b %Y").to_string(),
        })
        .collect();
    let doses = chart
        .doses_now()
        .enumerate()
        .map(|(n, dose)| (days_between(start, dose.value.taken_at), (n + 1).to_string()))
        .collect();
    OutcomeChart {
        id: "going".to_owned(),
        title: "Symptoms in the last week".to_owned(),
        says: outcome_words::sentence(words, &series.change),
        points,
        range: series.range,
        cut_off: series.cut_off.as_ref().map(|(value, _)| (*value, "cut-off".to_owned())),
        doses,
        visits: Vec::new(),
        bands: Vec::new(),
        reliable_change: series.change.reliable,
        gap_days: 21.0,
    }
    .draw()
}

pub(super) async fn page(State(app): State<App>, ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    let chart = own.chart();
    let series = outcome::series(chart, app.charts.protocols(), app.clock.now(), "pcl-5-week", "total");
    let symptoms = outcome::symptoms(chart);
    let body = html! {
        @match &series {
            Some(series) if !series.is_empty() => {
                p .lead { (outcome_words::sentence(ctx.words, &series.change)) }
                p { "Lower is better. The line shows your answers about the last week, from 0 to 80; the numbered marks are your doses." }
                (draw(ctx.words, chart, series))
                @if symptoms.iter().any(|s| s.places.len() > 1) {
                    h2 { "One by one" }
                    p { "Each from 0 (not at all) to 4 (extremely)." }
                    ul .row-links {
                        @for symptom in &symptoms {
                            @let scores: Vec<Option<f64>> = symptom.places.iter().map(|p| p.score).collect();
                            @let first = scores.first().copied().flatten();
                            @let says = match (first, symptom.newest()) {
                                (Some(then), Some(now)) => format!("from {then} to {now}"),
                                _ => "not enough answers".to_owned(),
                            };
                            li { span .row-link { span { (capital(&outcome_words::label(ctx.words, &symptom.label))) } (sparkline(&format!("{}: {says}", outcome_words::label(ctx.words, &symptom.label)), &scores, symptom.range)) span .quiet { (says) } } }
                        }
                    }
                }
            }
            _ => p .lead { "There is nothing to show yet. When you have answered “Symptoms in the last week” it appears here." },
        }
        h2 { "What studies found" }
        p { "Not everybody gets better with ketamine. The largest study in PTSD, with 158 veterans and service members, did not show a difference from placebo; how large a difference it leaves open was not reached. A smaller one, with 30 people, found a large difference. Where it helps, it often wears off within days or weeks." }
        p { a href="/my/learn" { "More on what is known and what is not" } }
        p { a href="/my" { "Back to my page" } }
    };
    Ok(phone(&ctx, "How it is going", body))
}
