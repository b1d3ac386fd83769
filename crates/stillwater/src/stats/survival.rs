//! `stillwater stats survival`: time until something happens.

use clap::ValueEnum;
use serde_json::{Value, json};
use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::survival::{
    CompetingObservation, Covariate, Curve, Fit, Observation, Quantile, Scale, Ties, TimeTransform, Weight,
    aalen_johansen, cox, kaplan_meier, log_rank, proportional_hazards,
};

use super::Common;
use super::out::{self, Text, cannot, interval, maybe, number, p};
use super::values::{Values, levels, names};
use crate::ending::{CliError, CliResult};

/// Time until something happens.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of times watched
    #[arg(long, value_name = "COLUMN")]
    time: String,
    /// The column that says whether it happened
    #[arg(long, value_name = "COLUMN")]
    event: String,
    /// The word or number in it that means it did
    #[arg(long, value_name = "VALUE", default_value = "1")]
    event_value: String,
    /// What shut it out instead: another value of the event column; may be given again
    #[arg(long, value_name = "VALUE")]
    competing: Vec<String>,
    /// Compare the groups of this column
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// Fit Cox's model with these columns
    #[arg(long, value_name = "COLUMNS")]
    cox: Option<String>,
    /// What to do where it happened to several at one time
    #[arg(long, value_name = "HOW", default_value = "efron")]
    ties: TieMethod,
    /// Print the curve at these times
    #[arg(long, value_name = "TIMES")]
    at: Option<String>,
    /// The mean time without it, up to this time
    #[arg(long, value_name = "TIME")]
    restrict: Option<f64>,
    /// The scale of the curve's intervals
    #[arg(long, value_name = "SCALE", default_value = "log-log")]
    interval: OnScale,
}

#[derive(Clone, Copy, ValueEnum)]
enum TieMethod {
    Efron,
    Breslow,
    Exact,
}

#[derive(Clone, Copy, ValueEnum)]
enum OnScale {
    LogLog,
    Log,
}

struct Group {
    name: String,
    observations: Vec<Observation>,
    curve: Curve,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let values = args.common.values()?;
    let confidence = args.common.confidence()?;
    let scale = match args.interval {
        OnScale::LogLog => Scale::LogLog,
        OnScale::Log => Scale::Log,
    };
    let (times, marks) = (values.whole(&args.time)?, values.words(&args.event)?);
    if !marks.iter().any(|mark| same(mark, &args.event_value)) {
        let known = levels(&marks).into_iter().take(10).collect::<Vec<_>>().join(", ");
        return Err(values.wrong(format!(
            "no cell of {:?} is {:?}; there are {known}; say with --event-value which of them means that it happened",
            args.event, args.event_value
        )));
    }
    let happened: Vec<bool> = marks.iter().map(|mark| same(mark, &args.event_value)).collect();
    let observations: Vec<Observation> =
        times.iter().zip(&happened).map(|(time, event)| Observation { time: *time, event: *event }).collect();
    let groups = groups(args, &values, &observations)?;
    let compared = (groups.len() > 1)
        .then(|| {
            let slices: Vec<&[Observation]> = groups.iter().map(|group| group.observations.as_slice()).collect();
            [Weight::LogRank, Weight::PetoPeto].map(|weight| log_rank(&slices, weight))
        })
        .map(|both| both.map(|found| found.map_err(cannot)));
    let compared = match compared {
        Some([first, second]) => Some((first?, second?)),
        None => None,
    };
    let model =
        args.cox.as_deref().map(|columns| fitted(args, &values, &observations, columns, confidence)).transpose()?;
    let competing = if args.competing.is_empty() { None } else { Some(shut_out(args, &times, &marks, confidence)?) };
    if args.common.json {
        let each: Vec<Value> = groups
            .iter()
            .map(|group| {
                json!({
                    "group": group.name, "people": group.curve.people(), "events": group.curve.events(),
                    "median": group.curve.median(scale, confidence),
                    "restricted_mean": args.restrict.map(|limit| group.curve.restricted_mean(limit, confidence)),
                    "steps": group.curve.steps(),
                })
            })
            .collect();
        return out::json(&json!({
            "groups": each, "log_rank": compared.as_ref().map(|both| &both.0),
            "peto_peto": compared.as_ref().map(|both| &both.1),
            "cox": model.as_ref().map(|(fit, _)| fit),
            "proportional_hazards": model.as_ref().map(|(_, tests)| tests),
            "competing": competing,
        }));
    }
    let mut text = Text::default();
    curves(args, &mut text, &groups, scale, confidence)?;
    if let Some((plain, early)) = &compared {
        text.heading("Do the groups differ?");
        let rows: Vec<Vec<String>> = groups
            .iter()
            .zip(&plain.groups)
            .map(|(group, one)| {
                vec![
                    group.name.clone(),
                    one.people.to_string(),
                    number(one.observed),
                    number(one.expected),
                    number((one.observed - one.expected).powi(2) / one.expected),
                ]
            })
            .collect();
        text.table(&["group", "people", "observed", "expected", "(O-E)^2/E"], &rows);
        text.line(out::test("log-rank: chi squared", &plain.test));
        text.line(out::test("Peto and Peto: chi squared", &early.test));
    }
    if let Some((fit, tests)) = &model {
        cox_text(&mut text, fit);
        text.line("");
        match tests {
            Ok(tests) => {
                text.line("Are the hazards proportional? (Grambsch and Therneau, on the Kaplan-Meier clock)");
                let rows: Vec<Vec<String>> = tests
                    .columns
                    .iter()
                    .chain(std::iter::once(&("all together".to_owned(), tests.global)))
                    .map(|(name, test)| {
                        vec![name.clone(), number(test.statistic), maybe(test.degrees_of_freedom), p(test.p)]
                    })
                    .collect();
                text.table(&["", "chi squared", "df", "p"], &rows);
            }
            Err(why) => text.line(format!("Whether the hazards are proportional {why}.")),
        }
    }
    if let Some(found) = &competing {
        text.heading("Each cause shutting out the others (Aalen and Johansen)");
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|(name, curve)| {
                let last = curve.steps.last();
                vec![
                    name.clone(),
                    curve.events.to_string(),
                    maybe(last.map(|step| step.time)),
                    maybe(last.map(|step| step.share)),
                    maybe(last.map(|step| step.standard_error)),
                    last.and_then(|step| step.interval).map_or_else(|| "-".to_owned(), interval),
                ]
            })
            .collect();
        text.table(&["cause", "events", "last time", "share by then", "SE", "interval"], &rows);
    }
    text.print()
}

/// Whether two cells mean the same: as words, or as numbers, so that 1 and 1.0 agree.
fn same(cell: &str, wanted: &str) -> bool {
    cell == wanted || matches!((cell.parse::<f64>(), wanted.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

fn groups(args: &Args, values: &Values, observations: &[Observation]) -> Result<Vec<Group>, CliError> {
    let words = args.group.as_deref().map(|column| values.words(column)).transpose()?;
    let make = |name: &str, observations: Vec<Observation>| {
        Ok(Group { name: name.to_owned(), curve: kaplan_meier(&observations).map_err(cannot)?, observations })
    };
    let Some(words) = words else { return Ok(vec![make("everybody", observations.to_vec())?]) };
    levels(&words)
        .into_iter()
        .map(|level| {
            make(level, words.iter().zip(observations).filter(|(w, _)| *w == level).map(|(_, o)| *o).collect())
        })
        .collect()
}

fn times(list: &str) -> Result<Vec<f64>, CliError> {
    names(list)
        .into_iter()
        .map(|time| time.parse().map_err(|_| CliError::Input(format!("--at holds {time:?}, which is not a number"))))
        .collect()
}

fn reached(quantile: &Quantile) -> Vec<String> {
    [quantile.time, quantile.low, quantile.high]
        .into_iter()
        .map(|end| end.map_or_else(|| "not reached".to_owned(), number))
        .collect()
}

fn curves(
    args: &Args,
    text: &mut Text,
    groups: &[Group],
    scale: Scale,
    confidence: Confidence,
) -> Result<(), CliError> {
    let on = if scale == Scale::LogLog { "log-log" } else { "log" };
    text.line(format!(
        "Kaplan and Meier, {on} intervals. Who was last seen without it is taken to be like those still watched."
    ));
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let mut row = vec![group.name.clone(), group.curve.people().to_string(), group.curve.events().to_string()];
            row.extend(reached(&group.curve.median(scale, confidence)));
            row
        })
        .collect();
    text.table(&["group", "people", "events", "median", "from", "to"], &rows);
    if let Some(limit) = args.restrict {
        text.heading(&format!("Mean time without it, up to {}", number(limit)));
        for group in groups {
            match group.curve.restricted_mean(limit, confidence) {
                Ok(mean) => text.line(format!(
                    "{}: {}, SE {}, interval {}",
                    group.name,
                    number(mean.value),
                    number(mean.standard_error),
                    interval(mean.interval)
                )),
                Err(why) => text.line(format!("{}: {why}", group.name)),
            }
        }
    }
    if let Some(list) = &args.at {
        text.heading("The curve");
        let mut rows = Vec::new();
        for group in groups {
            for row in group.curve.at_risk_table(&times(list)?) {
                let at = group.curve.at(row.time, scale, confidence);
                rows.push(vec![
                    group.name.clone(),
                    number(row.time),
                    row.at_risk.to_string(),
                    row.events.to_string(),
                    at.map_or_else(|| "-".to_owned(), |at| number(at.share)),
                    at.map_or_else(|| "-".to_owned(), |at| number(at.standard_error)),
                    at.and_then(|at| at.interval).map_or_else(|| "-".to_owned(), interval),
                ]);
            }
        }
        text.table(&["group", "time", "at risk", "events by then", "share without", "SE", "interval"], &rows);
    }
    Ok(())
}

/// The fitted model with the test of its assumption.
type Fitted = (Fit, Result<stillwater_evidence::survival::Proportional, stillwater_evidence::estimate::CannotEstimate>);

fn fitted(
    args: &Args,
    values: &Values,
    observations: &[Observation],
    columns: &str,
    confidence: Confidence,
) -> Result<Fitted, CliError> {
    let names = names(columns);
    let mut data: Vec<(String, Vec<Option<f64>>)> = Vec::new();
    for name in names {
        if values.is_numeric(name)? {
            data.push((name.to_owned(), values.numbers(name)?));
            continue;
        }
        let words = values.words(name)?;
        // The level that comes first in the alphabet is the reference, as in R.
        let mut known = levels(&words);
        known.sort_unstable();
        for level in known.into_iter().skip(1) {
            let column = words.iter().map(|word| Some(f64::from(u8::from(word == level)))).collect();
            data.push((format!("{name} {level}"), column));
        }
    }
    let whole: Vec<usize> = (0..values.len())
        .filter(|row| data.iter().all(|(_, column)| column.get(*row).is_some_and(Option::is_some)))
        .collect();
    let kept: Vec<Observation> = whole.iter().filter_map(|row| observations.get(*row).copied()).collect();
    let kept_columns: Vec<(String, Vec<f64>)> = data
        .into_iter()
        .map(|(name, column)| (name, whole.iter().filter_map(|row| column.get(*row).copied().flatten()).collect()))
        .collect();
    let columns: Vec<Covariate<'_>> = kept_columns.iter().map(|(name, values)| Covariate { name, values }).collect();
    let ties = match args.ties {
        TieMethod::Efron => Ties::Efron,
        TieMethod::Breslow => Ties::Breslow,
        TieMethod::Exact => Ties::Exact,
    };
    let fit = cox(&kept, &columns, ties, confidence).map_err(cannot)?;
    let tests = proportional_hazards(&kept, &columns, &fit, TimeTransform::Survival);
    Ok((fit, tests))
}

fn cox_text(text: &mut Text, fit: &Fit) {
    let ties = match fit.ties {
        Ties::Efron => "Efron's",
        Ties::Breslow => "Breslow's",
        Ties::Exact => "the exact",
    };
    text.heading("Cox's proportional hazards");
    text.line(format!("{} people with every column, {} events, {ties} way with ties.", fit.people, fit.events));
    let rows: Vec<Vec<String>> = fit
        .effects
        .iter()
        .map(|effect| {
            vec![
                effect.name.clone(),
                number(effect.hazard_ratio.log),
                number(effect.hazard_ratio.value),
                number(effect.hazard_ratio.log_standard_error),
                interval(effect.hazard_ratio.interval),
                number(effect.z),
                p(effect.p),
            ]
        })
        .collect();
    text.table(&["", "coefficient", "hazard ratio", "SE", "interval of the ratio", "z", "p"], &rows);
    text.line(format!(
        "log likelihood {}, without any effect {}",
        number(fit.log_likelihood),
        number(fit.log_likelihood_null)
    ));
    text.line(out::test("likelihood ratio: chi squared", &fit.likelihood_ratio));
    text.line(out::test("Wald: chi squared", &fit.wald));
    text.line(out::test("score: chi squared", &fit.score));
}

fn shut_out(
    args: &Args,
    times: &[f64],
    marks: &[String],
    confidence: Confidence,
) -> Result<Vec<(String, stillwater_evidence::survival::CompetingCurve)>, CliError> {
    let causes: Vec<&String> = std::iter::once(&args.event_value).chain(&args.competing).collect();
    if let Some(unknown) = causes.iter().find(|cause| !marks.iter().any(|mark| same(mark, cause))) {
        return Err(CliError::Input(format!("no cell of {:?} is {unknown:?}", args.event)));
    }
    let observations: Vec<CompetingObservation> = times
        .iter()
        .zip(marks)
        .map(|(time, mark)| CompetingObservation {
            time: *time,
            cause: causes.iter().position(|cause| same(mark, cause)),
        })
        .collect();
    let curves = aalen_johansen(&observations, causes.len(), confidence).map_err(cannot)?;
    Ok(causes.into_iter().cloned().zip(curves).collect())
}
