//! Theophylline with ketamine can cause seizures.
//!
//! Rule       Theophylline or aminophylline taken now: block, in every setting. A protocol cannot change it.
//! Hazard     HZ-07, another drug raises, lowers or adds to the effect.
//! No answer  Medicines that nobody has gone through block.
//! Source     Clinical reference 2.2 and D06: Ketamax interactions, MIMS Philippines, verified.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit};
use crate::facts::{Facts, MedicineClass};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::medicines;
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "D06-theophylline",
    controls: Hazard::Interaction,
    says: "Theophylline or aminophylline blocks.",
    no_answer: "Medicines not gone through block.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 2.2 and D06; verified: Ketamax interactions, MIMS Philippines.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let findings = list
        .active(MedicineClass::Theophylline, 0.0)
        .map(|m| rule.block(Cause::Met, m.taken(), limit::no_theophylline(), clears::prescriber_changes_it()));
    list.verdict(findings, clear::no_theophylline())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn blocks_while_it_is_taken() {
        check_everywhere(
            &RULE,
            "
            medicines                      finding
            empty                          -
            other                          -
            theophylline                   block
            theophylline stopped 1 d       -
            theophylline stopped in 1 d    block
            none                           block: missing
        ",
        );
    }
}
