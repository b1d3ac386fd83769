//! A recent heart event, or a stroke at any time, stops treatment.
//!
//! Rule       Stroke, ever: block. Heart attack, unstable angina or another cardiac event: block for 6 weeks (42 days)
//!            everywhere and for 6 months (183 days) at home; in the clinic warn between the two.
//! Hazard     HZ-01, treated although a condition makes the drug dangerous.
//! No answer  Never asked, not known or declined blocks, and so does an event whose date is not known. A date in the
//!            future is impossible and blocks.
//! Source     Clinical reference 1.1 and E04: Spravato concise prescribing information, Malaysia (6 weeks); OKTOP trial
//!            (6 months, any stroke); Ketalar summary; verified. The split by setting is a proposed default.
//! Signed     nobody yet

use crate::facts::{Answered, Facts, HistoryTopic, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{age_words, days_between};
use crate::rules::answers::{absent, count, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "E04-cardiac-stroke",
    controls: Hazard::UnsuitablePerson,
    says: "Block on any stroke; block for 42 days after a cardiac event (183 at home); in the clinic warn to day 183.",
    no_answer: "Never asked, not known, declined, or an event without a date: each blocks.",
    gates: &[Gate::Eligibility, Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::higher("clinic-block-days", 42.0, "days"),
        Limit::higher("clinic-warn-days", 183.0, "days"),
        Limit::higher("home-block-days", 183.0, "days"),
    ],
    source: "Clinical reference 1.1 and E04; verified: Spravato concise prescribing information, MIMS Malaysia; OKTOP \
             eligibility, MedPath; Ketalar summary, PDR. Split by setting: proposed default.",
    signed: None,
    override_by: Override::PrescriberInClinic,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let for_good = "nothing: this stops treatment; correct the entry if it is wrong";
    let mut findings: Vec<Finding> =
        absent(rule, facts, HistoryTopic::Stroke, Severity::Block, for_good).into_iter().collect();
    findings.extend(cardiac(rule, facts));
    verdict(findings, "no stroke, and no cardiac event inside the limit")
}

fn cardiac(rule: &Rule, facts: &Facts) -> Option<Finding> {
    let block_days = match facts.setting {
        Setting::Clinic => rule.limit(facts, "clinic-block-days"),
        Setting::Home => rule.limit(facts, "home-block-days"),
    };
    let topic = HistoryTopic::CardiacEvent;
    let fact = facts.history.get(&topic).filter(|fact| fact.answer == Answered::Yes);
    let Some(at) = fact.and_then(|fact| fact.happened_at) else {
        return match fact {
            None => absent(rule, facts, topic, Severity::Block, "record when it happened"),
            Some(fact) => Some(rule.finding(
                Severity::Block,
                Cause::Unknown,
                format!("{}: yes, date not known ({})", topic.words(), fact.from),
                format!("at least {} ago", count(block_days, "day")),
                if fact.candidate {
                    "staff confirm or refute the imported entry, and record when it happened"
                } else {
                    "record when it happened"
                },
            )),
        };
    };
    let measured = format!("{}: {} ago", topic.words(), age_words(at, facts.now));
    let limit = format!("at least {} ago", count(block_days, "day"));
    let days = days_between(at, facts.now);
    if days < 0.0 {
        return Some(rule.finding(
            Severity::Block,
            Cause::Impossible,
            "cardiac event dated in the future",
            limit,
            "correct the date",
        ));
    }
    if days < block_days {
        let clears = format!("wait until {} have passed, then a cardiac review", count(block_days, "day"));
        return Some(rule.finding(Severity::Block, Cause::Met, measured, limit, clears));
    }
    let warn_days = rule.limit(facts, "clinic-warn-days");
    if facts.setting == Setting::Clinic && days < warn_days {
        let limit = format!("at least {} ago", count(warn_days, "day"));
        return Some(rule.finding(
            Severity::Warn,
            Cause::Met,
            measured,
            limit,
            "a prescriber records why, with a cardiac review",
        ));
    }
    None
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
