//! The messages of one language, and how one of them is said.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;

use crate::Language;
use crate::reviewed::Reviews;

/// A value put into a message: a number (which may choose a plural) or a text.
pub type Value<'a> = FluentValue<'a>;

/// The note beside English words that stand in for a translation nobody has reviewed.
const UNREVIEWED: &str = "words-unreviewed";

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::load(Language::ENGLISH, &Reviews::carried()));
static OTHERS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let reviews = Reviews::carried();
    Language::all().filter(|language| *language != Language::ENGLISH).map(|it| Words::load(it, &reviews)).collect()
});

/// Everything that can be said in one language.
pub struct Words {
    tag: String,
    bundle: FluentBundle<Arc<FluentResource>>,
    sources: BTreeMap<String, Message>,
    /// The messages that take no value, said once when the language is loaded: most of a page is made of these.
    fixed: HashMap<String, String>,
    /// Clinical messages of this language whose translation nobody has reviewed.
    unreviewed: BTreeSet<String>,
}

/// What is known of a message besides its words.
struct Message {
    /// The message as Fluent prints it; what a review stands for.
    text: String,
    variables: BTreeSet<String>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.tag).finish_non_exhaustive()
    }
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        OTHERS.iter().find(|words| words.tag == language.tag()).unwrap_or(&ENGLISH)
    }

    /// The English words.
    #[must_use]
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    /// A language made for a test: every sentence of English after `change`, its variables in place.
    #[must_use]
    pub fn changed_for_test(change: fn(&str) -> Cow<'_, str>) -> Self {
        let mut words = Self::load(Language::ENGLISH, &Reviews::default());
        words.tag = "en-x-changed".to_owned();
        words.bundle.set_transform(Some(change));
        words.fix();
        words
    }

    fn load(language: Language, reviews: &Reviews) -> Self {
        let texts = language.files().iter().map(|(_, text)| *text);
        if language == Language::ENGLISH {
            return Self::from_texts(language.tag(), texts).0;
        }
        Self::translated(language.tag(), texts, &ENGLISH, reviews)
    }

    /// A translation, held against English and the reviews.
    fn translated<'t>(tag: &str, texts: impl Iterator<Item = &'t str>, english: &Self, reviews: &Reviews) -> Self {
        let mut words = Self::from_texts(tag, texts).0;
        for (id, message) in words.sources.iter().filter(|(id, _)| Reviews::needed(id)) {
            let first = english.sources.get(id).map(|english| english.text.as_str()).unwrap_or_default();
            if !reviews.cover(tag, id, first, &message.text) {
                words.unreviewed.insert(id.clone());
            }
        }
        words
    }

    /// The words of some files, and what is wrong with them. What can be read is used; a test shows that all can.
    fn from_texts<'t>(tag: &str, texts: impl Iterator<Item = &'t str>) -> (Self, Vec<String>) {
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().unwrap_or_default()]);
        // Else every value stands between two invisible characters, which break copying and some fonts.
        bundle.set_use_isolating(false);
        let mut sources = BTreeMap::new();
        let mut faults = Vec::new();
        for text in texts {
            let resource = match FluentResource::try_new(text.to_owned()) {
                Ok(resource) => resource,
                Err((resource, errors)) => {
                    faults.extend(errors.iter().map(ToString::to_string));
                    resource
                }
            };
            for entry in resource.entries() {
                if let ast::Entry::Message(message) = entry {
                    sources.insert(message.id.name.to_owned(), Message::of(message));
                }
            }
            if let Err(errors) = bundle.add_resource(Arc::new(resource)) {
                faults.extend(errors.iter().map(ToString::to_string));
            }
        }
        let mut words =
            Self { tag: tag.to_owned(), bundle, sources, fixed: HashMap::new(), unreviewed: BTreeSet::new() };
        words.fix();
        (words, faults)
    }

    /// Says every message that takes no value, once for all.
    fn fix(&mut self) {
        let without_values = self.sources.iter().filter(|(_, message)| message.variables.is_empty());
        self.fixed = without_values.filter_map(|(id, _)| Some((id.clone(), self.resolve(id, &[])?))).collect();
    }

    /// The language's tag, for `lang` in a page.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// One message. A message that this language lacks is said in English, and one that English lacks is its id.
    #[must_use]
    pub fn say(&self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        if self.unreviewed.contains(id) {
            return format!("{} {}", ENGLISH.say(id, values), self.say(UNREVIEWED, &[])).trim().to_owned();
        }
        let found = self.own(id, values).or_else(|| ENGLISH.own(id, values));
        found.unwrap_or_else(|| id.to_owned())
    }

    /// The word for a code: the message `<family>-<code>`; the code itself when there is none.
    #[must_use]
    pub fn code(&self, family: &str, code: &str) -> String {
        let id = format!("{family}-{code}");
        match self.fixed.get(&id) {
            Some(said) if !self.unreviewed.contains(&id) => said.clone(),
            _ if self.known(&id) => self.say(&id, &[]),
            _ => code.to_owned(),
        }
    }

    /// Whether the message can be said, in this language or in English.
    #[must_use]
    pub fn known(&self, id: &str) -> bool {
        self.has(id) || ENGLISH.has(id)
    }

    /// Whether this language has the message.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.sources.contains_key(id)
    }

    /// Every message of this language, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The values that a message needs; `None` when there is no such message.
    #[must_use]
    pub fn variables(&self, id: &str) -> Option<&BTreeSet<String>> {
        self.sources.get(id).map(|message| &message.variables)
    }

    /// A message as Fluent prints it, whose hash stands in `reviewed.toml`.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&str> {
        self.sources.get(id).map(|message| message.text.as_str())
    }

    fn own(&self, id: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        self.fixed.get(id).cloned().or_else(|| self.resolve(id, values))
    }

    fn resolve(&self, id: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut given = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            given.set(*name, value.clone());
        }
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned())
    }
}

impl Message {
    fn of(message: &ast::Message<&str>) -> Self {
        let mut variables = BTreeSet::new();
        if let Some(pattern) = &message.value {
            in_pattern(pattern, &mut variables);
        }
        let alone = ast::Resource { body: vec![ast::Entry::Message(message.clone())] };
        Self { text: fluent_syntax::serializer::serialize(&alone).trim().to_owned(), variables }
    }
}

fn in_pattern(pattern: &ast::Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { .. } => {}
            ast::PatternElement::Placeable { expression } => in_expression(expression, found),
        }
    }
}

fn in_expression(expression: &ast::Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => in_inline(inline, found),
        ast::Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                in_pattern(&variant.value, found);
            }
        }
    }
}

fn in_inline(inline: &ast::InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        ast::InlineExpression::FunctionReference { arguments, .. }
        | ast::InlineExpression::TermReference { arguments: Some(arguments), .. } => {
            for argument in &arguments.positional {
                in_inline(argument, found);
            }
            for argument in &arguments.named {
                in_inline(&argument.value, found);
            }
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, found),
        ast::InlineExpression::StringLiteral { .. }
        | ast::InlineExpression::NumberLiteral { .. }
        | ast::InlineExpression::MessageReference { .. }
        | ast::InlineExpression::TermReference { arguments: None, .. } => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::reviewed::{Review, hash};

    fn small(tag: &str, text: &str) -> Words {
        let (words, faults) = Words::from_texts(tag, std::iter::once(text));
        assert_eq!(faults, Vec::<String>::new());
        words
    }

    #[test]
    fn every_file_of_every_language_can_be_read() {
        for language in Language::all() {
            let (words, faults) = Words::from_texts(language.tag(), language.files().iter().map(|(_, text)| *text));
            assert_eq!(faults, Vec::<String>::new(), "{}", language.tag());
            assert!(words.ids().count() > 0);
        }
    }

    /// Same messages, same values, no markup: a translation may change words and nothing else.
    #[test]
    fn every_language_says_the_same_things_with_the_same_values() {
        let english = Words::english();
        for words in Language::all().map(Words::of) {
            assert!(words.ids().eq(english.ids()), "{} has other messages than English", words.tag());
            for id in words.ids() {
                assert_eq!(words.variables(id), english.variables(id), "{} {id}", words.tag());
                let text = words.source(id).unwrap();
                assert!(!text.contains('<') && !text.contains("&amp;"), "{id} holds markup: {text}");
            }
        }
    }

    #[test]
    fn a_selector_without_a_default_cannot_be_read() {
        let (_, faults) = Words::from_texts("qq", ["days = { $n ->\n    [one] one day\n }\n"].into_iter());
        assert!(!faults.is_empty());
    }

    #[test]
    fn plurals_choose_and_values_stand_without_invisible_marks() {
        let words = small("en", "days = { $n ->\n    [one] { $n } day\n   *[other] { $n } days\n }\n");
        assert_eq!(words.say("days", &[("n", 1.into())]), "1 day");
        assert_eq!(words.say("days", &[("n", 2.5.into())]), "2.5 days");
        assert_eq!(words.variables("days").unwrap().iter().collect::<Vec<_>>(), ["n"]);
    }

    #[test]
    fn what_is_missing_is_shown_as_its_code_and_never_stops_a_page() {
        let words = small("en", "greeting = Hello { $name }\n");
        assert_eq!(words.say("no-such-message", &[]), "no-such-message");
        assert_eq!(words.code("no-family", "a-code"), "a-code");
        assert!(words.say("greeting", &[]).contains("name"));
    }

    #[test]
    fn a_translated_stop_is_shown_only_after_two_people_have_stood_for_it() {
        let english = small("en", "stop-now = Stop now\nplain = Tea\n");
        let text = "stop-now = Halt\nplain = Tee\nwords-unreviewed = (in English)\n";
        let make = |reviews: &Reviews| Words::translated("qq", std::iter::once(text), &english, reviews);
        let unseen = make(&Reviews::default());
        assert_eq!(unseen.say("plain", &[]), "Tee");
        // The English stand-in comes from the real English, which has no such message: its id is shown, not "Halt".
        assert_eq!(unseen.say("stop-now", &[]), "stop-now (in English)");
        let mut review = Review {
            language: "qq".into(),
            id: "stop-now".into(),
            translator: "A".into(),
            back_translator: "B".into(),
            date: jiff::civil::date(2026, 11, 27),
            english: hash("stop-now = Stop now"),
            translation: hash("stop-now = Halt"),
        };
        assert_eq!(make(&Reviews { reviewed: vec![review.clone()] }).say("stop-now", &[]), "Halt");
        review.english = hash("stop-now = Stop here");
        assert_eq!(make(&Reviews { reviewed: vec![review] }).say("stop-now", &[]), "stop-now (in English)");
    }

    #[test]
    fn a_changed_language_changes_every_sentence_and_keeps_its_values() {
        let words = Words::changed_for_test(|text| text.chars().rev().collect::<String>().into());
        let note = Words::english().say(UNREVIEWED, &[]);
        assert_eq!(words.say(UNREVIEWED, &[]), note.chars().rev().collect::<String>());
    }
}
