//! The files of figures: the numbers, and the drawing.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::beside;
use super::draw::sections;
use super::page::{figures, filter};
use crate::http::{Form, PageContext, Problem};
use crate::state::App;

pub(super) async fn send(
    State(app): State<App>,
    ctx: PageContext,
    Path(name): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response, Problem> {
    let asked = Form::from_urlencoded(asked.unwrap_or_default().as_bytes());
    let figures = figures(&app, filter(&asked), ctx.now_ms).await?;
    let Some((id, kind)) = name.rsplit_once('.') else { return Err(Problem::not_found()) };
    let beside = beside::both(&figures, "", "");
    let all = sections(&figures, "", "");
    let figure = all.iter().flat_map(|section| &section.figures).chain(&beside).find(|figure| figure.id == id);
    let Some(figure) = figure else { return Err(Problem::not_found()) };
    let (of, text) = match (kind, &figure.drawing) {
        ("csv", _) => ("text/csv; charset=utf-8", figure.table.csv()),
        ("svg", Some(drawing)) => ("image/svg+xml", drawing.svg_file()),
        _ => return Err(Problem::not_found()),
    };
    let headers = [
        (header::CONTENT_TYPE, of.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"programme-{id}.{kind}\"")),
    ];
    Ok((headers, text).into_response())
}
