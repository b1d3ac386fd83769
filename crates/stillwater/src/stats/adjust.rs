//! `stillwater stats adjust`: several p values as one family.

use serde_json::json;
use stillwater_evidence::multiplicity::{Adjustment, adjust};

use super::open::numbers;
use super::out::{self, Text, p};
use super::values::names;
use crate::ending::{CliError, CliResult};

/// Several p values as one family.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The p values, divided by commas
    #[arg(long, value_name = "P,P")]
    p: String,
    /// What they are of, divided by commas
    #[arg(long, value_name = "NAMES")]
    names: Option<String>,
    /// Give JSON in place of text
    #[arg(long)]
    json: bool,
}

const WAYS: [(&str, Adjustment); 5] = [
    ("Bonferroni", Adjustment::Bonferroni),
    ("Holm", Adjustment::Holm),
    ("Hochberg", Adjustment::Hochberg),
    ("Benjamini-Hochberg", Adjustment::BenjaminiHochberg),
    ("Benjamini-Yekutieli", Adjustment::BenjaminiYekutieli),
];

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let given = numbers("--p", &args.p)?;
    let labels: Vec<String> = match &args.names {
        Some(list) => names(list).into_iter().map(str::to_owned).collect(),
        None => (1..=given.len()).map(|n| n.to_string()).collect(),
    };
    if labels.len() != given.len() {
        return Err(CliError::Input(format!(
            "--names holds {} names and --p {} values; give as many",
            labels.len(),
            given.len()
        )));
    }
    let found: Vec<(&str, Vec<f64>)> = WAYS
        .into_iter()
        .map(|(name, way)| Ok((name, adjust(&given, way).map_err(out::cannot)?)))
        .collect::<Result<_, CliError>>()?;
    if args.json {
        let each: serde_json::Map<String, serde_json::Value> =
            found.iter().map(|(name, values)| ((*name).to_owned(), json!(values))).collect();
        return out::json(&json!({"names": labels, "p": given, "adjusted": each}));
    }
    let mut text = Text::default();
    text.line(format!("{} p values. Holm and Bonferroni hold the chance of any false finding; the two of Benjamini hold the expected share of false among those found; Hochberg needs tests that are not opposed.", given.len()));
    let headings: Vec<&str> = ["", "p"].into_iter().chain(WAYS.iter().map(|way| way.0)).collect();
    let rows: Vec<Vec<String>> = labels
        .iter()
        .zip(&given)
        .enumerate()
        .map(|(at, (label, raw))| {
            let adjusted = found.iter().filter_map(|(_, values)| values.get(at)).map(|one| p(*one));
            [label.clone(), p(*raw)].into_iter().chain(adjusted).collect()
        })
        .collect();
    text.table(&headings, &rows);
    text.print()
}
