//! The addresses of the files that pages load, and of what a phone keeps for when there is no network. The files themselves
//! belong to the pages' look.

use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use maud::Markup;
use stillwater_ui::{self as ui, assets};

use crate::auth::access::Who;
use crate::http::{PageContext, Problem, Routes};
use crate::state::App;

/// The routes of the files.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("asset", "/assets/{version}/{name}", Who::Anyone, send)
        .get("worker", "/sw.js", Who::Anyone, worker)
        .get("offline", "/offline", Who::Anyone, offline)
}

/// The service worker. It must stand at the root to serve the phones' pages, and is asked for anew each time.
async fn worker(State(app): State<App>) -> Response {
    let card = &app.card;
    let mark = format!("{}{}{}{}", card.name, card.on_call_phone, card.emergency_number, card.crisis_number);
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, assets::worker(&mark)).into_response()
}

/// The page that stands for one that cannot be had.
async fn offline(ctx: PageContext) -> Markup {
    ui::offline_page(&ctx)
}

/// The files as they go over a slow line. Only what is the same for everybody is compressed: a page holds tokens, and its
/// length must not tell of them.
static PACKED: LazyLock<HashMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
    let pack = |bytes: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).and_then(|()| packed.finish())
    };
    // A file that cannot be packed is sent as it is.
    assets::all().filter_map(|asset| Some((asset.name, pack(asset.bytes).ok()?))).collect()
});

/// Whether the browser says that it unpacks.
fn takes_packed(request: &Request) -> bool {
    let said = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    said.is_some_and(|said| said.split(',').any(|one| one.trim() == "gzip" || one.trim().starts_with("gzip;q=1")))
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
    let vary = (header::VARY, HeaderValue::from_static("accept-encoding"));
    match PACKED.get(asset.name).filter(|_| takes_packed(&request)) {
        Some(packed) => {
            let how = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (headers, AppendHeaders([vary, how]), packed.as_slice()).into_response()
        }
        None => (headers, AppendHeaders([vary]), asset.bytes).into_response(),
    }
}
