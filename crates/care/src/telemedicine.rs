//! The dated rules of prescribing without an examination in person, read from `dated/telemedicine.toml`.
//!
//! They are data and not code, since they end on a day that is known beforehand: what follows the day is decided outside
//! this program, and until its line is changed nothing is taken for an extension.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::data_file::{DataFileError, is_id, parsed};

/// One rule that holds from one day to another in one jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemedicineRule {
    /// Its id.
    pub id: String,
    /// Where it holds: a country's two letters.
    pub jurisdiction: String,
    /// The title of its source.
    pub title: String,
    /// The link of its source.
    pub link: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// The rules, and how long before the end of one staff are told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemedicine {
    schema: String,
    /// Days before the end of a rule on which staff begin to be told; unsigned.
    pub notice_days: u32,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<TelemedicineRule>,
}

/// What staff are told of a rule that ends soon, or has ended with nothing after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry<'r> {
    /// The rule.
    pub rule: &'r TelemedicineRule,
    /// Days until its last day; negative once that is past.
    pub days_left: i32,
}

const TEXT: &str = include_str!("../dated/telemedicine.toml");

static BUILT_IN: LazyLock<Telemedicine> = LazyLock::new(|| {
    // A test shows that the file can be read; without it no rule would hold, and every dose at home would wait.
    Telemedicine::read("telemedicine.toml", TEXT).unwrap_or(Telemedicine {
        schema: String::new(),
        notice_days: 0,
        rules: Vec::new(),
    })
});

impl Telemedicine {
    /// The rules that came with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`DataFileError`] names the line, what is wrong, and what was expected.
    pub fn read(file: &str, text: &str) -> Result<Self, DataFileError> {
        let read: Self = parsed(file, text, "a list of telemedicine rules, schema telemedicine/1")?;
        let refuse = |needle: &str, problem: String, expected: &str| {
            DataFileError::at(file, text, text.find(needle).unwrap_or(0), problem, expected)
        };
        if read.schema != "telemedicine/1" {
            return Err(refuse("schema", format!("schema {:?} is not known", read.schema), "telemedicine/1"));
        }
        for rule in &read.rules {
            let at = format!("id = \"{}\"", rule.id);
            if !is_id(&rule.id) {
                return Err(refuse(
                    &at,
                    format!("id {:?} is no id", rule.id),
                    "lower-case letters, digits and hyphens",
                ));
            }
            let letters = rule.jurisdiction.bytes().all(|b| b.is_ascii_uppercase());
            if rule.jurisdiction.len() != 2 || !letters {
                let problem = format!("jurisdiction {:?} is no country", rule.jurisdiction);
                return Err(refuse(&at, problem, "a country's two letters, such as US"));
            }
            if rule.until < rule.from {
                let problem = format!("{} ends on {} before it begins on {}", rule.id, rule.until, rule.from);
                return Err(refuse(&at, problem, "a last day that is not before the first"));
            }
            if rule.title.is_empty() || !rule.link.starts_with("https://") {
                return Err(refuse(&at, format!("{} names no source", rule.id), "a title and a link"));
            }
        }
        Ok(read)
    }

    /// Rules that end within the days of notice, or have ended with none in their place, as seen on a day.
    pub fn expiring(&self, today: Date) -> impl Iterator<Item = Expiry<'_>> {
        self.rules.iter().filter_map(move |rule| {
            let later = |other: &&TelemedicineRule| other.jurisdiction == rule.jurisdiction && other.until > rule.until;
            let days_left = (rule.until - today).get_days();
            let soon = i64::from(days_left) <= i64::from(self.notice_days);
            (soon && !self.rules.iter().any(|other| later(&other))).then_some(Expiry { rule, days_left })
        })
    }
}

/// The rule that holds in a region on a day.
#[must_use]
pub fn in_force<'r>(rules: &'r [TelemedicineRule], region: &str, today: Date) -> Option<&'r TelemedicineRule> {
    rules
        .iter()
        .filter(|rule| rule.jurisdiction == country(region))
        .find(|rule| (rule.from..=rule.until).contains(&today))
}

/// The country of a region: `US` of `US-CO`.
#[must_use]
pub fn country(region: &str) -> &str {
    region.split('-').next().unwrap_or_default()
}

/// Whether a text looks like the code of a country or of a part of one: `GB`, `US-CO`.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let (country, part) = text.split_once('-').map_or((text, None), |(country, part)| (country, Some(part)));
    let upper = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && part.is_none_or(|part| (1..=3).contains(&part.len()) && upper(part))
        // In the United States the state decides, and the country alone says nothing.
        && (country != "US" || part.is_some())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_built_in_rules_can_be_read_and_the_one_of_the_united_states_ends_with_2026() {
        let read = Telemedicine::read("telemedicine.toml", TEXT).unwrap();
        assert_eq!(&read, Telemedicine::built_in());
        let last = in_force(&read.rules, "US-CO", date(2026, 12, 31)).unwrap();
        assert_eq!(last.id, "us-fourth-extension");
        assert_eq!(in_force(&read.rules, "US-CO", date(2027, 1, 1)), None);
        assert_eq!(in_force(&read.rules, "US-CO", date(2025, 12, 31)), None);
        assert_eq!(in_force(&read.rules, "GB", date(2026, 6, 1)), None);
    }

    #[test]
    fn staff_are_told_sixty_days_before_the_end_and_go_on_being_told_after_it() {
        let rules = Telemedicine::built_in();
        let days_left = |day: Date| rules.expiring(day).map(|e| e.days_left).collect::<Vec<_>>();
        assert_eq!(days_left(date(2026, 11, 1)), [60]);
        assert!(days_left(date(2026, 10, 31)).is_empty());
        assert_eq!(days_left(date(2026, 12, 31)), [0]);
        assert_eq!(days_left(date(2027, 2, 1)), [-32]);
    }

    #[test]
    fn a_rule_that_another_follows_is_no_news() {
        let mut rules = Telemedicine::built_in().clone();
        let next = TelemedicineRule {
            id: "us-next".to_owned(),
            from: date(2027, 1, 1),
            until: date(2027, 12, 31),
            ..rules.rules[0].clone()
        };
        rules.rules.push(next);
        assert_eq!(rules.expiring(date(2026, 12, 15)).count(), 0);
        assert_eq!(in_force(&rules.rules, "US-CO", date(2027, 1, 1)).map(|r| r.id.as_str()), Some("us-next"));
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_with_its_line() {
        for (from, to, says) in [
            ("telemedicine/1", "telemedicine/9", "telemedicine/9"),
            ("jurisdiction = \"US\"", "jurisdiction = \"Utah\"", "Utah"),
            ("until = \"2026-12-31\"", "until = \"2025-12-31\"", "before it begins"),
            ("link = \"https://www", "link = \"www", "names no source"),
            ("until = ", "untill = ", "untill"),
        ] {
            let said = Telemedicine::read("telemedicine.toml", &TEXT.replace(from, to)).unwrap_err().to_string();
            assert!(said.contains(says) && said.contains("telemedicine.toml, line "), "{said}");
        }
    }

    #[test]
    fn a_region_is_a_country_or_a_part_of_one_and_in_the_united_states_a_state() {
        for right in ["US-CO", "CA-BC", "GB", "DE", "GB-SCT"] {
            assert!(is_region(right), "{right}");
        }
        for wrong in ["US", "us-co", "Colorado", "US-", "USA-CO", "US-COLO", ""] {
            assert!(!is_region(wrong), "{wrong:?}");
        }
    }
}
