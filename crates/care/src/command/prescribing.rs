//! On what ground a controlled medicine is prescribed.

use jiff::civil::Date;

use super::{Act, CommandKind, Context, Decided, Field, Problem, Refusal, check_time, limit, need};
use crate::event::*;
use crate::roles::Actor;
use crate::telemedicine::is_region;

/// A prescriber's own licence, as they write it down. Whose it is, is whoever writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowLicence {
    /// For which country or part of one.
    pub region: String,
    /// Its number.
    pub number: String,
    /// The last day on which it holds.
    pub until: Date,
}

fn region(typed: &str) -> Result<String, Refusal> {
    let region = typed.trim().to_uppercase();
    if is_region(&region) {
        return Ok(region);
    }
    Err(Refusal::invalid(Field::Region, Problem::NoSuchRegion { given: typed.trim().to_owned() }))
}

pub(super) fn set_region(context: &Context<'_>, c: &RegionSet) -> Result<Decided, Refusal> {
    Ok(vec![(context.now, Event::RegionSet(RegionSet { region: region(&c.region)? }))])
}

pub(super) fn show_licence(context: &Context<'_>, c: &ShowLicence) -> Result<Decided, Refusal> {
    let region = region(&c.region)?;
    need(Field::LicenceNumber, &c.number)?;
    let Actor::Staff { id, name, .. } = &context.actor else {
        return Err(Refusal::NotAllowed { role: context.actor.role(), act: Act::Command(CommandKind::ShowLicence) });
    };
    let shown = LicenceShown {
        prescriber: *id,
        name: name.clone(),
        region,
        number: c.number.trim().to_owned(),
        until: c.until,
    };
    Ok(vec![(context.now, Event::LicenceShown(shown))])
}

pub(super) fn examined_in_person(context: &Context<'_>, c: ExaminedInPerson) -> Result<Decided, Refusal> {
    need(Field::ExaminedBy, &c.by)?;
    check_time(Field::ExaminedAt, c.examined_at, context.now, 20.0 * 366.0)?;
    Ok(vec![(c.examined_at, Event::ExaminedInPerson(c))])
}

/// More requests than this since the last look is a slip of the keyboard.
const MOST_REQUESTS: u32 = 60;

pub(super) fn check_misuse(context: &Context<'_>, c: MisuseChecked) -> Result<Decided, Refusal> {
    limit(Field::Words, &c.words)?;
    if c.early_requests > MOST_REQUESTS {
        return Err(Refusal::invalid(Field::EarlyRequests, Problem::TooManyTried { most: MOST_REQUESTS }));
    }
    Ok(vec![(context.now, Event::MisuseChecked(c))])
}
