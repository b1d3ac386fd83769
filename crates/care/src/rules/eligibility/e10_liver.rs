//! A damaged liver clears the drug slowly and may be damaged further.
//!
//! Rule       Severe liver disease, or liver tests at or past the stop limit (about 3 times the upper normal): block.
//!            Tests above normal and below that: warn, and watch longer. Before a dose the newest result is read again,
//!            whatever its age: a result learnt since the decision must stop the next dose.
//! Hazard     HZ-13, slow harm to bladder or liver is missed.
//! No answer  Severe liver disease never asked, not known or declined; tests missing or unreadable, or, at the decision,
//!            90 days old or older: each blocks.
//! Source     Clinical reference 1.1, 1.2, 7.2 and E10: esketamine, Medscape (Child-Pugh C); OKTOP laboratory limits;
//!            verified. Child-Pugh B is not recorded apart: whoever reads the panel says normal, raised or abnormal.
//! Signed     nobody yet

use crate::facts::{Facts, HistoryTopic, LabKind, LabResult};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::age_words;
use crate::rules::answers::{absent, dated_lab, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "E10-liver",
    controls: Hazard::OrganHarm,
    says: "Block on severe liver disease or liver tests past the stop limit; warn when tests are raised.",
    no_answer: "Not asked, or tests missing, too old or unreadable: each blocks.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-days", 90.0, "days")],
    source: "Clinical reference 1.1, 1.2, 7.2 and E10; verified: Esketamine intranasal, Medscape; OKTOP eligibility, \
             MedPath. Days a panel counts: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check: at_decision,
};

/// The rule before a dose.
pub const DOSE: Rule = Rule {
    id: "E10-liver-dose",
    says: "Before a dose: block on severe liver disease or a newest liver panel past the stop limit.",
    no_answer: "Not asked, or no readable panel: blocks.",
    gates: &[Gate::Dose],
    limits: &[],
    override_by: Override::Never,
    check: on_the_day,
    ..RULE
};

fn severe(rule: &Rule, facts: &Facts) -> Vec<Finding> {
    let clears = "nothing: this stops treatment; correct the entry if it is wrong";
    absent(rule, facts, HistoryTopic::LiverDiseaseSevere, Severity::Block, clears).into_iter().collect()
}

fn at_decision(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = severe(rule, facts);
    let newest = facts.newest_lab(LabKind::LiverPanel);
    match dated_lab(rule, facts, "liver panel", newest, rule.limit(facts, "max-age-days")) {
        Err(finding) => findings.push(finding),
        Ok(lab) => findings.extend(read(rule, lab.result, &age_words(lab.at, facts.now), Some(Severity::Warn))),
    }
    verdict(findings, "no severe liver disease; liver tests normal")
}

fn on_the_day(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = severe(rule, facts);
    match facts.newest_lab(LabKind::LiverPanel) {
        None => findings.push(missing(rule, "liver panel", "a liver panel on record", "a liver panel")),
        Some(lab) => findings.extend(read(rule, lab.result, &age_words(lab.at, facts.now), None)),
    }
    verdict(findings, "no severe liver disease; newest liver panel below the stop limit")
}

fn read(rule: &Rule, result: LabResult, age: &str, raised: Option<Severity>) -> Option<Finding> {
    let limit = "below the stop limit (about 3 times the upper normal)";
    match result {
        LabResult::Normal => None,
        LabResult::Raised => raised.map(|severity| {
            let clears = "a prescriber records why, with longer observation, or a normal panel";
            rule.finding(severity, Cause::Met, format!("liver panel raised, {age} old"), "within normal", clears)
        }),
        LabResult::Abnormal => Some(rule.finding(
            Severity::Block,
            Cause::Met,
            format!("liver panel past the stop limit, {age} old"),
            limit,
            "a later panel below the stop limit",
        )),
        LabResult::Unreadable => Some(rule.finding(
            Severity::Block,
            Cause::Unknown,
            "liver panel could not be read",
            limit,
            "a new liver panel",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn holds_the_decision_by_disease_and_panel() {
        check_everywhere(
            &RULE,
            "
            liver-disease-severe   liver-panel         finding
            no                     normal 89 d 23 h    -
            no                     normal 90 d         block: too old
            no                     normal in 1 d       block: impossible
            no                     raised 5 d          warn
            no                     abnormal 5 d        block
            no                     unreadable 5 d      block: unknown
            no                     none                block: missing
            yes                    normal 5 d          block
            unknown                normal 5 d          block: unknown
            none                   none                block: missing + block: missing
        ",
        );
    }

    #[test]
    fn a_result_learnt_since_the_decision_stops_the_next_dose() {
        check_everywhere(
            &DOSE,
            "
            liver-disease-severe   liver-panel       finding
            no                     normal 120 d      -
            no                     raised 5 d        -
            no                     abnormal 5 d      block
            no                     unreadable 5 d    block: unknown
            no                     none              block: missing
            candidate              normal 5 d        block
        ",
        );
    }
}
