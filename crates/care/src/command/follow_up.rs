//! Adverse events, the journal, reviews, cleared items, corrections.

use super::{Command, CommandKind, Context, CorrectEntry, Decided, Field, NotNow, Problem, Refusal, need};
use crate::chart::Chart;
use crate::event::*;
use crate::ids::EventId;
use crate::roles::Actor;

pub(super) fn adverse_event(context: &Context<'_>, c: AdverseEventRecorded) -> Result<Decided, Refusal> {
    need(Field::AdverseEvent, &c.what)?;
    need(Field::AdverseOutcome, &c.outcome)?;
    Ok(vec![(context.now, Event::AdverseEventRecorded(c))])
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

pub(super) fn correct(chart: &Chart, context: &Context<'_>, c: CorrectEntry) -> Result<Decided, Refusal> {
    need(Field::CorrectionWhy, &c.why)?;

    if !chart.stands(c.corrects) {
        return Err(NotNow::AlreadyCorrected.into());
    }
    let Some(kind) = kind_of(chart, c.corrects) else {
        return Err(NotNow::NotStruck.into());
    };
    let imported = chart.imports.iter().any(|import| import.id == c.corrects);
    if imported {
        return Err(NotNow::FromAnotherRecord.into());
    }
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
        let stands_instead = super::route(chart, context, *replacement)?;
        // The correction is the first event of the command, so what stands in its place is the second.
        replaced_by = Some(EventId::of_command(context.command_id, 1));
        decided = stands_instead;
    }
    let struck = EntryCorrected { corrects: c.corrects, why: c.why, replaced_by };
    decided.insert(0, (context.now, Event::EntryCorrected(struck)));
    Ok(decided)
}
