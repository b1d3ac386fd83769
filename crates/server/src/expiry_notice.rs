//! The notice that a dated rule ends soon, or has ended: on the pages where staff begin, plan and look at the programme.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use stillwater_care::telemedicine::{Expiry, Telemedicine};
use stillwater_ui::{self as ui, Notice};

/// What is told on a day; nothing while no rule is near its end.
pub fn for_day(today: Date) -> Markup {
    html! { @for expiry in Telemedicine::built_in().expiring(today) { (notice(&expiry)) } }
}

/// As above for a page that is of no one patient: the day is that of UTC.
pub fn at(now_ms: i64) -> Markup {
    for_day(stillwater_clinic::clock::timestamp_of(now_ms).to_zoned(TimeZone::UTC).date())
}

fn notice(expiry: &Expiry<'_>) -> Markup {
    let rule = expiry.rule;
    let source = html! { a href=(rule.link) { (rule.title) } };
    ui::notice(
        Notice::Due,
        html! {
            @if expiry.days_left < 0 {
                p { strong { "The telemedicine rule of " (rule.jurisdiction) " ended on " (rule.until) "." } " Orders, sessions and doses at home are held there for everybody whom nobody has examined in person. Source: " (source) "." }
            } @else {
                p { strong { "The telemedicine rule of " (rule.jurisdiction) " ends on " (rule.until) "," @match expiry.days_left { 0 => " today", 1 => " tomorrow", days => { " in " (days) " days" } } "." } " After that day, orders, sessions and doses at home are held there for everybody whom nobody has examined in person. Source: " (source) "." }
            }
        },
    )
}
