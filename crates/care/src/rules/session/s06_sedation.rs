//! Sleep that is too deep calls somebody, by how deep.
//!
//! Rule       By MOAA/S (5 alert to 0 no answer): watch at 4, call the clinician at 3, emergency at 2 or below.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  A rating outside 0 to 5 asks for a repeat. A missed rating is S05's alarm, and never counts as alert.
//! Source     Clinical reference 4.4, 4.5 and S06: J&J Medical Connect on MOAA/S (4 mild, 3 or less moderate or more),
//!            verified; the actions are proposed defaults.
//! Signed     nobody yet

use super::repeat_reading;
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
    id: "S06-sedation",
    controls: Hazard::Respiratory,
    says: "In session: MOAA/S 4 watch, 3 call, 2 or below emergency.",
    no_answer: "An impossible rating is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::higher("watch-at", 4.0, Unit::Moaas),
        Limit::higher("call-at", 3.0, Unit::Moaas),
        Limit::higher("emergency-at", 2.0, Unit::Moaas),
    ],
    source: "Clinical reference 4.4, 4.5 and S06; verified: J&J Medical Connect, Spravato sedation, MOAA/S. Actions: \
             proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut series = session.sedation.clone();
    series.sort_by_key(|(at, _)| *at);
    let Some((_, newest)) = series.last().copied() else {
        return Verdict::NotApplicable(skip::no_rating());
    };
    let mut findings: Vec<Finding> = Vec::new();
    if !(0..=5).contains(&newest) {
        findings.push(repeat_reading(rule, measured::off_scale(Subject::Alertness, newest, 0, 5)));
    }
    series.retain(|(_, n)| (0..=5).contains(n));
    if let Some((at, rating)) = series.last().copied() {
        let steps = [
            (named!("emergency-at"), Urgency::Emergency, clears::stop_open_airway()),
            (named!("call-at"), Urgency::CallClinician, clears::rouse_and_clinician()),
            (named!("watch-at"), Urgency::Watch, clears::stay_near_and_rate()),
        ];
        let step = steps.into_iter().find(|(name, ..)| f64::from(rating) <= rule.limit(facts, name).value);
        findings.extend(step.map(|(name, urgency, clears)| {
            let measured = measured::moaas(rating, Value::age(at, facts.now));
            rule.call(urgency, Cause::Met, measured, limit::above(rule.limit(facts, name)), clears)
        }));
    }
    verdict(findings, clear::moaas(newest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_by_how_deep() {
        check_everywhere(
            &RULE,
            "
            moaas                 finding
            5@1 min               -
            4@1 min               watch
            3@1 min               call
            2@1 min               emergency
            1@1 min               emergency
            0@1 min               emergency
            2@9 min, 5@1 min      -
            6@1 min               watch: impossible
            -1@1 min              watch: impossible
            2@5 min, 6@1 min      watch: impossible + emergency
            none                  n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
