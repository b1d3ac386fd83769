//! What a dose stands on falls away after it was ordered: HZ-01, HZ-08, HZ-11.

use stillwater_care::chart::SessionPhase;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{Route, Setting};
use stillwater_care::ids::{EventId, SessionId};
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::plus_minutes;
use stillwater_care::roles::Actor;
use stillwater_testkit::{Course, guide, prescriber};

const SETTINGS: [Setting; 2] = [Setting::Clinic, Setting::Home];

/// Everything is done and go was said, and nobody has taken the dose.
fn at_go(setting: Setting) -> (Course, SessionId) {
    let mut course = Course::new();
    let session = course.prepared(setting).schedule();
    course.day(session, setting);
    course.does(guide(), Course::go(session));
    course.minutes(2);
    (course, session)
}

fn decides(eligible: bool, setting: Setting, reason: &str) -> Command {
    Command::DecideEligibility(DecideEligibility {
        eligible,
        setting,
        reason: reason.into(),
        signed_name: "Prescriber Example".into(),
    })
}

fn serious() -> Command {
    Command::RecordAdverseEvent(AdverseEventRecorded {
        what: "taken to hospital with chest pain".into(),
        serious: true,
        relation: Relation::NotJudged,
        session: None,
        outcome: "still there".into(),
    })
}

fn stops() -> Command {
    Command::ReviewCourse(CourseReviewed { decision: ReviewDecision::Stop, words: "no benefit, more harm".into() })
}

/// After the act, nothing that leads to a dose is left and no step back to one is open.
#[track_caller]
fn nothing_leads_to_a_dose(
    mut course: Course,
    session: SessionId,
    rule: &str,
    setting: Setting,
    reason: &CancelReason,
) {
    assert!(course.chart.order_in_force().is_none(), "{rule}: the order is cancelled at once");
    let held = course.chart.session(session).unwrap();
    assert_eq!(held.phase(), SessionPhase::Scheduled, "{rule}: go is taken back");
    assert_eq!(held.held.as_ref().map(|hold| &hold.reason), Some(reason), "{rule}");
    let dose = course.dose(session);
    assert_eq!(course.refused(Course::taker(setting), dose).code(), "not-now/no-go", "{rule}");
    course.held_by(rule, guide(), Course::go(session));
    course.held_by(rule, prescriber(), Command::WriteOrder(Course::usual_order(setting)));
    course.does(guide(), Command::CancelSession(CancelSession { session, reason: "held".into() }));
    let soon = plus_minutes(course.now, 60);
    course.held_by(rule, guide(), Command::ScheduleSession(soon));
    course.hours(24 * 10);
    let later = plus_minutes(course.now, 60);
    course.held_by(rule, guide(), Command::ScheduleSession(later));
}

#[test]
fn not_treated_takes_the_order_and_go_with_it() {
    for setting in SETTINGS {
        let (mut course, session) = at_go(setting);
        course.does(prescriber(), decides(false, setting, "aortic aneurysm cannot be excluded"));
        let reason = CancelReason::FoundIneligible;
        nothing_leads_to_a_dose(course, session, "E18-eligibility-in-force", setting, &reason);
    }
}

#[test]
fn a_review_that_says_stop_takes_the_order_and_go_with_it() {
    for setting in SETTINGS {
        let (mut course, session) = at_go(setting);
        course.minutes(1);
        course.does(prescriber(), stops());
        let reason = CancelReason::ReviewSaidStop;
        nothing_leads_to_a_dose(course, session, "E18-eligibility-in-force", setting, &reason);
    }
}

#[test]
fn a_serious_event_takes_the_order_and_go_with_it_until_a_prescriber_has_reviewed_it() {
    for setting in SETTINGS {
        let (mut course, session) = at_go(setting);
        course.does(guide(), serious());
        nothing_leads_to_a_dose(course, session, "E19-serious-event", setting, &CancelReason::SeriousEvent);
    }
}

#[test]
fn a_reviewed_serious_event_lets_treatment_go_on_and_a_second_look_can_stop_it_again() {
    let (mut course, session) = at_go(Setting::Clinic);
    course.does(guide(), serious());
    let entry = course.newest("AdverseEventRecorded").unwrap();
    let review = |proceed| {
        Command::ReviewAdverseEvent(AdverseEventReviewed { entry, proceed, words: "reflux, heart well".into() })
    };
    assert_eq!(course.refused(guide(), review(true)).code(), "not-allowed/ReviewAdverseEvent");
    course.does(prescriber(), review(true));
    let alert = course.chart.open_alerts()[0].id;
    course.order(Setting::Clinic);
    course.held_by("S10-open-alert", guide(), Course::go(session));
    course.does(
        guide(),
        Command::ResolveAlert(AlertResolved { alert, words: "reviewed".into(), closing: Course::closing() }),
    );
    course.does(guide(), Course::go(session));
    assert!(course.chart.session(session).unwrap().held.is_none(), "go lifts what held it");
    course.does(prescriber(), review(false));
    assert!(course.chart.order_in_force().is_none());
    course.held_by("E19-serious-event", guide(), Course::go(session));
}

#[test]
fn a_narrower_setting_reaches_what_was_for_the_home_and_nothing_else() {
    let (mut course, session) = at_go(Setting::Home);
    course.does(prescriber(), decides(true, Setting::Clinic, "lives alone now"));
    nothing_leads_to_a_dose(course, session, "E18-eligibility-in-force", Setting::Home, &CancelReason::ClinicOnly);
    let (mut course, session) = at_go(Setting::Clinic);
    course.does(prescriber(), decides(true, Setting::Clinic, "as before"));
    let dose = course.dose(session);
    course.does(guide(), dose);
}

#[test]
fn a_decision_grows_old() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    course.hours(24 * 180);
    let soon = plus_minutes(course.now, 60);
    course.does(guide(), Command::ScheduleSession(soon));
    let session = course.chart.current_session().unwrap().id;
    course.hours(24 * 4);
    course.held_by("E18-eligibility-in-force", guide(), Course::go(session));
}

#[test]
fn withdrawn_consent_takes_the_order_and_go_with_it() {
    for setting in SETTINGS {
        let (mut course, session) = at_go(setting);
        course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: "I do not want this".into() }));
        assert!(course.chart.order_in_force().is_none());
        let held = course.chart.session(session).unwrap();
        assert_eq!(held.held.as_ref().map(|hold| &hold.reason), Some(&CancelReason::ConsentWithdrawn));
        assert_eq!(held.phase(), SessionPhase::Scheduled);
        course.held_by("E16-consent", guide(), Course::go(session));
    }
}

#[test]
fn a_new_yes_after_a_stop_opens_the_way_again() {
    let (mut course, session) = at_go(Setting::Clinic);
    course.does(prescriber(), stops());
    course.minutes(1);
    course.does(prescriber(), decides(true, Setting::Clinic, "reconsidered with the patient"));
    course.order(Setting::Clinic);
    course.does(guide(), Course::go(session));
    let dose = course.dose(session);
    course.does(guide(), dose);
}

#[test]
fn an_open_call_for_help_holds_go_and_the_dose_until_somebody_has_resolved_it() {
    let (mut course, session) = at_go(Setting::Home);
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: None, words: "I am scared".into() }));
    let alert = course.chart.open_alerts()[0].id;
    let dose = course.dose(session);
    course.held_by("S10-open-alert", Actor::Patient, dose);
    course.does(guide(), Command::OwnAlert(alert));
    let dose = course.dose(session);
    course.held_by("S10-open-alert", Actor::Patient, dose);
    course.held_by("S10-open-alert", guide(), Course::go(session));
    course.does(
        guide(),
        Command::ResolveAlert(AlertResolved { alert, words: "talked, calm again".into(), closing: Course::closing() }),
    );
    let dose = course.dose(session);
    course.does(Actor::Patient, dose);
}

#[test]
fn opening_another_plan_calls_off_what_belonged_to_the_one_before() {
    let (mut course, session) = at_go(Setting::Home);
    course.does(prescriber(), Command::OpenPlan("iv-single-clinic".into()));
    assert!(course.chart.order_in_force().is_none(), "the lozenges are not ordered any more");
    let off = course.chart.session(session).unwrap();
    assert_eq!((off.phase(), off.cancelled()), (SessionPhase::CalledOff, Some(&CancelReason::PlanOpened)));
    assert_eq!(off.plan, 1, "what was called off stays with its own plan");
    let dose = course.dose(session);
    course.refused(Actor::Patient, dose);
}

#[test]
fn a_session_of_a_record_from_before_stays_with_the_plan_that_it_was_made_for() {
    let (mut course, session) = at_go(Setting::Home);
    let opened = PlanOpened {
        protocol: "iv-single-clinic".into(),
        protocol_version: Protocols::built_in().newest("iv-single-clinic").unwrap().version.clone(),
        setting: Setting::Clinic,
        route: Route::Intravenous,
        sessions: 1,
    };
    // As it was recorded once: a plan opened, and nothing called off.
    let recorded = Recorded {
        seq: course.chart.seq + 1,
        id: EventId(uuid::Uuid::from_u128(77)),
        occurred_at: course.now,
        recorded_at: course.now,
        actor: prescriber(),
        event: Event::PlanOpened(opened),
    };
    course.chart.apply(&recorded);
    let held = course.chart.session(session).unwrap();
    assert_eq!(held.plan, 1);
    let watched_by = course.chart.protocol_of(held, Protocols::built_in()).unwrap();
    assert_eq!((watched_by.setting, watched_by.route), (Setting::Home, Route::Sublingual));
}
