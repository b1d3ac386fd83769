//! A clinic that holds one chart made by a course, with its people signed in through the page as browsers.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs)]

use std::sync::Arc;

use axum::http::StatusCode;
use stillwater_care::event::Draft;
use stillwater_care::ids::PatientId;
use stillwater_care::roles::Actor;
use stillwater_clinic::accounts::Account;
use stillwater_clinic::clock::FixedClock;
use stillwater_server::auth::password::hash_now;
use stillwater_server::state::{App, Clinic};
use stillwater_testkit::{Course, guide, prescriber, second_prescriber, stranger};

use crate::support::{self, Browser, Page};

const PASSWORD: &str = "lantern river copper";

/// A clinic with one chart in it.
pub struct House {
    pub app: App,
    pub chart: String,
    pub patient: PatientId,
    pub clock: Arc<FixedClock>,
    _folder: support::Folder,
}

impl House {
    /// A clinic that holds one chart, at the minute at which the course stands.
    pub async fn with(course: &Course) -> Self {
        let folder = support::Folder::new();
        let clock = Arc::new(FixedClock::at(course.now.as_millisecond() + 60_000));
        let app = support::open(&folder, clock.clone(), Clinic::default());
        let hash = hash_now(PASSWORD).unwrap();
        let people = [
            ("guide", guide()),
            ("prescriber", prescriber()),
            ("second", second_prescriber()),
            ("stranger", stranger()),
        ];
        for (login, actor) in people {
            let Actor::Staff { id, name, role } = actor else { panic!("staff sign in") };
            let account = Account {
                id: id.0,
                login: login.into(),
                display_name: name,
                roles: vec![role],
                password_hash: Some(hash.clone()),
                active: true,
                patient: None,
            };
            app.accounts.create_account(account).await.unwrap();
        }
        let patient = course.chart.id;
        let drafts = course
            .log
            .iter()
            .map(|one| Draft {
                id: one.id,
                occurred_at: one.occurred_at,
                recorded_at: one.recorded_at,
                actor: one.actor.clone(),
                event: one.event.clone(),
            })
            .collect();
        app.charts.record_whole(patient, drafts, course.now).unwrap();
        Self { app, chart: format!("/patients/{patient}"), patient, clock, _folder: folder }
    }

    pub async fn browser(&self, login: &str) -> Browser {
        let mut browser = Browser::of(&self.app);
        let answer = browser.send_form("/sign-in", "/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login} signs in: {}", answer.body);
        browser
    }

    /// Sends one form of one tab, with the hidden fields of the page as it stands.
    pub async fn send(&self, who: &mut Browser, tab: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let at = format!("{}{tab}", self.chart);
        let mut all = vec![("form", form)];
        all.extend_from_slice(fields);
        who.send_form(&at, &at, &all).await
    }

    pub async fn seq(&self) -> u64 {
        self.app.charts.load(self.patient).await.unwrap().unwrap().chart.seq
    }

    pub async fn page(&self, who: &mut Browser, tab: &str) -> String {
        let page = who.get(&format!("{}{tab}", self.chart)).await;
        assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.body);
        page.body
    }
}
