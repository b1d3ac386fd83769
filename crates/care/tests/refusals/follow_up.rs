//! Alerts, adverse events, the journal, reviews, cleared items, corrections.

use super::*;
use stillwater_care::ids::{AlertId, EventId};

fn no_alert() -> AlertId {
    AlertId(Uuid::from_u128(2))
}

fn resolve(alert: AlertId, words: &str) -> Command {
    Command::ResolveAlert(AlertResolved { alert, words: words.into(), closing: Course::closing() })
}

fn adverse(what: &str, outcome: &str) -> Command {
    Command::RecordAdverseEvent(AdverseEventRecorded {
        what: what.into(),
        serious: false,
        relation: Relation::Possible,
        session: None,
        outcome: outcome.into(),
    })
}

fn review_event(entry: EventId, words: &str) -> Command {
    Command::ReviewAdverseEvent(AdverseEventReviewed { entry, proceed: true, words: words.into() })
}

fn clear(reason: &str) -> Command {
    Command::ClearItem(ItemCleared { item: "nothing".into(), reason: reason.into() })
}

fn correct(corrects: EventId, why: &str, replacement: Option<Command>) -> Command {
    Command::Correct(CorrectEntry { corrects, why: why.into(), replacement: replacement.map(Box::new) })
}

fn weight(course: &Course) -> EventId {
    course.chart.weights.last().unwrap().id
}

fn imported(course: &Course) -> EventId {
    course.chart.imports.last().unwrap().id
}

pub const ROWS: &[Row] = &[
    (State::Referred, Who::Guide, |_| Command::OwnAlert(no_alert()), "not-now/no-alert"),
    (State::Referred, Who::Guide, |_| resolve(no_alert(), "x"), "not-now/no-alert"),
    (State::Referred, Who::Guide, |_| resolve(no_alert(), ""), "invalid/alert-findings/empty"),
    (State::Referred, Who::Guide, |_| adverse("", "x"), "invalid/adverse-event/empty"),
    (State::Referred, Who::Guide, |_| adverse("x", ""), "invalid/adverse-outcome/empty"),
    (
        State::Referred,
        Who::Prescriber,
        |_| review_event(EventId(Uuid::from_u128(2)), ""),
        "invalid/adverse-review/empty",
    ),
    (State::Referred, Who::Prescriber, |_| review_event(EventId(Uuid::from_u128(2)), "x"), "not-now/no-adverse-event"),
    (
        State::Referred,
        Who::Patient,
        |_| Command::WriteJournal(JournalWritten { words: String::new(), shared: false }),
        "invalid/journal/empty",
    ),
    (
        State::Referred,
        Who::Patient,
        |_| Command::SetJournalSharing(JournalSharingSet { entry: EventId(Uuid::from_u128(2)), shared: true }),
        "not-now/no-journal-entry",
    ),
    (
        State::Referred,
        Who::Prescriber,
        |_| Command::ReviewCourse(CourseReviewed { decision: ReviewDecision::Stop, words: String::new() }),
        "invalid/course-review/empty",
    ),
    (State::Referred, Who::Guide, |_| clear(""), "invalid/item-reason/empty"),
    (State::Referred, Who::Guide, |_| clear("x"), "not-now/item-not-open"),
    (State::Eligible(Clinic), Who::Guide, |c| correct(weight(c), "", None), "invalid/correction-why/empty"),
    (State::Eligible(Clinic), Who::Guide, |_| correct(EventId(Uuid::from_u128(2)), "x", None), "not-now/not-struck"),
    (
        State::Eligible(Clinic),
        Who::Guide,
        |c| correct(weight(c), "x", Some(adverse("x", "x"))),
        "invalid/correction/other-kind",
    ),
];

#[test]
fn an_alert_is_taken_once_and_resolved_once() {
    let mut course = State::Referred.chart();
    course.does(Actor::Patient, Command::AskForHelp(HelpRequested { session: None, words: String::new() }));
    let alert = course.chart.open_alerts()[0].id;
    course.does(guide(), Command::OwnAlert(alert));
    assert_eq!(course.refused(guide(), Command::OwnAlert(alert)).code(), "not-now/alert-yours");
    course.does(guide(), resolve(alert, "x"));
    assert_eq!(course.refused(guide(), resolve(alert, "x")).code(), "not-now/alert-resolved");
    assert_eq!(course.refused(guide(), Command::OwnAlert(alert)).code(), "not-now/alert-resolved");
}

#[test]
fn an_entry_is_corrected_once_and_never_in_another_record() {
    let mut course = State::Eligible(Clinic).chart();
    let entry = weight(&course);
    course.does(guide(), correct(entry, "another patient", None));
    assert_eq!(course.refused(guide(), correct(entry, "again", None)).code(), "not-now/already-corrected");
    let measurements = vec![ImportedMeasurement::Weight { weight_kg: 80.0, taken_at: course.now, origin: words() }];
    let record = RecordImported {
        source: words(),
        facts: Vec::new(),
        medicines: Vec::new(),
        measurements,
        not_understood: Vec::new(),
    };
    course.does(guide(), Command::ImportRecord(record));
    let entry = imported(&course);
    assert_eq!(course.refused(guide(), correct(entry, "x", None)).code(), "not-now/from-another-record");
}
