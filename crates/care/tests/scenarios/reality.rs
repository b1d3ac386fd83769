//! What happened can always be recorded: a dose without the button, an infusion held for a while, a patient who leaves, a
//! session that did not take place.

use stillwater_care::chart::SessionPhase;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{ReleaseFacts, Route, Setting};
use stillwater_care::finding::Urgency;
use stillwater_care::ids::SessionId;
use stillwater_care::protocol::{Booster, Protocols};
use stillwater_care::quantity::{plus_hours, plus_minutes};
use stillwater_care::roles::Actor;
use stillwater_care::schedule;
use stillwater_testkit::{Course, companion, guide, prescriber};

fn given(course: &Course, session: Option<SessionId>, minutes_ago: i64) -> Command {
    Command::RecordDose(RecordDose {
        session,
        taken_at: plus_minutes(course.now, -minutes_ago),
        dose_mg: None,
        route: None,
        words: "told by the patient".into(),
    })
}

/// What was flagged about the newest dose.
fn flags(course: &Course) -> Vec<DoseIrregularity> {
    let dose = course.events().filter_map(|event| match event {
        Event::DoseTaken(dose) => Some(&dose.irregular),
        Event::FurtherDoseTaken(dose) => Some(&dose.irregular),
        _ => None,
    });
    dose.last().cloned().expect("a dose was recorded")
}

fn dose_alert(course: &Course) -> Option<Urgency> {
    let about = |alert: &&&stillwater_care::chart::Alert| matches!(alert.about, AlertSubject::DoseIrregular { .. });
    course.chart.open_alerts().iter().find(about).map(|alert| alert.urgency)
}

#[test]
fn a_dose_given_at_21_04_and_entered_at_21_35_starts_the_watch_from_21_04() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    course.day(session, Setting::Home);
    course.does(guide(), Course::go(session));
    course.minutes(33);
    let taken_at = plus_minutes(course.now, -31);
    let late = given(&course, Some(session), 31);
    course.does(guide(), late);
    let one = course.chart.session(session).unwrap();
    assert_eq!((one.phase(), one.dose_at()), (SessionPhase::Observing, Some(taken_at)));
    assert_eq!(flags(&course), [DoseIrregularity::LateEntry]);
    assert_eq!(dose_alert(&course), Some(Urgency::Watch), "late on paper is looked at");
    let recorded = course.log.iter().find(|r| r.event.name() == "DoseTaken").unwrap();
    assert_eq!((recorded.occurred_at, recorded.recorded_at), (taken_at, course.now), "both times are kept");
    // The look-in that was due 15 minutes after 21:04 is overdue by now, and the ticker says so.
    let protocol = course.chart.protocol(Protocols::built_in()).unwrap();
    let look_in = schedule::next_checks(&course.chart, course.chart.session(session).unwrap(), protocol);
    assert_eq!(look_in[0].due_at, plus_minutes(taken_at, 15));
    course.tick();
    assert!(course.has("CheckMissed"));
}

#[test]
fn a_dose_is_recorded_without_go_without_order_after_a_stop_and_in_every_state() {
    use DoseIrregularity as D;
    let check = |flag: D, setting: Setting, prepare: &dyn Fn(&mut Course, SessionId)| {
        let mut course = Course::new();
        course.prepared(setting);
        let session = course.schedule();
        course.day(session, setting);
        prepare(&mut course, session);
        course.minutes(1);
        let amount = Command::RecordDose(RecordDose {
            session: Some(session),
            taken_at: course.now,
            dose_mg: Some(if setting == Setting::Home { 100.0 } else { 40.0 }),
            route: None,
            words: String::new(),
        });
        course.does(guide(), amount);
        assert!(flags(&course).contains(&flag), "{flag:?} among {:?}", flags(&course));
        assert_eq!(course.chart.session(session).unwrap().phase(), SessionPhase::Observing, "{flag:?}: it is watched");
        assert_eq!(dose_alert(&course), Some(Urgency::CallClinician), "{flag:?}");
    };
    for setting in [Setting::Home, Setting::Clinic] {
        check(D::NoGo, setting, &|_, _| {});
        check(D::NoOrder, setting, &|course, _| {
            let order = course.chart.order_in_force().unwrap().written.order;
            course.does(prescriber(), Command::CancelOrder(CancelOrder { order, reason: "example".into() }));
        });
        check(D::AfterStop, setting, &|course, session| {
            course.does(Actor::Patient, Command::StopSession(SessionStopped { session, reason: String::new() }));
        });
        check(D::CalledOff, setting, &|course, session| {
            course.does(guide(), Command::CancelSession(CancelSession { session, reason: "example".into() }));
        });
        check(D::NoConsent, setting, &|course, _| {
            course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: String::new() }));
        });
        check(D::CourseEnded, setting, &|course, _| {
            let end = CourseEnded { reason: EndReason::Withdrew, words: "example".into() };
            course.does(prescriber(), Command::EndCourse(end));
        });
        check(D::RuleHeld, setting, &|course, _| {
            course.hours(5);
        });
    }
}

#[test]
fn after_the_end_of_a_course_what_belongs_to_the_watch_is_recorded_too() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    course.does(prescriber(), Command::EndCourse(CourseEnded { reason: EndReason::Moved, words: "moved".into() }));
    let dose = Command::RecordDose(RecordDose {
        session: None,
        taken_at: course.now,
        dose_mg: Some(40.0),
        route: Some(Route::Intravenous),
        words: String::new(),
    });
    course.does(guide(), dose);
    let session = course.chart.running_session().expect("somebody is watched").id;
    assert!(course.chart.session(session).unwrap().unplanned);
    course.minutes(5);
    let vitals = course.vitals(190, 100);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    course.does(guide(), Command::RecordLeaving(PatientLeft { session, words: "went home".into() }));
    assert_eq!(course.chart.session(session).unwrap().phase(), SessionPhase::Released);
}

#[test]
fn a_dose_of_long_ago_does_not_stand_in_front_of_the_one_that_is_watched() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.minutes(10);
    let before = Command::RecordDose(RecordDose {
        session: None,
        taken_at: plus_hours(course.now, -72),
        dose_mg: Some(50.0),
        route: None,
        words: "found a blister".into(),
    });
    course.does(guide(), before);
    assert_eq!(course.chart.running_session().map(|s| s.id), Some(session));
    assert_eq!(course.chart.sessions.len(), 2);
}

#[test]
fn another_amount_is_kept_beside_what_was_ordered() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    let amount = |given_mg| Command::RecordAmount(DoseAmountRecorded { session, given_mg, words: "line lost".into() });
    course.minutes(20);
    course.does(guide(), amount(22.0));
    let dose = course.chart.session(session).unwrap().dose().unwrap();
    assert_eq!((dose.dose_mg, dose.ordered_mg), (22.0, Some(40.0)));
    assert!((dose.dose_mg_per_kg.unwrap() - 0.275).abs() < 1e-9, "the weight-based dose follows");
    assert_eq!(course.chart.doses.iter().next().unwrap().value.dose_mg, 22.0, "what the rules see is what was given");
    assert_eq!(dose_alert(&course), None);
    course.does(guide(), amount(60.0));
    assert_eq!(dose_alert(&course), Some(Urgency::CallClinician), "more than ordered calls a clinician");
}

#[test]
fn an_infusion_ends_when_it_ended_and_not_when_it_was_planned_to() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    let began = course.now;
    let step = |course: &Course, step, rate| {
        Command::RecordInfusion(InfusionRecorded {
            session,
            step,
            at: course.now,
            rate_ml_per_hour: rate,
            given_mg: None,
        })
    };
    let end = |course: &Course| course.chart.session(session).unwrap().infusion_end_at();
    assert_eq!(end(&course), Some(plus_minutes(began, 40)));
    course.minutes(10);
    let pause = step(&course, InfusionStep::Paused, None);
    course.does(guide(), pause);
    assert_eq!(end(&course), None, "nobody knows when a paused infusion ends");
    course.minutes(9);
    let resume = step(&course, InfusionStep::Resumed, None);
    course.does(guide(), resume);
    assert_eq!(end(&course), Some(plus_minutes(began, 50)), "never earlier than the pause was long");
    let slower = step(&course, InfusionStep::RateSet, Some(30.0));
    course.does(guide(), slower);
    assert_eq!(end(&course), None);
    course.minutes(40);
    let ended_at = course.now;
    let ended = Command::RecordInfusion(InfusionRecorded {
        session,
        step: InfusionStep::Ended,
        at: ended_at,
        rate_ml_per_hour: None,
        given_mg: Some(31.0),
    });
    course.does(guide(), ended);
    assert_eq!(end(&course), Some(ended_at));
    assert_eq!(course.chart.session(session).unwrap().dose().unwrap().dose_mg, 31.0);
}

#[test]
fn no_protocol_of_ours_has_a_booster_and_a_further_dose_is_recorded_and_flagged() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.minutes(25);
    let booster = Command::GiveBooster(GiveBooster { session, dose_mg: 50.0 });
    assert_eq!(course.refused(guide(), booster).code(), "not-now/no-booster");
    let further = Command::RecordDose(RecordDose {
        session: Some(session),
        taken_at: course.now,
        dose_mg: Some(50.0),
        route: None,
        words: "took a second tablet".into(),
    });
    course.does(companion(&course.chart), further);
    assert_eq!(flags(&course), [DoseIrregularity::NotABooster]);
    assert_eq!(dose_alert(&course), Some(Urgency::CallClinician));
    let one = course.chart.session(session).unwrap();
    assert_eq!((one.further.len(), one.last_dose_at()), (1, Some(course.now)));
    assert_eq!(course.chart.doses.len(), 1, "it is still one session of the plan");
    // The least time before release begins anew with it.
    let last = course.now;
    let facts = |course: &Course| {
        let scope = stillwater_care::chart::facts_from_chart::Scope {
            session: course.chart.session(session),
            ..Default::default()
        };
        course.chart.facts(course.now, Protocols::built_in(), scope)
    };
    assert_eq!(facts(&course).session.unwrap().release_from, last);
}

#[test]
fn a_booster_is_given_only_in_its_minutes_once_and_with_nothing_that_calls_for_somebody() {
    let mut with_booster = Protocols::built_in().get("sl-home", "2").unwrap().clone();
    with_booster.dose.booster = Some(Booster { max_fraction: 0.5, after_minutes: [20, 30] });
    let protocols = Protocols::of(vec![with_booster]);
    let mut course = Course::new();
    course.prepared(Setting::Home);
    // The plan of this chart names version 2, whatever is offered today.
    let plan = PlanOpened {
        protocol: "sl-home".into(),
        protocol_version: "2".into(),
        setting: Setting::Home,
        route: Route::Sublingual,
        sessions: 6,
    };
    course.tells(Event::PlanOpened(plan));
    let session = course.next_dose(Setting::Home);
    let ask = |course: &Course, dose_mg| {
        let context = Context {
            now: course.now,
            actor: guide(),
            command_id: uuid::Uuid::from_u128(course.now.as_second().unsigned_abs().into()),
            protocols: &protocols,
        };
        stillwater_care::decide(&course.chart, &context, Command::GiveBooster(GiveBooster { session, dose_mg }))
    };
    let code = |asked: Result<Vec<Draft>, Refusal>| asked.map(|_| ()).map_err(|refusal| refusal.code());
    course.minutes(14);
    course.does(companion(&course.chart), Course::looks_fine(session));
    course.minutes(5);
    assert_eq!(code(ask(&course, 50.0)), Err("not-now/not-booster-time".to_owned()));
    course.minutes(1);
    assert_eq!(code(ask(&course, 50.1)), Err("invalid/given-dose/no-such-amount".to_owned()));
    let mut called = course.clone();
    called.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }));
    assert_eq!(code(ask(&called, 50.0)), Err("not-now/alert-holds-booster".to_owned()));
    for draft in ask(&course, 50.0).unwrap() {
        let recorded = draft.at(course.chart.seq + 1);
        course.chart.apply(&recorded);
    }
    course.minutes(1);
    assert_eq!(course.chart.session(session).unwrap().further.len(), 1);
    assert_eq!(dose_alert(&course), None);
    assert_eq!(code(ask(&course, 10.0)), Err("not-now/booster-taken".to_owned()));
}

#[test]
fn a_booster_stays_below_the_hard_cap_together_with_the_first_dose() {
    let mut capped = Protocols::built_in().newest("sl-home").unwrap().clone();
    capped.dose.booster = Some(Booster { max_fraction: 0.5, after_minutes: [20, 30] });
    capped.tighten.insert(("R01-dose-cap".into(), "home-sl-hard-mg".into()), 140.0);
    let protocols = Protocols::of(vec![capped]);
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.minutes(14);
    course.does(companion(&course.chart), Course::looks_fine(session));
    course.minutes(6);
    let ask = |dose_mg| {
        let command_id = uuid::Uuid::from_u128(1);
        let context = Context { now: course.now, actor: guide(), command_id, protocols: &protocols };
        let asked = Command::GiveBooster(GiveBooster { session, dose_mg });
        stillwater_care::decide(&course.chart, &context, asked).map(|_| ()).map_err(|refusal| refusal.code())
    };
    assert_eq!(ask(40.1), Err("invalid/given-dose/no-such-amount".to_owned()), "100 mg and 40.1 are above 140");
    assert_eq!(ask(40.0), Ok(()));
}

#[test]
fn what_was_seen_is_recorded_with_its_time_whatever_the_state() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    let dose_at = course.now;
    course.watch_and_release(session, Setting::Home);
    course.hours(2);
    let then = plus_minutes(dose_at, 30);
    let symptom = SymptomMarked {
        session,
        symptom: stillwater_care::facts::Symptom::Nausea,
        seen_at: then,
        words: "told later".into(),
    };
    course.does(guide(), Command::MarkSymptom(symptom));
    course.does(guide(), Command::RateDistress(DistressRated { session, rating: 4, rated_at: then }));
    let mut vitals = course.vitals(130, 80);
    vitals.taken_at = then;
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    let looked = CheckInRecorded {
        session,
        answer: CheckAnswer::Fine,
        answers_to_name: Some(true),
        breathing_easily: Some(true),
        colour_normal: Some(true),
        words: String::new(),
        looked_at: Some(then),
    };
    let recorded = course.does(companion(&course.chart), Command::CheckIn(looked));
    assert_eq!((recorded[0].occurred_at, recorded[0].recorded_at), (then, course.now));
}

#[test]
fn release_rests_on_checks_of_the_last_minutes_and_leaving_is_recorded_without_them() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    for _ in 0..11 {
        course.minutes(10);
        let vitals = course.vitals(120, 76);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
        course.does(companion(&course.chart), Course::looks_fine(session));
    }
    let checks = Command::CheckRelease(ReleaseChecked { session, checks: Course::well(), companion_sign_off: false });
    let off = ReleaseChecked { session, checks: ReleaseFacts::default(), companion_sign_off: true };
    course.does(guide(), checks.clone());
    course.does(companion(&course.chart), Command::CheckRelease(off.clone()));
    course.minutes(15);
    let vitals = course.vitals(120, 76);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    let release = || Command::ReleasePatient(PatientReleased { session, with: "a friend".into() });
    course.held_by("S08-release-checks", guide(), release());
    course.does(guide(), checks);
    course.held_by("S08-release-time", guide(), release());
    let mut gone = course.clone();
    gone.does(guide(), Command::RecordLeaving(PatientLeft { session, words: "would not wait".into() }));
    assert!(gone.chart.open_alerts().iter().any(|a| matches!(a.about, AlertSubject::Left { .. })));
    course.does(companion(&course.chart), Command::CheckRelease(off));
    course.does(guide(), release());
}

#[test]
fn a_missed_session_is_called_missed_can_be_moved_and_keeps_its_history() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    let planned = course.chart.session(session).unwrap().starts_at;
    let early = Command::MissSession(MissSession { session, words: String::new() });
    assert_eq!(course.refused(guide(), early).code(), "invalid/session-start/in-future");
    course.hours(6);
    assert!(course.tick().iter().all(|r| r.event.name() != "SessionMissed"), "five hours late is not missed");
    course.hours(1);
    let looks = schedule::next_look(&course.chart, Protocols::built_in(), course.now).unwrap();
    assert!(looks <= course.now, "the ticker is asked to look");
    course.tick();
    assert_eq!(course.chart.session(session).unwrap().phase(), SessionPhase::Missed);
    assert!(course.chart.open_alerts().iter().any(|a| matches!(a.about, AlertSubject::SessionMissed { .. })));
    assert!(course.chart.current_session().is_none(), "the calendar is free");
    let to = plus_hours(course.now, 48);
    let moved = |words: &str| Command::MoveSession(MoveSession { session, starts_at: to, words: words.into() });
    assert_eq!(course.refused(guide(), moved("")).code(), "invalid/move-reason/empty");
    course.does(guide(), moved("car broke down"));
    let one = course.chart.session(session).unwrap();
    assert_eq!((one.phase(), one.starts_at, one.moves.len()), (SessionPhase::Scheduled, to, 1));
    assert_eq!((one.moves[0].from, one.moves[0].missed.is_some()), (planned, true));
    course.does(guide(), Command::CancelSession(CancelSession { session, reason: "example".into() }));
    assert_eq!(course.refused(guide(), moved("again")).code(), "not-now/session-is");
}

#[test]
fn go_belongs_to_its_day_and_falls_when_the_session_is_moved() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    course.day(session, Setting::Home);
    course.does(guide(), Course::go(session));
    let starts_at = plus_hours(course.now, 24);
    course.does(guide(), Command::MoveSession(MoveSession { session, starts_at, words: "power cut".into() }));
    let dose = course.dose(session);
    assert_eq!(course.refused(Actor::Patient, dose).code(), "not-now/no-go");
}

#[test]
fn a_session_is_not_moved_closer_to_the_last_dose_than_one_may_be_scheduled() {
    let mut course = Course::new();
    let first = course.dosed(Setting::Home);
    let dosed_at = course.chart.session(first).unwrap().dose_at().unwrap();
    course.watch_and_release(first, Setting::Home);
    course.integrate(first);
    let week = plus_hours(dosed_at, 168);
    course.does(guide(), Command::ScheduleSession(plus_hours(week, 24)));
    let session = course.chart.current_session().unwrap().id;
    let to = |starts_at| Command::MoveSession(MoveSession { session, starts_at, words: "a day sooner".into() });
    assert_eq!(course.refused(guide(), to(plus_minutes(week, -1))).code(), "not-now/too-soon");
    course.does(guide(), to(week));
}
