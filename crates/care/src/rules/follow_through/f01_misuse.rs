//! Signs of misuse are looked for at each prescription, and hold the next dose until somebody has reviewed the course.
//!
//! Rule       A look in the prescription database and at craving, loss and early requests: less than 7 days old at an
//!            order, and less than 30 at a dose. Another source of a controlled medicine, craving or use other than
//!            prescribed, doses lost, stolen or passed on, or a second request for more before it was due: block until a
//!            prescriber reviews the course after it.
//! Hazard     HZ-10, misuse or dependence.
//! No answer  Never looked, too old, or an answer that is not known or declined: blocks.
//! Source     Clinical reference 7.2 and F01: the database at each prescription, craving, refills and counts at each
//!            session; proposed default, anchored on drug liking and craving, n=33. Both ages are this project's.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, MisuseFact};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{aged, found, missing, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "F01-misuse",
    controls: Hazard::Misuse,
    says: "Misuse is looked for at each prescription; another source, craving, loss or a second early request holds the next dose until the course is reviewed.",
    no_answer: "Never looked, too old, or an answer that is not known or declined: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("check-days-at-order", 7.0, Unit::Days).oldest(&[Subject::MisuseCheck], &[Gate::Order]),
        Limit::lower("check-days-at-dose", 30.0, Unit::Days).oldest(&[Subject::MisuseCheck], &[Gate::Dose]),
        Limit::lower("early-requests", 2.0, Unit::Times),
    ],
    source: "Clinical reference 7.2 and F01; proposed default, anchored on drug liking and craving in sublingual and \
             intranasal ketamine, n=33 (https://doi.org/10.3389/fpsyt.2022.1016439).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(newest) = facts.misuse.iter().max_by_key(|look| look.at) else {
        return found(missing(rule, Subject::MisuseCheck, limit::misuse_looked_for(), clears::look_for_misuse()));
    };
    let mut findings: Vec<_> =
        aged(rule, facts, Subject::MisuseCheck, newest.at, clears::look_for_misuse()).into_iter().collect();
    let reviewed = facts.course.as_ref().and_then(|course| course.reviewed_at);
    let standing: Vec<&MisuseFact> =
        facts.misuse.iter().filter(|look| reviewed.is_none_or(|reviewed| reviewed <= look.at)).collect();
    for (what, answer) in ASKED {
        // Not known is asked again; a yes stands until the course is reviewed, whatever is answered later.
        let yes = standing.iter().find(|look| answer(look) == Answered::Yes);
        if let Some(look) = yes {
            let measured = measured::misuse_sign(what, Value::age(look.at, facts.now));
            findings.push(rule.block(Cause::Met, measured, limit::no_sign_of_misuse(), clears::review_course()));
        } else if matches!(answer(newest), Answered::Unknown | Answered::Declined) {
            let measured = measured::answer(what, answer(newest));
            findings.push(rule.block(Cause::Unknown, measured, limit::no_sign_of_misuse(), clears::look_for_misuse()));
        }
    }
    let most = limit!(rule, facts, "early-requests");
    let early: u32 = standing.iter().map(|look| look.early_requests).sum();
    if early > 0 && f64::from(early) >= most.value {
        let measured = measured::asked_early(Value::number(early, Unit::Times));
        findings.push(rule.block(Cause::Met, measured, limit::fewer_early_requests(most), clears::review_course()));
    }
    verdict(findings, clear::no_sign_of_misuse(Value::age(newest.at, facts.now)))
}

/// Reads one answer of a look for misuse.
type AnswerOf = fn(&MisuseFact) -> Answered;

/// What was asked, and where its answer is.
const ASKED: [(Subject, AnswerOf); 3] = [
    (Subject::OtherSource, |look| look.other_source),
    (Subject::Craving, |look| look.craving),
    (Subject::LostOrShared, |look| look.lost_or_shared),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn a_sign_of_misuse_stands_until_the_course_is_reviewed() {
        check_everywhere(
            &RULE,
            "
            misuse                                    course reviewed   finding
            no no no 0@1 d                            none              -
            no no no 0@6 d 23 h                       none              -
            no no no 0@7 d                            none              block: too old
            no no no 0@in 1 h                         none              block: impossible
            yes no no 0@1 d                           none              block
            no yes no 0@1 d                           none              block
            no no yes 0@1 d                           none              block
            no no no 1@1 d                            none              -
            no no no 2@1 d                            none              block
            no no no 1@20 d, no no no 1@1 d           none              block
            no no no 1@20 d, no no no 1@1 d           5 d               -
            yes no no 0@20 d, no no no 0@1 d          none              block
            yes no no 0@20 d, no no no 0@1 d          5 d               -
            unknown no no 0@1 d                       none              block: unknown
            no declined no 0@1 d                      none              block: unknown
            none                                      none              block: missing
        ",
        );
    }

    #[test]
    fn at_the_dose_the_look_may_be_thirty_days_old() {
        check_everywhere(
            &RULE,
            "
            gate    misuse              finding
            dose    no no no 0@29 d     -
            dose    no no no 0@30 d     block: too old
            order   no no no 0@29 d     block: too old
        ",
        );
    }
}
