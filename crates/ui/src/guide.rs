//! The style guide: every part on one page, for looking at and for the browser tests.

use maud::{Markup, html};

use crate::*;

/// The style guide. `action` is where its example of a form would be sent.
#[must_use]
pub fn page(frame: &PageFrame, action: &str) -> Markup {
    let filled = [("systolic", "80"), ("note", "Calm, looking out of the window")];
    let mut typed = FormValues::from_fields(filled.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    typed.wrong("systolic", "Systolic must be above diastolic: 80 is lower than 120.");
    let now = frame.now_ms;
    let chart = OutcomeChart {
        id: "guide-chart".into(),
        title: "PCL-5 total, example".into(),
        says: "18 points lower than at the start: more than chance would give.".into(),
        points: [(0.0, Some(52.0)), (15.0, Some(41.0)), (17.0, Some(38.0)), (21.0, None), (28.0, Some(34.0))]
            .into_iter()
            .map(|(day, score)| LinePoint { day, score, when: format!("day {day}") })
            .collect(),
        range: (0.0, 80.0),
        cut_off: Some((33.0, "cut-off".into())),
        doses: vec![(14.0, "dose 1".into()), (20.0, "dose 2".into())],
        visits: vec![16.0, 23.0],
        bands: vec![(0.0, 33.0, "below".into()), (33.0, 80.0, "above".into())],
        reliable_change: Some(10.0),
        gap_days: 21.0,
    };
    staff_page(
        frame,
        "Style guide",
        "",
        html! {
            section .panel {
                h2 { "Flags and trends" }
                p .row {
                    (flag(Flag::Due, "24 h measure due")) (flag(Flag::ActNow, "BP 168/104"))
                    (flag(Flag::Ok, "gate clear")) (flag(Flag::Unknown, "weight not known"))
                }
                p .row { @for trend in [Trend::Better, Trend::Same, Trend::Worse, Trend::Unknown] { (trend_word(trend)) } }
                (notice(Notice::Done, html! { p { "Saved." } }))
                (notice(Notice::Due, html! { p { "The plan is to be reviewed by Friday." } }))
                (notice(Notice::ActNow, html! { p { "Check-in missed for 4 min." } }))
            }
            section .panel {
                h2 { "Clocks and readings" }
                div .strip {
                    (elapsed_clock("guide-elapsed", "Since dose", now - 3_849_000, now))
                    (stale_reading("Blood pressure", Some(("142/91", now - 180_000, "cuff")), "mmHg", now + 60_000, now))
                    (stale_reading("SpO₂", Some(("97", now - 1_800_000, "clip")), "%", now - 1, now))
                    (stale_reading("Pulse", None, "/min", now, now))
                }
                (countdown_ring("guide-ring", "Blood pressure", now - 600_000, now + 90_000, now))
                p { (link_state("guide-link", Some(now - 8_000), now, 30)) }
            }
            section .panel {
                h2 { "Form" }
                (error_summary(&typed))
                form .stack method="post" action=(action) {
                    (Field::number("systolic", "Systolic", "mmHg").hint("From the cuff, after five minutes of rest.").typed(&typed))
                    (Field::area("note", "Note").typed(&typed))
                    (FieldGroup::one("sedation", "Sedation", vec![("5".into(), "Answers readily".into()), ("4".into(), "Slow to answer".into())]).typed(&typed))
                    (FieldGroup::list("room", "Room", vec![("1".into(), "Room 1".into())]).typed(&typed))
                    p .row { button .button.primary type="button" { "Save" } button .button type="button" { "Not now" } (hold_button("Stop the session", 1000, "act-now")) }
                    (saved_steps())
                }
            }
            section .panel { h2 { "Outcome" } (chart.draw()) (sparkline("falling from 52 to 34", &[Some(52.0), Some(41.0), None, Some(34.0)], (0.0, 80.0))) }
            section .panel {
                h2 { "Lists" }
                (key_values(&[("Weight", html! { "71.5 kg · 2 days · scale" }), ("Height", html! { "172 cm" })]))
                (data_table("Readings", &["Time", "# Systolic", "# Diastolic"], &[vec![html! { "T+10" }, html! { "142" }, html! { "91" }]]))
                (empty("No open items. What nobody owns would be at the top."))
            }
        },
    )
}
