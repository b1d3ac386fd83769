//! Which ketamine, and which way in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which form of the molecule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Racemic ketamine: half S, half R.
    Racemate,
    /// Esketamine: S alone.
    Esketamine,
}

impl Product {
    /// The share that is S-ketamine. The split is held fixed in time.
    #[must_use]
    pub const fn s_share(self) -> f64 {
        match self {
            Self::Racemate => 0.5,
            Self::Esketamine => 1.0,
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Racemate => "racemic ketamine",
            Self::Esketamine => "esketamine",
        })
    }
}

/// The way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Into a vein, at once or over time.
    Intravenous,
    /// Into a muscle.
    Intramuscular,
    /// Sprayed into the nose: esketamine from its 28 mg device, racemate from a compounded spray.
    Intranasal,
    /// Held under the tongue, then swallowed: racemate as a wafer or lozenge, esketamine as a film.
    Sublingual,
    /// Swallowed.
    Oral,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Intravenous => "intravenous",
            Self::Intramuscular => "intramuscular",
            Self::Intranasal => "intranasal",
            Self::Sublingual => "sublingual",
            Self::Oral => "oral",
        })
    }
}
