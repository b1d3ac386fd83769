//! A long course is reviewed as a whole before it goes on.
//!
//! Rule       More than 12 sessions, or 6 months (183 days) of treatment, since the first dose or the last review: block
//!            the next dose until a prescriber reviews the course and lets it go on.
//! Hazard     HZ-10, misuse or dependence: treatment that goes on because it went on.
//! No answer  Nothing known of the course blocks.
//! Source     Clinical reference F01 (more than 12 sessions or 6 months without board review): proposed default. The board
//!            is whoever the clinic has; what is recorded is the prescriber's review.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::days_between;
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "F01-review",
    controls: Hazard::Misuse,
    says: "12 sessions, or 183 days of treatment, since the first dose or the last review: no further dose until the course is reviewed.",
    no_answer: "Nothing known of the course blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("sessions-without-review", 12.0, Unit::Times),
        Limit::lower("days-without-review", 183.0, Unit::Days),
    ],
    source: "Clinical reference F01; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let course = match super::course(rule, facts) {
        Ok(course) => course,
        Err(finding) => return found(finding),
    };
    let (sessions, days) = (limit!(rule, facts, "sessions-without-review"), limit!(rule, facts, "days-without-review"));
    let held = course.doses_since_review();
    let wanted = || limit::reviewed_within(sessions, days);
    let mut findings = Vec::new();
    if held as f64 >= sessions.value {
        let measured = measured::sessions_without_review(Value::count(held, Unit::Times));
        findings.push(rule.block(Cause::Met, measured, wanted(), clears::review_course()));
    }
    let since = course.doses.first().map(|first| course.reviewed_at.map_or(*first, |reviewed| reviewed.max(*first)));
    if let Some(since) = since.filter(|since| days_between(*since, facts.now) >= days.value) {
        let measured = measured::days_without_review(Value::age(since, facts.now));
        findings.push(rule.block(Cause::TooOld, measured, wanted(), clears::review_course()));
    }
    verdict(findings, clear::sessions_since_review(Value::count(held, Unit::Times)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    const ELEVEN: &str = "60 d, 58 d, 56 d, 54 d, 52 d, 50 d, 48 d, 46 d, 44 d, 42 d, 40 d";

    #[test]
    fn twelve_sessions_or_half_a_year_wait_for_a_review() {
        check_everywhere(
            &RULE,
            &format!(
                "
                sessions           course reviewed   finding
                {ELEVEN}           none              -
                {ELEVEN}, 9 d      none              block
                {ELEVEN}, 9 d      1 d               -
                {ELEVEN}, 9 d      55 d              -
                182 d              none              -
                183 d              none              block: too old
                300 d, 9 d         182 d             -
                300 d, 9 d         183 d             block: too old
                none               none              -
                unknown            none              block: missing
            "
            ),
        );
    }
}
