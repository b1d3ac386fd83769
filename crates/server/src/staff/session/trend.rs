//! The trend of a session: blood pressure and pulse over minutes since the dose, with this patient's limits.
//!
//! What was measured is drawn in front; behind it, shaded and labelled as a model, what was to be expected. Limit lines carry their value at the right end; the dose and what was marked stand on
//! the axis. Readings before the dose stand left of zero.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::rules::session::s06_pressure;
use stillwater_care::rules::{Limit, limit_named};
use stillwater_ui::plot::SessionTrend;
use stillwater_ui::{empty, score_text};

use super::{CockpitView, model};

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
        .map(|s| (minutes(zero, s.value.seen_at), scene.ctx.words.term(s.value.symptom)))
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
    let pressures: Vec<(f64, f64, f64)> = readings
        .iter()
        .filter_map(|v| v.blood_pressure.map(|bp| (v.taken_at, bp)))
        .map(|(at, bp)| (minutes(zero, at), f64::from(bp.systolic), f64::from(bp.diastolic)))
        .collect();
    let pulses =
        readings.iter().filter_map(|v| v.heart_rate_per_min.map(|rate| (minutes(zero, v.taken_at), f64::from(rate))));
    let pulses: Vec<(f64, f64)> = pulses.collect();
    if readings.is_empty() {
        return html! { section #trend .panel { h2 { "Trend" } (empty("No reading was recorded for this session yet.")) } };
    }
    let marks = marks(scene, zero);
    let taken = || readings.iter().map(|v| minutes(zero, v.taken_at));
    let now = if scene.session.phase().is_running() { minutes(zero, scene.now) } else { 0.0 };
    let latest = taken().chain(marks.iter().map(|m| m.0)).fold(now, f64::max);
    // Readings hours before the dose would squeeze the session; they stand at the left edge, and in the table by their time.
    let (from, to) = (taken().fold(0.0, f64::min).max(-60.0), latest.max(120.0));
    // Expected pressure counts from the last reading before the dose.
    let baseline = pressures.iter().rfind(|(minute, _, _)| *minute <= 0.0).map(|(_, systolic, _)| *systolic);
    let expected = model::expected(scene.chart, scene.session, scene.now, to);
    let shade = match (&expected, baseline) {
        (Ok(model), Some(baseline)) => {
            Some((model.pressure(baseline), "expected systolic, model, not measured".to_owned()))
        }
        _ => None,
    };
    let shaded = shade.is_some();
    let drawing = SessionTrend {
        says: "Blood pressure and pulse over minutes since the dose; the same figures stand in the table below"
            .to_owned(),
        minutes: (from, to),
        pressures,
        pulses,
        limits: limits(scene),
        marks,
        zero: scene.session.dose().map(|_| "dose".to_owned()),
        expected: shade,
    };
    html! {
        section #trend .panel {
            h2 { "Trend" }
            (drawing.draw())
            p .legend { span .key.bp { "▼ systolic, ▲ diastolic, mmHg" } " · " span .key.pulse { "● pulse, beats a minute" } @if shaded { " · " span .key.expected-key { "shaded: expected systolic, model, not measured" } } }
            (model::below(scene, &expected, from, to, baseline.is_some()))
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
                html! { (scene.ctx.words.term(v.source)) },
            ]
        })
        .collect()
}
