//! The day of the dose.

use super::*;
use stillwater_care::facts::{AmbulanceTime, Answered, LastUse, PlaceToday, ReadinessFacts, ReleaseFacts, SeenHow};
use stillwater_care::quantity::{plus_hours, plus_minutes};

fn go(course: &Course, go: bool, reason: String) -> Command {
    Command::DecideGo(DecideGo { session: at(course), go, reason })
}

fn take(course: &Course, minutes_from_now: i64) -> Command {
    Command::TakeDose(TakeDose { session: at(course), taken_at: plus_minutes(course.now, minutes_from_now) })
}

fn call_off(course: &Course, reason: &str) -> Command {
    Command::CancelSession(CancelSession { session: at(course), reason: reason.into() })
}

fn day(course: &Course, answers: DayAnswers) -> Command {
    Command::AnswerDay(DayAnswered { session: at(course), answers })
}

fn willing() -> DayAnswers {
    DayAnswers { still_willing: Some(Answered::Yes), ..DayAnswers::default() }
}

fn drank_tomorrow(course: &Course) -> Command {
    let at = plus_hours(course.now, 24);
    day(course, DayAnswers { alcohol_or_cannabis: Some(LastUse::At { at }), ..DayAnswers::default() })
}

fn see(course: &Course) -> Command {
    Command::SeeCompanion(CompanionSeen {
        session: at(course),
        companion: CompanionId(Uuid::from_u128(8)),
        sober: Answered::Yes,
        phone_verified: Answered::Yes,
        how: Some(SeenHow::Video),
    })
}

fn elsewhere(course: &Course, address: &str) -> Command {
    let place_today = Some(PlaceToday::Elsewhere { address: address.into() });
    day(course, DayAnswers { place_today, ..DayAnswers::default() })
}

fn ambulance(course: &Course, minutes: i64) -> Command {
    day(course, DayAnswers { ambulance: Some(AmbulanceTime::Minutes { minutes }), ..DayAnswers::default() })
}

fn ready(course: &Course, found: ReadinessFacts) -> Command {
    Command::CheckReadiness(ReadinessChecked { session: at(course), found })
}

fn distress(course: &Course, rating: i32) -> Command {
    Command::RateDistress(DistressRated { session: at(course), rating, rated_at: course.now })
}

fn symptom(course: &Course, hours: i64, words: String) -> Command {
    let symptom = stillwater_care::facts::Symptom::Nausea;
    Command::MarkSymptom(SymptomMarked { session: at(course), symptom, seen_at: plus_hours(course.now, hours), words })
}

fn checks(course: &Course, total: Option<i32>, companion_sign_off: bool) -> Command {
    let checks = ReleaseFacts { aldrete_total: total, ..ReleaseFacts::default() };
    Command::CheckRelease(ReleaseChecked { session: at(course), checks, companion_sign_off })
}

fn review(course: &Course, words: &str) -> Command {
    Command::ReviewSession(SessionReviewed { session: at(course), words: words.into() })
}

fn given(course: &Course, minutes_from_now: i64, dose_mg: Option<f64>) -> Command {
    let taken_at = plus_minutes(course.now, minutes_from_now);
    Command::RecordDose(RecordDose { session: Some(at(course)), taken_at, dose_mg, route: None, words: words() })
}

fn amount(course: &Course, given_mg: f64, words: &str) -> Command {
    Command::RecordAmount(DoseAmountRecorded { session: at(course), given_mg, words: words.into() })
}

fn infusion(course: &Course, step: InfusionStep, rate_ml_per_hour: Option<f64>) -> Command {
    let at_now = course.now;
    Command::RecordInfusion(InfusionRecorded {
        session: at(course),
        step,
        at: at_now,
        rate_ml_per_hour,
        given_mg: None,
    })
}

fn booster(course: &Course) -> Command {
    Command::GiveBooster(GiveBooster { session: at(course), dose_mg: 10.0 })
}

fn miss(course: &Course) -> Command {
    Command::MissSession(MissSession { session: at(course), words: words() })
}

fn move_to(course: &Course, words: &str) -> Command {
    let starts_at = plus_hours(course.now, 48);
    Command::MoveSession(MoveSession { session: at(course), starts_at, words: words.into() })
}

fn in_days(course: &Course, days: i64) -> Command {
    Command::ScheduleSession(plus_hours(course.now, days * 24))
}

pub const ROWS: &[Row] = &[
    (State::Signed(Clinic), Who::Guide, |c| in_days(c, 1), "not-now/no-plan"),
    (State::Scheduled(Clinic), Who::Guide, |c| in_days(c, 1), "not-now/session-open"),
    (State::Prepared(Clinic), Who::Guide, |c| in_days(c, 400), "invalid/session-start/not-in-coming-year"),
    (State::Released(Clinic), Who::Guide, |c| in_days(c, 14), "not-now/all-sessions-held"),
    (
        State::Prepared(Clinic),
        Who::Guide,
        |_| Command::CancelSession(CancelSession { session: no_session(), reason: words() }),
        "not-now/no-session",
    ),
    (State::Scheduled(Clinic), Who::Guide, |c| call_off(c, ""), "invalid/session-cancel-reason/empty"),
    (State::Dosed(Clinic), Who::Guide, |c| call_off(c, "x"), "not-now/dose-taken"),
    (State::Released(Clinic), Who::Guide, |c| call_off(c, "x"), "not-now/session-is"),
    (
        State::Scheduled(Clinic),
        Who::Patient,
        |c| day(c, DayAnswers::default()),
        "invalid/day-questions/no-day-question-answered",
    ),
    (State::Scheduled(Clinic), Who::Patient, drank_tomorrow, "invalid/last-used-at/in-future"),
    (State::Dosed(Clinic), Who::Patient, |c| day(c, willing()), "not-now/dose-taken"),
    (State::Scheduled(Home), Who::Guide, see, "not-now/not-the-companion"),
    (State::Scheduled(Home), Who::Patient, |c| elsewhere(c, ""), "invalid/address-today/empty"),
    (State::Scheduled(Home), Who::Patient, |c| ambulance(c, -1), "invalid/ambulance-time/no-such-length"),
    (
        State::Scheduled(Clinic),
        Who::Guide,
        |c| ready(c, ReadinessFacts::default()),
        "invalid/readiness/no-item-answered",
    ),
    (State::Released(Clinic), Who::Guide, |c| ready(c, Course::all_at_hand()), "not-now/session-is"),
    (State::Scheduled(Clinic), Who::Guide, |c| go(c, true, long()), "invalid/go-reason/too-long"),
    (State::Scheduled(Clinic), Who::Guide, |c| go(c, false, String::new()), "invalid/go-reason/empty"),
    (State::Dosed(Clinic), Who::Guide, |c| go(c, true, words()), "not-now/dose-taken"),
    (State::Day(Home), Who::Patient, |c| take(c, 0), "not-now/no-go"),
    (State::GoLongAgo(Clinic), Who::Guide, |c| take(c, 0), "not-now/go-expired"),
    (State::Go(Clinic), Who::Patient, |c| take(c, 0), "not-now/staff-give-the-dose"),
    (State::Go(Clinic), Who::Guide, |c| take(c, 10), "invalid/began-at/in-future"),
    (State::Go(Clinic), Who::Guide, |c| take(c, -60), "invalid/began-at/before-go"),
    (State::Dosed(Home), Who::Patient, |c| take(c, 0), "not-now/dose-taken"),
    (State::Released(Clinic), Who::Guide, |c| take(c, 0), "not-now/session-is"),
    (State::Dosed(Clinic), Who::Guide, |c| super::rate(c, 6), "invalid/sedation/no-such-level"),
    (State::Dosed(Clinic), Who::Guide, |c| distress(c, 11), "invalid/distress/not-on-scale"),
    (State::Go(Clinic), Who::Guide, |c| given(c, 10, None), "invalid/began-at/in-future"),
    (State::Scheduled(Clinic), Who::Guide, |c| given(c, 0, Some(-1.0)), "invalid/given-dose/no-such-amount"),
    (State::Dosed(Clinic), Who::Guide, |c| given(c, 0, None), "invalid/given-dose/empty"),
    (State::Scheduled(Clinic), Who::Guide, |c| amount(c, 10.0, "x"), "not-now/session-is"),
    (State::Dosed(Clinic), Who::Guide, |c| amount(c, -1.0, "x"), "invalid/given-dose/no-such-amount"),
    (State::Dosed(Clinic), Who::Guide, |c| amount(c, 10.0, ""), "invalid/amount-why/empty"),
    (State::Dosed(Home), Who::Guide, |c| infusion(c, InfusionStep::Ended, None), "not-now/not-an-infusion"),
    (State::Dosed(Clinic), Who::Guide, |c| infusion(c, InfusionStep::RateSet, None), "invalid/infusion-rate/empty"),
    (
        State::Dosed(Clinic),
        Who::Guide,
        |c| infusion(c, InfusionStep::RateSet, Some(0.0)),
        "invalid/infusion-rate/not-a-rate",
    ),
    (State::Dosed(Clinic), Who::Guide, booster, "not-now/no-booster"),
    (State::Scheduled(Clinic), Who::Guide, booster, "not-now/session-is"),
    (State::Scheduled(Clinic), Who::Guide, miss, "invalid/session-start/in-future"),
    (State::Dosed(Clinic), Who::Guide, miss, "not-now/session-is"),
    (State::Scheduled(Clinic), Who::Guide, |c| move_to(c, ""), "invalid/move-reason/empty"),
    (State::Dosed(Clinic), Who::Guide, |c| move_to(c, "x"), "not-now/session-is"),
    (State::Dosed(Clinic), Who::Guide, |c| symptom(c, 1, words()), "invalid/seen-at/in-future"),
    (State::Dosed(Clinic), Who::Guide, |c| symptom(c, 0, long()), "invalid/words/too-long"),
    (
        State::Dosed(Clinic),
        Who::Guide,
        |c| Command::MarkMoment(MarkMoment { session: at(c), words: String::new() }),
        "invalid/moment/empty",
    ),
    (State::Dosed(Clinic), Who::Guide, |c| checks(c, Some(11), false), "invalid/aldrete-score/no-such-score"),
    (State::Dosed(Home), Who::Guide, |c| checks(c, None, true), "not-now/companion-signs-off"),
    (
        State::Dosed(Clinic),
        Who::Guide,
        |c| Command::ReleasePatient(PatientReleased { session: at(c), with: String::new() }),
        "invalid/released-with/empty",
    ),
    (
        State::Dosed(Clinic),
        Who::Guide,
        |c| Command::ReleasePatient(PatientReleased { session: at(c), with: words() }),
        "blocked/release",
    ),
    (
        State::Dosed(Clinic),
        Who::Guide,
        |c| Command::RecordLeaving(PatientLeft { session: at(c), words: String::new() }),
        "invalid/how-they-left/empty",
    ),
    (State::Dosed(Clinic), Who::Prescriber, |c| review(c, "x"), "not-now/not-released"),
    (State::Scheduled(Clinic), Who::Prescriber, |c| review(c, "x"), "not-now/session-is"),
    (State::Released(Clinic), Who::Prescriber, |c| review(c, ""), "invalid/session-review/empty"),
];

/// Charts that a state of the table does not reach, and the code of each.
#[test]
fn what_has_to_come_before_is_asked_for() {
    let mut course = State::Prepared(Clinic).chart();
    course.does(guide(), Command::ScheduleSession(plus_hours(course.now, 72)));
    let early = day(&course, willing());
    assert_eq!(course.refused(Actor::Patient, early).code(), "not-now/session-days-away");

    let mut course = State::Prepared(Home).chart();
    course.does(guide(), Command::ScheduleSession(plus_hours(course.now, 20)));
    let there = Command::ArriveAsCompanion(at(&course));
    let who = companion(&course.chart);
    assert_eq!(course.refused(who, there).code(), "not-now/session-hours-away");

    let mut course = State::Scheduled(Home).chart();
    let named = NameCompanion { name: "Another".into(), relation: words(), phone: words(), adult: true };
    course.does(Actor::Patient, Command::NameCompanion(named));
    let there = Command::ArriveAsCompanion(at(&course));
    let who = companion(&course.chart);
    assert_eq!(course.refused(who, there).code(), "not-now/not-confirmed");

    let mut course = State::Go(Clinic).chart();
    let order = course.chart.orders.last().unwrap().written.order;
    course.does(prescriber(), Command::CancelOrder(CancelOrder { order, reason: words() }));
    let dose = take(&course, 0);
    assert_eq!(course.refused(guide(), dose).code(), "not-now/no-order-for-setting");

    let mut course = State::Prepared(Clinic).chart();
    course.does(Actor::Patient, Command::WithdrawConsent(ConsentWithdrawn { words: String::new() }));
    let session = in_days(&course, 1);
    assert_eq!(course.refused(guide(), session).code(), "not-now/no-consent");
}

#[test]
fn what_is_still_to_be_done_is_listed_when_no_rule_holds() {
    let mut course = State::Prepared(Clinic).chart();
    course.schedule();
    let session = at(&course);
    course.day(session, Clinic);
    let unsure = DayAnswers { still_willing: Some(Answered::Unknown), ..DayAnswers::default() };
    let unsure = day(&course, unsure);
    course.does(Actor::Patient, unsure);
    assert_eq!(course.refused(guide(), Course::go(session)).code(), "not-ready");
}

#[test]
fn a_call_for_help_and_a_stop_are_refused_in_no_state() {
    for state in [State::Referred, State::Scheduled(Home), State::Dosed(Home), State::Released(Home), State::Ended] {
        let mut course = state.chart();
        let help = HelpRequested { session: Some(no_session()), words: long() };
        course.does(Actor::Patient, Command::AskForHelp(help));
        if let Some(session) = course.chart.sessions.last().map(|session| session.id) {
            course.does(Actor::Patient, Command::StopSession(SessionStopped { session, reason: long() }));
        }
    }
}
