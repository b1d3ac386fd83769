//! The layers around every request: its number, the log line, headers that keep browsers strict, and readable trouble.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::state::App;
use stillwater_clinic::random;

/// What pages may load: only what this server serves. No inline script, no inline style, no frames.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'; object-src 'none'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'";

/// The number of a request, for finding it in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Numbers the request, writes one log line with the route's pattern (never the address, which names patients), and sets the headers.
pub async fn outermost(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = random::uuid_v7(app.clock.now_ms()).map_or_else(|_| "none".to_owned(), |id| id.to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(no route)", MatchedPath::as_str).to_owned();
    // The files of pages say by themselves how long they are kept.
    let is_asset = route.starts_with("/assets/") || route == "/sw.js";
    let mut response = next.run(request).await;
    tracing::info!(
        request = %id,
        %method,
        %route,
        status = response.status().as_u16(),
        ms = started.elapsed().as_millis() as u64,
        "answered"
    );
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Not no-referrer: browsers would then send "Origin: null" with our own forms, which the guard refuses.
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    );
    if app.clinic.secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if !is_asset {
        set(header::CACHE_CONTROL, "no-store");
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Turns a panic into a problem. The panic's own words go to the log only.
pub fn caught(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let says = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!(panic = says, "a handler panicked");
    Problem::internal().into_response()
}
