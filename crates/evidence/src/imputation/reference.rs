//! How far a trial's answer rests on what is supposed of those who left: at random, jumping to the reference arm, or worse by so much.
//!
//! A mixed model for repeated measures is fitted; what is missing is filled in as the model and the supposition say (Carpenter,
//! Roger and Kenward 2013); and the last visit is compared by analysis of covariance. Two ways lead on. The conditional mean with the
//! jackknife over people (Wolbers and colleagues 2022) is exact and the same each time, and its errors shrink with nothing that was
//! made up. Multiple imputation draws copies, each from a model refitted to people drawn anew, and pools them by Rubin's rules,
//! whose errors are too large under a reference arm.

use nalgebra::{Cholesky, DMatrix, DVector};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use serde::Serialize;

use super::{Pooled, pool};
use crate::distribution::{normal_quantile, normal_two_sided};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Missing, Test, at_least, count, same_length};
use crate::linear::{Errors, Linear};
use crate::mixed::{Design, DesignBuilder, Factor, Likelihood, ModelError};
use crate::mmrm::{Mmrm, Structure};

/// What is supposed of answers after somebody left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Supposed {
    /// They go on as others of their arm with the same answers so far.
    #[default]
    AtRandom,
    /// From then on they are on average where the reference arm is.
    JumpToReference,
    /// They were in the reference arm all along.
    CopyReference,
    /// They keep what they had gained, and from then on change as the reference arm does.
    CopyIncrements,
}

/// One column about each person.
#[derive(Debug, Clone, PartialEq)]
pub enum PersonColumn {
    /// A number.
    Number(String, Vec<f64>),
    /// A group.
    Levels(Factor),
}

/// A trial with several visits.
#[derive(Debug, Clone)]
pub struct Visits {
    /// The arm of each person, the reference first among its levels.
    pub arms: Factor,
    /// The visits in order.
    pub visits: Vec<String>,
    /// Each person's answers, one for each visit.
    pub answers: Vec<Vec<Option<f64>>>,
    /// What else is known of each person; in the model each works at each visit in its own way.
    pub columns: Vec<PersonColumn>,
}

/// Told how many pieces of a long work are done, of how many.
pub type Watch<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// What is supposed, and by how much filled-in answers after leaving are shifted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Supposition {
    /// Of the other arms; people of the reference arm go on at random.
    pub supposed: Supposed,
    /// What is added to every answer that is filled in after somebody left.
    pub delta: f64,
    /// Whether the reference arm's answers are shifted too.
    pub delta_in_reference: bool,
}

/// One arm less the reference at the last visit, as lines over the shift.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverDelta {
    /// The arm.
    pub arm: String,
    /// The difference without a shift, and what a shift of 1 adds to it.
    line: (f64, f64),
    /// The jackknife variance as a square in the shift: constant, slope, square.
    variance: (f64, f64, f64),
    confidence: Confidence,
}

impl OverDelta {
    /// The difference where filled-in answers are shifted by so much.
    #[must_use]
    pub fn at(&self, delta: f64) -> (Estimate, Test) {
        let value = self.line.0 + delta * self.line.1;
        let (a, b, c) = self.variance;
        let standard_error = (a + delta * (b + delta * c)).max(0.0).sqrt();
        let statistic = value / standard_error;
        let half = normal_quantile(self.confidence.upper_point()) * standard_error;
        (
            Estimate { value, standard_error, interval: Interval::around(value, half, self.confidence) },
            Test { statistic, degrees_of_freedom: None, p: normal_two_sided(statistic) },
        )
    }

    /// The shifts at which the interval just touches zero: the nearest below zero and the nearest above it.
    #[must_use]
    pub fn tipping_points(&self) -> (Option<f64>, Option<f64>) {
        let z2 = normal_quantile(self.confidence.upper_point()).powi(2);
        let ((e0, e1), (a, b, c)) = (self.line, self.variance);
        let (square, slope, constant) = (e1 * e1 - z2 * c, 2.0 * e0 * e1 - z2 * b, e0 * e0 - z2 * a);
        let within = slope * slope - 4.0 * square * constant;
        let roots: Vec<f64> = if square.abs() < 1e-14 {
            if slope.abs() < 1e-14 { Vec::new() } else { vec![-constant / slope] }
        } else if within < 0.0 {
            Vec::new()
        } else {
            vec![(-slope - within.sqrt()) / (2.0 * square), (-slope + within.sqrt()) / (2.0 * square)]
        };
        let nearest = |side: f64| {
            let own = roots.iter().copied().filter(|root| root * side > 0.0);
            own.min_by(|x, y| x.abs().total_cmp(&y.abs()))
        };
        (nearest(-1.0), nearest(1.0))
    }
}

/// How many answers at the last visit were filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FilledIn {
    /// The arm.
    pub arm: String,
    /// How many were expected, and how many were there.
    pub last_visit: Missing,
}

/// The differences pooled over completed copies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Multiple {
    /// Each arm less the reference.
    pub arms: Vec<(String, Pooled)>,
    /// How many copies.
    pub copies: usize,
    /// How many draws of people had to be drawn again, because no model could be fitted to them.
    pub redrawn: usize,
}

/// Each arm's difference from the reference without a shift, and what a shift of 1 adds to it.
type Lines = Vec<(f64, f64)>;

/// The jackknife variance of a line over the shift: constant, slope, square.
fn jackknife(lines: &[(f64, f64)]) -> (f64, f64, f64) {
    let k = count(lines.len());
    let (m0, m1) = lines.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0 / k, sum.1 + one.1 / k));
    let scale = (k - 1.0) / k;
    lines.iter().fold((0.0, 0.0, 0.0), |sum, (e0, e1)| {
        let (a, b) = (e0 - m0, e1 - m1);
        (sum.0 + scale * a * a, sum.1 + scale * 2.0 * a * b, sum.2 + scale * b * b)
    })
}

/// One completed copy.
struct Copy {
    arms: Vec<(f64, f64)>,
    redrawn: usize,
}

/// How often people are drawn again for one copy before that is given up.
const DRAWS: usize = 25;

struct Model<'v> {
    trial: &'v Visits,
    /// Each person's row at each visit in their own arm, then the same in the reference arm.
    design: Design,
    visit: Factor,
    people: Vec<String>,
    outcome: Vec<Option<f64>>,
    rows: Vec<Vec<f64>>,
    analysis: Design,
    confidence: Confidence,
}

/// The means of the fitted model for everybody, in their own arm and in the reference, and the covariance between visits.
struct Means {
    own: Vec<DVector<f64>>,
    reference: Vec<DVector<f64>>,
    covariance: DMatrix<f64>,
}

impl Visits {
    fn model(&self, confidence: Confidence) -> Result<Model<'_>, ModelError> {
        let (n, v) = (self.answers.len(), self.visits.len());
        at_least("visits", v, 1)?;
        at_least("arms", self.arms.levels().len(), 2)?;
        same_length("people", n, "arms", self.arms.codes().len())?;
        for one in &self.answers {
            same_length("visits", v, "answers of a person", one.len())?;
        }
        let person = |row: usize| (row / v) % n.max(1);
        let all = 2 * n * v;
        let reference = self.arms.levels().first().cloned().unwrap_or_default();
        let level_of = |code: usize| self.arms.levels().get(code).map_or("", String::as_str);
        let arm_rows: Vec<&str> = (0..all)
            .map(|row| {
                if row < n * v {
                    level_of(self.arms.codes().get(person(row)).copied().unwrap_or(0))
                } else {
                    reference.as_str()
                }
            })
            .collect();
        let visit_rows: Vec<&str> = (0..all).map(|row| self.visits.get(row % v).map_or("", String::as_str)).collect();
        let arm_levels: Vec<&str> = self.arms.levels().iter().map(String::as_str).collect();
        let visit_levels: Vec<&str> = self.visits.iter().map(String::as_str).collect();
        let visit = Factor::ordered("visit", &visit_rows, &visit_levels)?;
        let mut builder = DesignBuilder::new(all)
            .factor(Factor::ordered("arm", &arm_rows, &arm_levels)?)?
            .factor(visit.clone())?
            .interaction(&["arm", "visit"])?;
        let arm_levels: Vec<&str> = self.arms.levels().iter().map(String::as_str).collect();
        let own_arms: Vec<&str> = self.arms.codes().iter().map(|code| level_of(*code)).collect();
        let mut analysis = DesignBuilder::new(n).factor(Factor::ordered("arm", &own_arms, &arm_levels)?)?;
        for column in &self.columns {
            match column {
                PersonColumn::Number(name, values) => {
                    same_length("people", n, "values of a column", values.len())?;
                    let long: Vec<f64> =
                        (0..all).map(|row| values.get(person(row)).copied().unwrap_or(f64::NAN)).collect();
                    builder = builder.number(name, &long)?;
                    if v > 1 {
                        builder = builder.interaction(&[name, "visit"])?;
                    }
                    analysis = analysis.number(name, values)?;
                }
                PersonColumn::Levels(factor) => {
                    same_length("people", n, "groups of a column", factor.codes().len())?;
                    let of = |person: usize| factor.codes().get(person).and_then(|code| factor.levels().get(*code));
                    let long: Vec<&str> = (0..all).map(|row| of(person(row)).map_or("", String::as_str)).collect();
                    let levels: Vec<&str> = factor.levels().iter().map(String::as_str).collect();
                    builder = builder.factor(Factor::ordered(factor.name(), &long, &levels)?)?;
                    if v > 1 {
                        builder = builder.interaction(&[factor.name(), "visit"])?;
                    }
                    analysis = analysis.factor(factor.clone())?;
                }
            }
        }
        let design = builder.build();
        let mut line = Vec::new();
        let rows = (0..all)
            .map(|row| {
                design.row(row, &mut line);
                line.clone()
            })
            .collect();
        let answers = self.answers.iter().flatten().copied();
        Ok(Model {
            trial: self,
            rows,
            visit,
            people: (0..all).map(|row| person(row).to_string()).collect(),
            outcome: answers.chain(std::iter::repeat_n(None, n * v)).collect(),
            design,
            analysis: analysis.build(),
            confidence,
        })
    }

    /// How many answers of the last visit are filled in, by arm.
    #[must_use]
    pub fn filled_in(&self) -> Vec<FilledIn> {
        let of = |code: usize, arm: &String| {
            let own = self.answers.iter().zip(self.arms.codes()).filter(|(_, own)| **own == code);
            let last: Vec<Option<f64>> = own.map(|(answers, _)| answers.last().copied().flatten()).collect();
            FilledIn { arm: arm.clone(), last_visit: Missing::count(&last) }
        };
        self.arms.levels().iter().enumerate().map(|(code, arm)| of(code, arm)).collect()
    }

    /// The differences by the conditional mean under each supposition in turn, with errors by the jackknife over people, for every
    /// shift at once. The model is fitted once for each person left out, whatever is supposed.
    pub fn conditional_means(
        &self,
        supposed: &[Supposed],
        delta_in_reference: bool,
        confidence: Confidence,
        watch: Watch<'_>,
    ) -> Result<Vec<Vec<OverDelta>>, ModelError> {
        let model = self.model(confidence)?;
        let lines = |without: Option<usize>| {
            let means = model.fitted(without)?;
            supposed
                .iter()
                .map(|one| model.lines(&means, without, *one, delta_in_reference))
                .collect::<Result<Vec<_>, _>>()
        };
        let whole = lines(None)?;
        let n = self.answers.len();
        let done = std::sync::atomic::AtomicU64::new(0);
        let without: Vec<Result<Vec<Lines>, ModelError>> = (0..n)
            .into_par_iter()
            .map(|person| {
                let lines = lines(Some(person));
                watch(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, n as u64);
                lines
            })
            .collect();
        let without: Vec<Vec<Lines>> = without.into_iter().collect::<Result<_, _>>()?;
        let one = |place: usize, lines: Lines| {
            let arms = self.arms.levels().iter().skip(1).enumerate().zip(lines);
            arms.map(|((at, arm), line)| {
                let own = without.iter().filter_map(|all| all.get(place)?.get(at).copied());
                OverDelta { arm: arm.clone(), line, variance: jackknife(&own.collect::<Vec<_>>()), confidence }
            })
            .collect()
        };
        Ok(whole.into_iter().enumerate().map(|(place, lines)| one(place, lines)).collect())
    }

    /// The differences by multiple imputation, pooled by Rubin's rules. The same seed gives the same, on any number of threads.
    pub fn multiple(
        &self,
        supposition: Supposition,
        copies: usize,
        seed: u64,
        confidence: Confidence,
        watch: Watch<'_>,
    ) -> Result<Multiple, ModelError> {
        at_least("completed copies", copies, 2)?;
        let model = self.model(confidence)?;
        let done = std::sync::atomic::AtomicU64::new(0);
        let drawn: Vec<Result<Copy, ModelError>> = (0..copies)
            .into_par_iter()
            .map(|copy| {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                rng.set_stream(copy as u64 + 1);
                let found = model.copy(supposition, &mut rng);
                watch(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, copies as u64);
                found
            })
            .collect();
        let drawn: Vec<Copy> = drawn.into_iter().collect::<Result<_, _>>()?;
        let complete = count(self.answers.len()) - count(model.analysis.width());
        let arms = self.arms.levels().iter().skip(1).enumerate();
        let arms = arms.map(|(at, arm)| {
            let own = drawn.iter().filter_map(|one| one.arms.get(at).copied());
            let (values, errors): (Vec<f64>, Vec<f64>) = own.unzip();
            Ok((arm.clone(), pool(&values, &errors, Some(complete), confidence)?))
        });
        Ok(Multiple {
            arms: arms.collect::<Result<_, ModelError>>()?,
            copies,
            redrawn: drawn.iter().map(|one| one.redrawn).sum(),
        })
    }
}

impl Model<'_> {
    fn n(&self) -> usize {
        self.trial.answers.len()
    }

    fn v(&self) -> usize {
        self.trial.visits.len()
    }

    /// Fits the mixed model, without one person if asked for, and tells everybody's means.
    fn fitted(&self, without: Option<usize>) -> Result<Means, ModelError> {
        let mut outcome = self.outcome.clone();
        if let Some(person) = without {
            outcome.iter_mut().skip(person * self.v()).take(self.v()).for_each(|one| *one = None);
        }
        self.means(&self.design, &self.visit, &self.people, &outcome)
    }

    fn means(
        &self,
        design: &Design,
        visits: &Factor,
        people: &[String],
        outcome: &[Option<f64>],
    ) -> Result<Means, ModelError> {
        let fit = Mmrm {
            design,
            people,
            visits,
            outcome,
            structure: Structure::Unstructured,
            likelihood: Likelihood::Restricted,
            confidence: self.confidence,
        }
        .fit()?;
        let coefficients = fit.fixed.values();
        let v = self.v();
        let at = |from: usize| {
            let mean = |visit: usize| {
                self.rows
                    .get(from + visit)
                    .map_or(f64::NAN, |row| row.iter().zip(coefficients).map(|(x, b)| x * b).sum())
            };
            DVector::from_iterator(v, (0..v).map(mean))
        };
        Ok(Means {
            own: (0..self.n()).map(|person| at(person * v)).collect(),
            reference: (0..self.n()).map(|person| at((self.n() + person) * v)).collect(),
            covariance: DMatrix::from_fn(v, v, |a, b| {
                fit.covariance.get(a).and_then(|row| row.get(b)).copied().unwrap_or(f64::NAN)
            }),
        })
    }

    /// The means of one person as supposed.
    fn supposed(&self, person: usize, means: &Means, supposed: Supposed) -> DVector<f64> {
        let none = || DVector::zeros(self.v());
        let own = means.own.get(person).cloned().unwrap_or_else(none);
        let reference = means.reference.get(person).cloned().unwrap_or_else(none);
        let last = self.last_seen(person);
        let is_reference = self.trial.arms.codes().get(person) == Some(&0);
        match supposed {
            _ if is_reference => own,
            Supposed::AtRandom => own,
            Supposed::CopyReference => reference,
            Supposed::JumpToReference | Supposed::CopyIncrements => {
                let kept = match (supposed, last) {
                    (Supposed::CopyIncrements, Some(last)) => {
                        let at = |means: &DVector<f64>| means.get(last).copied().unwrap_or(f64::NAN);
                        at(&own) - at(&reference)
                    }
                    _ => 0.0,
                };
                let after = |visit: usize| last.is_none_or(|last| visit > last);
                DVector::from_iterator(
                    self.v(),
                    own.iter()
                        .zip(reference.iter())
                        .enumerate()
                        .map(|(visit, (own, reference))| if after(visit) { reference + kept } else { *own }),
                )
            }
        }
    }

    /// The last visit at which somebody answered.
    fn last_seen(&self, person: usize) -> Option<usize> {
        self.trial.answers.get(person)?.iter().rposition(Option::is_some)
    }

    /// One person's answer at the last visit, filled in where it is missing, with a draw where one is given.
    fn last_answer(
        &self,
        person: usize,
        means: &Means,
        supposed: Supposed,
        draw: Option<&mut ChaCha8Rng>,
    ) -> Result<f64, ModelError> {
        let answers = self.trial.answers.get(person).map_or(&[][..], Vec::as_slice);
        let last = self.v().saturating_sub(1);
        if let Some(Some(seen)) = answers.get(last) {
            return Ok(*seen);
        }
        let mean = self.supposed(person, means, supposed);
        let seen: Vec<usize> = (0..self.v()).filter(|visit| matches!(answers.get(*visit), Some(Some(_)))).collect();
        let own = mean.get(last).copied().unwrap_or(f64::NAN);
        let variance = means.covariance.get((last, last)).copied().unwrap_or(f64::NAN);
        let (value, left) = if seen.is_empty() {
            (own, variance)
        } else {
            let inner = means.covariance.select_rows(&seen).select_columns(&seen);
            let across = means.covariance.select_rows(&seen).column(last).into_owned();
            let away = DVector::from_iterator(
                seen.len(),
                seen.iter().map(|visit| {
                    answers.get(*visit).copied().flatten().unwrap_or(f64::NAN)
                        - mean.get(*visit).copied().unwrap_or(f64::NAN)
                }),
            );
            let weights = Cholesky::new(inner)
                .ok_or(CannotEstimate::NotConverged { what: "the covariance between visits", steps: 0 })?
                .solve(&across);
            (own + weights.dot(&away), variance - weights.dot(&across))
        };
        let noise: f64 = draw.map_or(0.0, |rng| {
            let normal: f64 = StandardNormal.sample(rng);
            normal * left.max(0.0).sqrt()
        });
        Ok(value + noise)
    }

    /// Whether the shift is added to somebody's last answer.
    fn shifted(&self, person: usize, delta_in_reference: bool) -> bool {
        let last = self.v().saturating_sub(1);
        let missing = self.trial.answers.get(person).is_some_and(|one| matches!(one.get(last), Some(None)));
        missing && (delta_in_reference || self.trial.arms.codes().get(person) != Some(&0))
    }

    /// The adjusted difference of each arm from the reference, with its standard error.
    fn compared(&self, outcome: &[Option<f64>]) -> Result<Vec<(f64, f64)>, ModelError> {
        let fit =
            Linear { design: &self.analysis, outcome, errors: Errors::Plain, confidence: self.confidence }.fit()?;
        let errors = fit.fixed.standard_errors();
        let arms = 1..self.trial.arms.levels().len();
        let values = fit.fixed.values();
        Ok(arms.filter_map(|at| Some((*values.get(at)?, *errors.get(at)?))).collect())
    }

    /// The difference of each arm from the reference, and what a shift of 1 adds to it.
    fn lines(
        &self,
        means: &Means,
        without: Option<usize>,
        supposed: Supposed,
        delta_in_reference: bool,
    ) -> Result<Lines, ModelError> {
        let mut filled = Vec::with_capacity(self.n());
        let mut shift = Vec::with_capacity(self.n());
        for person in 0..self.n() {
            let there = Some(person) != without;
            let answer = self.last_answer(person, means, supposed, None)?;
            filled.push(there.then_some(answer));
            shift.push(there.then_some(f64::from(u8::from(self.shifted(person, delta_in_reference)))));
        }
        let at_zero = self.compared(&filled)?;
        if shift.iter().flatten().all(|one| *one == 0.0) {
            return Ok(at_zero.into_iter().map(|(value, _)| (value, 0.0)).collect());
        }
        // Least squares is linear in the outcome, so that the shift's part is that of the two outcomes one apart.
        let moved: Vec<Option<f64>> =
            filled.iter().zip(&shift).map(|(answer, shift)| Some((*answer)? + (*shift)?)).collect();
        let at_one = self.compared(&moved)?;
        Ok(at_zero.into_iter().zip(at_one).map(|((zero, _), (one, _))| (zero, one - zero)).collect())
    }

    /// One completed copy: the gaps drawn from a model of people drawn anew, and the arms compared.
    fn copy(&self, supposition: Supposition, rng: &mut ChaCha8Rng) -> Result<Copy, ModelError> {
        let mut redrawn = 0;
        let means = loop {
            match self.drawn(rng) {
                Ok(means) => break means,
                Err(why) if redrawn >= DRAWS => return Err(why),
                Err(_) => redrawn += 1,
            }
        };
        let mut filled = Vec::with_capacity(self.n());
        for person in 0..self.n() {
            let answer = self.last_answer(person, &means, supposition.supposed, Some(rng))?;
            filled.push(Some(
                answer + if self.shifted(person, supposition.delta_in_reference) { supposition.delta } else { 0.0 },
            ));
        }
        Ok(Copy { arms: self.compared(&filled)?, redrawn })
    }

    /// The model fitted to people drawn anew within their arms.
    fn drawn(&self, rng: &mut ChaCha8Rng) -> Result<Means, ModelError> {
        let v = self.v();
        let mut drawn: Vec<usize> = Vec::with_capacity(self.n());
        for code in 0..self.trial.arms.levels().len() {
            let own: Vec<usize> =
                (0..self.n()).filter(|person| self.trial.arms.codes().get(*person) == Some(&code)).collect();
            for _ in 0..own.len() {
                let place = (rng.next_u64() % own.len().max(1) as u64) as usize;
                drawn.extend(own.get(place));
            }
        }
        let rows: Vec<usize> = drawn.iter().flat_map(|person| (0..v).map(move |visit| person * v + visit)).collect();
        let people: Vec<String> = (0..rows.len()).map(|row| (row / v).to_string()).collect();
        let outcome: Vec<Option<f64>> = rows.iter().map(|row| self.outcome.get(*row).copied().flatten()).collect();
        self.means(&self.design.of_rows(&rows), &self.visit.of_rows(&rows), &people, &outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(gaps: &[usize]) -> Visits {
        let n = 24;
        let arms: Vec<&str> = (0..n).map(|i| if i % 2 == 0 { "placebo" } else { "ketamine" }).collect();
        let answers = (0..n)
            .map(|i| {
                let noise = |k: usize| ((i * 7919 + k * 104_729 + i * i * 31 + k * i * 577) % 101) as f64 / 10.0 - 5.0;
                let treated = f64::from(u8::from(i % 2 == 1));
                (0..3)
                    .map(|k| {
                        (k == 0 || !gaps.contains(&i))
                            .then(|| 40.0 + i as f64 / 3.0 + noise(k) - 6.0 * treated * k as f64)
                    })
                    .collect()
            })
            .collect();
        let arms = Factor::new("arm", &arms, Some("placebo")).unwrap();
        Visits { arms, visits: ["1", "2", "3"].map(str::to_owned).to_vec(), answers, columns: Vec::new() }
    }

    const AT_RANDOM: Supposition = Supposition { supposed: Supposed::AtRandom, delta: 0.0, delta_in_reference: false };

    fn value(trial: &Visits, supposition: Supposition) -> (f64, f64) {
        let found =
            trial.conditional_means(&[supposition.supposed], false, Confidence::PERCENT_95, &|_, _| {}).unwrap();
        (found[0][0].at(0.0).0.value, found[0][0].at(1.0).0.value)
    }

    #[test]
    fn with_nothing_missing_no_supposition_matters() {
        let whole = trial(&[]);
        let (at_random, shifted) = value(&whole, AT_RANDOM);
        let jumped = value(&whole, Supposition { supposed: Supposed::JumpToReference, ..AT_RANDOM });
        assert!((at_random - jumped.0).abs() < 1e-12 && (at_random - shifted).abs() < 1e-12);
    }

    #[test]
    fn jumping_to_the_reference_brings_the_arms_together_and_a_shift_moves_them_by_the_share_missing() {
        let some = trial(&[1, 3, 5, 7]);
        let of = |supposed| value(&some, Supposition { supposed, ..AT_RANDOM }).0.abs();
        let (random, jump) = (of(Supposed::AtRandom), of(Supposed::JumpToReference));
        assert!(jump < random, "{jump} {random}");
        // Four of twelve are shifted, so that a shift of 1 moves the arm by a third.
        let (without, with) = value(&some, AT_RANDOM);
        assert!((with - without - 4.0 / 12.0).abs() < 1e-9);
    }

    #[test]
    fn at_a_tipping_point_the_interval_touches_zero() {
        let some = trial(&[1, 3, 5, 7, 9]);
        let found = trial_over_delta(&some);
        let (below, above) = found.tipping_points();
        let point = above.or(below).unwrap();
        let interval = found.at(point).0.interval;
        assert!(interval.low.abs().min(interval.high.abs()) < 1e-9, "{point}: {interval:?}");
    }

    fn trial_over_delta(trial: &Visits) -> OverDelta {
        let all = trial.conditional_means(&[Supposed::AtRandom], false, Confidence::PERCENT_95, &|_, _| {});
        all.unwrap().remove(0).remove(0)
    }

    #[test]
    fn copies_are_the_same_from_the_same_seed_and_near_the_conditional_mean() {
        let some = trial(&[1, 3, 5, 7]);
        let one = || some.multiple(AT_RANDOM, 60, 7, Confidence::PERCENT_95, &|_, _| {}).unwrap();
        let (first, second) = (one(), one());
        assert_eq!(first, second);
        let mean = trial_over_delta(&some).at(0.0).0;
        assert!((first.arms[0].1.estimate.value - mean.value).abs() < 0.5 * mean.standard_error);
    }

    #[test]
    fn one_arm_and_a_visit_that_nobody_has_are_named() {
        let mut none = trial(&[]);
        none.answers.iter_mut().for_each(|one| one[2] = None);
        let usual = [Supposed::AtRandom];
        let fails = |trial: &Visits| {
            let found = trial.conditional_means(&usual, false, Confidence::PERCENT_95, &|_, _| {});
            found.unwrap_err().to_string()
        };
        let reason = fails(&none);
        assert!(reason.contains("every answer at visit 3 is missing"), "{reason}");
        let mut alone = trial(&[]);
        alone.arms = Factor::new("arm", &["a"; 24], None).unwrap();
        assert!(fails(&alone).contains("1 arms"));
    }
}
