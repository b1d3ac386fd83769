//! What stands around the dose: the place, who is there, what is within reach, the clinic's own readiness: HZ-08, HZ-22,
//! HZ-24, HZ-28.

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::finding::Urgency;
use stillwater_care::ids::SessionId;
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_testkit::{Course, guide, prescriber};

fn on_the_day(setting: Setting) -> (Course, SessionId) {
    let mut course = Course::new();
    let session = course.prepared(setting).schedule();
    course.day(session, setting);
    (course, session)
}

fn say(course: &mut Course, session: SessionId, answers: DayAnswers) {
    course.minutes(1).does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers }));
}

fn see(course: &Course, session: SessionId, how: SeenHow) -> Command {
    let companion = course.chart.companion.as_ref().unwrap().id;
    let (sober, phone_verified) = (Answered::Yes, Answered::Yes);
    Command::SeeCompanion(CompanionSeen { session, companion, sober, phone_verified, how: Some(how) })
}

#[test]
fn each_danger_of_the_place_holds_go_by_itself_and_a_change_of_it_holds_the_dose() {
    let yes = Some(Answered::Yes);
    let day = DayAnswers::default;
    let elsewhere = PlaceToday::Elsewhere { address: "2 Example Street".into() };
    for (answers, rule) in [
        (DayAnswers { stairs_near: yes, ..day() }, "S04-room"),
        (DayAnswers { water_near: yes, ..day() }, "S04-room"),
        (DayAnswers { heat_near: yes, ..day() }, "S04-room"),
        (DayAnswers { sole_care: yes, ..day() }, "S04-room"),
        (DayAnswers { weapon_near: yes, ..day() }, "S04-means"),
        (DayAnswers { other_means_near: yes, ..day() }, "S04-means"),
        (DayAnswers { place_today: Some(elsewhere), ..day() }, "S04-place"),
        (DayAnswers { ambulance: Some(AmbulanceTime::Unknown), ..day() }, "S04-place"),
        (DayAnswers { no_driving_agreed: Some(Answered::No), ..day() }, "S09-no-driving"),
    ] {
        let (mut course, session) = on_the_day(Setting::Home);
        say(&mut course, session, answers.clone());
        course.held_by(rule, guide(), Course::go(session));
        let (mut course, session) = on_the_day(Setting::Home);
        course.does(guide(), Course::go(session));
        say(&mut course, session, answers);
        let dose = course.dose(session);
        course.held_by(rule, Actor::Patient, dose);
    }
}

#[test]
fn an_ambulance_far_away_waits_for_a_prescriber_who_says_why() {
    let (mut course, session) = on_the_day(Setting::Home);
    let far = |minutes| DayAnswers { ambulance: Some(AmbulanceTime::Minutes { minutes }), ..DayAnswers::default() };
    say(&mut course, session, far(45));
    course.held_by("S04-place", guide(), Course::go(session));
    let asked = OverrideFinding {
        gate: Gate::Dose,
        rule: "S04-place".into(),
        reason: "a nurse lives next door and stays".into(),
        second: None,
    };
    course.does(prescriber(), Command::OverrideFinding(asked));
    // The reason covers 45 minutes, and no more.
    say(&mut course, session, far(60));
    course.held_by("S04-place", guide(), Course::go(session));
    say(&mut course, session, far(45));
    course.does(guide(), Course::go(session));
}

#[test]
fn a_companion_heard_on_the_telephone_alone_waits_for_a_prescriber() {
    let (mut course, session) = on_the_day(Setting::Home);
    let heard = see(&course, session, SeenHow::Telephone);
    course.does(guide(), heard);
    course.held_by("S03-seen", guide(), Course::go(session));
    let asked = OverrideFinding {
        gate: Gate::Dose,
        rule: "S03-seen".into(),
        reason: "no camera works today; known for years".into(),
        second: None,
    };
    course.does(prescriber(), Command::OverrideFinding(asked));
    course.does(guide(), Course::go(session));
    let dose = course.dose(session);
    course.does(Actor::Patient, dose);
}

#[test]
fn a_danger_told_alone_holds_the_dose_and_reaches_the_team() {
    for (answer, urgency) in [
        (Answered::Yes, Urgency::CallClinician),
        (Answered::Unknown, Urgency::Watch),
        (Answered::Declined, Urgency::Watch),
    ] {
        let (mut course, session) = on_the_day(Setting::Home);
        say(&mut course, session, DayAnswers { companion_danger: Some(answer), ..DayAnswers::default() });
        course.held_by("S03-danger", guide(), Course::go(session));
        let alerts = course.chart.open_alerts();
        let told = alerts.iter().find(|a| matches!(a.about, AlertSubject::CompanionDanger { .. })).unwrap();
        assert_eq!(told.urgency, urgency, "{answer:?}");
        // Answering again does not take the alert back: somebody has spoken with them first.
        say(&mut course, session, DayAnswers { companion_danger: Some(Answered::No), ..DayAnswers::default() });
        assert_eq!(course.chart.open_alerts().len(), 1);
    }
}

#[test]
fn no_dose_in_a_clinic_that_nobody_looked_over_today() {
    let mut course = Course::new();
    let session = course.prepared(Setting::Clinic).schedule();
    course.day(session, Setting::Clinic);
    let gone = ReadinessFacts { oxygen: Some(Answered::No), ..ReadinessFacts::default() };
    course.does(guide(), Command::CheckReadiness(ReadinessChecked { session, found: gone }));
    course.held_by("S11-clinic-ready", guide(), Course::go(session));
    course.finds_clinic_ready(session);
    course.does(guide(), Course::go(session));
    // The cylinder turns out to be empty between go and the dose.
    course.does(guide(), Command::CheckReadiness(ReadinessChecked { session, found: gone }));
    let dose = course.dose(session);
    course.held_by("S11-clinic-ready", guide(), dose);
}

#[test]
fn breathing_and_driving_hold_the_release_each_by_itself() {
    for (checks, rule) in [
        (ReleaseFacts { breathing_normal: Some(Answered::No), ..Course::well() }, "S08-breathing"),
        (ReleaseFacts { no_driving_acknowledged: Some(Answered::No), ..Course::well() }, "S09-no-driving"),
    ] {
        let mut course = Course::new();
        let session = course.dosed(Setting::Clinic);
        for _ in 0..12 {
            course.minutes(10);
            let vitals = course.vitals(120, 76);
            course.does(guide(), Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) }));
            let rated = SedationRated { session, moaas: 5, rated_at: course.now };
            course.does(guide(), Command::RateSedation(rated));
        }
        let check = |checks| Command::CheckRelease(ReleaseChecked { session, checks, companion_sign_off: false });
        course.does(guide(), check(checks));
        let release = || Command::ReleasePatient(PatientReleased { session, with: "a friend".into() });
        course.held_by(rule, guide(), release());
        course.does(guide(), check(Course::well()));
        course.does(guide(), release());
    }
}
