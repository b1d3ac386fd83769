//! Makes the columns of a model from factors, numbers and their interactions, each with a name a reader knows.

use super::ModelError;
use crate::estimate::{CannotEstimate, all_finite, count, same_length};

/// A variable with named levels, the first of which is the reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    name: String,
    levels: Vec<String>,
    codes: Vec<usize>,
}

impl Factor {
    /// Takes one level per row. Levels stand in alphabetical order, save that the reference comes first when it is given.
    pub fn new<S: AsRef<str>>(name: &str, rows: &[S], reference: Option<&str>) -> Result<Self, ModelError> {
        let mut levels: Vec<&str> = rows.iter().map(AsRef::as_ref).collect();
        levels.sort_unstable();
        levels.dedup();
        if let Some(reference) = reference {
            let Some(at) = levels.iter().position(|level| *level == reference) else {
                return Err(ModelError::Unknown { what: "level", name: reference.to_owned() });
            };
            levels.remove(at);
            levels.insert(0, reference);
        }
        Self::ordered(name, rows, &levels)
    }

    /// Takes one level per row, and the levels in the order wanted, reference first.
    pub fn ordered<S: AsRef<str>>(name: &str, rows: &[S], levels: &[&str]) -> Result<Self, ModelError> {
        let code = |row: &S| {
            let found = levels.iter().position(|level| *level == row.as_ref());
            found.ok_or_else(|| ModelError::Unknown { what: "level", name: row.as_ref().to_owned() })
        };
        let codes = rows.iter().map(code).collect::<Result<_, _>>()?;
        Ok(Self { name: name.to_owned(), levels: levels.iter().map(|level| (*level).to_owned()).collect(), codes })
    }

    /// The name of the variable.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The levels, reference first.
    #[must_use]
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// The same factor over these rows only, in this order; a row may come again.
    pub(crate) fn of_rows(&self, rows: &[usize]) -> Self {
        let codes = rows.iter().filter_map(|row| self.codes.get(*row).copied()).collect();
        Self { name: self.name.clone(), levels: self.levels.clone(), codes }
    }

    /// The level of each row, by its place among the levels.
    #[must_use]
    pub fn codes(&self) -> &[usize] {
        &self.codes
    }
}

/// How the levels of a factor that is averaged over count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub enum Weights {
    /// Each level counts the same, as least-squares means usually do.
    #[default]
    Equal,
    /// Each level counts as often as it was observed.
    AsObserved,
}

#[derive(Debug, Clone)]
enum Variable {
    Levels(Factor),
    Numbers { name: String, values: Vec<f64> },
}

impl Variable {
    fn name(&self) -> &str {
        match self {
            Self::Levels(factor) => &factor.name,
            Self::Numbers { name, .. } => name,
        }
    }

    /// How many columns stand for it: one per level but the reference, or one.
    fn width(&self) -> usize {
        match self {
            Self::Levels(factor) => factor.levels.len().saturating_sub(1),
            Self::Numbers { .. } => 1,
        }
    }

    fn label(&self, part: usize) -> String {
        match self {
            Self::Levels(factor) => {
                format!("{} {}", factor.name, factor.levels.get(part + 1).map_or("", String::as_str))
            }
            Self::Numbers { name, .. } => name.clone(),
        }
    }

    fn value(&self, part: usize, row: usize) -> f64 {
        match self {
            Self::Levels(factor) => f64::from(u8::from(factor.codes.get(row) == Some(&(part + 1)))),
            Self::Numbers { values, .. } => values.get(row).copied().unwrap_or(f64::NAN),
        }
    }
}

/// One column: the product of one part of each variable named. The intercept names none.
#[derive(Debug, Clone)]
struct Column {
    parts: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct Term {
    name: String,
    variables: Vec<usize>,
}

/// Collects the terms of a model.
#[derive(Debug, Clone)]
pub struct DesignBuilder {
    rows: usize,
    variables: Vec<Variable>,
    terms: Vec<Term>,
}

impl DesignBuilder {
    /// Starts a design with an intercept, for so many rows.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { rows, variables: Vec::new(), terms: Vec::new() }
    }

    fn variable(mut self, variable: Variable) -> Self {
        let at = self.variables.len();
        self.terms.push(Term { name: variable.name().to_owned(), variables: vec![at] });
        self.variables.push(variable);
        self
    }

    /// Adds a factor and its main effect.
    pub fn factor(self, factor: Factor) -> Result<Self, ModelError> {
        same_length("rows", self.rows, "levels", factor.codes.len())?;
        Ok(self.variable(Variable::Levels(factor)))
    }

    /// Adds a numeric covariate and its slope.
    pub fn number(self, name: &str, values: &[f64]) -> Result<Self, ModelError> {
        same_length("rows", self.rows, "values", values.len())?;
        all_finite("a covariate", values)?;
        Ok(self.variable(Variable::Numbers { name: name.to_owned(), values: values.to_vec() }))
    }

    /// Adds the interaction of variables that are already in the design.
    pub fn interaction(mut self, names: &[&str]) -> Result<Self, ModelError> {
        let variables = names.iter().map(|name| position(&self.variables, name)).collect::<Result<_, _>>()?;
        self.terms.push(Term { name: names.join(":"), variables });
        Ok(self)
    }

    /// Lays out the columns.
    #[must_use]
    pub fn build(self) -> Design {
        let mut columns = vec![Column { parts: Vec::new() }];
        for term in &self.terms {
            let mut made = vec![Column { parts: Vec::new() }];
            for &at in &term.variables {
                let width = self.variables.get(at).map_or(0, Variable::width);
                // The later variable changes slowest, as R lays interactions out.
                made = (0..width)
                    .flat_map(|part| {
                        made.iter().map(move |column| {
                            let mut parts = column.parts.clone();
                            parts.push((at, part));
                            Column { parts }
                        })
                    })
                    .collect();
            }
            columns.append(&mut made);
        }
        Design { rows: self.rows, variables: self.variables, terms: self.terms, columns }
    }
}

fn position(variables: &[Variable], name: &str) -> Result<usize, ModelError> {
    let found = variables.iter().position(|variable| variable.name() == name);
    found.ok_or_else(|| ModelError::Unknown { what: "variable", name: name.to_owned() })
}

/// The columns of a model, and what each stands for.
#[derive(Debug, Clone)]
pub struct Design {
    rows: usize,
    variables: Vec<Variable>,
    terms: Vec<Term>,
    columns: Vec<Column>,
}

impl Design {
    /// The same columns over these rows only, in this order; a row may come again.
    pub(crate) fn of_rows(&self, rows: &[usize]) -> Self {
        let variables = self.variables.iter().map(|variable| match variable {
            Variable::Levels(factor) => Variable::Levels(factor.of_rows(rows)),
            Variable::Numbers { name, values } => {
                let values = rows.iter().filter_map(|row| values.get(*row).copied()).collect();
                Variable::Numbers { name: name.clone(), values }
            }
        });
        Self {
            rows: rows.len(),
            variables: variables.collect(),
            terms: self.terms.clone(),
            columns: self.columns.clone(),
        }
    }

    /// How many rows it was made for.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are, the intercept included.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The name of each column.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let name = |column: &Column| {
            let labels: Vec<String> = column
                .parts
                .iter()
                .filter_map(|&(at, part)| self.variables.get(at).map(|variable| variable.label(part)))
                .collect();
            if labels.is_empty() { "Intercept".to_owned() } else { labels.join(":") }
        };
        self.columns.iter().map(name).collect()
    }

    /// The names of the terms, in the order added.
    #[must_use]
    pub fn terms(&self) -> Vec<&str> {
        self.terms.iter().map(|term| term.name.as_str()).collect()
    }

    /// The levels of a factor, reference first.
    pub fn levels(&self, name: &str) -> Result<&[String], ModelError> {
        match self.variables.get(position(&self.variables, name)?) {
            Some(Variable::Levels(factor)) => Ok(factor.levels()),
            _ => Err(ModelError::Unknown { what: "factor", name: name.to_owned() }),
        }
    }

    /// Writes one row's values into the list, in place of what it held.
    pub(crate) fn row(&self, row: usize, into: &mut Vec<f64>) {
        into.clear();
        into.extend(self.columns.iter().map(|column| {
            let values = column
                .parts
                .iter()
                .map(|&(at, part)| self.variables.get(at).map_or(f64::NAN, |variable| variable.value(part, row)));
            values.product::<f64>()
        }));
    }

    /// One row's values with a factor set to another level.
    pub(crate) fn row_with(&self, row: usize, factor: &str, level: &str) -> Result<Vec<f64>, ModelError> {
        let set = position(&self.variables, factor)?;
        let found = self.levels(factor)?.iter().position(|one| one == level);
        let code = found.ok_or_else(|| ModelError::Unknown { what: "level", name: level.to_owned() })?;
        let value = |at: usize, part: usize| {
            if at == set {
                f64::from(u8::from(code == part + 1))
            } else {
                self.variables.get(at).map_or(f64::NAN, |variable| variable.value(part, row))
            }
        };
        Ok(self.columns.iter().map(|column| column.parts.iter().map(|&(at, part)| value(at, part)).product()).collect())
    }

    /// The weights that give the mean at the levels named, averaged over every other variable among the rows used.
    pub fn mean_at(&self, at: &[(&str, &str)], weights: Weights, used: &[usize]) -> Result<Vec<f64>, ModelError> {
        let mut fixed = vec![None; self.variables.len()];
        for (name, level) in at {
            let found = self.levels(name)?.iter().position(|one| one == level);
            let code = found.ok_or_else(|| ModelError::Unknown { what: "level", name: (*level).to_owned() })?;
            if let Some(slot) = fixed.get_mut(position(&self.variables, name)?) {
                *slot = Some(code);
            }
        }
        if used.is_empty() {
            return Err(CannotEstimate::AllMissing { what: "rows", missing: self.rows }.into());
        }
        let averages: Vec<Vec<f64>> = self
            .variables
            .iter()
            .zip(&fixed)
            .map(|(variable, fixed)| {
                let part_weight = |part: usize| match (variable, fixed, weights) {
                    (Variable::Levels(_), Some(code), _) => f64::from(u8::from(*code == part + 1)),
                    (Variable::Levels(factor), None, Weights::Equal) => 1.0 / count(factor.levels.len()),
                    _ => used.iter().map(|&row| variable.value(part, row)).sum::<f64>() / count(used.len()),
                };
                (0..variable.width()).map(part_weight).collect()
            })
            .collect();
        Ok(self.products(|at, part| averages.get(at).and_then(|parts| parts.get(part)).copied(), &[]))
    }

    /// The hypotheses of a type 3 test of a term: every difference from the reference, averaged evenly over the
    /// other factors, and with the other numbers at zero as SAS has them.
    pub fn type_three(&self, term: &str) -> Result<Vec<Vec<f64>>, ModelError> {
        let found = self.terms.iter().position(|one| one.name == term);
        let Some(term) = found.and_then(|at| self.terms.get(at)) else {
            return Err(ModelError::Unknown { what: "term", name: term.to_owned() });
        };
        let own = self.columns.iter().filter(|column| {
            column.parts.len() == term.variables.len() && column.parts.iter().all(|(at, _)| term.variables.contains(at))
        });
        Ok(own
            .map(|chosen| {
                let weight = |at: usize, part: usize| {
                    if term.variables.contains(&at) {
                        return Some(f64::from(u8::from(chosen.parts.contains(&(at, part)))));
                    }
                    match self.variables.get(at) {
                        Some(Variable::Levels(factor)) => Some(1.0 / count(factor.levels.len())),
                        _ => Some(0.0),
                    }
                };
                self.products(weight, &term.variables)
            })
            .collect())
    }

    /// The product of the parts' weights for each column, or zero for one that lacks a variable it must have.
    fn products(&self, weight: impl Fn(usize, usize) -> Option<f64>, must_have: &[usize]) -> Vec<f64> {
        let one = |column: &Column| {
            if !must_have.iter().all(|variable| column.parts.iter().any(|(at, _)| at == variable)) {
                return 0.0;
            }
            column.parts.iter().map(|&(at, part)| weight(at, part).unwrap_or(f64::NAN)).product::<f64>()
        };
        self.columns.iter().map(one).collect()
    }
}
