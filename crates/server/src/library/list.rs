//! The list of studies: for and against side by side, then every study by its kind, and what nobody knows.

use maud::{Markup, html};
use stillwater_trials::{Group, Study, Verdict, all};
use stillwater_ui::{self as ui, data_table};

use super::{draw, fact, reviewed};
use crate::http::PageContext;

/// What the studies together leave open, from the reference's own summary.
const NOT_KNOWN: [&str; 8] = [
    "Whether PTSD is better many months later: the longest follow-up of a trial that was found is 90 days, in 26 people or fewer. A response fades in about four weeks.",
    "Whether repeated dosing is safe over years: bladder, liver, misuse.",
    "How much is expectation. People can tell ketamine from midazolam, and the best-masked ketamine trial, of depression, found no difference.",
    "Whether ketamine adds anything to exposure therapy. So far it has not.",
    "Which dose, how many, how far apart. Trials at 0.5 mg/kg disagree.",
    "Whether it works at home. No study at home had a control, and most were not of PTSD.",
    "For whom it works. Results for veterans and civilians apart, by sex or by kind of trauma, were not reached.",
    "What the full papers say: only abstracts, first pages, registry entries and some tables were read. What was not reached is not zero.",
];

pub async fn page(ctx: PageContext) -> Markup {
    let body = html! {
        p { "What has been published on ketamine for PTSD, the trials that found nothing beside those that did. It informs clinicians and replaces none. Last read against its sources on " strong { (reviewed()) } "." }
        p .row {
            a .button.primary href="/evidence/pool" { "Pool trials yourself" }
        }
        div .evidence-head {
            (side("For", Verdict::For, "Trials and reviews of ketamine in which it did better on the primary outcome."))
            (side("Against", Verdict::Against, "Trials, reviews and guidance in which it did no better, or that advise against it."))
            section .panel.not-known {
                h2 { "What we do not know" }
                ul { @for one in NOT_KNOWN { li { (one) } } }
            }
        }
        @for group in Group::ALL {
            section {
                h2 { (group.heading()) }
                p .quiet { (says(group)) }
                @if group == Group::Uncontrolled
                    && let Some(figure) = draw::own_changes(None) { div .figures { (figure.draw()) } }
                (table(group))
            }
        }
    };
    ui::staff_page(&ctx, "Evidence", "evidence", body)
}

/// Whether a study belongs in the two columns at the top: trials and reviews of ketamine, and the guideline on it.
fn of_ketamine(study: &Study) -> bool {
    matches!(study.group, Group::Randomised | Group::Masked | Group::Pooled) || study.slug == "va-dod-2023"
}

fn side(heading: &str, verdict: Verdict, says: &str) -> Markup {
    let found: Vec<&Study> = all().iter().filter(|study| study.verdict == verdict && of_ketamine(study)).collect();
    html! {
        section .panel.verdict-side {
            h2 { (heading) " (" (found.len()) ")" }
            p .quiet { (says) }
            ul {
                @for study in found {
                    li { a href=(format!("/evidence/{}", study.slug)) { (study.name) } ": " (study.headline.shown()) ". " @if let Some(limit) = study.limits.first() { span .quiet { (limit) } } }
                }
            }
        }
    }
}

fn says(group: Group) -> &'static str {
    match group {
        Group::Randomised => {
            "Each by what it found on its primary outcome. “Neither” is a trial whose primary outcome does not answer, or whose results were not reached."
        }
        Group::Masked => "Kept because nobody could tell what they had been given.",
        Group::Uncontrolled => {
            "A fall from people's own start, without a control, mixes drug, expectation, therapy, time, selection on a high score, and the loss of those who did badly. It is never pooled with a difference between arms."
        }
        Group::AtHome => {
            "None has a control, and most are of depression. Side effects that nobody asks for are a floor."
        }
        Group::Pooled => {
            "The effects of their single trials were not reached, so none can be worked out again; and none is pooled again, since its trials would count twice."
        }
        Group::Conventional => {
            "A difference against a waiting list and one against an active medicine are not on one ladder: read the control before the number."
        }
        Group::Safety => "Means hide peaks.",
    }
}

fn table(group: Group) -> Markup {
    let rows: Vec<Vec<Markup>> = all()
        .iter()
        .filter(|study| study.group == group)
        .map(|study| {
            vec![
                html! { a href=(format!("/evidence/{}", study.slug)) { (study.name) } },
                verdict(study),
                html! { (study.headline.shown()) },
                html! { (study.people.shown()) },
                html! { (study.control_kind.word()) },
            ]
        })
        .collect();
    html! {
        div .evidence-table { (data_table(group.heading(), &["Study", "On its primary outcome", "What it found", "People", "Control"], &rows)) }
    }
}

/// The verdict as a word with a shape; every verdict in the same type.
pub fn verdict(study: &Study) -> Markup {
    let shape = match study.verdict {
        Verdict::For => "▲",
        Verdict::Against => "▼",
        Verdict::Neither => "–",
    };
    html! { span .verdict { span aria-hidden="true" { (shape) } " " (study.verdict.word()) } }
}

/// The sources of a study, with where each was read.
pub fn sources(study: &Study) -> Markup {
    let library = stillwater_trials::library();
    html! {
        section .panel {
            h2 { "Sources" }
            ul .sources {
                @for source in study.sources().into_iter().filter_map(|number| library.source(number)) {
                    li id=(format!("source-{}", source.number)) {
                        "[" (source.number) "] " (source.title) ": "
                        @for (at, link) in source.links.iter().enumerate() {
                            @if at > 0 { ", " }
                            a href=(link) rel="noreferrer" { (host(link)) }
                        }
                    }
                }
            }
            p .quiet { "Each was read in a stored copy at this address. Last read against them on " (reviewed()) "." }
        }
    }
}

/// The site of an address.
pub fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest).trim_start_matches("www.")
}

/// A list of facts under a heading; nothing where there is none.
pub fn facts<'f>(heading: &str, facts: impl IntoIterator<Item = &'f stillwater_trials::Fact>) -> Markup {
    let mut facts = facts.into_iter().peekable();
    html! {
        @if facts.peek().is_some() {
            h2 { (heading) }
            ul { @for one in facts { li { (fact(one)) } } }
        }
    }
}
