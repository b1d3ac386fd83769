//! The deviance of a covariance between visits, from sums over people with the same visits.

use std::collections::BTreeMap;

use nalgebra::{Cholesky, DMatrix, DVector};
use rayon::prelude::*;

use super::{Mmrm, Structure};
use crate::estimate::count;
use crate::mixed::rows::People;
use crate::mixed::search::{Deviance, Point};
use crate::mixed::sums::{PairSums, Solved, add, cell, log_determinant};
use crate::mixed::{Likelihood, ModelError};

/// How many people's sums are made in one piece; the pieces are added in order whatever thread made them.
const PIECE: usize = 256;

struct Pattern {
    visits: Vec<usize>,
    people: f64,
    sums: PairSums,
}

/// What the likelihood needs of the rows.
pub(super) struct Surface {
    patterns: Vec<Pattern>,
    visits: usize,
    pub(super) width: usize,
    rows: f64,
    structure: Structure,
    restricted: bool,
}

impl Surface {
    pub(super) fn gather(model: &Mmrm<'_>, people: &People<'_>) -> Result<Self, ModelError> {
        let width = model.design.width() + 1;
        let visit = |row: usize| model.visits.codes().get(row).copied().unwrap_or(0);
        let mut by_visits: BTreeMap<Vec<usize>, Vec<Vec<usize>>> = BTreeMap::new();
        for (name, rows) in &people.rows {
            let mut rows = rows.clone();
            rows.sort_by_key(|&row| visit(row));
            let seen: Vec<usize> = rows.iter().map(|&row| visit(row)).collect();
            if let Some((twice, _)) = seen.iter().zip(seen.iter().skip(1)).find(|(a, b)| a == b) {
                let visit = model.visits.levels().get(*twice).cloned().unwrap_or_default();
                return Err(ModelError::VisitTwice { patient: (*name).to_owned(), visit });
            }
            by_visits.entry(seen).or_default().push(rows);
        }
        let pieces: Vec<(&[usize], &[Vec<usize>])> = by_visits
            .iter()
            .flat_map(|(visits, people)| people.chunks(PIECE).map(move |piece| (visits.as_slice(), piece)))
            .collect();
        let made: Vec<(&[usize], usize, PairSums)> = pieces
            .into_par_iter()
            .map(|(visits, piece)| {
                let mut sums = PairSums::new(visits.len(), width);
                let (mut line, mut all) = (Vec::new(), Vec::new());
                for rows in piece {
                    all.clear();
                    for &row in rows {
                        model.design.row(row, &mut line);
                        line.push(model.outcome.get(row).copied().flatten().unwrap_or(f64::NAN) - people.shift);
                        all.extend_from_slice(&line);
                    }
                    sums.add(&all);
                }
                (visits, piece.len(), sums)
            })
            .collect();
        let mut patterns: Vec<Pattern> = Vec::new();
        for (visits, people, sums) in made {
            let people = count(people);
            match patterns.last_mut() {
                Some(last) if last.visits == visits => {
                    last.people += people;
                    last.sums.merge(&sums);
                }
                _ => patterns.push(Pattern { visits: visits.to_vec(), people, sums }),
            }
        }
        Ok(Self {
            patterns,
            visits: model.visits.levels().len(),
            width,
            rows: count(people.used.len()),
            structure: model.structure,
            restricted: model.likelihood == Likelihood::Restricted,
        })
    }

    /// Refuses a visit without answers, and under free covariances two visits that nobody has both of.
    pub(super) fn refuse_unseen(&self, levels: &[String], structure: Structure) -> Result<(), ModelError> {
        let together = |a: usize, b: usize| {
            self.patterns.iter().any(|pattern| pattern.visits.contains(&a) && pattern.visits.contains(&b))
        };
        for (a, level) in levels.iter().enumerate() {
            if !together(a, a) {
                return Err(ModelError::NoAnswersAtVisit { visit: level.clone() });
            }
        }
        if structure == Structure::Unstructured {
            for (b, second) in levels.iter().enumerate() {
                for (a, first) in levels.iter().enumerate().take(b) {
                    if !together(a, b) {
                        return Err(ModelError::VisitsNeverTogether { first: first.clone(), second: second.clone() });
                    }
                }
            }
        }
        Ok(())
    }

    /// What Kenward and Roger's adjustment needs of the rows: the design weighed by V⁻¹ (Σ w V_r V⁻¹ V_s) V⁻¹, where V_r is how a
    /// person's covariance changes with a parameter and w the covariance of the parameters.
    pub(super) fn doubly_weighed(&self, parameters: &DVector<f64>, spread: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        const ASIDE: f64 = 1e-5;
        let covariance = self.structure.covariance(self.visits, parameters);
        let moved = |one: usize, by: f64| {
            let mut there = parameters.clone();
            if let Some(own) = there.get_mut(one) {
                *own += by;
            }
            self.structure.covariance(self.visits, &there)
        };
        let slopes: Vec<DMatrix<f64>> =
            (0..parameters.len()).map(|one| (moved(one, ASIDE) - moved(one, -ASIDE)) / (2.0 * ASIDE)).collect();
        let mut total = vec![0.0; self.width * self.width];
        for pattern in &self.patterns {
            let part = |whole: &DMatrix<f64>| whole.select_rows(&pattern.visits).select_columns(&pattern.visits);
            let inverse = Cholesky::new(part(&covariance))?.inverse();
            let own: Vec<DMatrix<f64>> = slopes.iter().map(part).collect();
            let mut inside = DMatrix::zeros(pattern.visits.len(), pattern.visits.len());
            for (r, left) in own.iter().enumerate() {
                let pulled = left * &inverse;
                for (s, right) in own.iter().enumerate() {
                    inside += &pulled * right * cell(spread, r, s);
                }
            }
            pattern.sums.weigh(&(&inverse * inside * &inverse), &mut total);
        }
        let whole = DMatrix::from_row_slice(self.width, self.width, &total);
        let k = self.width.checked_sub(1)?;
        Some(whole.view((0, 0), (k, k)).into_owned())
    }

    /// The cross products of all rows, each counting the same.
    pub(super) fn plain_total(&self) -> Vec<f64> {
        let mut total = vec![0.0; self.width * self.width];
        for pattern in &self.patterns {
            pattern.sums.weigh(&DMatrix::identity(pattern.visits.len(), pattern.visits.len()), &mut total);
        }
        total
    }

    /// The mean square about the plain least squares answer at each visit.
    pub(super) fn variances(&self, plain: &Solved) -> Vec<f64> {
        let table = plain.slope_table(false);
        let mut sums = vec![(0.0, 0.0); self.visits];
        for pattern in &self.patterns {
            let squares = pattern.sums.against(&table);
            for (at, &visit) in pattern.visits.iter().enumerate() {
                if let Some((sum, people)) = sums.get_mut(visit) {
                    *sum += cell(&squares, at, at);
                    *people += pattern.people;
                }
            }
        }
        sums.into_iter().map(|(sum, people)| sum / people).collect()
    }
}

impl Deviance for Surface {
    fn at(&self, parameters: &DVector<f64>) -> Option<Point> {
        let covariance = self.structure.covariance(self.visits, parameters);
        let mut total = vec![0.0; self.width * self.width];
        let mut deviance = 0.0;
        let mut inverses = Vec::with_capacity(self.patterns.len());
        for pattern in &self.patterns {
            let own = covariance.select_rows(&pattern.visits).select_columns(&pattern.visits);
            let factor = Cholesky::new(own)?;
            deviance += pattern.people * log_determinant(&factor);
            let inverse = factor.inverse();
            pattern.sums.weigh(&inverse, &mut total);
            inverses.push(inverse);
        }
        let solved = Solved::from(&total, self.width)?;
        let columns = count(self.width.saturating_sub(1));
        let free = if self.restricted { self.rows - columns } else { self.rows };
        deviance += solved.residual + free * std::f64::consts::TAU.ln();
        if self.restricted {
            deviance += solved.log_determinant;
        }
        let table = solved.slope_table(self.restricted);
        let mut cells = DMatrix::zeros(self.visits, self.visits);
        for (pattern, inverse) in self.patterns.iter().zip(&inverses) {
            let own = inverse * pattern.people - inverse * pattern.sums.against(&table) * inverse;
            for (a, &row) in pattern.visits.iter().enumerate() {
                for (b, &column) in pattern.visits.iter().enumerate() {
                    add(&mut cells, row, column, cell(&own, a, b));
                }
            }
        }
        let slope = self.structure.chain(self.visits, parameters, &cells);
        deviance.is_finite().then_some(Point { deviance, slope, solved })
    }
}
