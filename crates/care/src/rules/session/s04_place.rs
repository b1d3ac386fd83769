//! At home everybody knows where help would be sent, and how long it would need.
//!
//! Rule       At home, block unless the patient is at the address on record; escalate when an ambulance needs more than 30
//!            minutes: a prescriber writes why the dose is taken there.
//! Hazard     HZ-08, alone, or unwatched, when something goes wrong.
//! No answer  The place or the time not asked, asked another day or 2 hours ago or longer, or not known blocks.
//! Source     Clinical reference S04 (location must match the stored address) and 1.5 (ambulance more than 30 minutes away:
//!            block or escalate), proposed default.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{AmbulanceTime, Facts, PlaceToday, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{old_day_answer, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S04-place",
    controls: Hazard::Unattended,
    says: "At home: the patient is at the address on record; an ambulance more than 30 minutes away needs a prescriber's reason.",
    no_answer: "The place or the time not asked, asked 2 hours ago or longer or another day, or not known blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        ages::day_answer(&[Subject::PlaceToday, Subject::AmbulanceTime]),
        Limit::lower("ambulance-minutes", 30.0, Unit::Minutes),
    ],
    source: "Clinical reference S04 and 1.5 (ambulance more than 30 minutes away: block or escalate); proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::room_of_the_clinic());
    }
    verdict(place(rule, facts).into_iter().chain(ambulance(rule, facts)), clear::place_and_ambulance())
}

fn place(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let wanted = limit::place_on_record();
    match &facts.day.place_today {
        None => {
            let not_asked = measured::not_asked(Subject::PlaceToday);
            Some(rule.block(Cause::Missing, not_asked, wanted, clears::ask()))
        }
        Some(PlaceToday::Unknown) => {
            Some(rule.block(Cause::Unknown, measured::place_not_known(), wanted, clears::find_out()))
        }
        Some(PlaceToday::Elsewhere { address }) => {
            let there = measured::place_elsewhere(address.as_str());
            Some(rule.block(Cause::Met, there, wanted, clears::put_address_on_record()))
        }
        Some(PlaceToday::OnRecord) => old_day_answer(rule, facts, Subject::PlaceToday),
    }
}

fn ambulance(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let most = limit!(rule, facts, "ambulance-minutes");
    match facts.day.ambulance {
        None => {
            let not_asked = measured::not_asked(Subject::AmbulanceTime);
            Some(rule.block(Cause::Missing, not_asked, limit::ambulance_known(), clears::ask()))
        }
        Some(AmbulanceTime::Unknown) => {
            let unknown = measured::ambulance_not_known();
            Some(rule.block(Cause::Unknown, unknown, limit::ambulance_known(), clears::find_ambulance_time()))
        }
        Some(AmbulanceTime::Minutes { minutes }) if minutes as f64 > most.value => {
            let takes = measured::ambulance_takes(Value::number(minutes as f64, Unit::Minutes));
            let (limit, clears) = (limit::at_most(most), clears::reason_or_nearer_help());
            Some(rule.finding(Severity::Escalate, Cause::Met, takes, limit, clears))
        }
        Some(AmbulanceTime::Minutes { .. }) => old_day_answer(rule, facts, Subject::AmbulanceTime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn the_place_is_the_address_on_record_and_an_ambulance_is_near() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            place       ambulance   finding
            on record   12          -
            elsewhere   12          block
            unknown     12          block: unknown
            none        12          block: missing
            on record   30          -
            on record   31          escalate
            on record   unknown     block: unknown
            on record   none        block: missing
            elsewhere   45          block + escalate
        ",
        );
        check_rule(&RULE, Setting::Clinic, "place   ambulance   finding\nnone   none   n/a");
    }

    #[test]
    fn an_answer_of_long_ago_is_asked_again() {
        let table = "answered today   finding\n119 min   -\n120 min   block: too old + block: too old";
        check_rule(&RULE, Setting::Home, table);
    }
}
