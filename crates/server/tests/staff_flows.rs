//! Whole flows over HTTP: a course that ends and the next one that begins, a second plan, and a change between clinic and
//! home, each by the forms that the pages carry, and each refused to those who may not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use house::House;
use stillwater_care::chart::{Chart, Phase, SessionPhase};
use stillwater_care::command::Command;
use stillwater_care::facts::Setting;
use stillwater_care::quantity::plus_hours;
use stillwater_care::roles::Actor;
use stillwater_clinic::charts::CommandRequest;
use stillwater_testkit::Course;
use support::{Browser, Page};
use uuid::Uuid;

#[track_caller]
fn accepted(page: &Page) {
    let main = page.body.split_once("<main").map_or("", |(_, rest)| rest);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{main}");
}

async fn chart(house: &House) -> Chart {
    house.app.charts.load(house.patient).await.unwrap().unwrap().chart.clone()
}

/// One infusion, reviewed and talked over.
fn one_infusion() -> Course {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic).integrate(session);
    course
}

async fn ends(house: &House, who: &mut Browser, reason: &str) {
    let end = [("end-reason", reason), ("end-words", "as it was agreed")];
    accepted(&house.send(who, "", "end", &end).await);
}

const AGAIN: [(&str, &str); 2] = [("reason", "It came back in the third month."), ("source", "Dr Example")];

/// What the page of a further referral has in its fields, as a browser would send it.
fn known() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Somebody Example"),
        ("birth_date", "1985-05-05"),
        ("sex", "male"),
        ("veteran", "no"),
        ("phone", "555-0101"),
        ("address", "7 Other Road"),
        ("time_zone", "America/Denver"),
        ("emergency_number", "911"),
    ]
}

#[tokio::test]
async fn somebody_whose_course_ended_is_referred_again_in_their_own_chart() {
    let house = House::with(&one_infusion()).await;
    let mut browser = house.browser("guide").await;
    let way = "Refer again";
    assert!(!house.page(&mut browser, "").await.contains(way), "a course goes on");
    assert!(house.page(&mut browser, "/refer").await.contains("A course is going on"));
    let team = chart(&house).await.team;
    let mut prescriber = house.browser("prescriber").await;
    ends(&house, &mut prescriber, "completed").await;
    let over = house.page(&mut browser, "").await;
    assert!(over.contains(way) && !over.contains("End the course"), "{over}");
    let form = house.page(&mut browser, "/refer").await;
    assert!(form.contains("value=\"Somebody Example\"") && form.contains("value=\"1985-05-05\""), "{form}");
    assert!(form.contains("iv-single-clinic, 1 of 1 doses"), "the course before is told: {form}");

    let mut unsaid = known();
    unsaid.push(("source", "Dr Example"));
    let refused = house.send(&mut browser, "/refer", "refer", &unsaid).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("7 Other Road") && refused.body.contains("Say why they come again"));
    assert_eq!(chart(&house).await.courses().len(), 1, "nothing was recorded");

    let mut said = vec![("form", "refer")];
    said.extend(known());
    said.extend(AGAIN);
    let at = format!("{}/refer", house.chart);
    let form = browser.get(&at).await;
    accepted(&browser.send_again(&form, &at, &said).await);
    accepted(&browser.send_again(&form, &at, &said).await);
    let now = chart(&house).await;
    assert_eq!((now.courses().len(), now.phase()), (2, Phase::Referred), "the same form twice begins one course");
    assert_eq!(now.team, team, "the team stays, whoever of it refers");
    assert_eq!(now.demographics.unwrap().address, "7 Other Road");
    assert!(house.page(&mut browser, "/refer").await.contains("A course is going on"));
    let plan = house.page(&mut browser, "/plan").await;
    assert!(plan.contains("No plan is open"), "{plan}");
}

#[tokio::test]
async fn nobody_off_the_care_team_refers_an_ended_chart_again() {
    let house = House::with(&one_infusion()).await;
    let mut prescriber = house.browser("prescriber").await;
    ends(&house, &mut prescriber, "completed").await;
    let at = format!("{}/refer", house.chart);
    let page = prescriber.get(&at).await;
    let mut outsider = house.browser("stranger").await;
    assert_eq!(outsider.get(&at).await.status, StatusCode::NOT_FOUND);
    let before = house.seq().await;
    let mut said = vec![("form", "refer")];
    said.extend(known());
    said.extend(AGAIN);
    // The form of somebody who may, sent by somebody who may not.
    let sent = outsider.send_form("/caseload", &at, &said).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND, "{}", sent.body);
    assert_eq!(house.seq().await, before, "nothing was recorded");
    assert_eq!(page.status, StatusCode::OK);
    // Nor by referring the same person anew: the page asks first, and names no chart that they may open.
    let mut anew = known();
    anew.extend(AGAIN);
    let asked = outsider.send_form("/referrals/new", "/referrals/new", &anew).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(asked.body.contains("its care team refers them again") && !asked.body.contains(&at), "{}", asked.body);
    let asked = prescriber.send_form("/referrals/new", "/referrals/new", &anew).await;
    assert!(asked.body.contains(&at), "who may is led to the chart");
}

#[tokio::test]
async fn after_an_end_the_phone_still_asks_and_the_caseload_still_shows_what_is_due() {
    let course = one_infusion();
    let session = course.chart.sessions.last().unwrap().id;
    let dose_at = course.chart.session(session).unwrap().dose_at().unwrap();
    let house = House::with(&course).await;
    let mut prescriber = house.browser("prescriber").await;
    ends(&house, &mut prescriber, "completed").await;
    let later = plus_hours(dose_at, 7 * 24 + 1).as_millisecond();
    house.clock.advance_ms(later - house.app.clock.now_ms());
    let mut guide = house.browser("guide").await;
    let over = house.page(&mut guide, "").await;
    assert!(over.contains("PCL-5") && over.contains("day 7"), "{over}");
    let measures = house.page(&mut guide, "/measures").await;
    assert!(measures.contains("monthly (time 6)"), "six months are on the list: {measures}");
}

#[tokio::test]
async fn a_second_plan_holds_a_session_of_its_own() {
    let house = House::with(&one_infusion()).await;
    let mut prescriber = house.browser("prescriber").await;
    let full = house.page(&mut prescriber, "/plan").await;
    assert!(full.contains("Doses given: 1 of 1"), "{full}");
    accepted(&house.send(&mut prescriber, "/plan", "open", &[("protocol", "iv-single-clinic")]).await);
    let plan = house.page(&mut prescriber, "/plan").await;
    assert!(
        plan.contains("Doses given: 0 of 1") && plan.contains("a dose order is in force for this setting"),
        "{plan}"
    );
    let order = [("dose_mg", "40"), ("dose_mg_per_kg", "0.5"), ("reason", "the first one helped for three weeks")];
    accepted(&house.send(&mut prescriber, "/plan", "order", &order).await);
    assert!(!house.page(&mut prescriber, "/plan").await.contains("Still needed before a session"));
    let starts =
        plus_hours(house.app.clock.now(), 14 * 24).to_zoned(jiff::tz::TimeZone::get("America/Denver").unwrap());
    let starts = starts.strftime("%Y-%m-%dT%H:%M").to_string();
    accepted(&house.send(&mut prescriber, "/sessions", "schedule", &[("starts_at", &starts)]).await);
    let now = chart(&house).await;
    let session = now.current_session().unwrap();
    assert_eq!((session.course, session.plan, session.number), (1, 2, 2));
}

#[tokio::test]
async fn a_change_from_the_clinic_home_closes_the_clinics_session_and_asks_for_homes_consent() {
    let mut course = Course::new();
    course.eligible(Setting::Home);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic).order(Setting::Clinic);
    let planned = course.schedule();
    let house = House::with(&course).await;
    let mut prescriber = house.browser("prescriber").await;
    accepted(&house.send(&mut prescriber, "/plan", "open", &[("protocol", "sl-home")]).await);
    assert_eq!(chart(&house).await.session(planned).unwrap().phase(), SessionPhase::CalledOff);
    let plan = house.page(&mut prescriber, "/plan").await;
    for needed in ["consent to the text of this plan is signed", "a companion is named, briefed and has confirmed"] {
        assert!(plan.contains(needed), "{needed}: {plan}");
    }
    let order = [("dose_mg", "100"), ("reason", "home from now on")];
    let refused = house.send(&mut prescriber, "/plan", "order", &order).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("E16-consent"), "{}", refused.body);
    let signs = CommandRequest {
        patient: house.patient,
        actor: Actor::Patient,
        command_id: Uuid::from_u128(0x51),
        seen: None,
        command: Course::signs(Setting::Home),
    };
    house.app.charts.execute(signs, house.app.clock.now()).await.unwrap();
    assert!(matches!(Course::signs(Setting::Home), Command::GiveConsent(_)));
    let courses = house.page(&mut prescriber, "/refer").await;
    assert!(courses.contains("iv-single-clinic, 0 of 1 doses; sl-home, 0 of 6 doses"), "{courses}");
    let still = house.send(&mut prescriber, "/plan", "order", &order).await;
    let plan = house.page(&mut prescriber, "/plan").await;
    assert!(!plan.contains("consent to the text of this plan is signed"), "{plan}");
    assert!(!still.body.contains("E16-consent"), "{}", still.body);
}
