//! A product by a route: only the pairs for which the reference has data.

use std::fmt;

use serde::Serialize;

use crate::error::ModelError;
use crate::product::{Product, Route};
use crate::standing::Standing;

/// A product by a route that the model knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Preparation {
    product: Product,
    route: Route,
}

impl Preparation {
    /// Every preparation in the model.
    pub const ALL: [Self; 9] = [
        Self { product: Product::Racemate, route: Route::Intravenous },
        Self { product: Product::Esketamine, route: Route::Intravenous },
        Self { product: Product::Racemate, route: Route::Intramuscular },
        Self { product: Product::Racemate, route: Route::Intranasal },
        Self { product: Product::Esketamine, route: Route::Intranasal },
        Self { product: Product::Racemate, route: Route::Sublingual },
        Self { product: Product::Esketamine, route: Route::Sublingual },
        Self { product: Product::Racemate, route: Route::Oral },
        Self { product: Product::Esketamine, route: Route::Oral },
    ];

    /// The pair, if the model has data for it.
    ///
    /// # Errors
    /// [`ModelError::NotModelled`] for esketamine into a muscle: no data were found.
    pub fn new(product: Product, route: Route) -> Result<Self, ModelError> {
        let asked = Self { product, route };
        if Self::ALL.contains(&asked) { Ok(asked) } else { Err(ModelError::NotModelled { product, route }) }
    }

    /// Which form of the molecule.
    #[must_use]
    pub const fn product(self) -> Product {
        self.product
    }

    /// The way in.
    #[must_use]
    pub const fn route(self) -> Route {
        self.route
    }

    /// How firmly the plasma curve of this preparation stands.
    ///
    /// Established for veins, muscle and the esketamine device. Oral, sublingual and compounded nasal data are thin
    /// (reference, section 4), so those curves are called calculated.
    #[must_use]
    pub const fn plasma_standing(self) -> Standing {
        match (self.product, self.route) {
            (_, Route::Intravenous | Route::Intramuscular) | (Product::Esketamine, Route::Intranasal) => {
                Standing::Established
            }
            (Product::Racemate, Route::Intranasal) | (_, Route::Sublingual | Route::Oral) => Standing::Calculated,
        }
    }

    /// What the plasma curve rests on, in a few words.
    #[must_use]
    pub const fn plasma_basis(self) -> &'static str {
        match (self.product, self.route) {
            (_, Route::Intravenous) => {
                "meta-analysis of 18 studies and a population model in 820 people; typical plasma, between venous and arterial"
            }
            (_, Route::Intramuscular) => "two medians in 10 people; uptake varies with the site of injection",
            (Product::Esketamine, Route::Intranasal) => "population model in 820 people; fitted to its printed levels",
            (Product::Racemate, Route::Intranasal) => {
                "compounded spray: published availability runs from 11 to 45 per cent, so this is thin"
            }
            (_, Route::Sublingual) => "one study of each product; sublingual data are thin",
            (_, Route::Oral) => {
                "published oral studies disagree; oral data are thin and the peak comes out a third too low"
            }
        }
    }
}

impl fmt::Display for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.product, self.route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_pair_without_data() {
        let refused = Preparation::new(Product::Esketamine, Route::Intramuscular);
        assert_eq!(refused, Err(ModelError::NotModelled { product: Product::Esketamine, route: Route::Intramuscular }));
    }

    #[test]
    fn calls_thin_routes_calculated() {
        for preparation in Preparation::ALL {
            let thin = matches!(preparation.route(), Route::Sublingual | Route::Oral)
                || preparation == Preparation::new(Product::Racemate, Route::Intranasal).unwrap();
            assert_eq!(preparation.plasma_standing() == Standing::Calculated, thin, "{preparation}");
        }
    }
}
