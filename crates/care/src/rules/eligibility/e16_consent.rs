//! Nobody is ordered or given a dose without consent that is signed, current and not withdrawn.
//!
//! Rule       Block without a signed consent of the version in force, less than 6 months (183 days) old and not
//!            withdrawn; at home it must hold the notice on compounded products. It stands before the order and the
//!            dose, and not before the decision, because consent is signed once the decision is made.
//! Hazard     HZ-11, treated without valid consent.
//! No answer  No consent, an old version, one 183 days old or older, or one dated in the future blocks.
//! Source     Clinical reference 0.1, 1.1 and E16: every use for PTSD is off-label; OKTOP takes consent as an entry rule,
//!            verified. Renewal every 6 months is a proposed default.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E16-consent",
    controls: Hazard::Consent,
    says: "Consent to off-label treatment is signed, of the version in force, less than 183 days old and not withdrawn; at home with the notice on compounded products.",
    no_answer: "No consent, an old version, or one too old blocks.",
    gates: &[Gate::Order, Gate::Scheduling, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("max-age-days", 183.0, Unit::Days)],
    source: "Clinical reference 0.1, 1.1 and E16; verified: OKTOP eligibility, MedPath; HealthDay on the FDA alert, 11 Oct \
             2023. Renewal every 6 months: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(consent) = &facts.consent else {
        return found(missing(rule, Subject::Consent, limit::consent_in_force(), clears::sign_consent()));
    };
    if let Some(withdrawn) = consent.withdrawn_at {
        let measured = measured::consent_withdrawn(Value::age(withdrawn, facts.now));
        return found(rule.block(Cause::Met, measured, limit::consent_standing(), clears::new_consent_if_wished()));
    }
    let mut findings = Vec::new();
    if consent.version != consent.current_version {
        let signed = measured::consent_version(consent.version.as_str());
        let wanted = limit::consent_version(consent.current_version.as_str());
        findings.push(rule.block(Cause::Met, signed, wanted, clears::sign_consent()));
    }
    let days = limit!(rule, facts, "max-age-days");
    findings.extend(stale(rule, Subject::Consent, consent.signed_at, facts.now, days, clears::sign_consent()));
    if facts.setting == Setting::Home && !consent.home_notice {
        let without = measured::consent_without_notice();
        findings.push(rule.block(Cause::Met, without, limit::consent_with_notice(), clears::sign_home_consent()));
    }
    let signed = Value::age(consent.signed_at, facts.now);
    verdict(findings, clear::consent_signed(consent.version.as_str(), signed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn blocks_without_a_current_consent_everywhere() {
        check_everywhere(
            &RULE,
            "
            signed              version   withdrawn   finding
            5 d                 current   no          -
            182 d 23 h 59 min   current   no          -
            183 d               current   no          block: too old
            in 1 h              current   no          block: impossible
            5 d                 old       no          block
            200 d               old       no          block + block: too old
            5 d                 current   1 h         block
        ",
        );
        check_everywhere(
            &RULE,
            "
            consent   finding
            none      block: missing
        ",
        );
    }

    #[test]
    fn the_notice_on_compounded_products_is_asked_for_at_home_only() {
        let table = |finding: &str| format!("home notice   finding\nno   {finding}\nyes   -");
        check_rule(&RULE, Setting::Home, &table("block"));
        check_rule(&RULE, Setting::Clinic, &table("-"));
    }
}
