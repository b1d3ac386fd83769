//! How soon people respond and how long it lasts, with those who were lost on the way counted as long as they were seen.

use serde::Serialize;
use stillwater_care::event::EndReason;
use stillwater_evidence::estimate::{CannotEstimate, Confidence};
use stillwater_evidence::survival::{
    CompetingCurve, CompetingObservation, Curve, Observation, Quantile, Scale, aalen_johansen, kaplan_meier,
};

use super::outcome::RESPONSE_PERCENT;
use crate::outcome_row::OutcomeRow;
use crate::scale::Part;

/// The share to whom something has not happened yet, by days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeTo {
    /// How many were watched.
    pub people: usize,
    /// To how many it happened.
    pub events: usize,
    /// Kaplan and Meier's curve.
    pub curve: Curve,
    /// The median with its interval, in days; none where the curve does not reach a half.
    pub median: Quantile,
    /// How many left before it could happen.
    pub left_first: usize,
    /// The share to whom it happened, and the share who left first, each shutting out the other (Aalen and Johansen).
    pub competing: Vec<CompetingCurve>,
}

/// How soon, and how long.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Durability {
    /// From the first dose to the first PCL-5 that is at least 30 % lower than before it.
    pub to_response: Result<TimeTo, CannotEstimate>,
    /// From that PCL-5 to the first later one that is not.
    pub to_loss: Result<TimeTo, CannotEstimate>,
    /// Of those who responded, how many took another dose after they had.
    pub dosed_again: usize,
    /// When those doses were, in days since the response, as long as the person was watched for its loss; in order of time.
    pub doses_again: Vec<f64>,
}

#[derive(Clone, Copy)]
struct Watched {
    days: f64,
    end: End,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Happened,
    Left,
    LastSeen,
}

/// Each PCL-5 after the first dose: its day, and whether it is a response.
fn judged(row: &OutcomeRow) -> Vec<(f64, bool)> {
    row.followed()
        .filter_map(|(pcl, before)| {
            let (before, after) = (before?.part(Part::Total)?, pcl.part(Part::Total)?);
            (before > 0.0).then(|| (f64::from(pcl.day), (before - after) * 100.0 >= RESPONSE_PERCENT * before))
        })
        .collect()
}

/// When somebody left for another reason than having completed the course, in days since the first dose.
fn left(row: &OutcomeRow) -> Option<f64> {
    let (reason, at) = row.ended?;
    let first = row.first_dose_at?;
    (reason != EndReason::Completed).then(|| ((at - first) as f64 / 86_400.0).max(0.0))
}

fn watched(from: f64, all: &[(f64, bool)], wanted: bool, left: Option<f64>) -> Option<Watched> {
    if let Some((day, _)) = all.iter().find(|(day, responds)| *day > from && *responds == wanted) {
        return Some(Watched { days: day - from, end: End::Happened });
    }
    let last = all.iter().map(|(day, _)| *day).fold(from, f64::max);
    match left {
        Some(day) if day >= last => Some(Watched { days: day - from, end: End::Left }),
        _ if last > from => Some(Watched { days: last - from, end: End::LastSeen }),
        // Never seen again: watched for no time at all, which still counts among those at risk at the start.
        _ => Some(Watched { days: 0.0, end: End::LastSeen }),
    }
}

pub(crate) fn durability(rows: &[&OutcomeRow]) -> Durability {
    let mut to_response = Vec::new();
    let mut to_loss = Vec::new();
    let (mut dosed_again, mut doses_again) = (0, Vec::new());
    for row in rows.iter().filter(|row| row.first_dose_at.is_some()) {
        let all = judged(row);
        to_response.extend(watched(0.0, &all, true, left(row)));
        let Some((first, _)) = all.iter().find(|(_, responds)| *responds).copied() else { continue };
        let loss = watched(first, &all, false, left(row));
        let later = || row.doses.iter().map(|dose| f64::from(dose.day) - first).filter(|days| *days > 0.0);
        dosed_again += usize::from(later().next().is_some());
        doses_again.extend(later().filter(|days| loss.is_some_and(|loss| *days <= loss.days)));
        to_loss.extend(loss);
    }
    doses_again.sort_by(f64::total_cmp);
    Durability { to_response: time_to(&to_response), to_loss: time_to(&to_loss), dosed_again, doses_again }
}

fn time_to(watched: &[Watched]) -> Result<TimeTo, CannotEstimate> {
    let observations: Vec<Observation> =
        watched.iter().map(|one| Observation { time: one.days, event: one.end == End::Happened }).collect();
    let competing: Vec<CompetingObservation> = watched
        .iter()
        .map(|one| CompetingObservation {
            time: one.days,
            cause: match one.end {
                End::Happened => Some(0),
                End::Left => Some(1),
                End::LastSeen => None,
            },
        })
        .collect();
    let curve = kaplan_meier(&observations)?;
    Ok(TimeTo {
        people: curve.people(),
        events: curve.events(),
        median: curve.median(Scale::LogLog, Confidence::PERCENT_95),
        left_first: watched.iter().filter(|one| one.end == End::Left).count(),
        competing: aalen_johansen(&competing, 2, Confidence::PERCENT_95)?,
        curve,
    })
}
