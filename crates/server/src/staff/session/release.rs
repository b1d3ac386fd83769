//! Letting somebody go: the checks, what the rules still hold, and with whom they leave.

use maud::{Markup, html};
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::command::gate_now;
use stillwater_care::facts::{Answered, ReleaseFacts, Setting};
use stillwater_care::rules::Gate;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag, flag};

use super::gate::findings_table;
use super::quick::{answer, typed_in};
use super::{CockpitView, FormReply};
use crate::http::Form;

/// The release checks that are answered with yes or no: field, question, and where the answer is.
pub(crate) type Check = (&'static str, &'static str, fn(&ReleaseFacts) -> Option<Answered>);

/// In the order in which they are asked.
pub(crate) const CHECKS: [Check; 8] = [
    ("oriented", "Knows who they are, where and when", |r| r.oriented),
    ("steady_gait", "Walks steadily", |r| r.steady_gait),
    ("no_vomiting", "Is not vomiting", |r| r.no_vomiting),
    ("breathing_normal", "Breathes normally, watched for a full minute: not slow, not shallow, no pauses", |r| {
        r.breathing_normal
    }),
    ("distress_settled", "Distress has settled", |r| r.distress_settled),
    ("no_new_suicidal_thoughts", "No new thoughts of suicide", |r| r.no_new_suicidal_thoughts),
    ("escort", "An adult escort or a pre-arranged ride, by name", |r| r.escort),
    ("no_driving_acknowledged", "Has acknowledged: no driving until tomorrow, after sleep", |r| {
        r.no_driving_acknowledged
    }),
];

fn word(answered: Option<Answered>) -> Markup {
    match answered {
        Some(Answered::Yes) => flag(Flag::Ok, "yes"),
        Some(Answered::No) => flag(Flag::ActNow, "no"),
        Some(Answered::Unknown) => flag(Flag::Unknown, "not known"),
        Some(Answered::Declined) => flag(Flag::Unknown, "declined"),
        None => flag(Flag::Due, "not asked"),
    }
}

/// What stands at the release now.
pub(super) fn gate(scene: &CockpitView<'_>) -> Markup {
    let session = scene.session;
    if !session.phase().is_running() {
        return html! {
            section #release {
                @if let Some(release) = session.released() {
                    p .panel { "Released " (scene.time(release.act.at)) " by " (release.act.by.name()) ", with " (stillwater_words::timeline::leaving(scene.ctx.words, &release.leaving)) "." }
                }
            }
        };
    }
    let gathered =
        gate_now(scene.chart, &scene.context(), Gate::Release, Scope { session: Some(session), ..Scope::default() });
    let held = gathered.blocking.len() + gathered.warnings.len();
    let checks = &session.release_checks;
    html! {
        section #release .panel {
            h2 { "Release" }
            p {
                @if held == 0 { (flag(Flag::Ok, "nothing holds the release")) }
                @else { (flag(Flag::Due, &format!("held by {held}"))) }
                @if session.setting == Setting::Home {
                    " " @if let Some(at) = session.companion_sign_off_at { (flag(Flag::Ok, &format!("companion signed off {}", scene.time(at)))) }
                    @else { (flag(Flag::Due, "companion has not signed off")) }
                }
            }
            dl .key-values {
                div { dt { "Modified Aldrete" } dd { @if let Some(total) = checks.aldrete_total { (total) " of 10" @if checks.aldrete_item_at_zero == Some(true) { ", one item at 0" } } @else { (flag(Flag::Due, "not rated")) } } }
                @for (_, question, get) in CHECKS { div { dt { (question) } dd { (word(get(checks))) } } }
            }
            details id="release-rules" { summary { "What every rule says" } (findings_table(scene.ctx.words, &gathered.assessments)) }
        }
    }
}

/// The forms, apart from what changes by itself.
pub(super) fn forms(scene: &CockpitView<'_>, said: Option<&FormReply<'_>>) -> Markup {
    if !scene.acts || !scene.session.phase().is_running() {
        return html! {};
    }
    let blank = Form::blank();
    let typed = typed_in(said, "release-check", &blank);
    let yes_no = || {
        [("yes", "yes"), ("no", "no"), ("unknown", "not known"), ("declined", "declined")]
            .map(|(v, w)| (v.to_owned(), w.to_owned()))
            .to_vec()
    };
    html! {
        details #release-check .panel open[said.is_some_and(|said| matches!(said.form, "release-check" | "release"))] {
            summary { "Release checks" }
            (answer(said, "release-check"))
            form method="post" action=(scene.href("/release-check")) .stack data-once {
                (scene.ctx.command_fields(scene.chart.seq))
                (Field::number("aldrete_total", "Modified Aldrete score", "of 10").typed(typed))
                (FieldGroup::list("aldrete_item_at_zero", "Any Aldrete item at 0", vec![("yes".into(), "yes".into()), ("no".into(), "no".into())]).typed(typed))
                @for (name, question, _) in CHECKS { (FieldGroup::list(name, question, yes_no()).typed(typed)) }
                button .button.primary type="submit" { "Save the checks" }
            }
            hr;
            (answer(said, "release"))
            form method="post" action=(scene.href("/release")) .stack data-once {
                (scene.ctx.command_fields(scene.chart.seq))
                (Field::new("with", "With whom they leave, or who stays with them").autocomplete("off").typed(typed_in(said, "release", &blank)))
                (ui::hold_button("Release", 1000, "primary"))
            }
        }
    }
}
