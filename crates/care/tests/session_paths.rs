//! Random commands by random people at random times never reach a dose that should not be.
//!
//! A failing case prints its steps, shrunk; run it again by adding them as a case of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use proptest::prelude::*;
use stillwater_care::chart::Chart;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::*;
use stillwater_care::ids::SessionId;
use stillwater_care::protocol::Protocols;
use stillwater_care::quantity::{minutes_between, plus_minutes};
use stillwater_care::roles::Actor;
use stillwater_care::rules::Gate;
use stillwater_testkit::{Course, companion, guide, prescriber, stranger};
use uuid::Uuid;

/// One random step: what, by whom, how much later, and a number for whatever the command needs.
type Step = (u8, u8, i64, i32);

fn actor(course: &Course, n: u8) -> Actor {
    match n % 6 {
        0 => Actor::Patient,
        1 if course.chart.companion.is_some() => companion(&course.chart),
        2 => prescriber(),
        3 => stranger(),
        4 => Actor::Stillwater,
        _ => guide(),
    }
}

fn command(course: &Course, what: u8, n: i32, setting: Setting) -> Command {
    let session = course.chart.sessions.last().map_or_else(|| SessionId(Uuid::from_u128(9)), |session| session.id);
    let now = course.now;
    let answered = [Answered::Yes, Answered::No, Answered::Unknown, Answered::Declined][n.unsigned_abs() as usize % 4];
    match what % 27 {
        0 => Command::ScheduleSession(plus_minutes(now, 30)),
        1 => Command::AnswerDay(DayAnswered { session, answers: Course::good_day(setting) }),
        2 => {
            let used = if n % 3 == 0 { LastUse::At { at: plus_minutes(now, -60) } } else { LastUse::None };
            let answers = DayAnswers {
                alcohol_or_cannabis: Some(used),
                still_willing: Some(answered),
                room_safe: Some(answered),
                ..DayAnswers::default()
            };
            Command::AnswerDay(DayAnswered { session, answers })
        }
        3..=5 => {
            let vitals = course.vitals(118 + n % 60, 74 + n % 30);
            Command::RecordVitals(VitalsRecorded { vitals, session: Some(session) })
        }
        6 => Command::ArriveAsCompanion(session),
        7 => match course.chart.companion.as_ref().map(|c| c.id) {
            Some(companion) => Command::SeeCompanion(CompanionSeen {
                session,
                companion,
                sober: answered,
                phone_verified: Answered::Yes,
                how: Some(SeenHow::Video),
            }),
            None => Command::ConfirmCompanion,
        },
        26 => Command::CheckReadiness(ReadinessChecked { session, found: Course::all_at_hand() }),
        8 | 9 => Course::go(session),
        10..=13 => course.dose(session),
        14 => Command::StopSession(SessionStopped { session, reason: String::new() }),
        15 => Command::WithdrawConsent(ConsentWithdrawn { words: String::new() }),
        16 => Course::signs(setting),
        17 => Command::WriteOrder(Course::usual_order(setting)),
        18 => match course.chart.order_in_force() {
            Some(order) => Command::CancelOrder(CancelOrder { order: order.written.order, reason: "example".into() }),
            None => Command::WriteOrder(WriteOrder { dose_mg: f64::from(n), ..Course::usual_order(setting) }),
        },
        19 => {
            let mut answers =
                stillwater_instruments::Responses::from([("asq_1", 0), ("asq_2", 0), ("asq_3", 0), ("asq_4", 0)]);
            if n % 5 == 0 {
                answers.set("asq_1", 1);
                answers.set("asq_5", i64::from(n % 2));
            }
            Command::CompleteMeasure(CompleteMeasure {
                instrument: "asq".into(),
                point: Point::PreDose,
                session: None,
                answers,
            })
        }
        20 => Command::OverrideFinding(OverrideFinding {
            gate: Gate::Dose,
            rule: stillwater_care::rules::RULES[n.unsigned_abs() as usize % stillwater_care::rules::RULES.len()]
                .id
                .into(),
            reason: "example".into(),
            second: None,
        }),
        21 => Command::CancelSession(CancelSession { session, reason: "example".into() }),
        22 => Command::ReleasePatient(PatientReleased { session, with: "x".into() }),
        23 => Command::Tick,
        24 => Command::AskForHelp(HelpRequested { session: Some(session), words: String::new() }),
        _ => Course::looks_fine(session),
    }
}

/// What must be true of the chart just before a dose was taken.
fn check_dose(before: &Course, taken: &DoseTaken) {
    let chart = &before.chart;
    let session = chart.session(taken.session).expect("a dose belongs to a session");
    assert!(chart.consent().is_some(), "a dose without consent");
    let order = taken.order.and_then(|order| chart.order(order)).expect("a dose has an order");
    assert!(order.in_force(), "a dose on an order that is not in force");
    assert!((order.written.dose_mg - taken.dose_mg).abs() < f64::EPSILON, "a dose other than the one ordered");
    assert!(session.go().is_some(), "a dose without go");
    let context =
        Context { now: before.now, actor: Actor::Patient, command_id: Uuid::nil(), protocols: Protocols::built_in() };
    let gate = gate_now(chart, &context, Gate::Dose, Scope { session: Some(session), ..Scope::default() });
    assert!(gate.open(), "a dose while held by {:?}", gate.blocking);
    if session.setting == Setting::Home {
        let seen = session.companion_seen.expect("a dose at home without a companion seen");
        assert!(minutes_between(seen.at, before.now) <= 15, "the companion was seen too long ago");
        assert_eq!(seen.sober, Answered::Yes);
    }
}

fn walk(setting: Setting, from_the_day: bool, steps: &[Step]) {
    let mut course = Course::new();
    course.prepared(setting);
    if from_the_day {
        let session = course.schedule();
        course.day(session, setting);
    }
    for (what, who, minutes, n) in steps {
        course.minutes(*minutes);
        let actor = actor(&course, *who);
        let command = command(&course, *what, *n, setting);
        let before = course.clone();
        let id = course.next_id();
        let first = before.would(actor.clone(), id, command.clone());
        assert_eq!(first, before.would(actor.clone(), id, command.clone()), "the same question has two answers");
        let is_dose = matches!(command, Command::TakeDose(_));
        let is_stop = matches!(command, Command::StopSession(_));
        let may_stop = is_stop && !matches!(actor, Actor::Stillwater) && !course.chart.sessions.is_empty();
        match first {
            Ok(drafts) => {
                for draft in drafts {
                    if let Event::DoseTaken(taken) = &draft.event {
                        assert!(is_dose, "{} yielded a dose", command.name());
                        check_dose(&before, taken);
                    }
                    let recorded = draft.at(course.chart.seq + 1);
                    course.chart.apply(&recorded);
                    course.log.push(recorded);
                }
                assert_eq!(course.would(actor, id, command), Ok(Vec::new()), "sent twice, recorded twice");
            }
            Err(refusal) => assert!(!may_stop, "stop was refused: {refusal:?}"),
        }
    }
    assert_eq!(Chart::fold(course.chart.id, &course.log), course.chart, "the fold is not the chart");
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((any::<u8>(), any::<u8>(), 0_i64..14, 0_i32..200), 1..70)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_path_at_home_reaches_a_dose_that_should_not_be(steps in steps(), from_the_day in any::<bool>()) {
        walk(Setting::Home, from_the_day, &steps);
    }

    #[test]
    fn no_path_in_the_clinic_reaches_a_dose_that_should_not_be(steps in steps(), from_the_day in any::<bool>()) {
        walk(Setting::Clinic, from_the_day, &steps);
    }
}

#[test]
fn the_walk_can_reach_a_dose_at_all() {
    for setting in [Setting::Home, Setting::Clinic] {
        let mut course = Course::new();
        course.dosed(setting);
        assert!(course.has("DoseTaken"));
    }
}

#[test]
fn stop_works_in_every_state_of_a_session() {
    for setting in [Setting::Home, Setting::Clinic] {
        let mut course = Course::new();
        course.prepared(setting);
        let session = course.schedule();
        let stop = || Command::StopSession(SessionStopped { session, reason: String::new() });
        let check = |course: &Course| {
            for actor in [Actor::Patient, guide(), prescriber(), stranger()] {
                let mut copy = course.clone();
                copy.does(actor, stop());
                copy.does(Actor::Patient, stop());
            }
        };
        check(&course);
        course.day(session, setting);
        check(&course);
        course.does(guide(), Course::go(session));
        check(&course);
        course.minutes(2);
        let dose = course.dose(session);
        course.does(Course::taker(setting), dose);
        check(&course);
        course.watch_and_release(session, setting);
        check(&course);
        course.integrate(session);
        check(&course);
    }
}

#[test]
fn while_a_rule_holds_the_dose_no_single_command_yields_one() {
    let mut course = Course::new();
    course.prepared(Setting::Home);
    let session = course.schedule();
    course.day(session, Setting::Home);
    course.does(guide(), Course::go(session));
    let at = plus_minutes(course.now, -60);
    let used = DayAnswers { alcohol_or_cannabis: Some(LastUse::At { at }), ..DayAnswers::default() };
    course.does(Actor::Patient, Command::AnswerDay(DayAnswered { session, answers: used }));
    for what in 0..27 {
        for who in 0..6 {
            for n in [0, 1, 7, 40] {
                let mut copy = course.clone();
                let (actor, command) = (actor(&copy, who), command(&copy, what, n, Setting::Home));
                let _ = copy.try_do(actor, command);
                assert!(!copy.has("DoseTaken"), "step {what} by {who} went round the rule");
            }
        }
    }
}
