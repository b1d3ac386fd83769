//! A clinic in a folder of its own, for tests of pages: a real store, a clock that is moved by hand.

#![allow(dead_code, clippy::unwrap_used, missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use stillwater_clinic::clock::FixedClock;
use stillwater_server::state::{App, Clinic};
use stillwater_store::{Options, Store};

/// A folder that is removed when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("stillwater-server-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Opens the clinic of a folder; again after a restart.
pub fn open(folder: &Folder, clock: Arc<FixedClock>, clinic: Clinic) -> App {
    let store = Store::open(&folder.0, Options::default()).unwrap();
    App::over(store, clock, clinic).unwrap()
}

/// What a browser remembers between requests.
#[derive(Clone, Default)]
pub struct Cookies(pub Vec<(String, String)>);

impl Cookies {
    /// The line that a browser sends.
    pub fn line(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Sends a request with the cookies, and keeps those that come back.
    pub async fn send(&mut self, router: &axum::Router, mut request: axum::http::Request<axum::body::Body>) -> Page {
        use tower::ServiceExt;
        if !self.0.is_empty() {
            request.headers_mut().insert("cookie", self.line().parse().unwrap());
        }
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            self.0.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
        let body = String::from_utf8_lossy(&axum::body::to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        let location = parts.headers.get("location").map_or("", |v| v.to_str().unwrap()).to_owned();
        Page { status: parts.status, headers: parts.headers, location, body }
    }
}

/// One browser, which keeps its cookies.
pub struct Browser {
    router: axum::Router,
    pub cookies: Cookies,
}

/// What came back.
pub struct Page {
    pub status: axum::http::StatusCode,
    pub headers: axum::http::HeaderMap,
    pub location: String,
    pub body: String,
}

impl Page {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Makes a request of a form body.
pub fn form_request(path: &str, body: String) -> axum::http::Request<axum::body::Body> {
    axum::http::Request::post(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(body))
        .unwrap()
}

impl Browser {
    pub fn of(app: &App) -> Self {
        Self { router: stillwater_server::router(app.clone()), cookies: Cookies::default() }
    }

    pub async fn send(&mut self, request: axum::http::Request<axum::body::Body>) -> Page {
        self.cookies.send(&self.router, request).await
    }

    /// Sends fields as they are.
    pub async fn post(&mut self, path: &str, fields: &[(&str, String)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(form_request(path, body)).await
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = axum::http::Request::get(path).header("accept", "text/html");
        self.send(request.body(axum::body::Body::empty()).unwrap()).await
    }

    /// Sends the fields together with the hidden ones that the page at `from` carries.
    pub async fn send_form(&mut self, from: &str, to: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(from).await;
        self.send_again(&page, to, fields).await
    }

    /// Sends the fields together with the hidden ones of a page that is open already.
    pub async fn send_again(&mut self, page: &Page, to: &str, fields: &[(&str, &str)]) -> Page {
        let mut all: Vec<(&str, String)> = Vec::new();
        for name in ["csrf", "command_id", "seq"] {
            if let Some(value) = hidden(&page.body, name) {
                all.push((name, value));
            }
        }
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&all).finish();
        self.send(form_request(to, body)).await
    }
}

/// The value of a hidden field.
pub fn hidden(body: &str, name: &str) -> Option<String> {
    let start = body.find(&format!("name=\"{name}\" value=\""))?;
    let rest = body.get(start..)?.split_once("value=\"")?.1;
    rest.split('"').next().map(str::to_owned)
}
