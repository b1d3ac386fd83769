//! What a person typed into a form, kept as they typed it, with what is wrong beside each field.

use std::collections::BTreeMap;
use std::str::FromStr;

/// A form's values: every field in order, and the errors found in it.
#[derive(Clone, Debug, Default)]
pub struct FormValues {
    fields: Vec<(String, String)>,
    errors: BTreeMap<String, String>,
}

impl FormValues {
    /// A form that nobody has filled in yet.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// Takes fields as they are, in the order sent.
    #[must_use]
    pub fn from_fields(fields: Vec<(String, String)>) -> Self {
        Self { fields, errors: BTreeMap::new() }
    }

    /// Every field, in the order sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What was typed in `name`, untouched; empty when the field was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
    }

    /// Every value sent for `name`: the ticked boxes of a group.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields().filter(move |(field, _)| *field == name).map(|(_, value)| value)
    }

    /// The trimmed text of `name`, or `None` when nothing was written.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.get(name), "yes" | "on" | "true" | "1")
    }

    /// Sets a value, so that a form can be shown with it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.into(), value.into()));
    }

    /// Sets one more value of a field that can have several, such as a group of boxes.
    pub fn add(&mut self, name: &str, value: &str) {
        self.fields.push((name.into(), value.into()));
    }

    /// Notes what is wrong with a field. The first note stands.
    pub fn wrong(&mut self, name: &str, says: impl Into<String>) {
        self.errors.entry(name.into()).or_insert_with(|| says.into());
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// Everything that is wrong, by field.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.errors.iter().map(|(name, says)| (name.as_str(), says.as_str()))
    }

    /// Whether nothing is wrong so far.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.errors.is_empty()
    }

    /// The trimmed text of `name`; notes `says` when there is none.
    pub fn required(&mut self, name: &str, says: &str) -> String {
        match self.text(name) {
            Some(text) => text.to_owned(),
            None => {
                self.wrong(name, says);
                String::new()
            }
        }
    }

    /// The value of `name` read as a `T`: `None` when nothing was written, and a note when it cannot be read.
    /// A decimal comma is understood as a point.
    pub fn optional<T: FromStr>(&mut self, name: &str, says: &str) -> Option<T> {
        let text = self.text(name)?.replace(',', ".");
        let read = text.parse().ok();
        if read.is_none() {
            self.wrong(name, says);
        }
        read
    }

    /// The value of `name` read as a `T`; notes `says` when there is none or it cannot be read.
    pub fn needed<T: FromStr>(&mut self, name: &str, says: &str) -> Option<T> {
        let read = self.optional(name, says);
        if read.is_none() {
            self.wrong(name, says);
        }
        read
    }

    /// Whether the person has confirmed a press-and-hold action.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        self.ticked("confirmed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_number_stays_in_its_field_with_a_note() {
        let typed = [("weight", "7o"), ("height", "1,72")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut typed = FormValues::from_fields(typed.to_vec());
        assert_eq!(typed.needed::<f64>("weight", "Write a number, such as 70.5."), None);
        assert_eq!(typed.needed::<f64>("height", "Write a number."), Some(1.72));
        assert_eq!(typed.needed::<u16>("pulse", "Write the pulse."), None);
        assert_eq!(typed.get("weight"), "7o");
        assert_eq!(typed.error("weight"), Some("Write a number, such as 70.5."));
        assert_eq!(typed.error("pulse"), Some("Write the pulse."));
        assert!(!typed.is_sound());
    }
}
