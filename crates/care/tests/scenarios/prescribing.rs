//! On what ground a medicine is prescribed, from the first order to the dose.

use jiff::civil::date;
use jiff::tz::TimeZone;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::Setting;
use stillwater_care::quantity::plus_hours;
use stillwater_care::roles::Actor;
use stillwater_testkit::{Course, Healthy, guide, prescriber};

/// Somebody to be treated, whom nobody has examined in person, from a moment.
fn never_seen(setting: Setting, day: jiff::civil::Date) -> Course {
    let mut course = Course::new();
    course.now = day.at(16, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let who = Healthy { examined: false, ..Healthy::default() };
    course.refer(&who).screen(&who).does(prescriber(), Course::yes(setting));
    course.does(Actor::Patient, Course::signs(setting));
    course.prepare(setting);
    course
}

fn examine(course: &mut Course) {
    let examined = ExaminedInPerson { examined_at: course.now, by: "Prescriber Example, physician".into() };
    course.does(prescriber(), Command::RecordExamination(examined));
}

/// Hazard: the rule that let a medicine be prescribed unseen ends at New Year, and the doses at home go on.
#[test]
fn when_the_telemedicine_rule_ends_no_order_and_no_dose_at_home_goes_on_unseen() {
    let mut course = never_seen(Setting::Home, date(2026, 12, 20));
    course.order(Setting::Home);
    // A session beyond the last day is not put into the calendar; one before it is.
    let beyond = plus_hours(course.now, 24 * 12);
    course.held_by("F01-telemedicine", guide(), Command::ScheduleSession(beyond));
    let starts_at = plus_hours(course.now, 24 * 9);
    course.does(guide(), Command::ScheduleSession(starts_at));
    let session = course.chart.current_session().unwrap().id;
    // The last evening of the year where the patient lives, and the first minutes of the next.
    course.now = date(2026, 12, 31).at(23, 40, 0, 0).in_tz("America/Denver").unwrap().timestamp();
    course.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at: course.now }));
    course.day(session, Setting::Home);
    course.does(guide(), Course::go(session));
    course.minutes(15);
    let dose = course.dose(session);
    course.held_by("F01-telemedicine", Actor::Patient, dose);
    course.does(guide(), Command::CancelSession(CancelSession { session, reason: "the rule ended".into() }));
    let order = course.chart.order_in_force().unwrap().written.order;
    course.does(prescriber(), Command::CancelOrder(CancelOrder { order, reason: "the rule ended".into() }));
    let again = || Command::WriteOrder(Course::usual_order(Setting::Home));
    course.held_by("F01-telemedicine", prescriber(), again());
    examine(&mut course);
    course.does(prescriber(), again());
}

#[test]
fn in_the_clinic_the_end_of_the_telemedicine_rule_holds_nothing() {
    let mut course = never_seen(Setting::Clinic, date(2027, 1, 10));
    course.order(Setting::Clinic);
}

/// Hazard: the patient moves to another state, and the prescriber is not licensed there.
#[test]
fn after_a_move_the_state_is_asked_again_and_the_licence_must_be_for_it() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    course.day(session, Setting::Clinic);
    let mut demographics = course.chart.demographics.clone().unwrap();
    demographics.phone = "555-0150".into();
    course.does(guide(), Command::ChangeDemographics(DemographicsChanged { demographics: demographics.clone() }));
    assert_eq!(course.chart.region.as_deref(), Some("US-CO"), "a new phone is no move");
    demographics.address = "2 Example Street".into();
    course.does(guide(), Command::ChangeDemographics(DemographicsChanged { demographics }));
    course.held_by("F01-licence", guide(), Course::go(session));
    course.does(guide(), Command::SetRegion(RegionSet { region: "us-ut".into() }));
    course.held_by("F01-licence", guide(), Course::go(session));
    let licence = ShowLicence { region: "US-UT".into(), number: "EX-2".into(), until: date(2026, 12, 31) };
    course.does(prescriber(), Command::ShowLicence(licence));
    course.does(guide(), Course::go(session));
}

/// Hazard: a licence of another prescriber stands for the one who writes the order.
#[test]
fn an_order_is_judged_by_the_licence_of_whoever_writes_it() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    let given_back = ShowLicence { region: "US-CO".into(), number: "EX-1".into(), until: date(2026, 3, 1) };
    course.does(prescriber(), Command::ShowLicence(given_back));
    let order = || Command::WriteOrder(Course::usual_order(Setting::Clinic));
    course.held_by("F01-licence", prescriber(), order());
    course.does(stillwater_testkit::second_prescriber(), order());
}
