//! `stillwater stats ancova`: one outcome per person between arms, beside a baseline and other columns.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::linear::{Errors, Linear, LinearFit, Robust};
use stillwater_evidence::mixed::{Design, DesignBuilder, FTest, TEstimate, Weights};
use stillwater_evidence::multiplicity::{Adjustment, adjust};

use super::Common;
use super::models::{self, Coding, cannot, in_order};
use super::out::{self, Text, number, p};
use super::values::{Values, names};
use crate::ending::{CliError, CliResult};

/// One outcome per person between arms, beside a baseline and other columns.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of outcomes
    #[arg(long, value_name = "COLUMN")]
    outcome: String,
    /// The column of arms
    #[arg(long, value_name = "COLUMN")]
    arm: String,
    /// Further columns, numbers or groups; the score before treatment belongs here
    #[arg(long, value_name = "COLUMNS")]
    covariate: Option<String>,
    /// Take the outcome as the change from this column (the difference between arms stays the same where it is a covariate too)
    #[arg(long, value_name = "COLUMN")]
    change_from: Option<String>,
    /// Let two columns work together, such as arm:sex; may be given again
    #[arg(long, value_name = "A:B")]
    interaction: Vec<String>,
    /// Standard errors that let the spread differ from row to row
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = "hc3", conflicts_with = "cluster")]
    robust: Option<Kind>,
    /// Standard errors that let rows of one cluster go together
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Let groups count as often as they were observed in the means, in place of all alike
    #[arg(long)]
    as_observed: bool,
    #[command(flatten)]
    coding: Coding,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Hc0,
    Hc1,
    Hc2,
    Hc3,
}

impl From<Kind> for Robust {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Hc0 => Self::Hc0,
            Kind::Hc1 => Self::Hc1,
            Kind::Hc2 => Self::Hc2,
            Kind::Hc3 => Self::Hc3,
        }
    }
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let confidence = args.common.confidence()?;
    let covariates = args.covariate.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &covariates, Some(&args.arm))?;
    let mut needed = vec![args.outcome.as_str(), &args.arm];
    needed.extend(args.change_from.as_deref());
    needed.extend(args.cluster.as_deref());
    needed.extend(&covariates);
    let (values, left) = whole.complete(&needed)?;
    let outcome = outcome(args, &values)?;
    let mut taken = Vec::new();
    let design = design(args, &values, &covariates, &args.interaction, &mut taken)?;
    let clusters = args.cluster.as_deref().map(|column| values.words(column)).transpose()?;
    let errors = match (&clusters, args.robust) {
        (Some(names), _) => Errors::Clustered(names),
        (None, Some(kind)) => Errors::Robust(kind.into()),
        (None, None) => Errors::Plain,
    };
    let fit = Linear { design: &design, outcome: &outcome, errors, confidence }.fit().map_err(cannot)?;
    let weights = if args.as_observed { Weights::AsObserved } else { Weights::Equal };
    let (means, differences) = by_arm(args, &design, &fit, weights)?;
    let holm = holm(&differences)?;
    let slopes = slopes(args, &values, &covariates, &outcome, errors, confidence);
    let coefficients = fit.fixed.coefficients().map_err(cannot)?;
    let terms = fit.fixed.type_three().map_err(cannot)?;
    if args.common.json {
        return out::json(&json!({
            "rows": left.used, "left_out": left, "columns": taken, "errors": words(errors), "clusters": fit.clusters,
            "residual_sd": fit.residual_sd, "r_squared": fit.r_squared, "degrees_of_freedom": fit.degrees_of_freedom,
            "coefficients": coefficients, "terms": terms, "means": means, "differences": differences, "holm": holm,
            "slopes_by_arm": slopes,
        }));
    }
    let mut text = Text::default();
    let of =
        args.change_from.as_ref().map_or_else(|| args.outcome.clone(), |base| format!("{} - {base}", args.outcome));
    text.line(format!("{of} by {}, least squares, {} rows. Only rows with every column count: missing answers are taken to be missing at random given these columns.", args.arm, left.used));
    text.how_read(&whole, &left);
    for one in &taken {
        text.line(one);
    }
    text.line(format!(
        "{}; residual SD {}, R squared {}, {} degrees of freedom",
        words(errors),
        number(fit.residual_sd),
        number(fit.r_squared),
        number(fit.degrees_of_freedom)
    ));
    if let Some(clusters) = fit.clusters.filter(|clusters| *clusters < 40) {
        text.line(format!("{clusters} clusters are few: errors by clusters come out too small below about 40"));
    }
    let named: Vec<(String, TEstimate)> = coefficients.into_iter().map(|one| (one.name, one.estimate)).collect();
    models::estimates(&mut text, "Coefficients", &named);
    terms_table(&mut text, "Each term (type III)", &terms);
    models::estimates(&mut text, "Adjusted means", &means);
    if !differences.is_empty() {
        models::estimates(&mut text, "Differences between arms", &differences);
    }
    if let Some(holm) = &holm {
        let each: Vec<String> = holm.iter().map(|one| p(*one)).collect();
        text.line(format!("p over {} comparisons, by Holm: {}", holm.len(), each.join(", ")));
    }
    match &slopes {
        Ok(found) if !found.is_empty() => terms_table(
            &mut text,
            "Does a slope differ between arms? (an adjusted difference takes it that none does)",
            found,
        ),
        Err(why) => text.line(format!("Whether a slope differs between arms {why}")),
        Ok(_) => {}
    }
    text.print()
}

fn words(errors: Errors<'_>) -> &'static str {
    match errors {
        Errors::Plain => "errors plain",
        Errors::Robust(Robust::Hc0) => "errors robust (HC0)",
        Errors::Robust(Robust::Hc1) => "errors robust (HC1)",
        Errors::Robust(Robust::Hc2) => "errors robust (HC2)",
        Errors::Robust(Robust::Hc3) => "errors robust (HC3)",
        Errors::Clustered(_) => "errors by clusters (CR1)",
    }
}

fn outcome(args: &Args, values: &Values) -> Result<Vec<Option<f64>>, CliError> {
    let after = values.numbers(&args.outcome)?;
    let Some(base) = &args.change_from else { return Ok(after) };
    Ok(after.into_iter().zip(values.numbers(base)?).map(|(after, before)| Some(after? - before?)).collect())
}

fn design(
    args: &Args,
    values: &Values,
    covariates: &[&str],
    interactions: &[String],
    taken: &mut Vec<String>,
) -> Result<Design, CliError> {
    let arms = args.coding.levels(values, &args.arm, true)?;
    taken.push(in_order(&arms));
    if arms.levels().len() < 2 {
        return Err(values.wrong(format!("column {:?} holds one arm only in the rows that can be used", args.arm)));
    }
    let mut builder = DesignBuilder::new(values.len()).factor(arms).map_err(cannot)?;
    for column in covariates {
        builder = args.coding.add(builder, values, column, taken)?;
    }
    for interaction in interactions {
        let parts: Vec<&str> = interaction.split(':').map(str::trim).collect();
        if parts.len() < 2 {
            return Err(CliError::Input(format!(
                "--interaction is {interaction:?}; write two columns of the model as A:B"
            )));
        }
        builder = builder.interaction(&parts).map_err(cannot)?;
    }
    Ok(builder.build())
}

type Named = Vec<(String, TEstimate)>;

fn by_arm(args: &Args, design: &Design, fit: &LinearFit, weights: Weights) -> Result<(Named, Named), CliError> {
    let arms = design.levels(&args.arm).map_err(cannot)?;
    let mut means = Vec::new();
    for arm in arms {
        means.push((arm.clone(), fit.fixed.mean(&[(args.arm.as_str(), arm.as_str())], weights).map_err(cannot)?));
    }
    let mut differences = Vec::new();
    if let Some((reference, others)) = arms.split_first() {
        for other in others {
            let first = [(args.arm.as_str(), other.as_str())];
            let second = [(args.arm.as_str(), reference.as_str())];
            let found = fit.fixed.difference(&first, &second, weights).map_err(cannot)?;
            differences.push((format!("{other} - {reference}"), found));
        }
    }
    Ok((means, differences))
}

fn holm(differences: &Named) -> Result<Option<Vec<f64>>, CliError> {
    if differences.len() < 2 {
        return Ok(None);
    }
    let ps: Vec<f64> = differences.iter().map(|(_, one)| one.p).collect();
    adjust(&ps, Adjustment::Holm).map(Some).map_err(out::cannot)
}

/// The test of each number's slope by arm, each in a model of its own.
fn slopes(
    args: &Args,
    values: &Values,
    covariates: &[&str],
    outcome: &[Option<f64>],
    errors: Errors<'_>,
    confidence: stillwater_evidence::estimate::Confidence,
) -> Result<Vec<FTest>, String> {
    let mut found = Vec::new();
    for column in covariates {
        let name = format!("{}:{column}", args.arm);
        let asked = args.interaction.iter().any(|one| one.contains(column));
        if asked || args.coding.is_factor(values, column).map_err(|why| why.to_string())? {
            continue;
        }
        let design =
            design(args, values, covariates, &[vec![name.clone()], args.interaction.clone()].concat(), &mut Vec::new())
                .map_err(|why| why.to_string())?;
        let fit = Linear { design: &design, outcome, errors, confidence }.fit().map_err(|why| why.to_string())?;
        let terms = fit.fixed.type_three().map_err(|why| why.to_string())?;
        found.extend(terms.into_iter().filter(|term| term.name == name));
    }
    Ok(found)
}

/// F tests of terms.
pub(super) fn terms_table(text: &mut Text, heading: &str, terms: &[FTest]) {
    text.heading(heading);
    let rows: Vec<Vec<String>> = terms
        .iter()
        .map(|test| vec![test.name.clone(), number(test.f), number(test.df_top), number(test.df_bottom), p(test.p)])
        .collect();
    text.table(&["", "F", "df", "df of the residual", "p"], &rows);
}
