//! `stillwater stats mmrm`: one outcome at several visits, every visit with a mean of its own.

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::mixed::{Design, DesignBuilder, TEstimate, Weights};
use stillwater_evidence::mmrm::{AtVisit, Mmrm, MmrmFit, Structure};

use super::Common;
use super::models::{self, By, cannot, factor};
use super::out::{self, Text, number};
use super::values::{Values, names};
use crate::ending::{CliError, CliResult};

/// Mixed model for repeated measures.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of outcomes; an empty cell is a visit without one
    #[arg(long, value_name = "COLUMN")]
    outcome: String,
    /// The column that names the people
    #[arg(long, value_name = "COLUMN")]
    subject: String,
    /// The column of visits
    #[arg(long, value_name = "COLUMN")]
    visit: String,
    /// The column of arms; their interaction with visits is in the model
    #[arg(long, value_name = "COLUMN")]
    arm: Option<String>,
    /// Further columns, numbers or groups
    #[arg(long, value_name = "COLUMNS")]
    covariate: Option<String>,
    /// How the visits of one person hang together
    #[arg(long, value_name = "STRUCTURE", default_value = "unstructured")]
    structure: Shape,
    /// How the likelihood is taken
    #[arg(long, value_name = "HOW", default_value = "reml")]
    likelihood: By,
    /// Let groups count as often as they were observed in the means, in place of all alike
    #[arg(long)]
    as_observed: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    Unstructured,
    Ar1,
    Ar1h,
    Cs,
    Csh,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let values = Values::read(&args.common.file)?;
    let visits = factor(&values, &args.visit)?;
    let mut builder = DesignBuilder::new(values.len());
    for column in args.covariate.as_deref().map(names).unwrap_or_default() {
        builder = models::add(builder, &values, column)?;
    }
    if let Some(arm) = &args.arm {
        builder = builder.factor(factor(&values, arm)?).map_err(cannot)?;
    }
    builder = builder.factor(visits.clone()).map_err(cannot)?;
    if let Some(arm) = &args.arm {
        builder = builder.interaction(&[arm, &args.visit]).map_err(cannot)?;
    }
    let design = builder.build();
    let fit = Mmrm {
        design: &design,
        people: &values.words(&args.subject)?,
        visits: &visits,
        outcome: &values.numbers(&args.outcome)?,
        structure: args.structure.into(),
        likelihood: args.likelihood.into(),
        confidence: args.common.confidence()?,
    }
    .fit()
    .map_err(cannot)?;
    let weights = if args.as_observed { Weights::AsObserved } else { Weights::Equal };
    let (means, differences) = by_visit(args, &fit, &design, weights)?;
    if args.common.json {
        return out::json(&json!({
            "people": fit.people, "rows": fit.missing, "structure": fit.structure, "likelihood": fit.likelihood,
            "deviance": fit.deviance, "log_likelihood": -fit.deviance / 2.0, "aic": fit.aic, "bic": fit.bic,
            "covariance_parameters": fit.covariance_parameters, "visits": fit.visits, "covariance": fit.covariance,
            "fixed": models::fixed_json(&fit.fixed)?, "means": means, "differences": differences,
            "assumption": fit.assumption,
        }));
    }
    let mut text = Text::default();
    text.line(format!(
        "MMRM by {}, {} people; rows {}.",
        args.likelihood.words(),
        fit.people,
        out::missing(fit.missing)
    ));
    text.line(fit.assumption);
    text.line(format!(
        "deviance {}, log likelihood {}, AIC {}, BIC {} ({} covariance parameters)",
        number(fit.deviance),
        number(-fit.deviance / 2.0),
        number(fit.aic),
        number(fit.bic),
        fit.covariance_parameters
    ));
    models::square(&mut text, "Covariance between visits", &fit.visits, &fit.covariance);
    models::fixed(&mut text, &fit.fixed)?;
    models::estimates(&mut text, "Least-squares means", &named(&means));
    if !differences.is_empty() {
        models::estimates(&mut text, "Differences by visit", &named(&differences));
    }
    text.print()
}

impl From<Shape> for Structure {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Unstructured => Self::Unstructured,
            Shape::Ar1 => Self::AutoRegressive,
            Shape::Ar1h => Self::AutoRegressiveHeterogeneous,
            Shape::Cs => Self::CompoundSymmetry,
            Shape::Csh => Self::CompoundSymmetryHeterogeneous,
        }
    }
}

fn named(rows: &[AtVisit]) -> Vec<(String, TEstimate)> {
    rows.iter().map(|at| (format!("{} {}", at.arm, at.visit).trim().to_owned(), at.estimate)).collect()
}

fn by_visit(
    args: &Args,
    fit: &MmrmFit,
    design: &Design,
    weights: Weights,
) -> Result<(Vec<AtVisit>, Vec<AtVisit>), CliError> {
    let Some(arm) = &args.arm else {
        let means = fit
            .visits
            .iter()
            .map(|visit| {
                let estimate = fit.fixed.mean(&[(args.visit.as_str(), visit)], weights).map_err(cannot)?;
                Ok(AtVisit { visit: visit.clone(), arm: String::new(), estimate })
            })
            .collect::<Result<_, CliError>>()?;
        return Ok((means, Vec::new()));
    };
    let arms = design.levels(arm).map_err(cannot)?.to_vec();
    let mut means = Vec::new();
    let mut differences = Vec::new();
    for one in &arms {
        means.extend(fit.means_by_visit(arm, one, weights).map_err(cannot)?);
    }
    if let Some((reference, others)) = arms.split_first() {
        for other in others {
            differences.extend(fit.differences_by_visit(arm, other, reference, weights).map_err(cannot)?);
        }
    }
    Ok((means, differences))
}
