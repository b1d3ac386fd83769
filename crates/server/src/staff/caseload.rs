//! The caseload: the page where staff begin. One row for each patient, the most pressing first, and the inbox beside it.
//!
//! Made from the one-line summaries alone, so that a list of thousands opens as fast as a list of ten.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use stillwater_care::chart::Phase;
use stillwater_care::items::ItemKind;
use stillwater_care::outcome;
use stillwater_care::roles::Role;
use stillwater_clinic::Principal;
use stillwater_clinic::charts::Summary;
use stillwater_ui::{self as ui, Flag, ago};
use stillwater_words::{Words, items, outcome as outcome_words, terms};

use super::desk;
use crate::auth::access::CHART;
use crate::http::{Form, PageContext, Routes};
use crate::state::App;

/// How many rows a page of the list holds.
const ROWS: usize = 200;
/// How many open items the pane beside the list holds; the inbox has them all.
const BESIDE: usize = 30;

pub fn routes() -> Routes {
    Routes::new().get("caseload", "/caseload", CHART, page)
}

/// Whether somebody's list holds this patient: their own, those whom nobody has yet, and for a prescriber those whose
/// team has no prescriber.
pub fn on_list(principal: &Principal, summary: &Summary) -> bool {
    summary.team.is_empty()
        || (summary.lacks_prescriber && principal.is(Role::Prescriber))
        || principal.staff().is_some_and(|id| summary.team.contains(&id))
}

/// The patients on somebody's list, most pressing first. A manager sees every name when asking for all.
pub fn list(app: &App, principal: &Principal, everyone: bool) -> Vec<Arc<Summary>> {
    let all_names = everyone && principal.is(Role::Manager);
    let mut mine: Vec<_> = app.charts.summaries().into_iter().filter(|s| all_names || on_list(principal, s)).collect();
    mine.sort_by_cached_key(|summary| (summary.ended.is_some(), summary.order()));
    mine
}

async fn page(State(app): State<App>, mut ctx: PageContext, principal: Principal, RawQuery(query): RawQuery) -> Markup {
    let asked = Form::from_urlencoded(query.unwrap_or_default().as_bytes());
    let show = asked.get("show");
    let all = list(&app, &principal, show == "all");
    let open_items = all.iter().filter(|s| on_list(&principal, s)).map(|s| s.items.len()).sum::<usize>();
    ctx.inbox = u32::try_from(open_items).ok();
    let words = asked.get("q").trim().to_lowercase();
    let chosen: Vec<_> = all
        .iter()
        .filter(|s| words.is_empty() || s.name.to_lowercase().contains(&words))
        .filter(|s| match show {
            "" | "all" => true,
            "mine" => principal.staff().is_some_and(|id| s.team.contains(&id)),
            "unassigned" => s.team.is_empty(),
            phase => s.phase.code() == phase,
        })
        .collect();
    let from = asked.get("page").parse::<usize>().unwrap_or(1).clamp(1, chosen.len().div_ceil(ROWS).max(1));
    let shown: Vec<_> = chosen.iter().skip((from - 1) * ROWS).take(ROWS).collect();
    let rows: Vec<Vec<Markup>> = shown.iter().map(|summary| row(ctx.words, summary, &principal, ctx.now_ms)).collect();
    let counted = if shown.len() == chosen.len() {
        format!("{} patients", chosen.len())
    } else {
        format!("{} to {} of {} patients", (from - 1) * ROWS + 1, (from - 1) * ROWS + shown.len(), chosen.len())
    };
    let body = html! {
        (crate::expiry_notice::at(ctx.now_ms))
        div .two-panes.caseload {
            section {
                (filter(ctx.words, &asked, &principal))
                @if rows.is_empty() { (ui::empty("No patient matches. People who are referred to you appear here.")) }
                @else {
                    (ui::data_table(&counted, &["Patient", "Phase", "Next", "PCL-5", "Last contact", "# Answered", "Open items"], &rows))
                    (pages(&asked, from, chosen.len().div_ceil(ROWS)))
                }
            }
            aside aria-label="Inbox" { (beside(&all, &principal, &ctx)) }
        }
    };
    ui::staff_page(&ctx, "Caseload", "caseload", body)
}

fn filter(words: &Words, asked: &Form, principal: &Principal) -> Markup {
    let mut options =
        vec![("", "my list".to_owned()), ("mine", "on my team".to_owned()), ("unassigned", "nobody's yet".to_owned())];
    if principal.is(Role::Manager) {
        options.push(("all", "everyone (names)".to_owned()));
    }
    options.extend(Phase::ALL.iter().map(|phase| (phase.code(), terms::phase(words, *phase))));
    html! {
        form .row.filter method="get" action="/caseload" role="search" {
            label for="f-q" { "Name" }
            input #f-q name="q" type="search" value=[asked.text("q")] autocomplete="off";
            label for="f-show" { "Show" }
            select #f-show name="show" {
                @for (value, words) in options { option value=(value) selected[asked.get("show") == value] { (words) } }
            }
            button .button.small type="submit" { "Show" }
        }
    }
}

fn pages(asked: &Form, now: usize, last: usize) -> Markup {
    let href = |page: usize| {
        let mut link = Form::blank();
        link.set("q", asked.get("q"));
        link.set("show", asked.get("show"));
        link.set("page", &page.to_string());
        format!("/caseload?{}", link.to_draft())
    };
    html! {
        @if last > 1 {
            nav .row aria-label="Pages" {
                @if now > 1 { a .button.small href=(href(now - 1)) { "Before" } }
                span { "Page " (now) " of " (last) }
                @if now < last { a .button.small href=(href(now + 1)) { "Next" } }
            }
        }
    }
}

/// One patient's row.
fn row(words: &Words, summary: &Summary, principal: &Principal, now_ms: i64) -> Vec<Markup> {
    let mine = principal.staff().is_some_and(|id| summary.team.contains(&id));
    let name = if mine {
        html! { a href=(format!("/patients/{}", summary.patient)) { (summary.name) } }
    } else {
        html! { (summary.name) " " a .quiet href=(format!("/referrals/{}/team", summary.patient)) { @if summary.team.is_empty() { "set a team" } @else { "team" } } }
    };
    if !mine && !summary.team.is_empty() {
        // Somebody else's patient: the name and the phase, and nothing clinical.
        let mut cells = vec![name, html! { (terms::phase(words, summary.phase)) }];
        cells.resize_with(7, || html! { span .quiet { "–" } });
        return cells;
    }
    let dose = summary.planned.map(|planned| format!("dose {} of {planned}", summary.doses));
    let next = summary.next_session.as_ref();
    let (answered, due) = summary.answered_of_due;
    vec![
        name,
        html! { (terms::phase(words, summary.phase)) @if let Some(ended) = summary.ended { br; span .quiet { (words.code("end", ended.code())) } } @if let Some(dose) = dose { br; span .quiet { (dose) } } },
        html! {
            @match next {
                Some(n) if n.running => (ui::flag(Flag::Due, &format!("session {} runs", n.number))),
                Some(n) => { "session " (n.number) br; span .quiet { (until(n.starts_at.as_millisecond(), now_ms)) } },
                None => span .quiet { "nothing planned" },
            }
        },
        scores(words, summary),
        html! { @match summary.last_heard_at { Some(at) => { (ago(at.as_millisecond(), now_ms)) " ago" }, None => span .quiet { "never" } } },
        html! { (answered) "/" (due) },
        html! {
            @for item in summary.items.iter().take(2) {
                (ui::flag(if item.kind() == ItemKind::AlertUnowned { Flag::ActNow } else { Flag::Due }, &brief(&items::what(words, &item.about)))) " "
            }
            @if summary.items.len() > 2 { span .quiet { "and " (summary.items.len() - 2) " more" } }
        },
    ]
}

/// The beginning of long words; the inbox beside the list has them whole.
fn brief(words: &str) -> String {
    const MOST: usize = 44;
    if words.chars().count() <= MOST {
        words.to_owned()
    } else {
        format!("{}…", words.chars().take(MOST - 1).collect::<String>().trim_end())
    }
}

/// How long until a moment, or since.
pub fn until(at_ms: i64, now_ms: i64) -> String {
    if at_ms >= now_ms { format!("in {}", ago(now_ms, at_ms)) } else { format!("{} ago", ago(at_ms, now_ms)) }
}

fn scores(words: &Words, summary: &Summary) -> Markup {
    let Some((newest_at, newest)) = summary.pcl5.last().copied() else { return html! { span .quiet { "none yet" } } };
    let is_baseline = summary.doses == 0 || summary.pcl5.len() == 1;
    let now = newest.filter(|_| !is_baseline);
    let change = outcome::change("pcl-5-week", "total", summary.pcl5_baseline, now);
    let line: Vec<Option<f64>> = summary.pcl5.iter().rev().take(12).rev().map(|(_, score)| *score).collect();
    let moved = change.points.map(|p| format!("{}{}", if p > 0.0 { "+" } else { "" }, ui::score_text(p)));
    html! {
        span .row.scores title=(outcome_words::sentence(words, &change)) {
            (ui::sparkline(&format!("{} results, the newest of {}", summary.pcl5.len(), newest_at.strftime("%-d %b %Y")), &line, (0.0, 80.0)))
            @match newest { Some(score) => strong { (ui::score_text(score)) }, None => span .quiet { "too few answers" } }
            @if let Some(moved) = moved { span { (moved) } (ui::trend_word(desk::trend(change.trend))) }
        }
    }
}

fn beside(all: &[Arc<Summary>], principal: &Principal, ctx: &PageContext) -> Markup {
    let mut open: Vec<_> = all
        .iter()
        .filter(|s| on_list(principal, s))
        .flat_map(|s| s.items.iter().map(move |item| (item.kind(), item.at, s, item)))
        .collect();
    open.sort_by_key(|(kind, at, ..)| (*kind, *at));
    html! {
        section .panel {
            h2 { a href="/inbox" { "Inbox" } " (" (open.len()) ")" }
            @if open.is_empty() { (ui::empty("No open items. What nobody owns would be at the top.")) }
            ul .inbox-list {
                @for (kind, at, summary, item) in open.iter().take(BESIDE) {
                    li {
                        (ui::flag(if *kind == ItemKind::AlertUnowned { Flag::ActNow } else { Flag::Due }, &items::kind(ctx.words, *kind))) " "
                        a href=(format!("/patients/{}", summary.patient)) { (summary.name) } ": " (items::what(ctx.words, &item.about))
                        span .quiet { " · " (ctx.words.term(item.owner)) " · " (until(at.as_millisecond(), ctx.now_ms)) }
                    }
                }
            }
            @if open.len() > BESIDE { p { a href="/inbox" { "All " (open.len()) " items" } } }
        }
    }
}
