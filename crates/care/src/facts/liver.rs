//! The figures of a liver panel, each beside its own upper limit, and the class by Child and Pugh.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::code::listed;

/// A test of the liver panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiverTest {
    /// Alanine aminotransferase.
    Alt,
    /// Aspartate aminotransferase.
    Ast,
    /// Total bilirubin.
    Bilirubin,
    /// Alkaline phosphatase.
    Alp,
    /// Gamma-glutamyltransferase.
    Ggt,
}

impl LiverTest {
    /// Every test, those that a panel must have first.
    pub const ALL: [Self; 5] = [Self::Alt, Self::Ast, Self::Bilirubin, Self::Alp, Self::Ggt];
    /// Those that a panel must have.
    pub const NEEDED: [Self; 3] = [Self::Alt, Self::Ast, Self::Bilirubin];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Alt => "alt",
            Self::Ast => "ast",
            Self::Bilirubin => "bilirubin",
            Self::Alp => "alp",
            Self::Ggt => "ggt",
        }
    }

    /// The units in which it is reported.
    #[must_use]
    pub fn units(self) -> &'static [LabUnit] {
        match self {
            Self::Bilirubin => &[LabUnit::MgPerDl, LabUnit::MicromolPerL],
            Self::Alt | Self::Ast | Self::Alp | Self::Ggt => &[LabUnit::UPerL],
        }
    }
}

/// A unit of a laboratory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabUnit {
    /// Units a litre.
    UPerL,
    /// Milligrams a decilitre.
    MgPerDl,
    /// Micromoles a litre.
    MicromolPerL,
}

impl LabUnit {
    /// Every unit.
    pub const ALL: [Self; 3] = [Self::UPerL, Self::MgPerDl, Self::MicromolPerL];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UPerL => "u-per-l",
            Self::MgPerDl => "mg-per-dl",
            Self::MicromolPerL => "micromol-per-l",
        }
    }
}

/// One figure of a liver panel, with the upper limit of the laboratory that made it, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiverFigure {
    /// Which test.
    pub test: LiverTest,
    /// The figure.
    pub value: f64,
    /// Its unit, and that of the limit.
    pub unit: LabUnit,
    /// The upper limit of normal.
    pub upper: f64,
}

impl LiverFigure {
    /// How many times the upper limit of normal.
    #[must_use]
    pub fn times_upper(&self) -> f64 {
        self.value / self.upper
    }
}

/// The class of a chronic liver disease by Child and Pugh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChildPugh {
    /// Mild.
    A,
    /// Moderate.
    B,
    /// Severe.
    C,
}

impl ChildPugh {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
        }
    }
}

/// A class, and when it was worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildPughFact {
    /// The class.
    pub class: ChildPugh,
    /// When.
    pub at: Timestamp,
}

listed!(LiverTest of "liver-test");
listed!(LabUnit of "lab-unit");
listed!(ChildPugh of "child-pugh");
