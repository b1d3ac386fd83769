//! The funnel, and the two curves of time.

use stillwater_evidence::estimate::{CannotEstimate, Confidence};
use stillwater_evidence::survival::Scale;
use stillwater_programme::Figures;
use stillwater_programme::figures::{RESPONSE_PERCENT, TimeTo};
use stillwater_ui::format;
use stillwater_ui::plot::{Axis, Drawing, Figure, Mark, Plot, Risk, Series, Table};
use stillwater_words::Words;

use super::estimand::{self, Between};
use crate::estimate_text;

pub fn funnel(figures: &Figures) -> Figure {
    let mut table = Table::with(&["Step", "# Reached", "# Share", "Left here, and why", "# Here now"]);
    for step in &figures.funnel {
        let left: Vec<String> =
            step.left.iter().map(|(reason, n)| format!("{}: {n}", Words::english().term(*reason))).collect();
        let share = if figures.people == 0 { 0.0 } else { step.reached as f64 / figures.people as f64 };
        table.push([
            step.step.words().to_owned(),
            step.reached.to_string(),
            if figures.people == 0 { "–".to_owned() } else { format::percent(share) },
            if left.is_empty() { "–".to_owned() } else { left.join("; ") },
            step.here.to_string(),
        ]);
    }
    Figure::of_table(
        "funnel",
        "From referral to follow-up",
        table,
        format!(
            "n = {} referred. Each step holds those of the next. Follow-up counts only those who also took every planned dose.",
            figures.people
        ),
    )
}

pub fn to_response(figures: &Figures) -> Figure {
    let mut figure = time_to(
        "time-to-response",
        "Time to response",
        "without a response yet",
        &figures.durability.to_response,
        &[],
        &format!(
            "From the first dose to the first PCL-5 at least {RESPONSE_PERCENT:.0} % lower than before it, dated at the form that showed it."
        ),
    );
    figure.estimand = estimand::of(
        figures,
        "days from the first dose to the first response by the PCL-5",
        Between::Time,
        "share without a response over time, and the median",
    );
    figure
}

pub fn to_loss(figures: &Figures) -> Figure {
    let line = format!(
        "From the first response to the first later PCL-5 that is not one. {} took another dose after they had responded, which is part of what is seen.",
        figures.durability.dosed_again
    );
    let durability = &figures.durability;
    let again = &durability.doses_again;
    let mut figure =
        time_to("time-to-loss", "Time to loss of response", "still responding", &durability.to_loss, again, &line);
    figure.estimand = estimand::of(
        figures,
        "days from the first response to the first later PCL-5 that is none, among those who responded",
        Between::Time,
        "share still responding over time, and the median",
    );
    figure
}

const MARKS: [f64; 7] = [0.0, 14.0, 28.0, 56.0, 84.0, 126.0, 182.0];

/// One curve with its table. `again` are further doses, drawn as marks along the floor.
fn time_to(
    id: &str,
    heading: &str,
    share: &str,
    found: &Result<TimeTo, CannotEstimate>,
    again: &[f64],
    line: &str,
) -> Figure {
    let mut table =
        Table::with(&["Day", "# At risk", "# Happened by then", "# Last seen before", &format!("# Share {share}")]);
    let mut figure = Figure::of_table(id, heading, Table::default(), String::new());
    let found = match found {
        Ok(found) => found,
        Err(why) => {
            figure.line = format!("This {why}. {line}");
            figure.table = table;
            return figure;
        }
    };
    let last = found.curve.last_time();
    let marks: Vec<f64> = MARKS.into_iter().filter(|day| *day <= last).collect();
    for row in found.curve.at_risk_table(&marks) {
        let at = found.curve.at(row.time, Scale::LogLog, Confidence::PERCENT_95);
        let share = at.map_or_else(
            || "–".to_owned(),
            |at| match at.interval {
                Some(interval) => {
                    format!(
                        "{} ({} to {})",
                        format::percent(at.share),
                        format::percent(interval.low),
                        format::percent(interval.high)
                    )
                }
                None => format::percent(at.share),
            },
        );
        table.push([
            format::number(row.time, 0),
            row.at_risk.to_string(),
            row.events.to_string(),
            row.censored.to_string(),
            share,
        ]);
    }
    let (mut curve, mut band) = (vec![(0.0, 1.0)], Vec::new());
    let mut ticks = Vec::new();
    for step in found.curve.steps() {
        curve.push((step.time, step.survival));
        if let Some(at) = found.curve.at(step.time, Scale::LogLog, Confidence::PERCENT_95).and_then(|at| at.interval) {
            band.push((step.time, at.low, at.high));
        }
        // Thousands of marks would be one black bar.
        if step.censored > 0 && ticks.len() < 400 {
            ticks.push(Mark::Tick { series: Series::A, x: step.time, y: step.survival });
        }
    }
    let mut drawn = vec![
        Mark::Band { series: Series::A, points: thin(band), step: true },
        Mark::Rule { y: 0.5, label: "half".to_owned() },
        Mark::Line { series: Series::A, points: thin(curve), step: true },
    ];
    drawn.extend(ticks);
    // As with the marks of those last seen: some hundreds are as many as can be told apart.
    drawn.extend(again.iter().take(400).map(|day| Mark::Tick { series: Series::B, x: *day, y: 0.025 }));
    let key = if again.is_empty() {
        Vec::new()
    } else {
        vec![(Series::A, share.to_owned()), (Series::B, "another dose (marks along the floor)".to_owned())]
    };
    let says = format!(
        "Median {} days; {} of {} had it happen.",
        estimate_text::quantile(&found.median, 1),
        found.events,
        found.people
    );
    let competing = found.competing.get(1).and_then(|left| left.steps.last()).map_or_else(String::new, |left| {
        format!(" {} left first ({} by Aalen and Johansen).", found.left_first, format::percent(left.share))
    });
    figure.drawing = (found.people > 0).then(|| {
        Drawing::Plot(Plot {
            id: id.to_owned(),
            title: heading.to_owned(),
            says: says.clone(),
            x: Axis::nice("days", [0.0, last.max(14.0)]),
            y: Axis::percent(share),
            marks: drawn,
            key,
            risk: vec![Risk {
                label: "at risk".to_owned(),
                counts: marks.iter().map(|day| (*day, found.curve.at_risk(*day).to_string())).collect(),
            }],
        })
    });
    figure.line = format!(
        "n = {}. {says}{competing} Kaplan and Meier with log-log 95 % intervals; small marks: last seen there. {line}",
        found.people
    );
    figure.table = table;
    figure
}

/// A curve of very many steps is drawn with at most a thousand, which no screen can tell from all of them.
fn thin<T>(points: Vec<T>) -> Vec<T> {
    const MOST: usize = 1_000;
    let every = points.len().div_ceil(MOST).max(1);
    let last = points.len().saturating_sub(1);
    points.into_iter().enumerate().filter(|(n, _)| n % every == 0 || *n == last).map(|(_, point)| point).collect()
}
