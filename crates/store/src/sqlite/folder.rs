//! The folder that one installation lives in: its files, and the lock that keeps a second process out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use crate::error::{Failure, OpenError};

/// The database's name inside the folder.
pub const DATABASE_FILE: &str = "stillwater.db";
/// The installation key's name inside the folder.
pub const KEY_FILE: &str = "installation.key";
/// The lock's name inside the folder. The file may stay behind; what counts is the lock that a process holds on it.
pub const LOCK_FILE: &str = "stillwater.lock";

/// Held while the store is open. The system lets go of it when the process ends, however it ends.
pub struct FolderLock {
    // Kept only so that it is closed, and so unlocked, when this is dropped.
    _file: File,
}

impl FolderLock {
    /// Takes the lock or says who has it.
    pub fn take(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(LOCK_FILE);
        let fail = |error: &std::io::Error| OpenError::Failure(Failure::file(&path, error));
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| fail(&error))?;
        match lock_with_retries(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder's id is a courtesy: without it the refusal is the same.
                let holder = match file.read_to_string(&mut holder) {
                    Ok(_) => holder.trim().parse().ok(),
                    Err(_) => None,
                };
                return Err(OpenError::Locked { folder: folder.to_path_buf(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(fail(&error)),
        }
        let write = |file: &mut File| -> std::io::Result<()> {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            writeln!(file, "{}", std::process::id())?;
            file.flush()
        };
        write(&mut file).map_err(|error| fail(&error))?;
        Ok(Self { _file: file })
    }
}

/// Takes the lock, and tries for a moment before giving up: a process that has just ended, or one that is just being started
/// from a program that held the folder, keeps the lock for some milliseconds longer than anybody would say it uses the folder; on
/// a busy machine, for up to a second.
fn lock_with_retries(file: &File) -> Result<(), TryLockError> {
    const TRIES: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
    file.try_lock()
}
