//! Lines, bands, points with intervals and steps over two axes.

use maud::{Markup, html};

use super::{Axis, Series, as_file, at, on_page, width_of};

/// Something drawn over the axes.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Points joined by a line, or by steps that hold until the next.
    Line {
        /// Whose.
        series: Series,
        /// Across and up.
        points: Vec<(f64, f64)>,
        /// Whether each value holds until the next.
        step: bool,
    },
    /// The space between two lines.
    Band {
        /// Whose.
        series: Series,
        /// Across, from, to.
        points: Vec<(f64, f64, f64)>,
        /// Whether each value holds until the next.
        step: bool,
    },
    /// A point with its interval.
    Whisker {
        /// Whose.
        series: Series,
        /// Across.
        x: f64,
        /// The interval's lower end.
        low: f64,
        /// The point.
        mid: f64,
        /// The interval's upper end.
        high: f64,
        /// To the right by so much, in the drawing's own units, so that two at one place stand side by side.
        nudge: f64,
    },
    /// A short upright line on a curve: somebody last seen here.
    Tick {
        /// Whose.
        series: Series,
        /// Across.
        x: f64,
        /// Up.
        y: f64,
    },
    /// A level across the whole drawing.
    Rule {
        /// Up.
        y: f64,
        /// What it stands for.
        label: String,
    },
}

/// A row of counts under the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// What is counted.
    pub label: String,
    /// Where, and how many.
    pub counts: Vec<(f64, String)>,
}

/// A drawing over two axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// A unique id within the page.
    pub id: String,
    /// What is drawn.
    pub title: String,
    /// What it says, for those who do not see it.
    pub says: String,
    /// Across.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// What is drawn, the hindmost first.
    pub marks: Vec<Mark>,
    /// The names of the series.
    pub key: Vec<(Series, String)>,
    /// Counts under the axis.
    pub risk: Vec<Risk>,
}

const WIDTH: f64 = 600.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 18.0;
const TALL: f64 = 230.0;

struct Place<'p> {
    plot: &'p Plot,
    top: f64,
}

impl Place<'_> {
    fn x(&self, value: f64) -> f64 {
        LEFT + self.plot.x.along(value) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        self.top + (1.0 - self.plot.y.along(value)) * TALL
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>, step: bool) -> String {
        let mut path = String::new();
        for (n, (x, y)) in points.enumerate() {
            let (x, y) = (at(self.x(x)), at(self.y(y)));
            match (n, step) {
                (0, _) => path.push_str(&format!("M{x} {y}")),
                (_, true) => path.push_str(&format!("H{x}V{y}")),
                (_, false) => path.push_str(&format!("L{x} {y}")),
            }
        }
        path
    }

    fn band(&self, points: &[(f64, f64, f64)], step: bool) -> String {
        let stepped = |edge: fn(&(f64, f64, f64)) -> f64| -> Vec<(f64, f64)> {
            let mut corners = Vec::new();
            let mut last = None;
            for point in points {
                if let Some(last) = last.filter(|_| step) {
                    corners.push((point.0, last));
                }
                corners.push((point.0, edge(point)));
                last = Some(edge(point));
            }
            corners
        };
        let mut corners = stepped(|point| point.1);
        corners.extend(stepped(|point| point.2).into_iter().rev());
        let path = self.path(corners.into_iter(), false);
        if path.is_empty() { path } else { path + "Z" }
    }

    fn mark(&self, mark: &Mark) -> Markup {
        let right = WIDTH - RIGHT;
        html! {
            @match mark {
                Mark::Line { series, points, step } => path .draw.(series.class()) d=(self.path(points.iter().copied(), *step)) {},
                Mark::Band { series, points, step } => path .band.(series.class()) d=(self.band(points, *step)) {},
                Mark::Whisker { series, x, low, mid, high, nudge } => {
                    @let x = self.x(*x) + nudge;
                    line .whisker.(series.class()) x1=(at(x)) x2=(at(x)) y1=(at(self.y(*low))) y2=(at(self.y(*high))) {}
                    path .marker.(series.class()) d=(series.marker(x, self.y(*mid))) {}
                }
                Mark::Tick { series, x, y } => {
                    line .tick.(series.class()) x1=(at(self.x(*x))) x2=(at(self.x(*x))) y1=(at(self.y(*y) - 4.0)) y2=(at(self.y(*y) + 4.0)) {}
                }
                Mark::Rule { y, label } => {
                    line .rule x1=(at(LEFT)) x2=(at(right)) y1=(at(self.y(*y))) y2=(at(self.y(*y))) {}
                    text .soft.end x=(at(right)) y=(at(self.y(*y) - 4.0)) { (label) }
                }
            }
        }
    }
}

impl Plot {
    /// Whether there is anything in it but rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.iter().all(|mark| matches!(mark, Mark::Rule { .. }))
    }

    /// The key laid out in lines: each name with its place, and how many lines there are.
    fn key_places(&self) -> (Vec<(Series, &str, f64, f64)>, f64) {
        let (mut x, mut y) = (LEFT, 36.0);
        let mut places = Vec::new();
        for (series, name) in &self.key {
            let wide = 22.0 + width_of(name) + 14.0;
            if x > LEFT && x + wide > WIDTH - RIGHT {
                (x, y) = (LEFT, y + 18.0);
            }
            places.push((*series, name.as_str(), x, y));
            x += wide;
        }
        let lines = if self.key.is_empty() { 0.0 } else { (y - 36.0) / 18.0 + 1.0 };
        (places, lines)
    }

    fn laid_out(&self) -> (Markup, (f64, f64)) {
        let (key, key_lines) = self.key_places();
        let place = Place { plot: self, top: 30.0 + key_lines * 18.0 };
        let floor = place.top + TALL;
        let risk_top = floor + 52.0;
        let height = if self.risk.is_empty() { floor + 42.0 } else { risk_top + self.risk.len() as f64 * 17.0 + 4.0 };
        let inner = html! {
            text .soft x="4" y="14" { (self.y.label) }
            @for (series, name, x, y) in &key {
                path .marker.(series.class()) d=(series.marker(x + 8.0, y - 4.0)) {}
                text x=(at(x + 20.0)) y=(at(*y)) { (name) }
            }
            @for (value, words) in &self.y.ticks {
                line .grid x1=(at(LEFT)) x2=(at(WIDTH - RIGHT)) y1=(at(place.y(*value))) y2=(at(place.y(*value))) {}
                text .soft.end x=(at(LEFT - 8.0)) y=(at(place.y(*value) + 4.0)) { (words) }
            }
            line .axis x1=(at(LEFT)) x2=(at(WIDTH - RIGHT)) y1=(at(floor)) y2=(at(floor)) {}
            @for (value, words) in &self.x.ticks {
                line .axis x1=(at(place.x(*value))) x2=(at(place.x(*value))) y1=(at(floor)) y2=(at(floor + 4.0)) {}
                text .soft.mid x=(at(place.x(*value))) y=(at(floor + 18.0)) { (words) }
            }
            text .soft.end x=(at(WIDTH - RIGHT)) y=(at(floor + 35.0)) { (self.x.label) }
            @for mark in &self.marks { (place.mark(mark)) }
            @for (n, row) in self.risk.iter().enumerate() {
                @let y = at(risk_top + n as f64 * 17.0);
                text .soft.end x=(at(LEFT - 18.0)) y=(y) { (row.label) }
                @for (value, count) in &row.counts { text .soft.mid x=(at(place.x(*value))) y=(y) { (count) } }
            }
        };
        (inner, (WIDTH, height))
    }

    /// The drawing on a page.
    #[must_use]
    pub fn draw(&self) -> Markup {
        let (inner, size) = self.laid_out();
        on_page(&self.id, &self.title, &self.says, size, &inner)
    }

    /// The drawing as a file.
    #[must_use]
    pub fn svg_file(&self) -> String {
        let (inner, size) = self.laid_out();
        as_file(&self.title, &self.says, size, &inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(marks: Vec<Mark>) -> Plot {
        Plot {
            id: "p".into(),
            title: "Change <PCL-5>".into(),
            says: "It fell.".into(),
            x: Axis::nice("days", [0.0, 10.0]),
            y: Axis::nice("points", [0.0, 100.0]),
            marks,
            key: Series::ALL.map(|series| (series, "a rather long name of a series".to_owned())).to_vec(),
            risk: vec![Risk { label: "at risk".into(), counts: vec![(0.0, "12".into())] }],
        }
    }

    #[test]
    fn a_step_holds_until_the_next_and_a_band_closes() {
        let drawn = plot(vec![
            Mark::Line { series: Series::A, points: vec![(0.0, 100.0), (10.0, 0.0)], step: true },
            Mark::Band { series: Series::A, points: vec![(0.0, 0.0, 100.0), (10.0, 50.0, 60.0)], step: true },
        ])
        .draw()
        .into_string();
        assert!(drawn.contains("H582.0V"), "{drawn}");
        assert!(drawn.contains("Z\""));
    }

    #[test]
    fn an_interval_without_end_stops_at_the_edge_and_words_are_escaped() {
        let whisker = Mark::Whisker {
            series: Series::B,
            x: 5.0,
            low: f64::NEG_INFINITY,
            mid: 50.0,
            high: f64::INFINITY,
            nudge: 0.0,
        };
        let drawn = plot(vec![whisker]).draw().into_string();
        assert!(!drawn.contains("inf") && !drawn.contains("NaN"));
        assert!(drawn.contains("Change &lt;PCL-5&gt;") && !drawn.contains("style="));
    }

    #[test]
    fn the_key_wraps_before_the_edge() {
        let plot = plot(Vec::new());
        let (places, lines) = plot.key_places();
        assert!(lines > 1.0);
        assert!(places.iter().all(|(_, name, x, _)| x + 22.0 + width_of(name) <= WIDTH));
        assert!(plot.is_empty());
    }

    #[test]
    fn a_file_stands_alone() {
        let file = plot(Vec::new()).svg_file();
        assert!(file.starts_with("<?xml") && file.contains("xmlns=") && file.contains("prefers-color-scheme"));
    }
}
