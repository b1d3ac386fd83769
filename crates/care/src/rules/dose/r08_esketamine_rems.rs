//! Nasal esketamine is given inside its safety programme (REMS) or not at all.
//!
//! Rule       Never at home. The dose is one, two or three devices of 28 mg. Four facts must be on record: the site's
//!            certificate, the patient's enrolment before the first dose, a prescriber on site, and the monitoring form of
//!            the last dose, sent within 7 days. No form of this program records any of the four yet, so that each is
//!            missing and blocks: esketamine cannot be ordered here until they are built.
//! Hazard     HZ-04, breathing or consciousness fails: sedation, dissociation and respiratory depression are the boxed
//!            warning.
//! No answer  No order by this route is judged as soon as it is written; each of the four facts, missing, blocks.
//! Source     Clinical reference 4.1, 6 and R08; clinic-day 2.5: FDA REMS page 386 and Spravato REMS site, verified twice.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Route, Setting};
use crate::finding::Severity;
use crate::finding::{Cause, Finding, Verdict};
use crate::rules::answers::{missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R08-esketamine-rems",
    controls: Hazard::Respiratory,
    says: "Nasal esketamine: never at home, whole devices of 28 mg up to three, and the four facts of its safety programme on record.",
    no_answer: "Each fact of the programme that is not on record blocks; none can be recorded yet, so that all block.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("device-mg", 28.0, Unit::Mg)],
    source: "Clinical reference 4.1, 6 and R08; verified twice: FDA REMS page 386; Spravato REMS site.",
    signed: None,
    override_by: Override::Never,
    check,
};

/// What the programme asks for before a dose.
const FACTS: [Subject; 4] =
    [Subject::RemsSite, Subject::RemsEnrolment, Subject::RemsPrescriberOnSite, Subject::RemsFormSent];

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let route = facts.order.as_ref().map(|order| order.route).or(facts.route);
    if route != Some(Route::NasalEsketamine) {
        return Verdict::NotApplicable(skip::not_esketamine());
    }
    let mut findings: Vec<Finding> = FACTS
        .iter()
        .map(|fact| missing(rule, *fact, limit::in_the_safety_programme(), clears::another_route_until_recorded()))
        .collect();
    if facts.setting == Setting::Home {
        let by_route = measured::route_at_home(Route::NasalEsketamine);
        findings.push(rule.block(Cause::Met, by_route, limit::route_for_home(), clears::treatment_in_clinic()));
    }
    let device = limit!(rule, facts, "device-mg");
    if let Some(order) = &facts.order {
        let devices = order.dose_mg / device.value;
        if !(1.0..=3.0).contains(&devices) || devices.fract() != 0.0 {
            let dose = measured::dose(Value::number(order.dose_mg, Unit::Mg));
            findings.push(rule.block(Cause::Met, dose, limit::whole_devices(device), clears::correct_order()));
        }
    }
    verdict(findings, clear::in_the_safety_programme())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    const MISSING: &str = "block: missing + block: missing + block: missing + block: missing";

    #[test]
    fn no_esketamine_while_the_programme_cannot_be_recorded() {
        for (dose, more) in [("28", ""), ("56", ""), ("84", ""), ("57", " + block"), ("112", " + block")] {
            let table = format!("route  dose mg  finding\nnasal-esketamine  {dose}  {MISSING}{more}");
            check_rule(&RULE, Setting::Clinic, &table);
        }
        let table = format!("route  dose mg  finding\nnasal-esketamine  56  {MISSING} + block");
        check_rule(&RULE, Setting::Home, &table);
    }

    #[test]
    fn it_is_asked_of_esketamine_only() {
        check_everywhere(&RULE, "route  finding\nsublingual  n/a\nnone  n/a");
    }
}
