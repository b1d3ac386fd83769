//! The questions of the day as a form, and their reading: the same for staff who ask and for the patient who answers.
//!
//! Every question has "I do not know" as an answer, which the rules never read as a yes. Nothing is ticked beforehand.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::event::DayAnswers;
use stillwater_care::facts::{AmbulanceTime, Answered, LastUse, PlaceToday, Setting};
use stillwater_care::readiness::{DayPart, DayQuestion};
use stillwater_ui::{Field, FieldGroup};

use crate::http::Form;

fn options(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

/// The fields of one part; those that only a session at home or in the clinic has are left out elsewhere.
pub fn day_fields(chart: &Chart, session: &Session, part: DayPart, typed: &Form) -> Markup {
    match part {
        DayPart::Body => body_fields(chart, session, typed),
        DayPart::Place if session.setting == Setting::Home => place_fields(chart, typed),
        DayPart::Private if session.setting == Setting::Home => private_fields(typed),
        DayPart::Place | DayPart::Private => html! {},
    }
}

/// The place, and what is in it: each danger by itself.
fn place_fields(chart: &Chart, typed: &Form) -> Markup {
    let danger = |name, words, none, some| {
        let answers = options(&[("no", none), ("yes", some), ("unknown", "I do not know")]);
        FieldGroup::one(name, words, answers).typed(typed)
    };
    let address = chart.demographics.as_ref().map_or("", |person| person.address.as_str());
    html! {
        (FieldGroup::one("place", &format!("Are you at {address}?"), options(&[("on-record", "Yes"), ("elsewhere", "No, somewhere else"), ("unknown", "I do not know")])).typed(typed))
        (Field::new("address_today", "If somewhere else: the address there").autocomplete("off").typed(typed))
        (Field::new("way_in", "How would help get in: a door code, the floor, who has a key?").autocomplete("off").typed(typed))
        (FieldGroup::one("ambulance", "About how long would an ambulance need to reach you there?", options(&[("known", "I can say"), ("unknown", "I do not know")])).typed(typed))
        (Field::number("ambulance_minutes", "If you can say: about how many minutes?", "min").typed(typed))
        (FieldGroup::one("room", "Is your room ready: quiet, with a place to lie down?", options(&[("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")])).typed(typed))
        (danger("stairs", "Are there stairs within your reach that you could fall on?", "No", "Yes, there are stairs"))
        (danger("water", "Is a bath, a pool or other water within your reach?", "No", "Yes, there is water"))
        (danger("heat", "Is a stove, a fire or other heat in use within your reach?", "No", "Yes, something hot"))
        (danger("sole_care", "Is there anybody, such as a child, whom only you look after until tomorrow?", "No, nobody", "Yes, somebody"))
        (danger("weapon", "Is a gun or another weapon within your reach?", "No, none, or locked away with the key elsewhere", "Yes, within reach"))
        (danger("other_means", "Is anything else within your reach that could kill, such as a stock of tablets?", "No, none, or locked away with the key elsewhere", "Yes, within reach"))
        (FieldGroup::one("oximeter", "Is the finger clip that measures oxygen at hand?", options(&[("yes", "Yes"), ("no", "No")])).typed(typed))
    }
}

/// What nobody else may see. The answer is never shown again on any phone.
fn private_fields(typed: &Form) -> Markup {
    let answers = options(&[
        ("no", "No, nobody"),
        ("yes", "Yes, somebody"),
        ("unknown", "I am not sure"),
        ("declined", "I would rather not say"),
    ]);
    let asks =
        "Is there anybody with you today, your companion too, who frightens you, hurts you or makes you do things?";
    html! { (FieldGroup::one("private", asks, answers).typed(typed)) }
}

fn body_fields(chart: &Chart, session: &Session, typed: &Form) -> Markup {
    let yes_no = || options(&[("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")]);
    let used = |none: &str| options(&[("none", none), ("used", "Yes, I had some"), ("unknown", "I do not know")]);
    html! {
        (FieldGroup::one("fasted", "Have you kept the fast that your team asked for?", yes_no()).typed(typed))
        (FieldGroup::one("alcohol", "Alcohol or cannabis in the last 24 hours?", used("None")).typed(typed))
        (Field::date_time("alcohol_at", "If you had some: when was the last?").typed(typed))
        (FieldGroup::one("sedatives", "Sleeping or calming tablets today?", options(&[("no", "None"), ("yes", "Yes, I took some"), ("unknown", "I do not know")])).typed(typed))
        (FieldGroup::one("stimulant", "Stimulants in the last 12 hours, such as tablets for attention?", used("None")).typed(typed))
        (Field::date_time("stimulant_at", "If you had some: when was the last?").typed(typed))
        (FieldGroup::one("grapefruit", "Grapefruit or its juice in the last 3 days?", used("None")).typed(typed))
        (Field::date_time("grapefruit_at", "If you had some: when was the last?").typed(typed))
        (FieldGroup::one("medicines", "Are your medicines the same as when your team last went through them with you?", options(&[("yes", "Yes, the same"), ("no", "No, something changed"), ("unknown", "I do not know")])).typed(typed))
        (FieldGroup::one("opioid", "An opioid in the last 7 days, such as a strong painkiller, methadone or buprenorphine?", used("None")).typed(typed))
        (Field::date_time("opioid_at", "If you had some: when was the last?").typed(typed))
        (FieldGroup::one("maoi", "An MAO inhibitor in the last 14 days, such as phenelzine, tranylcypromine or selegiline?", used("None")).typed(typed))
        (Field::date_time("maoi_at", "If you had some: when was the last?").typed(typed))
        @if DayQuestion::Pregnancy.asked_of(chart, session.setting) {
            (FieldGroup::one("pregnant", "Could you be pregnant?", options(&[("no", "No"), ("yes", "Yes, it is possible"), ("unknown", "I do not know"), ("declined", "I would rather not say")])).typed(typed))
        }
        @if session.setting == Setting::Clinic {
            (FieldGroup::one("ride", "Is somebody taking you home?", yes_no()).typed(typed))
        }
        (FieldGroup::one("tomorrow", "Is tomorrow planned: somebody you can reach, and nothing that has to be done early?", yes_no()).typed(typed))
        (FieldGroup::one("driving", "You will not drive, ride or use machines until tomorrow, after a night's sleep. Do you agree?", options(&[("yes", "Yes, I agree"), ("no", "No"), ("unknown", "I am not sure")])).typed(typed))
        (FieldGroup::one("willing", "Do you still want this dose today?", options(&[("yes", "Yes"), ("no", "No, not today"), ("unknown", "I am not sure")])).typed(typed))
    }
}

/// Reads what was answered; a question left open stays open.
pub fn day_answers(chart: &Chart, typed: &mut Form) -> DayAnswers {
    DayAnswers {
        fasted: answered(typed.get("fasted")),
        alcohol_or_cannabis: last_use(chart, typed, "alcohol", "alcohol_at"),
        benzodiazepine_today: answered(typed.get("sedatives")),
        stimulant: last_use(chart, typed, "stimulant", "stimulant_at"),
        grapefruit: last_use(chart, typed, "grapefruit", "grapefruit_at"),
        opioid: last_use(chart, typed, "opioid", "opioid_at"),
        maoi: last_use(chart, typed, "maoi", "maoi_at"),
        medicines_unchanged: answered(typed.get("medicines")),
        could_be_pregnant: answered(typed.get("pregnant")),
        room_safe: answered(typed.get("room")),
        stairs_near: answered(typed.get("stairs")),
        water_near: answered(typed.get("water")),
        heat_near: answered(typed.get("heat")),
        sole_care: answered(typed.get("sole_care")),
        weapon_near: answered(typed.get("weapon")),
        other_means_near: answered(typed.get("other_means")),
        place_today: place_today(typed),
        way_in: typed.text("way_in").map(str::to_owned),
        ambulance: ambulance(typed),
        companion_danger: answered(typed.get("private")),
        tomorrow_planned: answered(typed.get("tomorrow")),
        no_driving_agreed: answered(typed.get("driving")),
        escort_named: answered(typed.get("ride")),
        still_willing: answered(typed.get("willing")),
        oximeter_at_hand: match typed.get("oximeter") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    }
}

/// Another place needs its address: help has to be sent somewhere.
fn place_today(typed: &mut Form) -> Option<PlaceToday> {
    match typed.get("place") {
        "on-record" => Some(PlaceToday::OnRecord),
        "unknown" => Some(PlaceToday::Unknown),
        "elsewhere" => {
            let address = typed.required("address_today", "Write the address where you are today.");
            (!address.is_empty()).then_some(PlaceToday::Elsewhere { address })
        }
        _ => None,
    }
}

/// A time that can be said needs its minutes.
fn ambulance(typed: &mut Form) -> Option<AmbulanceTime> {
    match typed.get("ambulance") {
        "known" => {
            let minutes =
                typed.needed("ambulance_minutes", "Write a whole number of minutes, or choose “I do not know”.");
            minutes.map(|minutes| AmbulanceTime::Minutes { minutes })
        }
        "unknown" => Some(AmbulanceTime::Unknown),
        _ => None,
    }
}

/// Reads a word of a form.
pub fn answered(word: &str) -> Option<Answered> {
    match word {
        "yes" => Some(Answered::Yes),
        "no" => Some(Answered::No),
        "unknown" => Some(Answered::Unknown),
        "declined" => Some(Answered::Declined),
        _ => None,
    }
}

/// Used without a time is *unknown*, which holds the dose: a time that nobody remembers is not long ago.
fn last_use(chart: &Chart, typed: &mut Form, name: &str, when: &str) -> Option<LastUse> {
    match typed.get(name) {
        "none" => Some(LastUse::None),
        "unknown" => Some(LastUse::Unknown),
        "used" => Some(match local_instant(chart, typed, when) {
            Some(at) => LastUse::At { at },
            None => LastUse::Unknown,
        }),
        _ => None,
    }
}

/// A wall-clock time of the patient's zone; notes what is wrong when it cannot be read.
pub fn local_instant(chart: &Chart, typed: &mut Form, name: &str) -> Option<Timestamp> {
    let there: jiff::civil::DateTime = typed.optional(name, "Give a date and a time, such as 2026-03-01 21:30.")?;
    let zone = chart.zoned(Timestamp::UNIX_EPOCH).time_zone().clone();
    moment_there(&zone, typed, name, there)
}

/// The moment of a wall-clock time in a zone. A time that the clocks leave out there, in the night when they go forward, is
/// asked again: whichever moment was taken for it, nobody would have meant it.
pub fn moment_there(zone: &TimeZone, typed: &mut Form, name: &str, there: jiff::civil::DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_zoned(there);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        typed.wrong(name, "This time does not exist there: the clocks go forward over it that day. Give another time.");
        return None;
    }
    match ambiguous.compatible() {
        Ok(zoned) => Some(zoned.timestamp()),
        Err(_) => {
            typed.wrong(name, "This time is outside the calendar.");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_care::ids::PatientId;
    use uuid::Uuid;

    fn read(fields: &[(&str, &str)]) -> DayAnswers {
        let chart = Chart::new(PatientId(Uuid::from_u128(1)));
        let mut typed = Form::from_fields(fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect());
        day_answers(&chart, &mut typed)
    }

    #[test]
    fn a_time_that_the_clocks_leave_out_is_asked_again() {
        let denver = TimeZone::get("America/Denver").unwrap();
        let moment = |there: &str| {
            let mut typed = Form::blank();
            let moment = moment_there(&denver, &mut typed, "at", there.parse().unwrap());
            (moment.map(|at| at.to_string()), typed.is_sound())
        };
        assert_eq!(moment("2026-03-08T01:59"), (Some("2026-03-08T08:59:00Z".to_owned()), true));
        assert_eq!(moment("2026-03-08T02:30"), (None, false));
        assert_eq!(moment("2026-03-08T03:00"), (Some("2026-03-08T09:00:00Z".to_owned()), true));
        assert_eq!(moment("2026-11-01T01:30"), (Some("2026-11-01T07:30:00Z".to_owned()), true));
    }

    #[test]
    fn an_open_question_stays_open_and_never_counts_as_no() {
        assert_eq!(read(&[]), DayAnswers::default());
        assert_eq!(read(&[("fasted", "")]).fasted, None);
    }

    #[test]
    fn another_place_needs_its_address_and_a_time_that_can_be_said_its_minutes() {
        let chart = Chart::new(PatientId(Uuid::from_u128(1)));
        let read = |fields: &[(&str, &str)]| {
            let mut typed = Form::from_fields(fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect());
            let answers = day_answers(&chart, &mut typed);
            (answers.place_today, answers.ambulance, typed.is_sound())
        };
        assert_eq!(read(&[("place", "elsewhere")]), (None, None, false));
        let elsewhere = PlaceToday::Elsewhere { address: "2 Example Street".into() };
        let there = [("place", "elsewhere"), ("address_today", "2 Example Street"), ("ambulance", "unknown")];
        assert_eq!(read(&there), (Some(elsewhere), Some(AmbulanceTime::Unknown), true));
        assert_eq!(read(&[("ambulance", "known")]), (None, None, false));
        let known = [("ambulance", "known"), ("ambulance_minutes", "12")];
        assert_eq!(read(&known), (None, Some(AmbulanceTime::Minutes { minutes: 12 }), true));
    }

    #[test]
    fn a_drink_at_an_unremembered_time_is_unknown_and_one_with_a_time_has_it() {
        assert_eq!(read(&[("alcohol", "used")]).alcohol_or_cannabis, Some(LastUse::Unknown));
        let at = "2026-03-01T21:30:00Z".parse().unwrap();
        let typed = [("alcohol", "used"), ("alcohol_at", "2026-03-01T21:30")];
        assert_eq!(read(&typed).alcohol_or_cannabis, Some(LastUse::At { at }));
    }
}
