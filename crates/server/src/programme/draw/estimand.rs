//! What each figure of a programme estimates: the five attributes of ICH E9(R1), in words, for the figures that are results.

use stillwater_care::facts::Setting;
use stillwater_programme::Figures;

/// Whose results these are, as far as where they were treated: never clinic and home together without saying so.
pub fn setting(figures: &Figures) -> &'static str {
    match figures.filter.setting {
        None => "clinic and home together",
        Some(Setting::Clinic) => "in the clinic",
        Some(Setting::Home) => "at home",
    }
}

/// What happened in between that could bear on a result, and what was done about it.
#[derive(Clone, Copy)]
pub enum Between {
    /// Scores count as they are; who has none is left out.
    ScoresOfThoseSeen,
    /// The same, and a model beside it.
    ScoresAndModel,
    /// Time until something happens.
    Time,
    /// Counts over doses.
    Doses,
}

impl Between {
    fn words(self) -> &'static str {
        match self {
            Self::ScoresOfThoseSeen => {
                "Further doses, a second course, other medicine and therapy: the score counts whatever happened (treatment policy). Left, died or did not answer: no score, and not in the figure; the number of those seen stands beside it."
            }
            Self::ScoresAndModel => {
                "Further doses, a second course, other medicine and therapy: the score counts whatever happened (treatment policy). Left, died or did not answer: not among the circles; by the squares taken to be missing at random given the scores that are there; and in the last column as if nothing had changed."
            }
            Self::Time => {
                "Further doses: time goes on (treatment policy), and they are marked. Leaving: counted as long as seen, as if those who left were like those who stayed (hypothetical); the line beneath gives the share who left first."
            }
            Self::Doses => "Everything recorded after a first dose counts, whoever stopped (treatment policy).",
        }
    }
}

/// The five attributes.
pub fn of(figures: &Figures, variable: &str, between: Between, summary: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            "Treatment",
            "ketamine as this programme gave it, every protocol chosen above, with whatever therapy and other medicine went with it; no comparator".to_owned(),
        ),
        (
            "Population",
            format!("people who took a first dose ({} of {} referred), {}", figures.treated, figures.people, setting(figures)),
        ),
        ("Variable", variable.to_owned()),
        ("What happened in between", between.words().to_owned()),
        ("Summary", summary.to_owned()),
    ]
}
