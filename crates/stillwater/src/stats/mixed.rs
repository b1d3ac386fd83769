//! `stillwater stats mixed`: people who differ in where they begin and how fast they change.

use serde_json::json;
use stillwater_evidence::estimate::Missing;
use stillwater_evidence::mixed::{DesignBuilder, Mixed, RandomEffects};

use super::Common;
use super::models::{self, By, Coding, cannot};
use super::out::{self, Text, number};
use super::values::names;
use crate::ending::CliResult;

/// Linear mixed model.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,
    /// The column of outcomes
    #[arg(long, value_name = "COLUMN")]
    outcome: String,
    /// The column that names the people
    #[arg(long, value_name = "COLUMN")]
    subject: String,
    /// Columns with one effect for all, numbers or groups
    #[arg(long, value_name = "COLUMNS")]
    fixed: Option<String>,
    /// An interaction of such columns; may be given again
    #[arg(long, value_name = "A:B")]
    interaction: Vec<String>,
    /// Columns whose slope differs between people, beside where they begin
    #[arg(long, value_name = "COLUMNS")]
    slope: Option<String>,
    /// How the likelihood is taken
    #[arg(long, value_name = "HOW", default_value = "reml")]
    likelihood: By,
    #[command(flatten)]
    coding: Coding,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let fixed = args.fixed.as_deref().map(names).unwrap_or_default();
    let slopes = args.slope.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &fixed, None)?;
    let (values, left) =
        whole.complete(&[&[args.outcome.as_str(), &args.subject], &fixed[..], &slopes[..]].concat())?;
    let mut taken = Vec::new();
    let mut builder = DesignBuilder::new(values.len());
    for column in &fixed {
        builder = args.coding.add(builder, &values, column, &mut taken)?;
    }
    for interaction in &args.interaction {
        let parts: Vec<&str> = interaction.split(':').map(str::trim).collect();
        builder = builder.interaction(&parts).map_err(cannot)?;
    }
    let design = builder.build();
    let mut random = RandomEffects::intercept(values.len());
    for column in slopes {
        random = random.and_slope(column, &values.whole(column)?);
    }
    let fit = Mixed {
        design: &design,
        people: &values.words(&args.subject)?,
        outcome: &values.numbers(&args.outcome)?,
        random: &random,
        likelihood: args.likelihood.into(),
        confidence: args.common.confidence()?,
    }
    .fit()
    .map_err(cannot)?;
    let rows = Missing { expected: left.rows, answered: left.used };
    if args.common.json {
        return out::json(&json!({
            "people": fit.people, "rows": rows, "left_out": left, "columns": taken, "deviance": fit.deviance, "log_likelihood": -fit.deviance / 2.0,
            "aic": fit.aic, "bic": fit.bic, "random": fit.random_names, "random_covariance": fit.random_covariance,
            "residual_variance": fit.residual_variance, "singular": fit.singular,
            "fixed": models::fixed_json(&fit.fixed)?, "assumption": fit.assumption,
        }));
    }
    let mut text = Text::default();
    text.line(format!(
        "Linear mixed model by {}, {} people; rows {}.",
        args.likelihood.words(),
        fit.people,
        out::missing(rows)
    ));
    text.how_read(&whole, &left);
    for one in &taken {
        text.line(one);
    }
    text.line(fit.assumption);
    text.line(format!(
        "deviance {}, log likelihood {}, AIC {}, BIC {}",
        number(fit.deviance),
        number(-fit.deviance / 2.0),
        number(fit.aic),
        number(fit.bic)
    ));
    if fit.singular {
        text.line("The spread between people is at the edge of what can be told from noise: read the random effects with care.");
    }
    models::square(&mut text, "Covariance between people", &fit.random_names, &fit.random_covariance);
    text.line(format!(
        "residual variance {} (SD {})",
        number(fit.residual_variance),
        number(fit.residual_variance.sqrt())
    ));
    models::fixed(&mut text, &fit.fixed)?;
    text.print()
}
