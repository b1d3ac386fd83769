//! The programme page, its filters and its files, as browsers ask for them; the figures are those of one known course.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use house::House;
use stillwater_care::command::Command;
use stillwater_care::event::{AdverseEventRecorded, Point, Relation};
use stillwater_care::facts::Setting;
use stillwater_clinic::charts::CommandRequest;
use stillwater_testkit::{Course, prescriber};
use support::Browser;
use uuid::Uuid;

/// One person at home, a week after the first dose, with the PCL-5 of that week.
fn course() -> Course {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.watch_and_release(session, Setting::Home);
    course.integrate(session);
    course.hours(24 * 7);
    course.answers("pcl-5-week", Point::Day7);
    course
}

#[tokio::test]
async fn staff_read_figures_that_name_nobody() {
    let course = course();
    let house = House::with(&course).await;
    let mut guide = house.browser("guide").await;
    let page = guide.get("/programme").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for words in
        ["From referral to follow-up", "Time to loss of response", "Adverse events per 100 doses", "no control group"]
    {
        assert!(page.body.contains(words), "{words} is missing");
    }
    let demographics = course.chart.demographics.as_ref().unwrap();
    assert!(!page.body.contains(&demographics.name), "the page names a patient");
    assert!(!page.body.contains("NaN") && !page.body.contains("style="));
    // Somebody on no care team reads the same, since nobody is named.
    // Clinic and home stand together only where that is said; each result says what it estimates and which form counts.
    assert!(page.body.contains("These figures: clinic and home together."), "{}", page.body);
    let home = guide.get("/programme?setting=home").await;
    assert!(home.body.contains("These figures: at home.") && !home.body.contains("clinic and home together"));
    for words in
        ["What exactly is estimated", "ICH E9(R1)", "treatment policy", "nearest to day 30", "seen of expected"]
    {
        assert!(page.body.contains(words), "{words} is missing");
    }
    assert!(!page.body.contains("found no difference"));
    assert_eq!(house.browser("stranger").await.get("/programme").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_not_signed_in_reads_nothing() {
    let house = House::with(&course()).await;
    let mut nobody = Browser::of(&house.app);
    for path in ["/programme", "/programme/figures/funnel.csv"] {
        assert_ne!(nobody.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn each_figure_leaves_as_values_and_as_a_drawing_and_what_is_not_there_is_not_found() {
    let house = House::with(&course()).await;
    let mut guide = house.browser("guide").await;
    let csv = guide.get("/programme/figures/funnel.csv").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.body.starts_with("Step,Reached,Share"), "{}", csv.body);
    assert!(csv.body.contains("first dose,1,100 %"), "{}", csv.body);
    let svg = guide.get("/programme/figures/time-to-response.svg").await;
    assert_eq!(svg.status, StatusCode::OK);
    assert!(svg.body.contains("<svg xmlns="), "{}", svg.body);
    for path in ["funnel.svg", "funnel.png", "nothing.csv", "funnel"] {
        let answer = guide.get(&format!("/programme/figures/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn beside_the_trials_stands_only_what_is_alike_and_what_found_nothing_too() {
    let house = House::with(&course()).await;
    let mut guide = house.browser("guide").await;
    let page = guide.get("/programme/trials").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for words in ["Not a comparison", "Abdallah 2022", "No significant difference", "Prolonged exposure v control"] {
        assert!(page.body.contains(words), "{words} is missing");
    }
    let changes = guide.get("/programme/figures/beside-change.csv").await.body;
    for arm in ["Duek 2023: ketamine", "Duek 2023: midazolam", "Albott 2018"] {
        assert!(changes.contains(arm), "{arm} is missing: {changes}");
    }
    // Differences between arms: of the CAPS-5 in Feder 2021 and of the IES-R in Feder 2014.
    for between in ["Feder 2021", "Feder 2014", "-11.9", "-12.7"] {
        assert!(!changes.contains(between), "a difference between arms stands beside changes: {changes}");
    }
    let lasted = guide.get("/programme/figures/beside-durability.csv").await.body;
    assert!(lasted.contains("27.5 days") && lasted.contains("41.0 days"), "{lasted}");
}

#[tokio::test]
async fn a_filter_holds_for_the_page_and_for_its_files() {
    let house = House::with(&course()).await;
    let mut guide = house.browser("guide").await;
    let home = guide.get("/programme?setting=home").await;
    assert!(home.body.contains("funnel.csv?setting=home"), "the files do not carry the filter");
    assert!(!home.body.contains("Nobody who fits"));
    let clinic = guide.get("/programme?setting=clinic").await;
    assert!(clinic.body.contains("Nobody who fits has been treated yet"));
    let csv = guide.get("/programme/figures/funnel.csv?setting=clinic").await;
    assert!(csv.body.contains("referred,0"), "{}", csv.body);
}

#[tokio::test]
async fn what_was_tried_before_is_written_down_and_filters() {
    let course = course();
    let house = House::with(&course).await;
    let mut guide = house.browser("guide").await;
    let treated = |page: String| !page.contains("Nobody who fits has been treated yet");
    assert!(treated(guide.get("/programme?prior=therapy&site=Example+site").await.body));
    assert!(!treated(guide.get("/programme?prior=no-therapy").await.body));
    let given = [("site", "Hill"), ("trauma_therapies", "0"), ("medicines_tried", ""), ("ketamine_before", "no")];
    let sent = house.send(&mut guide, "/intake", "background", &given).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let chart = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let known = chart.chart.background.clone().unwrap();
    assert_eq!((known.site.as_str(), known.trauma_therapies, known.medicines_tried), ("Hill", Some(0), None));
    assert!(treated(guide.get("/programme?prior=no-therapy&site=Hill").await.body));
    assert!(!treated(guide.get("/programme?prior=two-medicines").await.body), "nobody asked about medicines");
    for (field, value) in [("trauma_therapies", "many"), ("medicines_tried", "61")] {
        let refused = house.send(&mut guide, "/intake", "background", &[(field, value)]).await;
        assert_ne!(refused.status, StatusCode::SEE_OTHER, "{field} {value}");
        assert!(refused.body.contains(value), "what was typed is kept");
    }
}

#[tokio::test]
async fn what_was_just_recorded_is_in_the_figures_at_once() {
    let course = course();
    let house = House::with(&course).await;
    let mut guide = house.browser("guide").await;
    let all = "all adverse events";
    let count = |page: String| page.lines().find(|line| line.starts_with(all)).unwrap().to_owned();
    let before = count(guide.get("/programme/figures/adverse-events.csv").await.body);
    assert!(before.starts_with("all adverse events,0;"), "{before}");
    let command = Command::RecordAdverseEvent(AdverseEventRecorded {
        what: "fainted on the stairs".to_owned(),
        serious: true,
        relation: Relation::Possible,
        session: None,
        outcome: "recovered".to_owned(),
    });
    let ask = CommandRequest {
        patient: house.patient,
        actor: prescriber(),
        command_id: Uuid::from_u128(77),
        seen: None,
        command,
    };
    house.app.charts.execute(ask, course.now).await.unwrap();
    let after = guide.get("/programme/figures/adverse-events.csv").await.body;
    assert!(count(after.clone()).starts_with("all adverse events,1;"), "{after}");
    let page = guide.get("/programme").await.body;
    assert!(!page.contains("fainted"), "the words of a chart are on the page");
}
