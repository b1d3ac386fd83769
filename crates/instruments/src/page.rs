//! The page of one instrument for `docs/instruments/`, written from its file so that it cannot drift from it.

use std::fmt::Write;

use crate::catalogue::Catalogue;
use crate::model::{ChangeBasis, Embed, Instrument, MissingPolicy, TextStatus};

fn list(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## {heading}\n");
    for line in lines {
        let _ = writeln!(out, "- {line}");
    }
}

/// The page, as Markdown.
#[must_use]
pub fn page(i: &Instrument) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n\n{}\n", i.title, i.summary);
    let embed = match i.embed {
        Embed::Yes => "carried and shown",
        Embed::NonCommercial => "non-commercial use only; keep it out of any build that is sold",
        Embed::No => "not carried: use the service's own licensed form, and enter the answers or the total",
    };
    let status = match i.text_status {
        TextStatus::Verified => format!("read to the letter in {} stored copies", i.text_sources),
        TextStatus::FromMemory => {
            "from memory: not shown to patients before somebody has compared it with its source".into()
        }
        TextStatus::OwnWords => "our own words; unvalidated".into(),
        TextStatus::None => "none".into(),
    };
    for (what, value) in [
        ("Id", format!("`{}`, version {}", i.id, i.version)),
        ("Filled in by", i.mode.word().to_owned()),
        ("Asks about", i.recall.clone()),
        ("Items", format!("{}, about {} min", i.items.len(), i.minutes)),
        ("Text", format!("{embed}; {status}")),
        ("Licence", format!("{} ({}). {}", i.licence.status, i.licence.holder, i.licence.terms)),
        ("Shown with the form", i.licence.attribution.clone()),
    ] {
        if !value.is_empty() {
            let _ = writeln!(out, "- **{what}:** {value}");
        }
    }
    if i.legal_review {
        let _ = writeln!(
            out,
            "- **To confirm:** the licence reading is ours; a person should confirm it once before release."
        );
    }
    let items: Vec<String> = i
        .items
        .iter()
        .map(|item| {
            let words = if i.may_show_text() && !item.text.is_empty() { &item.text } else { &item.topic };
            let asked = if item.ask_if.is_some() { " (asked only if an earlier answer calls for it)" } else { "" };
            format!("`{}` {}{asked}", item.id, words.replace('\n', " "))
        })
        .collect();
    list(&mut out, "Items", &items);
    let scores: Vec<String> = i
        .scores
        .iter()
        .map(|s| {
            let missing = match s.missing {
                MissingPolicy::Refuse => format!("no score when more than {} are missing", s.max_missing),
                MissingPolicy::Prorate => format!("prorated with up to {} missing", s.max_missing),
                MissingPolicy::Ignore => "works with what is answered".into(),
            };
            format!(
                "`{}` {}: {} of {} items, {} to {}, {}; {missing} ({})",
                s.id,
                s.label,
                s.method.word(),
                s.items.len() + s.groups.iter().map(|g| g.items.len()).sum::<usize>(),
                s.min,
                s.max,
                s.direction.word(),
                s.missing_source.word()
            )
        })
        .collect();
    list(&mut out, "Scores", &scores);
    let bands: Vec<String> =
        i.bands.iter().map(|b| format!("`{}` {} to {}: {} ({})", b.score, b.min, b.max, b.label, b.source)).collect();
    list(&mut out, "Bands", &bands);
    let cutoffs: Vec<String> = i
        .cutoffs
        .iter()
        .map(|c| {
            let whom: Vec<String> = c.context.iter().map(|(key, value)| format!("{key} {value}")).collect();
            let whom = if whom.is_empty() { String::new() } else { format!(" for {}", whom.join(", ")) };
            let default = if c.default { ", used by default" } else { "" };
            format!("`{}` {} {} {}{whom}{default}: {} ({})", c.id, c.score, c.op.word(), c.value, c.meaning, c.source)
        })
        .collect();
    list(&mut out, "Cut-offs", &cutoffs);
    let rules: Vec<String> = i.rules.iter().map(|r| format!("`{}` ({}): {}", r.id, r.kind.word(), r.label)).collect();
    list(&mut out, "Rules", &rules);
    let safety: Vec<String> =
        i.safety.iter().map(|s| format!("`{}`, {}: {}", s.id, s.level.word(), s.action)).collect();
    list(&mut out, "Safety items", &safety);
    list(&mut out, "Change", &i.change.iter().map(change_line).collect::<Vec<_>>());
    let schedule: Vec<String> = i
        .schedule
        .iter()
        .map(|p| {
            let note = if p.note.is_empty() { String::new() } else { format!(". {}", p.note) };
            format!("{}: {}{note}", p.point, p.need)
        })
        .collect();
    list(&mut out, "When", &schedule);
    list(&mut out, "Where sources disagree", &i.disagreements);
    let sources: Vec<String> =
        i.sources.iter().map(|s| format!("`{}` ({}): {}. For: {}", s.id, s.kind, s.citation, s.supports)).collect();
    list(&mut out, "Sources", &sources);
    if !i.loinc.panel.is_empty() || !i.loinc.total.is_empty() {
        let _ = writeln!(
            out,
            "\n## LOINC\n\nPanel {}, total {} (confidence: {}). {}\n\nThis material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.",
            i.loinc.panel, i.loinc.total, i.loinc.confidence, i.loinc.note
        );
    }
    out
}

fn change_line(c: &crate::model::Change) -> String {
    let points = c.points.map(|p| format!("{} of at least {p} points", c.direction.word()));
    let percent = c.percent.map(|p| format!("{} of at least {p} %", c.direction.word()));
    let level = c.level_op.zip(c.level).map(|(op, level)| format!("now {} {level}", op.word()));
    let parts: Vec<String> = match c.basis {
        ChangeBasis::Points => points.into_iter().collect(),
        ChangeBasis::Percent => percent.into_iter().collect(),
        ChangeBasis::Level => level.into_iter().collect(),
        ChangeBasis::PointsAndLevel => points.into_iter().chain(level).collect(),
    };
    let default = if c.default { ", used by default" } else { "" };
    format!(
        "`{}` {}: {}: {}{default}. {} ({}; {})",
        c.id,
        c.kind.word(),
        c.score,
        parts.join(" and "),
        c.meaning,
        c.population,
        c.source
    )
}

/// The list of all pages, as Markdown.
#[must_use]
pub fn index(catalogue: &Catalogue) -> String {
    let mut out = String::from(
        "# Instruments\n\nOne page for each, written from its data file. No instrument here is a diagnosis or a medical device.\n\n| instrument | who | text | items |\n| --- | --- | --- | ---: |\n",
    );
    for i in catalogue.iter() {
        let _ = writeln!(
            out,
            "| [{}]({}.md) | {} | {} | {} |",
            i.short,
            i.id,
            i.mode.word(),
            i.embed.word(),
            i.items.len()
        );
    }
    out
}
