//! What may and may not stand written in a file: headers, unfinished work, SQL, and places that exist on one machine only.

use super::Breach;
use crate::rust_text::{Views, holds_word, lines_with};
use crate::tree::{File, Tree};

/// Words by which people leave work behind. In two halves, so that this list is not its own breach.
const NOTES: [&str; 4] = [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("HA", "CK"), concat!("X", "XX")];

const UNFINISHED: [&str; 4] = ["todo!(", "unimplemented!(", "dbg!(", "#[ignore"];

const STATEMENTS: [&str; 8] = [
    concat!("SELECT", " "),
    concat!("INSERT", " INTO"),
    concat!("INSERT", " OR"),
    concat!("DELETE", " FROM"),
    concat!("CREATE", " TABLE"),
    concat!("CREATE", " INDEX"),
    concat!("ALTER", " TABLE"),
    concat!("PRAGMA", " "),
];

/// Folders that exist on somebody's machine, not on a reader's.
const PLACES: [&str; 4] = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];

/// Hosts from which packages come. The tools know them; a copy here would break whoever uses a mirror.
const HOSTS: [&str; 6] = [
    concat!("crates", ".io"),
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("proxy.go", "lang.org"),
];

/// Cargo itself writes this name of its standard index into every lock file; `rules/lock.rs` checks that it is the only one.
const STANDARD_INDEX: &str = concat!("crates", ".io-index");

/// Each Rust file opens with `//!`.
pub fn headers(tree: &Tree) -> Vec<Breach> {
    tree.rust()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| Breach::on_line(&file.path, 1, "must open with `//! ` and say what the file is for"))
        .collect()
}

/// No placeholder code, no ignored test, no note to self.
pub fn unfinished(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.rust() {
        let code = Views::of(&file.text).code;
        for needle in UNFINISHED {
            for line in lines_with(&code, needle) {
                breaches.push(Breach::on_line(
                    &file.path,
                    line,
                    format!("`{needle}` is unfinished; finish it or leave it out"),
                ));
            }
        }
    }
    for file in tree.files.iter().filter(|file| is_written_by_hand(file)) {
        for note in NOTES {
            for line in lines_with(&file.text, note) {
                breaches.push(Breach::on_line(
                    &file.path,
                    line,
                    format!("`{note}` is a note to self; do it, or open an issue"),
                ));
            }
        }
    }
    breaches
}

fn is_written_by_hand(file: &File) -> bool {
    let kinds = [".rs", ".mjs", ".js", ".css", ".sql", ".sh", ".html", ".yml", "Cargo.toml", "clippy.toml", "run"];
    !file.path.contains("vendor") && kinds.iter().any(|kind| file.path.ends_with(kind))
}

/// SQL outside the store would be a second place that knows how things are kept.
pub fn sql(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in tree.rust().filter(|file| file.crate_name() != Some("store")) {
        let text = Views::of(&file.text).uncommented;
        for statement in STATEMENTS {
            for line in lines_with(&text, statement) {
                breaches.push(Breach::on_line(
                    &file.path,
                    line,
                    format!("`{}` is SQL outside crates/store; ask the store instead", statement.trim()),
                ));
            }
        }
    }
    breaches
}

/// No absolute path of one machine, no package registry's host.
pub fn places(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in &tree.files {
        for (number, line) in file.text.lines().enumerate() {
            for place in PLACES.into_iter().filter(|place| begins_path(line, place)) {
                breaches.push(Breach::on_line(&file.path, number + 1, format!("`{place}` is a place on one machine")));
            }
            let line = line.replace(STANDARD_INDEX, "");
            for host in HOSTS.into_iter().filter(|host| holds_word(&line, host)) {
                breaches.push(Breach::on_line(
                    &file.path,
                    number + 1,
                    format!("`{host}` is a package registry's host"),
                ));
            }
        }
    }
    breaches
}

/// Whether `place` begins a path in `line`, and is not the middle of an address or of a longer path.
fn begins_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '/' | '_' | '-' | '.' | '}' | '*'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&Tree) -> Vec<Breach>, path: &str, text: &str) -> usize {
        rule(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn refuses_a_file_without_a_header() {
        assert_eq!(count(headers, "crates/care/src/a.rs", "use a;\n"), 1);
        assert_eq!(count(headers, "crates/care/src/a.rs", "\n//! Late.\n"), 1);
        assert_eq!(count(headers, "crates/care/src/a.rs", "//! What it is for.\n"), 0);
    }

    #[test]
    fn refuses_unfinished_code_and_notes() {
        for needle in UNFINISHED {
            assert_eq!(count(unfinished, "a.rs", &format!("fn a() {{ {needle}) }}\n")), 1, "{needle}");
        }
        for note in NOTES {
            assert_eq!(count(unfinished, "a.rs", &format!("// {note}: later\n")), 1, "{note}");
            assert_eq!(count(unfinished, "tests/browser/run.mjs", &format!("// {note}\n")), 1, "{note}");
        }
        assert_eq!(count(unfinished, "a.rs", "// Say dbg!( in a comment.\nconst A: &str = \"#[ignore\";\n"), 0);
    }

    #[test]
    fn refuses_sql_outside_the_store() {
        for statement in STATEMENTS {
            let source = format!("const A: &str = \"{statement} a\";\n");
            assert_eq!(count(sql, "crates/server/src/a.rs", &source), 1, "{statement}");
            assert_eq!(count(sql, "crates/store/src/a.rs", &source), 0, "{statement}");
        }
    }

    #[test]
    fn refuses_places_of_one_machine() {
        for place in PLACES {
            assert_eq!(count(places, "README.md", &format!("See {place}a.\n")), 1, "{place}");
            assert_eq!(count(places, "README.md", &format!("GET /patient{place}a\n")), 0, "{place}");
        }
    }

    #[test]
    fn refuses_hosts_of_registries() {
        for host in HOSTS {
            assert_eq!(count(places, "deny.toml", &format!("allow = [\"https://{host}/a\"]\n")), 1, "{host}");
        }
        assert_eq!(count(places, "Cargo.lock", &format!("source = \"{STANDARD_INDEX}\"\n")), 0);
    }
}
