//! How answers of one person at different visits go together, in numbers that may take any value.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use crate::estimate::count;
use crate::mixed::sums::{add, cell, put};

/// The shape of the covariance between visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Structure {
    /// Every variance and covariance is free.
    Unstructured,
    /// One variance; correlation falls by the same factor from each visit to the next.
    AutoRegressive,
    /// A variance per visit; correlation falls by the same factor from each visit to the next.
    AutoRegressiveHeterogeneous,
    /// One variance and one correlation.
    CompoundSymmetry,
    /// A variance per visit and one correlation.
    CompoundSymmetryHeterogeneous,
    /// One variance; one correlation for each distance between visits.
    Toeplitz,
    /// A variance per visit; one correlation for each distance between visits.
    ToeplitzHeterogeneous,
}

impl Structure {
    fn spreads(self, visits: usize) -> usize {
        match self {
            Self::AutoRegressive | Self::CompoundSymmetry | Self::Toeplitz => 1,
            _ => visits,
        }
    }

    /// How many covariance parameters there are for so many visits.
    #[must_use]
    pub fn parameters(self, visits: usize) -> usize {
        match self {
            Self::Unstructured => visits * (visits + 1) / 2,
            _ if visits == 1 => 1,
            Self::Toeplitz | Self::ToeplitzHeterogeneous => self.spreads(visits) + visits - 1,
            _ => self.spreads(visits) + 1,
        }
    }

    /// A start: the visits' own spreads and a correlation of zero or, where there is only one, a moderate one.
    pub(crate) fn start(self, variances: &[f64]) -> DVector<f64> {
        let visits = variances.len();
        let logs: Vec<f64> = variances.iter().map(|variance| variance.ln() / 2.0).collect();
        let mean = logs.iter().sum::<f64>() / count(visits.max(1));
        let mut start = if self.spreads(visits) == 1 { vec![mean] } else { logs };
        let correlation = if self == Self::Unstructured { 0.0 } else { 0.3 };
        start.resize(self.parameters(visits), correlation);
        DVector::from_vec(start)
    }

    /// The covariance for these parameters.
    pub(crate) fn covariance(self, visits: usize, parameters: &DVector<f64>) -> DMatrix<f64> {
        if self == Self::Unstructured {
            let lower = lower(visits, parameters);
            return &lower * lower.transpose();
        }
        let spread = |visit: usize| self.log_spread(visit, parameters).exp();
        let correlation = |apart: usize| correlation(parameters, self.place(visits, apart, parameters.len()));
        DMatrix::from_fn(visits, visits, |a, b| {
            let apart = a.abs_diff(b);
            spread(a) * spread(b) * self.alike(apart, correlation(apart))
        })
    }

    /// The slope over the parameters, from the slope over the covariance's cells.
    pub(crate) fn chain(self, visits: usize, parameters: &DVector<f64>, cells: &DMatrix<f64>) -> DVector<f64> {
        let mut slope = DVector::zeros(parameters.len());
        let mut put_slope = |at: usize, by: f64| {
            if let Some(cell) = slope.get_mut(at) {
                *cell += by;
            }
        };
        if self == Self::Unstructured {
            let lower = lower(visits, parameters);
            let over_lower = (cells * &lower) * 2.0;
            let mut free = visits;
            for row in 0..visits {
                let own: f64 = lower.row(row).iter().zip(over_lower.row(row).iter()).map(|(a, b)| a * b).sum();
                put_slope(row, own);
                let spread = parameters.get(row).copied().unwrap_or(f64::NAN).exp();
                for column in 0..row {
                    put_slope(free, cell(&over_lower, row, column) * spread);
                    free += 1;
                }
            }
            return slope;
        }
        let covariance = self.covariance(visits, parameters);
        let spread = |visit: usize| self.log_spread(visit, parameters).exp();
        for a in 0..visits {
            for b in 0..visits {
                let own = cell(cells, a, b);
                let whole = own * cell(&covariance, a, b);
                let at = |visit: usize| if self.spreads(visits) == 1 { 0 } else { visit };
                put_slope(at(a), whole);
                put_slope(at(b), whole);
                if a != b {
                    let apart = a.abs_diff(b);
                    let place = self.place(visits, apart, parameters.len());
                    let raw = parameters.get(place).copied().unwrap_or(f64::NAN);
                    let bend = (1.0 + raw * raw).powf(-1.5);
                    let now = correlation(parameters, place);
                    put_slope(place, own * spread(a) * spread(b) * self.alike_slope(apart, now) * bend);
                }
            }
        }
        slope
    }

    /// Which parameter holds the correlation of visits so far apart.
    fn place(self, visits: usize, apart: usize, parameters: usize) -> usize {
        match self {
            Self::Toeplitz | Self::ToeplitzHeterogeneous => self.spreads(visits) + apart.saturating_sub(1),
            _ => parameters.saturating_sub(1),
        }
    }

    fn log_spread(self, visit: usize, parameters: &DVector<f64>) -> f64 {
        let at = if self.spreads(usize::MAX) == 1 { 0 } else { visit };
        parameters.get(at).copied().unwrap_or(f64::NAN)
    }

    fn alike(self, apart: usize, correlation: f64) -> f64 {
        match self {
            _ if apart == 0 => 1.0,
            Self::AutoRegressive | Self::AutoRegressiveHeterogeneous => power(correlation, apart),
            _ => correlation,
        }
    }

    fn alike_slope(self, apart: usize, correlation: f64) -> f64 {
        match self {
            Self::AutoRegressive | Self::AutoRegressiveHeterogeneous => {
                count(apart) * power(correlation, apart.saturating_sub(1))
            }
            _ => 1.0,
        }
    }
}

fn power(base: f64, times: usize) -> f64 {
    std::iter::repeat_n(base, times).product()
}

/// A parameter drawn into the range of a correlation.
fn correlation(parameters: &DVector<f64>, place: usize) -> f64 {
    let raw = parameters.get(place).copied().unwrap_or(f64::NAN);
    raw / (1.0 + raw * raw).sqrt()
}

/// The lower factor: each row of a unit triangle times the exponential of its own parameter.
fn lower(visits: usize, parameters: &DVector<f64>) -> DMatrix<f64> {
    let mut lower = DMatrix::zeros(visits, visits);
    let mut free = parameters.iter().skip(visits);
    for row in 0..visits {
        let spread = parameters.get(row).copied().unwrap_or(f64::NAN).exp();
        for column in 0..row {
            add(&mut lower, row, column, spread * free.next().copied().unwrap_or(f64::NAN));
        }
        put(&mut lower, row, row, spread);
    }
    lower
}
