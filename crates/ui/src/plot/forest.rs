//! Estimates one beneath another, each with its interval: studies and what they pool to, or harms and how often.

use maud::{Markup, html};

use super::{Axis, Series, as_file, at, on_page, width_of};

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

/// Where things stand: beside the drawing on a wide screen and in files, above each line on a phone.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    width: f64,
    left: f64,
    right: f64,
    row: f64,
    /// How far above its line a row's words stand; zero where they stand beside it.
    above: f64,
}

const WIDE: Layout = Layout { width: 760.0, left: 262.0, right: 178.0, row: 24.0, above: 0.0 };
const NARROW: Layout = Layout { width: 340.0, left: 10.0, right: 10.0, row: 42.0, above: 17.0 };

/// The part of a text that fits into so many units.
fn cut(text: &str, room: f64) -> String {
    let letters = (room / width_of("n")).max(4.0) as usize;
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let start: String = text.chars().take(letters - 1).collect();
    format!("{}…", start.trim_end())
}

impl Forest {
    fn x(&self, to: Layout, value: f64) -> f64 {
        to.left + self.x.along(value) * (to.width - to.left - to.right)
    }

    /// A row's name and figures.
    fn words(&self, to: Layout, label: &str, text: &str, y: f64, strong: bool) -> Markup {
        html! {
            @if to.above > 0.0 {
                text .strong[strong] x="2" y=(at(y - to.above + 4.0)) { (cut(label, to.width - 10.0 - width_of(text) - if strong { 24.0 } else { 0.0 })) }
                text .end.soft[!strong].strong[strong] x=(at(to.width - 2.0)) y=(at(y - to.above + 4.0)) { (text) }
            } @else {
                text .strong[strong] x="4" y=(at(y + 4.0)) { (label) }
                text .soft[!strong].strong[strong] x=(at(to.width - to.right + 12.0)) y=(at(y + 4.0)) { (text) }
            }
        }
    }

    fn row(&self, to: Layout, row: &ForestRow, y: f64) -> Markup {
        html! {
            (self.words(to, &row.label, &row.text, y, false))
            @if let Some((low, mid, high)) = row.estimate {
                line .whisker.s-a x1=(at(self.x(to, low))) x2=(at(self.x(to, high))) y1=(at(y)) y2=(at(y)) {}
                @match row.weight {
                    Some(weight) => {
                        @let half = 2.5 + 6.0 * weight.clamp(0.0, 1.0).sqrt();
                        rect .marker.s-a x=(at(self.x(to, mid) - half)) y=(at(y - half)) width=(at(2.0 * half)) height=(at(2.0 * half)) {}
                    }
                    None => path .marker.s-a d=(Series::A.marker(self.x(to, mid), y)) {},
                }
            }
        }
    }

    fn pooled(&self, to: Layout, pooled: &Pooled, y: f64) -> Markup {
        html! {
            (self.words(to, &pooled.label, &pooled.text, y, true))
            @if let Some((from, until)) = pooled.prediction {
                line .draw.s-c x1=(at(self.x(to, from))) x2=(at(self.x(to, until))) y1=(at(y)) y2=(at(y)) {}
            }
            path .marker.s-b d=(self.diamond(to, pooled.estimate, y)) {}
        }
    }

    /// A diamond from end to end. An end beyond the axis is cut off upright at the edge, so that nobody takes the edge for the end.
    fn diamond(&self, to: Layout, (low, mid, high): (f64, f64, f64), y: f64) -> String {
        const HALF: f64 = 7.0;
        let side = |end: f64, edge: f64, beyond: bool| {
            let share = (mid - edge) / (mid - end);
            let half = match (beyond, share.is_finite()) {
                (true, true) => HALF * (1.0 - share).clamp(0.0, 1.0),
                (true, false) => HALF,
                (false, _) => 0.0,
            };
            (self.x(to, end), half)
        };
        let (left, left_half) = side(low, self.x.low, low < self.x.low);
        let (right, right_half) = side(high, self.x.high, high > self.x.high);
        let corners = [
            (left, y + left_half),
            (left, y - left_half),
            (self.x(to, mid), y - HALF),
            (right, y - right_half),
            (right, y + right_half),
            (self.x(to, mid), y + HALF),
        ];
        let corners: Vec<String> = corners.iter().map(|(x, y)| format!("{} {}", at(*x), at(*y))).collect();
        format!("M{}Z", corners.join("L"))
    }

    fn laid_out(&self, to: Layout) -> (Markup, (f64, f64)) {
        let top = 22.0 + to.above;
        let rows = self.rows.len() as f64 * to.row;
        let pooled_top = top + rows + if self.pooled.is_empty() { 0.0 } else { 8.0 };
        let floor = pooled_top + self.pooled.len() as f64 * to.row - to.above;
        let inner = html! {
            @for (value, words) in &self.x.ticks {
                line .grid x1=(at(self.x(to, *value))) x2=(at(self.x(to, *value))) y1="10" y2=(at(floor)) {}
                text .soft.mid x=(at(self.x(to, *value))) y=(at(floor + 16.0)) { (words) }
            }
            @if let Some(null) = self.null {
                line .axis x1=(at(self.x(to, null))) x2=(at(self.x(to, null))) y1="10" y2=(at(floor)) {}
            }
            @for (n, row) in self.rows.iter().enumerate() { (self.row(to, row, top + n as f64 * to.row)) }
            @for (n, pooled) in self.pooled.iter().enumerate() { (self.pooled(to, pooled, pooled_top + n as f64 * to.row)) }
            line .axis x1=(at(to.left)) x2=(at(to.width - to.right)) y1=(at(floor)) y2=(at(floor)) {}
            text .soft.mid x=(at(to.left + (to.width - to.left - to.right) / 2.0)) y=(at(floor + 34.0)) { (self.x.label) }
            @if let Some((left, right)) = &self.favours {
                text .soft x=(at(to.left)) y=(at(floor + 52.0)) { "← " (left) }
                text .soft.end x=(at(to.width - to.right)) y=(at(floor + 52.0)) { (right) " →" }
            }
        };
        (inner, (to.width, floor + if self.favours.is_some() { 58.0 } else { 40.0 }))
    }

    /// The drawing on a page: one for wide screens and one for phones, of which a browser shows and tells only the one that fits.
    #[must_use]
    pub fn draw(&self) -> Markup {
        let (inner, size) = self.laid_out(WIDE);
        let (narrow, narrow_size) = self.laid_out(NARROW);
        html! {
            div .on-wide { (on_page(&self.id, &self.title, &self.says, size, &inner)) }
            div .on-narrow { (on_page(&format!("{}-narrow", self.id), &self.title, &self.says, narrow_size, &narrow)) }
        }
    }

    /// The drawing as a file.
    #[must_use]
    pub fn svg_file(&self) -> String {
        let (inner, size) = self.laid_out(WIDE);
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
        let drawn = forest.svg_file();
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(drawn.contains("width=\"8.8\"") && drawn.contains("width=\"16.4\""), "{drawn}");
        assert!(!drawn.contains("inf"));
    }

    #[test]
    fn a_diamond_beyond_the_axis_is_cut_off_and_not_closed_to_a_point() {
        let forest = Forest {
            id: "f".into(),
            title: "Studies".into(),
            says: "None.".into(),
            rows: Vec::new(),
            pooled: Vec::new(),
            x: Axis::nice("g", [-2.0, 2.0]),
            null: None,
            favours: None,
        };
        // Half of the left side lies beyond the axis: it is half as high at the edge. The right end is a point.
        assert!(forest.diamond(WIDE, (-4.0, 0.0, 1.0), 0.0).starts_with("M262.0 3.5L262.0 -3.5L422.0 -7.0L502.0 "));
        assert!(!forest.diamond(WIDE, (f64::NEG_INFINITY, 0.0, f64::INFINITY), 0.0).contains("inf"));
    }

    #[test]
    fn on_a_phone_names_stand_above_their_lines_and_are_cut_where_the_figures_begin() {
        assert_eq!(cut("short", 200.0), "short");
        let forest = Forest {
            id: "f".into(),
            title: "Studies".into(),
            says: "One.".into(),
            rows: vec![ForestRow {
                label: "a study with a name that is far too long for a phone".into(),
                estimate: Some((-1.0, 0.0, 1.0)),
                weight: None,
                text: "0.0 (−1.0 to 1.0)".into(),
            }],
            pooled: Vec::new(),
            x: Axis::nice("g", [-2.0, 2.0]),
            null: None,
            favours: None,
        };
        let drawn = forest.draw().into_string();
        assert_eq!(drawn.matches("<svg").count(), 2);
        assert!(drawn.contains("f-narrow-title") && drawn.contains("…"), "{drawn}");
        assert!(drawn.contains("viewBox=\"0 0 340.0 "));
    }
}
