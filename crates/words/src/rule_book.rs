//! The rule book that clinicians read, made from the rules themselves, so that it can never say something else than
//! what the program does. It prints as a page (`docs/RULES.md`), as plain text for a terminal, and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use stillwater_care::rules::{Gate, Hazard, Limit, RULES, Rule, TightenDirection};

use crate::findings::{for_patient, override_by};
use crate::{Words, number};

/// What stands above the rules, whoever reads them.
const PREFACE: [&str; 5] = [
    "This is not medical advice, and no number here is in force at a clinic before its medical director has confirmed it.",
    "A missing, stale or impossible value is an answer, and never counts as normal: it blocks, or says what it does.",
    "A protocol may tighten a limit in the direction named and can never loosen it. A fixed limit cannot be moved.",
    "Warn: a named person records a reason. Escalate: a clinician decides now. Block: the step cannot go ahead.",
    "What can be asked or measured is never overridden. A block is overridden by nobody, unless two clinicians are named.",
];

/// How many rules are signed, in words.
#[must_use]
pub fn signed_words() -> String {
    match RULES.iter().filter(|rule| rule.signed.is_some()).count() {
        0 => "Signed: nobody yet".to_owned(),
        signed => format!("Signed: {signed} of {} rules", RULES.len()),
    }
}

/// The rules that stand first at a gate, so that each is told once, with the other gates named beside it.
fn told_at(gate: Gate) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(move |rule| rule.gates.first() == Some(&gate))
}

fn gates_words(rule: &Rule) -> String {
    rule.gates.iter().map(|gate| Words::english().term(*gate)).collect::<Vec<_>>().join(", ")
}

fn hazard_words(hazard: Hazard) -> String {
    format!("{} {}", hazard.id(), Words::english().term(hazard))
}

fn signed(rule: &Rule) -> &'static str {
    rule.signed.unwrap_or("nobody yet")
}

/// Which way a protocol may move a limit.
#[must_use]
pub fn tighter_words(tighter: TightenDirection) -> &'static str {
    match tighter {
        TightenDirection::Lower => "a protocol may only lower it",
        TightenDirection::Higher => "a protocol may only raise it",
        TightenDirection::Fixed => "fixed",
    }
}

fn unit(limit: &Limit) -> String {
    Words::english().term(limit.unit)
}

fn limit_words(limit: &Limit) -> String {
    format!("{}: {} {} ({})", limit.name, number(limit.default), unit(limit), tighter_words(limit.tighter))
}

/// The rule book as Markdown: what `docs/RULES.md` holds.
#[must_use]
pub fn book_markdown() -> String {
    let mut out = String::from("# The rule book\n\n");
    let _ = writeln!(
        out,
        "**{}.** {} rules, made from the program's own rules; edit those, not this page.\n",
        signed_words(),
        RULES.len()
    );
    for line in PREFACE {
        let _ = writeln!(out, "- {line}");
    }
    out.push_str("\nHazards: ");
    out.push_str(&Hazard::ALL.map(hazard_words).join("; "));
    out.push_str(". The hazard log is [hazards.md](hazards.md).\n");
    out.push_str(&ages_markdown());
    for gate in Gate::ALL {
        let _ = write!(out, "\n## {}\n", heading(gate));
        for rule in told_at(gate) {
            markdown_rule(&mut out, rule);
        }
    }
    out
}

/// The greatest age of each fact at each gate, from the limits that say one.
fn ages_markdown() -> String {
    let mut out = String::from(
        "\n## How old a fact may be\n\nAn age that is reached is too old. Every one is unsigned; an answer of the day must be of the same day too.\n\n",
    );
    out.push_str("| Fact | Gate | Setting | Younger than | Rule | Limit |\n| --- | --- | --- | ---: | --- | --- |\n");
    for line in ages() {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// One line for each fact, rule and limit, sorted by the fact.
fn ages() -> Vec<String> {
    let words = Words::english();
    let mut lines = Vec::new();
    for rule in RULES {
        for limit in rule.limits {
            let Some(oldest) = limit.oldest else { continue };
            let gates: Vec<String> = oldest.gates.iter().map(|gate| words.term(*gate)).collect();
            let setting = oldest.setting.map_or_else(|| "both".to_owned(), |setting| words.term(setting));
            let age = format!("{} {}", number(limit.default), unit(limit));
            for fact in oldest.facts {
                let fact = words.term(*fact);
                let gates = gates.join(", ");
                lines.push(format!("| {fact} | {gates} | {setting} | {age} | {} | {} |", rule.id, limit.name));
            }
        }
    }
    lines.sort();
    lines
}

/// What is written over the rules of a gate.
fn heading(gate: Gate) -> &'static str {
    match gate {
        Gate::Eligibility => "Before somebody is found eligible",
        Gate::Order => "Before a dose is ordered",
        Gate::Scheduling => "Before a session is put in the calendar",
        Gate::Dose => "On the day, before a dose",
        Gate::InSession => "While a session runs",
        Gate::Release => "Before somebody is let go",
    }
}

fn markdown_rule(out: &mut String, rule: &Rule) {
    let _ = write!(out, "\n### {}\n\n{}\n\n", rule.id, rule.says);
    let _ = writeln!(out, "- Stands at: {}", gates_words(rule));
    let _ = writeln!(out, "- Hazard: {}", hazard_words(rule.controls));
    let _ = writeln!(out, "- Gravest severity: {}", Words::english().term(rule.severity));
    let _ = writeln!(out, "- No answer: {}", rule.no_answer);
    let _ = writeln!(out, "- Override: {}", override_by(Words::english(), rule));
    let _ = writeln!(out, "- Source: {}", rule.source);
    let _ = writeln!(out, "- Signed: {}", signed(rule));
    if !rule.limits.is_empty() {
        out.push_str("\n| Limit | Default | Unit | Protocol |\n| --- | ---: | --- | --- |\n");
        for limit in rule.limits {
            let way = tighter_words(limit.tighter);
            let _ = writeln!(out, "| {} | {} | {} | {way} |", limit.name, number(limit.default), unit(limit));
        }
    }
}

/// The rule book as plain text, no line longer than `width` where words allow (at least 40).
#[must_use]
pub fn book_text(width: usize) -> String {
    let width = width.max(40);
    let mut out = format!("THE RULE BOOK   {} rules   {}\n\n", RULES.len(), signed_words().to_uppercase());
    for line in PREFACE {
        wrap(&mut out, "- ", line, width);
    }
    for gate in Gate::ALL {
        let _ = write!(out, "\n{}\n", heading(gate).to_uppercase());
        for rule in told_at(gate) {
            let _ = write!(out, "\n{}   [{}]   {}\n", rule.id, Words::english().term(rule.severity), gates_words(rule));
            wrap(&mut out, "  ", rule.says, width);
            wrap(&mut out, "  Hazard     ", &hazard_words(rule.controls), width);
            wrap(&mut out, "  No answer  ", rule.no_answer, width);
            for limit in rule.limits {
                wrap(&mut out, "  Limit      ", &limit_words(limit), width);
            }
            wrap(&mut out, "  Override   ", &override_by(Words::english(), rule), width);
            wrap(&mut out, "  Source     ", rule.source, width);
            wrap(&mut out, "  Signed     ", signed(rule), width);
        }
    }
    out
}

/// Breaks `text` at blanks; later lines stand under the first word.
fn wrap(out: &mut String, lead: &str, text: &str, width: usize) {
    out.push_str(lead);
    let mut column = lead.len();
    let mut first = true;
    for word in text.split_whitespace() {
        if !first && column + 1 + word.chars().count() > width {
            out.push('\n');
            out.push_str(&" ".repeat(lead.len()));
            column = lead.len();
            first = true;
        }
        if !first {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.chars().count();
        first = false;
    }
    out.push('\n');
}

/// The rule book as JSON.
#[must_use]
pub fn book_json() -> Value {
    let limit = |limit: &Limit| {
        json!({
            "name": limit.name,
            "default": limit.default,
            "unit": unit(limit),
            "protocol_may": match limit.tighter {
                TightenDirection::Lower => "lower",
                TightenDirection::Higher => "raise",
                TightenDirection::Fixed => "nothing",
            },
        })
    };
    let rule = |rule: &&Rule| {
        json!({
            "id": rule.id,
            "says": rule.says,
            "gates": rule.gates,
            "severity": rule.severity,
            "hazard": { "id": rule.controls.id(), "words": Words::english().term(rule.controls) },
            "no_answer": rule.no_answer,
            "limits": rule.limits.iter().map(limit).collect::<Vec<_>>(),
            "override": override_by(Words::english(), rule),
            "source": rule.source,
            "signed": rule.signed,
            "patient_words": for_patient(Words::english(), rule.id),
        })
    };
    json!({ "schema": "rule-book/1", "notes": PREFACE, "rules": RULES.iter().map(rule).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
    use stillwater_care::finding::Severity;
    use stillwater_care::rules::Override;

    use super::*;

    #[test]
    fn every_rule_and_limit_is_told_once_on_the_page() {
        let page = book_markdown();
        for rule in RULES {
            assert_eq!(page.matches(&format!("### {}\n", rule.id)).count(), 1, "{}", rule.id);
            assert!(page.contains(rule.says) && page.contains(rule.source), "{}", rule.id);
            for limit in rule.limits {
                assert!(page.contains(&format!("| {} |", limit.name)), "{} {}", rule.id, limit.name);
            }
        }
        assert!(page.contains("**Signed: nobody yet.**"));
    }

    #[test]
    fn plain_text_keeps_to_its_width_and_says_that_nobody_signed() {
        for width in [0, 80, 120] {
            let text = book_text(width);
            assert!(text.contains("SIGNED: NOBODY YET"));
            // A web address or an id may be longer than a narrow line, and is never broken.
            for line in text.lines().filter(|line| line.split_whitespace().count() > 5) {
                assert!(line.chars().count() <= width.max(80), "{line:?}");
            }
            for rule in RULES {
                assert!(text.contains(rule.id), "{}", rule.id);
            }
        }
    }

    #[test]
    fn json_holds_each_rule_with_its_numbers() {
        let book = book_json();
        let rules = book["rules"].as_array().unwrap();
        assert_eq!(rules.len(), RULES.len());
        let clinic = rules.iter().find(|rule| rule["id"] == "S01-bp-clinic").unwrap();
        assert_eq!(clinic["hazard"]["id"], "HZ-03");
        assert_eq!(clinic["limits"][2]["default"], 160.0);
        assert_eq!(clinic["limits"][2]["protocol_may"], "lower");
        assert!(clinic["signed"].is_null());
    }

    #[test]
    fn a_block_is_never_said_to_be_overridable_by_one_person() {
        for rule in RULES.iter().filter(|rule| rule.severity == Severity::Block) {
            let words = override_by(Words::english(), rule);
            let plain =
                [Override::Never, Override::TwoCliniciansInClinic].iter().any(|by| words == Words::english().term(*by));
            assert!(plain || words.ends_with("a block: nobody"), "{}: {words}", rule.id);
        }
    }
}
