//! Before the dose: what is still to be done, what every rule says with its value, and go or no-go.

use maud::{Markup, html};
use stillwater_care::chart::SessionPhase;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::code::Code as _;
use stillwater_care::command::gate_now;
use stillwater_care::facts::{Answered, ReadinessFacts, SeenHow, Setting};
use stillwater_care::finding::{Finding, Severity, Verdict};
use stillwater_care::readiness::{DayPart, day_ready};
use stillwater_care::rules::{Assessment, Gate};
use stillwater_ui::{self as ui, Field, FieldGroup, Flag, flag};
use stillwater_words::ready;
use stillwater_words::{Words, findings as finding_words};

use super::quick::{answer, typed_in};
use super::{CockpitView, FormReply};
use crate::forms::day::day_fields;
use crate::http::Form;

/// The gate with everything that stands at it; empty once a dose was taken or the session was called off.
pub(super) fn gate(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let phase = scene.session.phase();
    if !matches!(phase, SessionPhase::Scheduled | SessionPhase::Ready) {
        return html! { section #gate {} };
    }
    let context = scene.context();
    let gathered =
        gate_now(scene.chart, &context, Gate::Dose, Scope { session: Some(scene.session), ..Scope::default() });
    let items = day_ready(scene.chart, context.protocols, context.now, scene.session);
    let open = items.iter().filter(|item| !item.done).count();
    let holds = gathered.blocking.len();
    html! {
        section #gate .panel {
            h2 { "Before the dose" }
            p {
                @if holds == 0 && open == 0 { (flag(Flag::Ok, "nothing holds the dose")) }
                @if holds > 0 { (flag(Flag::ActNow, &format!("held by {holds} of the rules' findings"))) " " }
                @if open > 0 { (flag(Flag::Due, &format!("{open} still to be done"))) " " }
                @if !gathered.warnings.is_empty() { (flag(Flag::Due, &format!("{} to be answered with a reason", gathered.warnings.len()))) }
            }
            @if let Some(hold) = &scene.session.held {
                p .held { (flag(Flag::ActNow, "held")) " since " (scene.time(hold.act.at)) " (" (hold.act.by.name()) "): " strong { (stillwater_words::cancel_reason(scene.ctx.words, &hold.reason)) } ". No go stands, and no order. " a href=(format!("/patients/{}", scene.chart.id)) { "Open the chart" } }
            }
            @if scene.acts { (decision(scene, said, phase)) }
            h3 { "To be done on the day" }
            ul .ready {
                @for item in &items {
                    li { (flag(if item.done { Flag::Ok } else { Flag::Due }, if item.done { "done" } else { "open" })) " " (ready::step(scene.ctx.words, item.step)) }
                }
            }
            h3 { "What every rule says" }
            (findings_table(scene.ctx.words, &gathered.assessments))
        }
    }
}

/// Go or no-go; and in the clinic, once it is go, the dose.
fn decision(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>, phase: SessionPhase) -> Markup {
    let blank = Form::blank();
    let order = scene.chart.order_in_force();
    html! {
        (answer(said, "go"))
        (answer(said, "dose"))
        @if let Some(order) = order {
            p .order { strong { (ui::score_text(order.written.dose_mg)) " mg " (scene.ctx.words.term(order.written.route)) } ", " (order.written.product)
                @if let Some(minutes) = order.written.infusion_minutes { ", over " (ui::score_text(minutes)) " min" }
            }
        } @else { p { (flag(Flag::Unknown, "no dose order is in force")) } }
        @if let Some(person) = &scene.chart.demographics {
            p #identity .panel { "Ask them for their name and date of birth: " strong { (person.name) } ", born " strong { (person.born()) } "." }
        }
        @if phase == SessionPhase::Ready {
            @if let Some(go) = scene.session.go() { p { (flag(Flag::Ok, "GO")) " by " (go.act.by.name()) ", " (scene.time(go.act.at)) } }
            @if scene.session.setting == Setting::Clinic {
                form method="post" action=(scene.href("/dose")) {
                    (scene.ctx.command_fields(scene.chart.seq))
                    (ui::hold_button("Dose begins now", 1000, "primary"))
                }
            } @else {
                p { "The patient unlocks the dose on their own phone." }
                form method="post" action=(scene.href("/dose")) {
                    (scene.ctx.command_fields(scene.chart.seq))
                    (ui::hold_button("I saw the dose taken now", 1000, ""))
                }
            }
        }
        form .go-form method="post" action=(scene.href("/go")) data-once {
            (scene.ctx.command_fields(scene.chart.seq))
            (Field::area("reason", "Reason").hint("Needed for a no-go, and for a go in spite of warnings.").typed(typed_in(said, "go", &blank)))
            @if phase == SessionPhase::Scheduled { (crate::auth::proof::field(scene.ctx.proof_due, typed_in(said, "go", &blank))) }
            div .row {
                @if phase == SessionPhase::Scheduled { button .button.primary.go type="submit" name="go" value="yes" { "GO" } }
                button .button.no-go type="submit" name="go" value="no" { "NO-GO" }
            }
        }
    }
}

/// The forms of the day: they stand outside the piece that changes with every reading, so that typing is never disturbed.
pub(super) fn forms(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    if !scene.acts || !matches!(scene.session.phase(), SessionPhase::Scheduled | SessionPhase::Ready) {
        return html! {};
    }
    let blank = Form::blank();
    html! {
        @if scene.session.setting == Setting::Home {
            section #companion-form .panel {
                h2 { "The companion, met live" }
                (answer(said, "companion"))
                @if let Some(companion) = &scene.chart.companion {
                    form method="post" action=(scene.href("/companion")) data-once .stack {
                        (scene.ctx.command_fields(scene.chart.seq))
                        p { "You see or hear " strong { (companion.name) } " there with the patient." }
                        @let typed = typed_in(said, "companion", &blank);
                        (FieldGroup::one("sober", "Sober, by their word and by your eyes", yes_no()).typed(typed))
                        (FieldGroup::one("phone", "Their telephone was reached live", yes_no()).typed(typed))
                        (FieldGroup::one("how", "How you met them", seen_how(scene.ctx.words)).hint("By telephone alone, a prescriber records why that is enough.").typed(typed))
                        button .button.primary type="submit" { "Seen" }
                    }
                } @else { p .quiet { "No companion is named." } }
            }
        }
        @if scene.session.setting == Setting::Clinic { (readiness(scene, said)) }
        details #day-form .panel open[said.is_some_and(|said| said.form == "day")] {
            summary { "Ask the questions of the day" }
            (answer(said, "day"))
            form method="post" action=(scene.href("/day")) data-once .stack {
                (scene.ctx.command_fields(scene.chart.seq))
                p .quiet { "The patient answers these on their own phone. What is answered here is signed by you, and replaces only what you answer." }
                @let typed = typed_in(said, "day", &blank);
                @for part in DayPart::ALL {
                    @if part == DayPart::Private && scene.session.setting == Setting::Home {
                        p .quiet { "Ask this one only where nobody else hears; on the telephone, so that a yes or no is enough. It is never shown on a phone." }
                    }
                    (day_fields(scene.chart, scene.session, part, typed))
                }
                (Field::new("day-why", "Why an answer that holds the dose changes").hint("a prescriber writes it; else leave it empty").typed(typed))
                button .button.primary type="submit" { "Save the answers" }
            }
        }
    }
}

/// The ways in which a companion is met.
fn seen_how(words: &Words) -> Vec<(String, String)> {
    SeenHow::ALL.map(|how| (how.code().to_owned(), words.term(how))).to_vec()
}

/// What must be at hand in the clinic: the field, what is looked at, and what was found.
type Item = (&'static str, &'static str, fn(&ReadinessFacts) -> Option<Answered>);

const ITEMS: [Item; 5] = [
    ("trained_person", "Somebody who can rescue an airway is on site", |r| r.trained_person),
    ("oxygen", "Oxygen: wall outlet, or a cylinder more than half full, with mask and cannula", |r| r.oxygen),
    ("suction", "Suction: switched on, and it draws", |r| r.suction),
    ("airway_kit", "Airway kit: bag and masks in their sizes, airways", |r| r.airway_kit),
    ("iv_access", "A way into a vein, for an infusion", |r| r.iv_access),
];

/// Whether the clinic is ready for a dose, looked at by staff on the day.
fn readiness(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    let blank = Form::blank();
    let typed = typed_in(said, "ready", &blank);
    let known = &scene.session.readiness;
    let looked = scene.session.readiness_times.values().max();
    html! {
        section #ready-form .panel {
            h2 { "Is the clinic ready?" }
            (answer(said, "ready"))
            @if let Some(at) = looked {
                p .quiet { "Last looked at " (scene.time(*at)) ": "
                    @for (n, (_, words, found)) in ITEMS.iter().enumerate() {
                        @if let Some(found) = found(known) { @if n > 0 { "; " } (words) ": " strong { (scene.ctx.words.term(found)) } }
                    }
                    "."
                }
            }
            form method="post" action=(scene.href("/ready")) data-once .stack {
                (scene.ctx.command_fields(scene.chart.seq))
                p .quiet { "Look at each, today. There is no drug that reverses ketamine." }
                @for (name, words, _) in ITEMS {
                    (FieldGroup::one(name, words, yes_no()).typed(typed))
                }
                button .button.primary type="submit" { "Looked at" }
            }
        }
    }
}

fn yes_no() -> Vec<(String, String)> {
    [("yes", "yes"), ("no", "no"), ("unknown", "not known")].map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec()
}

/// Every rule with its finding, cleared ones too: missing data is a failed check and is shown as one.
pub(super) fn findings_table(words: &Words, assessments: &[Assessment]) -> Markup {
    let mut rows: Vec<(u8, Vec<Markup>)> = Vec::new();
    for assessment in assessments {
        let id = assessment.rule.id;
        match &assessment.verdict {
            Verdict::NotApplicable(why) => rows.push((
                3,
                vec![
                    html! { (id) },
                    flag(Flag::Unknown, "does not apply"),
                    html! { (finding_words::not_applicable(words, why)) },
                    html! {},
                    html! {},
                ],
            )),
            Verdict::Clear(seen) => rows.push((
                2,
                vec![
                    html! { (id) },
                    flag(Flag::Ok, "clear"),
                    html! { (finding_words::clear(words, seen)) },
                    html! {},
                    html! {},
                ],
            )),
            Verdict::Found(findings) => rows.extend(
                findings
                    .iter()
                    .map(|finding| (u8::from(finding.severity == Severity::Warn), finding_row(words, finding))),
            ),
        }
    }
    rows.sort_by_key(|(rank, _)| *rank);
    let rows: Vec<_> = rows.into_iter().map(|(_, cells)| cells).collect();
    ui::data_table(
        "Rules at this step, those that hold it first",
        &["Rule", "Says", "Measured", "Limit", "What clears it"],
        &rows,
    )
}

fn finding_row(words: &Words, finding: &Finding) -> Vec<Markup> {
    let kind = if finding.severity == Severity::Warn { Flag::Due } else { Flag::ActNow };
    vec![
        html! { (finding.rule) },
        flag(kind, &format!("{}: {}", words.term(finding.severity), words.term(finding.cause))),
        html! { (finding_words::measured(words, finding)) },
        html! { (finding_words::limit(words, finding)) },
        html! { (finding_words::clears(words, finding)) },
    ]
}

/// Findings of a refusal, as a table.
pub(super) fn findings_of(words: &Words, findings: &[Finding]) -> Markup {
    let rows: Vec<_> = findings.iter().map(|finding| finding_row(words, finding)).collect();
    ui::data_table("What holds it", &["Rule", "Says", "Measured", "Limit", "What clears it"], &rows)
}
