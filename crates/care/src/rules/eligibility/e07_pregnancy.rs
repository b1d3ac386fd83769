//! Nobody who is, or may be, pregnant or who breast-feeds is treated.
//!
//! Rule       Block on a positive test, on breast-feeding, on a pregnancy that an imported record names, until staff have
//!            confirmed or refuted it, and on a test that is missing or too old where pregnancy is
//!            possible. A test counts for 90 days at the decision; before a dose for 24 hours in the clinic (the
//!            reference's "same day"; no time zone is known here) and for 7 days at home.
//!            Whether pregnancy is possible is asked again on the day, at most 2 hours before the dose (unsigned), of
//!            everybody whose recorded sex is not male; a yes then or before asks for a test.
//! Hazard     HZ-02, harm to a pregnancy or a breast-fed child.
//! No answer  "Could be pregnant" never asked, not known or declined blocks; a missing, stale, undated or unreadable test
//!            blocks.
//! Source     Clinical reference 1.1, 7.2 and E07: NCT00749203 tests before each infusion; Spravato patient counselling;
//!            verified. The home figure is a proposed default; it is longer than the clinic's because home tests are
//!            posted with each refill, and is the one limit by which the home is not stricter.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, HistoryTopic, LabKind, LabResult, Setting, Sex};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{absent, missing, require_today, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

const SOURCE: &str = "Clinical reference 1.1, 7.2 and E07; verified: NCT00749203 eligibility (PTSD); Spravato US \
                      prescribing information, 2019 copy. Days a test counts: proposed default.";

/// The rule at the decision.
pub const RULE: Rule = Rule {
    id: "E07-pregnancy",
    controls: Hazard::Pregnancy,
    says: "Block on pregnancy or breast-feeding; where pregnancy is possible a negative test less than 90 days old is needed.",
    no_answer: "Not asked, not known, declined, or a missing, stale or unreadable test: each blocks.",
    gates: &[Gate::Eligibility, Gate::Order],
    severity: Severity::Block,
    limits: &[
        Limit::fixed("max-age-days", 90.0, Unit::Days)
            .oldest(&[Subject::PregnancyTest], &[Gate::Eligibility, Gate::Order]),
        ages::HISTORY_AT_DECISION,
        ages::HISTORY_AT_DOSE,
    ],
    source: SOURCE,
    signed: None,
    override_by: Override::Never,
    check: at_decision,
};

/// The rule on the day.
pub const DOSE: Rule = Rule {
    id: "E07-pregnancy-dose",
    says: "Before a dose a negative test counts for 24 hours in the clinic and 7 days at home, where pregnancy is possible; whether it is, is asked again on the day of everybody but men; breast-feeding blocks.",
    no_answer: "Not asked today, asked 2 hours ago or longer, not known, declined, or a missing, stale or unreadable test: each blocks.",
    gates: &[Gate::Dose],
    limits: &[
        Limit::fixed("clinic-max-age-hours", 24.0, Unit::Hours).oldest_in(
            Setting::Clinic,
            &[Subject::PregnancyTest],
            &[Gate::Dose],
        ),
        Limit::fixed("home-max-age-hours", 168.0, Unit::Hours).oldest_in(
            Setting::Home,
            &[Subject::PregnancyTest],
            &[Gate::Dose],
        ),
        ages::HISTORY_AT_DOSE,
        ages::day_answer(&[Subject::CouldBePregnantToday]),
    ],
    check: on_the_day,
    ..RULE
};

fn at_decision(rule: &Rule, facts: &Facts) -> Verdict {
    let possible = match facts.history.get(&HistoryTopic::CouldBePregnant).map(|fact| fact.answer) {
        Some(Answered::Yes) => Ok(true),
        // Only a plain and fresh "no" spares the test; every other answer blocks by itself.
        _ => absent(rule, facts, HistoryTopic::CouldBePregnant, Severity::Block, clears::ask_or_test())
            .map_or(Ok(false), Err),
    };
    judge(rule, facts, limit!(rule, facts, "max-age-days"), possible)
}

fn on_the_day(rule: &Rule, facts: &Facts) -> Verdict {
    let most = match facts.setting {
        Setting::Clinic => limit!(rule, facts, DOSE, "clinic-max-age-hours"),
        Setting::Home => limit!(rule, facts, DOSE, "home-max-age-hours"),
    };
    judge(rule, facts, most, possible_today(rule, facts))
}

/// Whether pregnancy is possible, by the history and by what was said today; a yes in either asks for a test.
fn possible_today(rule: &Rule, facts: &Facts) -> Result<bool, Finding> {
    let topic = HistoryTopic::CouldBePregnant;
    let said_before = facts.history.get(&topic).map(|fact| fact.answer) == Some(Answered::Yes);
    if !said_before && let Some(finding) = absent(rule, facts, topic, Severity::Block, clears::ask_or_test()) {
        return Err(finding);
    }
    if facts.sex == Some(Sex::Male) {
        return Ok(said_before);
    }
    let today = facts.day.could_be_pregnant;
    if today == Some(Answered::Yes) {
        return Ok(true);
    }
    let what = Subject::CouldBePregnantToday;
    require_today(rule, facts, what, today, Answered::No, Severity::Block, clears::ask_or_test())
        .map_or(Ok(said_before), Err)
}

fn judge(rule: &Rule, facts: &Facts, most: InForce, possible: Result<bool, Finding>) -> Verdict {
    let feeding = absent(rule, facts, HistoryTopic::BreastFeeding, Severity::Block, clears::breast_feeding_ended());
    let found = feeding.into_iter().chain(on_record(rule, facts)).chain(test(rule, facts, most, possible));
    verdict(found, clear::not_pregnant_or_feeding())
}

/// A pregnancy of an imported record says more than that one is possible.
fn on_record(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let topic = HistoryTopic::CouldBePregnant;
    let fact = facts.history.get(&topic).filter(|fact| fact.candidate && fact.answer == Answered::Yes)?;
    let seen = measured::unconfirmed(topic, fact.from.clone());
    Some(rule.block(Cause::Met, seen, limit::history_no(topic), clears::confirm_import()))
}

fn test(rule: &Rule, facts: &Facts, most: InForce, possible: Result<bool, Finding>) -> Option<Finding> {
    let newest = facts.newest_lab(LabKind::PregnancyTest);
    if let Some(lab) = newest.filter(|lab| matches!(lab.result, LabResult::Abnormal | LabResult::Raised)) {
        let positive = measured::pregnancy_test_positive(Value::age(lab.at, facts.now));
        return Some(rule.block(Cause::Met, positive, limit::negative(), clears::negative_after_pregnancy()));
    }
    match possible {
        Ok(true) => {}
        Ok(false) => return None,
        Err(finding) => return Some(finding),
    }
    let Some(lab) = newest else {
        return Some(missing(rule, Subject::PregnancyTest, limit::negative_test(), clears::test_now()));
    };
    if lab.result == LabResult::Unreadable {
        let unread = measured::unreadable(Subject::PregnancyTest);
        return Some(rule.block(Cause::Unknown, unread, limit::negative(), clears::test_again()));
    }
    stale(rule, Subject::PregnancyTest, lab.at, facts.now, most, clears::test_now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn holds_the_decision_by_answer_and_test() {
        check_everywhere(
            &RULE,
            "
            could-be-pregnant   breast-feeding   pregnancy-test          finding
            no                  no               none                    -
            yes                 no               normal 5 d              -
            yes                 no               normal 89 d 23 h        -
            yes                 no               normal 90 d             block: too old
            yes                 no               normal in 1 d           block: impossible
            yes                 no               none                    block: missing
            yes                 no               unreadable 1 d          block: unknown
            yes                 no               abnormal 1 d            block
            yes                 no               raised 1 d              block
            no                  no               abnormal 1 d            block
            no                  yes              none                    block
            yes                 yes              abnormal 1 d            block + block
            unknown             no               normal 1 d              block: unknown
            declined            no               normal 1 d              block: unknown
            none                no               normal 1 d              block: missing
            no                  none             none                    block: missing
            no                  candidate        none                    block
            candidate           no               normal 5 d              block
            candidate           no               none                    block + block: missing
        ",
        );
    }

    #[test]
    fn a_test_counts_for_a_day_in_the_clinic() {
        check_rule(
            &DOSE,
            Setting::Clinic,
            "
            could-be-pregnant   pregnancy-test           finding
            yes                 normal 23 h 59 min       -
            yes                 normal 24 h              block: too old
            yes                 none                     block: missing
            yes                 abnormal 1 h             block
            no                  none                     -
            none                none                     block: missing
        ",
        );
    }

    #[test]
    fn whether_pregnancy_is_possible_is_asked_again_on_the_day_of_everybody_but_men() {
        check_everywhere(
            &DOSE,
            "
            sex      could-be-pregnant   pregnant today   answered today      pregnancy-test   finding
            female   no                  no               1 h 59 min          none             -
            female   no                  no               2 h                 none             block: too old
            female   no                  none             .                   none             block: missing
            other    no                  none             .                   none             block: missing
            none     no                  none             .                   none             block: missing
            male     no                  none             .                   none             -
            female   no                  yes              5 min               none             block: missing
            female   no                  yes              5 min               normal 1 h       -
            female   yes                 no               5 min               none             block: missing
            female   no                  unknown          5 min               normal 1 h       block: unknown
            female   no                  declined         5 min               none             block: unknown
        ",
        );
    }

    #[test]
    fn a_test_counts_for_a_week_at_home() {
        check_rule(
            &DOSE,
            Setting::Home,
            "
            could-be-pregnant   pregnancy-test           finding
            yes                 normal 6 d 23 h          -
            yes                 normal 7 d               block: too old
            yes                 normal in 2 h            block: impossible
            yes                 none                     block: missing
        ",
        );
    }
}
