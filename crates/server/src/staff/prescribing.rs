//! On what ground a medicine is prescribed: where the patient is treated, who is licensed there, who has examined them in
//! person, and what was seen of misuse.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::command::{Command, ShowLicence};
use stillwater_care::event::{ExaminedInPerson, MisuseChecked, RegionSet};
use stillwater_care::roles::Role;
use stillwater_care::telemedicine::{self, Telemedicine};
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};

use super::desk::{ChartPage, chosen, local_noon, stored};
use super::{liver, supply};
use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::expiry_notice;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

const TAB: &str = "prescribing";

pub fn routes() -> Routes {
    Routes::new().get(TAB, "/patients/{id}/prescribing", CHART, page).post(
        "prescribing.send",
        "/patients/{id}/prescribing",
        CLINICAL,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, TAB).await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, TAB).await?;
    view.typed = typed;
    let open = std::sync::Arc::clone(&view.open);
    let now = view.now();
    let typed = &mut view.typed;
    let command = match typed.get("form") {
        "region" => Some(Command::SetRegion(RegionSet { region: typed.get("region").to_owned() })),
        "licence" => {
            let (region, number) = (typed.get("licence-region").to_owned(), typed.get("licence-number").to_owned());
            let until = typed.needed("licence-until", "Give the last day as year, month, day.");
            until.map(|until| Command::ShowLicence(ShowLicence { region, number, until }))
        }
        "examined" => {
            let by = typed.get("examined-by").trim().to_owned();
            typed.required("examined-on", "Give the day of the examination.");
            let examined_at = local_noon(&open.chart, typed, "examined-on").map(|noon| noon.min(now));
            examined_at.map(|examined_at| Command::RecordExamination(ExaminedInPerson { examined_at, by }))
        }
        "misuse" => misuse_read(typed),
        "out" | "back" | "count" => supply::read(&open.chart, typed),
        "rems" => supply::read_rems(&open.chart, typed),
        "child-pugh" => {
            let mut own = typed.clone();
            let command = liver::read_class(&view, &mut own);
            view.typed = own;
            command
        }
        _ => None,
    };
    let to = view.href(TAB);
    view.send(command, to, draw).await
}

fn draw(view: &ChartPage) -> Markup {
    let body = html! {
        (expiry_notice::for_day(view.chart().local_date(view.now())))
        (place(view))
        (licences(view))
        (examinations(view))
        (misuse(view))
        (supply::draw(view, TAB))
        (supply::draw_rems(view, TAB))
        (liver::class(view, TAB, view.principal.is(Role::Prescriber)))
    };
    view.page("Prescribing", TAB, body)
}

fn place(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("region");
    let today = chart.local_date(view.now());
    let rule = chart
        .region
        .as_deref()
        .and_then(|region| telemedicine::in_force(&Telemedicine::built_in().rules, region, today));
    html! {
        section .panel { h2 { "Where the patient is treated" }
            @match &chart.region {
                Some(region) => p { strong { (region) } }
                None => p { (ui::flag(Flag::Unknown, "not written down")) " It holds every order and dose, and is asked again after a move." }
            }
            p .quiet {
                "Prescribing without an examination in person: "
                @match rule {
                    Some(rule) => { "allowed until " (rule.until) " by " a href=(rule.link) { (rule.title) } ". State law may be stricter." }
                    None => "no rule is known here that allows it today."
                }
            }
            (view.form("region", TAB, html! {
                (Field::new("region", "Country and state").hint("by its code: US-CO for Colorado, GB for the United Kingdom").typed(&typed))
                button .button type="submit" { "Record" }
            }))
        }
    }
}

fn licences(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("licence");
    let today = chart.local_date(view.now());
    let rows: Vec<Vec<Markup>> = chart
        .standing(&chart.licences)
        .rev()
        .map(|l| {
            let state = if l.value.until >= today { ui::flag(Flag::Ok, "holds") } else { ui::flag(Flag::Due, "ended") };
            vec![
                html! { (l.value.name) },
                html! { (l.value.region) },
                html! { (l.value.number) },
                html! { (l.value.until) " " (state) },
            ]
        })
        .collect();
    html! {
        section .panel { h2 { "Licences of the prescribers" }
            @if rows.is_empty() { p { (ui::flag(Flag::Unknown, "none written down")) } }
            @else { (ui::data_table("Licences, newest first", &["Prescriber", "For", "Number", "Last day"], &rows)) }
            @if view.principal.is(Role::Prescriber) {
                details open[view.typed.get("form") == "licence"] { summary { "Write down your own licence" }
                    (view.form("licence", TAB, html! {
                        div .row.top {
                            (Field::new("licence-region", "Country and state").typed(&typed))
                            (Field::new("licence-number", "Number").typed(&typed))
                            (Field::date("licence-until", "Last day").typed(&typed))
                        }
                        button .button type="submit" { "Record" }
                    })) }
            } @else { p .quiet { "Each prescriber writes down their own." } }
        }
    }
}

fn examinations(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("examined");
    let newest = chart.standing(&chart.examinations).max_by_key(|e| e.value.examined_at);
    html! {
        section .panel { h2 { "Examined in person" }
            @match newest {
                Some(e) => p { "On " strong { (chart.local_date(e.value.examined_at)) } " by " (e.value.by) "." }
                None => p { (ui::flag(Flag::Unknown, "not on record")) " Needed for doses at home once no telemedicine rule allows them." }
            }
            @if view.principal.is(Role::Prescriber) {
                details open[view.typed.get("form") == "examined"] { summary { "Record an examination in person" }
                    (view.form("examined", TAB, html! {
                        div .row.top {
                            (Field::date("examined-on", "Day").typed(&typed))
                            (Field::new("examined-by", "By whom, with their profession").typed(&typed))
                        }
                        button .button type="submit" { "Record" }
                    })) }
            }
        }
    }
}

/// What is asked about misuse: the field and its label.
const MISUSE: [(&str, &str); 3] = [
    ("other-source", "Another source of a controlled medicine, in the prescription database"),
    ("craving", "Craving, or use other than prescribed"),
    ("lost", "Doses lost, stolen or passed on"),
];

fn misuse_read(typed: &mut Form) -> Option<Command> {
    let [other_source, craving, lost_or_shared] = MISUSE.map(|(name, _)| chosen(typed, name, "Choose an answer."));
    let early_requests = typed.needed("early", "Give a whole number; 0 if there was none.");
    Some(Command::CheckMisuse(MisuseChecked {
        other_source: other_source?,
        craving: craving?,
        lost_or_shared: lost_or_shared?,
        early_requests: early_requests?,
        words: typed.get("misuse-words").trim().to_owned(),
    }))
}

fn misuse(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("misuse");
    let rows: Vec<Vec<Markup>> = chart
        .standing(&chart.misuse_checks)
        .rev()
        .take(12)
        .map(|m| {
            let v = &m.value;
            vec![
                html! { (view.when(m.occurred_at)) br; span .quiet { (m.actor.name()) } },
                html! { (stored(v.other_source)) },
                html! { (stored(v.craving)) },
                html! { (stored(v.lost_or_shared)) },
                html! { (v.early_requests) },
                html! { (v.words) },
            ]
        })
        .collect();
    let answers = || {
        let all = [
            ("no", "no"),
            ("yes", "yes"),
            ("unknown", "not known: could not be looked up"),
            ("declined", "would rather not say"),
        ];
        all.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec()
    };
    html! {
        section .panel { h2 { "Signs of misuse" }
            p .hint { "Looked for at each prescription: in the prescription database, and by asking. A sign holds orders and doses until a prescriber reviews the course, on the overview." }
            @if rows.is_empty() { p { (ui::flag(Flag::Unknown, "never looked")) } }
            @else { (ui::data_table("Looked for, newest first", &["When", "Another source", "Craving", "Lost or passed on", "# Asked early", "Words"], &rows)) }
            details open[view.typed.get("form") == "misuse"] { summary { "Record what was seen" }
                (view.form("misuse", TAB, html! {
                    @for (name, label) in MISUSE { (FieldGroup::one(name, label, answers()).typed(&typed)) }
                    (Field::number("early", "How often more was asked for early, since the last look", "times").typed(&typed))
                    (Field::new("misuse-words", "In words").typed(&typed))
                    button .button type="submit" { "Record" }
                })) }
        }
    }
}
