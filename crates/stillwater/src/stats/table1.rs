//! `stillwater stats table1`: who is in each group of a trial, column by column, with what is missing and how far the groups lie apart.

use serde_json::{Value, json};
use stillwater_evidence::mean_difference::Sample;
use stillwater_evidence::mixed::Factor;

use super::Common;
use super::models::{Coding, in_order};
use super::out::{self, Text};
use super::values::{Values, levels, names};
use crate::ending::{CliError, CliResult};

/// Who is in each group of a trial.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The columns to describe, numbers or groups
    #[arg(long, value_name = "COLUMNS")]
    columns: String,
    /// The column of arms or groups
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// Columns of numbers to describe by median and quartiles
    #[arg(long, value_name = "COLUMNS")]
    median: Option<String>,
    /// How many decimals
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=6))]
    decimals: u8,
    #[command(flatten)]
    coding: Coding,
}

/// One line: its name, a cell for each group and one for everybody, and the standardised difference of the first two groups.
struct Line {
    name: String,
    cells: Vec<String>,
    apart: Option<f64>,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let columns = names(&args.columns);
    args.coding.check(&whole, &columns, args.group.as_deref())?;
    let medians = args.median.as_deref().map(names).unwrap_or_default();
    if let Some(stray) = medians.iter().find(|column| !columns.contains(column)) {
        return Err(CliError::Input(format!("--median names {stray:?}, which is not among --columns")));
    }
    let (values, left) = match &args.group {
        Some(group) => whole.complete(&[group])?,
        None => whole.complete(&[])?,
    };
    let factor = args.group.as_deref().map(|group| args.coding.levels(&values, group, true)).transpose()?;
    let groups = members(&values, factor.as_ref());
    let mut lines = vec![Line {
        name: "people".to_owned(),
        cells: groups.iter().map(|(_, rows)| rows.len().to_string()).collect(),
        apart: None,
    }];
    for column in &columns {
        if args.coding.is_factor(&values, column)? {
            lines.extend(counted(&values, column, &groups)?);
        } else {
            lines.extend(measured(args, &values, column, &groups, medians.contains(column))?);
        }
    }
    if args.common.json {
        let each: Vec<Value> = lines
            .iter()
            .map(|line| json!({"name": line.name, "cells": line.cells, "standardised_difference": line.apart}))
            .collect();
        let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
        return out::json(&json!({"left_out": left, "groups": names, "lines": each}));
    }
    let mut text = Text::default();
    text.line("Mean (SD) or median (quartiles) for numbers, count (per cent of those who answered) for groups. No tests: where people were randomised, differences here are chance by design.");
    text.how_read(&whole, &left);
    if let Some(factor) = &factor {
        text.line(in_order(factor));
    }
    let two = groups.len() == 3;
    let mut headings: Vec<&str> = std::iter::once("").chain(groups.iter().map(|(name, _)| name.as_str())).collect();
    if two {
        headings.push("standardised difference");
    }
    let rows: Vec<Vec<String>> = lines
        .into_iter()
        .map(|line| {
            let apart = two.then(|| line.apart.map_or_else(String::new, |apart| format!("{apart:.2}")));
            std::iter::once(line.name).chain(line.cells).chain(apart).collect()
        })
        .collect();
    text.table(&headings, &rows);
    text.print()
}

/// The rows of each group, and of everybody last where there are groups.
fn members(values: &Values, factor: Option<&Factor>) -> Vec<(String, Vec<usize>)> {
    let all: Vec<usize> = (0..values.len()).collect();
    let Some(factor) = factor else { return vec![("everybody".to_owned(), all)] };
    let of = |code: usize| factor.codes().iter().enumerate().filter(move |(_, own)| **own == code).map(|(row, _)| row);
    let mut groups: Vec<(String, Vec<usize>)> =
        factor.levels().iter().enumerate().map(|(code, name)| (name.clone(), of(code).collect())).collect();
    groups.push(("everybody".to_owned(), all));
    groups
}

/// The sample quantile that R gives by default (type 7).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() as f64 - 1.0);
    let at = |place: f64| sorted.get(place as usize).copied().unwrap_or(f64::NAN);
    let lower = at(place.floor());
    lower + (at(place.ceil()) - lower) * place.fract()
}

fn measured(
    args: &Args,
    values: &Values,
    column: &str,
    groups: &[(String, Vec<usize>)],
    by_median: bool,
) -> Result<Vec<Line>, CliError> {
    let all = values.numbers(column)?;
    let places = usize::from(args.decimals);
    let (mut cells, mut gaps, mut samples) = (Vec::new(), Vec::new(), Vec::new());
    for (_, rows) in groups {
        let mut own: Vec<f64> = rows.iter().filter_map(|row| all.get(*row).copied().flatten()).collect();
        own.sort_by(f64::total_cmp);
        gaps.push(rows.len() - own.len());
        samples.push(Sample::of(&own).ok());
        cells.push(match (own.as_slice(), by_median, samples.last().copied().flatten()) {
            ([], ..) => "nobody answered".to_owned(),
            (own, true, _) => format!(
                "{:.places$} ({:.places$} to {:.places$})",
                quantile(own, 0.5),
                quantile(own, 0.25),
                quantile(own, 0.75)
            ),
            (_, false, Some(sample)) => format!("{:.places$} ({:.places$})", sample.mean, sample.standard_deviation),
            ([only, ..], false, None) => format!("{only:.places$} (one answer)"),
        });
    }
    let apart = match samples.as_slice() {
        [Some(first), Some(second), _] => {
            let spread = f64::midpoint(first.standard_deviation.powi(2), second.standard_deviation.powi(2)).sqrt();
            (spread > 0.0).then(|| (second.mean - first.mean) / spread)
        }
        _ => None,
    };
    let mut lines = vec![Line { name: column.to_owned(), cells, apart }];
    lines.extend(missing(&gaps));
    Ok(lines)
}

/// A line of how many did not answer, where somebody did not.
fn missing(gaps: &[usize]) -> Option<Line> {
    let any = gaps.iter().any(|gap| *gap > 0);
    any.then(|| Line {
        name: "  missing".to_owned(),
        cells: gaps.iter().map(ToString::to_string).collect(),
        apart: None,
    })
}

fn counted(values: &Values, column: &str, groups: &[(String, Vec<usize>)]) -> Result<Vec<Line>, CliError> {
    let all = values.groups(column)?;
    let answered: Vec<String> = all.iter().flatten().cloned().collect();
    let mut known: Vec<&str> = levels(&answered);
    known.sort_by(|a, b| super::order::natural(a, b));
    let own = |rows: &[usize], level: &str| {
        rows.iter().filter(|row| all.get(**row).is_some_and(|cell| cell.as_deref() == Some(level))).count()
    };
    let there = |rows: &[usize]| rows.iter().filter(|row| all.get(**row).is_some_and(Option::is_some)).count();
    let blank = groups.iter().map(|_| String::new()).collect();
    let mut lines = vec![Line { name: column.to_owned(), cells: blank, apart: None }];
    for level in known {
        let shares: Vec<(usize, usize)> = groups.iter().map(|(_, rows)| (own(rows, level), there(rows))).collect();
        let cell = |(with, of): &(usize, usize)| match of {
            0 => "nobody answered".to_owned(),
            of => format!("{with} ({:.1} %)", 100.0 * *with as f64 / *of as f64),
        };
        let share = |(with, of): (usize, usize)| (of > 0).then(|| with as f64 / of as f64);
        let apart = match shares.as_slice() {
            [first, second, _] => share(*first).zip(share(*second)).and_then(|(a, b)| {
                let spread = f64::midpoint(a * (1.0 - a), b * (1.0 - b)).sqrt();
                (spread > 0.0).then(|| (b - a) / spread)
            }),
            _ => None,
        };
        lines.push(Line { name: format!("  {level}"), cells: shares.iter().map(cell).collect(), apart });
    }
    let gaps: Vec<usize> = groups.iter().map(|(_, rows)| rows.len() - there(rows)).collect();
    lines.extend(missing(&gaps));
    Ok(lines)
}
