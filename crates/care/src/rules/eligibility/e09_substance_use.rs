//! Substance use beyond a limit holds treatment at home and asks for thought in the clinic.
//!
//! Rule       Alcohol or drug use disorder, moderate or worse, in the last 6 months: block at home, warn in the clinic.
//!            Opioid use disorder ever: block at home. AUDIT-C at 3 or more (women, and sex recorded as other or not at
//!            all) or 4 or more (men), or DAST-10 at 3 or more: warn. Before each home dose the history is read again.
//! Hazard     HZ-10, misuse or dependence.
//! No answer  Never asked, not known or declined blocks. AUDIT-C missing, unanswered, impossible, or 90 days old or older
//!            blocks. DAST-10 counts when it was entered and is not asked for.
//! Source     Clinical reference 1.2, 1.5 and E09: NCT06795659 and Hull 2022, verified. The reference names AUDIT at 8;
//!            this project carries AUDIT-C in its place (cut-offs Bush 1998, Bradley 2003). The text of DAST-10 may not
//!            be carried in a product that is sold, so only its total is taken, from the service's own form.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Answered, Facts, HistoryTopic, Setting, Sex};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::answers::{absent, missing, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "E09-substance-use",
    controls: Hazard::Misuse,
    says: "Use disorder, moderate or worse, in 6 months: home blocks, clinic warns. Opioid use disorder ever: home blocks. AUDIT-C or DAST-10 over its cut-off warns.",
    no_answer: "Not asked, not known or declined blocks; AUDIT-C missing, unanswered or too old blocks.",
    gates: &[Gate::Eligibility],
    severity: Severity::Block,
    limits: &[
        Limit::lower("women-audit-c", 3.0, Unit::Points),
        Limit::lower("men-audit-c", 4.0, Unit::Points),
        Limit::lower("dast-10", 3.0, Unit::Points),
        Limit::lower("max-age-days", 90.0, Unit::Days),
    ],
    source: "Clinical reference 1.2, 1.5 and E09; verified: NCT06795659 eligibility (PTSD); Hull 2022 protocol. AUDIT-C \
             (Bush 1998, Bradley 2003) stands in for AUDIT; DAST-10 cut-off: general knowledge, unverified.",
    signed: None,
    override_by: Override::Prescriber,
    check: at_decision,
};

/// The rule before a dose at home: what has been learnt since the decision.
pub const DOSE: Rule = Rule {
    id: "E09-substance-dose",
    says: "Before a home dose: block on a use disorder in the last 6 months or an opioid use disorder ever.",
    no_answer: "Never asked, not known or declined blocks.",
    gates: &[Gate::Dose],
    limits: &[],
    override_by: Override::Never,
    check: on_the_day,
    ..RULE
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

fn on_the_day(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::clinic_decision_stands());
    }
    verdict(history(rule, facts), clear::no_disorder_against_home())
}

fn at_decision(rule: &Rule, facts: &Facts) -> Verdict {
    let mut findings = history(rule, facts);
    let audit = match facts.sex {
        Some(Sex::Male) => limit!(rule, facts, "men-audit-c"),
        Some(Sex::Female | Sex::Other) | None => limit!(rule, facts, "women-audit-c"),
    };
    match facts.measures.get("audit-c") {
        None => findings.push(missing(rule, Subject::AuditC, limit::audit_c_score(), clears::ask_three_questions())),
        Some(_) => findings.extend(score(rule, facts, "audit-c", Subject::AuditC, 12.0, audit)),
    }
    findings.extend(score(rule, facts, "dast-10", Subject::Dast10, 10.0, limit!(rule, facts, "dast-10")));
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
    let days = limit!(rule, facts, "max-age-days");
    if let Some(finding) = stale(rule, name, measure.at, facts.now, days, clears::ask_measure_again(name)) {
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
            female   2                     none                  -
            female   3                     none                  warn
            other    3                     none                  warn
            none     3                     none                  warn
            male     3                     none                  -
            male     4                     none                  warn
            male     13                    none                  block: impossible
            male     unknown               none                  block: unknown
            male     none                  none                  block: missing
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
            measure audit-c   finding
            89 d 23 h         -
            90 d              block: too old
            in 1 d            block: impossible
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
        check_rule(
            &DOSE,
            Setting::Clinic,
            "
            substance-use-disorder-moderate   finding
            yes                               n/a
        ",
        );
    }

    #[test]
    fn a_use_disorder_blocks_at_home_on_the_day_too() {
        for rule in [&RULE, &DOSE] {
            check_rule(
                rule,
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
