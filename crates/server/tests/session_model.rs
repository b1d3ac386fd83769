//! What the model of the drug says during a session, over HTTP: on the phones, in plain words and in the patient's own time;
//! never after it holds, and worked out anew when an infusion is stopped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use house::House;
use stillwater_care::command::Command;
use stillwater_care::event::{Medicine, MedicinesReviewed, SessionStopped};
use stillwater_care::facts::{MedicineClass, Setting};
use stillwater_care::ids::CompanionId;
use stillwater_care::roles::Actor;
use stillwater_server::auth::links;
use stillwater_testkit::{Course, guide};
use support::Browser;

async fn patient(house: &House) -> Browser {
    let link = links::invite_patient(&house.app, house.patient, "Somebody Example").await.unwrap();
    let mut browser = Browser::of(&house.app);
    assert_eq!(browser.send_form(&link.path, &link.path, &[]).await.status, StatusCode::SEE_OTHER);
    browser
}

async fn companion(house: &House, course: &Course) -> Browser {
    let known = course.chart.companion.as_ref().unwrap();
    let link = links::invite_companion(&house.app, house.patient, CompanionId(known.id.0), &known.name).await.unwrap();
    let mut browser = Browser::of(&house.app);
    let code = link.code.unwrap();
    assert_eq!(browser.send_form(&link.path, &link.path, &[("code", &code)]).await.status, StatusCode::SEE_OTHER);
    browser
}

/// The two times of the sentence, as minutes since midnight.
fn told(page: &str) -> Option<(i64, i64)> {
    let rest = page.split_once("usually strongest between <strong>")?.1;
    let (from, rest) = rest.split_once("</strong> and <strong>")?;
    let to = rest.split_once("</strong>")?.0;
    let minutes = |word: &str| {
        let (hour, minute) = word.split_once(':').unwrap();
        hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap()
    };
    Some((minutes(from), minutes(to)))
}

fn dosed_at(course: &Course) -> i64 {
    let at = course.chart.sessions.last().unwrap().dose_at().unwrap();
    let there = at.to_zoned(jiff::tz::TimeZone::get("America/Denver").unwrap());
    i64::from(there.hour()) * 60 + i64::from(there.minute())
}

#[tokio::test]
async fn both_phones_say_when_it_is_usually_strongest_as_a_model_and_in_the_patients_time() {
    let mut course = Course::new();
    course.dosed(Setting::Home);
    course.minutes(12);
    let house = House::with(&course).await;
    let zone = course.chart.demographics.as_ref().unwrap().time_zone.clone();
    assert_eq!(zone, "America/Denver");
    let by_patient = patient(&house).await.get("/my/session").await.body;
    let by_companion = companion(&house, &course).await.get("/companion/session").await.body;
    let (from, to) = told(&by_patient).expect("the patient's phone says it");
    assert_eq!(told(&by_companion), Some((from, to)), "both are told the same");
    let dose = dosed_at(&course);
    assert!(from >= dose && from < dose + 40 && to > dose + 50 && to < dose + 180, "{dose} {from} {to}");
    for page in [&by_patient, &by_companion] {
        assert!(page.contains("A model expects this; it is calculated, not measured"), "{page}");
    }
    assert!(by_companion.contains("Look in all the same"));
    let buttons = by_patient.find("I'm OK").unwrap();
    assert!(buttons < by_patient.find("usually strongest").unwrap(), "the two large zones come first");
}

#[tokio::test]
async fn nothing_is_said_before_a_dose_or_once_the_model_no_longer_holds() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    course.schedule();
    let house = House::with(&course).await;
    assert_eq!(told(&patient(&house).await.get("/my/session").await.body), None);
    let mut course = Course::new();
    course.dosed(Setting::Home);
    course.hours(8).minutes(1);
    let house = House::with(&course).await;
    let page = patient(&house).await.get("/my/session").await.body;
    assert!(page.contains("I'm OK"), "the session still runs");
    assert_eq!(told(&page), None);
    assert_eq!(told(&companion(&house, &course).await.get("/companion/session").await.body), None);
}

#[tokio::test]
async fn a_stopped_infusion_is_worked_out_anew_on_the_phone_and_in_the_cockpit() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(12);
    let house = House::with(&course).await;
    let (_, whole_to) = told(&patient(&house).await.get("/my/session").await.body).unwrap();
    let cockpit = format!("/sessions/{session}");
    let before = house.page(&mut house.browser("guide").await, &cockpit).await;
    course.does(Actor::Patient, Command::StopSession(SessionStopped { session, reason: String::new() }));
    let house = House::with(&course).await;
    let (from, to) = told(&patient(&house).await.get("/my/session").await.body).unwrap();
    let dose = dosed_at(&course);
    assert!(from >= dose && to < whole_to && to <= dose + 35, "{dose} {from} {to} {whole_to}");
    let after = house.page(&mut house.browser("guide").await, &cockpit).await;
    assert!(before.contains("<title>infusion ends</title>") && !after.contains("<title>infusion ends</title>"));
    // Row of the table at 40 minutes: the typical level.
    let level = |page: &str| -> f64 {
        let table = page.split_once("expected-table").unwrap().1;
        let row = table.split_once(">40</td>").or_else(|| table.split_once(">40</th>")).expect(page).1;
        let cell = row.split_once('>').unwrap().1;
        cell.split_once(' ').unwrap().0.parse().unwrap()
    };
    assert!(level(&after) < level(&before) / 2.0, "{} {}", level(&after), level(&before));
}

#[tokio::test]
async fn a_tablet_that_was_in_the_mouth_at_a_stop_is_not_guessed_at() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.minutes(3);
    course.does(Actor::Patient, Command::StopSession(SessionStopped { session, reason: String::new() }));
    let house = House::with(&course).await;
    assert_eq!(told(&patient(&house).await.get("/my/session").await.body), None, "nobody knows how much was taken up");
}

#[tokio::test]
async fn what_is_known_of_each_medicine_stands_beside_the_order_and_in_the_cockpit_and_unknown_is_said() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let medicine = Medicine {
        name: "Clarithromycin 500 mg".to_owned(),
        from: "the patient".to_owned(),
        classes: vec![MedicineClass::StrongCypInhibitor],
        ..Medicine::default()
    };
    course.does(guide(), Command::ReviewMedicines(MedicinesReviewed { medicines: vec![medicine] }));
    let house = House::with(&course).await;
    let plan = house.page(&mut house.browser("prescriber").await, "/plan").await;
    let told = |page: &str| {
        let part = page.split_once("Medicines and the level of ketamine").expect("the look-up is shown").1;
        part.split_once("No dose follows from it").expect("and says what it is not").0.to_owned()
    };
    let part = told(&plan);
    assert!(part.contains("Clarithromycin 500 mg") && part.contains("unknown"), "{part}");
    assert!(!part.contains("times"), "what was measured by mouth says nothing of the vein: {part}");
    let session = course.next_dose(Setting::Clinic);
    course.minutes(5);
    let house = House::with(&course).await;
    let cockpit = house.page(&mut house.browser("guide").await, &format!("/sessions/{session}")).await;
    assert!(told(&cockpit).contains("Clarithromycin 500 mg"));
    assert!(!cockpit.contains("is widened"), "unknown widens nothing by itself");
}
