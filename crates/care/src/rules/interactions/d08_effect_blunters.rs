//! Some medicines may take the benefit away; the person should know before, not after.
//!
//! Rule       Naltrexone, lamotrigine, clozapine, risperidone or haloperidol taken now: warn, about benefit and not
//!            about danger. No medicine is stopped for this.
//! Hazard     HZ-07, another drug raises, lowers or adds to the effect.
//! No answer  Medicines that nobody has gone through block.
//! Source     Clinical reference 2.2 and D08: Williams 2018 (naltrexone), Veraart 2021; verified, and later studies
//!            conflict.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit};
use crate::facts::{Facts, MedicineClass};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::medicines;
use crate::rules::{Gate, Hazard, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "D08-effect-blunters",
    controls: Hazard::Interaction,
    says: "Naltrexone, lamotrigine or certain antipsychotics may weaken the benefit: warn.",
    no_answer: "Medicines not gone through block.",
    gates: &[Gate::Order],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 2.2 and D08; verified: Williams 2018 \
             (https://psychiatryonline.org/doi/10.1176/appi.ajp.2018.18020138); Veraart 2021 (https://doi.org/10.1093/ijnp/pyab039).",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let findings = list.active(MedicineClass::EffectBlunter, 0.0).map(|m| {
        let clears = clears::reason_and_person_told();
        rule.finding(Severity::Warn, Cause::Met, m.taken(), limit::no_effect_blunter(), clears)
    });
    list.verdict(findings, clear::no_effect_blunter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn warns_about_benefit_only() {
        check_everywhere(
            &RULE,
            "
            medicines                       finding
            empty                           -
            effect-blunter                  warn
            effect-blunter + other          warn
            effect-blunter stopped 1 d      -
            none                            block: missing
        ",
        );
    }
}
