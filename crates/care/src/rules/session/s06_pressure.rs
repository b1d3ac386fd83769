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

use super::{lasting, repeat_reading};
use crate::facts::{Facts, Symptom};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::{BloodPressure, age_words};
use crate::rules::answers::{number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-pressure",
    controls: Hazard::PressureSurge,
    says: "In session: 160/100 watch; 180/110 twice, 5 minutes apart, call; 200/120 once, or 160/100 with a warning symptom, emergency. Systolic below 100 watch, 90 call, 80 emergency.",
    no_answer: "An impossible reading is repeated; a missed one is S05's alarm.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("watch-systolic", 160.0, "mmHg"),
        Limit::lower("watch-diastolic", 100.0, "mmHg"),
        Limit::lower("call-systolic", 180.0, "mmHg"),
        Limit::lower("call-diastolic", 110.0, "mmHg"),
        Limit::lower("call-after-minutes", 5.0, "minutes"),
        Limit::lower("emergency-systolic", 200.0, "mmHg"),
        Limit::lower("emergency-diastolic", 120.0, "mmHg"),
        Limit::higher("watch-low-systolic", 100.0, "mmHg"),
        Limit::higher("call-low-systolic", 90.0, "mmHg"),
        Limit::higher("emergency-low-systolic", 80.0, "mmHg"),
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
    let Some(session) = &facts.session else { return Verdict::NotApplicable("no session is running") };
    let mut series: Vec<_> =
        session.readings.iter().filter_map(|v| v.blood_pressure.map(|bp| (v.taken_at, bp))).collect();
    series.sort_by_key(|(at, _)| *at);
    let Some((newest_at, newest)) = series.last().copied() else {
        return Verdict::NotApplicable("no pressure read since the dose: a missed reading is S05's");
    };
    let mut findings = Vec::new();
    if let Err(error) = newest.check() {
        findings.push(repeat_reading(rule, error.to_string()));
    }
    // The newest reading that can be true still speaks while a repeat is awaited.
    series.retain(|(_, bp)| bp.check().is_ok());
    if let Some((at, bp)) = series.last().copied() {
        let measured = format!("{bp} mmHg, {} old", age_words(at, facts.now));
        findings.extend(high(rule, facts, &series, bp, &measured));
        findings.extend(low(rule, facts, bp, &measured));
    }
    verdict(findings, format!("{newest} mmHg, {} old", age_words(newest_at, facts.now)))
}

fn high(
    rule: &Rule,
    facts: &Facts,
    series: &[(jiff::Timestamp, BloodPressure)],
    bp: BloodPressure,
    measured: &str,
) -> Option<Finding> {
    let pair =
        |name: &str| (rule.limit(facts, &format!("{name}-systolic")), rule.limit(facts, &format!("{name}-diastolic")));
    let (watch, call, emergency) = (pair("watch"), pair("call"), pair("emergency"));
    let below = |(systolic, diastolic): (f64, f64)| format!("below {}/{} mmHg", number(systolic), number(diastolic));
    let reaches = |bp: BloodPressure, (systolic, diastolic): (f64, f64)| bp.either_reaches(systolic, diastolic);
    let act = "stop, call emergency help, stay with the person";
    if reaches(bp, emergency) {
        return Some(rule.call(Urgency::Emergency, Cause::Met, measured, below(emergency), act));
    }
    if !reaches(bp, watch) {
        return None;
    }
    let symptoms = facts.session.iter().flat_map(|session| &session.symptoms);
    if let Some(symptom) = symptoms.map(|fact| fact.symptom).find(|symptom| WARNING.contains(symptom)) {
        let measured = format!("{measured}, with {}", symptom.words());
        return Some(rule.call(
            Urgency::Emergency,
            Cause::Met,
            measured,
            "no raised pressure with a warning symptom",
            act,
        ));
    }
    let minutes = rule.limit(facts, "call-after-minutes");
    if reaches(bp, call) && lasting(series, minutes, |bp| reaches(bp, call)) {
        let limit = format!("{} on readings {} minutes apart", below(call), number(minutes));
        return Some(rule.call(
            Urgency::CallClinician,
            Cause::Met,
            measured,
            limit,
            "no further dose; the clinician comes now",
        ));
    }
    let again = format!("repeat in {} minutes, and ask for symptoms", number(minutes));
    Some(rule.call(Urgency::Watch, Cause::Met, measured, below(watch), again))
}

fn low(rule: &Rule, facts: &Facts, bp: BloodPressure, measured: &str) -> Option<Finding> {
    for (name, urgency, clears) in [
        ("emergency-low-systolic", Urgency::Emergency, "lay flat, call emergency help, stay with the person"),
        ("call-low-systolic", Urgency::CallClinician, "lay flat, no further dose; the clinician comes now"),
        ("watch-low-systolic", Urgency::Watch, "lay flat, repeat in 5 minutes"),
    ] {
        let least = rule.limit(facts, name);
        if f64::from(bp.systolic) < least {
            return Some(rule.call(
                urgency,
                Cause::Met,
                measured,
                format!("systolic {} mmHg or above", number(least)),
                clears,
            ));
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
