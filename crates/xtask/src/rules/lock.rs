//! The lock files: present, so that everybody builds the same thing, and naming no server but Cargo's standard index.

use super::Breach;
use crate::tree::{File, Tree};

const STANDARD: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");

/// Both lock files, and that nothing tells git to leave them out.
pub fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    match tree.get("Cargo.lock") {
        Some(file) => breaches.extend(cargo_sources(file)),
        None => breaches.push(Breach::in_file("Cargo.lock", "is missing or ignored; commit it")),
    }
    for file in tree.files.iter().filter(|file| file.path.ends_with("package-lock.json")) {
        for (number, line) in file.text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\"")) {
            let says =
                format!("names where it was fetched ({}); set npm's omit-lockfile-registry-resolved", line.trim());
            breaches.push(Breach::on_line(&file.path, number + 1, says));
        }
    }
    for file in tree.files.iter().filter(|file| file.path.ends_with("package.json")) {
        let lock = file.path.replace("package.json", "package-lock.json");
        if tree.get(&lock).is_none() {
            breaches.push(Breach::in_file(&lock, "is missing or ignored; commit it"));
        }
    }
    breaches
}

fn cargo_sources(file: &File) -> Vec<Breach> {
    file.text
        .lines()
        .enumerate()
        .filter_map(|(number, line)| Some((number, line.strip_prefix("source = \"")?.trim_end_matches('"'))))
        .filter(|(_, source)| *source != STANDARD)
        .map(|(number, source)| {
            Breach::on_line(&file.path, number + 1, format!("`{source}` is not the standard index"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_missing_lock_file() {
        assert_eq!(check(&Tree::of(&[("Cargo.toml", "")])).len(), 1);
        assert_eq!(check(&Tree::of(&[("Cargo.lock", ""), ("tests/browser/package.json", "{}")])).len(), 1);
    }

    #[test]
    fn refuses_a_mirror_or_a_git_source() {
        let good = format!("source = \"{STANDARD}\"\n");
        assert_eq!(check(&Tree::of(&[("Cargo.lock", &good)])), []);
        for bad in ["sparse+https://mirror.example/index/", "git+https://example.org/a?rev=1#1"] {
            assert_eq!(check(&Tree::of(&[("Cargo.lock", &format!("{good}source = \"{bad}\"\n"))])).len(), 1, "{bad}");
        }
    }

    #[test]
    fn refuses_a_fetched_from_line() {
        let files =
            [("Cargo.lock", ""), ("package-lock.json", "{\n \"resolved\": \"https://mirror.example/a.tgz\"\n}\n")];
        assert_eq!(check(&Tree::of(&files)).len(), 1);
    }
}
