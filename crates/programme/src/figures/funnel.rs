//! From referral to follow-up: how many came how far, and why those who left did so.

use serde::Serialize;
use stillwater_care::event::EndReason;

use crate::line::{Line, Step};

/// One step with who reached it and who left before the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FunnelStep {
    /// Which.
    pub step: Step,
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

pub(crate) fn funnel(lines: &[&Line]) -> Vec<FunnelStep> {
    Step::ALL
        .into_iter()
        .map(|step| {
            let here: Vec<&&Line> = lines.iter().filter(|line| line.reached == step).collect();
            let left = REASONS
                .into_iter()
                .map(|reason| (reason, here.iter().filter(|l| l.ended.is_some_and(|(r, _)| r == reason)).count()))
                .filter(|(_, n)| *n > 0)
                .collect();
            FunnelStep {
                step,
                reached: lines.iter().filter(|line| line.reached >= step).count(),
                left,
                here: here.iter().filter(|line| line.ended.is_none()).count(),
            }
        })
        .collect()
}
