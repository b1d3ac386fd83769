//! What is at the patient's home, and the facts of the safety programme of nasal esketamine. What was handed out is recorded,
//! however much it was: the rule holds the dose, and not the record.

use super::{Context, Decided, Field, NotNow, Problem, Refusal, check_time, limit, need};
use crate::chart::Chart;
use crate::event::*;

/// More units than this at once is a slip of the keyboard.
const MOST_UNITS: u32 = 1_000;

/// More milligrams in one tablet than this is a slip of the keyboard.
const MOST_UNIT_MG: f64 = 1_000.0;

fn units(given: u32, least: u32) -> Result<(), Refusal> {
    if (least..=MOST_UNITS).contains(&given) {
        return Ok(());
    }
    Err(Refusal::invalid(Field::SupplyUnits, Problem::NoSuchCount { least, most: MOST_UNITS }))
}

pub(super) fn hand_out(context: &Context<'_>, c: SupplyHandedOut) -> Result<Decided, Refusal> {
    units(c.units, 1)?;
    if !(c.unit_mg.is_finite() && c.unit_mg > 0.0 && c.unit_mg <= MOST_UNIT_MG) {
        return Err(Refusal::invalid(
            Field::UnitStrength,
            Problem::NoSuchAmount { given_mg: c.unit_mg, most_mg: MOST_UNIT_MG },
        ));
    }
    limit(Field::Words, &c.from)?;
    check_time(Field::SupplyAt, c.at, context.now, 366.0)?;
    Ok(vec![(c.at, Event::SupplyHandedOut(c))])
}

pub(super) fn take_back(context: &Context<'_>, c: SupplyTakenBack) -> Result<Decided, Refusal> {
    units(c.units, 1)?;
    need(Field::TakenBackHow, &c.words)?;
    check_time(Field::SupplyAt, c.at, context.now, 366.0)?;
    Ok(vec![(c.at, Event::SupplyTakenBack(c))])
}

pub(super) fn count(context: &Context<'_>, c: SupplyCounted) -> Result<Decided, Refusal> {
    units(c.units, 0)?;
    check_time(Field::SupplyAt, c.at, context.now, 31.0)?;
    Ok(vec![(c.at, Event::SupplyCounted(c))])
}

pub(super) fn record_rems(chart: &Chart, context: &Context<'_>, c: RemsRecorded) -> Result<Decided, Refusal> {
    need(Field::RemsReference, &c.reference)?;
    check_time(Field::RemsAt, c.at, context.now, 20.0 * 366.0)?;
    let known = c.session.is_some_and(|id| chart.session(id).is_some());
    if c.fact.of_session() != known {
        return Err(NotNow::NoSession.into());
    }
    Ok(vec![(c.at, Event::RemsRecorded(c))])
}
