//! The figures of a liver panel, each beside its upper limit, and the class of a chronic liver disease: the fields in which
//! they are typed, and how they are read.

use maud::{Markup, html};
use stillwater_care::command::Command;
use stillwater_care::event::ChildPughRated;
use stillwater_care::facts::{ChildPugh, LabKind, LabUnit, LiverFigure, LiverTest};
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};

use super::desk::{ChartPage, chosen, local_noon};
use crate::http::Form;

fn names(test: LiverTest) -> (String, String, String) {
    let code = test.code();
    (format!("liver-{code}"), format!("liver-{code}-upper"), format!("liver-{code}-unit"))
}

/// The fields for the figures of a liver panel.
pub fn fields(view: &ChartPage, typed: &Form) -> Markup {
    let words = view.ctx.words;
    html! {
        details open[typed.fields().any(|(name, value)| name.starts_with("liver-") && !value.is_empty())] {
            summary { "Figures of a liver panel" }
            p .hint { "As the laboratory prints them, each beside its own upper limit of normal. ALT, AST and bilirubin are needed before a dose." }
            @for test in LiverTest::ALL {
                @let (value, upper, unit) = names(test);
                @let label = words.term(test);
                @let units = test.units();
                div .row.top {
                    (Field::number(&value, &label, "").typed(typed))
                    (Field::number(&upper, "Upper limit", "").typed(typed))
                    @if units.len() > 1 {
                        label { "Unit " select name=(unit) {
                            @for one in units { option value=(one.code()) selected[typed.get(&unit) == one.code()] { (words.term(*one)) } }
                        } }
                    } @else { @for one in units { span .quiet { (words.term(*one)) } } }
                }
            }
        }
    }
}

/// The figures that were typed. A figure without its limit, or the reverse, is said beside the field.
pub fn figures(typed: &mut Form, kind: Option<LabKind>) -> Vec<LiverFigure> {
    let mut figures = Vec::new();
    for test in LiverTest::ALL {
        let (value_name, upper_name, unit_name) = names(test);
        let value: Option<f64> = typed.optional(&value_name, "Give the figure as a number.");
        let upper: Option<f64> = typed.optional(&upper_name, "Give the upper limit as a number.");
        let unit = LabUnit::ALL.into_iter().find(|unit| unit.code() == typed.get(&unit_name));
        match (value, upper) {
            (Some(value), Some(upper)) => {
                let only = test.units().first().copied().unwrap_or(LabUnit::UPerL);
                figures.push(LiverFigure { test, value, unit: unit.unwrap_or(only), upper });
            }
            (Some(_), None) => {
                typed.wrong(&upper_name, "Give the laboratory's upper limit of normal beside the figure.")
            }
            (None, Some(_)) => typed.wrong(&value_name, "Give the figure beside its upper limit."),
            (None, None) => {}
        }
    }
    if kind == Some(LabKind::LiverPanel) && figures.is_empty() && typed.is_sound() {
        typed.wrong("liver-alt", "Give the figures of the panel: ALT, AST and bilirubin, each with its upper limit.");
    }
    figures
}

/// The class that was typed.
pub fn read_class(view: &ChartPage, typed: &mut Form) -> Option<Command> {
    let class: Option<ChildPugh> = chosen(typed, "class", "Choose the class.");
    typed.required("rated-on", "Give the day on which it was worked out.");
    let rated_at = local_noon(view.chart(), typed, "rated-on").map(|noon| noon.min(view.now()));
    Some(Command::RateChildPugh(ChildPughRated { class: class?, rated_at: rated_at? }))
}

/// The newest class, with the form for a prescriber.
pub fn class(view: &ChartPage, tab: &str, may_rate: bool) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("child-pugh");
    let newest = chart.standing(&chart.child_pugh).max_by_key(|c| c.value.rated_at);
    let classes = ChildPugh::ALL.map(|class| (class.code().to_owned(), view.ctx.words.term(class))).to_vec();
    html! {
        section .panel { h2 { "Child-Pugh class" }
            @match newest {
                Some(c) => p { "Class " strong { (view.ctx.words.term(c.value.class)) } ", " (chart.local_date(c.value.rated_at)) ", by " (c.actor.name()) "." }
                None => p { (ui::flag(Flag::Unknown, "not worked out")) " Needed where a chronic liver disease is in the history." }
            }
            @if may_rate {
                details open[view.typed.get("form") == "child-pugh"] { summary { "Record the class" }
                    (view.form("child-pugh", tab, html! {
                        (FieldGroup::one("class", "Class", classes).typed(&typed))
                        (Field::date("rated-on", "Day").typed(&typed))
                        button .button type="submit" { "Record" }
                    })) }
            }
        }
    }
}
