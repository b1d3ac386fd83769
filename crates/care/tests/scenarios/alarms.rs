//! No alarm goes quiet: owning is not closing, a new or worse fact rings again, and every reading is judged whenever it
//! arrives.

use stillwater_care::chart::{Alert, NoticeState};
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::finding::Urgency;
use stillwater_care::ids::SessionId;
use stillwater_care::quantity::plus_minutes;
use stillwater_care::roles::Actor;
use stillwater_instruments::Responses;
use stillwater_testkit::{Course, Healthy, companion, guide, prescriber};

fn saturation(course: &mut Course, session: SessionId, percent: i32) -> Vec<Recorded> {
    let mut vitals = course.vitals(120, 76);
    vitals.spo2_percent = Some(percent);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }))
}

fn about<'c>(course: &'c Course, rule: &str) -> &'c Alert {
    course.chart.open_alerts().into_iter().find(|a| a.about.rule() == rule).expect("an open alert of this rule")
}

fn says(alert: &Alert, value: f64) -> bool {
    let AlertSubject::InSession { finding, .. } = &alert.about else { panic!("not of a session") };
    finding
        .measured
        .values
        .values()
        .any(|v| matches!(v, stillwater_care::coded::Value::Number { value: n, .. } if *n == value))
}

#[test]
fn a_saturation_that_falls_further_rings_again_although_somebody_has_the_alert() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(5);
    saturation(&mut course, session, 85);
    let alert = about(&course, "S06-oxygen").id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(1);
    saturation(&mut course, session, 87);
    assert!(about(&course, "S06-oxygen").owner().is_some(), "better, though still too low, rings nobody again");
    course.minutes(1);
    saturation(&mut course, session, 70);
    let again = about(&course, "S06-oxygen");
    assert_eq!((again.id, again.owner().is_none(), again.renewals), (alert, true, 1));
    assert!(says(again, 70.0), "the alert shows the newest value: {:?}", again.about);
    assert_eq!(again.urgency, Urgency::Emergency);
    assert_eq!(course.chart.pending_notices().filter(|n| n.alert == alert).count(), 1);
    course.does(prescriber(), Command::OwnAlert(alert));
}

#[test]
fn an_owned_emergency_about_which_nothing_is_written_rings_again_after_ten_minutes() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let acute = Responses::from([("asq_1", 1), ("asq_2", 1), ("asq_3", 0), ("asq_4", 0), ("asq_5", 1)]);
    course.answers_with("asq", Point::Screening, acute);
    let alert = course.chart.open_alerts()[0].id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(9);
    course.tick();
    assert!(course.chart.alert(alert).unwrap().owner().is_some());
    course.does(guide(), Command::NoteAlert(AlertNoted { alert, words: "on the telephone with them".into() }));
    course.minutes(9);
    course.tick();
    assert!(course.chart.alert(alert).unwrap().owner().is_some(), "what is written gives ten minutes more");
    course.minutes(1);
    assert!(course.tick().iter().any(|r| matches!(r.event, Event::AlertLapsed(_))));
    let lapsed = course.chart.alert(alert).unwrap();
    assert!(lapsed.owner().is_none() && lapsed.lapsed.is_some());
    assert!(lapsed.notices.iter().any(|n| matches!(n.state, NoticeState::Lapsed(_))));
    assert_eq!(lapsed.notices.last().unwrap().state, NoticeState::Ringing);
    let rung = lapsed.level;
    course.minutes(2);
    course.tick();
    assert!(course.chart.alert(alert).unwrap().level > rung, "and climbs from there");
}

#[test]
fn a_call_that_somebody_has_rings_again_after_thirty_minutes_and_a_watch_does_not() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    let adverse = AdverseEventRecorded {
        what: "fall".into(),
        serious: true,
        relation: Relation::Possible,
        session: Some(session),
        outcome: "seen".into(),
    };
    course.does(guide(), Command::RecordAdverseEvent(adverse));
    let alert = about(&course, "adverse-event").id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(29);
    course.tick();
    assert!(course.chart.alert(alert).unwrap().owner().is_some());
    course.minutes(1);
    course.tick();
    assert!(course.chart.alert(alert).unwrap().owner().is_none());
}

#[test]
fn an_entry_about_one_alert_leaves_the_clock_of_another_running() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    let adverse = AdverseEventRecorded {
        what: "fall".into(),
        serious: true,
        relation: Relation::Possible,
        session: Some(session),
        outcome: "seen".into(),
    };
    course.minutes(5);
    course.does(guide(), Command::RecordAdverseEvent(adverse));
    saturation(&mut course, session, 85);
    let (fall, oxygen) = (about(&course, "adverse-event").id, about(&course, "S06-oxygen").id);
    for alert in [fall, oxygen] {
        course.does(guide(), Command::OwnAlert(alert));
    }
    // A reading of the pressure alone is about neither; a saturation is about one of them.
    course.minutes(8);
    let mut pressure = course.vitals(120, 76);
    pressure.spo2_percent = None;
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals: pressure, session: Some(session) }));
    let entry = |course: &Course, alert| course.chart.alert(alert).unwrap().entry_at;
    let (before_fall, before_oxygen) = (entry(&course, fall), entry(&course, oxygen));
    assert!(before_oxygen < course.now, "a pressure is no answer to a saturation");
    saturation(&mut course, session, 88);
    assert_eq!(entry(&course, oxygen), course.now);
    assert_eq!(entry(&course, fall), before_fall);
    // What is written on an alert is about that one.
    course.minutes(1);
    course.does(guide(), Command::NoteAlert(AlertNoted { alert: fall, words: "no wound".into() }));
    assert_eq!(entry(&course, fall), course.now);
    assert!(entry(&course, oxygen) < course.now);
    // And a telephone call with the person is about the fall, not about the saturation.
    course.minutes(1);
    course.does(guide(), Command::RecordContact(ContactMade { how: "phone".into(), words: "no pain".into() }));
    assert_eq!(entry(&course, fall), course.now);
    assert!(entry(&course, oxygen) < course.now);
}

#[test]
fn a_second_positive_screen_and_a_second_no_answer_are_not_swallowed() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let acute = || Responses::from([("asq_1", 1), ("asq_2", 1), ("asq_3", 0), ("asq_4", 0), ("asq_5", 1)]);
    course.answers_with("asq", Point::Screening, acute());
    let alert = course.chart.open_alerts()[0].id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(3);
    course.answers_with("asq", Point::Unscheduled, acute());
    assert!(course.chart.alert(alert).unwrap().owner().is_none(), "a second positive screen rings again");

    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    let no_answer = |course: &mut Course| {
        let check = CheckInRecorded {
            session,
            answer: CheckAnswer::NotFine,
            answers_to_name: Some(false),
            breathing_easily: None,
            colour_normal: None,
            words: String::new(),
            looked_at: None,
        };
        course.does(companion(&course.chart.clone()), Command::CheckIn(check));
    };
    course.minutes(5);
    no_answer(&mut course);
    let alert = about(&course, "check-in").id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(2);
    no_answer(&mut course);
    assert!(course.chart.alert(alert).unwrap().owner().is_none());
}

#[test]
fn a_graver_fact_makes_one_alert_graver_and_gives_back_no_time_that_has_run() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(5);
    saturation(&mut course, session, 94);
    let alert = about(&course, "S06-oxygen").id;
    course.minutes(9);
    saturation(&mut course, session, 91);
    let graver = course.chart.alert(alert).unwrap();
    assert_eq!((graver.urgency, graver.level), (Urgency::CallClinician, EscalationLevel::Prescriber));
    course.minutes(1);
    saturation(&mut course, session, 90);
    let before = course.chart.alert(alert).unwrap().next_rung_at().unwrap();
    saturation(&mut course, session, 90);
    assert_eq!(course.chart.alert(alert).unwrap().next_rung_at(), Some(before), "the same again postpones nothing");
}

#[test]
fn a_reading_entered_late_is_judged_as_it_was_and_says_its_age() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(10);
    let mut late = course.vitals(214, 128);
    late.taken_at = plus_minutes(course.now, -3);
    let newer = course.vitals(128, 80);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals: newer, session: Some(session) }));
    assert!(course.chart.open_alerts().is_empty());
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals: late.clone(), session: Some(session) }));
    let alert = about(&course, "S06-pressure");
    assert_eq!(alert.urgency, Urgency::Emergency);
    let AlertSubject::InSession { at, .. } = &alert.about else { panic!() };
    assert_eq!(*at, Some(late.taken_at), "the alert knows when it was measured");
}

#[test]
fn a_reading_stamped_before_the_dose_is_judged_once_the_dose_is_in() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    let dose_at = course.now;
    course.minutes(4);
    let mut early = course.vitals(120, 76);
    early.spo2_percent = Some(79);
    early.taken_at = plus_minutes(dose_at, -1);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals: early, session: Some(session) }));
    assert_eq!(about(&course, "S06-oxygen").urgency, Urgency::Emergency);
}

#[test]
fn a_clock_that_was_set_back_blinds_nothing() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(30);
    let vitals = course.vitals(120, 76);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    course.minutes(-20);
    saturation(&mut course, session, 84);
    assert_eq!(about(&course, "S06-oxygen").urgency, Urgency::Emergency);
}

#[test]
fn consent_withdrawn_while_the_dose_works_is_an_alert() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(10);
    course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: "I want this to end".into() }));
    let alert = about(&course, "consent-withdrawn");
    assert_eq!((alert.session, alert.urgency), (Some(session), Urgency::CallClinician));
    course.does(guide(), Command::StopSession(SessionStopped { session, reason: "consent withdrawn".into() }));
}

#[test]
fn closing_asks_what_was_found_what_was_done_who_knows_and_what_is_next() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: None, words: "please".into() }));
    let alert = course.chart.open_alerts()[0].id;
    let close = |words: &str, closing: AlertClosing| {
        Command::ResolveAlert(AlertResolved { alert, words: words.into(), closing })
    };
    let all = Course::closing();
    course.refused(guide(), close("", all.clone()));
    course.refused(guide(), close("well", AlertClosing { done: String::new(), ..all.clone() }));
    course.refused(guide(), close("well", AlertClosing { told: String::new(), ..all.clone() }));
    course.refused(guide(), close("well", AlertClosing { next: String::new(), ..all.clone() }));
    course.does(guide(), close("well", all));
    assert_eq!(course.chart.pending_notices().count(), 0);
}

#[test]
fn an_open_alert_is_not_cleared_away_by_hand() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: None, words: String::new() }));
    let item = format!("alert/{}", course.chart.open_alerts()[0].id);
    let _ = course.try_do(guide(), Command::ClearItem(ItemCleared { item: item.clone(), reason: "example".into() }));
    let items =
        stillwater_care::items::open_items(&course.chart, stillwater_care::protocol::Protocols::built_in(), course.now);
    assert!(items.iter().any(|i| i.key() == item), "an open alert stays on the list until it is resolved");
}

fn missed_of(course: &Course) -> Vec<CheckKind> {
    let AlertSubject::CheckMissed { check, also, .. } = &about_missed(course).about else { panic!() };
    std::iter::once(*check).chain(also.iter().copied()).collect()
}

fn about_missed(course: &Course) -> &Alert {
    let open = course.chart.open_alerts();
    open.into_iter().find(|a| matches!(a.about, AlertSubject::CheckMissed { .. })).expect("a missed check")
}

#[test]
fn a_check_that_is_not_done_is_due_again_and_each_further_miss_asks_somebody_higher() {
    let mut course = Course::new();
    course.dosed(Setting::Clinic);
    course.minutes(13);
    course.tick();
    assert_eq!(missed_of(&course).len(), 5, "five signs, one alert");
    assert_eq!(about_missed(&course).level, EscalationLevel::Prescriber);
    let alert = about_missed(&course).id;
    course.does(guide(), Command::OwnAlert(alert));
    let mut rang = 0;
    for _ in 0..37 {
        course.minutes(1);
        rang += course.tick().iter().filter(|r| matches!(r.event, Event::AlertRenewed(_))).count();
    }
    assert!(rang >= 7, "fifty minutes without a reading rang {rang} times more");
    let again = course.chart.alert(alert).unwrap();
    assert!(again.owner().is_none() && again.level >= EscalationLevel::OnCall, "{:?}", again.level);
}

#[test]
fn each_sign_has_its_own_clock() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(10);
    let mut pressure_only = course.vitals(120, 76);
    pressure_only.heart_rate_per_min = None;
    pressure_only.spo2_percent = None;
    pressure_only.respiratory_rate_per_min = None;
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals: pressure_only, session: Some(session) }));
    course.minutes(3);
    course.tick();
    let missed = missed_of(&course);
    assert!(!missed.contains(&CheckKind::Pressure), "the pressure was read");
    for kind in [CheckKind::Pulse, CheckKind::Oxygen, CheckKind::Breathing, CheckKind::Alertness] {
        assert!(missed.contains(&kind), "{kind:?} was not");
    }
}

#[test]
fn after_a_very_high_pressure_the_repeat_in_five_minutes_is_itself_due() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(10);
    let everything = |course: &mut Course, systolic, diastolic| {
        let vitals = course.vitals(systolic, diastolic);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
        let rated = SedationRated { session, moaas: 5, rated_at: course.now };
        course.does(guide(), Command::RateSedation(rated));
    };
    everything(&mut course, 182, 100);
    course.minutes(7);
    assert!(!course.tick().iter().any(|r| matches!(r.event, Event::CheckMissed(_))));
    course.minutes(1);
    course.tick();
    assert_eq!(
        missed_of(&course),
        [CheckKind::Pressure],
        "the repeat was due after five minutes and counts as missed after eight"
    );
    everything(&mut course, 150, 90);
    course.minutes(1);
    assert!(
        !course.tick().iter().any(|r| matches!(r.event, Event::CheckMissed(_))),
        "lower again: back to the protocol"
    );
}

#[test]
fn a_second_missed_look_in_takes_the_alert_from_whoever_has_it() {
    let mut course = Course::new();
    course.dosed(Setting::Home);
    course.minutes(20);
    course.tick();
    let alert = about_missed(&course).id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(10);
    course.tick();
    let second = course.chart.alert(alert).unwrap();
    assert_eq!((second.owner().is_none(), second.level), (true, EscalationLevel::Prescriber));
    course.does(prescriber(), Command::OwnAlert(alert));
    course.minutes(5);
    course.tick();
    let third = course.chart.alert(alert).unwrap();
    assert_eq!((third.urgency, third.level), (Urgency::Emergency, EscalationLevel::EmergencyServices));
}

#[test]
fn a_go_expires_and_the_guide_is_asked() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    course.day(session, Setting::Clinic);
    course.does(guide(), Course::go(session));
    course.minutes(29);
    assert!(course.tick().is_empty());
    course.minutes(1);
    course.tick();
    let alert = about(&course, "go-without-dose").id;
    assert!(course.tick().is_empty(), "asked once");
    course.minutes(1);
    let dose = course.dose(session);
    let refusal = course.refused(guide(), dose);
    assert_eq!(refusal.code(), "not-now/go-expired");
    let close = AlertResolved { alert, words: "not given".into(), closing: Course::closing() };
    course.does(guide(), Command::ResolveAlert(close));
}

#[test]
fn a_home_from_which_nothing_is_heard_is_watched_then_called_then_helped() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    let since = course.now;
    course.minutes(1);
    course.does(Actor::Stillwater, Command::NoteContactLost(ContactLost { session, since }));
    course.minutes(1);
    course.tick();
    assert_eq!(about(&course, "S07-contact").urgency, Urgency::Watch);
    course.minutes(3);
    course.tick();
    assert_eq!(about(&course, "S07-contact").urgency, Urgency::CallClinician);
    let alert = about(&course, "S07-contact").id;
    course.does(guide(), Command::OwnAlert(alert));
    course.minutes(5);
    course.tick();
    let grave = about(&course, "S07-contact");
    assert_eq!((grave.id, grave.urgency, grave.owner().is_none()), (alert, Urgency::Emergency, true));
    course.does(guide(), Command::RecordContact(ContactMade { how: "telephone".into(), words: "both well".into() }));
    assert_eq!(course.chart.session(session).unwrap().contact_lost_since, None, "the telephone is contact too");
}

#[test]
fn a_jump_of_the_clock_is_an_alert_of_each_running_session() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.does(Actor::Stillwater, Command::NoteClockJump(ClockJumped { session, seconds: -1_200 }));
    assert_eq!(about(&course, "clock-jumped").session, Some(session));
    let jump = Command::NoteClockJump(ClockJumped { session, seconds: 90 });
    assert!(matches!(course.refused(guide(), jump), Refusal::NotAllowed { .. }), "only the program notes it");
}
