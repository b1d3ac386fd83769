//! Who is who and who watches: a second chart is asked about, an alert that no team takes is every clinician's, and the rota.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/form.rs"]
mod form;
#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use form::Form;
use house::House;
use stillwater_care::command::Command;
use stillwater_care::event::{EscalationLevel, HelpRequested};
use stillwater_care::ids::StaffId;
use stillwater_care::quantity::plus_minutes;
use stillwater_care::roles::Actor;
use stillwater_clinic::rota::Shift;
use stillwater_testkit::{Course, Healthy, stranger};
use uuid::Uuid;

fn referred() -> Course {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    course
}

#[tokio::test]
async fn somebody_who_may_have_a_chart_is_asked_about_before_a_second_is_begun() {
    let house = House::with(&referred()).await;
    let mut guide = house.browser("guide").await;
    let born = house.app.charts.summary(house.patient).unwrap().birth_date.unwrap().to_string();
    let fields = [
        ("name", "SOMEBODY  Exa\u{301}mple"),
        ("birth_date", born.as_str()),
        ("sex", "female"),
        ("veteran", "unknown"),
        ("phone", ""),
        ("address", ""),
        ("time_zone", "America/Denver"),
        ("emergency_number", "911"),
        ("reason", "PTSD"),
        ("source", "Example practice"),
    ];
    let asked = guide.send_form("/referrals/new", "/referrals/new", &fields).await;
    assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.body);
    assert!(asked.body.contains("the same name and date of birth") && asked.body.contains("Example practice"));
    assert_eq!(house.app.charts.summaries().len(), 1, "nothing was recorded");
    let mut sure = fields.to_vec();
    sure.extend([("ask-other", "yes"), ("other-person", "yes")]);
    let done = guide.send_again(&asked, "/referrals/new", &sure).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(house.app.charts.summaries().len(), 2);
}

#[tokio::test]
async fn an_alert_at_an_empty_rung_is_open_to_every_clinician_and_each_opening_is_written_down() {
    let mut course = referred();
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: None, words: "please".into() }));
    let house = House::with(&course).await;
    let mut off_team = house.browser("stranger").await;
    assert_eq!(off_team.get(&house.chart).await.status, StatusCode::NOT_FOUND, "the team has minutes to take it");
    assert!(!off_team.get("/inbox").await.body.contains("Somebody Example"));
    // A rota is kept, and nobody is on duty now.
    let shift = Shift {
        shift: Uuid::from_u128(1),
        staff: StaffId(Uuid::from_u128(101)),
        name: "Guide Example".into(),
        rung: EscalationLevel::Guide,
        from: plus_minutes(course.now, 600),
        to: plus_minutes(course.now, 900),
        zone: "America/Denver".into(),
        by: StaffId(Uuid::from_u128(9)),
    };
    house.app.rota.plan(&shift, course.now).unwrap();
    let rota = off_team.get("/rota").await.body;
    assert!(rota.contains("Guide Example") && rota.contains("Hours that nobody covers"), "{rota}");
    let inbox = off_team.get("/inbox").await.body;
    assert!(inbox.contains("Alerts that nobody of their team has taken") && inbox.contains("Somebody Example"));
    assert_eq!(off_team.get(&house.chart).await.status, StatusCode::OK);
    let taken = Form::of(&inbox, "own").send(&mut off_team).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    assert_eq!(open.chart.open_alerts()[0].owner().unwrap().by.staff(), stranger().staff());
    let mut guide = house.browser("guide").await;
    assert!(house.page(&mut guide, "/access").await.contains("break-glass"));
    let forbidden = off_team.send_form("/rota", "/rota", &[("form", "take-back"), ("shift", "1")]).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN, "a guide plans nobody");
}

#[tokio::test]
async fn health_says_what_the_watch_is_doing() {
    let house = House::with(&referred()).await;
    let mut anyone = support::Browser::of(&house.app);
    let page = anyone.get("/healthz").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for line in ["ok", "store: answers", "ticker: last look", "charts that cannot be read: 0", "disk:"] {
        assert!(page.body.contains(line), "{line}: {}", page.body);
    }
}

#[tokio::test]
async fn a_prescriber_merges_two_charts_of_one_person_and_both_keep_their_history() {
    let house = House::with(&referred()).await;
    let mut prescriber = house.browser("prescriber").await;
    let born = house.app.charts.summary(house.patient).unwrap().birth_date.unwrap().to_string();
    let fields = [
        ("name", "Somebody Example"),
        ("birth_date", born.as_str()),
        ("sex", "female"),
        ("time_zone", "America/Denver"),
        ("emergency_number", "911"),
        ("source", "Example practice"),
        ("ask-other", "yes"),
        ("other-person", "yes"),
    ];
    let done = prescriber.send_form("/referrals/new", "/referrals/new", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let other = house.app.charts.summaries().into_iter().find(|s| s.patient != house.patient).unwrap().patient;
    let overview = house.page(&mut prescriber, "").await;
    assert!(overview.contains("Another chart may be the same person"), "{overview}");
    let page = house.page(&mut prescriber, "/merge").await;
    let form = Form::of(&page, "merge").with("other", &other.to_string());
    let silent = form.clone().send(&mut prescriber).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "it takes a reason");
    let done = form.with("merge-reason", "Same birth date, asked by telephone.").send(&mut prescriber).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let kept = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let closed = house.app.charts.load(other).await.unwrap().unwrap();
    assert_eq!(kept.chart.merged.last().unwrap().value.other, other);
    assert_eq!(closed.chart.merged_into, Some(house.patient));
    assert!(closed.chart.demographics.is_some() && closed.chart.ended().is_some(), "its history stays");
}

#[tokio::test]
async fn a_merge_that_stopped_half_way_is_told_and_completed() {
    use stillwater_care::command::Command;
    use stillwater_care::event::{ChartsMerged, PatientReferred};
    use stillwater_clinic::charts::CommandRequest;
    let house = House::with(&referred()).await;
    let here = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let other = stillwater_care::ids::PatientId(uuid::Uuid::from_u128(79));
    let now = house.app.clock.now();
    let ask = |patient, command, id| CommandRequest {
        patient,
        actor: stillwater_testkit::prescriber(),
        command_id: uuid::Uuid::from_u128(id),
        seen: None,
        command,
    };
    let demographics = here.chart.demographics.clone().unwrap();
    let referral = PatientReferred { demographics, reason: "example".into(), source: "by hand".into() };
    house.app.charts.execute(ask(other, Command::ReferPatient(referral), 1 << 90), now).await.unwrap();
    // The first half only, as when the machine stops between the two.
    let merged = ChartsMerged {
        other,
        name: "Somebody Example".into(),
        doses: Vec::new(),
        history: Vec::new(),
        medicines: Vec::new(),
        labs: Vec::new(),
        vitals: Vec::new(),
        weights: Vec::new(),
        reason: "same birth date, asked by telephone".into(),
    };
    house.app.charts.execute(ask(house.patient, Command::MergeCharts(merged), 1 << 91), now).await.unwrap();
    let mut prescriber = house.browser("prescriber").await;
    let overview = house.page(&mut prescriber, "").await;
    assert!(overview.contains("the merge stopped half way"), "{overview}");
    let done = Form::of(&overview, "finish").send(&mut prescriber).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let closed = house.app.charts.load(other).await.unwrap().unwrap();
    assert_eq!(closed.chart.merged_into, Some(house.patient));
    assert!(!house.page(&mut prescriber, "").await.contains("the merge stopped half way"));
}
