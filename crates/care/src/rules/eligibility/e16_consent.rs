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

use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::quantity::age_words;
use crate::rules::answers::{missing, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E16-consent",
    controls: Hazard::Consent,
    says: "Consent to off-label treatment is signed, of the version in force, less than 183 days old and not withdrawn; at home with the notice on compounded products.",
    no_answer: "No consent, an old version, or one too old blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("max-age-days", 183.0, "days")],
    source: "Clinical reference 0.1, 1.1 and E16; verified: OKTOP eligibility, MedPath; HealthDay on the FDA alert, 11 Oct \
             2023. Renewal every 6 months: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let sign = "the consent in force is read and signed";
    let Some(consent) = &facts.consent else {
        return Verdict::Found(vec![missing(rule, "consent", "a signed consent of the version in force", sign)]);
    };
    let block = |measured: String, limit: &str, clears: &str| {
        rule.finding(Severity::Block, Cause::Met, measured, limit, clears)
    };
    if let Some(withdrawn) = consent.withdrawn_at {
        let measured = format!("consent withdrawn {} ago", age_words(withdrawn, facts.now));
        return Verdict::Found(vec![block(
            measured,
            "consent not withdrawn",
            "only if the person wishes: a new consent is signed",
        )]);
    }
    let mut findings = Vec::new();
    if consent.version != consent.current_version {
        let measured = format!("version {} was signed", consent.version);
        findings.push(block(measured, &format!("version {}", consent.current_version), sign));
    }
    let hours = rule.limit(facts, "max-age-days") * 24.0;
    findings.extend(stale(rule, "consent", consent.signed_at, facts.now, hours, sign));
    if facts.setting == Setting::Home && !consent.home_notice {
        let measured = "signed without the notice on compounded products at home".to_owned();
        findings.push(block(measured, "consent with that notice", "the home consent is read and signed"));
    }
    verdict(findings, format!("version {}, signed {} ago", consent.version, age_words(consent.signed_at, facts.now)))
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
