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

use crate::facts::{Facts, Setting, SuicideRisk};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::age_words;
use crate::rules::answers::{missing, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "C01-suicide-screening",
    controls: Hazard::Suicide,
    says: "A suicide screen less than 90 days old; high blocks, moderate blocks at home and needs a clinician's signature in the clinic.",
    no_answer: "No screen, one too old, or one left unanswered where it matters: blocks.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-hours", 2160.0, "hours")],
    source: "Clinical reference 8 and C01; practice: C-SSRS screen scoring (Blueprint); Hull 2022 protocol (verified) for \
             the home. ASQ stands in for C-SSRS. Actions: proposed default.",
    signed: None,
    override_by: Override::PrescriberInClinic,
    check,
};

/// The rule on the day.
pub const DOSE: Rule = Rule {
    id: "C01-suicide-dose",
    says: "A suicide screen less than 24 hours old before every dose; high blocks, moderate blocks at home and needs a clinician's signature in the clinic.",
    gates: &[Gate::Dose],
    limits: &[Limit::fixed("max-age-hours", 24.0, "hours")],
    ..RULE
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let hours = rule.limit(facts, "max-age-hours");
    let ask = "the person is screened again, with somebody there";
    let Some(screen) = &facts.suicide else {
        return Verdict::Found(vec![missing(rule, "suicide screen", "a suicide screen", ask)]);
    };
    let seen = format!("{} {} old", screen.instrument, age_words(screen.at, facts.now));
    // Risk first: a high screen stays high however old it is.
    let mut findings: Vec<Finding> = risk(rule, facts, screen.risk, screen.reviewed, &seen).into_iter().collect();
    findings.extend(stale(rule, "suicide screen", screen.at, facts.now, hours, ask));
    let clear = match screen.risk {
        SuicideRisk::Low => format!("low risk, {seen}; offer a safety plan"),
        SuicideRisk::Moderate => format!("moderate risk, {seen}, signed by a clinician"),
        SuicideRisk::None | SuicideRisk::High | SuicideRisk::Unanswered => format!("no risk found, {seen}"),
    };
    verdict(findings, clear)
}

fn risk(rule: &Rule, facts: &Facts, risk: SuicideRisk, reviewed: bool, seen: &str) -> Option<Finding> {
    let home = facts.setting == Setting::Home;
    let found = |severity, cause, urgency, measured: &str, limit: &str, clears: &str| {
        Some(Finding { urgency, ..rule.finding(severity, cause, format!("{measured}, {seen}"), limit, clears) })
    };
    match risk {
        SuicideRisk::None => None,
        SuicideRisk::Low if home => {
            let clears = "a prescriber records why, with a safety plan";
            found(Severity::Warn, Cause::Met, None, "low risk", "no risk found", clears)
        }
        SuicideRisk::Low => None,
        SuicideRisk::Moderate if home => {
            let clears = "a clinician sees the person today; treatment in the clinic, or a later screen below moderate";
            found(Severity::Block, Cause::Met, Some(Urgency::CallClinician), "moderate risk", "below moderate", clears)
        }
        SuicideRisk::Moderate if reviewed => None,
        SuicideRisk::Moderate => {
            let clears = "a clinician sees the person, a safety plan is written, and they sign to go on";
            found(
                Severity::Escalate,
                Cause::Met,
                Some(Urgency::CallClinician),
                "moderate risk",
                "below moderate, or signed",
                clears,
            )
        }
        SuicideRisk::High => {
            let clears = "a clinician is with the person now, who is not left alone; later, a screen below high";
            found(Severity::Block, Cause::Met, Some(Urgency::Emergency), "high risk", "below high", clears)
        }
        SuicideRisk::Unanswered => {
            let clears = "a clinician asks the unanswered questions, today";
            found(
                Severity::Block,
                Cause::Unknown,
                Some(Urgency::CallClinician),
                "an item that matters was not answered",
                "every item answered",
                clears,
            )
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
