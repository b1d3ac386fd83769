//! The order of visits and groups: as people count, not as letters sort, and with the group that others are compared with first.

use std::cmp::Ordering;

use super::values::Values;
use crate::ending::CliError;

/// A piece of a name: letters, or a number.
#[derive(PartialEq)]
enum Piece {
    Letters(String),
    Number(f64),
}

/// Letters and numbers apart. A minus counts as a sign where it does not stand behind a letter or a digit.
fn pieces(name: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest: &str = name.trim();
    while let Some(first) = rest.chars().next() {
        let signed = first == '-'
            && rest.chars().nth(1).is_some_and(|next| next.is_ascii_digit())
            && matches!(found.last(), None | Some(Piece::Letters(_)))
            && !ends_in_word(name, rest);
        if first.is_ascii_digit() || signed {
            let mut end = usize::from(signed);
            let mut point = false;
            for (at, here) in rest.char_indices().skip(end) {
                let decimal = here == '.'
                    && !point
                    && rest
                        .get(at + 1..)
                        .and_then(|after| after.chars().next())
                        .is_some_and(|next| next.is_ascii_digit());
                if !here.is_ascii_digit() && !decimal {
                    break;
                }
                point |= decimal;
                end = at + here.len_utf8();
            }
            let (number, after) = rest.split_at(end);
            found.push(Piece::Number(number.parse().unwrap_or(f64::MAX)));
            rest = after;
        } else {
            let letters: String =
                rest.chars().take_while(|here| !here.is_ascii_digit() && (*here != '-' || first == '-')).collect();
            let letters = if letters.is_empty() { first.to_string() } else { letters };
            rest = rest.get(letters.len()..).unwrap_or_default();
            found.push(Piece::Letters(letters.trim().to_lowercase()));
        }
    }
    found
}

/// Whether what stands before `rest` in the name ends in a letter or a digit, so that a minus there only joins.
fn ends_in_word(name: &str, rest: &str) -> bool {
    let before = name.trim().strip_suffix(rest).unwrap_or_default();
    before.chars().last().is_some_and(char::is_alphanumeric)
}

/// Orders names as people count: "Week 2" before "Week 10", "Day -1" before "Day 1".
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (left, right) = (pieces(a), pieces(b));
    for (one, other) in left.iter().zip(&right) {
        let here = match (one, other) {
            (Piece::Number(one), Piece::Number(other)) => one.total_cmp(other),
            (Piece::Letters(one), Piece::Letters(other)) => one.cmp(other),
            (Piece::Number(_), Piece::Letters(_)) => Ordering::Less,
            (Piece::Letters(_), Piece::Number(_)) => Ordering::Greater,
        };
        if here != Ordering::Equal {
            return here;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// A visit's time in hours where its name says one: "Week 2", "2 wk", "Month 3", "Day -1", "baseline".
fn time(name: &str) -> Option<f64> {
    let (mut unit, mut number) = (None, None);
    for piece in pieces(name) {
        match piece {
            Piece::Number(found) if number.is_none() => number = Some(found),
            Piece::Number(_) => return None,
            Piece::Letters(word) => match word.trim_matches(['.', '_', '-', ' ']) {
                "" | "after" | "post" if number.is_some() || unit.is_some() => {}
                "" => {}
                "screening" | "screen" => return Some(f64::NEG_INFINITY),
                "baseline" | "base" | "bl" | "pre" | "before" => return Some(-1e300),
                word if unit.is_none() => {
                    unit = Some(match word {
                        "h" | "hr" | "hrs" | "hour" | "hours" => 1.0,
                        "d" | "day" | "days" => 24.0,
                        "w" | "wk" | "wks" | "week" | "weeks" => 168.0,
                        "m" | "mo" | "month" | "months" => 730.5,
                        "y" | "yr" | "year" | "years" => 8766.0,
                        _ => return None,
                    });
                }
                _ => return None,
            },
        }
    }
    Some(unit? * number?)
}

/// Sorts the levels of a column: by time where every name says one, else as people count.
fn sort(levels: &mut [&str]) {
    levels.sort_by(|a, b| natural(a, b));
    if levels.iter().all(|level| time(level).is_some()) {
        levels.sort_by(|a, b| time(a).partial_cmp(&time(b)).unwrap_or(Ordering::Equal));
    }
}

fn listed(levels: &[&str]) -> String {
    levels.iter().map(|level| format!("{level:?}")).collect::<Vec<_>>().join(", ")
}

/// The visits in a column in order: by time, or as people count, or as given.
pub(super) fn visits<'a>(
    values: &Values,
    column: &str,
    words: &'a [String],
    given: Option<&'a str>,
) -> Result<Vec<&'a str>, CliError> {
    let mut known = super::values::levels(words);
    sort(&mut known);
    let Some(given) = given else { return Ok(known) };
    let wanted = super::values::names(given);
    for (place, name) in wanted.iter().enumerate() {
        if !known.contains(name) {
            return Err(values.wrong(format!("column {column:?} has no {name:?}; it has {}", listed(&known))));
        }
        if wanted.iter().take(place).any(|before| before == name) {
            return Err(values.wrong(format!("the order of column {column:?} names {name:?} twice")));
        }
    }
    match known.iter().find(|level| !wanted.contains(level)) {
        Some(left) => {
            Err(values
                .wrong(format!("the order of column {column:?} leaves out {left:?}; name all of {}", listed(&known))))
        }
        None => Ok(wanted),
    }
}

/// The groups in a column in order: `reference` first, or else the one that is a control by its name, then as people count.
pub(super) fn groups<'a>(
    values: &Values,
    column: &str,
    words: &'a [String],
    reference: Option<&str>,
) -> Result<Vec<&'a str>, CliError> {
    let mut known = super::values::levels(words);
    sort(&mut known);
    let first = match reference {
        Some(wanted) => Some(known.iter().position(|level| super::values::same(level, wanted)).ok_or_else(|| {
            values.wrong(format!("column {column:?} has no {wanted:?} to compare with; it has {}", listed(&known)))
        })?),
        None => control(&known),
    };
    if let Some(first) = first {
        let level = known.remove(first);
        known.insert(0, level);
    }
    Ok(known)
}

/// The one level that is a control by its name.
fn control(levels: &[&str]) -> Option<usize> {
    const CONTROLS: [&str; 16] = [
        "placebo",
        "pbo",
        "plb",
        "control",
        "controls",
        "ctrl",
        "sham",
        "saline",
        "vehicle",
        "midazolam",
        "waitlist",
        "wait-list",
        "waiting",
        "wait",
        "tau",
        "usual",
    ];
    let is = |level: &&str| {
        let first = level.to_lowercase();
        let first =
            first.split(|here: char| !(here.is_alphanumeric() || here == '-')).next().unwrap_or_default().to_owned();
        CONTROLS.contains(&first.as_str())
    };
    let mut found = levels.iter().enumerate().filter(|(_, level)| is(level)).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sorted(mut given: Vec<&str>, wanted: &[&str]) {
        sort(&mut given);
        assert_eq!(given, wanted);
    }

    #[test]
    fn visits_stand_as_people_count() {
        sorted(vec!["Week 10", "Week 2", "Week 1"], &["Week 1", "Week 2", "Week 10"]);
        sorted(vec!["V10", "V2", "V1"], &["V1", "V2", "V10"]);
        sorted(vec!["10", "9", "-1", "0.5"], &["-1", "0.5", "9", "10"]);
        sorted(vec!["Day 1", "Day -1", "Day 0"], &["Day -1", "Day 0", "Day 1"]);
        sorted(vec!["site-10", "site-9"], &["site-9", "site-10"]);
    }

    #[test]
    fn visits_in_different_units_stand_by_time() {
        sorted(
            vec!["Month 1", "Week 2", "Day 3", "Baseline", "Screening"],
            &["Screening", "Baseline", "Day 3", "Week 2", "Month 1"],
        );
        sorted(vec!["2 weeks", "24 h", "3 months"], &["24 h", "2 weeks", "3 months"]);
        // One name that says no time: all stand by their letters.
        sorted(vec!["Week 2", "End", "Week 10"], &["End", "Week 2", "Week 10"]);
    }

    #[test]
    fn the_control_is_found_by_its_name_where_there_is_one() {
        assert_eq!(control(&["Ketamine", "Placebo"]), Some(1));
        assert_eq!(control(&["6-MP", "control"]), Some(1));
        assert_eq!(control(&["Control A", "Placebo"]), None);
        assert_eq!(control(&["A", "B"]), None);
    }
}
