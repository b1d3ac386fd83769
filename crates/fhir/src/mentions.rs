//! Where a text names something, and whether it says that it is not so.

use std::ops::Range;

use crate::clauses::{Clauses, Said};
use crate::folded::FoldedText;

/// Whether a text names something by words of which `is_it` knows one, and denies it, or says it of somebody else, each time.
pub fn denied(said: &str, is_it: impl Fn(&str) -> bool) -> bool {
    let text = FoldedText::new(said);
    let clauses = Clauses::new(&text.folded);
    let mut mentions =
        words(&text.folded).filter(|(word, _)| is_it(word)).map(|(_, place)| clauses.said_of(place)).peekable();
    mentions.peek().is_some() && mentions.all(|said| matches!(said, Said::Denied | Said::Elsewhere))
}

/// The words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut from = 0;
    text.split(|letter: char| !letter.is_alphanumeric()).filter_map(move |word| {
        let place = from..from + word.len();
        from = place.end + text.get(place.end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((word, place))
    })
}
