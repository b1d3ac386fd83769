//! No circle of files: inside a crate, imports run one way, save between a module and those beneath it.
//!
//! Two files that need each other can only be read, tested and moved together; a circle of sixty is one file in sixty
//! pieces. A module may use what it declares and be used by it; nothing else may stand in such a circle, nor may two
//! that it declares use each other. An import through a re-export counts as one of the file that is really meant.

use std::collections::{BTreeMap, BTreeSet};

use super::{Breach, ratchet};
use crate::rust_text::Views;
use crate::tree::Tree;

/// The rooms of the server; none may import another.
const ROOMS: [&str; 5] = ["staff", "patient", "companion", "programme", "library"];

/// A module's place in its crate: `auth::keys` is `["auth", "keys"]`, the root is empty.
type Module = Vec<String>;

/// One crate as the rule sees it.
#[derive(Default)]
struct Crate {
    /// Where each module is written.
    files: BTreeMap<Module, String>,
    /// What each module names by a path into its own crate: the path, from the root.
    names: BTreeMap<Module, BTreeSet<Module>>,
    /// What each module brings into its own scope: the name there, and the path that is meant.
    scope: BTreeMap<Module, Vec<(String, Module)>>,
}

/// Circles of files in any crate. Those that are tolerated may only become smaller.
pub fn circles(tree: &Tree) -> Vec<Breach> {
    let mut counts = BTreeMap::new();
    let mut told = Vec::new();
    for (name, seen) in crates(tree) {
        let found = seen.circles();
        let files: usize = found.iter().map(Vec::len).sum();
        if files > 0 {
            counts.insert(format!("crates/{name}"), files);
        }
        for circle in found {
            told.push((format!("crates/{name}"), format!("a circle: {}", circle.join(", "))));
        }
    }
    let mut breaches = ratchet::compare(tree, "circles", &counts, "files that import each other in a circle");
    let broken: BTreeSet<String> = breaches.iter().map(|breach| breach.path.clone()).collect();
    breaches.extend(
        told.into_iter().filter(|(path, _)| broken.contains(path)).map(|(path, says)| Breach::in_file(&path, says)),
    );
    breaches
}

/// Imports of one room of the server by another.
pub fn rooms(tree: &Tree) -> Vec<Breach> {
    let Some(server) = crates(tree).remove("server") else { return Vec::new() };
    let room = |module: &Module| module.first().filter(|first| ROOMS.contains(&first.as_str())).cloned();
    let mut breaches = Vec::new();
    for (from, to) in server.edges() {
        if let (Some(mine), Some(other)) = (room(&from), room(&to))
            && mine != other
        {
            breaches.push(Breach::in_file(
                server.files.get(&from).map_or("", String::as_str),
                format!(
                    "the room `{mine}` imports `{}` of the room `{other}`; what two rooms share belongs to neither",
                    to.join("::")
                ),
            ));
        }
    }
    breaches
}

fn crates(tree: &Tree) -> BTreeMap<String, Crate> {
    let mut found: BTreeMap<String, Crate> = BTreeMap::new();
    for file in tree.rust() {
        let Some(name) = file.crate_name() else { continue };
        let Some(inside) = file.path.strip_prefix(&format!("crates/{name}/src/")) else { continue };
        let Some(stem) = inside.strip_suffix(".rs") else { continue };
        let mut module: Module = stem.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
            module.pop();
        }
        found.entry(name.to_owned()).or_default().read(module, &file.path, &file.text);
    }
    found
}

impl Crate {
    fn read(&mut self, module: Module, path: &str, text: &str) {
        let code = Views::outside_tests(text).code;
        let words = words(&code);
        let mut names = BTreeSet::new();
        let mut scope = Vec::new();
        let mut place = 0;
        // What a module declares and only passes on is not used by it.
        let passed_on =
            |place: usize| place.checked_sub(1).is_some_and(|before| matches!(word(&words, before), "pub" | ")"));
        while place < words.len() {
            let word = word(&words, place);
            let before = place.checked_sub(1).map_or("", |before| self::word(&words, before));
            let opens = matches!(word, "crate" | "super" | "self") && self::word(&words, place + 1) == "::";
            // `use<..>` in a type says what it captures and imports nothing.
            if word == "use" && self::word(&words, place + 1) != "<" {
                let mut paths = Vec::new();
                let end = use_tree(&words, place + 1, &Vec::new(), &mut paths);
                for (path, alias) in paths {
                    let meant = from_root(&module, &path);
                    let rooted = path.first().is_some_and(|first| matches!(first.as_str(), "crate" | "super"));
                    if rooted || !passed_on(place) {
                        names.insert(meant.clone());
                    }
                    scope.push((alias, meant));
                }
                place = end;
            } else if (opens || self::word(&words, place + 1) == "::") && before != "::" {
                let mut path = vec![word.to_owned()];
                while self::word(&words, place + 1) == "::" {
                    path.push(self::word(&words, place + 2).to_owned());
                    place += 2;
                }
                names.insert(from_root(&module, &path));
                place += 1;
            } else {
                place += 1;
            }
        }
        self.files.insert(module.clone(), path.to_owned());
        self.names.insert(module.clone(), names);
        self.scope.insert(module, scope);
    }

    /// The module that a path from the root really means: the deepest on the way, followed through what it re-exports.
    fn meant(&self, path: &Module, depth: usize) -> Module {
        let mut deepest: Module = Vec::new();
        for part in path {
            let mut next = deepest.clone();
            next.push(part.clone());
            if !self.files.contains_key(&next) {
                break;
            }
            deepest = next;
        }
        let Some(item) = path.get(deepest.len()) else { return deepest };
        if depth > 8 {
            return deepest;
        }
        let exports = self.scope.get(&deepest).map(Vec::as_slice).unwrap_or_default();
        match exports.iter().find(|(alias, _)| alias == item) {
            Some((_, target)) if target != path => self.meant(target, depth + 1),
            _ => deepest,
        }
    }

    /// Who uses whom.
    fn edges(&self) -> BTreeSet<(Module, Module)> {
        let mut edges = BTreeSet::new();
        for (from, names) in &self.names {
            for path in names {
                let to = self.meant(path, 0);
                // The root is named by whatever is no module of this crate.
                if *from != to && !to.is_empty() {
                    edges.insert((from.clone(), to));
                }
            }
        }
        edges
    }

    /// Circles that reach beyond a module and those beneath it, or that join two of those beneath it.
    fn circles(&self) -> Vec<Vec<String>> {
        let all = self.edges();
        let sideways =
            all.iter().filter(|(from, to)| !from.starts_with(to) && !to.starts_with(from)).cloned().collect();
        let mut found = self.strong(&sideways);
        for circle in self.strong(&all) {
            let under_one = circle.iter().any(|top| circle.iter().all(|module| module.starts_with(top)));
            let known = found.iter().any(|seen| circle.iter().all(|module| seen.contains(module)));
            if !under_one && !known {
                found.retain(|seen| !seen.iter().all(|module| circle.contains(module)));
                found.push(circle);
            }
        }
        let path = |module: &Module| self.files.get(module).cloned();
        found.iter().map(|circle| circle.iter().filter_map(path).collect()).collect()
    }

    /// Sets of modules that reach each other.
    fn strong(&self, edges: &BTreeSet<(Module, Module)>) -> Vec<Vec<Module>> {
        let reach = |start: &Module| {
            let mut reached = BTreeSet::new();
            let mut open = vec![start.clone()];
            while let Some(module) = open.pop() {
                for (_, to) in edges.iter().filter(|(from, _)| *from == module) {
                    if reached.insert(to.clone()) {
                        open.push(to.clone());
                    }
                }
            }
            reached
        };
        let reached: BTreeMap<&Module, BTreeSet<Module>> =
            self.files.keys().map(|module| (module, reach(module))).collect();
        let mut circles = Vec::new();
        let mut placed: BTreeSet<&Module> = BTreeSet::new();
        for (module, forward) in &reached {
            if !forward.contains(*module) || placed.contains(module) {
                continue;
            }
            let circle: Vec<&Module> = forward
                .iter()
                .filter_map(|other| reached.get_key_value(other))
                .filter(|(_, back)| back.contains(*module))
                .map(|(other, _)| *other)
                .collect();
            placed.extend(circle.iter().copied());
            circles.push(circle.into_iter().cloned().collect());
        }
        circles
    }
}

/// Words, `::` and single marks.
fn words(code: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut letters = code.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_alphanumeric() || letter == '_' {
            let mut word = String::from(letter);
            while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || *next == '_') {
                word.push(next);
            }
            words.push(word);
        } else if letter == ':' && letters.next_if_eq(&':').is_some() {
            words.push("::".to_owned());
        } else if !letter.is_whitespace() {
            words.push(letter.to_string());
        }
    }
    words
}

fn word(words: &[String], place: usize) -> &str {
    words.get(place).map_or("", String::as_str)
}

/// Reads one tree of a `use`, from `place`; each path with the name that it has in scope. Returns where it ends.
fn use_tree(words: &[String], mut place: usize, stem: &Module, paths: &mut Vec<(Module, String)>) -> usize {
    let mut path = stem.clone();
    loop {
        match word(words, place) {
            "{" => {
                place += 1;
                while !matches!(word(words, place), "}" | ";" | "") {
                    place = use_tree(words, place, &path, paths);
                    if word(words, place) == "," {
                        place += 1;
                    }
                }
                return place + 1;
            }
            "::" => place += 1,
            "," | "}" | ";" | "" => break,
            "as" => {
                paths.push((path, word(words, place + 1).to_owned()));
                return place + 2;
            }
            "self" if path.len() > stem.len() || !stem.is_empty() => place += 1,
            part => {
                path.push(part.to_owned());
                place += 1;
            }
        }
    }
    let alias = path.last().cloned().unwrap_or_default();
    paths.push((path, alias));
    place
}

/// A path as written in a module, from the root of the crate.
fn from_root(module: &Module, path: &[String]) -> Module {
    let mut place = module.clone();
    let mut rest = path;
    match rest.first().map(String::as_str) {
        Some("crate") => {
            place.clear();
            rest = rest.get(1..).unwrap_or_default();
        }
        Some("self") => rest = rest.get(1..).unwrap_or_default(),
        _ => {}
    }
    while rest.first().is_some_and(|first| first == "super") {
        place.pop();
        rest = rest.get(1..).unwrap_or_default();
    }
    place.extend(rest.iter().filter(|part| *part != "*").cloned());
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_CIRCLES: (&str, &str) = ("crates/xtask/ratchet.toml", "[circles]\n");

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        circles(&Tree::of(files)).into_iter().map(|breach| breach.to_string()).collect()
    }

    #[test]
    fn a_circle_of_three_files_is_found_and_told() {
        let told = said(&[
            NO_CIRCLES,
            ("crates/store/src/lib.rs", "mod a; mod b; mod c;"),
            ("crates/store/src/a.rs", "use crate::b::B;"),
            ("crates/store/src/b.rs", "fn f() { crate::c::go() }"),
            ("crates/store/src/c.rs", "use super::{a::A, b};"),
        ]);
        let all = "a circle: crates/store/src/a.rs, crates/store/src/b.rs, crates/store/src/c.rs";
        assert!(told.iter().any(|line| line.contains(all)), "{told:?}");
    }

    #[test]
    fn what_a_type_captures_is_no_import_and_a_broken_import_ends() {
        let told = said(&[
            NO_CIRCLES,
            ("crates/store/src/lib.rs", "mod a; mod b;"),
            ("crates/store/src/a.rs", "fn f() -> impl Iterator<Item = u8> + use<> { g(1, 2); crate::b::go() }"),
            ("crates/store/src/b.rs", "use {x; fn f() { crate::a::f() }"),
        ]);
        assert!(told.iter().any(|line| line.contains("store/src/a.rs, crates/store/src/b.rs")), "{told:?}");
    }

    #[test]
    fn a_circle_behind_a_re_export_is_found() {
        let told = said(&[
            NO_CIRCLES,
            ("crates/server/src/lib.rs", "mod http; mod state;"),
            (
                "crates/server/src/http/mod.rs",
                "mod form; pub mod route; pub use form::Form; pub use route::{Entry, Routes};",
            ),
            ("crates/server/src/http/form.rs", ""),
            ("crates/server/src/http/route.rs", "use crate::state::App;"),
            ("crates/server/src/state.rs", "use crate::http::{Form, Routes as Ways};"),
        ]);
        assert!(told.iter().any(|line| line.contains("http/route.rs, crates/server/src/state.rs")), "{told:?}");
        assert!(!told.iter().any(|line| line.contains("form.rs")), "{told:?}");
    }

    #[test]
    fn a_parent_and_its_children_may_use_each_other_and_tests_anything() {
        let told = said(&[
            NO_CIRCLES,
            ("crates/care/src/lib.rs", "mod rules; pub use rules::Rule;"),
            ("crates/care/src/rules/mod.rs", "mod one; use one::RULE; pub struct Rule;"),
            (
                "crates/care/src/rules/one.rs",
                "use super::Rule; use crate::Rule as Other; #[cfg(test)] mod tests { use crate::two::X; }",
            ),
            ("crates/care/src/two.rs", "use crate::rules::one::RULE; // crate::two is no import"),
        ]);
        assert_eq!(told, Vec::<String>::new());
    }

    #[test]
    fn a_circle_through_a_module_and_one_beneath_it_is_found() {
        let told = said(&[
            NO_CIRCLES,
            ("crates/care/src/lib.rs", "pub mod command; pub mod schedule;"),
            ("crates/care/src/command/mod.rs", "mod safety; pub fn decide() { safety::check() }"),
            ("crates/care/src/command/safety.rs", "use crate::schedule::due;"),
            ("crates/care/src/schedule.rs", "use crate::command::decide;"),
        ]);
        assert!(told.iter().any(|line| line.contains("command/safety.rs") && line.contains("schedule.rs")), "{told:?}");
    }

    #[test]
    fn one_room_that_imports_another_is_found_also_through_super() {
        let files = [
            ("crates/server/src/lib.rs", "mod staff; mod patient; mod forms;"),
            ("crates/server/src/staff/mod.rs", "pub mod session;"),
            ("crates/server/src/staff/session.rs", "use crate::forms::day;"),
            ("crates/server/src/patient/mod.rs", "use super::staff::session::read_vitals;"),
            ("crates/server/src/forms.rs", ""),
        ];
        let found = rooms(&Tree::of(&files));
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|breach| breach.path == "crates/server/src/patient/mod.rs"));
    }
}
