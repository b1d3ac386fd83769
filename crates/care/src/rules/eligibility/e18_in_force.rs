//! A dose needs the prescriber's decision in force: a yes, for this setting, not too old, and not followed by a stop.
//!
//! Rule       The newest decision of the course says that the person may be treated, in this setting; it is less than 183
//!            days old; and no later review of the course said stop. Anything else blocks the order, scheduling, go and dose.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  No decision, or one dated in the future: block.
//! Source     Clinical reference 1 and 10 (eligibility comes before every dose). That a no, a narrower setting and a stop
//!            hold what was ordered before is this project's; the age of 183 days follows the renewal of consent (E16) and
//!            is a proposal.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E18-eligibility-in-force",
    controls: Hazard::UnsuitablePerson,
    says: "A prescriber's decision that this person may be treated, in this setting, less than 183 days old and not followed by a course review that said stop.",
    no_answer: "No decision, one too old, or one dated in the future blocks.",
    gates: &[Gate::Order, Gate::Scheduling, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-days", 183.0, Unit::Days)],
    source: "Clinical reference 1 and 10: eligibility stands before every dose. 183 days follows the renewal of consent \
             (E16); proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let what = Subject::EligibilityDecision;
    let Some(decision) = &facts.decision else {
        return found(missing(rule, what, limit::eligible_in_setting(facts.setting), clears::decide_eligibility()));
    };
    let age = || Value::age(decision.at, facts.now);
    let wanted = || limit::eligible_in_setting(facts.setting);
    let mut findings = Vec::new();
    if !decision.eligible {
        findings.push(rule.block(Cause::Met, measured::found_ineligible(age()), wanted(), clears::decide_again()));
    } else if facts.setting == Setting::Home && decision.setting != Setting::Home {
        let elsewhere = measured::eligible_elsewhere(decision.setting, age());
        findings.push(rule.block(Cause::Met, elsewhere, wanted(), clears::treatment_in_clinic()));
    }
    if let Some(stopped) = decision.stopped_at {
        let stopped = measured::review_said_stop(Value::age(stopped, facts.now));
        findings.push(rule.block(Cause::Met, stopped, limit::no_stop_since_decision(), clears::decide_again()));
    }
    let days = limit!(rule, facts, "max-age-days");
    findings.extend(stale(rule, what, decision.at, facts.now, days, clears::decide_again()));
    verdict(findings, clear::eligible_since(decision.setting, age()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn holds_by_the_decision_in_force() {
        check_everywhere(
            &RULE,
            "
            decision   decided             course stopped   finding
            home       4 d                 no               -
            home       182 d 23 h 59 min   no               -
            home       183 d               no               block: too old
            home       in 5 min            no               block: impossible
            home       4 d                 1 h              block
            not        4 d                 no               block
            not        4 d                 1 h              block + block
            none       .                   .                block: missing
        ",
        );
    }

    #[test]
    fn a_decision_for_the_clinic_does_not_reach_into_the_home() {
        check_rule(&RULE, Setting::Clinic, "decision   finding\nclinic   -");
        check_rule(&RULE, Setting::Home, "decision   finding\nclinic   block");
    }
}
