//! Whether two names are one: a signature and its signer, a companion named again, somebody referred twice.
//!
//! People type their name with and without accents, capitals, hyphens and second spaces. What is compared is the name
//! without them. It is never shown and never stored.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name as it is compared: decomposed, without marks, in small letters, with single spaces between its words.
#[must_use]
pub fn folded(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for letter in name.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            // Left out rather than parted: O'Neill is written ONeill as well.
            '\'' | '\u{2019}' | '\u{02bc}' | '.' => {}
            'ß' | 'ẞ' => kept.push_str("ss"),
            'ø' | 'Ø' => kept.push('o'),
            'ł' | 'Ł' => kept.push('l'),
            'đ' | 'Đ' => kept.push('d'),
            'æ' | 'Æ' => kept.push_str("ae"),
            'œ' | 'Œ' => kept.push_str("oe"),
            other if other.is_alphanumeric() => kept.extend(other.to_lowercase()),
            _ => kept.push(' '),
        }
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two names are written alike but for accents, capitals, hyphens and spaces. An empty name is like none.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    let one = folded(one);
    !one.is_empty() && one == folded(other)
}

/// The words of a name in the order of the alphabet, so that "Example, Ana" and "Ana Example" are alike.
#[must_use]
pub fn folded_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = folded(name).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort();
    words
}

/// A telephone number as it is compared: its digits, at most the last nine, since the code of a country and a leading nought
/// come and go. Fewer than six digits are no number to tell somebody by.
#[must_use]
pub fn folded_phone(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.nfkc().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(9);
    (digits.len() >= 6).then(|| digits.get(from..).unwrap_or_default().iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_but_for_accents_capitals_hyphens_and_spaces() {
        for (one, other, alike) in [
            ("Ana Example", "ana  EXAMPLE", true),
            ("Zoë Example", "Zoe\u{308} Example", true),
            ("Zoë Example", "Zoe Example", true),
            ("Jörg Groß", "Jorg Gross", true),
            ("Anne-Marie O\u{2019}Sample", "Anne Marie O'Sample", true),
            ("Ana Example", "Example Ana", false),
            ("Ana Example", "Ana Exampel", false),
            ("", "", false),
            (" - ", "", false),
        ] {
            assert_eq!(same_name(one, other), alike, "{one} and {other}");
        }
        assert_eq!(folded_words("Example, Ana"), folded_words("Ana Example"));
    }

    #[test]
    fn a_number_is_its_last_digits() {
        assert_eq!(folded_phone("+1 (303) 555-0100"), folded_phone("303 555 0100"));
        assert_ne!(folded_phone("303 555 0100"), folded_phone("303 555 0101"));
        assert_eq!(folded_phone("911"), None);
    }
}
