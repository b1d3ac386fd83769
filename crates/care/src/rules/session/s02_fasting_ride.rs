//! The fast was kept, somebody takes the person home, and the day after is planned.
//!
//! Rule       Fast not kept: warn. The day after not planned (somebody to reach, nothing early): warn. In the clinic, no
//!            escort or pre-arranged ride named: block. At home nobody travels, and the companion is S03's.
//! Hazard     HZ-09, released too early: falls, driving; and choking on a full stomach.
//! No answer  Not asked, or answered another day or 2 hours ago or longer, blocks; a fast or plan not known or declined warns; an escort not known or declined blocks.
//! Source     Clinical reference 3.4, 4.6 and S02: esketamine leaflet and patient counselling (escort), verified; hours of
//!            fasting are proposed defaults, by route, kept in the protocol's patient text: here the fast is one answer.
//! Signed     nobody yet

use crate::codes::{clear, clears};
use crate::facts::{Answered, Facts, Setting};
use crate::finding::{Finding, Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{require_today, verdict};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S02-fasting-ride",
    controls: Hazard::EarlyRelease,
    says: "A fast not kept warns, and so does a day after that is not planned; in the clinic, no escort or ride named blocks.",
    no_answer: "Not asked, or asked 2 hours ago or longer or another day, blocks; an escort not known blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[ages::day_answer(&[Subject::FastKept, Subject::TomorrowPlanned, Subject::RideNamed])],
    source: "Clinical reference 3.4, 4.6 and S02; verified: Esketamine patient leaflet (Healthnotes); Spravato US \
             prescribing information, 2019 copy. Hours of fasting: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let yes = |question, answer, otherwise, clears| {
        require_today(rule, facts, question, answer, Answered::Yes, otherwise, clears)
    };
    let fast = yes(Subject::FastKept, facts.day.fasted, Severity::Warn, clears::wait_for_fast());
    let tomorrow = facts.day.tomorrow_planned;
    let planned = yes(Subject::TomorrowPlanned, tomorrow, Severity::Warn, clears::plan_tomorrow());
    let mut findings: Vec<Finding> = fast.into_iter().chain(planned).collect();
    if facts.setting == Setting::Clinic {
        findings.extend(yes(Subject::RideNamed, facts.day.escort_named, Severity::Block, clears::name_adult_escort()));
    }
    verdict(findings, clear::fasted_with_ride())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn asks_for_fast_and_escort_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            fasted     escort     finding
            yes        yes        -
            no         yes        warn
            unknown    yes        warn: unknown
            none       yes        block: missing
            yes        no         block
            yes        unknown    block: unknown
            yes        none       block: missing
            no         no         warn + block
        ",
        );
        let table = "tomorrow   finding\nyes   -\nno   warn\nunknown   warn: unknown\nnone   block: missing";
        check_everywhere(&RULE, table);
    }

    #[test]
    fn asks_for_the_fast_alone_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            fasted     escort   finding
            yes        none     -
            no         none     warn
            declined   none     warn: unknown
            none       none     block: missing
        ",
        );
    }
}
