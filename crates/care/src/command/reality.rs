//! What happened is recorded as it happened: a dose that was given, how much of it, what was done with an infusion, a
//! session that did not take place. None of this is refused because of the state of the chart; what departs from the plan
//! is flagged, and somebody is told. The rules stand in front of the *planned* dose, booster and session alone.

use jiff::Timestamp;

use super::decision::dose_gate;
use super::{Context, Decided, Field, NotNow, OfSession, Problem, Refusal, check_time, limit, need};
use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session, SessionPhase};
use crate::event::*;
use crate::facts::{Route, Setting};
use crate::finding::{Cause, Finding, Severity, Urgency};
use crate::ids::{EventId, SessionId};
use crate::protocol::Protocol;
use crate::quantity::minutes_between;
use crate::roles::Actor;
use crate::rules::Gate;
use crate::unit::Unit;

/// A dose written down later than this many minutes after it was given is a late entry. A proposal, signed by nobody yet.
pub const LATE_ENTRY_MINUTES: i64 = 5;

/// More milligrams than this are a slip of the keyboard, whatever happened.
const MOST_MG: f64 = 100_000.0;

/// A reading of the past is taken up to this many days back.
const MOST_DAYS: f64 = 366.0;

/// A dose that was given, told by whoever was there.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDose {
    /// In which session; none where none was in the calendar, or where nobody knows.
    pub session: Option<SessionId>,
    /// When it began.
    pub taken_at: Timestamp,
    /// Milligrams really given; as ordered where none is said.
    pub dose_mg: Option<f64>,
    /// Route; as ordered or planned where none is said.
    pub route: Option<Route>,
    /// In words; may be empty.
    pub words: String,
}

/// The booster of the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct GiveBooster {
    /// In which session.
    pub session: SessionId,
    /// Milligrams.
    pub dose_mg: f64,
}

fn find(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    chart.session(id).ok_or_else(|| NotNow::NoSession.into())
}

/// A session in which something of the dose can be written down.
fn dosed(chart: &Chart, id: SessionId) -> Result<&Session, Refusal> {
    let session = find(chart, id)?;
    if session.dose().is_none() {
        return Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Amount }.into());
    }
    Ok(session)
}

fn amount(given_mg: f64, least: f64) -> Result<f64, Refusal> {
    if !(given_mg.is_finite() && given_mg >= least && given_mg <= MOST_MG) {
        return Err(Refusal::invalid(Field::GivenDose, Problem::NoSuchAmount { given_mg, most_mg: MOST_MG }));
    }
    Ok(given_mg)
}

/// Whether a dose of this moment belongs to a session that has one already: after its dose, and before it was over.
fn during(session: &Session, taken_at: Timestamp) -> bool {
    let begun = session.dose_at().is_some_and(|at| at <= taken_at);
    let over = session.released().map(|release| release.act.at);
    begun
        && over.is_none_or(|over| taken_at <= over)
        && session.dose_at().is_some_and(|at| minutes_between(at, taken_at) < 24 * 60)
}

pub(super) fn record_dose(chart: &Chart, context: &Context<'_>, c: RecordDose) -> Result<Decided, Refusal> {
    check_time(Field::BeganAt, c.taken_at, context.now, MOST_DAYS)?;
    limit(Field::Words, &c.words)?;
    let named = c.session.map(|id| find(chart, id)).transpose()?;
    let running = chart.running_session();
    if let Some(session) = named.or(running).filter(|session| during(session, c.taken_at)) {
        return further(chart, context, session, c);
    }
    let session = named.filter(|session| session.dose().is_none());
    let setting = session.map(|s| s.setting).or(chart.plan().map(|plan| plan.setting)).unwrap_or(Setting::Clinic);
    let order = chart.order_in_force().filter(|order| order.written.setting == setting).map(|order| &order.written);
    let route = c.route.or(order.map(|order| order.route)).or(chart.plan().map(|plan| plan.route));
    let Some(route) = route else { return Err(Refusal::invalid(Field::GivenRoute, Problem::Empty)) };
    let Some(dose_mg) = c.dose_mg.or(order.map(|order| order.dose_mg)) else {
        return Err(Refusal::invalid(Field::GivenDose, Problem::Empty));
    };
    let dose_mg = amount(dose_mg, f64::MIN_POSITIVE)?;
    let held_by = held_by(chart, context, session, c.taken_at);
    let mut irregular = circumstances(chart, context, session, c.taken_at);
    match order {
        None => irregular.push(DoseIrregularity::NoOrder),
        Some(order) => {
            if order.route != route {
                irregular.push(DoseIrregularity::OtherRoute);
            }
            irregular.extend(other_amount(order.dose_mg, dose_mg));
        }
    }
    if !held_by.is_empty() {
        irregular.push(DoseIrregularity::RuleHeld);
    }
    irregular.sort_unstable();
    let mut decided: Decided = Vec::new();
    let id = session.map_or_else(|| SessionId(EventId::of_command(context.command_id, 0).0), |session| session.id);
    if session.is_none() {
        let number = chart.sessions_now().map(|s| s.number).max().unwrap_or(0).saturating_add(1);
        let scheduled = SessionScheduled { session: id, starts_at: c.taken_at, setting, number, unplanned: true };
        decided.push((c.taken_at, Event::SessionScheduled(scheduled)));
    }
    let ordered = order.filter(|order| (order.dose_mg - dose_mg).abs() > f64::EPSILON);
    let per_kg = order.and_then(|order| order.dose_mg_per_kg.map(|each| each * dose_mg / order.dose_mg));
    decided.push((
        c.taken_at,
        Event::DoseTaken(DoseTaken {
            session: id,
            order: order.map(|order| order.order),
            route,
            dose_mg,
            dose_mg_per_kg: per_kg,
            taken_at: c.taken_at,
            infusion_minutes: order.and_then(|order| order.infusion_minutes).filter(|_| route == Route::Intravenous),
            ordered_mg: ordered.map(|order| order.dose_mg),
            irregular,
            held_by,
            words: c.words,
        }),
    ));
    Ok(decided)
}

fn other_amount(ordered_mg: f64, given_mg: f64) -> Option<DoseIrregularity> {
    // A tenth of a milligram is what a syringe can show.
    if given_mg > ordered_mg + 0.05 {
        Some(DoseIrregularity::MoreThanOrdered)
    } else if given_mg < ordered_mg - 0.05 {
        Some(DoseIrregularity::LessThanOrdered)
    } else {
        None
    }
}

fn is_late(context: &Context<'_>, at: Timestamp) -> bool {
    minutes_between(at, context.now) > LATE_ENTRY_MINUTES
}

/// What was out of order about the moment at which a dose was given.
fn circumstances(
    chart: &Chart,
    context: &Context<'_>,
    session: Option<&Session>,
    taken_at: Timestamp,
) -> Vec<DoseIrregularity> {
    use DoseIrregularity as D;
    let mut irregular = Vec::new();
    if is_late(context, taken_at) {
        irregular.push(D::LateEntry);
    }
    match session {
        None => irregular.push(D::NoSession),
        Some(session) => match session.phase() {
            SessionPhase::CalledOff if session.stopped().is_some() => irregular.push(D::AfterStop),
            SessionPhase::CalledOff | SessionPhase::Missed => irregular.push(D::CalledOff),
            SessionPhase::Stopped => irregular.push(D::AfterStop),
            SessionPhase::Scheduled
            | SessionPhase::Ready
            | SessionPhase::Observing
            | SessionPhase::Released
            | SessionPhase::Reviewed => {}
        },
    }
    let said_go = session.and_then(Session::go).is_some_and(|go| go.act.at <= taken_at);
    if !said_go {
        irregular.push(D::NoGo);
    }
    if chart.consent().is_none() {
        irregular.push(D::NoConsent);
    }
    if chart.ended().is_some() {
        irregular.push(D::CourseEnded);
    }
    irregular
}

/// What the rules say of a dose at the moment when it was given, by what is known now. A session that nobody planned has
/// no readings to judge, so that only what is known to stand against a dose counts there.
fn held_by(chart: &Chart, context: &Context<'_>, session: Option<&Session>, taken_at: Timestamp) -> Vec<Finding> {
    let then = Context { now: taken_at, ..context.clone() };
    match session {
        Some(session) => dose_gate(chart, &then, session).blocking,
        None => {
            let mut held = super::gate_now(chart, &then, Gate::Dose, Scope::default()).blocking;
            held.retain(|finding| finding.cause == Cause::Met && finding.severity != Severity::Warn);
            held
        }
    }
}

/// A dose in a session that has one.
fn further(chart: &Chart, context: &Context<'_>, session: &Session, c: RecordDose) -> Result<Decided, Refusal> {
    let Some(first) = session.dose() else { return Err(NotNow::NoSession.into()) };
    let Some(dose_mg) = c.dose_mg else { return Err(Refusal::invalid(Field::GivenDose, Problem::Empty)) };
    let dose_mg = amount(dose_mg, f64::MIN_POSITIVE)?;
    let route = c.route.unwrap_or(first.route);
    let mut irregular = Vec::new();
    if is_late(context, c.taken_at) {
        irregular.push(DoseIrregularity::LateEntry);
    }
    let booster = route == first.route && booster_refused(chart, context, session, dose_mg, c.taken_at).is_none();
    if !booster {
        irregular.push(DoseIrregularity::NotABooster);
    }
    if session.stopped().is_some_and(|stop| stop.act.at <= c.taken_at) {
        irregular.push(DoseIrregularity::AfterStop);
    }
    if chart.consent().is_none() {
        irregular.push(DoseIrregularity::NoConsent);
    }
    irregular.sort_unstable();
    let taken = FurtherDoseTaken {
        session: session.id,
        route,
        dose_mg,
        taken_at: c.taken_at,
        booster,
        irregular,
        words: c.words,
    };
    Ok(vec![(c.taken_at, Event::FurtherDoseTaken(taken))])
}

/// Why a dose is not the booster of the protocol: it has none, it was given, it is not the time, or it is too much.
fn booster_refused(
    chart: &Chart,
    context: &Context<'_>,
    session: &Session,
    dose_mg: f64,
    at: Timestamp,
) -> Option<Refusal> {
    // The plan under which the session is held, whatever was opened since.
    let protocol = chart.protocol_of(session, context.protocols);
    let Some((protocol, booster)) = protocol.and_then(|protocol| Some((protocol, protocol.dose.booster?))) else {
        return Some(NotNow::NoBooster.into());
    };
    if session.further.iter().any(|further| further.booster) {
        return Some(NotNow::BoosterTaken.into());
    }
    let Some(first) = session.dose() else {
        return Some(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Amount }.into());
    };
    let minutes = minutes_between(first.taken_at, at);
    let [from_minutes, to_minutes] = booster.after_minutes;
    if !(from_minutes..=to_minutes).contains(&minutes) {
        return Some(NotNow::NotBoosterTime { minutes, from_minutes, to_minutes }.into());
    }
    let most_mg = (first.dose_mg * booster.max_fraction).min(most_together(protocol, first) - first.dose_mg).max(0.0);
    if dose_mg > most_mg + 0.05 {
        return Some(Refusal::invalid(Field::GivenDose, Problem::NoSuchAmount { given_mg: dose_mg, most_mg }));
    }
    None
}

/// The most that a dose and its booster may be together, mg: the hard caps of R01, by the weight of the order.
fn most_together(protocol: &Protocol, first: &DoseTaken) -> f64 {
    let weight_kg = first.dose_mg_per_kg.filter(|each| *each > 0.0).map(|each| first.dose_mg / each);
    protocol
        .hard_caps()
        .filter_map(|(unit, cap)| match unit {
            Unit::MgPerKg => weight_kg.map(|kg| cap * kg),
            _ => Some(cap),
        })
        .fold(f64::INFINITY, f64::min)
}

/// The booster as it is planned: only where the protocol has one, in its minutes, once, with nothing that calls for a
/// clinician, and never after a stop.
pub(super) fn give_booster(chart: &Chart, context: &Context<'_>, c: GiveBooster) -> Result<Decided, Refusal> {
    let session = find(chart, c.session)?;
    let dose_mg = amount(c.dose_mg, f64::MIN_POSITIVE)?;
    if session.phase() != SessionPhase::Observing {
        return Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Observation }.into());
    }
    if let Some(refusal) = booster_refused(chart, context, session, dose_mg, context.now) {
        return Err(refusal);
    }
    if chart.consent().is_none() {
        return Err(NotNow::NoConsent.into());
    }
    let scope = Scope { session: Some(session), ..Scope::default() };
    let gathered = super::gate_now(chart, context, Gate::InSession, scope);
    let findings: Vec<Finding> = [gathered.blocking, gathered.warnings].concat();
    let grave: Vec<Finding> =
        findings.into_iter().filter(|finding| finding.urgency >= Some(Urgency::CallClinician)).collect();
    if !grave.is_empty() {
        return Err(Refusal::Blocked { gate: Gate::InSession, findings: grave });
    }
    let grave_alert = |alert: &&crate::chart::Alert| alert.open() && alert.urgency >= Urgency::CallClinician;
    if chart.alerts.iter().any(|alert| grave_alert(&alert)) {
        return Err(NotNow::AlertHoldsBooster.into());
    }
    let Some(first) = session.dose() else { return Err(NotNow::NoSession.into()) };
    let taken = FurtherDoseTaken {
        session: session.id,
        route: first.route,
        dose_mg,
        taken_at: context.now,
        booster: true,
        irregular: Vec::new(),
        words: String::new(),
    };
    Ok(vec![(context.now, Event::FurtherDoseTaken(taken))])
}

pub(super) fn record_amount(chart: &Chart, context: &Context<'_>, c: DoseAmountRecorded) -> Result<Decided, Refusal> {
    dosed(chart, c.session)?;
    amount(c.given_mg, 0.0)?;
    need(Field::AmountWhy, &c.words)?;
    Ok(vec![(context.now, Event::DoseAmountRecorded(c))])
}

pub(super) fn record_infusion(chart: &Chart, context: &Context<'_>, c: InfusionRecorded) -> Result<Decided, Refusal> {
    let session = dosed(chart, c.session)?;
    if session.dose().is_some_and(|dose| dose.route != Route::Intravenous) {
        return Err(NotNow::NotAnInfusion.into());
    }
    check_time(Field::InfusionAt, c.at, context.now, MOST_DAYS)?;
    if c.rate_ml_per_hour.is_some_and(|rate| !(rate.is_finite() && rate > 0.0 && rate <= 2_000.0)) {
        return Err(Refusal::invalid(Field::InfusionRate, Problem::NotARate));
    }
    if c.step == InfusionStep::RateSet && c.rate_ml_per_hour.is_none() {
        return Err(Refusal::invalid(Field::InfusionRate, Problem::Empty));
    }
    if let Some(given_mg) = c.given_mg {
        amount(given_mg, 0.0)?;
    }
    Ok(vec![(c.at, Event::InfusionRecorded(c))])
}

pub(super) fn record_missed(chart: &Chart, context: &Context<'_>, c: MissSession) -> Result<Decided, Refusal> {
    let session = find(chart, c.session)?;
    if !matches!(session.phase(), SessionPhase::Scheduled | SessionPhase::Ready) {
        return Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Entry }.into());
    }
    if session.starts_at > context.now {
        return Err(Refusal::invalid(Field::SessionStart, Problem::InFuture { at: session.starts_at }));
    }
    limit(Field::Words, &c.words)?;
    let missed = SessionMissed { session: session.id, starts_at: session.starts_at, words: c.words };
    Ok(vec![(context.now, Event::SessionMissed(missed))])
}

/// Saying that a session did not take place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissSession {
    /// Which.
    pub session: SessionId,
    /// What is known of why; may be empty.
    pub words: String,
}

/// Moving a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveSession {
    /// Which.
    pub session: SessionId,
    /// When it is to begin.
    pub starts_at: Timestamp,
    /// Why.
    pub words: String,
}

pub(super) fn move_session(chart: &Chart, context: &Context<'_>, c: MoveSession) -> Result<Decided, Refusal> {
    let session = find(chart, c.session)?;
    if !matches!(session.phase(), SessionPhase::Scheduled | SessionPhase::Ready | SessionPhase::Missed) {
        return Err(NotNow::SessionIs { phase: session.phase(), asked: OfSession::Move }.into());
    }
    if let Some(other) = chart.current_session().filter(|other| other.id != session.id) {
        return Err(NotNow::SessionOpen { number: other.number, phase: other.phase() }.into());
    }
    if !matches!(context.actor, Actor::Patient) {
        need(Field::MoveReason, &c.words)?;
    }
    super::session::may_start(chart, context, c.starts_at)?;
    super::spacing::check(chart, context, c.starts_at)?;
    let moved = SessionMoved { session: session.id, from: session.starts_at, to: c.starts_at, words: c.words };
    Ok(vec![(context.now, Event::SessionMoved(moved))])
}
