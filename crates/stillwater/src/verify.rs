//! `stillwater verify`: is every event still what was recorded, and in its place?

use std::path::{Path, PathBuf};
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_clinic::charts::{RowWrong, check_rows};
use stillwater_clinic::clock::{Clock as _, RealClock};
use stillwater_digest::to_hex;

use stillwater_store::{DATABASE_FILE, KEY_FILE, OpenError, Options, Store, VerifyError, VerifyReport, verify_file};

use crate::data;
use crate::ending::{CliError, CliResult, Ended, print_line};
use crate::progress::Progress;

const AFTER: &str = "\
Every hash is recomputed without a key. Where the installation's key lies in the folder and nobody else has it open,
every sealed payload is opened too, and the index is compared with the charts: when each is looked at next, and its alerts. Note the printed head somewhere else: only by comparing it can you tell that an
older copy of the whole file was put back.

Examples:
  stillwater verify --data /srv/stillwater
  stillwater verify --data backup-2026-11-23.db

Exit codes: 0 everything is as it was recorded; 1 something was changed, removed or moved, or the file is damaged;
2 there is no such folder or file, or it is not a Stillwater database; 3 it could not be read.";

/// What to check.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The folder of the installation, or one database file such as a backup
    #[arg(long, value_name = "FOLDER|FILE", env = "STILLWATER_DATA", default_value = "stillwater-data")]
    data: PathBuf,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    let folder = args.data.is_dir();
    let file = if folder { args.data.join(DATABASE_FILE) } else { args.data.clone() };
    if folder {
        data::existing(&args.data)?;
    }
    let mut progress = Progress::new("Checking events");
    let checked = verify_file(&file, &mut |p| progress.at(p.done, p.total));
    progress.end();
    let mut report = match checked {
        Ok(report) => report,
        Err(error @ VerifyError::Damaged { .. }) => {
            print_line(format_args!("NOT SOUND: {error}"))?;
            return Ok(Ended::Found);
        }
        Err(error @ (VerifyError::NoFile { .. } | VerifyError::Unknown { .. })) => return Err(CliError::input(error)),
        Err(error @ VerifyError::Failure(_)) => return Err(CliError::failure(error)),
    };
    let mut rows = Vec::new();
    let mut note = "without a key: contents were not opened";
    if folder && report.is_sound() && args.data.join(KEY_FILE).is_file() {
        match with_key(&args.data)? {
            Some((deeper, wrong)) => {
                report = deeper;
                rows = wrong;
                note = "with the key: every payload was opened";
            }
            None => note = "without the key, because the folder is in use: contents were not opened",
        }
    }
    print_line(format_args!(
        "{}: {} events in {} charts ({} erased), checked {note}",
        file.display(),
        report.events,
        report.streams,
        report.erased
    ))?;
    let hash = to_hex(&report.head.hash);
    print_line(format_args!("Head: {} {hash}", report.head.gid))?;
    if report.clock_steps_back > 0 {
        print_line(format_args!(
            "The server's clock was set back {} times; that is no tampering.",
            report.clock_steps_back
        ))?;
    }
    for problem in &report.problems {
        print_line(format_args!("NOT SOUND: {problem}"))?;
    }
    for (patient, wrong) in &rows {
        print_line(format_args!("NOT SOUND: the chart {patient} {wrong}"))?;
    }
    if report.is_sound() && !rows.is_empty() {
        print_line(
            "The events are sound; the index is not, and the ticker works by it. `stillwater serve` puts it right from the charts when it starts. Find out who could write here.",
        )?;
        return Ok(Ended::Found);
    }
    if report.is_sound() {
        print_line("Sound: every event is as it was recorded.")?;
        return Ok(Ended::Clean);
    }
    print_line(format_args!(
        "{} problems. Keep this file as it is, restore a sound backup into another folder (`stillwater restore`), and find out who could write here.",
        report.problems.len()
    ))?;
    Ok(Ended::Found)
}

/// What the log says, and the index rows that do not say what their charts do.
type WithKey = (VerifyReport, Vec<(PatientId, RowWrong)>);

/// The deeper check; `None` while somebody else has the folder open.
fn with_key(folder: &Path) -> Result<Option<WithKey>, CliError> {
    let store = match Store::open(folder, Options { check_on_open: false, ..Options::default() }) {
        Ok(store) => store,
        Err(OpenError::Locked { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut progress = Progress::new("Opening payloads");
    let report = store.verify(&mut |p| progress.at(p.done, p.total)).map_err(CliError::failure)?;
    // What is due is worked out from the charts: an index that says otherwise would leave somebody unwatched.
    let rows = if report.is_sound() {
        check_rows(&store, Protocols::built_in(), RealClock.now()).map_err(CliError::failure)?
    } else {
        Vec::new()
    };
    Ok(Some((report, rows)))
}
