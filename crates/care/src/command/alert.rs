//! Taking an alert on, writing on it, and resolving it.

use super::{Context, Decided, Field, NotNow, Refusal, need};
use crate::chart::Chart;
use crate::event::*;
use crate::ids::AlertId;

pub(super) fn own(chart: &Chart, context: &Context<'_>, id: AlertId) -> Result<Decided, Refusal> {
    let Some(alert) = chart.alert(id) else {
        return Err(NotNow::NoAlert.into());
    };
    if !alert.open() {
        return Err(NotNow::AlertResolved.into());
    }
    if alert.owner().is_some_and(|act| act.by.staff() == context.actor.staff()) {
        return Err(NotNow::AlertYours.into());
    }
    Ok(vec![(context.now, Event::AlertOwned(AlertOwned { alert: id }))])
}

pub(super) fn resolve(chart: &Chart, context: &Context<'_>, c: AlertResolved) -> Result<Decided, Refusal> {
    need(Field::AlertFindings, &c.words)?;
    need(Field::AlertDone, &c.closing.done)?;
    need(Field::AlertTold, &c.closing.told)?;
    need(Field::AlertNext, &c.closing.next)?;
    let Some(alert) = chart.alert(c.alert) else {
        return Err(NotNow::NoAlert.into());
    };
    if !alert.open() {
        return Err(NotNow::AlertResolved.into());
    }
    let mut decided = Vec::new();
    if alert.owner().is_none() {
        decided.push((context.now, Event::AlertOwned(AlertOwned { alert: c.alert })));
    }
    decided.push((context.now, Event::AlertResolved(c)));
    Ok(decided)
}

/// Writes on an open alert what somebody sees and does; whoever has it is then not rung again for a while.
pub(super) fn note(chart: &Chart, context: &Context<'_>, c: AlertNoted) -> Result<Decided, Refusal> {
    need(Field::AlertNote, &c.words)?;
    match chart.alert(c.alert) {
        None => Err(NotNow::NoAlert.into()),
        Some(alert) if !alert.open() => Err(NotNow::AlertResolved.into()),
        Some(_) => Ok(vec![(context.now, Event::AlertNoted(c))]),
    }
}

/// What the program notices of a session that no longer runs, or for a second time, changes nothing.
pub(super) fn contact_lost(chart: &Chart, context: &Context<'_>, c: ContactLost) -> Result<Decided, Refusal> {
    let known = chart.session(c.session).filter(|s| s.phase().is_running() && s.contact_lost_since.is_none());
    Ok(known
        .map(|session| {
            // Who was reached by telephone, or did something, was heard then.
            let since = session.heard_at.map_or(c.since, |at| at.max(c.since));
            vec![(context.now, Event::ContactLost(ContactLost { since, ..c }))]
        })
        .unwrap_or_default())
}

pub(super) fn contact_back(chart: &Chart, context: &Context<'_>, c: ContactBack) -> Result<Decided, Refusal> {
    let known = chart.session(c.session).filter(|s| s.contact_lost_since.is_some());
    Ok(known.map(|_| vec![(context.now, Event::ContactBack(c))]).unwrap_or_default())
}

pub(super) fn clock_jumped(chart: &Chart, context: &Context<'_>, c: ClockJumped) -> Result<Decided, Refusal> {
    let known = chart.session(c.session).filter(|s| s.phase().is_running());
    Ok(known.map(|_| vec![(context.now, Event::ClockJumped(c))]).unwrap_or_default())
}
