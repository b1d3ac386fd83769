//! How often something happens: events counted over so many doses, sessions or person-years, where one may have several.
//!
//! The interval is the exact one of the Poisson distribution (Garwood 1936): from half the chi-squared quantile with twice the
//! count's degrees of freedom below, to that with two more above.

use crate::distribution::chi_squared_quantile;
use crate::estimate::{CannotEstimate, Confidence, Interval, above_zero, count};
use crate::proportion::Share;
use serde::Serialize;
use statrs::function::gamma::ln_gamma;

/// A count over what it was counted in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Incidence {
    /// How many happened.
    pub events: usize,
    /// Over how much: doses, sessions, person-years.
    pub over: f64,
    /// Per how much the rate is given: 100 for "per 100 doses".
    pub per: f64,
    /// The rate.
    pub rate: f64,
    /// Its exact interval.
    pub interval: Interval,
}

/// The rate of a count, per so much.
///
/// # Errors
/// When nothing was counted over, or a number is not above zero.
pub fn incidence(events: usize, over: f64, per: f64, confidence: Confidence) -> Result<Incidence, CannotEstimate> {
    above_zero("what the events were counted over", over)?;
    above_zero("the unit of the rate", per)?;
    let tail = confidence.alpha() / 2.0;
    let n = count(events);
    let low = if events == 0 { 0.0 } else { chi_squared_quantile(tail, 2.0 * n) / 2.0 };
    let high = chi_squared_quantile(1.0 - tail, 2.0 * (n + 1.0)) / 2.0;
    let scale = per / over;
    Ok(Incidence {
        events,
        over,
        per,
        rate: n * scale,
        interval: Interval { low: low * scale, high: high * scale, confidence },
    })
}

/// Two rates beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RateRatio {
    /// The first rate over the second; infinite where only the second counts nothing.
    pub ratio: f64,
    /// Its exact interval, given how many events there were in all.
    pub interval: Interval,
    /// The exact two-sided p value of equal rates: the chance of all divisions of the events no likelier than this one.
    pub p: f64,
}

/// Compares two rates, each a count over what it was counted in, exactly, given how many events there were in all.
///
/// # Errors
/// When nothing was counted over, or nothing happened in either.
pub fn rate_ratio(
    first: (usize, f64),
    second: (usize, f64),
    confidence: Confidence,
) -> Result<RateRatio, CannotEstimate> {
    above_zero("what the first events were counted over", first.1)?;
    above_zero("what the second events were counted over", second.1)?;
    let total = first.0 + second.0;
    if total == 0 {
        return Err(CannotEstimate::NoEvents { within: "in either group".to_owned() });
    }
    let scale = second.1 / first.1;
    let odds = |share: f64| if share >= 1.0 { f64::INFINITY } else { share / (1.0 - share) * scale };
    let share = Share::new(first.0, total)?;
    let at_null = first.1 / (first.1 + second.1);
    let n = count(total);
    let log_chance = |k: f64| {
        ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0) + k * at_null.ln() + (n - k) * (-at_null).ln_1p()
    };
    // Divisions as likely as the one seen are counted even where rounding makes them a little likelier; R allows the same.
    let limit = log_chance(count(first.0)) + 1e-7;
    let p: f64 = (0..=total).map(|k| log_chance(count(k))).filter(|log| *log <= limit).map(f64::exp).sum();
    Ok(RateRatio { ratio: odds(share.value()), interval: share.exact(confidence).map(odds), p: p.min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2.2, `poisson.test(10, 200)` and `poisson.test(0, 50)`: `conf.int` printed to 10 digits.
    #[test]
    fn agrees_with_the_exact_interval_of_r() {
        let ten = incidence(10, 200.0, 1.0, Confidence::PERCENT_95).unwrap();
        assert!((ten.rate - 0.05).abs() < 1e-15);
        assert!((ten.interval.low - 0.023_976_943_480_7).abs() < 1e-9, "{}", ten.interval.low);
        assert!((ten.interval.high - 0.091_951_780_210_1).abs() < 1e-9, "{}", ten.interval.high);
        let none = incidence(0, 50.0, 100.0, Confidence::PERCENT_95).unwrap();
        assert!(none.interval.low.abs() < 1e-15);
        assert!((none.interval.high - 7.377_758_908_23).abs() < 1e-7, "{}", none.interval.high);
    }

    #[test]
    fn no_dose_is_no_rate() {
        assert!(matches!(incidence(0, 0.0, 100.0, Confidence::PERCENT_95), Err(CannotEstimate::OutOfRange { .. })));
    }
}
