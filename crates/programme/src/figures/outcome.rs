//! Change, response, remission and worsening by time since the first dose, each with its interval and with who was not seen.

use serde::Serialize;
use stillwater_evidence::change::{Direction, MeanChange, Pair, Rate, Response, mean_change, response};
use stillwater_evidence::estimate::{CannotEstimate, Confidence, Missing};

use super::window::Window;
use crate::outcome_row::{OutcomeRow, Pcl};
use crate::scale::{Other, Part};

/// Response: a fall of at least this percentage, as Feder 2021 counted it on the CAPS-5.
pub const RESPONSE_PERCENT: f64 = 30.0;
/// The smallest fall in points that is likely to matter to a patient (Blanchard 2023, primary care).
pub const MATTERS: f64 = 10.0;
/// A change in points that is more than measurement error (Marx 2022, male veterans, first sample).
pub const RELIABLE: f64 = 15.0;
/// The same in the stricter sample (Marx 2022).
pub const RELIABLE_STRICT: f64 = 18.0;
/// A reliable fall that ends here or lower is clinically significant (Marx 2022).
pub const SIGNIFICANT_LEVEL: f64 = 28.0;
/// Below this the PCL-5 no longer says "probable PTSD" (New York State collaborative-care metric).
pub const REMISSION_BELOW: f64 = 33.0;

/// What was found at one time since the first dose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AtTime {
    /// When.
    pub window: Window,
    /// How many owed an answer by now, by their protocol and the day of their first dose, whether or not they have left
    /// since; and of how many both scores are there.
    pub missing: Missing,
    /// How many were treated too recently to be expected.
    pub not_yet: usize,
    /// The mean change among those seen.
    pub change: Result<MeanChange, CannotEstimate>,
    /// The mean change if everybody who was expected and not seen had not changed at all, in points.
    pub change_if_missing_unchanged: Option<f64>,
    /// A fall of at least 30 %.
    pub response: Result<Rate, CannotEstimate>,
    /// A fall of at least 10, 15 and 18 points.
    pub fell_by: Vec<(f64, Result<Rate, CannotEstimate>)>,
    /// A fall of at least 15 points that ends at 28 or lower.
    pub significant: Result<Rate, CannotEstimate>,
    /// A score below 33 among those who began at 33 or above.
    pub remission: Result<Rate, CannotEstimate>,
    /// A rise of at least 15 points.
    pub worse: Result<Rate, CannotEstimate>,
}

/// The change of one scale at one time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScaleAt {
    /// The name shown.
    pub name: &'static str,
    /// When.
    pub window: Window,
    /// By how many items a score is divided to be shown on the scale of one item.
    pub items: f64,
    /// Expected and seen.
    pub missing: Missing,
    /// How many were treated too recently to be expected.
    pub not_yet: usize,
    /// The mean change, in the scale's own points.
    pub change: Result<MeanChange, CannotEstimate>,
}

/// Scores before and at one time, of everybody who is expected to have them.
pub(crate) struct Expected {
    /// One pair for each person expected.
    pub pairs: Vec<Pair>,
    /// How many are not expected yet.
    pub not_yet: usize,
}

/// Whether the window has closed for somebody, so that a result would be there by now.
fn closed(row: &OutcomeRow, window: &Window, now: i64) -> bool {
    row.first_dose_at.is_some_and(|first| (now - first) as f64 >= window.to * 86_400.0)
}

/// The PCL-5 of everybody who is expected at one time, found once for all its parts.
pub(crate) struct Forms<'l> {
    window: Window,
    /// The form at that time with the baseline of the same form; neither for somebody who was not seen.
    seen: Vec<(Option<&'l Pcl>, Option<&'l Pcl>)>,
    not_yet: usize,
}

impl<'l> Forms<'l> {
    /// Finds the forms of one window.
    pub fn at(rows: &[&'l OutcomeRow], window: Window, now: i64) -> Self {
        let mut found = Self { window, seen: Vec::with_capacity(rows.len()), not_yet: 0 };
        for row in rows.iter().filter(|row| row.first_dose_at.is_some()) {
            let nearest = window.nearest(row.pcl.iter().filter(|pcl| pcl.day > 0.0), |pcl| f64::from(pcl.day));
            match nearest {
                Some(pcl) => found.seen.push((Some(pcl), row.baseline(pcl.form))),
                None if !row.pcl_due.iter().any(|day| window.holds(f64::from(*day))) => {}
                None if closed(row, &window, now) => found.seen.push((None, None)),
                None => found.not_yet += 1,
            }
        }
        found
    }

    fn part(&self, part: Part) -> Expected {
        let of = |pcl: Option<&Pcl>| pcl.and_then(|pcl| pcl.part(part));
        let pairs = self.seen.iter().map(|(after, before)| Pair { before: of(*before), after: of(*after) }).collect();
        Expected { pairs, not_yet: self.not_yet }
    }
}

impl Expected {
    fn gather(
        rows: &[&OutcomeRow],
        window: &Window,
        now: i64,
        due: impl Fn(&OutcomeRow) -> bool,
        pair: impl Fn(&OutcomeRow) -> Option<Pair>,
    ) -> Self {
        let mut found = Self { pairs: Vec::with_capacity(rows.len()), not_yet: 0 };
        for row in rows.iter().filter(|row| row.first_dose_at.is_some()) {
            match pair(row) {
                Some(pair) => found.pairs.push(pair),
                None if !due(row) => {}
                None if closed(row, window, now) => found.pairs.push(Pair { before: None, after: None }),
                None => found.not_yet += 1,
            }
        }
        found
    }

    /// Another scale.
    pub fn of_other(rows: &[&OutcomeRow], scale: Other, window: &Window, now: i64) -> Self {
        let due =
            |row: &OutcomeRow| row.others_due.iter().any(|(one, day)| *one == scale && window.holds(f64::from(*day)));
        Self::gather(rows, window, now, due, |row| {
            let mine = row.others.iter().filter(|seen| seen.scale == scale && seen.day > 0.0);
            let seen = window.nearest(mine, |seen| f64::from(seen.day))?;
            let before = row.other_baseline(scale).map(|before| f64::from(before.score));
            Some(Pair { before, after: Some(f64::from(seen.score)) })
        })
    }

    fn missing(&self) -> Missing {
        let answered = self.pairs.iter().filter(|pair| pair.both().is_some()).count();
        Missing { expected: self.pairs.len(), answered }
    }

    fn rate(&self, holds: impl Fn(f64, f64) -> bool) -> Result<Rate, CannotEstimate> {
        let missing = self.missing();
        if missing.expected > 0 && missing.answered == 0 {
            return Err(CannotEstimate::AllMissing { what: "pairs of scores", missing: missing.expected });
        }
        let events = self.pairs.iter().filter_map(|pair| pair.both()).filter(|(b, a)| holds(*b, *a)).count();
        Rate::new(events, missing, Confidence::PERCENT_95)
    }
}

/// The total of the PCL-5 at one window.
pub(crate) fn at(forms: &Forms<'_>) -> AtTime {
    let window = forms.window;
    let expected = forms.part(Part::Total);
    let missing = expected.missing();
    let change = mean_change(&expected.pairs, Confidence::PERCENT_95);
    let change_if_missing_unchanged = change
        .as_ref()
        .ok()
        .map(|found| found.change.difference.value * found.missing.answered as f64 / missing.expected.max(1) as f64);
    // Only somebody who began above the cut can leave it behind.
    let above = Expected {
        pairs: expected.pairs.iter().filter(|p| p.before.is_none_or(|b| b >= REMISSION_BELOW)).copied().collect(),
        not_yet: expected.not_yet,
    };
    AtTime {
        window,
        missing,
        not_yet: expected.not_yet,
        change,
        change_if_missing_unchanged,
        response: response(
            &expected.pairs,
            Direction::HigherIsWorse,
            Response::Percent(RESPONSE_PERCENT),
            Confidence::PERCENT_95,
        ),
        fell_by: [MATTERS, RELIABLE, RELIABLE_STRICT]
            .into_iter()
            .map(|points| (points, expected.rate(|before, after| before - after >= points)))
            .collect(),
        significant: expected.rate(|before, after| before - after >= RELIABLE && after <= SIGNIFICANT_LEVEL),
        remission: above.rate(|_, after| after < REMISSION_BELOW),
        worse: expected.rate(|before, after| after - before >= RELIABLE),
    }
}

/// Parts of the PCL-5 at one window.
pub(crate) fn parts(forms: &Forms<'_>, parts: &[Part]) -> Vec<ScaleAt> {
    parts.iter().map(|part| scale(part.words(), part.items(), forms.window, forms.part(*part))).collect()
}

/// Other scales at one window.
pub(crate) fn others(rows: &[&OutcomeRow], scales: &[Other], window: &Window, now: i64) -> Vec<ScaleAt> {
    scales.iter().map(|one| other(rows, *one, window, now)).collect()
}

/// Another scale at one window.
pub(crate) fn other(rows: &[&OutcomeRow], one: Other, window: &Window, now: i64) -> ScaleAt {
    scale(one.words(), 1.0, *window, Expected::of_other(rows, one, window, now))
}

fn scale(name: &'static str, items: f64, window: Window, expected: Expected) -> ScaleAt {
    ScaleAt {
        name,
        window,
        items,
        missing: expected.missing(),
        not_yet: expected.not_yet,
        change: mean_change(&expected.pairs, Confidence::PERCENT_95),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_instruments::{Catalogue, Number};

    #[test]
    fn every_threshold_is_that_of_the_instrument() {
        let known = Catalogue::built_in().get("pcl-5-week").unwrap();
        let change = |id: &str| known.change.iter().find(|change| change.id == id).unwrap();
        let points = |id: &str| change(id).points.map(Number::as_f64).unwrap();
        let level = |id: &str| change(id).level.map(Number::as_f64).unwrap();
        assert_eq!(points("mid"), MATTERS);
        assert_eq!((points("reliable"), points("reliable_worse")), (RELIABLE, RELIABLE));
        assert_eq!(points("reliable_strict"), RELIABLE_STRICT);
        assert_eq!((points("csc"), level("csc")), (RELIABLE, SIGNIFICANT_LEVEL));
        assert_eq!(level("below_cut"), REMISSION_BELOW);
    }
}
