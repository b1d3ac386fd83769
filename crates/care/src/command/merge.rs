//! Two charts of one person: what the one that goes on takes over, and how the other is closed. Both keep their events.

use super::{AfterSession, Context, Decided, Field, NotNow, Refusal, need};
use crate::chart::Chart;
use crate::event::*;

pub(super) fn merge(chart: &Chart, context: &Context<'_>, c: ChartsMerged) -> Result<Decided, Refusal> {
    if c.other == chart.id {
        return Err(NotNow::SameChart.into());
    }
    if chart.standing(&chart.merged).any(|merged| merged.value.other == c.other) {
        return Err(NotNow::AlreadyMerged.into());
    }
    need(Field::MergeReason, &c.reason)?;
    Ok(vec![(context.now, Event::ChartsMerged(c))])
}

pub(super) fn close(chart: &Chart, context: &Context<'_>, c: ChartMergedInto) -> Result<Decided, Refusal> {
    if c.into == chart.id {
        return Err(NotNow::SameChart.into());
    }
    if chart.running_session().is_some() {
        return Err(NotNow::SessionRunning { asked: AfterSession::EndOfCourse }.into());
    }
    need(Field::MergeReason, &c.reason)?;
    let mut decided = Vec::new();
    if chart.ended().is_none() {
        // What is open here goes with the course: the person goes on in the other chart.
        let ended = CourseEnded { reason: EndReason::Moved, words: c.reason.clone() };
        decided = super::decision::end_course(chart, context, ended)?;
    }
    decided.push((context.now, Event::ChartMergedInto(c)));
    Ok(decided)
}
