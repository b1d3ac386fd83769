//! A form as a browser sees it: where it is sent, what it carries, and what can be typed or chosen in it.
//!
//! Filling in a field that the form does not have, or choosing what it does not offer, fails the test. A page and its
//! reading that disagree about a name are found so.

#![allow(dead_code, clippy::panic, missing_docs)]

use crate::support::{Browser, Page};

/// One control of a form.
#[derive(Clone, Debug)]
enum Control {
    /// Sent as it came.
    Hidden(String, String),
    /// Typed into; what was typed before is in it.
    Text(String, String),
    /// A radio button, a box, one line of a list or a button that sends, and whether it is chosen.
    Choice(String, String, bool),
}

/// A form of a page.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    controls: Vec<Control>,
}

impl Form {
    /// All forms of a page, in their order.
    pub fn all(page: &str) -> Vec<Self> {
        page.split("<form").skip(1).map(|rest| Self::read(rest.split("</form>").next().unwrap_or_default())).collect()
    }

    /// The forms of a page that carry this name.
    pub fn named(page: &str, name: &str) -> Vec<Self> {
        Self::all(page).into_iter().filter(|form| form.value("form") == Some(name)).collect()
    }

    /// The only form of a page that carries this name.
    #[track_caller]
    pub fn of(page: &str, name: &str) -> Self {
        let mut found = Self::named(page, name);
        match (found.pop(), found.is_empty()) {
            (Some(form), true) => form,
            (None, _) => panic!("the page has no form {name}"),
            (Some(_), false) => panic!("the page has several forms {name}"),
        }
    }

    /// The only form of a page that is sent to an address with this ending.
    #[track_caller]
    pub fn sent_to(page: &str, ending: &str) -> Self {
        let mut found: Vec<_> = Self::all(page).into_iter().filter(|form| form.action.ends_with(ending)).collect();
        match (found.pop(), found.is_empty()) {
            (Some(form), true) => form,
            _ => panic!("the page has not exactly one form sent to {ending}"),
        }
    }

    fn read(source: &str) -> Self {
        let (opening, inside) = source.split_once('>').unwrap_or((source, ""));
        let (mut controls, mut list) = (Vec::new(), String::new());
        for piece in inside.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
            let name = attribute(tag, "name").unwrap_or_default();
            let value = attribute(tag, "value").unwrap_or_default();
            match tag.split([' ', '>']).next().unwrap_or_default() {
                "input" => match attribute(tag, "type").as_deref() {
                    Some("hidden") => controls.push(Control::Hidden(name, value)),
                    Some("radio" | "checkbox") => controls.push(Control::Choice(name, value, has(tag, "checked"))),
                    _ => controls.push(Control::Text(name, value)),
                },
                "textarea" => {
                    controls.push(Control::Text(name, plain(text.strip_prefix('\n').unwrap_or(text))));
                }
                "select" => list = name,
                "option" => controls.push(Control::Choice(list.clone(), value, has(tag, "selected"))),
                "button" if !name.is_empty() => controls.push(Control::Choice(name, value, false)),
                _ => {}
            }
        }
        Self { action: attribute(opening, "action").unwrap_or_default(), controls }
    }

    /// What a control holds now.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.controls.iter().find_map(|control| match control {
            Control::Hidden(n, v) | Control::Text(n, v) | Control::Choice(n, v, true) if n == name => Some(v.as_str()),
            _ => None,
        })
    }

    /// What is offered under a name.
    pub fn offers(&self, name: &str) -> Vec<&str> {
        self.controls
            .iter()
            .filter_map(|control| match control {
                Control::Choice(n, v, _) if n == name && !v.is_empty() => Some(v.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The form with something typed into a field, or chosen from what it offers.
    #[must_use]
    #[track_caller]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let mut done = false;
        for control in &mut self.controls {
            match control {
                Control::Text(n, v) if n == name => {
                    value.clone_into(v);
                    done = true;
                }
                Control::Choice(n, v, chosen) if n == name => {
                    *chosen = v == value;
                    done |= *chosen;
                }
                _ => {}
            }
        }
        assert!(done, "the form sent to {} takes no {name} of {value:?}: {:?}", self.action, self.controls);
        self
    }

    /// Sends the form as it stands: what it carries, what is typed, and what is chosen.
    pub async fn send(&self, browser: &mut Browser) -> Page {
        self.send_without("", browser).await
    }

    /// Sends the form as it stands, but for one field.
    pub async fn send_without(&self, left_out: &str, browser: &mut Browser) -> Page {
        let fields: Vec<(&str, &str)> = self
            .controls
            .iter()
            .filter_map(|control| match control {
                Control::Hidden(n, v) | Control::Text(n, v) | Control::Choice(n, v, true) => {
                    Some((n.as_str(), v.as_str()))
                }
                Control::Choice(..) => None,
            })
            .filter(|(name, _)| *name != left_out)
            .collect();
        let bare = Page {
            status: axum::http::StatusCode::OK,
            headers: axum::http::HeaderMap::new(),
            location: String::new(),
            body: String::new(),
        };
        browser.send_again(&bare, &self.action, &fields).await
    }
}

/// The value of an attribute, as the reader of the page has it.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(plain)
}

fn has(tag: &str, name: &str) -> bool {
    tag.split(' ').any(|word| word == name)
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}
