//! The programme's figures as drawings and tables, for the page, the files and the printed report.

mod course;
mod estimand;
mod outcome;
mod safety;

pub use estimand::setting;
use stillwater_programme::Figures;
use stillwater_ui::plot::{Axis, Figure};

/// One heading with its figures.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub heading: &'static str,
    /// A sentence beneath it.
    pub says: &'static str,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// Every figure. `base` and `query` lead to their files; both empty where there are none.
#[must_use]
pub fn sections(figures: &Figures, base: &str, query: &str) -> Vec<Section> {
    let mut sections = vec![
        Section {
            heading: "Who came, and who left",
            says: "Everybody referred, step by step. A percentage without those who left first would flatter.",
            figures: vec![course::funnel(figures), safety::not_held(figures)],
        },
        Section {
            heading: "Relief",
            says: "A group beside its own past, with no control: drug, expectation, therapy, selection on a high score and the loss of those who did badly are all in it.",
            figures: vec![
                outcome::next_day(figures),
                outcome::change(figures),
                outcome::responders(figures),
                outcome::thresholds(figures),
            ],
        },
        Section {
            heading: "How soon, and for how long",
            says: "Those who were lost count for as long as they were seen.",
            figures: vec![course::to_response(figures), course::to_loss(figures)],
        },
        Section {
            heading: "In which symptoms, and in life",
            says: "",
            figures: vec![
                outcome::clusters(figures),
                outcome::symptoms(figures),
                outcome::functioning(figures),
                outcome::beside(figures),
            ],
        },
        Section {
            heading: "Safety",
            says: "",
            figures: vec![
                safety::events(figures),
                safety::sessions(figures),
                safety::answering(figures),
                safety::burden(figures),
            ],
        },
    ];
    for figure in sections.iter_mut().flat_map(|section| &mut section.figures) {
        figure.base = base.to_owned();
        figure.query = query.to_owned();
    }
    sections
}

/// Days since the first dose, on which a week is as far from two as a month from two.
fn days() -> Axis {
    let ticks = [(7.0, "1 wk"), (14.0, "2 wk"), (30.0, "1 mo"), (60.0, "2 mo"), (90.0, "3 mo"), (180.0, "6 mo")];
    Axis::log("time since the first dose", ticks.map(|(day, words)| (day, words.to_owned())).to_vec())
}
