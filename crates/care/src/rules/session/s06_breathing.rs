//! Breathing that slows or races while the drug works calls somebody, by how far.
//!
//! Rule       Watch below 12 or above 24 breaths a minute; call the clinician below 10 or above 30; emergency below 8,
//!            which takes in no breath at all.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  An impossible figure asks for a repeat. A missed reading is S05's alarm, not a normal one.
//! Source     Clinical reference 4.4 and S06: proposed default; NCT01892995; ED sub-dissociative protocol table.
//! Signed     nobody yet

use super::{BREATHING, repeat_reading};
use crate::codes::{clears, limit, skip};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-breathing",
    controls: Hazard::Respiratory,
    says: "In session: below 12 or above 24 breaths a minute watch; below 10 or above 30 call; below 8 emergency.",
    no_answer: "An impossible figure is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::higher("watch-low", 12.0, Unit::BreathsPerMinute),
        Limit::lower("watch-high", 24.0, Unit::BreathsPerMinute),
        Limit::higher("call-low", 10.0, Unit::BreathsPerMinute),
        Limit::lower("call-high", 30.0, Unit::BreathsPerMinute),
        Limit::higher("emergency-low", 8.0, Unit::BreathsPerMinute),
    ],
    source: "Clinical reference 4.4 and S06; proposed default. ED sub-dissociative ketamine protocol table (PMC7081852).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut series = BREATHING.series(&session.readings);
    let Some((newest_at, newest)) = series.last().copied() else {
        return Verdict::NotApplicable(skip::no_breathing_counted());
    };
    let mut findings: Vec<Finding> =
        BREATHING.impossible(newest_at, newest).map(|error| repeat_reading(rule, error)).into_iter().collect();
    series.retain(|(at, n)| BREATHING.impossible(*at, *n).is_none());
    if let Some((at, breaths)) = series.last().copied() {
        findings.extend(judge(rule, facts, breaths, at));
    }
    verdict(findings, BREATHING.clear(newest, newest_at, facts.now))
}

fn judge(rule: &Rule, facts: &Facts, breaths: i32, at: jiff::Timestamp) -> Option<Finding> {
    let found = |urgency, limit, clears| {
        Some(rule.call(urgency, Cause::Met, BREATHING.measured(breaths, at, facts.now), limit, clears))
    };
    let least = limit!(rule, facts, "emergency-low");
    if f64::from(breaths) < least.value {
        return found(Urgency::Emergency, limit::at_least(least), clears::stop_and_support_breathing());
    }
    for (low, high, urgency, clears) in [
        (named!("call-low"), named!("call-high"), Urgency::CallClinician, clears::reposition_and_clinician()),
        (named!("watch-low"), named!("watch-high"), Urgency::Watch, clears::wake_and_count()),
    ] {
        let (low, high) = (rule.limit(facts, low), rule.limit(facts, high));
        if f64::from(breaths) < low.value || f64::from(breaths) > high.value {
            return found(urgency, limit::between(low, high), clears);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_by_how_slow_or_fast() {
        check_everywhere(
            &RULE,
            "
            breaths                  finding
            12@1 min                 -
            11@1 min                 watch
            10@1 min                 watch
            9@1 min                  call
            8@1 min                  call
            7@1 min                  emergency
            0@1 min                  emergency
            24@1 min                 -
            25@1 min                 watch
            30@1 min                 watch
            31@1 min                 call
            7@9 min, 14@1 min        -
            71@1 min                 watch: impossible
            7@2 min, 71@1 min        watch: impossible + emergency
            none                     n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
