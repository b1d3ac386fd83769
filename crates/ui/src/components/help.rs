//! Help on a phone: a sheet that the page holds from the start, so that it is there with no network at all.
//!
//! It has two parts that are never mixed. *NOT sent yet* is the phone's own word, shown from the moment of the press until
//! the server has answered. What the server knows of a call is a piece of the page that only the server writes; the
//! sheet shows a copy of it.

use maud::{Markup, html};

use super::tel;

/// A sheet for help.
#[derive(Clone, Debug)]
pub struct HelpSheet<'h> {
    /// The id of its element.
    pub id: &'h str,
    /// What it is about, as its heading.
    pub title: &'h str,
    /// Where the team on call answers.
    pub team: &'h str,
    /// The emergency number.
    pub emergency: &'h str,
    /// The emergency number stands first, and the sheet is one of numbered steps: somebody does not answer, or is blue.
    pub is_grave: bool,
    /// What to read to whoever answers there.
    pub aloud: Markup,
    /// What to do meanwhile.
    pub meanwhile: Markup,
    /// What the server knows of a call, when the page was made.
    pub told: Markup,
    /// The form that tells the team, for when nobody has been told.
    pub ask: Markup,
    /// What stands at the foot: the ways out of the sheet.
    pub doors: Markup,
}

impl HelpSheet<'_> {
    /// The sheet as part of another page: hidden until it is needed, over everything then.
    #[must_use]
    pub fn over_the_page(&self) -> Markup {
        html! {
            dialog id=(self.id) .sheet.help-sheet data-help-sheet aria-labelledby={ (self.id) "-title" } {
                h2 id={ (self.id) "-title" } { (self.title) }
                (self.body())
                div .doors { (self.doors) }
            }
        }
    }

    /// The sheet as a page of its own, which has its heading already.
    #[must_use]
    pub fn as_page(&self) -> Markup {
        html! { div id=(self.id) .help-sheet data-help-sheet { (self.body()) div .doors { (self.doors) } } }
    }

    fn body(&self) -> Markup {
        let not_sent = not_sent();
        html! {
            @if self.is_grave {
                (emergency(self.emergency, "1. Call ", " on speaker", true))
                (self.read_aloud("2. Read this aloud"))
                (self.meanwhile)
                (not_sent)
                div data-told { (self.told) }
                (team(self.team, false))
            } @else {
                (not_sent)
                div data-told { (self.told) }
                (team(self.team, true))
                (emergency(self.emergency, "Emergency ", "", false))
                (self.read_aloud("Read this aloud"))
                (self.meanwhile)
            }
            div .ask data-ask { (self.ask) }
            p .quiet.tries data-unsent-tries hidden {}
        }
    }

    fn read_aloud(&self, heading: &str) -> Markup {
        html! { section .read-aloud { h3 { (heading) } (self.aloud) } }
    }
}

/// What a page says of a call that has not left the phone; hidden until there is one.
#[must_use]
pub fn not_sent() -> Markup {
    html! {
        div .not-sent data-unsent hidden {
            p .not-sent-head { "NOT sent yet." }
            p { span data-unsent-why { "Nothing has come back from your team yet." } " " strong { "Call now." } }
        }
    }
}

/// Calling the team, or writing to them where a call cannot be made.
fn team(number: &str, is_first: bool) -> Markup {
    // The mark before the ampersand is for the phones that ask for one, the ampersand for those that ask for that.
    let text =
        format!("sms:{}?&body=I%20need%20help.%20Please%20call%20me%20now.", tel(number).trim_start_matches("tel:"));
    html! {
        div .reach {
            a .button.call.first[is_first] href=(tel(number)) autofocus[is_first] { span { "Call your team" } strong { (number) } }
            a .button.call.text href=(text) { span { "Text" } strong aria-hidden="true" { "✉" } span .sr { " your team: I need help" } }
        }
    }
}

fn emergency(number: &str, before: &str, after: &str, is_first: bool) -> Markup {
    html! { a .button.call.emergency.first[is_first] autofocus[is_first] href=(tel(number)) { span { (before) strong { (number) } (after) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(is_grave: bool) -> HelpSheet<'static> {
        HelpSheet {
            id: "help-sheet",
            title: "Help",
            team: "555-0100",
            emergency: "911",
            is_grave,
            aloud: html! { p { "1 Example Street" } },
            meanwhile: html! {},
            told: html! {},
            ask: html! {},
            doors: html! {},
        }
    }

    #[test]
    fn a_sheet_holds_what_is_needed_with_no_network() {
        for drawn in [sheet(false).over_the_page(), sheet(true).over_the_page(), sheet(false).as_page()] {
            let drawn = drawn.into_string();
            for needed in ["tel:5550100", "sms:5550100?&amp;body=", "tel:911", "1 Example Street", "NOT sent yet"] {
                assert!(drawn.contains(needed), "{needed} is missing from {drawn}");
            }
        }
    }

    #[test]
    fn a_grave_sheet_puts_the_emergency_number_first() {
        let place = |is_grave, number: &str| sheet(is_grave).over_the_page().into_string().find(number);
        assert!(place(true, "tel:911") < place(true, "tel:5550100"));
        assert!(place(false, "tel:5550100") < place(false, "tel:911"));
    }
}
