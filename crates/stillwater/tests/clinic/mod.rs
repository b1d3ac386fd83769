//! A small clinic on the disk: synthetic people whose courses were decided by the rules, and staff who may sign in.

use std::path::{Path, PathBuf};

use stillwater_care::command::Command;
use stillwater_care::event::{AdverseEventRecorded, CourseEnded, Draft, EndReason, Event, Point, Recorded, Relation};
use stillwater_care::facts::{Setting, Sex};
use stillwater_care::ids::EventId;
use stillwater_store::{Account, Append, IndexRow, NewEvent, Options, Store, StreamId, Uuid};
use stillwater_testkit::{Course, guide, prescriber};

/// A folder of its own for one test, taken away at the end.
pub struct Room(PathBuf);

impl Room {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stillwater-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The id of one of the people.
pub fn patient(number: u32) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

/// A course of one dose that has ended, and one that only began.
fn courses() -> [Vec<Recorded>; 3] {
    let treated = |setting| {
        let mut course = Course::new();
        let session = course.dosed(setting);
        course.watch_and_release(session, setting);
        let event = AdverseEventRecorded {
            what: "Zz-marker what".into(),
            serious: false,
            relation: Relation::Possible,
            session: Some(session),
            outcome: "Zz-marker outcome".into(),
        };
        course.does(guide(), Command::RecordAdverseEvent(event));
        course.hours(24 * 7).answers("pcl-5-week", Point::Day7);
        let ended = CourseEnded { reason: EndReason::Completed, words: "Zz-marker end".into() };
        if course.try_do(prescriber(), Command::EndCourse(ended)).is_err() {
            let ended = CourseEnded { reason: EndReason::Moved, words: "Zz-marker end".into() };
            course.does(prescriber(), Command::EndCourse(ended));
        }
        course.log
    };
    let mut began = Course::new();
    began.eligible(Setting::Clinic);
    [treated(Setting::Clinic), treated(Setting::Home), began.log]
}

/// Makes a clinic with so many people, who differ in age, sex, service and setting.
pub fn fill(folder: &str, people: u32) {
    let store = Store::open(Path::new(folder), Options::default()).unwrap();
    let courses = courses();
    for number in 0..people {
        let log = match number % 7 {
            0..=3 => &courses[0],
            4 | 5 => &courses[1],
            _ => &courses[2],
        };
        let events = log.iter().map(|recorded| event(recorded, number)).collect();
        let append =
            Append { stream: StreamId::patient(patient(number)), expected_seq: 0, events, index: IndexRow::default() };
        store.append(append).unwrap();
    }
    for (number, (login, role, active)) in
        [("manager", "manager", true), ("guide", "guide", true), ("former", "manager", false)].into_iter().enumerate()
    {
        let account = Account {
            id: Uuid::from_u128(0x5711 + number as u128),
            login: login.to_owned(),
            display_name: format!("{login} example"),
            roles: vec![role.to_owned()],
            password_hash: String::new(),
            active,
            created_at_ms: 0,
            patient: None,
        };
        store.create_account(account).unwrap();
    }
}

/// The event as another person's: with ids and demographics of their own.
fn event(recorded: &Recorded, number: u32) -> NewEvent {
    let mut one = recorded.clone();
    if let Event::PatientReferred(referred) = &mut one.event {
        let who = &mut referred.demographics;
        who.name = format!("Zz-marker {number}");
        who.birth_date = jiff::civil::date(1960 + (number % 4) as i16 * 12, 3, 3);
        who.sex = if number.is_multiple_of(3) { Sex::Female } else { Sex::Male };
        who.veteran = [Some(true), Some(false), Some(true), None][number as usize % 4];
        referred.reason = "Zz-marker reason".to_owned();
    }
    let id = (u128::from(number) + 1) << 64 | u128::from(one.seq);
    let draft = Draft {
        id: EventId(Uuid::from_u128(id)),
        occurred_at: one.occurred_at,
        recorded_at: one.recorded_at,
        actor: one.actor,
        event: one.event,
    };
    let (kind, version) = (draft.event.name().to_owned(), draft.event.version());
    NewEvent {
        event_id: draft.id.0,
        kind,
        version,
        recorded_at_ms: 1_000,
        act_id: None,
        payload: draft.to_bytes().unwrap(),
    }
}

/// Adds a chart that this program cannot read.
#[allow(dead_code, reason = "not each test that uses the clinic asks for it")]
pub fn unreadable(folder: &str) {
    let store = Store::open(Path::new(folder), Options::default()).unwrap();
    let event = NewEvent {
        event_id: Uuid::from_u128(77),
        kind: "FromAnotherTime".to_owned(),
        version: 1,
        recorded_at_ms: 1_000,
        act_id: None,
        payload: b"synthetic".to_vec(),
    };
    let index = IndexRow::default();
    store
        .append(Append { stream: StreamId::patient(Uuid::from_u128(77)), expected_seq: 0, events: vec![event], index })
        .unwrap();
}
