//! From referral to follow-up: how many came how far, and why those who left did so.

use serde::Serialize;
use stillwater_care::event::EndReason;

use crate::outcome_row::{CourseStage, OutcomeRow};

/// One step with who reached it and who left before the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FunnelStep {
    /// Which.
    pub step: CourseStage,
    /// How many reached it.
    pub reached: usize,
    /// How many stopped here with their course ended, by reason.
    pub left: Vec<(EndReason, usize)>,
    /// How many are here now with their course still open.
    pub here: usize,
}

const REASONS: [EndReason; 7] = [
    EndReason::Completed,
    EndReason::Ineligible,
    EndReason::Withdrew,
    EndReason::AdverseEvent,
    EndReason::NoBenefit,
    EndReason::Moved,
    EndReason::LostToFollowUp,
];

pub(crate) fn funnel(rows: &[&OutcomeRow]) -> Vec<FunnelStep> {
    CourseStage::ALL
        .into_iter()
        .map(|step| {
            let here: Vec<&&OutcomeRow> = rows.iter().filter(|row| row.reached == step).collect();
            let left = REASONS
                .into_iter()
                .map(|reason| (reason, here.iter().filter(|l| l.ended.is_some_and(|(r, _)| r == reason)).count()))
                .filter(|(_, n)| *n > 0)
                .collect();
            FunnelStep {
                step,
                reached: rows.iter().filter(|row| row.reached >= step).count(),
                left,
                here: here.iter().filter(|row| row.ended.is_none()).count(),
            }
        })
        .collect()
}
