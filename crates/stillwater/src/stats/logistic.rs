//! `stillwater stats logistic`: who had it, beside several columns, once per person or at several visits.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::binary::{Logistic, LogisticFit, Together, Way};
use stillwater_evidence::estimate::Estimate;
use stillwater_evidence::mixed::DesignBuilder;

use super::Common;
use super::models::{Coding, cannot, in_order};
use super::out::{self, Text, interval, number, p};
use super::values::{Values, levels, names, same};
use crate::ending::{CliError, CliResult};

/// Who had it, beside several columns.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column that says who had it
    #[arg(long, value_name = "COLUMN")]
    outcome: String,
    /// The word or number in it that means they did
    #[arg(long, value_name = "VALUE", default_value = "1")]
    value: String,
    /// The column of arms
    #[arg(long, value_name = "COLUMN")]
    arm: String,
    /// Further columns, numbers or groups
    #[arg(long, value_name = "COLUMNS")]
    covariate: Option<String>,
    /// Let two columns work together, such as arm:week; may be given again
    #[arg(long, value_name = "A:B")]
    interaction: Vec<String>,
    /// Firth's penalty, where groups are separated or few had it
    #[arg(long, conflicts_with = "subject")]
    firth: bool,
    /// Where people answer at several visits: the column that names them (generalised estimating equations)
    #[arg(long, value_name = "COLUMN")]
    subject: Option<String>,
    /// How answers of one person go together
    #[arg(long, value_name = "HOW", default_value = "exchangeable", requires = "subject")]
    together: How,
    #[command(flatten)]
    coding: Coding,
}

#[derive(Clone, Copy, ValueEnum)]
enum How {
    /// As if they did not; errors still allow that they do
    Independence,
    /// Any two alike
    Exchangeable,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let covariates = args.covariate.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &covariates, Some(&args.arm))?;
    let mut needed = vec![args.outcome.as_str(), &args.arm];
    needed.extend(args.subject.as_deref());
    needed.extend(&covariates);
    let (values, left) = whole.complete(&needed)?;
    let outcome = marks(args, &values)?;
    let mut taken = Vec::new();
    let arms = args.coding.levels(&values, &args.arm, true)?;
    taken.push(in_order(&arms));
    if arms.levels().len() < 2 {
        return Err(values.wrong(format!("column {:?} holds one arm only in the rows that can be used", args.arm)));
    }
    let levels = arms.levels().to_vec();
    let mut builder = DesignBuilder::new(values.len()).factor(arms).map_err(cannot)?;
    for column in &covariates {
        builder = args.coding.add(builder, &values, column, &mut taken)?;
    }
    for interaction in &args.interaction {
        let parts: Vec<&str> = interaction.split(':').map(str::trim).collect();
        if parts.len() < 2 {
            return Err(CliError::Input(format!(
                "--interaction is {interaction:?}; write two columns of the model as A:B"
            )));
        }
        builder = builder.interaction(&parts).map_err(cannot)?;
    }
    let design = builder.build();
    let people = args.subject.as_deref().map(|column| values.words(column)).transpose()?;
    let way = match (&people, args.firth) {
        (Some(people), _) => Way::Equations(
            people,
            match args.together {
                How::Independence => Together::Independence,
                How::Exchangeable => Together::Exchangeable,
            },
        ),
        (None, true) => Way::Firth,
        (None, false) => Way::Likelihood,
    };
    let fit = Logistic { design: &design, outcome: &outcome, way, confidence }.fit().map_err(cannot)?;
    let (shares, differences) = standardised(args, &fit, &levels)?;
    if args.common.json {
        return out::json(&json!({
            "rows": left.used, "left_out": left, "columns": taken, "events": fit.events, "odds_ratios": fit.columns,
            "deviance": fit.deviance, "correlation": fit.correlation, "people": fit.clusters,
            "standardised": shares, "differences": differences,
        }));
    }
    let mut text = Text::default();
    let how = match way {
        Way::Likelihood => "logistic regression",
        Way::Firth => "logistic regression with Firth's penalty",
        Way::Equations(_, Together::Independence) => "estimating equations, answers as if independent, robust errors",
        Way::Equations(_, Together::Exchangeable) => {
            "estimating equations, any two answers of one person alike, robust errors"
        }
    };
    text.line(format!(
        "{} is {} by {}: {how}; {} of {} rows have it.",
        args.outcome, args.value, args.arm, fit.events, left.used
    ));
    text.how_read(&whole, &left);
    for one in &taken {
        text.line(one);
    }
    let rows: Vec<Vec<String>> = fit
        .columns
        .iter()
        .map(|one| {
            vec![
                one.name.clone(),
                number(one.ratio.log),
                number(one.ratio.log_standard_error),
                number(one.ratio.value),
                interval(one.ratio.interval),
                number(one.test.statistic),
                p(one.test.p),
            ]
        })
        .collect();
    text.table(&["", "coefficient", "SE", "odds ratio", "interval of the ratio", "z", "p"], &rows);
    if let Some((own, null)) = fit.deviance {
        text.line(format!("deviance {}, without any column {}", number(own), number(null)));
    }
    if let Some(people) = fit.clusters {
        let correlation =
            fit.correlation.map_or_else(String::new, |one| format!(", correlation of two answers {}", number(one)));
        text.line(format!("{people} people{correlation}"));
    }
    text.heading("Standardised shares: if everybody were in this arm and nothing else of them changed");
    let row = |(name, one): &(String, Estimate)| {
        vec![name.clone(), number(one.value), number(one.standard_error), interval(one.interval)]
    };
    let all: Vec<Vec<String>> = shares.iter().chain(&differences).map(row).collect();
    text.table(&["", "share", "SE", "interval"], &all);
    text.print()
}

type Named = Vec<(String, Estimate)>;

fn standardised(args: &Args, fit: &LogisticFit, levels: &[String]) -> Result<(Named, Named), CliError> {
    let share = |level: &String| Ok((level.clone(), fit.standardised_share(&args.arm, level).map_err(cannot)?));
    let shares = levels.iter().map(share).collect::<Result<Named, CliError>>()?;
    let Some((reference, others)) = levels.split_first() else { return Ok((shares, Vec::new())) };
    let difference = |level: &String| {
        let found = fit.standardised_difference(&args.arm, level, reference).map_err(cannot)?;
        Ok((format!("{level} - {reference}"), found))
    };
    let differences = others.iter().map(difference).collect::<Result<Named, CliError>>()?;
    Ok((shares, differences))
}

/// Who had it; a column that holds more than one other value is refused.
fn marks(args: &Args, values: &Values) -> Result<Vec<Option<bool>>, CliError> {
    let words = values.words(&args.outcome)?;
    let others: Vec<&str> = levels(&words).into_iter().filter(|mark| !same(mark, &args.value)).collect();
    if others.len() > 1 || others.len() == levels(&words).len() {
        return Err(values.wrong(format!(
            "column {:?} holds {}; say with --value which of them means that they had it, and name what is missing with --missing",
            args.outcome,
            levels(&words).into_iter().take(10).collect::<Vec<_>>().join(", ")
        )));
    }
    Ok(words.iter().map(|mark| Some(same(mark, &args.value))).collect())
}
