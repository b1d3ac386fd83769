//! Nobody is let go before the least time of their route has passed.
//!
//! Rule       Into a vein: 60 minutes after the end of the infusion. Into a muscle, under the tongue and nasal: 120
//!            minutes after the dose; by mouth 150. Where the plan asks for longer, the plan holds. At home the companion
//!            signs off at the end, within 15 minutes of release, and stays 4 hours from the dose. Time counts from the
//!            last dose of the session, or from the origin that the plan names. Nobody may override the 120 minutes of esketamine.
//! Hazard     HZ-09, released too early: falls, driving.
//! No answer  An infusion without a known end, or no companion's sign-off at home, or one 15 minutes old, blocks.
//! Source     Clinical reference 4.2, 4.6 and S08: esketamine 120 minutes, verified twice (FDA REMS page, Spravato HCP
//!            site); the others are proposed defaults.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Route, SessionFacts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{hours_between, minutes_between};
use crate::rules::answers::{missing, stale, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S08-release-time",
    controls: Hazard::EarlyRelease,
    says: "Release no earlier than 60 minutes after an infusion ends, 120 minutes after other doses, 150 by mouth, or later where the plan says so; at home with the companion's sign-off of the last 15 minutes.",
    no_answer: "No end of the infusion, or no sign-off at home, blocks.",
    gates: &[Gate::Release],
    severity: Severity::Block,
    limits: &[
        Limit::higher("iv-after-end-minutes", 60.0, Unit::Minutes),
        Limit::higher("im-minutes", 120.0, Unit::Minutes),
        Limit::higher("sl-minutes", 120.0, Unit::Minutes),
        Limit::higher("oral-minutes", 150.0, Unit::Minutes),
        Limit::fixed("nasal-minutes", 120.0, Unit::Minutes),
        Limit::lower("sign-off-max-age-minutes", 15.0, Unit::Minutes),
    ],
    source: "Clinical reference 4.2, 4.6 and S08; verified for esketamine: FDA REMS page and Spravato HCP site; others: \
             proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_dose()) };
    let mut findings: Vec<Finding> = after_dose(rule, facts, session).into_iter().collect();
    findings.extend(after_infusion(rule, facts, session));
    if facts.setting == Setting::Home {
        findings.extend(sign_off(rule, facts, session));
    }
    verdict(findings, clear::minutes_since_dose(minutes(session.minutes(facts.now) as f64)))
}

fn minutes(value: f64) -> Value {
    Value::number(value, Unit::Minutes)
}

fn after_dose(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    let planned = session.earliest_release_minutes as f64;
    let own = match session.route {
        Route::Intravenous => None,
        Route::Intramuscular => Some(limit!(rule, facts, "im-minutes")),
        Route::Sublingual => Some(limit!(rule, facts, "sl-minutes")),
        Route::Oral => Some(limit!(rule, facts, "oral-minutes")),
        Route::NasalEsketamine => Some(limit!(rule, facts, "nasal-minutes")),
    };
    // Where the plan asks for longer, the plan holds.
    let planned = InForce { name: "plan-minutes", value: planned, unit: Unit::Minutes };
    let least = own.filter(|own| own.value >= planned.value).unwrap_or(planned);
    let passed = minutes_between(session.release_from, facts.now) as f64;
    (passed < least.value).then(|| {
        let since = measured::minutes_since_dose(minutes(passed));
        let more = clears::stay_longer(minutes(least.value - passed));
        rule.block(Cause::Met, since, limit::minutes_after_dose(least), more)
    })
}

fn after_infusion(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    if session.route != Route::Intravenous {
        return None;
    }
    let least = limit!(rule, facts, "iv-after-end-minutes");
    let wanted = limit::minutes_after_infusion(least);
    let Some(end) = session.infusion_end_at else {
        return Some(missing(rule, Subject::InfusionEnd, wanted, clears::record_infusion_end()));
    };
    let passed = hours_between(end, facts.now) * 60.0;
    (passed < least.value).then(|| {
        let since = measured::minutes_since_infusion(minutes(passed.floor()));
        rule.block(Cause::Met, since, wanted, clears::stay_longer(minutes((least.value - passed).ceil())))
    })
}

fn sign_off(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    let (limit, clears) = (limit::companion_signs_off(), clears::companion_signs_off_now());
    match session.companion_sign_off_at {
        None => Some(missing(rule, Subject::CompanionSignOff, limit, clears)),
        Some(at) if at > facts.now || at < session.dose_at => {
            Some(rule.block(Cause::Impossible, measured::sign_off_misdated(), limit, clears))
        }
        Some(at) => {
            let most = limit!(rule, facts, "sign-off-max-age-minutes");
            stale(rule, Subject::CompanionSignOff, at, facts.now, most, clears)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn waits_by_route_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            session route      since dose   infusion ended   plan's earliest   sign-off   finding
            intravenous        100 min      60 min           100               none       -
            intravenous        99 min       60 min           100               none       block
            intravenous        120 min      59 min           100               none       block
            intravenous        90 min       50 min           100               none       block + block
            intravenous        155 min      none             100               none       block: missing
            intramuscular      120 min      none             100               none       -
            intramuscular      119 min      none             100               none       block
            sublingual         120 min      none             100               none       -
            sublingual         119 min      none             100               none       block
            oral               150 min      none             100               none       -
            oral               149 min      none             100               none       block
            nasal-esketamine   120 min      none             60                none       -
            nasal-esketamine   119 min      none             60                none       block
            sublingual         179 min      none             180               none       block
            sublingual         180 min      none             180               none       -
        ",
        );
    }

    #[test]
    fn a_booster_begins_the_time_anew() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            session route   since dose   since last dose   plan's earliest   finding
            sublingual      180 min      120 min           120               -
            sublingual      180 min      119 min           120               block
        ",
        );
    }

    #[test]
    fn the_companion_signs_off_at_home() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            session route   since dose   sign-off    finding
            sublingual      120 min      1 min       -
            sublingual      120 min      14 min      -
            sublingual      120 min      15 min      block: too old
            sublingual      119 min      1 min       block
            sublingual      120 min      none        block: missing
            sublingual      120 min      121 min     block: impossible
            sublingual      120 min      in 1 min    block: impossible
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }
}
