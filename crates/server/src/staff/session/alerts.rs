//! The alert bar, pinned above everything: what, the value, the rule, since when, who has it, and what happens next.

use maud::{Markup, html};
use stillwater_care::chart::Alert;
use stillwater_care::event::{AlertSubject, EscalationLevel};
use stillwater_care::finding::Urgency;
use stillwater_ui::{self as ui, Flag, flag};
use stillwater_words::alarm;

use super::{CockpitView, FormReply};
use crate::staff::closing;

/// Open alerts of this patient; those of another session or of none are shown too, since somebody must have them.
pub(super) fn bar(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let alerts = scene.chart.open_alerts();
    html! {
        section #alerts .alerts aria-label="Alerts" aria-live="assertive" {
            @if let Some(said) = said.filter(|said| matches!(said.form, "own" | "note-alert" | "resolve")) { (said.words) }
            @for alert in &alerts { (one(scene, alert)) }
        }
    }
}

fn one(scene: &CockpitView<'_>, alert: &Alert) -> Markup {
    let grave = alert.urgency >= Urgency::CallClinician;
    let kind = if grave { Flag::ActNow } else { Flag::Due };
    let id = alert.id;
    let mine = scene.ctx.principal.as_ref().and_then(stillwater_clinic::Principal::staff);
    let own = alert.owner().is_some_and(|act| act.by.staff() == mine && mine.is_some());
    let words = scene.ctx.words;
    html! {
        article .alert.grave[grave] id=(format!("alert-{id}")) {
            div .alert-what {
                (flag(kind, &words.term(alert.urgency)))
                " " strong { (alarm::sentence(words, scene.chart, alert)) }
                @if let Some((value, at)) = alarm::latest(words, scene.chart, alert) {
                    " " span .alert-value { "now " (value) ", " (scene.time(at)) }
                }
            }
            div .alert-facts {
                span { "rule " (alert.about.rule()) }
                span { "since " (scene.time(alert.raised_at)) " (" time data-age-ms=(alert.raised_at.as_millisecond()) { (ui::ago(alert.raised_at.as_millisecond(), scene.ctx.now_ms)) } ")" }
                @if alert.renewals > 0 {
                    span { strong { "new or worse" } " at " (scene.time(alert.renewed_at)) }
                }
                @match alert.owner() {
                    Some(act) => span { strong { (act.by.name()) } " has it since " (scene.time(act.at)) },
                    None => span { strong { "nobody has it yet" } "; asked: " (words.code("level", alert.level.code())) },
                }
                @if let Some(act) = &alert.lapsed {
                    span { (act.by.name()) " had it since " (scene.time(act.at)) " and nothing was written" }
                }
                @if let Some(at) = alert.lapses_at() {
                    span { "rings again in " (ui::countdown(at.as_millisecond(), scene.ctx.now_ms)) " if nothing is written" }
                } @else if let Some(at) = alert.next_rung_at() {
                    span { "goes to " (words.code("level", alert.level.above().code())) " in " (ui::countdown(at.as_millisecond(), scene.ctx.now_ms)) }
                } @else if alert.owner().is_none() && alert.level == EscalationLevel::EmergencyServices {
                    span { strong { "call " (scene.chart.demographics.as_ref().map_or("the emergency number", |d| d.emergency_number.as_str())) " now" } }
                }
            }
            details id=(format!("card-{id}")) .alert-card {
                summary { "Card to read aloud" }
                @for line in alarm::card(words, scene.chart, alert, scene.now) { p { (line) } }
            }
            @if !alert.notes.is_empty() {
                ul .alert-notes { @for (act, said) in &alert.notes { li { (scene.time(act.at)) " " (act.by.name()) ": " (said) } } }
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
                    @if matches!(alert.about, AlertSubject::ConsentWithdrawn { .. }) {
                        form method="post" action=(scene.href("/stop")) data-once {
                            (scene.ctx.command_fields(scene.chart.seq))
                            input type="hidden" name="reason" value="Consent was withdrawn.";
                            button .button.danger type="submit" { "Stop the session" }
                        }
                    }
                    form method="post" action=(scene.href("/note-alert")) data-once .row {
                        (scene.ctx.command_fields(scene.chart.seq))
                        input type="hidden" name="alert" value=(id);
                        label .grow { span .sr { "What you see and do" }
                            input type="text" name="words" autocomplete="off" placeholder="What you see and do";
                        }
                        button .button type="submit" { "Write" }
                    }
                    details id=(format!("resolve-{id}")) {
                        summary { "Resolve" }
                        form method="post" action=(scene.href("/resolve")) data-once .row {
                            (scene.ctx.command_fields(scene.chart.seq))
                            input type="hidden" name="alert" value=(id);
                            (closing::fields(&id.to_string(), None))
                            button .button type="submit" { "Resolved" }
                        }
                    }
                }
            }
        }
    }
}
