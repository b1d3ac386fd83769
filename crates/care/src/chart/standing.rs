//! What stands behind every dose, read off the chart: the decision in force, serious events and whether a prescriber has
//! reviewed them, and alerts that nobody has resolved.

use super::{Chart, Entry};
use crate::event::{AdverseEventRecorded, AdverseEventReviewed, ReviewDecision};
use crate::facts::{AlertFact, DecisionFact, SeriousEventFact};
use crate::ids::EventId;

impl Chart {
    /// The newest decision of the course, with whether a review said stop after it.
    pub(super) fn decision_fact(&self) -> Option<DecisionFact> {
        let decision = self.eligibility()?;
        let stopped_at = self
            .standing_now(&self.reviews)
            .filter(|review| review.value.decision == ReviewDecision::Stop && review.occurred_at >= decision.at)
            .map(|review| review.occurred_at)
            .max();
        Some(DecisionFact { eligible: decision.eligible, setting: decision.setting, at: decision.at, stopped_at })
    }

    /// The newest review of an adverse event by a prescriber.
    #[must_use]
    pub fn review_of_event(&self, event: EventId) -> Option<&Entry<AdverseEventReviewed>> {
        self.adverse_reviews.iter().rev().find(|review| review.value.entry == event)
    }

    /// Serious adverse events after which no prescriber has said that treatment may go on, oldest first.
    pub fn serious_events_held(&self) -> impl Iterator<Item = &Entry<AdverseEventRecorded>> {
        self.standing(&self.adverse_events)
            .filter(|event| event.value.serious)
            .filter(|event| self.review_of_event(event.id).is_none_or(|review| !review.value.proceed))
    }

    pub(super) fn serious_events_open(&self) -> Vec<SeriousEventFact> {
        self.serious_events_held()
            .map(|event| SeriousEventFact { at: event.occurred_at, reviewed: self.review_of_event(event.id).is_some() })
            .collect()
    }

    pub(super) fn open_alert_facts(&self) -> Vec<AlertFact> {
        let fact = |alert: &&super::Alert| AlertFact {
            urgency: alert.urgency,
            rule: alert.about.rule(),
            raised_at: alert.raised_at,
        };
        self.open_alerts().iter().map(fact).collect()
    }
}
