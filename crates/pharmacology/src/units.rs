//! Plain numbers with their unit in the type, so that milligrams are never read as kilograms.
//!
//! These types carry a unit and nothing else: whether a weight or a dose makes sense is decided where it is used,
//! with an error by name.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $symbol:literal, $decimals:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            /// The unit as it is written after a number.
            pub const UNIT: &'static str = $symbol;

            /// The number, taken to be in this unit.
            #[must_use]
            pub const fn new(value: f64) -> Self {
                Self(value)
            }

            /// The bare number in this unit.
            #[must_use]
            pub const fn value(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let decimals = f.precision().unwrap_or($decimals);
                if $symbol.is_empty() {
                    write!(f, "{:.decimals$}", self.0)
                } else {
                    write!(f, "{:.decimals$} {}", self.0, $symbol)
                }
            }
        }

        impl Unit for $name {
            const SYMBOL: &'static str = $symbol;

            fn number(self) -> f64 {
                self.0
            }
        }
    };
}

/// What every unit type can tell about itself.
pub trait Unit: Copy {
    /// The unit as it is written after a number; empty for a share or a score.
    const SYMBOL: &'static str;

    /// The bare number in this unit.
    fn number(self) -> f64;
}

unit!(
    /// An amount of drug in milligrams.
    Mg, "mg", 1
);
unit!(
    /// A body weight in kilograms.
    Kg, "kg", 1
);
unit!(
    /// An age in years.
    Years, "years", 0
);
unit!(
    /// A time, or a length of time, in minutes. Times count from the zero that the caller chose.
    Minutes, "min", 0
);
unit!(
    /// A time, or a length of time, in hours.
    Hours, "h", 2
);
unit!(
    /// A concentration in nanograms per millilitre.
    NgPerMl, "ng/mL", 1
);
unit!(
    /// An area under a concentration curve in nanogram hours per millilitre.
    NgHoursPerMl, "ng·h/mL", 0
);
unit!(
    /// A change of blood pressure in millimetres of mercury.
    Mmhg, "mmHg", 1
);
unit!(
    /// A change of pulse in beats per minute.
    Bpm, "bpm", 1
);
unit!(
    /// Points on the dissociation scale CADSS.
    CadssPoints, "points", 1
);
unit!(
    /// Points on the PTSD checklist PCL-5.
    Pcl5Points, "points", 1
);
unit!(
    /// A share between 0 and 1.
    Share, "", 2
);
unit!(
    /// A standardised difference between groups (Cohen's d, Hedges' g).
    EffectSize, "", 2
);

impl Minutes {
    /// The same time in hours.
    #[must_use]
    pub const fn in_hours(self) -> Hours {
        Hours(self.0 / 60.0)
    }
}

impl Hours {
    /// The same time in minutes.
    #[must_use]
    pub const fn in_minutes(self) -> Minutes {
        Minutes(self.0 * 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_number_with_its_unit() {
        assert_eq!(NgPerMl::new(212.02).to_string(), "212.0 ng/mL");
        assert_eq!(format!("{:.2}", Mmhg::new(7.406)), "7.41 mmHg");
        assert_eq!(Share::new(0.37).to_string(), "0.37");
    }

    #[test]
    fn turns_hours_into_minutes_and_back() {
        assert_eq!(Hours::new(1.5).in_minutes(), Minutes::new(90.0));
        assert_eq!(Minutes::new(90.0).in_hours(), Hours::new(1.5));
    }
}
