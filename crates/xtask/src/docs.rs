//! Writes the generated documents again from the program itself. Stale copies are found by tests beside what they describe.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tree;

/// Each generated document, and the word by which `stillwater docs` prints it.
const DOCUMENTS: &[(&str, &str)] =
    &[("docs/RULES.md", "rules"), ("docs/EVENTS.md", "events"), ("docs/ACCESS.md", "access")];

/// Prints every document from the program and writes those that changed.
pub fn run() -> Result<()> {
    let root = tree::root();
    for (path, word) in DOCUMENTS {
        let output = Command::new("cargo")
            .args(["run", "--quiet", "--package", "stillwater", "--locked", "--", "docs", word])
            .current_dir(&root)
            .stderr(Stdio::inherit())
            .output()
            .context("starting cargo")?;
        if !output.status.success() {
            bail!("`stillwater docs {word}` failed ({}), so {path} was left as it is.", output.status);
        }
        let text = String::from_utf8(output.stdout).with_context(|| format!("reading what becomes {path}"))?;
        if text.trim().is_empty() {
            bail!("`stillwater docs {word}` printed nothing, so {path} was left as it is.");
        }
        let place = root.join(path);
        let before = std::fs::read_to_string(&place).unwrap_or_default();
        if before == text {
            println!("  same    {path}");
        } else {
            std::fs::write(&place, &text).with_context(|| format!("writing {path}"))?;
            println!("  written {path}");
        }
    }
    Ok(())
}
