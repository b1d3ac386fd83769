//! Who signs, who stands beside the patient, and who is who.

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::Setting::{Clinic, Home};
use stillwater_care::facts::{Answered, HistoryTopic};
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_testkit::{Course, Healthy, companion, guide, prescriber, second_prescriber};

fn named(name: &str, phone: &str) -> Command {
    Command::NameCompanion(NameCompanion {
        name: name.into(),
        relation: "friend".into(),
        phone: phone.into(),
        adult: true,
    })
}

fn reach(phone: &str) -> Command {
    Command::ChangeCompanionContact(ChangeCompanionContact { relation: "friend".into(), phone: phone.into() })
}

/// Hazard: the phone number of the companion in the room is put right, and their own phone is refused when they call.
#[test]
fn a_corrected_phone_number_leaves_the_companion_who_they_are() {
    let mut course = Course::new();
    let session = course.dosed(Home);
    let beside = companion(&course.chart);
    course.minutes(5);
    let refused = course.refused(Actor::Patient, reach("555-0199"));
    assert_eq!(refused.code(), "not-now/staff-change-companion");
    course.does(guide(), reach("555-0199"));
    let known = course.chart.companion.clone().unwrap();
    assert_eq!(
        (known.phone.as_str(), known.briefed_at.is_some(), known.confirmed_at.is_some()),
        ("555-0199", true, true)
    );
    course.does(beside.clone(), Course::looks_fine(session));
    // The same name typed again is the same person too.
    course.does(guide(), named("companion  EXAMPLE", "555-0198"));
    assert_eq!(course.chart.companion.as_ref().unwrap().id, known.id);
    course.does(beside, Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }));
}

/// Hazard: somebody else is named in the middle of a session, and whoever is in the room can no longer call.
#[test]
fn help_and_stop_work_for_whoever_was_let_in() {
    let mut course = Course::new();
    let session = course.dosed(Home);
    let beside = companion(&course.chart);
    course.minutes(5);
    course.refused(Actor::Patient, named("Another Example", "555-0177"));
    course.does(guide(), named("Another Example", "555-0177"));
    assert_eq!(course.refused(beside.clone(), Course::looks_fine(session)).code(), "not-on-team");
    let before = course.chart.open_alerts().len();
    course.does(beside.clone(), Command::AskForHelp(HelpRequested { session: Some(session), words: "here".into() }));
    assert!(course.chart.open_alerts().len() > before, "the call rings");
    course.does(beside, Command::StopSession(SessionStopped { session, reason: String::new() }));
    assert!(course.chart.session(session).unwrap().stopped().is_some());
}

/// Hazard: an override that takes two clinicians is one person picking a name from a list.
#[test]
fn an_override_by_two_counts_once_the_second_has_signed() {
    let mut course = Course::new();
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    course.refer(&who).screen(&who);
    let asked = OverrideFinding {
        gate: Gate::Eligibility,
        rule: "E08-ketamine-misuse".into(),
        reason: "nine years in remission".into(),
        second: second_prescriber().staff(),
    };
    course.does(prescriber(), Command::OverrideFinding(asked));
    assert_eq!(course.refused(prescriber(), Course::yes(Clinic)).code(), "blocked/eligibility");
    let overridden = course.newest("FindingOverridden").unwrap();
    assert_eq!(course.refused(prescriber(), Command::CosignOverride(overridden)).code(), "not-now/own-override");
    assert_eq!(course.refused(prescriber(), Course::yes(Clinic)).code(), "blocked/eligibility");
    course.does(second_prescriber(), Command::CosignOverride(overridden));
    course.does(prescriber(), Course::yes(Clinic));
}
