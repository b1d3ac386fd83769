//! A running session over HTTP: help reaches the cockpit within a second, look-ins appear, and what is missed goes up the
//! ladder by itself, also after the server was killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use stillwater_care::event::*;
use stillwater_care::facts::{Answered, Route, SeenHow, Setting, Sex};
use stillwater_care::ids::{AlertId, CompanionId, EventId, OrderId, PatientId, SessionId, StaffId};
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::{Actor, Role};
use stillwater_clinic::accounts::Account;
use stillwater_clinic::charts::{look, run_ticker};
use stillwater_clinic::clock::FixedClock;
use stillwater_server::auth::links;
use stillwater_server::auth::password::hash_now;
use stillwater_server::state::{App, Clinic};
use tokio::net::TcpListener;
use uuid::Uuid;

const PASSWORD: &str = "lantern river copper";
const MINUTE_MS: i64 = 60_000;
/// How long something that must come may take before a test gives up: far beyond the slowest machine. How fast it comes is
/// measured in `benches/arrival.rs`.
const PATIENCE: Duration = Duration::from_secs(600);

fn dose_at() -> Timestamp {
    "2026-03-02T18:00:00Z".parse().unwrap()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (n << 24))
}

fn guide() -> Actor {
    Actor::Staff { id: StaffId(id(7)), name: "Example Guide".into(), role: Role::Guide }
}

/// A person of their own for each test, since who is there is kept by patient.
struct People {
    patient: PatientId,
    session: SessionId,
    companion: CompanionId,
}

fn people(n: u128) -> People {
    People { patient: PatientId(id(n)), session: SessionId(id(n + 1)), companion: CompanionId(id(n + 2)) }
}

/// A course at home up to the dose, as events: how it got there is other tests' matter.
fn course(people: &People, with_dose: bool) -> Vec<Event> {
    let mut events = vec![
        Event::PatientReferred(PatientReferred {
            demographics: Demographics {
                name: "Somebody Example".into(),
                birth_date: jiff::civil::date(1985, 5, 5),
                birth_known_to: None,
                sex: Sex::Female,
                veteran: None,
                phone: "555-0110".into(),
                address: "1 Example Street, Sampletown".into(),
                time_zone: "America/Denver".into(),
                emergency_number: "911".into(),
                identifiers: Vec::new(),
            },
            reason: "example".into(),
            source: "by hand".into(),
        }),
        Event::CareTeamSet(CareTeamSet {
            members: vec![TeamMember { id: StaffId(id(7)), name: "Example Guide".into(), role: Role::Guide }],
        }),
        Event::EligibilityDecided(EligibilityDecided {
            eligible: true,
            setting: Setting::Home,
            reason: String::new(),
            findings: Vec::new(),
            signed_name: "Example".into(),
        }),
        Event::PlanOpened(PlanOpened {
            protocol: "sl-home".into(),
            protocol_version: "1".into(),
            setting: Setting::Home,
            route: Route::Sublingual,
            sessions: 6,
        }),
        Event::OrderWritten(OrderWritten {
            order: OrderId(id(55)),
            route: Route::Sublingual,
            setting: Setting::Home,
            product: "Ketamine tablet".into(),
            dose_mg: 100.0,
            dose_mg_per_kg: None,
            weight_kg: 70.0,
            infusion_minutes: None,
            hold_minutes: Some(10.0),
            after_hold: Some(AfterHold::Spit),
            warnings: Vec::new(),
            reason: String::new(),
        }),
        Event::CompanionNamed(CompanionNamed {
            companion: people.companion,
            name: "Example Companion".into(),
            relation: "friend".into(),
            phone: "555-0111".into(),
            adult: true,
        }),
        Event::CompanionBriefed(CompanionBriefed { companion: people.companion, version: "1".into(), questions: 3 }),
        Event::CompanionConfirmed(CompanionConfirmed { companion: people.companion }),
        Event::SessionScheduled(SessionScheduled {
            session: people.session,
            starts_at: dose_at(),
            setting: Setting::Home,
            number: 1,
            unplanned: false,
        }),
    ];
    if with_dose {
        let bp = BloodPressure { systolic: 128, diastolic: 82 };
        events.extend([
            Event::VitalsRecorded(VitalsRecorded {
                vitals: Vitals {
                    blood_pressure: Some(bp),
                    ..Vitals::at(plus_minutes(dose_at(), -10), ReadingSource::PatientEntered)
                },
                session: Some(people.session),
            }),
            Event::CompanionSeen(CompanionSeen {
                session: people.session,
                companion: people.companion,
                sober: Answered::Yes,
                phone_verified: Answered::Yes,
                how: Some(SeenHow::Video),
            }),
            Event::GoDecided(GoDecided {
                session: people.session,
                go: true,
                reason: String::new(),
                findings: Vec::new(),
            }),
            Event::DoseTaken(DoseTaken {
                session: people.session,
                order: Some(OrderId(id(55))),
                route: Route::Sublingual,
                dose_mg: 100.0,
                dose_mg_per_kg: None,
                taken_at: dose_at(),
                infusion_minutes: None,
                ordered_mg: None,
                irregular: Vec::new(),
                held_by: Vec::new(),
                words: String::new(),
            }),
        ]);
    }
    events
}

fn put(app: &App, people: &People, with_dose: bool) {
    let drafts = course(people, with_dose)
        .into_iter()
        .enumerate()
        .map(|(n, event)| {
            let at = match &event {
                Event::DoseTaken(dose) => dose.taken_at,
                _ => plus_minutes(dose_at(), -60),
            };
            let id = EventId(Uuid::from_u128(people.patient.0.as_u128() + 0x100 + n as u128));
            Draft { id, occurred_at: at, recorded_at: at, actor: guide(), event }
        })
        .collect();
    app.charts.record_whole(people.patient, drafts, dose_at()).unwrap();
}

async fn account(app: &App) {
    let guide = Account {
        id: id(7),
        login: "guide".into(),
        display_name: "Example Guide".into(),
        roles: vec![Role::Guide],
        password_hash: Some(hash_now(PASSWORD).unwrap()),
        active: true,
        patient: None,
    };
    app.accounts.create_account(guide).await.unwrap();
}

/// One browser: it keeps its cookies.
struct Browser {
    inner: support::Browser,
}

impl Browser {
    fn new(app: &App) -> Self {
        Self { inner: support::Browser::of(app) }
    }

    fn cookie_line(&self) -> String {
        self.inner.cookies.line()
    }

    async fn send(&mut self, request: Request<Body>) -> (StatusCode, String) {
        let page = self.inner.send(request).await;
        (page.status, page.body)
    }

    async fn get(&mut self, path: &str) -> (StatusCode, String) {
        self.send(Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap()).await
    }

    /// Sends a call for help as a phone's page does that waits to show what the clinic has of it.
    async fn call(&mut self, page: &str, action: &str, command: Uuid) -> (StatusCode, String) {
        let csrf = between(page, "name=\"csrf\" content=\"", "\"");
        let mut request =
            support::form_request(action, format!("csrf={csrf}&command_id={command}&seq=0&confirmed=yes"));
        for header in ["x-help", "x-outbox"] {
            request.headers_mut().insert(header, "1".parse().unwrap());
        }
        self.send(request).await
    }

    /// Sends a form to `action` with the token and command id of a page.
    async fn post(&mut self, page: &str, action: &str, fields: &str) -> (StatusCode, String) {
        let answer = self.answer_of(page, action, fields).await;
        (answer.status, answer.body)
    }

    /// The same with the whole answer.
    async fn answer_of(&mut self, page: &str, action: &str, fields: &str) -> support::Page {
        let (status, body) = self.get(page).await;
        assert_eq!(status, StatusCode::OK, "{page}: {body}");
        let csrf = between(&body, "name=\"csrf\" content=\"", "\"");
        let command = Uuid::from_u128(id(0).as_u128() | (rand() << 16));
        let seq =
            if body.contains("name=\"seq\" value=\"") { between(&body, "name=\"seq\" value=\"", "\"") } else { "0" };
        let form = format!("csrf={csrf}&command_id={command}&seq={seq}&{fields}");
        self.inner.send(support::form_request(action, form)).await
    }
}

/// A number that no other call of this run gives.
fn rand() -> u128 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 20
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split(after).next().unwrap()
}

async fn guide_browser(app: &App) -> Browser {
    let mut browser = Browser::new(app);
    let fields = format!("login=guide&password={}", PASSWORD.replace(' ', "+"));
    let (status, _) = browser.post("/sign-in", "/sign-in", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    browser
}

async fn patient_browser(app: &App, people: &People) -> Browser {
    let link = links::invite_patient(app, people.patient, "Somebody Example").await.unwrap();
    let mut browser = Browser::new(app);
    assert_eq!(browser.post(&link.path, &link.path, "").await.0, StatusCode::SEE_OTHER);
    browser
}

async fn companion_browser(app: &App, people: &People) -> Browser {
    let link = links::invite_companion(app, people.patient, people.companion, "Example Companion").await.unwrap();
    let mut browser = Browser::new(app);
    let code = format!("code={}", link.code.unwrap());
    assert_eq!(browser.post(&link.path, &link.path, &code).await.0, StatusCode::SEE_OTHER);
    browser
}

/// A stream over a real connection.
struct Stream {
    socket: TcpStream,
    heard: String,
}

impl Stream {
    fn open(address: SocketAddr, path: &str, cookies: &str) -> Self {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\ncookie: {cookies}\r\n\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        Self { socket, heard: String::new() }
    }

    /// Reads until an event holds all these words.
    fn until(&mut self, words: &[&str]) {
        tokio::task::block_in_place(|| self.read_until(words));
    }

    fn read_until(&mut self, words: &[&str]) {
        loop {
            let event = self.heard.split("\n\n").find(|event| words.iter().all(|word| event.contains(word)));
            if event.is_some() {
                return;
            }
            let mut bytes = [0; 16_384];
            let read = self.socket.read(&mut bytes);
            let count = read.unwrap_or_else(|_| panic!("no event with {words:?} in {}", self.heard));
            assert!(count > 0, "the stream ended without {words:?}: {}", self.heard);
            // The sizes of chunks stand between lines and break no event's words apart in practice; they are dropped.
            let text = String::from_utf8_lossy(&bytes[..count]).replace("\r\n", "");
            self.heard.push_str(&text);
        }
    }

    fn forget(&mut self) {
        self.heard.clear();
    }
}

async fn serve(app: &App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = app.stop.clone();
    tokio::spawn(stillwater_server::serve(app.clone(), listener, async move { stop.cancelled().await }));
    address
}

fn clock_at(minutes: i64) -> Arc<FixedClock> {
    Arc::new(FixedClock::at(dose_at().as_millisecond() + minutes * MINUTE_MS))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_for_help_reaches_the_cockpit_and_a_look_in_appears() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(12), Clinic::default());
    let people = people(1000);
    put(&app, &people, true);
    account(&app).await;
    let address = serve(&app).await;
    let mut guide = guide_browser(&app).await;
    let mut patient = patient_browser(&app, &people).await;
    let mut companion = companion_browser(&app, &people).await;
    let cockpit = format!("/patients/{}/sessions/{}", people.patient, people.session);
    let (status, page) = guide.get(&cockpit).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Since the dose") && page.contains("Companion looks in"), "{page}");

    let mut stream = Stream::open(address, &format!("/live{cockpit}?shown=observing"), &guide.cookie_line());
    stream.until(&["event: fragment", "\"id\":\"alerts\""]);
    stream.forget();
    let (status, _) = patient.post("/my/session", "/my/session/help", "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    stream.until(&["event: fragment", "\"id\":\"alerts\"", "Patient asks for help", "I have it"]);

    stream.forget();
    let fields = "name=fine&breath=fine&colour=fine";
    let (status, _) = companion.post("/companion/session?look=1", "/companion/look-in", fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    stream.until(&["\"id\":\"timeline\"", "Example Companion: fine"]);

    // Taking it on is seen by the one who asked.
    let mut phone = Stream::open(address, "/live/my?shown=x", &patient.cookie_line());
    phone.until(&["\"id\":\"help-state\"", "Sent. Nobody has answered yet."]);
    let alert = app.charts.load(people.patient).await.unwrap().unwrap().chart.open_alerts()[0].id;
    let (status, _) = guide.post(&cockpit, &format!("{cockpit}/own"), &format!("alert={alert}")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    phone.until(&["\"id\":\"help-state\"", "Example Guide has it."]);
    app.stop.cancel();
}

#[tokio::test]
async fn a_sign_that_something_is_wrong_goes_to_the_team_without_the_questions_left() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(20), Clinic::default());
    let people = people(2000);
    put(&app, &people, true);
    let mut companion = companion_browser(&app, &people).await;
    let answer = companion.answer_of("/companion/session?look=1", "/companion/look-in", "name=not-fine").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/companion/help?seen=name");
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    let alert = open.chart.open_alerts()[0].clone();
    assert_eq!(alert.urgency, stillwater_care::finding::Urgency::Emergency);
    let (_, page) = companion.get("/companion/help?seen=name").await;
    let needed = [
        "1 Example Street, Sampletown",
        "100 milligrams",
        "tel:911",
        "On their side",
        "Sent. Nobody has answered yet.",
    ];
    for part in needed {
        assert!(page.contains(part), "{part} is not on the page: {page}");
    }
    assert!(page.find("tel:911") < page.find("tel:5550100"), "the emergency number comes first: {page}");
}

#[tokio::test]
async fn of_a_call_for_help_a_phone_is_told_what_the_clinic_has_and_no_more() {
    let folder = support::Folder::new();
    let clock = clock_at(12);
    let app = support::open(&folder, Arc::clone(&clock), Clinic::default());
    let people = people(11_000);
    put(&app, &people, true);
    account(&app).await;
    let mut guide = guide_browser(&app).await;
    let mut patient = patient_browser(&app, &people).await;
    let mut companion = companion_browser(&app, &people).await;
    let (_, none) = patient.get("/live/help").await;
    assert!(none.contains("data-call=\"none\"") && !none.contains("Sent"), "{none}");

    // Sent twice, since the phone heard no answer the first time: one call.
    let (_, page) = patient.get("/my/session").await;
    let command = id(11_500);
    for _ in 0..2 {
        let (status, piece) = patient.call(&page, "/my/session/help", command).await;
        assert_eq!(status, StatusCode::OK);
        assert!(piece.contains("data-call=\"ringing\"") && piece.contains("Sent. Nobody has answered yet."), "{piece}");
        assert!(!piece.contains("has it."), "{piece}");
    }
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert_eq!(open.chart.help.iter().count(), 1);
    let alert = open.chart.open_alerts()[0].id;

    // Two minutes are the alert's own waiting time; from then on the phone says to call.
    let (_, early) = companion.get("/live/help").await;
    assert!(early.contains("<p hidden data-from-time-ms"), "{early}");
    clock.advance_ms(2 * MINUTE_MS);
    let (_, late) = companion.get("/live/help").await;
    assert!(late.contains("<p data-from-time-ms") && late.contains("Nobody has taken it for"), "{late}");

    let cockpit = format!("/patients/{}/sessions/{}", people.patient, people.session);
    let (status, _) = guide.post(&cockpit, &format!("{cockpit}/own"), &format!("alert={alert}")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    for phone in [&mut patient, &mut companion] {
        let (_, taken) = phone.get("/live/help").await;
        assert!(taken.contains("data-call=\"taken\"") && taken.contains("Example Guide has it."), "{taken}");
    }
    assert_eq!(guide.get("/live/help").await.0, StatusCode::FORBIDDEN);

    // A stop goes the same way, and is not said to be a call for help.
    let (status, stopped) = patient.call(&page, "/my/session/stop", id(11_600)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(stopped.contains("The word that the session is stopped arrived"), "{stopped}");
}

#[tokio::test]
async fn the_companion_is_said_to_be_there_only_while_their_phone_is_heard() {
    let folder = support::Folder::new();
    let clock = clock_at(12);
    let app = support::open(&folder, Arc::clone(&clock), Clinic::default());
    let people = people(12_000);
    put(&app, &people, true);
    let mut patient = patient_browser(&app, &people).await;
    let (_, never) = patient.get("/my/session").await;
    assert!(never.contains("phone is not connected") && !never.contains("Your companion is with you"), "{never}");
    let mut companion = companion_browser(&app, &people).await;
    companion.get("/companion/session").await;
    let (_, there) = patient.get("/my/session").await;
    assert!(there.contains("<span data-when=\"seen\">Your companion is with you."), "{there}");
    clock.advance_ms(MINUTE_MS);
    let (_, lost) = patient.get("/my/session").await;
    assert!(lost.contains("<span data-when=\"lost\">Your companion's phone has not been heard for"), "{lost}");
    assert!(lost.contains("<span data-when=\"seen\" hidden>"), "{lost}");
}

#[tokio::test]
async fn a_phone_that_leaves_in_a_session_is_asked_first_and_can_hand_over() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(12), Clinic::default());
    let people = people(13_000);
    put(&app, &people, true);
    let mut companion = companion_browser(&app, &people).await;
    let (status, asked) = companion.post("/companion/session", "/sign-out", "").await;
    assert_eq!(status, StatusCode::OK);
    assert!(asked.contains("cannot call for help any more") && asked.contains("Go on on another phone"), "{asked}");
    assert_eq!(companion.get("/companion/session").await.0, StatusCode::OK, "asking alone signs nobody out");

    let (_, handed) = companion.post("/leave", "/leave/hand-over", "").await;
    let path = between(&handed, "/link/", "<").to_owned();
    let code = between(&handed, "six digits: <strong>", "<").to_owned();
    let mut second = Browser::new(&app);
    let link = format!("/link/{path}");
    assert_eq!(second.post(&link, &link, &format!("code={code}")).await.0, StatusCode::SEE_OTHER);
    assert_eq!(second.get("/companion/session").await.0, StatusCode::OK);

    let (status, left) = companion.post("/leave", "/sign-out", "confirmed=yes").await;
    assert_eq!(status, StatusCode::OK);
    assert!(left.contains("still running") && left.contains("tel:5550100"), "{left}");
    assert_ne!(companion.get("/companion/session").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_companion_sees_no_chart_and_staff_outside_the_team_no_cockpit() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(5), Clinic::default());
    let people = people(3000);
    put(&app, &people, true);
    let other = Account {
        id: id(8),
        login: "other".into(),
        display_name: "Example Other".into(),
        roles: vec![Role::Guide],
        password_hash: Some(hash_now(PASSWORD).unwrap()),
        active: true,
        patient: None,
    };
    app.accounts.create_account(other).await.unwrap();
    let mut stranger = Browser::new(&app);
    let fields = format!("login=other&password={}", PASSWORD.replace(' ', "+"));
    stranger.post("/sign-in", "/sign-in", &fields).await;
    let cockpit = format!("/patients/{}/sessions/{}", people.patient, people.session);
    assert_eq!(stranger.get(&cockpit).await.0, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&format!("/live{cockpit}")).await.0, StatusCode::NOT_FOUND);
    let (status, board) = stranger.get("/board").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!board.contains("Somebody Example"));
    let mut companion = companion_browser(&app, &people).await;
    assert_eq!(companion.get(&cockpit).await.0, StatusCode::FORBIDDEN);
    let (_, page) = companion.get("/companion/session").await;
    assert!(!page.contains("Somebody Example"), "a companion is shown the first name only");
}

#[tokio::test]
async fn readings_are_kept_as_typed_when_they_cannot_be_and_recorded_when_they_can() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(30), Clinic::default());
    let people = people(4000);
    put(&app, &people, true);
    account(&app).await;
    let mut guide = guide_browser(&app).await;
    let cockpit = format!("/patients/{}/sessions/{}", people.patient, people.session);
    let update = format!("{cockpit}/update");
    let upside_down = "systolic=80&diastolic=120&source=device&moaas=5&note=calm";
    let (status, page) = guide.post(&cockpit, &update, upside_down).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("were they swapped?") && page.contains("value=\"80\"") && page.contains("value=\"calm\""));
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert!(open.chart.sedation.is_empty(), "nothing of the form is half-recorded");
    let right = "systolic=182&diastolic=112&pulse=96&source=device&moaas=5&note=calm";
    assert_eq!(guide.post(&cockpit, &update, right).await.0, StatusCode::SEE_OTHER);
    let (_, page) = guide.get(&cockpit).await;
    assert!(page.contains("182/112") && page.contains("MOAA/S 5") && page.contains("S06-pressure"), "{page}");
    assert_eq!(page.matches("style=").count(), 0);
}

#[tokio::test]
async fn before_the_dose_every_rule_is_shown_and_go_is_refused_with_its_findings() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(-30), Clinic::default());
    let people = people(5000);
    put(&app, &people, false);
    account(&app).await;
    let mut guide = guide_browser(&app).await;
    let cockpit = format!("/patients/{}/sessions/{}", people.patient, people.session);
    let (_, page) = guide.get(&cockpit).await;
    for part in ["S01-bp-home", "S03-companion", "C01-suicide-dose", "still to be done", "GO"] {
        assert!(page.contains(part), "{part} is not shown");
    }
    let (status, page) = guide.post(&cockpit, &format!("{cockpit}/go"), "go=yes&reason=all+is+well").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Nothing was recorded") && page.contains("all is well"), "what was typed is kept");
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert!(open.chart.session(people.session).unwrap().go().is_none());
    // The dose cannot be reached without go, whatever is sent.
    guide.post(&cockpit, &format!("{cockpit}/dose"), "confirmed=yes").await;
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert!(open.chart.doses.is_empty());
}

#[tokio::test]
async fn the_patient_is_led_step_by_step_and_an_answer_that_holds_the_dose_says_so_plainly() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(-60), Clinic::default());
    let people = people(6000);
    put(&app, &people, false);
    let mut phone = patient_browser(&app, &people).await;
    let (_, page) = phone.get("/my/session").await;
    assert!(page.contains("100 mg") && page.contains("Example Companion") && page.contains("Help now"), "{page}");
    let next = "/my/session?step=next";
    assert!(phone.get(next).await.1.contains("How safe are you today?"));
    let answers = "asq_1=0&asq_2=0&asq_3=0&asq_4=0";
    assert_eq!(phone.post(next, "/my/session/safety", answers).await.0, StatusCode::SEE_OTHER);
    assert!(phone.get(next).await.1.contains("Today's questions"));
    let day = "fasted=yes&alcohol=used&alcohol_at=2026-03-02T08%3A00&sedatives=no&stimulant=none&grapefruit=none&medicines=yes&opioid=none&maoi=none&pregnant=no&tomorrow=yes&driving=yes&willing=yes";
    assert_eq!(phone.post(next, "/my/session/day", day).await.0, StatusCode::SEE_OTHER);
    let (_, page) = phone.get(next).await;
    assert!(page.contains("Where you are today") && page.contains("1 Example Street"), "{page}");
    let (status, page) = phone.post(next, "/my/session/day", "part=place&place=elsewhere&ambulance=known").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("Write the address where you are today.") && page.contains("whole number of minutes"),
        "{page}"
    );
    let place = "part=place&place=on-record&ambulance=known&ambulance_minutes=12&room=yes&stairs=no&water=no&heat=no&sole_care=no&weapon=no&other_means=no&oximeter=no";
    assert_eq!(phone.post(next, "/my/session/day", place).await.0, StatusCode::SEE_OTHER);
    let (_, page) = phone.get(next).await;
    assert!(page.contains("For your eyes only") && page.contains("who frightens you"), "{page}");
    let (status, page) = phone.post(next, "/my/session/day", "part=private").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("answer at least one question") && page.contains("For your eyes only"), "{page}");
    assert_eq!(phone.post(next, "/my/session/day", "part=private&private=no").await.0, StatusCode::SEE_OTHER);
    let (_, page) = phone.get("/my/session").await;
    assert!(page.contains("Your dose is on hold") && page.contains("Call your team"), "{page}");
    assert!(page.contains("after alcohol or cannabis"), "the rule's own plain words are shown");
    assert!(!page.contains("D02"), "no rule number is shown to a patient");
    assert!(phone.get(next).await.1.contains("Rest for 5 minutes"));
}

#[tokio::test]
async fn what_the_patient_says_of_a_danger_reaches_the_team_and_is_shown_on_no_phone() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(-60), Clinic::default());
    let people = people(6500);
    account(&app).await;
    put(&app, &people, false);
    let mut phone = patient_browser(&app, &people).await;
    let next = "/my/session?step=next";
    phone.post(next, "/my/session/safety", "asq_1=0&asq_2=0&asq_3=0&asq_4=0").await;
    let (status, _) = phone.post(next, "/my/session/day", "part=private&private=yes").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert!(open.chart.open_alerts().iter().any(|alert| matches!(alert.about, AlertSubject::CompanionDanger { .. })));
    let telling = ["frightens", "S03-danger", "hurts you", "danger to"];
    for page in ["/my/session", next, "/my", "/my/record"] {
        let (_, page) = phone.get(page).await;
        assert!(telling.iter().all(|word| !page.contains(word)), "{page}");
    }
    let mut beside = companion_browser(&app, &people).await;
    for page in ["/companion", "/companion/session"] {
        let (_, page) = beside.get(page).await;
        assert!(telling.iter().all(|word| !page.contains(word)), "{page}");
    }
    let mut guide = guide_browser(&app).await;
    let (_, page) = guide.get(&format!("/patients/{}/sessions/{}", people.patient, people.session)).await;
    assert!(page.contains("S03-danger") && page.contains("Reach them where nobody else hears"), "{page}");
}

#[tokio::test]
async fn the_guide_looks_over_the_clinic_and_says_how_the_companion_was_met() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(-30), Clinic::default());
    let people = people(6600);
    account(&app).await;
    put(&app, &people, false);
    let mut guide = guide_browser(&app).await;
    let cockpit = format!("/patients/{}/sessions/{}", people.patient, people.session);
    let (status, page) = guide.post(&cockpit, &format!("{cockpit}/companion"), "sober=yes&phone=yes").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Choose how you met the companion."), "{page}");
    let (status, _) = guide.post(&cockpit, &format!("{cockpit}/companion"), "sober=yes&phone=yes&how=telephone").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = guide.get(&cockpit).await;
    assert!(page.contains("by telephone, heard and not seen"), "{page}");
    let (status, page) = guide.post(&cockpit, &format!("{cockpit}/ready"), "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    let (status, _) = guide.post(&cockpit, &format!("{cockpit}/ready"), "oxygen=no&suction=yes").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    let found = open.chart.session(people.session).unwrap().readiness;
    assert_eq!((found.oxygen, found.suction, found.iv_access), (Some(Answered::No), Some(Answered::Yes), None));
}

#[tokio::test]
async fn a_second_safety_question_is_asked_only_when_the_first_four_call_for_it() {
    let folder = support::Folder::new();
    let app = support::open(&folder, clock_at(-60), Clinic::default());
    let people = people(7000);
    put(&app, &people, false);
    let mut phone = patient_browser(&app, &people).await;
    let next = "/my/session?step=next";
    assert!(!phone.get(next).await.1.contains("killing yourself right now"));
    let (status, page) = phone.post(next, "/my/session/safety", "asq_1=1&asq_2=0&asq_3=0&asq_4=0").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("killing yourself right now"));
    let (status, _) = phone.post(next, "/my/session/safety", "asq_1=1&asq_2=0&asq_3=0&asq_4=0&asq_5=0").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = phone.get(next).await;
    assert!(page.contains("Your dose is on hold") && page.contains("Call your team"));
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert!(!open.chart.open_alerts().is_empty(), "the team is told");
}

/// Waits until the ticker has done it; the clock stands still meanwhile.
async fn ticked(app: &App, people: &People, done: impl Fn(&stillwater_care::Chart) -> bool) {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let open = app.charts.load(people.patient).await.unwrap().unwrap();
        if done(&open.chart) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the ticker did not do it");
}

fn missed_look_in(chart: &stillwater_care::Chart) -> bool {
    chart.missed.iter().any(|missed| missed.value.check == CheckKind::LookIn)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_look_in_raises_an_alert_and_goes_up_the_ladder_by_itself() {
    let folder = support::Folder::new();
    let clock = clock_at(19);
    let app = support::open(&folder, clock.clone(), Clinic::default());
    let people = people(8000);
    put(&app, &people, true);
    look(&app.charts, app.clock.now()).await;
    let open = app.charts.load(people.patient).await.unwrap().unwrap();
    assert!(!missed_look_in(&open.chart), "four minutes late is not yet missed");
    let ticker = tokio::spawn(run_ticker(
        Arc::clone(&app.charts),
        app.accounts.clone(),
        Arc::clone(&app.clock),
        app.stop.clone(),
    ));
    clock.advance_ms(MINUTE_MS);
    ticked(&app, &people, missed_look_in).await;
    let rung = |chart: &stillwater_care::Chart| chart.open_alerts()[0].level;
    ticked(&app, &people, |chart| rung(chart) == EscalationLevel::Guide).await;
    clock.advance_ms(5 * MINUTE_MS);
    ticked(&app, &people, |chart| rung(chart) == EscalationLevel::Prescriber).await;
    clock.advance_ms(5 * MINUTE_MS);
    ticked(&app, &people, |chart| rung(chart) == EscalationLevel::OnCall).await;
    app.stop.cancel();
    ticker.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_keeps_everything_and_sees_what_was_missed_meanwhile() {
    let folder = support::Folder::new();
    let people = people(9000);
    let before = {
        let app = support::open(&folder, clock_at(10), Clinic::default());
        put(&app, &people, true);
        let mut phone = patient_browser(&app, &people).await;
        assert_eq!(phone.post("/my/session", "/my/session/ok", "").await.0, StatusCode::SEE_OTHER);
        assert_eq!(phone.post("/my/session", "/my/session/help", "").await.0, StatusCode::SEE_OTHER);
        // The application is dropped here without being told to stop.
        app.charts.load(people.patient).await.unwrap().unwrap().chart.clone()
    };
    let app = support::open(&folder, clock_at(21), Clinic::default());
    let after = app.charts.load(people.patient).await.unwrap().unwrap();
    assert_eq!(after.chart, before);
    let help: AlertId = before.open_alerts()[0].id;
    let ticker = tokio::spawn(run_ticker(
        Arc::clone(&app.charts),
        app.accounts.clone(),
        Arc::clone(&app.clock),
        app.stop.clone(),
    ));
    ticked(&app, &people, missed_look_in).await;
    ticked(&app, &people, |chart| chart.alert(help).unwrap().level > EscalationLevel::Guide).await;
    app.stop.cancel();
    ticker.await.unwrap();
}
