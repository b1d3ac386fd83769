//! The day of the dose: questions, companion, go, dose, watching, stop, release, review.

use jiff::Timestamp;

use super::decision::{dose_gate, refuse_dose};
use super::{Context, DecideGo, Decided, Refusal, TakeDose, asking_companion, check_time, limit, need};
use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session, SessionPhase};
use crate::event::*;
use crate::facts::{LastUse, Setting};
use crate::ids::{EventId, SessionId};
use crate::quantity::minutes_between;
use crate::readiness;
use crate::roles::Actor;
use crate::rules::Gate;

fn find(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    chart.session(id).ok_or_else(|| Refusal::not_now("there is no such session", "open the session from the chart"))
}

fn open(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    let session = find(chart, id)?;
    if session.phase().is_open() {
        return Ok(session);
    }
    Err(Refusal::not_now(format!("the session is {}", session.phase().words()), "nothing more is recorded in it"))
}

fn running(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    let session = find(chart, id)?;
    if session.phase().is_running() {
        return Ok(session);
    }
    Err(Refusal::not_now(
        format!("the session is {}", session.phase().words()),
        "this is recorded between the dose and the release",
    ))
}

pub(super) fn schedule(chart: &Chart, context: &Context<'_>, starts_at: Timestamp) -> Result<Decided, Refusal> {
    let Some(plan) = chart.plan() else {
        return Err(Refusal::not_now("no plan is open", "open a plan first"));
    };
    if chart.consent().is_none() {
        return Err(Refusal::not_now("consent is not signed", "ask the patient to read and sign it"));
    }
    if let Some(session) = chart.current_session() {
        return Err(Refusal::not_now(
            format!("session {} is already {}", session.number, session.phase().words()),
            "finish it or call it off first",
        ));
    }
    let minutes = minutes_between(context.now, starts_at);
    if !(-60..=366 * 24 * 60).contains(&minutes) {
        return Err(Refusal::invalid("start", format!("{starts_at} is not in the coming year"), "a time from now on"));
    }
    if chart.doses_of_plan() >= plan.sessions {
        return Err(Refusal::not_now(
            format!("all {} sessions of the plan were held", plan.sessions),
            "review the course, and open a new plan if it is to go on",
        ));
    }
    let number = u32::try_from(chart.doses_now().count()).unwrap_or(u32::MAX).saturating_add(1);
    Ok(vec![(
        context.now,
        Event::SessionScheduled(SessionScheduled {
            session: SessionId(EventId::of_command(context.command_id, 0).0),
            starts_at,
            setting: plan.setting,
            number,
        }),
    )])
}

pub(super) fn cancel(chart: &Chart, context: &Context<'_>, c: SessionCancelled) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose.is_some() {
        return Err(Refusal::not_now("a dose was taken", "stop the session instead"));
    }
    if !matches!(context.actor, Actor::Patient) {
        need("reason", &c.reason, "why the session is called off")?;
    }
    Ok(vec![(context.now, Event::SessionCancelled(c))])
}

pub(super) fn answer_day(chart: &Chart, context: &Context<'_>, c: DayAnswered) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose.is_some() {
        return Err(Refusal::not_now("the dose was taken", "mark what you learned as a moment of the session"));
    }
    if minutes_between(context.now, session.starts_at) > 24 * 60 {
        return Err(Refusal::not_now("the session is more than a day away", "answer these on the day"));
    }
    if c.answers == DayAnswers::default() {
        return Err(Refusal::invalid("the day's questions", "nothing was answered", "at least one answer"));
    }
    for used in [&c.answers.alcohol_or_cannabis, &c.answers.stimulant, &c.answers.grapefruit] {
        if let Some(LastUse::At { at }) = used {
            check_time("when it was last used", *at, context.now, 366.0)?;
        }
    }
    Ok(vec![(context.now, Event::DayAnswered(c))])
}

pub(super) fn companion_arrives(chart: &Chart, context: &Context<'_>, id: SessionId) -> Result<Decided, Refusal> {
    let session = open(chart, id)?;
    let Some(companion) = asking_companion(context) else {
        return Err(Refusal::NotAllowed { role: context.actor.role(), command: "ArriveAsCompanion" });
    };
    if chart.companion.as_ref().is_none_or(|c| c.confirmed_at.is_none()) {
        return Err(Refusal::not_now("the briefing is not done and confirmed", "do the briefing first"));
    }
    if minutes_between(context.now, session.starts_at) > 4 * 60 {
        return Err(Refusal::not_now("the session is hours away", "tap this when you are there"));
    }
    Ok(vec![(context.now, Event::CompanionArrived(CompanionArrived { session: id, companion }))])
}

pub(super) fn see_companion(chart: &Chart, context: &Context<'_>, c: CompanionSeen) -> Result<Decided, Refusal> {
    open(chart, c.session)?;
    if chart.companion.as_ref().is_none_or(|companion| companion.id != c.companion) {
        return Err(Refusal::not_now("this is not the companion in force", "name the companion first"));
    }
    Ok(vec![(context.now, Event::CompanionSeen(c))])
}

pub(super) fn decide_go(chart: &Chart, context: &Context<'_>, c: DecideGo) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose.is_some() {
        return Err(Refusal::not_now("the dose was taken", "stop the session if it should not go on"));
    }
    limit("reason", &c.reason)?;
    let gathered = dose_gate(chart, context, session);
    if c.go {
        let missing = readiness::missing(chart, context.protocols, context.now, session);
        if !gathered.blocking.is_empty() {
            return Err(Refusal::Blocked { gate: Gate::Dose, findings: gathered.blocking });
        }
        if !missing.is_empty() {
            return Err(Refusal::NotReady { missing });
        }
        refuse_dose(&gathered, &c.reason)?;
    } else {
        need("reason", &c.reason, "why there is no dose today, in words that can be told to the patient")?;
    }
    let findings = [gathered.blocking, gathered.warnings, gathered.overridden].concat();
    Ok(vec![(context.now, Event::GoDecided(GoDecided { session: c.session, go: c.go, reason: c.reason, findings }))])
}

pub(super) fn take_dose(chart: &Chart, context: &Context<'_>, c: TakeDose) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose.is_some() {
        return Err(Refusal::not_now("the dose of this session was already recorded", "look at the session"));
    }
    if session.phase() != SessionPhase::Ready {
        return Err(Refusal::not_now("nobody has said go", "the guide or prescriber decides go or no-go first"));
    }
    if session.setting == Setting::Clinic && matches!(context.actor, Actor::Patient) {
        return Err(Refusal::not_now("in the clinic, staff give and record the dose", "tell your nurse"));
    }
    check_time("when it began", c.taken_at, context.now, 1.0)?;
    let went_at = session.go.as_ref().map(|(_, at, _)| *at);
    if went_at.is_some_and(|at| c.taken_at < at) {
        return Err(Refusal::invalid("when it began", "it is before go was decided", "a time after go"));
    }
    let Some(order) = chart.order_in_force().filter(|order| order.value.setting == session.setting) else {
        return Err(Refusal::not_now("no order is in force for this setting", "the prescriber writes an order"));
    };
    let missing = readiness::missing(chart, context.protocols, context.now, session);
    let gathered = dose_gate(chart, context, session);
    if !gathered.blocking.is_empty() {
        return Err(Refusal::Blocked { gate: Gate::Dose, findings: gathered.blocking });
    }
    if !missing.is_empty() {
        return Err(Refusal::NotReady { missing });
    }
    // Warnings that stood at go were answered there, with a reason; one that is new since then stops here.
    let answered = chart.go_warnings(session.id);
    let new: Vec<_> = gathered.warnings.into_iter().filter(|w| !answered.contains(&w.rule)).collect();
    if !new.is_empty() {
        return Err(Refusal::NeedsReason { gate: Gate::Dose, findings: new });
    }
    Ok(vec![(
        c.taken_at,
        Event::DoseTaken(DoseTaken {
            session: c.session,
            order: order.value.order,
            route: order.value.route,
            dose_mg: order.value.dose_mg,
            dose_mg_per_kg: order.value.dose_mg_per_kg,
            taken_at: c.taken_at,
            infusion_minutes: order.value.infusion_minutes,
        }),
    )])
}

pub(super) fn rate_sedation(chart: &Chart, context: &Context<'_>, c: SedationRated) -> Result<Decided, Refusal> {
    open(chart, c.session)?;
    check_time("when it was rated", c.rated_at, context.now, 1.0)?;
    if !(0..=5).contains(&c.moaas) {
        return Err(Refusal::invalid("MOAA/S", format!("{} is not a level", c.moaas), "0 (no response) to 5 (alert)"));
    }
    Ok(vec![(c.rated_at, Event::SedationRated(c))])
}

pub(super) fn check_in(chart: &Chart, context: &Context<'_>, c: CheckInRecorded) -> Result<Decided, Refusal> {
    running(chart, c.session)?;
    limit("words", &c.words)?;
    Ok(vec![(context.now, Event::CheckInRecorded(c))])
}

pub(super) fn mark_symptom(chart: &Chart, context: &Context<'_>, c: SymptomMarked) -> Result<Decided, Refusal> {
    running(chart, c.session)?;
    check_time("when it was seen", c.seen_at, context.now, 1.0)?;
    limit("words", &c.words)?;
    Ok(vec![(c.seen_at, Event::SymptomMarked(c))])
}

pub(super) fn rate_distress(chart: &Chart, context: &Context<'_>, c: DistressRated) -> Result<Decided, Refusal> {
    running(chart, c.session)?;
    check_time("when it was rated", c.rated_at, context.now, 1.0)?;
    if !(0..=10).contains(&c.rating) {
        return Err(Refusal::invalid(
            "distress",
            format!("{} is not on the scale", c.rating),
            "0 (none) to 10 (worst)",
        ));
    }
    Ok(vec![(c.rated_at, Event::DistressRated(c))])
}

pub(super) fn mark_moment(chart: &Chart, context: &Context<'_>, c: MomentMarked) -> Result<Decided, Refusal> {
    open(chart, c.session)?;
    need("moment", &c.words, "what happened, in a few words")?;
    Ok(vec![(context.now, Event::MomentMarked(c))])
}

pub(super) fn ask_for_help(chart: &Chart, context: &Context<'_>, c: HelpRequested) -> Result<Decided, Refusal> {
    // A call for help is never refused for its words or its state; a session that is not there is left out.
    let session = c.session.filter(|id| chart.session(*id).is_some());
    let words: String = c.words.chars().take(2_000).collect();
    Ok(vec![(context.now, Event::HelpRequested(HelpRequested { session, words }))])
}

pub(super) fn stop(chart: &Chart, context: &Context<'_>, c: SessionStopped) -> Result<Decided, Refusal> {
    let session = find(chart, c.session)?;
    let reason: String = c.reason.chars().take(2_000).collect();
    // Stopping works in every state. What is over already stays as it was, and the wish to stop is still recorded.
    if session.phase().is_open() && session.stopped.is_none() {
        return Ok(vec![(context.now, Event::SessionStopped(SessionStopped { session: c.session, reason }))]);
    }
    let words = format!("asked to stop ({}); the session was {}", reason, session.phase().words());
    Ok(vec![(context.now, Event::MomentMarked(MomentMarked { session: c.session, words }))])
}

pub(super) fn check_release(chart: &Chart, context: &Context<'_>, c: ReleaseChecked) -> Result<Decided, Refusal> {
    running(chart, c.session)?;
    if let Some(total) = c.checks.aldrete_total
        && !(0..=10).contains(&total)
    {
        return Err(Refusal::invalid("Aldrete score", format!("{total} is not a score"), "0 to 10"));
    }
    if c.companion_sign_off && asking_companion(context).is_none() {
        return Err(Refusal::not_now("the companion signs off on their own phone", "ask them to tap it"));
    }
    Ok(vec![(context.now, Event::ReleaseChecked(c))])
}

pub(super) fn release(chart: &Chart, context: &Context<'_>, c: PatientReleased) -> Result<Decided, Refusal> {
    let session = running(chart, c.session)?;
    need("who with", &c.with, "who takes the patient home, or stays with them")?;
    let scope = Scope { session: Some(session), ..Scope::default() };
    let gathered = super::gate_now(chart, context, Gate::Release, scope);
    let findings = [gathered.blocking, gathered.warnings].concat();
    if !findings.is_empty() {
        return Err(Refusal::Blocked { gate: Gate::Release, findings });
    }
    Ok(vec![(context.now, Event::PatientReleased(c))])
}

/// Somebody left before the release gate let them: nobody can be held, so it is recorded, and the prescriber is called.
pub(super) fn leave(chart: &Chart, context: &Context<'_>, c: PatientLeft) -> Result<Decided, Refusal> {
    running(chart, c.session)?;
    need("how they left", &c.words, "how and with whom they left, and what was said")?;
    Ok(vec![(context.now, Event::PatientLeft(c))])
}

pub(super) fn review(chart: &Chart, context: &Context<'_>, c: SessionReviewed) -> Result<Decided, Refusal> {
    let session = find(chart, c.session)?;
    if session.phase().is_running() {
        return Err(Refusal::not_now("the patient was not released yet", "review the session afterwards"));
    }
    if session.phase() != SessionPhase::Released {
        return Err(Refusal::not_now(format!("the session is {}", session.phase().words()), "nothing more is needed"));
    }
    need("review", &c.words, "what you saw, and what follows for the next dose")?;
    Ok(vec![(context.now, Event::SessionReviewed(c))])
}
