//! A home from which no phone is heard any more: the watcher makes a fact of it, and takes it back when somebody is heard.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;

use stillwater_care::facts::Setting;
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_clinic::charts::{Charts, look_at_sessions};
use stillwater_clinic::clock::{Clock, FixedClock};
use stillwater_clinic::presence::{LOST_AFTER_S, Party, SignsOfLife};
use stillwater_store::{Options, SqliteStore, Store};
use stillwater_testkit::Course;

const SECOND_MS: i64 = 1_000;

struct House {
    charts: Arc<Charts>,
    clock: FixedClock,
    signs: SignsOfLife,
    patient: PatientId,
    began_ms: i64,
    _folder: support::Folder,
}

/// Somebody who has just had their dose, in a process that began to listen at that moment.
fn house(setting: Setting) -> House {
    let mut course = Course::new();
    course.dosed(setting);
    let folder = support::Folder::new();
    let engine = SqliteStore::open(&folder.0, Options::default()).unwrap();
    let charts = Arc::new(Charts::open(Store::over(engine), Protocols::built_in(), course.now).unwrap());
    let drafts = course.log.iter().map(|one| one.clone().into_draft()).collect();
    charts.record_whole(course.chart.id, drafts, course.now).unwrap();
    let began_ms = course.now.as_millisecond();
    let patient = course.chart.id;
    House { charts, clock: FixedClock::at(began_ms), signs: SignsOfLife::default(), patient, began_ms, _folder: folder }
}

impl House {
    async fn look(&self, seconds_later: i64) {
        self.clock.advance_ms(seconds_later * SECOND_MS);
        look_at_sessions(&self.charts, &self.signs, &self.clock, self.began_ms).await;
    }

    fn hears(&self, party: Party) {
        self.signs.heard(self.patient, party, self.clock.now_ms());
    }

    /// For how many seconds nothing has been heard, as the chart has it.
    fn silent_s(&self) -> Option<i64> {
        let open = self.charts.load_blocking(self.patient).unwrap().unwrap();
        let since = open.chart.running_session().unwrap().contact_lost_since?;
        Some((self.clock.now_ms() - since.as_millisecond()) / SECOND_MS)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_falls_silent_is_noted_with_when_it_was_last_heard() {
    let house = house(Setting::Home);
    let lost = i64::from(LOST_AFTER_S);
    house.hears(Party::Patient);
    house.look(lost).await;
    assert_eq!(house.silent_s(), None, "so long is not too long");
    house.look(1).await;
    assert_eq!(house.silent_s(), Some(lost + 1), "it counts from the last sign of life, not from when it was noticed");
    // Looking again changes nothing: the silence keeps its beginning.
    house.look(60).await;
    assert_eq!(house.silent_s(), Some(lost + 61));
}

#[tokio::test(flavor = "multi_thread")]
async fn either_phone_that_is_heard_ends_the_silence_and_keeps_it_away() {
    for party in [Party::Patient, Party::Companion] {
        let house = house(Setting::Home);
        house.look(i64::from(LOST_AFTER_S) + 1).await;
        assert!(house.silent_s().is_some(), "a phone that never spoke is silent since this process began to listen");
        house.hears(party);
        house.look(1).await;
        assert_eq!(house.silent_s(), None, "{party:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guide_on_the_screen_is_no_sign_of_life_from_the_home_and_a_clinic_needs_none() {
    let home = house(Setting::Home);
    home.clock.advance_ms(i64::from(LOST_AFTER_S) * SECOND_MS);
    home.hears(Party::Guide);
    home.look(1).await;
    assert!(home.silent_s().is_some());
    let clinic = house(Setting::Clinic);
    clinic.look(i64::from(LOST_AFTER_S) * 10).await;
    assert_eq!(clinic.silent_s(), None);
}
