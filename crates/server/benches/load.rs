//! How long pages take under load: a chart asked for over 64 connections, and the caseload of 5,000 patients.
//!
//! A clinic in a folder of its own is filled with synthetic people whose events come out of `decide`, the real server
//! listens on loopback, and the reader signs in through the real form. What is printed is for this machine only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use stillwater_clinic::clock::RealClock;
use stillwater_server::state::{App, Clinic};
use stillwater_store::{Options, Store};

use support::{connect, events, get, guide_account, patient, sign_in};

const PATIENTS: u32 = 5_000;
/// Events in each chart of the caseload, and in the one chart that is opened over and over.
const EVENTS: u32 = 10;
const EVENTS_OF_THE_OPENED: u32 = 300;
const WRITERS: u32 = 16;

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = Store::open(&folder, Options::default()).unwrap();
    let app = App::over(store, Arc::new(RealClock), Clinic::default()).unwrap();
    fill(&app);
    let listener = runtime.block_on(async {
        app.accounts.create_account(guide_account()).await.unwrap();
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
