//! A patient's day over HTTP and without JavaScript: invited by a link, questions that lose nothing, danger answered at
//! once, consent, journal, and nobody else's record.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use std::sync::Arc;

use axum::http::StatusCode;
use stillwater_care::chart::Chart;
use stillwater_care::command::Command;
use stillwater_care::event::{Demographics, PatientReferred};
use stillwater_care::facts::Sex;
use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::roles::{Actor, Role};
use stillwater_clinic::charts::CommandRequest;
use stillwater_clinic::clock::FixedClock;
use stillwater_server::auth::links;
use stillwater_server::state::{App, Clinic, veterans_of};
use support::{Browser, Folder};
use uuid::Uuid;

const NOON: i64 = 1_763_899_200_000;

struct House {
    app: App,
    clock: Arc<FixedClock>,
    _folder: Folder,
}

fn house() -> House {
    house_of(Clinic::default())
}

fn house_of(clinic: Clinic) -> House {
    let clock = Arc::new(FixedClock::at(NOON));
    let folder = Folder::new();
    let app = support::open(&folder, clock.clone(), clinic);
    House { app, clock, _folder: folder }
}

fn patient(n: u128) -> PatientId {
    PatientId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (n << 24)))
}

async fn refer(house: &House, who: PatientId, name: &str) {
    let actor =
        Actor::Staff { id: StaffId(Uuid::from_u128(2)), name: "Example prescriber".into(), role: Role::Prescriber };
    let demographics = Demographics {
        name: name.into(),
        birth_date: jiff::civil::date(1988, 4, 4),
        birth_known_to: None,
        sex: Sex::Female,
        veteran: None,
        phone: String::new(),
        address: "1 Example Street".into(),
        time_zone: "America/Denver".into(),
        emergency_number: "911".into(),
        identifiers: Vec::new(),
    };
    let command =
        Command::ReferPatient(PatientReferred { demographics, reason: "example".into(), source: "by hand".into() });
    let ask = CommandRequest { patient: who, actor, command_id: who.0, seen: None, command };
    house.app.charts.execute(ask, house.app.clock.now_stamp()).await.unwrap();
}

trait NowStamp {
    fn now_stamp(&self) -> jiff::Timestamp;
}

impl NowStamp for Arc<dyn stillwater_clinic::clock::Clock> {
    fn now_stamp(&self) -> jiff::Timestamp {
        self.now()
    }
}

async fn invited(house: &House, who: PatientId) -> Browser {
    let link = links::invite_patient(&house.app, who, "Somebody Example").await.unwrap();
    let mut browser = Browser::of(&house.app);
    let used = browser.send_form(&link.path, &link.path, &[]).await;
    assert_eq!(used.status, StatusCode::SEE_OTHER, "{}", used.body);
    browser
}

async fn chart(house: &House, who: PatientId) -> Chart {
    house.app.charts.load(who).await.unwrap().unwrap().chart.clone()
}

async fn answered(house: &House) -> (Browser, PatientId) {
    let who = patient(1);
    refer(house, who, "Somebody Example").await;
    let browser = invited(house, who).await;
    (browser, who)
}

#[tokio::test]
async fn a_draft_that_cannot_be_read_is_said_and_is_kept() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    let (owner, key) = (format!("patient:{who}"), "questions-phq-9");
    house.app.accounts.keep_draft(&owner, key, "not answers").await.unwrap();
    let page = browser.get("/my/questions/phq-9").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.body.contains("Your earlier answers cannot be read"), "{}", page.body);
    assert_eq!(house.app.accounts.draft(&owner, key).await.unwrap().as_deref(), Some("not answers"));
}

/// Answers PHQ-9 with 0 but for the items given, one question at a time.
async fn phq9(browser: &mut Browser, item9: &str) {
    for n in 1..=9 {
        let (item, value) = (format!("phq9_{n}"), if n == 9 { item9 } else { "0" });
        let name = format!("item-{item}");
        let page = browser
            .send_form("/my/questions/phq-9", "/my/questions/phq-9", &[("item", &item), (&name, value), ("go", "next")])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    }
    if item9 != "0" {
        let fields = [("item", "phq9_10"), ("item-phq9_10", "1"), ("go", "next")];
        browser.send_form("/my/questions/phq-9", "/my/questions/phq-9", &fields).await;
    }
}

#[tokio::test]
async fn every_page_of_the_patient_opens_is_small_and_always_offers_help() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    for path in [
        "/my",
        "/my/history",
        "/my/consent",
        "/my/outcome",
        "/my/journal",
        "/my/safety-plan",
        "/my/companion",
        "/my/record",
        "/my/learn",
        "/my/help-now",
        "/my/questions/lec-5",
        "/my/questions/pcl-5-week?all=1",
        "/my/questions/asq",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.len() < 200_000, "{path} has {} bytes", page.body.len());
        for always in ["Pause", "Leave", "Help now"] {
            assert!(page.body.contains(always), "{path} has no {always}");
        }
    }
    for closed in ["/caseload", "/patients/x", "/companion", "/people", "/my/questions/madrs", "/my/questions/moaa-s"] {
        let page = browser.get(closed).await;
        assert!(
            page.status == StatusCode::FORBIDDEN || page.status == StatusCode::NOT_FOUND,
            "{closed}: {}",
            page.status
        );
    }
}

#[tokio::test]
async fn how_it_works_is_drawn_and_each_statement_says_how_far_it_can_be_trusted() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    let page = browser.get("/my/learn").await.body;
    for says in [
        "NMDA receptor",
        "hypothesis: seen in rats",
        "hypothesis from animal work",
        "did not show a difference from placebo",
    ] {
        assert!(page.contains(says), "{says}");
    }
    assert_eq!(page.matches("how-drawing").count(), 3);
    let main = page.split_once("<main").unwrap().1;
    let statements = main.matches("<p class=\"quiet\">").count();
    assert!(main.matches("rel=\"noreferrer\"").count() >= 11 && statements >= 11, "each statement has its source");
}

#[tokio::test]
async fn an_answer_that_means_danger_raises_its_alert_before_the_next_page_which_shows_whom_to_reach() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    phq9(&mut browser, "2").await;
    let sent = browser.send_form("/my/questions/phq-9?review=1", "/my/questions/phq-9/send", &[]).await;
    assert_eq!((sent.status, sent.location.as_str()), (StatusCode::SEE_OTHER, "/my/help-now?from=answers"));
    let chart = chart(&house, who).await;
    let alert =
        chart.open_alerts().into_iter().find(|a| a.about.rule() == "phq-9/item9_high").expect("an alert").clone();
    assert!(alert.next_rung_at().is_some(), "it has a clock");
    let next = browser.get(&sent.location).await;
    for needed in ["988", "911", "press 1", "Sent. Nobody has answered yet.", "What you answered arrived"] {
        assert!(next.body.contains(needed), "the next page lacks {needed}");
    }
}

/// Veterans are told to press 1 on the line that has a 1 to press, and on no other.
#[tokio::test]
async fn what_veterans_press_is_told_of_the_crisis_line_that_knows_it_and_of_no_other() {
    let told = |number: &str| Clinic {
        crisis_number: number.to_owned(),
        crisis_veterans: veterans_of(number),
        ..Clinic::default()
    };
    let own = Clinic { crisis_veterans: Some("ask for the veterans' desk".to_owned()), ..told("116 123") };
    for (clinic, number, words) in [
        (told("988"), "988", Some("press 1")),
        (told("116 123"), "116 123", None),
        (own, "116 123", Some("ask for the veterans' desk")),
    ] {
        let house = house_of(clinic);
        let (mut browser, _) = answered(&house).await;
        for path in ["/my", "/my/help-now", "/my/help-now?from=answers", "/my/safety-plan", "/help", "/sign-in"] {
            let page =
                if path == "/sign-in" { Browser::of(&house.app).get(path).await } else { browser.get(path).await };
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let text = page.body.replace("&#39;", "'");
            assert!(text.contains(number), "{path} names the crisis line");
            assert_eq!(text.contains("press 1"), words == Some("press 1"), "{path} of {number}");
            assert_eq!(text.to_lowercase().contains("veterans"), words.is_some(), "{path} of {number}");
            assert!(words.is_none_or(|words| text.contains(words)), "{path} of {number}");
        }
    }
}

#[tokio::test]
async fn the_lowest_positive_answer_to_the_last_mood_question_shows_whom_to_reach_too() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    phq9(&mut browser, "1").await;
    let sent = browser.send_form("/my/questions/phq-9", "/my/questions/phq-9/send", &[]).await;
    assert_eq!(sent.location, "/my/help-now?from=answers");
    assert!(chart(&house, who).await.open_alerts().iter().any(|a| a.about.rule() == "phq-9/item9"));
}

#[tokio::test]
async fn a_whole_page_of_safety_questions_asks_the_one_it_opened_before_the_review() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    let (path, all) = ("/my/questions/asq", "/my/questions/asq?all=1");
    let fields = [
        ("item", "asq_1"),
        ("item", "asq_2"),
        ("item", "asq_3"),
        ("item", "asq_4"),
        ("item-asq_1", "0"),
        ("item-asq_2", "0"),
        ("item-asq_3", "1"),
        ("item-asq_4", "0"),
        ("go", "all"),
    ];
    let on = browser.send_form(all, path, &fields).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.body);
    for address in [on.location.as_str(), "/my/questions/asq?review=1"] {
        let page = browser.get(address).await;
        assert!(page.body.contains("right now?") && page.body.contains("name=\"item-asq_5\""), "{address}");
        assert!(!page.body.contains("Send to my team"), "{address} offers to send without the last question");
    }
    browser.send_form(path, path, &[("item", "asq_5"), ("item-asq_5", "1"), ("go", "next")]).await;
    let sent = browser.send_form(path, "/my/questions/asq/send", &[]).await;
    assert_eq!(sent.location, "/my/help-now?from=answers");
    let chart = chart(&house, who).await;
    let alert = chart.open_alerts().into_iter().find(|a| a.about.rule() == "asq/acute").expect("an alert").clone();
    assert!(alert.next_rung_at().is_some(), "it has a clock");
    let next = browser.get(&sent.location).await;
    assert!(next.body.contains("988") && next.body.contains("What you answered arrived"), "{}", next.body);
}

#[tokio::test]
async fn rather_not_say_in_the_safety_questions_counts_as_declined_and_not_as_blank() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    let path = "/my/questions/asq";
    for item in ["asq_1", "asq_2", "asq_3", "asq_4"] {
        let name = format!("item-{item}");
        let fields = if item == "asq_3" {
            vec![("item", item), ("go", "skip")]
        } else {
            vec![("item", item), (name.as_str(), "0"), ("go", "next")]
        };
        browser.send_form(path, path, &fields).await;
    }
    let page = browser.get(path).await;
    assert!(page.body.contains("name=\"item-asq_5\""), "declining opens the last question: {}", page.body);
}

#[tokio::test]
async fn the_help_page_never_says_that_the_team_was_told_when_it_was_not() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    for path in ["/my/help-now?from=answers", "/my/help-now?from=told"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("Sent.") && page.body.contains("data-call=\"none\""), "{path}");
        assert!(page.body.contains("Ask my team to call me"), "{path}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_does_not_lose_the_others_of_the_page() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    let (path, all) = ("/my/questions/gad-7", "/my/questions/gad-7?all=1");
    let fields = [("item", "gad7_1"), ("item", "gad7_2"), ("item-gad7_1", "3"), ("item-gad7_2", "9"), ("go", "all")];
    let odd = browser.send_form(all, path, &fields).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.get(path).await.body.contains("2 of 7"), "the first answer was kept");
}

#[tokio::test]
async fn an_ordinary_answer_raises_nothing() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    phq9(&mut browser, "0").await;
    let sent = browser.send_form("/my/questions/phq-9?review=1", "/my/questions/phq-9/send", &[]).await;
    assert_eq!(sent.location, "/my");
    assert!(chart(&house, who).await.open_alerts().is_empty());
}

#[tokio::test]
async fn leaving_in_the_middle_loses_nothing_and_sending_twice_records_once() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    let go = |n: &'static str| [("item", n), ("go", "skip")];
    browser
        .send_form(
            "/my/questions/gad-7",
            "/my/questions/gad-7",
            &[("item", "gad7_1"), ("item-gad7_1", "3"), ("go", "next")],
        )
        .await;
    // Another visit, by a new link: the answers are still there.
    let mut again = invited(&house, who).await;
    let page = again.get("/my/questions/gad-7").await;
    assert!(page.body.contains("2 of 7"), "the second question is shown");
    for item in ["gad7_2", "gad7_3", "gad7_4", "gad7_5", "gad7_6", "gad7_7"] {
        again.send_form("/my/questions/gad-7", "/my/questions/gad-7", &go(item)).await;
    }
    let review = again.get("/my/questions/gad-7").await;
    assert!(review.body.contains("left out") && review.body.contains("Nearly every day"), "{}", review.body);
    for _ in 0..2 {
        let sent = again.send_again(&review, "/my/questions/gad-7/send", &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    assert_eq!(chart(&house, who).await.measures.len(), 1);
}

#[tokio::test]
async fn a_question_without_an_answer_is_asked_again_kindly() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    let page =
        browser.send_form("/my/questions/gad-7", "/my/questions/gad-7", &[("item", "gad7_1"), ("go", "next")]).await;
    assert!(page.body.contains("Choose an answer"), "{}", page.body);
    let odd = browser
        .send_form(
            "/my/questions/gad-7",
            "/my/questions/gad-7",
            &[("item", "gad7_1"), ("item-gad7_1", "9"), ("go", "next")],
        )
        .await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn history_is_answered_a_few_at_a_time_and_not_sure_is_an_answer() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    let page = browser.get("/my/history").await;
    let fields = [("topic", "aneurysm"), ("topic", "stroke"), ("aneurysm", "no"), ("stroke", "unknown")];
    let sent = browser.send_again(&page, "/my/history", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(chart(&house, who).await.history.len(), 2);
    let empty = browser.send_form("/my/history", "/my/history", &[("topic", "seizures")]).await;
    assert!(empty.body.contains("Choose an answer"));
}

#[tokio::test]
async fn a_journal_entry_is_private_until_shared_and_help_reaches_the_team() {
    let house = house();
    let (mut browser, who) = answered(&house).await;
    browser.send_form("/my/journal", "/my/journal", &[("words", "a quiet day")]).await;
    let open = house.app.charts.load(who).await.unwrap().unwrap();
    assert!(!open.chart.journal[0].shared);
    let told: Vec<String> =
        open.log.iter().map(|r| stillwater_words::timeline::staff(stillwater_words::Words::english(), r)).collect();
    assert!(!told.iter().any(|t| t.contains("quiet day")), "staff do not read a private entry");
    let help = browser.send_form("/my/help-now", "/my/help-now", &[]).await;
    assert!(help.body.contains("Sent. Nobody has answered yet.") && help.body.contains("The call for help arrived"));
    assert_eq!(chart(&house, who).await.open_alerts().len(), 1);
}

#[tokio::test]
async fn a_link_that_was_used_or_has_expired_shows_a_kind_page() {
    let house = house();
    let who = patient(1);
    refer(&house, who, "Somebody Example").await;
    let link = links::invite_patient(&house.app, who, "Somebody Example").await.unwrap();
    house.clock.advance_ms(400 * 24 * 60 * 60_000);
    let page = Browser::of(&house.app).get(&link.path).await;
    assert!(page.body.contains("555-0100"), "it says whom to call: {}", page.body);
    assert_ne!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_patient_never_sees_another() {
    let house = house();
    let (mut browser, _) = answered(&house).await;
    let other = patient(2);
    refer(&house, other, "Otherperson Example").await;
    for path in ["/my", "/my/record", "/my/record/download"] {
        assert!(!browser.get(path).await.body.contains("Otherperson"), "{path}");
    }
    let page = browser.get(&format!("/patients/{other}")).await;
    assert!(page.status == StatusCode::FORBIDDEN || page.status == StatusCode::NOT_FOUND);
}
