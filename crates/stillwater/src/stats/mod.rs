//! `stillwater stats`: the estimators of the programme pages, at a shell, on a file of values.
//!
//! Each subcommand names its columns by option, prints what R's own print would give with the method and what it assumes, and
//! gives the same as JSON.

mod adjust;
mod ancova;
mod change;
mod compare;
mod cox;
mod crossover;
mod draw;
mod happened;
mod logistic;
mod looks;
mod meta;
mod mixed;
mod mmrm;
mod models;
mod open;
mod order;
mod out;
mod power;
mod rates;
mod sensitivity;
mod shares;
mod size;
mod survival;
mod table;
mod table1;
mod values;

use std::path::PathBuf;

use clap::Subcommand;
use stillwater_evidence::estimate::Confidence;

use crate::ending::{CliError, CliResult};

const AFTER: &str = "\
A file is a table with one line of headings, its columns divided by commas, semicolons, tabs or bars, in UTF-8 or UTF-16; `-` reads
standard input. An empty cell, NA, N/A, NaN, null and . are missing, and so is what --missing names. A row that lacks what is needed is
left out and counted. Decimal commas are read where the file shows that they are. Visits stand by time or as people count, groups too,
with a placebo or control first; the order is printed, and --visit-order and --reference set another.

Examples:
  stillwater stats meta trials.csv --yi g --se se --study trial
  stillwater stats meta counts.csv --events e1,e0 --of n1,n0 --measure rr --method dl
  stillwater stats survival lung.csv --time time --event status --event-value 2 --group sex --cox age,sex
  stillwater stats mmrm fev.csv --outcome FEV1 --subject USUBJID --visit AVISIT --arm ARMCD --covariate RACE,SEX
  stillwater stats mixed growth.csv --outcome distance --subject Subject --fixed age,Sex --interaction age:Sex --slope age
  stillwater stats ancova trial.csv --outcome week8 --arm arm --covariate base,site
  stillwater stats sensitivity trial.csv --visits week1,week2,week4,week8 --arm arm --covariate base --delta 0,3,6
  stillwater stats cox trial.csv --start start --stop stop --event relapse --covariate arm,boosted --strata site --cluster id
  stillwater stats compare trial.csv --outcome week8 --group arm
  stillwater stats shares --counts 10/15,3/15
  stillwater stats size mmrm --difference 8 --sd 15 --correlation 0.6 --staying 1,0.9,0.85,0.8
  stillwater stats crossover feder.csv --first period1 --second period2 --order sequence --treatment-first KM
  stillwater stats power --people 50,50 --effect -8 --baseline 52,11 --visit-spread 9 --visits 7,14,28 --placebo -8 --leaving 0.005
  stillwater stats change pcl5.csv --before base --after week2 --response 30 --reliable 15 --remission 33

Exit codes: 0 estimated; 2 the file, a column or the data cannot be used, with what is wrong; 3 a technical failure.";

/// Which analysis.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Pool trials: fixed, random effects, Hartung-Knapp, heterogeneity, prediction, small-study checks
    Meta(meta::Args),
    /// Mixed model for repeated measures, with least-squares means and differences by visit
    Mmrm(mmrm::Args),
    /// Linear mixed model with random intercept and slopes
    Mixed(mixed::Args),
    /// Kaplan-Meier, log-rank, Cox, competing risks, restricted mean
    Survival(survival::Args),
    /// One outcome in two groups or more, or in the same people twice: Welch, Student, rank tests, Hedges's g
    Compare(compare::Args),
    /// One outcome per person between arms, beside a baseline: analysis of covariance, adjusted means
    Ancova(ancova::Args),
    /// Who had it in two groups: difference (Newcombe), ratios, Fisher, and what the missing could change
    Shares(shares::Args),
    /// Who had it beside several columns: logistic regression, Firth's penalty, estimating equations, standardised shares
    Logistic(logistic::Args),
    /// Who is in each group of a trial, with what is missing and how far the groups lie apart
    Table1(table1::Args),
    /// Events counted over doses, sessions or time, and the ratio of two rates
    Rates(rates::Args),
    /// Several p values as one family: Holm, Hochberg, Benjamini
    Adjust(adjust::Args),
    /// Looks at a trial before it ends: O'Brien and Fleming, Pocock
    Looks(looks::Args),
    /// How many people or events a trial needs, by formula
    Size(size::Args),
    /// Hazard ratios: late entry, columns that change, strata, robust errors, Firth's penalty, Fine and Gray
    Cox(cox::Args),
    /// How far the last visit's answer rests on what is supposed of those who left: jump to reference, shifts, tipping points
    Sensitivity(sensitivity::Args),
    /// Two treatments in the same people in both orders
    Crossover(crossover::Args),
    /// Change, response, reliable change and remission, with who was missing
    Change(change::Args),
    /// How often a trial that is to be would find a difference, on virtual people
    Power(power::Args),
}

/// What every analysis is given.
#[derive(clap::Args)]
pub(super) struct Common {
    /// The file of values, or - for standard input
    file: PathBuf,
    /// Give JSON in place of text
    #[arg(long)]
    json: bool,
    /// How much intervals are meant to cover, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 95.0)]
    level: f64,
    /// A further word or number that means missing, such as -99; may be given again
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// How decimals are written, where the file leaves it open
    #[arg(long, value_name = "HOW")]
    decimal: Option<values::Decimal>,
}

impl Common {
    /// Reads the file.
    fn values(&self) -> Result<values::Values, CliError> {
        Ok(values::Values::read(&self.file)?.told(&self.missing, self.decimal))
    }

    fn confidence(&self) -> Result<Confidence, CliError> {
        Confidence::new(self.level / 100.0)
            .map_err(|_| CliError::Input(format!("--level is {}; it must be above 0 and below 100", self.level)))
    }
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    match &args.what {
        What::Meta(args) => meta::run(args),
        What::Mmrm(args) => mmrm::run(args),
        What::Mixed(args) => mixed::run(args),
        What::Survival(args) => survival::run(args),
        What::Compare(args) => compare::run(args),
        What::Ancova(args) => ancova::run(args),
        What::Shares(args) => shares::run(args),
        What::Logistic(args) => logistic::run(args),
        What::Table1(args) => table1::run(args),
        What::Rates(args) => rates::run(args),
        What::Adjust(args) => adjust::run(args),
        What::Looks(args) => looks::run(args),
        What::Size(args) => size::run(args),
        What::Cox(args) => cox::run(args),
        What::Sensitivity(args) => sensitivity::run(args),
        What::Crossover(args) => crossover::run(args),
        What::Change(args) => change::run(args),
        What::Power(args) => power::run(args),
    }
}
