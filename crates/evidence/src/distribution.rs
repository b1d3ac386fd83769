//! The normal, t, chi-squared, F and beta distributions, and the noncentral t that sample sizes rest on.
//!
//! Tails are computed as tails, never as one minus the other side, so that a p value of 1e-26 is not rounded to zero.
//! Quantiles are found by halving on the distribution function itself, so that the two always agree.

use crate::root;
use statrs::function::beta::beta_reg;
use statrs::function::erf::{erfc, erfc_inv};
use statrs::function::gamma::{gamma_lr, gamma_ur, ln_gamma};
use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI, SQRT_2};

/// The height of the standard normal curve at a point.
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// The share of a standard normal below a point.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// The share of a standard normal above a point.
#[must_use]
pub fn normal_sf(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// The point of a standard normal with this share below it.
#[must_use]
pub fn normal_quantile(share: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * share)
}

/// The two-sided p value of a z statistic.
#[must_use]
pub fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() * FRAC_1_SQRT_2)
}

/// The share of a t distribution above a point. Past ten million degrees of freedom it is taken as normal, which agrees to
/// every digit that is printed.
#[must_use]
pub fn t_sf(t: f64, df: f64) -> f64 {
    if df > 1e7 {
        return normal_sf(t);
    }
    if t == 0.0 {
        return 0.5;
    }
    let square = t * t;
    // Of the two ways to write it, the one that takes no small share from 1 is taken, so that a share of 1e-22 is not lost.
    let tail = if square < 1.0 {
        0.5 * (1.0 - beta_reg(0.5, df / 2.0, square / (df + square)))
    } else {
        0.5 * beta_reg(df / 2.0, 0.5, df / (df + square))
    };
    if t > 0.0 { tail } else { 1.0 - tail }
}

/// The two-sided p value of a t statistic.
#[must_use]
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    2.0 * t_sf(t.abs(), df)
}

/// The point of a t distribution with this share below it.
#[must_use]
pub fn t_quantile(share: f64, df: f64) -> f64 {
    if df > 1e7 {
        normal_quantile(share)
    } else if share < 0.5 {
        -t_quantile(1.0 - share, df)
    } else {
        root::bracket_and_bisect(0.0, 1.0, |t| (1.0 - share) - t_sf(t, df)).unwrap_or(f64::INFINITY)
    }
}

/// The share of a chi-squared distribution above a point.
#[must_use]
pub fn chi_squared_sf(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { gamma_ur(df / 2.0, x / 2.0) }
}

/// The point of a chi-squared distribution with this share below it.
#[must_use]
pub fn chi_squared_quantile(share: f64, df: f64) -> f64 {
    root::bracket_and_bisect(0.0, df, |x| gamma_lr(df / 2.0, x / 2.0) - share).unwrap_or(f64::INFINITY)
}

/// The share of an F distribution above a point.
#[must_use]
pub fn f_sf(f: f64, df_top: f64, df_bottom: f64) -> f64 {
    if f <= 0.0 {
        1.0
    } else if df_bottom > 1e7 {
        chi_squared_sf(f * df_top, df_top)
    } else {
        beta_reg(df_bottom / 2.0, df_top / 2.0, df_bottom / (df_bottom + df_top * f))
    }
}

/// The point of a beta distribution with this share below it.
#[must_use]
pub fn beta_quantile(share: f64, a: f64, b: f64) -> f64 {
    root::bisect(0.0, 1.0, |x| if x <= 0.0 { -share } else { beta_reg(a, b, x.min(1.0)) - share })
}

/// The share of a noncentral t distribution above a point.
///
/// It is the chance that a normal with this mean passes the point times an independent estimate of spread, integrated over that
/// estimate by Simpson's rule in 2,000 steps. Against R 4.2.2 it is right to nine figures where sample sizes are looked for.
#[must_use]
pub fn noncentral_t_sf(t: f64, df: f64, noncentrality: f64) -> f64 {
    if df > 1e6 {
        return normal_sf(t - noncentrality);
    }
    let half = df / 2.0;
    let constant = LN_2 + half * half.ln() - ln_gamma(half);
    let spread = 12.0 / (2.0 * df).sqrt();
    let low = (1.0 - spread).max(0.0);
    let steps = 2_000_u32;
    let width = (1.0 + spread - low) / f64::from(steps);
    let height = |s: f64| {
        if s <= 0.0 {
            // Only one degree of freedom has any density at zero.
            return if df <= 1.0 { constant.exp() * normal_sf(-noncentrality) } else { 0.0 };
        }
        (constant + (df - 1.0) * s.ln() - half * s * s).exp() * normal_sf(t * s - noncentrality)
    };
    let sum: f64 = (0..=steps)
        .map(|i| {
            let weight = if i == 0 || i == steps {
                1.0
            } else if i % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * height(low + width * f64::from(i))
        })
        .sum();
    (sum * width / 3.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2.2 (`pnorm`, `pt`, `qt`, `pchisq`, `qchisq`, `pf`, `qbeta`, `pt(ncp =)`), printed to 15 digits. The tolerance is
    /// relative: 1e-11, but 1e-9 for the normal (statrs holds ten digits), for very many degrees of freedom (cancellation in
    /// the logarithm of the gamma function) and for the noncentral t, whose algorithm in R stops there.
    /// R 4.2.2: `pt(-t, df)`, printed to 7 digits.
    #[test]
    fn the_far_tail_of_t_is_not_lost() {
        for (t, df, share) in [
            (11.6092, 139.236, 1.623_822_03e-22),
            (12.7477, 157.084, 2.627_136_58e-26),
            (1.0, 5.0, 0.181_608_734),
            (0.99, 5.0, 0.183_816_528),
            (30.0, 3.0, 4.067_640_21e-5),
            (5.0, 1e6, 2.866_998_94e-7),
        ] {
            let found = t_sf(t, df);
            assert!((found / share - 1.0).abs() < 1e-8, "{t} on {df}: {found} and {share}");
        }
    }

    #[test]
    fn agrees_with_r() {
        let near = |found: f64, expected: f64, tolerance: f64| {
            assert!(((found - expected) / expected).abs() < tolerance, "found {found:e}, expected {expected:e}");
        };
        REFERENCE_ROWS.iter().for_each(|&(found, expected, tolerance)| near(found(), expected, tolerance));
    }

    type ReferenceRow = (fn() -> f64, f64, f64);
    const REFERENCE_ROWS: &[ReferenceRow] = &[
        (|| normal_sf(10.0), 7.61985302416053e-24, 1e-9),
        (|| normal_cdf(-1.5), 0.0668072012688581, 1e-9),
        (|| normal_quantile(0.975), 1.95996398454005, 1e-9),
        (|| normal_quantile(1e-10), -6.36134090240406, 1e-9),
        (|| t_two_sided(1.860813, 17.77647), 0.0793942126718743, 1e-11),
        (|| t_two_sided(0.01, 5.0), 0.992408018042582, 1e-11),
        (|| t_two_sided(40.0, 30.0), 1.37260451944064e-27, 1e-11),
        (|| t_two_sided(2.0, 500_000.0), 0.0455008038065365, 1e-9),
        (|| t_quantile(0.975, 9.0), 2.2621571627982, 1e-11),
        (|| t_quantile(0.01, 1.0), -31.820515953774, 1e-11),
        (|| chi_squared_sf(152.233008, 12.0), 1.99676466775753e-26, 1e-11),
        (|| chi_squared_quantile(0.975, 12.0), 23.3366641586453, 1e-11),
        (|| f_sf(2.36156, 3.0, 100.0), 0.0758607514777317, 1e-11),
        (|| f_sf(142.11, 3.0, 148.0), 2.22316405155625e-43, 1e-11),
        (|| beta_quantile(0.025, 10.0, 6.0), 0.383803732541154, 1e-11),
        (|| noncentral_t_sf(2.0484, 28.0, 3.0), 0.825296748427899, 1e-9),
        (|| noncentral_t_sf(1.98, 126.0, 2.8), 0.793209638827079, 1e-9),
        (|| noncentral_t_sf(4.3, 2.0, 1.0), 0.0914167636420534, 1e-9),
        (|| noncentral_t_sf(1.965, 432.0, 2.8), 0.797937347177179, 1e-9),
    ];

    #[test]
    fn a_quantile_leads_back_to_its_share() {
        for df in [1.0, 2.5, 17.77647, 1000.0, 1e6, 1e9] {
            for share in [0.001, 0.3, 0.5, 0.8, 0.975, 0.9999] {
                // With many degrees of freedom the logarithm of the gamma function loses digits to cancellation.
                let tolerance = 1e-12_f64.max(df * 1e-14);
                assert!((1.0 - t_sf(t_quantile(share, df), df) - share).abs() < tolerance, "df {df}, share {share}");
                if df < 1e6 {
                    let x = chi_squared_quantile(share, df);
                    assert!((1.0 - chi_squared_sf(x, df) - share).abs() < 1e-12, "df {df}, share {share}");
                }
            }
        }
    }
}
