//! What every page knows about the request it answers: who is asking, the time, the clinic, and ids for its forms.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use maud::{Markup, html};
use stillwater_words::{Language, Words};
use uuid::Uuid;

use super::problem::Problem;
use super::random::CommandIds;
use crate::app::{App, Clinic};
use crate::auth::{Presence, Principal};

/// The request as pages see it.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// Who is asking; `None` on the few pages that are open to everyone.
    pub principal: Option<Principal>,
    /// The token for forms.
    pub csrf: String,
    /// The clinic's name and telephone numbers.
    pub clinic: Arc<Clinic>,
    /// The server's present time.
    pub now_ms: i64,
    /// How fast the server's clock runs, so that clocks in the page keep step.
    pub clock_rate: f64,
    /// Open items in the inbox, shown in the top bar when the page knows them.
    pub inbox: Option<u32>,
    /// Where *Help now* leads instead of `/help`.
    pub help: Option<&'static str>,
    /// Whether pages offer to set the clock on, as a demo does.
    pub time_moves: bool,
    /// The words in which the reader is spoken to.
    pub words: &'static Words,
    ids: CommandIds,
}

impl PageContext {
    /// A context made by hand, for pages drawn outside a request.
    ///
    /// # Errors
    /// When there is no randomness for command ids.
    pub fn new(app: &App, presence: Presence) -> Result<Self, Problem> {
        let now_ms = app.clock.now_ms();
        Ok(Self {
            principal: presence.principal,
            csrf: presence.csrf,
            clinic: Arc::clone(&app.clinic),
            now_ms,
            clock_rate: app.clock.rate(),
            inbox: None,
            help: None,
            time_moves: app.time_wishes().is_some(),
            words: Words::of(Language::ENGLISH),
            ids: CommandIds::draw(now_ms)?,
        })
    }

    /// A fresh command id.
    #[must_use]
    pub fn command_id(&self) -> Uuid {
        self.ids.next()
    }

    /// Where *Help now* leads. Numbers to call are always at `/help`; a room may set a page that also raises an alert.
    #[must_use]
    pub fn help_href(&self) -> &'static str {
        self.help.unwrap_or("/help")
    }

    /// The hidden field that proves that a form is ours. Every form needs it, first.
    #[must_use]
    pub fn csrf_field(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.csrf); }
    }

    /// The hidden fields of a form that changes a chart: the token, a command id, and the sequence number seen.
    #[must_use]
    pub fn command_fields(&self, seen_seq: u64) -> Markup {
        html! {
            (self.csrf_field())
            input type="hidden" name="command_id" value=(self.command_id());
            input type="hidden" name="seq" value=(seen_seq);
        }
    }
}

impl FromRequestParts<App> for PageContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Self::new(app, parts.extensions.get::<Presence>().cloned().unwrap_or_default())
    }
}
