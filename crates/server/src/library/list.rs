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
    "How much is expectation. People can tell ketamine from midazolam, and the best-masked ketamine trial, of depression, did not show a difference (−5.82 points on the MADRS, 95 % interval −13.3 to 1.64).",
    "Whether ketamine adds anything to exposure therapy. So far it has not.",
    "Which dose, how many, how far apart. Trials at 0.5 mg/kg disagree.",
    "Whether it works at home. No study at home had a control, and most were not of PTSD.",
    "For whom it works. Results for veterans and civilians apart, by sex or by kind of trauma, were not reached.",
    "What the full papers say: only abstracts, first pages, registry entries and some tables were read. What was not reached is not zero.",
];

pub async fn page(ctx: PageContext) -> Markup {
    let body = html! {
        p { "What has been published on ketamine for PTSD, the trials that did not show a difference beside those that did. It informs clinicians and replaces none. Last read against its sources on " strong { (reviewed()) } "." }
        p .row {
            a .button.primary href="/evidence/pool" { "Pool trials yourself" }
        }
        div .evidence-head {
            (side("For ketamine in PTSD", Verdict::For, "Randomised trials in which ketamine did better than its control on the primary outcome."))
            (side("Against ketamine in PTSD", Verdict::Against, "Randomised trials that did not show ketamine to do better on the primary outcome. Not showing a difference is not showing that there is none: where the interval was not reached, nobody here can say how large a difference it leaves open."))
            (reviews())
            section .panel.not-known {
                h2 { "What we do not know" }
                ul { @for one in NOT_KNOWN { li { (one) } } }
            }
        }
        (super::since::section())
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

/// Reviews, guidance and the masked trial: beside the trials and not among them, since a review holds the same trials again, a guideline
/// is a judgement, and the masked trial was of depression.
fn reviews() -> Markup {
    let told = |study: &&Study| {
        matches!(study.group, Group::Masked | Group::Pooled) && study.verdict != Verdict::Neither
            || study.slug == "va-dod-2023"
            || study.slug == "borgogna-2024"
    };
    html! {
        section .panel {
            h2 { "Reviews, guidance, and the masked trial" }
            p .quiet { "Not counted with the trials: a review pools the same trials again, a guideline judges them, and the masked trial was of depression." }
            ul {
                @for study in all().iter().filter(told) {
                    li { a href=(format!("/evidence/{}", study.slug)) { (study.name) } " (" (study.stands()) "): " (study.headline.shown()) "." }
                }
            }
        }
    }
}

fn side(heading: &str, verdict: Verdict, says: &str) -> Markup {
    let found: Vec<&Study> =
        all().iter().filter(|study| study.verdict == verdict && study.group == Group::Randomised).collect();
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
    html! { span .verdict { span aria-hidden="true" { (shape) } " " (study.stands()) } }
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
                        "[" (source.number) "] " (source.title) @if !source.links.is_empty() { ": " }
                        @for (at, link) in source.links.iter().enumerate() {
                            @if at > 0 { ", " }
                            a href=(link) rel="noreferrer" { (host(link)) }
                        }
                    }
                }
            }
            p .quiet { "A link leads to the paper by its DOI or PubMed number, to the registry entry or to the guideline; a search where the number was not reached. Each was read in a stored copy, and only abstracts, first pages, registry entries and some tables. Last read against them on " (reviewed()) "." }
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
