//! Counts that may only fall. `crates/xtask/ratchet.toml` holds what is tolerated today; doing better than it says is
//! also a breach, so that the number is lowered in the same change and never creeps back.

use std::collections::BTreeMap;

use toml::Table;

use super::Breach;
use crate::rust_text::{TEST_MARKS, Views};
use crate::tree::{File, Tree};

const RATCHET: &str = "crates/xtask/ratchet.toml";
const LONGEST: usize = 800;
const SNATCHES: [&str; 4] = [".unwrap()", ".expect(", ".unwrap_err()", ".expect_err("];

/// No hand-written source longer than the limit, except those listed with a length that may only fall.
pub fn long_files(tree: &Tree) -> Vec<Breach> {
    let counts = tree
        .files
        .iter()
        .filter(|file| [".rs", ".mjs", ".js", ".css"].iter().any(|kind| file.path.ends_with(kind)))
        .filter(|file| !file.path.contains("vendor"))
        .map(|file| (file.path.clone(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    compare(tree, "long_files", &counts, "lines; at about 500 ask which subject wants a file of its own")
}

/// `unwrap` and `expect` outside tests, counted per file.
pub fn unwraps(tree: &Tree) -> Vec<Breach> {
    let test_modules = test_module_paths(tree);
    let counts = tree
        .rust()
        .filter(|file| !is_test_source(file, &test_modules))
        .map(|file| (file.path.clone(), snatches(&file.text)))
        .filter(|(_, count)| *count > 0)
        .collect();
    compare(tree, "unwraps", &counts, "unwrap or expect outside tests; answer the missing case instead")
}

fn snatches(source: &str) -> usize {
    let code = Views::outside_tests(source).code;
    SNATCHES.iter().map(|needle| code.matches(needle).count()).sum()
}

fn is_test_source(file: &File, test_modules: &[String]) -> bool {
    file.crate_name() == Some("testkit")
        || file.path.contains("/tests/")
        || file.path.contains("/benches/")
        || test_modules
            .iter()
            .any(|module| file.path == format!("{module}.rs") || file.path.starts_with(&format!("{module}/")))
}

/// Where modules lie that are declared as tests in files of their own, `#[cfg(test)] mod name;`, without their ending.
fn test_module_paths(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust() {
        let code = Views::of(&file.text).code;
        let stem = file.path.trim_end_matches(".rs");
        let folder = ["/mod", "/lib", "/main"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
        for part in TEST_MARKS.iter().flat_map(|mark| code.split(mark).skip(1)) {
            let Some(declaration) = part.split(['{', ';']).next() else { continue };
            let is_outside = part.get(declaration.len()..).is_some_and(|rest| rest.starts_with(';'));
            let mut words = declaration.split_whitespace().skip_while(|word| *word != "mod");
            if is_outside && let (Some(_), Some(name)) = (words.next(), words.next()) {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found
}

pub(super) fn compare(tree: &Tree, section: &str, counts: &BTreeMap<String, usize>, what: &str) -> Vec<Breach> {
    let tolerated = match tolerated(tree, section) {
        Ok(tolerated) => tolerated,
        Err(breach) => return vec![breach],
    };
    let mut breaches = Vec::new();
    for (path, count) in counts {
        let limit = tolerated.get(path).copied().unwrap_or(0);
        if *count > limit {
            let limit = if limit == 0 { String::new() } else { format!(" where {limit} are tolerated") };
            breaches.push(Breach::in_file(path, format!("{count}{limit}: {what}")));
        }
    }
    for (path, limit) in &tolerated {
        let count = counts.get(path).copied().unwrap_or(0);
        if count < *limit {
            breaches.push(Breach::in_file(
                RATCHET,
                format!("[{section}] tolerates {limit} in {path}, and there are {count}: lower it, or take the line away at 0"),
            ));
        }
    }
    breaches
}

fn tolerated(tree: &Tree, section: &str) -> Result<BTreeMap<String, usize>, Breach> {
    let Some(file) = tree.get(RATCHET) else {
        return Err(Breach::in_file(RATCHET, "is missing; it holds the counts that may only fall"));
    };
    let table: Table = file.text.parse().map_err(|error| Breach::in_file(RATCHET, format!("is not TOML: {error}")))?;
    let Some(entries) = table.get(section).and_then(toml::Value::as_table) else {
        return Err(Breach::in_file(RATCHET, format!("has no section [{section}]")));
    };
    entries
        .iter()
        .map(|(path, value)| match value.as_integer().and_then(|number| usize::try_from(number).ok()) {
            Some(number) => Ok((path.clone(), number)),
            None => Err(Breach::in_file(RATCHET, format!("[{section}] {path} must be a whole number"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    const EMPTY: &str = "[long_files]\n[unwraps]\n";

    fn count(rule: fn(&Tree) -> Vec<Breach>, ratchet: &str, path: &str, text: &str) -> usize {
        rule(&Tree::of(&[(RATCHET, ratchet), (path, text)])).len()
    }

    #[test]
    fn refuses_a_file_over_the_limit() {
        assert_eq!(count(long_files, EMPTY, "a.rs", &"a\n".repeat(801)), 1);
        assert_eq!(count(long_files, EMPTY, "a.rs", &"a\n".repeat(800)), 0);
    }

    #[test]
    fn tolerates_what_is_listed_and_no_more_and_no_less() {
        let ratchet = "[long_files]\n\"a.rs\" = 900\n[unwraps]\n";
        assert_eq!(count(long_files, ratchet, "a.rs", &"a\n".repeat(901)), 1);
        assert_eq!(count(long_files, ratchet, "a.rs", &"a\n".repeat(900)), 0);
        assert_eq!(count(long_files, ratchet, "a.rs", &"a\n".repeat(899)), 1);
        assert_eq!(count(long_files, ratchet, "a.rs", "a\n"), 1);
    }

    #[test]
    fn counts_unwraps_outside_tests_only() {
        let source = "fn a() { b().unwrap(); }\n#[cfg(test)]\nmod tests { fn c() { d().expect(\"e\"); } }\n";
        assert_eq!(count(unwraps, EMPTY, "crates/care/src/a.rs", source), 1);
        assert_eq!(count(unwraps, EMPTY, "crates/care/tests/a.rs", source), 0);
        assert_eq!(count(unwraps, EMPTY, "crates/testkit/src/a.rs", source), 0);
        assert_eq!(count(unwraps, EMPTY, "crates/care/src/a.rs", "fn a() { b().unwrap_or(1); }\n"), 0);
    }

    #[test]
    fn knows_a_test_module_in_a_file_of_its_own() {
        let files = [
            (RATCHET, EMPTY),
            (
                "crates/care/src/rules/mod.rs",
                "//! A.\npub mod real;\n#[cfg(test)]\npub mod testing;\n#[cfg(any(test, feature = \"suite\"))]\nmod suite;\n",
            ),
            ("crates/care/src/rules/testing.rs", "//! B.\npub fn a() { b().unwrap(); }\n"),
            ("crates/care/src/rules/suite/mod.rs", "//! B.\npub fn a() { b().unwrap(); }\n"),
        ];
        assert_eq!(unwraps(&Tree::of(&files)), []);
        let files = [files[0], files[1], ("crates/care/src/rules/real.rs", "//! B.\nfn a() { b().unwrap(); }\n")];
        assert_eq!(unwraps(&Tree::of(&files)).len(), 1);
    }

    #[test]
    fn refuses_a_missing_or_malformed_ratchet() {
        assert_eq!(long_files(&Tree::of(&[("a.rs", "")])).len(), 1);
        assert_eq!(count(unwraps, "[long_files]\n[unwraps]\n\"a.rs\" = \"many\"\n", "b.rs", ""), 1);
    }
}
