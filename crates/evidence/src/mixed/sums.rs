//! Sums over people who share a pattern, so that one look at the likelihood costs the same for ten people and ten thousand.
//!
//! Each row is the design's columns with the outcome as the last. For every pair of places in a pattern the sum of
//! the outer products is kept; any weighting of the places is then a weighted sum of these few tables.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::ModelError;

/// One table per pair of places, the earlier place first.
#[derive(Debug, Clone)]
pub(crate) struct PairSums {
    places: usize,
    width: usize,
    tables: Vec<Vec<f64>>,
}

/// The pairs of so many places, each once.
pub(crate) fn pairs(places: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..places).flat_map(move |first| (first..places).map(move |second| (first, second)))
}

impl PairSums {
    pub(crate) fn new(places: usize, width: usize) -> Self {
        Self { places, width, tables: vec![vec![0.0; width * width]; places * (places + 1) / 2] }
    }

    /// Adds one person, whose rows follow each other in one list.
    pub(crate) fn add(&mut self, rows: &[f64]) {
        let width = self.width;
        let of = |place: usize| rows.chunks_exact(width).nth(place).unwrap_or_default();
        for ((first, second), table) in pairs(self.places).zip(&mut self.tables) {
            let (left, right) = (of(first), of(second));
            for ((l, r), line) in left.iter().zip(right).zip(table.chunks_exact_mut(width)) {
                if first == second {
                    line.iter_mut().zip(left).for_each(|(cell, other)| *cell += l * other);
                } else {
                    let others = right.iter().zip(left);
                    line.iter_mut().zip(others).for_each(|(cell, (right, left))| *cell += l * right + r * left);
                }
            }
        }
    }

    /// Adds the sums over other people with the same places.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (table, more) in self.tables.iter_mut().zip(&other.tables) {
            table.iter_mut().zip(more).for_each(|(cell, more)| *cell += more);
        }
    }

    /// Adds the tables, weighted by a symmetric matrix over the places, onto a total.
    pub(crate) fn weigh(&self, weights: &DMatrix<f64>, total: &mut [f64]) {
        for ((first, second), table) in pairs(self.places).zip(&self.tables) {
            let weight = cell(weights, first, second);
            total.iter_mut().zip(table).for_each(|(sum, cell)| *sum += weight * cell);
        }
    }

    /// The product of a symmetric table with each sum, as a symmetric matrix over the places.
    pub(crate) fn against(&self, table: &DMatrix<f64>) -> DMatrix<f64> {
        let mut answer = DMatrix::zeros(self.places, self.places);
        for ((first, second), sums) in pairs(self.places).zip(&self.tables) {
            let product: f64 = sums.iter().zip(table.as_slice()).map(|(a, b)| a * b).sum();
            if first == second {
                put(&mut answer, first, first, product);
            } else {
                put(&mut answer, first, second, product / 2.0);
                put(&mut answer, second, first, product / 2.0);
            }
        }
        answer
    }
}

/// One cell; a cell outside is not a number, which every later check finds.
pub(crate) fn cell(matrix: &DMatrix<f64>, row: usize, column: usize) -> f64 {
    matrix.get((row, column)).copied().unwrap_or(f64::NAN)
}

/// Sets one cell.
pub(crate) fn put(matrix: &mut DMatrix<f64>, row: usize, column: usize, value: f64) {
    if let Some(cell) = matrix.get_mut((row, column)) {
        *cell = value;
    }
}

/// Adds to one cell.
pub(crate) fn add(matrix: &mut DMatrix<f64>, row: usize, column: usize, value: f64) {
    if let Some(cell) = matrix.get_mut((row, column)) {
        *cell += value;
    }
}

/// The logarithm of the determinant.
pub(crate) fn log_determinant(factor: &Cholesky<f64, nalgebra::Dyn>) -> f64 {
    2.0 * factor.l_dirty().diagonal().iter().map(|value| value.ln()).sum::<f64>()
}

/// The generalised least squares answer for one weighting.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    pub(crate) coefficients: DVector<f64>,
    pub(crate) covariance: DMatrix<f64>,
    pub(crate) log_determinant: f64,
    pub(crate) residual: f64,
}

impl Solved {
    /// Solves from a weighted total whose last row and column belong to the outcome.
    pub(crate) fn from(total: &[f64], width: usize) -> Option<Self> {
        let whole = DMatrix::from_row_slice(width, width, total);
        let k = width.checked_sub(1)?;
        let factor = Cholesky::new(whole.view((0, 0), (k, k)).into_owned())?;
        let right = whole.view((0, k), (k, 1)).column(0).into_owned();
        let coefficients = factor.solve(&right);
        let residual = cell(&whole, k, k) - coefficients.dot(&right);
        let log_determinant = log_determinant(&factor);
        Some(Self { covariance: factor.inverse(), coefficients, log_determinant, residual })
    }

    /// The table against which the sums give the slope of the deviance: the residual's, and under restricted
    /// likelihood the coefficients' covariance.
    pub(crate) fn slope_table(&self, restricted: bool) -> DMatrix<f64> {
        let k = self.coefficients.len();
        let residual = DVector::from_iterator(k + 1, self.coefficients.iter().map(|b| -b).chain([1.0]));
        let mut table = &residual * residual.transpose();
        if restricted {
            let mut corner = table.view_mut((0, 0), (k, k));
            corner += &self.covariance;
        }
        table
    }
}

/// Finds a column that others already make, from the cross products of all columns.
pub(crate) fn refuse_collinear(total: &[f64], width: usize, names: &[String]) -> Result<(), ModelError> {
    let whole = DMatrix::from_row_slice(width, width, total);
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    for k in 0..width.saturating_sub(1) {
        let own = cell(&whole, k, k);
        let right = whole.view((0, k), (k, 1)).column(0).into_owned();
        let factor = Cholesky::new(whole.view((0, 0), (k, k)).into_owned());
        let made = factor.map(|factor| factor.solve(&right)).unwrap_or_else(|| DVector::zeros(k));
        if own - made.dot(&right) > 1e-10 * own {
            continue;
        }
        let share = |at: usize| {
            let part = made.get(at).copied().unwrap_or(0.0) * cell(&whole, at, at).sqrt();
            part.abs() > 1e-6 * own.sqrt()
        };
        let from: Vec<String> = (0..k).filter(|&at| own > 0.0 && share(at)).map(name).collect();
        let from = if from.is_empty() { "nothing (it is zero in every row used)".to_owned() } else { from.join(", ") };
        return Err(ModelError::Collinear { column: name(k), from });
    }
    Ok(())
}
