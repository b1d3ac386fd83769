//! Eligibility, overrides, consent, the plan, orders.

use super::*;
use stillwater_care::facts::{Answered, HistoryTopic};
use stillwater_care::ids::{EventId, OrderId};
use stillwater_care::rules::Gate;
use stillwater_testkit::second_prescriber;

fn over(rule: &str, reason: &str) -> Command {
    Command::OverrideFinding(OverrideFinding {
        gate: Gate::Eligibility,
        rule: rule.into(),
        reason: reason.into(),
        second: None,
    })
}

fn order(dose_mg: f64, dose_mg_per_kg: Option<f64>, reason: String) -> Command {
    Command::WriteOrder(WriteOrder { dose_mg, dose_mg_per_kg, reason })
}

fn end(reason: EndReason) -> Command {
    Command::EndCourse(CourseEnded { reason, words: String::new() })
}

fn consent(version: &str, name: &str) -> Command {
    Command::GiveConsent(GiveConsent { version: version.into(), statements: Vec::new(), signed_name: name.into() })
}

fn unsigned() -> Command {
    let Command::GiveConsent(mut give) = Course::signs(Clinic) else { panic!("another command") };
    give.signed_name.clear();
    Command::GiveConsent(give)
}

fn withdraw(_: &Course) -> Command {
    Command::WithdrawConsent(ConsentWithdrawn { words: String::new() })
}

fn cancel(course: &Course, reason: &str) -> Command {
    let order = course.chart.orders.last().unwrap().written.order;
    Command::CancelOrder(CancelOrder { order, reason: reason.into() })
}

pub const ROWS: &[Row] = &[
    (State::Referred, Who::Prescriber, |_| decide(true, "Guide Example"), "invalid/signature/not-the-signer"),
    (State::Referred, Who::Prescriber, |_| over("E09-substance-use", ""), "invalid/override-reason/empty"),
    (State::Referred, Who::Prescriber, |_| over("nothing", "x"), "invalid/rule/no-such-rule"),
    (State::Eligible(Clinic), Who::Prescriber, |_| over("E01-age-minimum", "x"), "not-now/nothing-to-override"),
    (State::Referred, Who::Prescriber, |_| over("E15-baseline", "x"), "not-now/override-not-allowed"),
    (State::Referred, Who::Prescriber, |_| super::decide(true, ""), "invalid/signature/empty"),
    (
        State::Referred,
        Who::Prescriber,
        |_| super::decide(false, "Prescriber Example"),
        "invalid/eligibility-reason/empty",
    ),
    (State::Dosed(Clinic), Who::Prescriber, |_| super::decide(false, ""), "invalid/signature/empty"),
    (
        State::Dosed(Clinic),
        Who::Prescriber,
        |_| {
            Command::DecideEligibility(DecideEligibility {
                eligible: false,
                setting: Clinic,
                reason: words(),
                signed_name: "Prescriber Example".into(),
            })
        },
        "not-now/session-running",
    ),
    (State::Referred, Who::Patient, |_| Course::signs(Clinic), "not-now/not-decided"),
    (State::Eligible(Clinic), Who::Patient, |_| consent("never-9", "x"), "invalid/consent/no-such-consent"),
    (State::Eligible(Clinic), Who::Patient, |_| consent("clinic-1", "x"), "invalid/consent/not-all-ticked"),
    (State::Eligible(Clinic), Who::Patient, |_| unsigned(), "invalid/signature/empty"),
    (State::Eligible(Clinic), Who::Patient, withdraw, "not-now/no-consent-in-force"),
    (State::Referred, Who::Prescriber, |_| Command::OpenPlan("sl-home".into()), "not-now/not-eligible"),
    (
        State::Signed(Clinic),
        Who::Prescriber,
        |_| Command::OpenPlan("nothing".into()),
        "invalid/protocol/no-such-protocol",
    ),
    (
        State::Signed(Clinic),
        Who::Prescriber,
        |_| Command::OpenPlan("sl-home".into()),
        "not-now/eligible-in-clinic-only",
    ),
    (State::Dosed(Home), Who::Prescriber, |_| Command::OpenPlan("sl-home".into()), "not-now/session-running"),
    (State::Dosed(Home), Who::Prescriber, |_| end(EndReason::Completed), "not-now/session-running"),
    (State::Prepared(Home), Who::Prescriber, |_| end(EndReason::Moved), "invalid/course-end-reason/empty"),
    (State::Signed(Clinic), Who::Prescriber, |_| order(40.0, Some(0.5), words()), "not-now/no-plan"),
    (State::Prepared(Clinic), Who::Prescriber, |_| order(40.0, Some(0.5), words()), "not-now/order-in-force"),
    (
        State::Prepared(Clinic),
        Who::Prescriber,
        |_| Command::CancelOrder(CancelOrder { order: OrderId(Uuid::from_u128(4)), reason: words() }),
        "not-now/no-order",
    ),
    (State::Prepared(Clinic), Who::Prescriber, |c| cancel(c, ""), "invalid/order-cancel-reason/empty"),
    (State::Dosed(Clinic), Who::Prescriber, |c| cancel(c, "x"), "not-now/order-not-in-force"),
    (State::Released(Clinic), Who::Prescriber, |_| order(-1.0, Some(0.5), words()), "impossible"),
    (State::Released(Clinic), Who::Prescriber, |_| order(40.0, Some(0.5), long()), "invalid/order-reason/too-long"),
    (State::Released(Clinic), Who::Prescriber, |_| order(40.0, None, words()), "invalid/dose/ordered-by-weight"),
    (State::Released(Clinic), Who::Prescriber, |_| order(40.0, Some(0.0), words()), "invalid/dose-per-kg/not-positive"),
    (State::Released(Clinic), Who::Prescriber, |_| order(900.0, Some(0.5), words()), "invalid/dose/above-ceiling"),
];

#[test]
fn an_override_by_two_names_somebody_else_of_the_team() {
    let mut course = Course::new();
    let who = Healthy { history: vec![(HistoryTopic::KetamineMisuse, Answered::Yes)], ..Healthy::default() };
    course.refer(&who).screen(&who);
    let mut ask = |second: Option<Actor>| {
        let ask = OverrideFinding {
            gate: Gate::Eligibility,
            rule: "E08-ketamine-misuse".into(),
            reason: words(),
            second: second.and_then(|actor| actor.staff()),
        };
        course.try_do(prescriber(), Command::OverrideFinding(ask)).map_err(|refusal| refusal.code())
    };
    assert_eq!(ask(None).unwrap_err(), "invalid/second-clinician/nobody-else");
    assert_eq!(ask(Some(prescriber())).unwrap_err(), "invalid/second-clinician/nobody-else");
    assert_eq!(ask(Some(stranger())).unwrap_err(), "invalid/second-clinician/not-on-the-team");
    let recorded = ask(Some(second_prescriber())).unwrap();
    let Event::FindingOverridden(overridden) = &recorded[0].event else { panic!("another event") };
    assert_eq!(overridden.second.as_ref().unwrap().name, second_prescriber().name());
    let id = recorded[0].id;
    let cosign = |course: &mut Course, actor: Actor, id| {
        course.try_do(actor, Command::CosignOverride(id)).map(|_| ()).map_err(|refusal| refusal.code())
    };
    assert_eq!(cosign(&mut course, guide(), EventId(Uuid::nil())).unwrap_err(), "not-now/no-override-to-sign");
    assert_eq!(cosign(&mut course, prescriber(), id).unwrap_err(), "not-now/own-override");
    assert_eq!(cosign(&mut course, stranger(), id).unwrap_err(), "not-on-team");
    cosign(&mut course, second_prescriber(), id).unwrap();
    assert_eq!(cosign(&mut course, guide(), id).unwrap_err(), "not-now/override-signed");
}

#[test]
fn a_plan_on_a_protocol_that_is_not_installed_takes_no_order() {
    let course = State::Signed(Clinic).chart();
    let mut chart = course.chart.clone();
    let opened = PlanOpened {
        protocol: "gone".into(),
        protocol_version: "1".into(),
        setting: Clinic,
        route: stillwater_care::facts::Route::Intravenous,
        sessions: 1,
    };
    let draft = Draft {
        id: stillwater_care::ids::EventId(Uuid::from_u128(99)),
        occurred_at: course.now,
        recorded_at: course.now,
        actor: prescriber(),
        event: Event::PlanOpened(opened),
    };
    chart.apply(&draft.at(chart.seq + 1));
    let context = Context {
        now: course.now,
        actor: prescriber(),
        command_id: Uuid::from_u128(1 << 40),
        protocols: Protocols::built_in(),
    };
    let refusal = stillwater_care::decide(&chart, &context, order(40.0, Some(0.5), words())).unwrap_err();
    assert_eq!(refusal.code(), "not-now/protocol-not-known");
}
