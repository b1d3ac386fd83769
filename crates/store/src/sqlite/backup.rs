//! Backups made while the store is in use, and putting one back.
//!
//! A backup is one self-contained file, checked before it gets its name. It does not hold the installation key unless
//! that is asked for: a backup with its key beside it is as readable as the original.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::{BackupError, Failure, RestoreError};
use crate::sqlite::folder::{DATABASE_FILE, KEY_FILE};
use crate::sqlite::key_file::read_key_file;
use crate::sqlite::private_file::{sync_parent, write_private};
use crate::sqlite::schema;
use crate::sqlite::verify::{verify_file, verify_with_keys};
use crate::verification::{Problem, VerifyReport};

const PAGES_A_STEP: i32 = 256;

/// How to back up.
#[derive(Debug, Clone, Copy, Default)]
pub struct BackupOptions {
    /// Also copy the installation key, to `<backup>.key`. Keep it somewhere else than the backup.
    pub include_key: bool,
}

/// How far the copying has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// Pages copied.
    pub done: u64,
    /// Pages there are, as of now.
    pub total: u64,
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The copy.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What the check of the copy found; always sound, or there would be no copy.
    pub verified: VerifyReport,
    /// Where the key was copied, if that was asked for. Without it this backup cannot be opened: keep the key safe
    /// somewhere else.
    pub key: Option<PathBuf>,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// The database in its place.
    pub file: PathBuf,
    /// What the check of the backup found.
    pub verified: VerifyReport,
    /// Whether the key was put in place. If not, put `installation.key` into the folder before opening it.
    pub key_restored: bool,
}

/// Copies the database of an installation, which may be open in another process, to the file `to`.
pub fn backup_folder(
    folder: &Path,
    to: &Path,
    options: BackupOptions,
    progress: &mut dyn FnMut(CopyProgress),
) -> Result<BackupReport, BackupError> {
    let key_to = with_suffix(to, ".key");
    refuse_existing(to)?;
    if options.include_key {
        refuse_existing(&key_to)?;
    }
    let temporary = Temporary::new(with_suffix(to, ".unfinished"));
    let source_path = folder.join(DATABASE_FILE);
    if !source_path.is_file() {
        return Err(BackupError::Verify(crate::VerifyError::NoFile { path: source_path }));
    }
    let source = schema::reader(&source_path)?;
    temporary.remove()?;
    copy(&source, &temporary.path, progress)?;
    let verified = check_copy(&temporary.path)?;
    let key = if options.include_key {
        let from = folder.join(KEY_FILE);
        let contents = std::fs::read(&from).map_err(|error| Failure::file(&from, &error))?;
        write_private(&key_to, &contents)?;
        Some(key_to)
    } else {
        None
    };
    temporary.rename_to(to)?;
    let bytes = std::fs::metadata(to).map_err(|error| Failure::file(to, &error))?.len();
    Ok(BackupReport { file: to.to_path_buf(), bytes, verified, key })
}

fn copy(source: &Connection, to: &Path, progress: &mut dyn FnMut(CopyProgress)) -> Result<(), BackupError> {
    // Made private before anything is in it.
    write_private(to, &[])?;
    let mut target = Connection::open(to)?;
    {
        // One read transaction over all steps: without it, every write by another connection would start the copy
        // over, and under steady writing it would never end.
        let snapshot = source.unchecked_transaction()?;
        snapshot.query_row("SELECT gid FROM log_head", [], |_| Ok(()))?;
        let backup = Backup::new(&snapshot, &mut target)?;
        loop {
            let step = backup.step(PAGES_A_STEP)?;
            let state = backup.progress();
            let total = u64::try_from(state.pagecount).unwrap_or(0);
            let left = u64::try_from(state.remaining).unwrap_or(0);
            progress(CopyProgress { done: total.saturating_sub(left), total });
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
    // One file, with no write-ahead log beside it, that can be read from a read-only medium.
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    target.close().map_err(|(_, error)| error)?;
    let file = std::fs::File::open(to).map_err(|error| Failure::file(to, &error))?;
    file.sync_all().map_err(|error| Failure::file(to, &error))?;
    Ok(())
}

fn check_copy(path: &Path) -> Result<VerifyReport, BackupError> {
    let found = integrity(path)?;
    if found != "ok" {
        return Err(BackupError::CopyFailedChecks(schema::one_line(&found)));
    }
    let report = verify_file(path, &mut |_| {})?;
    if !report.is_sound() {
        return Err(BackupError::CopyFailedChecks(first_problems(&report.problems)));
    }
    Ok(report)
}

fn integrity(path: &Path) -> Result<String, Failure> {
    let connection = schema::reader(path)?;
    Ok(connection.query_row("PRAGMA integrity_check(10)", [], |row| row.get(0))?)
}

fn first_problems(problems: &[Problem]) -> String {
    let shown: Vec<String> = problems.iter().take(5).map(ToString::to_string).collect();
    format!("{} problems, first: {}", problems.len(), shown.join("; "))
}

/// Puts a backup into a new or empty folder. The backup is checked before anything is put in place; if `key` is
/// given, it has to be this backup's key, everything is checked with it, and it is put in place too.
pub fn restore(from: &Path, into_folder: &Path, key: Option<&Path>) -> Result<RestoreReport, RestoreError> {
    std::fs::create_dir_all(into_folder).map_err(|error| Failure::file(into_folder, &error))?;
    let mut entries = std::fs::read_dir(into_folder).map_err(|error| Failure::file(into_folder, &error))?;
    if entries.next().is_some() {
        return Err(RestoreError::NotEmpty { folder: into_folder.to_path_buf() });
    }
    if !from.is_file() {
        return Err(RestoreError::Verify(crate::VerifyError::NoFile { path: from.to_path_buf() }));
    }
    let keys = key.map(read_key_file).transpose()?;
    let place = into_folder.join(DATABASE_FILE);
    let temporary = Temporary::new(with_suffix(&place, ".unfinished"));
    std::fs::copy(from, &temporary.path).map_err(|error| Failure::file(&temporary.path, &error))?;
    let failed = |detail| RestoreError::BackupFailedChecks { path: from.to_path_buf(), detail };
    // What is checked is the copy that will be used, not the file that it came from.
    let found = match integrity(&temporary.path) {
        Err(Failure::Damaged(detail)) => return Err(failed(detail)),
        other => other?,
    };
    if found != "ok" {
        return Err(failed(schema::one_line(&found)));
    }
    let verified = match &keys {
        Some(keys) => verify_with_keys(&temporary.path, keys, &mut |_| {})?,
        None => verify_file(&temporary.path, &mut |_| {})?,
    };
    if !verified.is_sound() {
        return Err(failed(first_problems(&verified.problems)));
    }
    let file = std::fs::File::open(&temporary.path).map_err(|error| Failure::file(&temporary.path, &error))?;
    file.sync_all().map_err(|error| Failure::file(&temporary.path, &error))?;
    if let Some(key) = key {
        let contents = std::fs::read(key).map_err(|error| Failure::file(key, &error))?;
        write_private(&into_folder.join(KEY_FILE), &contents)?;
    }
    temporary.rename_to(&place)?;
    Ok(RestoreReport { file: place, verified, key_restored: key.is_some() })
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    match path.try_exists() {
        Ok(false) => Ok(()),
        Ok(true) => Err(BackupError::Exists { path: path.to_path_buf() }),
        Err(error) => Err(Failure::file(path, &error).into()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A file under a name that says it is unfinished; removed when dropped, unless it was renamed.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn remove(&self) -> Result<(), Failure> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::file(&self.path, &error)),
            _ => Ok(()),
        }
    }

    fn rename_to(self, to: &Path) -> Result<(), Failure> {
        let rename = || -> std::io::Result<()> {
            std::fs::rename(&self.path, to)?;
            sync_parent(to)
        };
        rename().map_err(|error| Failure::file(to, &error))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // Nothing depends on it: the next attempt removes what is left.
            drop(std::fs::remove_file(with_suffix(&self.path, suffix)));
        }
    }
}
