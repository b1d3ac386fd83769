//! The consent texts, versioned data in `consent/`. A text that changes gets a new version; an old signature then no longer
//! opens a gate, and the old text can still be opened by whoever signed it.
//!
//! The statements follow clinical reference 0.1, 4.6, 6 and 7. They are a proposal: a clinic's own counsel signs its text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use crate::data_file::{DataFileError, is_id, is_language_tag, parsed};

/// One statement that is ticked by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Stored id.
    pub id: String,
    /// The words, in plain language.
    pub text: String,
}

/// A consent text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// Id with version: `home-1`. It is what a signature is stored with.
    pub id: String,
    /// Version: `1`.
    pub version: String,
    /// The language in which it is signed, as a tag of BCP 47: `en-US`.
    pub language: String,
    /// Includes the notice on compounded products taken at home.
    pub home_notice: bool,
    /// Title.
    pub title: String,
    /// What is read before the statements, in order.
    pub paragraphs: Vec<String>,
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    schema: Spanned<String>,
    id: Spanned<String>,
    version: Spanned<String>,
    language: Spanned<String>,
    home_notice: bool,
    title: Spanned<String>,
    paragraphs: Vec<Spanned<String>>,
    statements: Spanned<Vec<Spanned<Statement>>>,
}

impl ConsentText {
    /// Reads a consent text.
    ///
    /// # Errors
    /// [`DataFileError`] with file, line, what is wrong and what would be right.
    pub fn read(file: &str, text: &str) -> Result<Self, DataFileError> {
        let refuse = |at: usize, problem: String, expected: &str| DataFileError::at(file, text, at, problem, expected);
        let raw: Raw = parsed(file, text, "a consent/1 file; the built-in texts show its keys")?;
        if raw.schema.get_ref() != "consent/1" {
            let problem = format!("schema is {:?}", raw.schema.get_ref());
            return Err(refuse(raw.schema.span().start, problem, "schema = \"consent/1\""));
        }
        let number = raw.version.get_ref();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            let problem = format!("version {number:?} cannot be used");
            return Err(refuse(raw.version.span().start, problem, "a whole number, for example version = \"2\""));
        }
        let name = raw.id.get_ref().strip_suffix(number.as_str()).and_then(|id| id.strip_suffix('-'));
        if !name.is_some_and(is_id) {
            let problem = format!("id {:?} cannot be used with version {number:?}", raw.id.get_ref());
            return Err(refuse(raw.id.span().start, problem, "a name and the version: home-2"));
        }
        if !is_language_tag(raw.language.get_ref()) {
            let problem = format!("language {:?} cannot be used", raw.language.get_ref());
            return Err(refuse(raw.language.span().start, problem, "a language tag such as en-US"));
        }
        for words in std::iter::once(&raw.title).chain(&raw.paragraphs) {
            if words.get_ref().trim().is_empty() {
                return Err(refuse(words.span().start, "the title or a paragraph is empty".into(), "its words"));
            }
        }
        let statements = check_statements(raw.statements, &refuse)?;
        Ok(Self {
            id: raw.id.into_inner(),
            version: raw.version.into_inner(),
            language: raw.language.into_inner(),
            home_notice: raw.home_notice,
            title: raw.title.into_inner(),
            paragraphs: raw.paragraphs.into_iter().map(Spanned::into_inner).collect(),
            statements,
        })
    }
}

/// A text without statements could be signed without ticking anything; two with one id would be ticked as one.
fn check_statements(
    raw: Spanned<Vec<Spanned<Statement>>>,
    refuse: &dyn Fn(usize, String, &str) -> DataFileError,
) -> Result<Vec<Statement>, DataFileError> {
    let at = raw.span().start;
    let mut seen = BTreeSet::new();
    let mut statements = Vec::new();
    for statement in raw.into_inner() {
        let at = statement.span().start;
        let statement = statement.into_inner();
        if !is_id(&statement.id) {
            let problem = format!("the id {:?} of a statement cannot be used", statement.id);
            return Err(refuse(at, problem, "lower-case letters, digits and hyphens"));
        }
        if statement.text.trim().is_empty() {
            return Err(refuse(at, format!("statement {:?} says nothing", statement.id), "its words"));
        }
        if !seen.insert(statement.id.clone()) {
            return Err(refuse(at, format!("statement {:?} stands twice", statement.id), "an id of its own"));
        }
        statements.push(statement);
    }
    if statements.is_empty() {
        return Err(refuse(at, "there is no statement to tick".into(), "one [[statements]] or more"));
    }
    Ok(statements)
}

static BUILT_IN: LazyLock<Vec<ConsentText>> =
    LazyLock::new(|| BUILT_IN_TEXTS.iter().filter_map(|(file, text)| ConsentText::read(file, text).ok()).collect());

const BUILT_IN_TEXTS: &[(&str, &str)] = &[
    ("clinic-1.toml", include_str!("../consent/clinic-1.toml")),
    ("home-1.toml", include_str!("../consent/home-1.toml")),
];

/// Every text ever in force, oldest first; a test shows that each of them can be read.
#[must_use]
pub fn texts() -> &'static [ConsentText] {
    &BUILT_IN
}

/// The text with an id.
#[must_use]
pub fn text(id: &str) -> Option<&'static ConsentText> {
    texts().iter().find(|text| text.id == id)
}

/// All ids.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    texts().iter().map(|text| text.id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::protocol::Protocols;

    fn check_refused(change: (&str, &str), on_line_with: &str, says: &str) {
        let (file, text) = BUILT_IN_TEXTS[1];
        assert!(text.contains(change.0), "the sample does not contain {:?}", change.0);
        let broken = text.replacen(change.0, change.1, 1);
        let error = ConsentText::read(file, &broken).unwrap_err();
        let said = error.to_string();
        assert!(said.contains(says), "{said}");
        assert!(said.starts_with("home-1.toml, line "), "{said}");
        let line = broken.lines().position(|line| line.contains(on_line_with)).unwrap() + 1;
        assert_eq!(error.line, line, "{said}");
    }

    #[test]
    fn every_built_in_text_can_be_read_and_its_file_bears_its_id() {
        for (file, text) in BUILT_IN_TEXTS {
            let read = ConsentText::read(file, text).unwrap();
            assert_eq!(format!("{}.toml", read.id), *file);
        }
        assert_eq!(texts().len(), BUILT_IN_TEXTS.len());
        assert_eq!(ids().into_iter().collect::<BTreeSet<_>>().len(), texts().len(), "an id stands twice");
    }

    /// A signature names its version for good: a text that was once in force can always be opened.
    #[test]
    fn every_version_ever_in_force_can_be_opened() {
        for id in ["clinic-1", "home-1"] {
            assert_eq!(text(id).unwrap().id, id);
        }
        assert!(text("home-99").is_none());
    }

    #[test]
    fn every_protocol_asks_for_a_text_that_exists_and_suits_its_setting() {
        for protocol in Protocols::built_in().iter() {
            let asked = text(&protocol.consent).unwrap();
            assert_eq!(asked.home_notice, protocol.setting == crate::facts::Setting::Home, "{}", protocol.id);
        }
    }

    #[test]
    fn a_malformed_text_is_refused_with_file_line_and_what_was_expected() {
        check_refused(("schema = \"consent/1\"", "schema = \"consent/9\""), "consent/9", "consent/1");
        check_refused(("version = \"1\"", "version = \"one\""), "\"one\"", "a whole number");
        check_refused(("version = \"1\"", "version = \"2\""), "id = \"home-1\"", "a name and the version");
        check_refused(("id = \"home-1\"", "id = \"Home-1\""), "Home-1", "a name and the version");
        check_refused(("language = \"en-US\"", "language = \"\""), "language = ", "a language tag");
        check_refused(("title = ", "titel = "), "titel", "titel");
        check_refused(("paragraphs = []", "paragraphs = [\"\"]"), "paragraphs", "empty");
        check_refused(("home_notice = true", "home_notice = \"yes\""), "home_notice", "boolean");
    }

    #[test]
    fn a_text_whose_statements_cannot_be_told_apart_or_say_nothing_is_refused() {
        let read = |statements: &str| {
            let (file, text) = BUILT_IN_TEXTS[0];
            let head = text.split("[[statements]]").next().unwrap();
            ConsentText::read(file, &format!("{head}{statements}")).map_err(|error| error.to_string())
        };
        let one = |id: &str, text: &str| format!("[[statements]]\nid = \"{id}\"\ntext = \"{text}\"\n");
        assert!(read(&one("a", "A.")).is_ok());
        assert!(read("statements = []\n").unwrap_err().contains("no statement"));
        assert!(read(&one("a", "")).unwrap_err().contains("says nothing"));
        assert!(read(&one("A b", "A.")).unwrap_err().contains("cannot be used"));
        assert!(read(&format!("{}{}", one("a", "A."), one("a", "B."))).unwrap_err().contains("stands twice"));
    }
}
