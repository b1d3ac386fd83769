//! The demo clinic's clock, set ahead by hand: a course of weeks walked through in minutes.
//!
//! Only a demo offers it. Time passes in small hops, and after each the ticker looks and whoever acts by script acts, so
//! that what falls due in between happens at its time. Sign-in keeps the machine's own clock: nobody is signed out by it.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Redirect;
use tokio::sync::oneshot;

use crate::auth::access::STAFF;
use crate::http::{Form, Problem, Routes};
use crate::state::App;
pub use crate::state::{ClockAdvances, Forward};

/// The most that one request may ask for: a fortnight.
const MOST_MINUTES: u32 = 14 * 1440;

/// The one route.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().post("demo.clock", "/demo/clock", STAFF, forward)
}

async fn forward(State(app): State<App>, headers: HeaderMap, typed: Form) -> Result<Redirect, Problem> {
    let Some(wishes) = app.time_wishes() else { return Err(Problem::not_found()) };
    let minutes: u32 = typed.get("minutes").parse().unwrap_or(0);
    if !(1..=MOST_MINUTES).contains(&minutes) {
        return Err(Problem::unreadable("The demo's clock is set on by 1 minute to 14 days at a time."));
    }
    let (done, passed) = oneshot::channel();
    wishes.send(Forward { minutes, done }).await.map_err(|_| Problem::unavailable())?;
    passed.await.map_err(|_| Problem::unavailable())?;
    Ok(Redirect::to(&page_left(&headers)))
}

/// The page from which the form was sent, if it is one of ours.
fn page_left(headers: &HeaderMap) -> String {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = text(header::HOST);
    let came_from = text(header::REFERER);
    came_from
        .split_once("://")
        .and_then(|(_, rest)| rest.strip_prefix(host))
        .filter(|path| !host.is_empty() && path.starts_with('/') && !path.starts_with("//"))
        .unwrap_or("/")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn left(host: &str, from: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        headers.insert(header::REFERER, HeaderValue::from_str(from).unwrap());
        page_left(&headers)
    }

    #[test]
    fn goes_back_to_a_page_of_ours_and_to_no_other() {
        assert_eq!(left("127.0.0.1:8017", "http://127.0.0.1:8017/caseload?q=a"), "/caseload?q=a");
        assert_eq!(left("127.0.0.1:8017", "http://elsewhere.example/caseload"), "/");
        assert_eq!(left("127.0.0.1:8017", "http://127.0.0.1:8017//elsewhere.example/"), "/");
        assert_eq!(left("127.0.0.1:8017", "http://127.0.0.1:80171/x"), "/");
        assert_eq!(left("127.0.0.1:8017", "nonsense"), "/");
    }
}
