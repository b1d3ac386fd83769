//! Eligibility, overrides, consent, the plan, orders.

use super::{
    AfterSession, Context, DecideEligibility, Decided, Field, GiveConsent, NotNow, OverrideFinding, Problem, Refusal,
    limit, need, order_id,
};
use crate::chart::facts_from_chart::Scope;
use crate::chart::{Chart, Session};
use crate::consent;
use crate::covers::covers;
use crate::event::*;
use crate::facts::{Facts, OrderFact, Route, Setting};
use crate::finding::{Finding, Severity};
use crate::hold;
use crate::ids::{EventId, OrderId, StaffId};
use crate::name::same_name;
use crate::quantity::{check_dose_mg, days_between, hours_between};
use crate::roles::Role;
use crate::rules::{self, Assessment, Gate, Override, Rule};

/// Everything that the rules say at one gate.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The facts judged.
    pub facts: Facts,
    /// Every rule at the gate with its verdict, in the order of the rule book.
    pub assessments: Vec<Assessment>,
    /// Findings that hold the step.
    pub blocking: Vec<Finding>,
    /// Findings that need a recorded reason.
    pub warnings: Vec<Finding>,
    /// Findings that somebody has overridden, as allowed.
    pub overridden: Vec<Finding>,
}

impl Gathered {
    /// Nothing holds the step.
    #[must_use]
    pub fn open(&self) -> bool {
        self.blocking.is_empty()
    }
}

/// What the rules say now at a gate: the pages show it, and [`decide`](super::decide) refuses by it.
#[must_use]
pub fn gate_now(chart: &Chart, context: &Context<'_>, gate: Gate, scope: Scope<'_>) -> Gathered {
    // An order is judged for the prescriber who writes it.
    let writes = context.actor.role() == Some(Role::Prescriber) && gate == Gate::Order;
    let prescriber = scope.prescriber.or_else(|| context.actor.staff().filter(|_| writes));
    let facts = chart.facts(context.now, context.protocols, Scope { prescriber, ..scope });
    let assessments = rules::assess(gate, &facts);
    let (mut blocking, mut warnings, mut overridden) = (Vec::new(), Vec::new(), Vec::new());
    for assessment in &assessments {
        for finding in assessment.verdict.findings() {
            if finding.severity == Severity::Warn {
                warnings.push(finding.clone());
            } else if is_overridden(chart, context, assessment.rule, gate, finding, facts.setting) {
                overridden.push(finding.clone());
            } else {
                blocking.push(finding.clone());
            }
        }
    }
    Gathered { facts, assessments, blocking, warnings, overridden }
}

/// An override holds for the same rule, cause, severity and limit, and for the value for which it was made or a better
/// one: at the eligibility and order gates for 180 days, at
/// the dose gate for 12 hours, and never in a setting where the rule does not allow it. The two spans are proposals of
/// this project, signed by nobody yet. One that takes two clinicians holds once the second has signed it themselves; a name
/// picked from a list, as older charts have it, is no signature.
fn is_overridden(
    chart: &Chart,
    context: &Context<'_>,
    rule: &Rule,
    gate: Gate,
    finding: &Finding,
    setting: Setting,
) -> bool {
    if !override_allowed(rule, finding, setting) {
        return false;
    }
    let takes_two = rule.override_of(finding) == Override::TwoCliniciansInClinic;
    let standing_condition = rule.gates.contains(&Gate::Eligibility);
    chart.standing_now(&chart.overrides).any(|entry| {
        let is = &entry.value;
        let same = covers(&is.finding, entry.occurred_at, finding, context.now);
        let fresh = match is.gate {
            Gate::Eligibility | Gate::Order | Gate::Scheduling => days_between(entry.occurred_at, context.now) <= 180.0,
            Gate::Dose | Gate::InSession | Gate::Release => hours_between(entry.occurred_at, context.now) <= 12.0,
        };
        let signed = !takes_two || chart.cosigned.contains_key(&entry.id);
        same && fresh && signed && (is.gate == gate || (standing_condition && is.gate == Gate::Eligibility))
    })
}

/// A missing, stale or impossible value is never overridden: it can be asked or measured. See [`Rule::override_of`].
fn override_allowed(rule: &Rule, finding: &Finding, setting: Setting) -> bool {
    match rule.override_of(finding) {
        Override::Never => false,
        Override::Prescriber => true,
        Override::PrescriberInClinic | Override::TwoCliniciansInClinic => setting == Setting::Clinic,
    }
}

pub(super) fn override_finding(chart: &Chart, context: &Context<'_>, c: OverrideFinding) -> Result<Decided, Refusal> {
    need(Field::OverrideReason, &c.reason)?;
    let Some(rule) = rules::rule(&c.rule) else {
        return Err(Refusal::invalid(Field::Rule, Problem::NoSuchRule { given: c.rule }));
    };
    let session = chart.current_session();
    let mut gathered = gate_now(chart, context, c.gate, Scope { session, ..Scope::default() });
    // Before the decision no setting is chosen yet: what asks for a signature at home only is signed beforehand too.
    if c.gate == Gate::Eligibility && gathered.blocking.iter().all(|finding| finding.rule != c.rule) {
        let scope = Scope { setting: Some(Setting::Home), ..Scope::default() };
        gathered = gate_now(chart, context, c.gate, scope);
    }
    let Some(finding) = gathered.blocking.iter().find(|finding| finding.rule == c.rule) else {
        return Err(NotNow::NothingToOverride { rule: rule.id, gate: c.gate }.into());
    };
    if !override_allowed(rule, finding, gathered.facts.setting) {
        return Err(NotNow::OverrideNotAllowed {
            rule: rule.id,
            by: rule.override_of(finding),
            setting: gathered.facts.setting,
            finding: Box::new(finding.clone()),
        }
        .into());
    }
    let second = match rule.override_of(finding) {
        Override::TwoCliniciansInClinic => Some(second_clinician(chart, context, c.second)?),
        Override::Never | Override::PrescriberInClinic | Override::Prescriber => None,
    };
    Ok(vec![(
        context.now,
        Event::FindingOverridden(FindingOverridden {
            gate: c.gate,
            finding: finding.clone(),
            reason: c.reason,
            second,
        }),
    )])
}

/// The second clinician signs for themselves: nobody can be the second by being picked from a list.
pub(super) fn cosign_override(chart: &Chart, context: &Context<'_>, id: EventId) -> Result<Decided, Refusal> {
    let Some(entry) = chart.standing_now(&chart.overrides).find(|entry| entry.id == id && entry.value.second.is_some())
    else {
        return Err(NotNow::NoOverrideToSign.into());
    };
    if chart.cosigned.contains_key(&id) {
        return Err(NotNow::OverrideSigned.into());
    }
    if context.actor.staff().is_none() || entry.actor.staff() == context.actor.staff() {
        return Err(NotNow::OwnOverride.into());
    }
    Ok(vec![(context.now, Event::OverrideCosigned(OverrideCosigned { overridden: id }))])
}

/// The second clinician: somebody else, of the care team, and by the name that the team knows.
fn second_clinician(chart: &Chart, context: &Context<'_>, named: Option<StaffId>) -> Result<SecondClinician, Refusal> {
    let Some(id) = named.filter(|id| Some(*id) != context.actor.staff()) else {
        return Err(Refusal::invalid(Field::SecondClinician, Problem::NobodyElse));
    };
    let member = chart.team.iter().find(|member| member.id == id && member.role != Role::Manager);
    member
        .map(|member| SecondClinician { id, name: member.name.clone() })
        .ok_or_else(|| Refusal::invalid(Field::SecondClinician, Problem::NotOnTheTeam))
}

/// Refuses a signature in another name than that of who signs.
fn signed_by(signer: &str, typed: &str) -> Result<(), Refusal> {
    need(Field::Signature, typed)?;
    if same_name(signer, typed) {
        return Ok(());
    }
    Err(Refusal::invalid(Field::Signature, Problem::NotTheSigner { signer: signer.to_owned() }))
}

pub(super) fn refuse_by_rules(gate: Gate, gathered: &Gathered, reason: &str) -> Result<(), Refusal> {
    if !gathered.blocking.is_empty() {
        return Err(Refusal::Blocked { gate, findings: gathered.blocking.clone() });
    }
    if !gathered.warnings.is_empty() && reason.trim().is_empty() {
        return Err(Refusal::NeedsReason { gate, findings: gathered.warnings.clone() });
    }
    Ok(())
}

pub(super) fn decide_eligibility(
    chart: &Chart,
    context: &Context<'_>,
    c: DecideEligibility,
) -> Result<Decided, Refusal> {
    signed_by(context.actor.name(), &c.signed_name)?;
    limit(Field::EligibilityReason, &c.reason)?;
    let gathered = gate_now(chart, context, Gate::Eligibility, Scope { setting: Some(c.setting), ..Scope::default() });
    if c.eligible {
        refuse_by_rules(Gate::Eligibility, &gathered, &c.reason)?;
    } else {
        need(Field::EligibilityReason, &c.reason)?;
    }
    if chart.running_session().is_some() {
        return Err(NotNow::SessionRunning { asked: AfterSession::Eligibility }.into());
    }
    let findings = [gathered.blocking, gathered.warnings, gathered.overridden].concat();
    Ok(vec![(
        context.now,
        Event::EligibilityDecided(EligibilityDecided {
            eligible: c.eligible,
            setting: c.setting,
            reason: c.reason,
            findings,
            signed_name: c.signed_name,
        }),
    )])
}

pub(super) fn give_consent(chart: &Chart, context: &Context<'_>, c: GiveConsent) -> Result<Decided, Refusal> {
    if chart.eligibility().is_none_or(|e| !e.eligible) {
        return Err(NotNow::NotDecided.into());
    }
    let Some(text) = consent::text(&c.version) else {
        return Err(Refusal::invalid(
            Field::Consent,
            Problem::NoSuchConsent { given: c.version, known: consent::ids() },
        ));
    };
    let missing = text.statements.iter().filter(|s| !c.statements.contains(&s.id)).count();
    if missing > 0 {
        return Err(Refusal::invalid(
            Field::Consent,
            Problem::NotAllTicked { missing, statements: text.statements.len() },
        ));
    }
    signed_by(chart.name(), &c.signed_name)?;
    Ok(vec![(
        context.now,
        Event::ConsentGiven(ConsentGiven {
            version: text.id.clone(),
            home_notice: text.home_notice,
            statements: text.statements.iter().map(|s| s.id.clone()).collect(),
            signed_name: c.signed_name,
        }),
    )])
}

pub(super) fn withdraw_consent(chart: &Chart, context: &Context<'_>, c: ConsentWithdrawn) -> Result<Decided, Refusal> {
    if chart.consent().is_none() {
        return Err(NotNow::NoConsentInForce.into());
    }
    Ok(vec![(context.now, Event::ConsentWithdrawn(c))])
}

pub(super) fn open_plan(chart: &Chart, context: &Context<'_>, id: &str) -> Result<Decided, Refusal> {
    let Some(eligibility) = chart.eligibility().filter(|e| e.eligible) else {
        return Err(NotNow::NotEligible.into());
    };
    let Some(protocol) = context.protocols.newest(id) else {
        let known = context.protocols.offered().map(|p| p.id.clone()).collect();
        return Err(Refusal::invalid(Field::Protocol, Problem::NoSuchProtocol { given: id.to_owned(), known }));
    };
    if protocol.setting == Setting::Home && eligibility.setting != Setting::Home {
        return Err(NotNow::EligibleInClinicOnly.into());
    }
    if chart.running_session().is_some() {
        return Err(NotNow::SessionRunning { asked: AfterSession::Plan }.into());
    }
    // What was ordered and scheduled belongs to the plan before: another drug, route or place would be watched by it.
    let mut decided: Decided =
        hold::cancel_all(chart, &CancelReason::PlanOpened).into_iter().map(|event| (context.now, event)).collect();
    decided.push((
        context.now,
        Event::PlanOpened(PlanOpened {
            protocol: protocol.id.clone(),
            protocol_version: protocol.version.clone(),
            setting: protocol.setting,
            route: protocol.route,
            sessions: protocol.sessions,
        }),
    ));
    Ok(decided)
}

pub(super) fn end_course(chart: &Chart, context: &Context<'_>, c: CourseEnded) -> Result<Decided, Refusal> {
    if chart.running_session().is_some() {
        return Err(NotNow::SessionRunning { asked: AfterSession::EndOfCourse }.into());
    }
    if c.reason != EndReason::Completed {
        need(Field::CourseEndReason, &c.words)?;
    }
    let mut decided: Decided =
        hold::cancel_all(chart, &CancelReason::CourseEnded).into_iter().map(|event| (context.now, event)).collect();
    decided.push((context.now, Event::CourseEnded(c)));
    Ok(decided)
}

/// A dose order as the prescriber writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteOrder {
    /// Milligrams.
    pub dose_mg: f64,
    /// Milligrams for each kilogram; must agree with the milligrams. Absent for a fixed dose.
    pub dose_mg_per_kg: Option<f64>,
    /// Why the prescriber goes on in spite of warnings.
    pub reason: String,
}

pub(super) fn write_order(chart: &Chart, context: &Context<'_>, c: WriteOrder) -> Result<Decided, Refusal> {
    let Some(plan) = chart.plan() else {
        return Err(NotNow::NoPlan.into());
    };
    let Some(protocol) = chart.protocol(context.protocols) else {
        return Err(NotNow::ProtocolNotKnown {
            protocol: plan.protocol.clone(),
            version: plan.protocol_version.clone(),
        }
        .into());
    };
    if chart.order_in_force().is_some() {
        return Err(NotNow::OrderInForce.into());
    }
    check_dose_mg(c.dose_mg)?;
    limit(Field::OrderReason, &c.reason)?;
    if protocol.route == Route::Intravenous && c.dose_mg_per_kg.is_none() {
        return Err(Refusal::invalid(Field::Dose, Problem::OrderedByWeight));
    }
    if c.dose_mg_per_kg.is_some_and(|each| !(each.is_finite() && each > 0.0)) {
        return Err(Refusal::invalid(Field::DosePerKg, Problem::NotPositive));
    }
    let over_mg = c.dose_mg > protocol.dose.ceiling_mg;
    let over_each =
        matches!((c.dose_mg_per_kg, protocol.dose.ceiling_mg_per_kg), (Some(each), Some(most)) if each > most);
    if over_mg || over_each {
        return Err(Refusal::invalid(
            Field::Dose,
            Problem::AboveCeiling {
                dose_mg: c.dose_mg,
                protocol: protocol.title.clone(),
                most_mg: protocol.dose.ceiling_mg,
                most_mg_per_kg: protocol.dose.ceiling_mg_per_kg,
            },
        ));
    }
    let proposed = OrderFact {
        route: protocol.route,
        setting: protocol.setting,
        dose_mg: c.dose_mg,
        dose_mg_per_kg: c.dose_mg_per_kg,
        infusion_minutes: protocol.dose.infusion_minutes,
    };
    let gathered = gate_now(chart, context, Gate::Order, Scope { order: Some(&proposed), ..Scope::default() });
    refuse_by_rules(Gate::Order, &gathered, &c.reason)?;
    let Some((_, weight_kg)) = gathered.facts.weight_kg else { return Err(NotNow::NoWeight.into()) };
    Ok(vec![(
        context.now,
        Event::OrderWritten(OrderWritten {
            order: order_id(context),
            route: protocol.route,
            setting: protocol.setting,
            product: protocol.product.clone(),
            dose_mg: c.dose_mg,
            dose_mg_per_kg: c.dose_mg_per_kg,
            weight_kg,
            infusion_minutes: protocol.dose.infusion_minutes,
            hold_minutes: protocol.dose.hold_minutes,
            after_hold: protocol.dose.after_hold,
            warnings: gathered.warnings,
            reason: c.reason,
        }),
    )])
}

/// Cancelling an order, as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: String,
}

pub(super) fn cancel_order(chart: &Chart, context: &Context<'_>, c: CancelOrder) -> Result<Decided, Refusal> {
    need(Field::OrderCancelReason, &c.reason)?;
    match chart.order(c.order) {
        None => Err(NotNow::NoOrder.into()),
        Some(order) if !order.in_force() => Err(NotNow::OrderNotInForce.into()),
        Some(_) => {
            let reason = CancelReason::Words { words: c.reason };
            Ok(vec![(context.now, Event::OrderCancelled(OrderCancelled { order: c.order, reason }))])
        }
    }
}

/// The rules in front of a dose, as they stand for a session.
pub(super) fn dose_gate(chart: &Chart, context: &Context<'_>, session: &Session) -> Gathered {
    gate_now(chart, context, Gate::Dose, Scope { session: Some(session), ..Scope::default() })
}

/// Refuses a dose that a rule holds back, or that has warnings and no reason.
pub(super) fn refuse_dose(gathered: &Gathered, reason: &str) -> Result<(), Refusal> {
    refuse_by_rules(Gate::Dose, gathered, reason)
}
