//! The small parts of pages: flags, notices, tables, lists, trend words, telephone links.

pub mod clock;
pub mod field;
pub mod help;

use maud::{Markup, html};

use crate::format::ago;

/// A state that staff must be able to see at a glance: a shape and a word, never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Something is to be done by a time.
    Due,
    /// Someone must act now. Staff pages only.
    ActNow,
    /// As it should be.
    Ok,
    /// Nobody knows: not asked, not answered, or too old. Never counts as well.
    Unknown,
}

/// A flag with its own words, such as "24 h measure due".
#[must_use]
pub fn flag(kind: Flag, words: &str) -> Markup {
    let (class, shape, spoken) = match kind {
        Flag::Due => ("flag due", "M8 2l6.5 12h-13z", "Due: "),
        Flag::ActNow => ("flag act-now", "M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5z", "Act now: "),
        Flag::Ok => ("flag ok", "M2.5 8.5l3.5 4 7.5-9", "In order: "),
        Flag::Unknown => ("flag unknown", "M3 8h10", "Not known: "),
    };
    html! {
        span class=(class) {
            svg viewBox="0 0 16 16" aria-hidden="true" focusable="false" { path d=(shape) {} }
            span .sr { (spoken) } (words)
        }
    }
}

/// How much a notice asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// For information.
    Quiet,
    /// Done.
    Done,
    /// To be seen to by a time.
    Due,
    /// Staff only: act now.
    ActNow,
}

/// A notice in a box.
#[must_use]
pub fn notice(kind: Notice, body: Markup) -> Markup {
    let (class, role) = match kind {
        Notice::Quiet => ("notice", None),
        Notice::Done => ("notice done", Some("status")),
        Notice::Due => ("notice due", None),
        Notice::ActNow => ("notice act-now", Some("alert")),
    };
    html! { div class=(class) role=[role] { (body) } }
}

/// What stands where a list has nothing in it: why, and what would be there.
#[must_use]
pub fn empty(says: &str) -> Markup {
    html! { p .empty { (says) } }
}

/// A table with a caption. Columns whose heading starts with `#` hold numbers and are set flush right.
#[must_use]
pub fn data_table(caption: &str, headings: &[&str], rows: &[Vec<Markup>]) -> Markup {
    let number = |index: usize| headings.get(index).is_some_and(|heading| heading.starts_with('#'));
    html! {
        div .table-wrap role="region" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr {
                    @for heading in headings {
                        th scope="col" .number[heading.starts_with('#')] { (heading.trim_start_matches('#').trim()) }
                    }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" .number[number(index)] { (cell) } }
                                @else { td .number[number(index)] { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Names and values, side by side.
#[must_use]
pub fn key_values(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl .key-values { @for (name, value) in pairs { div { dt { (name) } dd { (value) } } } } }
}

/// How a measure is moving. Computed once, where the measure is, and worded here so that it reads the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Better by more than chance would give.
    Better,
    /// A little better, which chance could give.
    SlightlyBetter,
    /// No change to speak of.
    Same,
    /// A little worse, which chance could give.
    SlightlyWorse,
    /// Worse by more than chance would give.
    Worse,
    /// Not enough answers to say.
    Unknown,
}

/// The trend as an arrow and a word.
#[must_use]
pub fn trend_word(trend: Trend) -> Markup {
    let (arrow, word) = match trend {
        Trend::Better => ("↓", "better"),
        Trend::SlightlyBetter => ("↘", "slightly better"),
        Trend::Same => ("→", "about the same"),
        Trend::SlightlyWorse => ("↗", "slightly worse"),
        Trend::Worse => ("↑", "worse"),
        Trend::Unknown => ("–", "not known yet"),
    };
    html! { span .trend { span aria-hidden="true" { (arrow) } " " (word) } }
}

/// A telephone number that calls when touched.
#[must_use]
pub fn phone_link(number: &str) -> Markup {
    html! { a .tel href=(tel(number)) { (number) } }
}

/// A large button that calls.
#[must_use]
pub fn call_button(whom: &str, number: &str) -> Markup {
    html! { a .button.call href=(tel(number)) { span { (whom) } strong { (number) } } }
}

fn tel(number: &str) -> String {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{dialled}")
}

/// Whether another device is still there: "seen 8 s ago", or "lost 1 min 20 s". The page's script keeps it current;
/// after `lost_after_s` without a sign of life it says *lost*. `None` is someone who has not joined.
#[must_use]
pub fn link_state(id: &str, seen_ms: Option<i64>, now_ms: i64, lost_after_s: u32) -> Markup {
    html! {
        @match seen_ms {
            None => span id=(id) .link-state data-state="unknown" { "not joined yet" },
            Some(seen) => {
                @let lost = now_ms - seen > i64::from(lost_after_s) * 1000;
                span id=(id) .link-state data-state=(if lost { "lost" } else { "seen" }) data-seen-ms=(seen) data-lost-after-s=(lost_after_s) {
                    @if lost { "lost " (ago(seen, now_ms)) } @else { "seen " (ago(seen, now_ms)) " ago" }
                }
            }
        }
    }
}

/// The place where a form tells how far its sending has come: saved here, sent, confirmed. Empty until it is used.
#[must_use]
pub fn saved_steps() -> Markup {
    html! { p .saved-steps data-saved-steps role="status" aria-live="polite" {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_a_word_and_a_shape() {
        for kind in [Flag::Due, Flag::ActNow, Flag::Ok, Flag::Unknown] {
            let drawn = flag(kind, "blood pressure").into_string();
            assert!(drawn.contains("<path d=") && drawn.contains("class=\"sr\"") && drawn.contains("blood pressure"));
        }
    }

    #[test]
    fn a_lost_link_says_for_how_long() {
        assert!(link_state("a", Some(0), 80_000, 30).into_string().contains("lost 1 min"));
        assert!(link_state("a", Some(0), 8_000, 30).into_string().contains("seen 8 s ago"));
        assert!(link_state("a", None, 8_000, 30).into_string().contains("not joined yet"));
    }
}
