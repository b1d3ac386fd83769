//! The alert bar, pinned above everything: what, the value, the rule, since when, who has it, and what happens next.

use maud::{Markup, html};
use stillwater_care::chart::Alert;
use stillwater_care::event::EscalationLevel;
use stillwater_care::finding::Urgency;
use stillwater_ui::{self as ui, Flag, flag};
use stillwater_words::alerts;

use super::{CockpitView, FormReply};

/// Open alerts of this patient; those of another session or of none are shown too, since somebody must have them.
pub(super) fn bar(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let alerts = scene.chart.open_alerts();
    html! {
        section #alerts .alerts aria-label="Alerts" aria-live="assertive" {
            @if let Some(said) = said.filter(|said| matches!(said.form, "own" | "resolve")) { (said.words) }
            @for alert in &alerts { (one(scene, alert)) }
        }
    }
}

fn one(scene: &CockpitView<'_>, alert: &Alert) -> Markup {
    let grave = alert.urgency >= Urgency::CallClinician;
    let kind = if grave { Flag::ActNow } else { Flag::Due };
    let id = alert.id;
    let mine = scene.ctx.principal.as_ref().and_then(crate::auth::Principal::staff);
    let own = alert.owner().is_some_and(|act| act.by.staff() == mine && mine.is_some());
    let words = scene.ctx.words;
    let measured = alerts::measured(words, &alert.about, alert.raised_at);
    html! {
        article .alert.grave[grave] id=(format!("alert-{id}")) {
            div .alert-what {
                (flag(kind, &words.term(alert.urgency)))
                " " strong { (alerts::what(words, &alert.about)) }
                @if !measured.is_empty() { " " span .alert-value { (measured) } }
            }
            div .alert-facts {
                span { "rule " (alert.about.rule()) }
                span { "since " (scene.time(alert.raised_at)) " (" time data-age-ms=(alert.raised_at.as_millisecond()) { (ui::ago(alert.raised_at.as_millisecond(), scene.ctx.now_ms)) } ")" }
                @match alert.owner() {
                    Some(act) => span { strong { (act.by.name()) } " has it since " (scene.time(act.at)) },
                    None => span { strong { "nobody has it yet" } "; asked: " (words.code("level", alert.level.code())) },
                }
                @if let Some(at) = alert.next_rung_at() {
                    span { "goes to " (words.code("level", alert.level.above().code())) " in " (ui::countdown(at.as_millisecond(), scene.ctx.now_ms)) }
                } @else if alert.owner().is_none() && alert.level == EscalationLevel::EmergencyServices {
                    span { strong { "call " (scene.chart.demographics.as_ref().map_or("the emergency number", |d| d.emergency_number.as_str())) " now" } }
                }
            }
            @if scene.acts {
                div .alert-acts {
                    @if !own {
                        form method="post" action=(scene.href("/own")) data-once {
                            (scene.ctx.command_fields(scene.chart.seq))
                            input type="hidden" name="alert" value=(id);
                            button .button.primary type="submit" { "I have it" }
                        }
                    }
                    details id=(format!("resolve-{id}")) {
                        summary { "Resolve" }
                        form method="post" action=(scene.href("/resolve")) data-once .row {
                            (scene.ctx.command_fields(scene.chart.seq))
                            input type="hidden" name="alert" value=(id);
                            label .grow { span .sr { "What was found and done" }
                                input type="text" name="words" autocomplete="off" placeholder="What was found and done";
                            }
                            button .button type="submit" { "Resolved" }
                        }
                    }
                }
            }
        }
    }
}
