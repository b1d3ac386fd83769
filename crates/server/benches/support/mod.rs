//! What the benches of pages share: synthetic people whose events come out of `decide`, a guide who signs in through the real
//! form, and plain HTTP over one connection.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, CompleteMeasure, Context, decide};
use stillwater_care::event::{Demographics, Draft, PatientReferred, Point, VitalsRecorded};
use stillwater_care::facts::Sex;
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::{Actor, Role};
use stillwater_clinic::accounts::Account;
use stillwater_instruments::Responses;
use stillwater_server::auth::password::hash_now;
use uuid::Uuid;

const GUIDE: u128 = 7;
const LOGIN: &str = "guide";
const PASSWORD: &str = "lantern river copper";

pub fn guide() -> Actor {
    Actor::Staff { id: StaffId(Uuid::from_u128(GUIDE)), name: "Bench Demo".to_owned(), role: Role::Guide }
}

pub fn guide_account() -> Account {
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

pub fn patient(number: u32) -> PatientId {
    PatientId(Uuid::from_u128(u128::from(number + 1) << 64))
}

/// One person's events: a referral by the guide, who is then on the care team, and half days of checks and readings.
pub fn events(number: u32, count: u32, until: Timestamp) -> Vec<Draft> {
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

pub fn nth(number: u32, sent: u32, now: Timestamp) -> (Actor, Command) {
    if sent == 0 {
        let demographics = Demographics {
            name: format!("Bench{number} Demo"),
            birth_date: "1986-05-04".parse().unwrap(),
            birth_known_to: None,
            sex: Sex::Female,
            veteran: Some(number.is_multiple_of(2)),
            phone: "555-0100".to_owned(),
            address: "1 Example Street, Demo Town".to_owned(),
            time_zone: "America/Denver".to_owned(),
            emergency_number: "911".to_owned(),
            identifiers: Vec::new(),
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

pub fn connect(address: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    BufReader::new(stream)
}

pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The cookies set, as a browser sends them back.
    pub fn cookies(&self) -> String {
        let pairs: Vec<_> = self.all("set-cookie").filter_map(|cookie| cookie.split(';').next()).collect();
        pairs.join("; ")
    }
}

pub fn get(stream: &mut BufReader<TcpStream>, path: &str, cookies: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookies}\r\n\r\n");
    let answer = exchange(stream, &request);
    assert_eq!(answer.status, 200, "{path} was not answered with a page, so its time would mean nothing");
    answer
}

pub fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> Answer {
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

/// The token that a page's forms carry.
pub fn token(page: &str) -> String {
    let (_, after) = page.split_once("name=\"csrf\" content=\"").expect("the page names its token");
    after.split('"').next().unwrap().to_owned()
}

/// Signs in as a browser does: the form's token and cookie first, then name and password.
pub fn sign_in(address: SocketAddr) -> String {
    let mut stream = connect(address);
    let form = get(&mut stream, "/sign-in", "");
    let token = token(&form.body);
    let body = format!("csrf={token}&login={LOGIN}&password={}", PASSWORD.replace(' ', "+"));
    let answer = post(&mut stream, "/sign-in", &form.cookies(), &body);
    assert_eq!(answer.status, 303, "signing in was refused");
    answer.cookies()
}

pub fn post(stream: &mut BufReader<TcpStream>, path: &str, cookies: &str, body: &str) -> Answer {
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookies}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    exchange(stream, &request)
}
