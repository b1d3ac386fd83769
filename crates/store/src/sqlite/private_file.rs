//! Files that only their owner may read, durable once they are written.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::error::Failure;

/// Writes a file that only its owner may read, durably; fails if there is one.
pub fn write_private(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> std::io::Result<()> {
        let mut file = options.open(path)?;
        file.write_all(contents)?;
        file.sync_all()?;
        sync_parent(path)
    };
    write().map_err(|error| Failure::file(path, &error))
}

/// Makes a new or renamed file's name durable, not only its contents.
pub fn sync_parent(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
