//! The figures of the library: differences between arms on one axis, changes from people's own start on another, never both on one.

use stillwater_evidence::distribution::normal_quantile;
use stillwater_evidence::estimate::Confidence;
use stillwater_trials::{ArmDifference, Measure, OwnChange, Quantity, Study, library};
use stillwater_ui::format;
use stillwater_ui::plot::{Axis, Drawing, Figure, Forest, ForestRow, Table};

use super::FILES;

/// The 95 % interval of a single study: normal, from its standard error.
pub fn ends(one: &ArmDifference) -> (f64, f64, f64) {
    let half = normal_quantile(Confidence::PERCENT_95.upper_point()) * one.effect.variance.sqrt();
    (one.effect.value - half, one.effect.value, one.effect.value + half)
}

/// The interval as the table tells it, and otherwise the normal one.
fn as_told(one: &ArmDifference) -> (f64, f64, f64) {
    one.interval.map_or_else(|| ends(one), |(low, high)| (low, one.effect.value, high))
}

/// "−1.13 (−1.90 to −0.36)".
pub fn told((low, mid, high): (f64, f64, f64), decimals: usize) -> String {
    format!(
        "{} ({} to {})",
        format::number(mid, decimals),
        format::number(low, decimals),
        format::number(high, decimals)
    )
}

/// What was measured and when: "PCL-5 total, 7 days". What the table says of the time is told by the number.
pub fn measured(one: &ArmDifference) -> String {
    let what = one.measure.split(',').next().unwrap_or_default().replace(" (MMRM)", "");
    one.hours.map_or_else(|| one.measure.clone(), |hours| format!("{what}, {}", time(hours)))
}

/// A text cut to what fits beside a drawing.
pub fn fit(text: &str) -> String {
    const LETTERS: usize = 38;
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LETTERS - 1).collect();
    format!("{}…", cut.trim_end())
}

/// What the two sides of zero mean.
pub fn favours(quantity: Quantity) -> (String, String) {
    let (treated, control) = ("favours the treatment".to_owned(), "favours the control".to_owned());
    if quantity.lower_is_better() { (treated, control) } else { (control, treated) }
}

fn figure(id: &str, heading: &str, table: Table, line: &str, forest: Forest) -> Figure {
    Figure {
        id: id.to_owned(),
        heading: heading.to_owned(),
        drawing: Some(Drawing::Forest(forest)),
        table,
        line: line.to_owned(),
        missing: None,
        base: FILES.to_owned(),
        query: String::new(),
        estimand: Vec::new(),
    }
}

/// The changes of PCL-5 from people's own start, of one study or of all. None where there are none.
pub fn own_changes(of: Option<&Study>) -> Option<Figure> {
    let all = library().own_changes();
    let wanted =
        |change: &&OwnChange| of.map_or_else(|| change.measured == Measure::Pcl5, |study| change.slug == study.slug);
    let found: Vec<&OwnChange> = all.iter().filter(wanted).collect();
    if found.is_empty() {
        return None;
    }
    let mut table =
        Table::with(&["Study", "Who", "Measure", "After the first dose", "# People", "# Change", "# Low", "# High"]);
    let mut rows = Vec::new();
    for change in &found {
        let who = change.arm.split(' ').next().unwrap_or_default();
        let when = change.hours.map_or_else(|| "time not told".to_owned(), time);
        let label = match of {
            Some(_) => change.measure.clone(),
            None => format!("{}, {who}, {when}", change.study),
        };
        let estimate = change
            .interval
            .map_or((change.points, change.points, change.points), |(low, high)| (low, change.points, high));
        let text = match change.interval {
            Some(_) => told(estimate, 1),
            None => format!("{} (no interval told)", format::number(change.points, 1)),
        };
        let end = |pick: fn((f64, f64)) -> f64| {
            change.interval.map_or_else(String::new, |ends| format::number(pick(ends), 2))
        };
        table.push([
            change.study.clone(),
            change.arm.clone(),
            change.measure.clone(),
            when,
            change.people.map_or_else(String::new, |n| n.to_string()),
            format::number(change.points, 2),
            end(|ends| ends.0),
            end(|ends| ends.1),
        ]);
        rows.push(ForestRow { label: fit(&label), estimate: Some(estimate), weight: None, text });
    }
    let shown = found.iter().flat_map(|change| {
        [change.interval.map_or(change.points, |ends| ends.0), change.interval.map_or(0.0, |ends| ends.1)]
    });
    let id = of.map_or_else(|| "own-change".to_owned(), |study| format!("study-{}", study.slug));
    let lowest = found.iter().map(|change| change.points).fold(f64::INFINITY, f64::min);
    let highest = found.iter().map(|change| change.points).fold(f64::NEG_INFINITY, f64::max);
    let forest = Forest {
        id: format!("plot-{id}"),
        title: "Change from people's own start".to_owned(),
        says: format!(
            "{} changes from people's own start, between {} and {} points; none is a difference from a control.",
            found.len(),
            format::number(lowest, 1),
            format::number(highest, 1)
        ),
        rows,
        pooled: Vec::new(),
        x: Axis::nice("points from the start; lower is better", shown.chain([0.0])),
        null: Some(0.0),
        favours: None,
    };
    let line = format!(
        "k = {}; each as its source tells it, 95 % interval where it tells one; not pooled. A fall without a control is not an effect of the drug: where a control arm is drawn, it fell too.",
        found.len()
    );
    Some(figure(&id, "From people's own start: not a comparison with anything", table, &line, forest))
}

/// The figure of one study: its differences between arms where it has any, and otherwise its changes from the start.
pub fn study(study: &Study) -> Option<Figure> {
    let all = library().between();
    let of_study: Vec<&ArmDifference> =
        all.iter().filter(|one| one.slug.as_deref() == Some(study.slug.as_str())).collect();
    let points = [Quantity::Pcl5, Quantity::Caps5, Quantity::IesR, Quantity::Madrs];
    let Some(quantity) = points.into_iter().find(|quantity| of_study.iter().any(|one| one.quantity == *quantity))
    else {
        return own_changes(Some(study));
    };
    let found: Vec<&ArmDifference> = of_study.into_iter().filter(|one| one.quantity == quantity).collect();
    let mut table =
        Table::with(&["Measure", "After the first dose", "# People", "# Difference", "# Low", "# High", "Standing"]);
    let mut rows = Vec::new();
    for one in &found {
        let (low, mid, high) = as_told(one);
        table.push([
            one.measure.clone(),
            one.hours.map_or_else(String::new, time),
            one.people.map_or_else(String::new, |n| n.to_string()),
            format::number(mid, 2),
            format::number(low, 2),
            format::number(high, 2),
            one.standing.word().to_owned(),
        ]);
        rows.push(ForestRow {
            label: fit(&measured(one)),
            estimate: Some((low, mid, high)),
            weight: None,
            text: told((low, mid, high), 1),
        });
    }
    let shown = found.iter().flat_map(|one| [as_told(one).0, as_told(one).2]);
    let id = format!("study-{}", study.slug);
    let without_zero = found.iter().filter(|one| as_told(one).0 > 0.0 || as_told(one).2 < 0.0).count();
    let forest = Forest {
        id: format!("plot-{id}"),
        title: format!("{} of {}, difference between the arms", quantity.name(), study.name),
        says: format!("{} differences between the arms; the intervals of {without_zero} leave out zero.", found.len()),
        rows,
        pooled: Vec::new(),
        x: Axis::nice("points, treated less control", shown.chain([0.0])),
        null: Some(0.0),
        favours: Some(favours(quantity)),
    };
    let line = "Difference of means, treated less control; 95 % interval as its source tells it, or from the means and standard deviations. Several times and methods of the same people: not to be pooled with each other.";
    Some(figure(&id, "Difference between the arms", table, line, forest))
}

/// Hours in the unit that people would use.
pub fn time(hours: f64) -> String {
    match hours {
        h if h <= 0.0 => "before".to_owned(),
        h if h < 2.0 => format!("{:.0} min", h * 60.0),
        h if h <= 48.0 => format!("{h:.0} h"),
        h => format!("{} days", format::number(h / 24.0, 0)),
    }
}
