//! How long the programme page takes over 5,000 charts of whole first weeks: the first time, when every figure is worked out,
//! after a chart has changed, and when nothing has. Also what an append costs with the line for statistics in it, and opening.
//!
//! Set `PEOPLE` to try another size.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use stillwater_care::event::{Draft, Point};
use stillwater_care::facts::Setting;
use stillwater_care::ids::{EventId, PatientId};
use stillwater_care::protocol::Protocols;
use stillwater_clinic::charts::{Charts, lines};
use stillwater_programme::Filter;
use stillwater_server::programme::{FigureCache, report};
use stillwater_store::{Options, Store};
use stillwater_testkit::Course;
use uuid::Uuid;

fn main() {
    let people: u128 = std::env::var("PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("programme-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.watch_and_release(session, Setting::Home);
    course.integrate(session);
    course.hours(24 * 7);
    course.answers("pcl-5-week", Point::Day7);
    let protocols = Protocols::built_in();
    let now = course.now;
    let drafts = |person: u128| -> Vec<Draft> {
        let own = |one: &stillwater_care::Recorded| Draft {
            id: EventId(Uuid::from_u128(one.id.0.as_u128() ^ (person << 64))),
            occurred_at: one.occurred_at,
            recorded_at: one.recorded_at,
            actor: one.actor.clone(),
            event: one.event.clone(),
        };
        course.log.iter().map(own).collect()
    };
    let store = Store::open(&folder, Options::default()).unwrap();
    let charts = Arc::new(Charts::open(store, protocols, now).unwrap());
    let say = |what: &str, started: Instant| println!("{what:<58}{:>10.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let started = Instant::now();
    for person in 1..=people {
        charts.record_whole(PatientId(Uuid::from_u128(person)), drafts(person), now).unwrap();
    }
    say(&format!("{people} charts of {} events written", course.log.len()), started);
    let kept = FigureCache::default();
    let page = |what: &str| {
        let started = Instant::now();
        let figures = kept.figures(&charts, &Filter::default(), now.as_second());
        let bytes = report(&figures, "Bench", "everybody", "the bench", now).len();
        say(&format!("{what}, {} treated, {} KB", figures.treated, bytes / 1024), started);
    };
    page("every figure and its page, the first time");
    page("again, nothing changed");
    charts.record_whole(PatientId(Uuid::from_u128(people + 1)), drafts(people + 1), now).unwrap();
    page("again, one chart changed");
    drop(charts);
    let started = Instant::now();
    let store = Store::open(&folder, Options::default()).unwrap();
    let read = lines(&store, protocols, now, &mut |_| ()).unwrap().len();
    say(&format!("{read} lines read for a report"), started);
    drop(store);
    let started = Instant::now();
    let store = Store::open(&folder, Options::default()).unwrap();
    drop(Charts::open(store, protocols, now).unwrap());
    say("opening the charts of the folder", started);
    std::fs::remove_dir_all(&folder).unwrap();
}
