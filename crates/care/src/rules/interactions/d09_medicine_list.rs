//! What somebody takes is known as it is now, not as it was when they came.
//!
//! Rule       The list of medicines was gone through with the patient less than 7 days ago, before each order and each
//!            dose; and on the day, at most 2 hours before the dose, they say that it is still right. The rules on each
//!            medicine (D01 to D08) read that list, and what another record says of medicines counts with it until
//!            somebody has gone through it. They know a medicine by its class: one that nobody and no table has classed
//!            blocks until a person has chosen.
//! Hazard     HZ-07, another drug raises, lowers or adds to the effect.
//! No answer  A medicine without a class, taken now or stopped less than 14 days ago, blocks. A list never gone through, 7 days old or older, or not confirmed today; a change, or not known: each blocks.
//! Source     Clinical reference 2.2 and D01 to D08 name the medicines; the 7 days and the 2 hours are proposed defaults
//!            of this project; 14 days is the longest that one of these rules looks back.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{Listed, aged, medicines, require_today, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule before an order.
pub const RULE: Rule = Rule {
    id: "D09-medicine-list",
    controls: Hazard::Interaction,
    says: "The list of medicines was gone through with the patient less than 7 days ago.",
    no_answer: "Never gone through, or 7 days ago or longer, blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("max-age-days", 7.0, Unit::Days).oldest(&[Subject::MedicineList], &[Gate::Order, Gate::Dose])
    ],
    source: "Clinical reference 2.2 and D01 to D08; 7 days: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

/// The rule on the day.
pub const TODAY: Rule = Rule {
    id: "D09-medicine-list-today",
    says: "On the day the patient says that nothing has changed in their medicines since they were gone through.",
    no_answer: "Not asked today, asked 2 hours ago or longer, not known, or changed: blocks until they are gone through again.",
    gates: &[Gate::Dose],
    limits: &[ages::day_answer(&[Subject::MedicinesUnchanged])],
    source: "Clinical reference 2.2 and D01 to D08; 2 hours: proposed default.",
    check: today,
    ..RULE
};

/// The rule on what nobody has classed.
pub const CLASSED: Rule = Rule {
    id: "D09-medicine-class",
    says: "Every medicine taken now, or stopped less than 14 days ago, is classed, by a table or by a person.",
    no_answer: "A medicine that is not classed blocks, and so does a list that nobody has gone through.",
    limits: &[Limit::higher("within-days", 14.0, Unit::Days)],
    source: "Clinical reference 2.2 and D01 to D08; 14 days: the longest that one of them looks back, proposed default.",
    check: classed,
    ..RULE
};

fn classed(rule: &Rule, facts: &Facts) -> Verdict {
    let list = medicines(rule, facts);
    let days = limit!(rule, facts, CLASSED, "within-days");
    let unknown =
        |m: &Listed<'_>| m.medicine.is_not_classed() && m.medicine.active_within_hours(facts.now, days.value * 24.0);
    let findings = list.all().filter(unknown).map(|m| {
        let unclassed = measured::medicine_not_classed(m.taken());
        rule.block(Cause::Unknown, unclassed, limit::medicine_classed(), clears::choose_medicine_class())
    });
    list.verdict(findings, clear::medicines_classed())
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let finding = match facts.medicines_reviewed_at.filter(|_| facts.medicines.is_some()) {
        None => Some(nobody(rule)),
        Some(at) => aged(rule, facts, Subject::MedicineList, at, clears::go_through_medicines_again()),
    };
    verdict(finding, clear::medicines_current())
}

fn nobody(rule: &Rule) -> Finding {
    let nobody = measured::medicines_not_gone_through();
    rule.block(Cause::Missing, nobody, limit::medicines_gone_through(), clears::go_through_medicines())
}

/// A list gone through after the patient spoke of a change answers it.
fn today(rule: &Rule, facts: &Facts) -> Verdict {
    let what = Subject::MedicinesUnchanged;
    let said = facts.day.medicines_unchanged;
    let since = facts.day.answered_at.get(&what).zip(facts.medicines_reviewed_at);
    let gone_through_since = since.is_some_and(|(said_at, reviewed)| {
        reviewed >= *said_at && reviewed >= facts.day_began_at && reviewed <= facts.now
    });
    if said.is_some() && gone_through_since {
        return verdict(None, clear::medicines_current());
    }
    let clears = clears::go_through_medicines_again();
    verdict(require_today(rule, facts, what, said, Answered::Yes, Severity::Block, clears), clear::medicines_current())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn the_list_counts_for_a_week() {
        check_everywhere(
            &RULE,
            "
            medicines   gone through   finding
            empty       6 d 23 h       -
            empty       7 d            block: too old
            empty       in 1 h         block: impossible
            empty       none           block: missing
            none        1 h            block: missing
        ",
        );
    }

    #[test]
    fn a_medicine_that_nobody_has_classed_blocks_until_a_person_chose() {
        check_everywhere(
            &CLASSED,
            "
            medicines                           imported       finding
            empty                               empty          -
            other + opioid                      empty          -
            not-classed                         empty          block: unknown
            not-classed stopped 13 d 23 h       empty          block: unknown
            not-classed stopped 14 d            empty          -
            empty                               other          -
            other                               not-classed    block: unknown
            none                                not-classed    block: missing + block: unknown
            none                                empty          block: missing
        ",
        );
    }

    #[test]
    fn it_is_confirmed_on_the_day_or_gone_through_again() {
        check_everywhere(
            &TODAY,
            "
            list unchanged   answered today   gone through   finding
            yes              1 h 59 min       3 d            -
            yes              2 h              3 d            block: too old
            no               5 min            3 d            block
            no               5 min            6 min          block
            no               5 min            4 min          -
            unknown          5 min            3 d            block: unknown
            none             .                3 d            block: missing
            none             .                4 min          block: missing
        ",
        );
    }
}
