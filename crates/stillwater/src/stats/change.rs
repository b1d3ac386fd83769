//! `stillwater stats change`: how people changed between two measurements.

use serde_json::json;
use stillwater_evidence::change::{
    ClassRule, Direction, MeanChange, Pair, Rate, ReliableChange, Response, classes, mean_change, remission, response,
};
use stillwater_evidence::estimate::CannotEstimate;

use super::Common;
use super::out::{self, Text, interval, number};
use crate::ending::{CliError, CliResult};

/// How people changed between two measurements.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of scores before
    #[arg(long, value_name = "COLUMN")]
    before: String,
    /// The column of scores after
    #[arg(long, value_name = "COLUMN")]
    after: String,
    /// A higher score is better
    #[arg(long)]
    higher_is_better: bool,
    /// Response: better by at least so many per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 30.0)]
    response: f64,
    /// The least change in points that is more than measurement error
    #[arg(long, value_name = "POINTS", conflicts_with_all = ["reliability", "sd"])]
    reliable: Option<f64>,
    /// The reliability of the scale, from which with --sd that least change follows (Jacobson and Truax)
    #[arg(long, value_name = "SHARE", requires = "sd")]
    reliability: Option<f64>,
    /// The standard deviation of scores before, in the population that the reliability is from
    #[arg(long, value_name = "POINTS", requires = "reliability")]
    sd: Option<f64>,
    /// Remission: a score at this limit or better
    #[arg(long, value_name = "POINTS")]
    remission: Option<f64>,
}

type Found<T> = Result<T, CannotEstimate>;

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let values = args.common.values()?;
    let confidence = args.common.confidence()?;
    let direction = if args.higher_is_better { Direction::HigherIsBetter } else { Direction::HigherIsWorse };
    let (before, after) = (values.numbers(&args.before)?, values.numbers(&args.after)?);
    let pairs: Vec<Pair> =
        before.into_iter().zip(after.iter().copied()).map(|(before, after)| Pair { before, after }).collect();
    let mean = mean_change(&pairs, confidence);
    let responded = response(&pairs, direction, Response::Percent(args.response), confidence);
    let threshold = threshold(args)?;
    let judged = threshold.map(|points| {
        ClassRule::new(direction, points, args.remission).and_then(|rule| classes(&pairs, rule, confidence))
    });
    let remitted = args.remission.map(|limit| remission(&after, direction, limit, confidence));
    if args.common.json {
        return out::json(&json!({
            "people": pairs.len(), "mean_change": mean, "response_percent": args.response, "response": responded,
            "reliable_change_points": threshold, "classes": judged, "remission_limit": args.remission,
            "remission": remitted,
        }));
    }
    let mut text = Text::default();
    if let Some(words) = values.notes() {
        text.line(words);
    }
    text.line(format!(
        "{} people. After less before; a group beside its own past is no treatment effect.",
        pairs.len()
    ));
    means(&mut text, &mean);
    text.heading("Shares, among those with both scores (Wilson; exact; if nobody missing has it, if everybody has)");
    let mut rows = vec![row(&format!("better by {} % or more", number(args.response)), &responded)];
    match &judged {
        Some(Ok(found)) => {
            for (name, rate) in [
                ("reliably better, and in the healthy range", found.recovered),
                ("reliably better, and not", found.improved),
                ("no reliable change", found.unchanged),
                ("reliably worse", found.deteriorated),
            ] {
                rows.push(row(name, &Ok(rate)));
            }
        }
        Some(Err(why)) => rows.push(row("reliable change", &Err(why.clone()))),
        None => {}
    }
    if let Some(found) = &remitted {
        rows.push(row(&format!("at {} or better", maybe_limit(args.remission)), found));
    }
    text.table(&["", "n", "share", "Wilson", "exact", "if missing"], &rows);
    if let Some(points) = threshold {
        text.line(format!("Reliable: {} points or more.", number(points)));
    }
    text.print()
}

fn maybe_limit(limit: Option<f64>) -> String {
    out::maybe(limit)
}

fn threshold(args: &Args) -> Result<Option<f64>, CliError> {
    match (args.reliable, args.reliability, args.sd) {
        (Some(points), _, _) => Ok(Some(points)),
        (None, Some(reliability), Some(sd)) => {
            ReliableChange::new(sd, reliability).map(|rule| Some(rule.threshold())).map_err(out::cannot)
        }
        _ => Ok(None),
    }
}

fn means(text: &mut Text, mean: &Found<MeanChange>) {
    match mean {
        Ok(found) => {
            text.line(format!("Both scores: {}", out::missing(found.missing)));
            text.line(format!(
                "before {} (SD {}), after {} (SD {})",
                number(found.before.mean),
                number(found.before.standard_deviation),
                number(found.after.mean),
                number(found.after.standard_deviation)
            ));
            text.line(format!(
                "change {}, SE {}, interval {}; paired {}",
                number(found.change.difference.value),
                number(found.change.difference.standard_error),
                interval(found.change.difference.interval),
                out::test("t", &found.change.test)
            ));
            if let Some(size) = found.standardised_by_baseline {
                text.line(format!("in standard deviations of the scores before: {}", number(size)));
            }
        }
        Err(why) => text.line(format!("The mean change {why}.")),
    }
}

fn row(name: &str, rate: &Found<Rate>) -> Vec<String> {
    match rate {
        Ok(rate) => vec![
            name.to_owned(),
            format!("{} of {}", rate.share.events(), rate.share.of()),
            number(rate.value),
            interval(rate.wilson),
            interval(rate.exact),
            format!("{} to {}", number(rate.if_missing_have_not), number(rate.if_missing_have)),
        ],
        Err(why) => vec![name.to_owned(), why.to_string()],
    }
}
