//! `stillwater backup`: a checked copy of the database, also while the server runs.

use std::path::PathBuf;

use stillwater_store::{BackupError, BackupOptions, VerifyError, backup_folder};

use crate::data::{self, Folder};
use crate::ending::{CliError, CliResult, Ended, print_line};
use crate::progress::Progress;

const AFTER: &str = "\
The copy is checked before it gets its name, and never replaces a file. It does not hold the installation key: without
that key nobody can open it, so keep a copy of the key somewhere safe, and not beside the backup.

Examples:
  stillwater backup --data /srv/stillwater --to /backup/stillwater-2026-11-23.db
  stillwater backup --data /srv/stillwater --to /safe/first.db --with-key

Exit codes: 0 copied and sound; 1 the copy did not pass its checks; 2 no such folder, or the file exists; 3 it could
not be written.";

/// What to copy where.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(flatten)]
    folder: Folder,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Also copy the installation key, to FILE.key
    #[arg(long)]
    with_key: bool,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    data::existing(&args.folder.path)?;
    let mut progress = Progress::new("Copying pages");
    let options = BackupOptions { include_key: args.with_key };
    let report = match backup_folder(&args.folder.path, &args.to, options, &mut |p| progress.at(p.done, p.total)) {
        Ok(report) => report,
        Err(error @ BackupError::Exists { .. }) => return Err(CliError::input(error)),
        Err(error @ (BackupError::CopyFailedChecks(_) | BackupError::Verify(VerifyError::Damaged { .. }))) => {
            crate::ending::warn(format_args!("stillwater: {error}"));
            return Ok(Ended::Found);
        }
        Err(BackupError::Verify(error @ (VerifyError::NoFile { .. } | VerifyError::Unknown { .. }))) => {
            return Err(CliError::input(error));
        }
        Err(error) => return Err(CliError::failure(error)),
    };
    progress.end();
    print_line(format_args!(
        "{}: {} bytes, {} events in {} charts, checked and sound",
        report.file.display(),
        report.bytes,
        report.verified.events,
        report.verified.streams
    ))?;
    match report.key {
        Some(key) => {
            print_line(format_args!("The key is in {}. Keep it somewhere else than the backup.", key.display()))?
        }
        None => print_line(
            "The key is not in the backup. Keep a copy of installation.key somewhere safe; without it this file cannot be opened.",
        )?,
    }
    Ok(Ended::Clean)
}
