//! Drugs and grapefruit that change how fast ketamine is cleared, which weighs most when it is swallowed.
//!
//! Rule       A strong inhibitor of CYP3A4 or CYP2B6 taken now or stopped less than 5 days ago, or an inducer started or
//!            stopped less than 14 days ago: block under the tongue or by mouth, warn by vein, muscle or nose. An inducer
//!            taken longer: warn under the tongue or by mouth, and never make up for it with a larger home dose.
//!            Grapefruit less than 72 hours ago is asked on the day and weighs the same.
//! Hazard     HZ-07, another drug raises, lowers or adds to the effect.
//! No answer  No route, or medicines not gone through, blocks, and without a route medicines weigh as they do by mouth. An inducer with no known start counts as newly started.
//!            Grapefruit not asked within 2 hours, or not known when, blocks.
//! Source     Clinical reference 2.1 and D05: Hagelberg 2010, grapefruit study, Peltoniemi 2011 and 2012; verified.
//!            The days and hours are proposed defaults.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit, measured};
use crate::facts::{Facts, MedicineClass, Route};
use crate::finding::{Cause, Finding, Severity, Verdict};
use crate::quantity::days_between;
use crate::rules::ages;
use crate::rules::answers::{Listed, found, medicines, missing, used_within, verdict};
use crate::rules::{Gate, Hazard, Limit, Override, Rule};
use crate::subject::Subject;
use crate::unit::Unit;

/// The rule on medicines.
pub const RULE: Rule = Rule {
    id: "D05-cyp",
    controls: Hazard::Interaction,
    says: "A strong CYP3A4 or CYP2B6 inhibitor within 5 days, or an inducer started or stopped within 14 days: blocks under the tongue or by mouth, warns by other routes.",
    no_answer: "No route, medicines not gone through, or an inducer with no known start: blocks (or warns, by route). Without a route medicines weigh as they do by mouth.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[Limit::higher("inhibitor-days", 5.0, Unit::Days), Limit::higher("inducer-days", 14.0, Unit::Days)],
    source: "Clinical reference 2.1 and D05; verified: Hagelberg 2010 (https://doi.org/10.1016/j.ejpain.2009.10.003); \
             Peltoniemi 2011 (https://doi.org/10.1038/clpt.2011.140) and 2012. Days: proposed default.",
    signed: None,
    override_by: Override::Prescriber,
    check,
};

/// The rule on grapefruit, on the day.
pub const GRAPEFRUIT: Rule = Rule {
    id: "D05-grapefruit",
    says: "Grapefruit less than 72 hours ago: blocks under the tongue or by mouth, warns by other routes.",
    no_answer: "No route, not asked today, asked 2 hours ago or longer, or not known when, blocks.",
    gates: &[Gate::Dose],
    limits: &[Limit::higher("within-hours", 72.0, Unit::Hours), ages::day_answer(&[Subject::Grapefruit])],
    source: "Clinical reference 2.1 and D05; verified: grapefruit juice and oral S-ketamine (AUC x3.0, n=12). 72 hours: \
             proposed default.",
    check: grapefruit,
    ..RULE
};

fn weight(route: Route) -> Severity {
    if route.first_pass() { Severity::Block } else { Severity::Warn }
}

fn route_missing(rule: &Rule) -> Finding {
    missing(rule, Subject::Route, limit::a_route(), clears::write_plan_or_order())
}

fn grapefruit(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(route) = facts.route else { return found(route_missing(rule)) };
    let hours = limit!(rule, facts, GRAPEFRUIT, "within-hours");
    let finding = used_within(rule, facts, Subject::Grapefruit, facts.day.grapefruit, hours, weight(route));
    verdict(finding, clear::no_grapefruit())
}

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    // Nobody has said how the drug will be taken: that is missing, and until then the medicines weigh as they do by mouth.
    let no_route = facts.route.is_none().then(|| route_missing(rule));
    let route = facts.route.unwrap_or(Route::Oral);
    let list = medicines(rule, facts);
    let days = limit!(rule, facts, "inhibitor-days");
    let inhibitors = list.active(MedicineClass::StrongCypInhibitor, days.value * 24.0).map(|m| {
        let limit = limit::no_inhibitor_within(days);
        rule.finding(weight(route), Cause::Met, m.taken(), limit, clears::wait_after_course(days))
    });
    let inducers = list.all().filter(|m| m.medicine.is(MedicineClass::CypInducer));
    let inducers = inducers.filter_map(|m| inducer(rule, facts, m, route));
    let findings: Vec<Finding> = no_route.into_iter().chain(inhibitors).chain(inducers).collect();
    list.verdict(findings, clear::no_inhibitor_or_inducer())
}

fn inducer(rule: &Rule, facts: &Facts, listed: Listed<'_>, route: Route) -> Option<Finding> {
    let m = listed.medicine;
    let days = limit!(rule, facts, "inducer-days");
    let since = |at| days_between(at, facts.now);
    let changed = || {
        let clears = clears::wait_after_change(days);
        rule.finding(weight(route), Cause::Met, listed.taken(), limit::no_inducer_change_within(days), clears)
    };
    if let Some(stopped) = m.stopped_at.filter(|at| *at <= facts.now) {
        return (since(stopped) < days.value).then(changed);
    }
    match m.started_at {
        None => {
            let undated = measured::start_not_known(listed.taken());
            let limit = limit::no_inducer_change_within(days);
            Some(rule.finding(weight(route), Cause::Unknown, undated, limit, clears::record_start()))
        }
        Some(at) if since(at) < days.value => Some(changed()),
        Some(_) if route.first_pass() => {
            let (limit, clears) = (limit::no_inducer_by_mouth(), clears::reason_and_never_raised());
            Some(rule.finding(Severity::Warn, Cause::Met, listed.taken(), limit, clears))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Setting;
    use crate::rules::testing::{check_everywhere, check_rule};

    #[test]
    fn weighs_by_route() {
        for (route, met) in [
            ("sublingual", "block"),
            ("oral", "block"),
            ("intravenous", "warn"),
            ("intramuscular", "warn"),
            ("nasal-esketamine", "warn"),
        ] {
            let steady = if met == "block" { "warn" } else { "-" };
            let table = format!(
                "
                route     medicines                                       finding
                {route}   empty                                           -
                {route}   strong-cyp-inhibitor                            {met}
                {route}   strong-cyp-inhibitor stopped 4 d 23 h 59 min    {met}
                {route}   strong-cyp-inhibitor stopped 5 d                -
                {route}   cyp-inducer started 13 d 23 h                   {met}
                {route}   cyp-inducer started 14 d                        {steady}
                {route}   cyp-inducer                                     {met}: unknown
                {route}   cyp-inducer started 90 d stopped 13 d           {met}
                {route}   cyp-inducer started 90 d stopped 14 d           -
                {route}   cyp-inducer started 90 d stopped in 2 d         {steady}
                {route}   none                                            block: missing
            "
            );
            check_everywhere(&RULE, &table);
        }
        check_everywhere(
            &RULE,
            "
            route    medicines               imported               finding
            none     empty                   empty                  block: missing
            none     strong-cyp-inhibitor    empty                  block: missing + block
            none     cyp-inducer             empty                  block: missing + block: unknown
            oral     empty                   strong-cyp-inhibitor   block
            oral     none                    strong-cyp-inhibitor   block: missing + block
            oral     none                    cyp-inducer            block: missing + block: unknown
            ",
        );
    }

    #[test]
    fn grapefruit_counts_for_three_days() {
        for (route, met) in [("sublingual", "block"), ("intravenous", "warn")] {
            let table = format!(
                "
                route     grapefruit     finding
                {route}   no             -
                {route}   71 h 59 min    {met}
                {route}   72 h           -
                {route}   unknown        block: unknown
                {route}   in 1 h         block: impossible
                {route}   none           block: missing
                none      no             block: missing
            "
            );
            check_rule(&GRAPEFRUIT, Setting::Clinic, &table);
            check_rule(&GRAPEFRUIT, Setting::Home, &table);
        }
    }
}
