//! A text as it is searched: small letters without accents, and for each of its bytes the place in the text as written.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// A text with what is searched in it.
#[derive(Clone, Debug)]
pub struct FoldedText {
    /// As written.
    pub written: String,
    /// Folded.
    pub folded: String,
    /// Where each byte of `folded` stands in `written`.
    places: Vec<usize>,
}

impl FoldedText {
    /// Folds a text. Line ends stay, other white space becomes one space.
    pub fn new(written: &str) -> Self {
        let mut text = Self { written: written.to_owned(), folded: String::new(), places: Vec::new() };
        for (at, letter) in written.char_indices() {
            decompose_canonical(letter, |part| text.push(at, part));
        }
        text
    }

    fn push(&mut self, at: usize, letter: char) {
        match letter {
            letter if is_combining_mark(letter) => return,
            '\n' | '\r' => self.folded.push('\n'),
            letter if letter.is_whitespace() || letter.is_control() => {
                if self.folded.ends_with(' ') {
                    return;
                }
                self.folded.push(' ');
            }
            'ß' | 'ẞ' => self.folded.push_str("ss"),
            'œ' | 'Œ' => self.folded.push_str("oe"),
            'æ' | 'Æ' => self.folded.push_str("ae"),
            '\u{2018}' | '\u{2019}' | '\u{02bc}' => self.folded.push('\''),
            '\u{2010}'..='\u{2015}' => self.folded.push('-'),
            other => self.folded.extend(other.to_lowercase()),
        }
        self.places.resize(self.folded.len(), at);
    }

    /// The place in the folded text of a place in the text as written.
    pub fn place_of(&self, written: usize) -> usize {
        self.places.partition_point(|place| *place < written)
    }
}

/// A word or name folded for comparison.
pub fn fold(word: &str) -> String {
    FoldedText::new(word).folded
}

/// Whether `at` is the edge of a word in `text`: nothing that belongs to a word stands on both sides.
pub fn is_edge(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|part| part.chars().next_back());
    let after = text.get(at..).and_then(|part| part.chars().next());
    !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric))
}

/// Every place where `phrase` stands in `text` as whole words.
pub fn whole<'t>(text: &'t str, phrase: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
    text.match_indices(phrase)
        .map(|(at, found)| (at, at + found.len()))
        .filter(move |(from, to)| is_edge(text, *from) && is_edge(text, *to))
}

/// Where the word that holds the byte before `at` ends.
pub fn word_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_capitals_do_not_matter_in_either_form() {
        assert_eq!(fold("Insuffisance  CARDIAQUE aiguë"), "insuffisance cardiaque aigue");
        assert_eq!(fold("Zoe\u{308} Groß, l\u{2019}œil"), "zoe gross, l'oeil");
    }

    #[test]
    fn a_place_is_found_again_in_the_folded_text() {
        let text = FoldedText::new("Überdosis \u{a0} ICH");
        let at = text.written.find("ICH").unwrap_or_default();
        assert_eq!(text.folded.get(text.place_of(at)..), Some("ich"));
    }

    #[test]
    fn only_whole_words_are_found() {
        assert_eq!(whole("no, noon no", "no").collect::<Vec<_>>(), [(0, 2), (9, 11)]);
        assert_eq!(word_end("seizures twice", 7), 8);
    }
}
