//! The frames around pages: staff, chart, phone, sign-in, and trouble.

use maud::{DOCTYPE, Markup, html};
use stillwater_care::roles::Role;

use super::components::{Notice, notice, phone_link};
use crate::assets;
use crate::demo_clock;
use crate::http::PageContext;
use crate::http::problem::Problem;

/// The entries of the staff bar: id, address, label, and who sees it.
const NAV: &[(&str, &str, &str, &[Role])] = &[
    ("caseload", "/caseload", "Caseload", &[Role::Guide, Role::Prescriber, Role::Manager]),
    ("board", "/board", "Session board", &[Role::Guide, Role::Prescriber, Role::Manager]),
    ("inbox", "/inbox", "Inbox", &[Role::Guide, Role::Prescriber, Role::Manager]),
    ("referrals", "/referrals", "Referrals", &[Role::Guide, Role::Prescriber, Role::Manager]),
    ("programme", "/programme", "Programme", &[Role::Guide, Role::Prescriber, Role::Manager]),
    ("evidence", "/evidence", "Evidence", &[Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator]),
    ("people", "/people", "People & access", &[Role::Administrator]),
];

/// How a phone page is lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhoneMode {
    /// By the phone's own light or dark setting.
    #[default]
    Everyday,
    /// Dark and quiet, from the moment of the dose.
    SessionQuiet,
}

struct Frame<'a> {
    title: &'a str,
    class: &'a str,
    live: Option<&'a str>,
}

fn document(ctx: &PageContext, frame: &Frame<'_>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-server-ms=(ctx.now_ms) data-clock-rate=(ctx.clock_rate) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="csrf" content=(ctx.csrf);
                title { (frame.title) " · " (ctx.clinic.name) }
                link rel="icon" href=(assets::url("mark.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::url("stillwater.css"));
                script type="module" src=(assets::url("main.js")) {}
            }
            body class=(frame.class) data-live=[frame.live] data-owner=[ctx.principal.as_ref().map(|person| person.key())] {
                a .skip href="#main" { "Skip to the page" }
                @if ctx.clinic.demo {
                    div .demo-strip {
                        p { "Demonstration: every person and number here is invented." }
                        @if ctx.time_moves && ctx.principal.as_ref().is_some_and(|person| person.staff().is_some()) {
                            (demo_clock::control(ctx))
                        }
                    }
                }
                (body)
            }
        }
    }
}

/// A page for staff. `active` is the id of the bar's entry; empty for none.
#[must_use]
pub fn staff_page(ctx: &PageContext, title: &str, active: &str, body: Markup) -> Markup {
    staff_page_live(ctx, title, active, None, body)
}

/// A page for staff that follows a live stream at the address `live`.
#[must_use]
pub fn staff_page_live(ctx: &PageContext, title: &str, active: &str, live: Option<&str>, body: Markup) -> Markup {
    let inner = html! {
        (staff_bar(ctx, active))
        main #main .staff-main tabindex="-1" { h1 { (title) } (body) }
    };
    document(ctx, &Frame { title, class: "staff", live }, &inner)
}

fn staff_bar(ctx: &PageContext, active: &str) -> Markup {
    let principal = ctx.principal.as_ref();
    let sees = |roles: &[Role]| principal.is_some_and(|person| roles.iter().any(|role| person.is(*role)));
    html! {
        header .bar {
            a .brand href="/" { (mark()) span { (ctx.clinic.name) } }
            nav aria-label="Main" {
                ul {
                    @for (id, href, label, roles) in NAV {
                        @if sees(roles) {
                            li {
                                a href=(href) aria-current=[(*id == active).then_some("page")] {
                                    (label)
                                    @if *id == "inbox" { (inbox_count(ctx.inbox)) }
                                }
                            }
                        }
                    }
                }
            }
            @if let Some(person) = principal {
                div .who {
                    a href="/password" { (person.name) }
                    span .quiet { (person.roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ")) }
                    form method="post" action="/sign-out" {
                        (ctx.csrf_field())
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
    /// Flags, as drawn by [`super::flag`].
    pub flags: Markup,
    /// Who is on the care team.
    pub care_team: Markup,
    /// The tabs: id, address, label.
    pub tabs: Vec<(&'static str, String, String)>,
}

/// A page of one patient's chart. `tab` is the id of the open tab.
#[must_use]
pub fn chart_page(
    ctx: &PageContext,
    title: &str,
    header: &ChartHeader,
    tab: &str,
    live: Option<&str>,
    body: Markup,
) -> Markup {
    let inner = html! {
        (staff_bar(ctx, "caseload"))
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
    document(ctx, &Frame { title, class: "staff chart", live }, &inner)
}

/// A page for a patient's or companion's phone.
#[must_use]
pub fn phone_page(ctx: &PageContext, title: &str, body: Markup) -> Markup {
    phone_page_as(ctx, title, PhoneMode::Everyday, None, body)
}

/// A page for a phone, with its light and its live stream. *Pause*, *Leave* and *Help now* are on every one.
#[must_use]
pub fn phone_page_as(ctx: &PageContext, title: &str, mode: PhoneMode, live: Option<&str>, body: Markup) -> Markup {
    let class = match mode {
        PhoneMode::Everyday => "phone",
        PhoneMode::SessionQuiet => "phone session-quiet",
    };
    let inner = html! {
        header .phone-head { a .brand href="/" { (mark()) span { (ctx.clinic.name) } } span #outbox-state .outbox-state role="status" {} }
        main #main .phone-main tabindex="-1" { h1 { (title) } (body) }
        nav .trio aria-label="Always here" {
            @if ctx.principal.is_some() {
                a href="/pause" { (icon_pause()) "Pause" }
                a href="/leave" { (icon_leave()) "Leave" }
            }
            a .help href=(ctx.help_href()) { (icon_help()) "Help now" }
        }
    };
    document(ctx, &Frame { title, class, live }, &inner)
}

/// The page for coming in: one card in the middle.
#[must_use]
pub fn sign_in_page(ctx: &PageContext, title: &str, body: Markup) -> Markup {
    let inner = html! {
        main #main .card-main tabindex="-1" {
            div .brand.large { (mark()) span { (ctx.clinic.name) } }
            div .card { h1 { (title) } (body) }
            p .quiet.center {
                "In a crisis: call " (phone_link(&ctx.clinic.crisis_number)) ", veterans " (ctx.clinic.crisis_veterans)
                ". In danger: " (phone_link(&ctx.clinic.emergency_number)) "."
            }
        }
    };
    document(ctx, &Frame { title, class: "staff plain", live: None }, &inner)
}

/// A page about the reader's own account, in the frame that they know.
#[must_use]
pub fn account_page(ctx: &PageContext, title: &str, body: Markup) -> Markup {
    match &ctx.principal {
        Some(person) if person.staff().is_some() => staff_page(ctx, title, "", html! { div .narrow { (body) } }),
        Some(_) => phone_page(ctx, title, body),
        None => sign_in_page(ctx, title, body),
    }
}

/// What went wrong, for whoever asked: in the phone's frame for patients and companions, in the staff's otherwise.
#[must_use]
pub fn problem_page(ctx: &PageContext, problem: &Problem, phone: bool) -> Markup {
    let home = ctx.principal.as_ref().map_or("/", crate::auth::home);
    let on_phone = ctx.principal.as_ref().map_or(phone, |person| person.staff().is_none());
    let body = html! {
        p .lead { (problem.what) }
        p { (problem.next) }
        p { a .button href=(home) { "To the first page" } }
        p .quiet { "Your team answers at " (phone_link(&ctx.clinic.on_call_phone)) "." }
    };
    if on_phone {
        phone_page(ctx, &problem.title, body)
    } else if ctx.principal.is_some() {
        staff_page(ctx, &problem.title, "", notice(Notice::Quiet, body))
    } else {
        sign_in_page(ctx, &problem.title, body)
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
