//! Distress that stays high calls the clinician.
//!
//! Rule       Rated by the person, 0 to 10: watch at 7 or above; call the clinician when it is still there after 15
//!            minutes of support, with no lower rating between. Danger to self or others is S06-symptoms.
//! Hazard     HZ-05, a suicidal crisis is missed or made worse; here, a session that harms.
//! No answer  A rating outside 0 to 10 asks for a repeat. No rating is not calm: the look-ins of S05 ask.
//! Source     Clinical reference 4.4 and S06: proposed default.
//! Signed     nobody yet

use super::{lasting, repeat_reading};
use crate::facts::Facts;
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::age_words;
use crate::rules::answers::{number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-distress",
    controls: Hazard::Suicide,
    says: "In session: distress 7 of 10 or above is watched; still there after 15 minutes of support, it calls the clinician.",
    no_answer: "An impossible rating is repeated; look-ins are S05's.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[Limit::lower("watch-at", 7.0, "of 10"), Limit::lower("call-after-minutes", 15.0, "minutes")],
    source: "Clinical reference 4.4 and S06; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable("no session is running") };
    let mut series = session.distress.clone();
    series.sort_by_key(|(at, _)| *at);
    let Some((_, newest)) = series.last().copied() else {
        return Verdict::NotApplicable("no rating since the dose: look-ins are S05's");
    };
    let mut findings: Vec<Finding> = Vec::new();
    if !(0..=10).contains(&newest) {
        findings.push(repeat_reading(rule, format!("distress {newest} is not possible: it runs from 0 to 10")));
    }
    series.retain(|(_, n)| (0..=10).contains(n));
    let (at_least, minutes) = (rule.limit(facts, "watch-at"), rule.limit(facts, "call-after-minutes"));
    let high = |n: i32| f64::from(n) >= at_least;
    if let Some((at, rating)) = series.last().copied().filter(|(_, n)| high(*n)) {
        let measured = format!("distress {rating} of 10, {} ago", age_words(at, facts.now));
        findings.push(if lasting(&series, minutes, high) {
            let limit = format!("below {} after {} minutes of support", number(at_least), number(minutes));
            rule.call(Urgency::CallClinician, Cause::Met, measured, limit, "no further dose; the clinician joins now")
        } else {
            let limit = format!("below {} of 10", number(at_least));
            let clears = format!("stay, support, and ask again within {} minutes", number(minutes));
            rule.call(Urgency::Watch, Cause::Met, measured, limit, clears)
        });
    }
    verdict(findings, format!("distress {newest} of 10"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_when_support_has_not_eased_it() {
        check_everywhere(
            &RULE,
            "
            distress                            finding
            6@1 min                             -
            7@1 min                             watch
            10@1 min                            watch
            7@15 min, 8@1 min                   watch
            7@16 min, 8@1 min                   call
            7@20 min, 5@9 min, 8@1 min          watch
            9@20 min, 5@1 min                   -
            11@1 min                            watch: impossible
            -1@1 min                            watch: impossible
            8@2 min, 11@1 min                   watch: impossible + watch
            none                                n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
