//! `stillwater stats rates`: events counted over doses, sessions or time, and two such rates beside each other.

use serde_json::json;
use stillwater_evidence::estimate::{CannotEstimate, Confidence};
use stillwater_evidence::incidence::{Incidence, RateRatio, incidence, rate_ratio};

use super::models::{Coding, in_order};
use super::open::{Open, numbers, whole};
use super::out::{self, Text, interval, number, p};
use super::values::Values;
use crate::ending::{CliError, CliResult};

/// Events counted over doses, sessions or time.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    open: Open,
    /// The column of counts; without a file the counts themselves, treated first
    #[arg(long, value_name = "COLUMN|N,N")]
    events: String,
    /// The column of what they were counted over; without a file the numbers themselves
    #[arg(long, value_name = "COLUMN|T,T")]
    over: String,
    /// Per how much the rate is given
    #[arg(long, value_name = "HOW MUCH", default_value_t = 1.0)]
    per: f64,
    /// The column of groups
    #[arg(long, value_name = "COLUMN", requires = "file")]
    group: Option<String>,
    #[command(flatten)]
    coding: Coding,
}

/// One group: its events, over how much, and how much more the counts vary than chance alone would make them.
struct Group {
    name: String,
    events: usize,
    over: f64,
    rows: Vec<(f64, f64)>,
}

impl Group {
    /// Pearson's dispersion over rows: near 1 where events are independent.
    fn dispersion(&self) -> Option<f64> {
        let rate = self.events as f64 / self.over;
        let n = self.rows.len();
        (n > 1 && rate > 0.0).then(|| {
            self.rows.iter().map(|(events, over)| (events - rate * over).powi(2) / (rate * over)).sum::<f64>()
                / (n - 1) as f64
        })
    }
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let confidence = args.open.confidence()?;
    let (groups, said) = match args.open.values()? {
        Some(values) => read(args, &values)?,
        None => (given(args)?, Vec::new()),
    };
    let rates: Vec<Incidence> = groups
        .iter()
        .map(|group| {
            incidence(group.events, group.over, args.per, confidence)
                .map_err(|why| CliError::Input(format!("{}: {why}", group.name)))
        })
        .collect::<Result<_, _>>()?;
    let ratios = ratios(&groups, confidence);
    if args.open.json {
        let each: Vec<_> = groups
            .iter()
            .zip(&rates)
            .map(|(group, rate)| json!({"group": group.name, "rate": rate, "dispersion": group.dispersion()}))
            .collect();
        return out::json(&json!({"groups": each, "ratios": ratios}));
    }
    let mut text = Text::default();
    for line in said {
        text.line(line);
    }
    text.line("Exact intervals (Garwood; conditional for the ratio). They take events as independent: several in one person make them too narrow.");
    let rows: Vec<Vec<String>> = groups
        .iter()
        .zip(&rates)
        .map(|(group, rate)| {
            vec![
                group.name.clone(),
                group.events.to_string(),
                number(group.over),
                number(rate.rate),
                interval(rate.interval),
                out::maybe(group.dispersion()),
            ]
        })
        .collect();
    let heading = format!("rate per {}", number(args.per));
    text.table(&["group", "events", "over", &heading, "interval", "dispersion"], &rows);
    for (name, found) in &ratios {
        match found {
            Ok(found) => text.line(format!(
                "{name}: ratio {}, interval {}, p {}",
                number(found.ratio),
                interval(found.interval),
                p(found.p)
            )),
            Err(why) => text.line(format!("{name}: {why}")),
        }
    }
    if let Some(worst) = groups.iter().filter_map(Group::dispersion).filter(|one| *one > 1.5).reduce(f64::max) {
        text.line(format!(
            "Counts vary {} times as much between rows as independent events would: the intervals are too narrow here.",
            number(worst)
        ));
    }
    text.print()
}

fn ratios(groups: &[Group], confidence: Confidence) -> Vec<(String, Result<RateRatio, CannotEstimate>)> {
    let Some((reference, others)) = groups.split_first() else { return Vec::new() };
    let one = |other: &Group| {
        let found = rate_ratio((other.events, other.over), (reference.events, reference.over), confidence);
        (format!("{} / {}", other.name, reference.name), found)
    };
    others.iter().map(one).collect()
}

fn given(args: &Args) -> Result<Vec<Group>, CliError> {
    let (events, over) = (numbers("--events", &args.events)?, numbers("--over", &args.over)?);
    if events.len() != over.len() || events.len() > 2 {
        return Err(CliError::Input(format!(
            "--events holds {} numbers and --over {}; give one of each, or two of each, treated first",
            events.len(),
            over.len()
        )));
    }
    let names: &[&str] = if events.len() == 2 { &["treated", "control"] } else { &["everybody"] };
    let mut groups: Vec<Group> = names
        .iter()
        .zip(events.iter().zip(&over))
        .map(|(name, (events, over))| {
            Ok(Group { name: (*name).to_owned(), events: whole("--events", *events)?, over: *over, rows: Vec::new() })
        })
        .collect::<Result<_, CliError>>()?;
    // The control stands first, as in a file.
    groups.reverse();
    Ok(groups)
}

fn read(args: &Args, file: &Values) -> Result<(Vec<Group>, Vec<String>), CliError> {
    let mut needed = vec![args.events.as_str(), &args.over];
    needed.extend(args.group.as_deref());
    let (values, left) = file.complete(&needed)?;
    let (events, over) = (values.counts(&args.events)?, values.whole(&args.over)?);
    if let Some(row) = over.iter().position(|over| *over <= 0.0) {
        return Err(values.wrong_at(row, &args.over, "events can only be counted over a number above 0"));
    }
    let mut said = vec![format!("{} over {}.", args.events, args.over)];
    let (levels, codes) = match &args.group {
        Some(column) => {
            args.coding.check(file, &[], Some(column))?;
            let factor = args.coding.levels(&values, column, true)?;
            said.push(in_order(&factor));
            (factor.levels().to_vec(), factor.codes().to_vec())
        }
        None => (vec!["everybody".to_owned()], vec![0; values.len()]),
    };
    said.extend(file.notes().into_iter().chain(left.words()));
    let mut groups: Vec<Group> =
        levels.into_iter().map(|name| Group { name, events: 0, over: 0.0, rows: Vec::new() }).collect();
    for (code, (events, over)) in codes.into_iter().zip(events.into_iter().zip(over)) {
        if let Some(group) = groups.get_mut(code) {
            group.events += events;
            group.over += over;
            group.rows.push((events as f64, over));
        }
    }
    Ok((groups, said))
}
