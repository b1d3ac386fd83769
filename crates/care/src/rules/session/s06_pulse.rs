//! A pulse that runs too fast or too slow while the drug works calls somebody, by how far.
//!
//! Rule       Watch above 110 or below 50 beats a minute. Call the clinician above 120 for 5 minutes, or below 45.
//!            Emergency above 150. An irregular pulse is not recorded as a figure: mark the symptom with it.
//! Hazard     HZ-03, a pressure surge harms somebody already high; here, a strained heart.
//! No answer  An impossible figure asks for a repeat. A missed reading is S05's alarm, not a normal one.
//! Source     Clinical reference 4.4 and S06: proposed default; ED sub-dissociative protocol table.
//! Signed     nobody yet

use super::{PULSE, lasting, repeat_reading};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::{number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-pulse",
    controls: Hazard::PressureSurge,
    says: "In session: pulse above 110 or below 50 watch; above 120 for 5 minutes or below 45 call; above 150 emergency.",
    no_answer: "An impossible figure is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("watch-high", 110.0, "beats a minute"),
        Limit::higher("watch-low", 50.0, "beats a minute"),
        Limit::lower("call-high", 120.0, "beats a minute"),
        Limit::lower("call-after-minutes", 5.0, "minutes"),
        Limit::higher("call-low", 45.0, "beats a minute"),
        Limit::lower("emergency-high", 150.0, "beats a minute"),
    ],
    source: "Clinical reference 4.4 and S06; proposed default. ED sub-dissociative ketamine protocol table (PMC7081852).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable("no session is running") };
    let mut series = PULSE.series(&session.readings);
    let Some((newest_at, newest)) = series.last().copied() else {
        return Verdict::NotApplicable("no pulse read since the dose: a missed reading is S05's");
    };
    let mut findings: Vec<Finding> =
        PULSE.impossible(newest_at, newest).map(|error| repeat_reading(rule, error)).into_iter().collect();
    series.retain(|(at, n)| PULSE.impossible(*at, *n).is_none());
    if let Some((at, pulse)) = series.last().copied() {
        findings.extend(judge(rule, facts, &series, pulse, &PULSE.words(pulse, at, facts.now)));
    }
    verdict(findings, PULSE.words(newest, newest_at, facts.now))
}

fn judge(rule: &Rule, facts: &Facts, series: &[(jiff::Timestamp, i32)], pulse: i32, measured: &str) -> Option<Finding> {
    let limit = |name| rule.limit(facts, name);
    let found = |urgency, words: String, clears: &str| Some(rule.call(urgency, Cause::Met, measured, words, clears));
    let rate = f64::from(pulse);
    if rate > limit("emergency-high") {
        let words = format!("at most {} beats a minute", number(limit("emergency-high")));
        return found(Urgency::Emergency, words, "stop, call emergency help, stay with the person");
    }
    let (high, minutes) = (limit("call-high"), limit("call-after-minutes"));
    if lasting(series, minutes, |n| f64::from(n) > high) {
        let words = format!("at most {} beats a minute for {} minutes", number(high), number(minutes));
        return found(Urgency::CallClinician, words, "no further dose; the clinician comes now");
    }
    if rate < limit("call-low") {
        let words = format!("{} beats a minute or above", number(limit("call-low")));
        return found(Urgency::CallClinician, words, "no further dose; the clinician comes now");
    }
    if rate > limit("watch-high") || rate < limit("watch-low") {
        let words = format!("{} to {} beats a minute", number(limit("watch-low")), number(limit("watch-high")));
        return found(Urgency::Watch, words, "repeat in 5 minutes, and ask for symptoms");
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
