//! The first dose of somebody's life is not alone at home: it is a supervised one, or a prescriber says why not.
//!
//! Rule       An order for home, where no dose was ever taken in the clinic, warns: the prescriber writes why a supervised
//!            first dose is not needed. Whoever had a dose in the clinic, in any course, has met the drug under supervision.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  No order blocks. A dose elsewhere that no chart shows does not count.
//! Source     Clinical reference 1.2 (clinic-day protocol F, clinic titration first, seen in practice) and 3.2; a proposal.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, no_order, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "R02-first-at-home",
    controls: Hazard::Unattended,
    says: "An order for home before any dose in the clinic needs a prescriber's reason.",
    no_answer: "No order blocks; a dose that no chart shows does not count.",
    gates: &[Gate::Order],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 1.2 and 3.2; proposed default, anchor: clinic titration before home, seen in practice.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::staff_in_the_room());
    }
    if facts.order.is_none() {
        return no_order(rule);
    }
    if facts.doses.iter().any(|dose| dose.setting == Setting::Clinic) {
        return verdict(None, clear::a_supervised_dose());
    }
    let first = measured::first_dose_at_home();
    let wanted = limit::a_supervised_dose_first();
    found(rule.finding(Severity::Warn, Cause::Met, first, wanted, clears::supervised_dose_or_reason()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn asks_for_a_supervised_dose_or_a_reason_at_home_only() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            doses                           finding
            none                            warn
            sublingual 100 mg @8 d          -
            sublingual 100 mg @8 d at home  warn
            intravenous 35 mg @800 d        -
        ",
        );
        check_rule(&RULE, Setting::Home, "order   finding\nnone   block: missing");
        check_rule(&RULE, Setting::Clinic, "doses   finding\nnone   n/a");
    }
}
