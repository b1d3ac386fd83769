//! Pooling what a reader picked: one quantity, one time, each study once, and no mean where the trials disagree too much.

use stillwater_evidence::estimate::{CannotEstimate, Confidence};
use stillwater_evidence::meta::{self, Effect, Method, Model};

use crate::quantity::ArmDifference;

/// Above this share of variance between trials, in percent, no mean is told. The Cochrane Handbook (10.10.2) calls 75 to 100 %
/// considerable.
pub const MOST_DISAGREEMENT: f64 = 75.0;

/// Why nothing was pooled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotPooled {
    /// Fewer than two.
    #[error("there is nothing to pool with fewer than two trials; {found} picked")]
    TooFew {
        /// How many.
        found: usize,
    },
    /// Nobody has picked, and the trials there are may not be alike.
    #[error("nothing is pooled until somebody picks: {why}")]
    NotPicked {
        /// What keeps them from being pooled unasked.
        why: &'static str,
    },
    /// Two quantities.
    #[error("two different quantities cannot be pooled: {first} and {second}")]
    TwoQuantities {
        /// One.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Two times.
    #[error("two different times cannot be pooled: {first} and {second}")]
    TwoTimes {
        /// One.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// One study twice.
    #[error("{study} is picked twice, and its people would count twice; keep one row of it")]
    SamePeopleTwice {
        /// The study.
        study: String,
    },
    /// The estimator has no answer.
    #[error(transparent)]
    CannotEstimate(#[from] CannotEstimate),
}

/// Why a mean is held back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Withheld {
    /// The trials disagree too much for one number.
    Disagreement {
        /// I squared, in percent.
        i_squared: f64,
    },
}

/// What may be told first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Headline {
    /// The mean with its interval.
    Mean,
    /// The spread only.
    Withheld(Withheld),
}

/// Trials pooled by restricted maximum likelihood, with the interval of Hartung, Knapp, Sidik and Jonkman.
#[derive(Clone, Debug, PartialEq)]
pub struct Repooled {
    /// The figures.
    pub pooled: meta::Pooled,
    /// What may be told first.
    pub headline: Headline,
    /// Whether trials against several kinds of control are in it, which changes the answer.
    pub mixes_controls: bool,
}

/// Why rows that nobody picked are not pooled unasked: fewer than three trials, or controls of several kinds, are no one question.
#[must_use]
pub fn unlike(rows: &[ArmDifference]) -> Option<NotPooled> {
    let why = if rows.len() == 2 {
        "two trials differ in dose, number of doses, therapy and people, and their mean would answer neither's question"
    } else if rows.iter().any(|one| one.slug.is_some() && Some(one.control) != rows.first().map(|first| first.control))
    {
        "the trials have controls of several kinds"
    } else {
        return None;
    };
    Some(NotPooled::NotPicked { why })
}

/// Pools what was picked.
///
/// # Errors
/// [`NotPooled`], which says why not.
pub fn pool(picked: &[ArmDifference]) -> Result<Repooled, NotPooled> {
    for (at, one) in picked.iter().enumerate() {
        for other in picked.iter().skip(at + 1) {
            if one.quantity != other.quantity {
                return Err(NotPooled::TwoQuantities { first: one.quantity.name(), second: other.quantity.name() });
            }
            if one.when != other.when {
                return Err(NotPooled::TwoTimes { first: one.when.name(), second: other.when.name() });
            }
            if one.slug.is_some() && one.slug == other.slug || one.id == other.id {
                return Err(NotPooled::SamePeopleTwice { study: one.study.clone() });
            }
        }
    }
    if picked.len() < 2 {
        return Err(NotPooled::TooFew { found: picked.len() });
    }
    let effects: Vec<Effect> = picked.iter().map(|one| one.effect).collect();
    let model = Model { method: Method::Reml, hartung_knapp: true };
    let pooled = meta::pool(&effects, model, Confidence::PERCENT_95)?;
    let headline = if pooled.i_squared > MOST_DISAGREEMENT {
        Headline::Withheld(Withheld::Disagreement { i_squared: pooled.i_squared })
    } else {
        Headline::Mean
    };
    let mixes_controls = picked.iter().any(|one| Some(one.control) != picked.first().map(|first| first.control));
    Ok(Repooled { pooled, headline, mixes_controls })
}
