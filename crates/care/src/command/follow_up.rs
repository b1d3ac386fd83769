//! Adverse events, the journal, reviews, cleared items, corrections.

use super::{Act, Command, CommandKind, Context, CorrectEntry, Decided, Field, NotNow, Problem, Refusal, need};
use crate::chart::Chart;
use crate::chart::facts_from_chart::SUICIDE_SCREENS;
use crate::event::*;
use crate::facts::LabResult;
use crate::ids::{EventId, SessionId};
use crate::roles::{Actor, Role};

pub(super) fn adverse_event(context: &Context<'_>, c: AdverseEventRecorded) -> Result<Decided, Refusal> {
    need(Field::AdverseEvent, &c.what)?;
    need(Field::AdverseOutcome, &c.outcome)?;
    Ok(vec![(context.now, Event::AdverseEventRecorded(c))])
}

pub(super) fn review_adverse_event(
    chart: &Chart,
    context: &Context<'_>,
    c: AdverseEventReviewed,
) -> Result<Decided, Refusal> {
    need(Field::AdverseReview, &c.words)?;
    if !chart.standing(&chart.adverse_events).any(|event| event.id == c.entry) {
        return Err(NotNow::NoAdverseEvent.into());
    }
    Ok(vec![(context.now, Event::AdverseEventReviewed(c))])
}

pub(super) fn write_journal(context: &Context<'_>, c: JournalWritten) -> Result<Decided, Refusal> {
    need(Field::Journal, &c.words)?;
    Ok(vec![(context.now, Event::JournalWritten(c))])
}

pub(super) fn share(chart: &Chart, context: &Context<'_>, c: JournalSharingSet) -> Result<Decided, Refusal> {
    if !chart.journal.iter().any(|entry| entry.id == c.entry) {
        return Err(NotNow::NoJournalEntry.into());
    }
    Ok(vec![(context.now, Event::JournalSharingSet(c))])
}

pub(super) fn review_course(context: &Context<'_>, c: CourseReviewed) -> Result<Decided, Refusal> {
    need(Field::CourseReview, &c.words)?;
    Ok(vec![(context.now, Event::CourseReviewed(c))])
}

pub(super) fn clear_item(chart: &Chart, context: &Context<'_>, c: ItemCleared) -> Result<Decided, Refusal> {
    need(Field::ItemReason, &c.reason)?;
    let known = crate::items::open_items(chart, context.protocols, context.now).into_iter().any(|i| i.key() == c.item);
    if !known {
        return Err(NotNow::ItemNotOpen.into());
    }
    Ok(vec![(context.now, Event::ItemCleared(c))])
}

/// What a correction may stand for: the kind of entry, and who recorded it.
fn kind_of(chart: &Chart, id: EventId) -> Option<CommandKind> {
    macro_rules! look {
        ($($list:ident as $kind:ident),+) => {
            $(if chart.$list.iter().any(|entry| entry.id == id) { return Some(CommandKind::$kind); })+
        };
    }
    look!(
        vitals as RecordVitals,
        weights as RecordWeight,
        heights as RecordHeight,
        labs as RecordLab,
        measures as CompleteMeasure,
        sedation as RateSedation,
        symptoms as MarkSymptom,
        distress as RateDistress,
        check_ins as CheckIn,
        adverse_events as RecordAdverseEvent,
        visits as HoldVisit,
        overrides as OverrideFinding
    );
    None
}

/// Whether an entry holds a dose by what it says, so that only a prescriber strikes it: a suicide screen, any answer that
/// its instrument marks as a matter of safety, a laboratory result that is not normal, a serious adverse event.
fn holds_by_its_value(chart: &Chart, id: EventId) -> bool {
    let screen = chart.measures.iter().find(|m| m.id == id).is_some_and(|m| {
        SUICIDE_SCREENS.contains(&m.value.instrument.as_str())
            || m.value.safety.values().any(|answer| *answer == Some(true))
    });
    let high = |lab: &LabRecorded| lab.figures.iter().any(|figure| figure.times_upper() > 1.0);
    let lab = chart.labs.iter().any(|lab| lab.id == id && (lab.value.result != LabResult::Normal || high(&lab.value)));
    let event = chart.adverse_events.iter().any(|event| event.id == id && event.value.serious);
    screen || lab || event
}

fn in_session_of(chart: &Chart, reading: EventId, session: Option<SessionId>) -> bool {
    session.is_some() && chart.vitals.iter().any(|v| v.id == reading && v.value.session == session)
}

pub(super) fn correct(chart: &Chart, context: &Context<'_>, c: CorrectEntry) -> Result<Decided, Refusal> {
    if holds_by_its_value(chart, c.corrects) && context.actor.role() != Some(Role::Prescriber) {
        return Err(Refusal::NotAllowed { role: context.actor.role(), act: Act::StrikeWhatHolds });
    }
    need(Field::CorrectionWhy, &c.why)?;
    if !chart.stands(c.corrects) {
        return Err(NotNow::AlreadyCorrected.into());
    }
    let Some(kind) = kind_of(chart, c.corrects) else {
        return Err(NotNow::NotStruck.into());
    };
    let imported = chart.imports.iter().any(|import| import.id == c.corrects)
        || chart.merged.iter().any(|merged| merged.id == c.corrects);
    if imported {
        return Err(NotNow::FromAnotherRecord.into());
    }
    let corrected = c.corrects;
    let mut decided = Vec::new();
    let mut replaced_by = None;
    if let Some(replacement) = c.replacement {
        let same_kind = replacement.kind() == kind
            || (kind == CommandKind::CompleteMeasure && replacement.kind() == CommandKind::EnterScores);
        if !same_kind {
            return Err(Refusal::invalid(
                Field::Correction,
                Problem::OtherKind { entry: kind, given: replacement.kind() },
            ));
        }
        if matches!(&*replacement, Command::Correct(_) | Command::Tick) || matches!(context.actor, Actor::Stillwater) {
            return Err(Refusal::invalid(Field::Correction, Problem::ReplacesNothing { entry: kind }));
        }
        super::check_access(chart, context, &replacement)?;
        let stands_instead = match *replacement {
            // What was read in a session is put right after it too; it stays where it was read.
            Command::RecordVitals(c) if in_session_of(chart, corrected, c.session) => {
                super::measure::reread(context, c)?
            }
            other => super::route(chart, context, other)?,
        };
        // The correction is the first event of the command, so what stands in its place is the second.
        replaced_by = Some(EventId::of_command(context.command_id, 1));
        decided = stands_instead;
    }
    let struck = EntryCorrected { corrects: c.corrects, why: c.why, replaced_by };
    decided.insert(0, (context.now, Event::EntryCorrected(struck)));
    Ok(decided)
}
