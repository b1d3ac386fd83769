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

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Answered, CompanionFact, Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::hours_between;
use crate::rules::answers::{found, missing, require_answer, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S03-companion",
    controls: Hazard::Unattended,
    says: "At home: a briefed, sober adult companion, reached by phone and confirmed there at most 15 minutes before the dose.",
    no_answer: "No companion, or anything of this not asked, not known or too long ago, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("home-max-age-minutes", 15.0, Unit::Minutes)],
    source: "Clinical reference 1.5, 5.3 and S03; verified as practice: Mindbloom peer treatment monitor; Journey Clinical \
             chaperone guidelines. 15 minutes: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::staff_in_the_room());
    }
    let Some(companion) = &facts.day.companion else {
        return found(missing(rule, Subject::Companion, limit::adult_who_is_there(), clears::name_companion()));
    };
    let yes = |question, answer, clears| require_answer(rule, question, answer, Answered::Yes, Severity::Block, clears);
    let adult = yes(Subject::CompanionAdult, companion.adult, clears::another_adult());
    let mut findings: Vec<Finding> = adult.into_iter().collect();
    if !companion.briefed {
        let (not_briefed, briefed) = (measured::companion_not_briefed(), limit::companion_briefed());
        findings.push(rule.block(Cause::Met, not_briefed, briefed, clears::brief_companion()));
    }
    findings.extend(yes(Subject::CompanionSober, companion.sober, clears::another_companion_or_day()));
    findings.extend(yes(Subject::CompanionPhone, companion.phone_verified, clears::call_companion()));
    findings.extend(presence(rule, facts, companion));
    verdict(findings, clear::sober_adult_is_there())
}

fn presence(rule: &Rule, facts: &Facts, companion: &CompanionFact) -> Option<Finding> {
    let minutes = limit!(rule, facts, "home-max-age-minutes");
    let limit = limit::seen_there_within(minutes);
    let Some(at) = companion.present_confirmed_at else {
        return Some(missing(rule, Subject::CompanionPresence, limit, clears::confirm_presence()));
    };
    if at > facts.now {
        let future = measured::presence_in_future();
        return Some(rule.block(Cause::Impossible, future, limit, clears::confirm_presence()));
    }
    (hours_between(at, facts.now) * 60.0 > minutes.value).then(|| {
        let confirmed = measured::presence_confirmed(Value::age(at, facts.now));
        rule.block(Cause::TooOld, confirmed, limit, clears::confirm_presence())
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
