//! Drugs that change the level of ketamine: what was measured, by route, and "unknown" for everything else.
//!
//! A look-up and not a mechanism, because the published data fit no single one (reference, section 1d). A caution widens the
//! upper edge of a band; it never shifts the typical curve, and nothing here decides whether somebody may be treated.

use serde::Serialize;

use crate::parameters::Grade;
use crate::product::{Product, Route};

/// What is known of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// It is multiplied by this.
    Times(f64),
    /// It was measured and did not change.
    Unchanged,
    /// Nobody measured it, as far as the reference found.
    Unknown,
}

/// What one drug does to ketamine by one route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interaction {
    /// The area under the plasma curve.
    pub area: Known,
    /// The highest level.
    pub peak: Known,
    /// How the figures came to be; `None` where nothing is known.
    pub grade: Option<Grade>,
    /// Where they are from, or why there are none.
    pub source: &'static str,
}

impl Interaction {
    const UNKNOWN: Self =
        Self { area: Known::Unknown, peak: Known::Unknown, grade: None, source: "no data for this drug by this route" };

    /// The factor by which the upper edge of a level band is widened: the larger of the two, and never below one.
    #[must_use]
    pub fn widens_by(self) -> f64 {
        let factor = |known: Known| match known {
            Known::Times(factor) => factor,
            Known::Unchanged | Known::Unknown => 1.0,
        };
        factor(self.area).max(factor(self.peak)).max(1.0)
    }

    /// Whether somebody should be told.
    #[must_use]
    pub fn is_caution(self) -> bool {
        self.grade.is_none() || self.widens_by() > 1.0 || matches!(self.area, Known::Times(_))
    }
}

/// Drug, product and route of each measurement.
const MEASURED: [(&str, Product, Route, Interaction); 6] = [
    (
        "clarithromycin",
        Product::Esketamine,
        Route::Oral,
        measured(Known::Times(2.6), Known::Times(3.6), Grade::Verified, "Hagelberg 2010"),
    ),
    (
        "itraconazole",
        Product::Esketamine,
        Route::Oral,
        measured(Known::Unchanged, Known::Unknown, Grade::Verified, "Peltoniemi 2011"),
    ),
    (
        "ticlopidine",
        Product::Esketamine,
        Route::Oral,
        measured(Known::Times(2.4), Known::Unknown, Grade::Verified, "Peltoniemi 2011"),
    ),
    (
        "ticlopidine",
        Product::Esketamine,
        Route::Intranasal,
        measured(Known::Times(1.29), Known::Unchanged, Grade::Verified, "label text"),
    ),
    (
        "clarithromycin",
        Product::Esketamine,
        Route::Intranasal,
        measured(
            Known::Times(1.04),
            Known::Times(1.11),
            Grade::Unverified,
            "label text, cut off where the numbers stand",
        ),
    ),
    (
        "rifampicin",
        Product::Esketamine,
        Route::Intravenous,
        measured(Known::Times(0.86), Known::Unknown, Grade::Verified, "Peltoniemi 2012"),
    ),
];

const fn measured(area: Known, peak: Known, grade: Grade, source: &'static str) -> Interaction {
    Interaction { area, peak, grade: Some(grade), source }
}

/// What this drug does to this product by this route. Only what was measured for that very product and route is told.
#[must_use]
pub fn interaction(drug: &str, product: Product, route: Route) -> Interaction {
    let drug = drug.trim().to_lowercase();
    MEASURED
        .iter()
        .find(|(name, of, by, _)| *name == drug && *of == product && *by == route)
        .map_or(Interaction::UNKNOWN, |(_, _, _, found)| *found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_was_measured_for_that_route_and_no_other() {
        let oral = interaction(" Clarithromycin ", Product::Esketamine, Route::Oral);
        assert_eq!((oral.area, oral.peak), (Known::Times(2.6), Known::Times(3.6)));
        assert_eq!(oral.widens_by(), 3.6);
        let vein = interaction("clarithromycin", Product::Esketamine, Route::Intravenous);
        assert_eq!((vein.area, vein.grade), (Known::Unknown, None));
        assert!(vein.is_caution(), "what nobody measured is a caution and not a reassurance");
        assert_eq!(interaction("clarithromycin", Product::Racemate, Route::Oral).grade, None);
    }

    #[test]
    fn an_inducer_widens_nothing_and_is_still_told() {
        let rifampicin = interaction("rifampicin", Product::Esketamine, Route::Intravenous);
        assert_eq!(rifampicin.widens_by(), 1.0);
        assert!(rifampicin.is_caution());
        assert!(!interaction("itraconazole", Product::Esketamine, Route::Oral).is_caution());
    }
}
