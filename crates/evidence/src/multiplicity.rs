//! Several tests at once: p values raised so that chance findings stay as rare as one test promises.

use crate::estimate::{CannotEstimate, count};
use serde::Serialize;

/// How p values are raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Each times their number. Keeps the chance of any false finding.
    Bonferroni,
    /// Holm's step down. Keeps the chance of any false finding, and finds more than Bonferroni.
    Holm,
    /// Hochberg's step up. As Holm, for tests that do not pull against one another.
    Hochberg,
    /// Benjamini and Hochberg. Keeps the share of false findings among the findings.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli. As Benjamini and Hochberg, however the tests hang together.
    BenjaminiYekutieli,
}

/// Raises p values; the result is in the order given.
pub fn adjust(p_values: &[f64], adjustment: Adjustment) -> Result<Vec<f64>, CannotEstimate> {
    if let Some(&value) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(CannotEstimate::OutOfRange { what: "a p value", value, must_be: "from 0 to 1" });
    }
    let n = count(p_values.len());
    let mut sorted: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let harmonic: f64 = (1..=p_values.len()).map(|i| 1.0 / count(i)).sum();
    for (before, (_, p)) in sorted.iter_mut().enumerate() {
        let factor = match adjustment {
            Adjustment::Bonferroni => n,
            Adjustment::Holm | Adjustment::Hochberg => n - count(before),
            Adjustment::BenjaminiHochberg => n / count(before + 1),
            Adjustment::BenjaminiYekutieli => harmonic * n / count(before + 1),
        };
        *p *= factor;
    }
    match adjustment {
        Adjustment::Bonferroni => {}
        Adjustment::Holm => {
            let mut largest = 0.0_f64;
            for (_, p) in &mut sorted {
                largest = largest.max(*p);
                *p = largest;
            }
        }
        Adjustment::Hochberg | Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli => {
            let mut smallest = f64::INFINITY;
            for (_, p) in sorted.iter_mut().rev() {
                smallest = smallest.min(*p);
                *p = smallest;
            }
        }
    }
    sorted.sort_by_key(|(place, _)| *place);
    Ok(sorted.into_iter().map(|(_, p)| p.min(1.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_given() {
        let holm = adjust(&[0.04, 0.01, 0.03], Adjustment::Holm).unwrap();
        for (found, expected) in holm.iter().zip([0.06, 0.03, 0.06]) {
            assert!((found - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn no_tests_give_no_values_and_an_impossible_one_is_refused() {
        assert_eq!(adjust(&[], Adjustment::Holm), Ok(vec![]));
        assert!(adjust(&[0.5, 1.2], Adjustment::Holm).is_err());
        assert!(adjust(&[f64::NAN], Adjustment::Holm).is_err());
    }
}
