//! The two drawings of a session over minutes since its dose: what was measured, and the level that a model expects.
//!
//! Both share one horizontal scale, so that they can stand one above the other. What is expected is a shade with a dashed
//! middle; what was measured is drawn in front of it.

use maud::{Markup, html};

use super::at;
use crate::score_text;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 150.0;
/// The highest value on the pressure and pulse axis, mmHg and beats a minute.
const HIGH: f64 = 220.0;
/// The lowest.
const LOW: f64 = 30.0;

/// One point of what is expected: a typical value inside the range of nine in ten people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShadePoint {
    /// Minutes since the dose.
    pub minute: f64,
    /// 5th percentile, in the unit of the axis.
    pub low: f64,
    /// The typical value.
    pub typical: f64,
    /// 95th percentile.
    pub high: f64,
}

/// The box of a drawing: minutes along it, values up it.
#[derive(Clone, Copy)]
struct Scale {
    minutes: (f64, f64),
    values: (f64, f64),
    height: f64,
    top: f64,
    bottom: f64,
}

impl Scale {
    fn x(&self, minute: f64) -> f64 {
        let (from, to) = self.minutes;
        LEFT + (minute - from) / (to - from).max(1.0) * (WIDTH - LEFT - RIGHT)
    }

    /// Readings from before the first minute stand at the left edge.
    fn x_within(&self, minute: f64) -> String {
        at(self.x(minute.max(self.minutes.0)))
    }

    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
        self.floor() - share * (self.floor() - self.top)
    }

    fn floor(&self) -> f64 {
        self.height - self.bottom
    }

    fn line(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let places =
            points.into_iter().map(|(minute, value)| format!("{},{}", self.x_within(minute), at(self.y(value))));
        places.collect::<Vec<_>>().join(" ")
    }

    fn shade(&self, points: &[ShadePoint], title: Option<&str>) -> Markup {
        let top = points.iter().map(|p| (p.minute, p.high));
        let outline = self.line(top.chain(points.iter().rev().map(|p| (p.minute, p.low))));
        html! {
            polygon .expected-band points=(outline) { @if let Some(title) = title { title { (title) } } }
            polyline .expected-line points=(self.line(points.iter().map(|p| (p.minute, p.typical)))) {}
        }
    }
}

/// Blood pressure and pulse of a session over minutes since the dose, with the limits in force.
#[derive(Clone, Debug, Default)]
pub struct SessionTrend {
    /// What a reader who does not see it is told.
    pub says: String,
    /// First and last minute drawn.
    pub minutes: (f64, f64),
    /// Minute, systolic and diastolic, mmHg.
    pub pressures: Vec<(f64, f64, f64)>,
    /// Minute and beats a minute.
    pub pulses: Vec<(f64, f64)>,
    /// Limits in mmHg, with their words at the right end.
    pub limits: Vec<(f64, String)>,
    /// What was marked on the way, on the axis.
    pub marks: Vec<(f64, String)>,
    /// The word under minute zero, once there is a dose.
    pub zero: Option<String>,
    /// Expected systolic pressure, with its title.
    pub expected: Option<(Vec<ShadePoint>, String)>,
}

impl SessionTrend {
    /// The drawing for a page.
    #[must_use]
    pub fn draw(&self) -> Markup {
        let scale = Scale { minutes: self.minutes, values: (LOW, HIGH), height: 300.0, top: 14.0, bottom: 46.0 };
        let (from, to) = self.minutes;
        let (floor, right) = (scale.floor(), WIDTH - RIGHT);
        let step = if to > 240.0 { 60.0 } else { 30.0 };
        let ticks = (from / step).ceil() as i64..=(to / step).floor() as i64;
        html! {
            svg .trend-chart viewBox=(format!("0 0 {WIDTH} {}", scale.height)) role="img" aria-label=(self.says) {
                @if let Some((points, title)) = &self.expected { (scale.shade(points, Some(title))) }
                @for value in [50.0, 100.0, 150.0, 200.0] {
                    line .grid x1=(at(LEFT)) y1=(at(scale.y(value))) x2=(at(right)) y2=(at(scale.y(value))) {}
                    text .axis-value x=(at(LEFT - 6.0)) y=(at(scale.y(value) + 4.0)) { (score_text(value)) }
                }
                @for (value, words) in &self.limits {
                    line .limit x1=(at(LEFT)) y1=(at(scale.y(*value))) x2=(at(right)) y2=(at(scale.y(*value))) {}
                    text .limit-value x=(at(right + 6.0)) y=(at(scale.y(*value) + 4.0)) { (words) }
                }
                line .axis x1=(at(LEFT)) y1=(at(floor)) x2=(at(right)) y2=(at(floor)) {}
                @for tick in ticks {
                    @let minute = tick as f64 * step;
                    line .tick x1=(at(scale.x(minute))) y1=(at(floor)) x2=(at(scale.x(minute))) y2=(at(floor + 4.0)) {}
                    text .axis-minute x=(at(scale.x(minute))) y=(at(floor + 16.0)) { (score_text(minute)) }
                }
                text .axis-minute x=(at(right + 40.0)) y=(at(floor + 16.0)) { "min" }
                @if let Some(zero) = &self.zero {
                    line .dose x1=(at(scale.x(0.0))) y1=(at(scale.top)) x2=(at(scale.x(0.0))) y2=(at(floor + 6.0)) {}
                    text .dose-name x=(at(scale.x(0.0))) y=(at(floor + 32.0)) { (zero) }
                }
                @for (minute, words) in &self.marks {
                    circle .mark-dot cx=(at(scale.x(minute.clamp(from, to)))) cy=(at(floor + 24.0)) r="4" { title { (words) } }
                }
                polyline .line.systolic points=(scale.line(self.pressures.iter().map(|(m, s, _)| (*m, *s)))) {}
                polyline .line.diastolic points=(scale.line(self.pressures.iter().map(|(m, _, d)| (*m, *d)))) {}
                polyline .line.pulse points=(scale.line(self.pulses.iter().copied())) {}
                @for (minute, systolic, diastolic) in &self.pressures {
                    @let x = scale.x_within(*minute);
                    path .bp-up transform=(format!("translate({x} {})", at(scale.y(*systolic)))) d="M-5 -6h10l-5 8z" { title { (score_text(*systolic)) "/" (score_text(*diastolic)) } }
                    path .bp-down transform=(format!("translate({x} {})", at(scale.y(*diastolic)))) d="M-5 6h10l-5 -8z" {}
                }
                @for (minute, pulse) in &self.pulses {
                    circle .pulse-dot cx=(scale.x_within(*minute)) cy=(at(scale.y(*pulse))) r="3.5" { title { "pulse " (score_text(*pulse)) } }
                }
            }
        }
    }
}

/// An expected level over minutes since the dose.
#[derive(Clone, Debug)]
pub struct ExpectedLevel {
    /// What a reader who does not see it is told.
    pub says: String,
    /// First and last minute drawn.
    pub minutes: (f64, f64),
    /// The level, in the unit of `label`.
    pub points: Vec<ShadePoint>,
    /// The quantity and its unit, one line each, at the right end.
    pub label: [String; 2],
    /// The present minute with its word; without it the hours are marked.
    pub now: Option<(f64, String)>,
}

impl ExpectedLevel {
    /// The drawing for a page.
    #[must_use]
    pub fn draw(&self) -> Markup {
        let highest = self.points.iter().map(|p| p.high).fold(1.0, f64::max);
        let scale = Scale { minutes: self.minutes, values: (0.0, highest), height: 130.0, top: 10.0, bottom: 24.0 };
        let (floor, right) = (scale.floor(), WIDTH - RIGHT);
        let hours = (1..=8).map(|hour| f64::from(hour) * 60.0);
        let hours = hours.filter(|minute| *minute <= self.minutes.1 && self.now.is_none());
        html! {
            svg .trend-chart viewBox=(format!("0 0 {WIDTH} {}", scale.height)) role="img" aria-label=(self.says) {
                (scale.shade(&self.points, None))
                line .axis x1=(at(LEFT)) y1=(at(floor)) x2=(at(right)) y2=(at(floor)) {}
                text .axis-value x=(at(LEFT - 6.0)) y=(at(scale.y(highest) + 8.0)) { (format!("{highest:.0}")) }
                text .axis-value x=(at(LEFT - 6.0)) y=(at(floor)) { "0" }
                @for (line, label) in self.label.iter().enumerate() {
                    text x=(at(right + 6.0)) y=(at(scale.y(highest) + 8.0 + 16.0 * line as f64)) { (label) }
                }
                @for minute in hours {
                    line .tick x1=(at(scale.x(minute))) y1=(at(floor)) x2=(at(scale.x(minute))) y2=(at(floor + 4.0)) {}
                    text .axis-minute x=(at(scale.x(minute))) y=(at(scale.height - 6.0)) { (format!("{minute:.0} min")) }
                }
                @if let Some((minute, word)) = &self.now {
                    line .now-line x1=(at(scale.x(*minute))) y1=(at(scale.top)) x2=(at(scale.x(*minute))) y2=(at(floor)) {}
                    text .dose-name x=(at(scale.x(*minute))) y=(at(scale.height - 6.0)) { (word) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The coordinates of the first element of a class.
    fn points(drawn: &str, class: &str) -> Vec<(f64, f64)> {
        let start = drawn.find(&format!("class=\"{class}\"")).unwrap();
        let list = drawn[start..].split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        list.split(' ')
            .map(|p| p.split_once(',').unwrap())
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_higher_value_stands_higher_and_an_early_reading_at_the_left_edge() {
        let trend = SessionTrend {
            minutes: (-60.0, 120.0),
            pressures: vec![(-400.0, 120.0, 80.0), (0.0, 150.0, 90.0), (120.0, 400.0, 10.0)],
            ..SessionTrend::default()
        };
        let drawn = trend.draw().into_string();
        let (systolic, diastolic) = (points(&drawn, "line systolic"), points(&drawn, "line diastolic"));
        assert_eq!(systolic[0].0, LEFT, "before the first minute: at the edge");
        assert_eq!(systolic[2].0, WIDTH - RIGHT);
        assert!(systolic[0].1 > systolic[1].1 && systolic[1].1 > systolic[2].1, "{systolic:?}");
        assert_eq!((systolic[2].1, diastolic[2].1), (14.0, 254.0), "beyond the axis: at its ends");
    }

    #[test]
    fn the_shade_encloses_the_typical_course() {
        let at = |minute, low, typical, high| ShadePoint { minute, low, typical, high };
        let level = ExpectedLevel {
            says: String::new(),
            minutes: (0.0, 60.0),
            points: vec![at(0.0, 0.0, 0.0, 0.0), at(30.0, 50.0, 90.0, 200.0), at(60.0, 20.0, 40.0, 100.0)],
            label: [String::new(), String::new()],
            now: Some((30.0, "now".to_owned())),
        };
        let drawn = level.draw().into_string();
        let (band, line) = (points(&drawn, "expected-band"), points(&drawn, "expected-line"));
        assert_eq!(band.len(), 2 * line.len(), "along its top, and back along its bottom");
        assert!(band[1].1 < line[1].1 && line[1].1 < band[4].1, "{band:?} {line:?}");
        assert_eq!(band[1].1, 10.0, "the highest value fills the box");
        assert!(drawn.contains("now-line") && !drawn.contains("60 min"), "the hours are not marked beside now");
    }
}
