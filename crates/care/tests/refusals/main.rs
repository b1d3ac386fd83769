//! What is refused, as tables: one row a refusal, with the chart as it stands, who asks, what, and the code that comes back.
//!
//! The families follow those of `command/`. Two tables stand above them: the order in which refusals are looked at, and
//! which role may ask for what. What the rules refuse is tested with each rule.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod decision;
mod follow_up;
mod measure;
mod preparation;
mod prescribing;
mod referral;
mod session;

use std::collections::BTreeSet;

use stillwater_care::command::*;
use stillwater_care::event::*;
use stillwater_care::facts::Setting::{self, Clinic, Home};
use stillwater_care::ids::{CompanionId, SessionId, StaffId};
use stillwater_care::protocol::Protocols;
use stillwater_care::roles::{Actor, Role};
use stillwater_testkit::{Course, Healthy, companion, guide, prescriber, stranger};
use uuid::Uuid;

/// How far a chart has come.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Nobody was referred.
    Nobody,
    /// Referred, with a team.
    Referred,
    /// Found eligible.
    Eligible(Setting),
    /// Consent signed, no plan.
    Signed(Setting),
    /// Prepared, with an order.
    Prepared(Setting),
    /// A session in an hour.
    Scheduled(Setting),
    /// Everything on the day is done, and nobody said go.
    Day(Setting),
    /// Go.
    Go(Setting),
    /// Go, 31 minutes ago.
    GoLongAgo(Setting),
    /// The dose was taken five minutes ago.
    Dosed(Setting),
    /// Released.
    Released(Setting),
    /// The course has ended.
    Ended,
}

impl State {
    fn chart(self) -> Course {
        let mut course = Course::new();
        match self {
            Self::Nobody => {}
            Self::Referred => {
                course.refer(&Healthy::default());
            }
            Self::Eligible(setting) => {
                course.eligible(setting);
            }
            Self::Signed(setting) => {
                course.eligible(setting).does(Actor::Patient, Course::signs(setting));
            }
            Self::Prepared(setting) => {
                course.prepared(setting);
            }
            Self::Scheduled(setting) => {
                course.prepared(setting).schedule();
            }
            Self::Day(setting) => {
                let session = course.prepared(setting).schedule();
                course.day(session, setting);
            }
            Self::Go(setting) => {
                course = Self::Day(setting).chart();
                course.does(guide(), Course::go(at(&course)));
                course.minutes(2);
            }
            Self::GoLongAgo(setting) => {
                course = Self::Go(setting).chart();
                course.minutes(29);
            }
            Self::Dosed(setting) => {
                course.dosed(setting);
                course.minutes(5);
            }
            Self::Released(setting) => {
                let session = course.dosed(setting);
                course.watch_and_release(session, setting);
            }
            Self::Ended => {
                course.prepared(Clinic);
                let end = CourseEnded { reason: EndReason::Moved, words: "moved".into() };
                course.does(prescriber(), Command::EndCourse(end));
            }
        }
        course
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
enum Who {
    Guide,
    Prescriber,
    Manager,
    Patient,
    Companion,
    /// A guide of another team.
    Stranger,
    /// Somebody else's companion.
    OtherCompanion,
    Program,
}

impl Who {
    fn actor(self, course: &Course) -> Actor {
        match self {
            Self::Guide => guide(),
            Self::Prescriber => prescriber(),
            Self::Manager => {
                Actor::Staff { id: StaffId(Uuid::from_u128(9)), name: "Manager Example".into(), role: Role::Manager }
            }
            Self::Patient => Actor::Patient,
            Self::Companion => companion(&course.chart),
            Self::Stranger => stranger(),
            Self::OtherCompanion => {
                Actor::Companion { id: CompanionId(Uuid::from_u128(8)), name: "Other Example".into() }
            }
            Self::Program => Actor::Stillwater,
        }
    }
}

/// A chart, who asks, what, and the code of the refusal.
type Row = (State, Who, fn(&Course) -> Command, &'static str);

fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (state, who, command, expected) in rows {
        let mut course = state.chart();
        let actor = who.actor(&course);
        let command = command(&course);
        let row = format!("{} by {who:?} on a chart {state:?}", command.name());
        let before = course.chart.seq;
        let code = match course.try_do(actor, command) {
            Ok(_) => "nothing: it was accepted".to_owned(),
            Err(refusal) => {
                assert_eq!(course.chart.seq, before, "{row} was refused and still recorded");
                if let Refusal::Invalid { field, problem: Problem::Empty } = &refusal {
                    assert!(Field::NEEDED.contains(field), "{field:?} is refused empty and not listed as needed");
                }
                refusal.code()
            }
        };
        if code != *expected {
            wrong.push(format!("{row}: {code} and not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn words() -> String {
    "example".into()
}

fn long() -> String {
    "x".repeat(20_001)
}

/// The session of a chart, open or over.
fn at(course: &Course) -> SessionId {
    course.chart.sessions.last().unwrap().id
}

fn no_session() -> SessionId {
    SessionId(Uuid::from_u128(7))
}

const FAMILIES: [&[Row]; 7] = [
    referral::ROWS,
    measure::ROWS,
    decision::ROWS,
    prescribing::ROWS,
    preparation::ROWS,
    session::ROWS,
    follow_up::ROWS,
];

#[test]
fn refusals_are_looked_at_in_the_documented_order() {
    let bad = |_: &Course| Command::RecordWeight(WeightRecorded { weight_kg: 900.0, taken_at: Course::new().now });
    check(&[
        // Role before team, team before whether there is such a patient, that before the end of the course.
        (State::Ended, Who::Manager, bad, "not-allowed/RecordWeight"),
        (State::Ended, Who::Stranger, bad, "not-on-team"),
        (State::Ended, Who::OtherCompanion, |_| Command::ConfirmCompanion, "not-on-team"),
        (State::Nobody, Who::Guide, bad, "not-now/no-patient"),
        (State::Ended, Who::Guide, bad, "not-now/course-ended"),
        // The state of a session before the values sent for it.
        (State::Day(Clinic), Who::Guide, |c| rate(c, 9), "invalid/sedation/no-such-level"),
        (State::Released(Clinic), Who::Guide, |c| rate(c, 9), "invalid/sedation/no-such-level"),
        // Values before rules.
        (State::Referred, Who::Prescriber, |_| decide(true, ""), "invalid/signature/empty"),
        (State::Referred, Who::Prescriber, |_| decide(true, "prescriber EXAMPLE"), "blocked/eligibility"),
        // What rules hold before what is still to be done.
        (State::Scheduled(Home), Who::Guide, |c| Course::go(at(c)), "blocked/dose"),
        (State::Referred, Who::Guide, bad, "impossible"),
    ]);
}

fn rate(course: &Course, moaas: i32) -> Command {
    Command::RateSedation(SedationRated { session: at(course), moaas, rated_at: course.now })
}

fn decide(eligible: bool, signed_name: &str) -> Command {
    Command::DecideEligibility(DecideEligibility {
        eligible,
        setting: Clinic,
        reason: String::new(),
        signed_name: signed_name.into(),
    })
}

#[test]
fn each_command_is_refused_to_every_role_that_is_not_listed() {
    // Whether a role may ask is looked at first, so that any content will do.
    let course = State::Dosed(Home).chart();
    let session = at(&course);
    let asks = [
        Command::OpenPlan(words()),
        Command::ConfirmCompanion,
        Command::ScheduleSession(course.now),
        Command::ArriveAsCompanion(session),
        Command::WriteJournal(JournalWritten { words: words(), shared: false }),
        Course::go(session),
        Command::ReviewCourse(CourseReviewed { decision: ReviewDecision::Stop, words: words() }),
        Command::Tick,
    ];
    for command in asks {
        for who in [Who::Guide, Who::Prescriber, Who::Manager, Who::Patient, Who::Companion, Who::Program] {
            let actor = who.actor(&course);
            let listed = actor.role().map_or(command == Command::Tick, |role| command.kind().roles().contains(&role));
            let context =
                Context { now: course.now, actor, command_id: Uuid::from_u128(1), protocols: Protocols::built_in() };
            let decided = stillwater_care::decide(&course.chart, &context, command.clone());
            let not_allowed = matches!(decided, Err(Refusal::NotAllowed { .. }));
            assert_eq!(not_allowed, !listed, "{} by {who:?}", command.name());
        }
    }
}

#[test]
fn what_the_tables_list_is_refused_so() {
    check(&FAMILIES.concat());
}

/// Codes that the tests beside the tables bring about, on charts that none of the table's states reaches.
const BESIDE_THE_TABLES: [&str; 29] = [
    "merged-away",
    "same-chart",
    "already-merged",
    "no-override-to-sign",
    "override-signed",
    "own-override",
    "no-patient",
    "course-ended",
    "for-the-clinician",
    "protocol-not-known",
    "nobody-else",
    "not-on-the-team",
    "not-briefed",
    "note-of-another",
    "not-the-author",
    "note-not-signed",
    "note-locked",
    "note-signed",
    "session-days-away",
    "session-hours-away",
    "not-confirmed",
    "no-order-for-setting",
    "no-consent",
    "alert-yours",
    "too-soon",
    "last-session-not-reviewed",
    "booster-taken",
    "not-booster-time",
    "alert-holds-booster",
];

/// As above, of entries that follow each other.
const OF_WHAT_FOLLOWS: [&str; 3] = ["alert-resolved", "already-corrected", "from-another-record"];

/// States and problems that no row can bring about: each is a second line behind another check.
const BEHIND_ANOTHER: [&str; 2] = [
    // The rule R05 holds an order for somebody who was not weighed.
    "no-weight",
    // The list of corrections knows no command that stands in place of nothing.
    "replaces-nothing",
];

#[test]
fn every_code_of_a_refusal_has_a_row() {
    let rows: BTreeSet<&str> =
        FAMILIES.iter().flat_map(|rows| rows.iter()).flat_map(|(_, _, _, code)| code.split('/')).collect();
    for (code, _) in NotNow::CODES.iter().chain(Problem::CODES) {
        let seen = rows.contains(code) || BESIDE_THE_TABLES.contains(code) || OF_WHAT_FOLLOWS.contains(code);
        assert_ne!(seen, BEHIND_ANOTHER.contains(code), "{code}");
    }
}
