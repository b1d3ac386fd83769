//! Live streams: pieces of a page sent as they change, a beat that shows that the line stands, and an end in good time.
//!
//! A stream ends when the server stops, or stopping would wait for its readers; and after ten minutes, so that a reader who has been signed out
//! meanwhile is asked again who they are. The page reconnects by itself and says what it saw last (`?after=`).

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use maud::Markup;
use stillwater_clinic::clock::Clock;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Interval, Sleep, interval, sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::state::App;

/// How often the line shows that it stands. Pages call a line lost after three silent beats.
const BEAT: Duration = Duration::from_secs(10);
/// How long one stream lasts before the page has to ask again.
const LASTS: Duration = Duration::from_secs(600);

/// Something to send to a live page.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A part of the page that replaces the element with the same id.
    Fragment {
        /// Place in the whole log, from which the page goes on after a break.
        gid: Option<u64>,
        /// The element's id.
        id: String,
        /// The element, carrying that id.
        markup: Markup,
    },
    /// Too much was missed: the page fetches itself again.
    Resync,
    /// The page has had its day; another one takes over, at this address.
    Goto(String),
}

struct Live {
    pieces: Receiver<Piece>,
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
    ends: Pin<Box<Sleep>>,
    beat: Interval,
    clock: Arc<dyn Clock>,
}

impl Live {
    fn event(&self, piece: Piece) -> Event {
        let server_ms = self.clock.now_ms();
        match piece {
            Piece::Fragment { gid, id, markup } => {
                let data = serde_json::json!({ "id": id, "html": markup.into_string(), "server_ms": server_ms });
                let event = Event::default().event("fragment").data(data.to_string());
                match gid {
                    Some(gid) => event.id(gid.to_string()),
                    None => event,
                }
            }
            Piece::Resync => self.plain("resync"),
            Piece::Goto(href) => {
                let data = serde_json::json!({ "href": href, "server_ms": server_ms });
                Event::default().event("goto").data(data.to_string())
            }
        }
    }

    fn plain(&self, name: &str) -> Event {
        Event::default().event(name).data(serde_json::json!({ "server_ms": self.clock.now_ms() }).to_string())
    }
}

impl Stream for Live {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.stop.as_mut().poll(cx).is_ready() || self.ends.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        match self.pieces.poll_recv(cx) {
            Poll::Ready(Some(piece)) => return Poll::Ready(Some(Ok(self.event(piece)))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {}
        }
        match self.beat.poll_tick(cx) {
            Poll::Ready(_) => Poll::Ready(Some(Ok(self.plain("beat")))),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Answers with a live stream of what arrives at `pieces`. It ends when the sender is dropped, when the server stops, or after ten minutes.
#[must_use]
pub fn live(app: &App, pieces: Receiver<Piece>) -> Response {
    let stream = Live {
        pieces,
        stop: Box::pin(app.stop.clone().cancelled_owned()),
        ends: Box::pin(sleep(LASTS)),
        beat: interval(BEAT),
        clock: Arc::clone(&app.clock),
    };
    let mut response = Sse::new(stream).into_response();
    // Without this a proxy in front may hold events back until its buffer is full.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}
