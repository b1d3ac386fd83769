//! What the readers of versioned data files (protocols, consent texts) share.

/// Whether a file's language looks like a tag of BCP 47.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    tag.len() >= 2 && tag.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The line, from 1, of a byte in a file.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
