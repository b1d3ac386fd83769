//! The day of the dose: questions, companion, go, dose, watching, stop, release, review.

use jiff::Timestamp;

use super::decision::{dose_gate, refuse_dose};
use super::{
    Act, BeforeDose, CommandKind, Context, DecideGo, Decided, Field, NotNow, OfSession, Problem, Refusal, TakeDose,
    asking_companion, check_time, limit, need,
};
use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session, SessionPhase};
use crate::event::*;
use crate::facts::{AmbulanceTime, LastUse, PlaceToday, ReadinessFacts, Setting};
use crate::finding::Finding;
use crate::ids::{EventId, SessionId};
use crate::quantity::minutes_between;
use crate::readiness;
use crate::roles::Actor;
use crate::rules::Gate;

/// An observation is written down up to this many days later. What was seen is recorded in every state of a session; whether
/// it comes late is told by its own time.
const MOST_DAYS_BACK: f64 = 366.0;

/// A longer time than this is a slip of the keyboard.
const MOST_AMBULANCE_MINUTES: i64 = 24 * 60;

fn find(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    chart.session(id).ok_or_else(|| NotNow::NoSession.into())
}

fn open(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    let session = find(chart, id)?;
    if session.phase().is_open() {
        return Ok(session);
    }
    Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Entry }.into())
}

fn running(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    let session = find(chart, id)?;
    if session.phase().is_running() {
        return Ok(session);
    }
    Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Observation }.into())
}

pub(super) fn schedule(chart: &Chart, context: &Context<'_>, starts_at: Timestamp) -> Result<Decided, Refusal> {
    let Some(plan) = chart.plan() else {
        return Err(NotNow::NoPlan.into());
    };
    if chart.consent().is_none() {
        return Err(NotNow::NoConsent.into());
    }
    if let Some(session) = chart.current_session() {
        return Err(NotNow::SessionOpen { number: session.number, phase: session.phase() }.into());
    }
    may_start(chart, context, starts_at)?;
    if chart.doses_of_plan() >= plan.sessions {
        return Err(NotNow::AllSessionsHeld { sessions: plan.sessions }.into());
    }
    let gathered = super::gate_now(chart, context, Gate::Scheduling, Scope::default());
    if !gathered.blocking.is_empty() {
        return Err(Refusal::Blocked { gate: Gate::Scheduling, findings: gathered.blocking });
    }
    super::spacing::check(chart, context, starts_at)?;
    let number = u32::try_from(chart.doses_now().count()).unwrap_or(u32::MAX).saturating_add(1);
    Ok(vec![(
        context.now,
        Event::SessionScheduled(SessionScheduled {
            session: SessionId(EventId::of_command(context.command_id, 0).0),
            starts_at,
            setting: plan.setting,
            number,
            unplanned: false,
        }),
    )])
}

/// Whether a session may be put at a time, or moved there.
pub(super) fn may_start(_chart: &Chart, context: &Context<'_>, starts_at: Timestamp) -> Result<(), Refusal> {
    let minutes = minutes_between(context.now, starts_at);
    if !(-60..=366 * 24 * 60).contains(&minutes) {
        return Err(Refusal::invalid(Field::SessionStart, Problem::NotInComingYear { at: starts_at }));
    }
    Ok(())
}

/// Calling a session off, as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelSession {
    /// Which.
    pub session: SessionId,
    /// Why; staff must say.
    pub reason: String,
}

pub(super) fn cancel(chart: &Chart, context: &Context<'_>, c: CancelSession) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose().is_some() {
        return Err(NotNow::DoseTaken { asked: BeforeDose::CallOff }.into());
    }
    if !matches!(context.actor, Actor::Patient) {
        need(Field::SessionCancelReason, &c.reason)?;
    }
    let reason = CancelReason::Words { words: c.reason };
    Ok(vec![(context.now, Event::SessionCancelled(SessionCancelled { session: c.session, reason }))])
}

pub(super) fn answer_day(chart: &Chart, context: &Context<'_>, c: DayAnswered) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose().is_some() {
        return Err(NotNow::DoseTaken { asked: BeforeDose::DayQuestions }.into());
    }
    if minutes_between(context.now, session.starts_at) > 24 * 60 {
        return Err(NotNow::SessionDaysAway.into());
    }
    if c.answers == DayAnswers::default() {
        return Err(Refusal::invalid(Field::DayQuestions, Problem::NoDayQuestionAnswered));
    }
    let used = [
        &c.answers.alcohol_or_cannabis,
        &c.answers.stimulant,
        &c.answers.grapefruit,
        &c.answers.opioid,
        &c.answers.maoi,
    ];
    for used in used {
        if let Some(LastUse::At { at }) = used {
            check_time(Field::LastUsedAt, *at, context.now, 366.0)?;
        }
    }
    if let Some(PlaceToday::Elsewhere { address }) = &c.answers.place_today {
        need(Field::AddressToday, address)?;
    }
    if let Some(way_in) = &c.answers.way_in {
        limit(Field::WayIn, way_in)?;
    }
    if let Some(AmbulanceTime::Minutes { minutes }) = c.answers.ambulance
        && !(0..=MOST_AMBULANCE_MINUTES).contains(&minutes)
    {
        let wrong = Problem::NoSuchLength { minutes, least: 0, most: MOST_AMBULANCE_MINUTES };
        return Err(Refusal::invalid(Field::AmbulanceTime, wrong));
    }
    Ok(vec![(context.now, Event::DayAnswered(c))])
}

pub(super) fn companion_arrives(chart: &Chart, context: &Context<'_>, id: SessionId) -> Result<Decided, Refusal> {
    let session = open(chart, id)?;
    let Some(companion) = asking_companion(context) else {
        return Err(Refusal::NotAllowed {
            role: context.actor.role(),
            act: Act::Command(CommandKind::ArriveAsCompanion),
        });
    };
    if chart.companion.as_ref().is_none_or(|c| c.confirmed_at.is_none()) {
        return Err(NotNow::NotConfirmed.into());
    }
    if minutes_between(context.now, session.starts_at) > 4 * 60 {
        return Err(NotNow::SessionHoursAway.into());
    }
    Ok(vec![(context.now, Event::CompanionArrived(CompanionArrived { session: id, companion }))])
}

pub(super) fn see_companion(chart: &Chart, context: &Context<'_>, c: CompanionSeen) -> Result<Decided, Refusal> {
    open(chart, c.session)?;
    if chart.companion.as_ref().is_none_or(|companion| companion.id != c.companion) {
        return Err(NotNow::NotTheCompanion.into());
    }
    Ok(vec![(context.now, Event::CompanionSeen(c))])
}

pub(super) fn check_readiness(chart: &Chart, context: &Context<'_>, c: ReadinessChecked) -> Result<Decided, Refusal> {
    open(chart, c.session)?;
    if c.found == ReadinessFacts::default() {
        return Err(Refusal::invalid(Field::Readiness, Problem::NoItemAnswered));
    }
    Ok(vec![(context.now, Event::ReadinessChecked(c))])
}

pub(super) fn decide_go(chart: &Chart, context: &Context<'_>, c: DecideGo) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose().is_some() {
        return Err(NotNow::DoseTaken { asked: BeforeDose::Go }.into());
    }
    limit(Field::GoReason, &c.reason)?;
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
        need(Field::GoReason, &c.reason)?;
    }
    let findings = [gathered.blocking, gathered.warnings, gathered.overridden].concat();
    Ok(vec![(context.now, Event::GoDecided(GoDecided { session: c.session, go: c.go, reason: c.reason, findings }))])
}

pub(super) fn take_dose(chart: &Chart, context: &Context<'_>, c: TakeDose) -> Result<Decided, Refusal> {
    let session = open(chart, c.session)?;
    if session.dose().is_some() {
        return Err(NotNow::DoseTaken { asked: BeforeDose::Dose }.into());
    }
    if session.phase() != SessionPhase::Ready {
        return Err(NotNow::NoGo.into());
    }
    if session.setting == Setting::Clinic && matches!(context.actor, Actor::Patient) {
        return Err(NotNow::StaffGiveTheDose.into());
    }
    check_time(Field::BeganAt, c.taken_at, context.now, 1.0)?;
    if session.go_expires_at().is_some_and(|until| c.taken_at > until) {
        return Err(NotNow::GoExpired.into());
    }
    let went_at = session.go().map(|go| go.act.at);
    if went_at.is_some_and(|at| c.taken_at < at) {
        return Err(Refusal::invalid(Field::BeganAt, Problem::BeforeGo));
    }
    let Some(order) = chart.order_in_force().filter(|order| order.written.setting == session.setting) else {
        return Err(NotNow::NoOrderForSetting.into());
    };
    let missing = readiness::missing(chart, context.protocols, context.now, session);
    let gathered = dose_gate(chart, context, session);
    if !gathered.blocking.is_empty() {
        return Err(Refusal::Blocked { gate: Gate::Dose, findings: gathered.blocking });
    }
    if !missing.is_empty() {
        return Err(Refusal::NotReady { missing });
    }
    // Warnings that stood at go were answered there, with a reason; one that is new or worse since then stops here.
    let answered = |warning: &Finding| chart.answered_at_go(session.id, warning, context.now);
    let new: Vec<_> = gathered.warnings.into_iter().filter(|warning| !answered(warning)).collect();
    if !new.is_empty() {
        return Err(Refusal::NeedsReason { gate: Gate::Dose, findings: new });
    }
    Ok(vec![(
        c.taken_at,
        Event::DoseTaken(DoseTaken {
            session: c.session,
            order: Some(order.written.order),
            route: order.written.route,
            dose_mg: order.written.dose_mg,
            dose_mg_per_kg: order.written.dose_mg_per_kg,
            taken_at: c.taken_at,
            infusion_minutes: order.written.infusion_minutes,
            ordered_mg: None,
            irregular: Vec::new(),
            held_by: Vec::new(),
            words: String::new(),
        }),
    )])
}

pub(super) fn rate_sedation(chart: &Chart, context: &Context<'_>, c: SedationRated) -> Result<Decided, Refusal> {
    find(chart, c.session)?;
    check_time(Field::RatedAt, c.rated_at, context.now, MOST_DAYS_BACK)?;
    if !(0..=5).contains(&c.moaas) {
        return Err(Refusal::invalid(Field::Sedation, Problem::NoSuchLevel { given: c.moaas }));
    }
    Ok(vec![(c.rated_at, Event::SedationRated(c))])
}

pub(super) fn check_in(chart: &Chart, context: &Context<'_>, c: CheckInRecorded) -> Result<Decided, Refusal> {
    find(chart, c.session)?;
    limit(Field::Words, &c.words)?;
    let at = c.looked_at.unwrap_or(context.now);
    check_time(Field::SeenAt, at, context.now, MOST_DAYS_BACK)?;
    Ok(vec![(at, Event::CheckInRecorded(c))])
}

pub(super) fn mark_symptom(chart: &Chart, context: &Context<'_>, c: SymptomMarked) -> Result<Decided, Refusal> {
    find(chart, c.session)?;
    check_time(Field::SeenAt, c.seen_at, context.now, MOST_DAYS_BACK)?;
    limit(Field::Words, &c.words)?;
    Ok(vec![(c.seen_at, Event::SymptomMarked(c))])
}

pub(super) fn rate_distress(chart: &Chart, context: &Context<'_>, c: DistressRated) -> Result<Decided, Refusal> {
    find(chart, c.session)?;
    check_time(Field::RatedAt, c.rated_at, context.now, MOST_DAYS_BACK)?;
    if !(0..=10).contains(&c.rating) {
        return Err(Refusal::invalid(Field::Distress, Problem::NotOnScale { given: c.rating }));
    }
    Ok(vec![(c.rated_at, Event::DistressRated(c))])
}

/// Marking a moment, as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkMoment {
    /// Of which session.
    pub session: SessionId,
    /// In their words.
    pub words: String,
}

pub(super) fn mark_moment(chart: &Chart, context: &Context<'_>, c: MarkMoment) -> Result<Decided, Refusal> {
    find(chart, c.session)?;
    need(Field::Moment, &c.words)?;
    let moment = MomentMarked { session: c.session, words: c.words, asked_to_stop: None };
    Ok(vec![(context.now, Event::MomentMarked(moment))])
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
    if session.phase().is_open() && session.stopped().is_none() {
        return Ok(vec![(context.now, Event::SessionStopped(SessionStopped { session: c.session, reason }))]);
    }
    let moment = MomentMarked { session: c.session, words: reason, asked_to_stop: Some(session.phase()) };
    Ok(vec![(context.now, Event::MomentMarked(moment))])
}

pub(super) fn check_release(chart: &Chart, context: &Context<'_>, c: ReleaseChecked) -> Result<Decided, Refusal> {
    running(chart, c.session)?;
    if let Some(total) = c.checks.aldrete_total
        && !(0..=10).contains(&total)
    {
        return Err(Refusal::invalid(Field::AldreteScore, Problem::NoSuchScore { given: total }));
    }
    if c.companion_sign_off && asking_companion(context).is_none() {
        return Err(NotNow::CompanionSignsOff.into());
    }
    Ok(vec![(context.now, Event::ReleaseChecked(c))])
}

pub(super) fn release(chart: &Chart, context: &Context<'_>, c: PatientReleased) -> Result<Decided, Refusal> {
    let session = running(chart, c.session)?;
    need(Field::ReleasedWith, &c.with)?;
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
    need(Field::HowTheyLeft, &c.words)?;
    Ok(vec![(context.now, Event::PatientLeft(c))])
}

pub(super) fn review(chart: &Chart, context: &Context<'_>, c: SessionReviewed) -> Result<Decided, Refusal> {
    let session = find(chart, c.session)?;
    if session.phase().is_running() {
        return Err(NotNow::NotReleased.into());
    }
    if session.phase() != SessionPhase::Released {
        return Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Review }.into());
    }
    need(Field::SessionReview, &c.words)?;
    Ok(vec![(context.now, Event::SessionReviewed(c))])
}
