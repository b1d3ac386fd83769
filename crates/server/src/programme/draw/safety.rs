//! Harms over doses, sessions not held, and how soon alerts were answered.

use stillwater_evidence::survival::Quantile;
use stillwater_programme::Figures;
use stillwater_programme::figures::{Cause, Marked};
use stillwater_ui::format;
use stillwater_ui::plot::{Axis, Drawing, Figure, Forest, ForestRow, Table};
use stillwater_words::Words;

use super::estimand::{self, Between};
use crate::estimate_text;

pub fn events(figures: &Figures) -> Figure {
    let harms = &figures.harms;
    let mut table = Table::with(&["Adverse events", "# Count; rate per 100 doses (95 % interval)"]);
    for (name, rate) in &harms.events {
        table.push([(*name).to_owned(), estimate_text::incidence(rate)]);
    }
    let rows: Vec<ForestRow> = harms
        .events
        .iter()
        .map(|(name, rate)| ForestRow {
            label: (*name).to_owned(),
            estimate: rate.as_ref().ok().map(|found| (found.interval.low, found.rate, found.interval.high)),
            weight: None,
            text: estimate_text::incidence(rate),
        })
        .collect();
    let ends = rows.iter().filter_map(|row| row.estimate).flat_map(|(low, _, high)| [low, high]).chain([0.0]);
    let mut figure = Figure::of_table(
        "adverse-events",
        "Adverse events per 100 doses",
        table,
        format!(
            "{} doses in {} people. Exact Poisson 95 % intervals. Related: possibly, probably or definitely; {} not judged yet. Events that are told, not all that happen.",
            harms.doses, harms.people, harms.not_judged
        ),
    );
    figure.estimand = estimand::of(
        figures,
        "adverse events that were told and recorded, by kind",
        Between::Doses,
        "events per 100 doses",
    );
    let axis = Axis::nice("events per 100 doses", ends);
    figure.drawing = (harms.doses > 0).then(|| {
        Drawing::Forest(Forest {
            id: "adverse-events".to_owned(),
            title: "Adverse events per 100 doses".to_owned(),
            says: harms
                .events
                .iter()
                .map(|(name, rate)| format!("{name}: {}", estimate_text::incidence(rate)))
                .collect::<Vec<_>>()
                .join("; "),
            rows,
            pooled: Vec::new(),
            x: axis,
            null: None,
            favours: None,
        })
    });
    figure
}

fn marked_words(marked: Marked) -> String {
    match marked {
        Marked::Stopped => "stopped early".to_owned(),
        Marked::Help => "somebody called for help".to_owned(),
        Marked::CheckMissed => "a check was missed".to_owned(),
        Marked::Symptom(symptom) => Words::english().term(symptom),
    }
}

pub fn sessions(figures: &Figures) -> Figure {
    let harms = &figures.harms;
    let mut table = Table::with(&["In the session", "# Sessions with it, of all with a dose (95 % interval)"]);
    let mut rows = Vec::new();
    for (marked, rate) in &harms.sessions {
        let name = marked_words(*marked);
        table.push([name.clone(), estimate_text::rate(rate)]);
        if let Ok(found) = rate
            && found.share.events() > 0
        {
            rows.push(ForestRow {
                label: name,
                estimate: Some((found.wilson.low * 100.0, found.value * 100.0, found.wilson.high * 100.0)),
                weight: None,
                text: format!("{} of {}", found.share.events(), found.share.of()),
            });
        }
    }
    let ends = rows.iter().filter_map(|row| row.estimate).flat_map(|(low, _, high)| [low, high]).chain([0.0]);
    let axis = Axis::nice("sessions per 100", ends.collect::<Vec<_>>());
    let mut figure = Figure::of_table(
        "sessions",
        "What was marked in sessions",
        table,
        format!(
            "{} sessions with a dose. Wilson 95 % intervals; what nobody marked is in the table and not drawn. One person's sessions hang together, so that the intervals are somewhat too narrow.",
            harms.doses
        ),
    );
    figure.drawing = (!rows.is_empty()).then(|| {
        Drawing::Forest(Forest {
            id: "sessions".to_owned(),
            title: "What was marked in sessions, per 100".to_owned(),
            says: rows.iter().map(|row| format!("{}: {}", row.label, row.text)).collect::<Vec<_>>().join("; "),
            rows,
            pooled: Vec::new(),
            x: axis,
            null: None,
            favours: None,
        })
    });
    figure
}

pub fn not_held(figures: &Figures) -> Figure {
    let count = &figures.not_held;
    let mut table = Table::with(&["Planned sessions", "# How many"]);
    table.push(["held, with a dose".to_owned(), count.held.to_string()]);
    table.push(["a clinician decided against it on the day".to_owned(), count.no_go.to_string()]);
    table.push(["called off before a dose".to_owned(), count.called_off.to_string()]);
    for (rule, n) in &count.rules {
        table.push([format!("… {rule} stood when it was decided against"), n.to_string()]);
    }
    Figure::of_table(
        "not-held",
        "Doses that were planned and not given",
        table,
        "Counts. Several rules may stand at one decision. Reasons in words stay in the charts.".to_owned(),
    )
}

pub fn answering(figures: &Figures) -> Figure {
    let mut table = Table::with(&[
        "Alerts",
        "# Raised",
        "# Nobody has it",
        "# Open",
        "# Owned: half within (95 %)",
        "# 9 in 10 within",
        "# Resolved: half within (95 %)",
        "# 9 in 10 within",
    ]);
    let end = |end: Option<f64>| end.map_or_else(|| "not reached".to_owned(), format::minutes);
    let median = |q: &Quantile| format!("{} ({} to {})", end(q.time), end(q.low), end(q.high));
    for one in &figures.answering {
        table.push([
            Words::english().term(one.urgency),
            one.raised.to_string(),
            one.not_owned.to_string(),
            one.open.to_string(),
            median(&one.owned_median),
            end(one.owned_ninth.time),
            median(&one.resolved_median),
            end(one.resolved_ninth.time),
        ]);
    }
    Figure::of_table(
        "answering",
        "How soon alerts were answered",
        table,
        "Kaplan and Meier: an alert that still waits counts as waiting, and is not left out. An alert resolved without anybody having taken it on counts as owned when it was resolved.".to_owned(),
    )
}

pub fn burden(figures: &Figures) -> Figure {
    let burden = &figures.burden;
    let mut table = Table::with(&[
        "Raised by",
        "# Alerts",
        "# Of these in sessions",
        "# For each session",
        "# Resolved",
        "# With nothing recorded",
    ]);
    let each = |cause: &Cause| {
        let sessions = burden.sessions as f64;
        if burden.sessions == 0 { "–".to_owned() } else { format!("{:.2}", cause.in_session as f64 / sessions) }
    };
    let nothing = |cause: &Cause| match cause.resolved {
        0 => "–".to_owned(),
        resolved => format!("{} ({})", cause.no_action, format::percent(cause.no_action as f64 / resolved as f64)),
    };
    for cause in std::iter::once(&burden.all).chain(&burden.causes) {
        table.push([
            if cause.by.is_empty() { "all".to_owned() } else { cause.by.clone() },
            cause.raised.to_string(),
            cause.in_session.to_string(),
            each(cause),
            cause.resolved.to_string(),
            nothing(cause),
        ]);
    }
    Figure::of_table(
        "burden",
        "What the alarms ask of people",
        table,
        format!(
            "{} sessions with a dose. An alert that rings again is counted once. With nothing recorded: resolved, and staff entered nothing in the chart between taking it on and resolving it. Many of these for one cause say that it rings too easily, or that what was done is not written down; the table cannot tell which.",
            burden.sessions
        ),
    )
}
