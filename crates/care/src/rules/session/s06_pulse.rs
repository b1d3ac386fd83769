//! A pulse that runs too fast or too slow while the drug works calls somebody, by how far.
//!
//! Rule       Watch above 110 or below 50 beats a minute. Call the clinician above 120 for 5 minutes, or below 45.
//!            Emergency above 150. An irregular pulse is not recorded as a figure: mark the symptom with it.
//! Hazard     HZ-03, a pressure surge harms somebody already high; here, a strained heart.
//! No answer  An impossible figure asks for a repeat. A missed reading is S05's alarm, not a normal one.
//! Source     Clinical reference 4.4 and S06: proposed default; ED sub-dissociative protocol table.
//! Signed     nobody yet

use super::{PULSE, lasting, repeat_reading};
use crate::codes::{clears, limit, skip};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-pulse",
    controls: Hazard::PressureSurge,
    says: "In session: pulse above 110 or below 50 watch; above 120 for 5 minutes or below 45 call; above 150 emergency.",
    no_answer: "An impossible figure is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("watch-high", 110.0, Unit::BeatsPerMinute),
        Limit::higher("watch-low", 50.0, Unit::BeatsPerMinute),
        Limit::lower("call-high", 120.0, Unit::BeatsPerMinute),
        Limit::lower("call-after-minutes", 5.0, Unit::Minutes),
        Limit::higher("call-low", 45.0, Unit::BeatsPerMinute),
        Limit::lower("emergency-high", 150.0, Unit::BeatsPerMinute),
    ],
    source: "Clinical reference 4.4 and S06; proposed default. ED sub-dissociative ketamine protocol table (PMC7081852).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut series = PULSE.series(&session.readings);
    let Some((newest_at, newest)) = series.last().copied() else {
        return Verdict::NotApplicable(skip::no_pulse_read());
    };
    let mut findings: Vec<Finding> =
        PULSE.impossible(newest_at, newest).map(|error| repeat_reading(rule, error)).into_iter().collect();
    series.retain(|(at, n)| PULSE.impossible(*at, *n).is_none());
    findings.extend(judge(rule, facts, &series));
    verdict(findings, PULSE.clear(newest, newest_at, facts.now))
}

fn judge(rule: &Rule, facts: &Facts, series: &[(jiff::Timestamp, i32)]) -> Option<Finding> {
    let (at, pulse) = series.last().copied()?;
    let rate = f64::from(pulse);
    let found = |urgency, limit, clears| {
        Some(rule.call(urgency, Cause::Met, PULSE.measured(pulse, at, facts.now), limit, clears))
    };
    let most = limit!(rule, facts, "emergency-high");
    if rate > most.value {
        return found(Urgency::Emergency, limit::at_most(most), clears::stop_and_call_help());
    }
    let (high, minutes) = (limit!(rule, facts, "call-high"), limit!(rule, facts, "call-after-minutes"));
    if lasting(series, minutes.value, |n| f64::from(n) > high.value) {
        return found(Urgency::CallClinician, limit::at_most_for(high, minutes), clears::no_dose_and_clinician());
    }
    let least = limit!(rule, facts, "call-low");
    if rate < least.value {
        return found(Urgency::CallClinician, limit::at_least(least), clears::no_dose_and_clinician());
    }
    let (low, high) = (limit!(rule, facts, "watch-low"), limit!(rule, facts, "watch-high"));
    if rate > high.value || rate < low.value {
        return found(Urgency::Watch, limit::between(low, high), clears::repeat_and_ask());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_by_how_fast_or_slow_and_for_how_long() {
        check_everywhere(
            &RULE,
            "
            hr                                  finding
            110@1 min                           -
            111@1 min                           watch
            50@1 min                            -
            49@1 min                            watch
            45@1 min                            watch
            44@1 min                            call
            121@1 min                           watch
            121@5 min, 125@1 min                watch
            121@6 min, 125@1 min                call
            120@6 min, 125@1 min                watch
            121@9 min, 100@5 min, 125@1 min     watch
            150@1 min                           watch
            151@1 min                           emergency
            160@9 min, 90@1 min                 -
            19@1 min                            watch: impossible
            151@5 min, 300@1 min                watch: impossible + emergency
            none                                n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
