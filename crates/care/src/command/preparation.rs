//! The companion, the safety plan, visits and notes.

use super::{Context, Decided, NameCompanion, Refusal, asking_companion, check_time, limit, need};
use crate::chart::Chart;
use crate::event::*;
use crate::ids::{CompanionId, EventId, NoteId};

/// The version of the companion's briefing.
pub const BRIEFING_VERSION: &str = "1";

/// One question of the companion's briefing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BriefingQuestion {
    /// The question.
    pub question: &'static str,
    /// The options.
    pub options: [&'static str; 3],
    /// Which is right, from 0.
    pub right: usize,
    /// Why.
    pub because: &'static str,
}

/// The three questions at the end of the briefing (clinical reference 5.3).
pub const BRIEFING: [BriefingQuestion; 3] = [
    BriefingQuestion {
        question: "How often do you look in on them?",
        options: ["Every 15 minutes", "Once an hour", "Only if they call"],
        right: 0,
        because: "The drug can make somebody very sleepy within minutes. Every 15 minutes you look, and tap what you see.",
    },
    BriefingQuestion {
        question: "They do not answer to their name. What do you do first?",
        options: ["Let them sleep", "Press Get help, and stay with them", "Wait for the next check"],
        right: 1,
        because: "Somebody who does not answer needs help now. The button reaches the team; stay, and turn them on their side if they vomit.",
    },
    BriefingQuestion {
        question: "They feel fine after two hours and want to drive. What do you say?",
        options: ["A short drive is all right", "Not until they have had coffee", "Not until tomorrow, after sleep"],
        right: 2,
        because: "The effect on driving can last although they feel clear. No driving until the next day, after a night's sleep.",
    },
];

pub(super) fn name_companion(_chart: &Chart, context: &Context<'_>, c: NameCompanion) -> Result<Decided, Refusal> {
    need("name", &c.name, "the companion's name")?;
    need("phone", &c.phone, "a phone that reaches them during the session")?;
    limit("relation", &c.relation)?;
    if !c.adult {
        return Err(Refusal::invalid("companion", "they are under 18", "an adult, 18 or older"));
    }
    Ok(vec![(
        context.now,
        Event::CompanionNamed(CompanionNamed {
            companion: CompanionId(EventId::of_command(context.command_id, 0).0),
            name: c.name,
            relation: c.relation,
            phone: c.phone,
            adult: c.adult,
        }),
    )])
}

pub(super) fn brief(_chart: &Chart, context: &Context<'_>, chosen: &[usize]) -> Result<Decided, Refusal> {
    let Some(companion) = asking_companion(context) else {
        return Err(Refusal::NotAllowed { role: context.actor.role(), command: "BriefCompanion" });
    };
    if chosen.len() != BRIEFING.len() {
        return Err(Refusal::invalid(
            "briefing",
            "a question has no answer",
            "an answer to each of the three questions",
        ));
    }
    let right = BRIEFING.iter().zip(chosen).filter(|(question, chosen)| question.right == **chosen).count();
    if right < BRIEFING.len() {
        let wrong = BRIEFING.iter().zip(chosen).find(|(question, chosen)| question.right != **chosen);
        let (question, because) = wrong.map_or(("", ""), |(q, _)| (q.question, q.because));
        return Err(Refusal::invalid("briefing", format!("one answer is not right yet: {question}"), because));
    }
    let count = u32::try_from(BRIEFING.len()).unwrap_or(u32::MAX);
    Ok(vec![(
        context.now,
        Event::CompanionBriefed(CompanionBriefed { companion, version: BRIEFING_VERSION.to_owned(), questions: count }),
    )])
}

pub(super) fn confirm(chart: &Chart, context: &Context<'_>) -> Result<Decided, Refusal> {
    let Some(companion) = asking_companion(context) else {
        return Err(Refusal::NotAllowed { role: context.actor.role(), command: "ConfirmCompanion" });
    };
    if chart.companion.as_ref().is_none_or(|c| c.briefed_at.is_none()) {
        return Err(Refusal::not_now("the briefing is not done", "read the briefing and answer its three questions"));
    }
    Ok(vec![(context.now, Event::CompanionConfirmed(CompanionConfirmed { companion }))])
}

pub(super) fn write_safety_plan(context: &Context<'_>, c: SafetyPlanWritten) -> Result<Decided, Refusal> {
    need("warning signs", &c.warning_signs, "what tells you that a crisis may be coming")?;
    need("professionals and crisis lines", &c.professionals, "who to call, with numbers")?;
    for (field, text) in [
        ("own coping", &c.own_coping),
        ("people and places", &c.people_and_places),
        ("people who help", &c.people_who_help),
        ("means safety", &c.means_safety),
    ] {
        limit(field, text)?;
    }
    Ok(vec![(context.now, Event::SafetyPlanWritten(c))])
}

pub(super) fn hold_visit(chart: &Chart, context: &Context<'_>, c: VisitHeld) -> Result<Decided, Refusal> {
    check_time("when it was held", c.held_at, context.now, 60.0)?;
    if !(1..=600).contains(&c.minutes) {
        return Err(Refusal::invalid("length", format!("{} minutes", c.minutes), "1 to 600 minutes"));
    }
    limit("intention", &c.intention)?;
    if let Some(session) = c.after_session
        && chart.session(session).is_none_or(|s| s.dose.is_none())
    {
        return Err(Refusal::not_now(
            "no dose was taken in that session",
            "choose the session that this visit follows",
        ));
    }
    if c.kind == VisitKind::Preparation && chart.plan().is_none() {
        return Err(Refusal::not_now("no plan is open", "open a plan first"));
    }
    Ok(vec![(c.held_at, Event::VisitHeld(c))])
}

/// A note, new or rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteNote {
    /// The note to rewrite; `None` for a new one.
    pub note: Option<NoteId>,
    /// For which kind of visit.
    pub kind: VisitKind,
    /// The text.
    pub text: String,
}

pub(super) fn write_note(chart: &Chart, context: &Context<'_>, c: WriteNote) -> Result<Decided, Refusal> {
    need("note", &c.text, "the text of the note")?;
    let note = match c.note {
        None => NoteId(EventId::of_command(context.command_id, 0).0),
        Some(id) => {
            let Some(known) = chart.notes.iter().find(|note| note.id == id) else {
                return Err(Refusal::not_now("there is no such note", "open the note from the chart"));
            };
            if known.signed.is_some() {
                return Err(Refusal::not_now("the note is signed and locked", "add an addendum"));
            }
            if known.by.staff() != context.actor.staff() {
                return Err(Refusal::not_now("somebody else is writing this note", "write a note of your own"));
            }
            id
        }
    };
    Ok(vec![(context.now, Event::NoteWritten(NoteWritten { note, kind: c.kind, text: c.text }))])
}

pub(super) fn sign_note(chart: &Chart, context: &Context<'_>, id: NoteId) -> Result<Decided, Refusal> {
    let Some(note) = chart.notes.iter().find(|note| note.id == id) else {
        return Err(Refusal::not_now("there is no such note", "open the note from the chart"));
    };
    if note.signed.is_some() {
        return Err(Refusal::not_now("the note is already signed", "add an addendum if something is missing"));
    }
    if note.by.staff() != context.actor.staff() {
        return Err(Refusal::not_now("only the person who wrote a note can sign it", "ask its author to sign"));
    }
    Ok(vec![(context.now, Event::NoteSigned(NoteSigned { note: id }))])
}

pub(super) fn add_addendum(chart: &Chart, context: &Context<'_>, c: NoteAddendumAdded) -> Result<Decided, Refusal> {
    need("addendum", &c.text, "what is to be added")?;
    match chart.notes.iter().find(|note| note.id == c.note) {
        None => Err(Refusal::not_now("there is no such note", "open the note from the chart")),
        Some(note) if note.signed.is_none() => {
            Err(Refusal::not_now("the note is not signed yet", "change the note itself"))
        }
        Some(_) => Ok(vec![(context.now, Event::NoteAddendumAdded(c))]),
    }
}
