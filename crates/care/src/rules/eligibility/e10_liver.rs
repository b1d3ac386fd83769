//! A damaged liver clears the drug slowly and may be damaged further.
//!
//! Rule       Severe liver disease, or liver tests at or past the stop limit (about 3 times the upper normal): block.
//!            Tests above normal and below that: warn, and watch longer. Before an order and a dose the newest result is
//!            read again: a result learnt since the decision must stop the next dose.
//! Hazard     HZ-13, slow harm to bladder or liver is missed.
//! No answer  Severe liver disease never asked, not known or declined; tests missing or unreadable, or 90 days old or
//!            older (every 3 months, reference 7.2): each blocks.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1, 1.2, 7.2 and E10: esketamine, Medscape (Child-Pugh C); OKTOP laboratory limits;
//!            verified. Child-Pugh B is not recorded apart: whoever reads the panel says normal, raised or abnormal.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, HistoryTopic, LabFact, LabKind, LabResult};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, aged, dated_lab, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "E10-liver",
    controls: Hazard::OrganHarm,
    says: "Block on severe liver disease or liver tests past the stop limit; warn when tests are raised.",
    no_answer: "Not asked, or tests missing, too old or unreadable: each blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[
        Limit::lower("max-age-days", 90.0, Unit::Days).oldest(&[Subject::LiverPanel], &[Gate::Eligibility]),
        ages::HISTORY_AT_DECISION,
    ],
    source: "Clinical reference 1.1, 1.2, 7.2 and E10; verified: Esketamine intranasal, Medscape; OKTOP eligibility, \
             MedPath. Days a panel counts: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check: at_decision,
};

/// The rule before an order and a dose.
pub const DOSE: Rule = Rule {
    id: "E10-liver-dose",
    says: "Before a dose: block on severe liver disease or a newest liver panel past the stop limit.",
    no_answer: "Not asked, or no readable panel less than 90 days old: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    limits: &[
        Limit::lower("max-age-days", 90.0, Unit::Days).oldest(&[Subject::LiverPanel], &[Gate::Order, Gate::Dose]),
        ages::HISTORY_AT_DOSE,
    ],
    override_by: Override::Never,
    check: on_the_day,
    ..RULE
};

fn severe(rule: &Rule, facts: &Facts) -> Vec<Finding> {
    let clears = clears::nothing_stops_treatment();
    absent(rule, facts, HistoryTopic::LiverDiseaseSevere, Severity::Block, clears).into_iter().collect()
}

fn at_decision(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = severe(rule, facts);
    let newest = facts.newest_lab(LabKind::LiverPanel);
    match dated_lab(rule, facts, Subject::LiverPanel, newest, limit!(rule, facts, "max-age-days")) {
        Err(finding) => findings.push(finding),
        Ok(lab) => findings.extend(read(rule, facts, lab, Some(Severity::Warn))),
    }
    verdict(findings, clear::liver_normal())
}

fn on_the_day(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = severe(rule, facts);
    let what = Subject::LiverPanel;
    match facts.newest_lab(LabKind::LiverPanel) {
        None => findings.push(missing(rule, what, limit::liver_on_record(), clears::a_liver_panel())),
        Some(lab) => {
            let held = read(rule, facts, lab, None);
            findings.extend(held.or_else(|| aged(rule, facts, what, lab.at, clears::new_one(what))));
        }
    }
    verdict(findings, clear::liver_below_stop())
}

fn read(rule: &Rule, facts: &Facts, lab: &LabFact, raised: Option<Severity>) -> Option<Finding> {
    let age = Value::age(lab.at, facts.now);
    let below = limit::liver_below_stop();
    match lab.result {
        LabResult::Normal => None,
        LabResult::Raised => raised.map(|severity| {
            let clears = clears::reason_or_normal_panel();
            rule.finding(severity, Cause::Met, measured::liver_raised(age), limit::within_normal(), clears)
        }),
        LabResult::Abnormal => {
            Some(rule.block(Cause::Met, measured::liver_past_stop(age), below, clears::later_panel()))
        }
        LabResult::Unreadable => {
            let unread = measured::unreadable(Subject::LiverPanel);
            Some(rule.block(Cause::Unknown, unread, below, clears::new_one(Subject::LiverPanel)))
        }
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
            no                     normal 89 d       -
            no                     normal 90 d       block: too old
            no                     abnormal 90 d     block
            no                     raised 5 d        -
            no                     abnormal 5 d      block
            no                     unreadable 5 d    block: unknown
            no                     none              block: missing
            candidate              normal 5 d        block
        ",
        );
    }
}
