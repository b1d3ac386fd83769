//! The staff's forms filled in as a browser fills them in: only by the names and the choices that the served page has, so
//! that a page and its reading cannot drift apart; and what each leaves behind for the next reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/form.rs"]
mod form;
#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use form::Form;
use house::House;
use stillwater_care::command::{Command, DecideEligibility};
use stillwater_care::facts::{Answered, HistoryTopic, Setting};
use stillwater_care::roles::Actor;
use stillwater_server::auth::links;
use stillwater_testkit::{Course, Healthy, guide, prescriber, second_prescriber};
use support::{Browser, Page};

#[track_caller]
fn accepted(page: &Page) {
    let main = page.body.split_once("<main").map_or("", |(_, rest)| rest);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{main}");
}

fn screened(who: &Healthy) -> Course {
    let mut course = Course::new();
    course.refer(who).screen(who);
    course
}

fn yes(page: &str) -> Form {
    Form::of(page, "decide")
        .with("decision", "eligible")
        .with("setting", "clinic")
        .with("reason", "Seen and discussed.")
        .with("signed_name", "Prescriber Example")
}

/// A browser of the patient, by their own link.
async fn patient(house: &House) -> Browser {
    let link = links::invite_patient(&house.app, house.patient, "Somebody Example").await.unwrap();
    let mut browser = Browser::of(&house.app);
    accepted(&browser.send_form(&link.path, &link.path, &[]).await);
    browser
}

#[tokio::test]
async fn a_decision_is_signed_below_the_findings_it_rests_on_and_only_a_prescriber_is_offered_it() {
    let house = House::with(&screened(&Healthy::default())).await;
    let mut by_guide = house.browser("guide").await;
    let page = house.page(&mut by_guide, "/findings").await;
    assert!(Form::named(&page, "decide").is_empty(), "a guide is not offered the decision");
    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/findings").await;
    for rule in ["E01-age-minimum", "E03-vascular", "E05-screening-pressure", "E07-pregnancy", "C01-suicide-screening"]
    {
        assert!(page.contains(&format!("<code>{rule}</code>")), "{rule} is shown with what it found");
    }
    let blank = Form::of(&page, "decide");
    assert_eq!((blank.value("decision"), blank.value("setting")), (None, None), "nothing is chosen beforehand");
    accepted(&yes(&page).send(&mut browser).await);
    let page = house.page(&mut browser, "/findings").await;
    assert!(page.contains("May be treated (clinic)") && page.contains("Seen and discussed."));
}

#[tokio::test]
async fn an_override_stays_on_the_page_after_the_decision_the_correction_and_the_end() {
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    let house = House::with(&screened(&who)).await;
    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/findings").await;
    let offered = Form::named(&page, "override");
    let form = offered.into_iter().find(|form| form.value("rule") == Some("E08-ketamine-misuse")).unwrap();
    let (guide, second) = (guide().staff().unwrap().to_string(), second_prescriber().staff().unwrap().to_string());
    assert_eq!(form.offers("second"), [guide.as_str(), second.as_str()], "all of the team who treat, but for oneself");
    let silent = form.clone().with("second", &second).send(&mut browser).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "an override without a reason");
    let words = "in remission for nine years";
    accepted(&form.with("override-reason", words).with("second", &second).send(&mut browser).await);
    let page = house.page(&mut browser, "/findings").await;
    assert!(page.contains("waits for the signature of Second Example"), "one signature is not two");
    assert!(Form::named(&page, "cosign").is_empty(), "nobody is offered their own override to sign");
    let held = yes(&page).send(&mut browser).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY, "held until the second has signed");
    let mut by_second = house.browser("second").await;
    let page = house.page(&mut by_second, "/findings").await;
    accepted(&Form::of(&page, "cosign").send(&mut by_second).await);
    let page = house.page(&mut browser, "/findings").await;
    assert!(page.contains("second signature: Second Example"));
    accepted(&yes(&page).send(&mut browser).await);
    assert!(house.page(&mut browser, "/findings").await.contains(words));

    let overview = house.page(&mut browser, "").await;
    let entry = overview.split(" id=\"e").find(|entry| entry.contains(words)).unwrap();
    let strike = Form::of(entry, "correct").with("why", "the second clinician was somebody else");
    accepted(&strike.send(&mut browser).await);
    let page = house.page(&mut browser, "/findings").await;
    assert!(page.contains(words), "what was struck is still read");
    assert!(page.contains("struck by Prescriber Example: the second clinician was somebody else"), "{page}");

    let overview = house.page(&mut browser, "").await;
    let end = Form::of(&overview, "end").with("end-reason", "ineligible").with("end-words", "misuse is not settled");
    accepted(&end.send(&mut browser).await);
    assert!(house.page(&mut browser, "/findings").await.contains(words));
}

#[tokio::test]
async fn a_plan_is_opened_from_the_protocols_and_an_order_signed_under_it() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic).looks_for_misuse();
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    let house = House::with(&course).await;
    let mut by_guide = house.browser("guide").await;
    let page = house.page(&mut by_guide, "/plan").await;
    assert!(Form::named(&page, "open").is_empty() && Form::named(&page, "order").is_empty());
    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/plan").await;
    assert!(Form::named(&page, "order").is_empty(), "no order without a plan");
    let at_home = Form::of(&page, "open").with("protocol", "sl-home").send(&mut browser).await;
    assert_eq!(at_home.status, StatusCode::UNPROCESSABLE_ENTITY, "decided for the clinic, not for home");
    assert_eq!(Form::of(&at_home.body, "open").value("protocol"), Some("sl-home"), "the choice is kept");
    accepted(&Form::of(&page, "open").with("protocol", "iv-single-clinic").send(&mut browser).await);
    let page = house.page(&mut browser, "/plan").await;
    assert!(page.contains("that is 40 mg"), "the start dose at the newest weight stands beside the empty field");
    let order = Form::of(&page, "order");
    assert_eq!((order.value("dose_mg"), order.value("dose_mg_per_kg")), (Some(""), Some("")));
    let above = order.clone().with("dose_mg", "88").with("dose_mg_per_kg", "1.1").send(&mut browser).await;
    assert_eq!(above.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(above.body.contains("88 mg is above the ceiling") && above.body.contains("at most 75 mg and 0.75 mg/kg"));
    // The page that came back is put right and sent again, as a person would.
    let right = Form::of(&above.body, "order").with("dose_mg", "40").with("dose_mg_per_kg", "0.5");
    accepted(&right.send(&mut browser).await);
    let page = house.page(&mut browser, "/plan").await;
    assert!(Form::named(&page, "order").is_empty(), "one order at a time");
    let cancel = Form::of(&page, "cancel").with("cancel-reason", "a cold");
    accepted(&cancel.send(&mut browser).await);
    assert!(house.page(&mut browser, "/plan").await.contains("cancelled: a cold"));
}

#[tokio::test]
async fn a_patient_withdraws_on_their_own_page_and_then_no_dose_begins() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    course.day(session, Setting::Clinic);
    course.does(guide(), Course::go(session));
    let house = House::with(&course).await;
    let tab = format!("/sessions/{session}");
    let mut by_guide = house.browser("guide").await;
    let before = Form::sent_to(&house.page(&mut by_guide, &tab).await, "/dose");
    let mut own = patient(&house).await;
    let shown = own.get("/my/consent").await.body;
    let form = Form::sent_to(&shown, "/my/consent/withdraw").with("words", "I am not sure any more");
    let unsure = form.send(&mut own).await;
    assert_ne!(unsure.status, StatusCode::SEE_OTHER, "the box asks once more");
    accepted(&form.with("sure", "yes").send(&mut own).await);

    let confirm = before.send(&mut by_guide).await;
    let stale = Form::sent_to(&confirm.body, "/dose").with("confirmed", "yes").send(&mut by_guide).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    assert!(stale.body.contains("I am not sure any more"), "the guide is told at once");
    // Go is taken back with the consent: there is no dose to begin, and the page says why.
    let page = house.page(&mut by_guide, &tab).await;
    assert!(page.contains("No go stands") && page.contains("consent was withdrawn"), "{page}");
    assert!(!page.contains("Dose begins now"), "{page}");
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    assert!(open.chart.doses.is_empty() && open.chart.order_in_force().is_none());
}

#[tokio::test]
async fn a_serious_event_waits_in_the_inbox_and_a_light_one_only_stands_in_the_timeline() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    for (what, serious) in [("A headache in the evening", "no"), ("Broke a wrist on the stairs", "yes")] {
        let form = Form::of(&house.page(&mut browser, "").await, "adverse")
            .with("what", what)
            .with("serious", serious)
            .with("relation", "possible")
            .with("outcome", "better by now");
        accepted(&form.send(&mut browser).await);
    }
    let timeline = house.page(&mut browser, "").await;
    assert!(timeline.contains("Adverse event: A headache in the evening"));
    assert!(timeline.contains("Adverse event, serious: Broke a wrist on the stairs"));
    let inbox = browser.get("/inbox").await.body;
    assert!(inbox.contains("serious adverse event: Broke a wrist on the stairs") && !inbox.contains("A headache"));
    let own = Form::of(&inbox, "own");
    accepted(&own.send(&mut browser).await);
    let inbox = browser.get("/inbox").await.body;
    assert!(Form::named(&inbox, "own").is_empty() && inbox.contains("Guide Example"), "it is the guide's now");
}

#[tokio::test]
async fn reviews_are_written_below_what_happened_and_the_course_review_asks_for_words() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic);
    let house = House::with(&course).await;
    let mut by_guide = house.browser("guide").await;
    assert!(Form::named(&house.page(&mut by_guide, "/sessions").await, "review").is_empty());
    let mut browser = house.browser("prescriber").await;
    let review = Form::of(&house.page(&mut browser, "/sessions").await, "review");
    let silent = review.send(&mut browser).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.body);
    accepted(&review.with("review-words", "Settled by itself.").send(&mut browser).await);
    let sessions = house.page(&mut browser, "/sessions").await;
    assert!(Form::named(&sessions, "review").is_empty(), "a session is reviewed once");
    let form = Form::of(&house.page(&mut browser, "").await, "review").with("decision", "continue");
    let silent = form.send(&mut browser).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Form::of(&silent.body, "review").value("decision"), Some("continue"), "the choice is kept");
    accepted(&form.with("review-words", "Sleeps better; goes on.").send(&mut browser).await);
    assert!(house.page(&mut browser, "").await.contains("Sleeps better; goes on."));
}

#[tokio::test]
async fn a_session_that_was_called_off_is_scheduled_again_at_another_time() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let zone = jiff::tz::TimeZone::get("America/Denver").unwrap();
    let in_days = |days: i64| {
        let at = course.now.to_zoned(zone.clone()) + jiff::Span::new().days(days);
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let page = house.page(&mut browser, "/sessions").await;
    accepted(&Form::of(&page, "schedule").with("starts_at", &in_days(2)).send(&mut browser).await);
    let page = house.page(&mut browser, "/sessions").await;
    assert!(Form::named(&page, "schedule").is_empty(), "one session at a time");
    accepted(&Form::of(&page, "cancel").with("cancel-reason", "the escort is ill").send(&mut browser).await);
    let page = house.page(&mut browser, "/sessions").await;
    assert!(page.contains("the escort is ill"));
    accepted(&Form::of(&page, "schedule").with("starts_at", &in_days(3)).send(&mut browser).await);
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    assert_eq!(open.chart.sessions.len(), 2);
    assert!(open.chart.current_session().is_some_and(|s| s.cancelled().is_none()));
}

#[tokio::test]
async fn of_two_who_decide_at_once_the_second_reads_what_the_first_did_and_sends_the_page_as_it_stands() {
    let house = House::with(&screened(&Healthy::default())).await;
    let (mut first, mut second) = (house.browser("prescriber").await, house.browser("second").await);
    let (mine, theirs) = (house.page(&mut first, "/findings").await, house.page(&mut second, "/findings").await);
    accepted(&yes(&mine).send(&mut first).await);
    let no = Form::of(&theirs, "decide")
        .with("decision", "not-eligible")
        .with("setting", "clinic")
        .with("reason", "A letter from the cardiologist is waited for.")
        .with("signed_name", "Second Example");
    let stale = no.send(&mut second).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Prescriber Example decided: may be treated"), "{}", stale.body);
    let kept = Form::of(&stale.body, "decide");
    for (name, value) in [
        ("decision", "not-eligible"),
        ("setting", "clinic"),
        ("reason", "A letter from the cardiologist is waited for."),
        ("signed_name", "Second Example"),
    ] {
        assert_eq!(kept.value(name), Some(value), "{name} is kept");
    }
    accepted(&kept.send(&mut second).await);
    assert!(house.page(&mut first, "/findings").await.contains("Not treated"));
}

#[tokio::test]
async fn a_form_without_its_token_or_from_another_browser_records_nothing() {
    let house = House::with(&screened(&Healthy::default())).await;
    let (mut first, mut second) = (house.browser("prescriber").await, house.browser("second").await);
    let form = yes(&house.page(&mut first, "/findings").await);
    let before = house.seq().await;
    let bare = form.send_without("csrf", &mut first).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN, "{}", bare.body);
    assert_eq!(form.send(&mut second).await.status, StatusCode::FORBIDDEN, "another's token");
    assert!(form.send_without("command_id", &mut first).await.status.is_client_error());
    assert_eq!(house.seq().await, before);
    accepted(&form.send(&mut first).await);
}

#[tokio::test]
async fn whoever_signs_after_five_minutes_shows_again_that_it_is_they_and_loses_nothing_typed() {
    let house = House::with(&screened(&Healthy::default())).await;
    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/findings").await;
    assert!(!page.contains("name=\"proof\""), "nothing is asked so soon after signing in");
    house.clock.advance_ms(5 * 60_000);
    let held = yes(&page).send(&mut browser).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(held.body.contains("Type your password to sign") && held.body.contains("Seen and discussed."));
    let wrong = Form::of(&held.body, "decide").with("proof", "somebody else's").send(&mut browser).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.body.contains("somebody else"), "a password is not shown again");
    assert!(!house.page(&mut browser, "/findings").await.contains("May be treated"), "nothing was recorded");
    accepted(&Form::of(&wrong.body, "decide").with("proof", "lantern river copper").send(&mut browser).await);
    let page = house.page(&mut browser, "/findings").await;
    assert!(page.contains("May be treated (clinic)") && !page.contains("name=\"proof\""));
}

#[tokio::test]
async fn a_decision_of_not_treated_is_said_in_the_cockpit_and_on_the_phone() {
    let mut course = Course::new();
    let session = course.prepared(Setting::Home).schedule();
    course.day(session, Setting::Home);
    course.does(guide(), Course::go(session));
    let no = DecideEligibility {
        eligible: false,
        setting: Setting::Home,
        reason: "aortic aneurysm cannot be excluded".into(),
        signed_name: "Prescriber Example".into(),
    };
    course.does(prescriber(), Command::DecideEligibility(no));
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let cockpit = house.page(&mut browser, &format!("/sessions/{session}")).await;
    assert!(cockpit.contains("No go stands") && cockpit.contains("is not treated now"), "{cockpit}");
    assert!(cockpit.contains("no dose order is in force"), "{cockpit}");
    let mut phone = patient(&house).await;
    let page = phone.get("/my/session").await.body;
    assert!(page.contains("Your dose is on hold") && page.contains("decide again"), "{page}");
}

#[tokio::test]
async fn an_answer_that_holds_is_changed_on_intake_by_a_prescriber_with_a_reason_and_the_old_one_stays() {
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    let house = House::with(&screened(&who)).await;
    let change = [("h-ketamine-misuse", "no"), ("why-ketamine-misuse", "meant a prescribed nasal spray")];
    let mut by_guide = house.browser("guide").await;
    assert_ne!(house.send(&mut by_guide, "/intake", "history", &change).await.status, StatusCode::SEE_OTHER);
    let mut by_prescriber = house.browser("prescriber").await;
    assert_ne!(house.send(&mut by_prescriber, "/intake", "history", &change[..1]).await.status, StatusCode::SEE_OTHER);
    accepted(&house.send(&mut by_prescriber, "/intake", "history", &change).await);
    let page = house.page(&mut by_prescriber, "/intake").await;
    assert!(page.contains("before: yes") && page.contains("meant a prescribed nasal spray"), "{page}");
}

#[tokio::test]
async fn a_wrong_weight_is_struck_with_the_right_one_in_its_place() {
    let house = House::with(&screened(&Healthy::default())).await;
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let entry = open.chart.weights.last().unwrap().id.to_string();
    let mut browser = house.browser("guide").await;
    let right = [("entry", entry.as_str()), ("instead", "yes"), ("weight_kg", "72"), ("why", "typed in pounds")];
    accepted(&house.send(&mut browser, "", "correct", &right).await);
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    let standing: Vec<f64> = open.chart.standing(&open.chart.weights).map(|w| w.value.weight_kg).collect();
    assert_eq!(standing, [72.0]);
}

#[tokio::test]
async fn the_ground_for_prescribing_is_written_down_and_its_end_is_announced_on_the_pages_of_staff() {
    let mut course = Course::new();
    course.now = "2026-12-02T17:00:00Z".parse().unwrap();
    let who = Healthy { examined: false, ..Healthy::default() };
    course.refer(&who).screen(&who).does(prescriber(), Course::yes(Setting::Home));
    let house = House::with(&course).await;
    let ends = "ends on 2026-12-31, in 29 days";
    let mut by_guide = house.browser("guide").await;
    for path in ["/caseload", "/programme"] {
        let page = by_guide.get(path).await.body;
        assert!(page.contains(ends), "{path}: {page}");
    }
    let page = house.page(&mut by_guide, "/prescribing").await;
    assert!(page.contains(ends) && page.contains("US-CO") && page.contains("not on record"));
    assert!(Form::named(&page, "examined").is_empty() && Form::named(&page, "licence").is_empty());
    let vague = Form::of(&page, "region").with("region", "Utah").send(&mut by_guide).await;
    assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(vague.body.contains("is no code of a country or state") && vague.body.contains("value=\"Utah\""));
    accepted(&Form::of(&page, "region").with("region", "us-ut").send(&mut by_guide).await);

    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/prescribing").await;
    let licence = Form::of(&page, "licence").with("licence-region", "US-UT").with("licence-number", "UT-7");
    let undated = licence.clone().send(&mut browser).await;
    assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY, "a licence without its last day");
    accepted(&licence.with("licence-until", "2027-05-31").send(&mut browser).await);
    let page = house.page(&mut browser, "/prescribing").await;
    let examined = Form::of(&page, "examined").with("examined-on", "2026-12-02");
    assert_eq!(examined.clone().send(&mut browser).await.status, StatusCode::UNPROCESSABLE_ENTITY, "by whom?");
    accepted(&examined.with("examined-by", "Prescriber Example, physician").send(&mut browser).await);
    let open = house.app.charts.load(house.patient).await.unwrap().unwrap();
    assert_eq!(open.chart.region.as_deref(), Some("US-UT"));
    assert_eq!((open.chart.licences.iter().count(), open.chart.examinations.iter().count()), (3, 1));

    let mut stranger = house.browser("stranger").await;
    let closed = stranger.get(&format!("{}/prescribing", house.chart)).await;
    assert_ne!(closed.status, StatusCode::OK, "another team's guide");
}

#[tokio::test]
async fn signs_of_misuse_are_recorded_whole_and_stand_on_the_page() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/prescribing").await;
    let form = Form::of(&page, "misuse").with("other-source", "no").with("craving", "yes").with("early", "1");
    let half = form.clone().send(&mut browser).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY, "lost or passed on was not answered");
    let whole = form.with("lost", "no").with("misuse-words", "asked for it on a bad night");
    accepted(&whole.send(&mut browser).await);
    assert!(house.page(&mut browser, "/prescribing").await.contains("asked for it on a bad night"));
    let held = house.page(&mut browser, "/findings?setting=clinic").await;
    assert!(held.contains("F01-misuse"), "the findings of the next dose name it");
}

#[tokio::test]
async fn a_liver_panel_is_entered_with_its_figures_and_a_class_by_a_prescriber() {
    let course = screened(&Healthy::default());
    let at = course.chart.zoned(course.now).strftime("%Y-%m-%dT%H:%M").to_string();
    let house = House::with(&course).await;
    let mut by_guide = house.browser("guide").await;
    let page = house.page(&mut by_guide, "/intake").await;
    let lab = Form::of(&page, "lab").with("lab-kind", "liver-panel").with("lab-result", "normal").with("lab-at", &at);
    let bare = lab.clone().send(&mut by_guide).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.body.contains("Give the figures of the panel"));
    let half = lab.clone().with("liver-alt", "140").send(&mut by_guide).await;
    assert!(half.body.contains("upper limit of normal beside the figure") && half.body.contains("value=\"140\""));
    let whole = lab
        .with("liver-alt", "140")
        .with("liver-alt-upper", "45")
        .with("liver-ast", "30")
        .with("liver-ast-upper", "40")
        .with("liver-bilirubin", "12")
        .with("liver-bilirubin-upper", "21")
        .with("liver-bilirubin-unit", "micromol-per-l");
    accepted(&whole.send(&mut by_guide).await);
    let timeline = house.page(&mut by_guide, "").await;
    assert!(
        timeline.contains("ALT 140 U/L (upper limit 45)") && timeline.contains("bilirubin 12 µmol/L"),
        "{timeline}"
    );
    let findings = house.page(&mut by_guide, "/findings").await;
    assert!(findings.contains("ALT 3.1 times the upper limit"), "{findings}");
    let page = house.page(&mut by_guide, "/prescribing").await;
    assert!(page.contains("not worked out") && Form::named(&page, "child-pugh").is_empty());
    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/prescribing").await;
    accepted(&Form::of(&page, "child-pugh").with("class", "b").with("rated-on", "2026-03-02").send(&mut browser).await);
    assert!(house.page(&mut browser, "/findings").await.contains("Child-Pugh B"));
}

#[tokio::test]
async fn what_is_at_home_is_handed_out_counted_and_taken_back_on_the_page_and_so_is_the_safety_programme() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let house = House::with(&course).await;
    let mut browser = house.browser("guide").await;
    let page = house.page(&mut browser, "/prescribing").await;
    assert!(page.contains("nothing handed out on record"));
    let at = course.chart.zoned(course.now).strftime("%Y-%m-%dT%H:%M").to_string();
    let out = Form::of(&page, "out").with("out-units", "4").with("out-at", &at).with("out-from", "Pharmacy Example");
    assert_eq!(out.clone().send(&mut browser).await.status, StatusCode::UNPROCESSABLE_ENTITY, "how strong each is");
    accepted(&out.with("out-mg", "50").send(&mut browser).await);
    let page = house.page(&mut browser, "/prescribing").await;
    accepted(&Form::of(&page, "count").with("count-units", "3").with("count-at", &at).send(&mut browser).await);
    let page = house.page(&mut browser, "/prescribing").await;
    assert!(page.contains("where there should have been 4"), "{page}");
    let back = Form::of(&page, "back").with("back-units", "1").with("back-at", &at);
    assert_eq!(back.clone().send(&mut browser).await.status, StatusCode::UNPROCESSABLE_ENTITY, "how it was taken back");
    accepted(&back.with("back-words", "to the pharmacy, sealed").send(&mut browser).await);
    let page = house.page(&mut browser, "/prescribing").await;
    let enrolled = Form::of(&page, "rems").with("rems-fact", "patient-enrolled").with("rems-at", &at);
    accepted(&enrolled.with("rems-reference", "EX-77").send(&mut browser).await);
    let page = house.page(&mut browser, "/prescribing").await;
    assert!(page.contains("EX-77"));
    let form = Form::of(&page, "rems").with("rems-fact", "form-sent").with("rems-at", &at).with("rems-reference", "F1");
    assert_eq!(form.send(&mut browser).await.status, StatusCode::UNPROCESSABLE_ENTITY, "no session had a dose");
}

#[tokio::test]
async fn a_medicine_that_holds_is_left_out_on_the_page_by_a_prescriber_with_a_reason() {
    let mut course = screened(&Healthy::default());
    let opioid = stillwater_care::event::Medicine {
        name: "Buprenorphine".into(),
        classes: vec![stillwater_care::facts::MedicineClass::Opioid],
        from: "guide".into(),
        ..stillwater_care::event::Medicine::default()
    };
    let list = stillwater_care::event::MedicinesReviewed { medicines: vec![opioid] };
    course.does(guide(), Command::ReviewMedicines(list));
    let house = House::with(&course).await;
    let mut by_guide = house.browser("guide").await;
    let page = house.page(&mut by_guide, "/intake").await;
    let without = |page: &str| Form::of(page, "medicines").with("m0-name", "");
    assert_eq!(without(&page).send(&mut by_guide).await.status, StatusCode::FORBIDDEN);
    let mut browser = house.browser("prescriber").await;
    let page = house.page(&mut browser, "/intake").await;
    assert_eq!(without(&page).send(&mut browser).await.status, StatusCode::UNPROCESSABLE_ENTITY, "why?");
    accepted(&without(&page).with("medicines-why", "ended in 2019, letter seen").send(&mut browser).await);
    let timeline = house.page(&mut browser, "").await;
    assert!(timeline.contains("changed an answer that held a dose by D01-opioid"), "{timeline}");
    assert!(timeline.contains("ended in 2019, letter seen"));
}
