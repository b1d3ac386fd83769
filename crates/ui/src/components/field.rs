//! Form fields: label, hint, the error beside the field, and what was typed kept as it was.

use maud::{Markup, Render, html};

use crate::{FormValues, PageFrame};

/// What kind of control a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Line,
    Password,
    Area,
    Date,
    DateTime,
}

/// One field of text.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    kind: Kind,
    hint: Option<&'a str>,
    unit: Option<&'a str>,
    autocomplete: Option<&'a str>,
    inputmode: Option<&'a str>,
    required: bool,
    value: &'a str,
    error: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// A line of text.
    #[must_use]
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            kind: Kind::Line,
            hint: None,
            unit: None,
            autocomplete: None,
            inputmode: None,
            required: false,
            value: "",
            error: None,
        }
    }

    /// A number, with its unit behind it. What is typed stays text, so that a slip is shown and not swallowed.
    #[must_use]
    pub fn number(name: &'a str, label: &'a str, unit: &'a str) -> Self {
        Self { unit: Some(unit), inputmode: Some("decimal"), autocomplete: Some("off"), ..Self::new(name, label) }
    }

    /// A password. It is never shown again, whatever was typed.
    #[must_use]
    pub fn password(name: &'a str, label: &'a str) -> Self {
        Self { kind: Kind::Password, ..Self::new(name, label) }
    }

    /// Several lines of text.
    #[must_use]
    pub fn area(name: &'a str, label: &'a str) -> Self {
        Self { kind: Kind::Area, ..Self::new(name, label) }
    }

    /// A date.
    #[must_use]
    pub fn date(name: &'a str, label: &'a str) -> Self {
        Self { kind: Kind::Date, ..Self::new(name, label) }
    }

    /// A date and time of the clinic's wall clock.
    #[must_use]
    pub fn date_time(name: &'a str, label: &'a str) -> Self {
        Self { kind: Kind::DateTime, ..Self::new(name, label) }
    }

    /// A sentence under the label.
    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// What the browser may fill in.
    #[must_use]
    pub fn autocomplete(self, autocomplete: &'a str) -> Self {
        Self { autocomplete: Some(autocomplete), ..self }
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub fn inputmode(self, inputmode: &'a str) -> Self {
        Self { inputmode: Some(inputmode), ..self }
    }

    /// Marks the field as one that must be filled in. The server decides; the mark only says so.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Takes the value and the error from what was sent.
    #[must_use]
    pub fn typed(self, typed: &'a FormValues) -> Self {
        Self { value: typed.get(self.name), error: typed.error(self.name), ..self }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = format!("f-{}", self.name);
        let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
        let described = match (self.hint, self.error) {
            (Some(_), Some(_)) => Some(format!("{hint_id} {error_id}")),
            (Some(_), None) => Some(hint_id.clone()),
            (None, Some(_)) => Some(error_id.clone()),
            (None, None) => None,
        };
        let invalid = self.error.map(|_| "true");
        let required = self.required.then_some("true");
        let kind = match self.kind {
            Kind::Line | Kind::Area => "text",
            Kind::Password => "password",
            Kind::Date => "date",
            Kind::DateTime => "datetime-local",
        };
        let value = Some(self.value).filter(|value| self.kind != Kind::Password && !value.is_empty());
        html! {
            div .field.wrong[self.error.is_some()] {
                label for=(id) { (self.label) }
                @if let Some(hint) = self.hint { p .hint id=(hint_id) { (hint) } }
                @if let Some(error) = self.error { p .error id=(error_id) { (error) } }
                @if self.kind == Kind::Area {
                    textarea id=(id) name=(self.name) rows="4" aria-describedby=[described] aria-invalid=[invalid] aria-required=[required] {
                        // A browser drops the first line break of a text area, so one is written for it to drop.
                        "\n" (self.value)
                    }
                } @else {
                    span .with-unit {
                        input id=(id) name=(self.name) type=(kind) value=[value] autocomplete=[self.autocomplete]
                            inputmode=[self.inputmode] aria-describedby=[described] aria-invalid=[invalid] aria-required=[required];
                        @if let Some(unit) = self.unit { span .unit { (unit) } }
                    }
                }
            }
        }
    }
}

/// How a group of choices is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    One,
    Several,
    List,
}

/// A question with given answers: one of them, several, or one from a list.
#[derive(Clone, Debug)]
pub struct FieldGroup<'a> {
    name: &'a str,
    label: &'a str,
    choice: Choice,
    hint: Option<&'a str>,
    options: Vec<(String, String)>,
    chosen: Vec<&'a str>,
    error: Option<&'a str>,
}

impl<'a> FieldGroup<'a> {
    fn of(choice: Choice, name: &'a str, label: &'a str, options: Vec<(String, String)>) -> Self {
        Self { name, label, choice, hint: None, options, chosen: Vec::new(), error: None }
    }

    /// One answer; nothing is chosen beforehand. Options are value and words.
    #[must_use]
    pub fn one(name: &'a str, label: &'a str, options: Vec<(String, String)>) -> Self {
        Self::of(Choice::One, name, label, options)
    }

    /// Any number of answers.
    #[must_use]
    pub fn several(name: &'a str, label: &'a str, options: Vec<(String, String)>) -> Self {
        Self::of(Choice::Several, name, label, options)
    }

    /// One answer from a drop-down list that begins with none chosen.
    #[must_use]
    pub fn list(name: &'a str, label: &'a str, options: Vec<(String, String)>) -> Self {
        Self::of(Choice::List, name, label, options)
    }

    /// A single box to tick, sent as `yes`.
    #[must_use]
    pub fn tick(name: &'a str, label: &'a str, words: &str) -> Self {
        Self::of(Choice::Several, name, label, vec![("yes".into(), words.into())])
    }

    /// A sentence under the question.
    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Takes the choice and the error from what was sent.
    #[must_use]
    pub fn typed(self, typed: &'a FormValues) -> Self {
        Self { chosen: typed.all(self.name).collect(), error: typed.error(self.name), ..self }
    }
}

impl Render for FieldGroup<'_> {
    fn render(&self) -> Markup {
        let id = format!("f-{}", self.name);
        let error_id = format!("{id}-error");
        let described = self.error.map(|_| error_id.clone());
        let chosen = |value: &str| self.chosen.contains(&value);
        let above = html! {
            @if let Some(hint) = self.hint { p .hint { (hint) } }
            @if let Some(error) = self.error { p .error id=(error_id) { (error) } }
        };
        if self.choice == Choice::List {
            return html! {
                div .field.wrong[self.error.is_some()] {
                    label for=(id) { (self.label) }
                    (above)
                    select id=(id) name=(self.name) aria-describedby=[described] {
                        option value="" selected[self.chosen.is_empty()] { "Choose" }
                        @for (value, words) in &self.options {
                            option value=(value) selected[chosen(value)] { (words) }
                        }
                    }
                }
            };
        }
        let kind = if self.choice == Choice::One { "radio" } else { "checkbox" };
        html! {
            fieldset .field.choices.wrong[self.error.is_some()] id=(id) tabindex="-1" aria-describedby=[described] {
                legend { (self.label) }
                (above)
                @for (index, (value, words)) in self.options.iter().enumerate() {
                    label .choice for=(format!("{id}-{index}")) {
                        input id=(format!("{id}-{index}")) type=(kind) name=(self.name) value=(value) checked[chosen(value)];
                        span { (words) }
                    }
                }
            }
        }
    }
}

/// Everything that is wrong with a form, each a link to its field. Empty when nothing is.
#[must_use]
pub fn error_summary(typed: &FormValues) -> Markup {
    html! {
        @if !typed.is_sound() {
            div .error-summary role="alert" tabindex="-1" data-focus {
                h2 { "Please look at this again" }
                p { "Nothing has been saved yet. What you typed is still here." }
                ul { @for (name, says) in typed.errors() { li { a href=(format!("#f-{name}")) { (says) } } } }
            }
        }
    }
}

/// A button for something grave: held down for `hold_ms`; let go early, it asks. Without script the form goes off unconfirmed,
/// and the server asks with [`confirm_form`].
#[must_use]
pub fn hold_button(words: &str, hold_ms: u32, class: &str) -> Markup {
    html! {
        button class={ "button hold " (class) } type="submit" data-hold=(hold_ms) {
            span .hold-fill aria-hidden="true" {}
            span .hold-words { (words) }
            span .hold-how { (hold_how(hold_ms)) }
        }
    }
}

/// How it is held, in words: "Hold for 1 second".
fn hold_how(hold_ms: u32) -> String {
    match hold_ms {
        1000 => "Hold for 1 second".to_owned(),
        _ => format!("Hold for {} seconds", f64::from(hold_ms) / 1000.0),
    }
}

/// The same for a call for help: let go early, it asks whether help was meant.
#[must_use]
pub fn help_button(words: &str) -> Markup {
    html! {
        button .button.hold type="submit" data-hold="1000" data-ask="Did you want help?" {
            span .hold-fill aria-hidden="true" {}
            span .hold-words { (words) }
            span .hold-how { (hold_how(1000)) }
        }
    }
}

/// Asks once more before something grave, carrying everything that was sent.
#[must_use]
pub fn confirm_form(
    frame: &PageFrame,
    action: &str,
    typed: &FormValues,
    question: &str,
    yes: &str,
    back: &str,
) -> Markup {
    html! {
        p .lead { (question) }
        form method="post" action=(action) .stack data-once {
            (frame.csrf_field())
            @for (name, value) in typed.fields().filter(|(name, _)| !matches!(*name, "csrf" | "confirmed")) {
                input type="hidden" name=(name) value=(value);
            }
            button .button.primary type="submit" name="confirmed" value="yes" { (yes) }
            a .button href=(back) { "No, go back" }
        }
    }
}
