//! At home nobody is dosed without a sober, briefed adult who is there and can be reached.
//!
//! Rule       At home, each must hold: a companion is named, is 18 or older, has been briefed, is sober, answers the
//!            phone live, and was seen or heard there by the guide at most 15 minutes before the dose. A protocol cannot
//!            change it and nobody may override it.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  No companion, a question not asked, not known or declined, or presence confirmed too long ago blocks.
//! Source     Clinical reference 1.5, 5.3 and S03: Mindbloom and Journey Clinical programmes, verified twice as practice;
//!            15 minutes is a proposed default.
//! Signed     nobody yet

use crate::facts::{Answered, CompanionFact, Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{age_words, hours_between};
use crate::rules::answers::{count, missing, require_answer, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S03-companion",
    controls: Hazard::Unattended,
    says: "At home: a briefed, sober adult companion, reached by phone and confirmed there at most 15 minutes before the dose.",
    no_answer: "No companion, or anything of this not asked, not known or too long ago, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("home-max-age-minutes", 15.0, "minutes")],
    source: "Clinical reference 1.5, 5.3 and S03; verified as practice: Mindbloom peer treatment monitor; Journey Clinical \
             chaperone guidelines. 15 minutes: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable("in the clinic staff are in the room");
    }
    let Some(companion) = &facts.day.companion else {
        let finding =
            missing(rule, "companion", "a briefed, sober adult who is there", "name, brief and confirm a companion");
        return Verdict::Found(vec![finding]);
    };
    let yes = |question, answer, clears| require_answer(rule, question, answer, Answered::Yes, Severity::Block, clears);
    let mut findings: Vec<Finding> =
        yes("companion is 18 or older", companion.adult, "another companion, who is an adult").into_iter().collect();
    if !companion.briefed {
        findings.push(rule.finding(
            Severity::Block,
            Cause::Met,
            "companion not briefed",
            "companion briefed",
            "brief the companion",
        ));
    }
    findings.extend(yes("companion is sober", companion.sober, "another companion, or another day"));
    findings.extend(yes("companion's phone answered live", companion.phone_verified, "call the companion's phone"));
    findings.extend(presence(rule, facts, companion));
    verdict(findings, "a briefed, sober adult is there")
}

fn presence(rule: &Rule, facts: &Facts, companion: &CompanionFact) -> Option<Finding> {
    let minutes = rule.limit(facts, "home-max-age-minutes");
    let limit = format!("seen or heard there at most {} ago", count(minutes, "minute"));
    let confirm = "the guide sees or hears the companion there now";
    let Some(at) = companion.present_confirmed_at else {
        return Some(missing(rule, "companion's presence", limit, confirm));
    };
    if at > facts.now {
        return Some(rule.finding(
            Severity::Block,
            Cause::Impossible,
            "presence confirmed in the future",
            limit,
            confirm,
        ));
    }
    (hours_between(at, facts.now) * 60.0 > minutes).then(|| {
        let measured = format!("companion's presence confirmed {} ago", age_words(at, facts.now));
        rule.finding(Severity::Block, Cause::TooOld, measured, limit, confirm)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn each_condition_stands_by_itself_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            adult     briefed   sober      phone     present         finding
            yes       yes       yes        yes       5 min           -
            no        yes       yes        yes       5 min           block
            unknown   yes       yes        yes       5 min           block: unknown
            none      yes       yes        yes       5 min           block: missing
            yes       no        yes        yes       5 min           block
            yes       yes       no         yes       5 min           block
            yes       yes       declined   yes       5 min           block: unknown
            yes       yes       none       yes       5 min           block: missing
            yes       yes       yes        no        5 min           block
            yes       yes       yes        none      5 min           block: missing
            yes       yes       yes        yes       15 min          -
            yes       yes       yes        yes       15 min 1 s      block: too old
            yes       yes       yes        yes       in 1 min        block: impossible
            yes       yes       yes        yes       none            block: missing
            no        no        no         no        none            block + block + block + block + block: missing
        ",
        );
        check_rule(&RULE, Setting::Home, "companion   finding\nnone   block: missing");
    }

    #[test]
    fn staff_stand_in_for_a_companion_in_the_clinic() {
        check_rule(&RULE, Setting::Clinic, "companion   finding\nnone   n/a");
    }
}
