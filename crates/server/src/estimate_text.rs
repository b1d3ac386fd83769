//! Estimates as text: a value with its interval, a share with its count, or why there is none.

use stillwater_evidence::change::{MeanChange, Rate};
use stillwater_evidence::estimate::{CannotEstimate, Interval, Missing};
use stillwater_evidence::incidence::Incidence;
use stillwater_evidence::survival::Quantile;
use stillwater_ui::format::{number, percent};

/// "−18.2 to −6.8".
pub fn interval(interval: Interval, decimals: usize) -> String {
    format!("{} to {}", number(interval.low, decimals), number(interval.high, decimals))
}

/// The share of answers that are missing, for the head of a figure.
pub fn missing(missing: Missing) -> String {
    match missing.share() {
        Some(share) => format!("missing: {} ({} of {})", percent(share), missing.missing(), missing.expected),
        None => "nobody is expected yet".to_owned(),
    }
}

/// Why there is no figure, short enough for a cell of a table; the line beneath the figure has the method.
pub fn why(why: &CannotEstimate) -> String {
    match why {
        CannotEstimate::TooFew { .. } => "too few seen".to_owned(),
        CannotEstimate::AllMissing { .. } => "nobody seen".to_owned(),
        CannotEstimate::NoVariation { .. } => "all alike, so no interval".to_owned(),
        CannotEstimate::NoEvents { .. } => "never happened".to_owned(),
        other => other.to_string(),
    }
}

/// A mean change: "−12.5 (−18.2 to −6.8)".
pub fn change(change: &Result<MeanChange, CannotEstimate>) -> String {
    match change {
        Ok(found) => {
            let difference = &found.change.difference;
            format!("{} ({})", number(difference.value, 1), interval(difference.interval, 1))
        }
        Err(reason) => why(reason),
    }
}

/// A share of people: "12 of 20, 60\u{a0}% (39\u{a0}% to 78\u{a0}%)".
pub fn rate(rate: &Result<Rate, CannotEstimate>) -> String {
    match rate {
        Ok(found) => format!(
            "{} of {}, {} ({} to {})",
            found.share.events(),
            found.share.of(),
            percent(found.value),
            percent(found.wilson.low),
            percent(found.wilson.high)
        ),
        Err(reason) => why(reason),
    }
}

/// What a share would be if everybody not seen had done badly, or well: "40 % to 70 %".
pub fn bounds(rate: &Result<Rate, CannotEstimate>) -> String {
    rate.as_ref().map_or_else(
        |_| "–".to_owned(),
        |found| format!("{} to {}", percent(found.if_missing_have_not), percent(found.if_missing_have)),
    )
}

/// A count over doses: "3; 1.5 per 100 (0.3 to 4.4)".
pub fn incidence(found: &Result<Incidence, CannotEstimate>) -> String {
    match found {
        Ok(found) => format!("{}; {} per 100 ({})", found.events, number(found.rate, 1), interval(found.interval, 1)),
        Err(_) => "no dose was given".to_owned(),
    }
}

/// A time that a share has reached: "27.5 (14 to not reached)".
pub fn quantile(found: &Quantile, decimals: usize) -> String {
    let end = |end: Option<f64>| end.map_or_else(|| "not reached".to_owned(), |value| number(value, decimals));
    match found.time {
        None if found.low.is_none() => "not reached".to_owned(),
        time => format!("{} ({} to {})", end(time), end(found.low), end(found.high)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_evidence::estimate::Confidence;

    #[test]
    fn a_share_says_its_count_and_what_the_missing_could_do_to_it() {
        let found = Rate::new(12, Missing { expected: 25, answered: 20 }, Confidence::PERCENT_95);
        assert_eq!(rate(&found), "12 of 20, 60\u{a0}% (39\u{a0}% to 78\u{a0}%)");
        assert_eq!(bounds(&found), "48\u{a0}% to 68\u{a0}%");
        assert_eq!(missing(found.unwrap().missing), "missing: 20\u{a0}% (5 of 25)");
    }

    #[test]
    fn a_median_that_is_not_reached_is_no_number() {
        let never = Quantile { time: None, low: None, high: None };
        assert_eq!(quantile(&never, 0), "not reached");
        assert_eq!(
            quantile(&Quantile { time: Some(27.5), low: Some(14.0), high: None }, 1),
            "27.5 (14.0 to not reached)"
        );
    }
}
