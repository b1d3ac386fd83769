//! `stillwater simulate`: what the model of the drug expects, for somebody at a shell. A model, and no advice on dosing.

mod args;
mod output;
mod run;
mod scenarios;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use args::{Format, ProductName, RouteName, SimulationRequest};
use run::SimulationRun;

use crate::ending::{CliError, CliResult, Ended, print_text};
use crate::progress::Progress;

const AFTER: &str = "\
A model, not a measurement, and no advice on dosing. Levels of one person differ from the typical by a factor of about two.
Every value stands beside its standing: established, calculated, or hypothesis. The early
peak, after a bolus and in the first half hour, is underestimated by about 40 % even where a level is established. The model holds until 8 h after the last dose.

Examples:
  stillwater simulate --route intravenous --dose 35/40
  stillwater simulate --route sublingual --dose 100 --dose 50@30 --weight 82 --age 56 --people 2000
  stillwater simulate --product esketamine --route intranasal --dose 84 --format json
  stillwater simulate --route intramuscular --dose 35 --people 500 --format svg > curve.svg
  stillwater simulate --scenarios scenarios.toml --out curves

A file of scenarios has a table for each, named by the file that it becomes:
  [infusion-70kg]
  route = \"intravenous\"
  doses = [\"35/40\"]
  format = \"svg\"

Exit codes: 0 done; 2 a dose, person or time that the model does not take; 3 the output cannot be written.";

/// What was given to whom, and what to tell.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Which ketamine
    #[arg(long, value_enum, default_value_t = ProductName::Racemate)]
    product: ProductName,
    /// Which way in
    #[arg(long, value_enum, required_unless_present = "scenarios")]
    route: Option<RouteName>,
    /// MG, MG@START or MG@START/LASTING in minutes; MG/LASTING is an infusion from the start. May be given again
    #[arg(long = "dose", required_unless_present = "scenarios", value_name = "MG[@START][/LASTING]")]
    doses: Vec<String>,
    /// Body weight, kg
    #[arg(long, default_value_t = args::seventy())]
    weight: f64,
    /// Age, years
    #[arg(long, default_value_t = args::forty())]
    age: f64,
    /// Hypertension has been diagnosed
    #[arg(long)]
    hypertension: bool,
    /// The last minute
    #[arg(long, default_value_t = args::four_hours())]
    until: f64,
    /// Minutes between two rows
    #[arg(long, default_value_t = args::ten())]
    every: f64,
    /// Virtual people behind the percentiles
    #[arg(long, default_value_t = args::thousand())]
    people: usize,
    /// The same seed draws the same people
    #[arg(long, default_value_t = args::one())]
    seed: u64,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Many simulations in one go, from a file
    #[arg(long, value_name = "FILE", requires = "out", conflicts_with_all = ["route", "doses"])]
    scenarios: Option<PathBuf>,
    /// The folder that they are written into, one file each
    #[arg(long, value_name = "FOLDER", requires = "scenarios")]
    out: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    if let (Some(file), Some(folder)) = (&args.scenarios, &args.out) {
        return scenarios::run(file, folder);
    }
    let Some(route) = args.route else { return Err(CliError::Input("--route is needed".to_owned())) };
    let ask = SimulationRequest {
        product: args.product,
        route,
        doses: args.doses.clone(),
        weight: args.weight,
        age: args.age,
        hypertension: args.hypertension,
        until: args.until,
        every: args.every,
        people: args.people,
        seed: args.seed,
        format: args.format,
    };
    print_text(&watched(&ask)?.told(&ask)?)?;
    Ok(Ended::Clean)
}

/// Runs a simulation and says, once it takes long, for how many seconds it has been drawing people.
fn watched(ask: &SimulationRequest) -> Result<SimulationRun, CliError> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut progress = Progress::new("drawing virtual people, tenths of a second so far");
            let mut tenths = 0;
            while !done.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(100));
                tenths += 1;
                progress.at(tenths, 0);
            }
        });
        let ran = SimulationRun::of(ask);
        done.store(true, Ordering::Relaxed);
        ran
    })
}
