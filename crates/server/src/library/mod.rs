//! The evidence library: every published trial as a page, for and against in equal type, and a picture that pools what the reader ticks.
//!
//! It reads what the crate of trials carries and nothing of any patient. What was not checked is shown as *not checked*.

mod draw;
mod list;
mod pool;
mod since;
mod study;

use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use stillwater_trials::{Fact, Library};

use crate::auth::access::STAFF;
use crate::http::{Form, PageContext, Problem, Routes};

/// Where the files of figures are.
const FILES: &str = "/evidence/figures";

/// The routes of the library.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("evidence", "/evidence", STAFF, list::page)
        .get("evidence.pool", "/evidence/pool", STAFF, pool::page)
        .get("evidence.file", "/evidence/figures/{file}", STAFF, file)
        .get("evidence.study", "/evidence/{slug}", STAFF, study::page)
}

/// A fact with its sources, or that it was not checked. Staff go to the source from here.
fn fact(fact: &Fact) -> Markup {
    html! {
        @match fact.says() {
            Some(says) => { (says) },
            None => span .not-checked { (fact.shown()) },
        }
        @if fact.standing() == stillwater_trials::Standing::Computed { " " span .quiet { "(computed)" } }
        @if !fact.sources().is_empty() {
            " " span .cites {
                @for number in fact.sources() { a href=(format!("#source-{number}")) aria-label=(format!("Source {number}")) { "[" (number) "]" } }
            }
        }
    }
}

/// The day of the last reading against the sources, in words.
fn reviewed() -> String {
    Library::REVIEWED
        .parse::<jiff::civil::Date>()
        .map_or_else(|_| Library::REVIEWED.to_owned(), |day| day.strftime("%-d %B %Y").to_string())
}

async fn file(_: PageContext, Path(name): Path<String>, RawQuery(asked): RawQuery) -> Result<Response, Problem> {
    let asked = Form::from_urlencoded(asked.unwrap_or_default().as_bytes());
    let Some((id, kind)) = name.rsplit_once('.') else { return Err(Problem::not_found()) };
    let figure = match id {
        "pool" => pool::figure(&asked),
        "own-change" => draw::own_changes(None),
        _ => id.strip_prefix("study-").and_then(stillwater_trials::study).and_then(draw::study),
    };
    let Some(figure) = figure else { return Err(Problem::not_found()) };
    let (of, text) = match (kind, &figure.drawing) {
        ("csv", _) => ("text/csv; charset=utf-8", figure.table.csv()),
        ("svg", Some(drawing)) => ("image/svg+xml", drawing.svg_file()),
        _ => return Err(Problem::not_found()),
    };
    let headers = [
        (header::CONTENT_TYPE, of.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"evidence-{id}.{kind}\"")),
    ];
    Ok((headers, text).into_response())
}
