//! The trend of a session: blood pressure and pulse over minutes since the dose, with this patient's limits.
//!
//! What was measured is drawn in front; behind it, shaded and labelled as a model, what was to be expected. Limit lines carry their value at the right end; the dose and what was marked stand on
//! the axis. Readings before the dose stand left of zero.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::rules::session::s06_pressure;
use stillwater_care::rules::{Limit, limit_named};
use stillwater_ui::{empty, score_text};

use super::{CockpitView, model};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 46.0;
/// The range of the vertical axis, mmHg and beats a minute.
const LOW: f64 = 30.0;
const HIGH: f64 = 220.0;

struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    fn x(&self, minute: f64) -> f64 {
        LEFT + (minute - self.from) / (self.to - self.from).max(1.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(value: f64) -> f64 {
        let share = ((value - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
    }
}

fn at(value: f64) -> String {
    format!("{value:.1}")
}

/// The limits in force in the session, with what reaching them does.
fn limits(scene: &CockpitView<'_>) -> Vec<(f64, String)> {
    let facts =
        scene.chart.facts(scene.now, scene.protocols, Scope { session: Some(scene.session), ..Scope::default() });
    const LIMITS: &[Limit] = s06_pressure::RULE.limits;
    [
        (const { limit_named(LIMITS, "watch-systolic") }, "watch"),
        (const { limit_named(LIMITS, "call-systolic") }, "call, twice"),
        (const { limit_named(LIMITS, "emergency-systolic") }, "emergency"),
        (const { limit_named(LIMITS, "watch-low-systolic") }, "watch, low"),
    ]
    .into_iter()
    .map(|(limit, words)| (s06_pressure::RULE.limit(&facts, limit).value, words))
    .map(|(value, words)| (value, format!("{} systolic: {words}", score_text(value))))
    .collect()
}

fn minutes(zero: Timestamp, at: Timestamp) -> f64 {
    (at.as_millisecond() - zero.as_millisecond()) as f64 / 60_000.0
}

/// What was marked on the way: symptoms, and the end of an infusion.
fn marks(scene: &CockpitView<'_>, zero: Timestamp) -> Vec<(f64, String)> {
    let session = scene.session;
    let mut marks: Vec<(f64, String)> = scene
        .chart
        .standing(&scene.chart.symptoms)
        .filter(|s| s.value.session == session.id)
        .map(|s| (minutes(zero, s.value.seen_at), s.value.symptom.words().to_owned()))
        .collect();
    let stopped = session.stopped().map(|stop| minutes(zero, stop.act.at));
    let planned = session.dose().and_then(|dose| dose.infusion_minutes);
    // An infusion that was stopped never came to its planned end.
    if let Some(end) = planned.filter(|end| stopped.is_none_or(|stop| stop >= *end)) {
        marks.push((end, "infusion ends".to_owned()));
    }
    if let Some(stop) = stopped {
        marks.push((stop, "stopped".to_owned()));
    }
    if let Some(release) = session.released() {
        marks.push((minutes(zero, release.act.at), "released".to_owned()));
    }
    marks
}

/// The trend with the same figures as a table.
pub(super) fn trend(scene: &CockpitView<'_>) -> Markup {
    let readings = scene.chart.readings_of(scene.session);
    let zero = scene.session.dose_at().unwrap_or(scene.session.starts_at);
    let pressures: Vec<(f64, i32, i32)> = readings
        .iter()
        .filter_map(|v| v.blood_pressure.map(|bp| (minutes(zero, v.taken_at), bp.systolic, bp.diastolic)))
        .collect();
    let pulses: Vec<(f64, i32)> =
        readings.iter().filter_map(|v| v.heart_rate_per_min.map(|rate| (minutes(zero, v.taken_at), rate))).collect();
    if readings.is_empty() {
        return html! { section #trend .panel { h2 { "Trend" } (empty("No reading was recorded for this session yet.")) } };
    }
    let marks = marks(scene, zero);
    let taken = || readings.iter().map(|v| minutes(zero, v.taken_at));
    let now = if scene.session.phase().is_running() { minutes(zero, scene.now) } else { 0.0 };
    let latest = taken().chain(marks.iter().map(|m| m.0)).fold(now, f64::max);
    // Readings hours before the dose would squeeze the session; they stand at the left edge, and in the table by their time.
    let scale = Scale { from: taken().fold(0.0, f64::min).max(-60.0), to: latest.max(120.0) };
    // Expected pressure counts from the last reading before the dose.
    let baseline = pressures.iter().rfind(|(minute, _, _)| *minute <= 0.0).map(|(_, s, _)| f64::from(*s));
    let expected = model::expected(scene.chart, scene.session, scene.now, scale.to);
    let place = |minute: f64, value: f64| format!("{},{}", at(scale.x(minute)), at(Scale::y(value)));
    let line = |points: &[(f64, f64)]| {
        points
            .iter()
            .map(|(x, y)| format!("{},{}", at(scale.x(x.max(scale.from))), at(Scale::y(*y))))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let systolic: Vec<_> = pressures.iter().map(|(m, s, _)| (*m, f64::from(*s))).collect();
    let diastolic: Vec<_> = pressures.iter().map(|(m, _, d)| (*m, f64::from(*d))).collect();
    let pulse: Vec<_> = pulses.iter().map(|(m, p)| (*m, f64::from(*p))).collect();
    let floor = HEIGHT - BOTTOM;
    let right = WIDTH - RIGHT;
    let step = if scale.to > 240.0 { 60.0 } else { 30.0 };
    let first_tick = (scale.from / step).ceil() as i64;
    let last_tick = (scale.to / step).floor() as i64;
    html! {
        section #trend .panel {
            h2 { "Trend" }
            svg .trend-chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label="Blood pressure and pulse over minutes since the dose; the same figures stand in the table below" {
                @if let (Ok(model), Some(baseline)) = (&expected, baseline) {
                    polygon .expected-band points=(model.pressure_band(baseline, place)) { title { "expected systolic, model, not measured" } }
                    polyline .expected-line points=(model.pressure_line(baseline, place)) {}
                }
                @for value in [50.0, 100.0, 150.0, 200.0] {
                    line .grid x1=(at(LEFT)) y1=(at(Scale::y(value))) x2=(at(right)) y2=(at(Scale::y(value))) {}
                    text .axis-value x=(at(LEFT - 6.0)) y=(at(Scale::y(value) + 4.0)) { (score_text(value)) }
                }
                @for (value, words) in limits(scene) {
                    line .limit x1=(at(LEFT)) y1=(at(Scale::y(value))) x2=(at(right)) y2=(at(Scale::y(value))) {}
                    text .limit-value x=(at(right + 6.0)) y=(at(Scale::y(value) + 4.0)) { (words) }
                }
                line .axis x1=(at(LEFT)) y1=(at(floor)) x2=(at(right)) y2=(at(floor)) {}
                @for tick in first_tick..=last_tick {
                    @let minute = tick as f64 * step;
                    line .tick x1=(at(scale.x(minute))) y1=(at(floor)) x2=(at(scale.x(minute))) y2=(at(floor + 4.0)) {}
                    text .axis-minute x=(at(scale.x(minute))) y=(at(floor + 16.0)) { (score_text(minute)) }
                }
                text .axis-minute x=(at(right + 40.0)) y=(at(floor + 16.0)) { "min" }
                @if scene.session.dose().is_some() {
                    line .dose x1=(at(scale.x(0.0))) y1=(at(TOP)) x2=(at(scale.x(0.0))) y2=(at(floor + 6.0)) {}
                    text .dose-name x=(at(scale.x(0.0))) y=(at(floor + 32.0)) { "dose" }
                }
                @for (minute, words) in &marks {
                    circle .mark-dot cx=(at(scale.x(minute.clamp(scale.from, scale.to)))) cy=(at(floor + 24.0)) r="4" { title { (words) } }
                }
                polyline .line.systolic points=(line(&systolic)) {}
                polyline .line.diastolic points=(line(&diastolic)) {}
                polyline .line.pulse points=(line(&pulse)) {}
                @for (minute, s, d) in &pressures {
                    @let x = at(scale.x(minute.max(scale.from)));
                    path .bp-up transform=(format!("translate({x} {})", at(Scale::y(f64::from(*s))))) d="M-5 -6h10l-5 8z" { title { (s) "/" (d) } }
                    path .bp-down transform=(format!("translate({x} {})", at(Scale::y(f64::from(*d))))) d="M-5 6h10l-5 -8z" {}
                }
                @for (minute, p) in &pulses {
                    circle .pulse-dot cx=(at(scale.x(minute.max(scale.from)))) cy=(at(Scale::y(f64::from(*p)))) r="3.5" { title { "pulse " (p) } }
                }
            }
            @let shaded = expected.is_ok() && baseline.is_some();
            p .legend { span .key.bp { "▼ systolic, ▲ diastolic, mmHg" } " · " span .key.pulse { "● pulse, beats a minute" } @if shaded { " · " span .key.expected-key { "shaded: expected systolic, model, not measured" } } }
            (model::below(scene, &expected, scale.from, scale.to, baseline.is_some()))
            details .as-table id="trend-table" {
                summary { "The same as a table" }
                (stillwater_ui::data_table("Readings of this session", &["Time", "# Minutes since the dose", "# Blood pressure, mmHg", "# Pulse", "# SpO2, %", "# Breathing", "Source"], &rows(scene, zero)))
            }
        }
    }
}

fn rows(scene: &CockpitView<'_>, zero: Timestamp) -> Vec<Vec<Markup>> {
    let number = |value: Option<i32>| value.map_or("–".to_owned(), |n| n.to_string());
    scene
        .chart
        .readings_of(scene.session)
        .iter()
        .rev()
        .map(|v| {
            let minute =
                scene.session.dose_at().map_or("–".to_owned(), |_| format!("{:.0}", minutes(zero, v.taken_at)));
            vec![
                html! { (scene.time(v.taken_at)) },
                html! { (minute) },
                html! { (v.blood_pressure.map_or("–".to_owned(), |bp| bp.to_string())) },
                html! { (number(v.heart_rate_per_min)) },
                html! { (number(v.spo2_percent)) },
                html! { (number(v.respiratory_rate_per_min)) },
                html! { (v.source.word()) },
            ]
        })
        .collect()
}
