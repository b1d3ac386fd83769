//! The alert bar, pinned above everything: what, the value, the rule, since when, who has it, and what happens next.

use maud::{Markup, html};
use stillwater_care::chart::Alert;
use stillwater_care::event::EscalationLevel;
use stillwater_care::finding::Urgency;
use stillwater_ui::{self as ui, Flag, flag};

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
    let grave = alert.urgency() >= Urgency::CallClinician;
    let kind = if grave { Flag::ActNow } else { Flag::Due };
    let id = alert.value.alert;
    let mine = scene.ctx.principal.as_ref().and_then(crate::auth::Principal::staff);
    let own = alert.owner.as_ref().is_some_and(|(actor, _)| actor.staff() == mine && mine.is_some());
    html! {
        article .alert.grave[grave] id=(format!("alert-{id}")) {
            div .alert-what {
                (flag(kind, alert.urgency().word()))
                " " strong { (alert.value.what) }
                @if !alert.value.measured.is_empty() { " " span .alert-value { (alert.value.measured) } }
            }
            div .alert-facts {
                span { "rule " (alert.value.rule) }
                span { "since " (scene.time(alert.raised_at)) " (" time data-age-ms=(alert.raised_at.as_millisecond()) { (ui::ago(alert.raised_at.as_millisecond(), scene.ctx.now_ms)) } ")" }
                @match &alert.owner {
                    Some((actor, at)) => span { strong { (actor.name()) } " has it since " (scene.time(*at)) },
                    None => span { strong { "nobody has it yet" } "; asked: " (alert.rung.words()) },
                }
                @if let Some(at) = alert.next_rung_at() {
                    span { "goes to " (alert.rung.above().words()) " in " (ui::countdown(at.as_millisecond(), scene.ctx.now_ms)) }
                } @else if alert.owner.is_none() && alert.rung == EscalationLevel::EmergencyServices {
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
