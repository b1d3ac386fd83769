//! Questionnaires, ratings, vital signs, weight, laboratory results.

use super::*;
use std::collections::BTreeMap;
use stillwater_care::facts::{ChildPugh, LabKind, LabResult, LabUnit, LiverFigure, LiverTest};
use stillwater_care::ids::EventId;
use stillwater_care::quantity::plus_hours;
use stillwater_instruments::Responses;

fn complete(instrument: &str, session: Option<SessionId>, answers: Responses) -> Command {
    let instrument = instrument.to_owned();
    Command::CompleteMeasure(CompleteMeasure { instrument, point: Point::Unscheduled, session, answers })
}

fn scores(course: &Course, instrument: &str, hours_from_now: i64) -> Command {
    Command::EnterScores(EnterScores {
        instrument: instrument.to_owned(),
        point: Point::Unscheduled,
        completed_at: plus_hours(course.now, hours_from_now),
        scores: BTreeMap::from([("total".to_owned(), 1.0)]),
    })
}

fn vitals(course: &Course, session: Option<SessionId>, hours_from_now: i64) -> Command {
    let mut vitals = course.vitals(118, 76);
    vitals.taken_at = plus_hours(course.now, hours_from_now);
    Command::RecordVitals(VitalsRecorded { vitals, session })
}

fn lab(course: &Course, kind: LabKind, hours_from_now: i64) -> Command {
    let taken_at = plus_hours(course.now, hours_from_now);
    Command::RecordLab(LabRecorded {
        kind,
        result: LabResult::Raised,
        taken_at,
        detail: String::new(),
        figures: Vec::new(),
    })
}

fn review(measure: EventId, proceed: bool, words: &str) -> Command {
    Command::ReviewSuicideScreen(SuicideScreenReviewed { measure, proceed, words: words.into() })
}

fn screen(course: &Course) -> EventId {
    course.chart.measures.iter().find(|m| m.value.instrument == "asq").unwrap().id
}

/// An instrument whose text we may not show.
fn closed() -> &'static str {
    let catalogue = stillwater_instruments::Catalogue::built_in();
    &catalogue.iter().find(|instrument| !instrument.may_show_text()).unwrap().id
}

fn alt(value: f64, upper: f64) -> LiverFigure {
    LiverFigure { test: LiverTest::Alt, value, unit: LabUnit::UPerL, upper }
}

fn panel(course: &Course, kind: LabKind, figures: &[LiverFigure]) -> Command {
    Command::RecordLab(LabRecorded { figures: figures.to_vec(), ..Course::normal_lab(kind, course.now) })
}

fn child_pugh(course: &Course, hours: i64) -> Command {
    Command::RateChildPugh(ChildPughRated { class: ChildPugh::A, rated_at: plus_hours(course.now, hours) })
}

pub const ROWS: &[Row] = &[
    (
        State::Referred,
        Who::Patient,
        |_| complete("nothing", None, Responses::default()),
        "invalid/instrument/no-such-instrument",
    ),
    (State::Referred, Who::Patient, |_| complete(closed(), None, Responses::default()), "not-now/text-not-ours"),
    (
        State::Referred,
        Who::Patient,
        |_| complete("asq", Some(no_session()), Responses::default()),
        "not-now/no-session",
    ),
    (
        State::Referred,
        Who::Patient,
        |_| complete("phq-9", None, Responses::default()),
        "invalid/answers/no-item-answered",
    ),
    (State::Referred, Who::Patient, |_| complete("asq", None, Responses::from([("asq_77", 1)])), "answers"),
    (State::Referred, Who::Guide, |c| scores(c, "nothing", 0), "invalid/instrument/no-such-instrument"),
    (State::Referred, Who::Guide, |c| scores(c, "asq", 0), "invalid/suicide-screen/total-of-a-screen"),
    (State::Referred, Who::Guide, |c| scores(c, "phq-9", 1), "invalid/filled-in-at/in-future"),
    (State::Referred, Who::Guide, |c| scores(c, "phq-9", -9_000), "invalid/filled-in-at/too-long-ago"),
    (State::Referred, Who::Guide, |c| vitals(c, None, 1), "invalid/reading-at/in-future"),
    (State::Referred, Who::Guide, |c| vitals(c, Some(no_session()), 0), "not-now/no-session"),
    (State::Dosed(Home), Who::Companion, |c| vitals(c, None, 0), "not-allowed/reading-outside-session"),
    (
        State::Referred,
        Who::Guide,
        |c| Command::RecordWeight(WeightRecorded { weight_kg: 12.0, taken_at: c.now }),
        "impossible",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| Command::RecordWeight(WeightRecorded { weight_kg: 80.0, taken_at: plus_hours(c.now, 1) }),
        "invalid/weighed-at/in-future",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| Command::RecordHeight(HeightRecorded { height_cm: 17.0, taken_at: c.now }),
        "impossible",
    ),
    (
        State::Referred,
        Who::Guide,
        |_| Command::ConfirmWeight(EventId(Uuid::from_u128(3))),
        "not-now/not-the-newest-weight",
    ),
    (
        State::Eligible(Clinic),
        Who::Guide,
        |c| Command::ConfirmWeight(c.newest("WeightRecorded").unwrap()),
        "not-now/own-weight",
    ),
    (State::Referred, Who::Guide, |c| lab(c, LabKind::LiverPanel, 1), "invalid/sampled-at/in-future"),
    (State::Referred, Who::Guide, |c| lab(c, LabKind::PregnancyTest, 0), "invalid/pregnancy-test/cannot-be-raised"),
    (
        State::Referred,
        Who::Guide,
        |c| panel(c, LabKind::Urinalysis, &[alt(20.0, 45.0)]),
        "invalid/liver-figure/not-a-liver-panel",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| panel(c, LabKind::LiverPanel, &[alt(0.0, 45.0)]),
        "invalid/liver-figure/no-such-figure",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| panel(c, LabKind::LiverPanel, &[alt(20.0, f64::NAN)]),
        "invalid/liver-figure/no-such-figure",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| panel(c, LabKind::LiverPanel, &[LiverFigure { unit: LabUnit::MgPerDl, ..alt(20.0, 45.0) }]),
        "invalid/liver-figure/not-its-unit",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| panel(c, LabKind::LiverPanel, &[alt(20.0, 45.0), alt(21.0, 45.0)]),
        "invalid/liver-figure/figure-twice",
    ),
    (State::Referred, Who::Guide, |c| child_pugh(c, 0), "not-allowed/RateChildPugh"),
    (State::Referred, Who::Prescriber, |c| child_pugh(c, 1), "invalid/sampled-at/in-future"),
    (State::Eligible(Clinic), Who::Guide, |c| review(screen(c), false, ""), "invalid/screen-findings/empty"),
    (
        State::Eligible(Clinic),
        Who::Guide,
        |_| review(EventId(Uuid::from_u128(3)), false, "x"),
        "not-now/not-a-suicide-screen",
    ),
    (State::Eligible(Clinic), Who::Guide, |c| review(screen(c), true, "x"), "not-allowed/proceed-after-screen"),
];
