//! Writes the generated documents again from the program itself. Stale copies are found by tests beside what they describe.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tree;

/// Each generated document, and the word by which `stillwater docs` prints it.
const DOCUMENTS: &[(&str, &str)] = &[
    ("docs/RULES.md", "rules"),
    ("docs/EVENTS.md", "events"),
    ("docs/ACCESS.md", "access"),
    ("docs/pharmacology.md", "pharmacology"),
];

/// Prints every document and drawing from the program and writes those that changed.
pub fn run() -> Result<()> {
    let root = tree::root();
    let mut all: Vec<(String, Vec<String>)> =
        DOCUMENTS.iter().map(|(path, word)| ((*path).to_owned(), vec![(*word).to_owned()])).collect();
    let plot = |name: &str| ["pharmacology", "--plot", name].map(str::to_owned).to_vec();
    for name in printed(&plot("list"), "the list of drawings")?.lines() {
        all.push((format!("docs/pharmacology/{name}.svg"), plot(name)));
    }
    for (path, words) in &all {
        let text = printed(words, path)?;
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

/// What `stillwater docs` prints to these words.
fn printed(words: &[String], becomes: &str) -> Result<String> {
    let said = words.join(" ");
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--package", "stillwater", "--locked", "--", "docs"])
        .args(words)
        .current_dir(tree::root())
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo")?;
    if !output.status.success() {
        bail!("`stillwater docs {said}` failed ({}), so {becomes} was left as it is.", output.status);
    }
    let text = String::from_utf8(output.stdout).with_context(|| format!("reading what becomes {becomes}"))?;
    if text.trim().is_empty() {
        bail!("`stillwater docs {said}` printed nothing, so {becomes} was left as it is.");
    }
    Ok(text)
}
