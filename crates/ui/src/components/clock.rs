//! Clocks drawn by the server and kept running by the page: time since, time until, and readings that grow old.
//!
//! A page without script shows the state at the moment it was made. Instants are in milliseconds of the server's clock.

use maud::{Markup, html};

use crate::format::{ago, h_mm_ss, m_ss};

/// The circumference of the ring's circle of radius 54.
const ROUND: f64 = 339.292;

/// Time since `since_ms`, in large tabular figures: `1:04:09`.
#[must_use]
pub fn elapsed_clock(id: &str, label: &str, since_ms: i64, now_ms: i64) -> Markup {
    html! {
        div .elapsed id=(id) {
            span .elapsed-label { (label) }
            time .elapsed-figures role="timer" data-since-ms=(since_ms) { (h_mm_ss((now_ms - since_ms).max(0))) }
        }
    }
}

/// The ring that runs down to the next check: amber in its last minute, then *missed*.
#[must_use]
pub fn countdown_ring(id: &str, what: &str, from_ms: i64, due_ms: i64, now_ms: i64) -> Markup {
    let left_ms = due_ms - now_ms;
    let whole = (due_ms - from_ms).max(1) as f64;
    let share = (left_ms as f64 / whole).clamp(0.0, 1.0);
    let state = match left_ms {
        ..=0 => "missed",
        1..=60_000 => "soon",
        _ => "waiting",
    };
    html! {
        div .ring id=(id) data-ring data-from-ms=(from_ms) data-due-ms=(due_ms) data-state=(state) {
            svg viewBox="0 0 120 120" aria-hidden="true" focusable="false" {
                circle .ring-track cx="60" cy="60" r="54" {}
                circle .ring-left cx="60" cy="60" r="54" transform="rotate(-90 60 60)"
                    stroke-dasharray=(ROUND) stroke-dashoffset=(format!("{:.1}", ROUND * (1.0 - share))) {}
            }
            div .ring-words {
                span .ring-what { (what) }
                span .ring-figures role="timer" { (m_ss(left_ms.abs())) }
                span .ring-state { @if state == "missed" { "missed" } @else { "due in" } }
            }
        }
    }
}

/// A countdown as text: `04:12`, then *now*.
#[must_use]
pub fn countdown(due_ms: i64, now_ms: i64) -> Markup {
    html! {
        time .countdown role="timer" data-until-ms=(due_ms) {
            @if due_ms > now_ms { (m_ss(due_ms - now_ms)) } @else { "now" }
        }
    }
}

/// A reading with its age and source, as `142/91 · 3 min · cuff`. From `stale_ms` on it is a grey dash: an old figure is never
/// shown as current. `None` is a reading never taken.
#[must_use]
pub fn stale_reading(label: &str, value: Option<(&str, i64, &str)>, unit: &str, stale_ms: i64, now_ms: i64) -> Markup {
    html! {
        div .reading {
            span .reading-label { (label) }
            @match value {
                None => {
                    span .reading-value { "–" }
                    span .reading-age { "not taken" }
                }
                Some((value, taken_ms, source)) => {
                    @let stale = now_ms >= stale_ms;
                    span .reading-value.value-stale[stale] data-stale-ms=(stale_ms) {
                        @if stale { "–" } @else { (value) " " span .unit { (unit) } }
                    }
                    span .reading-age {
                        time data-age-ms=(taken_ms) { (ago(taken_ms, now_ms)) } " · " (source)
                        span .reading-old { @if stale { " · too old" } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_past_its_time_is_a_dash() {
        let reading =
            |now| stale_reading("Blood pressure", Some(("142/91", 0, "cuff")), "mmHg", 60_000, now).into_string();
        assert!(reading(59_999).contains("142/91"));
        assert!(!reading(60_000).contains("142/91"));
        assert!(reading(60_000).contains("too old"));
        assert!(stale_reading("Pulse", None, "/min", 0, 0).into_string().contains("not taken"));
    }

    #[test]
    fn the_ring_turns_amber_in_the_last_minute_and_then_says_missed() {
        let ring = |now| countdown_ring("r", "Blood pressure", 0, 600_000, now).into_string();
        assert!(ring(539_999).contains("data-state=\"waiting\""));
        assert!(ring(540_000).contains("data-state=\"soon\""));
        assert!(ring(600_000).contains("data-state=\"missed\""));
        assert!(ring(348_000).contains("04:12"));
    }
}
