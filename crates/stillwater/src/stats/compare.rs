//! `stillwater stats compare`: one outcome in two groups or more, or in the same people twice.

use serde_json::json;
use stillwater_evidence::estimate::{CannotEstimate, Confidence, Estimate, Interval};
use stillwater_evidence::mean_difference::{MeanDifference, Sample, paired, pooled, welch};
use stillwater_evidence::meta::standardised_mean_difference;
use stillwater_evidence::multiplicity::{Adjustment, adjust};
use stillwater_evidence::rank::{RankTest, rank_sum, signed_rank};

use super::Common;
use super::models::{Coding, in_order};
use super::out::{self, Text, interval, maybe, number, p};
use super::values::{LeftOut, Values, pair};
use crate::ending::{CliError, CliResult};

/// One outcome in two groups or more, or in the same people twice.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of outcomes
    #[arg(long, value_name = "COLUMN", requires = "group", conflicts_with = "pairs")]
    outcome: Option<String>,
    /// The column of groups
    #[arg(long, value_name = "COLUMN", requires = "outcome")]
    group: Option<String>,
    /// In the same people: two columns, of which the second is taken from the first
    #[arg(long, value_name = "COLUMN,COLUMN")]
    pairs: Option<String>,
    #[command(flatten)]
    coding: Coding,
}

type Found<T> = Result<T, CannotEstimate>;

/// One group.
struct Group {
    name: String,
    values: Vec<f64>,
    missing: usize,
}

#[derive(serde::Serialize)]
struct Compared {
    first: String,
    second: String,
    welch: Found<MeanDifference>,
    student: Found<MeanDifference>,
    rank_sum: Found<RankTest>,
    hedges_g: Found<Estimate>,
    holm: Option<f64>,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    match (&args.outcome, &args.group, &args.pairs) {
        (Some(outcome), Some(group), _) => groups(args, &whole, outcome, group, confidence),
        (_, _, Some(columns)) => pairs(args, &whole, columns, confidence),
        _ => Err(CliError::input(
            "say --outcome COLUMN --group COLUMN, or --pairs COLUMN,COLUMN for the same people twice",
        )),
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

fn hedges(first: Sample, second: Sample, confidence: Confidence) -> Found<Estimate> {
    let effect = standardised_mean_difference(first, second)?;
    let standard_error = effect.variance.sqrt();
    let half = stillwater_evidence::distribution::normal_quantile(confidence.upper_point()) * standard_error;
    Ok(Estimate { value: effect.value, standard_error, interval: Interval::around(effect.value, half, confidence) })
}

fn compared(one: &Group, reference: &Group, confidence: Confidence) -> Compared {
    let both = || Ok((Sample::of(&one.values)?, Sample::of(&reference.values)?));
    Compared {
        first: one.name.clone(),
        second: reference.name.clone(),
        welch: both().and_then(|(a, b)| welch(a, b, confidence)),
        student: both().and_then(|(a, b)| pooled(a, b, confidence)),
        rank_sum: rank_sum(&one.values, &reference.values, confidence),
        hedges_g: both().and_then(|(a, b)| hedges(a, b, confidence)),
        holm: None,
    }
}

fn read(args: &Args, whole: &Values, outcome: &str, column: &str) -> Result<(Vec<Group>, LeftOut, String), CliError> {
    args.coding.check(whole, &[], Some(column))?;
    let (values, left) = whole.complete(&[column])?;
    let factor = args.coding.levels(&values, column, true)?;
    let mut groups: Vec<Group> =
        factor.levels().iter().map(|level| Group { name: level.clone(), values: Vec::new(), missing: 0 }).collect();
    if groups.len() < 2 {
        return Err(values
            .wrong(format!("column {column:?} holds one group only, so that there is nothing to compare it with")));
    }
    for (code, value) in factor.codes().iter().zip(values.numbers(outcome)?) {
        if let Some(group) = groups.get_mut(*code) {
            match value {
                Some(value) => group.values.push(value),
                None => group.missing += 1,
            }
        }
    }
    Ok((groups, left, in_order(&factor)))
}

fn groups(args: &Args, whole: &Values, outcome: &str, column: &str, confidence: Confidence) -> CliResult {
    let (groups, left, order) = read(args, whole, outcome, column)?;
    let Some((reference, others)) = groups.split_first() else { return Err(whole.wrong("there is no group")) };
    let mut found: Vec<Compared> = others.iter().map(|one| compared(one, reference, confidence)).collect();
    if found.len() > 1 {
        let ps: Vec<f64> = found.iter().filter_map(|one| Some(one.welch.as_ref().ok()?.test.p)).collect();
        if ps.len() == found.len() {
            let adjusted = adjust(&ps, Adjustment::Holm).map_err(out::cannot)?;
            found.iter_mut().zip(adjusted).for_each(|(one, p)| one.holm = Some(p));
        }
    }
    if args.common.json {
        let each: Vec<_> = groups
            .iter()
            .map(|group| {
                json!({"group": group.name, "answered": group.values.len(), "missing": group.missing,
                       "summary": Sample::of(&group.values), "median": median(&group.values)})
            })
            .collect();
        return out::json(&json!({"outcome": outcome, "groups": each, "left_out": left, "comparisons": found}));
    }
    let mut text = Text::default();
    text.line(format!("{outcome} by {column}. Answers that are missing are left out: whoever stayed away may differ from whoever came."));
    text.how_read(whole, &left);
    text.line(order);
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let summary = Sample::of(&group.values).ok();
            vec![
                group.name.clone(),
                group.values.len().to_string(),
                group.missing.to_string(),
                maybe(summary.map(|one| one.mean)),
                maybe(summary.map(|one| one.standard_deviation)),
                maybe(median(&group.values)),
            ]
        })
        .collect();
    text.table(&["group", "answered", "missing", "mean", "SD", "median"], &rows);
    for one in &found {
        text.heading(&format!("{} - {}", one.first, one.second));
        means(&mut text, "Welch (spreads may differ)", &one.welch);
        means(&mut text, "Student (one spread)", &one.student);
        ranks(&mut text, "rank sum (Wilcoxon, Mann and Whitney): W", &one.rank_sum);
        match &one.hedges_g {
            Ok(g) => text.line(format!(
                "Hedges's g {}, SE {}, interval {}",
                number(g.value),
                number(g.standard_error),
                interval(g.interval)
            )),
            Err(why) => text.line(format!("Hedges's g {why}")),
        }
        if let Some(holm) = one.holm {
            text.line(format!("Welch's p over {} comparisons, by Holm: {}", found.len(), p(holm)));
        }
    }
    text.print()
}

fn means(text: &mut Text, name: &str, found: &Found<MeanDifference>) {
    match found {
        Ok(one) => text.line(format!(
            "{name}: difference {}, SE {}, interval {}; {}",
            number(one.difference.value),
            number(one.difference.standard_error),
            interval(one.difference.interval),
            out::test("t", &one.test)
        )),
        Err(why) => text.line(format!("{name}: {why}")),
    }
}

fn ranks(text: &mut Text, name: &str, found: &Found<RankTest>) {
    match found {
        Ok(one) => {
            let how = if one.exact { "counted exactly" } else { "approximated, with ties and continuity" };
            text.line(format!("{name} {}, p {} ({how})", number(one.statistic), p(one.p)));
            text.line(format!("shift (Hodges and Lehmann) {}, interval {}", number(one.shift), interval(one.interval)));
            if let Some(chance) = one.chance_of_more {
                text.line(format!("chance that somebody of the first has more: {}", number(chance)));
            }
        }
        Err(why) => text.line(format!("{name}: {why}")),
    }
}

fn pairs(args: &Args, whole: &Values, columns: &str, confidence: Confidence) -> CliResult {
    let (first, second) = pair("--pairs", columns)?;
    let (values, left) = whole.complete(&[first, second])?;
    let (a, b) = (values.whole(first)?, values.whole(second)?);
    let t = paired(&a, &b, confidence);
    let rank = signed_rank(&a, &b, confidence);
    if args.common.json {
        return out::json(
            &json!({"first": first, "second": second, "pairs": values.len(), "left_out": left, "paired": t, "signed_rank": rank}),
        );
    }
    let mut text = Text::default();
    text.line(format!(
        "{first} - {second} in {} people with both. A group beside its own past is no treatment effect.",
        values.len()
    ));
    text.how_read(whole, &left);
    means(&mut text, "paired", &t);
    ranks(&mut text, "signed rank (Wilcoxon): V", &rank);
    text.print()
}
