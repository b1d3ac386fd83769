//! A course that moves between the clinic and home: what the old setting opened is closed, and what the new one needs is
//! asked. HZ-06, HZ-08, HZ-11.

use std::collections::BTreeSet;

use stillwater_care::chart::{OrderState, SessionPhase};
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{Route, Setting};
use stillwater_care::ids::SessionId;
use stillwater_care::items::{ItemSubject, NextStep, open_items};
use stillwater_care::protocol::Protocols;
use stillwater_care::readiness::{self, ReadyStep};
use stillwater_care::roles::Actor;
use stillwater_testkit::{Course, guide, prescriber};

fn whole_session(course: &mut Course, setting: Setting) -> SessionId {
    let session = course.next_dose(setting);
    course.watch_and_release(session, setting).integrate(session);
    session
}

fn weighs(course: &mut Course) {
    let taken_at = course.now;
    course.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at }));
}

fn opens(course: &mut Course, protocol: &str) {
    course.does(prescriber(), Command::OpenPlan(protocol.into()));
}

fn signs(course: &mut Course, setting: Setting) {
    course.does(Actor::Patient, Course::signs(setting));
}

/// What the plan in force still needs.
fn needed(course: &Course) -> Vec<ReadyStep> {
    let ready = readiness::plan_ready(&course.chart, Protocols::built_in(), course.now);
    ready.into_iter().filter(|item| !item.done).map(|item| item.step).collect()
}

fn waits_for_consent(course: &Course) -> bool {
    let waits = |about: &ItemSubject| matches!(about, ItemSubject::Step { step: NextStep::AwaitConsent, .. });
    open_items(&course.chart, Protocols::built_in(), course.now).iter().any(|item| waits(&item.about))
}

/// Somebody who may be treated at home, with one infusion in the clinic and another one ordered and planned.
fn in_the_clinic() -> (Course, SessionId) {
    let mut course = Course::new();
    course.eligible(Setting::Home);
    signs(&mut course, Setting::Clinic);
    course.prepare(Setting::Clinic).order(Setting::Clinic);
    whole_session(&mut course, Setting::Clinic);
    opens(&mut course, "iv-single-clinic");
    course.hours(24 * 13);
    weighs(&mut course);
    course.order(Setting::Clinic);
    let planned = course.schedule();
    (course, planned)
}

#[test]
fn from_the_clinic_home_closes_what_the_clinic_opened_and_asks_what_home_needs() {
    let (mut course, planned) = in_the_clinic();
    opens(&mut course, "sl-home");
    assert!(course.chart.order_in_force().is_none(), "no infusion is left ordered");
    let cancelled = |order: &stillwater_care::chart::Order| matches!(&order.state, OrderState::Cancelled(reason) if *reason == CancelReason::PlanOpened);
    assert!(course.chart.orders.iter().any(cancelled));
    assert_eq!(course.chart.session(planned).unwrap().phase(), SessionPhase::CalledOff);
    assert!(course.chart.current_session().is_none());
    let more = [ReadyStep::ConsentSigned, ReadyStep::OrderInForce, ReadyStep::CompanionConfirmed];
    assert_eq!(needed(&course), more, "two visits were held, and the safety plan goes on");
    assert!(waits_for_consent(&course));
    let order = || Command::WriteOrder(Course::usual_order(Setting::Home));
    course.held_by("E16-consent", prescriber(), order());
    signs(&mut course, Setting::Home);
    assert!(!waits_for_consent(&course));
    course.order(Setting::Home);
    assert_eq!(needed(&course), [ReadyStep::CompanionConfirmed]);
    let session = course.schedule();
    course.held_by("S03-companion", guide(), Course::go(session));
}

#[test]
fn a_course_goes_from_the_clinic_home_and_back_with_a_dose_in_each() {
    let (mut course, _) = in_the_clinic();
    course.prepare(Setting::Home);
    signs(&mut course, Setting::Home);
    course.order(Setting::Home);
    let at_home = whole_session(&mut course, Setting::Home);
    course.order(Setting::Home);
    opens(&mut course, "iv-single-clinic");
    assert!(course.chart.order_in_force().is_none(), "no tablet is left ordered");
    assert!(waits_for_consent(&course), "the clinic has a text of its own");
    signs(&mut course, Setting::Clinic);
    course.hours(24 * 13);
    weighs(&mut course);
    course.order(Setting::Clinic);
    let back = whole_session(&mut course, Setting::Clinic);
    let doses: Vec<(u32, Route)> =
        course.chart.sessions_now().filter_map(|s| Some((s.number, s.dose()?.route))).collect();
    let in_order = [Route::Intravenous, Route::Sublingual, Route::Intravenous];
    assert_eq!(doses.iter().map(|(_, route)| *route).collect::<Vec<_>>(), in_order);
    let numbers: BTreeSet<u32> = doses.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.len(), 3, "the course counts its sessions on: {doses:?}");
    let plan_of = |id| course.chart.plan_of(course.chart.session(id).unwrap()).map(|plan| plan.protocol.as_str());
    assert_eq!((plan_of(at_home), plan_of(back)), (Some("sl-home"), Some("iv-single-clinic")));
}

#[test]
fn consent_that_is_half_a_year_old_is_asked_for_again_before_the_next_dose() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    whole_session(&mut course, Setting::Home);
    let asked = |course: &Course| readiness::consent_to_sign(&course.chart, Protocols::built_in(), course.now);
    course.hours(24 * 170);
    assert_eq!((asked(&course), waits_for_consent(&course)), (None, false));
    course.hours(24 * 13);
    assert_eq!(asked(&course).map(|text| text.id.as_str()), Some("home-1"));
    assert!(waits_for_consent(&course));
    signs(&mut course, Setting::Home);
    assert_eq!((asked(&course), waits_for_consent(&course)), (None, false));
}
