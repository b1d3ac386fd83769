//! Everything that happened since the morning of this session, newest first, by kind.

use maud::{Markup, html};
use stillwater_care::chart::timeline::TimelineKind;
use stillwater_care::quantity::plus_hours;
use stillwater_ui::empty;
use stillwater_words::timeline::told;

use super::CockpitView;

/// The timeline. The filter works without script: each kind is a list that can be shut.
pub(super) fn timeline(scene: &CockpitView<'_>) -> Markup {
    let from = plus_hours(scene.session.dose_at().unwrap_or(scene.session.starts_at), -12);
    let words = scene.ctx.words;
    let lines: Vec<_> = scene
        .open
        .log
        .iter()
        .rev()
        .filter(|recorded| recorded.occurred_at >= from)
        .take(300)
        .map(|recorded| (recorded, told(words, recorded)))
        .collect();
    let kinds: Vec<TimelineKind> =
        TimelineKind::ALL.into_iter().filter(|kind| lines.iter().any(|(_, (of, _))| of == kind)).collect();
    html! {
        section #timeline .panel {
            h2 { "Timeline" }
            @if lines.is_empty() { (empty("Nothing was recorded today yet.")) }
            @if kinds.len() > 1 {
                fieldset .filter data-filter="timeline" {
                    legend .sr { "Show" }
                    @for kind in &kinds {
                        label { input type="checkbox" checked data-kind=(kind.code()) id=(format!("show-{}", kind.code())); " " (words.code("timeline-kind", kind.code())) }
                    }
                }
            }
            ol .timeline {
                @for (recorded, (kind, said)) in &lines {
                    li data-kind=(kind.code()) .struck[!scene.chart.stands(recorded.id)] {
                        time { (scene.time(recorded.occurred_at)) }
                        span { (said) " " span .quiet { (words.code("timeline-kind", kind.code())) } }
                    }
                }
            }
        }
    }
}
