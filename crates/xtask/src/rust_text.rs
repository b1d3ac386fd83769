//! Rust source seen without its comments, its strings or its tests, at unchanged line numbers.
//!
//! A rule that looks for a word in code must not trip over the same word in a comment or a message.

/// One source text in two views of the same shape, and the stretches that are compiled for tests only.
pub struct Views {
    /// Comments and the insides of strings are blank.
    pub code: String,
    /// Comments are blank; strings are kept.
    pub uncommented: String,
}

/// How an item that is there for tests begins. `any` is for a suite that another crate's tests run too.
pub const TEST_MARKS: [&str; 3] = ["#[cfg(test)]", "#[cfg(all(test", "#[cfg(any(test"];

/// What one stretch of source is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Text,
}

impl Views {
    pub fn of(source: &str) -> Self {
        let letters: Vec<char> = source.chars().collect();
        let mut code = String::with_capacity(source.len());
        let mut uncommented = String::with_capacity(source.len());
        let mut place = 0;
        while place < letters.len() {
            let (kind, end) = stretch(&letters, place);
            for letter in letters.get(place..end).unwrap_or_default() {
                let blank = if *letter == '\n' { '\n' } else { ' ' };
                code.push(if kind == Kind::Code { *letter } else { blank });
                uncommented.push(if kind == Kind::Comment { blank } else { *letter });
            }
            place = end.max(place + 1);
        }
        Self { code, uncommented }
    }

    /// The same views with every item that is marked as a test blank.
    pub fn outside_tests(source: &str) -> Self {
        let Self { code, uncommented } = Self::of(source);
        let letters: Vec<char> = code.chars().collect();
        let spans = test_spans(&letters);
        Self { code: blanked(&code, &spans), uncommented: blanked(&uncommented, &spans) }
    }
}

fn at(letters: &[char], place: usize) -> char {
    letters.get(place).copied().unwrap_or('\0')
}

fn in_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The kind and end of the stretch that begins at `place`.
fn stretch(letters: &[char], place: usize) -> (Kind, usize) {
    let next = at(letters, place + 1);
    match at(letters, place) {
        '/' if next == '/' => {
            let end = (place..letters.len()).find(|i| at(letters, *i) == '\n').unwrap_or(letters.len());
            (Kind::Comment, end)
        }
        '/' if next == '*' => (Kind::Comment, block_comment_end(letters, place)),
        '"' => (Kind::Text, quoted_end(letters, place + 1, '"')),
        'r' if place == 0 || !in_word(at(letters, place - 1)) || matches!(at(letters, place - 1), 'b' | 'c') => {
            raw_string_end(letters, place).map_or((Kind::Code, place + 1), |end| (Kind::Text, end))
        }
        '\'' if next == '\\' => (Kind::Text, quoted_end(letters, place + 1, '\'')),
        '\'' if at(letters, place + 2) == '\'' => (Kind::Text, place + 3),
        _ => (Kind::Code, place + 1),
    }
}

fn block_comment_end(letters: &[char], place: usize) -> usize {
    let (mut depth, mut i) = (0_usize, place);
    while i < letters.len() {
        match (at(letters, i), at(letters, i + 1)) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth.saturating_sub(1), i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    letters.len()
}

fn quoted_end(letters: &[char], from: usize, quote: char) -> usize {
    let mut i = from;
    while i < letters.len() {
        match at(letters, i) {
            '\\' => i += 2,
            letter if letter == quote => return i + 1,
            _ => i += 1,
        }
    }
    letters.len()
}

fn raw_string_end(letters: &[char], place: usize) -> Option<usize> {
    let hashes = (place + 1..letters.len()).take_while(|i| at(letters, *i) == '#').count();
    let open = place + 1 + hashes;
    if at(letters, open) != '"' {
        return None;
    }
    let closes = |i: usize| at(letters, i) == '"' && (1..=hashes).all(|n| at(letters, i + n) == '#');
    (open + 1..letters.len()).find(|i| closes(*i)).map_or(Some(letters.len()), |i| Some(i + hashes + 1))
}

/// Where items marked as tests begin and end in a view without strings.
fn test_spans(letters: &[char]) -> Vec<(usize, usize)> {
    let marks = TEST_MARKS.map(|mark| mark.chars().collect::<Vec<char>>());
    let mut spans = Vec::new();
    let mut place = 0;
    while place < letters.len() {
        let rest = letters.get(place..).unwrap_or_default();
        if marks.iter().any(|mark| rest.starts_with(mark)) {
            let end = item_end(letters, place);
            spans.push((place, end));
            place = end;
        } else {
            place += 1;
        }
    }
    spans
}

/// The end of the item at `place`: its closing brace, or the semicolon of an item without one.
fn item_end(letters: &[char], place: usize) -> usize {
    let (mut brackets, mut braces) = (0_i32, 0_i32);
    for i in place..letters.len() {
        match at(letters, i) {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces <= 0 && brackets == 0 {
                    return i + 1;
                }
            }
            ';' if braces == 0 && brackets == 0 => return i + 1,
            _ => {}
        }
    }
    letters.len()
}

fn blanked(text: &str, spans: &[(usize, usize)]) -> String {
    text.chars()
        .enumerate()
        .map(|(i, letter)| {
            let hidden = letter != '\n' && spans.iter().any(|(from, to)| (*from..*to).contains(&i));
            if hidden { ' ' } else { letter }
        })
        .collect()
}

/// The lines, counted from 1, on which `needle` stands in `text`. A needle that begins or ends with a letter must stand
/// as a whole word there.
pub fn lines_with(text: &str, needle: &str) -> Vec<usize> {
    text.lines().enumerate().filter(|(_, line)| holds_word(line, needle)).map(|(number, _)| number + 1).collect()
}

/// Whether `needle` stands in `line`, not as a part of a longer word.
pub fn holds_word(line: &str, needle: &str) -> bool {
    let guarded_before = needle.starts_with(in_word);
    let guarded_after = needle.ends_with(in_word);
    line.match_indices(needle).any(|(place, _)| {
        let before = line.get(..place).and_then(|start| start.chars().next_back());
        let after = line.get(place + needle.len()..).and_then(|rest| rest.chars().next());
        let goes_on_before = guarded_before && before.is_some_and(in_word);
        let goes_on_after = guarded_after && after.is_some_and(in_word);
        !goes_on_before && !goes_on_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_and_strings_and_keeps_lines() {
        let source = "let a = \"x // y\"; // one\n/* two /* three */ */ let b = 'c'; let d: &'static str = r#\"q\"#;\n";
        let views = Views::of(source);
        assert_eq!(views.code.lines().count(), source.lines().count());
        for gone in ["x // y", "one", "two", "three", "'c'", "q"] {
            assert!(!views.code.contains(gone), "{gone} is still in {}", views.code);
        }
        assert!(views.code.contains("let d: &'static str = "));
        assert!(views.uncommented.contains("x // y"));
        assert!(!views.uncommented.contains("two"));
    }

    #[test]
    fn blanks_test_items_whatever_brackets_they_hold() {
        let source = "fn a() { b() }\n#[cfg(test)]\nmod tests {\n fn c() -> [u8; 3] { d() }\n}\nfn e() {}\n#[cfg(test)]\nmod f;\nfn g() {}";
        let code = Views::outside_tests(source).code;
        for kept in ["fn a", "fn e", "fn g"] {
            assert!(code.contains(kept), "{kept} is lost from {code}");
        }
        assert!(!code.contains("fn c") && !code.contains("mod f"));
    }

    #[test]
    fn finds_whole_words_only() {
        assert!(holds_word("a std::fs::read", "std::fs"));
        assert!(!holds_word("a std::fsync", "std::fs"));
        assert!(!holds_word("HACKNEY", concat!("HA", "CK")));
        assert_eq!(lines_with("a\nb c\nc", "c"), [2, 3]);
    }
}
