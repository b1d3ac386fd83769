//! How ketamine is thought to work, what is known and what is not, in plain words, each with its standing and source.

use maud::{Markup, html};

use super::page as phone;
use crate::chart_access::OwnChart;
use crate::http::{PageContext, Problem};

struct Says {
    words: &'static str,
    standing: &'static str,
    source: &'static str,
    link: &'static str,
}

const KNOWN: [Says; 4] = [
    Says {
        words: "The largest PTSD trial (158 veterans and service members, eight infusions) did not show a difference from placebo on PTSD symptoms. How large a difference it leaves open was not reached.",
        standing: "found in a trial",
        source: "Abdallah 2022, Neuropsychopharmacology",
        link: "https://doi.org/10.1038/s41386-022-01266-9",
    },
    Says {
        words: "A trial with 30 people (six infusions) found a large difference: two in three responded, against one in five. It lasted about four weeks in the middle of the group.",
        standing: "found in a trial",
        source: "Feder 2021, American Journal of Psychiatry",
        link: "https://doi.org/10.1176/appi.ajp.2020.20050596",
    },
    Says {
        words: "Put together, six trials (221 people) show a small effect at best, and it is not sure that it is there at all.",
        standing: "found across trials",
        source: "Meta-analysis 2024, European Journal of Psychotraumatology",
        link: "https://doi.org/10.1080/20008066.2023.2299124",
    },
    Says {
        words: "Ketamine is not approved for PTSD. Using it for this is off-label.",
        standing: "fact",
        source: "Regulator's alert on compounded ketamine, October 2023",
        link: "https://www.drugs.com/news/fda-warns-dangers-compounded-ketamine-psychiatric-115482.html",
    },
];

const EFFECTS: [Says; 4] = [
    Says {
        words: "Most effects peak within an hour and are gone by two: feeling strange or far away, dizzy, sleepy, sick.",
        standing: "found in a study of 188 people",
        source: "Acevedo-Diaz 2020",
        link: "https://pmc.ncbi.nlm.nih.gov/articles/PMC8457026",
    },
    Says {
        words: "Blood pressure rises for a while: by 16 over 11 on average at 40 minutes in one clinic. That is why it is measured.",
        standing: "found in 2,342 infusions",
        source: "Yale blood pressure report 2024",
        link: "https://doi.org/10.1016/j.genhosppsych.2024.07.001",
    },
    Says {
        words: "Feeling far away from yourself is not what makes it work: people did not do better the more they felt of it.",
        standing: "found with esketamine in depression",
        source: "Esketamine dissociation analysis (576 people)",
        link: "https://pubmed.ncbi.nlm.nih.gov/?term=Reconsidering+dissociation+as+a+predictor+of+antidepressant+efficacy+for+esketamine",
    },
    Says {
        words: "Used often, it can harm the bladder and the liver and become a habit. Your team checks for these.",
        standing: "known from use outside treatment, and from labels",
        source: "Ketalar summary; urological review",
        link: "https://physician.pdr.net/drug-summary/Ketalar-ketamine-hydrochloride-1999",
    },
];

/// The three steps of how it may work, in order of time; each is drawn.
const STEPS: [Says; 3] = [
    Says {
        words: "Within minutes: ketamine sits in one kind of switch on nerve cells (the NMDA receptor) and blocks it for an hour or two.",
        standing: "well supported; how much is blocked in you is calculated, not measured",
        source: "Review: Zanos 2018, Pharmacological Reviews",
        link: "https://doi.org/10.1124/pr.117.015198",
    },
    Says {
        words: "Within the hour: nerve cells may send out more of a messenger called glutamate.",
        standing: "hypothesis: seen in rats; in people one method saw it and another did not",
        source: "Moghaddam 1997, Journal of Neuroscience",
        link: "https://doi.org/10.1523/JNEUROSCI.17-08-02921.1997",
    },
    Says {
        words: "Over days: new connections may form more easily.",
        standing: "hypothesis from animal work: in people a brain scan found no change after 24 hours",
        source: "Li 2010, Science (rats); Holmes 2022, Molecular Psychiatry (people)",
        link: "https://doi.org/10.1038/s41380-022-01465-2",
    },
];

/// A drawing for each step. The words beside it say all of it, so it is hidden from those who listen.
fn drawing(step: usize) -> Markup {
    html! {
        svg .how-drawing viewBox="0 0 160 90" aria-hidden="true" focusable="false" {
            // The wall of a nerve cell, with a channel in it.
            path .cell d="M8 58h52M100 58h52" {}
            path .cell d="M60 58v22M100 58v22" {}
            @match step {
                0 => {
                    rect .drug x="66" y="44" width="28" height="24" rx="6" {}
                    circle .messenger cx="36" cy="26" r="6" {} circle .messenger cx="124" cy="26" r="6" {}
                }
                1 => {
                    @for (x, y) in [(24, 20), (46, 34), (68, 16), (92, 32), (114, 18), (136, 34), (80, 46)] { circle .messenger cx=(x) cy=(y) r="6" {} }
                }
                _ => {
                    path .branch d="M80 84V40M80 60L52 34M80 52L110 28M66 47L44 44M96 40L120 46M80 40L80 12" {}
                    @for (x, y) in [(52, 34), (110, 28), (44, 44), (120, 46), (80, 12)] { circle .bud cx=(x) cy=(y) r="4" {} }
                }
            }
        }
    }
}

fn steps() -> Markup {
    html! {
        ol .how-steps {
            @for (step, one) in STEPS.iter().enumerate() {
                li { (drawing(step)) div { p { (one.words) } p .quiet { (one.standing) ": " a href=(one.link) rel="noreferrer" { (one.source) } } } }
            }
        }
    }
}

fn list(says: &[Says]) -> Markup {
    html! {
        ul .says {
            @for one in says {
                li { p { (one.words) } p .quiet { (one.standing) ": " a href=(one.link) rel="noreferrer" { (one.source) } } }
            }
        }
    }
}

pub(super) async fn page(ctx: PageContext, _own: OwnChart) -> Result<Markup, Problem> {
    let body = html! {
        h2 { "How it may work" }
        (steps())
        p { "It is thought that talking and practising can do most in the day or two after a dose. In people that is an idea, and not proven." }
        h2 { "What trials found in PTSD" }
        (list(&KNOWN))
        h2 { "What it does on the day, and later" }
        (list(&EFFECTS))
        h2 { "What is not known" }
        p { "Who will get better. How long it lasts for you. How many doses are safe over a lifetime. Whether therapy in the days after a dose makes it last." }
        p .quiet { "Reviewed November 2026. This page informs; it replaces nobody on your team." }
        p { a href="/my" { "Back to my page" } }
    };
    Ok(phone(&ctx, "How it works, and what is known", body))
}
