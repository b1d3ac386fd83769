//! A companion who was only heard on the telephone is not one who was seen.
//!
//! Rule       At home, the guide records how the companion was met: in person, by a video call, or by telephone. By
//!            telephone alone the dose waits for a prescriber's reason.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  Not recorded blocks.
//! Source     Clinical reference S03 (confirmed on video at most 15 minutes before the dose, seen in practice). This program
//!            has no video of its own; that telephone alone needs a reason is a proposal.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, SeenHow, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S03-seen",
    controls: Hazard::Unattended,
    says: "At home: the guide records how the companion was met; by telephone alone needs a prescriber's reason.",
    no_answer: "Not recorded blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference S03 (confirmed on video); telephone alone with a reason: a proposal.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::staff_in_the_room());
    }
    let how = facts.day.companion.as_ref().and_then(|companion| companion.seen_how);
    match how {
        None => found(missing(rule, Subject::CompanionSeenHow, limit::companion_seen(), clears::confirm_presence())),
        Some(SeenHow::Telephone) => {
            let heard = measured::companion_seen(SeenHow::Telephone);
            let clears = clears::see_companion_or_reason();
            found(rule.finding(Severity::Escalate, Cause::Met, heard, limit::companion_seen(), clears))
        }
        Some(how @ (SeenHow::InPerson | SeenHow::Video)) => verdict(None, clear::companion_seen(how)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn the_telephone_alone_needs_a_prescriber() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            seen        finding
            video       -
            in-person   -
            telephone   escalate
            none        block: missing
        ",
        );
        check_rule(&RULE, Setting::Home, "companion   finding\nnone   block: missing");
        check_rule(&RULE, Setting::Clinic, "seen   finding\nnone   n/a");
    }
}
