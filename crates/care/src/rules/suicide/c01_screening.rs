//! A suicide screen that is missing, old, moderate or high holds the step.
//!
//! Rule       Before a dose: a screen less than 24 hours old; at the decision: less than 90 days old. High: block
//!            everywhere and call, now. Moderate: block at home; in the clinic a clinician signs after seeing it. Low: at
//!            home warn; in the clinic go on, with a safety plan offered. What an imported record says of suicide counts
//!            until a screen here follows: an attempt within 3 months (92 days), or of unknown date, as high; an older one,
//!            thoughts, a named risk or an overdose of untold intent as moderate (unsigned but for the 3 months).
//! Hazard     HZ-05, a suicidal crisis is missed or made worse.
//! No answer  No screen, one too old or dated in the future, or one with an item that matters unanswered: block. An
//!            unanswered item is never read as "no".
//! Source     Clinical reference 8 and C01: C-SSRS screen scoring, verified in practice; actions are proposed defaults.
//!            The reference names C-SSRS, whose text may not be carried: the ASQ stands in (acute positive counts as
//!            high, non-acute positive as moderate), or C-SSRS entered from the service's own form.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, RecordedConcern, Setting, SuicideFact, SuicideRisk};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::days_between;
use crate::rules::answers::{missing, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// For how long an attempt counts as recent: the 3 months of the C-SSRS screen.
const RECENT_ATTEMPT: Limit = Limit::fixed("recent-attempt-days", 92.0, Unit::Days);

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "C01-suicide-screening",
    controls: Hazard::Suicide,
    says: "A suicide screen less than 90 days old; high blocks, moderate blocks at home and needs a clinician's signature in the clinic; what an imported record says of suicide counts until a screen follows.",
    no_answer: "No screen, one too old, or one left unanswered where it matters: blocks.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-hours", 2160.0, Unit::Hours), RECENT_ATTEMPT],
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
    limits: &[Limit::fixed("max-age-hours", 24.0, Unit::Hours), RECENT_ATTEMPT],
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
    let mut findings = on_record(rule, facts);
    let Some(screen) = &facts.suicide else {
        findings.push(missing(rule, what, limit::a_suicide_screen(), clears::screen_again()));
        return Verdict::Found(findings);
    };
    // Risk first: a high screen stays high however old it is.
    findings.extend(risk(rule, facts, screen));
    findings.extend(stale(rule, what, screen.at, facts.now, most, clears::screen_again()));
    let (instrument, age) = (screen.instrument.as_str(), Value::age(screen.at, facts.now));
    let clear = match screen.risk {
        SuicideRisk::Low => clear::low_risk(instrument, age),
        SuicideRisk::Moderate => clear::moderate_risk_signed(instrument, age),
        SuicideRisk::None | SuicideRisk::High | SuicideRisk::Unanswered => clear::no_risk_found(instrument, age),
    };
    verdict(findings, clear)
}

/// What an imported record says of suicide, while nobody has screened since it came.
fn on_record(rule: &Rule, facts: &Facts) -> Vec<Finding> {
    let screened = facts.suicide.as_ref().map(|screen| screen.at);
    let open = facts.concerns.iter().filter(|known| known.concern.is_suicidal());
    open.filter(|known| screened.is_none_or(|at| at < known.recorded_at))
        .map(|known| {
            let days = known.at.map(|at| days_between(at, facts.now));
            let attempt = known.concern == RecordedConcern::SuicideAttempt;
            let high = attempt && days.is_none_or(|days| days < limit!(rule, facts, "recent-attempt-days").value);
            let severity = if high || facts.setting == Setting::Home { Severity::Block } else { Severity::Escalate };
            let seen = match known.at {
                Some(at) => {
                    measured::suicidality_on_record_ago(known.concern, Value::age(at, facts.now), known.from.clone())
                }
                None => measured::suicidality_on_record(known.concern, known.from.clone()),
            };
            let urgency = if high { Urgency::Emergency } else { Urgency::CallClinician };
            let finding = rule.finding(severity, Cause::Met, seen, limit::a_suicide_screen(), clears::screen_again());
            Finding { urgency: Some(urgency), ..finding }
        })
        .collect()
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
    use crate::facts::ConcernFact;
    use crate::rules::testing::{ago, check_everywhere, check_rule, set, well};

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
    fn what_another_record_says_of_suicide_counts_until_a_screen_follows() {
        let on_record = |setting, concern, at: Option<&str>, came: &str| {
            let mut facts = well(setting);
            facts.concerns = vec![ConcernFact {
                concern,
                at: at.map(ago),
                recorded_at: ago(came),
                from: measured::imported("Condition", "0", "synthetic"),
            }];
            RULE.judge(&facts).findings().iter().map(|f| (f.severity, f.urgency)).collect::<Vec<_>>()
        };
        let (clinic, home) = (Setting::Clinic, Setting::Home);
        let (attempt, thoughts) = (RecordedConcern::SuicideAttempt, RecordedConcern::SuicidalThoughts);
        let high = [(Severity::Block, Some(Urgency::Emergency))];
        let moderate = [(Severity::Escalate, Some(Urgency::CallClinician))];
        assert_eq!(on_record(clinic, attempt, Some("91 d"), "1 h"), high);
        assert_eq!(on_record(clinic, attempt, None, "1 h"), high);
        assert_eq!(on_record(clinic, attempt, Some("92 d"), "1 h"), moderate);
        assert_eq!(on_record(clinic, thoughts, Some("5 d"), "1 h"), moderate);
        assert_eq!(on_record(home, thoughts, Some("5 d"), "1 h"), [(Severity::Block, Some(Urgency::CallClinician))]);
        // The screen of two hours ago came after the record.
        assert_eq!(on_record(clinic, attempt, Some("5 d"), "3 h"), []);
    }

    #[test]
    fn high_risk_calls_for_somebody_at_once() {
        let mut facts = well(Setting::Home);
        set(&mut facts, "risk", "high");
        let verdict = DOSE.judge(&facts);
        assert_eq!(verdict.findings().first().and_then(|f| f.urgency), Some(Urgency::Emergency));
    }
}
