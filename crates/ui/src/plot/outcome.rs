//! A measure over the time of a course: the outcome chart with its doses, cut-off and table, and the small line in a row.

use maud::{Markup, html};

use super::at;
use crate::components::data_table;
use crate::format::score_text;

/// One measure on the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePoint {
    /// Days since the start of the course; real time, so gaps show as gaps.
    pub day: f64,
    /// The score, or `None` for a measure that was due and missed.
    pub score: Option<f64>,
    /// When, in words, for the table: "day 14" or a date.
    pub when: String,
}

/// An outcome chart: a measure over real time.
#[derive(Clone, Debug)]
pub struct OutcomeChart {
    /// A unique id within the page.
    pub id: String,
    /// What is measured: "PCL-5 total".
    pub title: String,
    /// What the chart says, in a sentence, for those who do not see it.
    pub says: String,
    /// The measures, in order of time.
    pub points: Vec<LinePoint>,
    /// The lowest and highest possible score.
    pub range: (f64, f64),
    /// A cut-off with its value and what it means: "33: probable PTSD".
    pub cut_off: Option<(f64, String)>,
    /// Doses: day and label.
    pub doses: Vec<(f64, String)>,
    /// Therapy visits, by day.
    pub visits: Vec<f64>,
    /// Faint severity bands: from, to, name.
    pub bands: Vec<(f64, f64, String)>,
    /// How large a change must be before it is more than chance would give; drawn as a bar of that height.
    pub reliable_change: Option<f64>,
    /// Points further apart than this many days are not joined.
    pub gap_days: f64,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 132.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 48.0;

struct Scale {
    first_day: f64,
    days: f64,
    low: f64,
    span: f64,
}

impl Scale {
    fn of(chart: &OutcomeChart) -> Self {
        let days = || {
            chart
                .points
                .iter()
                .map(|point| point.day)
                .chain(chart.doses.iter().map(|dose| dose.0))
                .chain(chart.visits.iter().copied())
        };
        let first_day = days().fold(f64::INFINITY, f64::min);
        let last_day = days().fold(f64::NEG_INFINITY, f64::max);
        let (first_day, last_day) = if first_day.is_finite() { (first_day, last_day) } else { (0.0, 1.0) };
        Self {
            first_day,
            days: (last_day - first_day).max(1.0),
            low: chart.range.0,
            span: (chart.range.1 - chart.range.0).max(1.0),
        }
    }

    fn x(&self, day: f64) -> f64 {
        LEFT + (day - self.first_day) / self.days * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, score: f64) -> f64 {
        let share = ((score - self.low) / self.span).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
    }
}

/// Joins neighbours; a missed measure or a gap longer than `gap_days` leaves the line open.
fn segments(points: &[LinePoint], gap_days: f64) -> Vec<Vec<(f64, f64)>> {
    let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut joined = false;
    for point in points {
        let Some(score) = point.score else {
            joined = false;
            continue;
        };
        match lines.last_mut() {
            Some(line) if joined && line.last().is_some_and(|last| point.day - last.0 <= gap_days) => {
                line.push((point.day, score));
            }
            _ => lines.push(vec![(point.day, score)]),
        }
        joined = true;
    }
    lines
}

fn polyline(line: &[(f64, f64)], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
    line.iter().map(|(day, score)| format!("{},{}", at(x(*day)), at(y(*score)))).collect::<Vec<_>>().join(" ")
}

impl OutcomeChart {
    /// The chart, with the same figures as a table beneath it.
    #[must_use]
    pub fn draw(&self) -> Markup {
        let scale = Scale::of(self);
        let (title_id, desc_id) = (format!("{}-title", self.id), format!("{}-desc", self.id));
        let right = WIDTH - RIGHT;
        let floor = HEIGHT - BOTTOM;
        let known = || self.points.iter().filter_map(|point| point.score.map(|score| (point.day, score)));
        html! {
            figure .outcome {
                svg .outcome-chart id=(self.id) viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img"
                    aria-labelledby=(format!("{title_id} {desc_id}")) {
                    title id=(title_id) { (self.title) }
                    desc id=(desc_id) { (self.says) }
                    @for (index, (from, to, name)) in self.bands.iter().enumerate() {
                        rect .band.shaded[index % 2 == 1] x=(at(LEFT)) y=(at(scale.y(*to))) width=(at(right - LEFT))
                            height=(at((scale.y(*from) - scale.y(*to)).max(0.0))) {}
                        text .band-name x=(at(LEFT + 6.0)) y=(at(scale.y(*to) + 12.0)) { (name) }
                    }
                    line .axis x1=(at(LEFT)) y1=(at(floor)) x2=(at(right)) y2=(at(floor)) {}
                    text .axis-value x=(at(LEFT - 6.0)) y=(at(floor)) { (score_text(self.range.0)) }
                    text .axis-value x=(at(LEFT - 6.0)) y=(at(TOP + 8.0)) { (score_text(self.range.1)) }
                    @if let Some((value, means)) = &self.cut_off {
                        line .cut-off x1=(at(LEFT)) y1=(at(scale.y(*value))) x2=(at(right)) y2=(at(scale.y(*value))) {}
                        text .cut-off-value x=(at(right + 8.0)) y=(at(scale.y(*value) + 4.0)) { (score_text(*value)) " " (means) }
                    }
                    @for (day, label) in &self.doses {
                        line .dose x1=(at(scale.x(*day))) y1=(at(floor)) x2=(at(scale.x(*day))) y2=(at(floor + 10.0)) {}
                        text .dose-name x=(at(scale.x(*day))) y=(at(floor + 22.0)) { (label) }
                    }
                    @for day in &self.visits {
                        circle .visit cx=(at(scale.x(*day))) cy=(at(floor + 32.0)) r="2.5" {}
                    }
                    @if let (Some(size), Some((_, first))) = (self.reliable_change, known().next()) {
                        line .reliable x1=(at(right + 4.0)) y1=(at(scale.y(first))) x2=(at(right + 4.0)) y2=(at(scale.y(first - size))) {}
                    }
                    @for line in segments(&self.points, self.gap_days) {
                        polyline .line points=(polyline(&line, |day| scale.x(day), |score| scale.y(score))) {}
                    }
                    @for point in &self.points {
                        @match point.score {
                            Some(score) => circle .point cx=(at(scale.x(point.day))) cy=(at(scale.y(score))) r="4" {
                                title { (point.when) ": " (score_text(score)) }
                            },
                            None => circle .point.missed cx=(at(scale.x(point.day))) cy=(at(floor - 8.0)) r="4" {
                                title { (point.when) ": due, not answered" }
                            },
                        }
                    }
                    @if let Some((day, score)) = known().next_back() {
                        text .last-value x=(at(scale.x(day) + 8.0)) y=(at(scale.y(score) - 8.0)) { (score_text(score)) }
                    }
                    text .axis-days x=(at(LEFT)) y=(at(HEIGHT - 4.0)) { "day " (score_text(scale.first_day)) }
                    text .axis-days.end x=(at(right)) y=(at(HEIGHT - 4.0)) { "day " (score_text(scale.first_day + scale.days)) }
                }
                figcaption { (self.says) }
                details .as-table {
                    summary { "The same as a table" }
                    (self.table())
                }
            }
        }
    }

    fn table(&self) -> Markup {
        let mut rows: Vec<(f64, Vec<Markup>)> = Vec::new();
        for point in &self.points {
            let score = match point.score {
                Some(score) => html! { (score_text(score)) },
                None => html! { "not answered" },
            };
            rows.push((point.day, vec![html! { (point.when) }, score, html! {}]));
        }
        for (day, label) in &self.doses {
            rows.push((*day, vec![html! { "day " (score_text(*day)) }, html! {}, html! { (label) }]));
        }
        for day in &self.visits {
            rows.push((*day, vec![html! { "day " (score_text(*day)) }, html! {}, html! { "therapy visit" }]));
        }
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rows: Vec<Vec<Markup>> = rows.into_iter().map(|(_, cells)| cells).collect();
        data_table(&self.title, &["When", "# Score", "Event"], &rows)
    }
}

/// The small line in a table row, with its words for those who do not see it. Scores in order; `None` leaves a gap.
#[must_use]
pub fn sparkline(says: &str, scores: &[Option<f64>], range: (f64, f64)) -> Markup {
    let span = (range.1 - range.0).max(1.0);
    let step = 92.0 / scores.len().saturating_sub(1).max(1) as f64;
    let points: Vec<LinePoint> = scores
        .iter()
        .enumerate()
        .map(|(index, score)| LinePoint { day: index as f64, score: *score, when: String::new() })
        .collect();
    let x = |index: f64| 4.0 + index * step;
    let y = |score: f64| 22.0 - ((score - range.0) / span).clamp(0.0, 1.0) * 20.0;
    let last = points.iter().rev().find_map(|point| point.score.map(|score| (point.day, score)));
    html! {
        svg .sparkline viewBox="0 0 100 24" role="img" aria-label=(says) {
            @for line in segments(&points, 1.0) { polyline .line points=(polyline(&line, x, y)) {} }
            @if let Some((index, score)) = last { circle .point cx=(at(x(index))) cy=(at(y(score))) r="2.5" {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: f64, score: Option<f64>) -> LinePoint {
        LinePoint { day, score, when: format!("day {day}") }
    }

    fn chart(points: Vec<LinePoint>) -> OutcomeChart {
        OutcomeChart {
            id: "pcl5".into(),
            title: "PCL-5 total".into(),
            says: "18 points lower than at the start.".into(),
            points,
            range: (0.0, 80.0),
            cut_off: Some((33.0, "cut-off".into())),
            doses: vec![(2.0, "dose 1".into())],
            visits: vec![3.0],
            bands: Vec::new(),
            reliable_change: Some(10.0),
            gap_days: 20.0,
        }
    }

    #[test]
    fn a_missed_measure_and_a_long_gap_leave_the_line_open() {
        let points = [
            point(0.0, Some(52.0)),
            point(1.0, Some(40.0)),
            point(7.0, None),
            point(14.0, Some(34.0)),
            point(60.0, Some(33.0)),
        ];
        let lines = segments(&points, 20.0);
        assert_eq!(lines, vec![vec![(0.0, 52.0), (1.0, 40.0)], vec![(14.0, 34.0)], vec![(60.0, 33.0)]]);
    }

    #[test]
    fn a_score_that_nobody_gave_is_never_drawn_as_a_number() {
        let drawn = chart(vec![point(0.0, Some(52.0)), point(7.0, None)]).draw().into_string();
        assert!(drawn.contains("point missed"));
        assert!(drawn.contains("not answered"));
        assert!(!drawn.contains("NaN"));
    }

    #[test]
    fn an_empty_chart_is_drawn_without_nonsense() {
        let mut empty = chart(Vec::new());
        empty.doses.clear();
        empty.visits.clear();
        let drawn = empty.draw().into_string();
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
        assert!(!drawn.contains("<polyline"));
    }

    #[test]
    fn the_cut_off_carries_its_value_and_no_style_attribute_is_written() {
        let drawn = chart(vec![point(0.0, Some(52.0)), point(14.0, Some(34.0))]).draw().into_string();
        assert!(drawn.contains("33 cut-off"));
        assert!(!drawn.contains("style="));
        assert!(
            sparkline("falling", &[Some(3.0), None, Some(1.0)], (0.0, 4.0))
                .into_string()
                .contains("aria-label=\"falling\"")
        );
    }
}
