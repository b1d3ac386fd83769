//! A resting pulse too slow or too fast just before a dose holds the dose.
//!
//! Rule       Clinic: warn below 50 or above 110 beats a minute; block below 45 or above 120. Home: block below 50 or
//!            above 100.
//! Hazard     HZ-03, a pressure surge harms somebody already high; here, a strained heart.
//! No answer  A missing pulse, one 30 minutes old or older, or an impossible one blocks.
//! Source     Proposed default; clinical reference 1.3 rows 3 and 4, 1.4 and S01.
//! Signed     nobody yet

use super::PULSE;
use crate::codes::{clears, limit};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S01-pulse",
    controls: Hazard::PressureSurge,
    says: "Pulse before a dose: clinic warns below 50 or above 110, blocks below 45 or above 120; home blocks below 50 or above 100.",
    no_answer: "A missing pulse, one 30 minutes old or older, or an impossible one blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("clinic-block-low", 45.0, Unit::BeatsPerMinute),
        Limit::lower("clinic-block-high", 120.0, Unit::BeatsPerMinute),
        Limit::higher("clinic-warn-low", 50.0, Unit::BeatsPerMinute),
        Limit::lower("clinic-warn-high", 110.0, Unit::BeatsPerMinute),
        Limit::higher("home-block-low", 50.0, Unit::BeatsPerMinute),
        Limit::lower("home-block-high", 100.0, Unit::BeatsPerMinute),
        Limit::lower("max-age-minutes", 30.0, Unit::Minutes),
    ],
    source: "Clinical reference 1.3, 1.4 and S01; proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let (at, pulse) = match PULSE.before_dose(rule, facts, limit!(rule, facts, "max-age-minutes")) {
        Ok(reading) => reading,
        Err(finding) => return found(finding),
    };
    let steps = match facts.setting {
        Setting::Clinic => vec![
            (
                named!("clinic-block-low"),
                named!("clinic-block-high"),
                Severity::Block,
                clears::later_pulse_with_cause(),
            ),
            (named!("clinic-warn-low"), named!("clinic-warn-high"), Severity::Warn, clears::reason_or_later_pulse()),
        ],
        Setting::Home => {
            vec![(named!("home-block-low"), named!("home-block-high"), Severity::Block, clears::rest_then_pulse())]
        }
    };
    for (low, high, severity, clears) in steps {
        let (low, high) = (rule.limit(facts, low), rule.limit(facts, high));
        if f64::from(pulse) < low.value || f64::from(pulse) > high.value {
            let measured = PULSE.measured(pulse, at, facts.now);
            return found(rule.finding(severity, Cause::Met, measured, limit::between(low, high), clears));
        }
    }
    verdict(None, PULSE.clear(pulse, at, facts.now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_pulse_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            pulse                     finding
            50@5 min                  -
            49@5 min                  warn
            45@5 min                  warn
            44@5 min                  block
            110@5 min                 -
            111@5 min                 warn
            120@5 min                 warn
            121@5 min                 block
            130@9 min, 80@5 min       -
            72@29 min                 -
            72@30 min                 block: too old
            19@5 min                  block: impossible
            251@5 min                 block: impossible
            72@in 1 min               block: impossible
            none                      block: missing
        ",
        );
    }

    #[test]
    fn holds_earlier_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            pulse          finding
            50@5 min       -
            49@5 min       block
            100@5 min      -
            101@5 min      block
            72@30 min      block: too old
            300@5 min      block: impossible
            none           block: missing
        ",
        );
    }
}
