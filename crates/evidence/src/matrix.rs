//! The few operations on small square matrices that the estimators share.

/// A square matrix, row after row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SquareMatrix {
    n: usize,
    cells: Vec<f64>,
}

impl SquareMatrix {
    /// A matrix of zeros.
    pub(crate) fn zeros(n: usize) -> Self {
        Self { n, cells: vec![0.0; n * n] }
    }

    /// A matrix made cell by cell.
    pub(crate) fn from_fn(n: usize, cell: impl Fn(usize, usize) -> f64) -> Self {
        let cells = (0..n).flat_map(|row| (0..n).map(move |column| (row, column)));
        Self { n, cells: cells.map(|(row, column)| cell(row, column)).collect() }
    }

    /// How many rows.
    pub(crate) fn size(&self) -> usize {
        self.n
    }

    /// One cell. A cell outside is not a number, which every later check finds.
    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.cells.get(row * self.n + column).copied().unwrap_or(f64::NAN)
    }

    /// Adds to one cell.
    pub(crate) fn add(&mut self, row: usize, column: usize, amount: f64) {
        if let Some(cell) = self.cells.get_mut(row * self.n + column) {
            *cell += amount;
        }
    }

    /// Sets one cell.
    fn set(&mut self, row: usize, column: usize, value: f64) {
        if let Some(cell) = self.cells.get_mut(row * self.n + column) {
            *cell = value;
        }
    }

    /// Adds `weight` times the outer product of two vectors.
    pub(crate) fn add_outer(&mut self, weight: f64, left: &[f64], right: &[f64]) {
        for (row, l) in self.cells.chunks_exact_mut(self.n.max(1)).zip(left) {
            let scaled = weight * l;
            for (cell, r) in row.iter_mut().zip(right) {
                *cell += scaled * r;
            }
        }
    }

    /// Adds `weight` times another matrix.
    pub(crate) fn add_scaled(&mut self, weight: f64, other: &Self) {
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            *cell += weight * more;
        }
    }

    /// Sets every cell to zero.
    pub(crate) fn clear(&mut self) {
        self.cells.fill(0.0);
    }

    /// This matrix times a vector.
    pub(crate) fn times(&self, vector: &[f64]) -> Vec<f64> {
        self.cells.chunks_exact(self.n.max(1)).map(|row| dot(row, vector)).collect()
    }

    /// The cells on the diagonal.
    pub(crate) fn diagonal(&self) -> Vec<f64> {
        (0..self.n).map(|i| self.at(i, i)).collect()
    }

    /// The cells, row after row.
    pub(crate) fn into_cells(self) -> Vec<f64> {
        self.cells
    }

    /// The rows and columns named, in that order.
    pub(crate) fn part(&self, kept: &[usize]) -> Self {
        Self { n: kept.len(), cells: kept.iter().flat_map(|&row| kept.iter().map(move |&c| self.at(row, c))).collect() }
    }
}

/// The sum of products.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(l, r)| l * r).sum()
}

/// Cholesky's factor of a symmetric matrix.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky(SquareMatrix);

/// What is left of a row's own size below which it counts as explained by the others.
const EXPLAINED: f64 = 1e-10;

impl Cholesky {
    /// Factors the lower half of a symmetric matrix, or names the first row that the rows before it already explain.
    pub(crate) fn new(matrix: &SquareMatrix) -> Result<Self, usize> {
        let n = matrix.size();
        let mut factor = SquareMatrix::zeros(n);
        for row in 0..n {
            for column in 0..=row {
                let inner: f64 = (0..column).map(|k| factor.at(row, k) * factor.at(column, k)).sum();
                let left = matrix.at(row, column) - inner;
                if column < row {
                    factor.set(row, column, left / factor.at(column, column));
                } else if left > EXPLAINED * matrix.at(row, row).abs() && left.is_finite() {
                    factor.set(row, row, left.sqrt());
                } else {
                    return Err(row);
                }
            }
        }
        Ok(Self(factor))
    }

    /// Solves for one right-hand side.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut forward: Vec<f64> = Vec::with_capacity(right.len());
        for (row, value) in right.iter().enumerate() {
            let inner: f64 = forward.iter().enumerate().map(|(k, done)| self.0.at(row, k) * done).sum();
            forward.push((value - inner) / self.0.at(row, row));
        }
        let n = forward.len();
        let mut backward: Vec<f64> = Vec::with_capacity(n);
        for (row, value) in forward.iter().enumerate().rev() {
            let inner: f64 = backward.iter().enumerate().map(|(k, done)| self.0.at(n - 1 - k, row) * done).sum();
            backward.push((value - inner) / self.0.at(row, row));
        }
        backward.reverse();
        backward
    }

    /// The inverse.
    pub(crate) fn inverse(&self) -> SquareMatrix {
        let n = self.0.size();
        let mut inverse = SquareMatrix::zeros(n);
        for column in 0..n {
            let unit: Vec<f64> = (0..n).map(|row| f64::from(u8::from(row == column))).collect();
            for (row, value) in self.solve(&unit).into_iter().enumerate() {
                inverse.set(row, column, value);
            }
        }
        inverse
    }

    /// The logarithm of the determinant of the matrix factored.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * self.0.diagonal().iter().map(|cell| cell.ln()).sum::<f64>()
    }

    /// The weight of a vector against the matrix factored: x' A^-1 x.
    pub(crate) fn weigh(&self, x: &[f64]) -> f64 {
        dot(&self.solve(x), x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_leads_back_to_one() {
        let rows = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]];
        let matrix = SquareMatrix::from_fn(3, |i, j| rows[i][j]);
        let inverse = Cholesky::new(&matrix).unwrap().inverse();
        for column in 0..3 {
            let unit = matrix.times(&(0..3).map(|row| inverse.at(row, column)).collect::<Vec<_>>());
            for (row, value) in unit.into_iter().enumerate() {
                let expected = f64::from(u8::from(row == column));
                assert!((value - expected).abs() < 1e-14, "{row}, {column}: {value}");
            }
        }
    }

    #[test]
    fn names_the_row_that_others_explain() {
        let matrix = SquareMatrix::from_fn(2, |i, j| [[1.0, 2.0], [2.0, 4.0]][i][j]);
        assert_eq!(Cholesky::new(&matrix).unwrap_err(), 1);
        assert_eq!(Cholesky::new(&SquareMatrix::zeros(1)).unwrap_err(), 0);
    }
}
