//! Drawings of what was estimated, as SVG files by the plots of the pages.

use std::io::Write;
use std::path::Path;

use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::meta::{Effect, Pooled};
use stillwater_evidence::mmrm::AtVisit;
use stillwater_evidence::survival::{Curve, Scale};
use stillwater_ui::plot::{self, Axis, Forest, ForestRow, Mark, Plot, Risk, Series};

use super::out::number;
use crate::ending::CliError;

/// Writes a drawing to a new file; nothing is overwritten.
pub(super) fn write(path: &Path, svg: &str) -> Result<(), CliError> {
    let name = path.display();
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            CliError::Input(format!("{name} is there already and is not overwritten; name another file"))
        } else {
            CliError::Input(format!("{name} cannot be written: {error}"))
        }
    })?;
    file.write_all(svg.as_bytes()).map_err(|error| CliError::failure(format!("{name} cannot be written: {error}")))
}

/// Which series stands for the group at a place, where there are few enough to tell apart.
fn series(place: usize, groups: usize) -> Result<Series, CliError> {
    Series::ALL.get(place).copied().ok_or_else(|| {
        CliError::Input(format!(
            "{groups} groups cannot be told apart in one drawing; at most {} can",
            Series::ALL.len()
        ))
    })
}

fn short(value: f64) -> String {
    format!("{value:.2}").replace('-', "−")
}

/// An axis of ratios over what is drawn, within a hundredth and a hundred.
fn ratios(label: &str, values: impl Iterator<Item = f64>) -> Axis {
    let (mut low, mut high) = (1.0_f64, 1.0_f64);
    for value in values.filter(|value| value.is_finite()) {
        low = low.min(value.max(0.01));
        high = high.max(value.min(100.0));
    }
    let all = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    let ticks = all.into_iter().filter(|tick| *tick >= low / 2.5 && *tick <= high * 2.5);
    Axis::log(label, ticks.map(|tick| (tick, tick.to_string())).collect())
}

/// Trials and what they pool to.
pub(super) fn forest(
    names: &[String],
    effects: &[Effect],
    pooled: &Pooled,
    log: bool,
    what: &str,
    confidence: Confidence,
) -> String {
    let z = stillwater_evidence::distribution::normal_quantile(confidence.upper_point());
    let scale = |value: f64| if log { value.exp() } else { value };
    let ends = |effect: &Effect| {
        let half = z * effect.variance.sqrt();
        (scale(effect.value - half), scale(effect.value), scale(effect.value + half))
    };
    let words = |(low, mid, high): (f64, f64, f64)| format!("{} ({} to {})", short(mid), short(low), short(high));
    let largest = pooled.weights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let rows: Vec<ForestRow> = names
        .iter()
        .zip(effects.iter().zip(&pooled.weights))
        .map(|(name, (effect, weight))| {
            let estimate = ends(effect);
            ForestRow {
                label: name.clone(),
                estimate: Some(estimate),
                weight: Some(weight / largest),
                text: words(estimate),
            }
        })
        .collect();
    let mean = (scale(pooled.mean.interval.low), scale(pooled.mean.value), scale(pooled.mean.interval.high));
    let prediction = pooled.prediction.as_ref().map(|all| (scale(all.normal.low), scale(all.normal.high)));
    let reach = rows.iter().filter_map(|row| row.estimate).chain([mean]).flat_map(|(low, _, high)| [low, high]);
    let reach: Vec<f64> = reach.chain(prediction.iter().flat_map(|(low, high)| [*low, *high])).collect();
    let x = if log { ratios("ratio", reach.into_iter()) } else { Axis::nice("effect", reach) };
    Forest {
        id: "forest".to_owned(),
        title: format!("{} trials, {what}", pooled.trials),
        says: format!("Pooled: {}.", words(mean)),
        rows,
        pooled: vec![plot::Pooled { label: "pooled".to_owned(), estimate: mean, prediction, text: words(mean) }],
        x,
        null: Some(if log { 1.0 } else { 0.0 }),
        favours: None,
    }
    .svg_file()
}

/// Each trial's effect over its standard error, with the funnel in which trials of one effect would lie.
pub(super) fn funnel(effects: &[Effect], pooled: &Pooled, log: bool, what: &str, confidence: Confidence) -> String {
    let z = stillwater_evidence::distribution::normal_quantile(confidence.upper_point());
    let errors: Vec<f64> = effects.iter().map(|effect| effect.variance.sqrt()).collect();
    let most = errors.iter().copied().fold(0.0, f64::max);
    let upright = Axis::nice("standard error", [0.0, most]);
    // The most certain trials stand at the top.
    let ticks = upright.ticks.iter().map(|(value, words)| (-value, words.clone())).collect();
    let y = Axis { label: upright.label.clone(), low: -upright.high, high: 0.0, ticks, log: false };
    let mean = pooled.mean.value;
    let floor = upright.high;
    let reach = effects.iter().map(|effect| effect.value).chain([mean - z * floor, mean + z * floor]);
    let label = if log { "logarithm of the ratio" } else { "effect" };
    let x = Axis::nice(label, reach);
    let mut marks = vec![
        Mark::Line { series: Series::B, points: vec![(mean, 0.0), (mean, -floor)], step: false },
        Mark::Line {
            series: Series::E,
            points: vec![(mean - z * floor, -floor), (mean, 0.0), (mean + z * floor, -floor)],
            step: false,
        },
    ];
    marks.extend(effects.iter().zip(&errors).map(|(effect, error)| Mark::Whisker {
        series: Series::A,
        x: effect.value,
        low: -error,
        mid: -error,
        high: -error,
        nudge: 0.0,
    }));
    let key = [(Series::A, "a trial"), (Series::B, "pooled"), (Series::E, "where trials of one effect would lie")];
    Plot {
        id: "funnel".to_owned(),
        title: format!("Funnel of {} trials, {what}", effects.len()),
        says: format!(
            "Effects from {} to {}; standard errors up to {}.",
            number(least(effects)),
            number(greatest(effects)),
            number(most)
        ),
        x,
        y,
        marks,
        key: key.map(|(series, name)| (series, name.to_owned())).to_vec(),
        risk: Vec::new(),
    }
    .svg_file()
}

fn least(effects: &[Effect]) -> f64 {
    effects.iter().map(|effect| effect.value).fold(f64::INFINITY, f64::min)
}

fn greatest(effects: &[Effect]) -> f64 {
    effects.iter().map(|effect| effect.value).fold(f64::NEG_INFINITY, f64::max)
}

/// Kaplan and Meier's curves with their bands, those last seen, and how many were still watched.
pub(super) fn curves(
    groups: &[(&str, &Curve)],
    time: &str,
    scale: Scale,
    confidence: Confidence,
) -> Result<String, CliError> {
    let last = groups.iter().map(|(_, curve)| curve.last_time()).fold(0.0, f64::max);
    let x = Axis::nice(time, [0.0, last]);
    let places: Vec<f64> = x.ticks.iter().map(|tick| tick.0).filter(|tick| *tick <= last).collect();
    let (mut marks, mut key, mut risk) = (Vec::new(), Vec::new(), Vec::new());
    for (place, (name, curve)) in groups.iter().enumerate() {
        let series = series(place, groups.len())?;
        let mut points = vec![(0.0, 1.0)];
        let mut band = vec![(0.0, 1.0, 1.0)];
        let mut ticks = Vec::new();
        let mut height = 1.0;
        for step in curve.steps() {
            if step.events > 0 {
                height = step.survival;
                points.push((step.time, height));
                if let Some(interval) = curve.at(step.time, scale, confidence).and_then(|at| at.interval) {
                    band.push((step.time, interval.low, interval.high));
                }
            }
            if step.censored > 0 {
                ticks.push(Mark::Tick { series, x: step.time, y: height });
            }
        }
        points.push((curve.last_time(), height));
        if let Some((_, low, high)) = band.last().copied() {
            band.push((curve.last_time(), low, high));
        }
        marks.push(Mark::Band { series, points: band, step: true });
        marks.push(Mark::Line { series, points, step: true });
        marks.extend(ticks);
        key.push((series, format!("{name} ({} people, {} events)", curve.people(), curve.events())));
        let counts = curve.at_risk_table(&places).into_iter().map(|row| (row.time, row.at_risk.to_string())).collect();
        risk.push(Risk { label: (*name).to_owned(), counts });
    }
    Ok(Plot {
        id: "curves".to_owned(),
        title: "Share without it (Kaplan and Meier)".to_owned(),
        says: format!(
            "Curves of {}; upright lines are people last seen.",
            groups.iter().map(|group| group.0).collect::<Vec<_>>().join(", ")
        ),
        x,
        y: Axis::percent("share without it"),
        marks,
        key,
        risk,
    }
    .svg_file())
}

/// Least-squares means at every visit with their intervals, arm by arm.
pub(super) fn by_visit(visits: &[String], means: &[AtVisit], outcome: &str, visit: &str) -> Result<String, CliError> {
    let mut arms: Vec<&str> = Vec::new();
    for mean in means {
        if !arms.contains(&mean.arm.as_str()) {
            arms.push(&mean.arm);
        }
    }
    let at = |name: &str| visits.iter().position(|one| one == name).map_or(0.0, |place| (place + 1) as f64);
    let ticks = visits.iter().enumerate().map(|(place, name)| ((place + 1) as f64, name.clone())).collect();
    let x = Axis { label: visit.to_owned(), low: 0.5, high: visits.len() as f64 + 0.5, ticks, log: false };
    let y =
        Axis::nice(outcome, means.iter().flat_map(|mean| [mean.estimate.interval.low, mean.estimate.interval.high]));
    let (mut marks, mut key) = (Vec::new(), Vec::new());
    for (place, arm) in arms.iter().enumerate() {
        let series = series(place, arms.len())?;
        let own: Vec<&AtVisit> = means.iter().filter(|mean| mean.arm == *arm).collect();
        let points = own.iter().map(|mean| (at(&mean.visit), mean.estimate.value)).collect();
        marks.push(Mark::Line { series, points, step: false });
        marks.extend(own.iter().map(|mean| Mark::Whisker {
            series,
            x: at(&mean.visit),
            low: mean.estimate.interval.low,
            mid: mean.estimate.value,
            high: mean.estimate.interval.high,
            nudge: (place as f64 - (arms.len() as f64 - 1.0) / 2.0) * 6.0,
        }));
        key.push((series, if arm.is_empty() { "everybody".to_owned() } else { (*arm).to_owned() }));
    }
    Ok(Plot {
        id: "means".to_owned(),
        title: format!("{outcome} by {visit}: least-squares means"),
        says: format!("Means with intervals at {}.", visits.join(", ")),
        x,
        y,
        marks,
        key,
        risk: Vec::new(),
    }
    .svg_file())
}
