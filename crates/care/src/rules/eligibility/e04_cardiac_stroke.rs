//! A recent heart event, or a stroke at any time, stops treatment.
//!
//! Rule       Stroke, ever: block. Heart attack, unstable angina or another cardiac event: block for 6 weeks (42 days)
//!            everywhere and for 6 months (183 days) at home; in the clinic warn between the two. A chronic heart disease
//!            that an imported record calls active (heart failure, coronary or valve disease, an arrhythmia) needs a
//!            prescriber's signature in the clinic and blocks at home, however long ago it began (unsigned).
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  Never asked, not known or declined blocks, and so does an event whose date is not known. A date in the
//!            future is impossible and blocks.
//!            An answer older than 90 days at the decision, or 183 days before an order or a dose, blocks (unsigned).
//! Source     Clinical reference 1.1 and E04: Spravato concise prescribing information, Malaysia (6 weeks); OKTOP trial
//!            (6 months, any stroke); Ketalar summary; verified. The split by setting is a proposed default.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Answered, Facts, HistoryTopic, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::days_between;
use crate::rules::ages;
use crate::rules::answers::{absent, old_answer, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "E04-cardiac-stroke",
    controls: Hazard::UnsuitablePerson,
    says: "Block on any stroke; block for 42 days after a cardiac event (183 at home); in the clinic warn to day 183; an active chronic heart disease on record needs a signature in the clinic and blocks at home.",
    no_answer: "Never asked, not known, declined, or an event without a date: each blocks; so does an answer older than the age named.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("clinic-block-days", 42.0, Unit::Days),
        Limit::higher("clinic-warn-days", 183.0, Unit::Days),
        Limit::higher("home-block-days", 183.0, Unit::Days),
        ages::HISTORY_AT_DECISION,
        ages::HISTORY_AT_DOSE,
    ],
    source: "Clinical reference 1.1, 1.2, 1.5 and E04; verified: Spravato concise prescribing information, MIMS Malaysia; OKTOP \
             eligibility, MedPath; Ketalar summary, PDR. Split by setting, and chronic heart disease: proposed default.",
    signed: None,
    override_by: Override::PrescriberInClinic,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let stroke = absent(rule, facts, HistoryTopic::Stroke, Severity::Block, clears::nothing_stops_treatment());
    let found = stroke.into_iter().chain(lasting(rule, facts)).chain(cardiac(rule, facts));
    verdict(found, clear::no_stroke_or_recent_event())
}

/// A chronic heart disease of an imported record, until staff have answered the question.
fn lasting(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let topic = HistoryTopic::CardiacEvent;
    let disease = facts.history.get(&topic).filter(|fact| fact.candidate)?.lasting.clone()?;
    let severity = if facts.setting == Setting::Home { Severity::Block } else { Severity::Escalate };
    let seen = measured::unconfirmed(topic, disease);
    Some(rule.finding(severity, Cause::Met, seen, limit::history_no(topic), clears::confirm_import()))
}

fn cardiac(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let block_days = match facts.setting {
        Setting::Clinic => limit!(rule, facts, "clinic-block-days"),
        Setting::Home => limit!(rule, facts, "home-block-days"),
    };
    let topic = HistoryTopic::CardiacEvent;
    let fact = facts.history.get(&topic).filter(|fact| fact.answer == Answered::Yes);
    let Some(fact) = fact else { return absent(rule, facts, topic, Severity::Block, clears::record_when()) };
    // The record tells of the lasting disease alone, and of no event.
    if fact.candidate && fact.lasting.as_ref() == Some(&fact.from) {
        return None;
    }
    let Some(at) = fact.happened_at else {
        let undated = measured::history_undated(topic, fact.from.clone());
        let clears = if fact.candidate { clears::confirm_import_and_when() } else { clears::record_when() };
        return Some(rule.block(Cause::Unknown, undated, limit::at_least_ago(block_days), clears));
    };
    let days = days_between(at, facts.now);
    if days < 0.0 {
        let future = measured::event_in_future();
        return Some(rule.block(Cause::Impossible, future, limit::at_least_ago(block_days), clears::correct_date()));
    }
    let event = measured::history_ago(topic, Value::age(at, facts.now));
    if days < block_days.value {
        let clears = clears::wait_and_cardiac_review(block_days);
        return Some(rule.block(Cause::Met, event, limit::at_least_ago(block_days), clears));
    }
    let warn_days = limit!(rule, facts, "clinic-warn-days");
    if facts.setting == Setting::Clinic && days < warn_days.value {
        let clears = clears::reason_and_cardiac_review();
        return Some(rule.finding(Severity::Warn, Cause::Met, event, limit::at_least_ago(warn_days), clears));
    }
    // An event long ago is asked about again too: another may have followed.
    old_answer(rule, facts, topic, fact.recorded_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn judges_a_cardiac_event_by_its_age_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            cardiac-event             finding
            no                        -
            yes 41 d 23 h 59 min      block
            yes 42 d                  warn
            yes 182 d 23 h            warn
            yes 183 d                 -
            yes                       block: unknown
            yes in 1 d                block: impossible
            unknown                   block: unknown
            none                      block: missing
            candidate                 block: unknown
            lasting                   escalate
        ",
        );
    }

    #[test]
    fn judges_a_cardiac_event_more_strictly_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            cardiac-event          finding
            yes 41 d               block
            yes 182 d 23 h         block
            yes 183 d              -
            yes                    block: unknown
            none                   block: missing
            lasting                block
        ",
        );
    }

    #[test]
    fn a_stroke_blocks_however_long_ago() {
        check_everywhere(
            &RULE,
            "
            stroke          finding
            yes 9000 d      block
            yes             block
            unknown         block: unknown
            none            block: missing
        ",
        );
    }
}
