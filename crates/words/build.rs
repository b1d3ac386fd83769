//! Finds the languages: every folder beside this file that holds `.ftl` files is one, named by its tag (`en`, `es`).
//!
//! The texts are compiled in, so that a program in a clinic needs no file of ours to speak.
#![allow(clippy::disallowed_methods, reason = "a build script reads the folders whose texts it compiles in")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut table = String::from("/// Each language's tag with its files: name and text.\n");
    table.push_str("pub(crate) const FOLDERS: &[(&str, &[(&str, &str)])] = &[\n");
    for folder in sorted(&here)?.iter().filter(|path| path.is_dir()) {
        let files: Vec<PathBuf> = sorted(folder)?.into_iter().filter(|path| is_fluent(path)).collect();
        if files.is_empty() {
            continue;
        }
        let _ = writeln!(table, "    ({:?}, &[", name(folder));
        for file in &files {
            let _ = writeln!(table, "        ({:?}, include_str!({:?})),", name(file), file.display().to_string());
        }
        table.push_str("    ]),\n");
    }
    table.push_str("];\n");
    fs::write(out.join("folders.rs"), table)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn is_fluent(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ftl")
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
