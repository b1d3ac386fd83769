//! `stillwater stats cox`: hazard ratios where people enter late or change on the way, within strata, with robust errors, penalised, or
//! for one cause among several.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::survival::{
    CompetingObservation, Covariate, CoxErrors, Spell, SpellFit, SpellModel, Ties, fine_gray,
};

use super::Common;
use super::happened::Happened;
use super::models::{self, Coding};
use super::out::{self, Text, cannot, interval, number, p};
use super::values::{Values, levels, names};
use crate::ending::{CliError, CliResult};

/// Hazard ratios of Cox's model and its kin.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of times watched
    #[arg(long, value_name = "COLUMN", required_unless_present = "stop", conflicts_with_all = ["start", "stop"])]
    time: Option<String>,
    /// Where people are watched in spells: the column of when each begins
    #[arg(long, value_name = "COLUMN", requires = "stop")]
    start: Option<String>,
    /// And of when each ends
    #[arg(long, value_name = "COLUMN", requires = "start")]
    stop: Option<String>,
    /// The column that says whether it happened
    #[arg(long, value_name = "COLUMN")]
    event: String,
    /// The word or number in it that means it did
    #[arg(long, value_name = "VALUE")]
    event_value: Option<String>,
    /// The word or number in it that means last seen without it; may be given again
    #[arg(long, value_name = "VALUE")]
    censored_value: Vec<String>,
    /// What shut it out instead: another value of the event column; may be given again
    #[arg(long, value_name = "VALUE")]
    competing: Vec<String>,
    /// The columns whose hazard ratios are wanted
    #[arg(long, value_name = "COLUMNS")]
    covariate: String,
    /// Columns whose groups are compared within themselves only
    #[arg(long, value_name = "COLUMNS")]
    strata: Option<String>,
    /// Errors that hold whether the model does or not
    #[arg(long, conflicts_with = "cluster")]
    robust: bool,
    /// Errors that let rows of one cluster, such as a person, go together
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Firth's penalty, for effects without bound and few events
    #[arg(long, conflicts_with_all = ["robust", "cluster"])]
    firth: bool,
    /// Of the share to whom it happens while the competing causes shut it out (Fine and Gray), in place of the rate
    #[arg(long, requires = "competing", conflicts_with_all = ["start", "strata", "robust", "cluster", "firth"])]
    fine_gray: bool,
    /// What to do where it happened to several at one time
    #[arg(long, value_name = "HOW", default_value = "efron")]
    ties: TieMethod,
    #[command(flatten)]
    coding: Coding,
}

#[derive(Clone, Copy, ValueEnum)]
enum TieMethod {
    Efron,
    Breslow,
}

/// Columns as numbers: one for a number, one for each group but the reference.
pub(super) fn as_numbers(
    coding: &Coding,
    values: &Values,
    columns: &[&str],
    taken: &mut Vec<String>,
) -> Result<Vec<(String, Vec<f64>)>, CliError> {
    let mut found = Vec::new();
    for column in columns {
        if coding.is_factor(values, column)? {
            let factor = coding.levels(values, column, false)?;
            taken.push(models::in_order(&factor));
            for (code, level) in factor.levels().iter().enumerate().skip(1) {
                let marks = factor.codes().iter().map(|own| f64::from(u8::from(*own == code)));
                found.push((format!("{column} {level}"), marks.collect()));
            }
        } else {
            let numbers = values.whole(column)?;
            taken.push(models::as_number(values, column, &numbers)?);
            found.push(((*column).to_owned(), numbers));
        }
    }
    Ok(found)
}

/// A number for each different word.
fn numbered(words: &[String]) -> Vec<usize> {
    let places: std::collections::BTreeMap<&str, usize> =
        levels(words).into_iter().enumerate().map(|(place, word)| (word, place)).collect();
    words.iter().map(|word| places.get(word.as_str()).copied().unwrap_or(0)).collect()
}

fn spells(args: &Args, values: &Values, happened: &Happened) -> Result<Vec<Spell>, CliError> {
    let (starts, stops) = match (&args.start, &args.stop, &args.time) {
        (Some(start), Some(stop), _) => {
            let (starts, stops) = (values.whole(start)?, values.whole(stop)?);
            if let Some(row) = starts.iter().zip(&stops).position(|(from, to)| from >= to) {
                return Err(values.wrong_at(row, stop, "a spell must end later than it begins"));
            }
            (starts, stops)
        }
        (_, _, Some(time)) => {
            let times = values.whole(time)?;
            if let Some(row) = times.iter().position(|time| *time < 0.0) {
                return Err(values.wrong_at(row, time, "a time watched is below 0"));
            }
            (vec![f64::NEG_INFINITY; times.len()], times)
        }
        _ => return Err(CliError::input("give --time, or --start with --stop")),
    };
    let rows = starts.into_iter().zip(stops).zip(&happened.what);
    Ok(rows.map(|((start, stop), what)| Spell { start, stop, event: *what == Some(0) }).collect())
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let covariates = names(&args.covariate);
    let strata_columns = args.strata.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &covariates, None)?;
    let mut needed: Vec<&str> =
        [&args.time, &args.start, &args.stop, &args.cluster].into_iter().filter_map(|one| one.as_deref()).collect();
    needed.push(&args.event);
    needed.extend(covariates.iter().chain(&strata_columns));
    // Values of the event are known from the whole file, so that a row left out changes no coding.
    let (values, left) = whole.complete(&needed)?;
    let happened =
        Happened::read(&values, &args.event, args.event_value.as_deref(), &args.competing, &args.censored_value)?;
    let mut taken = Vec::new();
    let data = as_numbers(&args.coding, &values, &covariates, &mut taken)?;
    let columns: Vec<Covariate<'_>> = data.iter().map(|(name, values)| Covariate { name, values }).collect();
    let ties = match args.ties {
        TieMethod::Efron => Ties::Efron,
        TieMethod::Breslow => Ties::Breslow,
    };
    let fit = if args.fine_gray {
        let times = values.whole(args.time.as_deref().unwrap_or_default())?;
        let all: Vec<CompetingObservation> = times
            .into_iter()
            .zip(&happened.what)
            .map(|(time, cause)| CompetingObservation { time, cause: *cause })
            .collect();
        fine_gray(&all, 0, &columns, ties, confidence)
    } else {
        let spells = spells(args, &values, &happened)?;
        let strata = strata(&values, &strata_columns)?;
        let clusters = args.cluster.as_deref().map(|column| values.words(column)).transpose()?;
        let clusters = clusters.map(|words| numbered(&words));
        let errors = match &clusters {
            Some(clusters) => CoxErrors::Clustered(clusters),
            None if args.robust => CoxErrors::Robust,
            None => CoxErrors::Model,
        };
        SpellModel {
            spells: &spells,
            columns: &columns,
            strata: strata.as_deref(),
            weights: None,
            ties,
            errors,
            firth: args.firth,
            confidence,
        }
        .fit()
    }
    .map_err(cannot)?;
    if args.common.json {
        return out::json(
            &json!({"left_out": left, "coding": happened.words, "columns": taken, "fine_gray": args.fine_gray, "firth": args.firth, "fit": fit}),
        );
    }
    let mut text = Text::default();
    text.line(title(args));
    text.how_read(&whole, &left);
    text.line(&happened.words);
    for one in &taken {
        text.line(one);
    }
    told(args, &mut text, &fit);
    text.print()
}

fn strata(values: &Values, columns: &[&str]) -> Result<Option<Vec<usize>>, CliError> {
    if columns.is_empty() {
        return Ok(None);
    }
    let each: Vec<Vec<String>> = columns.iter().map(|column| values.words(column)).collect::<Result<_, _>>()?;
    let joined: Vec<String> = (0..values.len())
        .map(|row| each.iter().filter_map(|column| column.get(row)).map(|word| format!("{word}\u{1f}")).collect())
        .collect();
    Ok(Some(numbered(&joined)))
}

fn title(args: &Args) -> &'static str {
    match (args.fine_gray, args.firth, args.competing.is_empty()) {
        (true, ..) => {
            "Fine and Gray: hazard ratios of the share to whom it happens, the competing causes shutting it out. Errors are robust, by person."
        }
        (_, true, _) => "Cox's model with Firth's penalty; intervals and p by the profile of the penalised likelihood.",
        (.., false) => {
            "Cox's model of the rate of this cause among those still watched: the other causes count as last seen."
        }
        _ => "Cox's proportional hazards.",
    }
}

fn told(args: &Args, text: &mut Text, fit: &SpellFit) {
    let ties = if fit.ties == Ties::Efron { "Efron's" } else { "Breslow's" };
    let strata = if fit.strata > 1 { format!(", {} strata", fit.strata) } else { String::new() };
    let clusters = match fit.clusters {
        Some(clusters) if args.cluster.is_some() || args.fine_gray => format!(", {clusters} clusters"),
        _ => String::new(),
    };
    text.line(format!("{} rows, {} events{strata}{clusters}, {ties} way with ties.", fit.spells, fit.events));
    let robust = fit.clusters.is_some();
    let rows: Vec<Vec<String>> = fit
        .effects
        .iter()
        .zip(&fit.model_errors)
        .map(|(effect, model)| {
            let ratio = effect.hazard_ratio;
            let mut row =
                vec![effect.name.clone(), number(ratio.log), number(ratio.value), number(ratio.log_standard_error)];
            if robust {
                row.push(number(*model));
            }
            row.extend([interval(ratio.interval), number(effect.z), p(effect.p)]);
            row
        })
        .collect();
    if robust {
        text.table(
            &["", "coefficient", "hazard ratio", "robust SE", "model's SE", "interval of the ratio", "z", "p"],
            &rows,
        );
    } else {
        text.table(&["", "coefficient", "hazard ratio", "SE", "interval of the ratio", "z", "p"], &rows);
    }
    text.line(format!(
        "log likelihood {}, without any effect {}",
        number(fit.log_likelihood),
        number(fit.log_likelihood_null)
    ));
    if let Some(test) = &fit.likelihood_ratio {
        text.line(out::test("likelihood ratio: chi squared", test));
    }
    text.line(out::test("Wald: chi squared", &fit.wald));
    if fit.events < 10 * fit.effects.len() {
        text.line(format!(
            "{} events are few for {} columns: below ten for each, ratios run too far from 1; see --firth.",
            fit.events,
            fit.effects.len()
        ));
    }
}
