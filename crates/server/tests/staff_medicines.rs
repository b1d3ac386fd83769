//! The list of medicines on the intake page: what the tables know is offered and not taken over in silence, what nobody knows
//! holds the way, and every date and word that was typed is kept.

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
use stillwater_care::event::{Medicine, RecordImported};
use stillwater_care::facts::{MedicineClass, MedicineFact};
use stillwater_testkit::{Course, Healthy, guide};

async fn house(course: &Course) -> House {
    House::with(course).await
}

fn screened() -> Course {
    let who = Healthy::default();
    let mut course = Course::new();
    course.refer(&who).screen(&who);
    course
}

async fn listed(house: &House) -> Vec<MedicineFact> {
    house.app.charts.load(house.patient).await.unwrap().unwrap().chart.medicines.clone().unwrap_or_default()
}

#[tokio::test]
async fn a_medicine_typed_without_a_kind_is_known_by_its_name_ticked_and_asked_about() {
    let house = house(&screened()).await;
    let before = listed(&house).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/intake").await;
    let form = Form::of(&page, "medicines")
        .with("m0-name", "Nardil (phenelzine) 15 mg")
        .with("m0-dose", "15 mg")
        .with("m0-route", "by mouth")
        .with("m0-frequency", "three times a day")
        .with("m0-started", "2025-11-03")
        .with("m0-last", "2026-03-01");
    let asked = form.send(&mut browser).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is recorded as other");
    assert!(asked.body.contains("known as MAO inhibitor, and ticked now"), "{}", asked.body);
    assert_eq!(listed(&house).await, before);
    let again = Form::of(&asked.body, "medicines");
    assert_eq!(again.value("m0-class"), Some("maoi"));
    assert_eq!(again.value("m0-started"), Some("2025-11-03"), "what was typed is kept");
    assert_eq!(again.send(&mut browser).await.status, StatusCode::SEE_OTHER);
    let kept = listed(&house).await;
    assert_eq!(kept[0].classes, [MedicineClass::Maoi]);
    assert_eq!((kept[0].dose.as_str(), kept[0].route.as_str()), ("15 mg", "by mouth"));
    assert_eq!(kept[0].frequency, "three times a day");
    assert!(kept[0].started_at.is_some() && kept[0].last_taken_at.is_some() && kept[0].stopped_at.is_none());
    // Recording the list again, as it stands on the page, changes nothing of it.
    let page = house.page(&mut browser, "/intake").await;
    assert_eq!(Form::of(&page, "medicines").send(&mut browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(listed(&house).await, kept);
}

#[tokio::test]
async fn what_no_table_knows_is_asked_about_and_may_be_left_not_classed() {
    let house = house(&screened()).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/intake").await;
    let asked = Form::of(&page, "medicines").with("m0-name", "Zzyrtabex 3 mg").send(&mut browser).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("in no table"), "{}", asked.body);
    let left = Form::of(&asked.body, "medicines").with("m0-class", "not-classed").send(&mut browser).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    assert_eq!(listed(&house).await[0].classes, [MedicineClass::NotClassed]);
}

#[tokio::test]
async fn a_kind_that_the_tables_know_and_nobody_ticked_is_asked_about_once() {
    let house = house(&screened()).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/intake").await;
    let form = Form::of(&page, "medicines").with("m0-name", "Methadose 10 mg").with("m0-class", "other");
    let asked = form.send(&mut browser).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("known as opioid, which is not ticked"), "{}", asked.body);
    let insisted = Form::of(&asked.body, "medicines").send(&mut browser).await;
    assert_eq!(insisted.status, StatusCode::SEE_OTHER, "a person decides");
    assert_eq!(listed(&house).await[0].classes, [MedicineClass::Other]);
}

#[tokio::test]
async fn what_is_imported_after_the_list_was_gone_through_stands_in_it_until_somebody_goes_through_it_again() {
    let mut course = screened();
    let medicine = Medicine {
        name: "Methadone 10 mg".to_owned(),
        classes: vec![MedicineClass::Opioid],
        from: "other.json, line 1".to_owned(),
        ..Medicine::default()
    };
    let record = RecordImported {
        source: "other.json".to_owned(),
        facts: Vec::new(),
        medicines: vec![medicine],
        measurements: Vec::new(),
        not_understood: Vec::new(),
    };
    course.does(guide(), Command::ImportRecord(record));
    let house = house(&course).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/intake").await;
    assert!(page.contains("1 imported since they were gone through"));
    assert_eq!(Form::of(&page, "medicines").send(&mut browser).await.status, StatusCode::SEE_OTHER);
    assert!(listed(&house).await.iter().any(|fact| fact.name == "Methadone 10 mg"));
    let chart = house.app.charts.load(house.patient).await.unwrap().unwrap();
    assert!(chart.chart.imported_medicines.is_empty());
}
