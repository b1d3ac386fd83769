//! What went wrong with a request, in plain words: what happened and what to do, never how the inside looks.
//!
//! A handler returns a [`Problem`]; one layer at the edge turns it into a page for whoever is asking, staff or phone.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A request that could not be done.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The status sent.
    pub status: StatusCode,
    /// What happened, as a heading.
    pub title: String,
    /// What happened, in a sentence or two.
    pub what: String,
    /// What the reader can do now.
    pub next: String,
    /// Seconds to wait before trying again, where that helps.
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with all its words given.
    #[must_use]
    pub fn new(status: StatusCode, title: &str, what: &str, next: &str) -> Self {
        Self { status, title: title.into(), what: what.into(), next: next.into(), retry_after_s: None }
    }

    /// There is no such page, or it is not for this reader: both look the same, so that no id can be guessed at.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "There is no page here",
            "The address may be mistyped, or what it showed has moved.",
            "Go back, or start again from the first page.",
        )
    }

    /// Nobody is signed in, or the session has ended.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "You are signed out",
            "This page is private, and you are not signed in on this device any more.",
            "Sign in again. On a phone, open the link that your team sent you, or ask them for a new one.",
        )
    }

    /// Signed in, but this is not theirs to see.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "This page is not open to you",
            "Your role, or the care team that you are on, does not include it. That you asked has been noted.",
            "If you need it for your work, ask the person who manages people and access.",
        )
    }

    /// The form did not come from a page of ours, or that page is too old.
    #[must_use]
    pub fn stale_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Please send that once more",
            "The page you sent this from is too old, or the request came from another site. Nothing was changed.",
            "Go back, reload the page and send it again.",
        )
    }

    /// The body is larger than this page takes.
    #[must_use]
    pub fn too_large(limit_bytes: usize) -> Self {
        let limit = if limit_bytes >= 1 << 20 {
            format!("{} MB", limit_bytes >> 20)
        } else {
            format!("{} KB", limit_bytes >> 10)
        };
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "That is too much at once",
            &format!("This page takes at most {limit}. Nothing was saved."),
            "Send less, or send it in parts.",
        )
    }

    /// Too many attempts.
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        let minutes = retry_after_s.div_ceil(60).max(1);
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many attempts",
            "To keep accounts safe, we stop listening for a while after several attempts that did not match.",
            &format!("Wait {minutes} {unit}, then try again. If you have forgotten your password, ask for a new link."),
        );
        problem.retry_after_s = Some(retry_after_s);
        problem
    }

    /// The request is not one that we can read.
    #[must_use]
    pub fn unreadable(what: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "We could not read that", what, "Go back and try again. Nothing was saved.")
    }

    /// Something else changed first.
    #[must_use]
    pub fn conflict(what: &str, next: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "Someone changed this first", what, next)
    }

    /// A failure of ours. The cause is logged here, once, and never shown.
    #[must_use]
    pub fn failure(commands: &'static str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(commands, cause = %cause, "request failed");
        Self::internal()
    }

    /// A fault of ours, without more words.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "That did not work",
            "Something went wrong on our side. It has been noted.",
            "Check whether what you entered is there before you enter it again. If it matters now, telephone.",
        )
    }

    /// Not now: the storage does not answer, or a request took too long.
    #[must_use]
    pub fn unavailable() -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Not available just now",
            "We could not finish this in time. It may or may not have been saved.",
            "Wait a moment, look whether it is there, then try again. If it matters now, telephone.",
        );
        problem.retry_after_s = Some(5);
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let text = format!("{}\n\n{}\n{}\n", self.title, self.what, self.next);
        let mut response = (self.status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<stillwater_clinic::random::NoRandomness> for Problem {
    fn from(cause: stillwater_clinic::random::NoRandomness) -> Self {
        Self::failure("drawing random bytes", &cause)
    }
}
