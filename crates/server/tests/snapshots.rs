//! A few telling pages and refusals, kept as text: a change of what people see stands in the review.
//!
//! To take a change over, look at it and run this test again with `INSTA_UPDATE=always`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use house::House;
use stillwater_care::facts::Setting;
use stillwater_server::auth::links;
use stillwater_testkit::Course;
use support::Browser;

/// The first element that opens with `opening`, to its own end, one tag a line, without what is drawn at random.
#[track_caller]
fn part(page: &str, opening: &str) -> String {
    let Some(start) = page.find(opening) else { panic!("no {opening} in {page}") };
    let rest = page.get(start..).unwrap();
    let name = opening.trim_start_matches('<').split([' ', '>']).next().unwrap();
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut depth, mut end) = (0, 0);
    loop {
        let next = |what: &str| rest.get(end..).and_then(|after| after.find(what)).map(|at| end + at);
        match (next(&open), next(&close)) {
            (Some(opens), Some(closes)) if opens < closes => (depth, end) = (depth + 1, opens + open.len()),
            (_, Some(closes)) => (depth, end) = (depth - 1, closes + close.len()),
            (_, None) => panic!("{opening} has no end"),
        }
        if depth == 0 {
            return without_chance(rest.get(..end).unwrap()).replace("><", ">\n<");
        }
    }
}

/// The page without the tokens and ids that differ from run to run, and without how long the chart is.
fn without_chance(html: &str) -> String {
    let mut text = html.to_owned();
    for name in ["csrf", "command_id", "seq"] {
        let mark = format!("name=\"{name}\" value=\"");
        let mut pieces = text.split(mark.as_str());
        let mut kept = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            kept.push_str(&mark);
            kept.push('…');
            kept.push_str(piece.find('"').and_then(|at| piece.get(at..)).unwrap_or_default());
        }
        text = kept;
    }
    text
}

async fn patient(house: &House) -> Browser {
    let link = links::invite_patient(&house.app, house.patient, "Somebody Example").await.unwrap();
    let mut browser = Browser::of(&house.app);
    assert_eq!(browser.send_form(&link.path, &link.path, &[]).await.status, StatusCode::SEE_OTHER);
    browser
}

#[tokio::test]
async fn a_row_of_the_caseload() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let page = house.browser("guide").await.get("/caseload").await.body;
    let (_, rows) = page.split_once("<tbody>").unwrap();
    insta::assert_snapshot!(part(rows, "<tr>"));
}

#[tokio::test]
async fn the_gate_of_the_cockpit_before_anything_is_measured() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    let house = House::with(&course).await;
    let page = house.browser("prescriber").await.get(&format!("{}/sessions/{session}", house.chart)).await.body;
    insta::assert_snapshot!(part(&page, "<section class=\"panel\" id=\"gate\""));
}

#[tokio::test]
async fn the_patients_day_while_the_drug_works() {
    let mut course = Course::new();
    course.dosed(Setting::Home);
    let house = House::with(&course).await;
    let page = patient(&house).await.get("/my/session").await.body;
    insta::assert_snapshot!(part(&page, "<main "));
}

#[tokio::test]
async fn what_a_prescriber_is_told_when_an_order_is_refused() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let mut prescriber = house.browser("prescriber").await;
    let above = [("dose_mg", "88"), ("dose_mg_per_kg", "1.1"), ("reason", "a trial of more")];
    let refused = house.send(&mut prescriber, "/plan", "order", &above).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    insta::assert_snapshot!(part(&refused.body, "<div class=\"notice"));
}

#[tokio::test]
async fn a_page_that_is_not_there_tells_a_stranger_nothing() {
    let house = House::with(Course::new().prepared(Setting::Clinic)).await;
    let page = house.browser("stranger").await.get(&house.chart).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    insta::assert_snapshot!(part(&page.body, "<main "));
}
