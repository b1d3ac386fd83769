//! The run of one simulation: its doses read, the typical curve and the bands around it worked out.

use stillwater_pharmacology::units::{Kg, Mg, Minutes, Years};
use stillwater_pharmacology::{Curve, Dose, Expected, ModelError, Person, Plan, Product, Route};

use super::args::{ProductName, RouteName, SimulationRequest};
use crate::ending::CliError;

/// A simulation that was run.
pub(super) struct SimulationRun {
    /// The typical person.
    pub curve: Curve,
    /// The bands.
    pub expected: Expected,
}

impl SimulationRun {
    /// Runs what is asked for.
    pub fn of(ask: &SimulationRequest) -> Result<Self, CliError> {
        let plan = plan(ask)?;
        let person = Person::adult(Kg::new(ask.weight), Years::new(ask.age)).map_err(CliError::input)?;
        let person = if ask.hypertension { person.with_hypertension() } else { person };
        if !(ask.every > 0.0 && ask.until >= ask.every && ask.until / ask.every <= 100_000.0) {
            return Err(CliError::input(format!(
                "every {} and until {} give no times; every must be above 0 and at most until",
                ask.every, ask.until
            )));
        }
        let times: Vec<Minutes> = (0..)
            .map(|row| f64::from(row) * ask.every)
            .take_while(|minute| *minute <= ask.until)
            .map(Minutes::new)
            .collect();
        Ok(Self {
            curve: Curve::typical(&plan, person, &times).map_err(CliError::input)?,
            expected: Expected::of(&plan, person, &times, ask.people, ask.seed).map_err(CliError::input)?,
        })
    }
}

fn plan(ask: &SimulationRequest) -> Result<Plan, CliError> {
    let product = match ask.product {
        ProductName::Racemate => Product::Racemate,
        ProductName::Esketamine => Product::Esketamine,
    };
    let route = match ask.route {
        RouteName::Intravenous => Route::Intravenous,
        RouteName::Intramuscular => Route::Intramuscular,
        RouteName::Intranasal => Route::Intranasal,
        RouteName::Sublingual => Route::Sublingual,
        RouteName::Oral => Route::Oral,
    };
    let doses = ask.doses.iter().map(|written| dose(product, route, written)).collect::<Result<Vec<_>, _>>()?;
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
