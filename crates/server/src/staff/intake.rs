//! Intake: history questions with what an imported record suggests, medicines, vital signs, weight and laboratory results,
//! and contact details. What nobody asked stays *not asked*.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::chart::Chart;
use stillwater_care::command::{ChangeAnswers, Command, HoldingAnswers};
use stillwater_care::event::*;
use stillwater_care::facts::{Answered, HistoryTopic, LabKind, LabResult};
use stillwater_care::ids::EventId;
use stillwater_care::quantity::{BloodPressure, KG_PER_POUND, ReadingSource, Vitals};
use stillwater_care::unit::Unit;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use stillwater_words::{Words, findings as finding_words};

use super::desk::{ChartPage, chosen, local_noon, local_time, options, stored};
use super::medicines;
use super::referrals::{demographics_fields, read_demographics};
use crate::auth::access::CHART;
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

pub fn routes() -> Routes {
    Routes::new().get("intake", "/patients/{id}/intake", CHART, page).post(
        "intake.send",
        "/patients/{id}/intake",
        CHART,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "intake").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "intake").await?;
    view.typed = typed;
    let open = std::sync::Arc::clone(&view.open);
    let command = read(&open.chart, &mut view.typed);
    let to = view.href("intake");
    view.send(command, to, draw).await
}

fn read(chart: &Chart, typed: &mut Form) -> Option<Command> {
    match typed.get("form") {
        "history" => Some(Command::AnswerHistory(HistoryAnswered { answers: answers(chart, typed) })),
        "medicines" => {
            let medicines = medicines::read(chart, typed);
            let list = MedicinesReviewed { medicines };
            let why = typed.get("medicines-why").trim().to_owned();
            Some(match why.is_empty() {
                true => Command::ReviewMedicines(list),
                false => Command::ChangeAnswers(ChangeAnswers { answers: HoldingAnswers::Medicines(list), why }),
            })
        }
        "vitals" => vitals(chart, typed),
        "weight" => {
            let taken_at = local_time(chart, typed, "weight-at");
            let weight_kg = weight_in_kg(typed);
            Some(Command::RecordWeight(WeightRecorded { weight_kg: weight_kg?, taken_at: taken_at? }))
        }
        "confirm-weight" => {
            let weight = typed.needed("weight", "Open the page again.");
            Some(Command::ConfirmWeight(EventId(weight?)))
        }
        "height" => {
            let taken_at = local_time(chart, typed, "height-at");
            let height_cm = typed.needed("height_cm", "Give the height in centimetres.");
            Some(Command::RecordHeight(HeightRecorded { height_cm: height_cm?, taken_at: taken_at? }))
        }
        "lab" => {
            let kind: Option<LabKind> = chosen(typed, "lab-kind", "Choose which test.");
            let result: Option<LabResult> = chosen(typed, "lab-result", "Choose the result.");
            let taken_at = local_time(chart, typed, "lab-at");
            let detail = typed.get("lab-detail").trim().to_owned();
            let figures = super::liver::figures(typed, kind);
            Some(Command::RecordLab(LabRecorded { kind: kind?, result: result?, taken_at: taken_at?, detail, figures }))
        }
        "background" => background(typed),
        "contact" => Some(Command::ChangeDemographics(DemographicsChanged { demographics: read_demographics(typed)? })),
        _ => None,
    }
}

/// The weight in kilograms, from kilograms or pounds; where both are given they must agree.
fn weight_in_kg(typed: &mut Form) -> Option<f64> {
    let kg: Option<f64> = typed.optional("weight_kg", "Give a number of kilograms.");
    let lb: Option<f64> = typed.optional("weight_lb", "Give a number of pounds.");
    match (kg, lb.map(|lb| lb * KG_PER_POUND)) {
        (Some(kg), Some(from_lb)) if (kg - from_lb).abs() > from_lb.abs() / 100.0 => {
            typed.wrong("weight_kg", "Kilograms and pounds do not agree: give one of them, or correct one.");
            None
        }
        (Some(kg), _) => Some(kg),
        (None, Some(from_lb)) => Some((from_lb * 100.0).round() / 100.0),
        (None, None) => {
            if typed.is_sound() {
                typed.wrong("weight_kg", "Give the weight in kilograms or in pounds.");
            }
            None
        }
    }
}

fn background(typed: &mut Form) -> Option<Command> {
    const COUNT: &str = "Give a whole number, or leave it empty where nobody asked.";
    let trauma_therapies = typed.optional("trauma_therapies", COUNT);
    let medicines_tried = typed.optional("medicines_tried", COUNT);
    let ketamine_before = serde_json::from_value(typed.get("ketamine_before").into()).ok();
    let site = typed.get("site").trim().to_owned();
    typed.is_sound().then_some(Command::TakeBackground(BackgroundTaken {
        site,
        trauma_therapies,
        medicines_tried,
        ketamine_before,
    }))
}

/// The answers that were chosen; a topic left at *not asked* gives none.
fn answers(chart: &Chart, typed: &mut Form) -> Vec<TopicAnswer> {
    let mut answers = Vec::new();
    for topic in HistoryTopic::ALL {
        let name = stored(topic);
        let Ok(answer) = serde_json::from_value::<Answered>(typed.get(&format!("h-{name}")).into()) else { continue };
        let happened_at = local_noon(chart, typed, &format!("when-{name}"));
        let detail = typed.get(&format!("why-{name}")).trim().to_owned();
        answers.push(TopicAnswer { topic, answer, happened_at, detail });
    }
    answers
}

fn vitals(chart: &Chart, typed: &mut Form) -> Option<Command> {
    let taken_at = local_time(chart, typed, "vitals-at");
    let source: Option<ReadingSource> = chosen(typed, "vitals-source", "Say how it was measured.");
    let systolic = typed.optional("systolic", "Give a whole number of mmHg.");
    let diastolic = typed.optional("diastolic", "Give a whole number of mmHg.");
    let blood_pressure = match (systolic, diastolic) {
        (Some(systolic), Some(diastolic)) => Some(BloodPressure { systolic, diastolic }),
        (None, None) => None,
        _ => {
            typed.wrong("systolic", "Give both numbers of the blood pressure, or neither.");
            None
        }
    };
    let heart_rate_per_min = typed.optional("heart_rate", "Give a whole number a minute.");
    let spo2_percent = typed.optional("spo2", "Give a whole number of percent.");
    let respiratory_rate_per_min = typed.optional("breathing", "Give a whole number a minute.");
    let vitals = Vitals {
        blood_pressure,
        heart_rate_per_min,
        spo2_percent,
        respiratory_rate_per_min,
        ..Vitals::at(taken_at?, source?)
    };
    Some(Command::RecordVitals(VitalsRecorded { vitals, session: None }))
}

fn draw(view: &ChartPage) -> Markup {
    let body = html! {
        (history(view))
        (medicines::panel(view))
        (tried_before(view))
        (readings(view))
        (contact(view))
    };
    view.page("Intake", "intake", body)
}

fn history(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("history");
    let rows: Vec<Vec<Markup>> = HistoryTopic::ALL
        .iter()
        .map(|topic| {
            let name = stored(*topic);
            let known = chart.history.get(topic);
            let origins: Vec<String> = chart
                .imports
                .iter()
                .flat_map(|i| i.value.facts.iter())
                .filter(|f| f.candidate_for == Some(*topic))
                .map(|f| format!("{} ({})", f.text, f.origin))
                .collect();
            let state = match known {
                Some(fact) if fact.candidate => ui::flag(Flag::Due, "imported: confirm or refute"),
                Some(fact) => html! { strong { (stored(fact.answer)) } " " span .quiet { (finding_words::figures(view.ctx.words, &fact.from)) ", " (view.ctx.words.ago(fact.recorded_at, view.now())) @if let Some(at) = fact.happened_at { "; happened " (at.strftime("%b %Y")) } } },
                None => ui::flag(Flag::Unknown, "not asked"),
            };
            let before = chart.history_before.get(topic).map(Vec::as_slice).unwrap_or_default();
            let holds = known.is_some_and(|fact| fact.answer == Answered::Yes);
            let why = format!("why-{name}");
            let field = format!("h-{name}");
            let chosen = typed.get(&field);
            vec![
                html! { (view.ctx.words.term(*topic)) @for origin in &origins { br; span .quiet { (origin) } } },
                html! { (state) @for fact in before { br; span .quiet { "before: " (stored(fact.answer)) " (" (finding_words::figures(view.ctx.words, &fact.from)) ", " (view.when(fact.recorded_at)) ")" } } },
                html! {
                    select name=(field) aria-label=(view.ctx.words.term(*topic)) {
                        @for (value, words) in [("", "leave as it is"), ("yes", "yes"), ("no", "no"), ("unknown", "not known"), ("declined", "declined")] { option value=(value) selected[chosen == value] { (words) } }
                    }
                    @if holds { input .words name=(why) aria-label=(format!("Why it changes: {}", view.ctx.words.term(*topic))) placeholder="Why it changes (a prescriber signs)" value=[Some(typed.get(&why)).filter(|v| !v.is_empty())]; }
                },
                html! { @if matches!(topic, HistoryTopic::CardiacEvent | HistoryTopic::Stroke) {
                    @let when = format!("when-{name}");
                    input type="date" name=(when) aria-label=(format!("When: {}", view.ctx.words.term(*topic))) value=[Some(typed.get(&when)).filter(|v| !v.is_empty())];
                } },
            ]
        })
        .collect();
    html! {
        section .panel { h2 { "History" }
            (view.form("history", "intake", html! {
                (ui::data_table("History questions", &["Question", "Known", "Answer now", "When it happened"], &rows))
                button .button.primary type="submit" { "Record the answers chosen" }
            })) }
    }
}

fn readings(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let (vitals, weight, lab) = (view.typed_for("vitals"), view.typed_for("weight"), view.typed_for("lab"));
    let mut rows: Vec<(jiff::Timestamp, Vec<Markup>)> = Vec::new();
    let mut add = |at, what: &str, value: String, by: String| {
        rows.push((at, vec![html! { (view.when(at)) }, html! { (what) }, html! { (value) }, html! { (by) }]))
    };
    for v in chart.standing(&chart.vitals).filter(|v| v.value.session.is_none()) {
        add(
            v.value.vitals.taken_at,
            "vital signs",
            stillwater_words::timeline::vitals(view.ctx.words, &v.value.vitals),
            format!("{}, {}", v.actor.name(), view.ctx.words.term(v.value.vitals.source)),
        );
    }
    for w in chart.standing(&chart.weights) {
        add(w.value.taken_at, "weight", view.ctx.words.amount(w.value.weight_kg, Unit::Kg), w.actor.name().to_owned());
    }
    for h in chart.standing(&chart.heights) {
        add(h.value.taken_at, "height", format!("{} cm", h.value.height_cm), h.actor.name().to_owned());
    }
    for l in chart.standing(&chart.labs) {
        add(
            l.value.taken_at,
            &stored(l.value.kind),
            format!("{} {}", stored(l.value.result), l.value.detail),
            l.actor.name().to_owned(),
        );
    }
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).take(60).collect();
    let open = |form: &str| view.typed.get("form") == form;
    html! {
        section .panel { h2 { "Readings and laboratory" }
            @if rows.is_empty() { p { (ui::flag(Flag::Unknown, "nothing measured yet")) } }
            @else { (ui::data_table("Newest first", &["When", "What", "Value", "By"], &rows)) }
            details open[open("vitals")] { summary { "Record vital signs" }
                (view.form("vitals", "intake", html! {
                    div .row.top {
                        (Field::date_time("vitals-at", "Taken").typed(&vitals))
                        (Field::number("systolic", "Systolic", "mmHg").typed(&vitals)) (Field::number("diastolic", "Diastolic", "mmHg").typed(&vitals))
                        (Field::number("heart_rate", "Pulse", "/min").typed(&vitals)) (Field::number("spo2", "SpO₂", "%").typed(&vitals)) (Field::number("breathing", "Breathing", "/min").typed(&vitals))
                    }
                    (FieldGroup::list("vitals-source", "How", sources(view.ctx.words)).typed(&vitals))
                    button .button type="submit" { "Record" }
                })) }
            details open[open("weight")] { summary { "Record the weight" }
                (view.form("weight", "intake", html! {
                    div .row.top { (Field::date_time("weight-at", "Weighed").typed(&weight)) (Field::number("weight_kg", "Weight", "kg").typed(&weight)) (Field::number("weight_lb", "or in pounds", "lb").hint("One of the two is enough. Both are shown everywhere.").typed(&weight)) }
                    button .button type="submit" { "Record" }
                }))
                (confirm_weight(view)) }
            details open[open("height")] { summary { "Record the height" }
                (view.form("height", "intake", html! {
                    @let height = view.typed_for("height");
                    div .row.top { (Field::date_time("height-at", "Measured").typed(&height)) (Field::number("height_cm", "Height", "cm").typed(&height)) }
                    button .button type="submit" { "Record" }
                })) }
            details open[open("lab")] { summary { "Record a laboratory result" }
                (view.form("lab", "intake", html! {
                    (FieldGroup::list("lab-kind", "Test", options([("liver-panel", "liver panel"), ("urinalysis", "urinalysis"), ("pregnancy-test", "pregnancy test"), ("urine-drug-screen", "urine drug screen")])).typed(&lab))
                    (FieldGroup::one("lab-result", "Result", options([("normal", "normal or negative"), ("raised", "raised"), ("abnormal", "abnormal or positive"), ("unreadable", "could not be read")])).typed(&lab))
                    (Field::date_time("lab-at", "Sample taken").typed(&lab))
                    (super::liver::fields(view, &lab))
                    (Field::new("lab-detail", "Detail").typed(&lab))
                    button .button type="submit" { "Record" }
                })) }
        }
    }
}

/// The newest weight, for a second person to confirm where another recorded it.
fn confirm_weight(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let newest = chart.standing(&chart.weights).max_by_key(|w| (w.value.taken_at, w.seq));
    let Some(weight) = newest else { return html! {} };
    html! {
        p { "Newest: " strong { (view.ctx.words.amount(weight.value.weight_kg, Unit::Kg)) } ", " (view.when(weight.value.taken_at)) ", by " (weight.actor.name()) "." }
        p .hint { "A weight that has changed much holds orders and doses until it is weighed again, or a second person has seen the scale and confirms it." }
        (view.form("confirm-weight", "intake", html! {
            input type="hidden" name="weight" value=(weight.id.0.to_string());
            button .button type="submit" { "I have seen this weight: confirm it" }
        }))
    }
}

fn sources(words: &Words) -> Vec<(String, String)> {
    [ReadingSource::Device, ReadingSource::Manual]
        .into_iter()
        .map(|source| (stored(source), words.term(source)))
        .collect()
}

fn tried_before(view: &ChartPage) -> Markup {
    let known = view.chart().background.as_ref();
    let typed = if view.typed.get("form") == "background" {
        view.typed.clone()
    } else {
        let mut typed = Form::blank();
        if let Some(known) = known {
            let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
            typed.set("site", &known.site);
            typed.set("trauma_therapies", &count(known.trauma_therapies));
            typed.set("medicines_tried", &count(known.medicines_tried));
            typed.set("ketamine_before", &known.ketamine_before.map(stored).unwrap_or_default());
        }
        typed
    };
    let answers = [("yes", "yes"), ("no", "no"), ("unknown", "not known"), ("declined", "declined")];
    let answers = answers.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    html! {
        section .panel { h2 { "Tried before, and where" }
            @if known.is_none() { p { (ui::flag(Flag::Unknown, "not asked")) } }
            (view.form("background", "intake", html! {
                div .row {
                    (Field::number("trauma_therapies", "Courses of trauma-focused therapy", "").hint("prolonged exposure, cognitive processing, EMDR …; 0 if none").typed(&typed))
                    (Field::number("medicines_tried", "Medicines for PTSD or depression", "").hint("how many were tried; 0 if none").typed(&typed))
                    (Field::new("site", "Site").hint("only where the clinic has several").typed(&typed))
                }
                (FieldGroup::one("ketamine_before", "Ketamine or esketamine as a treatment before", answers).typed(&typed))
                button .button.primary type="submit" { "Record" }
            })) }
    }
}

fn contact(view: &ChartPage) -> Markup {
    let typed = if view.typed.get("form") == "contact" { view.typed.clone() } else { known_contact(view.chart()) };
    html! {
        details .panel open[view.typed.get("form") == "contact"] { summary { h2 .inline { "Name, contact and address" } }
            (view.form("contact", "intake", html! { (demographics_fields(&typed)) button .button type="submit" { "Save" } })) }
    }
}

/// The contact details as they stand, to be changed where they are wrong.
pub(super) fn known_contact(chart: &Chart) -> Form {
    let mut typed = Form::blank();
    if let Some(d) = &chart.demographics {
        let veteran = match d.veteran {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        for (name, value) in [
            ("name", d.name.as_str()),
            ("birth_date", &d.birth_date.to_string()),
            (
                "birth_known_to",
                &d.birth_known_to.map(|known| format!("{} {}", stored(known), d.birth_date)).unwrap_or_default(),
            ),
            ("sex", &stored(d.sex)),
            ("veteran", veteran),
            ("identifiers", &super::referrals::identifier_lines(&d.identifiers)),
            ("phone", &d.phone),
            ("address", &d.address),
            ("time_zone", &d.time_zone),
            ("emergency_number", &d.emergency_number),
        ] {
            typed.set(name, value);
        }
    }
    typed
}
