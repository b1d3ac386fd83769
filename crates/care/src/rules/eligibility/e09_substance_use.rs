//! Substance use beyond a limit holds treatment at home and asks for thought in the clinic.
//!
//! Rule       Alcohol or drug use disorder, moderate or worse, in the last 6 months: block at home, warn in the clinic.
//!            Opioid use disorder ever: block at home. AUDIT-C at 3 or more (women, and sex recorded as other or not at
//!            all) or 4 or more (men), AUDIT at 8 or more where the service enters it, or DAST-10 at 3 or more: warn. All of it
//!            is read again before each order and each dose.
//! Hazard     HZ-10, misuse or dependence.
//! No answer  Never asked, not known or declined blocks. AUDIT-C or DAST-10 missing, unanswered, impossible, or 90 days
//!            old or older at the decision (183 days before an order or a dose, unsigned) blocks.
//! Source     Clinical reference 1.2, 1.5 and E09: NCT06795659 and Hull 2022, verified. The reference names AUDIT at 8;
//!            this project asks AUDIT-C in its place (cut-offs Bush 1998, Bradley 2003) and takes a total of the whole AUDIT
//!            beside it. The texts of AUDIT and DAST-10 may not be carried in a product that is sold, so only their totals
//!            are taken, from the service's own forms.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, HistoryTopic, Setting, Sex};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, aged, missing, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E09-substance-use",
    controls: Hazard::Misuse,
    says: "Use disorder, moderate or worse, in 6 months: home blocks, clinic warns. Opioid use disorder ever: home blocks. AUDIT-C, AUDIT or DAST-10 over its cut-off warns.",
    no_answer: "Not asked, not known or declined blocks; AUDIT-C or DAST-10 missing, unanswered or too old blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("women-audit-c", 3.0, Unit::Points),
        Limit::lower("men-audit-c", 4.0, Unit::Points),
        Limit::lower("dast-10", 3.0, Unit::Points),
        Limit::lower("audit", 8.0, Unit::Points),
        Limit::lower("max-age-days", 90.0, Unit::Days)
            .oldest(&[Subject::AuditC, Subject::Audit, Subject::Dast10], &[Gate::Eligibility]),
        Limit::lower("max-age-days-at-dose", 183.0, Unit::Days)
            .oldest(&[Subject::AuditC, Subject::Audit, Subject::Dast10], &[Gate::Order, Gate::Dose]),
        ages::HISTORY_AT_DECISION,
        ages::HISTORY_AT_DOSE,
    ],
    source: "Clinical reference 1.2, 1.5 and E09; verified: NCT06795659 eligibility (PTSD); Hull 2022 protocol. AUDIT-C \
             (Bush 1998, Bradley 2003) is asked for AUDIT; cut-offs of AUDIT and DAST-10: general knowledge, unverified.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn history(rule: &Rule, facts: &Facts) -> Vec<Finding> {
    let home = facts.setting == Setting::Home;
    let disorder = if home { Severity::Block } else { Severity::Warn };
    let clears = if home { clears::treat_disorder_or_clinic() } else { clears::reason() };
    let topic = HistoryTopic::SubstanceUseDisorderModerate;
    let mut findings: Vec<Finding> = absent(rule, facts, topic, disorder, clears).into_iter().collect();
    // In the clinic a past opioid use disorder is no finding of this rule, but it must have been asked.
    let topic = HistoryTopic::OpioidUseDisorder;
    let opioid = facts.history.get(&topic).map(|fact| fact.answer);
    if home || opioid != Some(Answered::Yes) {
        findings.extend(absent(rule, facts, topic, Severity::Block, clears::treatment_in_clinic()));
    }
    findings
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = history(rule, facts);
    let audit = match facts.sex {
        Some(Sex::Male) => limit!(rule, facts, "men-audit-c"),
        Some(Sex::Female | Sex::Other) | None => limit!(rule, facts, "women-audit-c"),
    };
    match facts.measures.get("audit-c") {
        None => findings.push(missing(rule, Subject::AuditC, limit::audit_c_score(), clears::ask_three_questions())),
        Some(_) => findings.extend(score(rule, facts, "audit-c", Subject::AuditC, 12.0, audit)),
    }
    // The whole AUDIT is not asked of everybody; where somebody entered it, it counts.
    findings.extend(score(rule, facts, "audit", Subject::Audit, 40.0, limit!(rule, facts, "audit")));
    let drugs = limit!(rule, facts, "dast-10");
    match facts.measures.get("dast-10") {
        None => findings.push(missing(
            rule,
            Subject::Dast10,
            limit::score_below(Subject::Dast10, drugs),
            clears::enter_total(Subject::Dast10),
        )),
        Some(_) => findings.extend(score(rule, facts, "dast-10", Subject::Dast10, 10.0, drugs)),
    }
    verdict(findings, clear::no_disorder_and_below_cutoffs())
}

fn score(rule: &Rule, facts: &Facts, id: &str, name: Subject, most: f64, cutoff: InForce) -> Option<Finding> {
    let measure = facts.measures.get(id)?;
    let limit = limit::score_below(name, cutoff);
    let Some(total) = measure.scores.get("total").copied().flatten() else {
        return Some(rule.block(Cause::Unknown, measured::unscored(name), limit, clears::ask_measure_again(name)));
    };
    let points = measured::score(name, Value::number(total, Unit::Points));
    if !(0.0..=most).contains(&total) {
        return Some(rule.block(Cause::Impossible, points, limit, clears::ask_measure_again(name)));
    }
    if let Some(finding) = aged(rule, facts, name, measure.at, clears::ask_measure_again(name)) {
        return Some(finding);
    }
    (total >= cutoff.value).then(|| rule.finding(Severity::Warn, Cause::Met, points, limit, clears::ask_about_use()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn questionnaires_warn_from_their_cut_offs() {
        check_everywhere(
            &RULE,
            "
            sex      score audit-c.total   score dast-10.total   finding
            female   2                     0                     -
            female   3                     0                     warn
            other    3                     0                     warn
            none     3                     0                     warn
            male     3                     0                     -
            male     4                     0                     warn
            male     13                    0                     block: impossible
            male     unknown               0                     block: unknown
            male     none                  0                     block: missing
            male     0                     none                  block: missing
            male     none                  none                  block: missing + block: missing
            male     0                     2                     -
            male     0                     3                     warn
            male     4                     3                     warn + warn
            male     0                     unknown               block: unknown
            male     0                     11                    block: impossible
        ",
        );
        check_everywhere(
            &RULE,
            "
            gate          measure audit-c   measure dast-10   finding
            eligibility   89 d 23 h         .                 -
            eligibility   90 d              .                 block: too old
            eligibility   in 1 d            .                 block: impossible
            eligibility   .                 90 d              block: too old
            dose          182 d             182 d             -
            order         183 d             .                 block: too old
            dose          .                 183 d             block: too old
        ",
        );
    }

    #[test]
    fn the_whole_audit_counts_where_it_was_entered() {
        check_everywhere(
            &RULE,
            "
            score audit.total   finding
            none                -
            7                   -
            8                   warn
            40                  warn
            41                  block: impossible
            unknown             block: unknown
        ",
        );
    }

    #[test]
    fn a_use_disorder_warns_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            substance-use-disorder-moderate   opioid-use-disorder   finding
            no                                no                    -
            yes                               no                    warn
            no                                yes                   -
            unknown                           no                    block: unknown
            no                                none                  block: missing
        ",
        );
    }

    #[test]
    fn a_use_disorder_blocks_at_home() {
        {
            check_rule(
                &RULE,
                Setting::Home,
                "
                substance-use-disorder-moderate   opioid-use-disorder   finding
                no                                no                    -
                yes                               no                    block
                no                                yes                   block
                no                                candidate             block
                none                              declined              block: missing + block: unknown
            ",
            );
        }
    }
}
