//! Whether the server does its work: for a monitor, and for whoever is called by it. It names no person.
//!
//! The first line is `ok`, `attention` (the server works and somebody has to look), or `failing`, which is answered with 503.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use stillwater_clinic::charts::WatchState;
use stillwater_clinic::disk::{LEAST_FREE_MB, free_mb};

use crate::state::App;

/// `GET /healthz`.
pub(super) async fn health(State(app): State<App>) -> Response {
    let store = app.accounts.answers().await;
    if let Err(cause) = &store {
        tracing::error!(%cause, "the store does not answer");
    }
    let free = app.folder().and_then(free_mb);
    let rota = app.rota.rota().fault().is_none();
    let (status, text) = told(store.is_ok(), &app.charts.watch().state(), free, rota);
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, plain, text).into_response()
}

fn told(store: bool, watch: &WatchState, free: Option<u64>, rota: bool) -> (StatusCode, String) {
    let room = free.is_none_or(|free| free >= LEAST_FREE_MB);
    let (status, word) = match (store && watch.ticker_runs() && room, watch.unreadable.is_empty() && rota) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "failing"),
        (true, false) => (StatusCode::OK, "attention"),
        (true, true) => (StatusCode::OK, "ok"),
    };
    let mut text = format!("{word}\n");
    let says = |text: &mut String, line: &str| {
        let _ = writeln!(text, "{line}");
    };
    says(&mut text, if store { "store: answers" } else { "store: does not answer" });
    let (since, behind) = (watch.since_last_look.as_secs(), watch.behind_minutes);
    says(&mut text, &format!("ticker: last look {since} s ago, {behind} min behind"));
    says(&mut text, &format!("charts that cannot be read: {}", watch.unreadable.len()));
    says(&mut text, if rota { "rota: read" } else { "rota: cannot be read; every alert is every clinician's" });
    says(&mut text, &format!("index rows put right since the start: {}", watch.rows_put_right));
    says(&mut text, &free.map_or_else(|| "disk: not known".to_owned(), |free| format!("disk: {free} MB free")));
    (status, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn watch(silent_s: u64, behind_minutes: i64) -> WatchState {
        WatchState {
            since_last_look: Duration::from_secs(silent_s),
            behind_minutes,
            unreadable: Vec::new(),
            rows_put_right: 0,
        }
    }

    #[test]
    fn a_silent_or_late_ticker_a_full_disk_and_a_store_that_does_not_answer_fail() {
        for (store, silent_s, behind, free, expected) in [
            (true, 0, 0, Some(9_000), "ok"),
            (true, 0, 0, None, "ok"),
            (true, 31, 0, Some(9_000), "failing"),
            (true, 0, 2, Some(9_000), "failing"),
            (true, 0, 0, Some(255), "failing"),
            (false, 0, 0, Some(9_000), "failing"),
        ] {
            let (status, text) = told(store, &watch(silent_s, behind), free, true);
            assert!(text.starts_with(&format!("{expected}\n")), "{text}");
            assert_eq!(status.is_success(), expected == "ok");
        }
    }

    #[test]
    fn a_rota_that_cannot_be_read_asks_for_attention_and_says_what_is_done_meanwhile() {
        let (status, text) = told(true, &watch(0, 0), Some(9_000), false);
        assert!(status.is_success() && text.starts_with("attention\n"), "{text}");
        assert!(text.contains("every alert is every clinician's"), "{text}");
    }
}
