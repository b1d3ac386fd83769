//! Which step of the day is the patient's, walked through a whole home day.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use stillwater_care::command::Command;
use stillwater_care::day::{DayStep, ReadingStep, held};
use stillwater_care::event::{DayAnswered, DayAnswers, Point, VitalsRecorded};
use stillwater_care::facts::{Answered, Setting};
use stillwater_care::protocol::Protocols;
use stillwater_care::readiness::DayPart;
use stillwater_care::roles::Actor;
use stillwater_testkit::{Course, companion, guide};

fn step(course: &Course) -> DayStep {
    DayStep::of(&course.chart, Protocols::built_in(), course.now)
}

#[test]
fn the_day_goes_from_the_safety_questions_to_the_dose_and_a_high_reading_stands_in_between() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    assert_eq!(step(&course), DayStep::Over, "nothing is planned");
    let session = course.schedule();
    assert!(matches!(step(&course), DayStep::NotYet | DayStep::Safety), "{:?}", step(&course));
    course.answers("asq", Point::PreDose);
    assert_eq!(step(&course), DayStep::Day(DayPart::Body));
    let all = Course::good_day(Setting::Home);
    // What is asked alone comes by itself, after everything else.
    let answers = DayAnswers { companion_danger: None, ..all };
    course.does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers }));
    assert_eq!(step(&course), DayStep::Day(DayPart::Private));
    let answers = DayAnswers { companion_danger: Some(Answered::No), ..DayAnswers::default() };
    course.does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers }));
    assert_eq!(step(&course), DayStep::Readings(ReadingStep::First));
    let reading = |course: &Course, systolic| {
        Command::RecordVitals(VitalsRecorded { vitals: course.vitals(systolic, 80), session: Some(session) })
    };
    let high = reading(&course, 165);
    course.does(Actor::Patient, high);
    assert_eq!(step(&course), DayStep::Readings(ReadingStep::Held), "three readings are asked for at home");
    let chart_session = course.chart.session(session).unwrap();
    let holds = held(&course.chart, chart_session, Protocols::built_in(), course.now);
    assert!(holds.iter().any(|finding| finding.rule == "S01-bp-home"), "{holds:?}");
    for _ in 0..2 {
        let normal = reading(course.minutes(10), 118);
        course.does(Actor::Patient, normal);
    }
    assert_eq!(step(&course), DayStep::Wait);
    let arrived = companion(&course.chart);
    course.does(arrived, Command::ArriveAsCompanion(session));
    course.see_companion(session);
    course.counts_supply();
    course.does(guide(), Course::go(session));
    assert_eq!(step(&course), DayStep::Unlock);
    let dose = course.dose(session);
    course.does(Course::taker(Setting::Home), dose);
    assert_eq!(step(&course), DayStep::Running);
}
