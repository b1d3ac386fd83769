//! A home from which nothing is heard calls somebody, sooner the longer it lasts.
//!
//! Rule       At home, when neither the patient's nor the companion's phone is heard any more: after 2 minutes connect
//!            again, after 5 minutes call the companion, after 10 minutes it is an emergency. A telephone call that staff
//!            record, and any entry from the home, end it.
//! Hazard     HZ-08, alone or unwatched when something goes wrong.
//! No answer  A phone that is not heard is what this rule calls for. Whether somebody is heard comes from outside the chart,
//!            as a fact.
//! Source     Clinical reference S07: 2, 5 and 10 minutes, proposed defaults.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Urgency, Verdict};
use crate::quantity::hours_between;
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S07-contact",
    controls: Hazard::Unattended,
    says: "At home: nothing heard for 2 minutes is watched, for 5 minutes calls, for 10 minutes is an emergency.",
    no_answer: "A phone that is not heard is what this rule calls for.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("watch-minutes", 2.0, Unit::Minutes),
        Limit::lower("call-minutes", 5.0, Unit::Minutes),
        Limit::lower("emergency-minutes", 10.0, Unit::Minutes),
    ],
    source: "Clinical reference S07; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::staff_in_the_room());
    }
    let Some(since) = session.contact_lost_since else { return verdict(None, clear::contact_kept()) };
    let minutes = hours_between(since, facts.now) * 60.0;
    let steps = [
        (named!("emergency-minutes"), Urgency::Emergency, clears::send_help_home()),
        (named!("call-minutes"), Urgency::CallClinician, clears::call_companion()),
        (named!("watch-minutes"), Urgency::Watch, clears::connect_again()),
    ];
    let Some((name, urgency, clears)) = steps.into_iter().find(|(name, ..)| minutes >= rule.limit(facts, name).value)
    else {
        return verdict(None, clear::contact_kept());
    };
    let silent = measured::not_heard(Value::age(since, facts.now));
    found(rule.call(urgency, Cause::Met, silent, limit::heard_within(rule.limit(facts, name)), clears))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn calls_by_how_long_nothing_is_heard() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            silent     finding
            none       -
            1 min      -
            2 min      watch
            4 min      watch
            5 min      call
            9 min      call
            10 min     emergency
        ",
        );
        check_rule(&RULE, Setting::Clinic, "silent   finding\n10 min   n/a");
        check_rule(&RULE, Setting::Home, "session   finding\nnone   n/a");
    }
}
