//! Who prescribes must be licensed where the patient is treated.
//!
//! Rule       The prescriber who writes the order, and whose order a dose is given on, has a licence on record for the
//!            country and state where the patient is treated, and it holds today; else block. In both settings.
//! Hazard     HZ-10, misuse or dependence: a controlled medicine from somebody who may not prescribe it there.
//! No answer  The place of treatment, or a licence of that prescriber, not written down: blocks.
//! Source     Clinical reference F01 (licence state mismatch) and 6: state law still applies under the telemedicine rule.
//! Signed     nobody yet

use crate::codes::{clear, clears, limit, measured};
use crate::facts::Facts;
use crate::finding::{Cause, Severity, Verdict};
use crate::rules::answers::{found, missing};
use crate::rules::{Gate, Hazard, Override, Rule};
use crate::subject::Subject;

/// The rule.
pub const RULE: Rule = Rule {
    id: "F01-licence",
    controls: Hazard::Misuse,
    says: "Whoever prescribes is licensed, today, in the country and state where the patient is treated.",
    no_answer: "The place of treatment, or a licence of the prescriber, not written down: blocks.",
    gates: &[Gate::Order, Gate::Dose],
    severity: Severity::Block,
    limits: &[],
    source: "Clinical reference F01 and 6; verified twice that state law still applies: Federal Register 2025-24123, \
             fourth telemedicine extension (https://www.govinfo.gov/content/pkg/FR-2025-12-31/html/2025-24123.htm).",
    signed: None,
    override_by: Override::Never,
    check,
};

fn check(rule: &Rule, facts: &Facts) -> Verdict {
    let Some(region) = &facts.region else {
        return found(missing(rule, Subject::Region, limit::licensed_where_treated(), clears::write_down_region()));
    };
    let wanted = || limit::licensed_in(region.as_str());
    let today = facts.today();
    // The newest statement for a place counts: a licence that was given back is written down with its last day.
    let mut own = facts.licences.iter().rev().filter(|licence| Some(licence.prescriber) == facts.prescriber).peekable();
    let elsewhere = own.peek().map(|licence| licence.region.clone());
    match (own.find(|licence| &licence.region == region), elsewhere) {
        (Some(licence), _) if licence.until >= today => {
            Verdict::Clear(clear::licensed_until(region.as_str(), licence.until.to_string()))
        }
        (Some(licence), _) => {
            let ended = measured::licence_ended(region.as_str(), licence.until.to_string());
            found(rule.block(Cause::TooOld, ended, wanted(), clears::show_licence()))
        }
        (None, Some(other)) => {
            found(rule.block(Cause::Met, measured::licensed_elsewhere(other), wanted(), clears::licensed_prescriber()))
        }
        (None, None) => found(missing(rule, Subject::Licence, wanted(), clears::show_licence())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_everywhere;

    #[test]
    fn a_licence_of_the_prescriber_must_hold_today_where_the_patient_is() {
        check_everywhere(
            &RULE,
            "
            region   licences                                    finding
            US-CO    mine US-CO 2026-03-02                       -
            US-CO    mine US-CO 2026-03-01                       block: too old
            US-CO    mine US-UT 2027-01-01                       block
            US-CO    mine US-UT 2027-01-01, mine US-CO 2027-01-01   -
            US-CO    mine US-CO 2027-01-01, mine US-CO 2026-01-01   block: too old
            US-CO    other US-CO 2027-01-01                      block: missing
            US-CO    none                                        block: missing
            none     mine US-CO 2027-01-01                       block: missing
        ",
        );
    }
}
