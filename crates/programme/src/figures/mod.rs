//! The figures of a programme: worked out from rows, each with its count, its interval and what is missing.

mod adjusted;
mod burden;
mod durability;
mod funnel;
mod harm;
mod outcome;
mod window;

use serde::Serialize;

pub use adjusted::Adjusted;
pub use burden::{Burden, Cause};
pub use durability::{Durability, TimeTo};
pub use funnel::FunnelStep;
pub use harm::{Answering, Harms, Marked, NotHeldCount};
use outcome::Forms;
pub use outcome::{
    AtTime, MATTERS, RELIABLE, RELIABLE_STRICT, REMISSION_BELOW, RESPONSE_PERCENT, SIGNIFICANT_LEVEL, ScaleAt,
};
pub use window::{NEXT_DAY, TWO_WEEKS, WINDOWS, Window};

use crate::filter::Filter;
use crate::outcome_row::OutcomeRow;
use crate::scale::{Other, Part};

/// Everything that the programme page and its report show.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Whose rows these are.
    pub filter: Filter,
    /// Up to when, in seconds since 1970 UTC.
    pub now: i64,
    /// People.
    pub people: usize,
    /// People who took a dose.
    pub treated: usize,
    /// From referral to follow-up.
    pub funnel: Vec<FunnelStep>,
    /// The PCL-5 by time since the first dose.
    pub by_time: Vec<AtTime>,
    /// The change by time from one model; otherwise why there is none.
    pub adjusted: Result<Adjusted, String>,
    /// The day after the first dose, by the daily check.
    pub next_day: ScaleAt,
    /// How soon and how long.
    pub durability: Durability,
    /// The four clusters by time.
    pub clusters: Vec<ScaleAt>,
    /// The five symptoms by time.
    pub symptoms: Vec<ScaleAt>,
    /// Functioning by time.
    pub functioning: Vec<ScaleAt>,
    /// Depression, anxiety and sleep by time.
    pub beside: Vec<ScaleAt>,
    /// What went wrong.
    pub harms: Harms,
    /// Sessions that were planned and not held.
    pub not_held: NotHeldCount,
    /// How soon alerts were answered.
    pub answering: Vec<Answering>,
    /// What the alarms ask of people.
    pub burden: Burden,
}

impl Figures {
    /// Works out every figure for those whom the filter takes, as things stand at `now` (seconds since 1970 UTC).
    #[must_use]
    pub fn of<'l>(rows: impl IntoIterator<Item = &'l OutcomeRow>, filter: &Filter, now: i64) -> Self {
        let rows: Vec<&OutcomeRow> = rows.into_iter().filter(|row| filter.takes(row)).collect();
        // The PCL-5 has no form for a day; the day after the dose is the daily check's.
        let later = || WINDOWS.iter().skip(1);
        let forms: Vec<Forms<'_>> = later().map(|window| Forms::at(&rows, *window, now)).collect();
        Self {
            filter: filter.clone(),
            now,
            people: rows.len(),
            treated: rows.iter().filter(|row| row.first_dose_at.is_some()).count(),
            funnel: funnel::funnel(&rows),
            by_time: forms.iter().map(outcome::at).collect(),
            adjusted: adjusted::adjusted(&rows),
            next_day: outcome::other(&rows, Other::Daily, &NEXT_DAY, now),
            durability: durability::durability(&rows),
            clusters: forms.iter().flat_map(|forms| outcome::parts(forms, &Part::CLUSTERS)).collect(),
            symptoms: forms.iter().flat_map(|forms| outcome::parts(forms, &Part::SYMPTOMS)).collect(),
            functioning: later().flat_map(|w| outcome::others(&rows, &Other::FUNCTIONING, w, now)).collect(),
            beside: later().flat_map(|w| outcome::others(&rows, &Other::BESIDE, w, now)).collect(),
            harms: harm::harms(&rows),
            not_held: harm::not_held(&rows),
            answering: harm::answering(&rows, now),
            burden: burden::burden(&rows),
        }
    }
}
