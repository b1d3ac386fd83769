//! Adverse events, the journal, reviews, cleared items, corrections.

use super::{Command, Context, CorrectEntry, Decided, Refusal, limit, need};
use crate::chart::Chart;
use crate::event::*;
use crate::ids::EventId;
use crate::roles::Actor;

pub(super) fn adverse_event(context: &Context<'_>, c: AdverseEventRecorded) -> Result<Decided, Refusal> {
    need("what happened", &c.what, "what happened, in a few words")?;
    need("outcome", &c.outcome, "how it ended, or how it stands now")?;
    Ok(vec![(context.now, Event::AdverseEventRecorded(c))])
}

pub(super) fn write_journal(context: &Context<'_>, c: JournalWritten) -> Result<Decided, Refusal> {
    need("journal", &c.words, "some words; they stay private unless you share them")?;
    Ok(vec![(context.now, Event::JournalWritten(c))])
}

pub(super) fn share(chart: &Chart, context: &Context<'_>, c: JournalSharingSet) -> Result<Decided, Refusal> {
    if !chart.journal.iter().any(|entry| entry.id == c.entry) {
        return Err(Refusal::not_now("there is no such entry", "open the entry from your journal"));
    }
    Ok(vec![(context.now, Event::JournalSharingSet(c))])
}

pub(super) fn review_course(context: &Context<'_>, c: CourseReviewed) -> Result<Decided, Refusal> {
    need("review", &c.words, "what you saw, and why you decide so")?;
    Ok(vec![(context.now, Event::CourseReviewed(c))])
}

pub(super) fn clear_item(chart: &Chart, context: &Context<'_>, c: ItemCleared) -> Result<Decided, Refusal> {
    need("reason", &c.reason, "why nothing more is needed here")?;
    let known = crate::schedule::open_items(chart, context.protocols, context.now).into_iter().any(|i| i.key == c.item);
    if !known {
        return Err(Refusal::not_now("this item is no longer open", "nothing more is needed"));
    }
    Ok(vec![(context.now, Event::ItemCleared(c))])
}

/// What a correction may stand for: the kind of entry, and who recorded it.
fn kind_of(chart: &Chart, id: EventId) -> Option<&'static str> {
    macro_rules! look {
        ($($list:ident as $name:literal),+) => {
            $(if chart.$list.iter().any(|entry| entry.id == id) { return Some($name); })+
        };
    }
    look!(
        vitals as "RecordVitals",
        weights as "RecordWeight",
        labs as "RecordLab",
        measures as "CompleteMeasure",
        sedation as "RateSedation",
        symptoms as "MarkSymptom",
        distress as "RateDistress",
        check_ins as "CheckIn",
        adverse_events as "RecordAdverseEvent",
        visits as "HoldVisit",
        overrides as "OverrideFinding"
    );
    None
}

pub(super) fn correct(chart: &Chart, context: &Context<'_>, c: CorrectEntry) -> Result<Decided, Refusal> {
    need("why", &c.why, "what was wrong with the entry")?;
    limit("why", &c.why)?;
    if !chart.stands(c.corrects) {
        return Err(Refusal::not_now("this entry was already corrected", "correct the entry that stands in its place"));
    }
    let Some(kind) = kind_of(chart, c.corrects) else {
        return Err(Refusal::not_now(
            "this kind of entry is not corrected by striking it",
            "record what is true now; both stay in the timeline",
        ));
    };
    let imported = chart.imports.iter().any(|import| import.id == c.corrects);
    if imported {
        return Err(Refusal::not_now("this came from another record", "record a measurement of your own"));
    }
    let mut decided = Vec::new();
    let mut replaced_by = None;
    if let Some(replacement) = c.replacement {
        let same_kind =
            replacement.name() == kind || (kind == "CompleteMeasure" && replacement.name() == "EnterScores");
        if !same_kind {
            return Err(Refusal::invalid(
                "correction",
                format!("a {kind} entry cannot become {}", replacement.name()),
                kind,
            ));
        }
        if matches!(&*replacement, Command::Correct(_) | Command::Tick) || matches!(context.actor, Actor::Stillwater) {
            return Err(Refusal::invalid("correction", "it cannot stand in place of an entry", kind));
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
