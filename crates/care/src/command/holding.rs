//! Answers that hold a dose: of the day, of the medicines, of the companion's soberness. One that holds is changed by a
//! prescriber who says why; whoever answers otherwise is refused, and what was answered before stays in the record.
//!
//! Whether an answer holds is not listed here: the rules are asked before it and after it, and one that found something and
//! finds less was quieted.

use super::{Act, Context, Decided, Field, Problem, Refusal, need, referral, session};
use crate::chart::Chart;
use crate::chart::facts_from_chart::Scope;
use crate::event::*;
use crate::facts::{Answered, Facts, Setting};
use crate::finding::{Cause, Severity};
use crate::gate::Gate;
use crate::ids::{EventId, SessionId};
use crate::roles::Role;
use crate::rules::{RULES, Rule, eligibility, interactions};

/// Answers that may hold a dose.
#[derive(Clone, Debug, PartialEq)]
pub enum HoldingAnswers {
    /// The questions of the day.
    Day(DayAnswered),
    /// The list of medicines.
    Medicines(MedicinesReviewed),
    /// The companion, as the guide saw them.
    Companion(CompanionSeen),
}

/// Answers that hold a dose are changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeAnswers {
    /// What is answered now.
    pub answers: HoldingAnswers,
    /// Why it is another answer than before.
    pub why: String,
}

/// The rules that an answer of the day can quiet.
const OF_THE_DAY: [&Rule; 7] = [
    &interactions::d01_opioid::TODAY,
    &interactions::d02_alcohol_cannabis::RULE,
    &interactions::d03_benzodiazepine::TODAY,
    &interactions::d04_stimulant::RULE,
    &interactions::d05_cyp::GRAPEFRUIT,
    &interactions::d07_maoi::TODAY,
    &eligibility::e07_pregnancy::DOSE,
];

/// The rules that the list of medicines can quiet: those of what is taken. That the list is old, or a class is missing, is
/// put right by going through it.
fn of_the_list() -> impl Iterator<Item = &'static Rule> {
    let today = |rule: &&&Rule| OF_THE_DAY.iter().any(|known| known.id == rule.id);
    RULES
        .iter()
        .filter(|rule| rule.id.starts_with('D') && !rule.id.starts_with("D09-"))
        .filter(move |rule| !today(rule))
        .copied()
}

/// Answers as anybody gives them: refused where they would quiet a rule that holds.
pub(super) fn answer(chart: &Chart, context: &Context<'_>, answers: HoldingAnswers) -> Result<Decided, Refusal> {
    let decided = decide(chart, context, answers.clone())?;
    if quieted(chart, context, &answers, &decided).is_empty() {
        return Ok(decided);
    }
    let role = context.actor.role();
    if role != Some(Role::Prescriber) {
        return Err(Refusal::NotAllowed { role, act: Act::ChangeWhatHolds });
    }
    Err(Refusal::invalid(Field::HistoryDetail, Problem::Empty))
}

/// Answers as a prescriber changes them, with the reason in the record where a rule was quieted.
pub(super) fn change(chart: &Chart, context: &Context<'_>, c: ChangeAnswers) -> Result<Decided, Refusal> {
    need(Field::HistoryDetail, &c.why)?;
    let mut decided = decide(chart, context, c.answers.clone())?;
    let rules = quieted(chart, context, &c.answers, &decided);
    if !rules.is_empty() {
        decided.push((context.now, Event::HoldingAnswerChanged(HoldingAnswerChanged { rules, why: c.why })));
    }
    Ok(decided)
}

fn decide(chart: &Chart, context: &Context<'_>, answers: HoldingAnswers) -> Result<Decided, Refusal> {
    match answers {
        HoldingAnswers::Day(c) => session::answer_day(chart, context, c),
        HoldingAnswers::Medicines(c) => referral::review_medicines(context, c),
        HoldingAnswers::Companion(c) => session::see_companion(chart, context, c),
    }
}

/// The rules that held by an answer, and hold less by the new one.
fn quieted(chart: &Chart, context: &Context<'_>, answers: &HoldingAnswers, decided: &Decided) -> Vec<String> {
    if let HoldingAnswers::Companion(seen) = answers {
        return sobered(chart, seen);
    }
    let mut after = chart.clone();
    for (occurred_at, event) in decided {
        let id = EventId::nth_of_command(context.command_id, 0);
        let (actor, event) = (context.actor.clone(), event.clone());
        let draft = Draft { id, occurred_at: *occurred_at, recorded_at: context.now, actor, event };
        after.apply(&draft.at(chart.seq + 1));
    }
    let mut rules: Vec<String> = Vec::new();
    let mut compare = |rule: &'static Rule, before: &Facts, after: &Facts| {
        if held(rule, after) < held(rule, before) && !rules.iter().any(|known| known == rule.id) {
            rules.push(rule.id.to_owned());
        }
    };
    match answers {
        HoldingAnswers::Day(day) => {
            let (before, after) =
                (facts_of_day(chart, context, day.session), facts_of_day(&after, context, day.session));
            OF_THE_DAY.iter().for_each(|rule| compare(rule, &before, &after));
        }
        HoldingAnswers::Medicines(_) => {
            for setting in [Setting::Clinic, Setting::Home] {
                let scope = Scope { setting: Some(setting), ..Scope::default() };
                // What another record lists counts as taken until somebody has gone through it.
                let before = chart.facts(context.now, context.protocols, scope);
                let after = after.facts(context.now, context.protocols, scope);
                of_the_list().for_each(|rule| compare(rule, &before, &after));
            }
        }
        HoldingAnswers::Companion(_) => {}
    }
    rules
}

fn facts_of_day(chart: &Chart, context: &Context<'_>, session: SessionId) -> Facts {
    let session = chart.session(session);
    let facts = chart.facts(context.now, context.protocols, Scope { session, ..Scope::default() });
    Facts { gate: Gate::Dose, ..facts }
}

/// How many findings of a rule hold by what was answered: not by what is missing or has grown old.
fn held(rule: &Rule, facts: &Facts) -> usize {
    let by_answer = |cause| matches!(cause, Cause::Met | Cause::Unknown);
    rule.judge(facts).findings().iter().filter(|f| f.severity != Severity::Warn && by_answer(f.cause)).count()
}

/// A companion who was seen not sober, and is said to be sober now.
fn sobered(chart: &Chart, seen: &CompanionSeen) -> Vec<String> {
    let before = chart.session(seen.session).and_then(|session| session.companion_seen);
    let drunk = before.is_some_and(|b| b.companion == seen.companion && b.sober != Answered::Yes);
    if drunk && seen.sober == Answered::Yes { vec!["S03-companion".to_owned()] } else { Vec::new() }
}
