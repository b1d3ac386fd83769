//! What the cockpit's forms do: each is read, made into commands, and answered by the page with what was typed.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use stillwater_care::code::Code as _;
use stillwater_care::command::{ChangeAnswers, Command, DecideGo, HoldingAnswers, MarkMoment, TakeDose};
use stillwater_care::event::*;
use stillwater_care::facts::{Answered, ReadinessFacts, ReleaseFacts, SeenHow};
use stillwater_care::quantity::ReadingSource;
use stillwater_ui as ui;
use stillwater_words::Reader;

use super::{CockpitView, FormReply, cockpit, quick, reality, session_of};
use crate::auth::proof;
use crate::chart_access::StaffChart;
use crate::forms::day::{answered, day_answers};
use crate::forms::symptoms::symptom_from;
use crate::forms::time::when;
use crate::forms::vitals::read_vitals;
use crate::http::{Form, PageContext, Problem};
use crate::live::commands::{self, CommandOutcome, RestsOn};
use crate::staff::closing;
use crate::state::App;

/// What a form asks for, once it is read.
type Read = fn(&CockpitView<'_>, &mut Form) -> Vec<Command>;

/// Everything that comes with a sent form.
struct Sent {
    app: App,
    ctx: PageContext,
    staff: StaffChart,
    path: (String, String),
    headers: HeaderMap,
    typed: Form,
}

/// Reads a form, sends its commands, and answers.
async fn send(sent: Sent, form: &'static str, rests_on: RestsOn, read: Read) -> Result<Response, Problem> {
    let Sent { app, ctx, staff, path: (_, sid), headers, mut typed } = sent;
    let session = session_of(&sid)?;
    let StaffChart { principal, open } = staff;
    let patient = open.chart.id;
    let scene = CockpitView::of(&app, &ctx, &open, session).ok_or_else(Problem::not_found)?;
    app.presence.heard(patient, stillwater_clinic::presence::Party::Guide, ctx.now_ms);
    let commands = read(&scene, &mut typed);
    if !typed.is_sound() {
        return answer(&scene, &headers, form, &typed, StatusCode::UNPROCESSABLE_ENTITY, html! {}, "");
    }
    if commands.iter().any(proof::signs) && !proof::shown(&app, &principal, &mut typed).await? {
        return answer(&scene, &headers, form, &typed, StatusCode::UNPROCESSABLE_ENTITY, html! {}, "");
    }
    match commands::ask_all(&app, &principal, patient, &typed, rests_on, commands).await? {
        CommandOutcome::Done(_) => Ok(commands::recorded(&headers, &scene.href(""))),
        CommandOutcome::Refused(refusal) => {
            let words = stillwater_words::refusal(ctx.words, Reader::Staff, &refusal);
            answer(
                &scene,
                &headers,
                form,
                &typed,
                StatusCode::UNPROCESSABLE_ENTITY,
                cockpit::refusal(ctx.words, &refusal),
                &words,
            )
        }
        CommandOutcome::Stale(since) => {
            // The form is drawn from the chart as it is now, so that sending it again rests on what was just shown.
            let fresh = commands::chart_of(&app, patient).await?;
            let scene = CockpitView::of(&app, &ctx, &fresh, session).ok_or_else(Problem::not_found)?;
            let words = "Something happened since you opened this page.";
            answer(&scene, &headers, form, &typed, StatusCode::CONFLICT, cockpit::stale(ctx.words, &since), words)
        }
    }
}

/// The page again, with what was typed and why it was not done; the outbox gets the sentence alone.
fn answer(
    scene: &CockpitView<'_>,
    headers: &HeaderMap,
    form: &'static str,
    typed: &Form,
    status: StatusCode,
    words: Markup,
    plain: &str,
) -> Result<Response, Problem> {
    if commands::from_outbox(headers) {
        let wrong: Vec<&str> = typed.errors().map(|(_, says)| says).collect();
        let plain = if plain.is_empty() { wrong.join(" ") } else { plain.to_owned() };
        return Err(commands::refused_plainly(&plain));
    }
    let said = FormReply { form, words, typed };
    Ok((status, cockpit::page(scene, Some(&said))).into_response())
}

/// Makes a handler of a form and its reading.
macro_rules! handler {
    ($(#[$doc:meta])* $name:ident, $form:literal, $rests_on:expr, $read:expr) => {
        $(#[$doc])*
        pub(super) async fn $name(
            State(app): State<App>,
            ctx: PageContext,
            staff: StaffChart,
            Path(path): Path<(String, String)>,
            headers: HeaderMap,
            typed: Form,
        ) -> Result<Response, Problem> {
            send(Sent { app, ctx, staff, path, headers, typed }, $form, $rests_on, $read).await
        }
    };
}

/// Makes a handler of a form that must be held down or confirmed.
macro_rules! held_handler {
    ($(#[$doc:meta])* $name:ident, $form:literal, $rests_on:expr, $question:literal, $read:expr) => {
        $(#[$doc])*
        pub(super) async fn $name(
            State(app): State<App>,
            ctx: PageContext,
            staff: StaffChart,
            Path(path): Path<(String, String)>,
            headers: HeaderMap,
            typed: Form,
        ) -> Result<Response, Problem> {
            let sent = Sent { app, ctx, staff, path, headers, typed };
            if !sent.typed.confirmed() {
                return confirm(&sent, $form, $question);
            }
            send(sent, $form, $rests_on, $read).await
        }
    };
}

/// Asks once more, for those without script.
fn confirm(sent: &Sent, form: &str, question: &str) -> Result<Response, Problem> {
    let (patient, session) = (sent.staff.open.chart.id, session_of(&sent.path.1)?);
    let back = format!("/patients/{patient}/sessions/{session}");
    let action = format!("{back}/{form}");
    let body = ui::confirm_form(&sent.ctx, &action, &sent.typed, question, "Yes", &back);
    Ok(ui::staff_page(&sent.ctx, "Please confirm", "board", html! { div .narrow { (body) } }).into_response())
}

handler!(
    /// The quick update.
    update, "update", RestsOn::Itself, read_update
);
handler!(
    /// The questions of the day.
    day, "day", RestsOn::Itself, |scene, typed| {
        let answers = day_answers(scene.chart, typed);
        let day = DayAnswered { session: scene.session.id, answers };
        let why = typed.get("day-why").trim().to_owned();
        vec![match why.is_empty() {
            true => Command::AnswerDay(day),
            false => Command::ChangeAnswers(ChangeAnswers { answers: HoldingAnswers::Day(day), why }),
        }]
    }
);
handler!(
    /// The companion, seen live.
    companion, "companion", RestsOn::WhatWasSeen, read_companion
);
handler!(
    /// Whether the clinic is ready.
    ready, "ready", RestsOn::Itself, |scene, typed| {
        let read = |typed: &Form, name: &str| answered(typed.get(name));
        let found = ReadinessFacts {
            oxygen: read(typed, "oxygen"),
            suction: read(typed, "suction"),
            airway_kit: read(typed, "airway_kit"),
            trained_person: read(typed, "trained_person"),
            iv_access: read(typed, "iv_access"),
        };
        vec![Command::CheckReadiness(ReadinessChecked { session: scene.session.id, found })]
    }
);
handler!(
    /// Go or no-go.
    go, "go", RestsOn::WhatWasSeen, |scene, typed| {
        let go = match typed.get("go") {
            "yes" => true,
            "no" => false,
            _ => {
                typed.wrong("reason", "Choose GO or NO-GO.");
                false
            }
        };
        vec![Command::DecideGo(DecideGo { session: scene.session.id, go, reason: typed.get("reason").trim().to_owned() })]
    }
);
held_handler!(
    /// The dose begins.
    dose, "dose", RestsOn::WhatWasSeen, "Does the dose begin now?", |scene, _| {
        vec![Command::TakeDose(TakeDose { session: scene.session.id, taken_at: scene.now })]
    }
);
handler!(
    /// Release checks.
    release_check, "release-check", RestsOn::Itself, read_release_check
);
held_handler!(
    /// Release.
    release, "release", RestsOn::WhatWasSeen, "Let the patient go now?", |scene, typed| {
        let with = typed.required("with", "Write who takes the patient home, or who stays with them.");
        vec![Command::ReleasePatient(PatientReleased { session: scene.session.id, with })]
    }
);
held_handler!(
    /// Stop.
    stop, "stop", RestsOn::Itself, "Stop this session?", |scene, typed| {
        vec![Command::StopSession(SessionStopped { session: scene.session.id, reason: typed.get("reason").trim().to_owned() })]
    }
);
handler!(
    /// A dose that was given.
    given, "given", RestsOn::Itself, |scene, typed| {
        vec![reality::read_given(scene.chart, Some(scene.session.id), typed, scene.now)]
    }
);
handler!(
    /// How much was really given.
    amount, "amount", RestsOn::Itself, reality::read_amount
);
handler!(
    /// What was done with the infusion.
    infusion, "infusion", RestsOn::Itself, reality::read_infusion
);
held_handler!(
    /// The booster of the protocol.
    booster, "booster", RestsOn::WhatWasSeen, "Give the booster now?", reality::read_booster
);
handler!(
    /// What was seen earlier.
    earlier, "earlier", RestsOn::Itself, reality::read_earlier
);
handler!(
    /// The patient left before release.
    leave, "leave", RestsOn::Itself, reality::read_leaving
);
handler!(
    /// Takes an alert on.
    own, "own", RestsOn::Itself, |_, typed| {
        let alert = typed.needed("alert", "Choose an alert.");
        alert.map(Command::OwnAlert).into_iter().collect()
    }
);
handler!(
    /// Resolves an alert.
    resolve, "resolve", RestsOn::Itself, |_, typed| {
        let alert = typed.needed("alert", "Choose an alert.");
        alert.map(|alert| Command::ResolveAlert(closing::read(typed, alert))).into_iter().collect()
    }
);
handler!(
    /// Writes on an open alert what is seen and done.
    note_alert, "note-alert", RestsOn::Itself, |_, typed| {
        let words = typed.required("words", "Write what you see and what you do.");
        let alert = typed.needed("alert", "Choose an alert.");
        alert.map(|alert| Command::NoteAlert(AlertNoted { alert, words })).into_iter().collect()
    }
);

/// A one-tap event. A grave one asks again when it was not held down.
pub(super) async fn event(
    State(app): State<App>,
    ctx: PageContext,
    staff: StaffChart,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    typed: Form,
) -> Result<Response, Problem> {
    let grave = symptom_from(typed.get("symptom")).is_some_and(|symptom| quick::GRAVE.contains(&symptom));
    let sent = Sent { app, ctx, staff, path, headers, typed };
    if grave && !sent.typed.confirmed() {
        return confirm(&sent, "event", "Mark this now? It alerts the team.");
    }
    send(sent, "event", RestsOn::Itself, |scene, typed| {
        let session = scene.session.id;
        if let Some(symptom) = symptom_from(typed.get("symptom")) {
            let seen_at = commands::happened_at(typed, scene.now);
            return vec![Command::MarkSymptom(SymptomMarked { session, symptom, seen_at, words: String::new() })];
        }
        let words = typed.required("moment", "Choose what happened.");
        vec![Command::MarkMoment(MarkMoment { session, words })]
    })
    .await
}

fn source_from(word: &str) -> Option<ReadingSource> {
    [ReadingSource::Device, ReadingSource::Manual, ReadingSource::PatientEntered, ReadingSource::CompanionEntered]
        .into_iter()
        .find(|source| serde_json::to_value(source).ok().is_some_and(|value| value == word))
}

fn read_update(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let session = scene.session.id;
    let at = when(scene.chart, typed, "update_when", scene.now);
    let mut commands = Vec::new();
    let source = source_from(typed.get("source"));
    if let Some(vitals) = read_vitals(typed, at, source.unwrap_or(ReadingSource::Manual)) {
        if source.is_none() {
            typed.wrong("source", "Choose how it was measured.");
        }
        commands.push(Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    }
    if let Some(moaas) = typed.optional("moaas", "Choose a level from 0 to 5.") {
        commands.push(Command::RateSedation(SedationRated { session, moaas, rated_at: at }));
    }
    if let Some(rating) = typed.optional("distress", "Choose a rating from 0 to 10.") {
        commands.push(Command::RateDistress(DistressRated { session, rating, rated_at: at }));
    }
    if let Some(words) = typed.text("note") {
        commands.push(Command::MarkMoment(MarkMoment { session, words: words.to_owned() }));
    }
    if commands.is_empty() && typed.is_sound() {
        typed.wrong("note", "Nothing was entered. Write at least one reading, a rating or a note.");
    }
    commands
}

fn read_companion(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let sober = answered(typed.get("sober"));
    let phone_verified = answered(typed.get("phone"));
    if sober.is_none() {
        typed.wrong("sober", "Choose whether the companion is sober.");
    }
    if phone_verified.is_none() {
        typed.wrong("phone", "Choose whether their telephone was reached.");
    }
    let how = SeenHow::ALL.into_iter().find(|how| how.code() == typed.get("how"));
    if how.is_none() {
        typed.wrong("how", "Choose how you met the companion.");
    }
    let (Some(companion), Some(sober), Some(phone_verified), Some(_)) =
        (&scene.chart.companion, sober, phone_verified, how)
    else {
        if scene.chart.companion.is_none() {
            typed.wrong("sober", "No companion is named yet.");
        }
        return Vec::new();
    };
    vec![Command::SeeCompanion(CompanionSeen {
        session: scene.session.id,
        companion: companion.id,
        sober,
        phone_verified,
        how,
    })]
}

/// Reads the release checks of a form.
pub(crate) fn read_release(typed: &mut Form) -> ReleaseFacts {
    let read = |typed: &Form, name: &str| -> Option<Answered> { answered(typed.get(name)) };
    ReleaseFacts {
        aldrete_total: typed.optional("aldrete_total", "Write a whole number from 0 to 10."),
        aldrete_item_at_zero: match typed.get("aldrete_item_at_zero") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        oriented: read(typed, "oriented"),
        steady_gait: read(typed, "steady_gait"),
        no_vomiting: read(typed, "no_vomiting"),
        breathing_normal: read(typed, "breathing_normal"),
        distress_settled: read(typed, "distress_settled"),
        no_new_suicidal_thoughts: read(typed, "no_new_suicidal_thoughts"),
        escort: read(typed, "escort"),
        no_driving_acknowledged: read(typed, "no_driving_acknowledged"),
    }
}

fn read_release_check(scene: &CockpitView<'_>, typed: &mut Form) -> Vec<Command> {
    let checks = read_release(typed);
    if checks == ReleaseFacts::default() {
        typed.wrong("aldrete_total", "Nothing was answered. Answer at least one check.");
    }
    vec![Command::CheckRelease(ReleaseChecked { session: scene.session.id, checks, companion_sign_off: false })]
}
