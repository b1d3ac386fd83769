//! The frames around pages: staff, chart, phone, sign-in, and trouble.

use std::sync::Arc;

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::components::{Notice, call_button, notice, phone_link};

/// What pages say about the clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicCard {
    /// Its name.
    pub name: String,
    /// The telephone that the team on call answers.
    pub on_call_phone: String,
    /// The emergency number of the country.
    pub emergency_number: String,
    /// The crisis line.
    pub crisis_number: String,
    /// What veterans do after dialling it, where the line has something for them.
    pub crisis_veterans: Option<String>,
    /// Whether everything shown is invented, which every page then says.
    pub demo: bool,
}

/// Who reads the page, as frames show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The name shown.
    pub name: String,
    /// What they are here to do, in words.
    pub roles: String,
    /// A stable text that says whose drafts and unsent forms these are.
    pub owner: String,
    /// The page where they start.
    pub home: &'static str,
    /// Whether they see the staff's frame, and not the phone's.
    pub is_staff: bool,
}

/// An entry of the staff's bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Its name, by which a page says that it is the open one.
    pub id: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Whether the number of open items stands beside it.
    pub counts_open: bool,
}

/// Where the links and forms that every frame has lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The first page.
    pub start: &'static str,
    /// The reader's own account.
    pub account: &'static str,
    /// The form that signs out.
    pub sign_out: &'static str,
    /// *Pause* on a phone.
    pub pause: &'static str,
    /// *Leave* on a phone.
    pub leave: &'static str,
}

/// The form that sets a demonstration's clock on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoClock {
    /// Where it is sent.
    pub action: &'static str,
    /// The hops on offer: minutes, and what the button says.
    pub hops: &'static [(u32, &'static str)],
}

/// What a frame knows of the request that it answers.
#[derive(Clone, Debug)]
pub struct PageFrame {
    /// The language of the page, as its tag: `en`.
    pub language: &'static str,
    /// The clinic's name and telephone numbers.
    pub clinic: Arc<ClinicCard>,
    /// The token for forms.
    pub csrf: String,
    /// Who reads; `None` on the few pages that are open to everyone.
    pub reader: Option<Reader>,
    /// The entries of the staff's bar that this reader sees.
    pub menu: Vec<MenuEntry>,
    /// Where the frame's own links lead.
    pub places: Places,
    /// Where *Help now* leads.
    pub help: &'static str,
    /// Open items in the inbox, shown in the bar when the page knows them.
    pub inbox: Option<u32>,
    /// The server's present time.
    pub now_ms: i64,
    /// How fast the server's clock runs, so that clocks in the page keep step.
    pub clock_rate: f64,
    /// In a demonstration, the form that lets time pass.
    pub demo_clock: Option<DemoClock>,
    /// What staff must know on whatever page they are: that something does not watch as it should.
    pub band: Option<String>,
}

impl PageFrame {
    /// The hidden field that proves that a form is ours. Every form needs it, first.
    #[must_use]
    pub fn csrf_field(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.csrf); }
    }
}

/// How a phone page is lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhoneMode {
    /// By the phone's own light or dark setting.
    #[default]
    Everyday,
    /// Dark and quiet, from the moment of the dose.
    SessionQuiet,
}

struct Document<'a> {
    title: &'a str,
    class: &'a str,
    live: Option<&'a str>,
}

fn document(frame: &PageFrame, document: &Document<'_>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(frame.language) data-server-ms=(frame.now_ms) data-clock-rate=(frame.clock_rate) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="csrf" content=(frame.csrf);
                title { (document.title) " · " (frame.clinic.name) }
                link rel="icon" href=(assets::url("mark.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::url("stillwater.css"));
                script type="module" src=(assets::url("main.js")) {}
            }
            body class=(document.class) data-live=[document.live] data-owner=[frame.reader.as_ref().map(|reader| &reader.owner)] data-team=(frame.clinic.on_call_phone) {
                a .skip href="#main" { "Skip to the page" }
                @if frame.clinic.demo {
                    div .demo-strip {
                        p { "Demonstration: every person and number here is invented." }
                        @if let Some(clock) = &frame.demo_clock { (demo_clock(frame, clock)) }
                    }
                }
                (body)
            }
        }
    }
}

fn demo_clock(frame: &PageFrame, clock: &DemoClock) -> Markup {
    html! {
        form .demo-clock method="post" action=(clock.action) {
            (frame.csrf_field())
            span #demo-clock-label { "Let time pass:" }
            @for (minutes, says) in clock.hops {
                button type="submit" name="minutes" value=(minutes) aria-describedby="demo-clock-label" { (says) }
            }
        }
    }
}

/// A page for staff. `active` is the id of the bar's entry; empty for none.
#[must_use]
pub fn staff_page(frame: &PageFrame, title: &str, active: &str, body: Markup) -> Markup {
    staff_page_live(frame, title, active, None, body)
}

/// A page for staff that follows a live stream at the address `live`.
#[must_use]
pub fn staff_page_live(frame: &PageFrame, title: &str, active: &str, live: Option<&str>, body: Markup) -> Markup {
    let inner = html! {
        (staff_bar(frame, active))
        main #main .staff-main tabindex="-1" { h1 { (title) } (body) }
    };
    document(frame, &Document { title, class: "staff", live }, &inner)
}

fn staff_bar(frame: &PageFrame, active: &str) -> Markup {
    html! {
        @if let Some(band) = &frame.band { p #watch-band .watch-band role="alert" { (band) } }
        header .bar {
            a .brand href=(frame.places.start) { (mark()) span { (frame.clinic.name) } }
            nav aria-label="Main" {
                ul {
                    @for entry in &frame.menu {
                        li {
                            a href=(entry.href) aria-current=[(entry.id == active).then_some("page")] {
                                (entry.label)
                                @if entry.counts_open { (inbox_count(frame.inbox)) }
                            }
                        }
                    }
                }
            }
            @if let Some(reader) = &frame.reader {
                div .who {
                    a href=(frame.places.account) { (reader.name) }
                    span .quiet { (reader.roles) }
                    form method="post" action=(frame.places.sign_out) {
                        (frame.csrf_field())
                        button .button.small type="submit" { "Sign out" }
                    }
                }
            }
        }
    }
}

/// The number of open items beside *Inbox*. It has an id, so that a live stream can replace it.
#[must_use]
pub fn inbox_count(open: Option<u32>) -> Markup {
    html! {
        span #inbox-count .count data-open=[open] {
            @if let Some(open) = open.filter(|open| *open > 0) { (open) span .sr { " open" } }
        }
    }
}

/// The head of a chart: who, what not to forget, and the tabs.
#[derive(Clone, Debug)]
pub struct ChartHeader {
    /// The name and what identifies the patient.
    pub who: Markup,
    /// Allergies, in words; say so when none are known or nobody asked.
    pub allergies: Markup,
    /// The phase of treatment.
    pub phase: Markup,
    /// Flags, as drawn by [`crate::flag`].
    pub flags: Markup,
    /// Who is on the care team.
    pub care_team: Markup,
    /// The tabs: id, address, label.
    pub tabs: Vec<(&'static str, String, String)>,
}

/// A page of one patient's chart. `tab` is the id of the open tab.
#[must_use]
pub fn chart_page(
    frame: &PageFrame,
    title: &str,
    header: &ChartHeader,
    tab: &str,
    live: Option<&str>,
    body: Markup,
) -> Markup {
    let inner = html! {
        (staff_bar(frame, "caseload"))
        div .chart-head {
            div .chart-who { (header.who) (header.flags) }
            dl .chart-facts {
                div { dt { "Allergies" } dd { (header.allergies) } }
                div { dt { "Phase" } dd { (header.phase) } }
                div { dt { "Care team" } dd { (header.care_team) } }
            }
            nav .tabs aria-label="Chart" {
                ul {
                    @for (id, href, label) in &header.tabs {
                        li { a href=(href) aria-current=[(*id == tab).then_some("page")] { (label) } }
                    }
                }
            }
        }
        main #main .staff-main tabindex="-1" { h1 { (title) } (body) }
    };
    document(frame, &Document { title, class: "staff chart", live }, &inner)
}

/// A page for a patient's or companion's phone.
#[must_use]
pub fn phone_page(frame: &PageFrame, title: &str, body: Markup) -> Markup {
    phone_page_as(frame, title, PhoneMode::Everyday, None, body)
}

/// A page for a phone, with its light and its live stream. *Pause*, *Leave* and *Help now* are on every one.
#[must_use]
pub fn phone_page_as(frame: &PageFrame, title: &str, mode: PhoneMode, live: Option<&str>, body: Markup) -> Markup {
    phone_page_with(frame, title, mode, live, body, html! {})
}

/// The same with sheets that the page holds from the start, for when there is no network. One with the id `help-sheet` opens
/// by *Help now*.
#[must_use]
pub fn phone_page_with(
    frame: &PageFrame,
    title: &str,
    mode: PhoneMode,
    live: Option<&str>,
    body: Markup,
    sheets: Markup,
) -> Markup {
    let class = match mode {
        PhoneMode::Everyday => "phone",
        PhoneMode::SessionQuiet => "phone session-quiet",
    };
    let inner = html! {
        header .phone-head { a .brand href=(frame.places.start) { (mark()) span { (frame.clinic.name) } } span #outbox-state .outbox-state role="status" {} }
        main #main .phone-main tabindex="-1" { h1 { (title) } (body) }
        nav .trio aria-label="Always here" {
            @if frame.reader.is_some() {
                a href=(frame.places.pause) data-sheet="pause-sheet" { (icon_pause()) "Pause" }
                a href=(frame.places.leave) data-sheet="leave-sheet" { (icon_leave()) "Leave" }
            }
            a .help href=(frame.help) data-sheet="help-sheet" { (icon_help()) "Help now" }
        }
        @if frame.reader.is_some() { (pause_sheet()) (leave_sheet(frame, mode)) }
        (sheets)
    };
    document(frame, &Document { title, class, live }, &inner)
}

fn pause_sheet() -> Markup {
    html! {
        dialog #pause-sheet .sheet aria-labelledby="pause-title" {
            h2 #pause-title { "Pause" }
            (pause_words())
            div .stack {
                button .button.primary type="button" data-close { "I am ready to go on" }
                a .button href="/help" data-sheet="help-sheet" { "I would like help" }
            }
        }
    }
}

/// What *Pause* says.
#[must_use]
pub fn pause_words() -> Markup {
    html! {
        p .lead { "Take your time. What you have sent is kept, and nothing moves on without you." }
        p { "Let your feet rest on the floor. Look around, and name one thing that you see. Breathe out slowly." }
    }
}

fn leave_sheet(frame: &PageFrame, mode: PhoneMode) -> Markup {
    html! {
        dialog #leave-sheet .sheet aria-labelledby="leave-title" {
            h2 #leave-title { "Leave" }
            (leave_words(frame, mode))
            div .stack {
                button .button.primary type="button" data-close { "Stay" }
                (sign_out_form(frame, mode))
            }
        }
    }
}

/// What *Leave* says: while a session runs, what leaving would take away.
#[must_use]
pub fn leave_words(frame: &PageFrame, mode: PhoneMode) -> Markup {
    html! {
        @match mode {
            PhoneMode::Everyday => {
                p .lead { "You can stop here. What you have sent is kept." }
                p { "Close this page and come back when you like. Or sign out, so that nobody else who holds this phone can open it." }
            }
            PhoneMode::SessionQuiet => {
                p .lead { "The session is still running." }
                p { "You may close this page and open it again: nothing is lost." }
                p { strong { "If you sign out, this phone cannot call for help any more" } ", and the link that opened it does not open it again. Your team has to send a new one." }
                p { "Your team: " (phone_link(&frame.clinic.on_call_phone)) "." }
            }
        }
    }
}

/// The form that signs a phone out. While a session runs the server asks once more before it does.
#[must_use]
pub fn sign_out_form(frame: &PageFrame, mode: PhoneMode) -> Markup {
    let says = match mode {
        PhoneMode::Everyday => "Sign out of this phone",
        PhoneMode::SessionQuiet => "Sign out all the same",
    };
    html! {
        form method="post" action=(frame.places.sign_out) data-needs-line {
            (frame.csrf_field())
            button .button type="submit" { (says) }
            p data-line-says role="status" {}
        }
    }
}

/// The page for coming in: one card in the middle.
#[must_use]
pub fn sign_in_page(frame: &PageFrame, title: &str, body: Markup) -> Markup {
    let inner = html! {
        main #main .card-main tabindex="-1" {
            div .brand.large { (mark()) span { (frame.clinic.name) } }
            div .card { h1 { (title) } (body) }
            p .quiet.center {
                "In a crisis: call " (phone_link(&frame.clinic.crisis_number))
                @if let Some(then) = &frame.clinic.crisis_veterans { ", veterans " (then) }
                ". In danger: " (phone_link(&frame.clinic.emergency_number)) "."
            }
        }
    };
    document(frame, &Document { title, class: "staff plain", live: None }, &inner)
}

/// A page about the reader's own account, in the frame that they know.
#[must_use]
pub fn account_page(frame: &PageFrame, title: &str, body: Markup) -> Markup {
    match &frame.reader {
        Some(reader) if reader.is_staff => staff_page(frame, title, "", html! { div .narrow { (body) } }),
        Some(_) => phone_page(frame, title, body),
        None => sign_in_page(frame, title, body),
    }
}

/// The page that a phone keeps and shows in place of one that cannot be had. It belongs to nobody: no name, no token, only
/// what the clinic says to everyone.
#[must_use]
pub fn offline_page(frame: &PageFrame) -> Markup {
    let mut frame = frame.clone();
    frame.reader = None;
    frame.csrf = String::new();
    frame.now_ms = 0;
    frame.demo_clock = None;
    frame.band = None;
    let clinic = Arc::clone(&frame.clinic);
    let body = html! {
        div data-shell {
            div .not-sent data-shell-unsent hidden {
                p .not-sent-head { "A call for help is NOT sent yet." }
                p { "It waits on this phone. " strong { "Call now." } }
            }
            p .lead { "Your phone cannot reach the clinic now. This page comes back by itself when it can." }
            p { "What you have sent is kept, and what waits on this phone is sent then." }
            (call_button("Call your team", &clinic.on_call_phone))
            (call_button("Emergency", &clinic.emergency_number))
            (call_button("Crisis line", &clinic.crisis_number))
            @if let Some(then) = &clinic.crisis_veterans { p { "Veterans: call " (phone_link(&clinic.crisis_number)) ", then " (then) "." } }
            section .panel {
                h2 { "Somebody does not answer, or is blue or grey" }
                p { "Call the emergency number, on speaker. Breathing: on their side, head back, mouth down. Not breathing: do what the emergency number says. Stay with them." }
            }
        }
    };
    let inner = html! {
        header .phone-head { span .brand { (mark()) span { (clinic.name) } } }
        main #main .phone-main tabindex="-1" { h1 { "No connection" } (body) }
    };
    document(&frame, &Document { title: "No connection", class: "phone", live: None }, &inner)
}

/// What went wrong, in words.
#[derive(Clone, Copy, Debug)]
pub struct ProblemWords<'a> {
    /// What happened, as a heading.
    pub title: &'a str,
    /// What happened, in a sentence or two.
    pub what: &'a str,
    /// What the reader can do now.
    pub next: &'a str,
}

/// What went wrong, for whoever asked: in the frame that they know, and in the phone's for a stranger on the phones' pages.
#[must_use]
pub fn problem_page(frame: &PageFrame, problem: ProblemWords<'_>, phone: bool) -> Markup {
    let home = frame.reader.as_ref().map_or(frame.places.start, |reader| reader.home);
    let on_phone = frame.reader.as_ref().map_or(phone, |reader| !reader.is_staff);
    let body = html! {
        p .lead { (problem.what) }
        p { (problem.next) }
        p { a .button href=(home) { "To the first page" } }
        p .quiet { "Your team answers at " (phone_link(&frame.clinic.on_call_phone)) "." }
    };
    if on_phone {
        phone_page(frame, problem.title, body)
    } else if frame.reader.is_some() {
        staff_page(frame, problem.title, "", notice(Notice::Quiet, body))
    } else {
        sign_in_page(frame, problem.title, body)
    }
}

/// The mark: still water under a low sun.
fn mark() -> Markup {
    html! {
        svg .mark viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            circle cx="16" cy="12" r="6" {}
            path d="M3 20h26M7 25h18M11 30h10" {}
        }
    }
}

fn icon(path: &str) -> Markup {
    html! { svg .icon viewBox="0 0 24 24" aria-hidden="true" focusable="false" { path d=(path) {} } }
}

fn icon_pause() -> Markup {
    icon("M8 5v14M16 5v14")
}

fn icon_leave() -> Markup {
    icon("M14 4H5v16h9M10 12h11M17 8l4 4-4 4")
}

fn icon_help() -> Markup {
    icon("M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z")
}
