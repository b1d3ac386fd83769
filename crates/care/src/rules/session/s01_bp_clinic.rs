//! Raised or low blood pressure just before a dose in the clinic holds the dose.
//!
//! Rule       Clinic: warn at 140/90 mmHg or above and repeat after 10 minutes; block at 160/100 or above, and below
//!            90/60. Either number alone is enough. A reading counts until one at least 10 minutes later replaces it.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  A missing reading, one 30 minutes old or older, or an impossible one blocks.
//! Source     Proposed default; clinical reference 1.3, 1.4 and S01.
//! Signed     nobody yet

use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::{BloodPressure, age_words, hours_between};
use crate::rules::answers::{missing, number, stale, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S01-bp-clinic",
    controls: Hazard::PressureSurge,
    says: "Clinic, before a dose: 140/90 mmHg or above warns and is repeated after 10 minutes; 160/100 or above, or below 90/60, blocks.",
    no_answer: "A missing reading, one 30 minutes old or older, or an impossible one blocks.",
    gates: &[Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("clinic-warn-systolic", 140.0, "mmHg"),
        Limit::lower("clinic-warn-diastolic", 90.0, "mmHg"),
        Limit::lower("clinic-block-systolic", 160.0, "mmHg"),
        Limit::lower("clinic-block-diastolic", 100.0, "mmHg"),
        Limit::higher("clinic-low-systolic", 90.0, "mmHg"),
        Limit::higher("clinic-low-diastolic", 60.0, "mmHg"),
        Limit::lower("clinic-max-age-minutes", 30.0, "minutes"),
        Limit::higher("clinic-repeat-minutes", 10.0, "minutes"),
    ],
    source: "Clinical reference 1.3, 1.4 and S01; proposed default: published entry limits run from 150/100 to 180/110.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Home {
        return Verdict::NotApplicable("at home S01-bp-home judges the pressure");
    }
    let (counting, newest) = match counting(rule, facts, "clinic-max-age-minutes", "clinic-repeat-minutes") {
        Ok(readings) => readings,
        Err(finding) => return Verdict::Found(vec![finding]),
    };
    let (warn, block) =
        (("clinic-warn-systolic", "clinic-warn-diastolic"), ("clinic-block-systolic", "clinic-block-diastolic"));
    for ((upper, lower), severity) in [(block, Severity::Block), (warn, Severity::Warn)] {
        let (upper, lower) = (rule.limit(facts, upper), rule.limit(facts, lower));
        if let Some(words) = counting.iter().find(|(bp, _)| bp.either_reaches(upper, lower)).map(|(_, words)| words) {
            let limit = format!("below {}/{} mmHg", number(upper), number(lower));
            let clears =
                format!("repeat after {} minutes; lower readings", number(rule.limit(facts, "clinic-repeat-minutes")));
            return Verdict::Found(vec![rule.finding(severity, Cause::Met, words, limit, clears)]);
        }
    }
    let low = low(rule, facts, &counting, "clinic-low-systolic", "clinic-low-diastolic");
    verdict(low.into_iter().collect(), newest)
}

/// Readings that count now, newest first, each with its words: the newest, and any less than `repeat` minutes before it.
pub(super) fn counting(
    rule: &Rule,
    facts: &Facts,
    max_age: &str,
    repeat: &str,
) -> Result<(Vec<(BloodPressure, String)>, String), Finding> {
    let (max_age, repeat) = (rule.limit(facts, max_age), rule.limit(facts, repeat));
    let mut all: Vec<_> =
        facts.day.readings.iter().filter_map(|v| v.blood_pressure.map(|bp| (v.taken_at, bp))).collect();
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let measure = "measure the blood pressure now";
    let Some((newest_at, newest)) = all.first().copied() else {
        return Err(missing(
            rule,
            "blood pressure",
            format!("a reading less than {} minutes old", number(max_age)),
            measure,
        ));
    };
    if let Err(error) = newest.check() {
        return Err(rule.finding(
            Severity::Block,
            Cause::Impossible,
            error.to_string(),
            "a pressure that can be true",
            measure,
        ));
    }
    if let Some(finding) = stale(rule, "blood pressure", newest_at, facts.now, max_age / 60.0, measure) {
        return Err(finding);
    }
    let words = |at, bp: BloodPressure| format!("{bp} mmHg, {} old", age_words(at, facts.now));
    let counting = all
        .iter()
        .filter(|(at, bp)| bp.check().is_ok() && (*at == newest_at || hours_between(*at, newest_at) * 60.0 < repeat))
        .map(|(at, bp)| (*bp, words(*at, *bp)))
        .collect();
    Ok((counting, words(newest_at, newest)))
}

/// The finding of a pressure too low for a dose.
pub(super) fn low(
    rule: &Rule,
    facts: &Facts,
    counting: &[(BloodPressure, String)],
    systolic: &str,
    diastolic: &str,
) -> Option<Finding> {
    let (upper, lower) = (rule.limit(facts, systolic), rule.limit(facts, diastolic));
    let (_, words) =
        counting.iter().find(|(bp, _)| f64::from(bp.systolic) < upper || f64::from(bp.diastolic) < lower)?;
    let limit = format!("{}/{} mmHg or above", number(upper), number(lower));
    Some(rule.finding(
        Severity::Block,
        Cause::Met,
        words,
        limit,
        "a later reading at or above the limit, with the cause understood",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_rule;

    #[test]
    fn holds_by_reading() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            reading   age       finding
            139/89    5 min     -
            140/89    5 min     warn
            139/90    5 min     warn
            159/99    5 min     warn
            160/89    5 min     block
            139/100   5 min     block
            90/60     5 min     -
            89/60     5 min     block
            90/59     5 min     block
            118/76    29 min    -
            118/76    30 min    block: too old
            118/76    in 1 min  block: impossible
            80/120    5 min     block: impossible
            none      -         block: missing
        ",
        );
    }

    #[test]
    fn a_high_reading_counts_until_one_ten_minutes_later_replaces_it() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            reading                             finding
            145/85@15 min, 130/80@5 min         -
            145/85@14 min, 130/80@5 min         warn
            165/85@14 min, 130/80@5 min         block
            165/85@15 min, 130/80@5 min         -
            165/85@15 min, 145/80@5 min         warn
            130/80@15 min, 145/80@5 min         warn
            80/120@14 min, 130/80@5 min         -
            85/60@9 min, 130/80@5 min           block
        ",
        );
    }

    #[test]
    fn leaves_the_home_to_its_own_rule() {
        check_rule(&RULE, Setting::Home, "reading   age   finding\n180/110   5 min   n/a\nnone   -   n/a");
    }
}
