//! The addresses of the files that pages load. The files themselves belong to the pages' look.

use axum::extract::{Path, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use stillwater_ui::assets;

use crate::auth::access::Who;
use crate::http::{Problem, Routes};

/// The routes of the files.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("asset", "/assets/{version}/{name}", Who::Anyone, send)
}

async fn send(Path((version, name)): Path<(String, String)>, request: Request) -> Response {
    let Some(asset) = assets::find(&name) else {
        return Problem::not_found().into_response();
    };
    let tag = format!("\"{}\"", assets::version());
    let Ok(tag) = HeaderValue::from_str(&tag) else { return Problem::internal().into_response() };
    // An old address still gets the file, since a page may be open across an update, but must not be kept under it.
    let keep = if version == assets::version() { "public, max-age=31536000, immutable" } else { "no-store" };
    let headers = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
    ];
    if request.headers().get(header::IF_NONE_MATCH) == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, asset.bytes).into_response()
}
