//! The companion, the safety plan, visits and notes.

use super::{
    Act, ChangeCompanionContact, CommandKind, Context, Decided, Field, NameCompanion, NotNow, Problem, Refusal,
    asking_companion, check_time, limit, need,
};
use crate::chart::Chart;
use crate::event::*;
use crate::ids::{CompanionId, EventId, NoteId};
use crate::name::same_name;

/// The version of the companion's briefing.
pub const BRIEFING_VERSION: &str = "1";

/// One question of the companion's briefing, with three options. Its words, those of its options and why one of them is
/// right stand in the crate `words`, under its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BriefingQuestion {
    /// Its id.
    pub id: &'static str,
    /// Which option is right, from 0.
    pub right: usize,
}

impl BriefingQuestion {
    /// How many options each question has.
    pub const OPTIONS: usize = 3;
}

/// The three questions at the end of the briefing (clinical reference 5.3).
pub const BRIEFING: [BriefingQuestion; 3] = [
    BriefingQuestion { id: "look-in", right: 0 },
    BriefingQuestion { id: "no-answer", right: 1 },
    BriefingQuestion { id: "driving", right: 2 },
];

/// From the moment at which the companion says that they are there, or somebody says go, a slip on the patient's phone must
/// not take the companion away from them.
fn staff_only_in_session(chart: &Chart, context: &Context<'_>) -> Result<(), Refusal> {
    let begun = chart.current_session().is_some_and(|session| {
        session.phase().is_running() || session.go().is_some() || session.companion_arrived_at.is_some()
    });
    if begun && context.actor.staff().is_none() {
        return Err(NotNow::StaffChangeCompanion.into());
    }
    Ok(())
}

pub(super) fn change_companion_contact(
    chart: &Chart,
    context: &Context<'_>,
    c: ChangeCompanionContact,
) -> Result<Decided, Refusal> {
    let Some(companion) = &chart.companion else { return Err(NotNow::NoCompanion.into()) };
    need(Field::CompanionPhone, &c.phone)?;
    limit(Field::CompanionRelation, &c.relation)?;
    staff_only_in_session(chart, context)?;
    Ok(vec![(
        context.now,
        Event::CompanionContactChanged(CompanionContactChanged {
            companion: companion.id,
            relation: c.relation,
            phone: c.phone,
        }),
    )])
}

/// Names a companion. The same name again is the same person, whose phone is put right: they keep their link, their
/// briefing and their place.
pub(super) fn name_companion(chart: &Chart, context: &Context<'_>, c: NameCompanion) -> Result<Decided, Refusal> {
    need(Field::CompanionName, &c.name)?;
    need(Field::CompanionPhone, &c.phone)?;
    limit(Field::CompanionRelation, &c.relation)?;
    if !c.adult {
        return Err(Refusal::invalid(Field::Companion, Problem::UnderAge { least: 18 }));
    }
    if chart.companion.as_ref().is_some_and(|known| same_name(&known.name, &c.name)) {
        let contact = ChangeCompanionContact { relation: c.relation, phone: c.phone };
        return change_companion_contact(chart, context, contact);
    }
    staff_only_in_session(chart, context)?;
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
        return Err(Refusal::NotAllowed { role: context.actor.role(), act: Act::Command(CommandKind::BriefCompanion) });
    };
    if chosen.len() != BRIEFING.len() {
        return Err(Refusal::invalid(Field::Briefing, Problem::BriefingUnanswered { questions: BRIEFING.len() }));
    }
    if let Some((wrong, _)) = BRIEFING.iter().zip(chosen).find(|(question, chosen)| question.right != **chosen) {
        return Err(Refusal::invalid(Field::Briefing, Problem::BriefingWrong { question: wrong.id }));
    }
    let count = u32::try_from(BRIEFING.len()).unwrap_or(u32::MAX);
    Ok(vec![(
        context.now,
        Event::CompanionBriefed(CompanionBriefed { companion, version: BRIEFING_VERSION.to_owned(), questions: count }),
    )])
}

pub(super) fn confirm(chart: &Chart, context: &Context<'_>) -> Result<Decided, Refusal> {
    let Some(companion) = asking_companion(context) else {
        return Err(Refusal::NotAllowed {
            role: context.actor.role(),
            act: Act::Command(CommandKind::ConfirmCompanion),
        });
    };
    if chart.companion.as_ref().is_none_or(|c| c.briefed_at.is_none()) {
        return Err(NotNow::NotBriefed.into());
    }
    Ok(vec![(context.now, Event::CompanionConfirmed(CompanionConfirmed { companion }))])
}

pub(super) fn write_safety_plan(context: &Context<'_>, c: SafetyPlanWritten) -> Result<Decided, Refusal> {
    need(Field::WarningSigns, &c.warning_signs)?;
    need(Field::Professionals, &c.professionals)?;
    for (field, text) in [
        (Field::OwnCoping, &c.own_coping),
        (Field::PeopleAndPlaces, &c.people_and_places),
        (Field::PeopleWhoHelp, &c.people_who_help),
        (Field::MeansSafety, &c.means_safety),
    ] {
        limit(field, text)?;
    }
    Ok(vec![(context.now, Event::SafetyPlanWritten(c))])
}

/// How long a visit may have lasted.
const VISIT_MINUTES: std::ops::RangeInclusive<i64> = 1..=600;

pub(super) fn hold_visit(chart: &Chart, context: &Context<'_>, c: VisitHeld) -> Result<Decided, Refusal> {
    check_time(Field::HeldAt, c.held_at, context.now, 60.0)?;
    if !VISIT_MINUTES.contains(&c.minutes) {
        return Err(Refusal::invalid(
            Field::VisitLength,
            Problem::NoSuchLength { minutes: c.minutes, least: *VISIT_MINUTES.start(), most: *VISIT_MINUTES.end() },
        ));
    }
    limit(Field::Intention, &c.intention)?;
    if let Some(session) = c.after_session
        && chart.session(session).is_none_or(|s| s.dose().is_none())
    {
        return Err(NotNow::NoDoseInSession.into());
    }
    if c.kind == VisitKind::Preparation && chart.plan().is_none() {
        return Err(NotNow::NoPlan.into());
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
    need(Field::Note, &c.text)?;
    let note = match c.note {
        None => NoteId(EventId::of_command(context.command_id, 0).0),
        Some(id) => {
            let Some(known) = chart.notes.iter().find(|note| note.id == id) else {
                return Err(NotNow::NoNote.into());
            };
            if known.signed.is_some() {
                return Err(NotNow::NoteLocked.into());
            }
            if known.by.staff() != context.actor.staff() {
                return Err(NotNow::NoteOfAnother.into());
            }
            id
        }
    };
    Ok(vec![(context.now, Event::NoteWritten(NoteWritten { note, kind: c.kind, text: c.text }))])
}

pub(super) fn sign_note(chart: &Chart, context: &Context<'_>, id: NoteId) -> Result<Decided, Refusal> {
    let Some(note) = chart.notes.iter().find(|note| note.id == id) else {
        return Err(NotNow::NoNote.into());
    };
    if note.signed.is_some() {
        return Err(NotNow::NoteSigned.into());
    }
    if note.by.staff() != context.actor.staff() {
        return Err(NotNow::NotTheAuthor.into());
    }
    Ok(vec![(context.now, Event::NoteSigned(NoteSigned { note: id }))])
}

pub(super) fn add_addendum(chart: &Chart, context: &Context<'_>, c: NoteAddendumAdded) -> Result<Decided, Refusal> {
    need(Field::Addendum, &c.text)?;
    match chart.notes.iter().find(|note| note.id == c.note) {
        None => Err(NotNow::NoNote.into()),
        Some(note) if note.signed.is_none() => Err(NotNow::NoteNotSigned.into()),
        Some(_) => Ok(vec![(context.now, Event::NoteAddendumAdded(c))]),
    }
}
