//! Fisher's exact test: of all tables with these margins, how many are as unlikely as this one.
//!
//! The odds ratio is the conditional one, with the interval that the exact distribution gives, as R's `fisher.test` prints.

use super::Share;
use crate::estimate::{CannotEstimate, Confidence, Interval, count};
use crate::root;
use serde::Serialize;
use statrs::function::gamma::ln_gamma;

/// The result of Fisher's exact test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fisher {
    /// The two-sided p value: the chance of all tables no likelier than this one.
    pub p: f64,
    /// The odds ratio at which the expected count is the one seen. It is zero or infinite at the edge of what could be seen.
    pub odds_ratio: f64,
    /// The exact interval.
    pub interval: Interval,
}

/// The tables that the margins allow, as the number of treated people with the event, each with the logarithm of its chance
/// where the odds ratio is 1.
struct Tables {
    rows: Vec<(f64, f64)>,
}

fn log_choose(n: f64, k: f64) -> f64 {
    ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
}

impl Tables {
    fn new(treated: Share, control: Share) -> Self {
        let (n1, n2) = (treated.of(), control.of());
        let events = treated.events() + control.events();
        let rows = (events.saturating_sub(n2)..=events.min(n1))
            .map(|x| (count(x), log_choose(count(n1), count(x)) + log_choose(count(n2), count(events - x))))
            .collect();
        Self { rows }
    }

    /// The sum over tables of their chance at this odds ratio times what is asked of each.
    fn mean_of(&self, log_odds: f64, ask: impl Fn(f64) -> f64) -> f64 {
        let weigh = |&(x, log): &(f64, f64)| log + log_odds * x;
        let top = self.rows.iter().map(weigh).fold(f64::NEG_INFINITY, f64::max);
        let (sum, total) = self.rows.iter().fold((0.0, 0.0), |(sum, total), row| {
            let weight = (weigh(row) - top).exp();
            (sum + weight * ask(row.0), total + weight)
        });
        sum / total
    }
}

/// Where a rising function of the logarithm of the odds ratio crosses zero. The ends are further than counts of people reach.
fn odds_where(rising: impl Fn(f64) -> f64) -> f64 {
    root::bisect(-200.0, 200.0, rising).exp()
}

/// The test of a treated group beside a control group.
pub(super) fn test(treated: Share, control: Share, confidence: Confidence) -> Result<Fisher, CannotEstimate> {
    let tables = Tables::new(treated, control);
    let seen = count(treated.events());
    let (Some(&(least, _)), Some(&(most, _))) = (tables.rows.first(), tables.rows.last()) else {
        return Err(CannotEstimate::TooFew { what: "tables", found: 0, needed: 1 });
    };
    if least >= most {
        return Err(CannotEstimate::NoVariation { what: "the outcome: everybody has the same" });
    }
    let (log_choice, log_all) = tables
        .rows
        .iter()
        .fold((0.0, f64::NEG_INFINITY), |(at, all), &(x, log)| (if x == seen { log } else { at }, all.max(log)));
    let total: f64 = tables.rows.iter().map(|row| (row.1 - log_all).exp()).sum();
    // Tables as likely as the one seen are counted even where rounding makes them a little likelier; R allows the same.
    let limit = (log_choice - log_all).exp() * (1.0 + 1e-7);
    let unlikely: f64 = tables.rows.iter().map(|row| (row.1 - log_all).exp()).filter(|chance| *chance <= limit).sum();
    let tail = confidence.alpha() / 2.0;
    let at_least = |odds: f64| tables.mean_of(odds, |x| f64::from(u8::from(x >= seen)));
    let at_most = |odds: f64| tables.mean_of(odds, |x| f64::from(u8::from(x <= seen)));
    Ok(Fisher {
        p: (unlikely / total).min(1.0),
        odds_ratio: if seen <= least {
            0.0
        } else if seen >= most {
            f64::INFINITY
        } else {
            odds_where(|odds| tables.mean_of(odds, |x| x) - seen)
        },
        interval: Interval {
            low: if seen <= least { 0.0 } else { odds_where(|odds| at_least(odds) - tail) },
            high: if seen >= most { f64::INFINITY } else { odds_where(|odds| tail - at_most(odds)) },
            confidence,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_has_an_interval_open_on_one_side() {
        let (treated, control) = (Share::new(5, 5).unwrap(), Share::new(0, 5).unwrap());
        let result = test(treated, control, Confidence::PERCENT_95).unwrap();
        assert_eq!(result.odds_ratio, f64::INFINITY);
        assert_eq!(result.interval.high, f64::INFINITY);
        // 2 of 252 tables are as unlikely.
        assert!((result.p - 2.0 / 252.0).abs() < 1e-12);
        assert!(result.interval.low > 1.0);
    }

    #[test]
    fn one_outcome_for_everybody_cannot_be_tested() {
        let nobody = Share::new(0, 5).unwrap();
        assert!(test(nobody, nobody, Confidence::PERCENT_95).is_err());
    }
}
