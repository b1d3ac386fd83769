//! Nobody is dosed in the care of somebody who is a danger to them. It is asked where nobody else can see it.
//!
//! Rule       At home, the patient says, alone, that neither the companion nor anybody else there frightens, hurts or
//!            controls them. Any other answer blocks. What was answered is never shown on the patient's or the
//!            companion's phone.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  Not asked, asked another day or 2 hours ago or longer, not known or declined blocks.
//! Source     This project's, a proposal: a companion may be the danger (hazard log). The clinical reference gives no number.
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
    id: "S03-danger",
    controls: Hazard::Unattended,
    says: "At home: asked alone, the patient says that neither the companion nor anybody else there is a danger to them.",
    no_answer: "Not asked, asked 2 hours ago or longer or another day, not known or declined blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[ages::day_answer(&[Subject::CompanionDanger])],
    source: "Clinical reference S03 asks for a companion; that they may be the danger is asked by this project: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::staff_in_the_room());
    }
    let (question, answer) = (Subject::CompanionDanger, facts.day.companion_danger);
    let finding = require_today(rule, facts, question, answer, Answered::No, Severity::Block, clears::speak_alone());
    verdict(finding, clear::companion_no_danger())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn a_danger_blocks_and_so_does_an_answer_that_nobody_gave() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            danger     finding
            no         -
            yes        block
            unknown    block: unknown
            declined   block: unknown
            none       block: missing
        ",
        );
        check_rule(&RULE, Setting::Home, "answered today   finding\n119 min   -\n120 min   block: too old");
        check_rule(&RULE, Setting::Clinic, "danger   finding\nnone   n/a");
    }
}
