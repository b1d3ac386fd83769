//! `stillwater restore`: puts a backup into a new or empty folder, after checking it.

use std::path::PathBuf;

use stillwater_store::{RestoreError, VerifyError, restore};

use crate::ending::{CliError, CliResult, Ended, print_line, warn};

const AFTER: &str = "\
Nothing that exists is overwritten: restore into a new folder, then start the server on that one.

Example:
  stillwater restore --from /backup/stillwater-2026-11-23.db --key /safe/installation.key --data /srv/stillwater-new

Exit codes: 0 restored; 1 the backup did not pass its checks; 2 no such file, or the folder is not empty, or the key is
not this backup's; 3 it could not be written.";

/// What to put where.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The new or empty folder
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// The installation key that belongs to the backup
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    if !args.from.is_file() {
        return Err(CliError::Input(format!("there is no backup at {}", args.from.display())));
    }
    let report = match restore(&args.from, &args.data, args.key.as_deref()) {
        Ok(report) => report,
        Err(error @ (RestoreError::BackupFailedChecks { .. } | RestoreError::Verify(VerifyError::Damaged { .. }))) => {
            warn(format_args!("stillwater: {error}"));
            return Ok(Ended::Found);
        }
        Err(RestoreError::Failure(failure)) => return Err(CliError::failure(failure)),
        Err(RestoreError::Verify(VerifyError::Failure(failure))) => return Err(CliError::failure(failure)),
        Err(error) => return Err(CliError::input(error)),
    };
    print_line(format_args!(
        "{}: {} events in {} charts, checked and sound",
        report.file.display(),
        report.verified.events,
        report.verified.streams
    ))?;
    if !report.key_restored {
        print_line(format_args!("Put installation.key into {} before you start the server.", args.data.display()))?;
    }
    Ok(Ended::Clean)
}
