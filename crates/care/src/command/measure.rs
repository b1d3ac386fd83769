//! Questionnaires, ratings, vital signs, weight, laboratory results.

use std::collections::BTreeMap;

use stillwater_instruments::{Catalogue, Responses, ScoreContext, Scored};

use super::{Act, Context, Decided, Field, NotNow, Problem, Refusal, check_time, check_vitals, need};
use crate::chart::Chart;
use crate::chart::facts_from_chart::SUICIDE_SCREENS;
use crate::event::*;
use crate::facts::{LabKind, Sex};
use crate::ids::{EventId, SessionId};
use crate::quantity::{check_height_cm, check_weight_kg};
use crate::roles::{Actor, Role};

/// A questionnaire or rating, answered by its items.
#[derive(Clone, Debug, PartialEq)]
pub struct CompleteMeasure {
    /// The instrument's id.
    pub instrument: String,
    /// At which point.
    pub point: Point,
    /// In which session.
    pub session: Option<SessionId>,
    /// The answers.
    pub answers: Responses,
}

/// Scores that staff read off their own licensed form.
#[derive(Clone, Debug, PartialEq)]
pub struct EnterScores {
    /// The instrument's id.
    pub instrument: String,
    /// At which point.
    pub point: Point,
    /// When the form was filled in.
    pub completed_at: jiff::Timestamp,
    /// Score by its id.
    pub scores: BTreeMap<String, f64>,
}

fn score_context(chart: &Chart) -> ScoreContext {
    let Some(demographics) = &chart.demographics else { return ScoreContext::new() };
    let sex = match demographics.sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Other => "other",
    };
    ScoreContext::from([("sex".to_owned(), sex.to_owned())])
}

fn completed(
    instrument: &stillwater_instruments::Instrument,
    scored: &Scored,
    answers: Responses,
    point: Point,
    session: Option<SessionId>,
    entry: MeasureEntry,
) -> Event {
    Event::MeasureCompleted(MeasureCompleted {
        instrument: instrument.id.clone(),
        instrument_version: instrument.version.clone(),
        point,
        session,
        entry,
        answers,
        scores: scored.scores.iter().map(|(id, score)| (id.clone(), score.as_ref().map(|n| n.as_f64()))).collect(),
        bands: scored.bands.iter().filter_map(|(id, band)| Some((id.clone(), band.clone()?))).collect(),
        cutoffs: scored.cutoffs.clone(),
        rules: scored.rules.clone(),
        safety: scored.safety.clone(),
        missing: scored.missing.clone(),
    })
}

pub(super) fn complete(chart: &Chart, context: &Context<'_>, c: CompleteMeasure) -> Result<Decided, Refusal> {
    let Some(instrument) = Catalogue::built_in().get(&c.instrument) else {
        return Err(Refusal::invalid(Field::Instrument, Problem::NoSuchInstrument { given: c.instrument }));
    };
    let by_patient = matches!(context.actor, Actor::Patient);
    if by_patient && !instrument.may_show_text() {
        return Err(NotNow::TextNotOurs { instrument: c.instrument }.into());
    }
    if let Some(session) = c.session
        && chart.session(session).is_none()
    {
        return Err(NotNow::NoSession.into());
    }
    let scored = instrument.score(&c.answers, &score_context(chart), None)?;
    if scored.answered == 0 {
        return Err(Refusal::invalid(Field::Answers, Problem::NoItemAnswered));
    }
    let event = completed(instrument, &scored, c.answers, c.point, c.session, MeasureEntry::Answers);
    Ok(vec![(context.now, event)])
}

pub(super) fn enter_scores(chart: &Chart, context: &Context<'_>, c: EnterScores) -> Result<Decided, Refusal> {
    let Some(instrument) = Catalogue::built_in().get(&c.instrument) else {
        return Err(Refusal::invalid(Field::Instrument, Problem::NoSuchInstrument { given: c.instrument }));
    };
    if SUICIDE_SCREENS.contains(&c.instrument.as_str()) {
        return Err(Refusal::invalid(Field::SuicideScreen, Problem::TotalOfAScreen));
    }
    check_time(Field::FilledInAt, c.completed_at, context.now, 366.0)?;
    let scored = instrument.from_scores(&c.scores, &score_context(chart))?;
    let event = completed(instrument, &scored, Responses::default(), c.point, None, MeasureEntry::EnteredTotal);
    Ok(vec![(c.completed_at, event)])
}

pub(super) fn record_vitals(chart: &Chart, context: &Context<'_>, c: VitalsRecorded) -> Result<Decided, Refusal> {
    check_vitals(&c.vitals, context.now)?;
    if let Some(id) = c.session {
        // A reading is recorded in every state of a session: what was measured was measured.
        if chart.session(id).is_none() {
            return Err(NotNow::NoSession.into());
        }
    } else if matches!(context.actor, Actor::Companion { .. }) {
        return Err(Refusal::NotAllowed { role: Some(Role::Companion), act: Act::ReadingOutsideSession });
    }
    Ok(vec![(c.vitals.taken_at, Event::VitalsRecorded(c))])
}

/// A reading that stands in place of a struck one of the same session.
pub(super) fn reread(context: &Context<'_>, c: VitalsRecorded) -> Result<Decided, Refusal> {
    check_vitals(&c.vitals, context.now)?;
    Ok(vec![(c.vitals.taken_at, Event::VitalsRecorded(c))])
}

pub(super) fn record_weight(context: &Context<'_>, c: WeightRecorded) -> Result<Decided, Refusal> {
    check_weight_kg(c.weight_kg)?;
    check_time(Field::WeighedAt, c.taken_at, context.now, 366.0)?;
    Ok(vec![(c.taken_at, Event::WeightRecorded(c))])
}

/// The newest weight, confirmed by somebody else than whoever recorded it.
pub(super) fn confirm_weight(chart: &Chart, context: &Context<'_>, id: EventId) -> Result<Decided, Refusal> {
    let newest = chart.standing(&chart.weights).max_by_key(|w| (w.value.taken_at, w.seq));
    let Some(weight) = newest.filter(|w| w.id == id) else {
        return Err(NotNow::NotTheNewestWeight.into());
    };
    if weight.actor.staff().is_some() && weight.actor.staff() == context.actor.staff() {
        return Err(NotNow::OwnWeight.into());
    }
    Ok(vec![(context.now, Event::WeightConfirmed(WeightConfirmed { weight: id }))])
}

pub(super) fn record_height(context: &Context<'_>, c: HeightRecorded) -> Result<Decided, Refusal> {
    check_height_cm(c.height_cm)?;
    check_time(Field::WeighedAt, c.taken_at, context.now, 366.0)?;
    Ok(vec![(c.taken_at, Event::HeightRecorded(c))])
}

pub(super) fn record_lab(context: &Context<'_>, c: LabRecorded) -> Result<Decided, Refusal> {
    check_time(Field::SampledAt, c.taken_at, context.now, 366.0)?;
    if c.kind == LabKind::PregnancyTest && c.result == crate::facts::LabResult::Raised {
        return Err(Refusal::invalid(Field::PregnancyTest, Problem::CannotBeRaised));
    }
    check_figures(&c)?;
    Ok(vec![(c.taken_at, Event::LabRecorded(c))])
}

/// More than this, in any unit of a laboratory, is a slip of the keyboard.
const MOST_OF_A_FIGURE: f64 = 50_000.0;

/// The figures of a liver panel: each test once, in a unit in which it is reported, and both numbers possible.
fn check_figures(lab: &LabRecorded) -> Result<(), Refusal> {
    let wrong = |problem| Err(Refusal::invalid(Field::LiverFigure, problem));
    if !lab.figures.is_empty() && lab.kind != LabKind::LiverPanel {
        return wrong(Problem::NotALiverPanel);
    }
    for (n, figure) in lab.figures.iter().enumerate() {
        let possible = |number: f64| number.is_finite() && number > 0.0 && number <= MOST_OF_A_FIGURE;
        if !possible(figure.value) || !possible(figure.upper) {
            return wrong(Problem::NoSuchFigure { test: figure.test, most: MOST_OF_A_FIGURE });
        }
        if !figure.test.units().contains(&figure.unit) {
            return wrong(Problem::NotItsUnit { test: figure.test });
        }
        if lab.figures.iter().take(n).any(|before| before.test == figure.test) {
            return wrong(Problem::FigureTwice { test: figure.test });
        }
    }
    Ok(())
}

pub(super) fn rate_child_pugh(context: &Context<'_>, c: ChildPughRated) -> Result<Decided, Refusal> {
    check_time(Field::SampledAt, c.rated_at, context.now, 366.0)?;
    Ok(vec![(c.rated_at, Event::ChildPughRated(c))])
}

pub(super) fn review_suicide_screen(
    chart: &Chart,
    context: &Context<'_>,
    c: SuicideScreenReviewed,
) -> Result<Decided, Refusal> {
    need(Field::ScreenFindings, &c.words)?;
    let screen = chart.measures.iter().find(|m| m.id == c.measure);
    if screen.is_none_or(|m| !SUICIDE_SCREENS.contains(&m.value.instrument.as_str())) {
        return Err(NotNow::NotASuicideScreen.into());
    }
    if c.proceed && context.actor.role() != Some(Role::Prescriber) {
        return Err(Refusal::NotAllowed { role: context.actor.role(), act: Act::ProceedAfterScreen });
    }
    Ok(vec![(context.now, Event::SuicideScreenReviewed(c))])
}
