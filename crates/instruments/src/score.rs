//! From answers to scores, bands, cut-offs, rules, safety items and change.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::condition::{Look, Seen};
use crate::model::*;
use crate::number::Number;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A number.
    Value(Number),
    /// Several numbers.
    List(Vec<Number>),
    /// Not applicable.
    NotApplicable,
    /// Left unanswered.
    Missing,
    /// Something that is neither; kept so that it can be refused by name.
    Other(String),
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
            Self::NotApplicable => serializer.serialize_str("na"),
            Self::Missing => serializer.serialize_none(),
            Self::Other(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let number = |value: &serde_json::Value| value.as_number().and_then(|n| Number::from_decimal(&n.to_string()));
        Ok(match &value {
            serde_json::Value::Null => Self::Missing,
            serde_json::Value::String(text) if text == "na" => Self::NotApplicable,
            serde_json::Value::Number(n) => number(&value).map_or_else(|| Self::Other(n.to_string()), Self::Value),
            serde_json::Value::Array(list) => {
                let numbers: Option<Vec<_>> = list.iter().map(number).collect();
                numbers.map_or_else(|| Self::Other(value.to_string()), Self::List)
            }
            other => Self::Other(other.to_string()),
        })
    }
}

/// Answers by item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Responses(pub BTreeMap<String, Answer>);

impl Responses {
    /// The answer to an item; an absent one is missing.
    #[must_use]
    pub fn get(&self, item: &str) -> &Answer {
        self.0.get(item).unwrap_or(&Answer::Missing)
    }

    /// Sets a whole-number answer.
    pub fn set(&mut self, item: &str, value: i64) {
        self.0.insert(item.to_owned(), Answer::Value(Number::whole(value)));
    }
}

impl<const N: usize> From<[(&str, i64); N]> for Responses {
    fn from(pairs: [(&str, i64); N]) -> Self {
        let mut responses = Self::default();
        for (item, value) in pairs {
            responses.set(item, value);
        }
        responses
    }
}

/// What a cut-off may depend on, such as `sex` = `female`.
pub type ScoreContext = BTreeMap<String, String>;

/// Why answers were refused. The names are those of the file format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerError {
    /// The name: `unknown-item`, `out-of-range` …
    pub name: &'static str,
    /// The item, or the score for an entered total.
    pub item: String,
    /// What was given; `None` when nothing was.
    pub given: Option<String>,
    /// What would be right.
    pub allowed: Box<Allowed>,
}

/// What an item or a score takes. The words for it are the reader's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// One of these values.
    Values {
        /// The values.
        values: Vec<Number>,
        /// Several of them, as a list.
        list: bool,
        /// Or "not applicable".
        not_applicable: bool,
    },
    /// A number in steps.
    Steps {
        /// Least.
        least: Number,
        /// Most.
        most: Number,
        /// The step from the least.
        step: Number,
        /// Several of them, as a list.
        list: bool,
        /// Or "not applicable".
        not_applicable: bool,
    },
    /// No value: the item has no options.
    Nothing,
    /// An item of the instrument with this id.
    ItemOf(String),
    /// One of these scores.
    OneOfScores(Vec<String>),
    /// No answer, since an earlier answer skips the item.
    Skipped,
    /// A number in a range.
    Between {
        /// Least.
        least: Number,
        /// Most.
        most: Number,
    },
    /// At most so many decimals.
    Decimals(u32),
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.item)
    }
}

impl std::error::Error for AnswerError {}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scored {
    /// Items answered, "not applicable" among them.
    pub answered: usize,
    /// Items left unanswered.
    pub missing: Vec<String>,
    /// Scores; null when too much was missing.
    pub scores: BTreeMap<String, Option<Number>>,
    /// Band code by score, for the scores that have bands; null when the score is.
    pub bands: BTreeMap<String, Option<String>>,
    /// Cut-offs; null when unknown.
    pub cutoffs: BTreeMap<String, Option<bool>>,
    /// Rules; null when unknown.
    pub rules: BTreeMap<String, Option<bool>>,
    /// Safety items; null when unanswered, which is not a "no".
    pub safety: BTreeMap<String, Option<bool>>,
    /// Change since the earlier scores, when there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<BTreeMap<String, Option<bool>>>,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Skipped,
    NotApplicable,
    Missing,
    Value(Number),
    List(Vec<Number>),
}

struct Sheet<'i> {
    instrument: &'i Instrument,
    states: BTreeMap<&'i str, State>,
    scores: BTreeMap<String, Option<Number>>,
    rules: BTreeMap<String, Option<bool>>,
}

impl Look for Sheet<'_> {
    fn item(&self, id: &str) -> Seen<'_> {
        match self.states.get(id) {
            None | Some(State::Missing) => Seen::Missing,
            Some(State::Skipped | State::NotApplicable) => Seen::NotEndorsed,
            Some(State::Value(value)) => Seen::Value(*value),
            Some(State::List(list)) => Seen::List(list),
        }
    }

    fn score(&self, id: &str) -> Option<Number> {
        self.scores.get(id).copied().flatten()
    }

    fn rule(&self, id: &str) -> Option<bool> {
        self.rules.get(id).copied().flatten()
    }
}

impl Instrument {
    /// Scores answers. `previous` holds the earlier scores, when change is asked for.
    ///
    /// # Errors
    /// [`AnswerError`] by name: nothing is scored from a record with an answer that cannot be.
    pub fn score(
        &self,
        responses: &Responses,
        context: &ScoreContext,
        previous: Option<&BTreeMap<String, Number>>,
    ) -> Result<Scored, AnswerError> {
        let mut sheet = self.sheet(responses)?;
        for score in &self.scores {
            let value = sheet.work_out(score);
            sheet.scores.insert(score.id.clone(), value);
        }
        for rule in &self.rules {
            let held = rule.when.holds(&sheet);
            sheet.rules.insert(rule.id.clone(), held);
        }
        let safety = self.safety.iter().map(|item| (item.id.clone(), item.when.holds(&sheet))).collect();
        Ok(Scored {
            answered: sheet.states.values().filter(|state| !matches!(state, State::Missing | State::Skipped)).count(),
            missing: self
                .items
                .iter()
                .filter(|item| sheet.states.get(item.id.as_str()) == Some(&State::Missing))
                .map(|item| item.id.clone())
                .collect(),
            bands: self.bands_of(&sheet.scores),
            cutoffs: self.cutoffs_of(&sheet.scores, context),
            change: previous.map(|earlier| self.change_since(earlier, &sheet.scores)),
            safety,
            rules: sheet.rules,
            scores: sheet.scores,
        })
    }

    /// Scores that staff read off their own licensed form.
    ///
    /// # Errors
    /// [`AnswerError`] when a score is not one of this instrument's or lies outside its range.
    pub fn from_scores(&self, given: &BTreeMap<String, f64>, context: &ScoreContext) -> Result<Scored, AnswerError> {
        let refuse = |name, item: &str, given: Option<f64>, allowed: Allowed| AnswerError {
            name,
            item: item.to_owned(),
            given: given.map(|value| value.to_string()),
            allowed: Box::new(allowed),
        };
        let known = || Allowed::OneOfScores(self.scores.iter().map(|s| s.id.clone()).collect());
        if given.is_empty() {
            return Err(refuse("not-a-number", "total", None, known()));
        }
        let mut scores: BTreeMap<String, Option<Number>> = self.scores.iter().map(|s| (s.id.clone(), None)).collect();
        for (id, value) in given {
            let Some(score) = self.score_named(id) else {
                return Err(refuse("unknown-item", id, Some(*value), known()));
            };
            let allowed = || Allowed::Between { least: score.min, most: score.max };
            let Some(number) = Number::from_f64(*value) else {
                return Err(refuse("not-a-number", id, Some(*value), allowed()));
            };
            if number < score.min || number > score.max {
                return Err(refuse("out-of-range", id, Some(*value), allowed()));
            }
            let decimals = score.decimals.unwrap_or(0);
            if number.rounded(decimals) != number {
                return Err(refuse("off-step", id, Some(*value), Allowed::Decimals(decimals)));
            }
            scores.insert(id.clone(), Some(number.rounded(decimals)));
        }
        Ok(Scored {
            answered: given.len(),
            missing: Vec::new(),
            bands: self.bands_of(&scores),
            cutoffs: self.cutoffs_of(&scores, context),
            rules: BTreeMap::new(),
            // Nobody read the items, so no safety item is known; none of them is a "no".
            safety: self.safety.iter().map(|item| (item.id.clone(), None)).collect(),
            scores,
            change: None,
        })
    }

    /// The items to show now, given the answers so far. An item whose condition is not known yet is not asked yet, and an
    /// answer left over from a branch that an earlier answer has closed is not looked at.
    #[must_use]
    pub fn asked(&self, responses: &Responses) -> Vec<&Item> {
        let mut sheet =
            Sheet { instrument: self, states: BTreeMap::new(), scores: BTreeMap::new(), rules: BTreeMap::new() };
        let mut asked = Vec::new();
        for item in &self.items {
            let open = item.ask_if.as_ref().map_or(Some(true), |when| when.holds(&sheet));
            let state = match open {
                Some(false) => State::Skipped,
                _ => self.checked(item, responses.get(&item.id)).unwrap_or(State::Missing),
            };
            sheet.states.insert(&item.id, state);
            if open == Some(true) {
                asked.push(item);
            }
        }
        asked
    }

    /// The answers without those to items that are not asked, as left over when somebody changes an earlier answer.
    #[must_use]
    pub fn only_asked(&self, responses: &Responses) -> Responses {
        let asked = self.asked(responses);
        let kept = responses.0.iter().filter(|(id, _)| asked.iter().any(|item| item.id == **id));
        Responses(kept.map(|(id, answer)| (id.clone(), answer.clone())).collect())
    }

    fn sheet(&self, responses: &Responses) -> Result<Sheet<'_>, AnswerError> {
        if let Some((item, answer)) = responses.0.iter().find(|(id, _)| self.item(id).is_none()) {
            return Err(AnswerError {
                name: "unknown-item",
                item: item.clone(),
                given: shown(answer),
                allowed: Box::new(Allowed::ItemOf(self.id.clone())),
            });
        }
        let mut sheet =
            Sheet { instrument: self, states: BTreeMap::new(), scores: BTreeMap::new(), rules: BTreeMap::new() };
        for item in &self.items {
            let answer = responses.get(&item.id);
            let state = self.checked(item, answer)?;
            // Conditions look only at items that come before, so the sheet is complete enough here.
            let asked = item.ask_if.as_ref().map_or(Some(true), |when| when.holds(&sheet));
            let state = match (asked, state) {
                (Some(false), State::Missing) => State::Skipped,
                (Some(false), _) => {
                    return Err(AnswerError {
                        name: "answered-but-skipped",
                        item: item.id.clone(),
                        given: shown(answer),
                        allowed: Box::new(Allowed::Skipped),
                    });
                }
                (_, state) => state,
            };
            sheet.states.insert(&item.id, state);
        }
        Ok(sheet)
    }

    fn checked(&self, item: &Item, answer: &Answer) -> Result<State, AnswerError> {
        let set = self.options_of(item);
        let refuse = |name| {
            Err(AnswerError {
                name,
                item: item.id.clone(),
                given: shown(answer),
                allowed: Box::new(allowed(set, item.multi, item.na_allowed)),
            })
        };
        match answer {
            Answer::Missing => Ok(State::Missing),
            Answer::NotApplicable if item.na_allowed => Ok(State::NotApplicable),
            Answer::NotApplicable => refuse("na-not-allowed"),
            Answer::Other(_) if item.multi => refuse("not-a-list"),
            Answer::Other(_) => refuse("not-a-number"),
            Answer::Value(_) if item.multi => refuse("not-a-list"),
            Answer::Value(value) => match unfit(set, *value) {
                Some(name) => refuse(name),
                None => Ok(State::Value(*value)),
            },
            Answer::List(_) if !item.multi => refuse("not-a-number"),
            Answer::List(list) => match list.iter().find_map(|value| unfit(set, *value)) {
                Some(name) => refuse(name),
                None => Ok(State::List(list.clone())),
            },
        }
    }

    fn bands_of(&self, scores: &BTreeMap<String, Option<Number>>) -> BTreeMap<String, Option<String>> {
        let mut bands = BTreeMap::new();
        for (id, value) in scores {
            let of_score = || self.bands.iter().filter(|band| band.score == *id);
            if of_score().next().is_none() {
                continue;
            }
            let band = value.and_then(|value| of_score().filter(|band| band.min <= value).max_by_key(|band| band.min));
            bands.insert(id.clone(), band.map(|band| band.code.clone()));
        }
        bands
    }

    fn cutoffs_of(
        &self,
        scores: &BTreeMap<String, Option<Number>>,
        context: &ScoreContext,
    ) -> BTreeMap<String, Option<bool>> {
        let mut out = BTreeMap::new();
        for cutoff in &self.cutoffs {
            let differs =
                cutoff.context.iter().any(|(key, value)| context.get(key).is_some_and(|given| given != value));
            if differs {
                continue;
            }
            let given = cutoff.context.keys().all(|key| context.contains_key(key));
            let value = scores.get(&cutoff.score).copied().flatten();
            out.insert(cutoff.id.clone(), value.filter(|_| given).map(|value| cutoff.op.holds(value, cutoff.value)));
        }
        out
    }

    /// Every change threshold between earlier scores and those now; null when a needed score is null.
    #[must_use]
    pub fn change_since(
        &self,
        earlier: &BTreeMap<String, Number>,
        now: &BTreeMap<String, Option<Number>>,
    ) -> BTreeMap<String, Option<bool>> {
        let hundred = Number::whole(100);
        let mut out = BTreeMap::new();
        for change in &self.change {
            let after = now.get(&change.score).copied().flatten();
            let before = earlier.get(&change.score).copied();
            let moved = before.zip(after).map(|(before, after)| match change.direction {
                ChangeDirection::Increase => after.minus(before),
                ChangeDirection::Decrease | ChangeDirection::None => before.minus(after),
            });
            let points = change.points.and_then(|least| moved.map(|moved| moved >= least));
            let level = match (change.level_op, change.level) {
                (Some(op), Some(level)) => after.map(|after| op.holds(after, level)),
                _ => None,
            };
            let held = match change.basis {
                ChangeBasis::Points => points,
                ChangeBasis::Level => level,
                ChangeBasis::Percent => change.percent.zip(moved).zip(before).map(|((percent, moved), before)| {
                    before != Number::whole(0) && moved.times(hundred) >= before.times(percent)
                }),
                ChangeBasis::PointsAndLevel => match (points, level) {
                    (Some(points), Some(level)) => Some(points && level),
                    _ => None,
                },
            };
            out.insert(change.id.clone(), held);
        }
        out
    }

    /// Each safety item with its answer. `None` is unanswered: somebody has to ask.
    #[must_use]
    pub fn safety_flags<'i>(&'i self, scored: &Scored) -> Vec<(&'i Safety, Option<bool>)> {
        self.safety.iter().map(|item| (item, scored.safety.get(&item.id).copied().flatten())).collect()
    }
}

impl Sheet<'_> {
    /// The answer that counts, reversed where the item says so.
    fn counted(&self, id: &str) -> Option<Number> {
        let item = self.instrument.item(id)?;
        let value = match self.states.get(id)? {
            State::Value(value) => *value,
            _ => return None,
        };
        if !item.reverse {
            return Some(value);
        }
        let (low, high) = self.instrument.options_of(item)?.range()?;
        Some(low.plus(high).minus(value))
    }

    fn work_out(&self, score: &Score) -> Option<Number> {
        let decimals = score.decimals.unwrap_or(0);
        if score.method == Method::Scaled {
            let from = self.scores.get(&score.from).copied().flatten()?;
            return Some(from.times(score.factor?).rounded(decimals));
        }
        let is = |id: &&String, wanted: &State| self.states.get(id.as_str()) == Some(wanted);
        let missing = score.items.iter().filter(|id| is(id, &State::Missing)).count();
        let values: Vec<(&String, Number)> =
            score.items.iter().filter_map(|id| self.counted(id).map(|value| (id, value))).collect();
        let lists: Vec<&Vec<Number>> = score
            .items
            .iter()
            .filter_map(|id| match self.states.get(id.as_str()) {
                Some(State::List(list)) => Some(list),
                _ => None,
            })
            .collect();
        let skipped = score.items.iter().filter(|id| is(id, &State::Skipped)).count();
        if score.missing != MissingPolicy::Ignore && missing > score.max_missing {
            return None;
        }
        let answered = values.len() + lists.len();
        // No score from nothing; a skipped item counts as an answered 0.
        let least = score.min_answered.unwrap_or(1).max(1);
        if score.method != Method::CountAny && score.method != Method::SumOfMax && answered + skipped < least {
            return None;
        }
        let zero = Number::whole(0);
        let sum = values.iter().fold(zero, |sum, (_, value)| sum.plus(*value));
        let exact = match score.method {
            Method::Sum => {
                if score.missing == MissingPolicy::Prorate && missing > 0 {
                    let counted = Number::whole(i64::try_from(answered + skipped).ok()?);
                    let all = Number::whole(i64::try_from(answered + skipped + missing).ok()?);
                    sum.times(all).over(counted)?
                } else {
                    sum
                }
            }
            Method::Mean => sum.over(Number::whole(i64::try_from(answered + skipped).ok()?))?,
            Method::Max => values.iter().map(|(_, value)| *value).max().unwrap_or(zero),
            Method::Single => values.first().map_or(zero, |(_, value)| *value),
            Method::Count => {
                let threshold = score.threshold?;
                Number::whole(i64::try_from(values.iter().filter(|(_, value)| *value >= threshold).count()).ok()?)
            }
            Method::CountAny => {
                let held = lists.iter().filter(|list| list.iter().any(|value| score.codes.contains(value))).count();
                let single = values.iter().filter(|(_, value)| score.codes.contains(value)).count();
                Number::whole(i64::try_from(held + single).ok()?)
            }
            Method::SumOfMax => self.sum_of_max(score)?,
            Method::Highest => {
                let one = Number::whole(1);
                score
                    .items
                    .iter()
                    .zip(&score.weights)
                    .filter(|(id, _)| self.counted(id).is_some_and(|value| value >= one))
                    .map(|(_, weight)| *weight)
                    .max()
                    .unwrap_or(zero)
            }
            Method::PercentOfMax => {
                let most = values.iter().try_fold(zero, |most, (id, _)| {
                    let item = self.instrument.item(id)?;
                    Some(most.plus(self.instrument.options_of(item)?.range()?.1))
                })?;
                sum.times(Number::whole(100)).over(most)?
            }
            Method::Scaled => return None,
        };
        Some(exact.rounded(decimals))
    }

    fn sum_of_max(&self, score: &Score) -> Option<Number> {
        score.groups.iter().try_fold(Number::whole(0), |sum, group| {
            let values: Vec<Number> = group.items.iter().filter_map(|id| self.counted(id)).collect();
            if values.len() < group.min_answered.max(1) {
                return None;
            }
            Some(sum.plus(values.into_iter().max()?))
        })
    }
}

fn unfit(set: Option<&OptionSet>, value: Number) -> Option<&'static str> {
    match set? {
        OptionSet::Choice { options, .. } => {
            (!options.iter().any(|option| option.value == value)).then_some("out-of-range")
        }
        OptionSet::Number { min, max, step, .. } => {
            if value < *min || value > *max {
                Some("out-of-range")
            } else if !value.minus(*min).is_multiple_of(*step) {
                Some("off-step")
            } else {
                None
            }
        }
    }
}

fn shown(answer: &Answer) -> Option<String> {
    Some(match answer {
        Answer::Value(value) => value.to_string(),
        Answer::List(list) => format!("[{}]", list.iter().map(Number::to_string).collect::<Vec<_>>().join(", ")),
        Answer::NotApplicable => "\"na\"".into(),
        Answer::Missing => return None,
        Answer::Other(text) => format!("{text:?}"),
    })
}

fn allowed(set: Option<&OptionSet>, list: bool, not_applicable: bool) -> Allowed {
    match set {
        Some(OptionSet::Choice { options, .. }) => {
            Allowed::Values { values: options.iter().map(|option| option.value).collect(), list, not_applicable }
        }
        Some(OptionSet::Number { min, max, step, .. }) => {
            Allowed::Steps { least: *min, most: *max, step: *step, list, not_applicable }
        }
        None => Allowed::Nothing,
    }
}
