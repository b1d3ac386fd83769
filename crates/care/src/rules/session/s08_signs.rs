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

use super::OXYGEN;
use crate::facts::{Facts, SessionFacts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{BloodPressure, age_words};
use crate::rules::answers::{missing, number, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S08-release-signs",
    controls: Hazard::EarlyRelease,
    says: "Release: the last two pressures within 20 mmHg of before and below 160/100, saturation 94 % or as before, and in the clinic MOAA/S 5 and Aldrete 9 or more with no item at 0.",
    no_answer: "Any of these missing, too old or impossible blocks.",
    gates: &[Gate::Release],
    severity: Severity::Block,
    limits: &[
        Limit::lower("within-mmhg", 20.0, "mmHg"),
        Limit::lower("below-systolic", 160.0, "mmHg"),
        Limit::lower("below-diastolic", 100.0, "mmHg"),
        Limit::higher("least-oxygen", 94.0, "%"),
        Limit::higher("least-aldrete", 9.0, "points"),
        Limit::lower("max-age-minutes", 30.0, "minutes"),
    ],
    source: "Clinical reference 4.6 and S08; verified: modified Aldrete table, Kim 2015 \
             (https://doi.org/10.3748/wjg.v21.i12.3671); others: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable("no dose was taken") };
    let mut findings = pressures(rule, facts, session);
    findings.extend(oxygen(rule, facts, session));
    findings.extend(alertness(rule, facts, session));
    if facts.setting == Setting::Clinic {
        findings.extend(aldrete(rule, facts, session));
    }
    verdict(findings, "pressure, oxygen and alertness are back")
}

fn pressures(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Vec<Finding> {
    let limit = |name| rule.limit(facts, name);
    let (apart, systolic, diastolic) = (limit("within-mmhg"), limit("below-systolic"), limit("below-diastolic"));
    let wanted = format!(
        "two readings within {} mmHg of before, below {}/{}",
        number(apart),
        number(systolic),
        number(diastolic)
    );
    let again = "repeat the pressure";
    let Some(baseline) = session.baseline_bp.filter(|bp| bp.check().is_ok()) else {
        return vec![missing(rule, "pressure before the dose", wanted, "a prescriber sees the person before release")];
    };
    let mut series: Vec<_> =
        session.readings.iter().filter_map(|v| v.blood_pressure.map(|bp| (v.taken_at, bp))).collect();
    series.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let (Some((newest_at, _)), Some(_)) = (series.first(), series.get(1)) else {
        return vec![missing(rule, "two pressures since the dose", wanted, again)];
    };
    let mut findings: Vec<Finding> =
        stale(rule, "pressure", *newest_at, facts.now, limit("max-age-minutes") / 60.0, again).into_iter().collect();
    let far = |bp: BloodPressure| {
        f64::from((bp.systolic - baseline.systolic).abs()) > apart
            || f64::from((bp.diastolic - baseline.diastolic).abs()) > apart
            || bp.either_reaches(systolic, diastolic)
    };
    for (at, bp) in series.into_iter().take(2) {
        let measured = format!("{bp} mmHg, {} old, {baseline} before", age_words(at, facts.now));
        if let Err(error) = bp.check() {
            findings.push(rule.finding(Severity::Block, Cause::Impossible, error.to_string(), wanted.clone(), again));
        } else if far(bp) {
            findings.push(rule.finding(
                Severity::Block,
                Cause::Met,
                measured,
                wanted.clone(),
                "stay, and repeat until two in a row are inside",
            ));
        }
    }
    findings
}

fn oxygen(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    if facts.setting == Setting::Home && !facts.day.oximeter_issued {
        return None;
    }
    let least = rule.limit(facts, "least-oxygen");
    let least = session.baseline_spo2_percent.map_or(least, |before| least.min(f64::from(before)));
    let wanted = format!("oxygen saturation {} % or above", number(least));
    let Some((at, saturation)) = OXYGEN.series(&session.readings).last().copied() else {
        return Some(missing(rule, OXYGEN.what, wanted, "measure it now"));
    };
    if let Some(error) = OXYGEN.impossible(at, saturation) {
        return Some(rule.finding(Severity::Block, Cause::Impossible, error, wanted, "measure it again"));
    }
    stale(rule, OXYGEN.what, at, facts.now, rule.limit(facts, "max-age-minutes") / 60.0, "measure it now").or_else(
        || {
            (f64::from(saturation) < least).then(|| {
                rule.finding(
                    Severity::Block,
                    Cause::Met,
                    OXYGEN.words(saturation, at, facts.now),
                    wanted,
                    "stay until it is back",
                )
            })
        },
    )
}

fn alertness(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Option<Finding> {
    let wanted = "MOAA/S 5";
    let newest = session.sedation.iter().max_by_key(|(at, _)| *at);
    let Some((at, rating)) = newest else {
        // At home the companion's answers on waking and walking (S08-release-checks) stand for the scale.
        return (facts.setting == Setting::Clinic).then(|| missing(rule, "MOAA/S", wanted, "rate it now"));
    };
    if !(0..=5).contains(rating) {
        return Some(rule.finding(
            Severity::Block,
            Cause::Impossible,
            format!("MOAA/S {rating}"),
            wanted,
            "rate it again",
        ));
    }
    if *rating != 5 {
        let measured = format!("MOAA/S {rating}, {} old", age_words(*at, facts.now));
        return Some(rule.finding(Severity::Block, Cause::Met, measured, wanted, "stay until fully alert"));
    }
    stale(rule, "MOAA/S", *at, facts.now, rule.limit(facts, "max-age-minutes") / 60.0, "rate it now")
}

fn aldrete(rule: &Rule, facts: &Facts, session: &SessionFacts) -> Vec<Finding> {
    let least = rule.limit(facts, "least-aldrete");
    let wanted = format!("Aldrete {} or more, no item at 0", number(least));
    let mut findings = Vec::new();
    match session.release.aldrete_total {
        None => findings.push(missing(rule, "Aldrete score", wanted.clone(), "score it now")),
        Some(total) if !(0..=10).contains(&total) => {
            findings.push(rule.finding(
                Severity::Block,
                Cause::Impossible,
                format!("Aldrete {total}"),
                wanted.clone(),
                "score it again",
            ));
        }
        Some(total) if f64::from(total) < least => {
            findings.push(rule.finding(
                Severity::Block,
                Cause::Met,
                format!("Aldrete {total}"),
                wanted.clone(),
                "stay, and score again",
            ));
        }
        Some(_) => {}
    }
    match session.release.aldrete_item_at_zero {
        None => findings.push(missing(rule, "whether an Aldrete item is at 0", wanted, "answer it")),
        Some(true) => findings.push(rule.finding(
            Severity::Block,
            Cause::Met,
            "an Aldrete item is at 0",
            wanted,
            "stay, and score again",
        )),
        Some(false) => {}
    }
    findings
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
