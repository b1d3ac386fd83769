//! Conditions over answers and scores, in three values: true, false, and unknown.
//!
//! A missing item or a null score makes a comparison unknown, and an unknown safety rule is not a "no".

use serde::Deserialize;

use crate::number::Number;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// At least.
    Ge(Number),
    /// More than.
    Gt(Number),
    /// At most.
    Le(Number),
    /// Less than.
    Lt(Number),
    /// Equal.
    Eq(Number),
}

impl Compare {
    /// Whether `value` satisfies it.
    #[must_use]
    pub fn holds(self, value: Number) -> bool {
        match self {
            Self::Ge(limit) => value >= limit,
            Self::Gt(limit) => value > limit,
            Self::Le(limit) => value <= limit,
            Self::Lt(limit) => value < limit,
            Self::Eq(limit) => value == limit,
        }
    }
}

/// A condition of the file format.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Raw")]
pub enum Condition {
    /// Every part.
    All(Vec<Condition>),
    /// At least one part.
    Any(Vec<Condition>),
    /// Not.
    Not(Box<Condition>),
    /// One item's answer compared.
    Item(String, Compare),
    /// One item's list holds any of these.
    Has(String, Vec<Number>),
    /// A score compared.
    Score(String, Compare),
    /// An earlier rule.
    Rule(String),
    /// An item was left unanswered.
    Missing(String),
    /// So many of these items satisfy a comparison.
    Count {
        /// The items.
        items: Vec<String>,
        /// The comparison of each.
        compare: Compare,
        /// At least so many.
        at_least: usize,
    },
    /// So many of these conditions hold.
    NOf {
        /// The conditions.
        conditions: Vec<Condition>,
        /// At least so many.
        at_least: usize,
        /// At most so many.
        at_most: Option<usize>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    item: Option<String>,
    score: Option<String>,
    rule: Option<String>,
    missing: Option<String>,
    count: Option<Vec<String>>,
    n_of: Option<Vec<Condition>>,
    ge: Option<Number>,
    gt: Option<Number>,
    le: Option<Number>,
    lt: Option<Number>,
    eq: Option<Number>,
    has: Option<Vec<Number>>,
    at_least: Option<usize>,
    at_most: Option<usize>,
}

const COMPARISON: &str = "a condition has one comparison: ge, gt, le, lt or eq";

impl TryFrom<Raw> for Condition {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let compares = [
            raw.ge.map(Compare::Ge),
            raw.gt.map(Compare::Gt),
            raw.le.map(Compare::Le),
            raw.lt.map(Compare::Lt),
            raw.eq.map(Compare::Eq),
        ];
        let mut given = compares.into_iter().flatten();
        let compare = given.next();
        if given.next().is_some() {
            return Err(COMPARISON.to_owned());
        }
        let need = || compare.ok_or_else(|| COMPARISON.to_owned());
        let compares_something = raw.item.is_some() || raw.score.is_some() || raw.count.is_some();
        if compare.is_some() && (!compares_something || raw.has.is_some()) {
            return Err("a comparison stands beside item, score or count, and not beside has".to_owned());
        }
        if raw.has.is_some() && raw.item.is_none() {
            return Err("has stands beside item".to_owned());
        }
        let counts = raw.count.is_some() || raw.n_of.is_some();
        if (raw.at_least.is_some() && !counts) || (raw.at_most.is_some() && raw.n_of.is_none()) {
            return Err("at_least stands beside count or n_of, at_most beside n_of".to_owned());
        }
        let at_least = match raw.at_least {
            Some(least) => least,
            // With only an upper bound, none is enough; without either, the rule would always hold.
            None if raw.at_most.is_some() || !counts => 0,
            None => return Err("count and n_of say at_least how many".to_owned()),
        };
        let mut found: Vec<Self> = Vec::new();
        found.extend(raw.all.map(Self::All));
        found.extend(raw.any.map(Self::Any));
        found.extend(raw.not.map(Self::Not));
        found.extend(raw.rule.map(Self::Rule));
        found.extend(raw.missing.map(Self::Missing));
        found.extend(raw.n_of.map(|conditions| Self::NOf { conditions, at_least, at_most: raw.at_most }));
        if let Some(item) = raw.item {
            found.push(match raw.has {
                Some(codes) => Self::Has(item, codes),
                None => Self::Item(item, need()?),
            });
        }
        if let Some(score) = raw.score {
            found.push(Self::Score(score, need()?));
        }
        if let Some(items) = raw.count {
            found.push(Self::Count { items, compare: need()?, at_least });
        }
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => {
                Err("a condition has exactly one of all, any, not, item, score, rule, missing, count, n_of".to_owned())
            }
        }
    }
}

/// What is known of one item when a condition asks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen<'a> {
    /// Nobody answered.
    Missing,
    /// Skipped or not applicable: not endorsed.
    NotEndorsed,
    /// A number.
    Value(Number),
    /// A list.
    List(&'a [Number]),
}

/// Where a condition looks things up.
pub(crate) trait Look {
    /// An item.
    fn item(&self, id: &str) -> Seen<'_>;
    /// A score; `None` when null.
    fn score(&self, id: &str) -> Option<Number>;
    /// An earlier rule; `None` when unknown.
    fn rule(&self, id: &str) -> Option<bool>;
}

impl Condition {
    /// Works it out; `None` is unknown.
    pub(crate) fn holds(&self, look: &impl Look) -> Option<bool> {
        match self {
            Self::All(parts) => all(parts.iter().map(|part| part.holds(look))),
            Self::Any(parts) => any(parts.iter().map(|part| part.holds(look))),
            Self::Not(part) => part.holds(look).map(|held| !held),
            Self::Item(id, compare) => compared(&look.item(id), *compare),
            Self::Has(id, codes) => match look.item(id) {
                Seen::Missing => None,
                Seen::NotEndorsed => Some(false),
                Seen::Value(value) => Some(codes.contains(&value)),
                Seen::List(list) => Some(list.iter().any(|value| codes.contains(value))),
            },
            Self::Score(id, compare) => look.score(id).map(|value| compare.holds(value)),
            Self::Rule(id) => look.rule(id),
            Self::Missing(id) => Some(look.item(id) == Seen::Missing),
            Self::Count { items, compare, at_least } => {
                counted(items.iter().map(|id| compared(&look.item(id), *compare)), *at_least, None)
            }
            Self::NOf { conditions, at_least, at_most } => {
                counted(conditions.iter().map(|part| part.holds(look)), *at_least, *at_most)
            }
        }
    }

    /// Every condition inside, itself among them.
    pub(crate) fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) | Self::NOf { conditions: parts, .. } => {
                for part in parts {
                    part.walk(visit);
                }
            }
            Self::Not(part) => part.walk(visit),
            _ => {}
        }
    }
}

fn compared(seen: &Seen<'_>, compare: Compare) -> Option<bool> {
    match seen {
        Seen::Missing => None,
        Seen::NotEndorsed => Some(false),
        Seen::Value(value) => Some(compare.holds(*value)),
        Seen::List(list) => Some(list.iter().any(|value| compare.holds(*value))),
    }
}

fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|held| !held))).map(|none| !none)
}

fn counted(parts: impl Iterator<Item = Option<bool>>, at_least: usize, at_most: Option<usize>) -> Option<bool> {
    let (mut yes, mut unknown) = (0, 0);
    for part in parts {
        match part {
            Some(true) => yes += 1,
            None => unknown += 1,
            Some(false) => {}
        }
    }
    let most = yes + unknown;
    let enough = reaches(yes, most, at_least);
    let not_too_many = at_most.map_or(Some(true), |limit| reaches(yes, most, limit + 1).map(|over| !over));
    all([enough, not_too_many].into_iter())
}

/// At least `limit`, when the true count lies between `least` and `most`.
fn reaches(least: usize, most: usize, limit: usize) -> Option<bool> {
    if least >= limit {
        Some(true)
    } else if most < limit {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_three_values_are_kept() {
        let (t, f, u) = (Some(true), Some(false), None);
        for (parts, both, either) in
            [([t, t], t, t), ([t, f], f, t), ([f, f], f, f), ([t, u], u, t), ([f, u], f, u), ([u, u], u, u)]
        {
            assert_eq!(all(parts.into_iter()), both, "{parts:?}");
            assert_eq!(any(parts.into_iter()), either, "{parts:?}");
        }
    }

    #[test]
    fn a_count_is_known_as_soon_as_it_cannot_change() {
        let parts = [Some(true), None, Some(false)];
        assert_eq!(counted(parts.into_iter(), 1, None), Some(true));
        assert_eq!(counted(parts.into_iter(), 2, None), None);
        assert_eq!(counted(parts.into_iter(), 3, None), Some(false));
        assert_eq!(counted(parts.into_iter(), 1, Some(1)), None);
        assert_eq!(counted(parts.into_iter(), 0, Some(0)), Some(false));
    }
}
