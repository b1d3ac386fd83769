//! One study as a page: design, people, numbers, limits, funding, our reading, and what was not reached.

use axum::extract::Path;
use maud::{Markup, html};
use stillwater_trials::{NOT_CHECKED, ReportedOutcome, Study, library};
use stillwater_ui::format;
use stillwater_ui::{self as ui, data_table, key_values};

use super::list::{facts, host, sources, verdict};
use super::{draw, fact};
use crate::http::{PageContext, Problem};

pub async fn page(ctx: PageContext, Path(slug): Path<String>) -> Result<Markup, Problem> {
    let Some(study) = stillwater_trials::study(&slug) else { return Err(Problem::not_found()) };
    let rows: Vec<&ReportedOutcome> = library().rows_of(study).collect();
    let body = html! {
        p { a href="/evidence" { "All studies" } " · " (study.group.heading()) }
        div .evidence-head.one {
            section .panel {
                h2 { "On its primary outcome: " (verdict(study)) }
                p .lead { (fact(&study.headline)) }
                p { strong { "Our reading. " } (study.reading) }
            }
            section .panel.not-known {
                h2 { "What it cannot say" }
                ul { @for limit in &study.limits { li { (limit) } } }
                @if !study.not_reached.is_empty() { p { strong { "Not reached: " } (study.not_reached.join(", ")) ". What was not reached is not zero." } }
            }
        }
        section .panel.evidence-facts {
            h2 { "How it was done" }
            (key_values(&[
                ("Design", fact(&study.design)),
                ("People", fact(&study.people)),
                ("Given", fact(&study.dose)),
                ("Compared with", html! { (fact(&study.control)) " · " (study.control_kind.word()) }),
                ("Measured", fact(&study.instrument)),
                ("Register", html! { (study.registry.as_deref().unwrap_or("not reached")) }),
                ("Funding", study.funding.as_ref().map_or_else(|| html! { "not reached" }, fact)),
            ]))
            (facts("Further results", study.numbers.iter().chain(&study.speed)))
            (facts("Side effects", &study.safety))
        }
        @if let Some(figure) = draw::study(study) { div .figures { (figure.draw()) } }
        @if !rows.is_empty() { (numbers(study, &rows)) }
        (sources(study))
    };
    Ok(ui::staff_page(&ctx, &study.name, "evidence", body))
}

fn numbers(study: &Study, rows: &[&ReportedOutcome]) -> Markup {
    let mut notes: Vec<&str> = Vec::new();
    for note in rows.iter().filter_map(|row| row.note()) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let cells: Vec<Vec<Markup>> = rows.iter().map(|row| cells(row, &notes)).collect();
    let headings = [
        "Outcome",
        "# After first dose",
        "# Treated",
        "# Control",
        "# Difference",
        "# Standardised",
        "Standing",
        "Note",
    ];
    html! {
        section .evidence-rows {
            h2 { "Every number" }
            p .quiet { "n; mean (SD), or share. Below zero favours the treatment on every symptom scale. A difference of shares stands under Difference." }
            (data_table(&format!("Every number of {}", study.name), &headings, &cells))
            @if !notes.is_empty() {
                ol .notes { @for (at, note) in notes.iter().enumerate() { li id=(format!("note-{}", at + 1)) { (note) } } }
            }
        }
    }
}

/// A row's cells; its note is named by its number, since many rows share one.
fn cells(row: &ReportedOutcome, notes: &[&str]) -> Vec<Markup> {
    let words: [String; 4] = match row.numbers() {
        None => [(); 4].map(|()| NOT_CHECKED.to_owned()),
        Some(found) => [
            side(found.treated, found.treated_mean, found.treated_sd),
            side(found.control, found.control_mean, found.control_sd),
            with_interval(found.difference, found.interval),
            with_interval(found.standardised, found.interval.filter(|_| found.difference.is_none())),
        ],
    };
    let note = row.note().and_then(|note| notes.iter().position(|one| *one == note)).map(|at| at + 1);
    let time = row.hours.map_or_else(|| "–".to_owned(), draw::time);
    let mut cells = vec![html! { (row.outcome) }, html! { (time) }];
    cells.extend(words.into_iter().map(|words| html! { (words) }));
    let host = row.source.as_deref().map(host).unwrap_or_default();
    cells.push(html! {
        @match &row.source {
            Some(source) => a href=(source) rel="noreferrer" title=(host) { (row.standing.short()) span .sr { " at " (host) } },
            None => (row.standing.short()),
        }
    });
    cells.push(html! { @if let Some(note) = note { a href=(format!("#note-{note}")) aria-label=(format!("Note {note}")) { (note) } } });
    cells
}

fn plain(value: f64) -> String {
    let decimals = if value.fract().abs() < 1e-9 { 0 } else { 2 };
    format::number(value, decimals)
}

fn side(n: Option<usize>, mean: Option<f64>, sd: Option<f64>) -> String {
    let n = n.map(|n| n.to_string());
    let mean = mean.map(|mean| match sd {
        Some(sd) => format!("{} ({})", plain(mean), plain(sd)),
        None => plain(mean),
    });
    match (n, mean) {
        (Some(n), Some(mean)) => format!("{n}; {mean}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "–".to_owned(),
    }
}

fn with_interval(value: Option<f64>, interval: Option<(f64, f64)>) -> String {
    match (value, interval) {
        (Some(value), Some((low, high))) => {
            format!("{} ({} to {})", format::number(value, 2), format::number(low, 2), format::number(high, 2))
        }
        (Some(value), None) => format::number(value, 2),
        (None, _) => "–".to_owned(),
    }
}
