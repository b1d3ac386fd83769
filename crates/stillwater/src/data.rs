//! The folder that one installation lives in, as commands name it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use stillwater_care::ids::StaffId;
use stillwater_care::protocol::Protocols;
use stillwater_care::roles::{Actor, Role};
use stillwater_clinic::charts::Charts;
use stillwater_store::{DATABASE_FILE, Options, Store, Uuid};

use crate::ending::CliError;

/// Which folder.
#[derive(clap::Args, Clone, Debug)]
pub struct Folder {
    /// The folder of the installation
    #[arg(long = "data", value_name = "FOLDER", env = "STILLWATER_DATA", default_value = "stillwater-data")]
    pub path: PathBuf,
}

/// The folder has to hold a database already: a mistyped name must not make a new, empty clinic.
pub fn existing(folder: &Path) -> Result<(), CliError> {
    if !folder.exists() {
        return Err(CliError::Input(format!(
            "there is no folder {}; give the one that `stillwater serve --data` uses",
            folder.display()
        )));
    }
    if !folder.join(DATABASE_FILE).is_file() {
        return Err(CliError::Input(format!(
            "{} holds no {DATABASE_FILE}; give the folder that `stillwater serve --data` uses",
            folder.display()
        )));
    }
    Ok(())
}

/// Opens the charts of a folder.
pub fn charts(folder: &Path, now: Timestamp) -> Result<Charts, CliError> {
    let store = Store::open(folder, Options::default())?;
    Charts::open(store, Protocols::built_in(), now).map_err(CliError::failure)
}

/// Who acts when a command of this program takes a record in.
pub fn importer() -> Actor {
    Actor::Staff { id: StaffId(Uuid::nil()), name: "stillwater import".to_owned(), role: Role::Manager }
}
