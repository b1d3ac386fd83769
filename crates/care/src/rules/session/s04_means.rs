//! At home nothing that kills is within reach while the drug works and in the night after.
//!
//! Rule       At home, block unless each is answered no: a weapon within reach; other means within reach, such as a stock
//!            of tablets. Locked away, with the key elsewhere, is out of reach.
//! Hazard     HZ-05, suicidal crisis missed or made worse.
//! No answer  Not asked, asked another day or 2 hours ago or longer, not known or declined blocks.
//! Source     Clinical reference 1.5 (unlocked firearms: ask; block or escalate), proposed default, anchor: step 6 of the
//!            safety plan of Stanley and Brown, making the surroundings safe.
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
    id: "S04-means",
    controls: Hazard::Suicide,
    says: "At home: no weapon and no other means that kill within reach, each asked by itself.",
    no_answer: "Not asked, asked 2 hours ago or longer or another day, not known or declined blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[ages::day_answer(&[Subject::WeaponNear, Subject::OtherMeansNear])],
    source: "Clinical reference 1.5 (unlocked firearms: ask; block or escalate) and 8; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::room_of_the_clinic());
    }
    let asked = [(Subject::WeaponNear, facts.day.weapon_near), (Subject::OtherMeansNear, facts.day.other_means_near)];
    let findings = asked.into_iter().filter_map(|(question, answer)| {
        require_today(rule, facts, question, answer, Answered::No, Severity::Block, clears::lock_means_away())
    });
    verdict(findings, clear::means_out_of_reach())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn a_weapon_and_other_means_block_each_by_itself_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            weapon     other means   finding
            no         no            -
            yes        no            block
            no         yes           block
            yes        yes           block + block
            unknown    no            block: unknown
            no         declined      block: unknown
            none       no            block: missing
            no         none          block: missing
        ",
        );
        check_rule(&RULE, Setting::Clinic, "weapon   finding\nyes   n/a\nnone   n/a");
    }

    #[test]
    fn an_answer_of_long_ago_is_asked_again() {
        let table = "answered today   finding\n119 min   -\n120 min   block: too old + block: too old";
        check_rule(&RULE, Setting::Home, table);
    }
}
