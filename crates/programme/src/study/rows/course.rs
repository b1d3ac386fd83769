//! The steps of a course: decided, signed, begun, ended.

use jiff::Timestamp;
use stillwater_care::event::EndReason;
use stillwater_care::rules;

use super::Gather;
use crate::study::cells::SUPPRESSED;
use crate::study::table::{Cell, Table};

fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Completed => "completed",
        EndReason::Ineligible => "ended-ineligible",
        EndReason::Withdrew => "ended-withdrew",
        EndReason::AdverseEvent => "ended-adverse-event",
        EndReason::NoBenefit => "ended-no-benefit",
        EndReason::Moved => "ended-moved",
        EndReason::LostToFollowUp => "ended-lost-to-follow-up",
    }
}

impl Gather<'_> {
    pub(super) fn dispositions(&mut self) {
        let chart = self.chart;
        for decision in chart.courses().iter().filter_map(|course| course.eligibility.as_ref()) {
            let mut stood: Vec<&str> =
                decision.findings.iter().filter_map(|f| Some(rules::rule(&f.rule)?.id)).collect();
            stood.sort_unstable();
            stood.dedup();
            // A rule on age or pregnancy tells what was suppressed.
            let rules = match (self.coarsened, stood.is_empty()) {
                (true, _) => Cell::Code(SUPPRESSED),
                (false, true) => Cell::Absent,
                (false, false) => Cell::Text(stood.join(" ")),
            };
            self.step(decision.at, if decision.eligible { "eligible" } else { "ineligible" }, rules);
        }
        for consent in &chart.consents {
            self.step(consent.signed_at, "consent-signed", Cell::Absent);
            if let Some(at) = consent.withdrawn_at {
                self.step(at, "consent-withdrawn", Cell::Absent);
            }
        }
        for plan in chart.courses().iter().filter_map(|course| course.plan()) {
            self.step(plan.opened_at, "plan-opened", Cell::Absent);
        }
        if let Some(at) = self.first_dose {
            self.step(at, "first-dose", Cell::Absent);
        }
        for end in chart.courses().iter().filter_map(|course| course.end.as_ref()) {
            self.step(end.at, ended(end.reason), Cell::Absent);
        }
    }

    fn step(&mut self, at: Timestamp, disposition: &'static str, rules: Cell) {
        let [referral, first] = self.days(at);
        let seq = self.rows.len() as u64;
        let row = vec![self.id(), referral, first, Cell::Code(disposition), rules];
        self.push(Table::Dispositions, at, seq, row);
    }
}
