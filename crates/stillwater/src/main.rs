//! The command line of Stillwater: one file for each subcommand, and nothing here that another program could not ask for.

mod backup;
mod data;
mod demo;
mod docs;
mod ending;
mod export;
mod import;
mod input;
mod page;
mod progress;
mod replay;
mod report;
mod restore;
mod rules;
mod score;
mod screen;
mod serve;
mod simulate;
mod stats;
mod study;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  done, nothing found
  1  done, and something was found: a blocking finding, a difference, a record that was changed
  2  wrong use or wrong input: an unknown name, a malformed file, a folder that is not there
  3  a technical failure: disk, memory, network

Examples:
  stillwater demo
  stillwater screen referral.json
  stillwater score phq-9 < answers.json
  stillwater serve --data /srv/stillwater
  stillwater verify --data /srv/stillwater";

/// Runs ketamine-assisted treatment of post-traumatic stress disorder, from referral to measured relief.
#[derive(Parser)]
#[command(name = "stillwater", version, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one value, read once from the command line")]
enum Command {
    /// Open a living demo clinic of synthetic people
    Demo(demo::command::DemoArgs),
    /// Serve the clinic's pages (real use; no invented people)
    Serve(serve::Args),
    /// Score a questionnaire: answers as JSON in, scores as JSON out
    Score(score::Args),
    /// Judge FHIR records by the eligibility rules, without a server
    Screen(screen::Args),
    /// Take FHIR records into the clinic as referrals
    Import(import::Args),
    /// Write one person's whole record, or a de-identified set for research
    Export(export::Args),
    /// Write one printable page of what everybody's courses add up to
    Report(report::Args),
    /// Check that the record is as it was written
    Verify(verify::Args),
    /// Judge past gates and alerts again by other rules
    Replay(replay::Args),
    /// Copy the database while it is in use
    Backup(backup::Args),
    /// Put a backup into a new folder
    Restore(restore::Args),
    /// Print the rule book
    Rules(rules::Args),
    /// Tell what the model of the drug expects: levels and pressure over time
    Simulate(simulate::Args),
    /// Estimate from a file of values: meta-analysis, mixed models, survival, crossover, change
    Stats(stats::Args),
    /// Print a generated document
    #[command(hide = true)]
    Docs(docs::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => demo::command::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Screen(args) => screen::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Docs(args) => docs::run(&args),
    };
    ending::end(done)
}
