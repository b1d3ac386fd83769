//! A medicine taken at home is prescribed by telemedicine only while a rule allows it; else somebody examines in person.
//!
//! Rule       At home: with an examination in person on record, nothing is asked. Without one, a telemedicine rule must
//!            hold today where the patient is; the rules are dated data, and the one of the United States ends on
//!            31 December 2026. After its last day an order, a session and a dose at home are blocked.
//! Hazard     HZ-10, misuse or dependence: a controlled medicine sent to somebody whom nobody may prescribe it to.
//! No answer  Where the patient is treated, not written down or changed by a move since: blocks. A place for which no
//!            rule is known blocks. An examination dated ahead blocks.
//! Source     Clinical reference 6 and F01: Federal Register 2025-24123, fourth telemedicine extension; verified twice.
//! Signed     nobody yet

use jiff::civil::Date;

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;
use crate::telemedicine::{country, in_force};

/// The rule.
pub const RULE: Rule = Rule {
    id: "F01-telemedicine",
    controls: Hazard::Misuse,
    says: "At home, without an examination in person: a telemedicine rule must hold today where the patient is treated.",
    no_answer: "The place of treatment not written down, a place with no rule known, or an examination dated ahead: each blocks.",
    gates: &[Gate::Order, Gate::Scheduling, Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference 6 and F01; verified twice: Federal Register 2025-24123, fourth telemedicine extension \
             (https://www.govinfo.gov/content/pkg/FR-2025-12-31/html/2025-24123.htm). State law may be stricter.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    if facts.setting == Setting::Clinic {
        return Verdict::NotApplicable(skip::seen_in_the_clinic());
    }
    if let Some(at) = facts.examined_in_person_at {
        if at <= facts.now {
            return Verdict::Clear(clear::examined_in_person(Value::age(at, facts.now)));
        }
        let ahead = measured::dated_in_future(Subject::ExaminationInPerson);
        return found(rule.block(Cause::Impossible, ahead, limit::examined_or_allowed(), clears::correct_date()));
    }
    let Some(region) = &facts.region else {
        return found(missing(rule, Subject::Region, limit::examined_or_allowed(), clears::write_down_region()));
    };
    let today = facts.today();
    if let Some(holds) = in_force(&facts.telemedicine, region, today) {
        return Verdict::Clear(clear::telemedicine_until(region.as_str(), holds.until.to_string()));
    }
    let here = facts.telemedicine.iter().filter(|rule| rule.jurisdiction == country(region));
    let ended: Option<Date> = here.map(|rule| rule.until).filter(|until| *until < today).max();
    let measured = match ended {
        Some(until) => measured::telemedicine_ended(region.as_str(), until.to_string()),
        None => measured::no_telemedicine_rule(region.as_str()),
    };
    let cause = if ended.is_some() { Cause::TooOld } else { Cause::Missing };
    found(rule.block(cause, measured, limit::examined_or_allowed(), clears::examine_in_person()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn at_home_a_rule_must_hold_today_or_somebody_has_examined_in_person() {
        check_rule(
            &RULE,
            Setting::Home,
            "
            telemedicine              region   examined   finding
            2026-01-01 2026-12-31     US-CO    none       -
            2026-03-02 2026-03-02     US-CO    none       -
            2026-01-01 2026-03-01     US-CO    none       block: too old
            2026-03-03 2026-12-31     US-CO    none       block: missing
            2026-01-01 2026-12-31     GB       none       block: missing
            2026-01-01 2026-12-31     none     none       block: missing
            2026-01-01 2026-03-01     US-CO    400 d      -
            2026-01-01 2026-03-01     none     1 h        -
            2026-01-01 2026-12-31     US-CO    in 1 h     block: impossible
            none                      US-CO    none       block: missing
        ",
        );
    }

    #[test]
    fn in_the_clinic_the_patient_is_seen_and_no_rule_of_telemedicine_is_needed() {
        check_rule(&RULE, Setting::Clinic, "region  examined  finding\nnone  none  n/a");
    }

    #[test]
    fn it_stands_where_a_dose_is_ordered_scheduled_and_taken() {
        check_everywhere(&super::super::f01_licence::RULE, "region  finding\nUS-CO  -");
        assert_eq!(RULE.gates, [Gate::Order, Gate::Scheduling, Gate::Dose]);
    }
}
