//! `stillwater stats size`: how many people or events a trial needs, by formula, or what chance a given number has.

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use stillwater_evidence::power::{
    Promise, SampleSize, adjusted_means_power, adjusted_means_size, events_needed, two_means_power, two_means_size,
    two_shares_power, two_shares_size,
};

use super::open::{numbers, two};
use super::out::{self, Text, cannot, number};
use crate::ending::{CliError, CliResult};

/// How many people or events a trial needs.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    of: Of,
}

#[derive(clap::Args)]
struct Wanted {
    /// The two-sided level of the test
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// The chance of finding the effect
    #[arg(long, default_value_t = 0.8)]
    power: f64,
    /// People in each arm: gives the power they have in place of a size
    #[arg(long, value_name = "N")]
    people: Option<f64>,
    /// The share who leave before the answer counts; the size is raised by it
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    leaving: f64,
    /// Give JSON in place of text
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Of {
    /// Two means: a t test
    Means {
        /// The difference, in the unit of the score
        #[arg(long, allow_hyphen_values = true)]
        difference: f64,
        /// The standard deviation in an arm
        #[arg(long)]
        sd: f64,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Two means beside a baseline: analysis of covariance
    Ancova {
        /// The difference, in the unit of the score
        #[arg(long, allow_hyphen_values = true)]
        difference: f64,
        /// The standard deviation in an arm
        #[arg(long)]
        sd: f64,
        /// The correlation of the score before with the score after
        #[arg(long, allow_hyphen_values = true)]
        correlation: f64,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Two shares
    Shares {
        /// The two shares, from 0 to 1
        #[arg(long, value_name = "SHARE,SHARE")]
        shares: String,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Events for a log-rank test (Schoenfeld)
    Events {
        /// The hazard ratio
        #[arg(long)]
        hazard_ratio: f64,
        /// The share of people who are treated
        #[arg(long, default_value_t = 0.5)]
        treated: f64,
        /// The share of people in either arm to whom it happens while they are watched, which gives people from events
        #[arg(long, value_name = "SHARE,SHARE")]
        happens: Option<String>,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// People for a mixed model for repeated measures whose people leave over time, from the covariance between visits
    Mmrm {
        /// The difference at the last visit
        #[arg(long, allow_hyphen_values = true)]
        difference: f64,
        /// The standard deviation at each visit, or one for all
        #[arg(long, value_name = "SD,SD")]
        sd: String,
        /// The correlation of neighbouring visits (ar1) or of any two (cs)
        #[arg(long, allow_hyphen_values = true)]
        correlation: f64,
        /// How it falls between visits further apart
        #[arg(long, value_name = "SHAPE", default_value = "cs")]
        shape: Shape,
        /// The share still there at each visit, the first included; a second list after a slash is the treated arm's
        #[arg(long, value_name = "SHARE,SHARE")]
        staying: String,
        #[command(flatten)]
        wanted: Wanted,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    /// Any two visits correlate alike
    Cs,
    /// The correlation falls by the same factor from visit to visit
    Ar1,
}

/// What came of it: a size, or the power of a given number.
enum Answer {
    Size(SampleSize),
    Power(f64),
}

/// Runs it.
pub(super) fn run(args: &Args) -> CliResult {
    match &args.of {
        Of::Means { difference, sd, wanted } => {
            let effect = difference / above_zero("--sd", *sd)?;
            let answer = wanted
                .answer(|promise| two_means_size(effect, promise), |n| two_means_power(n, effect, wanted.alpha))?;
            wanted.told("people in each arm", answer, &["t test of two means, equal arms, normal scores"])
        }
        Of::Ancova { difference, sd, correlation, wanted } => {
            let effect = difference / above_zero("--sd", *sd)?;
            let answer = wanted.answer(
                |promise| adjusted_means_size(effect, *correlation, promise),
                |n| adjusted_means_power(n, effect, *correlation, wanted.alpha),
            )?;
            wanted.told("people in each arm", answer, &["analysis of covariance: the baseline takes away its squared correlation of the variance, and one degree of freedom (Borm and colleagues 2007)"])
        }
        Of::Shares { shares, wanted } => {
            let (first, second) = two("--shares", shares)?;
            let answer = wanted.answer(
                |promise| two_shares_size(first, second, promise),
                |n| two_shares_power(n, first, second, wanted.alpha),
            )?;
            wanted.told("people in each arm", answer, &["two shares by the normal approximation, equal arms"])
        }
        Of::Events { hazard_ratio, treated, happens, wanted } => {
            events(*hazard_ratio, *treated, happens.as_deref(), wanted)
        }
        Of::Mmrm { difference, sd, correlation, shape, staying, wanted } => {
            mmrm(*difference, sd, *correlation, *shape, staying, wanted)
        }
    }
}

fn above_zero(option: &str, value: f64) -> Result<f64, CliError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(CliError::Input(format!("{option} is {value}; it must be above 0")))
    }
}

type Found<T> = Result<T, stillwater_evidence::estimate::CannotEstimate>;

impl Wanted {
    fn answer(
        &self,
        size: impl Fn(Promise) -> Found<SampleSize>,
        power: impl Fn(f64) -> Found<f64>,
    ) -> Result<Answer, CliError> {
        if !(0.0..1.0).contains(&self.leaving) {
            return Err(CliError::Input(format!("--leaving is {}; it must be from 0 to below 1", self.leaving)));
        }
        match self.people {
            Some(people) => power(people * (1.0 - self.leaving)).map(Answer::Power).map_err(cannot),
            None => size(Promise { alpha: self.alpha, power: self.power }).map(Answer::Size).map_err(cannot),
        }
    }

    fn told(&self, what: &str, answer: Answer, notes: &[&str]) -> CliResult {
        let raised = match &answer {
            Answer::Size(size) => Some((size.exact / (1.0 - self.leaving)).ceil() as u64),
            Answer::Power(_) => None,
        };
        if self.json {
            let (size, power) = match answer {
                Answer::Size(size) => (Some(size), self.power),
                Answer::Power(power) => (None, power),
            };
            return out::json(
                &json!({"what": what, "size": size, "with_leaving": raised, "alpha": self.alpha, "power": power, "notes": notes}),
            );
        }
        let mut text = Text::default();
        match answer {
            Answer::Size(size) => {
                text.line(format!(
                    "{} {what} (exactly {}), for a power of {} at a two-sided level of {}.",
                    size.rounded_up,
                    number(size.exact),
                    number(self.power),
                    number(self.alpha)
                ));
                if self.leaving > 0.0 {
                    text.line(format!("{} where {} of them leave.", raised.unwrap_or(0), number(self.leaving)));
                }
            }
            Answer::Power(power) => {
                text.line(format!("power {} at a two-sided level of {}.", number(power), number(self.alpha)))
            }
        }
        for note in notes {
            text.line(format!("- {note}"));
        }
        text.print()
    }
}

fn events(hazard_ratio: f64, treated: f64, happens: Option<&str>, wanted: &Wanted) -> CliResult {
    if wanted.people.is_some() {
        return Err(CliError::input("--people does not go with events; give --happens to have people from events"));
    }
    let size =
        events_needed(hazard_ratio, treated, Promise { alpha: wanted.alpha, power: wanted.power }).map_err(cannot)?;
    let Some(happens) = happens else {
        return wanted.told("events in both arms together", Answer::Size(size), &["log-rank test (Schoenfeld 1981)"]);
    };
    let (control, treated_share) = two("--happens", happens)?;
    for share in [control, treated_share] {
        if !(share > 0.0 && share <= 1.0) {
            return Err(CliError::Input(format!("--happens holds {share}; a share is above 0 and at most 1")));
        }
    }
    let mean = treated * treated_share + (1.0 - treated) * control;
    let exact = size.exact / mean;
    let people = SampleSize { exact, rounded_up: exact.ceil() as u64 };
    let note = format!("from {} events in both arms together, log-rank test (Schoenfeld 1981)", size.rounded_up);
    wanted.told("people in both arms together", Answer::Size(people), &[&note])
}

fn mmrm(difference: f64, sd: &str, correlation: f64, shape: Shape, staying: &str, wanted: &Wanted) -> CliResult {
    let (control, treated) = staying.split_once('/').unwrap_or((staying, staying));
    let (control, treated) = (numbers("--staying", control)?, numbers("--staying", treated)?);
    let visits = control.len();
    let mut sds = numbers("--sd", sd)?;
    if let [one] = sds.as_slice() {
        sds = vec![*one; visits];
    }
    if sds.len() != visits || treated.len() != visits {
        return Err(CliError::Input(format!(
            "--staying holds {visits} and {} visits and --sd {}; give as many of each",
            treated.len(),
            sds.len()
        )));
    }
    let alike = |apart: usize| match shape {
        _ if apart == 0 => 1.0,
        Shape::Cs => correlation,
        Shape::Ar1 => correlation.powi(i32::try_from(apart).unwrap_or(i32::MAX)),
    };
    let covariance: Vec<Vec<f64>> = sds
        .iter()
        .enumerate()
        .map(|(a, left)| sds.iter().enumerate().map(|(b, right)| left * right * alike(a.abs_diff(b))).collect())
        .collect();
    use stillwater_evidence::power::{RepeatedMeasures, repeated_power, repeated_size};
    let design = RepeatedMeasures { covariance, staying: [control, treated] };
    let answer = wanted.answer(
        |promise| repeated_size(&design, difference, promise),
        |n| repeated_power(&design, difference, n, wanted.alpha),
    )?;
    wanted.told("people in each arm", answer, &[
        "MMRM with a free covariance, the difference at the last visit, people leaving for good at random given what was seen (Lu, Luo and Chen 2008)",
        "for leaving that depends on what was not seen, see stats power --leaving-unseen",
    ])
}
