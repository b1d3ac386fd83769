//! What is known grows old: each fact stands at every gate, and a fact too old for the dose is asked or measured again.

use stillwater_care::command::{ChangeAnswers, Command, EnterScores, HoldingAnswers, WriteOrder};
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::ids::SessionId;
use stillwater_care::roles::Actor;
use stillwater_testkit::{Course, guide, prescriber};

fn history(topic: HistoryTopic, answer: Answered) -> Command {
    let answer = TopicAnswer { topic, answer, happened_at: None, detail: String::new() };
    Command::AnswerHistory(HistoryAnswered { answers: vec![answer] })
}

fn answers(course: &mut Course, session: SessionId, answers: DayAnswers) {
    course.does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers }));
}

/// Somebody with an order, a session today, and everything answered and measured.
fn on_the_day(setting: Setting) -> (Course, SessionId) {
    let mut course = Course::new();
    course.prepared(setting);
    let session = course.schedule();
    course.day(session, setting);
    (course, session)
}

#[test]
fn a_condition_told_after_the_order_holds_go_and_the_dose() {
    for (topic, rule) in [
        (HistoryTopic::SleepApnoea, "E12-airway-lung"),
        (HistoryTopic::LungDisease, "E12-airway-lung"),
        (HistoryTopic::Seizures, "E13-seizures"),
        (HistoryTopic::DissociativeDisorder, "E17-dissociative"),
        (HistoryTopic::DissociativeSubtypeSevere, "E17-dissociative"),
        (HistoryTopic::SubstanceUseDisorderModerate, "E09-substance-use"),
        (HistoryTopic::BladderDisease, "E14-bladder"),
        (HistoryTopic::LiverDiseaseSevere, "E10-liver-dose"),
    ] {
        // At home, where each of them holds; told before go.
        let (mut course, session) = on_the_day(Setting::Home);
        course.does(Actor::Patient, history(topic, Answered::Yes));
        course.held_by(rule, guide(), Course::go(session));
        // And told between go and the dose.
        let (mut course, session) = on_the_day(Setting::Home);
        course.does(guide(), Course::go(session));
        course.does(Actor::Patient, history(topic, Answered::Yes));
        let dose = course.dose(session);
        course.held_by(rule, Actor::Patient, dose);
    }
}

#[test]
fn no_alcohol_said_in_the_morning_does_not_clear_a_dose_in_the_evening() {
    let (mut course, session) = on_the_day(Setting::Clinic);
    course.minutes(121);
    course.answers("asq", Point::PreDose);
    for _ in 0..2 {
        course.minutes(2);
        let vitals = course.vitals(118, 74);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    }
    course.held_by("D02-alcohol-cannabis", guide(), Course::go(session));
    // Asked again, they count again.
    answers(&mut course, session, Course::good_day(Setting::Clinic));
    course.does(guide(), Course::go(session));
}

#[test]
fn an_answer_of_yesterday_does_not_count_although_it_is_fresh() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    // 23:40 where the patient lives, and past midnight half an hour later.
    let local = course.chart.zoned(course.now);
    let to_midnight = 24 * 60 - i64::from(local.hour()) * 60 - i64::from(local.minute());
    course.minutes(to_midnight - 20);
    let session = course.schedule();
    course.day(session, Setting::Clinic);
    course.minutes(15);
    for _ in 0..2 {
        course.minutes(2);
        let vitals = course.vitals(118, 74);
        course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
    }
    course.held_by("D02-alcohol-cannabis", guide(), Course::go(session));
}

#[test]
fn medicines_are_gone_through_within_a_week_and_confirmed_on_the_day() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    course.hours(24 * 6);
    let order = || Command::WriteOrder(Course::usual_order(Setting::Clinic));
    course.held_by("D09-medicine-list", prescriber(), order());
    course.goes_through_medicines();
    course.does(prescriber(), order());

    let session = course.schedule();
    course.day(session, Setting::Clinic);
    let changed = DayAnswers { medicines_unchanged: Some(Answered::No), ..DayAnswers::default() };
    course.minutes(1);
    answers(&mut course, session, changed);
    course.held_by("D09-medicine-list-today", guide(), Course::go(session));
    course.minutes(1).goes_through_medicines();
    course.does(guide(), Course::go(session));
}

fn lists(course: &mut Course, classes: Vec<MedicineClass>) {
    let medicine = Medicine { name: "Zzyrtabex".into(), classes, from: "told".into(), ..Medicine::default() };
    // By a prescriber who says why, since a medicine that held a dose may hold it no more.
    let answers = HoldingAnswers::Medicines(MedicinesReviewed { medicines: vec![medicine] });
    course.does(prescriber(), Command::ChangeAnswers(ChangeAnswers { answers, why: "looked up".into() }));
}

#[test]
fn a_medicine_that_nobody_has_classed_holds_the_order_go_and_the_dose_until_a_person_chose() {
    // A list stored without any class says no more than one that says so.
    for unknown in [vec![MedicineClass::NotClassed], Vec::new(), vec![MedicineClass::Opioid, MedicineClass::NotClassed]]
    {
        let mut course = Course::new();
        course.eligible(Setting::Clinic);
        course.does(Actor::Patient, Course::signs(Setting::Clinic));
        course.prepare(Setting::Clinic);
        lists(&mut course, unknown.clone());
        let order = || Command::WriteOrder(Course::usual_order(Setting::Clinic));
        course.held_by("D09-medicine-class", prescriber(), order());
        lists(&mut course, vec![MedicineClass::Other]);
        course.does(prescriber(), order());

        let session = course.schedule();
        course.day(session, Setting::Clinic);
        lists(&mut course, unknown.clone());
        course.held_by("D09-medicine-class", guide(), Course::go(session));
        lists(&mut course, vec![MedicineClass::Other]);
        course.does(guide(), Course::go(session));
        lists(&mut course, unknown);
        let dose = course.dose(session);
        course.held_by("D09-medicine-class", guide(), dose);
    }
}

#[test]
fn a_medicine_imported_after_the_list_was_gone_through_counts_until_somebody_goes_through_it() {
    let mut course = Course::new();
    course.eligible(Setting::Home);
    course.does(Actor::Patient, Course::signs(Setting::Home));
    course.prepare(Setting::Home);
    let medicine = |name: &str, class| Medicine {
        name: name.into(),
        classes: vec![class],
        from: "other.json, line 1".into(),
        ..Medicine::default()
    };
    let record = RecordImported {
        source: "other.json".into(),
        facts: Vec::new(),
        medicines: vec![
            medicine("Theophylline", MedicineClass::Theophylline),
            medicine("Zzyrtabex", MedicineClass::NotClassed),
        ],
        measurements: Vec::new(),
        not_understood: Vec::new(),
    };
    course.does(guide(), Command::ImportRecord(record));
    let order = || Command::WriteOrder(Course::usual_order(Setting::Home));
    course.held_by("D06-theophylline", prescriber(), order());
    course.held_by("D09-medicine-class", prescriber(), order());
    let refused = course.refused(guide(), Command::ReviewMedicines(MedicinesReviewed { medicines: Vec::new() }));
    assert_eq!(refused.code(), "not-allowed/change-what-holds");
    let answers = HoldingAnswers::Medicines(MedicinesReviewed { medicines: Vec::new() });
    course.does(prescriber(), Command::ChangeAnswers(ChangeAnswers { answers, why: "another person's".into() }));
    assert!(course.chart.imported_medicines.is_empty(), "what was recorded takes their place");
    course.does(prescriber(), order());
}

#[test]
fn an_opioid_or_an_maoi_told_on_the_day_holds_a_dose_at_home_whatever_the_list_says() {
    for (told, rule) in [
        (DayAnswers { opioid: Some(LastUse::Unknown), ..DayAnswers::default() }, "D01-opioid-today"),
        (DayAnswers { maoi: Some(LastUse::Unknown), ..DayAnswers::default() }, "D07-maoi-today"),
    ] {
        let (mut course, session) = on_the_day(Setting::Home);
        answers(&mut course, session, told);
        course.held_by(rule, guide(), Course::go(session));
    }
}

#[test]
fn whether_pregnancy_is_possible_is_asked_again_on_the_day() {
    let (mut course, session) = on_the_day(Setting::Clinic);
    let mut demographics = course.chart.demographics.clone().unwrap_or_else(|| panic!("referred"));
    demographics.sex = Sex::Female;
    course.does(guide(), Command::ChangeDemographics(DemographicsChanged { demographics }));
    let said = |answer| DayAnswers { could_be_pregnant: Some(answer), ..DayAnswers::default() };
    answers(&mut course, session, said(Answered::Yes));
    course.held_by("E07-pregnancy-dose", guide(), Course::go(session));
    answers(&mut course, session, said(Answered::Unknown));
    course.held_by("E07-pregnancy-dose", guide(), Course::go(session));
    let no = DayAnswered { session, answers: said(Answered::No) };
    let refused = course.refused(Actor::Patient, Command::AnswerDay(no.clone()));
    assert_eq!(refused.code(), "not-allowed/change-what-holds");
    let change = ChangeAnswers { answers: HoldingAnswers::Day(no), why: "had a hysterectomy".into() };
    course.does(prescriber(), Command::ChangeAnswers(change));
    course.does(guide(), Course::go(session));
}

#[test]
fn a_drug_screen_that_nobody_entered_is_no_pass() {
    let mut course = Course::new();
    let who = stillwater_testkit::Healthy { without: Some("dast-10"), ..Default::default() };
    course.refer(&who).screen(&who);
    course.held_by("E09-substance-use", prescriber(), Course::yes(Setting::Clinic));
    let entered = EnterScores {
        instrument: "dast-10".to_owned(),
        point: Point::Baseline,
        completed_at: course.now,
        scores: [("total".to_owned(), 1.0)].into(),
    };
    course.does(guide(), Command::EnterScores(entered));
    course.does(prescriber(), Course::yes(Setting::Clinic));
}

#[test]
fn a_baseline_too_old_holds_the_next_order() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    course.hours(24 * 89).goes_through_medicines();
    let taken_at = course.now;
    course.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at }));
    course.held_by("E15-baseline", prescriber(), Command::WriteOrder(Course::usual_order(Setting::Clinic)));
    course.held_by("E10-liver-dose", prescriber(), Command::WriteOrder(Course::usual_order(Setting::Clinic)));
}

fn weighs(course: &mut Course, weight_kg: f64) {
    let taken_at = course.now;
    course.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg, taken_at }));
}

#[test]
fn pounds_typed_as_kilograms_hold_the_order_until_weighed_again_or_confirmed_by_a_second_person() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    // 80 kg are 176 lb. The order agrees with the wrong weight, and R05's comparison cannot see it.
    weighs(&mut course, 176.0);
    let wrong =
        || Command::WriteOrder(WriteOrder { dose_mg: 70.4, dose_mg_per_kg: Some(0.4), reason: "example".into() });
    course.held_by("R05-weight-change", prescriber(), wrong());
    // Whoever typed it cannot confirm it.
    let typed = course.newest("WeightRecorded").unwrap();
    course.refused(guide(), Command::ConfirmWeight(typed));
    // The same slip typed a second time is no second weighing.
    course.minutes(5);
    weighs(&mut course, 176.0);
    course.held_by("R05-weight-change", prescriber(), wrong());
    course.minutes(5);
    weighs(&mut course, 80.4);
    course.order(Setting::Clinic);

    // And a change that is true is confirmed by somebody else.
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    weighs(&mut course, 71.0);
    let order =
        || Command::WriteOrder(WriteOrder { dose_mg: 35.5, dose_mg_per_kg: Some(0.5), reason: "example".into() });
    course.held_by("R05-weight-change", prescriber(), order());
    let weight = course.newest("WeightRecorded").unwrap();
    course.does(prescriber(), Command::ConfirmWeight(weight));
    course.does(prescriber(), order());
}

#[test]
fn another_person_who_weighs_again_and_agrees_clears_a_change_of_weight() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic).looks_for_misuse();
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    weighs(&mut course, 71.0);
    course.minutes(5);
    weighs(&mut course, 71.0);
    let order =
        || Command::WriteOrder(WriteOrder { dose_mg: 35.5, dose_mg_per_kg: Some(0.5), reason: "example".into() });
    course.held_by("R05-weight-change", prescriber(), order());
    course.minutes(5);
    let again = WeightRecorded { weight_kg: 71.2, taken_at: course.now };
    course.does(prescriber(), Command::RecordWeight(again));
    course.does(prescriber(), order());
}

#[test]
fn a_height_and_a_weight_of_nobody_hold_the_order() {
    let mut course = Course::new();
    course.eligible(Setting::Clinic);
    course.does(Actor::Patient, Course::signs(Setting::Clinic));
    course.prepare(Setting::Clinic);
    let taken_at = course.now;
    course.does(guide(), Command::RecordHeight(HeightRecorded { height_cm: 110.0, taken_at }));
    let order = || Command::WriteOrder(Course::usual_order(Setting::Clinic));
    course.held_by("R05-body-size", prescriber(), order());
    course.minutes(1);
    let taken_at = course.now;
    course.does(guide(), Command::RecordHeight(HeightRecorded { height_cm: 178.0, taken_at }));
    course.does(prescriber(), order());
}

#[test]
fn blood_found_in_the_urine_after_the_order_holds_the_dose() {
    let (mut course, session) = on_the_day(Setting::Clinic);
    let result = |course: &Course, result| {
        let kind = LabKind::Urinalysis;
        Command::RecordLab(LabRecorded { result, ..Course::normal_lab(kind, course.now) })
    };
    let found = result(&course, LabResult::Abnormal);
    course.does(guide(), found);
    course.held_by("E14-bladder", guide(), Course::go(session));
    course.minutes(1);
    let clear = result(&course, LabResult::Normal);
    course.does(guide(), clear);
    course.does(guide(), Course::go(session));
}
