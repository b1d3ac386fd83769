//! The cockpit put together: the page, and the pieces of it that are sent when something happens.

use maud::{Markup, html};
use stillwater_care::command::Refusal;
use stillwater_care::event::Recorded;
use stillwater_ui::{self as ui, Notice, notice, phone_link};
use stillwater_words::{Reader, Words, ready};

use super::{CockpitView, FormReply, alerts, gate, quick, rail, reality, release, strip, timeline, trend};

/// The pieces that change with the chart.
pub(super) fn parts(scene: &CockpitView<'_>) -> Vec<(String, Markup)> {
    [
        ("alerts", alerts::bar(scene, None)),
        ("phases", strip::phases(scene)),
        ("strip", strip::strip(scene)),
        ("next-check", strip::ring(scene)),
        ("gate", gate::gate(scene, None)),
        ("trend", trend::trend(scene)),
        ("release", release::gate(scene)),
        ("timeline", timeline::timeline(scene)),
        ("rail", rail::rail(scene)),
    ]
    .into_iter()
    .map(|(id, markup)| (id.to_owned(), markup))
    .collect()
}

/// The page. `said` is the answer to a form that was refused, with what was typed.
pub(super) fn page(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let running = scene.session.phase().is_running();
    let open = scene.session.phase().is_open();
    let live = format!("/live{}?shown={}", scene.href(""), scene.layout());
    let companion_phone =
        scene.chart.companion.as_ref().map(|companion| companion.phone.as_str()).filter(|phone| !phone.is_empty());
    let patient_phone = scene.chart.demographics.as_ref().map(|d| d.phone.as_str()).filter(|phone| !phone.is_empty());
    let body = html! {
        div .cockpit data-patient=(scene.chart.id) {
            (alerts::bar(scene, said))
            p .crumbs { a href=(format!("/patients/{}", scene.chart.id)) { "Chart" } " · " a href=(format!("/patients/{}/sessions", scene.chart.id)) { "Sessions" } " · " a href="/board" { "Board" } }
            (strip::phases(scene))
            (strip::strip(scene))
            div .cockpit-grid {
                div .cockpit-main {
                    (strip::ring(scene))
                    (gate::gate(scene, said))
                    @if scene.acts && open {
                        (quick::update(scene, said))
                        @if running { (quick::events(scene, said)) }
                        (gate::forms(scene, said))
                    }
                    (reality::forms(scene, said))
                    (trend::trend(scene))
                    (release::gate(scene))
                    (release::forms(scene, said))
                    (timeline::timeline(scene))
                }
                (rail::rail(scene))
            }
            @if scene.acts && open {
                div .far { (quick::stop(scene, said)) }
                nav .thumbs aria-label="Quick" {
                    a .button href="#vitals" { "Vitals" }
                    a .button href=(if running { "#event" } else { "#gate" }) { @if running { "Event" } @else { "Gate" } }
                    details .call-list { summary .button { "Call" }
                        div .panel {
                            @if let Some(number) = patient_phone { p { "Patient " (phone_link(number)) } }
                            @if let Some(number) = companion_phone { p { "Companion " (phone_link(number)) } }
                            p { "On call " (phone_link(&scene.ctx.clinic.on_call_phone)) }
                        }
                    }
                    a .button href="#note" { "Note" }
                }
            }
        }
    };
    let title = format!("{}, session {}", scene.chart.name(), scene.session.number);
    ui::staff_page_live(scene.ctx, &title, "board", Some(&live), body)
}

/// What staff are told when the rules refuse: the sentence, and the findings as a table.
pub(super) fn refusal(words: &Words, refusal: &Refusal) -> Markup {
    match refusal {
        Refusal::Blocked { findings, gate } => notice(
            Notice::ActNow,
            html! { p { strong { "Not done: the " (words.term(*gate)) " step is held. Nothing was recorded." } } (gate::findings_of(words, findings)) },
        ),
        Refusal::NeedsReason { findings, gate } => notice(
            Notice::Due,
            html! { p { strong { "The " (words.term(*gate)) " step has warnings. Write why you go on, and send it again." } } (gate::findings_of(words, findings)) },
        ),
        Refusal::NotReady { missing } => notice(
            Notice::Due,
            html! { p { strong { "Not done yet. Still to be done:" } } ul { @for step in missing { li { (ready::step(words, *step)) } } } },
        ),
        Refusal::NotAllowed { .. }
        | Refusal::NotOnTeam
        | Refusal::NotNow(_)
        | Refusal::Invalid { .. }
        | Refusal::Impossible(_)
        | Refusal::Answers(_) => notice(
            Notice::Due,
            html! { p { strong { (stillwater_words::refusal(words, Reader::Staff, refusal)) } " Nothing was recorded; what you typed is still here." } },
        ),
    }
}

/// What happened since the page was opened.
pub(super) fn stale(words: &Words, since: &[Recorded]) -> Markup {
    notice(
        Notice::Due,
        html! {
            p { strong { "Something happened since you opened this page. Nothing was recorded yet. Look, and send it again if it still holds." } }
            ul { @for recorded in since { li { (stillwater_words::timeline::staff(words, recorded)) } } }
        },
    )
}
