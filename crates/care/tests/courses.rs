//! Whole courses and every gate, given, when and then, through the public commands alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use stillwater_care::chart::{Phase, SessionPhase};
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::finding::Urgency;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::plus_minutes;
use stillwater_care::readiness::{self, DayQuestion, ReadyStep};
use stillwater_care::roles::Actor;
use stillwater_care::rules::{Gate, Override};
use stillwater_instruments::Responses;
use stillwater_testkit::{Course, Healthy, companion, guide, prescriber, second_prescriber, stranger};

fn screened(who: &Healthy) -> Course {
    let mut course = Course::new();
    course.refer(who).screen(who);
    course
}

fn check_eligibility_held(rule: &str, who: &Healthy, setting: Setting) {
    screened(who).held_by(rule, prescriber(), Course::yes(setting));
}

fn with_history(topic: HistoryTopic) -> Healthy {
    Healthy { history: vec![(topic, Answered::Yes)], ..Healthy::default() }
}

fn medicine(name: &str, class: MedicineClass, diazepam: Option<f64>) -> Medicine {
    Medicine {
        name: name.into(),
        classes: vec![class],
        diazepam_equivalent_mg_per_day: diazepam,
        from: "example".into(),
        ..Medicine::default()
    }
}

#[test]
fn a_single_infusion_goes_from_referral_to_review() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic).integrate(session);
    assert_eq!(course.chart.session(session).unwrap().phase(), SessionPhase::Reviewed);
    let names: Vec<_> =
        ["ConsentGiven", "OrderWritten", "GoDecided", "DoseTaken", "PatientReleased", "SessionReviewed"].into();
    let places: Vec<_> = names.iter().map(|n| course.log.iter().position(|r| r.event.name() == *n).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    let end = CourseEnded { reason: EndReason::Completed, words: String::new() };
    course.does(prescriber(), Command::EndCourse(end));
    course.refused(guide(), Command::ScheduleSession(plus_minutes(course.now, 60)));
}

#[test]
fn a_second_home_session_waits_for_integration_review_and_seven_days() {
    let mut course = Course::new();
    let first = course.dosed(Setting::Home);
    course.watch_and_release(first, Setting::Home);
    course.hours(20);
    course.order(Setting::Home);
    let soon = plus_minutes(course.now, 60);
    let unreviewed = course.refused(guide(), Command::ScheduleSession(soon));
    assert_eq!(unreviewed.code(), "not-now/last-session-not-reviewed");
    course.does(prescriber(), Command::ReviewSession(SessionReviewed { session: first, words: "well".into() }));
    let early = course.refused(guide(), Command::ScheduleSession(soon));
    assert_eq!(early.code(), "not-now/too-soon");
    course.hours(24 * 8);
    let third = course.schedule();
    course.day(third, Setting::Home);
    let Refusal::NotReady { missing } = course.refused(guide(), Course::go(third)) else {
        panic!("integration is missing")
    };
    assert!(missing.contains(&ReadyStep::LastDoseIntegrated), "{missing:?}");
    let visit = VisitHeld {
        kind: VisitKind::Integration,
        held_at: course.now,
        minutes: 60,
        after_session: Some(first),
        intention: String::new(),
        covered: Vec::new(),
    };
    course.does(guide(), Command::HoldVisit(visit));
    course.does(guide(), Command::CancelSession(CancelSession { session: third, reason: "a day has passed".into() }));
    let fourth = course.next_dose(Setting::Home);
    assert_eq!(course.chart.session(fourth).unwrap().number, 2);
}

#[test]
fn each_eligibility_rule_holds_the_decision() {
    check_eligibility_held("E01-age-minimum", &Healthy { born: 2010, ..Healthy::default() }, Setting::Clinic);
    check_eligibility_held("E03-vascular", &with_history(HistoryTopic::Aneurysm), Setting::Clinic);
    check_eligibility_held(
        "E05-screening-pressure",
        &Healthy { pressure: (165, 90), ..Healthy::default() },
        Setting::Clinic,
    );
    check_eligibility_held(
        "E05-screening-pressure",
        &Healthy { pressure: (142, 80), ..Healthy::default() },
        Setting::Home,
    );
    check_eligibility_held("E06-psychosis-mania", &with_history(HistoryTopic::PsychosisCurrent), Setting::Clinic);
    check_eligibility_held("E06-psychosis-mania", &with_history(HistoryTopic::ManiaLifetime), Setting::Home);
    check_eligibility_held("E07-pregnancy", &with_history(HistoryTopic::BreastFeeding), Setting::Clinic);
    check_eligibility_held("E08-ketamine-misuse", &with_history(HistoryTopic::KetamineMisuse), Setting::Clinic);
    check_eligibility_held("E09-substance-use", &with_history(HistoryTopic::OpioidUseDisorder), Setting::Home);
    for left_out in ["liver", "urine", "pcl-5-week", "asq", "bladder-check"] {
        let mut who = Healthy { without: Some(left_out), ..Healthy::default() };
        if left_out == "pcl-5-week" {
            // The month form alone is enough, so both must be missing.
            let mut course = Course::new();
            course.refer(&who);
            who.without = None;
            course.held_by("E15-baseline", prescriber(), Course::yes(Setting::Clinic));
            continue;
        }
        check_eligibility_held("E15-baseline", &who, Setting::Clinic);
    }
}

#[test]
fn two_clinicians_can_go_on_in_the_clinic_where_the_rule_says_so_and_never_at_home() {
    let mut course = screened(&with_history(HistoryTopic::KetamineMisuse));
    let ask = |second: Option<&Actor>| {
        let second = second.map(|a| a.staff().unwrap());
        Command::OverrideFinding(OverrideFinding {
            gate: Gate::Eligibility,
            rule: "E08-ketamine-misuse".into(),
            reason: "years ago, in remission".into(),
            second,
        })
    };
    course.refused(prescriber(), ask(None));
    course.refused(prescriber(), ask(Some(&prescriber())));
    course.refused(prescriber(), ask(Some(&stranger())));
    course.refused(guide(), ask(Some(&second_prescriber())));
    course.does(prescriber(), ask(Some(&second_prescriber())));
    course.held_by("E08-ketamine-misuse", prescriber(), Course::yes(Setting::Clinic));
    let overridden = course.newest("FindingOverridden").unwrap();
    course.does(second_prescriber(), Command::CosignOverride(overridden));
    course.held_by("E08-ketamine-misuse", prescriber(), Course::yes(Setting::Home));
    course.does(prescriber(), Course::yes(Setting::Clinic));
    assert_eq!(course.chart.overrides.len(), 1, "an override is shown forever");
}

#[test]
fn a_fixed_rule_is_overridden_by_nobody() {
    let mut course = screened(&with_history(HistoryTopic::Aneurysm));
    let asked = Command::OverrideFinding(OverrideFinding {
        gate: Gate::Eligibility,
        rule: "E03-vascular".into(),
        reason: "please".into(),
        second: None,
    });
    let refusal = course.refused(prescriber(), asked);
    let by_nobody = matches!(refusal, Refusal::NotNow(NotNow::OverrideNotAllowed { by: Override::Never, .. }));
    assert!(by_nobody, "{refusal:?}");
}

#[test]
fn an_order_is_held_by_its_rules_and_by_the_plans_ceiling() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    let order = |mg: f64, each: Option<f64>| {
        Command::WriteOrder(WriteOrder { dose_mg: mg, dose_mg_per_kg: each, reason: "example".into() })
    };
    course.refused(prescriber(), order(40.0, Some(0.5)));
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    course.refused(guide(), order(40.0, Some(0.5)));
    course.held_by("R05-weight-unit", prescriber(), order(60.0, Some(0.5)));
    let over = course.refused(prescriber(), order(90.0, Some(1.125)));
    assert_eq!(over.code(), "invalid/dose/above-ceiling", "{over:?}");
    course.refused(prescriber(), order(f64::NAN, Some(0.5)));
    course.refused(prescriber(), order(-1.0, Some(0.5)));
    let mut stale = course.clone();
    stale.hours(24 * 31);
    stale.held_by("R05-weight-unit", prescriber(), order(40.0, Some(0.5)));
    course.does(prescriber(), order(40.0, Some(0.5)));
    course.refused(prescriber(), order(40.0, Some(0.5)));
}

#[test]
fn an_interaction_holds_a_sublingual_order_until_the_medicine_is_gone() {
    let mut course = Course::new();
    course.eligible(Setting::Home);
    course.does(Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home);
    let review = |medicines| Command::ReviewMedicines(MedicinesReviewed { medicines });
    let order = || Command::WriteOrder(Course::usual_order(Setting::Home));
    course.does(guide(), review(vec![medicine("Clarithromycin", MedicineClass::StrongCypInhibitor, None)]));
    course.held_by("D05-cyp", prescriber(), order());
    // What holds is left out by a prescriber who says why.
    let gone = |medicines, why: &str| {
        let answers = HoldingAnswers::Medicines(MedicinesReviewed { medicines });
        Command::ChangeAnswers(ChangeAnswers { answers, why: why.into() })
    };
    let diazepam = medicine("Diazepam", MedicineClass::Benzodiazepine, Some(10.0));
    course.refused(guide(), review(vec![diazepam.clone()]));
    course.does(prescriber(), gone(vec![diazepam], "the course ended three weeks ago"));
    let unreasoned = WriteOrder { reason: String::new(), ..Course::usual_order(Setting::Home) };
    course.held_by("D03-benzodiazepine", prescriber(), Command::WriteOrder(unreasoned));
    course.does(prescriber(), gone(Vec::new(), "never taken, by the pharmacy"));
    course.does(prescriber(), order());
}

#[test]
fn each_rule_of_the_day_holds_go() {
    let check = |rule: &str, change: &dyn Fn(&mut Course, stillwater_care::SessionId)| {
        let mut course = Course::new();
        course.prepared(Setting::Home);
        let session = course.schedule();
        course.day(session, Setting::Home);
        change(&mut course, session);
        course.held_by(rule, guide(), Course::go(session));
    };
    let answer = |course: &mut Course, session, answers| {
        course.does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers }));
    };
    check("D02-alcohol-cannabis", &|course, session| {
        let at = plus_minutes(course.now, -60 * 12);
        let used = DayAnswers { alcohol_or_cannabis: Some(LastUse::At { at }), ..DayAnswers::default() };
        answer(course, session, used);
    });
    check("D03-benzodiazepine-today", &|course, session| {
        let taken = DayAnswers { benzodiazepine_today: Some(Answered::Yes), ..DayAnswers::default() };
        answer(course, session, taken);
    });
    check("S01-bp-home", &|course, session| {
        let vitals = course.vitals(141, 80);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    });
    check("S01-bp-home", &|course, _| {
        course.minutes(31);
    });
    check("S03-companion", &|course, _| {
        course.minutes(16);
    });
    check("S04-room", &|course, session| {
        let unsafe_room = DayAnswers { room_safe: Some(Answered::No), ..DayAnswers::default() };
        answer(course, session, unsafe_room);
    });
    check("C01-suicide-dose", &|course, _| {
        let positive = Responses::from([("asq_1", 1), ("asq_2", 0), ("asq_3", 0), ("asq_4", 0), ("asq_5", 0)]);
        course.answers_with("asq", Point::PreDose, positive);
    });
    check("E16-consent", &|course, _| {
        course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: String::new() }));
    });
}

#[test]
fn a_reading_that_goes_stale_between_go_and_dose_holds_the_dose() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    course.day(session, Setting::Home);
    course.minutes(5);
    course.does(guide(), Course::go(session));
    course.minutes(29);
    let dose = course.dose(session);
    course.held_by("S01-bp-home", Actor::Patient, dose);
}

#[test]
fn yesterdays_answers_hold_the_dose_until_every_question_is_answered_again() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    let answer = |answers| Command::AnswerDay(DayAnswered { session, answers });
    course.does(Actor::Patient, answer(Course::good_day(Setting::Home)));
    course.hours(25);
    let missing = |course: &Course| {
        let session = course.chart.session(session).unwrap();
        readiness::missing(&course.chart, Protocols::built_in(), course.now, session)
    };
    assert!(missing(&course).contains(&ReadyStep::AnsweredToday), "{:?}", missing(&course));
    let one = DayAnswers { still_willing: Some(Answered::Yes), ..DayAnswers::default() };
    course.does(Actor::Patient, answer(one));
    for question in DayQuestion::of(&course.chart, Setting::Home).filter(|question| *question != DayQuestion::Willing) {
        assert!(missing(&course).contains(&ReadyStep::Answered(question)), "{question:?} still stands");
    }
    course.day(session, Setting::Home);
    course.does(guide(), Course::go(session));
}

#[test]
fn withdrawn_consent_cancels_the_order() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: "no".into() }));
    assert!(course.chart.order_in_force().is_none());
    course.refused(guide(), Command::ScheduleSession(plus_minutes(course.now, 60)));
}

#[test]
fn an_answer_that_means_danger_raises_its_alert_in_the_same_append() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let acute = Responses::from([("asq_1", 1), ("asq_2", 1), ("asq_3", 0), ("asq_4", 0), ("asq_5", 1)]);
    let complete = CompleteMeasure { instrument: "asq".into(), point: Point::Screening, session: None, answers: acute };
    let recorded = course.does(Actor::Patient, Command::CompleteMeasure(complete));
    let raised = recorded.iter().find_map(|r| match &r.event {
        Event::AlertRaised(alert) => Some(alert.clone()),
        _ => None,
    });
    let raised = raised.expect("an alert");
    assert_eq!((raised.urgency, raised.first), (Urgency::Emergency, EscalationLevel::Prescriber));
    assert!(raised.answer_within_minutes > 0);
    course.minutes(raised.answer_within_minutes);
    course.tick();
    assert_eq!(course.chart.alerts[0].level, EscalationLevel::OnCall);
    course.does(stranger(), Command::OwnAlert(course.chart.alerts[0].id));
}

#[test]
fn item_nine_raises_an_alert_too() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let answers = Responses::from([("phq9_1", 1), ("phq9_9", 2)]);
    course.answers_with("phq-9", Point::Baseline, answers);
    assert!(course.chart.alerts.iter().any(|a| a.urgency == Urgency::CallClinician));
}

#[test]
fn a_missed_look_in_goes_up_the_ladder_by_itself() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.minutes(19);
    assert!(course.tick().is_empty());
    course.minutes(1);
    assert!(course.tick().iter().any(|r| matches!(r.event, Event::CheckMissed(_))));
    let rung = |course: &Course| course.chart.open_alerts()[0].level;
    assert_eq!(rung(&course), EscalationLevel::Guide);
    for expected in [EscalationLevel::Prescriber, EscalationLevel::OnCall, EscalationLevel::EmergencyServices] {
        course.minutes(5);
        course.tick();
        assert_eq!(rung(&course), expected);
    }
    // 35 minutes after the last look-in a person is told to call the emergency services (clinical reference 5.3).
    course.does(companion(&course.chart), Course::looks_fine(session));
    assert_eq!(course.chart.open_alerts().len(), 1, "looking in does not clear an alert that nobody has resolved");
}

#[test]
fn what_is_only_to_be_watched_asks_everybody_on_call_and_no_ambulance() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(10);
    let vitals = course.vitals(165, 98);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    let rung =
        |course: &Course| course.chart.open_alerts().iter().find(|a| a.urgency == Urgency::Watch).map(|a| a.level);
    for expected in
        [EscalationLevel::Prescriber, EscalationLevel::OnCall, EscalationLevel::OnCall, EscalationLevel::OnCall]
    {
        course.minutes(10);
        course.tick();
        assert_eq!(rung(&course), Some(expected));
    }
}

#[test]
fn a_high_reading_raises_an_alert_and_a_symptom_makes_it_an_emergency() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(20);
    let vitals = course.vitals(165, 98);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    assert_eq!(course.chart.open_alerts()[0].urgency, Urgency::Watch);
    let symptom = SymptomMarked { session, symptom: Symptom::ChestPain, seen_at: course.now, words: String::new() };
    course.does(guide(), Command::MarkSymptom(symptom));
    assert_eq!(course.chart.open_alerts()[0].urgency, Urgency::Emergency);
}

#[test]
fn nobody_is_released_before_the_criteria_and_leaving_is_recorded_as_leaving() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(30);
    let release = PatientReleased { session, with: "a friend".into() };
    let refusal = course.refused(guide(), Command::ReleasePatient(release));
    assert!(matches!(refusal, Refusal::Blocked { gate: Gate::Release, .. }), "{refusal:?}");
    let left = PatientLeft { session, words: "walked out with a friend".into() };
    course.does(guide(), Command::RecordLeaving(left));
    assert!(course.chart.running_session().is_none());
    assert!(course.chart.open_alerts().iter().any(|a| a.about.rule() == "left"));
}

#[test]
fn a_correction_strikes_and_the_page_keeps_both() {
    let mut course = screened(&Healthy::default());
    let wrong = course.newest("WeightRecorded").unwrap();
    let taken_at = course.now;
    let correct = |replacement| {
        Command::Correct(CorrectEntry {
            corrects: wrong,
            why: "typed pounds".into(),
            replacement: Some(Box::new(replacement)),
        })
    };
    course.refused(
        guide(),
        correct(Command::RecordVitals(VitalsRecorded { vitals: course.vitals(118, 74), session: None })),
    );
    course.does(guide(), correct(Command::RecordWeight(WeightRecorded { weight_kg: 70.0, taken_at })));
    assert_eq!(course.chart.weights.len(), 2);
    assert_eq!(course.chart.standing(&course.chart.weights).count(), 1);
    let strike = course.chart.struck.get(&wrong).unwrap();
    assert_eq!((strike.why.as_str(), strike.replaced_by), ("typed pounds", course.newest("WeightRecorded")));
    course.refused(guide(), correct(Command::RecordWeight(WeightRecorded { weight_kg: 71.0, taken_at })));
}

#[test]
fn a_signed_note_is_locked_and_takes_addenda_only() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let write = |note, text: &str| Command::WriteNote(WriteNote { note, kind: VisitKind::Review, text: text.into() });
    course.does(guide(), write(None, "first"));
    let id = course.chart.notes[0].id;
    course.does(guide(), write(Some(id), "better"));
    course.refused(prescriber(), Command::SignNote(id));
    let addendum = || Command::AddAddendum(NoteAddendumAdded { note: id, text: "also".into() });
    course.refused(guide(), addendum());
    course.does(guide(), Command::SignNote(id));
    course.refused(guide(), write(Some(id), "changed"));
    course.does(guide(), addendum());
    assert_eq!((course.chart.notes[0].text.as_str(), course.chart.notes[0].addenda.len()), ("better", 1));
}

#[test]
fn somebody_outside_the_team_can_stop_a_session_and_answer_an_alert_and_nothing_else() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    let moment = Command::MarkMoment(MarkMoment { session, words: "x".into() });
    assert_eq!(course.refused(stranger(), moment), Refusal::NotOnTeam);
    course.does(stranger(), Command::StopSession(SessionStopped { session, reason: String::new() }));
    assert_eq!(course.chart.session(session).unwrap().phase(), SessionPhase::Stopped);
    course.does(stranger(), Command::StopSession(SessionStopped { session, reason: "stop now".into() }));
    let again = MomentMarked { session, words: "stop now".into(), asked_to_stop: Some(SessionPhase::Stopped) };
    assert_eq!(course.log.last().unwrap().event, Event::MomentMarked(again));
    let alert = course.chart.open_alerts()[0].id;
    course.does(stranger(), Command::OwnAlert(alert));
}

#[test]
fn a_second_pressure_out_of_range_before_the_dose_tells_the_team_once() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    let mut record = |systolic: i32| {
        course.minutes(12);
        let vitals = course.vitals(systolic, 84);
        course.does(Actor::Patient, Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
        course.chart.open_alerts().len()
    };
    assert_eq!([record(150), record(132), record(148), record(151)], [0, 0, 1, 1]);
}

/// The referral of a chart that is there, written again.
fn again(course: &Course) -> Command {
    let demographics = course.chart.demographics.clone().unwrap();
    Command::ReferPatient(PatientReferred { demographics, reason: "relapsed".into(), source: "by hand".into() })
}

fn ends(reason: EndReason) -> Command {
    Command::EndCourse(CourseEnded { reason, words: "example".into() })
}

/// A whole course of one dose that has ended, and some days after it.
fn one_course(setting: Setting, days: i64) -> Course {
    let mut course = Course::new();
    let session = course.dosed(setting);
    course.watch_and_release(session, setting).integrate(session);
    course.does(prescriber(), ends(EndReason::Completed));
    course.hours(24 * days);
    course
}

#[test]
fn a_second_plan_holds_sessions_of_its_own() {
    let mut course = Course::new();
    let first = course.dosed(Setting::Clinic);
    course.watch_and_release(first, Setting::Clinic).integrate(first);
    course.hours(24 * 14);
    let soon = plus_minutes(course.now, 60);
    let full = course.refused(guide(), Command::ScheduleSession(soon));
    assert_eq!(full.code(), "not-now/all-sessions-held", "{full:?}");
    course.does(prescriber(), Command::OpenPlan("iv-single-clinic".into()));
    assert_eq!(course.chart.doses_of_plan(), 0, "the new plan has held nothing yet");
    course.order(Setting::Clinic);
    let second = course.next_dose(Setting::Clinic);
    let held = course.chart.session(second).unwrap();
    assert_eq!((held.course, held.plan, held.number), (1, 2, 2), "the course goes on counting its sessions");
    assert_eq!((course.chart.doses_of_plan(), course.chart.doses_now().count()), (1, 2));
    course.watch_and_release(second, Setting::Clinic).integrate(second);
    let soon = plus_minutes(course.now, 60);
    course.refused(guide(), Command::ScheduleSession(soon));
}

#[test]
fn a_referral_after_the_end_begins_a_course_with_counts_of_its_own() {
    let mut course = one_course(Setting::Home, 100);
    let team = course.chart.team.clone();
    let baseline = course.chart.baseline_measure("pcl-5-week").map(|m| m.id);
    let refer = again(&course);
    course.does(guide(), refer);
    let chart = &course.chart;
    assert_eq!((chart.courses().len(), chart.phase()), (2, Phase::Referred));
    assert_eq!(chart.team, team, "the team stays");
    assert!(chart.eligibility().is_none() && chart.plan().is_none() && chart.consent().is_none());
    assert!(chart.companion.is_none(), "a companion is named for one course");
    assert!(chart.baseline_measure("pcl-5-week").is_none() && chart.first_dose_at().is_none());
    let protocols = stillwater_care::protocol::Protocols::built_in();
    let due = stillwater_care::schedule::measures(chart, protocols);
    assert!(due.iter().all(|measure| measure.done.is_none()), "everything is asked again");
    let earlier = stillwater_care::schedule::measures_in(chart, &chart.courses()[0], protocols);
    assert!(earlier.iter().any(|measure| measure.done == baseline), "and the first course keeps its answers");
    let items = stillwater_care::items::open_items(chart, protocols, course.now);
    assert_eq!(items.iter().map(|item| item.key()).collect::<Vec<_>>(), ["step/2/invite"]);

    course.hours(24 * 90);
    course.screen(&Healthy::default());
    course.does(prescriber(), Course::yes(Setting::Home));
    course.does(Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home).order(Setting::Home);
    let session = course.next_dose(Setting::Home);
    let held = course.chart.session(session).unwrap();
    assert_eq!((held.course, held.plan, held.number), (2, 1, 1));
    assert_eq!((course.chart.doses_of_plan(), course.chart.doses.len()), (1, 2));
    assert_eq!(course.chart.first_dose_at(), held.dose_at(), "the baseline lies before the first dose of this course");
}

#[test]
fn what_was_overridden_or_signed_in_one_course_does_not_stand_in_the_next() {
    let mut course = screened(&with_history(HistoryTopic::KetamineMisuse));
    let second = second_prescriber().staff().unwrap();
    let asked = OverrideFinding {
        gate: Gate::Eligibility,
        rule: "E08-ketamine-misuse".into(),
        reason: "years ago, in remission".into(),
        second: Some(second),
    };
    course.does(prescriber(), Command::OverrideFinding(asked));
    let overridden = course.newest("FindingOverridden").unwrap();
    course.does(second_prescriber(), Command::CosignOverride(overridden));
    course.does(prescriber(), Course::yes(Setting::Clinic));
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.does(prescriber(), ends(EndReason::Withdrew));
    let refer = again(&course);
    course.does(prescriber(), refer);
    course.held_by("E08-ketamine-misuse", prescriber(), Course::yes(Setting::Clinic));
    assert!(course.chart.consent().is_none());
}

#[test]
fn the_interval_between_doses_is_looked_at_across_courses() {
    let mut course = one_course(Setting::Home, 1);
    let refer = again(&course);
    course.does(prescriber(), refer);
    course.screen(&Healthy::default());
    course.does(prescriber(), Course::yes(Setting::Home));
    course.does(Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home).order(Setting::Home);
    let early = course.refused(guide(), Command::ScheduleSession(plus_minutes(course.now, 60)));
    assert_eq!(early.code(), "not-now/too-soon");
}

#[test]
fn nobody_off_the_team_takes_over_an_ended_chart() {
    let mut course = one_course(Setting::Clinic, 1);
    let refer = again(&course);
    let Actor::Staff { id, name, .. } = stranger() else { panic!("a stranger is staff") };
    let refused = course.refused(stranger(), refer.clone());
    assert_eq!(refused, Refusal::NotOnTeam);
    let outsider = Actor::Staff { id, name: name.clone(), role: stillwater_care::roles::Role::Prescriber };
    assert_eq!(course.refused(outsider.clone(), refer.clone()), Refusal::NotOnTeam);
    let me = |role| TeamMember { id, name: name.clone(), role };
    let members = vec![me(stillwater_care::roles::Role::Prescriber), me(stillwater_care::roles::Role::Guide)];
    let take = Command::SetCareTeam(CareTeamSet { members });
    assert_eq!(course.refused(outsider, take), Refusal::NotOnTeam);
    let manager = Actor::Staff { id, name: name.clone(), role: stillwater_care::roles::Role::Manager };
    course.does(manager, refer.clone());
    assert_eq!(course.chart.courses().len(), 2);
    assert!(!course.chart.on_team(&stranger()), "a manager refers, and is not the team by that");
    course.refused(prescriber(), refer);
}
