//! One simulation that is asked for: what, how much and when, for whom. From options or from a file of scenarios.

use serde::Deserialize;
use stillwater_pharmacology::units::{Kg, Mg, Minutes, Years};
use stillwater_pharmacology::{Curve, Dose, Expected, ModelError, Person, Plan, Product, Route};

use super::output::SimulationRun;
use crate::ending::CliError;

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

impl SimulationRequest {
    /// Runs it.
    pub fn run(&self) -> Result<SimulationRun, CliError> {
        let plan = plan(self)?;
        let person = Person::adult(Kg::new(self.weight), Years::new(self.age)).map_err(CliError::input)?;
        let person = if self.hypertension { person.with_hypertension() } else { person };
        if !(self.every > 0.0 && self.until >= self.every && self.until / self.every <= 100_000.0) {
            return Err(CliError::input(format!(
                "every {} and until {} give no times; every must be above 0 and at most until",
                self.every, self.until
            )));
        }
        let times: Vec<Minutes> = (0..)
            .map(|row| f64::from(row) * self.every)
            .take_while(|minute| *minute <= self.until)
            .map(Minutes::new)
            .collect();
        Ok(SimulationRun {
            curve: Curve::typical(&plan, person, &times).map_err(CliError::input)?,
            expected: Expected::of(&plan, person, &times, self.people, self.seed).map_err(CliError::input)?,
        })
    }
}

fn plan(args: &SimulationRequest) -> Result<Plan, CliError> {
    let product = match args.product {
        ProductName::Racemate => Product::Racemate,
        ProductName::Esketamine => Product::Esketamine,
    };
    let route = match args.route {
        RouteName::Intravenous => Route::Intravenous,
        RouteName::Intramuscular => Route::Intramuscular,
        RouteName::Intranasal => Route::Intranasal,
        RouteName::Sublingual => Route::Sublingual,
        RouteName::Oral => Route::Oral,
    };
    let doses = args.doses.iter().map(|written| dose(product, route, written)).collect::<Result<Vec<_>, _>>()?;
    Plan::new(doses).map_err(CliError::input)
}

fn dose(product: Product, route: Route, written: &str) -> Result<Dose, CliError> {
    let number = |text: &str| {
        text.trim().parse::<f64>().map_err(|_| {
            CliError::input(format!("dose {written} cannot be read at \"{text}\"; write 35, 50@30 or 35@0/40"))
        })
    };
    let (rest, lasting) = match written.split_once('/') {
        Some((rest, lasting)) => (rest, Some(number(lasting)?)),
        None => (written, None),
    };
    let (amount, start) = match rest.split_once('@') {
        Some((amount, start)) => (number(amount)?, number(start)?),
        None => (number(rest)?, 0.0),
    };
    let (amount, start) = (Mg::new(amount), Minutes::new(start));
    let made = match lasting {
        Some(_) if route != Route::Intravenous => Err(ModelError::NotAnInfusion { route }),
        Some(lasting) => Dose::infusion(product, start, amount, Minutes::new(lasting)),
        None => Dose::at_once(product, route, start, amount),
    };
    made.map_err(|error| CliError::input(format!("dose {written}: {error}")))
}
