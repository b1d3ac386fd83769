//! `stillwater stats mmrm`: one outcome at several visits, every visit with a mean of its own.

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::estimate::Missing;
use stillwater_evidence::mixed::{Design, DesignBuilder, Factor, TEstimate, Weights};
use stillwater_evidence::mmrm::{AtVisit, Mmrm, MmrmFit, Structure};

use super::Common;
use super::models::{self, By, Coding, cannot};
use super::order;
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
    /// The visits in order, divided by commas, where their names do not say it
    #[arg(long, value_name = "VISITS")]
    visit_order: Option<String>,
    /// Kenward and Roger's errors, degrees of freedom and F tests in place of Satterthwaite's
    #[arg(long)]
    kenward_roger: bool,
    /// Covariates that work at each visit in their own way
    #[arg(long, value_name = "COLUMNS")]
    by_visit: Option<String>,
    /// Take the outcome as the change from this column
    #[arg(long, value_name = "COLUMN")]
    change_from: Option<String>,
    /// The difference between arms averaged over these visits; may be given again
    #[arg(long, value_name = "VISITS", requires = "arm")]
    average: Vec<String>,
    /// Draw the means by visit into this new file
    #[arg(long, value_name = "FILE")]
    svg: Option<std::path::PathBuf>,
    #[command(flatten)]
    coding: Coding,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    Unstructured,
    Ar1,
    Ar1h,
    Cs,
    Csh,
    Toep,
    Toeph,
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let whole = args.common.values()?;
    let covariates = args.covariate.as_deref().map(names).unwrap_or_default();
    args.coding.check(&whole, &covariates, args.arm.as_deref())?;
    let needed = [args.outcome.as_str(), &args.subject, &args.visit];
    let by_visit_columns = args.by_visit.as_deref().map(names).unwrap_or_default();
    if let Some(stray) = by_visit_columns.iter().find(|column| !covariates.contains(column)) {
        return Err(CliError::Input(format!("--by-visit names {stray:?}, which is not among the covariates")));
    }
    let needed = [&needed[..], args.change_from.as_deref().as_slice()].concat();
    let needed = [&needed[..], args.arm.as_deref().as_slice(), &covariates[..]].concat();
    let (values, left) = whole.complete(&needed)?;
    let mut taken = Vec::new();
    let visits = visits(args, &whole, &values, &mut taken)?;
    let mut builder = DesignBuilder::new(values.len());
    for column in &covariates {
        builder = args.coding.add(builder, &values, column, &mut taken)?;
    }
    if let Some(arm) = &args.arm {
        one_arm_each(&values, &args.subject, arm)?;
        let arms = args.coding.levels(&values, arm, true)?;
        taken.push(models::in_order(&arms));
        if arms.levels().len() == 1 {
            taken.push(format!("{arm} holds one arm only: there is no difference to estimate"));
        }
        builder = builder.factor(arms).map_err(cannot)?;
    }
    builder = builder.factor(visits.clone()).map_err(cannot)?;
    if let Some(arm) = &args.arm {
        builder = builder.interaction(&[arm, &args.visit]).map_err(cannot)?;
    }
    for column in &by_visit_columns {
        builder = builder.interaction(&[column, &args.visit]).map_err(cannot)?;
    }
    let design = builder.build();
    let outcome = match &args.change_from {
        None => values.numbers(&args.outcome)?,
        Some(base) => {
            taken.push(format!("the outcome is {} less {base}", args.outcome));
            let both = values.numbers(&args.outcome)?.into_iter().zip(values.numbers(base)?);
            both.map(|(after, before)| Some(after? - before?)).collect()
        }
    };
    let mut fit = Mmrm {
        design: &design,
        people: &values.words(&args.subject)?,
        visits: &visits,
        outcome: &outcome,
        structure: args.structure.into(),
        likelihood: args.likelihood.into(),
        confidence: args.common.confidence()?,
    }
    .fit()
    .map_err(cannot)?;
    if args.kenward_roger {
        if args.likelihood != By::Reml {
            return Err(CliError::input("--kenward-roger goes with restricted likelihood; leave --likelihood ml out"));
        }
        fit.fixed = fit.fixed.kenward_roger().map_err(cannot)?;
    }
    let rows = Missing { expected: left.rows, answered: left.used };
    let weights = if args.as_observed { Weights::AsObserved } else { Weights::Equal };
    let (means, differences) = by_visit(args, &fit, &design, weights)?;
    let averages = averages(args, &fit, &design, weights, values.len())?;
    if let Some(path) = &args.svg {
        super::draw::write(path, &super::draw::by_visit(&fit.visits, &means, &args.outcome, &args.visit)?)?;
    }
    if args.common.json {
        return out::json(&json!({
            "people": fit.people, "rows": rows, "left_out": left, "columns": taken, "structure": fit.structure, "likelihood": fit.likelihood,
            "deviance": fit.deviance, "log_likelihood": -fit.deviance / 2.0, "aic": fit.aic, "bic": fit.bic,
            "covariance_parameters": fit.covariance_parameters, "visits": fit.visits, "covariance": fit.covariance,
            "fixed": models::fixed_json(&fit.fixed)?, "means": means, "differences": differences, "averages": averages,
            "assumption": fit.assumption,
        }));
    }
    let mut text = Text::default();
    text.line(format!("MMRM by {}, {} people; rows {}.", args.likelihood.words(), fit.people, out::missing(rows)));
    text.how_read(&whole, &left);
    for one in &taken {
        text.line(one);
    }
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
    if !averages.is_empty() {
        models::estimates(&mut text, "Differences averaged over visits", &averages);
    }
    text.print()
}

/// Each arm less the reference, averaged over the visits named.
fn averages(
    args: &Args,
    fit: &MmrmFit,
    design: &Design,
    weights: Weights,
    rows: usize,
) -> Result<Vec<(String, TEstimate)>, CliError> {
    let Some(arm) = &args.arm else { return Ok(Vec::new()) };
    let used: Vec<usize> = (0..rows).collect();
    let arms = design.levels(arm).map_err(cannot)?;
    let Some((reference, others)) = arms.split_first() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for list in &args.average {
        let visits = names(list);
        if let Some(unknown) = visits.iter().find(|visit| !fit.visits.iter().any(|one| one == *visit)) {
            return Err(CliError::Input(format!(
                "--average names {unknown:?}; the visits are {}",
                fit.visits.join(", ")
            )));
        }
        for other in others {
            let mut sum = vec![0.0; design.width()];
            for visit in &visits {
                let at = |level: &str| {
                    design
                        .mean_at(&[(arm.as_str(), level), (args.visit.as_str(), visit)], weights, &used)
                        .map_err(cannot)
                };
                for (sum, (one, base)) in sum.iter_mut().zip(at(other)?.into_iter().zip(at(reference)?)) {
                    *sum += (one - base) / visits.len() as f64;
                }
            }
            let estimate = fit.fixed.contrast(&sum).map_err(cannot)?;
            found.push((format!("{other} - {reference}, mean of {}", visits.join(", ")), estimate));
        }
    }
    Ok(found)
}

/// The visits in order. One that nobody has an outcome at takes no part, and that is said.
fn visits(args: &Args, whole: &Values, used: &Values, taken: &mut Vec<String>) -> Result<Factor, CliError> {
    let named: Vec<String> = whole.groups(&args.visit)?.into_iter().flatten().collect();
    let words = used.words(&args.visit)?;
    let all = order::visits(whole, &args.visit, &named, args.visit_order.as_deref())?;
    let (seen, unseen): (Vec<&str>, Vec<&str>) =
        all.into_iter().partition(|visit| words.iter().any(|word| word == visit));
    taken.push(format!("{}: visits in the order {}", args.visit, seen.join(", ")));
    if !unseen.is_empty() {
        taken.push(format!("nobody has an outcome at {}: left out", unseen.join(", ")));
    }
    Factor::ordered(&args.visit, &words, &seen).map_err(cannot)
}

/// Refuses a person whose rows name two arms.
fn one_arm_each(values: &Values, subject: &str, arm: &str) -> Result<(), CliError> {
    let mut first: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (row, (person, here)) in values.words(subject)?.into_iter().zip(values.words(arm)?).enumerate() {
        match first.get(&person) {
            Some((before, other)) if *other != here => {
                return Err(values.wrong_at(
                    row,
                    arm,
                    format!(
                        "{person} is in arm {here:?} here and in {other:?} on line {}; one person has one arm",
                        values.line(*before)
                    ),
                ));
            }
            Some(_) => {}
            None => {
                first.insert(person, (row, here));
            }
        }
    }
    Ok(())
}

impl From<Shape> for Structure {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Unstructured => Self::Unstructured,
            Shape::Ar1 => Self::AutoRegressive,
            Shape::Ar1h => Self::AutoRegressiveHeterogeneous,
            Shape::Cs => Self::CompoundSymmetry,
            Shape::Csh => Self::CompoundSymmetryHeterogeneous,
            Shape::Toep => Self::Toeplitz,
            Shape::Toeph => Self::ToeplitzHeterogeneous,
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
