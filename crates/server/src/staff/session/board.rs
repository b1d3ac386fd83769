//! The board: every session that runs or comes today, over all my patients, sorted by what is due next.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use stillwater_care::ids::StaffId;
use stillwater_care::items::{ItemKind, ItemSubject};
use stillwater_care::quantity::hours_between;
use stillwater_clinic::charts::Summary;
use stillwater_clinic::charts::summary::NextSession;
use stillwater_clinic::{
    Principal,
    presence::{self, Party},
};
use stillwater_ui::{self as ui, Flag, flag, link_state};
use stillwater_words::{items, terms};

use crate::http::{PageContext, Problem};
use crate::live::{Follow, LiveView, follow};
use crate::state::App;

#[derive(Debug, Default, Deserialize)]
pub(super) struct BoardQuery {
    /// `1` for the large mode without names.
    #[serde(default)]
    screen: String,
}

/// One session of the board.
struct Row {
    summary: Arc<Summary>,
    next: NextSession,
    /// The last sign of life from the patient's phone.
    patient_seen: Option<i64>,
    /// The last sign of life from the companion's phone.
    companion_seen: Option<i64>,
}

impl Row {
    /// What comes next in this session: a check while it runs, its start before.
    fn due(&self) -> Timestamp {
        self.next.next_check.as_ref().map_or(self.next.starts_at, |(_, at)| *at)
    }
}

/// Sessions that run, or that begin within a day of now, of the patients of one member of staff.
fn rows(app: &App, staff: Option<StaffId>) -> Vec<Row> {
    let now = app.clock.now();
    let mut rows: Vec<Row> = app
        .charts
        .summaries()
        .into_iter()
        .filter(|summary| staff.is_some_and(|id| summary.team.contains(&id)))
        .filter_map(|summary| {
            let seen = |party| app.presence.last(summary.patient, party);
            let (patient_seen, companion_seen) = (seen(Party::Patient), seen(Party::Companion));
            let next = summary.next_session.clone()?;
            Some(Row { summary, next, patient_seen, companion_seen })
        })
        .filter(|row| row.next.running || (-12.0..24.0).contains(&hours_between(now, row.next.starts_at)))
        .collect();
    rows.sort_by_key(|row| (!row.next.running, row.due()));
    rows
}

fn board(ctx: &PageContext, rows: &[Row], screen: bool) -> Markup {
    html! {
        section #board {
            @if rows.is_empty() {
                (ui::empty("No session runs, and none begins within a day, among your patients."))
            } @else {
                (ui::data_table(
                    "Sessions, the next due first",
                    &["Who", "Phase", "T+", "Last blood pressure", "Next", "Patient's phone", "Companion's phone", "Flag"],
                    &rows.iter().map(|row| cells(ctx, row, screen)).collect::<Vec<_>>(),
                ))
            }
        }
    }
}

fn cells(ctx: &PageContext, row: &Row, screen: bool) -> Vec<Markup> {
    let (summary, next) = (&row.summary, &row.next);
    let lost = presence::lost_after_s(ctx.clock_rate);
    // Without names a room screen still tells sessions apart: by the last four signs of the session's id.
    let code: String = next.session.to_string().chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let href = format!("/patients/{}/sessions/{}", summary.patient, next.session);
    let alert = summary.items.iter().find(|item| matches!(item.about, ItemSubject::Alert { .. }));
    let link = |who: &str, seen| link_state(&format!("board-{who}-{}", next.session), seen, ctx.now_ms, lost);
    vec![
        html! { @if screen { "Session " (code) } @else { a href=(href) { (summary.name) } " " span .quiet { "session " (next.number) ", " (ctx.words.term(next.setting)) } } },
        html! { (terms::session_phase(ctx.words, next.phase)) },
        match next.dose_at {
            Some(at) => {
                html! { time role="timer" data-since-ms=(at.as_millisecond()) { (ui::ago(at.as_millisecond(), ctx.now_ms)) } }
            }
            None => html! { "begins in " (ui::countdown(next.starts_at.as_millisecond(), ctx.now_ms)) },
        },
        match &next.last_bp {
            Some((bp, at)) => {
                html! { (bp) " mmHg · " time data-age-ms=(at.as_millisecond()) { (ui::ago(at.as_millisecond(), ctx.now_ms)) } }
            }
            None => html! { "–" },
        },
        match &next.next_check {
            Some((what, at)) => {
                let late = at.as_millisecond() <= ctx.now_ms;
                html! { (ctx.words.code("check", what.code())) " " @if late { (flag(Flag::Due, "now")) } @else { "in " (ui::countdown(at.as_millisecond(), ctx.now_ms)) } }
            }
            None => html! { "–" },
        },
        link("patient", row.patient_seen),
        link("companion", row.companion_seen),
        match alert {
            Some(item) => {
                let grave = item.kind() == ItemKind::AlertUnowned;
                let said =
                    if screen { items::kind(ctx.words, item.kind()) } else { items::what(ctx.words, &item.about) };
                flag(if grave { Flag::ActNow } else { Flag::Due }, &said)
            }
            None => html! { "none" },
        },
    ]
}

pub(super) async fn show(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    Query(ask): Query<BoardQuery>,
) -> Markup {
    let screen = ask.screen == "1";
    let rows = rows(&app, principal.staff());
    let live = if screen { "/live/board?screen=1" } else { "/live/board" };
    let body = html! {
        p .row {
            @if screen { a .button.small href="/board" { "With names" } }
            @else { a .button.small href="/board?screen=1" { "Large, without names" } }
        }
        div .board-screen[screen] { (board(&ctx, &rows, screen)) }
    };
    ui::staff_page_live(&ctx, "Session board", "board", Some(live), body)
}

pub(super) async fn stream(
    State(app): State<App>,
    ctx: PageContext,
    principal: Principal,
    Query(ask): Query<BoardQuery>,
) -> Result<Response, Problem> {
    let screen = ask.screen == "1";
    let staff = principal.staff();
    Ok(follow(&app, ctx, Follow::All, "board", move |app, ctx, _| {
        let board = board(ctx, &rows(app, staff), screen);
        Some(LiveView { layout: "board".to_owned(), parts: Vec::new(), by_time: vec![("board".to_owned(), board)] })
    }))
}
