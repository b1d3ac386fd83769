//! Nobody is let go before pressure, oxygen and alertness are back.
//!
//! Rule       The last two pressures since the dose are each within 20 mmHg of the one before it, both numbers, and below
//!            160/100; the newest is less than 30 minutes old. Oxygen saturation 94 % or the one before the dose. In the
//!            clinic MOAA/S 5, and modified Aldrete 9 or more with no item at 0. At home oxygen is asked for where an
//!            oximeter was issued, MOAA/S counts where it was rated, and no Aldrete: nobody there is trained to score it.
//! Hazard     HZ-09, released too early: falls, driving.
//! No answer  A figure missing, too old or impossible, or no pressure before the dose to compare with, blocks.
//! Source     Clinical reference 4.6 and S08: modified Aldrete table (Kim 2015), verified; pass mark 9, seen in a digest
//!            only; 160/100 and 94 % are proposed defaults.
//! Signed     nobody yet

use super::{OXYGEN, pressures};
use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, SessionFacts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::BloodPressure;
use crate::rules::answers::{missing, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S08-release-signs",
    controls: Hazard::EarlyRelease,
    says: "Release: the last two pressures within 20 mmHg of before and below 160/100, saturation 94 % or as before, and in the clinic MOAA/S 5 and Aldrete 9 or more with no item at 0.",
    no_answer: "Any of these missing, too old or impossible blocks.",
    gates: &[Gate::Release],
    severity: Severity::Block,
    limits: &[
        Limit::lower("within-mmhg", 20.0, Unit::MmHg),
        Limit::lower("below-systolic", 160.0, Unit::MmHg),
        Limit::lower("below-diastolic", 100.0, Unit::MmHg),
        Limit::higher("least-oxygen", 94.0, Unit::Percent),
        Limit::higher("least-aldrete", 9.0, Unit::Points),
        Limit::lower("max-age-minutes", 30.0, Unit::Minutes),
        Limit::lower("aldrete-max-age-minutes", 15.0, Unit::Minutes),
    ],
    source: "Clinical reference 4.6 and S08; verified: modified Aldrete table, Kim 2015 \
             (https://doi.org/10.3748/wjg.v21.i12.3671); others: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_dose()) };
    let mut findings = pressure(rule, facts, session);
    findings.extend(oxygen(rule, facts, session));
    findings.extend(alertness(rule, facts, session));
    if facts.setting == Setting::Clinic {
        findings.extend(aldrete(rule, facts, session));
    }
    verdict(findings, clear::signs_are_back())
}

fn pressure(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Vec<Finding> {
    let apart = limit!(rule, facts, "within-mmhg");
    let (upper, lower) = (limit!(rule, facts, "below-systolic"), limit!(rule, facts, "below-diastolic"));
    let wanted = limit::two_near_baseline(apart, upper, lower);
    let Some(baseline) = session.baseline_bp.filter(|bp| bp.check().is_ok()) else {
        return vec![missing(rule, Subject::PressureBeforeDose, wanted, clears::prescriber_before_release())];
    };
    let mut series = pressures(&session.readings);
    series.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let (Some((newest_at, _)), Some(_)) = (series.first(), series.get(1)) else {
        return vec![missing(rule, Subject::TwoPressures, wanted, clears::repeat_pressure())];
    };
    let max_age = limit!(rule, facts, "max-age-minutes");
    let old = stale(rule, Subject::Pressure, *newest_at, facts.now, max_age, clears::repeat_pressure());
    let mut findings: Vec<Finding> = old.into_iter().collect();
    let far = |bp: BloodPressure| {
        f64::from((bp.systolic - baseline.systolic).abs()) > apart.value
            || f64::from((bp.diastolic - baseline.diastolic).abs()) > apart.value
            || bp.either_reaches(upper.value, lower.value)
    };
    for (at, bp) in series.into_iter().take(2) {
        if let Err(error) = bp.check() {
            findings.push(rule.block(Cause::Impossible, error.coded(), wanted.clone(), clears::repeat_pressure()));
        } else if far(bp) {
            let measured = measured::pressure_and_before(bp, Value::age(at, facts.now), baseline);
            findings.push(rule.block(Cause::Met, measured, wanted.clone(), clears::stay_until_two_inside()));
        }
    }
    findings
}

fn oxygen(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    if facts.setting == Setting::Home && !facts.day.oximeter_issued {
        return None;
    }
    let mut least = limit!(rule, facts, "least-oxygen");
    // Nobody has to leave with more oxygen than they came with.
    least.value = session.baseline_spo2_percent.map_or(least.value, |before| least.value.min(f64::from(before)));
    let wanted = limit::oxygen_at_least(least);
    let what = Subject::OxygenSaturation;
    let Some((at, saturation)) = OXYGEN.series(&session.readings).last().copied() else {
        return Some(missing(rule, what, wanted, clears::measure_it_now()));
    };
    if let Some(error) = OXYGEN.impossible(at, saturation) {
        return Some(rule.block(Cause::Impossible, error, wanted, clears::measure_it_again()));
    }
    let max_age = limit!(rule, facts, "max-age-minutes");
    if let Some(old) = stale(rule, what, at, facts.now, max_age, clears::measure_it_now()) {
        return Some(old);
    }
    (f64::from(saturation) < least.value)
        .then(|| rule.block(Cause::Met, OXYGEN.measured(saturation, at, facts.now), wanted, clears::stay_until_back()))
}

fn alertness(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    let wanted = limit::fully_alert();
    let what = Subject::Alertness;
    let Some((at, rating)) = session.sedation.iter().max_by_key(|(at, _)| *at) else {
        // At home the companion's answers on waking and walking (S08-release-checks) stand for the scale.
        return (facts.setting == Setting::Clinic).then(|| missing(rule, what, wanted, clears::rate_it_now()));
    };
    if !(0..=5).contains(rating) {
        return Some(rule.block(Cause::Impossible, measured::moaas_alone(*rating), wanted, clears::rate_it_again()));
    }
    let age = Value::age(*at, facts.now);
    if *rating != 5 {
        return Some(rule.block(Cause::Met, measured::moaas(*rating, age), wanted, clears::stay_until_alert()));
    }
    stale(rule, what, *at, facts.now, limit!(rule, facts, "max-age-minutes"), clears::rate_it_now())
}

fn aldrete(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Vec<Finding> {
    let least = limit!(rule, facts, "least-aldrete");
    let wanted = limit::aldrete_at_least(least);
    let block = |cause, measured, clears| Some(rule.block(cause, measured, wanted.clone(), clears));
    let total = match session.release.aldrete_total {
        None => Some(missing(rule, Subject::AldreteScore, wanted.clone(), clears::score_it_now())),
        Some(total) if !(0..=10).contains(&total) => {
            block(Cause::Impossible, measured::aldrete(total), clears::score_it_again())
        }
        Some(total) if f64::from(total) < least.value => {
            block(Cause::Met, measured::aldrete(total), clears::stay_and_score())
        }
        Some(_) => scored_at(rule, facts, session, Subject::AldreteScore, &wanted),
    };
    let item = match session.release.aldrete_item_at_zero {
        None => Some(missing(rule, Subject::AldreteItem, wanted.clone(), clears::answer_it())),
        Some(true) => block(Cause::Met, measured::aldrete_item_zero(), clears::stay_and_score()),
        Some(false) => scored_at(rule, facts, session, Subject::AldreteItem, &wanted),
    };
    total.into_iter().chain(item).collect()
}

/// A score of long ago says nothing of now.
fn scored_at(rule: &Rule, facts: &Facts, session: &SessionFacts, what: Subject, wanted: &Coded) -> Option<Finding> {
    let Some(at) = session.release_times.get(&what) else {
        return Some(missing(rule, what, wanted.clone(), clears::score_it_now()));
    };
    stale(rule, what, *at, facts.now, limit!(rule, facts, "aldrete-max-age-minutes"), clears::score_it_now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn two_pressures_must_be_back() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            oximeter   baseline bp   bp                                 finding
            no         118/76        138/96@20 min, 98/56@5 min         -
            no         118/76        139/76@20 min, 118/76@5 min        block
            no         118/76        118/76@20 min, 118/97@5 min        block
            no         118/76        97/76@20 min, 118/76@5 min         block
            no         118/76        150/76@90 min, 118/76@20 min, 118/76@5 min   -
            no         145/85        160/85@20 min, 159/99@5 min        block
            no         145/85        159/99@20 min, 159/100@5 min       block
            no         145/85        159/99@20 min, 159/99@5 min        -
            no         118/76        118/76@40 min, 118/76@29 min       -
            no         118/76        118/76@40 min, 118/76@30 min       block: too old
            no         118/76        118/76@5 min                       block: missing
            no         118/76        none                               block: missing
            no         118/76        80/120@20 min, 118/76@5 min        block: impossible
            no         none          118/76@20 min, 118/76@5 min        block: missing
        ",
        );
    }

    #[test]
    fn oxygen_must_be_back_where_it_can_be_measured() {
        check_everywhere(
            &RULE,
            "
            oximeter   baseline spo2   last oxygen   finding
            yes        98              94            -
            yes        98              93            block
            yes        93              93            -
            yes        93              92            block
            yes        none            93            block
            yes        98              140           block: impossible
            yes        98              none          block: missing
        ",
        );
        check_rule(&RULE, Setting::Home, "oximeter   last oxygen   finding\nno   none   -");
    }

    #[test]
    fn alertness_and_aldrete_must_be_back_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            moaas         aldrete   aldrete item 0   finding
            5@5 min       9         no               -
            5@5 min       8         no               block
            5@5 min       11        no               block: impossible
            5@5 min       none      none             block: missing + block: missing
            5@5 min       9         yes              block
            4@5 min       10        no               block
            4@9 min, 5@5 min   10   no               -
            5@30 min      10        no               block: too old
            6@5 min       10        no               block: impossible
            none          10        no               block: missing
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }

    #[test]
    fn a_score_of_long_ago_is_taken_again() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            checked   finding
            14 min    -
            15 min    block: too old + block: too old
        ",
        );
    }

    #[test]
    fn no_scale_is_asked_of_a_companion_but_a_rating_counts() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            moaas       aldrete   aldrete item 0   finding
            none        none      none             -
            4@5 min     none      none             block
        ",
        );
    }
}
