//! Nobody under 18 is treated.
//!
//! Rule       Block under 18 years, in every setting and by every route.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  An unknown age blocks; an age below 0 or above 120 blocks as impossible.
//! Source     Clinical reference 1.1 and E01: esketamine is not approved under 18 and every trial took adults only;
//!            verified in the Spravato important safety information, 2021 print.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E01-age-minimum",
    controls: Hazard::UnsuitablePerson,
    says: "Nobody under 18 is treated.",
    no_answer: "An unknown or impossible age blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("least-years", 18.0, Unit::Years)],
    source: "Clinical reference 1.1 and E01; verified: Spravato important safety information, 2021 print \
             (https://www.usmedicine.com/2021online-dir/inc/html/30.html).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let least = limit!(rule, facts, "least-years");
    let wanted = limit::or_older(least);
    let Some(age) = facts.age_years else {
        return found(missing(rule, Subject::Age, wanted, clears::record_birth()));
    };
    let years = Value::number(age as f64, Unit::Years);
    if !(0..=120).contains(&age) {
        return found(rule.block(Cause::Impossible, measured::age(years), wanted, clears::correct_birth()));
    }
    if (age as f64) < least.value {
        return found(rule.block(Cause::Met, measured::age(years), wanted, clears::nothing_for_adults()));
    }
    verdict(None, clear::age(years))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn blocks_under_eighteen_and_when_the_age_cannot_be_true() {
        check_everywhere(
            &RULE,
            "
            age years   finding
            17          block
            18          -
            19          -
            120         -
            121         block: impossible
            -1          block: impossible
            none        block: missing
        ",
        );
    }
}
