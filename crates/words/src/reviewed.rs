//! The gate for translated words on which safety hangs: stop, help, and risk.
//!
//! A message whose id begins with `stop-`, `help-` or `risk-` is shown in another language only when `reviewed.toml` has a
//! line for it: who translated it, who translated it back, on which day, and the hash of both texts. Any later change of
//! either text makes the line void. Without a valid line English is shown, with a note that it is English.

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The lines that come with this build.
const CARRIED: &str = include_str!("../reviewed.toml");

/// How the ids of clinical messages begin.
const CLINICAL: [&str; 3] = ["stop-", "help-", "risk-"];

/// One translated message that two people have stood for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The language's tag.
    pub language: String,
    /// The message.
    pub id: String,
    /// Who translated it.
    pub translator: String,
    /// Who translated it back into English without having seen the English.
    pub back_translator: String,
    /// The day of the review.
    pub date: jiff::civil::Date,
    /// Hash of the English text.
    pub english: String,
    /// Hash of the translated text.
    pub translation: String,
}

/// The reviews of translated messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviews {
    /// One for each message and language.
    #[serde(default)]
    pub reviewed: Vec<Review>,
}

impl Reviews {
    /// The reviews that come with this build. A file that cannot be read holds none, so that English is shown; a test
    /// shows that it can be read.
    #[must_use]
    pub fn carried() -> Self {
        Self::parse(CARRIED).unwrap_or_default()
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it is not TOML of this shape.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Whether the message must be reviewed before it is shown in another language.
    #[must_use]
    pub fn needed(id: &str) -> bool {
        CLINICAL.iter().any(|start| id.starts_with(start))
    }

    /// Whether both texts, as they are now, were reviewed by two people.
    #[must_use]
    pub fn cover(&self, language: &str, id: &str, english: &str, translation: &str) -> bool {
        self.reviewed.iter().any(|review| {
            review.language == language
                && review.id == id
                && !review.translator.trim().is_empty()
                && !review.back_translator.trim().is_empty()
                && review.translator.trim() != review.back_translator.trim()
                && review.english == hash(english)
                && review.translation == hash(translation)
        })
    }
}

/// The hash of a message's text as it stands in `reviewed.toml`: SHA-256, in hexadecimal.
#[must_use]
pub fn hash(text: &str) -> String {
    stillwater_digest::to_hex(&Sha256::digest(text.trim().as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn review(change: impl Fn(&mut Review)) -> Reviews {
        let mut review = Review {
            language: "qq".into(),
            id: "stop-now".into(),
            translator: "A. Synthetic".into(),
            back_translator: "B. Synthetic".into(),
            date: jiff::civil::date(2026, 11, 27),
            english: hash("stop-now = Stop now"),
            translation: hash("stop-now = Halt"),
        };
        change(&mut review);
        Reviews { reviewed: vec![review] }
    }

    fn covers(reviews: &Reviews) -> bool {
        reviews.cover("qq", "stop-now", "stop-now = Stop now", "stop-now = Halt")
    }

    #[test]
    fn a_review_covers_only_the_two_texts_and_the_language_that_it_names() {
        assert!(covers(&review(|_| {})));
        assert!(!covers(&Reviews::default()));
        assert!(!covers(&review(|r| r.language = "es".into())));
        assert!(!covers(&review(|r| r.id = "stop-later".into())));
        assert!(!covers(&review(|r| r.english = hash("stop-now = Stop"))));
        assert!(!covers(&review(|r| r.translation = hash("stop-now = Go"))));
    }

    #[test]
    fn one_person_alone_does_not_make_a_review() {
        assert!(!covers(&review(|r| r.back_translator = r.translator.clone())));
        assert!(!covers(&review(|r| r.translator = " ".into())));
        assert!(!covers(&review(|r| r.back_translator = String::new())));
    }

    #[test]
    fn the_file_of_this_build_can_be_read_and_a_line_without_a_date_cannot() {
        Reviews::parse(CARRIED).unwrap();
        let line = "[[reviewed]]\nlanguage = \"qq\"\nid = \"stop-now\"\ntranslator = \"A\"\nback_translator = \"B\"\n";
        assert!(Reviews::parse(&format!("{line}english = \"0\"\ntranslation = \"0\"\n")).is_err());
        assert!(
            Reviews::parse(&format!("{line}date = \"2026-11-27\"\nenglish = \"0\"\ntranslation = \"0\"\n")).is_ok()
        );
    }

    #[test]
    fn stop_help_and_risk_need_a_review_and_nothing_else_does() {
        assert!(Reviews::needed("stop-session") && Reviews::needed("help-now") && Reviews::needed("risk-high"));
        assert!(!Reviews::needed("finding-help") && !Reviews::needed("setting-home"));
    }

    #[test]
    fn a_hash_is_the_known_one() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
