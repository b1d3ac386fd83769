//! The installation key in its file, which only its owner may read.

use std::path::Path;

use stillwater_digest::{from_hex, to_hex};

use crate::error::{Failure, OpenError};
use crate::seal::{Keys, random};
use crate::sqlite::private_file::write_private;

/// Reads the key file, refusing one that others can read or that is not a key.
pub fn read_key_file(path: &Path) -> Result<Keys, OpenError> {
    refuse_exposed(path)?;
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => OpenError::KeyMalformed { path: path.to_path_buf() },
        _ => OpenError::Failure(Failure::file(path, &error)),
    })?;
    let bytes = from_hex(text.trim_end()).ok_or_else(|| OpenError::KeyMalformed { path: path.to_path_buf() })?;
    Ok(Keys::derive(&bytes))
}

/// Makes a new key file. It is on the disk, folder entry included, before anything is sealed with it.
pub fn create_key_file(path: &Path) -> Result<Keys, OpenError> {
    let bytes: [u8; 32] = random()?;
    write_private(path, format!("{}\n", to_hex(&bytes)).as_bytes())?;
    Ok(Keys::derive(&bytes))
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), OpenError> {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?;
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(OpenError::KeyExposed { path: path.to_path_buf(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), OpenError> {
    Ok(())
}
