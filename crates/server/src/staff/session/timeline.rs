//! Everything that happened since the morning of this session, newest first, by kind.

use maud::{Markup, html};
use stillwater_care::chart::timeline::{TimelineKind, describe};
use stillwater_care::quantity::plus_hours;
use stillwater_ui::empty;

use super::CockpitView;

/// The timeline. The filter works without script: each kind is a list that can be shut.
pub(super) fn timeline(scene: &CockpitView<'_>) -> Markup {
    let from = plus_hours(scene.session.dose_at().unwrap_or(scene.session.starts_at), -12);
    let told: Vec<_> = scene
        .open
        .log
        .iter()
        .rev()
        .filter(|recorded| recorded.occurred_at >= from)
        .take(300)
        .map(|recorded| (recorded, describe(recorded)))
        .collect();
    let kinds: Vec<TimelineKind> =
        TimelineKind::ALL.into_iter().filter(|kind| told.iter().any(|(_, story)| story.kind == *kind)).collect();
    html! {
        section #timeline .panel {
            h2 { "Timeline" }
            @if told.is_empty() { (empty("Nothing was recorded today yet.")) }
            @if kinds.len() > 1 {
                fieldset .filter data-filter="timeline" {
                    legend .sr { "Show" }
                    @for kind in &kinds {
                        label { input type="checkbox" checked data-kind=(kind.word()) id=(format!("show-{}", kind.word())); " " (kind.word()) }
                    }
                }
            }
            ol .timeline {
                @for (recorded, story) in &told {
                    li data-kind=(story.kind.word()) .struck[!scene.chart.stands(recorded.id)] {
                        time { (scene.time(recorded.occurred_at)) }
                        span { (story.staff) " " span .quiet { (story.kind.word()) } }
                    }
                }
            }
        }
    }
}
