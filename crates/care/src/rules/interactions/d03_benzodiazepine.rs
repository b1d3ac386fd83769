//! Benzodiazepines weaken the effect and add to sedation; they are never stopped abruptly for it.
//!
//! Rule       More than 8 mg a day of diazepam-equivalent in all: warn. A dose of one, or of another sleeping or calming
//!            tablet, on the same day: block at home, warn in the clinic. It is asked again on the day, at most 2 hours
//!            before the dose. Nothing here ever advises stopping one: a sudden stop can cause seizures.
//! Hazard     HZ-07, another drug raises, lowers or adds to the effect.
//! No answer  Medicines not gone through block; a benzodiazepine whose equivalent was not worked out warns as unknown; at
//!            home "taken today" not asked, not known or declined blocks.
//! Source     Clinical reference 2.2 and D03: Andrashko 2020 (8 mg split responders, n=47), verified. The block at home
//!            is a proposed default on programmes' practice.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, MedicineClass};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{home_blocks, medicines, require_today, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule on the daily amount.
pub const RULE: Rule = Rule {
    id: "D03-benzodiazepine",
    controls: Hazard::Interaction,
    says: "Warn above 8 mg a day of diazepam-equivalent; never advise stopping abruptly.",
    no_answer: "Medicines not gone through block; an equivalent not worked out warns.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("mg-per-day", 8.0, Unit::DiazepamMgPerDay)],
    source: "Clinical reference 2.2 and D03; verified: Andrashko 2020 (https://doi.org/10.3389/fpsyt.2020.00844).",
    signed: None,
    override_by: Override::Prescriber,
    check: daily,
};

/// The rule on the day.
pub const TODAY: Rule = Rule {
    id: "D03-benzodiazepine-today",
    says: "A benzodiazepine or another sleeping or calming tablet taken on the day: home blocks, clinic warns.",
    no_answer: "Not asked today, asked 2 hours ago or longer, not known or declined blocks.",
    gates: &[Gate::Dose],
    limits: &[ages::day_answer(&[Subject::BenzodiazepineToday])],
    override_by: Override::Never,
    check: today,
    ..RULE
};

fn daily(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let most = limit!(rule, facts, "mg-per-day");
    let mut total = 0.0;
    let mut findings = Vec::new();
    for listed in list.active(MedicineClass::Benzodiazepine, 0.0) {
        let m = listed.medicine;
        match m.diazepam_equivalent_mg_per_day.filter(|mg| mg.is_finite() && *mg >= 0.0) {
            Some(mg) => total += mg,
            None => {
                let unknown = listed.marked(measured::equivalent_not_known(m.name.as_str()));
                let clears = clears::work_out_equivalent();
                findings.push(rule.finding(Severity::Warn, Cause::Unknown, unknown, limit::at_most(most), clears));
            }
        }
    }
    let amount = Value::number(total, Unit::DiazepamMgPerDay);
    if total > most.value {
        let (amount, clears) = (measured::dose(amount.clone()), clears::reason_and_lowest_dose());
        findings.push(rule.finding(Severity::Warn, Cause::Met, amount, limit::at_most(most), clears));
    }
    list.verdict(findings, clear::daily_amount(amount))
}

fn today(rule: &Rule, facts: &Facts) -> Verdict {
    let (met, clears) = home_blocks(facts, clears::reason_and_breathing_watched(), clears::another_day_as_prescribed());
    let (what, taken) = (Subject::BenzodiazepineToday, facts.day.benzodiazepine_today);
    let finding = match taken {
        // Not known is never less than a yes that warns.
        Some(Answered::Unknown | Answered::Declined) => {
            require_today(rule, facts, what, taken, Answered::No, Severity::Block, clears)
        }
        _ => require_today(rule, facts, what, taken, Answered::No, met, clears),
    };
    verdict(finding, clear::no_benzodiazepine_today())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::{check_everywhere, check_rule, set, well};

    #[test]
    fn warns_above_eight_milligrams_a_day() {
        check_everywhere(
            &RULE,
            "
            medicines                                   finding
            empty                                       -
            benzodiazepine 7.9                          -
            benzodiazepine 8                            -
            benzodiazepine 8.1                          warn
            benzodiazepine 5 + benzodiazepine 5         warn
            benzodiazepine                              warn: unknown
            benzodiazepine + benzodiazepine 10          warn: unknown + warn
            benzodiazepine 20 stopped 1 h               -
            none                                        block: missing
        ",
        );
    }

    #[test]
    fn a_dose_on_the_day_blocks_at_home_and_warns_in_the_clinic() {
        check_rule(
            &TODAY,
            Setting::Home,
            "
            benzodiazepine today   finding
            no                     -
            yes                    block
            unknown                block: unknown
            declined               block: unknown
            none                   block: missing
        ",
        );
        check_rule(
            &TODAY,
            Setting::Clinic,
            "
            benzodiazepine today   answered today   finding
            no                     1 h 59 min       -
            no                     2 h              block: too old
            yes                    5 min            warn
            unknown                5 min            block: unknown
            none                   .                block: missing
        ",
        );
    }

    #[test]
    fn never_advises_an_abrupt_stop() {
        let mut facts = well(Setting::Home);
        set(&mut facts, "medicines", "benzodiazepine 20");
        set(&mut facts, "benzodiazepine today", "yes");
        for rule in [&RULE, &TODAY] {
            for finding in rule.judge(&facts).findings() {
                let careful = [clears::reason_and_lowest_dose(), clears::another_day_as_prescribed()];
                assert!(careful.contains(&finding.clears), "{finding:?}");
            }
        }
    }
}
