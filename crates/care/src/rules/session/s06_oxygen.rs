//! Oxygen saturation that falls while the drug works calls somebody, by how far.
//!
//! Rule       Watch below 95 %; call the clinician below 92 % (reposition, oxygen); emergency below 90 %.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  An impossible figure asks for a repeat. A missed reading is S05's alarm, not a normal one.
//! Source     Clinical reference 4.4 and S06: proposed default; NCT01892995; modified Aldrete table (Kim 2015).
//! Signed     nobody yet

use super::{OXYGEN, repeat_reading};
use crate::codes::{clears, limit, skip};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-oxygen",
    controls: Hazard::Respiratory,
    says: "In session: oxygen saturation below 95 % watch, below 92 % call, below 90 % emergency.",
    no_answer: "An impossible figure is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::higher("watch-low", 95.0, Unit::Percent),
        Limit::higher("call-low", 92.0, Unit::Percent),
        Limit::higher("emergency-low", 90.0, Unit::Percent),
    ],
    source: "Clinical reference 4.4 and S06; proposed default. Modified Aldrete table, Kim 2015 \
             (https://doi.org/10.3748/wjg.v21.i12.3671).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut series = OXYGEN.series(&session.readings);
    let Some((newest_at, newest)) = series.last().copied() else {
        return Verdict::NotApplicable(skip::no_saturation_read());
    };
    let mut findings: Vec<Finding> =
        OXYGEN.impossible(newest_at, newest).map(|error| repeat_reading(rule, error)).into_iter().collect();
    series.retain(|(at, n)| OXYGEN.impossible(*at, *n).is_none());
    if let Some((at, saturation)) = series.last().copied() {
        let steps = [
            (named!("emergency-low"), Urgency::Emergency, clears::stop_open_airway()),
            (named!("call-low"), Urgency::CallClinician, clears::reposition_and_oxygen()),
            (named!("watch-low"), Urgency::Watch, clears::wake_and_deep_breaths()),
        ];
        let step = steps.into_iter().find(|(name, ..)| f64::from(saturation) < rule.limit(facts, name).value);
        findings.extend(step.map(|(name, urgency, clears)| {
            let limit = limit::at_least(rule.limit(facts, name));
            rule.call(urgency, Cause::Met, OXYGEN.measured(saturation, at, facts.now), limit, clears)
        }));
    }
    verdict(findings, OXYGEN.clear(newest, newest_at, facts.now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_by_how_low() {
        check_everywhere(
            &RULE,
            "
            oxygen                    finding
            95@1 min                  -
            94@1 min                  watch
            92@1 min                  watch
            91@1 min                  call
            90@1 min                  call
            89@1 min                  emergency
            89@9 min, 97@1 min        -
            140@1 min                 watch: impossible
            49@1 min                  watch: impossible
            89@2 min, 140@1 min       watch: impossible + emergency
            none                      n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
