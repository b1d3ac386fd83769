//! Referral, history, medicines, the care team, invitations.

use jiff::Timestamp;
use jiff::civil::date;

use super::{Context, Decided, Refusal, check_time, limit, need};
use crate::chart::Chart;
use crate::event::*;
use crate::facts::{HistoryTopic, MedicineClass};
use crate::roles::{Actor, Role};

fn check_demographics(d: &Demographics, now: Timestamp) -> Result<(), Refusal> {
    need("name", &d.name, "the person's full name")?;
    limit("address", &d.address)?;
    if now.in_tz(&d.time_zone).is_err() {
        return Err(Refusal::invalid(
            "time zone",
            format!("{:?} is not known", d.time_zone),
            "a name such as America/Denver or Europe/London",
        ));
    }
    let today = now.in_tz(&d.time_zone).map_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC).date(), |z| z.date());
    if d.birth_date > today {
        return Err(Refusal::invalid(
            "date of birth",
            format!("{} is in the future", d.birth_date),
            "a date that has passed",
        ));
    }
    if d.birth_date < date(1900, 1, 1) {
        return Err(Refusal::invalid(
            "date of birth",
            format!("{} is too long ago", d.birth_date),
            "a date after 1900; was the year mistyped?",
        ));
    }
    need("emergency number", &d.emergency_number, "the number that sends help to the patient's address")
}

pub(super) fn refer(chart: &Chart, context: &Context<'_>, c: PatientReferred) -> Result<Decided, Refusal> {
    if chart.demographics.is_some() && chart.ended().is_none() {
        return Err(Refusal::not_now("this person is already in care", "open their chart"));
    }
    check_demographics(&c.demographics, context.now)?;
    limit("reason", &c.reason)?;
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

/// More than this many courses or medicines before is a slip of the keyboard.
const MOST_TRIED: u32 = 60;

pub(super) fn take_background(context: &Context<'_>, mut c: BackgroundTaken) -> Result<Decided, Refusal> {
    c.site = c.site.trim().to_owned();
    if c.site.chars().count() > 80 {
        return Err(Refusal::invalid("site", "it is longer than 80 characters", "the short name of the place"));
    }
    for (field, tried) in [("trauma_therapies", c.trauma_therapies), ("medicines_tried", c.medicines_tried)] {
        if tried.is_some_and(|n| n > MOST_TRIED) {
            return Err(Refusal::invalid(field, format!("it is above {MOST_TRIED}"), "how many were tried before"));
        }
    }
    Ok(vec![(context.now, Event::BackgroundTaken(c))])
}

pub(super) fn answer_history(chart: &Chart, context: &Context<'_>, c: HistoryAnswered) -> Result<Decided, Refusal> {
    if c.answers.is_empty() {
        return Err(Refusal::invalid("history", "no question was answered", "at least one answer"));
    }
    for answer in &c.answers {
        if let Some(at) = answer.happened_at {
            check_time("when it happened", at, context.now, 120.0 * 366.0)?;
        }
        limit("detail", &answer.detail)?;
        // What another record says is confirmed or refuted by a clinician, not by the patient alone.
        let candidate = chart.history.get(&answer.topic).is_some_and(|known| known.candidate);
        if candidate && matches!(context.actor, Actor::Patient) && clinician_only(answer.topic) {
            return Err(Refusal::not_now(
                format!("the record that was sent to us says: {}", answer.topic.words()),
                "your team will go through this with you",
            ));
        }
    }
    Ok(vec![(context.now, Event::HistoryAnswered(c))])
}

/// Topics that only a clinician can refute once another record has named them.
fn clinician_only(topic: HistoryTopic) -> bool {
    !matches!(topic, HistoryTopic::CouldBePregnant | HistoryTopic::BreastFeeding)
}

pub(super) fn review_medicines(context: &Context<'_>, c: MedicinesReviewed) -> Result<Decided, Refusal> {
    for medicine in &c.medicines {
        need("medicine", &medicine.name, "the name of the medicine")?;
        if let Some(mg) = medicine.diazepam_equivalent_mg_per_day
            && !(mg.is_finite() && (0.0..=500.0).contains(&mg))
        {
            return Err(Refusal::invalid(
                "diazepam equivalent",
                format!("{mg} mg a day is not possible"),
                "milligrams of diazepam a day, from 0 to 500",
            ));
        }
        if medicine.diazepam_equivalent_mg_per_day.is_some()
            && !medicine.classes.contains(&MedicineClass::Benzodiazepine)
        {
            return Err(Refusal::invalid(
                "diazepam equivalent",
                format!("{} is not marked as a benzodiazepine", medicine.name),
                "left empty, or the medicine marked as a benzodiazepine",
            ));
        }
        for at in [medicine.started_at, medicine.stopped_at].into_iter().flatten() {
            check_time("date of the medicine", at, context.now, 120.0 * 366.0)?;
        }
        if let (Some(started), Some(stopped)) = (medicine.started_at, medicine.stopped_at)
            && stopped < started
        {
            return Err(Refusal::invalid(
                "date of the medicine",
                "it stopped before it started",
                "a stop after the start",
            ));
        }
    }
    Ok(vec![(context.now, Event::MedicinesReviewed(c))])
}

pub(super) fn set_team(c: CareTeamSet, now: Timestamp) -> Result<Decided, Refusal> {
    let clinical = |role| matches!(role, Role::Guide | Role::Prescriber);
    if c.members.iter().any(|m| !clinical(m.role) && m.role != Role::Manager) {
        return Err(Refusal::invalid("care team", "a member has no clinical role", "guides, prescribers and managers"));
    }
    if !c.members.iter().any(|m| m.role == Role::Prescriber) || !c.members.iter().any(|m| m.role == Role::Guide) {
        return Err(Refusal::invalid("care team", "a guide or a prescriber is missing", "at least one of each"));
    }
    Ok(vec![(now, Event::CareTeamSet(c))])
}

pub(super) fn invite(chart: &Chart, context: &Context<'_>, c: InvitationMade) -> Result<Decided, Refusal> {
    if c.expires_at <= context.now {
        return Err(Refusal::invalid("expiry of the link", "it has passed", "a time in the future"));
    }
    if let Invited::Companion { id } = c.invited
        && chart.companion.as_ref().is_none_or(|companion| companion.id != id)
    {
        return Err(Refusal::not_now("this is not the companion in force", "name the companion first"));
    }
    Ok(vec![(context.now, Event::InvitationMade(c))])
}
