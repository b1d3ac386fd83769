//! The document of events, written from the list itself: what each says, and which command yields it.

use std::fmt::Write;

use super::{SENTENCES, STORED_NAMES};
use crate::command::COMMAND_ACCESS;
use crate::roles::Role;

/// The families with their payloads' source: the fields are documented once, beside their types, and read from there.
const FAMILIES: &[(&str, &str)] = &[
    ("How somebody comes to us", include_str!("referral.rs")),
    ("Measures", include_str!("measure.rs")),
    ("Decisions", include_str!("decision.rs")),
    ("On what ground a medicine is prescribed", include_str!("prescribing.rs")),
    ("What is at home, and the safety programme of esketamine", include_str!("supply.rs")),
    ("Preparation and therapy", include_str!("preparation.rs")),
    ("Sessions", include_str!("session.rs")),
    ("What happened, as it happened", include_str!("reality.rs")),
    ("Alerts", include_str!("alert.rs")),
    ("After the session", include_str!("follow_up.rs")),
];

/// The document, as Markdown.
#[must_use]
pub fn events_markdown() -> String {
    let mut out = String::from(
        "# Events\n\nPrinted from the code; do not edit. What happened to a patient is told in these, in this order of first use; a name is \
         never reused, and a sample of each is kept in `crates/care/tests/golden/`.\n\n| event | version | what happened |\n| --- | ---: | --- |\n",
    );
    for (name, version) in STORED_NAMES {
        let says = SENTENCES.iter().find(|(known, _)| known == name).map_or("", |(_, says)| says.trim());
        let _ = writeln!(out, "| {name} | {version} | {says} |");
    }
    for (title, source) in FAMILIES {
        let _ = write!(out, "\n## {title}\n");
        for (name, version) in STORED_NAMES {
            let Some(fields) = fields(source, name) else { continue };
            let _ = write!(out, "\n### {name}, version {version}\n");
            if !fields.is_empty() {
                out.push_str("\n| field | type | meaning |\n| --- | --- | --- |\n");
            }
            for (field, kind, meaning) in fields {
                let _ = writeln!(out, "| `{field}` | `{kind}` | {meaning} |");
            }
        }
    }
    out.push_str("\n## Commands, and who may ask for them\n\nAn event comes only of a command that was decided; the watch rules and the ticker add alerts.\n\n| command |");
    let asking: Vec<Role> = Role::ALL.into_iter().filter(|role| *role != Role::Administrator).collect();
    for role in &asking {
        let _ = write!(out, " {} |", role.code());
    }
    out.push_str("\n| --- |");
    out.push_str(&" :-: |".repeat(asking.len()));
    out.push('\n');
    for (name, roles) in COMMAND_ACCESS {
        if *name == "Tick" {
            continue;
        }
        let _ = write!(out, "| {name} |");
        for role in &asking {
            out.push_str(if roles.contains(role) { " yes |" } else { " – |" });
        }
        out.push('\n');
    }
    out.push_str("\n`Tick` is asked for by the program itself, as time passes, and by nobody else.\n");
    out
}

/// The fields of a payload, with what is written above each.
fn fields(source: &str, name: &str) -> Option<Vec<(String, String, String)>> {
    let (_, body) = source.split_once(&format!("pub struct {name} {{"))?;
    let (body, _) = body.split_once("\n}")?;
    let mut fields = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    for line in body.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("/// ") {
            said.push(words);
        } else if let Some((field, kind)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": ")) {
            fields.push((field.to_owned(), kind.trim_end_matches(',').to_owned(), said.join(" ")));
            said.clear();
        }
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_fields_of_a_payload_are_found_with_what_is_said_of_them() {
        let found = fields("pub struct Example {\n    /// How much.\n    pub much: f64,\n}", "Example").unwrap();
        assert_eq!(found, vec![("much".to_owned(), "f64".to_owned(), "How much.".to_owned())]);
    }

    #[test]
    fn every_event_has_its_fields_in_the_document() {
        let text = events_markdown();
        for (name, version) in STORED_NAMES {
            assert!(text.contains(&format!("### {name}, version {version}")), "{name}");
        }
    }
}
