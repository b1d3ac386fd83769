//! Therapy around the doses: preparation and integration visits, and the notes that are signed and then locked.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use stillwater_care::command::{Command, WriteNote};
use stillwater_care::event::{NoteAddendumAdded, VisitHeld, VisitKind};
use stillwater_care::quantity::plus_minutes;
use stillwater_ui::{self as ui, Field, FieldGroup, Flag};
use stillwater_words::Words;

use super::desk::{ChartPage, chosen, local_time};
use crate::auth::access::{CHART, CLINICAL};
use crate::chart_access::StaffChart;
use crate::http::{Form, PageContext, Problem, Routes};
use crate::state::App;

/// Up to when integration after a dose is still acceptable, hours (reference on pharmacology, section 2.6).
const LAST_HINT_HOURS: i64 = 72;

/// What a preparation visit may have covered (clinical reference on preparation; a proposal of this project).
const COVERED: [&str; 8] = [
    "what ketamine does and does not do",
    "what the session will feel like",
    "intention",
    "what to do if memories come",
    "how to ask to stop",
    "companion and the way home",
    "safety plan",
    "integration afterwards",
];

pub fn routes() -> Routes {
    Routes::new().get("therapy", "/patients/{id}/therapy", CHART, page).post(
        "therapy.send",
        "/patients/{id}/therapy",
        CLINICAL,
        send,
    )
}

async fn page(State(app): State<App>, ctx: PageContext, staff: StaffChart) -> Result<Markup, Problem> {
    Ok(draw(&ChartPage::open(app, ctx, staff, "therapy").await?))
}

async fn send(State(app): State<App>, ctx: PageContext, staff: StaffChart, typed: Form) -> Result<Response, Problem> {
    let mut view = ChartPage::open(app, ctx, staff, "therapy").await?;
    view.typed = typed;
    let command = read(&mut view);
    let to = view.href("therapy");
    view.send(command, to, draw).await
}

fn read(view: &mut ChartPage) -> Option<Command> {
    let open = std::sync::Arc::clone(&view.open);
    let typed = &mut view.typed;
    let note = typed.get("note").parse().ok();
    match typed.get("form") {
        "visit" => {
            let kind: Option<VisitKind> = chosen(typed, "visit-kind", "Choose the kind of visit.");
            let held_at = local_time(&open.chart, typed, "held_at");
            let minutes = typed.needed("minutes", "Give the length in minutes.");
            let after_session = typed.get("after_session").parse().ok();
            let covered = typed.all("covered").map(str::to_owned).collect();
            let intention = typed.get("intention").trim().to_owned();
            Some(Command::HoldVisit(VisitHeld {
                kind: kind?,
                held_at: held_at?,
                minutes: minutes?,
                after_session,
                intention,
                covered,
            }))
        }
        "note" => Some(Command::WriteNote(WriteNote {
            note,
            kind: chosen(typed, "note-kind", "Choose the kind of visit it is about.")?,
            text: typed.required("text", "Write the note."),
        })),
        "sign" => Some(Command::SignNote(note?)),
        "addendum" => {
            Some(Command::AddAddendum(NoteAddendumAdded { note: note?, text: typed.get("addendum").trim().to_owned() }))
        }
        _ => None,
    }
}

fn kinds(words: &Words) -> Vec<(String, String)> {
    VisitKind::ALL.iter().map(|kind| (kind.code().to_owned(), words.term(*kind))).collect()
}

fn draw(view: &ChartPage) -> Markup {
    let body = html! {
        div .two-panes {
            section { (notes(view)) (write(view)) }
            section { (visits(view)) (hold(view)) (journal(view)) }
        }
    };
    view.page("Therapy", "therapy", body)
}

fn visits(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let rows: Vec<Vec<Markup>> = chart
        .standing(&chart.visits)
        .rev()
        .map(|v| {
            let after = v.value.after_session.and_then(|id| chart.session(id)).map(|s| format!(" after session {}", s.number));
            vec![
                html! { (view.when(v.value.held_at)) },
                html! { (view.ctx.words.term(v.value.kind)) (after.unwrap_or_default()) },
                html! { (v.value.minutes) },
                html! { (v.actor.name()) },
                html! { @if !v.value.intention.is_empty() { "“" (v.value.intention) "” " } span .quiet { (v.value.covered.join(", ")) } },
            ]
        })
        .collect();
    html! {
        section .panel { h2 { "Visits" }
            @if rows.is_empty() { p .quiet { "No visit was recorded." } }
            @else { (ui::data_table("Visits", &["When", "Kind", "# Minutes", "With", "Intention and what was covered"], &rows)) } }
    }
}

fn hold(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let typed = view.typed_for("visit");
    let sessions: Vec<(String, String)> = chart
        .sessions_now()
        .filter(|s| s.dose().is_some())
        .map(|s| {
            (
                s.id.to_string(),
                format!("session {}, {}", s.number, s.dose_at().map(|at| view.when(at)).unwrap_or_default()),
            )
        })
        .collect();
    html! {
        (best_time(view))
        details .panel open[view.typed.get("form") == "visit"] { summary { "Record a visit" }
            (view.form("visit", "therapy", html! {
                (FieldGroup::one("visit-kind", "Kind", kinds(view.ctx.words)).typed(&typed))
                (Field::date_time("held_at", "Held, where the patient lives").typed(&typed))
                (Field::number("minutes", "Length", "min").typed(&typed))
                @if !sessions.is_empty() { (FieldGroup::list("after_session", "After which session", sessions).typed(&typed)) }
                (Field::area("intention", "The patient's intention, in their words").typed(&typed))
                (FieldGroup::several("covered", "Covered", COVERED.iter().map(|c| ((*c).to_owned(), (*c).to_owned())).collect()).typed(&typed))
                button .button.primary type="submit" { "Record the visit" }
            })) }
    }
}

/// When integration may be placed after the latest dose, with how little stands behind it. A hint; no booking is held by it.
fn best_time(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let Some((session, dose_at)) = chart.sessions_now().rev().find_map(|s| s.dose_at().map(|at| (s, at))) else {
        return html! {};
    };
    let after = |hours: i64| plus_minutes(dose_at, hours * 60);
    let held = chart.visits.iter().any(|v| v.value.kind == VisitKind::Integration && v.value.held_at >= dose_at);
    if held || view.now() > after(LAST_HINT_HOURS) || chart.ended().is_some() {
        return html! {};
    }
    ui::notice(
        ui::Notice::Quiet,
        html! {
            p { strong { "Integration after session " (session.number) ": " (view.when(after(24))) " to " (view.when(after(48))) } ", acceptable until " (view.when(after(LAST_HINT_HOURS))) "." }
            p .quiet { "24 to 48 hours after a dose lie inside the window of plasticity in every variant of the model. The window is a hypothesis from animal work; that therapy inside it works better is untested. A hint, which holds no booking." }
        },
    )
}

fn notes(view: &ChartPage) -> Markup {
    let chart = view.chart();
    html! {
        h2 { "Notes" }
        @if chart.notes.is_empty() { (ui::empty("No note was written.")) }
        @for note in chart.notes.iter().rev() {
            @let own = note.by.staff() == view.principal.staff();
            @let id = note.id.to_string();
            article .panel.note {
                p .row { strong { (view.ctx.words.term(note.kind)) } span .quiet { (view.when(note.written_at)) " · " (note.by.name()) }
                    @match &note.signed { Some(signed) => (ui::flag(Flag::Ok, &format!("signed {} by {}", view.when(signed.at), signed.by.name()))), None => (ui::flag(Flag::Due, "not signed")) } }
                p .as-written { (note.text) }
                @for added in &note.addenda { p .as-written { span .quiet { "Added " (view.when(added.act.at)) " by " (added.act.by.name()) ": " } (added.text) } }
                @if note.signed.is_some() {
                    (view.small_form("addendum", "therapy", &[("note", &id)], Some(("addendum", "Add to the signed note")), "Add"))
                } @else if own {
                    (view.small_form("sign", "therapy", &[("note", &id)], None, "Sign and lock"))
                    details { summary { "Change" }
                        (view.form("note", "therapy", html! {
                            input type="hidden" name="note" value=(id);
                            input type="hidden" name="note-kind" value=(note.kind.code());
                            textarea name="text" rows="8" aria-label="The note" { "\n" (note.text) }
                            button .button.small type="submit" { "Save" }
                        })) }
                }
            }
        }
    }
}

fn write(view: &ChartPage) -> Markup {
    let typed = if view.typed.get("note").is_empty() { view.typed_for("note") } else { Form::blank() };
    html! {
        section .panel { h3 { "Write a note" }
            (view.form("note", "therapy", html! {
                (FieldGroup::one("note-kind", "About", kinds(view.ctx.words)).typed(&typed))
                (Field::area("text", "The note").typed(&typed))
                button .button.primary type="submit" { "Save" }
            })) }
    }
}

/// What the patient wrote and shares. Private entries are theirs alone; not even their number is shown.
fn journal(view: &ChartPage) -> Markup {
    let chart = view.chart();
    let shared: Vec<_> = chart.journal.iter().rev().filter(|entry| entry.shared).collect();
    html! {
        section .panel { h2 { "Shared from the journal" }
            @if shared.is_empty() { p .quiet { "The patient shares nothing now." } }
            @for entry in shared { p .as-written { span .quiet { (view.when(entry.at)) " " } (entry.words) } } }
    }
}
