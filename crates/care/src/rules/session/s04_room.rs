//! At home the room is safe, and it is the room that help would be sent to.
//!
//! Rule       At home, block unless the guide has heard: no water, stairs or heat within reach, nobody in the person's
//!            sole care, no driving, and the place is the address on record.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  Not asked, asked another day or 2 hours ago or longer, not known or declined blocks.
//! Source     Clinical reference 1.5, 5.2 and S04: report on the Perry autopsy, verified for the case; the rule is a
//!            proposed default.
//! Signed     nobody yet

use crate::codes::{clear, clears, skip};
use crate::facts::{Answered, Facts, Setting};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{require_today, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S04-room",
    controls: Hazard::Unattended,
    says: "At home: no water, stairs or heat, nobody in sole care, no driving, and the address is the stored one.",
    no_answer: "Not asked, asked 2 hours ago or longer or another day, not known or declined blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[ages::day_answer(&[Subject::RoomSafe])],
    source: "Clinical reference 1.5, 5.2 and S04; case verified in news reports of the Perry autopsy; rule: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::room_of_the_clinic());
    }
    let (safe, clears) = (facts.day.room_safe, clears::make_room_safe());
    let finding = require_today(rule, facts, Subject::RoomSafe, safe, Answered::Yes, Severity::Block, clears);
    verdict(finding, clear::room_safe())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn an_unsafe_or_unknown_room_blocks_at_home_only() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            room       finding
            yes        -
            no         block
            unknown    block: unknown
            declined   block: unknown
            none       block: missing
        ",
        );
        check_rule(&RULE, Setting::Clinic, "room   finding\nno   n/a\nnone   n/a");
    }
}
