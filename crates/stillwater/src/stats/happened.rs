//! Which value of a column means that it happened, which that something else shut it out, and which that somebody was last seen.

use super::values::{Values, levels, same};
use crate::ending::CliError;

/// What happened to each person first.
pub(super) struct Happened {
    /// The cause of each row: 0 is what was asked about, the others shut it out; none was last seen without any.
    pub(super) what: Vec<Option<usize>>,
    /// The causes by the values that stand for them.
    pub(super) causes: Vec<String>,
    /// How the column was read, in words.
    pub(super) words: String,
}

impl Happened {
    /// Reads the column. A value that stands for nothing named is refused: read as "not yet", it would turn deaths into people alive.
    pub(super) fn read(
        values: &Values,
        column: &str,
        event: Option<&str>,
        competing: &[String],
        censored: &[String],
    ) -> Result<Self, CliError> {
        let marks = values.words(column)?;
        let known = levels(&marks);
        let listed = || known.iter().take(10).map(|level| format!("{level:?}")).collect::<Vec<_>>().join(", ");
        let event = match event {
            Some(event) => event.to_owned(),
            None => usual(&known, competing, censored).ok_or_else(|| {
                values.wrong(format!(
                    "column {column:?} holds {}; say with --event-value which of them means that it happened",
                    listed()
                ))
            })?,
        };
        if let Some(unknown) = competing.iter().find(|cause| !known.iter().any(|level| same(level, cause))) {
            return Err(values.wrong(format!("no cell of {column:?} is {unknown:?}; there are {}", listed())));
        }
        let causes: Vec<String> = std::iter::once(event.clone()).chain(competing.iter().cloned()).collect();
        let mut rest: Vec<&str> =
            known.iter().copied().filter(|level| !causes.iter().any(|cause| same(level, cause))).collect();
        if !censored.is_empty() {
            rest.retain(|level| !censored.iter().any(|one| same(level, one)));
            if let Some(stray) = rest.first() {
                let row = marks.iter().position(|mark| mark == stray).unwrap_or(0);
                return Err(values.wrong_at(row, column, format!(
                    "{stray:?} is neither the event ({}) nor last seen ({}); name it with --competing or --censored-value",
                    causes.join(", "),
                    censored.join(", ")
                )));
            }
            rest = known.iter().copied().filter(|level| censored.iter().any(|one| same(level, one))).collect();
        }
        let nobody = !known.iter().any(|level| same(level, &event));
        let sure = !censored.is_empty() || rest.iter().all(|level| same(level, "0") || no(level));
        if nobody && !(rest.len() <= 1 && sure) {
            return Err(values.wrong(format!(
                "no cell of {column:?} is {event:?}; there are {}; say with --event-value which of them means that it happened, or with --censored-value which means that it did not",
                listed()
            )));
        }
        if censored.is_empty() && rest.len() > 1 {
            let row = marks.iter().position(|mark| rest.get(1).is_some_and(|stray| mark == stray)).unwrap_or(0);
            return Err(values.wrong_at(row, column, format!(
                "besides {} the column holds {}; only one of these can mean last seen without it: name the others with --competing, or all of them with --censored-value",
                causes.join(", "),
                rest.join(", ")
            )));
        }
        let what = marks.iter().map(|mark| causes.iter().position(|cause| same(mark, cause))).collect();
        let others =
            if competing.is_empty() { String::new() } else { format!("; {} shut it out", competing.join(", ")) };
        let last = if rest.is_empty() { "nobody".to_owned() } else { rest.join(", ") };
        let none = if nobody { " and stands nowhere" } else { "" };
        let words = format!("{column}: {event} means that it happened{none}{others}; last seen without it: {last}.");
        Ok(Self { what, causes, words })
    }
}

fn no(level: &str) -> bool {
    ["false", "f", "no", "n", "censored", "alive"].iter().any(|word| level.eq_ignore_ascii_case(word))
}

/// The value that means an event without being named: 1 beside 0, or TRUE beside FALSE.
fn usual(known: &[&str], competing: &[String], censored: &[String]) -> Option<String> {
    let named = |level: &str| competing.iter().chain(censored).any(|one| same(level, one));
    let rest: Vec<&str> = known.iter().copied().filter(|level| !named(level)).collect();
    if rest.iter().all(|level| same(level, "0") || same(level, "1")) {
        return Some("1".to_owned());
    }
    let is = |level: &str, words: [&str; 2]| words.iter().any(|word| level.eq_ignore_ascii_case(word));
    if rest.iter().all(|level| is(level, ["true", "t"]) || is(level, ["false", "f"])) {
        return rest
            .iter()
            .find(|level| is(level, ["true", "t"]))
            .map_or(Some("TRUE".to_owned()), |yes| Some((*yes).to_owned()));
    }
    None
}
