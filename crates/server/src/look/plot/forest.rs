//! Estimates one beneath another, each with its interval: studies and what they pool to, or harms and how often.

use maud::{Markup, html};

use super::{Axis, Series, as_file, at, on_page};

/// One estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct ForestRow {
    /// What it is of.
    pub label: String,
    /// The estimate with its interval; none where there is none to draw.
    pub estimate: Option<(f64, f64, f64)>,
    /// Its share of the weight, 0 to 1, which sets the size of its square.
    pub weight: Option<f64>,
    /// The figures in words.
    pub text: String,
}

/// What rows pool to, drawn as a diamond.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
    /// The method.
    pub label: String,
    /// The lower end, the estimate, the upper end.
    pub estimate: (f64, f64, f64),
    /// Where a further study is expected to fall.
    pub prediction: Option<(f64, f64)>,
    /// The figures in words.
    pub text: String,
}

/// Estimates one beneath another.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// A unique id within the page.
    pub id: String,
    /// What is drawn.
    pub title: String,
    /// What it says, for those who do not see it.
    pub says: String,
    /// The rows.
    pub rows: Vec<ForestRow>,
    /// What they pool to.
    pub pooled: Vec<Pooled>,
    /// Across.
    pub x: Axis,
    /// No difference, where there is such a number.
    pub null: Option<f64>,
    /// What the left and the right of it mean.
    pub favours: Option<(String, String)>,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 262.0;
const RIGHT: f64 = 178.0;
const ROW: f64 = 24.0;

impl Forest {
    fn x(&self, value: f64) -> f64 {
        LEFT + self.x.along(value) * (WIDTH - LEFT - RIGHT)
    }

    fn row(&self, row: &ForestRow, y: f64) -> Markup {
        html! {
            text x="4" y=(at(y + 4.0)) { (row.label) }
            @if let Some((low, mid, high)) = row.estimate {
                line .whisker.s-a x1=(at(self.x(low))) x2=(at(self.x(high))) y1=(at(y)) y2=(at(y)) {}
                @match row.weight {
                    Some(weight) => {
                        @let half = 2.5 + 6.0 * weight.clamp(0.0, 1.0).sqrt();
                        rect .marker.s-a x=(at(self.x(mid) - half)) y=(at(y - half)) width=(at(2.0 * half)) height=(at(2.0 * half)) {}
                    }
                    None => path .marker.s-a d=(Series::A.marker(self.x(mid), y)) {},
                }
            }
            text .soft x=(at(WIDTH - RIGHT + 12.0)) y=(at(y + 4.0)) { (row.text) }
        }
    }

    fn pooled(&self, pooled: &Pooled, y: f64) -> Markup {
        let (low, mid, high) = pooled.estimate;
        let diamond = format!(
            "M{} {}L{} {}L{} {}L{} {}Z",
            at(self.x(low)),
            at(y),
            at(self.x(mid)),
            at(y - 7.0),
            at(self.x(high)),
            at(y),
            at(self.x(mid)),
            at(y + 7.0)
        );
        html! {
            text .strong x="4" y=(at(y + 4.0)) { (pooled.label) }
            @if let Some((from, to)) = pooled.prediction {
                line .draw.s-c x1=(at(self.x(from))) x2=(at(self.x(to))) y1=(at(y)) y2=(at(y)) {}
            }
            path .marker.s-b d=(diamond) {}
            text .strong x=(at(WIDTH - RIGHT + 12.0)) y=(at(y + 4.0)) { (pooled.text) }
        }
    }

    fn laid_out(&self) -> (Markup, (f64, f64)) {
        let top = 22.0;
        let rows = self.rows.len() as f64 * ROW;
        let pooled_top = top + rows + if self.pooled.is_empty() { 0.0 } else { 8.0 };
        let floor = pooled_top + self.pooled.len() as f64 * ROW;
        let inner = html! {
            @for (value, words) in &self.x.ticks {
                line .grid x1=(at(self.x(*value))) x2=(at(self.x(*value))) y1=(at(top - 12.0)) y2=(at(floor)) {}
                text .soft.mid x=(at(self.x(*value))) y=(at(floor + 16.0)) { (words) }
            }
            @if let Some(null) = self.null {
                line .axis x1=(at(self.x(null))) x2=(at(self.x(null))) y1=(at(top - 12.0)) y2=(at(floor)) {}
            }
            @for (n, row) in self.rows.iter().enumerate() { (self.row(row, top + n as f64 * ROW)) }
            @for (n, pooled) in self.pooled.iter().enumerate() { (self.pooled(pooled, pooled_top + n as f64 * ROW)) }
            line .axis x1=(at(LEFT)) x2=(at(WIDTH - RIGHT)) y1=(at(floor)) y2=(at(floor)) {}
            text .soft.mid x=(at(LEFT + (WIDTH - LEFT - RIGHT) / 2.0)) y=(at(floor + 34.0)) { (self.x.label) }
            @if let Some((left, right)) = &self.favours {
                text .soft x=(at(LEFT)) y=(at(floor + 52.0)) { "← " (left) }
                text .soft.end x=(at(WIDTH - RIGHT)) y=(at(floor + 52.0)) { (right) " →" }
            }
        };
        (inner, (WIDTH, floor + if self.favours.is_some() { 58.0 } else { 40.0 }))
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

    #[test]
    fn a_heavier_study_has_a_larger_square_and_a_missing_one_has_none() {
        let row =
            |label: &str, estimate, weight| ForestRow { label: label.into(), estimate, weight, text: String::new() };
        let forest = Forest {
            id: "f".into(),
            title: "Studies".into(),
            says: "Two studies.".into(),
            rows: vec![
                row("light", Some((-1.0, 0.0, 1.0)), Some(0.1)),
                row("heavy", Some((-1.0, 0.0, 1.0)), Some(0.9)),
                row("none", None, None),
            ],
            pooled: vec![Pooled {
                label: "REML".into(),
                estimate: (-0.5, 0.0, 0.5),
                prediction: Some((-2.0, f64::INFINITY)),
                text: "0".into(),
            }],
            x: Axis::nice("g", [-2.0, 2.0]),
            null: Some(0.0),
            favours: Some(("ketamine".into(), "control".into())),
        };
        let drawn = forest.draw().into_string();
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(drawn.contains("width=\"8.8\"") && drawn.contains("width=\"16.4\""), "{drawn}");
        assert!(!drawn.contains("inf"));
    }
}
