//! Thyroid hormone with ketamine can raise pressure and pulse.
//!
//! Rule       Thyroid hormone taken now: warn, and check the thyroid test.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  Medicines that nobody has gone through block.
//! Source     Clinical reference 2.2: Ketamax interactions, MIMS Philippines, verified.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit};
use crate::facts::{Facts, MedicineClass};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::medicines;
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "D10-thyroid-hormone",
    controls: Hazard::PressureSurge,
    says: "Thyroid hormone warns: check the thyroid test.",
    no_answer: "Medicines not gone through block.",
    gates: &[Gate::Order],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 2.2; verified: Ketamax interactions, MIMS Philippines.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let findings = list.active(MedicineClass::ThyroidHormone, 0.0).map(|m| {
        let limit = limit::thyroid_test_normal();
        rule.finding(Severity::Warn, Cause::Met, m.taken(), limit, clears::reason_and_thyroid_test())
    });
    list.verdict(findings, clear::no_thyroid_hormone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn warns_while_it_is_taken() {
        check_everywhere(
            &RULE,
            "
            medicines                      imported           finding
            empty                          empty              -
            thyroid-hormone                empty              warn
            thyroid-hormone stopped 1 d    empty              -
            none                           thyroid-hormone    block: missing + warn
            none                           empty              block: missing
        ",
        );
    }
}
