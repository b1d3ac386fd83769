//! How long pages take under load: a chart asked for over 64 connections, and the caseload of 5,000 patients.
//!
//! A clinic in a folder of its own is filled with synthetic people whose events come out of `decide`, the real server
//! listens on loopback, and the reader signs in through the real form. What is printed is for this machine only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, CompleteMeasure, Context, decide};
use stillwater_care::event::{Demographics, Draft, PatientReferred, Point, VitalsRecorded};
use stillwater_care::facts::Sex;
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::{Actor, Role};
use stillwater_instruments::Responses;
use stillwater_server::app::{App, Clinic};
use stillwater_server::auth::book::Account;
use stillwater_server::auth::password::hash_now;
use stillwater_server::clock::RealClock;
use stillwater_store::{Options, Store};
use uuid::Uuid;

const PATIENTS: u32 = 5_000;
/// Events in each chart of the caseload, and in the one chart that is opened over and over.
const EVENTS: u32 = 10;
const EVENTS_OF_THE_OPENED: u32 = 300;
const WRITERS: u32 = 16;
const GUIDE: u128 = 7;
const LOGIN: &str = "guide";
const PASSWORD: &str = "lantern river copper";

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = Store::open(&folder, Options::default()).unwrap();
    let app = App::over(store, Arc::new(RealClock), Clinic::default()).unwrap();
    fill(&app);
    let listener = runtime.block_on(async {
        app.book.create_account(guide_account()).await.unwrap();
        tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()
    });
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let server = runtime.spawn(stillwater_server::serve(app, listener, stop.clone().cancelled_owned()));

    let cookies = sign_in(address);
    let chart = format!("/patients/{}", patient(0));
    println!(
        "{:<10} {:>8} {:>11} {:>8} {:>9} {:>9} {:>9} {:>9}",
        "page", "size", "connections", "requests", "p50", "p95", "p99", "most"
    );
    for (name, path, connections, each) in [
        ("chart", chart.as_str(), 1, 200),
        ("chart", chart.as_str(), 64, 40),
        ("caseload", "/caseload", 1, 40),
        ("caseload", "/caseload", 8, 20),
    ] {
        // One unmeasured request, so that no figure holds the first folding of the chart.
        let size = get(&mut connect(address), path, &cookies).body.len() / 1024;
        let mut took = load(address, path, &cookies, connections, each);
        took.sort_unstable();
        let at = |share: f64| took.get(((took.len() - 1) as f64 * share).round() as usize).unwrap().as_secs_f64() * 1e3;
        println!(
            "{name:<10} {size:>5} KB {connections:>11} {:>8} {:>6.1} ms {:>6.1} ms {:>6.1} ms {:>6.1} ms",
            took.len(),
            at(0.50),
            at(0.95),
            at(0.99),
            at(1.0)
        );
    }
    stop.cancel();
    runtime.block_on(server).unwrap().unwrap();
    drop(runtime);
    std::fs::remove_dir_all(folder).unwrap();
}

fn guide() -> Actor {
    Actor::Staff { id: StaffId(Uuid::from_u128(GUIDE)), name: "Bench Demo".to_owned(), role: Role::Guide }
}

fn guide_account() -> Account {
    Account {
        id: Uuid::from_u128(GUIDE),
        login: LOGIN.to_owned(),
        display_name: "Bench Demo".to_owned(),
        roles: vec![Role::Guide],
        password_hash: Some(hash_now(PASSWORD).unwrap()),
        active: true,
        patient: None,
    }
}

fn patient(number: u32) -> PatientId {
    PatientId(Uuid::from_u128(u128::from(number + 1) << 64))
}

/// One person's events: a referral by the guide, who is then on the care team, and half days of checks and readings.
fn events(number: u32, count: u32, until: Timestamp) -> Vec<Draft> {
    let mut chart = Chart::new(patient(number));
    let mut drafts = Vec::new();
    let mut now = plus_minutes(until, -i64::from(count) * 12 * 60);
    let mut sent = 0;
    while u32::try_from(drafts.len()).unwrap() < count {
        let (actor, command) = nth(number, sent, now);
        // Far apart and unique over all charts, since the events of one command count up from its id.
        let command_id = Uuid::from_u128(u128::from(number + 1) << 96 | u128::from(sent + 1) << 32);
        let context = Context { now, actor, command_id, protocols: Protocols::built_in() };
        for draft in decide(&chart, &context, command).unwrap() {
            chart.apply(&draft.clone().at(chart.seq + 1));
            drafts.push(draft);
        }
        sent += 1;
        now = plus_minutes(now, 12 * 60);
    }
    drafts
}

fn nth(number: u32, sent: u32, now: Timestamp) -> (Actor, Command) {
    if sent == 0 {
        let demographics = Demographics {
            name: format!("Bench{number} Demo"),
            birth_date: "1986-05-04".parse().unwrap(),
            sex: Sex::Female,
            veteran: Some(number.is_multiple_of(2)),
            phone: "555-0100".to_owned(),
            address: "1 Example Street, Demo Town".to_owned(),
            time_zone: "America/Denver".to_owned(),
            emergency_number: "911".to_owned(),
        };
        let source = "a benchmark".to_owned();
        let referral = PatientReferred { demographics, reason: source.clone(), source };
        return (guide(), Command::ReferPatient(referral));
    }
    if sent.is_multiple_of(2) {
        let level = i64::from(sent / 2 % 3);
        let answers = Responses::from([
            ("daily_1", level),
            ("daily_2", level),
            ("daily_3", 1),
            ("daily_4", 1),
            ("daily_5", level),
            ("daily_6", 0),
        ]);
        let instrument = "daily-check".to_owned();
        let measure = CompleteMeasure { instrument, point: Point::Unscheduled, session: None, answers };
        return (Actor::Patient, Command::CompleteMeasure(measure));
    }
    let mut vitals = Vitals::at(now, ReadingSource::Device);
    vitals.blood_pressure = Some(BloodPressure { systolic: 118, diastolic: 76 });
    vitals.heart_rate_per_min = Some(66);
    (guide(), Command::RecordVitals(VitalsRecorded { session: None, vitals }))
}

/// Records everybody, with several writers so that the store gathers charts into few writes to the disk.
fn fill(app: &App) {
    let started = Instant::now();
    let now = app.clock.now();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let charts = Arc::clone(&app.charts);
            scope.spawn(move || {
                for number in (writer..PATIENTS).step_by(WRITERS as usize) {
                    let count = if number == 0 { EVENTS_OF_THE_OPENED } else { EVENTS };
                    charts.record_whole(patient(number), events(number, count, now), now).unwrap();
                }
            });
        }
    });
    println!("{PATIENTS} patients recorded in {:.1} s", started.elapsed().as_secs_f64());
}

/// Asks for a page over several connections at once; how long each answer took.
fn load(address: SocketAddr, path: &str, cookies: &str, connections: usize, each: usize) -> Vec<Duration> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = connect(address);
                    (0..each)
                        .map(|_| {
                            let started = Instant::now();
                            get(&mut stream, path, cookies);
                            started.elapsed()
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

fn connect(address: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    BufReader::new(stream)
}

struct Answer {
    status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The cookies set, as a browser sends them back.
    fn cookies(&self) -> String {
        let pairs: Vec<_> = self.all("set-cookie").filter_map(|cookie| cookie.split(';').next()).collect();
        pairs.join("; ")
    }
}

fn get(stream: &mut BufReader<TcpStream>, path: &str, cookies: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookies}\r\n\r\n");
    let answer = exchange(stream, &request);
    assert_eq!(answer.status, 200, "{path} was not answered with a page, so its time would mean nothing");
    answer
}

fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> Answer {
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let mut line = || {
        let mut text = String::new();
        stream.read_line(&mut text).unwrap();
        text.trim_end().to_owned()
    };
    let status = line().split(' ').nth(1).expect("a status").parse().unwrap();
    let mut headers = Vec::new();
    loop {
        let text = line();
        let Some((name, value)) = text.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse().unwrap());
    let mut body = vec![0; length.expect("pages are sent with their length")];
    stream.read_exact(&mut body).unwrap();
    Answer { status, headers, body: String::from_utf8(body).unwrap() }
}

/// Signs in as a browser does: the form's token and cookie first, then name and password.
fn sign_in(address: SocketAddr) -> String {
    let mut stream = connect(address);
    let form = get(&mut stream, "/sign-in", "");
    let (_, after) = form.body.split_once("name=\"csrf\" content=\"").expect("the page names its token");
    let token = after.split('"').next().unwrap();
    let body = format!("csrf={token}&login={LOGIN}&password={}", PASSWORD.replace(' ', "+"));
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        form.cookies(),
        body.len()
    );
    let answer = exchange(&mut stream, &request);
    assert_eq!(answer.status, 303, "signing in was refused");
    answer.cookies()
}
