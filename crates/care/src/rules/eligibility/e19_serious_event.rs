//! A serious adverse event that no prescriber has reviewed holds every further dose.
//!
//! Rule       Each serious adverse event on record was reviewed by a prescriber who says that treatment may go on. One
//!            that nobody reviewed, or whose newest review says not to go on, blocks the order, scheduling, go and dose.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  The events of the chart could not be looked at: block.
//! Source     Clinical reference 7 (adverse events) and 10 F01; that a review comes before the next dose is a proposed
//!            default.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E19-serious-event",
    controls: Hazard::UnsuitablePerson,
    says: "Each serious adverse event was reviewed by a prescriber who says that treatment may go on.",
    no_answer: "Events that could not be looked at block.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Scheduling, Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 7 and 10 (F01). That a prescriber's review comes before the next dose: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let wanted = limit::serious_events_reviewed;
    let Some(events) = &facts.serious_events else {
        return found(missing(rule, Subject::SeriousEvents, wanted(), clears::review_serious_event()));
    };
    let finding = |event: &crate::facts::SeriousEventFact| {
        let age = Value::age(event.at, facts.now);
        let seen = if event.reviewed { measured::serious_event_stops(age) } else { measured::serious_event(age) };
        rule.block(Cause::Met, seen, wanted(), clears::review_serious_event())
    };
    verdict(events.iter().map(finding), clear::no_serious_event_open())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn blocks_until_a_prescriber_has_reviewed_each_event() {
        check_everywhere(
            &RULE,
            "
            serious events        finding
            none                  -
            1 h                   block
            3 d, 1 h              block + block
            1 h reviewed          block
            not looked            block: missing
        ",
        );
    }
}
