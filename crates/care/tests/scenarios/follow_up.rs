//! After a dose and after the last one: nobody is forgotten, and a loss that comes slowly is seen. HZ-11.

use std::collections::BTreeSet;

use jiff::Timestamp;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{Route, Setting};
use stillwater_care::finding::Urgency;
use stillwater_care::ids::SessionId;
use stillwater_care::items::{ItemSubject, open_items};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{plus_hours, plus_minutes};
use stillwater_care::roles::Actor;
use stillwater_care::schedule::{self, DueMeasure};
use stillwater_instruments::Responses;
use stillwater_testkit::{Course, guide, prescriber};

/// A dose with its watch, its visit and its review.
fn whole_session(course: &mut Course, setting: Setting) -> SessionId {
    let session = course.next_dose(setting);
    course.watch_and_release(session, setting).integrate(session);
    session
}

fn dose_at(course: &Course, session: SessionId) -> Timestamp {
    course.chart.session(session).unwrap().dose_at().unwrap()
}

/// The hours after a dose at which something is due on account of it.
fn hours_after(course: &Course, session: SessionId) -> Vec<i64> {
    let (number, at) = (course.chart.session(session).unwrap().number, dose_at(course, session));
    let hours: BTreeSet<i64> = due(course)
        .into_iter()
        .filter(|m| m.session_number == number && schedule::watched(m.point))
        .map(|m| (m.due_at.as_second() - at.as_second()) / 3_600)
        .collect();
    hours.into_iter().collect()
}

fn due(course: &Course) -> Vec<DueMeasure> {
    schedule::measures(&course.chart, Protocols::built_in())
}

/// PCL-5 (week) with this total.
fn pcl5(course: &mut Course, total: i64) {
    let mut answers = Responses::default();
    for n in 0..20 {
        answers.set(&format!("pcl5w_{}", n + 1), (total - 4 * n).clamp(0, 4));
    }
    course.answers_with("pcl-5-week", Point::Unscheduled, answers);
    let newest = course.chart.measures_of("pcl-5-week").last().map(|m| m.value.scores["total"]);
    assert_eq!(newest, Some(Some(total as f64)));
}

fn relapses(course: &Course) -> Vec<(Urgency, f64)> {
    let of = |alert: &stillwater_care::chart::Alert| match &alert.about {
        AlertSubject::Relapse { now, .. } => Some((alert.urgency, *now)),
        _ => None,
    };
    course.chart.open_alerts().into_iter().filter_map(of).collect()
}

fn ends(course: &mut Course, reason: EndReason) {
    let end = CourseEnded { reason, words: "example".into() };
    course.does(prescriber(), Command::EndCourse(end));
}

const DAY: i64 = 24;
const MONTHS: [i64; 6] = [30 * DAY, 60 * DAY, 90 * DAY, 120 * DAY, 150 * DAY, 180 * DAY];

#[test]
fn every_dose_is_followed_up_for_a_week_and_the_last_one_for_six_months() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let first = whole_session(&mut course, Setting::Home);
    let week = [DAY, 3 * DAY, 7 * DAY];
    let last: Vec<i64> = week.into_iter().chain([14 * DAY]).chain(MONTHS).collect();
    assert_eq!(hours_after(&course, first), last);
    course.hours(6 * DAY).order(Setting::Home);
    let second = whole_session(&mut course, Setting::Home);
    assert_eq!(hours_after(&course, first), week, "what counts from the last dose counts from the newer one");
    assert_eq!(hours_after(&course, second), last);
    let keys: Vec<String> = due(&course).into_iter().map(|m| m.key).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "each has a key of its own: {keys:?}");
}

#[test]
fn what_fell_due_before_a_late_next_dose_stays_due() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let first = whole_session(&mut course, Setting::Home);
    course.hours(20 * DAY).order(Setting::Home);
    whole_session(&mut course, Setting::Home);
    assert_eq!(hours_after(&course, first), [DAY, 3 * DAY, 7 * DAY, 14 * DAY]);
}

#[test]
fn each_month_falls_due_and_each_that_is_missed_is_told_once() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    whole_session(&mut course, Setting::Clinic);
    let mut told = Vec::new();
    // The ticker looks when the chart asks for it, as it does while the program runs.
    for _ in 0..60 {
        let Some(at) = schedule::next_look(&course.chart, Protocols::built_in(), course.now) else { break };
        course.now = course.now.max(at);
        for recorded in course.tick() {
            if let Event::AlertRaised(AlertRaised { alert, about, .. }) = recorded.event {
                if let AlertSubject::MeasuresMissed { point, occurrence, .. } = &about {
                    told.push((*point, *occurrence));
                }
                let words = "left a message".to_owned();
                let closing = Course::closing();
                course.does(guide(), Command::ResolveAlert(AlertResolved { alert, words, closing }));
            }
        }
    }
    let months: Vec<u32> = told.iter().filter(|(point, _)| *point == Point::Monthly).map(|(_, n)| *n).collect();
    assert_eq!(months, [1, 2, 3, 4, 5, 6]);
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "none is told twice: {told:?}");
    assert!([Point::Day3, Point::Day7, Point::Day14].iter().all(|point| told.contains(&(*point, 1))), "{told:?}");
}

#[test]
fn a_month_is_answered_by_its_own_answer_alone() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = whole_session(&mut course, Setting::Clinic);
    course.now = plus_hours(dose_at(&course, session), 60 * DAY);
    pcl5(&mut course, 20);
    let answered: Vec<(Point, u32)> = due(&course)
        .into_iter()
        .filter(|m| m.instrument == "pcl-5-week" && m.done.is_some() && schedule::watched(m.point))
        .map(|m| (m.point, m.occurrence))
        .collect();
    assert_eq!(answered, [(Point::Monthly, 2)]);
}

#[test]
fn follow_up_goes_on_after_an_end_and_stops_where_the_patient_left() {
    let ended = |reason| {
        let mut course = Course::new();
        course.prepared(Setting::Clinic);
        let session = whole_session(&mut course, Setting::Clinic);
        ends(&mut course, reason);
        let day7 = plus_hours(dose_at(&course, session), 7 * DAY);
        course.now = plus_minutes(day7, 60);
        course
    };
    let asked = |course: &Course| {
        let items = open_items(&course.chart, Protocols::built_in(), course.now);
        let measures = |item: &stillwater_care::items::OpenItem| {
            matches!(item.about, ItemSubject::Measures { point: Point::Day7, .. })
        };
        items.iter().any(measures)
    };
    for reason in EndReason::ALL {
        let mut course = ended(reason);
        assert_eq!(asked(&course), reason.is_followed_up(), "{reason:?}");
        course.hours(10 * DAY);
        let look = schedule::next_look(&course.chart, Protocols::built_in(), course.now);
        assert_eq!(look.is_some(), reason.is_followed_up(), "{reason:?}");
        let missed = course
            .tick()
            .iter()
            .any(|r| matches!(&r.event, Event::AlertRaised(a) if a.about.code() == "measures-missed"));
        assert_eq!(missed, reason.is_followed_up(), "{reason:?}");
    }
    assert!(EndReason::Completed.is_followed_up() && !EndReason::Withdrew.is_followed_up());
}

#[test]
fn a_loss_that_comes_slowly_after_the_last_dose_is_seen() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = whole_session(&mut course, Setting::Clinic);
    let day = |course: &mut Course, n: i64| course.now = plus_hours(dose_at(course, session), n * DAY);
    day(&mut course, 14);
    pcl5(&mut course, 20);
    day(&mut course, 21);
    pcl5(&mut course, 29);
    assert_eq!(relapses(&course), [], "9 points are no relapse");
    day(&mut course, 30);
    pcl5(&mut course, 30);
    assert_eq!(relapses(&course), [(Urgency::Watch, 30.0)]);
    let rising = |course: &Course| course.chart.open_alerts().iter().any(|a| a.about.code() == "worsening");
    assert!(!rising(&course), "from one answer to the next it hardly rose");
    ends(&mut course, EndReason::Completed);
    day(&mut course, 60);
    pcl5(&mut course, 36);
    assert_eq!(relapses(&course), [(Urgency::CallClinician, 36.0)], "the same matter, and graver");
}

#[test]
fn in_the_week_after_a_dose_a_rise_is_no_relapse() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = whole_session(&mut course, Setting::Clinic);
    pcl5(&mut course, 20);
    course.now = plus_hours(dose_at(&course, session), 6 * DAY);
    pcl5(&mut course, 34);
    assert_eq!(relapses(&course), []);
}

#[test]
fn a_quick_rise_after_the_last_dose_is_told_once() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = whole_session(&mut course, Setting::Clinic);
    course.now = plus_hours(dose_at(&course, session), 7 * DAY);
    pcl5(&mut course, 20);
    course.hours(7 * DAY);
    pcl5(&mut course, 40);
    let codes: Vec<&str> = course.chart.open_alerts().iter().map(|alert| alert.about.code()).collect();
    assert_eq!(codes, ["worsening"]);
}

#[test]
fn a_plan_of_an_older_file_means_what_it_meant() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let plan = PlanOpened {
        protocol: "sl-home".into(),
        protocol_version: "2".into(),
        setting: Setting::Home,
        route: Route::Sublingual,
        sessions: 6,
    };
    course.tells(Event::PlanOpened(plan));
    let first = whole_session(&mut course, Setting::Home);
    course.hours(6 * DAY).order(Setting::Home);
    let second = whole_session(&mut course, Setting::Home);
    assert_eq!(hours_after(&course, first), [DAY, 7 * DAY, 14 * DAY, 30 * DAY]);
    assert_eq!(hours_after(&course, second), [DAY]);
}

#[test]
fn after_a_transfer_each_dose_is_followed_up_by_the_plan_under_which_it_was_given() {
    let mut course = Course::new();
    course.eligible(Setting::Home);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    course.order(Setting::Clinic);
    let infusion = whole_session(&mut course, Setting::Clinic);
    course.hours(2 * DAY);
    course.does(prescriber(), Command::OpenPlan("sl-home".into()));
    // Four hours and day 2 are the infusion's; the plan at home asks neither.
    let hours = hours_after(&course, infusion);
    assert!(hours.starts_with(&[4, DAY, 2 * DAY, 3 * DAY, 7 * DAY]), "{hours:?}");
    let number = course.chart.session(infusion).unwrap().number;
    let before = |m: &DueMeasure| m.point == Point::PreDose && m.session_number != number;
    assert!(!due(&course).iter().any(before), "no session is planned at home yet");
}
