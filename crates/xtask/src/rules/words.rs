//! Messages that nobody says: each id in a language's folder is written somewhere in the sources, whole or as a family.
//!
//! A family is a string that ends in a hyphen (`"setting-"`) or stands before a code (`code("setting", …)`); tests of the
//! crate `words` show that a family holds exactly the codes of its enumeration.

use std::collections::BTreeSet;

use super::Breach;
use crate::rust_text::Views;
use crate::tree::{File, Tree};

/// Every message of English against the strings of every source.
pub fn unused(tree: &Tree) -> Vec<Breach> {
    let said: BTreeSet<String> = tree.rust().flat_map(|file| strings(&Views::of(&file.text).uncommented)).collect();
    tree.files
        .iter()
        .filter(|file| file.path.starts_with("crates/words/en/") && file.path.ends_with(".ftl"))
        .flat_map(|file| ids(file).map(move |(line, id)| (file, line, id)))
        .filter(|(_, _, id)| !is_said(&said, id))
        .map(|(file, line, id)| Breach::on_line(&file.path, line, format!("`{id}` is said nowhere; remove it")))
        .collect()
}

fn is_said(said: &BTreeSet<String>, id: &str) -> bool {
    let families = id.match_indices('-').filter_map(|(at, _)| Some((id.get(..at)?, id.get(..=at)?)));
    said.contains(id) || families.into_iter().any(|(bare, hyphened)| said.contains(bare) || said.contains(hyphened))
}

/// The ids of a Fluent file, with their lines.
fn ids(file: &File) -> impl Iterator<Item = (usize, &str)> {
    file.text.lines().enumerate().filter_map(|(at, line)| {
        let (id, _) = line.split_once(" =")?;
        id.starts_with(|letter: char| letter.is_ascii_lowercase()).then_some((at + 1, id))
    })
}

/// Every short string of a source that could be an id; `{}` in one ends the family before it.
fn strings(source: &str) -> Vec<String> {
    let words = source.split('"').filter(|text| text.len() < 80);
    words.map(|text| text.split('{').next().unwrap_or_default().to_owned()).filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(source: &str) -> usize {
        unused(&Tree::of(&[
            ("crates/words/en/a.ftl", "# A.\nsetting-home = home\n"),
            ("crates/server/src/a.rs", source),
        ]))
        .len()
    }

    #[test]
    fn refuses_a_message_that_nobody_says() {
        assert_eq!(breaches("//! A.\n"), 1);
        assert_eq!(breaches("//! Says \"setting-home\".\n"), 1);
    }

    #[test]
    fn finds_a_message_said_whole_or_by_its_family() {
        assert_eq!(breaches("fn a() { words.say(\"setting-home\", &[]) }\n"), 0);
        assert_eq!(breaches("fn a() { words.code(\"setting\", code) }\n"), 0);
        assert_eq!(breaches("fn a() { format!(\"setting-{code}\") }\n"), 0);
    }
}
