//! When something happened: now, or at a time that is given. What is written down later keeps its own time.

use jiff::Timestamp;
use maud::{Markup, html};
use stillwater_care::Chart;
use stillwater_ui::Field;

use super::day::local_instant;
use crate::http::Form;
use crate::live::commands::happened_at;

/// The field of the time, under a name of its own on its page. Left empty it means now.
pub fn when_field(name: &str, typed: &Form) -> Markup {
    html! { (Field::date_time(name, "When it was").hint("Leave it empty for now.").typed(typed)) }
}

/// Reads the time: what was given on the wall clock of where the patient lives, else when the button was pressed.
pub fn when(chart: &Chart, typed: &mut Form, name: &str, now: Timestamp) -> Timestamp {
    let pressed = happened_at(typed, now);
    local_instant(chart, typed, name).unwrap_or(pressed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use stillwater_care::ids::PatientId;
    use uuid::Uuid;

    #[test]
    fn an_empty_time_is_now_and_a_given_one_is_believed() {
        let chart = Chart::new(PatientId(Uuid::from_u128(1)));
        let now: Timestamp = "2026-03-01T21:35:00Z".parse().unwrap();
        let read = |fields: &[(&str, &str)]| {
            let mut typed = Form::from_fields(fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect());
            (when(&chart, &mut typed, "when", now), typed.is_sound())
        };
        assert_eq!(read(&[]), (now, true));
        assert_eq!(read(&[("when", "")]), (now, true));
        assert_eq!(read(&[("when", "2026-03-01T21:04")]), ("2026-03-01T21:04:00Z".parse().unwrap(), true));
        assert_eq!(read(&[("when", "nine")]), (now, false));
    }
}
