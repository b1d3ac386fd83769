//! When a result counts as "at two weeks": the windows around each time since the first dose.
//!
//! The windows are a proposal of this project, signed by nobody yet; a page that uses them says so.

use serde::Serialize;

/// A time since the first dose, with the span in which a result counts for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Window {
    /// The name shown.
    pub name: &'static str,
    /// The time meant, in days since the first dose.
    pub day: f64,
    /// The first day that counts.
    pub from: f64,
    /// The end of the span; this moment no longer counts.
    pub to: f64,
}

/// The day after the first dose.
pub const NEXT_DAY: Window = Window { name: "24 hours", day: 1.0, from: 0.5, to: 2.0 };

/// The end of most courses.
pub const TWO_WEEKS: Window = Window { name: "2 weeks", day: 14.0, from: 11.0, to: 21.0 };

/// Every window, in order of time; none overlaps another.
pub const WINDOWS: [Window; 7] = [
    NEXT_DAY,
    Window { name: "1 week", day: 7.0, from: 4.0, to: 11.0 },
    TWO_WEEKS,
    Window { name: "1 month", day: 30.0, from: 21.0, to: 45.0 },
    Window { name: "2 months", day: 60.0, from: 45.0, to: 75.0 },
    Window { name: "3 months", day: 90.0, from: 75.0, to: 135.0 },
    Window { name: "6 months", day: 180.0, from: 135.0, to: 270.0 },
];

impl Window {
    /// Whether a day lies inside.
    #[must_use]
    pub fn holds(&self, day: f64) -> bool {
        self.from <= day && day < self.to
    }

    /// The result nearest to the time meant, among those inside.
    pub(crate) fn nearest<T>(&self, all: impl Iterator<Item = T>, day: impl Fn(&T) -> f64) -> Option<T> {
        let mut best: Option<(f64, T)> = None;
        for one in all {
            let at = day(&one);
            let apart = (at - self.day).abs();
            if self.holds(at) && best.as_ref().is_none_or(|(least, _)| apart < *least) {
                best = Some((apart, one));
            }
        }
        best.map(|(_, one)| one)
    }

    /// The span in words, for the line under a figure.
    #[must_use]
    pub fn words(&self) -> String {
        if self.to <= 2.0 {
            return format!("{} to {} hours", self.from * 24.0, self.to * 24.0);
        }
        format!("days {} to {}", self.from, self.to - 1.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_window_overlaps_another_and_each_holds_its_own_day() {
        for window in WINDOWS {
            assert!(window.holds(window.day), "{}", window.name);
        }
        for pair in WINDOWS.windows(2) {
            assert!(pair[0].to <= pair[1].from);
        }
    }

    #[test]
    fn the_result_nearest_to_the_time_counts() {
        let week = WINDOWS[1];
        assert_eq!(week.nearest([5.0, 7.5, 10.9, 11.0].into_iter(), |d| *d), Some(7.5));
        assert_eq!(week.nearest([3.9, 11.0].into_iter(), |d| *d), None);
    }
}
