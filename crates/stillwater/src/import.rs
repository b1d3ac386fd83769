//! `stillwater import`: takes FHIR records into the clinic, each person as a referral with the record that came with it.

use std::path::PathBuf;

use jiff::Timestamp;
use stillwater_clinic::import::{Import, LeftOut, TakenOver};
use stillwater_clinic::random;
use stillwater_fhir::medicines;
use stillwater_words::Words;

use crate::data::{self, Folder};
use crate::ending::{CliError, CliResult, Ended, print_line, said, warn};
use crate::input;
use crate::progress::Progress;

const AFTER: &str = "\
Each person is written whole or not at all. A later record of somebody who is here already, by name and date of birth,
brings what is new in it into their chart, to be confirmed. Whoever is recorded as deceased, and a record that was merged
away or is not active, is left out and named. What was not understood is kept in the chart, where staff see it.

Example:
  stillwater import referrals.ndjson --data /srv/stillwater

Exit codes: 0 all imported; 1 somebody was left out; 2 a bundle could not be read (the others are imported); 3 the
database could not be written.";

/// What to import.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// FHIR bundles, JSON or NDJSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    folder: Folder,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    for file in args.files.iter().filter(|file| file.as_os_str() != "-") {
        if !file.is_file() {
            return Err(CliError::Input(format!("there is no file {}", file.display())));
        }
    }
    data::existing(&args.folder.path)?;
    let now = Timestamp::now();
    let charts = data::charts(&args.folder.path, now)?;
    let id =
        random::uuid_v7(now.as_millisecond()).map_err(|_| CliError::failure("the system has no randomness to give"))?;
    let mut import = Import::begin(&charts, data::importer(), id);
    let mut progress = Progress::new("Importing, people");
    let (mut imported, mut left_out, mut unreadable) = (0_u64, 0_u64, 0_u64);
    input::people(&args.files, now, |read, _| {
        progress.at(imported + left_out, 0);
        let person = match read {
            Ok(person) => person,
            Err(why) => {
                unreadable += 1;
                warn(format_args!("stillwater: {why}"));
                return Ok(());
            }
        };
        let who = format!("{}, born {}", person.demographics.name, person.demographics.born());
        let source = person.record.source.clone();
        let classes = medicines::by_class(&person.record.medicines);
        let classes: Vec<String> =
            classes.into_iter().map(|(class, number)| format!("{number} {}", Words::english().term(class))).collect();
        let classes = if classes.is_empty() { String::new() } else { format!(" ({})", classes.join(", ")) };
        let counts = (person.record.facts.len(), person.record.medicines.len(), person.record.measurements.len());
        let not_understood = person.record.not_understood.len();
        let why = match import.take_over(person, now).map_err(CliError::failure)? {
            Ok(taken) => {
                imported += 1;
                let (done, patient) = match taken {
                    TakenOver::New(patient) => ("imported ", patient),
                    TakenOver::Merged(patient) => ("merged   ", patient),
                };
                return print_line(format_args!(
                    "{done} {who} as {patient} ({source}): {} facts, {} medicines{classes}, {} measurements; {not_understood} not taken over, listed in the chart",
                    counts.0, counts.1, counts.2
                ));
            }
            Err(LeftOut::AlreadyHere(there)) => format!("already here as {there}"),
            Err(LeftOut::MayBeHere(there)) => {
                format!("may be the person of {there}, by name and year of birth: enter the whole date of birth first")
            }
            Err(LeftOut::Deceased) => "recorded as deceased".to_owned(),
            Err(LeftOut::ReplacedBy(by)) => format!("this record was merged away, and is replaced by {by}"),
            Err(LeftOut::Inactive) => "this record is marked as not active".to_owned(),
            Err(LeftOut::Refused(refusal)) => said(&refusal),
        };
        left_out += 1;
        print_line(format_args!("left out  {who} ({source}): {why}"))
    })?;
    progress.end();
    print_line(format_args!("{imported} imported, {left_out} left out, {unreadable} bundles could not be read"))?;
    Ok(match (left_out, unreadable) {
        (0, 0) => Ended::Clean,
        (_, 0) => Ended::Found,
        _ => Ended::BadInput,
    })
}
