//! What is new since 2025, and what is awaited: dated, with what it means here. None of it is a new randomised trial of ketamine for PTSD.

use maud::{Markup, html};
use stillwater_ui::data_table;

/// The day on which these were last looked for.
const LOOKED: &str = "27 November 2026";

struct New {
    date: &'static str,
    what: &'static str,
    so: &'static str,
    source: &'static str,
    link: Option<&'static str>,
}

const NEW: [New; 8] = [
    New {
        date: "April 2025",
        what: "119 veterans at one VA clinic, 8 sessions of ketamine or esketamine, looked back at, no control: PCL-5 and PHQ-9 fell; no gain in depression with brain injury (38 people) or severe sleep apnoea (9)",
        so: "Uncontrolled. A reason to ask about brain injury and sleep apnoea, not a rule.",
        source: "CNS Drugs, 10.1007/s40263-025-01180-w",
        link: Some("https://doi.org/10.1007/s40263-025-01180-w"),
    },
    New {
        date: "December 2025",
        what: "Fourth extension of the telemedicine rules for controlled medicines, to 31 December 2026; the special registration is still a proposal",
        so: "What holds at home from January 2027 is not known. No fifth extension was found.",
        source: "90 FR 61301 (2025-24123)",
        link: Some("https://www.federalregister.gov/d/2025-24123"),
    },
    New {
        date: "February 2026",
        what: "Methylone (TSND-201) for severe PTSD, phase 2, 65 people, 4 weekly doses against placebo: CAPS-5 −8.00 at day 10 (p = .012) and −9.64 at day 64 (p = .011); response 57.1 % and 19.2 %",
        so: "A rival treatment, not ketamine: never pooled with it. Small, and paid for by its maker.",
        source: "JAMA Psychiatry, e254625",
        link: None,
    },
    New {
        date: "March 2026",
        what: "Esketamine's label: alone for depression since January 2025; its boxed warning now names respiratory depression, and people are watched for at least 2 hours and until that has passed too",
        so: "Of depression, not PTSD. Breathing is a sign of its own before somebody leaves.",
        source: "Spravato label, version 18 of 13 March 2026",
        link: None,
    },
    New {
        date: "April 2026",
        what: "Executive Order 14401 on treatments for serious mental illness, and priority vouchers for psilocybin and methylone",
        so: "Nothing for ketamine: it reschedules nothing.",
        source: "91 FR 21709",
        link: None,
    },
    New {
        date: "2026",
        what: "3,870 people treated under the skin at home in 38 states, looked back at by the provider: large falls told, numbers not reached",
        so: "The provider's own data, no control.",
        source: "Parks, Journal of Medical Internet Research",
        link: None,
    },
    New {
        date: "awaited",
        what: "Ketamine or midazolam with prolonged exposure, 75 veterans, 3 weekly infusions: completed 7 October 2025, no results posted",
        so: "The nearest answer to whether ketamine adds to exposure.",
        source: "NCT04560660",
        link: Some("https://clinicaltrials.gov/study/NCT04560660"),
    },
    New {
        date: "awaited",
        what: "Ketamine 0.2 or 0.5 mg/kg or midazolam with a week of prolonged exposure, 162 people, running to 2031",
        so: "Large, three arms, with therapy.",
        source: "NCT05737693",
        link: Some("https://clinicaltrials.gov/study/NCT05737693"),
    },
];

/// The table, and what was not found.
pub fn section() -> Markup {
    let rows: Vec<Vec<Markup>> = NEW
        .iter()
        .map(|new| {
            vec![
                html! { (new.date) },
                html! { (new.what) },
                html! { (new.so) },
                html! { @match new.link { Some(link) => a href=(link) rel="noreferrer" { (new.source) }, None => (new.source) } },
            ]
        })
        .collect();
    html! {
        section {
            h2 { "New since 2025, and awaited" }
            p .quiet { "Last looked on " (LOOKED) ". No new randomised trial of ketamine for PTSD with results was found, nor a newer guideline than that of 2023, nor a new alert of the regulator on ketamine since October 2023. Stored copies were searched, so that not finding is weak evidence." }
            div .evidence-table { (data_table("New since 2025", &["When", "What", "What it means here", "Source"], &rows)) }
        }
    }
}
