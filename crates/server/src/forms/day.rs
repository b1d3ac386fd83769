//! The questions of the day as a form, and their reading: the same for staff who ask and for the patient who answers.
//!
//! Every question has "I do not know" as an answer, which the rules never read as a yes. Nothing is ticked beforehand.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_care::chart::Session;
use stillwater_care::event::DayAnswers;
use stillwater_care::facts::{Answered, LastUse, Setting};
use stillwater_care::readiness::DayQuestion;
use stillwater_ui::{Field, FieldGroup};

use crate::http::Form;

fn options(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

/// The fields; those that only a session at home or in the clinic has are left out elsewhere.
pub fn day_fields(chart: &Chart, session: &Session, typed: &Form) -> Markup {
    let yes_no = || options(&[("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")]);
    let used = |none: &str| options(&[("none", none), ("used", "Yes, I had some"), ("unknown", "I do not know")]);
    let home = session.setting == Setting::Home;
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
        @if home {
            (FieldGroup::one("room", "Is your room ready: no stairs, water, cooking or children to look after, and at your usual address?", yes_no()).typed(typed))
            (FieldGroup::one("oximeter", "Is the finger clip that measures oxygen at hand?", options(&[("yes", "Yes"), ("no", "No")])).typed(typed))
        } @else {
            (FieldGroup::one("ride", "Is somebody taking you home?", yes_no()).typed(typed))
        }
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
        escort_named: answered(typed.get("ride")),
        still_willing: answered(typed.get("willing")),
        oximeter_at_hand: match typed.get("oximeter") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
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
    there.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
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
    fn an_open_question_stays_open_and_never_counts_as_no() {
        assert_eq!(read(&[]), DayAnswers::default());
        assert_eq!(read(&[("fasted", "")]).fasted, None);
    }

    #[test]
    fn a_drink_at_an_unremembered_time_is_unknown_and_one_with_a_time_has_it() {
        assert_eq!(read(&[("alcohol", "used")]).alcohol_or_cannabis, Some(LastUse::Unknown));
        let at = "2026-03-01T21:30:00Z".parse().unwrap();
        let typed = [("alcohol", "used"), ("alcohol_at", "2026-03-01T21:30")];
        assert_eq!(read(&typed).alcohol_or_cannabis, Some(LastUse::At { at }));
    }
}
