//! `stillwater replay`: which past gates and alerts would have been different under a protocol, or under this build's rules.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use stillwater_care::protocol::{Protocol, Protocols};
use stillwater_care::replay::{Difference, What, in_place_of, replay, uses};
use stillwater_words::{Words, alerts, findings};

use crate::data;
use crate::ending::{CliError, CliResult, Ended, print_line};

const AFTER: &str = "\
Each gate that somebody passed is judged again on what was known at that minute, and each entry is watched again. Nothing
is recorded. What people did stays as it was: a dose that would have been held is still there for what came after it.
Without --protocol, the past is judged by the rules and protocols of this build: run it after an update, before the
clinic opens. With it, the file stands in the place of the protocol with the same id in every course that was planned by it.

Examples:
  stillwater replay /srv/stillwater
  stillwater replay --protocol our-home-protocol.toml /srv/stillwater

Exit codes: 0 nothing would have been different; 1 something would; 2 no such folder, or the protocol cannot be read;
3 the charts could not be read.";

/// What to replay.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The protocol to judge by, a protocol/2 file
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    /// The folder of the installation
    #[arg(value_name = "FOLDER", env = "STILLWATER_DATA", default_value = "stillwater-data")]
    folder: PathBuf,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    data::existing(&args.folder)?;
    let candidate = args.protocol.as_ref().map(read).transpose()?;
    let known = Protocols::built_in();
    if let Some(candidate) = candidate.as_ref().filter(|one| known.newest(&one.id).is_none()) {
        let ids: Vec<&str> = known.offered().map(|one| one.id.as_str()).collect();
        return Err(CliError::Input(format!(
            "no course was planned by a protocol called {:?}; its id has to be that of the one it is to replace: {}",
            candidate.id,
            ids.join(", ")
        )));
    }
    let placed = candidate.as_ref().map(|one| in_place_of(known, one));
    let protocols = placed.as_ref().unwrap_or(known);
    let charts = data::charts(&args.folder, Timestamp::now())?;
    let words = Words::english();
    let (mut people, mut gates, mut alerts_raised, mut different) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut by_kind: BTreeMap<String, usize> = BTreeMap::new();
    for summary in charts.summaries() {
        let Some(open) = charts.load_blocking(summary.patient).map_err(CliError::failure)? else { continue };
        if candidate.as_ref().is_some_and(|one| !uses(&open.chart, &one.id)) {
            continue;
        }
        let found = replay(summary.patient, &open.log, protocols);
        people += 1;
        gates += found.gates;
        alerts_raised += found.alerts;
        different += found.differences.len();
        if !found.differences.is_empty() {
            print_line(format_args!("{}", summary.patient))?;
        }
        for difference in &found.differences {
            let (kind, said) = told(words, difference);
            *by_kind.entry(kind).or_default() += 1;
            let at = difference.at.strftime("%Y-%m-%d %H:%M");
            let session = difference.session.map(|number| format!(", session {number}")).unwrap_or_default();
            print_line(format_args!("  {at}{session}: {said}"))?;
        }
    }
    print_line(format_args!(
        "{people} people, {gates} gates passed, {alerts_raised} alerts: {different} would have been different."
    ))?;
    for (kind, n) in by_kind {
        print_line(format_args!("  {n:>5}  {kind}"))?;
    }
    Ok(if different == 0 { Ended::Clean } else { Ended::Found })
}

fn read(path: &PathBuf) -> Result<Protocol, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::Input(format!("{} cannot be read: {error}", path.display())))?;
    Protocol::read(&path.display().to_string(), &text).map_err(CliError::input)
}

/// A difference as its kind, for the count, and as a sentence.
fn told(words: &Words, difference: &Difference) -> (String, String) {
    match &difference.what {
        What::Held { gate, by } => {
            let gate = words.term(*gate);
            let rules: Vec<&str> = by.iter().map(|finding| finding.rule.as_str()).collect();
            let why: Vec<String> =
                by.iter().map(|finding| format!("{} ({})", finding.rule, findings::measured(words, finding))).collect();
            (
                format!("gate {gate} held by {}", rules.join(", ")),
                format!("{gate} would have been held: {}", why.join("; ")),
            )
        }
        What::Raised { urgency, about } => {
            let said = format!("{}, {}", words.term(*urgency), alerts::what(words, about));
            (format!("alert raised: {}", about.code()), format!("an alert would have been raised: {said}"))
        }
        What::NotRaised { urgency, about } => {
            let said = format!("{}, {}", words.term(*urgency), alerts::what(words, about));
            (format!("alert not raised: {}", about.code()), format!("no alert would have been raised: {said}"))
        }
        What::Missed { check, due_at } => {
            let (check, due) = (words.term(*check), due_at.strftime("%H:%M"));
            (format!("missed: {check}"), format!("{check}, due {due} UTC, would have counted as missed"))
        }
    }
}
