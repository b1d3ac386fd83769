//! A fact with its standing: read in its source, computed from what was read, or told and not checked.

use serde::Deserialize;

/// What stands in the place of a fact that nobody could check.
pub const NOT_CHECKED: &str = "not checked";

/// How sure we are that a source says this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Standing {
    /// It was read in the source.
    #[serde(rename = "verified")]
    Verified,
    /// It was computed from what was read.
    #[serde(rename = "verified-computed")]
    Computed,
    /// It was told second-hand, and is shown to nobody as a fact.
    #[serde(rename = "unverified")]
    Unverified,
}

impl Standing {
    /// In a word, for the reader.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "read in the source",
            Self::Computed => "computed from the source",
            Self::Unverified => NOT_CHECKED,
        }
    }

    /// The same for a narrow column.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Verified => "read",
            Self::Computed => "computed",
            Self::Unverified => NOT_CHECKED,
        }
    }
}

/// Where a fact was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The number by which facts name it.
    pub number: u16,
    /// What it is.
    pub title: String,
    /// The addresses of the copies that were read.
    pub links: Vec<String>,
}

/// One sentence about a study.
///
/// In the data it ends with the numbers of its sources in brackets, `[5]` or `[2, 3]`, with a `c` where it was computed from
/// them, or with `(unverified)`. A sentence without either is refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Fact {
    says: String,
    standing: Standing,
    sources: Vec<u16>,
}

impl Fact {
    /// The sentence; none where it was not checked.
    #[must_use]
    pub fn says(&self) -> Option<&str> {
        match self.standing {
            Standing::Verified | Standing::Computed => Some(&self.says),
            Standing::Unverified => None,
        }
    }

    /// The sentence, or that it was not checked.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.says().unwrap_or(NOT_CHECKED)
    }

    /// How sure we are.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The numbers of its sources.
    #[must_use]
    pub fn sources(&self) -> &[u16] {
        &self.sources
    }
}

/// Why a sentence is not a fact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fact ends with its sources in brackets or with (unverified), and this does not: {0}")]
pub struct NotAFact(String);

impl TryFrom<String> for Fact {
    type Error = NotAFact;

    fn try_from(text: String) -> Result<Self, NotAFact> {
        let wrong = || NotAFact(text.clone());
        if let Some(says) = text.strip_suffix("(unverified)") {
            return Ok(Self { says: says.trim_end().to_owned(), standing: Standing::Unverified, sources: Vec::new() });
        }
        let (says, marks) = text.strip_suffix(']').and_then(|head| head.rsplit_once('[')).ok_or_else(wrong)?;
        let mut standing = Standing::Verified;
        let mut sources = Vec::new();
        for mark in marks.split(',').map(str::trim) {
            match mark.parse::<u16>() {
                Ok(number) => sources.push(number),
                Err(_) if mark == "c" => standing = Standing::Computed,
                Err(_) => return Err(wrong()),
            }
        }
        if sources.is_empty() || says.trim().is_empty() {
            return Err(wrong());
        }
        Ok(Self { says: says.trim_end().to_owned(), standing, sources })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fact(text: &str) -> Result<Fact, NotAFact> {
        Fact::try_from(text.to_owned())
    }

    #[test]
    fn a_fact_carries_its_sources_and_its_standing() {
        let read = fact("P = .02 [1, 34]").unwrap();
        assert_eq!((read.shown(), read.standing(), read.sources()), ("P = .02", Standing::Verified, &[1, 34][..]));
        assert_eq!(fact("65.5 % [60, c]").unwrap().standing(), Standing::Computed);
    }

    #[test]
    fn what_was_not_checked_cannot_be_read_out() {
        let told = fact("about 33 days (unverified)").unwrap();
        assert_eq!((told.says(), told.shown()), (None, "not checked"));
    }

    #[test]
    fn a_sentence_without_a_source_is_no_fact() {
        for text in ["P = .02", "P = .02 [c]", "P = .02 [x]", "[1]", "P [1] = .02", ""] {
            assert!(fact(text).is_err(), "{text}");
        }
    }
}
