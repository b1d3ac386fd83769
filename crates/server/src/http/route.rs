//! Every page and action is registered here by an id, with who may use it.
//!
//! The guard put before each handler is the one place where role, cross-site protection, body size and time limit
//! are checked.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use subtle::ConstantTimeEq;

use super::form::{FORM_LIMIT_BYTES, UPLOAD_LIMIT_BYTES, Upload};
use super::problem::Problem;
use crate::auth::Presence;
use crate::auth::access::Who;
use crate::state::App;

/// How long a page may take.
const PAGE_TIME: Duration = Duration::from_secs(20);
/// How long an import may take.
const UPLOAD_TIME: Duration = Duration::from_secs(120);

/// One registered route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name under which the access table prints it.
    pub id: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path pattern.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
}

/// What the guard lets a route do.
#[derive(Clone, Copy, Debug)]
struct Limits {
    body: usize,
    time: Option<Duration>,
}

const PAGE: Limits = Limits { body: FORM_LIMIT_BYTES, time: Some(PAGE_TIME) };

/// A set of routes, and the list of what is in it.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<App>,
    entries: Vec<Entry>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page.
    #[must_use]
    pub fn get<H, T>(self, id: &'static str, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Entry { id, method: "GET", path, who }, on(MethodFilter::GET, handler), PAGE)
    }

    /// A form that is sent, at most 64 KB.
    #[must_use]
    pub fn post<H, T>(self, id: &'static str, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Entry { id, method: "POST", path, who }, on(MethodFilter::POST, handler), PAGE)
    }

    /// A form with files, at most 32 MB.
    #[must_use]
    pub fn upload<H, T>(self, id: &'static str, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let limits = Limits { body: UPLOAD_LIMIT_BYTES, time: Some(UPLOAD_TIME) };
        self.add(Entry { id, method: "POST", path, who }, on(MethodFilter::POST, handler), limits)
    }

    /// A live stream, which stays open as long as the reader does.
    #[must_use]
    pub fn stream<H, T>(self, id: &'static str, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let limits = Limits { body: 0, time: None };
        self.add(Entry { id, method: "GET", path, who }, on(MethodFilter::GET, handler), limits)
    }

    /// Another set beside this one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.router = self.router.merge(other.router);
        self
    }

    /// What is registered.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The router itself.
    pub(crate) fn into_router(self) -> Router<App> {
        self.router
    }

    fn add(mut self, entry: Entry, handler: MethodRouter<App>, limits: Limits) -> Self {
        let guarded = handler
            .route_layer(middleware::from_fn(move |request: Request, next: Next| guard(entry, limits, request, next)))
            .route_layer(DefaultBodyLimit::max(limits.body));
        self.entries.push(entry);
        self.router = self.router.route(entry.path, guarded);
        self
    }
}

async fn guard(entry: Entry, limits: Limits, request: Request, next: Next) -> Response {
    match admit(entry, limits, request).await {
        Ok(request) => match limits.time {
            None => next.run(request).await,
            Some(time) => match tokio::time::timeout(time, next.run(request)).await {
                Ok(response) => response,
                Err(_) => {
                    tracing::error!(page = entry.id, "a request took too long");
                    Problem::unavailable().into_response()
                }
            },
        },
        Err(problem) => problem.into_response(),
    }
}

async fn admit(entry: Entry, limits: Limits, request: Request) -> Result<Request, Problem> {
    let Some(presence) = request.extensions().get::<Presence>().cloned() else {
        return Err(Problem::failure("finding who is asking", &"the identity layer did not run"));
    };
    if !entry.who.allows(presence.principal.as_ref()) {
        return Err(match presence.principal {
            Some(principal) => {
                tracing::warn!(page = entry.id, roles = ?principal.roles, "refused by role");
                Problem::forbidden()
            }
            None => Problem::signed_out(),
        });
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    if comes_from_elsewhere(request.headers()) {
        return Err(Problem::stale_form());
    }
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limits.body) {
        return Err(Problem::too_large(limits.body));
    }
    let (mut parts, sent) = Upload::read(request, limits.body).await?;
    let in_header = parts.headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
    let shown = in_header.unwrap_or_else(|| sent.typed.get("csrf"));
    // Without a session or form cookie there is no token, and nothing may match an empty one.
    if presence.csrf.is_empty() || !bool::from(shown.as_bytes().ct_eq(presence.csrf.as_bytes())) {
        tracing::warn!(page = entry.id, "refused: the form's token does not match");
        return Err(Problem::stale_form());
    }
    parts.extensions.insert(sent);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Whether a browser says that another site sent this. Silence is no proof, which is why the token is asked for as well.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, authority)| authority != host),
        _ => false,
    }
}
