//! Sessions kept on the server: 32 random bytes in a cookie, a keyed digest of them in the store.
//!
//! Whoever reads the database finds no cookie that works; whoever holds a cookie can be shut out at once.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use stillwater_care::roles::Role;
use stillwater_digest::{from_hex, to_hex};

use super::{Presence, Principal, Subject};
use crate::http::problem::Problem;
use crate::state::App;
use stillwater_clinic::accounts::WebSession;
use stillwater_clinic::random;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A session's last use is written down at most this often.
const TOUCH_EVERY_MS: i64 = MINUTE_MS;

/// How long a session lives: since it was last used, and since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Ends when unused for so long.
    pub idle_ms: i64,
    /// Ends so long after it began, used or not.
    pub absolute_ms: i64,
}

impl Lifetime {
    /// The lifetime for a kind of person. A clinic's laptop is shared, so staff are signed out soon. A patient's own phone must not
    /// drop out in the middle of a dose, nor ask for a new link between one measure and the next.
    #[must_use]
    pub fn of(subject: Subject) -> Self {
        match subject {
            Subject::Staff(_) => Self { idle_ms: 30 * MINUTE_MS, absolute_ms: 12 * HOUR_MS },
            // By password they can always come back in; by link they cannot.
            Subject::Patient { account: Some(_), .. } => Self { idle_ms: 12 * HOUR_MS, absolute_ms: 12 * HOUR_MS },
            Subject::Patient { account: None, .. } => Self { idle_ms: 14 * DAY_MS, absolute_ms: 60 * DAY_MS },
            Subject::Companion { .. } => Self { idle_ms: 3 * DAY_MS, absolute_ms: 14 * DAY_MS },
        }
    }
}

/// The session cookie's name. Only a secure connection may use the `__Host-` prefix.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-stillwater" } else { "stillwater" }
}

/// The name of the cookie that ties a form to a browser before anyone has signed in.
#[must_use]
pub fn form_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-stillwater-form" } else { "stillwater-form" }
}

/// A cookie as the `Set-Cookie` header has it. Without `max_age_s` it ends with the browser.
#[must_use]
pub fn cookie(name: &str, value: &str, max_age_s: Option<i64>, secure: bool) -> HeaderValue {
    // Lax, not Strict: a patient who opens a link from a message must arrive signed in.
    let mut cookie = Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax).build();
    cookie.set_secure(secure.then_some(true));
    cookie.set_max_age(max_age_s.map(Duration::seconds));
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// Begins a session and returns the cookie for it.
///
/// # Errors
/// When there is no randomness or the store does not answer.
pub async fn begin(app: &App, subject: Subject, name: &str, roles: &[Role]) -> Result<HeaderValue, Problem> {
    let token = random::bytes::<32>()?;
    let digest = app.keys.digest("session", &token);
    let now_ms = app.accounts.now_ms();
    let lifetime = Lifetime::of(subject);
    let session = WebSession {
        digest,
        subject,
        name: name.to_owned(),
        roles: roles.to_vec(),
        created_at_ms: now_ms,
        last_seen_ms: now_ms,
        expires_at_ms: now_ms + lifetime.absolute_ms,
    };
    app.accounts.begin_session(session).await.map_err(|cause| Problem::failure("beginning a session", &cause))?;
    app.proofs.note(digest, now_ms);
    // Staff cookies end with the browser; a phone keeps its own.
    let max_age = match subject {
        Subject::Staff(_) => None,
        Subject::Patient { .. } | Subject::Companion { .. } => Some(lifetime.absolute_ms / 1000),
    };
    Ok(cookie(cookie_name(app.clinic.secure), &to_hex(&token), max_age, app.clinic.secure))
}

/// The cookie that makes a browser forget its session.
#[must_use]
pub fn forget(app: &App) -> HeaderValue {
    cookie(cookie_name(app.clinic.secure), "", Some(0), app.clinic.secure)
}

/// The layer that finds out who is asking.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let mut fresh_form_cookie = None;
    let presence = match who(&app, request.headers()).await {
        Ok(Some(principal)) => {
            let csrf = app.keys.csrf(&principal.session);
            Presence { principal: Some(principal), csrf }
        }
        Ok(None) => match form_token(&app, request.headers()) {
            Ok((token, fresh)) => {
                let csrf = app.keys.csrf(&app.keys.digest("form", &token));
                // Only a page that shows a form needs the cookie; a file does not.
                let shows =
                    request.method() == axum::http::Method::GET && !request.uri().path().starts_with("/assets/");
                if fresh && shows {
                    let secure = app.clinic.secure;
                    fresh_form_cookie = Some(cookie(form_cookie_name(secure), &to_hex(&token), None, secure));
                }
                Presence { principal: None, csrf: if fresh && !shows { String::new() } else { csrf } }
            }
            Err(problem) => return problem.into_response(),
        },
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(presence.clone());
    let mut response = next.run(request).await;
    // The layer outside this one draws trouble for whoever asked, and so needs to know who that was.
    response.extensions_mut().insert(presence);
    if let Some(cookie) = fresh_form_cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn who(app: &App, headers: &HeaderMap) -> Result<Option<Principal>, Problem> {
    let Some(token) = read_cookie(headers, cookie_name(app.clinic.secure)).and_then(from_hex::<32>) else {
        return Ok(None);
    };
    let digest = app.keys.digest("session", &token);
    let found = app.accounts.session(digest).await.map_err(|cause| Problem::failure("finding a session", &cause))?;
    let Some(session) = found else { return Ok(None) };
    let now_ms = app.accounts.now_ms();
    let idle_ms = Lifetime::of(session.subject).idle_ms;
    if now_ms >= session.expires_at_ms || now_ms - session.last_seen_ms >= idle_ms {
        app.accounts.end_session(digest).await.map_err(|cause| Problem::failure("ending a session", &cause))?;
        return Ok(None);
    }
    // A page left open keeps its stream open; that alone must not keep an unattended screen signed in.
    let streams = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/event-stream"));
    if !streams && now_ms - session.last_seen_ms >= TOUCH_EVERY_MS {
        app.accounts.touch_session(digest).await.map_err(|cause| Problem::failure("noting a visit", &cause))?;
    }
    Ok(Some(Principal { subject: session.subject, roles: session.roles, name: session.name, session: digest }))
}

/// Notes that a session is in use, at most once a minute.
///
/// # Errors
/// When the store does not answer.
pub async fn used(app: &App, principal: &Principal) -> Result<(), Problem> {
    let found = app.accounts.session(principal.session).await;
    let found = found.map_err(|cause| Problem::failure("finding a session", &cause))?;
    if found.is_some_and(|session| app.accounts.now_ms() - session.last_seen_ms >= TOUCH_EVERY_MS) {
        let touched = app.accounts.touch_session(principal.session).await;
        touched.map_err(|cause| Problem::failure("noting a visit", &cause))?;
    }
    Ok(())
}

fn form_token(app: &App, headers: &HeaderMap) -> Result<([u8; 32], bool), Problem> {
    match read_cookie(headers, form_cookie_name(app.clinic.secure)).and_then(from_hex::<32>) {
        Some(token) => Ok((token, false)),
        None => Ok((random::bytes()?, true)),
    }
}

/// The value of a cookie that a browser sent.
fn read_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .and_then(|cookie| cookie.value_raw())
}
