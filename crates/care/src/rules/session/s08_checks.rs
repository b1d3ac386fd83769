//! Nobody is let go before they know where they are, walk, are calm and safe, and have a way home.
//!
//! Rule       Each must be answered yes: oriented, walks steadily, not vomiting, distress settled, no new thoughts of
//!            suicide; in the clinic an adult escort or pre-arranged ride, named. Each answer is younger than 15 minutes.
//!            And no alert of the session is still open. Driving is S09's, breathing S08-breathing's.
//! Hazard     HZ-09, released too early: falls, driving.
//! No answer  Not asked, not known, declined or 15 minutes old blocks, each by itself.
//! Source     Clinical reference 4.6 and S08: escort verified twice (Spravato counselling, FDA REMS page);
//!            the others follow the UK readiness-to-leave checklist, proposed default. The open alert and the age of an
//!            answer are this project's.
//! Signed     nobody yet

use super::answered_at_release;
use crate::coded::Value;
use crate::codes::{clear, clears, limit, measured, skip};
use crate::facts::{Facts, Setting};
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::verdict;
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S08-release-checks",
    controls: Hazard::EarlyRelease,
    says: "Release: oriented, steady, not vomiting, settled, no new thoughts of suicide; in the clinic an escort or ride; each answered within 15 minutes of release; no open alert.",
    no_answer: "Not asked, not known, declined or too old blocks.",
    gates: &[Gate::Release],
    severity: Severity::Block,
    limits: &[Limit::lower("max-age-minutes", 15.0, Unit::Minutes)],
    source: "Clinical reference 4.6 and S08; verified: Spravato US prescribing information, 2019 copy; FDA REMS page \
             (escort); UK readiness-to-leave checklist: proposed default.",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(session) = &facts.session else { return Verdict::NotApplicable(skip::no_dose()) };
    let release = &session.release;
    let mut questions = vec![
        (Subject::Oriented, release.oriented, clears::stay_until_oriented()),
        (Subject::WalksSteadily, release.steady_gait, clears::stay_until_steady()),
        (Subject::NotVomiting, release.no_vomiting, clears::stay_until_stopped()),
        (Subject::DistressSettled, release.distress_settled, clears::stay_and_support()),
        (Subject::NoNewSuicidalThoughts, release.no_new_suicidal_thoughts, clears::clinician_sees_and_not_alone()),
    ];
    if facts.setting == Setting::Clinic {
        questions.push((Subject::EscortOrRide, release.escort, clears::name_escort()));
    }
    let mut findings: Vec<_> = questions
        .into_iter()
        .filter_map(|asked| answered_at_release(rule, facts, session, asked, limit!(rule, facts, "max-age-minutes")))
        .collect();
    if session.open_alerts > 0 {
        let open = measured::open_alerts(Value::count(session.open_alerts, Unit::OpenAlerts));
        findings.push(rule.block(Cause::Met, open, limit::no_open_alert(), clears::resolve_alerts()));
    }
    verdict(findings, clear::release_checks())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn each_check_stands_by_itself() {
        check_everywhere(
            &RULE,
            "
            oriented   gait       not vomiting   settled    no new thoughts   open alerts   finding
            yes        yes        yes            yes        yes               0             -
            no         yes        yes            yes        yes               0             block
            unknown    yes        yes            yes        yes               0             block: unknown
            yes        no         yes            yes        yes               0             block
            yes        none       yes            yes        yes               0             block: missing
            yes        yes        no             yes        yes               0             block
            yes        yes        yes            no         yes               0             block
            yes        yes        yes            yes        no                0             block
            yes        yes        yes            yes        declined          0             block: unknown
            yes        yes        yes            yes        yes               1             block
            no         no         yes            yes        yes               2             block + block + block
        ",
        );
        check_everywhere(&RULE, "session   finding\nnone   n/a");
    }

    #[test]
    fn an_answer_of_long_ago_is_asked_again() {
        let five = |cause: &str| vec![format!("block: {cause}"); 5].join(" + ");
        let table = format!(
            "checked   finding\n14 min   -\n15 min   {}\n90 min   {}\nnone   {}",
            five("too old"),
            five("too old"),
            five("missing")
        );
        check_rule(&RULE, Setting::Home, &table);
    }

    #[test]
    fn an_escort_is_asked_for_in_the_clinic() {
        check_rule(
            &RULE,
            Setting::Clinic,
            "ride   finding\nyes   -\nno   block\nunknown   block: unknown\nnone   block: missing",
        );
        check_rule(&RULE, Setting::Home, "ride   finding\nnone   -");
    }
}
