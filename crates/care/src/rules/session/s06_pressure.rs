//! A pressure that rises or falls too far while the drug works calls somebody, by how far.
//!
//! Rule       Watch at 160/100 mmHg or above: repeat in 5 minutes. Call the clinician at 180/110 or above on two readings
//!            5 minutes apart, with none lower between. Emergency at 200/120 once, and at once when a pressure of 160/100
//!            or above comes with chest pain, severe headache, breathlessness, or a change in vision, speech, face or
//!            strength. Low: watch below 100 systolic, call below 90, emergency below 80.
//! Hazard     HZ-03, a pressure surge harms somebody already high.
//! No answer  An impossible reading asks for a repeat and hides nothing. A missed reading is S05's alarm, not a normal one.
//! Source     Clinical reference 4.4 and S06: proposed default; Yip 2022 argues against drugs for peaks without symptoms.
//! Signed     nobody yet

use jiff::Timestamp;

use super::{lasting, pressures, repeat_reading};
use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Symptom};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::BloodPressure;
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-pressure",
    controls: Hazard::PressureSurge,
    says: "In session: 160/100 watch; 180/110 twice, 5 minutes apart, call; 200/120 once, or 160/100 with a warning symptom, emergency. Systolic below 100 watch, 90 call, 80 emergency.",
    no_answer: "An impossible reading is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("watch-systolic", 160.0, Unit::MmHg),
        Limit::lower("watch-diastolic", 100.0, Unit::MmHg),
        Limit::lower("call-systolic", 180.0, Unit::MmHg),
        Limit::lower("call-diastolic", 110.0, Unit::MmHg),
        Limit::lower("call-after-minutes", 5.0, Unit::Minutes),
        Limit::lower("emergency-systolic", 200.0, Unit::MmHg),
        Limit::lower("emergency-diastolic", 120.0, Unit::MmHg),
        Limit::higher("watch-low-systolic", 100.0, Unit::MmHg),
        Limit::higher("call-low-systolic", 90.0, Unit::MmHg),
        Limit::higher("emergency-low-systolic", 80.0, Unit::MmHg),
    ],
    source: "Clinical reference 4.4 and S06; proposed default. Yip 2022 (https://doi.org/10.3389/fpsyt.2022.1017504).",
    signed: None,
    override_by: Override::Never,
    check,
};

/// Symptoms that make any raised pressure an emergency.
const WARNING: [Symptom; 4] =
    [Symptom::ChestPain, Symptom::SevereHeadache, Symptom::NeurologicalChange, Symptom::Breathlessness];

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut series = pressures(&session.readings);
    let Some((newest_at, newest)) = series.last().copied() else {
        return Verdict::NotApplicable(skip::no_pressure_read());
    };
    let mut findings = Vec::new();
    if let Err(error) = newest.check() {
        findings.push(repeat_reading(rule, error.coded()));
    }
    // The newest reading that can be true still speaks while a repeat is awaited.
    series.retain(|(_, bp)| bp.check().is_ok());
    if let Some((at, bp)) = series.last().copied() {
        let age = Value::age(at, facts.now);
        findings.extend(high(rule, facts, &series, bp, &age));
        findings.extend(low(rule, facts, bp, &age));
    }
    verdict(findings, clear::pressure(newest, Value::age(newest_at, facts.now)))
}

fn high(
    rule: &Rule,
    facts: &Facts,
    series: &[(Timestamp, BloodPressure)],
    bp: BloodPressure,
    age: &Value,
) -> Option<Finding> {
    let pair = |upper, lower| (rule.limit(facts, upper), rule.limit(facts, lower));
    let watch = pair(named!("watch-systolic"), named!("watch-diastolic"));
    let call = pair(named!("call-systolic"), named!("call-diastolic"));
    let emergency = pair(named!("emergency-systolic"), named!("emergency-diastolic"));
    let reaches = |bp: BloodPressure, (upper, lower): (InForce, InForce)| bp.either_reaches(upper.value, lower.value);
    let found = |urgency, measured: Coded, limit, clears| Some(rule.call(urgency, Cause::Met, measured, limit, clears));
    let pressure = measured::pressure(bp, age.clone());
    if reaches(bp, emergency) {
        let limit = limit::pressure_below(emergency.0, emergency.1);
        return found(Urgency::Emergency, pressure, limit, clears::stop_and_call_help());
    }
    if !reaches(bp, watch) {
        return None;
    }
    let symptoms = facts.session.iter().flat_map(|session| &session.symptoms);
    if let Some(symptom) = symptoms.map(|fact| fact.symptom).find(|symptom| WARNING.contains(symptom)) {
        let with = measured::pressure_with_symptom(bp, age.clone(), symptom);
        return found(Urgency::Emergency, with, limit::no_pressure_with_symptom(), clears::stop_and_call_help());
    }
    let minutes = limit!(rule, facts, "call-after-minutes");
    if reaches(bp, call) && lasting(series, minutes.value, |bp| reaches(bp, call)) {
        let limit = limit::pressure_below_apart(call.0, call.1, minutes);
        return found(Urgency::CallClinician, pressure, limit, clears::no_dose_and_clinician());
    }
    let limit = limit::pressure_below(watch.0, watch.1);
    found(Urgency::Watch, pressure, limit, clears::repeat_in_and_ask(minutes))
}

fn low(rule: &Rule, facts: &Facts, bp: BloodPressure, age: &Value) -> Option<Finding> {
    for (name, urgency, clears) in [
        (named!("emergency-low-systolic"), Urgency::Emergency, clears::lay_flat_and_call_help()),
        (named!("call-low-systolic"), Urgency::CallClinician, clears::lay_flat_and_clinician()),
        (named!("watch-low-systolic"), Urgency::Watch, clears::lay_flat_and_repeat()),
    ] {
        let least = rule.limit(facts, name);
        if f64::from(bp.systolic) < least.value {
            let pressure = measured::pressure(bp, age.clone());
            return Some(rule.call(urgency, Cause::Met, pressure, limit::systolic_at_least(least), clears));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn calls_by_how_high_and_for_how_long() {
        check_everywhere(
            &RULE,
            "
            bp                                              finding
            159/99@1 min                                    -
            160/80@1 min                                    watch
            150/100@1 min                                   watch
            180/90@1 min                                    watch
            180/90@5 min, 181/90@1 min                      watch
            180/90@6 min, 181/90@1 min                      call
            179/90@6 min, 181/90@1 min                      watch
            185/90@9 min, 150/90@5 min, 185/90@1 min        watch
            185/90@9 min, 170/110@5 min, 185/90@1 min       call
            199/119@1 min                                   watch
            200/90@1 min                                    emergency
            150/120@1 min                                   emergency
            200/90@9 min, 130/80@1 min                      -
            80/120@1 min                                    watch: impossible
            200/90@5 min, 80/120@1 min                      watch: impossible + emergency
            none                                            n/a
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }

    #[test]
    fn a_warning_symptom_makes_a_raised_pressure_an_emergency_at_once() {
        for symptom in ["chest-pain", "severe-headache", "neurological-change", "breathlessness"] {
            let table = format!(
                "
                bp             symptoms            finding
                160/80@1 min   {symptom}@2 min     emergency
                140/100@1 min  {symptom}@40 min    emergency
                159/99@1 min   {symptom}@2 min     -
                160/80@1 min   nausea@2 min        watch
            "
            );
            check_everywhere(&RULE, &table);
        }
    }

    #[test]
    fn calls_by_how_low() {
        check_everywhere(
            &RULE,
            "
            bp             finding
            100/60@1 min   -
            99/60@1 min    watch
            90/60@1 min    watch
            89/60@1 min    call
            80/50@1 min    call
            79/50@1 min    emergency
            79/78@1 min    emergency
        ",
        );
    }
}
