//! The sessions of the demo that go on by themselves: companion, patient and guide act as time passes.

use stillwater_care::command::{Command, MarkMoment};
use stillwater_care::event::*;
use stillwater_care::facts::{Answered, ReleaseFacts, Setting};
use stillwater_care::finding::Urgency;
use stillwater_care::ids::PatientId;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, minutes_between};
use stillwater_care::roles::Actor;
use stillwater_care::schedule;
use stillwater_clinic::charts::{CommandRequest, ExecuteError};
use stillwater_clinic::random::command_id;
use stillwater_server::App;

use super::random::Random;
use super::{STAFF, session};

/// How long the guide of the script watches before settling an alert.
const SETTLED_AFTER_MINUTES: i64 = 12;

/// A session that somebody keeps open this long after the dose is theirs to end.
const GIVES_UP_AFTER_MINUTES: i64 = 360;

/// The script of a session that goes on by itself. Whoever signs in may act in it too; the script only adds what is
/// due, and falls silent once the session has been stopped or released.
pub struct Script {
    app: App,
    patient: PatientId,
    random: Random,
    beat: u64,
}

impl Script {
    /// For the session that this person is in.
    pub fn of(app: App, patient: PatientId, seed: u64) -> Self {
        Self { app, patient, random: Random::new(seed ^ 0x11fe), beat: 0 }
    }

    /// Somebody does something; `false` when there is nothing more to do.
    pub async fn act(&mut self) -> bool {
        self.beat += 1;
        match step(&self.app, self.patient, self.beat, &mut self.random).await {
            Ok(more) => more,
            Err(error) => {
                tracing::debug!(%error, "the demo session left out a step");
                true
            }
        }
    }
}

async fn send(app: &App, patient: PatientId, actor: Actor, command: Command) -> Result<(), ExecuteError> {
    let now = app.clock.now();
    let command_id = command_id(now.as_millisecond()).map_err(|_| ExecuteError::Failure("no randomness".to_owned()))?;
    app.charts.execute(CommandRequest { patient, actor, command_id, seen: None, command }, now).await.map(|_| ())
}

/// One step; `false` when there is nothing more to do.
async fn step(app: &App, patient: PatientId, beat: u64, random: &mut Random) -> Result<bool, ExecuteError> {
    let Some(open) = app.charts.load(patient).await? else { return Ok(false) };
    let chart = &open.chart;
    let Some(running) = chart.running_session() else { return Ok(false) };
    if running.stopped().is_some() {
        return Ok(false);
    }
    let (Some(dose_at), Some(protocol)) = (running.dose_at(), chart.protocol_of(running, app.charts.protocols()))
    else {
        return Ok(false);
    };
    let (id, now) = (running.id, app.clock.now());
    let minutes = minutes_between(dose_at, now);
    if minutes > GIVES_UP_AFTER_MINUTES {
        return Ok(false);
    }
    let guide = STAFF[0].actor();
    let home = running.setting == Setting::Home;
    // In the clinic the guide sits beside the patient and the monitor measures.
    let at_bedside = if home { Actor::Patient } else { guide.clone() };
    let companion =
        chart.companion.as_ref().filter(|_| home).map(|c| Actor::Companion { id: c.id, name: c.name.clone() });
    let check = |words: &str, looked: bool| CheckInRecorded {
        session: id,
        answer: CheckAnswer::Fine,
        answers_to_name: looked.then_some(true),
        breathing_easily: looked.then_some(true),
        colour_normal: looked.then_some(true),
        words: words.to_owned(),
        looked_at: None,
    };
    // The guide looks at what is only to be watched, and settles it once it has passed. Anything graver, and every call
    // for help, waits for whoever is signed in.
    for alert in chart.alerts.iter().filter(|a| a.open() && a.urgency == Urgency::Watch && a.session == Some(id)) {
        let about = alert.id;
        if alert.owner().is_none() {
            send(app, patient, guide, Command::OwnAlert(about)).await?;
            return Ok(true);
        }
        if minutes_between(alert.raised_at, now) >= SETTLED_AFTER_MINUTES {
            let words = "Looked in: drowsy for a while, answers to their name, breathing easily.".to_owned();
            let closing = AlertClosing {
                done: "Stayed near and spoke with them.".to_owned(),
                told: "the team of this session".to_owned(),
                next: "watch until release".to_owned(),
            };
            send(app, patient, guide, Command::ResolveAlert(AlertResolved { alert: about, words, closing })).await?;
            return Ok(true);
        }
    }
    // What is due within two minutes comes first, so that nothing is missed while nobody watches the demo.
    for due in schedule::next_checks(chart, running, protocol) {
        if minutes_between(now, due.due_at) > 2 {
            continue;
        }
        match (due.kind, companion.clone()) {
            (CheckKind::LookIn, Some(companion)) => {
                send(app, patient, companion, Command::CheckIn(check("", true))).await?;
                return Ok(true);
            }
            (CheckKind::Alertness, _) => {
                let moaas = if (20..80).contains(&minutes) { 4 } else { 5 };
                let rated = SedationRated { session: id, moaas, rated_at: now };
                send(app, patient, guide, Command::RateSedation(rated)).await?;
                return Ok(true);
            }
            (CheckKind::LookIn, None) => {}
            (
                CheckKind::Vitals | CheckKind::Pressure | CheckKind::Pulse | CheckKind::Oxygen | CheckKind::Breathing,
                _,
            ) => {
                let vitals = vitals(random, now, minutes, home);
                send(app, patient, at_bedside, Command::RecordVitals(VitalsRecorded { vitals, session: Some(id) }))
                    .await?;
                return Ok(true);
            }
        }
    }
    if minutes >= if home { 121 } else { 101 } {
        let ending = Ending { patient, id, minutes, home, companion };
        return wind_down(app, ending, random, now).await;
    }
    let command = match beat % 6 {
        1 => (Actor::Patient, Command::CheckIn(check("", false))),
        3 => {
            let mut vitals = Vitals::at(now, source(home));
            vitals.heart_rate_per_min = Some(74 + i32::try_from(random.between(0, 9)).unwrap_or(0));
            vitals.spo2_percent = Some(97 + i32::try_from(random.between(0, 2)).unwrap_or(0));
            (at_bedside, Command::RecordVitals(VitalsRecorded { vitals, session: Some(id) }))
        }
        5 => {
            let moaas = if (20..80).contains(&minutes) { 4 } else { 5 };
            (guide, Command::RateSedation(SedationRated { session: id, moaas, rated_at: now }))
        }
        _ => {
            let moments =
                ["Lies still, breathes evenly.", "Music changed to the quiet list.", "Says a few words, smiles."];
            let at = usize::try_from(random.between(0, 2)).unwrap_or(0);
            let words = moments.get(at).copied().unwrap_or("Quiet.").to_owned();
            (guide, Command::MarkMoment(MarkMoment { session: id, words }))
        }
    };
    send(app, patient, command.0, command.1).await?;
    Ok(true)
}

const fn source(home: bool) -> ReadingSource {
    if home { ReadingSource::PatientEntered } else { ReadingSource::Device }
}

fn vitals(random: &mut Random, now: jiff::Timestamp, minutes: i64, home: bool) -> Vitals {
    let up = session::rise(minutes, home);
    let mut vitals = Vitals::at(now, source(home));
    let around = |random: &mut Random, middle: f64| (middle + random.bell() * 2.0).round() as i32;
    vitals.blood_pressure =
        Some(BloodPressure { systolic: around(random, 116.0 + up), diastolic: around(random, 72.0 + up * 0.65) });
    vitals.heart_rate_per_min = Some(around(random, 72.0 + up * 0.5));
    vitals.spo2_percent = Some(98);
    vitals.respiratory_rate_per_min = (!home).then_some(14);
    vitals
}

/// A session that comes to its end.
struct Ending {
    patient: PatientId,
    id: stillwater_care::SessionId,
    minutes: i64,
    home: bool,
    companion: Option<Actor>,
}

async fn wind_down(app: &App, ending: Ending, random: &mut Random, now: jiff::Timestamp) -> Result<bool, ExecuteError> {
    let Ending { patient, id, minutes, home, companion } = ending;
    let guide = STAFF[0].actor();
    let at_bedside = if home { Actor::Patient } else { guide.clone() };
    let last = vitals(random, now, minutes, home);
    send(app, patient, at_bedside, Command::RecordVitals(VitalsRecorded { vitals: last, session: Some(id) })).await?;
    send(app, patient, guide.clone(), Command::RateSedation(SedationRated { session: id, moaas: 5, rated_at: now }))
        .await?;
    let yes = Some(Answered::Yes);
    let checks = ReleaseFacts {
        aldrete_total: (!home).then_some(10),
        aldrete_item_at_zero: (!home).then_some(false),
        oriented: yes,
        steady_gait: yes,
        no_vomiting: yes,
        breathing_normal: yes,
        distress_settled: yes,
        no_new_suicidal_thoughts: yes,
        escort: yes,
        no_driving_acknowledged: yes,
    };
    send(
        app,
        patient,
        guide.clone(),
        Command::CheckRelease(ReleaseChecked { session: id, checks, companion_sign_off: false }),
    )
    .await?;
    if let Some(companion) = companion {
        let signed = ReleaseChecked { session: id, checks: ReleaseFacts::default(), companion_sign_off: true };
        send(app, patient, companion, Command::CheckRelease(signed)).await?;
    }
    let with = if home { "their companion, who stays for four hours" } else { "their sister, by car" }.to_owned();
    let released = send(app, patient, guide, Command::ReleasePatient(PatientReleased { session: id, with })).await;
    Ok(released.is_err())
}
