//! Taking an alert on, and resolving it.

use super::{Context, Decided, Refusal, need};
use crate::chart::Chart;
use crate::event::*;
use crate::ids::AlertId;

pub(super) fn own(chart: &Chart, context: &Context<'_>, id: AlertId) -> Result<Decided, Refusal> {
    let Some(alert) = chart.alert(id) else {
        return Err(Refusal::not_now("there is no such alert", "open the alert from the inbox"));
    };
    if !alert.open() {
        return Err(Refusal::not_now("the alert is resolved", "nothing more is needed"));
    }
    if alert.owner.as_ref().is_some_and(|(actor, _)| actor.staff() == context.actor.staff()) {
        return Err(Refusal::not_now("you already have this alert", "resolve it when it is done"));
    }
    Ok(vec![(context.now, Event::AlertOwned(AlertOwned { alert: id }))])
}

pub(super) fn resolve(chart: &Chart, context: &Context<'_>, c: AlertResolved) -> Result<Decided, Refusal> {
    need("what was found and done", &c.words, "what you found and what you did")?;
    let Some(alert) = chart.alert(c.alert) else {
        return Err(Refusal::not_now("there is no such alert", "open the alert from the inbox"));
    };
    if !alert.open() {
        return Err(Refusal::not_now("the alert is resolved", "nothing more is needed"));
    }
    let mut decided = Vec::new();
    if alert.owner.is_none() {
        decided.push((context.now, Event::AlertOwned(AlertOwned { alert: c.alert })));
    }
    decided.push((context.now, Event::AlertResolved(c)));
    Ok(decided)
}
