//! Liver and bladder are looked at again while treatment goes on, and not only before it.
//!
//! Rule       Since the first dose of the course: a liver panel after 8 doses or 56 days, and a bladder check at least every
//!            31 days; else block the next dose. E10 and E14 judge what they say, and E15 the baseline.
//! Hazard     HZ-13, slow harm to bladder or liver is missed.
//! No answer  Nothing known of the course blocks; a test that is due and not there blocks.
//! Source     Clinical reference 7.2 and F01: liver tests after 6 to 8 doses or 8 weeks, bladder score monthly. Proposed
//!            defaults on a label that asks for tests from time to time; 31 days is this project's reading of monthly.
//! Signed     nobody yet

use jiff::Timestamp;

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, LabKind};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::days_between;
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "F01-labs",
    controls: Hazard::OrganHarm,
    says: "During a course: a liver panel after 8 doses or 56 days, and a bladder check at least every 31 days.",
    no_answer: "Nothing known of the course, or a test that is due and not there: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("liver-after-doses", 8.0, Unit::Times),
        Limit::lower("liver-after-days", 56.0, Unit::Days),
        Limit::lower("bladder-check-days", 31.0, Unit::Days),
    ],
    source: "Clinical reference 7.2 and F01; proposed default, anchored on the Ketalar summary, PDR.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let course = match super::course(rule, facts) {
        Ok(course) => course,
        Err(finding) => return found(finding),
    };
    let Some(first) = course.doses.first().copied() else {
        return Verdict::Clear(clear::no_earlier_dose());
    };
    let (doses, days) = (limit!(rule, facts, "liver-after-doses"), limit!(rule, facts, "liver-after-days"));
    let mut findings = Vec::new();
    let since_first = |at: Timestamp| at > first && at <= facts.now;
    let liver = facts.labs.iter().any(|lab| lab.kind == LabKind::LiverPanel && since_first(lab.at));
    let treated = days_between(first, facts.now);
    if !liver && (course.doses.len() as f64 >= doses.value || treated >= days.value) {
        let what = Subject::LiverPanel;
        let measured =
            measured::not_repeated(what, Value::count(course.doses.len(), Unit::Times), Value::age(first, facts.now));
        findings.push(rule.block(
            Cause::Missing,
            measured,
            limit::repeated_after(what, doses, days),
            clears::new_one(what),
        ));
    }
    let monthly = limit!(rule, facts, "bladder-check-days");
    let what = Subject::BladderCheck;
    let asked = facts.measures.get("bladder-check").map(|check| check.at).filter(|at| *at <= facts.now);
    // Before a first month is over the check of the baseline stands.
    if treated >= monthly.value && asked.is_none_or(|at| days_between(at, facts.now) >= monthly.value) {
        let measured = match asked {
            Some(at) => measured::old(what, Value::age(at, facts.now)),
            None => measured::none_recorded(what),
        };
        let cause = if asked.is_some() { Cause::TooOld } else { Cause::Missing };
        findings.push(rule.block(cause, measured, limit::younger_than(what, monthly), clears::ask_bladder_check()));
    }
    verdict(findings, clear::tests_repeated())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    const SEVEN: &str = "28 d, 26 d, 24 d, 22 d, 20 d, 18 d, 16 d";

    #[test]
    fn liver_and_bladder_are_looked_at_again_while_treatment_goes_on() {
        check_everywhere(
            &RULE,
            &format!(
                "
                sessions        liver-panel      measure bladder-check   finding
                none            normal 80 d      80 d                    -
                55 d            normal 60 d      10 d                    -
                56 d            normal 60 d      10 d                    block: missing
                56 d            normal 40 d      10 d                    -
                56 d            normal in 1 d    10 d                    block: missing
                {SEVEN}         normal 40 d      10 d                    -
                {SEVEN}, 9 d    normal 40 d      10 d                    block: missing
                {SEVEN}, 9 d    normal 2 d       10 d                    -
                30 d            normal 2 d       60 d                    -
                31 d            normal 2 d       30 d                    -
                31 d            normal 2 d       31 d                    block: too old
                31 d            normal 2 d       none                    block: missing
                60 d            none             60 d                    block: missing + block: too old
                unknown         normal 2 d       10 d                    block: missing
            "
            ),
        );
    }
}
