//! When the next dosing session may begin: the spacing of R03, and the review of the last session, looked at while the
//! session is put into the calendar and not only on its day.

use jiff::Timestamp;

use super::{Context, NotNow, Refusal};
use crate::chart::Chart;
use crate::chart::facts_from_chart::Scope;
use crate::facts::Facts;
use crate::rules::Gate;
use crate::rules::dose::r03_interval::first_permitted;
use crate::rules::follow_through::f01_telemedicine;

/// The first minute at which the next session may begin, by the last dose; absent before the first dose.
#[must_use]
pub fn first_permitted_start(chart: &Chart, context: &Context<'_>) -> Option<Timestamp> {
    let facts = chart.facts(context.now, context.protocols, Scope::default());
    first_permitted(&facts)
}

/// Refuses a beginning that the spacing does not permit, or that comes before anybody has reviewed the last session.
pub(super) fn check(chart: &Chart, context: &Context<'_>, starts_at: Timestamp) -> Result<(), Refusal> {
    if let Some(last) = chart.sessions_now().rev().find(|session| session.dose().is_some())
        && !last.is_reviewed()
    {
        return Err(NotNow::LastSessionNotReviewed { number: last.number }.into());
    }
    // What ends on a day is asked for the day of the session.
    let rule = &f01_telemedicine::RULE;
    let then = Facts { gate: Gate::Scheduling, ..chart.facts(starts_at, context.protocols, Scope::default()) };
    let findings = rule.judge(&then).findings().to_vec();
    if !findings.is_empty() {
        return Err(Refusal::Blocked { gate: Gate::Scheduling, findings });
    }
    match first_permitted_start(chart, context) {
        Some(first) if starts_at < first => Err(NotNow::TooSoon { first: chart.zoned(first).datetime() }.into()),
        _ => Ok(()),
    }
}
