//! No dose in a clinic where an airway could not be rescued: what must be at hand was looked at today.
//!
//! Rule       In the clinic, each item that the route asks for was found at hand on the day of the dose. A person who can
//!            rescue an airway: every route. Oxygen: into a vein or a muscle blocks, another route warns. Suction: into a vein
//!            or a muscle. Airway kit: these and the nose. Access to a vein: an infusion.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  An item that nobody looked at, or looked at another day, blocks.
//! Source     Clinical reference 4.7 and its list of a session's readiness (Utah's statute the most explicit seen; items by
//!            route proposed). Valid until midnight: a proposal.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Answered, Facts, Route, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::answers::{found, require_today, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// What is looked at.
const LOOKED_AT: [Subject; 5] = [
    Subject::ClinicTrainedPerson,
    Subject::ClinicOxygen,
    Subject::ClinicSuction,
    Subject::ClinicAirwayKit,
    Subject::ClinicIvAccess,
];

/// The rule.
pub const RULE: Rule = Rule {
    id: "S11-clinic-ready",
    controls: Hazard::Respiratory,
    says: "In the clinic, looked at on the day: a person who can rescue an airway; oxygen, suction, airway kit and access to a vein as the route asks.",
    no_answer: "An item that nobody looked at, or looked at another day, blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-hours", 24.0, Unit::Hours).oldest(&LOOKED_AT, &[Gate::Dose])],
    source: "Clinical reference 4.7 (rescue items commonly listed) and a session's readiness, items by route: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Home {
        return Verdict::NotApplicable(skip::home_has_no_kit());
    }
    let Some(route) = facts.route else {
        let none = measured::none_recorded(Subject::Route);
        return found(rule.block(Cause::Missing, none, limit::a_route(), clears::write_plan_or_order()));
    };
    let injected = matches!(route, Route::Intravenous | Route::Intramuscular);
    let nasal = route == Route::NasalEsketamine;
    let oxygen = if injected { Severity::Block } else { Severity::Warn };
    let ready = &facts.day.readiness;
    let items = [
        (true, Subject::ClinicTrainedPerson, ready.trained_person, Severity::Block),
        (true, Subject::ClinicOxygen, ready.oxygen, oxygen),
        (injected, Subject::ClinicSuction, ready.suction, Severity::Block),
        (injected || nasal, Subject::ClinicAirwayKit, ready.airway_kit, Severity::Block),
        (route == Route::Intravenous, Subject::ClinicIvAccess, ready.iv_access, Severity::Block),
    ];
    let findings: Vec<Finding> = items
        .into_iter()
        .filter(|(asked, ..)| *asked)
        .filter_map(|(_, item, answer, otherwise)| {
            let clears = if answer.is_none() { clears::check_clinic_today() } else { clears::put_in_place() };
            let mut finding = require_today(rule, facts, item, answer, Answered::Yes, otherwise, clears)?;
            if matches!(finding.cause, Cause::Missing | Cause::TooOld) {
                finding.clears = clears::check_clinic_today();
            }
            Some(finding)
        })
        .collect();
    verdict(findings, clear::clinic_ready())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn each_item_is_at_hand_before_an_infusion() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            o2        suction   airway   trained   iv        finding
            yes       yes       yes      yes       yes       -
            no        yes       yes      yes       yes       block
            yes       no        yes      yes       yes       block
            yes       yes       no       yes       yes       block
            yes       yes       yes      no        yes       block
            yes       yes       yes      yes       no        block
            unknown   yes       yes      yes       yes       block: unknown
            none      yes       yes      yes       yes       block: missing
            yes       yes       yes      none      yes       block: missing
            none      none      none     none      none      block: missing + block: missing + block: missing + block: missing + block: missing
        ",
        );
        check_rule(&RULE, Setting::Home, "o2   trained   finding\nnone   none   n/a");
    }

    #[test]
    fn another_route_asks_for_less() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            route              o2     suction   airway   trained   iv     finding
            intramuscular      yes    yes       yes      yes       none   -
            intramuscular      no     yes       yes      yes       none   block
            nasal-esketamine   no     none      yes      yes       none   warn
            nasal-esketamine   yes    none      no       yes       none   block
            sublingual         yes    none      none     yes       none   -
            sublingual         no     none      none     yes       none   warn
            sublingual         none   none      none     yes       none   block: missing
            sublingual         yes    none      none     no        none   block
            none               yes    yes       yes      yes       yes    block: missing
        ",
        );
    }

    #[test]
    fn it_is_looked_at_again_each_day() {
        let old = ["block: too old"; 5].join(" + ");
        check_rule(&RULE, Setting::Clinic, &format!("answered today   finding\n9 h   -\n11 h   {old}"));
    }
}
