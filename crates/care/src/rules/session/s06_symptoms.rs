//! Some symptoms call somebody by themselves, whatever the figures say.
//!
//! Rule       Emergency: does not answer or collapsed; danger to self or others; vomiting with MOAA/S 3 or below. Call the
//!            clinician: chest pain, severe headache, breathlessness, a change in vision, speech, face or strength;
//!            vomiting more than once. Watch: vomiting once, panic, strong dissociation. Nausea and dizziness are
//!            expected, and are recorded without a call.
//! Hazard     HZ-04, breathing or consciousness fails; and what a figure cannot show.
//! No answer  No symptom marked is not a normal finding: the look-ins of S05 ask. An unknown level of alertness with
//!            vomiting counts as unknown, and calls the clinician.
//! Source     Clinical reference 4.4 and S06: proposed default. That the four warning symptoms call a clinician without
//!            a raised pressure is this project's own choice.
//! Signed     nobody yet

use crate::coded::{Coded, Value};
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, SessionFacts, Symptom};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-symptoms",
    controls: Hazard::Respiratory,
    says: "In session: no answer, danger, or vomiting while sedated is an emergency; chest pain, severe headache, breathlessness, a neurological change or repeated vomiting calls; vomiting once, panic or strong dissociation is watched.",
    no_answer: "Vomiting with no rating of alertness calls the clinician; look-ins are S05's.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[
        Limit::lower("vomiting-call", 2.0, Unit::Times),
        Limit::higher("vomiting-emergency-moaas", 3.0, Unit::Moaas),
    ],
    source: "Clinical reference 4.4 and S06; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_session()) };
    let mut findings = Vec::new();
    // Gravest last in the list of symptoms, gravest first in the findings.
    for symptom in Symptom::ALL.into_iter().rev() {
        let times = session.symptoms.iter().filter(|fact| fact.symptom == symptom);
        let Some(latest) = times.clone().map(|fact| fact.at).max() else { continue };
        let age = Value::age(latest, facts.now);
        let call = |urgency, clears: Coded| {
            let marked = measured::symptom(symptom, age.clone());
            Some(rule.call(urgency, Cause::Met, marked, limit::no_symptom(symptom), clears))
        };
        findings.extend(match symptom {
            Symptom::Unresponsive | Symptom::DangerToSelfOrOthers => {
                call(Urgency::Emergency, clears::stop_and_call_help())
            }
            Symptom::NeurologicalChange | Symptom::SevereHeadache | Symptom::ChestPain | Symptom::Breathlessness => {
                call(Urgency::CallClinician, clears::measure_and_clinician())
            }
            Symptom::Panic | Symptom::Dissociation => call(Urgency::Watch, clears::stay_near_and_speak()),
            Symptom::Vomiting => Some(vomiting(rule, facts, session, times.count(), age)),
            Symptom::Nausea | Symptom::Dizziness => None,
        });
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.urgency));
    verdict(findings, clear::no_symptom())
}

fn vomiting(rule: &Rule, facts: &Facts, session: &SessionFacts, times: usize, age: Value) -> Finding {
    let vomited = Symptom::Vomiting;
    let sedated = limit!(rule, facts, "vomiting-emergency-moaas");
    let alertness =
        session.sedation.iter().filter(|(_, n)| (0..=5).contains(n)).max_by_key(|(at, _)| *at).map(|(_, n)| *n);
    if let Some(rating) = alertness.filter(|n| f64::from(*n) <= sedated.value) {
        let measured = measured::symptom_with_moaas(vomited, age, rating);
        let (limit, clears) = (limit::no_vomiting_when_sedated(sedated), clears::on_side_and_call_help());
        return rule.call(Urgency::Emergency, Cause::Met, measured, limit, clears);
    }
    if times as f64 >= limit!(rule, facts, "vomiting-call").value {
        let measured = measured::symptom_times(vomited, age, Value::count(times, Unit::Times));
        let (limit, clears) = (limit::vomiting_once(), clears::on_side_and_clinician());
        return rule.call(Urgency::CallClinician, Cause::Met, measured, limit, clears);
    }
    if alertness.is_none() {
        let (limit, clears) = (limit::alertness_known(), clears::on_side_and_rate());
        let measured = measured::symptom_not_rated(vomited, age);
        return rule.call(Urgency::CallClinician, Cause::Unknown, measured, limit, clears);
    }
    let (limit, clears) = (limit::no_symptom(vomited), clears::on_side_and_stay());
    rule.call(Urgency::Watch, Cause::Met, measured::symptom(vomited, age), limit, clears)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn each_symptom_calls_by_its_weight() {
        check_everywhere(
            &RULE,
            "
            symptoms                              finding
            none                                  -
            nausea@1 min                          -
            dizziness@1 min                       -
            panic@1 min                           watch
            dissociation@1 min                    watch
            breathlessness@1 min                  call
            chest-pain@1 min                      call
            severe-headache@1 min                 call
            neurological-change@1 min             call
            danger-to-self-or-others@1 min        emergency
            unresponsive@1 min                    emergency
            panic@9 min, chest-pain@1 min         call + watch
            panic@9 min, unresponsive@1 min       emergency + watch
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }

    #[test]
    fn vomiting_weighs_by_how_often_and_how_alert() {
        check_everywhere(
            &RULE,
            "
            symptoms                          moaas            finding
            vomiting@1 min                    5@1 min          watch
            vomiting@1 min                    4@1 min          watch
            vomiting@1 min                    3@1 min          emergency
            vomiting@1 min                    2@9 min, 5@1 min    watch
            vomiting@9 min, vomiting@1 min    5@1 min          call
            vomiting@9 min, vomiting@1 min    3@1 min          emergency
            vomiting@1 min                    none             call: unknown
            vomiting@1 min                    9@1 min          call: unknown
        ",
        );
    }
}
