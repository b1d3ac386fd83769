//! The right side of the cockpit: patient, companion and clinician, whether each is still there, and how to call.

use maud::{Markup, html};
use stillwater_care::roles::Role;
use stillwater_clinic::presence::{self, Party};
use stillwater_ui::{link_state, phone_link};

use super::CockpitView;

/// One link state, small enough to be sent every few seconds.
fn link(scene: &CockpitView<'_>, id: &str, party: Party) -> Markup {
    let lost_after = presence::lost_after_s(scene.ctx.clock_rate);
    html! { div id=(id) .link { (link_state(&format!("{id}-state"), scene.presence.last(scene.chart.id, party), scene.ctx.now_ms, lost_after)) } }
}

/// The link states by themselves.
pub(super) fn links(scene: &CockpitView<'_>) -> Vec<(String, Markup)> {
    [("link-patient", Party::Patient), ("link-companion", Party::Companion), ("link-guide", Party::Guide)]
        .into_iter()
        .map(|(id, party)| (id.to_owned(), link(scene, id, party)))
        .collect()
}

/// The whole rail.
pub(super) fn rail(scene: &CockpitView<'_>) -> Markup {
    let chart = scene.chart;
    let demographics = chart.demographics.as_ref();
    let call = |number: Option<&str>| match number.filter(|n| !n.trim().is_empty()) {
        Some(number) => phone_link(number),
        None => html! { span .quiet { "no telephone recorded" } },
    };
    let arrived = scene.session.companion_arrived_at;
    let seen = scene.session.companion_seen;
    html! {
        aside #rail .rail aria-label="People" {
            section .panel {
                h2 { "Patient" }
                p { strong { (chart.name()) } }
                (link(scene, "link-patient", Party::Patient))
                p { (call(demographics.map(|d| d.phone.as_str()))) }
                p .quiet { (demographics.map_or("no address recorded", |d| if d.address.is_empty() { "no address recorded" } else { d.address.as_str() })) }
                p .quiet { "Emergency: " (call(demographics.map(|d| d.emergency_number.as_str()))) }
            }
            section .panel {
                h2 { "Companion" }
                @match &chart.companion {
                    None => p .quiet { "Nobody is named." },
                    Some(companion) => {
                        p { strong { (companion.name) } " " span .quiet { (companion.relation) } }
                        (link(scene, "link-companion", Party::Companion))
                        p { (call(Some(&companion.phone))) }
                        ul .facts {
                            li { @if let Some(at) = companion.briefed_at { "briefed " (scene.time(at)) } @else { "not briefed yet" } }
                            li { @if let Some(at) = companion.confirmed_at { "confirmed " (scene.time(at)) } @else { "not confirmed yet" } }
                            li { @if let Some(at) = arrived { "says they are there " (scene.time(at)) } @else { "has not said that they are there" } }
                            li { @if let Some(seen) = seen { "seen by the team " (scene.time(seen.at)) } @else { "not seen by the team yet" } }
                        }
                    }
                }
            }
            section .panel {
                h2 { "Clinicians" }
                (link(scene, "link-guide", Party::Guide))
                ul .facts {
                    @for member in chart.team.iter().filter(|m| matches!(m.role, Role::Guide | Role::Prescriber)) {
                        li { (member.name) " " span .quiet { (scene.ctx.words.term(member.role)) } }
                    }
                }
                p { "On call: " (phone_link(&scene.ctx.clinic.on_call_phone)) }
            }
        }
    }
}
