//! What follows at once when the ground for a dose falls away: orders are cancelled, and sessions that have not begun are
//! held, with go taken back.
//!
//! The rules hold the order, scheduling, go and the dose by themselves. This says so in the record, at the moment when it
//! comes true and in the same append, so that no page goes on showing an order or a go that nothing stands behind.

use crate::chart::Chart;
use crate::event::{
    AdverseEventReviewed, CancelReason, Draft, EligibilityDecided, Event, OrderCancelled, ReviewDecision,
    SessionCancelled, SessionHeld,
};
use crate::facts::Setting;

/// Why, and how far it reaches.
struct Falls {
    reason: CancelReason,
    /// Only what is to be done in this setting; everything when there is none.
    only: Option<Setting>,
}

/// What an event takes the ground from.
fn falls(event: &Event) -> Option<Falls> {
    let all = |reason| Some(Falls { reason, only: None });
    match event {
        Event::EligibilityDecided(EligibilityDecided { eligible: false, .. }) => all(CancelReason::FoundIneligible),
        Event::EligibilityDecided(EligibilityDecided { setting: Setting::Clinic, .. }) => {
            Some(Falls { reason: CancelReason::ClinicOnly, only: Some(Setting::Home) })
        }
        Event::ConsentWithdrawn(_) => all(CancelReason::ConsentWithdrawn),
        Event::CourseReviewed(review) if review.decision == ReviewDecision::Stop => all(CancelReason::ReviewSaidStop),
        Event::AdverseEventRecorded(event) if event.serious => all(CancelReason::SeriousEvent),
        Event::AdverseEventReviewed(AdverseEventReviewed { proceed: false, .. }) => all(CancelReason::SeriousEvent),
        _ => None,
    }
}

/// What follows from the events of a command. `after` is the chart with them.
pub(crate) fn consequences(after: &Chart, drafts: &[Draft]) -> Vec<Event> {
    let mut follows = Vec::new();
    for Falls { reason, only } in drafts.iter().filter_map(|draft| falls(&draft.event)) {
        follows.extend(cancelled_orders(after, only, &reason));
        let to_come = after.sessions.iter().filter(|s| s.phase().is_open() && s.dose().is_none());
        let reached = to_come.filter(|s| only.is_none_or(|only| s.setting == only));
        follows.extend(
            reached.map(|session| Event::SessionHeld(SessionHeld { session: session.id, reason: reason.clone() })),
        );
    }
    follows
}

fn cancelled_orders(chart: &Chart, only: Option<Setting>, reason: &CancelReason) -> Vec<Event> {
    let in_force = chart.orders.iter().filter(|order| order.in_force());
    in_force
        .filter(|order| only.is_none_or(|only| order.written.setting == only))
        .map(|order| Event::OrderCancelled(OrderCancelled { order: order.written.order, reason: reason.clone() }))
        .collect()
}

/// Cancels every order in force, and calls off every session that has not begun.
pub(crate) fn cancel_all(chart: &Chart, reason: &CancelReason) -> Vec<Event> {
    let mut cancelled = cancelled_orders(chart, None, reason);
    let to_come = chart.sessions.iter().filter(|session| session.phase().is_open() && session.dose().is_none());
    cancelled.extend(
        to_come
            .map(|session| Event::SessionCancelled(SessionCancelled { session: session.id, reason: reason.clone() })),
    );
    cancelled
}
