//! Referral, history, medicines, the care team, invitations.

use super::*;
use jiff::civil::date;
use stillwater_care::facts::{Answered, HistoryTopic, MedicineClass};
use stillwater_care::quantity::plus_hours;

fn who(course: &Course, change: fn(&mut Demographics)) -> Command {
    let mut demographics = course.chart.demographics.clone().unwrap();
    change(&mut demographics);
    Command::ChangeDemographics(DemographicsChanged { demographics })
}

fn background(change: fn(&mut BackgroundTaken)) -> Command {
    let mut taken = BackgroundTaken::default();
    change(&mut taken);
    Command::TakeBackground(taken)
}

fn answer(course: &Course, days_from_now: i64, detail: String) -> Command {
    let topic = HistoryTopic::Stroke;
    let happened_at = Some(plus_hours(course.now, days_from_now * 24));
    Command::AnswerHistory(HistoryAnswered {
        answers: vec![TopicAnswer { topic, answer: Answered::No, happened_at, detail }],
    })
}

fn medicine(course: &Course, change: fn(&mut Medicine, jiff::Timestamp)) -> Command {
    let mut medicine = Medicine {
        name: "Diazepam".into(),
        classes: vec![MedicineClass::Benzodiazepine],
        diazepam_equivalent_mg_per_day: Some(5.0),
        from: "told".into(),
        ..Medicine::default()
    };
    change(&mut medicine, course.now);
    Command::ReviewMedicines(MedicinesReviewed { medicines: vec![medicine] })
}

fn team(roles: &[Role]) -> Command {
    let members = roles.iter().map(|role| TeamMember { id: StaffId(Uuid::from_u128(5)), name: words(), role: *role });
    Command::SetCareTeam(CareTeamSet { members: members.collect() })
}

fn refer_again(course: &Course) -> Command {
    let demographics = course.chart.demographics.clone().unwrap();
    Command::ReferPatient(PatientReferred { demographics, reason: words(), source: words() })
}

pub const ROWS: &[Row] = &[
    (State::Referred, Who::Guide, refer_again, "not-now/already-in-care"),
    (State::Referred, Who::Guide, |c| who(c, |d| d.name = " ".into()), "invalid/patient-name/empty"),
    (State::Referred, Who::Guide, |c| who(c, |d| d.address = long()), "invalid/address/too-long"),
    (State::Referred, Who::Guide, |c| who(c, |d| d.time_zone = "Mars".into()), "invalid/time-zone/no-such-time-zone"),
    (State::Referred, Who::Guide, |c| who(c, |d| d.birth_date = date(2030, 1, 1)), "invalid/birth-date/born-in-future"),
    (
        State::Referred,
        Who::Guide,
        |c| who(c, |d| d.birth_date = date(1850, 1, 1)),
        "invalid/birth-date/born-too-long-ago",
    ),
    (State::Referred, Who::Guide, |c| who(c, |d| d.emergency_number.clear()), "invalid/emergency-number/empty"),
    (State::Referred, Who::Guide, |_| background(|b| b.site = "x".repeat(81)), "invalid/site/too-long-for-a-name"),
    (
        State::Referred,
        Who::Guide,
        |_| background(|b| b.trauma_therapies = Some(61)),
        "invalid/trauma-therapies/too-many-tried",
    ),
    (
        State::Referred,
        Who::Guide,
        |_| background(|b| b.medicines_tried = Some(61)),
        "invalid/medicines-tried/too-many-tried",
    ),
    (
        State::Referred,
        Who::Patient,
        |_| Command::AnswerHistory(HistoryAnswered { answers: Vec::new() }),
        "invalid/history/no-question-answered",
    ),
    (State::Referred, Who::Patient, |c| answer(c, 1, words()), "invalid/happened-at/in-future"),
    (State::Referred, Who::Patient, |c| answer(c, -45_000, words()), "invalid/happened-at/too-long-ago"),
    (State::Referred, Who::Patient, |c| answer(c, -1, long()), "invalid/history-detail/too-long"),
    (State::Referred, Who::Guide, |c| medicine(c, |m, _| m.name.clear()), "invalid/medicine/empty"),
    (
        State::Referred,
        Who::Guide,
        |c| medicine(c, |m, _| m.diazepam_equivalent_mg_per_day = Some(501.0)),
        "invalid/diazepam-equivalent/no-such-diazepam-dose",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| medicine(c, |m, _| m.classes.clear()),
        "invalid/diazepam-equivalent/not-a-benzodiazepine",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| medicine(c, |m, now| m.started_at = Some(plus_hours(now, 1))),
        "invalid/medicine-date/in-future",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| {
            medicine(c, |m, now| {
                m.started_at = Some(now);
                m.stopped_at = Some(plus_hours(now, -24));
            })
        },
        "invalid/medicine-date/stopped-before-started",
    ),
    (State::Referred, Who::Prescriber, |_| team(&[Role::Patient]), "invalid/care-team/no-clinical-role"),
    (State::Referred, Who::Prescriber, |_| team(&[Role::Guide]), "invalid/care-team/team-incomplete"),
    (
        State::Referred,
        Who::Guide,
        |c| Command::Invite(InvitationMade { invited: Invited::Patient, expires_at: c.now }),
        "invalid/link-expiry/passed",
    ),
    (
        State::Referred,
        Who::Guide,
        |c| {
            let invited = Invited::Companion { id: CompanionId(Uuid::from_u128(8)) };
            Command::Invite(InvitationMade { invited, expires_at: plus_hours(c.now, 1) })
        },
        "not-now/not-the-companion",
    ),
];

#[test]
fn what_another_record_names_is_not_refuted_by_the_patient() {
    let mut course = State::Referred.chart();
    let fact = ImportedFact {
        kind: "Condition".into(),
        text: "Stroke".into(),
        code: String::new(),
        at: None,
        status: String::new(),
        value: String::new(),
        origin: "line 1".into(),
        candidate_for: Some(HistoryTopic::Stroke),
        concern: None,
    };
    let record = RecordImported {
        source: "a file".into(),
        facts: vec![fact],
        medicines: Vec::new(),
        measurements: Vec::new(),
        not_understood: Vec::new(),
    };
    course.does(guide(), Command::ImportRecord(record));
    let no = answer(&course, -1, String::new());
    assert_eq!(course.refused(Actor::Patient, no.clone()).code(), "not-now/for-the-clinician");
    assert_eq!(course.refused(guide(), no).code(), "invalid/history-detail/empty");
    let why = answer(&course, -1, "coded in error".into());
    course.does(guide(), why);
}
