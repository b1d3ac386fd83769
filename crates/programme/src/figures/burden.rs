//! How much the alarms ask of people: by what raised them, how many in each session, and how many led to nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::outcome_row::{AnsweredAlert, OutcomeRow};

/// Alerts of one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The rule's id, or the code of what the alert is about.
    pub by: String,
    /// Raised.
    pub raised: usize,
    /// Of these, in a session.
    pub in_session: usize,
    /// Resolved.
    pub resolved: usize,
    /// Of the resolved ones, those in which staff recorded nothing while they had the alert.
    pub no_action: usize,
}

/// The burden of alarms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Burden {
    /// Sessions with a dose.
    pub sessions: usize,
    /// All alerts.
    pub all: Cause,
    /// By cause, the most frequent first.
    pub causes: Vec<Cause>,
}

pub(crate) fn burden(rows: &[&OutcomeRow]) -> Burden {
    let mut by: BTreeMap<&str, Vec<&AnsweredAlert>> = BTreeMap::new();
    for alert in rows.iter().flat_map(|row| &row.alerts) {
        by.entry(&alert.by).or_default().push(alert);
    }
    let mut causes: Vec<Cause> = by.iter().map(|(by, alerts)| cause(by, alerts)).collect();
    causes.sort_by(|a, b| b.raised.cmp(&a.raised).then_with(|| a.by.cmp(&b.by)));
    let all: Vec<&AnsweredAlert> = by.into_values().flatten().collect();
    Burden { sessions: rows.iter().map(|row| row.doses.len()).sum(), all: cause("", &all), causes }
}

fn cause(by: &str, alerts: &[&AnsweredAlert]) -> Cause {
    let count = |holds: fn(&AnsweredAlert) -> bool| alerts.iter().filter(|alert| holds(alert)).count();
    Cause {
        by: by.to_owned(),
        raised: alerts.len(),
        in_session: count(|alert| alert.in_session),
        resolved: count(|alert| alert.resolved_after.is_some()),
        no_action: count(|alert| alert.resolved_after.is_some() && !alert.acted),
    }
}
