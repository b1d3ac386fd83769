//! How old a fact may be at each gate, where several rules read facts of the same kind.
//!
//! Every number here is a proposed default of this project, signed by nobody yet. The 90 days of the decision are those
//! of the baseline (clinical reference E15); what is longer before a dose is never longer than consent lasts (E16).

use super::{Gate, Limit};
use crate::subject::Subject;
use crate::unit::Unit;

/// Answers of the medical history, when somebody decides.
pub(crate) const HISTORY_AT_DECISION: Limit =
    Limit::lower("history-days-at-decision", 90.0, Unit::Days).oldest(&[Subject::History], &[Gate::Eligibility]);

/// Answers of the medical history before an order and a dose: they are asked again at least as often as consent.
pub(crate) const HISTORY_AT_DOSE: Limit =
    Limit::lower("history-days-at-dose", 183.0, Unit::Days).oldest(&[Subject::History], &[Gate::Order, Gate::Dose]);

/// For a rule whose only limits are the ages of the history.
pub(crate) const HISTORY: &[Limit] = &[HISTORY_AT_DECISION, HISTORY_AT_DOSE];

/// An answer of the day, measured back from the dose; it must be of the same day too.
pub(crate) const fn day_answer(facts: &'static [Subject]) -> Limit {
    Limit::lower("day-answer-minutes", 120.0, Unit::Minutes).oldest(facts, &[Gate::Dose])
}
