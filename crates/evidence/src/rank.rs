//! Comparisons by rank, for answers whose distribution nobody would call normal: Wilcoxon's rank-sum test (Mann and Whitney's) with
//! the shift of Hodges and Lehmann, and the exact signed-rank test.
//!
//! Without ties and below fifty values the chance is counted exactly, as R's `wilcox.test` does; else the normal approximation is
//! taken, with corrections for ties and continuity.

use crate::distribution::{normal_quantile, normal_sf};
use crate::estimate::{CannotEstimate, Confidence, Interval, all_finite, at_least, count, same_length};
use serde::Serialize;

/// Below how many values the chance is counted rather than approximated.
const COUNTED_BELOW: usize = 50;

/// A comparison by rank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RankTest {
    /// The statistic: W, the number of pairs in which the first is higher, or V, the sum of ranks of the pairs that rose.
    pub statistic: f64,
    /// The two-sided p value.
    pub p: f64,
    /// Whether the chance was counted rather than approximated.
    pub exact: bool,
    /// The chance that somebody of the first group has more than somebody of the second, ties counting half; none for pairs.
    pub chance_of_more: Option<f64>,
    /// The median of all differences (Hodges and Lehmann), or of all pairwise means of the differences.
    pub shift: f64,
    /// Its interval.
    pub interval: Interval,
}

fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
    if n % 2 == 1 { at(n / 2) } else { f64::midpoint(at((n / 2).saturating_sub(1)), at(n / 2)) }
}

/// Ranks, ties sharing their mean, and the sum of t³ - t over ties.
fn ranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (mut ranks, mut ties, mut before) = (vec![0.0; values.len()], 0.0, 0.0);
    for same in order.chunk_by(|a, b| a.1 == b.1) {
        let t = count(same.len());
        for (place, _) in same {
            if let Some(rank) = ranks.get_mut(*place) {
                *rank = before + (t + 1.0) / 2.0;
            }
        }
        ties += t * t * t - t;
        before += t;
    }
    (ranks, ties)
}

/// The share of all choices of `chosen` out of the ranks 1 to `all` by their sum less the least sum.
fn sums_of_ranks(chosen: usize, all: usize) -> Vec<f64> {
    let others = all - chosen;
    let most = chosen * others;
    // ways[j][u]: choices of j ranks so far whose sum is u above the least that j ranks can have.
    let mut ways = vec![vec![0.0_f64; most + 1]; chosen + 1];
    if let Some(first) = ways.first_mut().and_then(|row| row.first_mut()) {
        *first = 1.0;
    }
    for rank in 1..=all {
        for j in (1..=chosen.min(rank)).rev() {
            // Taking this rank as the j-th adds as much as it lies above j.
            let above = rank - j;
            if above > others {
                continue;
            }
            if let (lower, [here, ..]) = ways.split_at_mut(j)
                && let Some(fewer) = lower.last()
            {
                for (to, from) in here.iter_mut().skip(above).zip(fewer) {
                    *to += from;
                }
            }
        }
    }
    let last = ways.pop().unwrap_or_default();
    let total: f64 = last.iter().sum();
    last.into_iter().map(|one| one / total).collect()
}

/// The share of all choices of signs by the sum of the ranks that are chosen.
fn sums_of_signs(n: usize) -> Vec<f64> {
    let most = n * (n + 1) / 2;
    let mut share = vec![0.0_f64; most + 1];
    if let Some(first) = share.first_mut() {
        *first = 1.0;
    }
    for rank in 1..=n {
        for sum in (rank..=most).rev() {
            let lower = share.get(sum - rank).copied().unwrap_or(0.0);
            if let Some(cell) = share.get_mut(sum) {
                *cell = f64::midpoint(*cell, lower);
            }
        }
        for cell in share.iter_mut().take(rank) {
            *cell /= 2.0;
        }
    }
    share
}

/// The two-sided chance of a statistic at least as far out, and the place from either end where the interval of this level ends.
fn counted(shares: &[f64], statistic: f64, confidence: Confidence) -> (f64, usize) {
    let seen = statistic.round().max(0.0) as usize;
    let below: f64 = shares.iter().take(seen + 1).sum();
    let above: f64 = shares.iter().skip(seen).sum();
    let tail = confidence.alpha() / 2.0;
    let mut sum = 0.0;
    let mut place = 0;
    for share in shares {
        sum += share;
        if sum >= tail * (1.0 - 64.0 * f64::EPSILON) {
            break;
        }
        place += 1;
    }
    ((2.0 * below.min(above)).min(1.0), place.max(1))
}

fn between(sorted: &[f64], place: usize, confidence: Confidence) -> Interval {
    let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
    Interval { low: at(place - 1), high: at(sorted.len().saturating_sub(place)), confidence }
}

/// Where a falling step function of the shift passes a value, by halving between two ends.
fn crossing(mut low: f64, mut high: f64, falls_below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if falls_below(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Half towards the middle, never past it.
fn corrected(away: f64) -> f64 {
    away.signum() * (away.abs() - 0.5).max(0.0)
}

/// Wilcoxon's rank-sum test of two groups.
pub fn rank_sum(first: &[f64], second: &[f64], confidence: Confidence) -> Result<RankTest, CannotEstimate> {
    all_finite("the first values", first)?;
    all_finite("the second values", second)?;
    at_least("values in the smaller group", first.len().min(second.len()), 1)?;
    let (n1, n2) = (count(first.len()), count(second.len()));
    let w_and_ties = |shift: f64| {
        let all: Vec<f64> = first.iter().map(|value| value - shift).chain(second.iter().copied()).collect();
        let (ranks, ties) = ranks(&all);
        (ranks.iter().take(first.len()).sum::<f64>() - n1 * (n1 + 1.0) / 2.0, ties)
    };
    let (statistic, ties) = w_and_ties(0.0);
    let mut differences: Vec<f64> = first.iter().flat_map(|a| second.iter().map(move |b| a - b)).collect();
    differences.sort_by(f64::total_cmp);
    let shift = median(&differences);
    let chance_of_more = Some(statistic / (n1 * n2));
    if ties == 0.0 && first.len() < COUNTED_BELOW && second.len() < COUNTED_BELOW {
        let shares = sums_of_ranks(first.len(), first.len() + second.len());
        let (p, place) = counted(&shares, statistic, confidence);
        let interval = between(&differences, place, confidence);
        return Ok(RankTest { statistic, p, exact: true, chance_of_more, shift, interval });
    }
    let n = n1 + n2;
    let spread = |ties: f64| (n1 * n2 / 12.0 * (n + 1.0 - ties / (n * (n - 1.0)))).sqrt();
    let away = statistic - n1 * n2 / 2.0;
    let own = spread(ties);
    if own.is_nan() || own <= 0.0 {
        return Err(CannotEstimate::NoVariation { what: "the values of both groups together" });
    }
    let z = |shift: f64| {
        let (w, ties) = w_and_ties(shift);
        let spread = spread(ties);
        if spread > 0.0 { corrected(w - n1 * n2 / 2.0) / spread } else { 0.0 }
    };
    let point = normal_quantile(confidence.upper_point());
    let (Some(&least), Some(&most)) = (differences.first(), differences.last()) else {
        return Err(CannotEstimate::TooFew { what: "pairs", found: 0, needed: 1 });
    };
    Ok(RankTest {
        statistic,
        p: (2.0 * normal_sf(corrected(away).abs() / own)).min(1.0),
        exact: false,
        chance_of_more,
        shift,
        interval: Interval {
            low: crossing(least, most, |shift| z(shift) < point),
            high: crossing(least, most, |shift| z(shift) < -point),
            confidence,
        },
    })
}

/// Wilcoxon's signed-rank test on pairs. Pairs without a difference are left out.
pub fn signed_rank(first: &[f64], second: &[f64], confidence: Confidence) -> Result<RankTest, CannotEstimate> {
    same_length("first values", first.len(), "second values", second.len())?;
    all_finite("the first values", first)?;
    all_finite("the second values", second)?;
    let kept: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).filter(|one| *one != 0.0).collect();
    if kept.is_empty() {
        return Err(CannotEstimate::NoVariation { what: "the pairs" });
    }
    let v_ties_and_n = |shift: f64| {
        let moved: Vec<f64> = kept.iter().map(|one| one - shift).filter(|one| *one != 0.0).collect();
        let (ranks, ties) = ranks(&moved.iter().map(|one| one.abs()).collect::<Vec<_>>());
        let v: f64 = ranks.iter().zip(&moved).filter(|(_, one)| **one > 0.0).map(|(rank, _)| rank).sum();
        (v, ties, count(moved.len()))
    };
    let (statistic, ties, n) = v_ties_and_n(0.0);
    let each = kept.iter().enumerate();
    let mut means: Vec<f64> = each.flat_map(|(i, a)| kept.iter().skip(i).map(move |b| f64::midpoint(*a, *b))).collect();
    means.sort_by(f64::total_cmp);
    if ties == 0.0 && kept.len() == first.len() && kept.len() < COUNTED_BELOW {
        let (p, place) = counted(&sums_of_signs(kept.len()), statistic, confidence);
        let (shift, interval) = (median(&means), between(&means, place, confidence));
        return Ok(RankTest { statistic, p, exact: true, chance_of_more: None, shift, interval });
    }
    let z = |v: f64, ties: f64, n: f64| {
        let spread = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0).sqrt();
        if spread > 0.0 { corrected(v - n * (n + 1.0) / 4.0) / spread } else { 0.0 }
    };
    let at = |shift: f64| {
        let (v, ties, n) = v_ties_and_n(shift);
        z(v, ties, n)
    };
    let point = normal_quantile(confidence.upper_point());
    let (Some(&least), Some(&most)) = (means.first(), means.last()) else {
        return Err(CannotEstimate::TooFew { what: "pairs", found: 0, needed: 1 });
    };
    Ok(RankTest {
        statistic,
        p: (2.0 * normal_sf(z(statistic, ties, n).abs())).min(1.0),
        exact: false,
        chance_of_more: None,
        shift: median(&means),
        interval: Interval {
            low: crossing(least, most, |shift| at(shift) < point),
            high: crossing(least, most, |shift| at(shift) < -point),
            confidence,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_two_values_have_six_orders() {
        let shares = sums_of_ranks(2, 4);
        let sixths: Vec<f64> = shares.iter().map(|share| (share * 6.0).round()).collect();
        assert_eq!(sixths, [1.0, 1.0, 2.0, 1.0, 1.0]);
        let found = rank_sum(&[3.0, 4.0], &[1.0, 2.0], Confidence::PERCENT_95).unwrap();
        assert!(found.exact && (found.p - 2.0 / 6.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.chance_of_more, Some(1.0));
    }

    #[test]
    fn three_pairs_have_eight_choices_of_signs() {
        let eighths: Vec<f64> = sums_of_signs(3).iter().map(|share| (share * 8.0).round()).collect();
        assert_eq!(eighths, [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn values_all_alike_and_nobody_are_named() {
        let usual = Confidence::PERCENT_95;
        assert!(matches!(rank_sum(&[2.0, 2.0], &[2.0], usual), Err(CannotEstimate::NoVariation { .. })));
        assert!(matches!(rank_sum(&[], &[2.0], usual), Err(CannotEstimate::TooFew { .. })));
        assert!(matches!(signed_rank(&[1.0, 2.0], &[1.0, 2.0], usual), Err(CannotEstimate::NoVariation { .. })));
        assert!(matches!(signed_rank(&[1.0], &[1.0, 2.0], usual), Err(CannotEstimate::LengthsDiffer { .. })));
        assert!(matches!(rank_sum(&[f64::NAN], &[2.0], usual), Err(CannotEstimate::NotFinite { .. })));
    }
}
