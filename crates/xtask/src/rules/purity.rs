//! Pure crates decide from what they are given: no clock, randomness, files, network, threads or async in their sources.
//!
//! Clippy bans the calls themselves (each crate's `clippy.toml`); this catches the imports, and `async`, which Clippy does not.

use super::Breach;
use super::layers::PURE;
use crate::rust_text::{Views, holds_word, lines_with};
use crate::tree::{File, Tree};

const WORLDLY: [&str; 16] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::env",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "async fn",
    "async move",
    "async {",
    "await",
];

/// Modules of the standard library that must not come in through a grouped import either.
const GROUPED: [&str; 5] = ["fs", "net", "process", "thread", "env"];

/// Every source file of a pure crate, its tests apart.
pub fn check(tree: &Tree) -> Vec<Breach> {
    tree.rust().filter(|file| is_pure_source(file)).flat_map(check_file).collect()
}

fn is_pure_source(file: &File) -> bool {
    PURE.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")))
}

fn check_file(file: &File) -> Vec<Breach> {
    let code = Views::outside_tests(&file.text).code;
    let mut breaches = Vec::new();
    for needle in WORLDLY {
        for line in lines_with(&code, needle) {
            breaches.push(Breach::on_line(
                &file.path,
                line,
                format!("`{needle}` in a pure crate; take the value as an argument instead"),
            ));
        }
    }
    for (place, _) in code.match_indices("use std::{") {
        let import = code.get(place..).and_then(|rest| rest.split(';').next()).unwrap_or_default();
        let line = code.get(..place).unwrap_or_default().lines().count().max(1);
        for module in GROUPED.into_iter().filter(|module| holds_word(import, module)) {
            breaches.push(Breach::on_line(&file.path, line, format!("`std::{module}` is imported in a pure crate")));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, source: &str) -> usize {
        check(&Tree::of(&[(path, source)])).len()
    }

    #[test]
    fn refuses_each_reach_into_the_world() {
        for needle in WORLDLY {
            assert_eq!(
                breaches("crates/care/src/lib.rs", &format!("//! A.\nfn a() {{ let b = {needle} ; }}\n")),
                1,
                "{needle}"
            );
        }
        assert_eq!(breaches("crates/fhir/src/lib.rs", "//! A.\nuse std::{fmt, fs, io};\n"), 1);
    }

    #[test]
    fn leaves_comments_tests_and_other_crates_alone() {
        let source = "//! No std::fs here.\nconst A: &str = \"std::net\";\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(breaches("crates/care/src/lib.rs", source), 0);
        assert_eq!(breaches("crates/store/src/lib.rs", "//! A.\nuse std::fs;\n"), 0);
        assert_eq!(breaches("crates/care/tests/golden.rs", "//! A.\nuse std::fs;\n"), 0);
    }
}
