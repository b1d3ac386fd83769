//! What is at the patient's home: handed out, taken back, counted; and what is on record of the safety programme of nasal
//! esketamine.

use maud::{Markup, html};
use stillwater_care::chart::Chart;
use stillwater_care::command::Command;
use stillwater_care::event::{RemsRecorded, SupplyCounted, SupplyHandedOut, SupplyTakenBack};
use stillwater_care::facts::RemsFact;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};

use super::desk::{ChartPage, chosen, local_time};
use crate::http::Form;

const UNITS: &str = "Give a whole number of tablets or lozenges.";

/// Reads one of the three forms of the supply.
pub fn read(chart: &Chart, typed: &mut Form) -> Option<Command> {
    match typed.get("form") {
        "out" => {
            let units = typed.needed("out-units", UNITS);
            let unit_mg = typed.needed("out-mg", "Give the milligrams in each.");
            let at = local_time(chart, typed, "out-at");
            let from = typed.get("out-from").trim().to_owned();
            Some(Command::HandOutSupply(SupplyHandedOut { units: units?, unit_mg: unit_mg?, at: at?, from }))
        }
        "back" => {
            let units = typed.needed("back-units", UNITS);
            let at = local_time(chart, typed, "back-at");
            let words = typed.get("back-words").trim().to_owned();
            Some(Command::TakeBackSupply(SupplyTakenBack { units: units?, at: at?, words }))
        }
        "count" => {
            let units = typed.needed("count-units", UNITS);
            let at = local_time(chart, typed, "count-at");
            Some(Command::CountSupply(SupplyCounted { units: units?, at: at? }))
        }
        _ => None,
    }
}

/// What should be at home, what was counted, and the forms.
pub fn draw(view: &ChartPage, tab: &str) -> Markup {
    let chart = view.chart();
    let open = |form: &str| view.typed.get("form") == form;
    let (out, back, count) = (view.typed_for("out"), view.typed_for("back"), view.typed_for("count"));
    html! {
        section .panel { h2 { "At the patient's home" }
            @match chart.supply(view.now()) {
                None => p { (ui::flag(Flag::Unknown, "nothing handed out on record")) " A dose at home waits for it." }
                Some(supply) => {
                    p { "There should be " strong { (supply.expected) } " of " (supply.unit_mg) " mg." }
                    @match supply.counted {
                        None => p { (ui::flag(Flag::Unknown, "never counted")) }
                        Some(c) if c.units == c.expected => p { (ui::flag(Flag::Ok, &format!("{} counted {}", c.units, view.when(c.at)))) }
                        Some(c) => p { (ui::flag(Flag::ActNow, &format!("{} counted {}, where there should have been {}", c.units, view.when(c.at), c.expected))) }
                    }
                }
            }
            details open[open("out")] { summary { "Record what was handed out or sent" }
                (view.form("out", tab, html! {
                    div .row.top { (Field::number("out-units", "How many", "").typed(&out)) (Field::number("out-mg", "Each", "mg").typed(&out)) (Field::date_time("out-at", "When").typed(&out)) (Field::new("out-from", "From").hint("the pharmacy, or who handed it over").typed(&out)) }
                    button .button type="submit" { "Record" }
                })) }
            details open[open("count")] { summary { "Record a count" }
                (view.form("count", tab, html! {
                    p .hint { "What is left is counted on the day, before the dose, with the guide watching." }
                    div .row.top { (Field::number("count-units", "How many are there", "").typed(&count)) (Field::date_time("count-at", "When").typed(&count)) }
                    button .button type="submit" { "Record" }
                })) }
            details open[open("back")] { summary { "Record what was taken back" }
                (view.form("back", tab, html! {
                    div .row.top { (Field::number("back-units", "How many", "").typed(&back)) (Field::date_time("back-at", "When").typed(&back)) (Field::new("back-words", "By whom, and what was done with it").typed(&back)) }
                    button .button type="submit" { "Record" }
                })) }
        }
    }
}

/// Reads a fact of the safety programme.
pub fn read_rems(chart: &Chart, typed: &mut Form) -> Option<Command> {
    let fact: Option<RemsFact> = chosen(typed, "rems-fact", "Choose which.");
    let at = local_time(chart, typed, "rems-at");
    let until = typed.optional("rems-until", "Give the last day as year, month, day.");
    let reference = typed.get("rems-reference").trim().to_owned();
    // The prescriber on site is of the session to come; a form is of the newest with a dose.
    let session = match fact {
        Some(RemsFact::PrescriberOnSite) => chart.current_session().map(|session| session.id),
        Some(RemsFact::FormSent) => chart.sessions.iter().rev().find(|s| s.dose().is_some()).map(|session| session.id),
        _ => None,
    };
    Some(Command::RecordRems(RemsRecorded { fact: fact?, at: at?, until, session, reference }))
}

/// What is on record of the safety programme, and the form.
pub fn draw_rems(view: &ChartPage, tab: &str) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("rems");
    let words = view.ctx.words;
    let rows: Vec<Vec<Markup>> = chart
        .standing(&chart.rems)
        .rev()
        .map(|r| {
            let until = r.value.until.map(|until| until.to_string()).unwrap_or_default();
            vec![
                html! { (words.term(r.value.fact)) },
                html! { (view.when(r.value.at)) },
                html! { (until) },
                html! { (r.value.reference) },
                html! { (r.actor.name()) },
            ]
        })
        .collect();
    let facts = RemsFact::ALL.map(|fact| (fact.code().to_owned(), words.term(fact))).to_vec();
    html! {
        details .panel open[view.typed.get("form") == "rems"] { summary { h2 .inline { "Safety programme of nasal esketamine" } }
            p .hint { "Asked of esketamine only. Each is held against before an order, and on the day." }
            @if !rows.is_empty() { (ui::data_table("On record, newest first", &["What", "Since", "Last day", "Number or name", "By"], &rows)) }
            (view.form("rems", tab, html! {
                (FieldGroup::list("rems-fact", "What", facts).typed(&typed))
                div .row.top { (Field::date_time("rems-at", "Since, or done").typed(&typed)) (Field::date("rems-until", "Last day, where it has one").typed(&typed)) (Field::new("rems-reference", "Number or name").typed(&typed)) }
                button .button type="submit" { "Record" }
            }))
        }
    }
}
