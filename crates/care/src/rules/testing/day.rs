//! The columns of the day of a dose.

use super::{ago, answer, last_use, must_word, pressures, reading, set_sign};
use crate::facts::*;
use crate::subject::Subject;

/// The questions of the day that have a time.
const DAY_QUESTIONS: [Subject; 27] = [
    Subject::FastKept,
    Subject::AlcoholOrCannabis,
    Subject::BenzodiazepineToday,
    Subject::Stimulant,
    Subject::Grapefruit,
    Subject::Opioid,
    Subject::Maoi,
    Subject::MedicinesUnchanged,
    Subject::CouldBePregnantToday,
    Subject::RoomSafe,
    Subject::RideNamed,
    Subject::StairsNear,
    Subject::WaterNear,
    Subject::HeatNear,
    Subject::SoleCare,
    Subject::WeaponNear,
    Subject::OtherMeansNear,
    Subject::PlaceToday,
    Subject::AmbulanceTime,
    Subject::CompanionDanger,
    Subject::TomorrowPlanned,
    Subject::NoDrivingAgreed,
    Subject::ClinicOxygen,
    Subject::ClinicSuction,
    Subject::ClinicAirwayKit,
    Subject::ClinicTrainedPerson,
    Subject::ClinicIvAccess,
];

/// A day on which everything was asked, and nothing stands in the way.
pub fn well() -> DayFacts {
    DayFacts {
        alcohol_or_cannabis: Some(LastUse::None),
        benzodiazepine_today: Some(Answered::No),
        stimulant: Some(LastUse::None),
        grapefruit: Some(LastUse::None),
        opioid: Some(LastUse::None),
        maoi: Some(LastUse::None),
        medicines_unchanged: Some(Answered::Yes),
        could_be_pregnant: Some(Answered::No),
        answered_at: DAY_QUESTIONS.into_iter().map(|question| (question, ago("30 min"))).collect(),
        readings: vec![reading("118/76", ago("5 min"))],
        oximeter_issued: true,
        fasted: Some(Answered::Yes),
        escort_named: Some(Answered::Yes),
        room_safe: Some(Answered::Yes),
        stairs_near: Some(Answered::No),
        water_near: Some(Answered::No),
        heat_near: Some(Answered::No),
        sole_care: Some(Answered::No),
        weapon_near: Some(Answered::No),
        other_means_near: Some(Answered::No),
        place_today: Some(PlaceToday::OnRecord),
        ambulance: Some(AmbulanceTime::Minutes { minutes: 12 }),
        companion_danger: Some(Answered::No),
        tomorrow_planned: Some(Answered::Yes),
        no_driving_agreed: Some(Answered::Yes),
        readiness: ReadinessFacts {
            oxygen: Some(Answered::Yes),
            suction: Some(Answered::Yes),
            airway_kit: Some(Answered::Yes),
            trained_person: Some(Answered::Yes),
            iv_access: Some(Answered::Yes),
        },
        companion: Some(CompanionFact {
            adult: Some(Answered::Yes),
            briefed: true,
            sober: Some(Answered::Yes),
            phone_verified: Some(Answered::Yes),
            present_confirmed_at: Some(ago("5 min")),
            seen_how: Some(SeenHow::Video),
        }),
    }
}

fn set_companion(facts: &mut Facts, column: &str, cell: &str) -> bool {
    if column == "companion" {
        assert_eq!(cell, "none");
        facts.day.companion = None;
        return true;
    }
    let Some(companion) = facts.day.companion.as_mut() else { return false };
    match column {
        "adult" => companion.adult = answer(cell),
        "briefed" => companion.briefed = cell == "yes",
        "sober" => companion.sober = answer(cell),
        "phone" => companion.phone_verified = answer(cell),
        "seen" => companion.seen_how = (cell != "none").then(|| must_word(cell)),
        "present" => companion.present_confirmed_at = (cell != "none").then(|| ago(cell)),
        _ => return false,
    }
    true
}

/// Sets one column of the day.
pub fn set(facts: &mut Facts, column: &str, cell: &str) -> bool {
    let day = &mut facts.day;
    match column {
        "reading" => {
            day.readings = pressures(cell).into_iter().map(|(at, bp)| reading(&bp.to_string(), at)).collect();
        }
        "age" => {
            if let (Some(last), true) = (day.readings.last_mut(), cell != "-") {
                last.taken_at = ago(cell);
            }
        }
        "pulse" => set_sign(&mut day.readings, cell, |v, n| v.heart_rate_per_min = Some(n)),
        "saturation" => set_sign(&mut day.readings, cell, |v, n| v.spo2_percent = Some(n)),
        "breathing" => set_sign(&mut day.readings, cell, |v, n| v.respiratory_rate_per_min = Some(n)),
        "oximeter" => day.oximeter_issued = cell == "yes",
        "alcohol" => day.alcohol_or_cannabis = last_use(cell),
        "stimulant today" => day.stimulant = last_use(cell),
        "grapefruit" => day.grapefruit = last_use(cell),
        "opioid today" => day.opioid = last_use(cell),
        "maoi today" => day.maoi = last_use(cell),
        "list unchanged" => day.medicines_unchanged = answer(cell),
        "pregnant today" => day.could_be_pregnant = answer(cell),
        "answered today" => day.answered_at.values_mut().for_each(|at| *at = ago(cell)),
        "benzodiazepine today" => day.benzodiazepine_today = answer(cell),
        "fasted" => day.fasted = answer(cell),
        "escort" => day.escort_named = answer(cell),
        "room" => day.room_safe = answer(cell),
        "stairs" => day.stairs_near = answer(cell),
        "water" => day.water_near = answer(cell),
        "heat" => day.heat_near = answer(cell),
        "sole care" => day.sole_care = answer(cell),
        "weapon" => day.weapon_near = answer(cell),
        "other means" => day.other_means_near = answer(cell),
        "place" => {
            day.place_today = match cell {
                "none" => None,
                "on record" => Some(PlaceToday::OnRecord),
                "elsewhere" => Some(PlaceToday::Elsewhere { address: "2 Example Street".to_owned() }),
                "unknown" => Some(PlaceToday::Unknown),
                other => panic!("not a place: {other:?}"),
            }
        }
        "ambulance" => {
            day.ambulance = match cell {
                "none" => None,
                "unknown" => Some(AmbulanceTime::Unknown),
                minutes => Some(AmbulanceTime::Minutes { minutes: minutes.parse().unwrap() }),
            }
        }
        "danger" => day.companion_danger = answer(cell),
        "tomorrow" => day.tomorrow_planned = answer(cell),
        "no driving today" => day.no_driving_agreed = answer(cell),
        "o2" => day.readiness.oxygen = answer(cell),
        "suction" => day.readiness.suction = answer(cell),
        "airway" => day.readiness.airway_kit = answer(cell),
        "trained" => day.readiness.trained_person = answer(cell),
        "iv" => day.readiness.iv_access = answer(cell),
        _ => return set_companion(facts, column, cell),
    }
    true
}
