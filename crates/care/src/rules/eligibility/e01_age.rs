//! Nobody under 18 is treated.
//!
//! Rule       Block under 18 years, in every setting and by every route.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  An unknown age blocks; an age below 0 or above 120 blocks as impossible.
//! Source     Clinical reference 1.1 and E01: esketamine is not approved under 18 and every trial took adults only;
//!            verified in the Spravato important safety information, 2021 print.
//! Signed     nobody yet

use crate::facts::Facts;
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{count, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E01-age-minimum",
    controls: Hazard::UnsuitablePerson,
    says: "Nobody under 18 is treated.",
    no_answer: "An unknown or impossible age blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("least-years", 18.0, "years")],
    source: "Clinical reference 1.1 and E01; verified: Spravato important safety information, 2021 print \
             (https://www.usmedicine.com/2021online-dir/inc/html/30.html).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let least = rule.limit(facts, "least-years");
    let limit = format!("{} or older", count(least, "year"));
    let Some(age) = facts.age_years else {
        return Verdict::Found(vec![missing(rule, "age", limit, "record the date of birth")]);
    };
    if !(0..=120).contains(&age) {
        let finding = rule.finding(
            Severity::Block,
            Cause::Impossible,
            format!("age {age} years"),
            limit,
            "correct the date of birth",
        );
        return Verdict::Found(vec![finding]);
    }
    if (age as f64) < least {
        let clears = "nothing: this treatment is for adults";
        return Verdict::Found(vec![rule.finding(
            Severity::Block,
            Cause::Met,
            format!("age {age} years"),
            limit,
            clears,
        )]);
    }
    verdict(Vec::new(), format!("age {age} years"))
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
