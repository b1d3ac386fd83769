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

use crate::facts::{Facts, SessionFacts, Symptom};
use crate::finding::{Cause, Finding, Severity, Urgency, Verdict};
use crate::quantity::age_words;
use crate::rules::answers::{count, number, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "S06-symptoms",
    controls: Hazard::Respiratory,
    says: "In session: no answer, danger, or vomiting while sedated is an emergency; chest pain, severe headache, breathlessness, a neurological change or repeated vomiting calls; vomiting once, panic or strong dissociation is watched.",
    no_answer: "Vomiting with no rating of alertness calls the clinician; look-ins are S05's.",
    gates: &[Gate::InSession],
    severity: Severity::Escalate,
    limits: &[Limit::lower("vomiting-call", 2.0, "times"), Limit::higher("vomiting-emergency-moaas", 3.0, "MOAA/S")],
    source: "Clinical reference 4.4 and S06; proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable("no session is running") };
    let mut findings = Vec::new();
    // Gravest last in the list of symptoms, gravest first in the findings.
    for symptom in Symptom::ALL.into_iter().rev() {
        let times = session.symptoms.iter().filter(|fact| fact.symptom == symptom);
        let Some(latest) = times.clone().map(|fact| fact.at).max() else { continue };
        let marked = format!("{}, {} ago", symptom.words(), age_words(latest, facts.now));
        let call = |urgency, clears: &str| {
            Some(rule.call(urgency, Cause::Met, marked.clone(), format!("no {}", symptom.words()), clears))
        };
        findings.extend(match symptom {
            Symptom::Unresponsive | Symptom::DangerToSelfOrOthers => {
                call(Urgency::Emergency, "stop, call emergency help, stay with the person")
            }
            Symptom::NeurologicalChange | Symptom::SevereHeadache | Symptom::ChestPain | Symptom::Breathlessness => {
                call(Urgency::CallClinician, "measure pressure and oxygen now; the clinician comes now")
            }
            Symptom::Panic | Symptom::Dissociation => {
                call(Urgency::Watch, "stay near, speak calmly, ask for a rating of distress")
            }
            Symptom::Vomiting => Some(vomiting(rule, facts, session, times.count(), marked.clone())),
            Symptom::Nausea | Symptom::Dizziness => None,
        });
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.urgency));
    verdict(findings, "no symptom that calls for somebody")
}

fn vomiting(rule: &Rule, facts: &Facts, session: &SessionFacts, times: usize, marked: String) -> Finding {
    let sedated = rule.limit(facts, "vomiting-emergency-moaas");
    let alertness =
        session.sedation.iter().filter(|(_, n)| (0..=5).contains(n)).max_by_key(|(at, _)| *at).map(|(_, n)| *n);
    let on_side = "turn on the side, keep the airway clear";
    if let Some(rating) = alertness.filter(|n| f64::from(*n) <= sedated) {
        let measured = format!("{marked}, with MOAA/S {rating}");
        let limit = format!("no vomiting at MOAA/S {} or below", number(sedated));
        return rule.call(Urgency::Emergency, Cause::Met, measured, limit, format!("{on_side}, call emergency help"));
    }
    if times as f64 >= rule.limit(facts, "vomiting-call") {
        let measured = format!("{marked}, {} in all", count(times as f64, "time"));
        return rule.call(
            Urgency::CallClinician,
            Cause::Met,
            measured,
            "vomiting at most once",
            format!("{on_side}; the clinician comes now"),
        );
    }
    if alertness.is_none() {
        let measured = format!("{marked}, alertness not rated");
        return rule.call(
            Urgency::CallClinician,
            Cause::Unknown,
            measured,
            "alertness known",
            format!("{on_side}, rate MOAA/S now"),
        );
    }
    rule.call(Urgency::Watch, Cause::Met, marked, "no vomiting", format!("{on_side}, stay near"))
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
