//! How long it takes to fold a chart from its events, and to decide one more reading against it: one of 300 events and
//! one of 3,000.
//!
//! The chart is that of somebody who fills in the daily check and has a blood pressure taken, day after day. Each event
//! comes out of `decide`, so the mix is one that a clinic could have recorded.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::command::{Command, CompleteMeasure, Context, decide, decide_batch};
use stillwater_care::event::{Demographics, PatientReferred, Point, Recorded, VitalsRecorded};
use stillwater_care::facts::Sex;
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{BloodPressure, ReadingSource, Vitals, plus_minutes};
use stillwater_care::roles::{Actor, Role};
use stillwater_instruments::Responses;
use uuid::Uuid;

fn main() {
    divan::main();
}

const PATIENT: PatientId = PatientId(Uuid::from_u128(1));

fn guide() -> Actor {
    Actor::Staff { id: StaffId(Uuid::from_u128(2)), name: "Bench Demo".to_owned(), role: Role::Guide }
}

/// The command of the `n`-th half day, and who sends it.
fn nth(n: u32, now: Timestamp) -> (Actor, Command) {
    if n.is_multiple_of(2) {
        let level = i64::from(n / 2 % 3);
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
        (Actor::Patient, Command::CompleteMeasure(measure))
    } else {
        let mut vitals = Vitals::at(now, ReadingSource::Device);
        vitals.blood_pressure = Some(BloodPressure { systolic: 118, diastolic: 76 });
        vitals.heart_rate_per_min = Some(66);
        (guide(), Command::RecordVitals(VitalsRecorded { session: None, vitals }))
    }
}

/// A chart's events: a referral, and then half days until there are `count`.
fn events(count: usize) -> Vec<Recorded> {
    let mut chart = Chart::new(PATIENT);
    let mut log: Vec<Recorded> = Vec::with_capacity(count + 2);
    let mut now: Timestamp = "2024-01-02T15:00:00Z".parse().unwrap();
    let demographics = Demographics {
        name: "Bench Demo".to_owned(),
        birth_date: "1986-05-04".parse().unwrap(),
        birth_known_to: None,
        sex: Sex::Female,
        veteran: Some(true),
        phone: "555-0100".to_owned(),
        address: "1 Example Street, Demo Town".to_owned(),
        time_zone: "America/Denver".to_owned(),
        emergency_number: "911".to_owned(),
        identifiers: Vec::new(),
    };
    let referral = PatientReferred { demographics, reason: "a benchmark".to_owned(), source: "a benchmark".to_owned() };
    let mut next = (guide(), Command::ReferPatient(referral));
    let mut sent: u32 = 0;
    while log.len() < count {
        let (actor, command) = next;
        // Far apart, since the events of one command count up from its id.
        let command_id = Uuid::from_u128(u128::from(sent + 1) << 64);
        let context = Context { now, actor, command_id, protocols: Protocols::built_in() };
        for draft in decide(&chart, &context, command).unwrap() {
            let recorded = draft.at(chart.seq + 1);
            chart.apply(&recorded);
            log.push(recorded);
        }
        sent += 1;
        now = plus_minutes(now, 12 * 60);
        next = nth(sent, now);
    }
    log.truncate(count);
    log
}

#[divan::bench(args = [300, 3_000])]
fn fold_chart(bencher: Bencher<'_, '_>, count: usize) {
    let log = events(count);
    bencher.counter(ItemsCount::new(count)).bench_local(|| Chart::fold(PATIENT, black_box(&log)));
}

/// Reading the stored bytes and folding them, as a server does with a chart that it has not kept.
#[divan::bench(args = [300, 3_000])]
fn read_and_fold_chart(bencher: Bencher<'_, '_>, count: usize) {
    let stored: Vec<(Recorded, Vec<u8>)> = events(count)
        .into_iter()
        .map(|r| {
            let draft = stillwater_care::Draft {
                id: r.id,
                occurred_at: r.occurred_at,
                recorded_at: r.recorded_at,
                actor: r.actor.clone(),
                event: r.event.clone(),
            };
            (r, draft.to_bytes().unwrap())
        })
        .collect();
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let log: Vec<Recorded> = stored
            .iter()
            .map(|(r, bytes)| {
                Recorded::from_bytes(r.seq, r.id, r.event.name(), r.event.version(), black_box(bytes)).unwrap()
            })
            .collect();
        Chart::fold(PATIENT, &log)
    });
}

/// A copy of a chart, which every command that is accepted makes once.
#[divan::bench(args = [300, 3_000])]
fn copy_chart(bencher: Bencher<'_, '_>, count: usize) {
    let chart = Chart::fold(PATIENT, &events(count));
    bencher.bench_local(|| black_box(&chart).clone());
}

/// Deciding one reading: refused for its figure, and accepted.
#[divan::bench(args = [(300, 20), (300, 118), (3_000, 20), (3_000, 118)])]
fn decide_reading(bencher: Bencher<'_, '_>, (count, systolic): (usize, i32)) {
    let log = events(count);
    let chart = Chart::fold(PATIENT, &log);
    let now = plus_minutes(log.last().map_or(Timestamp::UNIX_EPOCH, |r| r.recorded_at), 60);
    let command_id = Uuid::from_u128(u128::MAX << 64);
    let context = Context { now, actor: guide(), command_id, protocols: Protocols::built_in() };
    let mut vitals = Vitals::at(now, ReadingSource::Device);
    vitals.blood_pressure = Some(BloodPressure { systolic, diastolic: 76 });
    bencher.bench_local(|| {
        let command = Command::RecordVitals(VitalsRecorded { session: None, vitals: vitals.clone() });
        decide_batch(black_box(&chart), &context, vec![(command_id, command)])
    });
}
