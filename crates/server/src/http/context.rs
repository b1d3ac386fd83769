//! What every page knows about the request it answers: who is asking, the time, the clinic, and ids for its forms.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use stillwater_clinic::Principal;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use maud::{Markup, html};
use stillwater_care::roles::Role;
use stillwater_ui::{DemoClock, MenuEntry, PageFrame, Places, Reader};
use stillwater_words::{Language, Words};
use uuid::Uuid;

use super::problem::Problem;
use crate::auth::Presence;
use crate::state::App;
use stillwater_clinic::random::CommandIds;

/// Where the links of every frame lead.
const PLACES: Places =
    Places { start: "/", account: "/password", sign_out: "/sign-out", pause: "/pause", leave: "/leave" };

/// The hops by which a page lets the demo's clock be set on.
const DEMO_CLOCK: DemoClock = DemoClock {
    action: "/demo/clock",
    hops: &[(5, "5 min"), (20, "20 min"), (60, "1 h"), (360, "6 h"), (1440, "1 day")],
};

/// The entries of the staff's bar, and who sees each.
const MENU: &[(MenuEntry, &[Role])] = {
    const fn entry(id: &'static str, href: &'static str, label: &'static str) -> MenuEntry {
        MenuEntry { id, href, label, counts_open: false }
    }
    const CHART: &[Role] = &[Role::Guide, Role::Prescriber, Role::Manager];
    &[
        (entry("caseload", "/caseload", "Caseload"), CHART),
        (entry("board", "/board", "Session board"), CHART),
        (MenuEntry { counts_open: true, ..entry("inbox", "/inbox", "Inbox") }, CHART),
        (entry("referrals", "/referrals", "Referrals"), CHART),
        (entry("programme", "/programme", "Programme"), CHART),
        (
            entry("evidence", "/evidence", "Evidence"),
            &[Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator],
        ),
        (entry("rota", "/rota", "Rota"), &[Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator]),
        (entry("people", "/people", "People & access"), &[Role::Administrator]),
    ]
};

/// The request as pages see it: the frame that they are drawn in, who is asking, and ids for what their forms ask.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// Who is asking; `None` on the few pages that are open to everyone.
    pub principal: Option<Principal>,
    /// How addresses for other people begin: `https` or `http`.
    pub scheme: &'static str,
    /// The words in which the reader is spoken to.
    pub words: &'static Words,
    /// Whether the reader has to show again that it is they before they can sign.
    pub proof_due: bool,
    frame: PageFrame,
    ids: CommandIds,
}

impl PageContext {
    /// A context made by hand, for pages drawn outside a request.
    ///
    /// # Errors
    /// When there is no randomness for command ids.
    pub fn new(app: &App, presence: Presence) -> Result<Self, Problem> {
        let now_ms = app.clock.now_ms();
        let principal = presence.principal;
        let words = Words::of(Language::ENGLISH);
        let mut frame = PageFrame {
            language: words.tag(),
            clinic: Arc::clone(&app.card),
            csrf: presence.csrf,
            reader: principal.as_ref().map(reader),
            menu: principal.as_ref().map(menu).unwrap_or_default(),
            places: PLACES,
            help: "/help",
            inbox: None,
            now_ms,
            clock_rate: app.clock.rate(),
            demo_clock: None,
            band: None,
        };
        if app.time_wishes().is_some() && principal.as_ref().is_some_and(|person| person.staff().is_some()) {
            frame.demo_clock = Some(DEMO_CLOCK);
        }
        if principal.as_ref().is_some_and(|person| person.staff().is_some()) {
            frame.band = app.watch_band();
        }
        let scheme = if app.clinic.secure { "https" } else { "http" };
        let proof_due = principal.as_ref().is_some_and(|person| app.proofs.due(person, app.accounts.now_ms()));
        Ok(Self { principal, scheme, words, proof_due, frame, ids: CommandIds::draw(now_ms)? })
    }

    /// A fresh command id.
    #[must_use]
    pub fn command_id(&self) -> Uuid {
        self.ids.next()
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

fn reader(person: &Principal) -> Reader {
    Reader {
        name: person.name.clone(),
        roles: person
            .roles
            .iter()
            .map(|role| stillwater_words::Words::english().term(*role))
            .collect::<Vec<_>>()
            .join(", "),
        owner: person.key(),
        home: crate::auth::home(person),
        is_staff: person.staff().is_some(),
    }
}

fn menu(person: &Principal) -> Vec<MenuEntry> {
    let sees = |roles: &[Role]| roles.iter().any(|role| person.is(*role));
    MENU.iter().filter(|(_, roles)| sees(roles)).map(|(entry, _)| *entry).collect()
}

/// A page's context is its frame and more: whatever draws a frame takes the context as it is.
impl Deref for PageContext {
    type Target = PageFrame;

    fn deref(&self) -> &PageFrame {
        &self.frame
    }
}

impl DerefMut for PageContext {
    fn deref_mut(&mut self) -> &mut PageFrame {
        &mut self.frame
    }
}

impl FromRequestParts<App> for PageContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Self::new(app, parts.extensions.get::<Presence>().cloned().unwrap_or_default())
    }
}
