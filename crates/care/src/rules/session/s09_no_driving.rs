//! Nobody drives before the next day after sleep, and everybody has said so: before the dose and before they leave.
//!
//! Rule       Before the dose the patient agrees not to drive, ride or use machines until tomorrow after a night's sleep.
//!            Before release they, or whoever takes them, acknowledge it once more, at most 15 minutes before leaving. A
//!            protocol cannot change it and nobody may override it.
//! Hazard     HZ-09, released too early: falls, driving.
//! No answer  Not asked, not known, declined or too old blocks.
//! Source     Clinical reference 4.6 and S09: none until the next day after a full night's sleep, verified twice (Spravato
//!            prescribing information; manufacturer's dosing page). The ages are this project's.
//! Signed     nobody yet

use super::answered_at_release;
use crate::codes::{clear, clears, skip};
use crate::facts::{Answered, Facts};
use crate::finding::{Severity, Verdict};
use crate::rules::ages;
use crate::rules::answers::{require_today, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S09-no-driving",
    controls: Hazard::EarlyRelease,
    says: "No driving until the next day after sleep: agreed before the dose, acknowledged within 15 minutes of release.",
    no_answer: "Not asked, not known, declined or too old blocks.",
    gates: &[Gate::Dose, Gate::Release],
    severity: Severity::Block,
    limits: &[
        ages::day_answer(&[Subject::NoDrivingAgreed]),
        Limit::lower("release-age-minutes", 15.0, Unit::Minutes)
            .oldest(&[Subject::NoDrivingAcknowledged], &[Gate::Release]),
    ],
    source: "Clinical reference 4.6 and S09; verified: Spravato US prescribing information, 2019 copy; Spravato HCP site, \
             dosing and monitoring. Ages: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let finding = if facts.gate == Gate::Release {
        let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_dose()) };
        let (question, answer) = (Subject::NoDrivingAcknowledged, session.release.no_driving_acknowledged);
        let most = limit!(rule, facts, "release-age-minutes");
        answered_at_release(rule, facts, session, (question, answer, clears::explain_and_ask()), most)
    } else {
        let (question, answer) = (Subject::NoDrivingAgreed, facts.day.no_driving_agreed);
        require_today(rule, facts, question, answer, Answered::Yes, Severity::Block, clears::explain_and_ask())
    };
    verdict(finding, clear::no_driving_agreed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn it_is_agreed_before_the_dose() {
        check_everywhere(
            &RULE,
            "
            gate   no driving today   finding
            dose   yes                -
            dose   no                 block
            dose   unknown            block: unknown
            dose   declined           block: unknown
            dose   none               block: missing
        ",
        );
        check_everywhere(&RULE, "answered today   finding\n119 min   -\n120 min   block: too old");
    }

    #[test]
    fn it_is_acknowledged_again_just_before_leaving() {
        check_everywhere(
            &RULE,
            "
            gate      no driving   checked   finding
            release   yes          14 min    -
            release   yes          15 min    block: too old
            release   no           5 min     block
            release   declined     5 min     block: unknown
            release   none         5 min     block: missing
            release   yes          none      block: missing
        ",
        );
        check_everywhere(&RULE, "gate   session   finding\nrelease   none   n/a");
    }
}
