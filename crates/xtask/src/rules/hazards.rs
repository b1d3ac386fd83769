//! The hazard log and the tree agree: each hazard that a rule names is described, and each control that the log names exists.

use std::collections::BTreeSet;

use super::Breach;
use crate::rust_text::Views;
use crate::tree::Tree;

const LOG: &str = "docs/hazards.md";
const RULES: &str = "crates/care/src/rules";

/// While no rule names a hazard there is nothing to agree on; from the first one, the log must be there and cover it.
pub fn check(tree: &Tree) -> Vec<Breach> {
    let named: BTreeSet<String> = rule_files(tree).flat_map(hazard_ids).collect();
    let Some(log) = tree.get(LOG) else {
        if named.is_empty() {
            return Vec::new();
        }
        let ids: Vec<String> = named.into_iter().collect();
        return vec![Breach::in_file(LOG, format!("is missing, and rules name {}", ids.join(", ")))];
    };
    let described = hazard_ids(&log.text);
    let mut breaches: Vec<Breach> = named
        .difference(&described)
        .map(|id| Breach::in_file(LOG, format!("does not describe {id}, which a rule names")))
        .collect();
    let rule_ids: BTreeSet<String> = rule_files(tree).flat_map(quoted_rule_ids).collect();
    let words: BTreeSet<String> = tree
        .rust()
        .filter(|file| !file.path.starts_with("crates/xtask/"))
        .flat_map(|file| identifiers(&Views::of(&file.text).code))
        .collect();
    for (number, line) in log.text.lines().enumerate() {
        for control in controls(line) {
            let exists = match &control {
                Control::Rule(id) => rule_ids.contains(id) || short_rule_exists(id, &rule_ids),
                Control::Test(name) => words.contains(name),
                Control::File(path) => tree.files.iter().any(|file| file.path == *path || file.path.starts_with(path)),
            };
            if !exists {
                breaches.push(Breach::on_line(
                    LOG,
                    number + 1,
                    format!("names {}, which does not exist", control.told()),
                ));
            }
        }
    }
    breaches.extend(sections_that_lack_something(&log.text));
    breaches
}

/// What each hazard has to say: what leads to it, in which order, who is harmed, what stands against it by rule and by a
/// course of events in a test, and what remains.
const PARTS: [&str; 6] = [
    "- **Causes:**",
    "- **Sequence:**",
    "- **Who is harmed, and how:**",
    "- **Controls:**",
    "- **Shown by a course of events:**",
    "- **What remains:**",
];

fn sections_that_lack_something(log: &str) -> Vec<Breach> {
    let sections = log.split("\n## HZ-").skip(1);
    sections
        .flat_map(|section| {
            let id: String = section.chars().take_while(char::is_ascii_digit).collect();
            PARTS
                .iter()
                .filter(|part| !section.contains(**part))
                .map(move |part| {
                    Breach::in_file(
                        LOG,
                        format!("HZ-{id} says nothing under \"{}\"", part.trim_matches(['-', '*', ' ', ':'])),
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn rule_files(tree: &Tree) -> impl Iterator<Item = &str> {
    tree.rust().filter(|file| file.path.starts_with(RULES)).map(|file| file.text.as_str())
}

/// What the log names between backticks and expects to find in the tree.
enum Control {
    Rule(String),
    Test(String),
    File(String),
}

impl Control {
    fn told(&self) -> String {
        match self {
            Self::Rule(id) => format!("the rule `{id}`"),
            Self::Test(name) => format!("the test `{name}`"),
            Self::File(path) => format!("the file `{path}`"),
        }
    }
}

fn controls(line: &str) -> Vec<Control> {
    line.split('`').skip(1).step_by(2).filter_map(control).collect()
}

/// Reads one piece between backticks: a rule id, a path, or the name of a test, which has at least one underscore.
fn control(piece: &str) -> Option<Control> {
    if is_rule_id(piece) {
        return Some(Control::Rule(piece.to_owned()));
    }
    let is_plain = !piece.is_empty() && piece.chars().all(|c| c.is_ascii_alphanumeric() || "_:/.-".contains(c));
    if !is_plain {
        return None;
    }
    if ["crates/", "docs/", "tests/"].iter().any(|start| piece.starts_with(start)) {
        let path = piece.split("::").next().unwrap_or(piece);
        return Some(Control::File(path.to_owned()));
    }
    let name = piece.rsplit("::").next().unwrap_or(piece);
    let is_test = name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    is_test.then(|| Control::Test(name.to_owned()))
}

/// `S01`, or in full `S01-bp-clinic`.
fn is_rule_id(word: &str) -> bool {
    let (head, tail) = word.split_once('-').map_or((word, None), |(head, tail)| (head, Some(tail)));
    let mut letters = head.chars();
    let is_head = head.len() == 3
        && letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.all(|c| c.is_ascii_digit());
    is_head
        && tail.is_none_or(|tail| {
            !tail.is_empty() && tail.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
}

fn short_rule_exists(id: &str, rule_ids: &BTreeSet<String>) -> bool {
    !id.contains('-') && rule_ids.iter().any(|full| full.split('-').next() == Some(id))
}

fn quoted_rule_ids(source: &str) -> Vec<String> {
    let text = Views::of(source).uncommented;
    text.split('"').filter(|piece| is_rule_id(piece)).map(str::to_owned).collect()
}

fn hazard_ids(text: &str) -> BTreeSet<String> {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.split("HZ-")
        .skip(1)
        .map(digits)
        .filter(|digits| !digits.is_empty())
        .map(|digits| format!("HZ-{digits}"))
        .collect()
}

fn identifiers(code: &str) -> Vec<String> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.filter(|word| word.contains('_')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: (&str, &str) = (
        "crates/care/src/rules/a.rs",
        "//! HZ-03.\nconst A: &str = \"S01-bp-clinic\";\n#[test]\nfn holds_by_reading() {}\n",
    );

    fn breaches(log: &str) -> Vec<String> {
        check(&Tree::of(&[RULE, (LOG, log)])).into_iter().map(|breach| breach.says).collect()
    }

    #[test]
    fn accepts_a_log_that_covers_its_rules() {
        let log = "## HZ-03\nControls: `S01-bp-clinic`, `S01`, `rules::a::holds_by_reading`, `crates/care/src/rules/a.rs`, `HZ-03`\n";
        assert_eq!(breaches(log), Vec::<String>::new());
    }

    #[test]
    fn demands_a_log_once_a_rule_names_a_hazard() {
        assert_eq!(check(&Tree::of(&[RULE])).len(), 1);
        assert_eq!(check(&Tree::of(&[("crates/care/src/lib.rs", "//! HZ-03.\n")])).len(), 0);
    }

    #[test]
    fn refuses_an_undescribed_hazard() {
        assert_eq!(breaches("## HZ-04\n").len(), 1);
    }

    #[test]
    fn refuses_a_hazard_without_its_sequence() {
        let whole = PARTS.map(|part| format!("{part} something\n")).concat();
        assert_eq!(breaches(&format!("# Log\n## HZ-03: x\n{whole}")), Vec::<String>::new());
        let without = whole.replace("- **Sequence:** something\n", "");
        assert_eq!(breaches(&format!("# Log\n## HZ-03: x\n{without}")).len(), 1);
    }

    #[test]
    fn refuses_controls_that_do_not_exist() {
        for control in
            ["S02-bp-home", "S09", "never_doses_alone", "care::never_doses_alone", "crates/care/src/rules/b.rs"]
        {
            assert_eq!(breaches(&format!("## HZ-03\nControls: `{control}`\n")).len(), 1, "{control}");
        }
    }
}
