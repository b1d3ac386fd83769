//! How far a reason and an override reach, and who may change what holds a dose: HZ-03, HZ-10.

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::quantity::plus_hours;
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_instruments::Responses;
use stillwater_testkit::{Course, Healthy, guide, prescriber, second_prescriber};

fn go(session: stillwater_care::SessionId, reason: &str) -> Command {
    Command::DecideGo(DecideGo { session, go: true, reason: reason.into() })
}

/// Go was said at 142/86 with a reason, and another pressure is read before the dose.
fn read_after_go(systolic: i32, diastolic: i32) -> (Course, stillwater_care::SessionId) {
    let mut course = Course::new();
    let session = course.prepared(Setting::Clinic).schedule();
    course.day(session, Setting::Clinic);
    let read = |course: &mut Course, systolic, diastolic| {
        course.minutes(11);
        let vitals = course.vitals(systolic, diastolic);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    };
    read(&mut course, 142, 86);
    course.does(guide(), go(session, "usual for this person, well rested"));
    read(&mut course, systolic, diastolic);
    (course, session)
}

#[test]
fn go_with_a_reason_covers_that_pressure_and_a_better_one_and_no_worse_one() {
    for (systolic, diastolic) in [(142, 86), (141, 85), (130, 80)] {
        let (mut course, session) = read_after_go(systolic, diastolic);
        let dose = course.dose(session);
        course.does(guide(), dose);
    }
    for (systolic, diastolic) in [(159, 99), (143, 86), (142, 91)] {
        let (mut course, session) = read_after_go(systolic, diastolic);
        let dose = course.dose(session);
        course.held_by("S01-bp-clinic", guide(), dose);
        course.does(guide(), go(session, "looked at again with the prescriber"));
        let dose = course.dose(session);
        course.does(guide(), dose);
    }
}

#[test]
fn an_override_of_one_screen_does_not_reach_the_next() {
    let mut course = Course::new();
    let session = course.prepared(Setting::Clinic).schedule();
    course.day(session, Setting::Clinic);
    let positive = || Responses::from([("asq_1", 0), ("asq_2", 0), ("asq_3", 0), ("asq_4", 1), ("asq_5", 0)]);
    course.answers_with("asq", Point::PreDose, positive());
    for alert in course.chart.open_alerts().iter().map(|alert| alert.id).collect::<Vec<_>>() {
        course.does(
            guide(),
            Command::ResolveAlert(AlertResolved { alert, words: "seen".into(), closing: Course::closing() }),
        );
    }
    let asked = || OverrideFinding {
        gate: Gate::Dose,
        rule: "C01-suicide-dose".into(),
        reason: "an attempt ten years ago".into(),
        second: None,
    };
    course.does(prescriber(), Command::OverrideFinding(asked()));
    course.does(guide(), Course::go(session));
    course.minutes(5).answers_with("asq", Point::PreDose, positive());
    for alert in course.chart.open_alerts().iter().map(|alert| alert.id).collect::<Vec<_>>() {
        course.does(
            guide(),
            Command::ResolveAlert(AlertResolved { alert, words: "seen".into(), closing: Course::closing() }),
        );
    }
    let dose = course.dose(session);
    course.held_by("C01-suicide-dose", guide(), dose);
}

fn says(topic: HistoryTopic, answer: Answered, detail: &str) -> Command {
    let answers = vec![TopicAnswer { topic, answer, happened_at: None, detail: detail.into() }];
    Command::AnswerHistory(HistoryAnswered { answers })
}

#[test]
fn a_yes_that_holds_is_changed_by_a_prescriber_with_a_reason_and_stays_in_view() {
    let topic = HistoryTopic::KetamineMisuse;
    let mut course = Course::new();
    let who = Healthy { history: vec![(topic, Answered::Yes)], ..Healthy::default() };
    course.refer(&who).screen(&who);
    for (actor, answer) in [
        (Actor::Patient, Answered::No),
        (guide(), Answered::No),
        (guide(), Answered::Unknown),
        (guide(), Answered::Declined),
    ] {
        let refused = course.refused(actor, says(topic, answer, "a slip"));
        assert_eq!(refused.code(), "not-allowed/change-what-holds");
    }
    assert_eq!(course.refused(prescriber(), says(topic, Answered::No, " ")).code(), "invalid/history-detail/empty");
    course.does(guide(), says(topic, Answered::Yes, "told again"));
    course.does(prescriber(), says(topic, Answered::No, "meant a prescribed nasal spray"));
    let before = &course.chart.history_before[&topic];
    assert_eq!(before.iter().map(|fact| fact.answer).collect::<Vec<_>>(), [Answered::Yes]);
    course.does(prescriber(), Course::yes(Setting::Clinic));
}

#[test]
fn a_date_that_holds_is_not_moved_back_by_anybody_else_either() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let told = |days: i64, course: &Course| {
        let happened_at = Some(plus_hours(course.now, -24 * days));
        let topic = HistoryTopic::CardiacEvent;
        let answers = vec![TopicAnswer { topic, answer: Answered::Yes, happened_at, detail: String::new() }];
        Command::AnswerHistory(HistoryAnswered { answers })
    };
    let recent = told(20, &course);
    course.does(Actor::Patient, recent);
    let old = told(400, &course);
    assert_eq!(course.refused(guide(), old).code(), "not-allowed/change-what-holds");
}

#[test]
fn an_imported_condition_is_refuted_with_a_reason() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let fact = ImportedFact {
        kind: "Condition".into(),
        text: "Aneurysm".into(),
        code: String::new(),
        at: None,
        status: "active".into(),
        value: String::new(),
        origin: "bundle.json".into(),
        candidate_for: Some(HistoryTopic::Aneurysm),
        concern: None,
    };
    let record = RecordImported {
        source: "bundle.json".into(),
        facts: vec![fact],
        medicines: Vec::new(),
        measurements: Vec::new(),
        not_understood: Vec::new(),
    };
    course.does(guide(), Command::ImportRecord(record));
    let refused = course.refused(guide(), says(HistoryTopic::Aneurysm, Answered::No, ""));
    assert_eq!(refused.code(), "invalid/history-detail/empty");
    course.does(guide(), says(HistoryTopic::Aneurysm, Answered::No, "coded in error; scan of 2019 clear"));
}

#[test]
fn a_result_that_holds_is_struck_or_replaced_by_a_prescriber_only() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    let lab = |result, taken_at| LabRecorded { result, ..Course::normal_lab(LabKind::LiverPanel, taken_at) };
    let taken_at = course.now;
    course.does(guide(), Command::RecordLab(lab(LabResult::Abnormal, taken_at)));
    let corrects = course.newest("LabRecorded").unwrap();
    let correct = || {
        let right = Command::RecordLab(lab(LabResult::Normal, taken_at));
        Command::Correct(CorrectEntry { corrects, why: "another column".into(), replacement: Some(Box::new(right)) })
    };
    assert_eq!(course.refused(guide(), correct()).code(), "not-allowed/strike-what-holds");
    course.does(prescriber(), correct());
    assert_eq!(course.chart.struck[&corrects].replaced_by, course.newest("LabRecorded"));
}

#[test]
fn a_serious_event_is_not_struck_by_a_guide_and_a_mild_one_is() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    for (serious, code) in [(true, Some("not-allowed/strike-what-holds")), (false, None)] {
        course.does(
            guide(),
            Command::RecordAdverseEvent(AdverseEventRecorded {
                what: "fell".into(),
                serious,
                relation: Relation::NotJudged,
                session: None,
                outcome: "well".into(),
            }),
        );
        let corrects = course.newest("AdverseEventRecorded").unwrap();
        let strike = Command::Correct(CorrectEntry { corrects, why: "another person".into(), replacement: None });
        assert_eq!(course.try_do(guide(), strike).err().map(|refusal| refusal.code()).as_deref(), code);
    }
}

#[test]
fn a_reading_of_a_session_is_put_right_after_it_too() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.minutes(10);
    let wrong = course.vitals(130, 80);
    course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals: wrong.clone(), session: Some(session) }));
    let corrects = course.newest("VitalsRecorded").unwrap();
    course.watch_and_release(session, Setting::Clinic);
    let right = stillwater_care::quantity::Vitals { heart_rate_per_min: Some(88), ..wrong };
    let instead = Command::RecordVitals(VitalsRecorded { vitals: right, session: Some(session) });
    let correct = CorrectEntry { corrects, why: "pulse misread".into(), replacement: Some(Box::new(instead)) };
    course.does(second_prescriber(), Command::Correct(correct));
    let standing = course.chart.session(session).map(|s| course.chart.readings_of(s)).unwrap();
    assert!(standing.iter().any(|v| v.heart_rate_per_min == Some(88)));
}

fn day(session: stillwater_care::ids::SessionId, alcohol: LastUse) -> DayAnswered {
    DayAnswered { session, answers: DayAnswers { alcohol_or_cannabis: Some(alcohol), ..DayAnswers::default() } }
}

/// Hazard: "a beer last night" becomes "none" on the phone a minute later, and the dose goes on.
#[test]
fn an_answer_of_the_day_that_holds_is_changed_by_a_prescriber_with_a_reason() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    course.day(session, Setting::Home);
    let at = stillwater_care::quantity::plus_hours(course.now, -5);
    course.does(Actor::Patient, Command::AnswerDay(day(session, LastUse::At { at })));
    course.held_by("D02-alcohol-cannabis", guide(), Course::go(session));
    for less in [LastUse::None, LastUse::At { at: stillwater_care::quantity::plus_hours(course.now, -30) }] {
        for who in [Actor::Patient, guide()] {
            let refused = course.refused(who, Command::AnswerDay(day(session, less)));
            assert_eq!(refused.code(), "not-allowed/change-what-holds");
        }
        let refused = course.refused(prescriber(), Command::AnswerDay(day(session, less)));
        assert_eq!(refused.code(), "invalid/history-detail/empty");
    }
    // More can always be told.
    course.does(Actor::Patient, Command::AnswerDay(day(session, LastUse::Unknown)));
    let change = |why: &str| {
        let answers = HoldingAnswers::Day(day(session, LastUse::None));
        Command::ChangeAnswers(ChangeAnswers { answers, why: why.into() })
    };
    assert_eq!(course.refused(guide(), change("x")).code(), "not-allowed/ChangeAnswers");
    assert_eq!(course.refused(prescriber(), change(" ")).code(), "invalid/history-detail/empty");
    course.does(prescriber(), change("it was alcohol-free, bottle seen"));
    course.does(guide(), Course::go(session));
    let kept = course.chart.changed_answers.last().unwrap();
    assert_eq!(kept.value.rules, ["D02-alcohol-cannabis"]);
}

/// Hazard: the opioid is left out of the new list, and nothing holds any more.
#[test]
fn a_medicine_that_holds_is_left_out_of_the_list_by_a_prescriber_with_a_reason() {
    let medicine = |name: &str, class| Medicine {
        name: name.into(),
        classes: vec![class],
        from: "guide".into(),
        ..Medicine::default()
    };
    let opioid = || medicine("Buprenorphine", MedicineClass::Opioid);
    let other = || medicine("Loratadine", MedicineClass::Other);
    let list = |medicines: Vec<Medicine>| MedicinesReviewed { medicines };
    let mut course = Course::new();
    course.refer(&Healthy::default());
    course.does(guide(), Command::ReviewMedicines(list(vec![opioid(), other()])));
    // What holds nothing is left out by whoever goes through the list.
    course.does(guide(), Command::ReviewMedicines(list(vec![opioid()])));
    let refused = course.refused(guide(), Command::ReviewMedicines(list(Vec::new())));
    assert_eq!(refused.code(), "not-allowed/change-what-holds");
    let long_ago =
        Medicine { stopped_at: Some(stillwater_care::quantity::plus_hours(course.now, -24 * 40)), ..opioid() };
    let refused = course.refused(guide(), Command::ReviewMedicines(list(vec![long_ago.clone()])));
    assert_eq!(refused.code(), "not-allowed/change-what-holds");
    let answers = HoldingAnswers::Medicines(list(vec![long_ago]));
    course.does(
        prescriber(),
        Command::ChangeAnswers(ChangeAnswers { answers, why: "old prescription, see letter".into() }),
    );
    assert_eq!(course.chart.changed_answers.len(), 1);
}

/// Hazard: what another record lists is dropped at the first going-through.
#[test]
fn an_imported_medicine_that_holds_is_left_out_by_a_prescriber_with_a_reason() {
    let mut course = Course::new();
    course.refer(&Healthy::default());
    let medicine = Medicine {
        name: "Methadone 40 mg".into(),
        classes: vec![MedicineClass::Opioid],
        from: "bundle.json, line 1".into(),
        ..Medicine::default()
    };
    let record = RecordImported {
        source: "bundle.json".into(),
        facts: Vec::new(),
        medicines: vec![medicine],
        measurements: Vec::new(),
        not_understood: Vec::new(),
    };
    course.does(guide(), Command::ImportRecord(record));
    let none = || MedicinesReviewed { medicines: Vec::new() };
    assert_eq!(course.refused(guide(), Command::ReviewMedicines(none())).code(), "not-allowed/change-what-holds");
    let answers = HoldingAnswers::Medicines(none());
    course.does(prescriber(), Command::ChangeAnswers(ChangeAnswers { answers, why: "ended 2019, letter seen".into() }));
}

/// Hazard: the companion who had been drinking is "sober" ten minutes later.
#[test]
fn a_companion_seen_not_sober_is_sober_again_by_a_prescriber_only() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    course.day(session, Setting::Home);
    let companion = course.chart.companion.as_ref().unwrap().id;
    let how = course.chart.session(session).unwrap().companion_seen.and_then(|seen| seen.how);
    let seen = |sober| CompanionSeen { session, companion, sober, phone_verified: Answered::Yes, how };
    course.does(guide(), Command::SeeCompanion(seen(Answered::No)));
    let refused = course.refused(guide(), Command::SeeCompanion(seen(Answered::Yes)));
    assert_eq!(refused.code(), "not-allowed/change-what-holds");
    let answers = HoldingAnswers::Companion(seen(Answered::Yes));
    course.does(prescriber(), Command::ChangeAnswers(ChangeAnswers { answers, why: "another person was seen".into() }));
}
