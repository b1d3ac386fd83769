//! Nobody is let go before they breathe as they should: an item of its own, beside oxygen and alertness.
//!
//! Rule       Somebody watched the breathing and answers yes, at most 15 minutes before release: not slow, not shallow, no
//!            pauses. In the clinic the newest count since the dose is from 10 to 24 a minute and less than 30 minutes old.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  Not answered, not known, too old, and in the clinic no count or an impossible one, blocks.
//! Source     The boxed warning of esketamine names respiratory depression, and the FDA REMS page asks that it has resolved
//!            before release: verified, for esketamine. 10 and 24 are those of S01-breathing, 15 and 30 minutes those of the
//!            other release checks: proposed defaults, here for every route.
//! Signed     nobody yet

use super::{BREATHING, answered_at_release};
use crate::codes::{clear, clears, limit, skip};
use crate::facts::{Facts, SessionFacts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::rules::answers::{missing, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S08-breathing",
    controls: Hazard::Respiratory,
    says: "Release: breathing watched and normal within 15 minutes; in the clinic counted at 10 to 24 a minute within 30 minutes.",
    no_answer: "Not answered, not known, too old, and in the clinic not counted, blocks.",
    gates: &[Gate::Release],
    severity: Severity::Block,
    limits: &[
        Limit::lower("max-age-minutes", 15.0, Unit::Minutes),
        Limit::higher("clinic-least", 10.0, Unit::BreathsPerMinute),
        Limit::lower("clinic-most", 24.0, Unit::BreathsPerMinute),
        Limit::lower("clinic-max-age-minutes", 30.0, Unit::Minutes),
    ],
    source: "Clinical reference 4.6: FDA REMS page, Spravato (respiratory depression resolved before release) and boxed warning, verified for \
             esketamine; for every other route, and the numbers: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_dose()) };
    let asked = (Subject::BreathingNormal, session.release.breathing_normal, clears::stay_until_breathing());
    let seen = answered_at_release(rule, facts, session, asked, limit!(rule, facts, "max-age-minutes"));
    let counted = if facts.setting == Setting::Clinic { count(rule, facts, session) } else { None };
    verdict(seen.into_iter().chain(counted), clear::breathes_normally())
}

fn count(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    let (least, most) = (limit!(rule, facts, "clinic-least"), limit!(rule, facts, "clinic-most"));
    let wanted = limit::between(least, most);
    let what = Subject::BreathingRate;
    let Some((at, breaths)) = BREATHING.series(&session.readings).last().copied() else {
        return Some(missing(rule, what, wanted, clears::measure_it_now()));
    };
    if let Some(error) = BREATHING.impossible(at, breaths) {
        return Some(rule.block(Cause::Impossible, error, wanted, clears::measure_it_again()));
    }
    let max_age = limit!(rule, facts, "clinic-max-age-minutes");
    if let Some(old) = stale(rule, what, at, facts.now, max_age, clears::measure_it_now()) {
        return Some(old);
    }
    let outside = f64::from(breaths) < least.value || f64::from(breaths) > most.value;
    outside.then(|| {
        let counted = BREATHING.measured(breaths, at, facts.now);
        rule.block(Cause::Met, counted, wanted, clears::stay_until_breathing())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn breathing_is_watched_and_answered_for() {
        check_everywhere(
            &RULE,
            "
            breathing normal   checked   finding
            yes                14 min    -
            yes                15 min    block: too old
            no                 5 min     block
            unknown            5 min     block: unknown
            none               5 min     block: missing
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }

    #[test]
    fn in_the_clinic_it_is_counted_too() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            breaths       finding
            10@5 min      -
            9@5 min       block
            24@5 min      -
            25@5 min      block
            14@29 min     -
            14@30 min     block: too old
            99@5 min      block: impossible
            none          block: missing
        ",
        );
        check_rule(&RULE, Setting::Home, "breaths   finding\nnone   -");
    }
}
