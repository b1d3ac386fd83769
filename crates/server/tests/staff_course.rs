//! The staff's forms of a whole course over HTTP: decision and override, order, withdrawal, adverse event, reviews and end,
//! each by the form that the page itself carries, and each refused to those who may not or when a rule holds it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use house::House;
use stillwater_care::facts::{Answered, HistoryTopic, Setting};
use stillwater_care::roles::{Actor, Role};
use stillwater_testkit::{Course, Healthy, guide, prescriber, second_prescriber, stranger};
use support::{Page, hidden};
use uuid::Uuid;

fn accepted(page: &Page) {
    let main = page.body.split_once("<main").map_or("", |(_, rest)| rest);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{main}");
}

fn screened(who: &Healthy) -> Course {
    let mut course = Course::new();
    course.refer(who).screen(who);
    course
}

const YES: [(&str, &str); 3] = [("decision", "eligible"), ("setting", "clinic"), ("signed_name", "Prescriber Example")];

#[tokio::test]
async fn a_yes_is_signed_by_a_prescriber_of_the_team_and_by_nobody_else() {
    let house = House::with(&screened(&Healthy::default())).await;
    let before = house.seq().await;
    let mut outsider = house.browser("stranger").await;
    assert_eq!(outsider.get(&format!("{}/findings", house.chart)).await.status, StatusCode::NOT_FOUND);
    let mut by_guide = house.browser("guide").await;
    let refused = house.send(&mut by_guide, "/findings", "decide", &YES).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    assert_eq!(house.seq().await, before, "nothing was recorded");
    let mut by_prescriber = house.browser("prescriber").await;
    accepted(&house.send(&mut by_prescriber, "/findings", "decide", &YES).await);
    assert!(house.page(&mut by_prescriber, "/findings").await.contains("May be treated"));
}

#[tokio::test]
async fn an_override_needs_a_reason_and_a_second_clinician_and_is_shown_forever() {
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    let house = House::with(&screened(&who)).await;
    let mut browser = house.browser("prescriber").await;
    let held = house.send(&mut browser, "/findings", "decide", &YES).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(held.body.contains("E08-ketamine-misuse"), "the finding that holds is named");
    let reason = ("override-reason", "years ago, in remission since");
    let asked = [("gate", "eligibility"), ("rule", "E08-ketamine-misuse"), reason];
    let alone = house.send(&mut browser, "/findings", "override", &asked).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alone.body.contains("years ago, in remission since"), "what was typed is kept");
    let second = second_prescriber().staff().unwrap().to_string();
    accepted(
        &house.send(&mut browser, "/findings", "override", &[asked[0], asked[1], reason, ("second", &second)]).await,
    );
    let held = house.send(&mut browser, "/findings", "decide", &YES).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY, "a name picked from a list is no signature");
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let overridden = open.chart.overrides.last().unwrap().id.to_string();
    let (at, to) = (format!("{}/findings", house.chart), format!("{}/findings/cosign", house.chart));
    let sign = [("form", "cosign"), ("override", overridden.as_str())];
    assert_eq!(browser.send_form(&at, &to, &sign).await.status, StatusCode::UNPROCESSABLE_ENTITY, "one's own");
    let mut by_second = house.browser("second").await;
    accepted(&by_second.send_form(&at, &to, &sign).await);
    accepted(&house.send(&mut browser, "/findings", "decide", &YES).await);
    let page = house.page(&mut browser, "/findings").await;
    assert!(page.contains("years ago, in remission since") && page.contains("second signature: Second Example"));
}

#[tokio::test]
async fn a_rule_that_nobody_may_override_is_overridden_by_no_form() {
    let who = Healthy { history: vec![(HistoryTopic::Aneurysm, Answered::Yes)], ..Healthy::default() };
    let house = House::with(&screened(&who)).await;
    let mut browser = house.browser("prescriber").await;
    let shown = house.page(&mut browser, "/findings").await;
    assert!(!shown.contains("name=\"rule\" value=\"E03-vascular\""), "no form offers it");
    let asked = [("gate", "eligibility"), ("rule", "E03-vascular"), ("override-reason", "please")];
    let refused = house.send(&mut browser, "/findings", "override", &asked).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("nobody"), "{}", refused.body);
}

#[tokio::test]
async fn an_order_is_written_within_its_ceiling_and_one_above_it_keeps_what_was_typed() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("prescriber").await;
    let above = [("dose_mg", "88"), ("dose_mg_per_kg", "1.1"), ("reason", "a trial of more")];
    let refused = house.send(&mut browser, "/plan", "order", &above).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"88\"") && refused.body.contains("a trial of more"), "{}", refused.body);
    let apart = [("dose_mg", "60"), ("dose_mg_per_kg", "0.1")];
    let refused = house.send(&mut browser, "/plan", "order", &apart).await;
    assert!(refused.body.contains("R05"), "the figures that disagree are named");
    accepted(&house.send(&mut browser, "/plan", "order", &[("dose_mg", "40"), ("dose_mg_per_kg", "0.5")]).await);
    let page = house.page(&mut browser, "/plan").await;
    assert!(page.contains("in force"));
    assert!(page.contains("model, not measured") && page.contains("no order or dose rests on it"), "{page}");
    let mut by_guide = house.browser("guide").await;
    let refused = house.send(&mut by_guide, "/plan", "order", &[("dose_mg", "40"), ("dose_mg_per_kg", "0.5")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn consent_withdrawn_cancels_the_order_and_holds_the_next_one() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    accepted(
        &house.send(&mut browser, "/plan", "withdraw", &[("withdraw-words", "I do not want this any more")]).await,
    );
    let page = house.page(&mut browser, "/plan").await;
    assert!(page.contains("withdrawn") && page.contains("I do not want this any more"));
    assert!(!page.contains("</svg>in force"), "the order went with it");
    let mut by_prescriber = house.browser("prescriber").await;
    let refused =
        house.send(&mut by_prescriber, "/plan", "order", &[("dose_mg", "40"), ("dose_mg_per_kg", "0.5")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
}

#[tokio::test]
async fn a_serious_adverse_event_is_recorded_and_told_in_the_timeline() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let unjudged = [("what", "Fell on the stairs and broke a wrist"), ("serious", "yes"), ("outcome", "in hospital")];
    let refused = house.send(&mut browser, "", "adverse", &unjudged).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Fell on the stairs"), "what was typed is kept");
    let [what, serious, outcome] = unjudged;
    accepted(&house.send(&mut browser, "", "adverse", &[what, serious, outcome, ("relation", "possible")]).await);
    let page = house.page(&mut browser, "").await;
    assert!(page.contains("Fell on the stairs") && page.contains("erious"), "{page}");
    let inbox = browser.get("/inbox").await;
    assert!(inbox.body.contains("Fell on the stairs") || inbox.body.contains("adverse"), "{}", inbox.body);
    // Every dose is held until a prescriber has reviewed it.
    let holds = "no dose until it is reviewed";
    assert!(page.contains(holds), "{page}");
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let entry = open.chart.serious_events_held().next().unwrap().id.to_string();
    let review = [("entry", entry.as_str()), ("proceed", "yes"), ("event-review-words", "Unrelated; slipped on ice.")];
    assert_ne!(house.send(&mut browser, "", "adverse-review", &review).await.status, StatusCode::SEE_OTHER);
    let mut by_prescriber = house.browser("prescriber").await;
    accepted(&house.send(&mut by_prescriber, "", "adverse-review", &review).await);
    assert!(!house.page(&mut by_prescriber, "").await.contains(holds));
}

#[tokio::test]
async fn a_session_is_reviewed_by_a_prescriber_and_the_course_after_it() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic);
    let house = House::with(&course).await;
    let id = session.to_string();
    let review = [("session", id.as_str()), ("review-words", "Pressure settled by itself.")];
    let mut by_guide = house.browser("guide").await;
    assert_eq!(house.send(&mut by_guide, "/sessions", "review", &review).await.status, StatusCode::FORBIDDEN);
    let mut browser = house.browser("prescriber").await;
    accepted(&house.send(&mut browser, "/sessions", "review", &review).await);
    assert!(house.page(&mut browser, "/sessions").await.contains("reviewed"));
    let course_review = [("decision", "stop"), ("review-words", "One infusion was planned, and given.")];
    accepted(&house.send(&mut browser, "", "review", &course_review).await);
    assert!(house.page(&mut browser, "").await.contains("One infusion was planned, and given."));
}

#[tokio::test]
async fn the_cockpit_shows_what_is_expected_as_a_model_until_it_no_longer_holds() {
    for (setting, standing) in [
        (Setting::Clinic, "individual levels differ by a factor of about two"),
        (Setting::Home, "calculated, not measured"),
    ] {
        let mut course = Course::new();
        let session = course.dosed(setting);
        course.minutes(30);
        let house = House::with(&course).await;
        let mut browser = house.browser("guide").await;
        let page = house.page(&mut browser, &format!("/sessions/{session}")).await;
        assert!(page.contains("model, not measured") && page.contains("expected-band"), "{page}");
        assert!(page.contains(standing), "how far it can be trusted stands beside it");
        course.hours(9);
        let house = House::with(&course).await;
        let mut browser = house.browser("guide").await;
        let page = house.page(&mut browser, &format!("/sessions/{session}")).await;
        assert!(page.contains("no longer shown") && !page.contains("expected-band"), "{page}");
    }
}

#[tokio::test]
async fn after_a_dose_the_therapy_page_hints_when_integration_fits_and_how_little_stands_behind_it() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/therapy").await;
    assert!(page.contains("acceptable until") && page.contains("hypothesis from animal work"), "{page}");
    let now = house.app.clock.now().to_zoned(jiff::tz::TimeZone::get("America/Denver").unwrap());
    let at = now.strftime("%Y-%m-%dT%H:%M").to_string();
    accepted(
        &house
            .send(
                &mut browser,
                "/therapy",
                "visit",
                &[("visit-kind", "integration"), ("held_at", &at), ("minutes", "50")],
            )
            .await,
    );
    assert!(!house.page(&mut browser, "/therapy").await.contains("acceptable until"), "the visit was held");
}

#[tokio::test]
async fn before_a_dose_nothing_is_expected() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, &format!("/sessions/{session}")).await;
    assert!(!page.contains("model, not measured"));
}

#[tokio::test]
async fn an_ended_course_takes_no_order_and_keeps_its_chart() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("prescriber").await;
    let unsaid = house.send(&mut browser, "", "end", &[("end-words", "moved to another town")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let end = [("end-reason", "moved"), ("end-words", "moved to another town")];
    accepted(&house.send(&mut browser, "", "end", &end).await);
    assert!(house.page(&mut browser, "").await.contains("moved to another town"));
    let plan = house.page(&mut browser, "/plan").await;
    assert!(!plan.contains("</svg>in force"), "{}", plan.split_once("<main").unwrap().1);
    let before = house.seq().await;
    let refused = house.send(&mut browser, "/plan", "order", &[("dose_mg", "40"), ("dose_mg_per_kg", "0.5")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert_eq!(house.seq().await, before, "nothing was recorded");
}

#[tokio::test]
async fn an_order_sent_twice_is_written_once_and_a_stale_one_shows_what_changed() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    let house = House::with(&course).await;
    let at = format!("{}/plan", house.chart);
    let (mut first, mut second) = (house.browser("prescriber").await, house.browser("second").await);
    let (mine, theirs) = (first.get(&at).await, second.get(&at).await);
    let order = [("form", "order"), ("dose_mg", "40"), ("dose_mg_per_kg", "0.5"), ("reason", "as agreed")];
    accepted(&first.send_again(&mine, &at, &order).await);
    let once = house.seq().await;
    accepted(&first.send_again(&mine, &at, &order).await);
    assert_eq!(house.seq().await, once, "the second sending of the same form changes nothing");
    let stale = second.send_again(&theirs, &at, &order).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    assert!(stale.body.contains("as agreed"), "what was typed is kept");
    assert_ne!(hidden(&stale.body, "seq"), hidden(&theirs.body, "seq"), "the form now answers to what is shown");
    assert_eq!(house.seq().await, once);
}

#[tokio::test]
async fn a_session_is_scheduled_from_now_on_and_called_off_with_a_reason() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let past = house.send(&mut browser, "/sessions", "schedule", &[("starts_at", "2020-01-01T10:00")]).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.body.contains("2020-01-01T10:00"), "what was typed is kept");
    let local = course.now.to_zoned(jiff::tz::TimeZone::get("America/Denver").unwrap());
    let starts = (local + jiff::Span::new().days(2)).strftime("%Y-%m-%dT%H:%M").to_string();
    accepted(&house.send(&mut browser, "/sessions", "schedule", &[("starts_at", &starts)]).await);
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let session = open.chart.sessions.last().unwrap().id.to_string();
    let unsaid = house.send(&mut browser, "/sessions", "cancel", &[("session", &session)]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsaid.body);
    let off = [("session", session.as_str()), ("cancel-reason", "the escort is ill")];
    accepted(&house.send(&mut browser, "/sessions", "cancel", &off).await);
    assert!(house.page(&mut browser, "").await.contains("the escort is ill"));
}

#[test]
fn the_people_of_these_tests_are_apart() {
    let ids: Vec<Uuid> =
        [guide(), prescriber(), second_prescriber(), stranger()].iter().map(|a| a.staff().unwrap().0).collect();
    assert!(ids.iter().all(|id| ids.iter().filter(|other| *other == id).count() == 1));
    assert!(matches!(guide(), Actor::Staff { role: Role::Guide, .. }));
}
