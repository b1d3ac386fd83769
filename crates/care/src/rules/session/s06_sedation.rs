//! Sleep that is too deep calls somebody, by how deep.
//!
//! Rule       By MOAA/S (5 alert to 0 no answer): watch at 4, call the clinician at 3, emergency at 2 or below.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  A rating outside 0 to 5 asks for a repeat. A missed rating is S05's alarm, and never counts as alert.
//! Source     Clinical reference 4.4, 4.5 and S06: J&J Medical Connect on MOAA/S (4 mild, 3 or less moderate or more),
//!            verified; the actions are proposed defaults.
//! Signed     nobody yet

use super::repeat_reading;
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::age_words;
use crate::rules::answers::{number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-sedation",
    controls: Hazard::Respiratory,
    says: "In session: MOAA/S 4 watch, 3 call, 2 or below emergency.",
    no_answer: "An impossible rating is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::higher("watch-at", 4.0, "MOAA/S"),
        Limit::higher("call-at", 3.0, "MOAA/S"),
        Limit::higher("emergency-at", 2.0, "MOAA/S"),
    ],
    source: "Clinical reference 4.4, 4.5 and S06; verified: J&J Medical Connect, Spravato sedation, MOAA/S. Actions: \
             proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable("no session is running") };
    let mut series = session.sedation.clone();
    series.sort_by_key(|(at, _)| *at);
    let Some((_, newest)) = series.last().copied() else {
        return Verdict::NotApplicable("no rating since the dose: a missed one is S05's");
    };
    let mut findings: Vec<Finding> = Vec::new();
    if !(0..=5).contains(&newest) {
        findings.push(repeat_reading(rule, format!("MOAA/S {newest} is not possible: it runs from 0 to 5")));
    }
    series.retain(|(_, n)| (0..=5).contains(n));
    if let Some((at, rating)) = series.last().copied() {
        let steps = [
            ("emergency-at", Urgency::Emergency, "stop, open the airway, call emergency help, stay with the person"),
            ("call-at", Urgency::CallClinician, "rouse by name, no further dose; the clinician comes now"),
            ("watch-at", Urgency::Watch, "stay near, rate again in 5 minutes"),
        ];
        let step = steps.iter().find(|(name, _, _)| f64::from(rating) <= rule.limit(facts, name));
        findings.extend(step.map(|(name, urgency, clears)| {
            let measured = format!("MOAA/S {rating}, {} old", age_words(at, facts.now));
            let limit = format!("above {}", number(rule.limit(facts, name)));
            rule.call(*urgency, Cause::Met, measured, limit, *clears)
        }));
    }
    verdict(findings, format!("MOAA/S {newest}"))
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
