//! The languages that this build carries: one for each folder of texts.

use crate::FOLDERS;

/// A language in which the program can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(&'static str);

impl Language {
    /// English, in which every message is written first, and which stands in wherever another language has a hole.
    pub const ENGLISH: Self = Self("en");

    /// Every language of this build.
    pub fn all() -> impl Iterator<Item = Self> {
        FOLDERS.iter().map(|(tag, _)| Self(tag))
    }

    /// The language with this tag, if the build carries it.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::all().find(|language| language.0 == tag)
    }

    /// The tag, as in `<html lang="en">`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0
    }

    /// The texts of this language, as files.
    pub(crate) fn files(self) -> &'static [(&'static str, &'static str)] {
        FOLDERS.iter().find(|(tag, _)| *tag == self.0).map_or(&[], |(_, files)| files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_carried_and_a_language_without_a_folder_is_not() {
        assert_eq!(Language::of_tag("en"), Some(Language::ENGLISH));
        assert!(!Language::ENGLISH.files().is_empty());
        assert_eq!(Language::of_tag("xx"), None);
    }
}
