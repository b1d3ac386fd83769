//! `stillwater stats looks`: how far apart arms must be at each look at a trial before it ends.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::distribution::{normal_quantile, normal_two_sided};
use stillwater_evidence::sequential::{Boundary, bounds, crossing, drift_for};

use super::out::{self, Text, cannot, number, p};
use crate::ending::CliResult;

/// Looking at a trial before it ends.
#[derive(clap::Args)]
pub(super) struct Args {
    /// How many looks, equally far apart, the last included
    #[arg(long, value_name = "N")]
    looks: usize,
    /// How strict early looks are
    #[arg(long, value_name = "SHAPE", default_value = "obrien-fleming")]
    boundary: Shape,
    /// The two-sided level of all looks together
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// The power wanted, which says how much larger the trial must be than one without looks
    #[arg(long, default_value_t = 0.8)]
    power: f64,
    /// Give JSON in place of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    /// Very strict early
    ObrienFleming,
    /// The same limit at each look
    Pocock,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let boundary = match args.boundary {
        Shape::ObrienFleming => Boundary::OBrienFleming,
        Shape::Pocock => Boundary::Pocock,
    };
    let limits = bounds(boundary, args.looks, args.alpha).map_err(cannot)?;
    let drift = drift_for(&limits, args.power).map_err(cannot)?;
    let fixed = normal_quantile(1.0 - args.alpha / 2.0) + normal_quantile(args.power);
    let inflation = (drift / fixed).powi(2);
    let looks = args.looks as f64;
    let rows: Vec<(usize, f64, f64, f64, f64)> = limits
        .iter()
        .enumerate()
        .map(|(at, limit)| {
            let until = limits.get(..=at).unwrap_or_default();
            // A drift is that of the last look; at an earlier one it has grown with the root of what was seen.
            let share = (at + 1) as f64 / looks;
            (at + 1, *limit, normal_two_sided(*limit), crossing(until, 0.0), crossing(until, drift * share.sqrt()))
        })
        .collect();
    if args.json {
        let each: Vec<_> = rows
            .iter()
            .map(|(look, z, nominal, spent, found)| json!({"look": look, "z": z, "nominal_p": nominal, "level_spent": spent, "found_by_then": found}))
            .collect();
        return out::json(
            &json!({"boundary": boundary, "alpha": args.alpha, "power": args.power, "looks": each, "drift": drift, "inflation": inflation}),
        );
    }
    let mut text = Text::default();
    text.line(format!(
        "{} equally spaced looks, two-sided level {}, {}.",
        args.looks,
        number(args.alpha),
        if boundary == Boundary::Pocock { "Pocock" } else { "O'Brien and Fleming" }
    ));
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|(look, z, nominal, spent, found)| {
            vec![look.to_string(), number(*z), p(*nominal), number(*spent), number(*found)]
        })
        .collect();
    text.table(&["look", "z needed", "p needed", "level spent by then", "power by then"], &rows);
    text.line(format!(
        "For a power of {} the trial must be {} times as large as one without looks.",
        number(args.power),
        number(inflation)
    ));
    text.print()
}
