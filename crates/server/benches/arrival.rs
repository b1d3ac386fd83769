//! How soon the guide's screen shows what happened elsewhere: from the patient's request, over HTTP, to the piece of the
//! cockpit that tells of it, over the live stream. A call for help travels the same way.
//!
//! What is printed is for this machine only. Tests show that things arrive; only this says how fast.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use stillwater_care::event::Draft;
use stillwater_care::facts::Setting;
use stillwater_care::roles::Actor;
use stillwater_clinic::accounts::Account;
use stillwater_clinic::clock::RealClock;
use stillwater_server::state::{App, Clinic};
use stillwater_store::{Options, Store};
use stillwater_testkit::{Course, guide};
use uuid::Uuid;

use support::{connect, get, guide_account, post, sign_in, token};

const READINGS: u32 = 300;

/// A session at home whose dose was taken five minutes ago.
fn session_that_runs() -> (Course, String) {
    let mut rehearsal = Course::new();
    let began = rehearsal.now;
    rehearsal.dosed(Setting::Home);
    let mut course = Course::new();
    course.now = jiff::Timestamp::now() - rehearsal.now.duration_since(began) - SignedDuration::from_mins(5);
    let session = course.dosed(Setting::Home);
    let cockpit = format!("/patients/{}/sessions/{session}", course.chart.id);
    (course, cockpit)
}

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("arrival-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = Store::open(&folder, Options::default()).unwrap();
    let app = App::over(store, Arc::new(RealClock), Clinic::default()).unwrap();
    let (course, cockpit) = session_that_runs();
    let drafts = course.log.iter().map(|one| Draft {
        id: one.id,
        occurred_at: one.occurred_at,
        recorded_at: one.recorded_at,
        actor: one.actor.clone(),
        event: one.event.clone(),
    });
    app.charts.record_whole(course.chart.id, drafts.collect(), course.now).unwrap();
    let listener = runtime.block_on(async {
        let Actor::Staff { id, .. } = guide() else { panic!("a guide is staff") };
        app.accounts.create_account(Account { id: id.0, ..guide_account() }).await.unwrap();
        tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()
    });
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let server = runtime.spawn(stillwater_server::serve(app, listener, stop.clone().cancelled_owned()));

    let cookies = sign_in(address);
    let mut sender = connect(address);
    let token = token(&get(&mut sender, &cockpit, &cookies).body);
    let mut screen = connect(address);
    write!(
        screen.get_mut(),
        "GET /live{cockpit}?shown=observing HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\ncookie: {cookies}\r\n\r\n"
    )
    .unwrap();
    let mut took: Vec<Duration> = (0..READINGS)
        .map(|reading| {
            // Each pair of figures comes once, so that no earlier piece can be taken for it.
            let (systolic, diastolic) = (110 + reading % 20, 60 + reading / 20);
            let command_id = Uuid::from_u128((0xbe << 120) | u128::from(reading));
            let body =
                format!("csrf={token}&command_id={command_id}&systolic={systolic}&diastolic={diastolic}&source=device");
            let started = Instant::now();
            let answer = post(&mut sender, &format!("{cockpit}/update"), &cookies, &body);
            assert_eq!(answer.status, 303, "the reading was not recorded: {}", answer.body);
            let told = format!("{systolic}/{diastolic}");
            let mut line = String::new();
            while !line.contains(&told) {
                line.clear();
                assert!(screen.read_line(&mut line).unwrap() > 0, "the stream ended");
            }
            started.elapsed()
        })
        .collect();
    took.sort_unstable();
    let at = |share: f64| took.get(((took.len() - 1) as f64 * share).round() as usize).unwrap().as_secs_f64() * 1e3;
    println!(
        "{READINGS} readings, sent until on the guide's screen   p50 {:.2} ms   p99 {:.2} ms   most {:.2} ms",
        at(0.50),
        at(0.99),
        at(1.0)
    );
    stop.cancel();
    drop((sender, screen));
    runtime.block_on(server).unwrap().unwrap();
    drop(runtime);
    std::fs::remove_dir_all(folder).unwrap();
}
