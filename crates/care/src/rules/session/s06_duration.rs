//! Effects that last too long call somebody, by how long.
//!
//! Rule       Effects beyond 2 hours after the dose: watch; beyond 3: call the clinician; beyond 4: emergency. Effects
//!            are taken as lasting while the newest MOAA/S is below 5. At home, where nobody may have rated it, the release
//!            answers "oriented" and "walks steadily", both yes, stand for it.
//! Hazard     HZ-04, breathing or consciousness fails.
//! No answer  Past 2 hours, no rating of alertness, or one 30 minutes old or older, counts as effects still there: it is
//!            never read as recovered.
//! Source     Clinical reference 4.4 and S06: Acevedo-Diaz 2020 (2 hours; all gone by 4), verified; as limits, proposed
//!            defaults.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Answered, Facts, Setting};
use crate::finding::{Cause, Severity, Urgency, Verdict};
use crate::quantity::hours_between;
use crate::rules::answers::{found, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-duration",
    controls: Hazard::Respiratory,
    says: "In session: effects beyond 2 hours watch, beyond 3 call, beyond 4 emergency.",
    no_answer: "Past 2 hours, alertness not rated in the last 30 minutes counts as effects still there.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("watch-hours", 2.0, Unit::Hours),
        Limit::lower("call-hours", 3.0, Unit::Hours),
        Limit::lower("emergency-hours", 4.0, Unit::Hours),
        Limit::lower("rating-max-age-minutes", 30.0, Unit::Minutes),
    ],
    source: "Clinical reference 4.4 and S06; verified durations: Acevedo-Diaz 2020 (PMC8457026); limits: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let hours = hours_between(session.dose_at, facts.now);
    let since = Value::age(session.dose_at, facts.now);
    let steps = [
        (named!("emergency-hours"), Urgency::Emergency, clears::call_help_or_hospital()),
        (named!("call-hours"), Urgency::CallClinician, clears::clinician_sees_now()),
        (named!("watch-hours"), Urgency::Watch, clears::rate_now_and_again()),
    ];
    let Some((name, urgency, clears)) = steps.into_iter().find(|(name, ..)| hours > rule.limit(facts, name).value)
    else {
        return verdict(None, clear::since_dose(since));
    };
    let max_age = limit!(rule, facts, "rating-max-age-minutes");
    let recovered =
        session.release.oriented == Some(Answered::Yes) && session.release.steady_gait == Some(Answered::Yes);
    let newest = session.sedation.iter().filter(|(_, n)| (0..=5).contains(n)).max_by_key(|(at, _)| *at);
    let (cause, effects) = match newest {
        None if facts.setting == Setting::Home && session.sedation.is_empty() && recovered => {
            return verdict(None, clear::oriented_and_steady(since));
        }
        None => (Cause::Missing, measured::not_rated_since(since)),
        Some((at, _)) if hours_between(*at, facts.now) * 60.0 >= max_age.value => {
            (Cause::TooOld, measured::last_rated(Value::age(*at, facts.now), since))
        }
        Some((_, 5)) => return verdict(None, clear::alert(since)),
        Some((_, rating)) => (Cause::Met, measured::moaas_since(*rating, since)),
    };
    found(rule.call(urgency, cause, effects, limit::alert_within(rule.limit(facts, name)), clears))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn calls_by_how_long_effects_last() {
        check_everywhere(
            &RULE,
            "
            since dose    moaas       finding
            120 min       4@1 min     -
            120 min       none        -
            121 min       5@1 min     -
            121 min       4@1 min     watch
            180 min       4@1 min     watch
            181 min       4@1 min     call
            240 min       4@1 min     call
            241 min       4@1 min     emergency
            241 min       5@1 min     -
            121 min       5@29 min    -
            121 min       5@30 min    watch: too old
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }

    #[test]
    fn an_unrated_person_is_not_taken_as_recovered() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            since dose    moaas       oriented   gait   finding
            121 min       none        yes        yes    watch: missing
            181 min       none        yes        yes    call: missing
            121 min       9@1 min     yes        yes    watch: missing
        ",
        );
        check_rule(
            &RULE,
            Setting::Home,
            "
            since dose    moaas       oriented   gait      finding
            121 min       none        yes        yes       -
            121 min       none        none       yes       watch: missing
            181 min       none        yes        unknown   call: missing
            121 min       4@1 min     yes        yes       watch
            121 min       9@1 min     yes        yes       watch: missing
        ",
        );
    }
}
