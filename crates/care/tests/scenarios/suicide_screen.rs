//! A grave suicide screen is not answered away, nor struck by whoever it holds up: HZ-05.

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{Setting, SuicideRisk};
use stillwater_care::ids::{EventId, SessionId};
use stillwater_care::roles::Actor;
use stillwater_instruments::Responses;
use stillwater_testkit::{Course, guide, prescriber};

fn acute() -> Responses {
    Responses::from([("asq_1", 1), ("asq_2", 1), ("asq_3", 0), ("asq_4", 0), ("asq_5", 1)])
}

fn past_attempt() -> Responses {
    Responses::from([("asq_1", 0), ("asq_2", 0), ("asq_3", 0), ("asq_4", 1), ("asq_5", 0)])
}

/// Everything of the day is done, then the screen is answered so, and once more with no to everything.
fn answered_away(setting: Setting, first: Responses) -> (Course, SessionId, EventId) {
    let mut course = Course::new();
    let session = course.prepared(setting).schedule();
    course.day(session, setting);
    course.answers_with("asq", Point::PreDose, first);
    let grave = course.newest("MeasureCompleted").unwrap();
    course.minutes(1).answers("asq", Point::PreDose);
    resolve_all(&mut course);
    (course, session, grave)
}

fn resolve_all(course: &mut Course) {
    for alert in course.chart.open_alerts().iter().map(|alert| alert.id).collect::<Vec<_>>() {
        course.does(
            guide(),
            Command::ResolveAlert(AlertResolved {
                alert,
                words: "says it was a slip".into(),
                closing: Course::closing(),
            }),
        );
    }
}

fn signs(measure: EventId, proceed: bool) -> Command {
    Command::ReviewSuicideScreen(SuicideScreenReviewed { measure, proceed, words: "seen, no intent now".into() })
}

#[test]
fn an_acute_screen_answered_again_seconds_later_still_holds_the_dose_until_a_prescriber_signs() {
    for setting in [Setting::Clinic, Setting::Home] {
        let (mut course, session, grave) = answered_away(setting, acute());
        course.held_by("C01-suicide-dose", guide(), Course::go(session));
        course.refused(guide(), signs(grave, true));
        course.does(guide(), signs(grave, false));
        course.held_by("C01-suicide-dose", guide(), Course::go(session));
        course.does(prescriber(), signs(grave, true));
        course.does(guide(), Course::go(session));
        course.does(prescriber(), signs(grave, false));
        let dose = course.dose(session);
        course.held_by("C01-suicide-dose", Course::taker(setting), dose);
    }
}

#[test]
fn a_moderate_screen_outweighs_a_better_one_for_a_day() {
    let (mut course, session, grave) = answered_away(Setting::Home, past_attempt());
    course.held_by("C01-suicide-dose", guide(), Course::go(session));
    let risk = |course: &Course| course.chart.suicide_screen(course.now).unwrap().risk;
    let mut later = course.clone();
    later.hours(24).answers("asq", Point::PreDose);
    assert_eq!(risk(&later), SuicideRisk::None, "a day later the newer ones count");
    course.does(prescriber(), signs(grave, true));
    assert_eq!(risk(&course), SuicideRisk::None);
    course.does(guide(), Course::go(session));
}

#[test]
fn an_acute_screen_does_not_wear_off_by_itself() {
    let (mut course, _, grave) = answered_away(Setting::Clinic, acute());
    course.hours(24 * 20).answers("asq", Point::Unscheduled);
    let risk = |course: &Course| course.chart.suicide_screen(course.now).unwrap().risk;
    assert_eq!(risk(&course), SuicideRisk::High);
    course.does(prescriber(), signs(grave, true));
    assert_eq!(risk(&course), SuicideRisk::None);
}

#[test]
fn a_signed_acute_screen_that_is_still_the_newest_holds_all_the_same() {
    let mut course = Course::new();
    let session = course.prepared(Setting::Clinic).schedule();
    course.day(session, Setting::Clinic);
    course.answers_with("asq", Point::PreDose, acute());
    let grave = course.newest("MeasureCompleted").unwrap();
    resolve_all(&mut course);
    course.does(prescriber(), signs(grave, true));
    course.held_by("C01-suicide-dose", guide(), Course::go(session));
}

#[test]
fn a_suicide_screen_is_struck_by_a_prescriber_only() {
    let (mut course, session, grave) = answered_away(Setting::Clinic, acute());
    let strike = || Command::Correct(CorrectEntry { corrects: grave, why: "wrong button".into(), replacement: None });
    assert_eq!(course.refused(guide(), strike()).code(), "not-allowed/strike-what-holds");
    course.does(prescriber(), strike());
    course.does(guide(), Course::go(session));
    assert!(course.chart.struck.contains_key(&grave), "and both stay in view");
}

#[test]
fn the_alert_of_a_screen_holds_the_dose_by_itself_until_it_is_resolved() {
    let mut course = Course::new();
    let session = course.prepared(Setting::Clinic).schedule();
    course.day(session, Setting::Clinic);
    course.answers_with("asq", Point::PreDose, acute());
    let grave = course.newest("MeasureCompleted").unwrap();
    course.minutes(1).answers("asq", Point::PreDose);
    course.does(prescriber(), signs(grave, true));
    course.held_by("S10-open-alert", guide(), Course::go(session));
    resolve_all(&mut course);
    course.does(guide(), Course::go(session));
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: None, words: String::new() }));
    let dose = course.dose(session);
    course.held_by("S10-open-alert", guide(), dose);
}
