//! Many simulations in one go: a file of scenarios in, one file each out. All are run before the first is written.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::SimulationRequest;
use super::run::SimulationRun;
use crate::ending::{CliError, CliResult, Ended, print_line};
use crate::progress::Progress;

/// Runs every scenario of a file.
pub(super) fn run(file: &Path, folder: &Path) -> CliResult {
    let all = read(file)?;
    let mut told = Vec::new();
    let mut progress = Progress::new("scenarios");
    for (place, (name, ask)) in all.iter().enumerate() {
        progress.at(place as u64, all.len() as u64);
        let path = folder.join(format!("{name}.{}", ask.format.ending()));
        if path.exists() {
            return Err(CliError::Input(format!(
                "{} exists; nothing is overwritten, choose another folder",
                path.display()
            )));
        }
        let of = |trouble: CliError| match trouble {
            CliError::Input(says) => CliError::Input(format!("{}, scenario {name}: {says}", file.display())),
            other => other,
        };
        told.push((path, SimulationRun::of(ask).map_err(of)?.told(ask)?));
    }
    progress.end();
    std::fs::create_dir_all(folder)
        .map_err(|error| CliError::Input(format!("{} cannot be made: {error}", folder.display())))?;
    for (path, text) in &told {
        std::fs::write(path, text)
            .map_err(|error| CliError::Failure(format!("{} cannot be written: {error}", path.display())))?;
        print_line(path.display())?;
    }
    Ok(Ended::Clean)
}

fn read(file: &Path) -> Result<BTreeMap<String, SimulationRequest>, CliError> {
    let name = file.display();
    let text =
        std::fs::read_to_string(file).map_err(|error| CliError::Input(format!("{name} cannot be read: {error}")))?;
    let all: BTreeMap<String, SimulationRequest> =
        toml::from_str(&text).map_err(|error| CliError::Input(format!("{name}: {}", error.to_string().trim_end())))?;
    if all.is_empty() {
        return Err(CliError::Input(format!(
            "{name} holds no scenario; write a table for each, such as [infusion-70kg]"
        )));
    }
    let plain = |name: &str| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && !name.starts_with('.')
    };
    match all.keys().find(|scenario| !plain(scenario)) {
        Some(odd) => Err(CliError::Input(format!(
            "{name}: {odd:?} names a scenario and its file; use letters, digits, - and _ only"
        ))),
        None => Ok(all),
    }
}
