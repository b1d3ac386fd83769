//! How many readings a second are recorded over HTTP: a guide's signed-in form over 8 connections, into 33 charts of some 500
//! events each.
//!
//! The load generator shares the machine with the server, so what is printed is for this machine only, and for comparing two
//! states of the code in one run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use stillwater_care::quantity::plus_minutes;
use stillwater_clinic::clock::RealClock;
use stillwater_server::state::{App, Clinic};
use stillwater_store::{Options, Store};
use uuid::Uuid;

use support::{connect, events, get, guide_account, patient, post, sign_in, token};

const CHARTS: u32 = 33;
const EVENTS: u32 = 500;
const CONNECTIONS: u32 = 8;
/// Readings that each connection sends in each round; the first round is not counted.
const READINGS: u32 = 250;
const ROUNDS: u32 = 5;

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("record-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = Store::open(&folder, Options::default()).unwrap();
    let app = App::over(store, Arc::new(RealClock), Clinic::default()).unwrap();
    let now = app.clock.now();
    for number in 0..CHARTS {
        app.charts.record_whole(patient(number), events(number, EVENTS, now), now).unwrap();
    }
    let charts = Arc::clone(&app.charts);
    let listener = runtime.block_on(async {
        app.accounts.create_account(guide_account()).await.unwrap();
        tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()
    });
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let server = runtime.spawn(stillwater_server::serve(app, listener, stop.clone().cancelled_owned()));

    let cookies = sign_in(address);
    let token = token(&get(&mut connect(address), &format!("/patients/{}", patient(0)), &cookies).body);
    println!("{CHARTS} charts of {EVENTS} events, {CONNECTIONS} connections");
    for round in 0..=ROUNDS {
        let before: u64 = recorded(&charts);
        let started = Instant::now();
        let mut took = send(address, &cookies, &token, round, now);
        let seconds = started.elapsed().as_secs_f64();
        let sent = u64::from(CONNECTIONS * READINGS);
        assert!(recorded(&charts) >= before + sent, "every reading is in a chart");
        took.sort_unstable();
        let at = |share: f64| took.get(((took.len() - 1) as f64 * share).round() as usize).unwrap().as_secs_f64() * 1e3;
        let counted = if round == 0 { "warming up" } else { "" };
        println!(
            "{:>7.0} readings a second   p50 {:>6.2} ms   p99 {:>6.2} ms   {counted}",
            sent as f64 / seconds,
            at(0.50),
            at(0.99)
        );
    }
    stop.cancel();
    runtime.block_on(server).unwrap().unwrap();
    drop(charts);
    drop(runtime);
    std::fs::remove_dir_all(folder).unwrap();
}

fn recorded(charts: &stillwater_clinic::charts::Charts) -> u64 {
    (0..CHARTS).map(|number| charts.load_blocking(patient(number)).unwrap().unwrap().chart.seq).sum()
}

/// Sends one round of readings; how long each answer took.
fn send(address: SocketAddr, cookies: &str, token: &str, round: u32, now: Timestamp) -> Vec<Duration> {
    let there = plus_minutes(now, -60).to_zoned(jiff::tz::TimeZone::get("America/Denver").unwrap());
    let taken_at = there.strftime("%Y-%m-%dT%H:%M").to_string().replace(':', "%3A");
    let taken_at = taken_at.as_str();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                scope.spawn(move || {
                    let mut stream = connect(address);
                    (0..READINGS)
                        .map(|reading| {
                            let number = round * CONNECTIONS * READINGS + connection * READINGS + reading;
                            let path = format!("/patients/{}/intake", patient(number % CHARTS));
                            // Far from the ids of the commands that made the charts.
                            let command_id = Uuid::from_u128((0xbe << 120) | (u128::from(number) << 32));
                            let body = format!(
                                "csrf={token}&command_id={command_id}&form=vitals&vitals-at={taken_at}&vitals-source=device\
                                 &systolic=118&diastolic=76&heart_rate={}",
                                60 + number % 30
                            );
                            let started = Instant::now();
                            let answer = post(&mut stream, &path, cookies, &body);
                            assert_eq!(answer.status, 303, "the reading was not recorded: {}", answer.body);
                            started.elapsed()
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}
