//! One simulation that is asked for: what, how much and when, for whom. From options or from a file of scenarios.

use serde::Deserialize;

/// Which ketamine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ProductName {
    #[default]
    Racemate,
    Esketamine,
}

/// Which way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RouteName {
    Intravenous,
    Intramuscular,
    Intranasal,
    Sublingual,
    Oral,
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Format {
    #[default]
    Table,
    Json,
    Svg,
}

impl Format {
    /// How its files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Json => "json",
            Self::Svg => "svg",
        }
    }
}

/// One simulation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SimulationRequest {
    #[serde(default)]
    pub product: ProductName,
    pub route: RouteName,
    pub doses: Vec<String>,
    #[serde(default = "seventy")]
    pub weight: f64,
    #[serde(default = "forty")]
    pub age: f64,
    #[serde(default)]
    pub hypertension: bool,
    #[serde(default = "four_hours")]
    pub until: f64,
    #[serde(default = "ten")]
    pub every: f64,
    #[serde(default = "thousand")]
    pub people: usize,
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default)]
    pub format: Format,
}

/// What stands where nothing is said, the same for options and files.
pub(super) const fn seventy() -> f64 {
    70.0
}
pub(super) const fn forty() -> f64 {
    40.0
}
pub(super) const fn four_hours() -> f64 {
    240.0
}
pub(super) const fn ten() -> f64 {
    10.0
}
pub(super) const fn thousand() -> usize {
    1000
}
pub(super) const fn one() -> u64 {
    1
}
