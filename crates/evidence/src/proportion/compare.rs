//! Two shares beside each other: difference, ratio and odds ratio, the chi-squared test, and how strong a hidden cause would
//! have to be to explain the difference away (the E-value of VanderWeele and Ding, 2017).

use super::Share;
use super::fisher::{self, Fisher};
use crate::distribution::{chi_squared_sf, normal_quantile};
use crate::estimate::{CannotEstimate, Confidence, Estimate, Interval, Test, count};
use serde::Serialize;

/// A ratio, estimated on the logarithmic scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    /// The ratio.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
    /// Its natural logarithm.
    pub log: f64,
    /// The standard error of the logarithm.
    pub log_standard_error: f64,
}

impl Ratio {
    /// Carries a logarithm and its standard error back to the ratio, with a normal interval.
    #[must_use]
    pub fn from_log(log: f64, log_standard_error: f64, confidence: Confidence) -> Self {
        let half = normal_quantile(confidence.upper_point()) * log_standard_error;
        Self {
            value: log.exp(),
            interval: Interval::around(log, half, confidence).map(f64::exp),
            log,
            log_standard_error,
        }
    }
}

/// The share in a treated group beside the share in a control group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TwoShares {
    /// The treated group.
    pub treated: Share,
    /// The control group.
    pub control: Share,
}

impl TwoShares {
    /// The difference with Wald's interval, as most trials print it.
    #[must_use]
    pub fn risk_difference_wald(self, confidence: Confidence) -> Estimate {
        let variance = |share: Share| share.value() * (1.0 - share.value()) / count(share.of());
        let value = self.treated.value() - self.control.value();
        let standard_error = (variance(self.treated) + variance(self.control)).sqrt();
        let half = normal_quantile(confidence.upper_point()) * standard_error;
        Estimate { value, standard_error, interval: Interval::around(value, half, confidence) }
    }

    /// Newcombe's interval for the difference, made of two Wilson intervals. It holds in small groups and at 0 and 100 %.
    #[must_use]
    pub fn risk_difference_newcombe(self, confidence: Confidence) -> Interval {
        let (p1, p2) = (self.treated.value(), self.control.value());
        let (w1, w2) = (self.treated.wilson(confidence), self.control.wilson(confidence));
        Interval {
            low: p1 - p2 - (p1 - w1.low).hypot(w2.high - p2),
            high: p1 - p2 + (w1.high - p1).hypot(p2 - w2.low),
            confidence,
        }
    }

    /// The risk ratio. A group without events has no logarithm and is refused: add no half-person silently.
    pub fn risk_ratio(self, confidence: Confidence) -> Result<Ratio, CannotEstimate> {
        let part = |share: Share, within: &str| {
            if share.events() == 0 {
                Err(CannotEstimate::NoEvents { within: within.to_owned() })
            } else {
                Ok(1.0 / count(share.events()) - 1.0 / count(share.of()))
            }
        };
        let variance = part(self.treated, "in the treated group")? + part(self.control, "in the control group")?;
        let log = (self.treated.value() / self.control.value()).ln();
        Ok(Ratio::from_log(log, variance.sqrt(), confidence))
    }

    /// The odds ratio with Woolf's interval. A group in which nobody or everybody has the event is refused.
    pub fn odds_ratio(self, confidence: Confidence) -> Result<Ratio, CannotEstimate> {
        let part = |share: Share, within: &str| match (share.events(), share.without()) {
            (0, _) => Err(CannotEstimate::NoEvents { within: format!("in the {within}") }),
            (_, 0) => Err(CannotEstimate::NoBound { what: format!("the {within}, where everybody has the event,") }),
            (events, without) => Ok((count(events), count(without))),
        };
        let (a, b) = part(self.treated, "treated group")?;
        let (c, d) = part(self.control, "control group")?;
        let standard_error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        Ok(Ratio::from_log((a * d / (b * c)).ln(), standard_error, confidence))
    }

    /// Pearson's chi-squared test, with Yates's continuity correction where it is asked for.
    pub fn chi_squared(self, corrected: bool) -> Result<Test, CannotEstimate> {
        let (a, b) = (count(self.treated.events()), count(self.treated.without()));
        let (c, d) = (count(self.control.events()), count(self.control.without()));
        if a + c == 0.0 || b + d == 0.0 {
            return Err(CannotEstimate::NoVariation { what: "the outcome: everybody has the same" });
        }
        let n = a + b + c + d;
        let cross = (a * d - b * c).abs();
        // The correction never pushes the difference past zero.
        let distance = if corrected { (cross - n / 2.0).max(0.0) } else { cross };
        let statistic = n * distance * distance / ((a + b) * (c + d) * (a + c) * (b + d));
        Ok(Test { statistic, degrees_of_freedom: Some(1.0), p: chi_squared_sf(statistic, 1.0) })
    }

    /// Fisher's exact test with the conditional odds ratio.
    pub fn fisher(self, confidence: Confidence) -> Result<Fisher, CannotEstimate> {
        fisher::test(self.treated, self.control, confidence)
    }
}

/// How strongly a hidden cause would have to go with both the treatment and the outcome, as a risk ratio, to explain this risk
/// ratio away.
pub fn e_value(risk_ratio: f64) -> Result<f64, CannotEstimate> {
    crate::estimate::above_zero("the risk ratio", risk_ratio)?;
    let away = if risk_ratio < 1.0 { 1.0 / risk_ratio } else { risk_ratio };
    Ok(away + (away * (away - 1.0)).sqrt())
}

/// The E-value of the end of an interval that is nearer to no effect; 1 where the interval reaches no effect.
pub fn e_value_of_interval(interval: Interval) -> Result<f64, CannotEstimate> {
    if interval.contains(1.0) {
        Ok(1.0)
    } else if interval.low > 1.0 {
        e_value(interval.low)
    } else {
        e_value(interval.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(a: usize, n1: usize, c: usize, n2: usize) -> TwoShares {
        TwoShares { treated: Share::new(a, n1).unwrap(), control: Share::new(c, n2).unwrap() }
    }

    #[test]
    fn a_ratio_to_nobody_is_refused_by_name() {
        let none = two(5, 10, 0, 10);
        let reason = none.risk_ratio(Confidence::PERCENT_95).unwrap_err();
        assert_eq!(reason.to_string(), "cannot be estimated because there are no events in the control group");
        assert!(none.odds_ratio(Confidence::PERCENT_95).is_err());
        assert!(two(10, 10, 3, 10).odds_ratio(Confidence::PERCENT_95).is_err());
    }

    #[test]
    fn a_difference_between_all_and_none_keeps_newcombes_room() {
        let interval = two(10, 10, 0, 10).risk_difference_newcombe(Confidence::PERCENT_95);
        assert!(interval.low > 0.5 && interval.low < 1.0 && (interval.high - 1.0).abs() < 1e-12, "{interval:?}");
    }

    #[test]
    fn the_same_outcome_for_everybody_cannot_be_tested() {
        assert!(two(0, 10, 0, 12).chi_squared(false).is_err());
        assert!(two(10, 10, 12, 12).chi_squared(true).is_err());
    }

    #[test]
    fn the_correction_does_not_turn_a_small_difference_round() {
        assert_eq!(two(5, 10, 5, 10).chi_squared(true).unwrap().statistic, 0.0);
    }

    #[test]
    fn an_interval_across_one_has_an_e_value_of_one() {
        let across = Interval { low: 0.8, high: 1.4, confidence: Confidence::PERCENT_95 };
        assert_eq!(e_value_of_interval(across), Ok(1.0));
        assert_eq!(e_value(0.5), e_value(2.0));
        assert!(e_value(0.0).is_err());
    }
}
