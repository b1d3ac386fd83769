//! The files that pages load: styles, scripts and the mark, all inside the program.
//!
//! Each is known by the start of its SHA-256, so that browsers may keep it for a year and still get a new one the moment it changes.

use std::sync::LazyLock;

use axum::extract::{Path, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::random::hex;
use crate::http::{Problem, Routes};

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset { name: $name, kind: $kind, bytes: include_bytes!($name) }
    };
}

const CSS: &[Asset] = &[asset!("stillwater.css", "text/css; charset=utf-8"), asset!("mark.svg", "image/svg+xml")];
const MODULES: &[Asset] = &[
    asset!("main.js", "text/javascript; charset=utf-8"),
    asset!("clock.js", "text/javascript; charset=utf-8"),
    asset!("forms.js", "text/javascript; charset=utf-8"),
    asset!("hold.js", "text/javascript; charset=utf-8"),
    asset!("live.js", "text/javascript; charset=utf-8"),
    asset!("outbox.js", "text/javascript; charset=utf-8"),
    asset!("session.js", "text/javascript; charset=utf-8"),
];

/// One tag for all files together: the modules import each other by relative names, and so must change as one.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in all() {
        hash.update(asset.name);
        hash.update(asset.bytes);
    }
    let digest = hash.finalize();
    hex(digest.get(..8).unwrap_or_default())
});

fn all() -> impl Iterator<Item = &'static Asset> {
    CSS.iter().chain(MODULES)
}

/// The address of a file, which changes when any file does.
#[must_use]
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The style sheet as text, for a document that has to stand alone.
#[must_use]
pub fn stylesheet() -> &'static str {
    include_str!("stillwater.css")
}

/// The routes of the files.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("asset", "/assets/{version}/{name}", send)
}

async fn send(Path((version, name)): Path<(String, String)>, request: Request) -> Response {
    let Some(asset) = all().find(|asset| asset.name == name) else {
        return Problem::not_found().into_response();
    };
    let tag = format!("\"{}\"", *VERSION);
    let Ok(tag) = HeaderValue::from_str(&tag) else { return Problem::internal().into_response() };
    // An old address still gets the file, since a page may be open across an update, but must not be kept under it.
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_a_phone_loads_first_is_under_200_kilobytes() {
        let total: usize = all().map(|asset| asset.bytes.len()).sum();
        assert!(total < 160_000, "{total} bytes leave too little for the page itself");
    }

    #[test]
    fn no_file_asks_for_what_the_browser_is_told_to_refuse() {
        for asset in all() {
            let text = String::from_utf8_lossy(asset.bytes);
            for refused in ["eval(", "new Function", "http://", "https://", "@import url"] {
                let allowed = text.replace("http://www.w3.org/2000/svg", "");
                assert!(!allowed.contains(refused), "{} contains {refused}", asset.name);
            }
        }
    }
}
