//! The house rules: what must hold of the repository as a whole, and cannot be left to the compiler.
//!
//! Each rule is a plain function over the files, so that each has a test which shows it failing on a bad sample.

mod circles;
mod hazards;
mod layers;
mod lock;
mod purity;
pub mod ratchet;
mod wording;
mod words;

use std::fmt;

use anyhow::{Result, bail};

use crate::tree::{self, Tree};

/// One breach: where, and what is wrong and would be right.
#[derive(Debug, PartialEq, Eq)]
pub struct Breach {
    pub path: String,
    pub line: Option<usize>,
    pub says: String,
}

impl Breach {
    pub fn in_file(path: &str, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, says: says.into() }
    }

    pub fn on_line(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), says: says.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.says),
            None => write!(f, "{}: {}", self.path, self.says),
        }
    }
}

/// One rule: what it holds to, and the function that finds breaches.
pub struct Rule {
    pub says: &'static str,
    pub check: fn(&Tree) -> Vec<Breach>,
}

pub const RULES: &[Rule] = &[
    Rule { says: "each crate knows only those that the table of layers allows", check: layers::check },
    Rule { says: "files import each other in no circle, and the exceptions only shrink", check: circles::circles },
    Rule { says: "no room of the server imports another", check: circles::rooms },
    Rule { says: "pure crates touch no clock, randomness, files, network or async", check: purity::check },
    Rule { says: "each Rust file opens with what it is for", check: wording::headers },
    Rule { says: "no unfinished code, notes to self or ignored tests", check: wording::unfinished },
    Rule { says: "SQL is spoken only in the store", check: wording::sql },
    Rule { says: "no path of one machine and no package registry's host is written down", check: wording::places },
    Rule { says: "no file is longer than 800 lines, and the exceptions only shrink", check: ratchet::long_files },
    Rule { says: "unwrap and expect outside tests only become fewer", check: ratchet::unwraps },
    Rule { says: "the lock files are there and name no mirror", check: lock::check },
    Rule { says: "no message is left that nobody says", check: words::unused },
    Rule { says: "hazards named by rules and controls named by the hazard log exist", check: hazards::check },
];

/// Checks every rule, says each in words, and fails if any is broken.
pub fn run() -> Result<()> {
    let tree = Tree::read(&tree::root())?;
    let mut broken = 0;
    for rule in RULES {
        let breaches = (rule.check)(&tree);
        println!("  {} {}", if breaches.is_empty() { "kept  " } else { "BROKEN" }, rule.says);
        for breach in &breaches {
            println!("         {breach}");
        }
        broken += usize::from(!breaches.is_empty());
    }
    println!("house rules: {} kept, {broken} broken; {} files read", RULES.len() - broken, tree.files.len());
    if broken > 0 {
        bail!("{broken} of {} house rules are broken; each line above says where.", RULES.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_repository_keeps_every_house_rule() {
        let tree = Tree::read(&tree::root()).unwrap();
        let breaches: Vec<String> =
            RULES.iter().flat_map(|rule| (rule.check)(&tree)).map(|breach| breach.to_string()).collect();
        assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
    }
}
