//! The change at each time from one model of all times together, so that somebody who missed one visit still counts by the
//! others.

use serde::Serialize;
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::estimate::Missing;
use stillwater_evidence::mixed::{DesignBuilder, Factor, Likelihood, ModelError, TEstimate, Weights};
use stillwater_evidence::mmrm::{Mmrm, Structure};

use super::window::{WINDOWS, Window};
use crate::line::Line;
use crate::scale::Part;

/// Fewer people than this at a visit leave the visit out of the model.
const LEAST_AT_A_VISIT: usize = 3;

/// Mean changes by time from a mixed model for repeated measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Adjusted {
    /// The change at each visit that the model holds, in points of the PCL-5.
    pub at: Vec<(Window, TEstimate)>,
    /// People in the model.
    pub people: usize,
    /// How their results at different times hang together.
    pub structure: Structure,
    /// Results that the model could have held, and those it holds.
    pub missing: Missing,
    /// What it assumes about missing answers.
    pub assumption: &'static str,
}

struct Rows {
    people: Vec<String>,
    visits: Vec<&'static str>,
    baseline: Vec<f64>,
    change: Vec<Option<f64>>,
}

/// Fits the model: change by visit and baseline, unstructured; where the data are too thin for that, compound symmetry.
pub(crate) fn adjusted(lines: &[&Line]) -> Result<Adjusted, String> {
    let windows = seen_windows(lines);
    if windows.is_empty() {
        return Err(format!("no time has results of {LEAST_AT_A_VISIT} people or more"));
    }
    let rows = rows(lines, &windows);
    fit(&rows, &windows, Structure::Unstructured)
        .or_else(|_| fit(&rows, &windows, Structure::CompoundSymmetry))
        .map_err(|error| error.to_string())
}

fn change(line: &Line, window: &Window) -> Option<(f64, f64)> {
    let (pcl, before) = window.nearest(line.followed(), |(pcl, _)| f64::from(pcl.day))?;
    let before = before?.part(Part::Total)?;
    Some((before, pcl.part(Part::Total)? - before))
}

fn seen_windows(lines: &[&Line]) -> Vec<Window> {
    let enough = |window: &&Window| {
        lines.iter().filter(|line| change(line, window).is_some()).take(LEAST_AT_A_VISIT).count() == LEAST_AT_A_VISIT
    };
    WINDOWS.iter().skip(1).filter(enough).copied().collect()
}

fn rows(lines: &[&Line], windows: &[Window]) -> Rows {
    let mut rows = Rows { people: Vec::new(), visits: Vec::new(), baseline: Vec::new(), change: Vec::new() };
    for (number, line) in lines.iter().enumerate() {
        let seen: Vec<Option<(f64, f64)>> = windows.iter().map(|window| change(line, window)).collect();
        let Some((baseline, _)) = seen.iter().flatten().next().copied() else { continue };
        for (window, found) in windows.iter().zip(&seen) {
            rows.people.push(number.to_string());
            rows.visits.push(window.name);
            rows.baseline.push(found.map_or(baseline, |(before, _)| before));
            rows.change.push(found.map(|(_, change)| change));
        }
    }
    let mean = rows.baseline.iter().sum::<f64>() / rows.baseline.len().max(1) as f64;
    for baseline in &mut rows.baseline {
        *baseline -= mean;
    }
    rows
}

fn fit(rows: &Rows, windows: &[Window], structure: Structure) -> Result<Adjusted, ModelError> {
    let names: Vec<&str> = windows.iter().map(|window| window.name).collect();
    let visits = Factor::ordered("visit", &rows.visits, &names)?;
    let builder = DesignBuilder::new(rows.change.len());
    // One visit is no factor: the intercept is its mean.
    let builder = if windows.len() > 1 { builder.factor(visits.clone())? } else { builder };
    let design = builder.number("baseline", &rows.baseline)?.build();
    let fit = Mmrm {
        design: &design,
        people: &rows.people,
        visits: &visits,
        outcome: &rows.change,
        structure,
        likelihood: Likelihood::Restricted,
        confidence: Confidence::PERCENT_95,
    }
    .fit()?;
    let at = windows
        .iter()
        .map(|window| {
            let level = [("visit", window.name)];
            let asked: &[(&str, &str)] = if windows.len() > 1 { &level } else { &[] };
            Ok((*window, fit.fixed.mean(asked, Weights::Equal)?))
        })
        .collect::<Result<_, ModelError>>()?;
    Ok(Adjusted { at, people: fit.people, structure, missing: fit.missing, assumption: fit.assumption })
}
