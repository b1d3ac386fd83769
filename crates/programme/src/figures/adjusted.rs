//! The change at each time from one model of all times together, so that somebody who missed one visit still counts by the
//! others.

use serde::Serialize;
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::estimate::Missing;
use stillwater_evidence::mixed::{DesignBuilder, Factor, Likelihood, ModelError, TEstimate, Weights};
use stillwater_evidence::mmrm::{Mmrm, Structure};

use super::window::{WINDOWS, Window};
use crate::outcome_row::OutcomeRow;
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

/// The same in the long form that the model reads: an element of each list for each person and visit.
struct LongForm {
    people: Vec<String>,
    visits: Vec<&'static str>,
    baseline: Vec<f64>,
    change: Vec<Option<f64>>,
}

/// Fits the model: change by visit and baseline, unstructured; where the data are too thin for that, compound symmetry.
pub(crate) fn adjusted(rows: &[&OutcomeRow]) -> Result<Adjusted, String> {
    let windows = seen_windows(rows);
    if windows.is_empty() {
        return Err(format!("no time has results of {LEAST_AT_A_VISIT} people or more"));
    }
    let long = long_form(rows, &windows);
    fit(&long, &windows, Structure::Unstructured)
        .or_else(|_| fit(&long, &windows, Structure::CompoundSymmetry))
        .map_err(|error| error.to_string())
}

fn change(row: &OutcomeRow, window: &Window) -> Option<(f64, f64)> {
    let (pcl, before) = window.nearest(row.followed(), |(pcl, _)| f64::from(pcl.day))?;
    let before = before?.part(Part::Total)?;
    Some((before, pcl.part(Part::Total)? - before))
}

fn seen_windows(rows: &[&OutcomeRow]) -> Vec<Window> {
    let enough = |window: &&Window| {
        rows.iter().filter(|row| change(row, window).is_some()).take(LEAST_AT_A_VISIT).count() == LEAST_AT_A_VISIT
    };
    WINDOWS.iter().skip(1).filter(enough).copied().collect()
}

fn long_form(rows: &[&OutcomeRow], windows: &[Window]) -> LongForm {
    let mut long = LongForm { people: Vec::new(), visits: Vec::new(), baseline: Vec::new(), change: Vec::new() };
    for (number, row) in rows.iter().enumerate() {
        let seen: Vec<Option<(f64, f64)>> = windows.iter().map(|window| change(row, window)).collect();
        let Some((baseline, _)) = seen.iter().flatten().next().copied() else { continue };
        for (window, found) in windows.iter().zip(&seen) {
            long.people.push(number.to_string());
            long.visits.push(window.name);
            long.baseline.push(found.map_or(baseline, |(before, _)| before));
            long.change.push(found.map(|(_, change)| change));
        }
    }
    let mean = long.baseline.iter().sum::<f64>() / long.baseline.len().max(1) as f64;
    for baseline in &mut long.baseline {
        *baseline -= mean;
    }
    long
}

fn fit(long: &LongForm, windows: &[Window], structure: Structure) -> Result<Adjusted, ModelError> {
    let names: Vec<&str> = windows.iter().map(|window| window.name).collect();
    let visits = Factor::ordered("visit", &long.visits, &names)?;
    let builder = DesignBuilder::new(long.change.len());
    // One visit is no factor: the intercept is its mean.
    let builder = if windows.len() > 1 { builder.factor(visits.clone())? } else { builder };
    let design = builder.number("baseline", &long.baseline)?.build();
    let fit = Mmrm {
        design: &design,
        people: &long.people,
        visits: &visits,
        outcome: &long.change,
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
