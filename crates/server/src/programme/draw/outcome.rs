//! Change, response and the scales one by one.

use stillwater_evidence::change::Rate;
use stillwater_evidence::estimate::{CannotEstimate, Missing};
use stillwater_programme::Figures;
use stillwater_programme::figures::{
    AtTime, MATTERS, RELIABLE, REMISSION_BELOW, RESPONSE_PERCENT, SIGNIFICANT_LEVEL, ScaleAt,
};
use stillwater_ui::format;
use stillwater_ui::plot::{Axis, Drawing, Figure, Mark, Plot, Risk, Series, Table};

use super::days;
use super::estimand::{self, Between};
use crate::estimate_text;

const WINDOWS_SIGNED: &str = "Of several forms inside one window the one nearest to the day meant counts (for 1 month the one nearest to day 30; of two as near, the earlier), and the others are left aside. The windows around each time are a proposal, signed by nobody yet.";

/// The times at which anybody is expected by now.
fn due(figures: &Figures) -> impl Iterator<Item = &AtTime> {
    figures.by_time.iter().filter(|at| at.missing.expected > 0)
}

/// How many were seen at each time by which anybody is expected; a time at which nobody was seen is told as such.
fn by_visit<'t>(all: impl IntoIterator<Item = (&'t str, Missing)>) -> String {
    let mut visits: Vec<(&str, Vec<Missing>)> = Vec::new();
    for (name, missing) in all {
        if missing.expected == 0 {
            continue;
        }
        match visits.iter_mut().find(|(known, _)| *known == name) {
            Some((_, counts)) => counts.push(missing),
            None => visits.push((name, vec![missing])),
        }
    }
    let each: Vec<String> = visits
        .iter()
        .map(|(name, counts)| {
            let least = counts.iter().map(|one| one.answered).min().unwrap_or_default();
            let most = counts.iter().map(|one| one.answered).max().unwrap_or_default();
            let expected = counts.iter().map(|one| one.expected).max().unwrap_or_default();
            let seen = if least == most { least.to_string() } else { format!("{least} to {most}") };
            format!("{name} {seen} of {expected}")
        })
        .collect();
    if each.is_empty() { String::new() } else { format!("; seen at {}", each.join(", ")) }
}

/// Seen and expected, over all times and at each.
fn missing_over(all: &[AtTime]) -> String {
    let visits = by_visit(all.iter().map(|at| (at.window.name, at.missing)));
    format!("{}{visits}", missing_in_all(all))
}

fn missing_in_all(all: &[AtTime]) -> String {
    let (expected, answered) = all.iter().fold((0, 0), |(e, a), at| (e + at.missing.expected, a + at.missing.answered));
    estimate_text::missing(Missing { expected, answered })
}

/// A share at a time, or that nobody was seen then.
fn rate_at(at: &AtTime, rate: &Result<Rate, CannotEstimate>) -> String {
    if at.missing.answered == 0 && at.missing.expected > 0 {
        return format!("nobody seen (0 of {})", at.missing.expected);
    }
    estimate_text::rate(rate)
}

/// How many were seen under each time, for the foot of a drawing.
fn seen_under(figures: &Figures) -> Vec<Risk> {
    let short = |at: &AtTime| format!("{}/{}", at.missing.answered, at.missing.expected);
    let counts = due(figures).map(|at| (at.window.day, short(at))).collect();
    vec![Risk { label: "seen".to_owned(), counts }]
}

fn seen(at: &AtTime) -> String {
    format!("{} of {}", at.missing.answered, at.missing.expected)
}

pub fn next_day(figures: &Figures) -> Figure {
    let day = &figures.next_day;
    let mut table = Table::with(&[
        "When",
        "# Seen of expected",
        "# Not yet",
        "# Mean before",
        "# Mean after",
        "# Change (95 % interval)",
    ]);
    let mean = |of: fn(&stillwater_evidence::change::MeanChange) -> f64| {
        day.change.as_ref().map_or_else(|_| "–".to_owned(), |found| format::number(of(found), 1))
    };
    table.push([
        format!("{} ({})", day.window.name, day.window.words()),
        format!("{} of {}", day.missing.answered, day.missing.expected),
        day.not_yet.to_string(),
        mean(|found| found.before.mean),
        mean(|found| found.after.mean),
        estimate_text::change(&day.change),
    ]);
    let mut figure = Figure::of_table(
        "next-day",
        "The day after the first dose",
        table,
        format!(
            "n = {} with a daily check before and after; {} treated too recently. Mean of paired differences, t interval. The daily check is ours, 0 to 20, and has no published reliability: never beside a trial's IES-R or PCL-5.",
            day.missing.answered, day.not_yet
        ),
    );
    figure.missing = Some(estimate_text::missing(day.missing));
    figure.estimand = estimand::of(
        figures,
        "change of the daily check from before the first dose to 24 hours after it",
        Between::ScoresOfThoseSeen,
        "mean of the paired differences",
    );
    figure
}

pub fn change(figures: &Figures) -> Figure {
    let mut table = Table::with(&[
        "When",
        "# Seen of expected",
        "# Not yet",
        "# Mean before",
        "# Mean after",
        "# Change (95 % interval)",
        "# Change by the model",
        "# If those not seen had not changed",
        "# In SDs of before",
    ]);
    let model = |at: &AtTime| {
        let model = figures.adjusted.as_ref().ok()?;
        model.at.iter().find(|(window, _)| *window == at.window).map(|(_, estimate)| estimate)
    };
    let mut marks = vec![
        Mark::Rule { y: 0.0, label: "no change".to_owned() },
        Mark::Rule { y: -MATTERS, label: "10 points: likely to matter".to_owned() },
    ];
    let mut ends = vec![0.0, -MATTERS - 2.0];
    for at in due(figures) {
        if let Ok(found) = &at.change {
            let (value, interval) = (found.change.difference.value, found.change.difference.interval);
            ends.extend([interval.low, interval.high]);
            marks.push(Mark::Whisker {
                series: Series::A,
                x: at.window.day,
                low: interval.low,
                mid: value,
                high: interval.high,
                nudge: -6.0,
            });
        }
        if let Some(estimate) = model(at) {
            ends.extend([estimate.interval.low, estimate.interval.high]);
            marks.push(Mark::Whisker {
                series: Series::B,
                x: at.window.day,
                low: estimate.interval.low,
                mid: estimate.value,
                high: estimate.interval.high,
                nudge: 6.0,
            });
        }
        let of = |of: fn(&stillwater_evidence::change::MeanChange) -> f64| {
            at.change.as_ref().map_or_else(|_| "–".to_owned(), |found| format::number(of(found), 1))
        };
        table.push([
            format!("{} ({})", at.window.name, at.window.words()),
            seen(at),
            at.not_yet.to_string(),
            of(|found| found.before.mean),
            of(|found| found.after.mean),
            estimate_text::change(&at.change),
            model(at).map_or_else(
                || "–".to_owned(),
                |found| format!("{} ({})", format::number(found.value, 1), estimate_text::interval(found.interval, 1)),
            ),
            at.change_if_missing_unchanged.map_or_else(|| "–".to_owned(), |value| format::number(value, 1)),
            at.change
                .as_ref()
                .ok()
                .and_then(|found| found.standardised_by_baseline)
                .map_or_else(|| "–".to_owned(), |value| format::number(value, 2)),
        ]);
    }
    let model_line = match &figures.adjusted {
        Ok(model) => format!(
            "The model holds {} people ({}, REML, Satterthwaite). {}",
            model.people,
            structure(model.structure),
            model.assumption
        ),
        Err(why) => format!("There is no model: {why}."),
    };
    let mut figure = Figure::of_table(
        "change",
        "Change of the PCL-5 since before the first dose",
        table,
        format!(
            "n = {} treated. Circles: mean of paired differences among those seen, each form beside its own baseline. Squares: one model of all times. {model_line} Not a comparison with a control group. Under the drawing: seen of expected. {WINDOWS_SIGNED}",
            figures.treated
        ),
    );
    figure.missing = Some(missing_over(&figures.by_time));
    figure.estimand = estimand::of(
        figures,
        "change of the PCL-5 total from the last form before the first dose to each time",
        Between::ScoresAndModel,
        "mean of the paired differences among those seen; beside it the mean change of all by one model",
    );
    figure.drawing = Some(Drawing::Plot(Plot {
        id: "change".to_owned(),
        title: "Mean change of the PCL-5 by time since the first dose".to_owned(),
        says: says(&figures.by_time),
        x: days(),
        y: Axis::nice("points of the PCL-5 (0 to 80); lower is better", ends),
        marks,
        key: vec![(Series::A, "among those seen".to_owned()), (Series::B, "by the model of all times".to_owned())],
        risk: seen_under(figures),
    }));
    figure
}

fn structure(structure: stillwater_evidence::mmrm::Structure) -> &'static str {
    use stillwater_evidence::mmrm::Structure;
    match structure {
        Structure::Unstructured => "MMRM, unstructured",
        Structure::CompoundSymmetry => "MMRM, compound symmetry, since the data are too thin for more",
        _ => "MMRM",
    }
}

fn says(all: &[AtTime]) -> String {
    let words: Vec<String> = all
        .iter()
        .filter_map(|at| at.change.as_ref().ok().map(|found| (at.window.name, found)))
        .map(|(name, found)| format!("{name}: {} points", format::number(found.change.difference.value, 1)))
        .collect();
    if words.is_empty() { "No time has enough results yet.".to_owned() } else { format!("{}.", words.join("; ")) }
}

pub fn responders(figures: &Figures) -> Figure {
    let mut table = Table::with(&[
        "When",
        "# Response (30 %)",
        "# If those not seen had not, or had",
        "# Remission (below 33)",
        "# Worse by 15 or more",
    ]);
    let mut marks = Vec::new();
    let mut put = |series, at: &AtTime, rate: &Result<Rate, CannotEstimate>, nudge| {
        if let Ok(found) = rate {
            marks.push(Mark::Whisker {
                series,
                x: at.window.day,
                low: found.wilson.low,
                mid: found.value,
                high: found.wilson.high,
                nudge,
            });
        }
    };
    for at in due(figures) {
        put(Series::A, at, &at.response, -9.0);
        put(Series::B, at, &at.remission, 0.0);
        put(Series::C, at, &at.worse, 9.0);
        table.push([
            at.window.name.to_owned(),
            rate_at(at, &at.response),
            estimate_text::bounds(&at.response),
            rate_at(at, &at.remission),
            rate_at(at, &at.worse),
        ]);
    }
    let mut figure = Figure::of_table(
        "response",
        "Response, remission and worsening",
        table,
        format!(
            "n = {} treated. Response: a fall of at least {RESPONSE_PERCENT:.0} %, as Feder 2021 counted it on the CAPS-5. Remission: below {REMISSION_BELOW:.0} among those who began at it or above. Worse: up by {RELIABLE:.0} points or more. Wilson 95 % intervals among those seen.",
            figures.treated
        ),
    );
    figure.missing = Some(missing_over(&figures.by_time));
    figure.estimand = estimand::of(
        figures,
        "response, remission and worsening by the PCL-5 at each time, as defined above",
        Between::ScoresOfThoseSeen,
        "share of those seen; beside it the shares if all who were not seen had done badly, or well",
    );
    figure.drawing = Some(Drawing::Plot(Plot {
        id: "response".to_owned(),
        title: "Shares with response, remission and worsening by time since the first dose".to_owned(),
        says: figures
            .by_time
            .iter()
            .filter(|at| at.response.is_ok())
            .map(|at| format!("{}: response {}", at.window.name, estimate_text::rate(&at.response)))
            .collect::<Vec<_>>()
            .join("; "),
        x: days(),
        y: Axis::percent("share of those seen"),
        marks,
        key: vec![
            (Series::A, "response".to_owned()),
            (Series::B, "remission".to_owned()),
            (Series::C, "worse".to_owned()),
        ],
        risk: seen_under(figures),
    }));
    figure
}

pub fn thresholds(figures: &Figures) -> Figure {
    let mut table = Table::with(&[
        "When",
        "# Fell by 10 (likely to matter)",
        "# Fell by 15 (reliable)",
        "# Fell by 18 (reliable, stricter)",
        "# Reliable, and ends at 28 or lower",
        "# Rose by 15 (reliably worse)",
    ]);
    for at in due(figures) {
        let mut row = vec![at.window.name.to_owned()];
        row.extend(at.fell_by.iter().map(|(_, rate)| rate_at(at, rate)));
        row.extend([rate_at(at, &at.significant), rate_at(at, &at.worse)]);
        table.push(row);
    }
    let mut figure = Figure::of_table(
        "thresholds",
        "Reliable change, by named threshold",
        table,
        format!(
            "10 points: Blanchard 2023, primary care. 15 and 18 points, and {SIGNIFICANT_LEVEL:.0} or lower: Marx 2022, two samples of male veterans. Nobody knows that they hold in every clinic."
        ),
    );
    figure.missing = Some(missing_over(&figures.by_time));
    figure.estimand = estimand::of(
        figures,
        "a change of the PCL-5 by at least the named number of points at each time",
        Between::ScoresOfThoseSeen,
        "share of those seen",
    );
    figure
}

pub fn clusters(figures: &Figures) -> Figure {
    by_item(figures, "clusters", "The four clusters of the PCL-5", &figures.clusters)
}

pub fn symptoms(figures: &Figures) -> Figure {
    by_item(figures, "symptoms", "The five symptoms", &figures.symptoms)
}

fn names(all: &[ScaleAt]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for one in all {
        if !names.contains(&one.name) {
            names.push(one.name);
        }
    }
    names
}

fn scales_table(all: &[ScaleAt]) -> Table {
    let mut table =
        Table::with(&["What", "When", "# Seen of expected", "# Before", "# After", "# Change (95 % interval)"]);
    for one in all.iter().filter(|one| one.missing.expected > 0) {
        let of = |of: fn(&stillwater_evidence::change::MeanChange) -> f64| {
            one.change.as_ref().map_or_else(|_| "–".to_owned(), |found| format::number(of(found), 1))
        };
        table.push([
            one.name.to_owned(),
            one.window.name.to_owned(),
            format!("{} of {}", one.missing.answered, one.missing.expected),
            of(|found| found.before.mean),
            of(|found| found.after.mean),
            estimate_text::change(&one.change),
        ]);
    }
    table
}

/// Scales by time, as points with intervals, each divided by how many items it has.
fn drawn(id: &str, title: &str, label: &str, all: &[ScaleAt], per_item: bool) -> Option<Drawing> {
    let names = names(all);
    let mut marks = vec![Mark::Rule { y: 0.0, label: "no change".to_owned() }];
    let mut ends = vec![0.0];
    let mut key = Vec::new();
    for (n, (name, series)) in names.iter().zip(Series::ALL).enumerate() {
        let before = marks.len();
        for one in all.iter().filter(|one| one.name == *name) {
            let Ok(found) = &one.change else { continue };
            let items = if per_item { one.items } else { 1.0 };
            let (value, interval) = (found.change.difference.value, found.change.difference.interval);
            let (low, mid, high) = (interval.low / items, value / items, interval.high / items);
            ends.extend([low, high]);
            let nudge = (n as f64 - (names.len() as f64 - 1.0) / 2.0) * 9.0;
            marks.push(Mark::Whisker { series, x: one.window.day, low, mid, high, nudge });
        }
        if marks.len() > before {
            key.push((series, (*name).to_owned()));
        }
    }
    (!key.is_empty()).then(|| {
        Drawing::Plot(Plot {
            id: id.to_owned(),
            title: title.to_owned(),
            says: format!("{title}: change by time, with 95 % intervals; the table beneath has the numbers."),
            x: days(),
            y: Axis::nice(label, ends),
            marks,
            key,
            risk: Vec::new(),
        })
    })
}

fn share_missing(all: &[ScaleAt]) -> String {
    let (expected, answered) =
        all.iter().fold((0, 0), |(e, a), one| (e + one.missing.expected, a + one.missing.answered));
    let visits = by_visit(all.iter().map(|one| (one.window.name, one.missing)));
    format!("{}{visits}", estimate_text::missing(Missing { expected, answered }))
}

fn scales(figures: &Figures, variable: &str) -> Vec<(&'static str, String)> {
    estimand::of(figures, variable, Between::ScoresOfThoseSeen, "mean of the paired differences among those seen")
}

fn by_item(figures: &Figures, id: &str, heading: &str, all: &[ScaleAt]) -> Figure {
    let mut figure = Figure::of_table(
        id,
        heading,
        scales_table(all),
        "Mean of paired differences among those seen, t interval; drawn as points of one item (0 not at all, 4 extremely), so that they can be read side by side. Many comparisons: a single one that stands out may do so by chance.".to_owned(),
    );
    figure.missing = Some(share_missing(all));
    figure.estimand = scales(figures, "change of each score from before the first dose to each time");
    figure.drawing = drawn(id, heading, "change in points of one item (0 to 4); lower is better", all, true);
    figure
}

pub fn functioning(figures: &Figures) -> Figure {
    let mut figure = Figure::of_table(
        "functioning",
        "Life: relationships, work, the day",
        scales_table(&figures.functioning),
        "Mean of paired differences among those seen, t interval, in each scale's own points; higher is more impaired."
            .to_owned(),
    );
    figure.missing = Some(share_missing(&figures.functioning));
    figure.estimand = scales(figures, "change of each scale of functioning from before the first dose to each time");
    figure.drawing = drawn(
        "functioning",
        "Change of functioning",
        "change in the scale's own points; lower is better",
        &figures.functioning,
        false,
    );
    figure
}

pub fn beside(figures: &Figures) -> Figure {
    let mut figure = Figure::of_table(
        "beside",
        "Depression, anxiety, sleep",
        scales_table(&figures.beside),
        "Mean of paired differences among those seen, t interval, in each scale's own points (PHQ-9 0 to 27, GAD-7 0 to 21, ISI 0 to 28).".to_owned(),
    );
    figure.missing = Some(share_missing(&figures.beside));
    figure.estimand = scales(figures, "change of PHQ-9, GAD-7 and ISI from before the first dose to each time");
    figure.drawing = drawn(
        "beside",
        "Change of depression, anxiety and sleep",
        "change in the scale's own points; lower is better",
        &figures.beside,
        false,
    );
    figure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_at_which_nobody_was_seen_is_told_as_such() {
        let at = |expected, answered| Missing { expected, answered };
        let told = by_visit([("1 week", at(7, 7)), ("2 weeks", at(7, 0)), ("6 months", at(0, 0))]);
        assert_eq!(told, "; seen at 1 week 7 of 7, 2 weeks 0 of 7");
        let scales = by_visit([("1 week", at(7, 7)), ("1 week", at(7, 5))]);
        assert_eq!(scales, "; seen at 1 week 5 to 7 of 7");
        assert_eq!(by_visit([("6 months", at(0, 0))]), "");
    }
}
