//! Alcohol or cannabis on the day, or the day before, holds the dose.
//!
//! Rule       Block when either was used less than 24 hours ago. A protocol cannot change it.
//! Hazard     HZ-07, another drug raises, lowers or adds to the effect.
//! No answer  Not asked today, asked 2 hours ago or longer, or used and not known when, blocks.
//! Source     Clinical reference 2.2 and D02: NCT06036511 (KAP for PTSD), verified.
//! Signed     nobody yet

use crate::codes::clear;
use crate::facts::Facts;
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{used_within, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D02-alcohol-cannabis",
    controls: Hazard::Interaction,
    says: "Alcohol or cannabis less than 24 hours ago blocks the dose.",
    no_answer: "Not asked today, asked 2 hours ago or longer, or not known when, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("within-hours", 24.0, Unit::Hours), ages::day_answer(&[Subject::AlcoholOrCannabis])],
    source: "Clinical reference 2.2 and D02; verified: NCT06036511 KAP for PTSD record.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let hours = limit!(rule, facts, "within-hours");
    let used = facts.day.alcohol_or_cannabis;
    let finding = used_within(rule, facts, Subject::AlcoholOrCannabis, used, hours, Severity::Block);
    verdict(finding, clear::no_alcohol_or_cannabis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn holds_by_hours_since_the_last_use() {
        check_everywhere(
            &RULE,
            "
            alcohol         finding
            no              -
            1 h             block
            23 h 59 min     block
            24 h            -
            3 d             -
            unknown         block: unknown
            in 1 h          block: impossible
            none            block: missing
        ",
        );
    }
}
