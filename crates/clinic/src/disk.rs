//! How much room is left where the charts are kept. A full disk takes no entry, so it is said before it is full.

use std::path::Path;

/// Less than so many megabytes left is too little to go on. A proposal of this project, signed by nobody.
pub const LEAST_FREE_MB: u64 = 256;

/// Megabytes that can still be written where this folder is; `None` when the system does not say.
#[must_use]
pub fn free_mb(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let room = rustix::fs::statvfs(folder).ok()?;
        Some(room.f_bavail.saturating_mul(room.f_frsize) / 1_000_000)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_in_a_folder_is_known_and_that_of_none_is_not() {
        assert_eq!(free_mb(&std::env::temp_dir()).is_some(), cfg!(unix));
        assert_eq!(free_mb(Path::new("/no/such/folder/at/all")), None);
    }
}
