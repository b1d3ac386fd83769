//! Referral, history, medicines, the care team, invitations.

use jiff::Timestamp;
use jiff::civil::date;

use super::{Act, Context, Decided, Field, NotNow, Problem, Refusal, check_time, limit, need};
use crate::chart::Chart;
use crate::event::*;
use crate::facts::{Answered, HistoryFact, HistoryTopic, MedicineClass};
use crate::roles::{Actor, Role};

fn check_demographics(d: &Demographics, now: Timestamp) -> Result<(), Refusal> {
    need(Field::PatientName, &d.name)?;
    limit(Field::Address, &d.address)?;
    if now.in_tz(&d.time_zone).is_err() {
        return Err(Refusal::invalid(Field::TimeZone, Problem::NoSuchTimeZone { given: d.time_zone.clone() }));
    }
    let today = now.in_tz(&d.time_zone).map_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC).date(), |z| z.date());
    if d.birth_date > today {
        return Err(Refusal::invalid(Field::BirthDate, Problem::BornInFuture { date: d.birth_date }));
    }
    if d.birth_date < date(1900, 1, 1) {
        return Err(Refusal::invalid(Field::BirthDate, Problem::BornTooLongAgo { date: d.birth_date }));
    }
    need(Field::EmergencyNumber, &d.emergency_number)
}

pub(super) fn refer(chart: &Chart, context: &Context<'_>, c: PatientReferred) -> Result<Decided, Refusal> {
    if chart.demographics.is_some() && chart.ended().is_none() {
        return Err(NotNow::AlreadyInCare.into());
    }
    check_demographics(&c.demographics, context.now)?;
    limit(Field::ReferralReason, &c.reason)?;
    let mut decided = vec![(context.now, Event::PatientReferred(c))];
    // Whoever refers somebody for the first time is their team; an ended chart keeps the team that it had.
    if let Actor::Staff { id, name, role } = &context.actor
        && *role != Role::Manager
        && chart.team.is_empty()
    {
        let members = vec![TeamMember { id: *id, name: name.clone(), role: *role }];
        decided.push((context.now, Event::CareTeamSet(CareTeamSet { members })));
    }
    Ok(decided)
}

pub(super) fn change_demographics(context: &Context<'_>, c: DemographicsChanged) -> Result<Decided, Refusal> {
    check_demographics(&c.demographics, context.now)?;
    Ok(vec![(context.now, Event::DemographicsChanged(c))])
}

/// The most characters of the short name of a place.
const MOST_OF_A_SITE: usize = 80;

/// More diazepam-equivalent a day than this is a slip of the keyboard.
const MOST_DIAZEPAM_MG: f64 = 500.0;

/// More than this many courses or medicines before is a slip of the keyboard.
const MOST_TRIED: u32 = 60;

pub(super) fn take_background(context: &Context<'_>, mut c: BackgroundTaken) -> Result<Decided, Refusal> {
    c.site = c.site.trim().to_owned();
    if c.site.chars().count() > MOST_OF_A_SITE {
        return Err(Refusal::invalid(Field::Site, Problem::TooLongForAName { most: MOST_OF_A_SITE }));
    }
    for (field, tried) in [(Field::TraumaTherapies, c.trauma_therapies), (Field::MedicinesTried, c.medicines_tried)] {
        if tried.is_some_and(|n| n > MOST_TRIED) {
            return Err(Refusal::invalid(field, Problem::TooManyTried { most: MOST_TRIED }));
        }
    }
    Ok(vec![(context.now, Event::BackgroundTaken(c))])
}

pub(super) fn answer_history(chart: &Chart, context: &Context<'_>, c: HistoryAnswered) -> Result<Decided, Refusal> {
    if c.answers.is_empty() {
        return Err(Refusal::invalid(Field::History, Problem::NoQuestionAnswered));
    }
    for answer in &c.answers {
        if let Some(at) = answer.happened_at {
            check_time(Field::HappenedAt, at, context.now, 120.0 * 366.0)?;
        }
        limit(Field::HistoryDetail, &answer.detail)?;
        changes_what_holds(chart, context, answer)?;
        // What another record says is confirmed or refuted by a clinician, not by the patient alone.
        let candidate = chart.history.get(&answer.topic).is_some_and(|known| known.candidate);
        if candidate && matches!(context.actor, Actor::Patient) && clinician_only(answer.topic) {
            return Err(NotNow::ForTheClinician { topic: answer.topic }.into());
        }
    }
    Ok(vec![(context.now, Event::HistoryAnswered(c))])
}

/// An answer that holds a dose is changed by a prescriber, who says why. What another record says is refuted by a clinician,
/// who says why too. The answer before stays in view.
fn changes_what_holds(chart: &Chart, context: &Context<'_>, answer: &TopicAnswer) -> Result<(), Refusal> {
    let another_date = |known: &HistoryFact| matches!((known.happened_at, answer.happened_at), (Some(before), Some(now)) if before != now);
    let holds = chart.history.get(&answer.topic).filter(|known| known.answer == Answered::Yes);
    let changed = |known: &&HistoryFact| answer.answer != Answered::Yes || (!known.candidate && another_date(known));
    let Some(known) = holds.filter(changed) else { return Ok(()) };
    let role = context.actor.role();
    if known.candidate {
        return if role == Some(Role::Patient) { Ok(()) } else { need(Field::HistoryDetail, &answer.detail) };
    }
    if role != Some(Role::Prescriber) {
        return Err(Refusal::NotAllowed { role, act: Act::ChangeWhatHolds });
    }
    need(Field::HistoryDetail, &answer.detail)
}

/// Topics that only a clinician can refute once another record has named them.
fn clinician_only(topic: HistoryTopic) -> bool {
    !matches!(topic, HistoryTopic::CouldBePregnant | HistoryTopic::BreastFeeding)
}

pub(super) fn review_medicines(context: &Context<'_>, c: MedicinesReviewed) -> Result<Decided, Refusal> {
    for medicine in &c.medicines {
        need(Field::Medicine, &medicine.name)?;
        if let Some(mg) = medicine.diazepam_equivalent_mg_per_day
            && !(mg.is_finite() && (0.0..=MOST_DIAZEPAM_MG).contains(&mg))
        {
            return Err(Refusal::invalid(
                Field::DiazepamEquivalent,
                Problem::NoSuchDiazepamDose { mg_per_day: mg, most: MOST_DIAZEPAM_MG },
            ));
        }
        if medicine.diazepam_equivalent_mg_per_day.is_some()
            && !medicine.classes.contains(&MedicineClass::Benzodiazepine)
        {
            return Err(Refusal::invalid(
                Field::DiazepamEquivalent,
                Problem::NotABenzodiazepine { medicine: medicine.name.clone() },
            ));
        }
        for at in [medicine.started_at, medicine.stopped_at].into_iter().flatten() {
            check_time(Field::MedicineDate, at, context.now, 120.0 * 366.0)?;
        }
        if let (Some(started), Some(stopped)) = (medicine.started_at, medicine.stopped_at)
            && stopped < started
        {
            return Err(Refusal::invalid(Field::MedicineDate, Problem::StoppedBeforeStarted));
        }
    }
    Ok(vec![(context.now, Event::MedicinesReviewed(c))])
}

pub(super) fn set_team(c: CareTeamSet, now: Timestamp) -> Result<Decided, Refusal> {
    let clinical = |role| matches!(role, Role::Guide | Role::Prescriber);
    if c.members.iter().any(|m| !clinical(m.role) && m.role != Role::Manager) {
        return Err(Refusal::invalid(Field::CareTeam, Problem::NoClinicalRole));
    }
    if !c.members.iter().any(|m| m.role == Role::Prescriber) || !c.members.iter().any(|m| m.role == Role::Guide) {
        return Err(Refusal::invalid(Field::CareTeam, Problem::TeamIncomplete));
    }
    Ok(vec![(now, Event::CareTeamSet(c))])
}

pub(super) fn invite(chart: &Chart, context: &Context<'_>, c: InvitationMade) -> Result<Decided, Refusal> {
    if c.expires_at <= context.now {
        return Err(Refusal::invalid(Field::LinkExpiry, Problem::Passed));
    }
    if let Invited::Companion { id } = c.invited
        && chart.companion.as_ref().is_none_or(|companion| companion.id != id)
    {
        return Err(NotNow::NotTheCompanion.into());
    }
    Ok(vec![(context.now, Event::InvitationMade(c))])
}
