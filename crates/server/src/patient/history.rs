//! Questions about the person's health, a few a screen, each with "not sure" and "rather not say".

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::command::Command;
use stillwater_care::event::{HistoryAnswered, TopicAnswer};
use stillwater_care::facts::{Answered, HistoryTopic, Sex};
use stillwater_ui::{FieldGroup, Notice, error_summary, notice};

use super::{page as phone, plain, refused};
use crate::chart_access::OwnChart;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::state::App;

/// How many a screen.
const AT_ONCE: usize = 4;

/// The question in plain words.
fn words(topic: HistoryTopic) -> &'static str {
    match topic {
        HistoryTopic::Aneurysm => "Have you been told that a blood vessel bulges or is weak (an aneurysm)?",
        HistoryTopic::ArteriovenousMalformation => {
            "Have you been told that blood vessels are tangled, in the brain or elsewhere?"
        }
        HistoryTopic::IntracerebralHaemorrhage => "Have you ever had bleeding in the brain?",
        HistoryTopic::KetamineAllergy => "Have you had an allergic reaction to ketamine or esketamine?",
        HistoryTopic::CardiacEvent => "Have you had a heart attack or another sudden heart problem?",
        HistoryTopic::Stroke => "Have you ever had a stroke?",
        HistoryTopic::PsychosisCurrent => "Do you now hear, see or believe things that others say are not there?",
        HistoryTopic::PsychosisLifetime => "Have you ever had a psychosis?",
        HistoryTopic::ManiaCurrent => "Are you now so up, fast or irritable that others notice, with little sleep?",
        HistoryTopic::ManiaLifetime => "Have you ever had a manic episode?",
        HistoryTopic::CouldBePregnant => "Could you be pregnant, or do you plan to be?",
        HistoryTopic::BreastFeeding => "Are you breast-feeding?",
        HistoryTopic::KetamineMisuse => {
            "Have you used ketamine or PCP outside treatment in a way that caused problems?"
        }
        HistoryTopic::SubstanceUseDisorderModerate => {
            "In the last 6 months, has alcohol or a drug caused you real problems?"
        }
        HistoryTopic::OpioidUseDisorder => "Have you ever been dependent on opioids?",
        HistoryTopic::RaisedIntracranialPressure => "Have you been told of raised pressure or a growth in your head?",
        HistoryTopic::Glaucoma => "Do you have raised eye pressure (glaucoma)?",
        HistoryTopic::Thyrotoxicosis => "Do you have an overactive thyroid that is not treated?",
        HistoryTopic::SleepApnoea => "Do you stop breathing in your sleep (sleep apnoea)?",
        HistoryTopic::LungDisease => "Do you have a serious lung disease?",
        HistoryTopic::Seizures => "Have you had epilepsy or seizures?",
        HistoryTopic::LiverDiseaseSevere => "Do you have a severe liver disease?",
        HistoryTopic::BladderDisease => "Do you have pain in the bladder, or cystitis, now?",
        HistoryTopic::LiverDiseaseChronic => "Do you have a lasting liver disease, such as cirrhosis or hepatitis?",
        HistoryTopic::DissociativeSubtypeSevere => {
            "Has a doctor told you that with your PTSD you often feel far from yourself or the world, in a severe form?"
        }
        HistoryTopic::DissociativeDisorder => "Has a doctor told you that you have a dissociative disorder?",
    }
}

fn id(topic: HistoryTopic) -> String {
    serde_json::to_value(topic).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What is still to be asked. A question that cannot apply is not put to the person; the team answers it.
fn open(chart: &Chart) -> Vec<HistoryTopic> {
    let male = chart.demographics.as_ref().is_some_and(|d| d.sex == Sex::Male);
    HistoryTopic::ALL
        .into_iter()
        .filter(|topic| !chart.history.contains_key(topic))
        .filter(|topic| !(male && matches!(topic, HistoryTopic::CouldBePregnant | HistoryTopic::BreastFeeding)))
        .collect()
}

fn options() -> Vec<(String, String)> {
    [("yes", "Yes"), ("no", "No"), ("unknown", "Not sure"), ("declined", "I would rather not say")]
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .to_vec()
}

fn form(ctx: &PageContext, chart: &Chart, typed: &Form) -> Markup {
    let open = open(chart);
    let asked = HistoryTopic::ALL.len() - open.len();
    let names: Vec<(HistoryTopic, String)> = open.iter().take(AT_ONCE).map(|t| (*t, id(*t))).collect();
    html! {
        @if asked == 0 {
            p .lead { "Some conditions make this medicine dangerous. That is why we ask about each of them." }
            p { "“Not sure” is a good answer: your team will find out with you." }
        }
        @if chart.history.values().any(|h| h.candidate) {
            (notice(Notice::Quiet, html! { p { "Some of this came with the record that was sent to us. Your team will go through that with you." } }))
        }
        @if names.is_empty() {
            p .lead { "That is all. Thank you." }
            a .button.primary href="/my" { "Go on" }
        } @else {
            p .quiet { (asked) " of " (HistoryTopic::ALL.len()) " done" }
            progress max=(HistoryTopic::ALL.len()) value=(asked) aria-label="How far you are" {}
            (error_summary(typed))
            form method="post" action="/my/history" .stack data-once {
                (ctx.command_fields(chart.seq))
                @for (topic, name) in &names {
                    input type="hidden" name="topic" value=(name);
                    (FieldGroup::one(name, words(*topic), options()).typed(typed))
                }
                button .button.primary type="submit" { "Next" }
            }
            p { a href="/my" { "Stop for now" } }
        }
    }
}

pub(super) async fn page(ctx: PageContext, own: OwnChart) -> Result<Markup, Problem> {
    Ok(phone(&ctx, "About your health", form(&ctx, own.chart(), &Form::blank())))
}

pub(super) async fn send(
    State(app): State<App>,
    ctx: PageContext,
    own: OwnChart,
    mut typed: Form,
) -> Result<Response, Problem> {
    let sent: Vec<String> = typed.all("topic").map(str::to_owned).collect();
    let mut answers = Vec::new();
    for name in &sent {
        let Some(topic) = HistoryTopic::ALL.into_iter().find(|topic| id(*topic) == *name) else {
            return Err(Problem::unreadable("a question that this form does not have"));
        };
        let answer = match typed.get(name) {
            "yes" => Answered::Yes,
            "no" => Answered::No,
            "unknown" => Answered::Unknown,
            "declined" => Answered::Declined,
            _ => {
                typed.wrong(name, "Choose an answer; “not sure” is one too.");
                continue;
            }
        };
        answers.push(TopicAnswer { topic, answer, happened_at: None, detail: String::new() });
    }
    if !typed.is_sound() {
        return Ok(phone(&ctx, "About your health", form(&ctx, own.chart(), &typed)).into_response());
    }
    // Questions that cannot apply to somebody recorded as male are answered with the first ones.
    let male = own.chart().demographics.as_ref().is_some_and(|d| d.sex == Sex::Male);
    for topic in [HistoryTopic::CouldBePregnant, HistoryTopic::BreastFeeding] {
        if male && !own.chart().history.contains_key(&topic) {
            let detail = "cannot apply: recorded as male".to_owned();
            answers.push(TopicAnswer { topic, answer: Answered::No, happened_at: None, detail });
        }
    }
    let command = Command::AnswerHistory(HistoryAnswered { answers });
    match commands::ask(&app, &own.principal, own.patient, &typed, RestsOn::Itself, command).await? {
        CommandOutcome::Done(_) | CommandOutcome::Stale(_) => Ok(Redirect::to("/my/history").into_response()),
        CommandOutcome::Refused(refusal) => Ok(refused(&ctx, &plain(&ctx, &refusal), "/my/history")),
    }
}
