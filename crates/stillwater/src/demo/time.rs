//! How time passes in the demo: by itself, and in one go when somebody sets the clock on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use stillwater_clinic::charts;
use stillwater_clinic::clock::{AheadClock, Clock as _};
use stillwater_server::App;
use stillwater_server::demo_clock::Forward;
use tokio::sync::mpsc;

use super::live::Script;

/// How often somebody in the session that goes on by itself does something.
const BEAT: Duration = Duration::from_secs(20);
/// A hop while the script's session goes on.
const IN_SESSION_MS: i64 = 60_000;
/// A hop otherwise: short enough that what falls due is noticed near its time.
const OTHERWISE_MS: i64 = 5 * 60_000;
/// The file that keeps how far the clock is ahead, so that a demo that is started again does not go back in time.
const FILE: &str = "clock-ahead-ms";

/// How far ahead the clock of the demo in this folder was.
pub fn ahead_in(folder: &Path) -> Result<i64> {
    let file = folder.join(FILE);
    if !file.exists() {
        return Ok(0);
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    text.trim().parse().with_context(|| {
        format!("{} should hold one whole number, the milliseconds that the demo's clock is ahead", file.display())
    })
}

/// Lets the scripts act every few seconds and grants wishes that the clock be set on, until the server stops.
pub async fn pass(app: App, clock: Arc<AheadClock>, folder: std::path::PathBuf, mut scripts: Vec<Script>) {
    let (wishes, mut asked) = mpsc::channel::<Forward>(8);
    app.offer_time(wishes);
    let mut every = tokio::time::interval(BEAT);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = every.tick() => act(&mut scripts).await,
            Some(wish) = asked.recv() => {
                forward(&app, &clock, &mut scripts, i64::from(wish.minutes) * 60_000).await;
                let file = folder.join(FILE);
                if let Err(error) = std::fs::write(&file, clock.ahead_ms().to_string()) {
                    tracing::warn!(%error, file = %file.display(), "how far the demo's clock is ahead could not be kept");
                }
                // Whoever asked may have gone; the time has passed all the same.
                let _ = wish.done.send(());
            }
        }
    }
}

/// Each script does something; one that has nothing more to do is dropped.
async fn act(scripts: &mut Vec<Script>) {
    let mut going_on = Vec::with_capacity(scripts.len());
    for mut script in scripts.drain(..) {
        if script.act().await {
            going_on.push(script);
        }
    }
    *scripts = going_on;
}

async fn forward(app: &App, clock: &AheadClock, scripts: &mut Vec<Script>, mut left_ms: i64) {
    while left_ms > 0 && !app.stop.is_cancelled() {
        let hop = if scripts.is_empty() { OTHERWISE_MS } else { IN_SESSION_MS }.min(left_ms);
        clock.advance_ms(hop);
        left_ms -= hop;
        act(scripts).await;
        charts::look(&app.charts, clock.now()).await;
    }
}

#[cfg(test)]
mod tests {
    use stillwater_clinic::clock::RealClock;
    use stillwater_server::Clinic;
    use stillwater_store::{Options, Store};

    use super::*;
    use crate::demo::furnish;

    #[tokio::test]
    async fn the_sessions_that_go_on_by_themselves_end_in_release_and_a_day_more_passes() {
        let folder = std::env::temp_dir().join(format!("stillwater-demo-hours-{}", std::process::id()));
        let clock = Arc::new(AheadClock::default());
        let store = Store::open(&folder, Options::default()).unwrap();
        let app = App::with_door_clock(store, Arc::<AheadClock>::clone(&clock), Arc::new(RealClock), Clinic::default())
            .unwrap();
        let made = furnish(&app, 1).await.unwrap();
        let people = ["patient", "infusion"].map(|login| made.people[login]);
        let mut scripts = people.map(|patient| Script::of(app.clone(), patient, 1)).into();
        forward(&app, &clock, &mut scripts, 4 * 3_600_000).await;
        assert!(scripts.is_empty(), "the scripts have nothing more to do");
        for patient in people {
            let open = app.charts.load(patient).await.unwrap().unwrap();
            let ended = open.chart.sessions.iter().filter(|s| s.released().is_some()).count();
            assert_eq!(ended, open.chart.sessions.iter().filter(|s| s.dose_at().is_some()).count());
            assert!(open.chart.sessions.iter().all(|s| s.missed.is_empty()), "no check was missed meanwhile");
        }
        forward(&app, &clock, &mut scripts, 24 * 3_600_000).await;
        assert_eq!(clock.ahead_ms(), 28 * 3_600_000);
        drop(app);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn reads_how_far_the_clock_is_ahead_and_says_what_is_wrong_with_a_spoilt_file() {
        let folder = std::env::temp_dir().join(format!("stillwater-demo-time-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(ahead_in(&folder).unwrap(), 0);
        std::fs::write(folder.join(FILE), "3600000\n").unwrap();
        assert_eq!(ahead_in(&folder).unwrap(), 3_600_000);
        std::fs::write(folder.join(FILE), "tomorrow").unwrap();
        assert!(ahead_in(&folder).unwrap_err().to_string().contains("one whole number"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
