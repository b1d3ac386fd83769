//! The top of the cockpit: where the course stands, the clock, the newest readings with their age, and the next check.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::chart::SessionPhase;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::event::{CheckKind, VisitKind};
use stillwater_care::facts::Setting;
use stillwater_care::quantity::{ReadingSource, Vitals, plus_minutes};
use stillwater_care::rules::session::{s01_bp_clinic, s01_bp_home, s06_duration};
use stillwater_care::rules::{Limit, Rule, limit_named};
use stillwater_care::schedule;
use stillwater_ui::{self as ui, Flag, flag};

use super::CockpitView;

/// The three phases and how each stands.
pub(super) fn phases(scene: &CockpitView<'_>) -> Markup {
    let (chart, session) = (scene.chart, scene.session);
    let needed = scene.protocol.map_or(1, |p| p.preparation_visits) as usize;
    let held = chart.standing_now(&chart.visits).filter(|v| v.value.kind == VisitKind::Preparation).count();
    let integrated = chart
        .standing_now(&chart.visits)
        .any(|v| v.value.kind == VisitKind::Integration && v.value.after_session == Some(session.id));
    let phase = session.phase();
    let prepared = if held >= needed { Flag::Ok } else { Flag::Due };
    let dosing = match phase {
        SessionPhase::Stopped => Flag::ActNow,
        SessionPhase::Released | SessionPhase::Reviewed => Flag::Ok,
        SessionPhase::Observing | SessionPhase::Ready | SessionPhase::Missed => Flag::Due,
        SessionPhase::Scheduled | SessionPhase::CalledOff => Flag::Unknown,
    };
    html! {
        ol #phases .phases {
            li .now[phase == SessionPhase::Scheduled] {
                span .phase-name { "Preparation" }
                (flag(prepared, &format!("{held} of {needed} visits held")))
            }
            li .now[matches!(phase, SessionPhase::Ready | SessionPhase::Observing | SessionPhase::Stopped)] {
                span .phase-name { "Dosing " (session.number) }
                (flag(dosing, &stillwater_words::terms::session_phase(scene.ctx.words, phase)))
            }
            li .now[matches!(phase, SessionPhase::Released | SessionPhase::Reviewed)] {
                span .phase-name { "Integration" }
                @if integrated { (flag(Flag::Ok, "visit held")) }
                @else if session.released().is_some() { (flag(Flag::Due, "visit to be held")) }
                @else { (flag(Flag::Unknown, "after the dose")) }
            }
        }
    }
}

/// When a figure stops being current: once the check after it was due; before the dose, at the age at which the rules
/// no longer count it.
fn stale_at(scene: &CockpitView<'_>, taken_at: Timestamp) -> Timestamp {
    let (Some(dose_at), Some(protocol)) = (scene.session.dose_at(), scene.protocol) else {
        let (rule, limit) = match scene.session.setting {
            Setting::Clinic => {
                (&s01_bp_clinic::RULE, const { limit_named(s01_bp_clinic::RULE.limits, "clinic-max-age-minutes") })
            }
            Setting::Home => {
                (&s01_bp_home::RULE, const { limit_named(s01_bp_home::RULE.limits, "home-max-age-minutes") })
            }
        };
        return plus_minutes(taken_at, minutes_limit(scene, rule, limit));
    };
    let listed = &protocol.monitoring.vitals_minutes;
    let spacing = match listed.as_slice() {
        [.., a, b] => (b - a).max(5),
        _ => 30,
    };
    let last = listed.last().copied().unwrap_or(0);
    // As in the schedule: checks begin after the dose, and a reading up to five minutes early counts for the one due.
    listed
        .iter()
        .copied()
        .chain((1..200).map(|n| last + n * spacing))
        .filter(|minute| *minute > 0)
        .map(|minute| plus_minutes(dose_at, minute))
        .find(|due| plus_minutes(taken_at, 5) < *due)
        .unwrap_or(taken_at)
}

/// A limit of a rule in whole minutes, as this patient's protocol has it.
fn minutes_limit(scene: &CockpitView<'_>, rule: &Rule, limit: &'static Limit) -> i64 {
    let facts =
        scene.chart.facts(scene.now, scene.protocols, Scope { session: Some(scene.session), ..Scope::default() });
    rule.limit(&facts, limit).value as i64
}

/// The newest figure of one kind, with when it was taken and by what.
fn newest<T>(readings: &[Vitals], figure: impl Fn(&Vitals) -> Option<T>) -> Option<(T, Timestamp, ReadingSource)> {
    readings.iter().rev().find_map(|v| figure(v).map(|value| (value, v.taken_at, v.source)))
}

/// The fixed strip.
pub(super) fn strip(scene: &CockpitView<'_>) -> Markup {
    let (ctx, session) = (scene.ctx, scene.session);
    let readings = scene.chart.readings_of(session);
    let reading = |label: &str, newest: Option<(String, Timestamp, String)>, unit: &str, stale: Option<Timestamp>| {
        let value = newest.as_ref().map(|(value, at, source)| (value.as_str(), at.as_millisecond(), source.as_str()));
        let stale_ms = stale
            .or_else(|| newest.as_ref().map(|(_, at, _)| stale_at(scene, *at)))
            .map_or(0, Timestamp::as_millisecond);
        ui::stale_reading(label, value, unit, stale_ms, ctx.now_ms)
    };
    let text = |found: Option<(i32, Timestamp, ReadingSource)>| {
        found.map(|(n, at, source)| (n.to_string(), at, ctx.words.term(source)))
    };
    let bp =
        newest(&readings, |v| v.blood_pressure).map(|(bp, at, source)| (bp.to_string(), at, ctx.words.term(source)));
    let sedation = scene
        .chart
        .standing(&scene.chart.sedation)
        .filter(|s| s.value.session == session.id)
        .max_by_key(|s| s.value.rated_at)
        .map(|s| (format!("MOAA/S {}", s.value.moaas), s.value.rated_at, "rated".to_owned()));
    let sedation_stale = sedation.as_ref().map(|(_, at, _)| {
        plus_minutes(
            *at,
            minutes_limit(
                scene,
                &s06_duration::RULE,
                const { limit_named(s06_duration::RULE.limits, "rating-max-age-minutes") },
            ),
        )
    });
    html! {
        section #strip .strip aria-label="Now" {
            @match session.dose_at() {
                Some(dose_at) if session.phase().is_running() =>
                    (ui::elapsed_clock("clock", "Since the dose", dose_at.as_millisecond(), ctx.now_ms)),
                Some(dose_at) => div .elapsed {
                    span .elapsed-label { "Dose taken" }
                    span .elapsed-figures { (scene.time(dose_at)) }
                },
                None => div .elapsed {
                    span .elapsed-label { "Planned for" }
                    span .elapsed-figures { (scene.time(session.starts_at)) }
                },
            }
            (reading("Blood pressure", bp, "mmHg", None))
            (reading("Pulse", text(newest(&readings, |v| v.heart_rate_per_min)), "/min", None))
            (reading("SpO2", text(newest(&readings, |v| v.spo2_percent)), "%", None))
            (reading("Sedation", sedation, "", sedation_stale))
        }
    }
}

/// The ring that runs down to the next check, and the checks after it.
pub(super) fn ring(scene: &CockpitView<'_>) -> Markup {
    let session = scene.session;
    let checks = scene.protocol.map(|p| schedule::next_checks(scene.chart, session, p)).unwrap_or_default();
    let readings = scene.chart.readings_of(session);
    let since = |kind: CheckKind| {
        let last = match kind {
            CheckKind::Vitals | CheckKind::Pressure => newest(&readings, |v| v.blood_pressure).map(|(_, at, _)| at),
            CheckKind::Pulse => newest(&readings, |v| v.heart_rate_per_min).map(|(_, at, _)| at),
            CheckKind::Oxygen => newest(&readings, |v| v.spo2_percent).map(|(_, at, _)| at),
            CheckKind::Breathing => newest(&readings, |v| v.respiratory_rate_per_min).map(|(_, at, _)| at),
            CheckKind::Alertness => {
                let rated = scene.chart.standing(&scene.chart.sedation).filter(|s| s.value.session == session.id);
                rated.map(|s| s.value.rated_at).max()
            }
            CheckKind::LookIn => schedule::last_look_in(scene.chart, session.id),
        };
        last.or(session.dose_at()).unwrap_or(scene.now)
    };
    html! {
        section #next-check .next-check aria-label="Next check" {
            @match checks.first() {
                Some(first) => {
                    (ui::countdown_ring(
                        "ring",
                        name_of(first.kind),
                        since(first.kind).as_millisecond(),
                        first.due_at.as_millisecond(),
                        scene.ctx.now_ms,
                    ))
                    ul .then {
                        @for check in checks.iter().skip(1) {
                            li { (name_of(check.kind)) " in " (ui::countdown(check.due_at.as_millisecond(), scene.ctx.now_ms)) }
                        }
                        @if !session.missed.is_empty() {
                            li { (flag(Flag::Due, &format!("{} missed so far", session.missed.len()))) }
                        }
                    }
                }
                None if session.phase().is_running() => p { (flag(Flag::ActNow, "no check is scheduled: the protocol is not known here")) },
                None if session.dose().is_some() => p .quiet { "The session is over; no check is due." },
                None => p .quiet { "Checks begin with the dose." },
            }
        }
    }
}

fn name_of(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Vitals => "Vital signs",
        CheckKind::Pressure => "Blood pressure",
        CheckKind::Pulse => "Pulse",
        CheckKind::Oxygen => "SpO2",
        CheckKind::Breathing => "Breathing rate",
        CheckKind::Alertness => "MOAA/S",
        CheckKind::LookIn => "Companion looks in",
    }
}
