//! Nasal esketamine is given inside its safety programme (REMS) or not at all.
//!
//! Rule       Never at home. The dose is one, two or three devices of 28 mg. On record and in force: the site's certificate,
//!            the pharmacy's, and the patient's enrolment; on the day a prescriber on site for this session; and the
//!            monitoring form of the last dose by this route, sent within 7 days of it.
//! Hazard     HZ-04, breathing or consciousness fails: sedation, dissociation and respiratory depression are the boxed
//!            warning.
//! No answer  No order by this route is judged as soon as it is written; each of the facts, missing or ended, blocks.
//! Source     Clinical reference 4.1, 6 and R08; clinic-day 2.5: FDA REMS page 386 and Spravato REMS site, verified twice.
//!            The pharmacy's certificate: the same programme.
//! Signed     nobody yet

use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, RemsFact, Route, Setting};
use crate::finding::Severity;
use crate::finding::{Cause, Finding, Verdict};
use crate::quantity::days_between;
use crate::rules::answers::{missing, verdict};
use crate::rules::{Gate, Hazard, InForce, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R08-esketamine-rems",
    controls: Hazard::Respiratory,
    says: "Nasal esketamine: never at home, whole devices of 28 mg up to three, and site, pharmacy, patient, prescriber on site and the last form on record in its safety programme.",
    no_answer: "Each fact of the programme that is not on record, or has ended, blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::fixed("device-mg", 28.0, Unit::Mg), Limit::fixed("form-days", 7.0, Unit::Days)],
    source: "Clinical reference 4.1, 6 and R08; verified twice: FDA REMS page 386; Spravato REMS site.",
    signed: None,
    override_by: Override::Never,
    check,
};

/// What the programme asks for before a dose, and stays on record.
const STANDING: [(RemsFact, Subject); 3] = [
    (RemsFact::SiteCertified, Subject::RemsSite),
    (RemsFact::PharmacyCertified, Subject::RemsPharmacy),
    (RemsFact::PatientEnrolled, Subject::RemsEnrolment),
];

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let route = facts.order.as_ref().map(|order| order.route).or(facts.route);
    if route != Some(Route::NasalEsketamine) {
        return Verdict::NotApplicable(skip::not_esketamine());
    }
    let mut findings: Vec<Finding> =
        STANDING.iter().filter_map(|(fact, what)| standing(rule, facts, *fact, *what)).collect();
    if facts.gate == Gate::Dose {
        let here = facts.rems.iter().any(|r| r.fact == RemsFact::PrescriberOnSite && r.of_this_session);
        findings.extend((!here).then(|| absent(rule, Subject::RemsPrescriberOnSite)));
    }
    findings.extend(form(rule, facts, limit!(rule, facts, "form-days")));
    if facts.setting == Setting::Home {
        let by_route = measured::route_at_home(Route::NasalEsketamine);
        findings.push(rule.block(Cause::Met, by_route, limit::route_for_home(), clears::treatment_in_clinic()));
    }
    let device = limit!(rule, facts, "device-mg");
    if let Some(order) = &facts.order {
        let devices = order.dose_mg / device.value;
        if !(1.0..=3.0).contains(&devices) || devices.fract() != 0.0 {
            let dose = measured::dose(Value::number(order.dose_mg, Unit::Mg));
            findings.push(rule.block(Cause::Met, dose, limit::whole_devices(device), clears::correct_order()));
        }
    }
    verdict(findings, clear::in_the_safety_programme())
}

fn absent(rule: &Rule, what: Subject) -> Finding {
    missing(rule, what, limit::in_the_safety_programme(), clears::record_in_the_programme())
}

/// A fact that stays on record: there, begun, and not ended. The newest entry counts.
fn standing(rule: &Rule, facts: &Facts, fact: RemsFact, what: Subject) -> Option<Finding> {
    let newest = facts.rems.iter().filter(|r| r.fact == fact && r.at <= facts.now).max_by_key(|r| r.at);
    let Some(newest) = newest else { return Some(absent(rule, what)) };
    let until = newest.until.filter(|until| *until < facts.today())?;
    let ended = measured::ended_on(what, until.to_string());
    let clears = clears::record_in_the_programme();
    Some(rule.block(Cause::TooOld, ended, limit::in_the_safety_programme(), clears))
}

/// The monitoring form of the last dose by this route, sent within its days.
fn form(rule: &Rule, facts: &Facts, days: InForce) -> Option<Finding> {
    let last = facts.doses.iter().filter(|dose| dose.route == Route::NasalEsketamine).map(|dose| dose.at).max()?;
    let what = Subject::RemsFormSent;
    let sent =
        facts.rems.iter().filter(|r| r.fact == RemsFact::FormSent && r.dose_at == Some(last)).map(|r| r.at).min();
    let Some(sent) = sent else { return Some(absent(rule, what)) };
    // A form that came late is on record, and says so; it holds nothing more.
    let late = days_between(last, sent) > days.value;
    late.then(|| {
        let after = measured::sent_after(what, Value::age(last, sent));
        rule.finding(Severity::Warn, Cause::Met, after, limit::sent_within(days), clears::reason())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    const ALL: &str = "site-certified, pharmacy-certified, patient-enrolled, prescriber-on-site here";

    #[test]
    fn each_fact_of_the_programme_is_on_record_before_a_dose() {
        check_rule(
            &RULE,
            Setting::Clinic,
            &format!(
                "
                gate    route              dose mg   rems                                                     finding
                dose    nasal-esketamine   56        {ALL}                                                    -
                order   nasal-esketamine   56        site-certified, pharmacy-certified, patient-enrolled     -
                dose    nasal-esketamine   56        site-certified, pharmacy-certified, patient-enrolled     block: missing
                dose    nasal-esketamine   56        site-certified, pharmacy-certified, patient-enrolled, prescriber-on-site   block: missing
                order   nasal-esketamine   56        site-certified until 2026-03-02, pharmacy-certified, patient-enrolled    -
                order   nasal-esketamine   56        site-certified until 2026-03-01, pharmacy-certified, patient-enrolled    block: too old
                order   nasal-esketamine   56        none                                                     block: missing + block: missing + block: missing
                dose    nasal-esketamine   57        {ALL}                                                    block
                dose    nasal-esketamine   84        {ALL}                                                    -
                dose    nasal-esketamine   112       {ALL}                                                    block
            "
            ),
        );
        let table = format!("gate  route  dose mg  rems  finding\ndose  nasal-esketamine  56  {ALL}  block");
        check_rule(&RULE, Setting::Home, &table);
    }

    #[test]
    fn the_form_of_the_last_dose_was_sent_and_within_seven_days() {
        check_rule(
            &RULE,
            Setting::Clinic,
            &format!(
                "
                gate   route              dose mg   doses                              rems                               finding
                dose   nasal-esketamine   56        nasal-esketamine 56 mg @10 d       {ALL}                              block: missing
                dose   nasal-esketamine   56        nasal-esketamine 56 mg @10 d       {ALL}, form-sent of 10 d@4 d       -
                dose   nasal-esketamine   56        nasal-esketamine 56 mg @10 d       {ALL}, form-sent of 10 d@2 d       warn
                dose   nasal-esketamine   56        nasal-esketamine 56 mg @10 d       {ALL}, form-sent of 30 d@29 d      block: missing
                dose   nasal-esketamine   56        intravenous 35 mg @10 d            {ALL}                              -
            "
            ),
        );
    }

    #[test]
    fn it_is_asked_of_esketamine_only() {
        check_everywhere(&RULE, "route  finding\nsublingual  n/a\nnone  n/a");
    }
}
