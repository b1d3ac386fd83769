//! Treatment that does not help, or after which symptoms are worse, stops until somebody has looked at it again.
//!
//! Rule       After 4 sessions at home or 6 in the clinic without a fall of at least 10 points on the PCL-5: block the next
//!            dose until a prescriber reviews the course; a review lets as many more go on. A PCL-5 that is 15 points or
//!            more above the one before the first dose blocks until the course is reviewed after it.
//! Hazard     HZ-14, worsening or relapse goes unseen after the session.
//! No answer  No PCL-5 before the first dose, or, once so many sessions were held, none since the last of them: blocks.
//! Source     Clinical reference 7.3 and F01: both are proposed defaults; 15 points is the reliable change of the PCL-5.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured};
use crate::facts::{CourseFact, Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// No benefit.
pub const RULE: Rule = Rule {
    id: "F01-response",
    controls: Hazard::LostToFollowUp,
    says: "After 4 sessions at home or 6 in the clinic without a fall of 10 points on the PCL-5: no further dose until the course is reviewed.",
    no_answer: "No PCL-5 before the first dose, or none since the last session once so many were held: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[
        Limit::lower("clinic-sessions", 6.0, Unit::Times),
        Limit::lower("home-sessions", 4.0, Unit::Times),
        Limit::higher("least-fall", 10.0, Unit::Points),
    ],
    source: "Clinical reference 7.3 and F01; proposed default.",
    signed: None,
    override_by: Override::Never,
    check: responds,
};

/// Worse than before.
pub const WORSE: Rule = Rule {
    id: "F01-worsening",
    says: "A PCL-5 that is 15 points or more above the one before the first dose: no further dose until the course is reviewed.",
    no_answer: "Nothing known of the course blocks; a PCL-5 that is missing is F01-response's.",
    limits: &[Limit::lower("rise", 15.0, Unit::Points)],
    source: "Clinical reference 7.3 and F01; reliable change of the PCL-5 verified; as a stop, proposed default.",
    check: worsens,
    ..RULE
};

fn responds(rule: &Rule, facts: &Facts) -> Verdict {
    let course = match super::course(rule, facts) {
        Ok(course) => course,
        Err(finding) => return found(finding),
    };
    let most = match facts.setting {
        Setting::Clinic => limit!(rule, facts, "clinic-sessions"),
        Setting::Home => limit!(rule, facts, "home-sessions"),
    };
    let held = course.doses_since_review();
    if (held as f64) < most.value {
        return Verdict::Clear(clear::sessions_since_review(Value::count(held, Unit::Times)));
    }
    let fall = limit!(rule, facts, "least-fall");
    let wanted = limit::fall_of(fall, most);
    let since_last = course.pcl5_since.filter(|(at, _)| course.doses.last().is_none_or(|last| at > last));
    let (Some(before), Some((_, now))) = (course.pcl5_before, since_last) else {
        return found(missing(rule, Subject::Pcl5, wanted, clears::ask_measure_again(Subject::Pcl5)));
    };
    if before - now >= fall.value {
        return Verdict::Clear(clear::score_fell(points(before), points(now)));
    }
    let measured = measured::score_did_not_fall(points(before), points(now), Value::count(held, Unit::Times));
    found(rule.block(Cause::Met, measured, wanted, clears::review_course()))
}

fn worsens(rule: &Rule, facts: &Facts) -> Verdict {
    let course = match super::course(rule, facts) {
        Ok(course) => course,
        Err(finding) => return found(finding),
    };
    let rise = limit!(rule, facts, WORSE, "rise");
    let worse = |(before, now): (f64, f64)| now - before >= rise.value;
    let unseen = |at| course.reviewed_at.is_none_or(|reviewed| reviewed <= at);
    match scores(course).filter(|(at, scores)| worse(*scores) && unseen(*at)) {
        None => Verdict::Clear(clear::not_worse()),
        Some((_, (before, now))) => {
            let rose = measured::score_rose(points(before), points(now));
            found(rule.block(Cause::Met, rose, limit::rise_below(rise), clears::review_course()))
        }
    }
}

/// The PCL-5 before and after, with the time of the newest.
fn scores(course: &CourseFact) -> Option<(jiff::Timestamp, (f64, f64))> {
    let (at, now) = course.pcl5_since?;
    Some((at, (course.pcl5_before?, now)))
}

fn points(score: f64) -> Value {
    Value::number(score, Unit::Points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn four_sessions_at_home_without_a_fall_of_ten_points_wait_for_a_review() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            sessions              pcl-5            course reviewed   finding
            40 d, 30 d, 20 d      50 > none        none              -
            40 d, 30 d, 20 d, 9 d   50 > 40@2 d    none              -
            40 d, 30 d, 20 d, 9 d   50 > 41@2 d    none              block
            40 d, 30 d, 20 d, 9 d   50 > 55@2 d    none              block
            40 d, 30 d, 20 d, 9 d   50 > 30@10 d   none              block: missing
            40 d, 30 d, 20 d, 9 d   50 > none      none              block: missing
            40 d, 30 d, 20 d, 9 d   none > 30@2 d  none              block: missing
            40 d, 30 d, 20 d, 9 d   50 > 50@2 d    1 d               -
            40 d, 30 d, 20 d, 9 d   50 > 50@2 d    35 d              -
            40 d, 30 d, 20 d, 9 d   50 > 50@2 d    50 d              block
            none                  none > none      none              -
        ",
        );
    }

    #[test]
    fn in_the_clinic_six_sessions_are_held_first() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "
            sessions                              pcl-5         course reviewed   finding
            20 d, 18 d, 16 d, 14 d, 12 d          50 > 50@2 d   none              -
            20 d, 18 d, 16 d, 14 d, 12 d, 9 d     50 > 50@2 d   none              block
            20 d, 18 d, 16 d, 14 d, 12 d, 9 d     50 > 40@2 d   none              -
            unknown                               50 > 40@2 d   none              block: missing
        ",
        );
    }

    #[test]
    fn a_rise_of_fifteen_points_waits_for_a_review_after_it() {
        check_everywhere(
            &WORSE,
            "
            sessions   pcl-5         course reviewed   finding
            9 d        40 > 54@2 d   none              -
            9 d        40 > 55@2 d   none              block
            9 d        40 > 55@2 d   3 d               block
            9 d        40 > 55@2 d   1 d               -
            9 d        40 > none     none              -
            unknown    40 > 40@2 d   none              block: missing
        ",
        );
    }
}
