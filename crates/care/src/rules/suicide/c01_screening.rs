//! A suicide screen that is missing, old, moderate or high holds the step.
//!
//! Rule       Before a dose: a screen less than 24 hours old; at the decision: less than 90 days old. High: block
//!            everywhere and call, now. Moderate: block at home; in the clinic a clinician signs after seeing it. Low: at
//!            home warn; in the clinic go on, with a safety plan offered.
//! Hazard     HZ-05, a suicidal crisis is missed or made worse.
//! No answer  No screen, one too old or dated in the future, or one with an item that matters unanswered: block. An
//!            unanswered item is never read as "no".
//! Source     Clinical reference 8 and C01: C-SSRS screen scoring, verified in practice; actions are proposed defaults.
//!            The reference names C-SSRS, whose text may not be carried: the ASQ stands in (acute positive counts as
//!            high, non-acute positive as moderate), or C-SSRS entered from the service's own form.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Setting, SuicideFact, SuicideRisk};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::{found, missing, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "C01-suicide-screening",
    controls: Hazard::Suicide,
    says: "A suicide screen less than 90 days old; high blocks, moderate blocks at home and needs a clinician's signature in the clinic.",
    no_answer: "No screen, one too old, or one left unanswered where it matters: blocks.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-hours", 2160.0, Unit::Hours)],
    source: "Clinical reference 8 and C01; practice: C-SSRS screen scoring (Blueprint); Hull 2022 protocol (verified) for \
             the home. ASQ stands in for C-SSRS. Actions: proposed default.",
    signed: None,
    override_by: Override::PrescriberInClinic,
    check: at_decision,
};

/// The rule on the day.
pub const DOSE: Rule = Rule {
    id: "C01-suicide-dose",
    says: "A suicide screen less than 24 hours old before every dose; high blocks, moderate blocks at home and needs a clinician's signature in the clinic.",
    gates: &[Gate::Dose],
    limits: &[Limit::fixed("max-age-hours", 24.0, Unit::Hours)],
    check: on_the_day,
    ..RULE
};

fn at_decision(rule: &Rule, facts: &Facts) -> Verdict {
    check(rule, facts, limit!(rule, facts, "max-age-hours"))
}

fn on_the_day(rule: &Rule, facts: &Facts) -> Verdict {
    check(rule, facts, limit!(rule, facts, DOSE, "max-age-hours"))
}

fn check(rule: &Rule, facts: &Facts, most: InForce) -> Verdict {
    let what = Subject::SuicideScreen;
    let Some(screen) = &facts.suicide else {
        return found(missing(rule, what, limit::a_suicide_screen(), clears::screen_again()));
    };
    // Risk first: a high screen stays high however old it is.
    let mut findings: Vec<Finding> = risk(rule, facts, screen).into_iter().collect();
    findings.extend(stale(rule, what, screen.at, facts.now, most, clears::screen_again()));
    let (instrument, age) = (screen.instrument.as_str(), Value::age(screen.at, facts.now));
    let clear = match screen.risk {
        SuicideRisk::Low => clear::low_risk(instrument, age),
        SuicideRisk::Moderate => clear::moderate_risk_signed(instrument, age),
        SuicideRisk::None | SuicideRisk::High | SuicideRisk::Unanswered => clear::no_risk_found(instrument, age),
    };
    verdict(findings, clear)
}

fn risk(rule: &Rule, facts: &Facts, screen: &SuicideFact) -> Option<Finding> {
    let home = facts.setting == Setting::Home;
    let found = |severity, cause, urgency, limit, clears| {
        let seen = measured::suicide_risk(screen.risk, screen.instrument.as_str(), Value::age(screen.at, facts.now));
        Some(Finding { urgency, ..rule.finding(severity, cause, seen, limit, clears) })
    };
    let (call, emergency) = (Some(Urgency::CallClinician), Some(Urgency::Emergency));
    match screen.risk {
        SuicideRisk::None => None,
        SuicideRisk::Low if home => {
            found(Severity::Warn, Cause::Met, None, limit::no_risk_found(), clears::reason_with_safety_plan())
        }
        SuicideRisk::Low => None,
        SuicideRisk::Moderate if home => {
            let (limit, clears) = (limit::below_moderate(), clears::seen_today_or_later_screen());
            found(Severity::Block, Cause::Met, call, limit, clears)
        }
        SuicideRisk::Moderate if screen.reviewed => None,
        SuicideRisk::Moderate => {
            let (limit, clears) = (limit::below_moderate_or_signed(), clears::seen_and_signed());
            found(Severity::Escalate, Cause::Met, call, limit, clears)
        }
        SuicideRisk::High => {
            found(Severity::Block, Cause::Met, emergency, limit::below_high(), clears::clinician_is_with_them())
        }
        SuicideRisk::Unanswered => {
            let clears = clears::ask_unanswered_today();
            found(Severity::Block, Cause::Unknown, call, limit::every_item_answered(), clears)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule, set, well};

    #[test]
    fn judges_risk_in_the_clinic_at_both_gates() {
        for rule in [&RULE, &DOSE] {
            check_rule(
                rule,
                Setting::Clinic,
                "
                risk         reviewed   finding
                clear        no         -
                low          no         -
                moderate     no         call
                moderate     yes        -
                high         no         block
                high         yes        block
                unanswered   no         block: unknown
                unanswered   yes        block: unknown
                none         no         block: missing
            ",
            );
        }
    }

    #[test]
    fn judges_risk_more_strictly_at_home() {
        for rule in [&RULE, &DOSE] {
            check_rule(
                rule,
                Setting::Home,
                "
                risk         reviewed   finding
                clear        no         -
                low          no         warn
                moderate     no         block
                moderate     yes        block
                high         yes        block
                unanswered   no         block: unknown
                none         no         block: missing
            ",
            );
        }
    }

    #[test]
    fn a_screen_counts_for_a_day_before_a_dose_and_for_ninety_at_the_decision() {
        check_everywhere(
            &DOSE,
            "
            risk     screened         finding
            clear    23 h 59 min      -
            clear    24 h             block: too old
            clear    in 5 min         block: impossible
            high     30 d             block + block: too old
        ",
        );
        check_everywhere(
            &RULE,
            "
            risk     screened         finding
            clear    89 d 23 h        -
            clear    90 d             block: too old
            clear    in 5 min         block: impossible
        ",
        );
    }

    #[test]
    fn high_risk_calls_for_somebody_at_once() {
        let mut facts = well(Setting::Home);
        set(&mut facts, "risk", "high");
        let verdict = DOSE.judge(&facts);
        assert_eq!(verdict.findings().first().and_then(|f| f.urgency), Some(Urgency::Emergency));
    }
}
