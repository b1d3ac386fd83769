//! Distress that stays high calls the clinician.
//!
//! Rule       Rated by the person, 0 to 10: watch at 7 or above; call the clinician when it is still there after 15
//!            minutes of support, with no lower rating between. Danger to self or others is S06-symptoms.
//! Hazard     HZ-05, a suicidal crisis is missed or made worse; here, a session that harms.
//! No answer  A rating outside 0 to 10 asks for a repeat. No rating is not calm: the look-ins of S05 ask.
//! Source     Clinical reference 4.4 and S06: proposed default.
//! Signed     nobody yet

use super::{lasting, repeat_reading};
use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-distress",
    controls: Hazard::Suicide,
    says: "In session: distress 7 of 10 or above is watched; still there after 15 minutes of support, it calls the clinician.",
    no_answer: "An impossible rating is repeated; look-ins are S05's.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[Limit::lower("watch-at", 7.0, Unit::OfTen), Limit::lower("call-after-minutes", 15.0, Unit::Minutes)],
    source: "Clinical reference 4.4 and S06; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut series = session.distress.clone();
    series.sort_by_key(|(at, _)| *at);
    let Some((_, newest)) = series.last().copied() else {
        return Verdict::NotApplicable(skip::no_distress_rating());
    };
    let mut findings: Vec<Finding> = Vec::new();
    if !(0..=10).contains(&newest) {
        findings.push(repeat_reading(rule, measured::off_scale(Subject::Distress, newest, 0, 10)));
    }
    series.retain(|(_, n)| (0..=10).contains(n));
    let (at_least, minutes) = (limit!(rule, facts, "watch-at"), limit!(rule, facts, "call-after-minutes"));
    let high = |n: i32| f64::from(n) >= at_least.value;
    if let Some((at, rating)) = series.last().copied().filter(|(_, n)| high(*n)) {
        let measured = measured::distress(rating, Value::age(at, facts.now));
        findings.push(if lasting(&series, minutes.value, high) {
            let (limit, clears) = (limit::settled_within(at_least, minutes), clears::no_dose_and_clinician_joins());
            rule.call(Urgency::CallClinician, Cause::Met, measured, limit, clears)
        } else {
            rule.call(Urgency::Watch, Cause::Met, measured, limit::below(at_least), clears::support_and_ask(minutes))
        });
    }
    verdict(findings, clear::distress(newest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_when_support_has_not_eased_it() {
        check_everywhere(
            &RULE,
            "
            distress                            finding
            6@1 min                             -
            7@1 min                             watch
            10@1 min                            watch
            7@15 min, 8@1 min                   watch
            7@16 min, 8@1 min                   call
            7@20 min, 5@9 min, 8@1 min          watch
            9@20 min, 5@1 min                   -
            11@1 min                            watch: impossible
            -1@1 min                            watch: impossible
            8@2 min, 11@1 min                   watch: impossible + watch
            none                                n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
