//! HZ-06 and HZ-08: a dose too soon, too large for a beginning, carried over from another route, or first of all and alone.

use stillwater_care::command::*;
use stillwater_care::facts::Setting;
use stillwater_care::quantity::{plus_hours, plus_minutes};
use stillwater_testkit::{Course, Healthy, guide, prescriber};

fn order(dose_mg: f64, reason: &str) -> Command {
    Command::WriteOrder(WriteOrder { dose_mg, dose_mg_per_kg: None, reason: reason.to_owned() })
}

#[test]
fn the_calendar_refuses_a_session_before_the_review_and_before_its_time_and_names_the_first_minute() {
    let mut course = Course::new();
    let first = course.dosed(Setting::Home);
    let dosed_at = course.chart.session(first).unwrap().dose_at().unwrap();
    course.watch_and_release(first, Setting::Home);
    // Eleven hours after the dose, as somebody once could.
    let soon = plus_hours(dosed_at, 11);
    let unreviewed = course.refused(guide(), Command::ScheduleSession(soon));
    assert_eq!(unreviewed.code(), "not-now/last-session-not-reviewed");
    course.integrate(first);
    let week = plus_hours(dosed_at, 168);
    let refused = course.refused(guide(), Command::ScheduleSession(plus_minutes(week, -1)));
    let permitted = course.chart.zoned(week).datetime();
    assert_eq!(refused, NotNow::TooSoon { first: permitted }.into());
    course.does(guide(), Command::ScheduleSession(week));
}

#[test]
fn a_first_dose_of_all_at_home_needs_the_prescribers_reason_and_stays_at_the_start() {
    let mut course = Course::new();
    course.eligible(Setting::Home);
    course.does(stillwater_care::roles::Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home);
    let unsaid = course.refused(prescriber(), order(100.0, ""));
    assert_eq!(unsaid.code(), "needs-reason/order", "{unsaid:?}");
    course.held_by("R02-dose-step", prescriber(), order(200.0, "she insists"));
    course.does(prescriber(), order(100.0, "lives three hours away; had two doses in a trial"));
}

#[test]
fn from_65_years_the_first_dose_at_home_is_the_low_one() {
    let mut course = Course::new();
    let who = Healthy { born: 1955, ..Healthy::default() };
    course.refer(&who).screen(&who);
    let note = OverrideFinding {
        gate: stillwater_care::rules::Gate::Eligibility,
        rule: "E02-age-caution".into(),
        reason: "starts low".into(),
        second: None,
    };
    course.does(prescriber(), Command::OverrideFinding(note));
    course.does(prescriber(), Course::yes(Setting::Home));
    course.does(stillwater_care::roles::Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home);
    course.held_by("R02-dose-step", prescriber(), order(100.0, "the usual start"));
    course.does(prescriber(), order(50.0, "the low start"));
}

#[test]
fn nothing_of_an_infusion_is_carried_over_to_a_tablet() {
    let mut course = Course::new();
    let first = course.dosed(Setting::Clinic);
    course.watch_and_release(first, Setting::Clinic).integrate(first);
    course.does(prescriber(), Course::yes(Setting::Home));
    course.does(stillwater_care::roles::Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home);
    course.held_by("R04-route-change", prescriber(), order(150.0, "40 mg into a vein went well"));
    course.does(prescriber(), order(100.0, ""));
}
