//! On what ground a medicine is prescribed, from the first order to the dose.

use jiff::civil::date;
use jiff::tz::TimeZone;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::{Answered, ChildPugh, HistoryTopic, LabKind, Setting};
use stillwater_care::quantity::plus_hours;
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
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
    course.looks_for_misuse();
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

fn look(course: &mut Course, craving: Answered, early_requests: u32) {
    let seen = MisuseChecked {
        other_source: Answered::No,
        craving,
        lost_or_shared: Answered::No,
        early_requests,
        words: String::new(),
    };
    course.does(guide(), Command::CheckMisuse(seen));
}

fn review(course: &mut Course) {
    let reviewed = CourseReviewed { decision: ReviewDecision::Continue, words: "talked it through".into() };
    course.does(prescriber(), Command::ReviewCourse(reviewed));
}

/// Hazard: more is asked for early, and then again, and nobody puts the two together.
#[test]
fn a_second_early_request_and_craving_hold_go_until_the_course_is_reviewed() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    course.day(session, Setting::Clinic);
    look(&mut course, Answered::No, 1);
    look(&mut course, Answered::No, 1);
    course.held_by("F01-misuse", guide(), Course::go(session));
    review(&mut course);
    // Craving told after the review counts, and a later "no" does not take it back.
    course.minutes(1);
    look(&mut course, Answered::Yes, 0);
    course.minutes(1);
    look(&mut course, Answered::No, 0);
    course.held_by("F01-misuse", guide(), Course::go(session));
    course.minutes(1);
    review(&mut course);
    course.does(guide(), Course::go(session));
}

#[test]
fn an_order_needs_a_look_for_misuse_of_its_own() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let order = course.chart.order_in_force().unwrap().written.order;
    course.does(prescriber(), Command::CancelOrder(CancelOrder { order, reason: "example".into() }));
    course.hours(24 * 8).goes_through_medicines();
    let again = || Command::WriteOrder(Course::usual_order(Setting::Clinic));
    course.held_by("F01-misuse", prescriber(), again());
    course.looks_for_misuse();
    course.does(prescriber(), again());
}

/// Hazard: session after session at home without benefit, because nobody looks at the whole.
#[test]
fn four_sessions_at_home_that_did_not_help_wait_for_a_review() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    for number in 1..=4 {
        if number > 1 {
            course.order(Setting::Home);
        }
        let session = course.next_dose(Setting::Home);
        course.watch_and_release(session, Setting::Home).integrate(session);
        course.hours(24 * 6);
        let taken_at = course.now;
        course.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at }));
        course.goes_through_medicines().looks_for_misuse();
    }
    let order = || Command::WriteOrder(Course::usual_order(Setting::Home));
    // Nobody has asked since the last session; then the score is as it was.
    course.held_by("F01-response", prescriber(), order());
    course.answers("pcl-5-week", Point::Unscheduled);
    course.held_by("F01-response", prescriber(), order());
    review(&mut course);
    course.does(prescriber(), order());
}

/// Hazard: an ailing liver or bladder found months late, since both were well before the first dose.
#[test]
fn after_two_months_of_treatment_the_liver_panel_is_a_new_one() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Clinic);
    course.watch_and_release(session, Setting::Clinic).integrate(session);
    course.hours(24 * 56).goes_through_medicines().looks_for_misuse();
    let taken_at = course.now;
    course.does(guide(), Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at }));
    course.does(prescriber(), Command::OpenPlan("iv-single-clinic".into()));
    let order = || Command::WriteOrder(Course::usual_order(Setting::Clinic));
    course.held_by("F01-labs", prescriber(), order());
    course.does(guide(), Command::RecordLab(Course::normal_lab(LabKind::LiverPanel, taken_at)));
    course.held_by("F01-labs", prescriber(), order());
    course.answers("bladder-check", Point::Unscheduled);
    course.does(prescriber(), order());
}

/// Hazard: a panel ticked as "normal" although its figures are four times the limit.
#[test]
fn figures_past_three_times_the_limit_hold_whatever_the_panel_was_read_as() {
    let mut course = Course::new();
    course.prepared(Setting::Clinic);
    let session = course.schedule();
    course.day(session, Setting::Clinic);
    let panel = |course: &Course, alt| LabRecorded {
        figures: Course::figures(LabKind::LiverPanel, alt),
        ..Course::normal_lab(LabKind::LiverPanel, course.now)
    };
    let high = panel(&course, 136.0);
    course.does(guide(), Command::RecordLab(high));
    course.held_by("E10-liver-dose", guide(), Course::go(session));
    let corrects = course.newest("LabRecorded").unwrap();
    let strike = Command::Correct(CorrectEntry { corrects, why: "another person's".into(), replacement: None });
    assert_eq!(course.refused(guide(), strike.clone()).code(), "not-allowed/strike-what-holds");
    course.does(prescriber(), strike);
    course.does(guide(), Course::go(session));
    // Without figures a panel is no panel.
    let bare = LabRecorded { figures: Vec::new(), ..panel(&course, 24.0) };
    course.minutes(1);
    let taken_at = course.now;
    course.does(guide(), Command::RecordLab(LabRecorded { taken_at, ..bare }));
    let dose = course.dose(session);
    course.held_by("E10-liver-dose", guide(), dose);
}

/// Hazard: cirrhosis is known, and nobody says how severe it is.
#[test]
fn a_chronic_liver_disease_waits_for_its_class() {
    let mut course = Course::new();
    let who = Healthy { history: vec![(HistoryTopic::LiverDiseaseChronic, Answered::Yes)], ..Healthy::default() };
    course.refer(&who).screen(&who);
    course.held_by("E10-liver", prescriber(), Course::yes(Setting::Clinic));
    let class = |class, course: &Course| Command::RateChildPugh(ChildPughRated { class, rated_at: course.now });
    let severe = class(ChildPugh::C, &course);
    course.does(prescriber(), severe);
    course.held_by("E10-liver", prescriber(), Course::yes(Setting::Clinic));
    course.minutes(1);
    let moderate = class(ChildPugh::B, &course);
    course.does(prescriber(), moderate);
    // A yes with a reason, since class B only warns.
    course.does(prescriber(), Course::yes(Setting::Clinic));
}

/// Hazard: heavy sedation in somebody whose breathing stops at night, and who never told so.
#[test]
fn a_high_stop_bang_keeps_treatment_in_the_clinic() {
    let mut course = Course::new();
    let who = Healthy { without: Some("stop-bang"), ..Healthy::default() };
    course.refer(&who).screen(&who);
    course.held_by("E12-airway-lung", prescriber(), Course::yes(Setting::Clinic));
    course.enters_total("stop-bang", 5.0);
    course.held_by("E12-airway-lung", prescriber(), Course::yes(Setting::Home));
    course.does(prescriber(), Course::yes(Setting::Clinic));
}

#[test]
fn at_seventy_a_prescriber_signs_for_treatment_at_home() {
    let mut course = Course::new();
    let who = Healthy { born: 1955, ..Healthy::default() };
    course.refer(&who).screen(&who);
    course.held_by("E02-age-caution", prescriber(), Course::yes(Setting::Home));
    let note = OverrideFinding {
        gate: Gate::Eligibility,
        rule: "E02-age-caution".into(),
        reason: "starts at half the dose; pressure has been steady for a year".into(),
        second: None,
    };
    course.does(prescriber(), Command::OverrideFinding(note));
    course.does(prescriber(), Course::yes(Setting::Home));
}

fn count(course: &mut Course, units: u32) {
    let at = course.now;
    course.does(Actor::Patient, Command::CountSupply(SupplyCounted { units, at }));
}

/// Hazard: tablets are saved up or passed on, and nobody counts.
#[test]
fn tablets_at_home_are_counted_before_the_dose_and_a_wrong_count_needs_a_signature() {
    let mut course = Course::new();
    let session = course.prepared(Setting::Home).schedule();
    course.day(session, Setting::Home);
    course.minutes(1);
    count(&mut course, 1);
    course.held_by("R07-home-supply", guide(), Course::go(session));
    course.minutes(1);
    let at = course.now;
    let more = SupplyHandedOut { units: 4, unit_mg: 50.0, at, from: "Pharmacy Example".into() };
    course.does(guide(), Command::HandOutSupply(more));
    course.minutes(1);
    // Six should be there, for three sessions: too many before the first review, however they are counted.
    count(&mut course, 6);
    course.held_by("R07-home-supply", guide(), Course::go(session));
    course.minutes(1);
    let at = course.now;
    let back = SupplyTakenBack { units: 2, at, words: "sent back by courier, sealed".into() };
    course.does(guide(), Command::TakeBackSupply(back));
    course.minutes(1);
    count(&mut course, 3);
    course.held_by("R07-home-supply", guide(), Course::go(session));
    let signed = OverrideFinding {
        gate: Gate::Dose,
        rule: "R07-home-supply".into(),
        reason: "one fell into the sink, seen on camera".into(),
        second: None,
    };
    course.does(prescriber(), Command::OverrideFinding(signed));
    course.does(guide(), Course::go(session));
    course.minutes(2);
    let dose = course.dose(session);
    course.does(Actor::Patient, dose);
    // What was used is no longer expected.
    assert_eq!(course.chart.supply(course.now).unwrap().expected, 2);
}

/// Hazard: the count of last week stands for today's.
#[test]
fn the_count_of_before_the_last_dose_counts_for_nothing() {
    let mut course = Course::new();
    let session = course.dosed(Setting::Home);
    course.watch_and_release(session, Setting::Home).integrate(session);
    let facts = |course: &Course| {
        let scope = stillwater_care::chart::facts_from_chart::Scope::default();
        course.chart.facts(course.now, stillwater_care::protocol::Protocols::built_in(), scope)
    };
    let rule = stillwater_care::rules::rule("R07-home-supply").unwrap();
    assert!(!rule.judge(&facts(&course)).findings().is_empty());
}
