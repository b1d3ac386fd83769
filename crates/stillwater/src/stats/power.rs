//! `stillwater stats power`: how often a trial that is to be would find a difference. Every number is the asker's; what is taken for
//! granted is printed beside what comes of it.

use std::sync::Mutex;

use clap::ValueEnum;
use serde_json::json;
use stillwater_evidence::simulate::{
    Analysis, Arm, Design, LeavingByScore, People, Rate, VirtualPerson, power, power_of,
};
use stillwater_pharmacology::units::{Mg, Minutes};
use stillwater_pharmacology::{Dose, Person, Plan, Product, Route, relative_exposures};

use super::out::{self, Text, cannot, interval, number};
use super::values::names;
use crate::ending::{CliError, CliResult};
use crate::progress::Progress;

/// How many virtual people an exposure is drawn for.
const DRAWN: usize = 2_000;

/// How often a trial that is to be would find a difference.
#[derive(clap::Args)]
pub(super) struct Args {
    /// People in the control arm and in the treated arm
    #[arg(long, value_name = "N,N")]
    people: String,
    /// The further change in score that the treatment brings in the end; below 0 is better where higher is worse
    #[arg(long, allow_hyphen_values = true, value_name = "POINTS")]
    effect: f64,
    /// The time by which half of it is there
    #[arg(long, default_value_t = 0.0, value_name = "TIME")]
    effect_half_time: f64,
    /// Where people begin: mean and standard deviation between people
    #[arg(long, value_name = "MEAN,SD")]
    baseline: String,
    /// How much one score lies about a person's own level, as a standard deviation
    #[arg(long, value_name = "POINTS")]
    visit_spread: f64,
    /// The change that everybody shows in the end, treated or not
    #[arg(long, allow_hyphen_values = true, default_value_t = 0.0, value_name = "POINTS")]
    placebo: f64,
    /// The time by which half of that is there
    #[arg(long, default_value_t = 0.0, value_name = "TIME")]
    placebo_half_time: f64,
    /// Times of the visits; the last one is tested
    #[arg(long, value_name = "TIMES")]
    visits: String,
    /// The chance of leaving per unit of time
    #[arg(long, default_value_t = 0.0, value_name = "RATE")]
    leaving: f64,
    /// How differently the treatment works in people, as a standard deviation of a factor about 1
    #[arg(long, default_value_t = 0.0, value_name = "SD", conflicts_with = "exposure")]
    sensitivity_spread: f64,
    /// Let it work in proportion to how much of a dose each virtual person sees: iv, im, in, sl or po, and milligrams
    #[arg(long, value_name = "ROUTE:MG")]
    exposure: Option<String>,
    /// Where the scale ends
    #[arg(long, value_name = "LEAST,MOST")]
    scale: Option<String>,
    /// How many trials
    #[arg(long, default_value_t = 2_000)]
    trials: usize,
    /// The level of the test
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// The same seed gives the same trials, on any number of threads
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How the last visit is compared
    #[arg(long, value_name = "HOW", default_value = "t-test")]
    analysis: How,
    /// By how much leaving goes with the score last seen: the logarithm of the rate's ratio for 10 points more (missing at random)
    #[arg(long, allow_hyphen_values = true, default_value_t = 0.0, value_name = "LOG RATIO")]
    leaving_seen: f64,
    /// The same for the score that would have been seen next (missing not at random)
    #[arg(long, allow_hyphen_values = true, default_value_t = 0.0, value_name = "LOG RATIO")]
    leaving_unseen: f64,
    /// Give JSON in place of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum How {
    /// Student's t test among those who stayed
    TTest,
    /// Analysis of covariance with the score before
    Ancova,
    /// A mixed model for repeated measures
    Mmrm,
}

impl Args {
    fn analysis(&self) -> Analysis {
        match self.analysis {
            How::TTest => Analysis::TTest,
            How::Ancova => Analysis::Ancova,
            How::Mmrm => Analysis::Mmrm,
        }
    }

    fn by(&self) -> LeavingByScore {
        LeavingByScore { seen: self.leaving_seen, unseen: self.leaving_unseen }
    }

    /// Runs the trials; the plain t test where leaving goes with no score draws as it always did.
    fn rate(&self, design: &Design) -> Result<Rate, CliError> {
        if self.analysis == How::TTest && self.by() == LeavingByScore::default() {
            return power(design, self.trials, self.alpha, self.seed).map_err(cannot);
        }
        let progress = Mutex::new(Progress::new("trials"));
        let watch = |done: u64, of: u64| {
            if let Ok(mut progress) = progress.lock() {
                progress.at(done, of);
            }
        };
        power_of(design, self.by(), self.analysis(), (self.trials, self.alpha, self.seed), &watch).map_err(cannot)
    }
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    let design = design(args)?;
    let found = args.rate(&design)?;
    let mut assumptions = design.assumptions();
    if args.by() != LeavingByScore::default() {
        // Leaving is by scores, and not whatever they are.
        assumptions.retain(|one| !one.contains("missing completely at random"));
        assumptions.push(format!(
            "People leave at a rate of {} per unit of time at the mean score before; 10 points more multiply it by {} where they were seen (missing at random) and by {} where they were not (missing not at random).",
            args.leaving,
            number(args.leaving_seen.exp()),
            number(args.leaving_unseen.exp())
        ));
    }
    if let Some(exposure) = &args.exposure {
        assumptions.push(format!(
            "The effect is in proportion to a person's exposure to {exposure} mg, from the model of the drug: a hypothesis, since nothing shows that more works better."
        ));
    }
    if args.json {
        return out::json(
            &json!({ "power": found, "analysis": args.analysis(), "leaving_by_score": args.by(), "alpha": args.alpha, "seed": args.seed, "assumptions": assumptions }),
        );
    }
    let mut text = Text::default();
    text.line(format!(
        "{} of {} trials find a difference at the last visit: power {} ({}).",
        found.found,
        found.trials,
        number(found.share),
        interval(found.interval)
    ));
    let how = match args.analysis {
        How::TTest => "Student's t test, two-sided, among those who stayed",
        How::Ancova => "Analysis of covariance with the score before, two-sided, among those who stayed",
        How::Mmrm => {
            "Mixed model for repeated measures, free covariances, arm and score before working at each visit, two-sided"
        }
    };
    text.line(format!("{how}; a trial that cannot be analysed has found nothing."));
    if found.not_analysed > 0 {
        text.line(format!("{} could not be analysed.", found.not_analysed));
    }
    text.line(format!(
        "mean difference at the last visit, treated less control: {}",
        out::maybe(found.mean_difference)
    ));
    if args.leaving_unseen != 0.0 {
        text.line("Where leaving goes with what was not seen, this difference is not the one that was put in, and the share above is no power for it.");
    }
    text.heading("Taken for granted");
    for one in &assumptions {
        text.line(format!("- {one}"));
    }
    text.print()
}

fn numbers(option: &str, list: &str) -> Result<Vec<f64>, CliError> {
    let read =
        |one: &str| one.parse().map_err(|_| CliError::Input(format!("{option} holds {one:?}, which is not a number")));
    names(list).into_iter().map(read).collect()
}

fn two(option: &str, list: &str) -> Result<(f64, f64), CliError> {
    match numbers(option, list)?.as_slice() {
        [first, second] => Ok((*first, *second)),
        _ => Err(CliError::Input(format!("{option} is {list:?}; give two numbers divided by a comma"))),
    }
}

fn design(args: &Args) -> Result<Design, CliError> {
    let (mean, spread) = two("--baseline", &args.baseline)?;
    let (control, treated) = two("--people", &args.people)?;
    let count = |n: f64| {
        if n.fract() == 0.0 && (2.0..=1e6).contains(&n) {
            Ok(n as usize)
        } else {
            Err(CliError::Input(format!("--people holds {n}; give whole numbers from 2 to 1000000")))
        }
    };
    let people = match &args.exposure {
        Some(written) => People::Given(exposed(written, mean, spread, args.seed)?),
        None => People::Sampled { mean, spread, sensitivity_spread: args.sensitivity_spread },
    };
    let arm = |name: &str, people, effect, half_time| Arm { name: name.to_owned(), people, effect, half_time };
    Ok(Design {
        people,
        arms: vec![
            arm("control", count(control)?, 0.0, 0.0),
            arm("treated", count(treated)?, args.effect, args.effect_half_time),
        ],
        visits: numbers("--visits", &args.visits)?,
        placebo_change: args.placebo,
        placebo_half_time: args.placebo_half_time,
        visit_spread: args.visit_spread,
        leaving_rate: args.leaving,
        scale: args.scale.as_deref().map(|list| two("--scale", list)).transpose()?,
    })
}

/// Virtual people whose sensitivity is their exposure. Their levels lie at even shares of a normal distribution, dealt out by
/// number, so that exposure and level have nothing to do with each other.
fn exposed(written: &str, mean: f64, spread: f64, seed: u64) -> Result<Vec<VirtualPerson>, CliError> {
    let wrong = || CliError::Input(format!("--exposure is {written:?}; write iv:35, im:35, in:50, sl:100 or po:100"));
    let (route, mg) = written.split_once(':').ok_or_else(wrong)?;
    let mg = Mg::new(mg.parse().map_err(|_| wrong())?);
    let zero = Minutes::new(0.0);
    let at_once = |route| Dose::at_once(Product::Racemate, route, zero, mg);
    let dose = match route {
        "iv" => Dose::infusion(Product::Racemate, zero, mg, Minutes::new(40.0)),
        "im" => at_once(Route::Intramuscular),
        "in" => at_once(Route::Intranasal),
        "sl" => at_once(Route::Sublingual),
        "po" => at_once(Route::Oral),
        _ => return Err(wrong()),
    }
    .map_err(CliError::input)?;
    let exposures = relative_exposures(&Plan::single(dose), Person::TYPICAL, DRAWN, seed)
        .map_err(CliError::input)?
        .read()
        .0
        .clone();
    let n = exposures.len();
    Ok(exposures
        .into_iter()
        .enumerate()
        .map(|(place, sensitivity)| {
            // A step that shares no factor with the number of people visits every share once.
            let share = ((place * 773) % n) as f64 + 0.5;
            let level = mean + spread * stillwater_evidence::distribution::normal_quantile(share / n as f64);
            VirtualPerson { level, sensitivity }
        })
        .collect())
}
