//! Reading an instrument from its file, and refusing one whose parts do not fit together.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::condition::Condition;
use crate::model::{Embed, Instrument, Item, Method, OptionSet};
use crate::number::Number;

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}, line {line}: {problem}; expected {expected}")]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub expected: String,
}

/// Reads an instrument.
///
/// # Errors
/// [`ReadError`] with file, line, what is wrong and what would be right.
pub fn read_instrument(file: &str, text: &str) -> Result<Instrument, ReadError> {
    let instrument: Instrument = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        ReadError {
            file: file.to_owned(),
            line: text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1,
            problem: error.message().replace('\n', " "),
            expected: "an instrument/1 file".to_owned(),
        }
    })?;
    Checker { file, text, instrument: &instrument }.check()?;
    Ok(instrument)
}

struct Checker<'a> {
    file: &'a str,
    text: &'a str,
    instrument: &'a Instrument,
}

impl Checker<'_> {
    /// A refusal at the first line that holds `needle`.
    fn refuse<T>(&self, needle: &str, problem: String, expected: &str) -> Result<T, ReadError> {
        let line = self.text.lines().position(|line| line.contains(needle)).map_or(1, |at| at + 1);
        Err(ReadError { file: self.file.to_owned(), line, problem, expected: expected.to_owned() })
    }

    fn check(&self) -> Result<(), ReadError> {
        let i = self.instrument;
        if i.schema != "instrument/1" {
            return self.refuse("schema", format!("schema is {:?}", i.schema), "schema = \"instrument/1\"");
        }
        if i.id.is_empty() || !i.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return self.refuse(
                "id =",
                format!("id {:?} cannot be used", i.id),
                "lower-case letters, digits and hyphens",
            );
        }
        if i.items.is_empty() || i.scores.is_empty() {
            return self.refuse("id =", "it has no items or no scores".into(), "at least one of each");
        }
        self.no_doubles("item", i.items.iter().map(|item| item.id.as_str()))?;
        self.no_doubles("score", i.scores.iter().map(|score| score.id.as_str()))?;
        self.no_doubles("rule", i.rules.iter().map(|rule| rule.id.as_str()))?;
        let mut before = BTreeSet::new();
        for item in &i.items {
            if i.options_of(item).and_then(OptionSet::range).is_none() {
                let problem = format!("item {} names the option set {:?}, which is not there", item.id, item.options);
                return self.refuse(&item.options, problem, "the id of an option set with answers");
            }
            if i.embed == Embed::No && !item.text.is_empty() {
                let problem = format!("item {} carries text although embed is \"no\"", item.id);
                return self.refuse(&item.id, problem, "no text");
            }
            if let Some(when) = &item.ask_if {
                self.check_condition(when, &before, &BTreeSet::new(), &BTreeSet::new())?;
            }
            before.insert(item.id.as_str());
        }
        let scores = self.check_scores(&before)?;
        let mut rules = BTreeSet::new();
        for rule in &i.rules {
            self.check_condition(&rule.when, &before, &scores, &rules)?;
            rules.insert(rule.id.as_str());
        }
        for safety in &i.safety {
            self.check_condition(&safety.when, &before, &scores, &rules)?;
        }
        self.check_bands()?;
        let sources: BTreeSet<&str> = i.sources.iter().map(|source| source.id.as_str()).collect();
        let named = i
            .bands
            .iter()
            .map(|b| (&b.score, &b.source))
            .chain(i.cutoffs.iter().map(|c| (&c.score, &c.source)))
            .chain(i.change.iter().map(|c| (&c.score, &c.source)));
        for (score, source) in named {
            if !scores.contains(score.as_str()) {
                return self.refuse(score, format!("score {score:?} is not there"), "the id of a score");
            }
            // "policy" is this project's own choice and needs no citation.
            if source != "policy" && !sources.contains(source.as_str()) {
                return self.refuse(source, format!("source {source:?} is not there"), "the id of a source, or policy");
            }
        }
        Ok(())
    }

    fn no_doubles<'x>(&self, what: &str, ids: impl Iterator<Item = &'x str>) -> Result<(), ReadError> {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                return self.refuse(id, format!("{what} {id:?} is there twice"), "each id once");
            }
        }
        Ok(())
    }

    fn check_scores(&self, items: &BTreeSet<&str>) -> Result<BTreeSet<&str>, ReadError> {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for score in &self.instrument.scores {
            let grouped = score.groups.iter().flat_map(|group| &group.items);
            if let Some(stray) = score.items.iter().chain(grouped).find(|id| !items.contains(id.as_str())) {
                return self.refuse(
                    stray,
                    format!("score {} names item {stray:?}, which is not there", score.id),
                    "item ids",
                );
            }
            let lacks = match score.method {
                Method::Scaled => {
                    if !known.contains(score.from.as_str()) {
                        return self.refuse(
                            &score.id,
                            format!("score {} is scaled from {:?}", score.id, score.from),
                            "an earlier score",
                        );
                    }
                    score.factor.is_none().then_some("factor")
                }
                Method::Count => score.threshold.is_none().then_some("threshold"),
                Method::CountAny => score.codes.is_empty().then_some("codes"),
                Method::SumOfMax => score.groups.is_empty().then_some("groups"),
                Method::Highest => (score.weights.len() != score.items.len()).then_some("a weight for each item"),
                Method::Sum | Method::Mean | Method::Max | Method::Single | Method::PercentOfMax => {
                    score.items.is_empty().then_some("items")
                }
            };
            if let Some(lacks) = lacks {
                return self.refuse(&score.id, format!("score {} has no {lacks}", score.id), lacks);
            }
            self.check_range(score)?;
            known.insert(&score.id);
        }
        Ok(known)
    }

    /// The range that the items can reach is the range that the file states, where it follows from the items alone.
    fn check_range(&self, score: &crate::model::Score) -> Result<(), ReadError> {
        let i = self.instrument;
        let range = |item: &Item| i.options_of(item).and_then(OptionSet::range);
        let items: Vec<&Item> = score.items.iter().filter_map(|id| i.item(id)).collect();
        let zero = Number::whole(0);
        let reach = match score.method {
            Method::Sum => items.iter().try_fold((zero, zero), |(low, high), item| {
                let (least, most) = range(item)?;
                // An item that may be skipped counts 0.
                let least = if item.ask_if.is_some() { least.min(zero) } else { least };
                Some((low.plus(least), high.plus(most)))
            }),
            Method::Single | Method::Max | Method::Mean => {
                let low = items.iter().filter_map(|item| range(item).map(|r| r.0)).min();
                let high = items.iter().filter_map(|item| range(item).map(|r| r.1)).max();
                low.zip(high)
            }
            Method::Count => i64::try_from(items.len()).ok().map(|n| (zero, Number::whole(n))),
            _ => None,
        };
        match reach {
            Some((low, high)) if low != score.min || high != score.max => self.refuse(
                &score.id,
                format!("score {} is said to run from {} to {}", score.id, score.min, score.max),
                &format!("{low} to {high}, as its items do"),
            ),
            _ => Ok(()),
        }
    }

    fn check_bands(&self) -> Result<(), ReadError> {
        let i = self.instrument;
        for score in &i.scores {
            let mut bands: Vec<_> = i.bands.iter().filter(|band| band.score == score.id).collect();
            bands.sort_by_key(|band| band.min);
            let (Some(first), Some(last)) = (bands.first(), bands.last()) else { continue };
            if first.min != score.min || last.max != score.max {
                return self.refuse(
                    &first.code,
                    format!("the bands of {} leave an end open", score.id),
                    "bands over the whole range",
                );
            }
            for pair in bands.windows(2) {
                if let [low, high] = pair
                    && high.min != low.max.plus(Number::whole(1))
                {
                    let problem = format!("bands {} and {} leave a gap or overlap", low.code, high.code);
                    return self.refuse(&high.code, problem, "each band beginning where the one before ends");
                }
            }
        }
        Ok(())
    }

    fn check_condition(
        &self,
        condition: &Condition,
        items: &BTreeSet<&str>,
        scores: &BTreeSet<&str>,
        rules: &BTreeSet<&str>,
    ) -> Result<(), ReadError> {
        let mut stray: Option<(String, &str)> = None;
        condition.walk(&mut |part| {
            let mut need = |id: &str, known: bool, what: &'static str| {
                if !known && stray.is_none() {
                    stray = Some((id.to_owned(), what));
                }
            };
            match part {
                Condition::Item(id, _) | Condition::Has(id, _) | Condition::Missing(id) => {
                    need(id, items.contains(id.as_str()), "an item that comes before");
                }
                Condition::Count { items: ids, .. } => {
                    for id in ids {
                        need(id, items.contains(id.as_str()), "an item that comes before");
                    }
                }
                Condition::Score(id, _) => need(id, scores.contains(id.as_str()), "a score"),
                Condition::Rule(id) => need(id, rules.contains(id.as_str()), "a rule that comes before"),
                Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::NOf { .. } => {}
            }
        });
        match stray {
            Some((id, expected)) => self.refuse(&id, format!("a condition names {id:?}, which is not there"), expected),
            None => Ok(()),
        }
    }
}
