//! Whether the day is ready for a dose, beyond what the rules say: the plan, an order, preparation, the questions of the
//! day, two readings, and at home the companion. Each step is a code; what people read of it is made at the edge.

use jiff::Timestamp;

use crate::chart::{Chart, Session};
use crate::consent::{self, ConsentText};
use crate::event::{DayAnswers, VisitKind};
use crate::facts::{Answered, Setting, Sex};
use crate::ids::SessionId;
use crate::protocol::{Protocol, Protocols};
use crate::quantity::{days_between, minutes_between};
use crate::rules::eligibility::e16_consent;
use crate::rules::limit_named;
use crate::subject::Subject;

/// One question of the day, as patients are asked it. Most are the same everywhere; the others are the room at
/// home, the way home in the clinic, and pregnancy where it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayQuestion {
    /// The fast was kept.
    Fasted,
    /// No alcohol or cannabis in the last 24 hours.
    Alcohol,
    /// No sleeping or calming tablets today.
    Sedatives,
    /// No stimulants in the last 12 hours, no grapefruit in the last 3 days.
    Stimulants,
    /// The list of medicines is still right; no opioid in the last 7 days and no MAO inhibitor in the last 14.
    Medicines,
    /// Could be pregnant (everybody but men).
    Pregnancy,
    /// The room is ready (home).
    Room,
    /// Stairs within reach (home).
    Stairs,
    /// Water within reach (home).
    Water,
    /// Heat within reach (home).
    Heat,
    /// Somebody in sole care (home).
    SoleCare,
    /// A weapon within reach (home).
    Weapon,
    /// Other means within reach (home).
    OtherMeans,
    /// Where the patient is (home).
    Place,
    /// How far an ambulance is (home).
    Ambulance,
    /// Somebody takes the patient home (clinic).
    Ride,
    /// The day after is planned.
    Tomorrow,
    /// No driving until tomorrow after sleep.
    Driving,
    /// Still wants the dose.
    Willing,
    /// Whether somebody there is a danger, asked where nobody else sees it (home).
    Private,
}

/// What is asked on one page: a few things that belong together, and one that belongs to nobody else's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayPart {
    /// What was eaten, drunk and taken, and the way home.
    Body,
    /// The place, and what is in it.
    Place,
    /// What nobody else may see.
    Private,
}

impl DayPart {
    /// All parts, in the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Body, Self::Place, Self::Private];
}

impl DayQuestion {
    /// Every question, in the order in which they are asked.
    pub const ALL: [Self; 20] = [
        Self::Fasted,
        Self::Alcohol,
        Self::Sedatives,
        Self::Stimulants,
        Self::Medicines,
        Self::Pregnancy,
        Self::Tomorrow,
        Self::Driving,
        Self::Ride,
        Self::Willing,
        Self::Room,
        Self::Stairs,
        Self::Water,
        Self::Heat,
        Self::SoleCare,
        Self::Weapon,
        Self::OtherMeans,
        Self::Place,
        Self::Ambulance,
        Self::Private,
    ];

    /// The code, as forms have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fasted => "fasted",
            Self::Alcohol => "alcohol",
            Self::Sedatives => "sedatives",
            Self::Stimulants => "stimulants",
            Self::Medicines => "medicines",
            Self::Pregnancy => "pregnancy",
            Self::Room => "room",
            Self::Stairs => "stairs",
            Self::Water => "water",
            Self::Heat => "heat",
            Self::SoleCare => "sole-care",
            Self::Weapon => "weapon",
            Self::OtherMeans => "other-means",
            Self::Place => "place",
            Self::Ambulance => "ambulance",
            Self::Tomorrow => "tomorrow",
            Self::Driving => "driving",
            Self::Ride => "ride",
            Self::Willing => "willing",
            Self::Private => "private",
        }
    }

    /// Whether it is asked of this patient in a setting.
    #[must_use]
    pub fn asked_of(self, chart: &Chart, setting: Setting) -> bool {
        match self {
            Self::Fasted
            | Self::Alcohol
            | Self::Sedatives
            | Self::Stimulants
            | Self::Medicines
            | Self::Tomorrow
            | Self::Driving
            | Self::Willing => true,
            Self::Pregnancy => chart.demographics.as_ref().is_none_or(|d| d.sex != Sex::Male),
            Self::Room
            | Self::Stairs
            | Self::Water
            | Self::Heat
            | Self::SoleCare
            | Self::Weapon
            | Self::OtherMeans
            | Self::Place
            | Self::Ambulance
            | Self::Private => setting == Setting::Home,
            Self::Ride => setting == Setting::Clinic,
        }
    }

    /// On which page it is asked.
    #[must_use]
    pub fn part(self) -> DayPart {
        match self {
            Self::Fasted
            | Self::Alcohol
            | Self::Sedatives
            | Self::Stimulants
            | Self::Medicines
            | Self::Pregnancy
            | Self::Tomorrow
            | Self::Driving
            | Self::Ride
            | Self::Willing => DayPart::Body,
            Self::Room
            | Self::Stairs
            | Self::Water
            | Self::Heat
            | Self::SoleCare
            | Self::Weapon
            | Self::OtherMeans
            | Self::Place
            | Self::Ambulance => DayPart::Place,
            Self::Private => DayPart::Private,
        }
    }

    /// What it is about: an answer stands under each of these with its own time.
    #[must_use]
    pub fn subjects(self) -> &'static [Subject] {
        match self {
            Self::Fasted => &[Subject::FastKept],
            Self::Alcohol => &[Subject::AlcoholOrCannabis],
            Self::Sedatives => &[Subject::BenzodiazepineToday],
            Self::Stimulants => &[Subject::Stimulant, Subject::Grapefruit],
            Self::Medicines => &[Subject::MedicinesUnchanged, Subject::Opioid, Subject::Maoi],
            Self::Pregnancy => &[Subject::CouldBePregnantToday],
            Self::Room => &[Subject::RoomSafe],
            Self::Stairs => &[Subject::StairsNear],
            Self::Water => &[Subject::WaterNear],
            Self::Heat => &[Subject::HeatNear],
            Self::SoleCare => &[Subject::SoleCare],
            Self::Weapon => &[Subject::WeaponNear],
            Self::OtherMeans => &[Subject::OtherMeansNear],
            Self::Place => &[Subject::PlaceToday],
            Self::Ambulance => &[Subject::AmbulanceTime],
            Self::Tomorrow => &[Subject::TomorrowPlanned],
            Self::Driving => &[Subject::NoDrivingAgreed],
            Self::Ride => &[Subject::RideNamed],
            Self::Willing => &[Subject::StillWilling],
            Self::Private => &[Subject::CompanionDanger],
        }
    }

    /// The questions of a patient in a setting, in order.
    pub fn of(chart: &Chart, setting: Setting) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |question| question.asked_of(chart, setting))
    }

    /// Whether the day's answers hold an answer to it.
    #[must_use]
    pub fn answered(self, day: &DayAnswers) -> bool {
        match self {
            Self::Fasted => day.fasted.is_some(),
            Self::Alcohol => day.alcohol_or_cannabis.is_some(),
            Self::Sedatives => day.benzodiazepine_today.is_some(),
            Self::Stimulants => day.stimulant.is_some() && day.grapefruit.is_some(),
            Self::Medicines => day.medicines_unchanged.is_some() && day.opioid.is_some() && day.maoi.is_some(),
            Self::Pregnancy => day.could_be_pregnant.is_some(),
            Self::Room => day.room_safe.is_some(),
            Self::Stairs => day.stairs_near.is_some(),
            Self::Water => day.water_near.is_some(),
            Self::Heat => day.heat_near.is_some(),
            Self::SoleCare => day.sole_care.is_some(),
            Self::Weapon => day.weapon_near.is_some(),
            Self::OtherMeans => day.other_means_near.is_some(),
            Self::Place => day.place_today.is_some(),
            Self::Ambulance => day.ambulance.is_some(),
            Self::Private => day.companion_danger.is_some(),
            Self::Tomorrow => day.tomorrow_planned.is_some(),
            Self::Driving => day.no_driving_agreed.is_some(),
            Self::Ride => day.escort_named.is_some(),
            Self::Willing => day.still_willing.is_some(),
        }
    }
}

/// One thing that must be done before anybody can say go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadyStep {
    /// A plan is open.
    PlanOpen,
    /// Consent is signed.
    ConsentSigned,
    /// A dose order is in force for the session's setting.
    OrderInForce,
    /// As many preparation visits were held as the protocol asks for.
    PreparationHeld {
        /// Held so far.
        held: usize,
        /// Asked for.
        needed: usize,
    },
    /// A safety plan is written.
    SafetyPlanWritten,
    /// The integration visit after the last dose was held.
    LastDoseIntegrated,
    /// The last session was reviewed by a prescriber.
    LastSessionReviewed,
    /// A question of the day is answered.
    Answered(DayQuestion),
    /// The questions of the day, answered too long ago to count for a dose, are answered again.
    AnsweredToday,
    /// The patient still wants the dose.
    StillWanted,
    /// Two blood pressures, at least a minute apart, in the last hour.
    TwoPressures,
    /// The companion is named, briefed and has confirmed.
    CompanionConfirmed,
}

impl ReadyStep {
    /// One step of each kind, in the order in which they are listed.
    pub const ALL: [Self; 31] = [
        Self::PlanOpen,
        Self::ConsentSigned,
        Self::OrderInForce,
        Self::PreparationHeld { held: 0, needed: 1 },
        Self::SafetyPlanWritten,
        Self::LastDoseIntegrated,
        Self::LastSessionReviewed,
        Self::Answered(DayQuestion::Fasted),
        Self::Answered(DayQuestion::Alcohol),
        Self::Answered(DayQuestion::Sedatives),
        Self::Answered(DayQuestion::Stimulants),
        Self::Answered(DayQuestion::Medicines),
        Self::Answered(DayQuestion::Pregnancy),
        Self::Answered(DayQuestion::Room),
        Self::Answered(DayQuestion::Ride),
        Self::Answered(DayQuestion::Willing),
        Self::Answered(DayQuestion::Stairs),
        Self::Answered(DayQuestion::Water),
        Self::Answered(DayQuestion::Heat),
        Self::Answered(DayQuestion::SoleCare),
        Self::Answered(DayQuestion::Weapon),
        Self::Answered(DayQuestion::OtherMeans),
        Self::Answered(DayQuestion::Place),
        Self::Answered(DayQuestion::Ambulance),
        Self::Answered(DayQuestion::Tomorrow),
        Self::Answered(DayQuestion::Driving),
        Self::Answered(DayQuestion::Private),
        Self::AnsweredToday,
        Self::StillWanted,
        Self::TwoPressures,
        Self::CompanionConfirmed,
    ];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PlanOpen => "plan-open",
            Self::ConsentSigned => "consent-signed",
            Self::OrderInForce => "order-in-force",
            Self::PreparationHeld { .. } => "preparation-held",
            Self::SafetyPlanWritten => "safety-plan-written",
            Self::LastDoseIntegrated => "last-dose-integrated",
            Self::LastSessionReviewed => "last-session-reviewed",
            Self::Answered(_) => "answered",
            Self::AnsweredToday => "answered-today",
            Self::StillWanted => "still-wanted",
            Self::TwoPressures => "two-pressures",
            Self::CompanionConfirmed => "companion-confirmed",
        }
    }
}

/// A step, and whether it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyItem {
    /// Which.
    pub step: ReadyStep,
    /// Done.
    pub done: bool,
}

/// What has to be done on the day before anybody can say go, beyond the rules.
#[must_use]
pub fn day_ready(chart: &Chart, protocols: &Protocols, now: Timestamp, session: &Session) -> Vec<ReadyItem> {
    let mut items = Vec::new();
    let mut item = |step: ReadyStep, done: bool| items.push(ReadyItem { step, done });
    let protocol = chart.protocol_of(session, protocols);
    item(ReadyStep::PlanOpen, protocol.is_some());
    item(ReadyStep::ConsentSigned, consent_stands(chart, protocols, now));
    let order_fits = chart.order_in_force().is_some_and(|order| {
        order.written.setting == session.setting && protocol.is_none_or(|plan| plan.route == order.written.route)
    });
    item(ReadyStep::OrderInForce, order_fits);
    items.extend(prepared(chart, protocol, Some(session.id)));
    let mut item = |step: ReadyStep, done: bool| items.push(ReadyItem { step, done });
    for question in DayQuestion::of(chart, session.setting) {
        item(ReadyStep::Answered(question), question.answered(&session.day));
    }
    if session.day_is_stale(now) {
        item(ReadyStep::AnsweredToday, false);
    }
    if session.day.still_willing.is_some() {
        item(ReadyStep::StillWanted, session.day.still_willing == Some(Answered::Yes));
    }
    item(ReadyStep::TwoPressures, two_pressures(chart, now, session));
    if session.setting == Setting::Home {
        item(ReadyStep::CompanionConfirmed, companion_confirmed(chart));
    }
    items
}

/// What the plan in force needs before a session can be held under it: after a change between clinic and home much of it is
/// asked anew. Empty where no plan is open.
#[must_use]
pub fn plan_ready(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Vec<ReadyItem> {
    let Some(plan) = chart.plan() else { return Vec::new() };
    let protocol = chart.protocol(protocols);
    let ordered = chart
        .order_in_force()
        .is_some_and(|order| (order.written.setting, order.written.route) == (plan.setting, plan.route));
    let mut items = vec![
        ReadyItem { step: ReadyStep::PlanOpen, done: protocol.is_some() },
        ReadyItem { step: ReadyStep::ConsentSigned, done: consent_stands(chart, protocols, now) },
        ReadyItem { step: ReadyStep::OrderInForce, done: ordered },
    ];
    items.extend(prepared(chart, protocol, None));
    if plan.setting == Setting::Home {
        items.push(ReadyItem { step: ReadyStep::CompanionConfirmed, done: companion_confirmed(chart) });
    }
    items
}

/// The text that this person is asked to sign: the plan's, or the one of the setting that was decided. None before a yes.
#[must_use]
pub fn consent_asked(chart: &Chart, protocols: &Protocols) -> Option<&'static ConsentText> {
    let setting = chart.eligibility().filter(|decided| decided.eligible)?.setting;
    let by_plan = chart.protocol(protocols).and_then(|protocol| consent::text(&protocol.consent));
    by_plan.or_else(|| consent::text(if setting == Setting::Home { "home-1" } else { "clinic-1" }))
}

fn consent_stands(chart: &Chart, protocols: &Protocols, now: Timestamp) -> bool {
    chart.consent().is_some() && consent_to_sign(chart, protocols, now).is_none()
}

/// The text that is still to be signed: none was, the plan asks for another one, or it was signed too long ago (E16).
#[must_use]
pub fn consent_to_sign(chart: &Chart, protocols: &Protocols, now: Timestamp) -> Option<&'static ConsentText> {
    let most_days = const { limit_named(e16_consent::RULE.limits, "max-age-days") };
    let asked = consent_asked(chart, protocols)?;
    let stands = chart
        .consent()
        .is_some_and(|signed| signed.version == asked.id && days_between(signed.signed_at, now) < most_days.default);
    (!stands).then_some(asked)
}

/// Preparation, safety plan, and what follows the last dose before the next one.
fn prepared(chart: &Chart, protocol: Option<&Protocol>, session: Option<SessionId>) -> Vec<ReadyItem> {
    let needed = protocol.map_or(1, |p| p.preparation_visits) as usize;
    let held = chart.standing_now(&chart.visits).filter(|v| v.value.kind == VisitKind::Preparation).count();
    let mut items = vec![
        ReadyItem { step: ReadyStep::PreparationHeld { held, needed }, done: held >= needed },
        ReadyItem { step: ReadyStep::SafetyPlanWritten, done: chart.safety_plan.is_some() },
    ];
    if let Some(last) = chart.sessions_now().rev().find(|s| Some(s.id) != session && s.dose().is_some()) {
        let integrated = chart
            .standing_now(&chart.visits)
            .any(|v| v.value.kind == VisitKind::Integration && v.value.after_session == Some(last.id));
        items.push(ReadyItem { step: ReadyStep::LastDoseIntegrated, done: integrated });
        items.push(ReadyItem { step: ReadyStep::LastSessionReviewed, done: last.is_reviewed() });
    }
    items
}

fn companion_confirmed(chart: &Chart) -> bool {
    chart.companion.as_ref().is_some_and(|companion| companion.confirmed_at.is_some())
}

/// What of it is still to be done.
#[must_use]
pub fn missing(chart: &Chart, protocols: &Protocols, now: Timestamp, session: &Session) -> Vec<ReadyStep> {
    day_ready(chart, protocols, now, session).into_iter().filter(|item| !item.done).map(|item| item.step).collect()
}

/// Two blood pressures of the last hour, at least a minute apart.
#[must_use]
pub fn two_pressures(chart: &Chart, now: Timestamp, session: &Session) -> bool {
    let mut taken: Vec<Timestamp> = chart
        .readings_of(session)
        .iter()
        .filter(|v| v.blood_pressure.is_some() && minutes_between(v.taken_at, now) < 60)
        .map(|v| v.taken_at)
        .collect();
    taken.sort();
    match (taken.first(), taken.last()) {
        (Some(first), Some(last)) => last.as_second() - first.as_second() >= 60,
        _ => false,
    }
}
