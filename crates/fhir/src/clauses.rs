//! What a text says of a word in it: that it is so, was so, is denied, suspected, a risk, or somebody else's.
//!
//! The text is parted into clauses. A cue rules from its place to the end of its clause, or to a word that ends it ("but",
//! "presents with"); some stand behind the word. A heading about the family holds to the next heading or the end of the
//! line. A list divided by commas carries a denial on, until one of its parts begins anew ("no fever, stroke in 2019").

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::folded::{fold, is_edge, whole, word_end};

/// What is said of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// It is about somebody else.
    Elsewhere,
    /// It is denied.
    Denied,
    /// It is looked for, feared or a risk.
    Risk,
    /// It is suspected.
    Suspected,
    /// It was so once.
    Over,
    /// It is so.
    Present,
}

/// The cues of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Cues {
    markers: Vec<String>,
    negation: Vec<String>,
    negation_after: Vec<String>,
    negation_drug: Vec<String>,
    pseudo_negation: Vec<String>,
    family: Vec<String>,
    family_after: Vec<String>,
    other_person: Vec<String>,
    historical: Vec<String>,
    historical_after: Vec<String>,
    resolved_after: Vec<String>,
    hypothetical: Vec<String>,
    risk: Vec<String>,
    terminator: Vec<String>,
}

/// Words of other languages that are English as well, and show nothing.
const ENGLISH_TOO: [&str; 9] =
    ["possible", "probable", "partner", "familial", "familiar", "status post", "cousin", "absent", "tante"];

impl Cues {
    /// Whether a text shows this language: by one of its markers, or by a cue of some length that no other has.
    fn show_in(&self, text: &str) -> bool {
        let own = |word: &&String| word.len() > 4 && !ENGLISH_TOO.contains(&word.as_str());
        let lists =
            [&self.negation, &self.negation_after, &self.family, &self.historical, &self.hypothetical, &self.risk];
        let long = lists.into_iter().flatten().filter(own);
        self.markers.iter().chain(long).any(|word| whole(text, word).next().is_some())
    }
}

fn cues() -> &'static BTreeMap<String, Cues> {
    static CUES: OnceLock<BTreeMap<String, Cues>> = OnceLock::new();
    CUES.get_or_init(|| {
        // The file is compiled in, and a test reads it: nothing is lost where it could not be.
        let mut all: BTreeMap<String, Cues> = toml::from_str(include_str!("../data/cues.toml")).unwrap_or_default();
        for cues in all.values_mut() {
            let lists = [
                &mut cues.markers,
                &mut cues.negation,
                &mut cues.negation_after,
                &mut cues.negation_drug,
                &mut cues.pseudo_negation,
                &mut cues.family,
                &mut cues.family_after,
                &mut cues.other_person,
                &mut cues.historical,
                &mut cues.historical_after,
                &mut cues.resolved_after,
                &mut cues.hypothetical,
                &mut cues.risk,
                &mut cues.terminator,
            ];
            lists.into_iter().flatten().for_each(|cue| *cue = fold(cue));
        }
        all
    })
}

/// Words by which a denial ends and a family history goes on: "Mutter mit Schlaganfall".
const WITH: [&str; 5] = ["with", "con", "avec", "mit", "com"];
/// What a part of a list begins with when it is no longer part of the denial before it.
const ANEW: [&str; 22] = [
    "has",
    "had",
    "have",
    "history",
    "hx",
    "h/o",
    "known",
    "s/p",
    "status",
    "diagnosed",
    "current",
    "currently",
    "active",
    "now",
    "since",
    "takes",
    "taking",
    "is",
    "previous",
    "prior",
    "chronic",
    "acute",
];
/// What a part of a list begins with when it is no longer about the family.
const OF_THE_PATIENT: [&str; 9] = ["patient", "pt", "self", "personal", "she", "he", "currently", "now", "active"];
/// Words that may stand between a condition and what is said of it behind.
const BETWEEN: [&str; 26] = [
    "is",
    "was",
    "were",
    "are",
    "has",
    "have",
    "had",
    "been",
    "currently",
    "now",
    "disorder",
    "disease",
    "syndrome",
    "history",
    "screen",
    "screening",
    "test",
    "episode",
    "episodes",
    "attack",
    "attacks",
    "attempt",
    "attempts",
    "ideation",
    "of",
    "accident",
];

/// A text parted into its clauses.
#[derive(Debug)]
pub struct Clauses<'t> {
    text: &'t str,
    all: Vec<(Range<usize>, bool)>,
    languages: Vec<&'static Cues>,
}

impl<'t> Clauses<'t> {
    /// Parts a folded text.
    pub fn new(text: &'t str) -> Self {
        let languages =
            cues().iter().filter(|(name, cues)| *name == "en" || cues.show_in(text)).map(|(_, cues)| cues).collect();
        let mut clauses = Self { text, all: Vec::new(), languages };
        let mut family = false;
        for line in pieces(text, 0..text.len(), |letter, _, _| matches!(letter, '\n' | '•' | '|')) {
            family = false;
            for sentence in pieces(text, line, is_stop) {
                family = clauses.heading(&sentence).unwrap_or(family);
                clauses.all.push((sentence, family));
            }
        }
        let _ = family;
        clauses
    }

    /// Whether a clause begins with a heading, and whether that is one about the family.
    fn heading(&self, clause: &Range<usize>) -> Option<bool> {
        let said = self.text.get(clause.clone()).unwrap_or_default();
        let (head, _) = said.split_once(':')?;
        let head = head.trim();
        let is_head = head.len() < 40 && !head.is_empty() && head.split_whitespace().count() < 5;
        is_head.then(|| {
            self.languages
                .iter()
                .any(|cues| cues.family.iter().any(|cue| head.ends_with(cue.trim_end_matches(':').trim_end())))
        })
    }

    /// The clauses, each with its place.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.all.iter().map(|(range, _)| range.clone())
    }

    /// What is said of the word that stands at `word`.
    pub fn said_of(&self, word: Range<usize>) -> Said {
        let Some((clause, family)) =
            self.all.iter().find(|(range, _)| range.start <= word.start && word.start < range.end)
        else {
            return Said::Present;
        };
        if *family {
            return Said::Elsewhere;
        }
        let text = self.text.get(clause.clone()).unwrap_or_default();
        let from = word.start - clause.start;
        let to = word_end(text, (word.end - clause.start).min(text.len()));
        let found = |said: Said| match said {
            Said::Elsewhere => {
                self.rules(text, from, said, |cues| &cues.family)
                    || self.rules(text, from, said, |cues| &cues.other_person)
                    || self.behind(text, to, said, |cues| &cues.family_after)
            }
            Said::Denied => {
                self.rules(text, from, said, |cues| &cues.negation)
                    || self.rules(text, from, said, |cues| &cues.negation_drug)
                    || self.behind(text, to, said, |cues| &cues.negation_after)
                    || answered_no(text, to)
            }
            Said::Risk => self.rules(text, from, said, |cues| &cues.risk),
            Said::Suspected => {
                self.rules(text, from, said, |cues| &cues.hypothetical)
                    || text.get(to..).is_some_and(|rest| rest.trim_start().starts_with('?'))
            }
            Said::Over => {
                self.rules(text, from, said, |cues| &cues.historical)
                    || self.behind(text, to, said, |cues| &cues.historical_after)
                    || self.behind(text, to, said, |cues| &cues.resolved_after)
            }
            Said::Present => true,
        };
        [Said::Elsewhere, Said::Denied, Said::Suspected, Said::Risk, Said::Over]
            .into_iter()
            .find(|said| found(*said))
            .unwrap_or(Said::Present)
    }

    /// Whether a cue before `from` rules as far as there.
    fn rules(&self, text: &str, from: usize, said: Said, list: impl Fn(&Cues) -> &Vec<String>) -> bool {
        self.languages.iter().any(|cues| {
            list(cues).iter().flat_map(|cue| whole(text, cue).map(move |place| (cue, place))).any(
                |(cue, (start, end))| {
                    end <= from && !self.is_none(text, start, end, said, cue) && !self.ended(text, end..from, said)
                },
            )
        })
    }

    /// Whether what looks like a cue is none: "cannot be excluded", "45 years old".
    fn is_none(&self, text: &str, start: usize, end: usize, said: Said, cue: &str) -> bool {
        let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '-']);
        if said == Said::Over && cue == "old" {
            return ["year", "years", "yr", "yo", "month", "months"].iter().any(|unit| before.ends_with(unit));
        }
        said == Said::Denied
            && self.languages.iter().any(|cues| {
                cues.pseudo_negation
                    .iter()
                    .flat_map(|cue| whole(text, cue))
                    .any(|(other_start, other_end)| other_start < end && start < other_end)
            })
    }

    /// Whether the words between a cue and what it would rule end it.
    fn ended(&self, text: &str, place: Range<usize>, said: Said) -> bool {
        let Some(between) = text.get(place.clone()) else { return true };
        let ends = |word: &&String| said != Said::Elsewhere || !WITH.contains(&word.as_str());
        let terminated = self
            .languages
            .iter()
            .any(|cues| cues.terminator.iter().filter(ends).any(|word| whole(between, word).next().is_some()));
        if terminated {
            return true;
        }
        let Some(comma) = between.rfind(',') else {
            return said == Said::Over && whole(between, "now").chain(whole(between, "current")).next().is_some();
        };
        let begins_with = |words: &[&str]| {
            between
                .split(',')
                .skip(1)
                .filter_map(|part| part.split_whitespace().next())
                .any(|word| words.contains(&word))
        };
        // The part of the list in which the word itself stands.
        let part = text.get(place.start + comma + 1..).unwrap_or_default().split(',').next().unwrap_or_default();
        match said {
            Said::Denied => begins_with(&ANEW) || has_year(part),
            Said::Elsewhere => begins_with(&OF_THE_PATIENT),
            Said::Risk | Said::Suspected | Said::Over | Said::Present => true,
        }
    }

    /// Whether a cue stands behind the word that ends at `to`.
    fn behind(&self, text: &str, to: usize, said: Said, list: impl Fn(&Cues) -> &Vec<String>) -> bool {
        self.languages.iter().any(|cues| {
            list(cues).iter().flat_map(|cue| whole(text, cue)).any(|(start, end)| {
                let Some(between) = (start >= to).then(|| text.get(to..start)).flatten() else { return false };
                if said == Said::Denied && self.is_none(text, start, end, said, "") {
                    return false;
                }
                let terminated = self
                    .languages
                    .iter()
                    .any(|cues| cues.terminator.iter().any(|word| whole(between, word).next().is_some()));
                let commas = between.matches(',').count();
                let near = match said {
                    Said::Denied => {
                        commas == 0
                            && between
                                .split(|letter: char| !letter.is_alphanumeric())
                                .all(|word| word.is_empty() || BETWEEN.contains(&word))
                            && ends_there(text.get(end..).unwrap_or_default())
                    }
                    Said::Elsewhere => commas == 0,
                    _ => commas <= 1,
                };
                near && !terminated
            })
        })
    }
}

/// "Stroke: no", "stroke - denied".
fn answered_no(text: &str, to: usize) -> bool {
    let rest = text.get(to..).unwrap_or_default().trim_start();
    let Some(answer) = rest.strip_prefix([':', '-', '=']) else { return false };
    let answer = answer.trim_start();
    ["no", "none", "negative", "neg", "denied", "denies", "absent", "nil", "nein", "non", "nao"]
        .iter()
        .any(|no| answer.strip_prefix(no).is_some_and(|after| ends_there(after) && is_edge(answer, no.len())))
}

/// What says "no" behind a word ends the clause, or goes on only to say when or by whom.
fn ends_there(rest: &str) -> bool {
    let rest = rest.trim_start();
    let next = rest.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    next.is_empty() || ["in", "by", "on", "since", "at", "today", "per", "for", "and"].contains(&next)
}

/// A year, or "years ago": somebody tells what happened, not what did not.
fn has_year(part: &str) -> bool {
    whole(part, "years ago").next().is_some()
        || part
            .split(|letter: char| !letter.is_ascii_digit())
            .any(|digits| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")))
}

/// A full stop that ends a sentence: not in a figure or a code, and not behind a single letter ("z. n.").
fn is_stop(letter: char, before: &str, after: &str) -> bool {
    match letter {
        ';' => true,
        '.' | '!' => {
            let last: usize = before.chars().rev().take_while(|c| c.is_alphanumeric()).count();
            last != 1 && after.chars().next().is_none_or(char::is_whitespace)
        }
        _ => false,
    }
}

/// The pieces of a part of the text between the letters that `divides` names.
fn pieces(text: &str, part: Range<usize>, divides: impl Fn(char, &str, &str) -> bool) -> Vec<Range<usize>> {
    let said = text.get(part.clone()).unwrap_or_default();
    let mut all = Vec::new();
    let mut from = 0;
    for (at, letter) in said.char_indices() {
        let next = at + letter.len_utf8();
        if divides(letter, said.get(..at).unwrap_or_default(), said.get(next..).unwrap_or_default()) {
            all.push(part.start + from..part.start + at);
            from = next;
        }
    }
    all.push(part.start + from..part.end);
    all.retain(|range| !range.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, word: &str, said: Said) {
        let text = fold(text);
        let at = text.find(word).expect("the word stands there");
        assert_eq!(Clauses::new(&text).said_of(at..at + word.len()), said, "{word} in {text:?}");
    }

    #[test]
    fn the_file_of_cues_is_read_with_every_language() {
        assert_eq!(cues().keys().map(String::as_str).collect::<Vec<_>>(), ["de", "en", "es", "fr", "pt"]);
        assert!(
            cues().values().all(|cues| !cues.negation.is_empty() && !cues.family.is_empty() && !cues.risk.is_empty())
        );
    }

    #[test]
    fn a_denial_rules_its_clause_and_no_other() {
        check("Denies seizures", "seizure", Said::Denied);
        check("No history of stroke", "stroke", Said::Denied);
        check("Denies chest pain, fever or seizures.", "seizure", Said::Denied);
        check("No fever. Stroke in 2019", "stroke", Said::Present);
        check("No fever, stroke in 2019", "stroke", Said::Present);
        check("No diabetes, history of stroke", "stroke", Said::Over);
        check("Denies pain but reports seizures", "seizure", Said::Present);
        check("Stroke cannot be excluded", "stroke", Said::Present);
        check("Not only epilepsy", "epilepsy", Said::Present);
        check("Stroke: no", "stroke", Said::Denied);
        check("Psychosis was ruled out", "psychosis", Said::Denied);
        check("Epilepsy, negative EEG", "epilepsy", Said::Present);
        check("Unspecified psychosis not due to a substance", "psychosis", Said::Present);
    }

    #[test]
    fn somebody_elses_illness_is_not_the_patients() {
        check("Schizophrenia. Family history of diabetes.", "schizophrenia", Said::Present);
        check("Bipolar I disorder, family history of suicide", "bipolar", Said::Present);
        check("Bipolar I disorder, family history of suicide", "suicide", Said::Elsewhere);
        check("Mother with bipolar disorder", "bipolar", Said::Elsewhere);
        check("FHx: stroke", "stroke", Said::Elsewhere);
        check("Family history: diabetes, stroke. Bipolar disorder", "bipolar", Said::Elsewhere);
        check("Family history: diabetes.\nPMH: bipolar disorder", "bipolar", Said::Over);
        check("Family history: diabetes. Assessment: stroke", "stroke", Said::Present);
        check("Stroke in father", "stroke", Said::Elsewhere);
        check("Father had diabetes, patient had a stroke", "stroke", Said::Present);
        check("Mutter mit Schlaganfall", "schlaganfall", Said::Elsewhere);
    }

    #[test]
    fn what_is_suspected_a_risk_or_over_is_told_apart() {
        check("Rule out stroke", "stroke", Said::Suspected);
        check("Stroke?", "stroke", Said::Suspected);
        check("At risk of seizures", "seizure", Said::Risk);
        check("Epilepsy, at risk of falls", "epilepsy", Said::Present);
        check("Psychosis with fear of persecution", "psychosis", Said::Present);
        check("Pregnant, history of gestational diabetes", "pregnant", Said::Present);
        check("Opioid dependence, in remission", "opioid", Said::Over);
        check("45 years old woman, pregnant", "pregnant", Said::Present);
        check("Previous caesarean, pregnant", "pregnant", Said::Present);
    }

    #[test]
    fn other_languages_are_heard_where_the_text_shows_them() {
        check("Niega convulsiones", "convulsiones", Said::Denied);
        check("Kein Hinweis auf Epilepsie", "epilepsie", Said::Denied);
        check("Pas d'antécédent d'épilepsie", "epilepsie", Said::Denied);
        check("Sem história de epilepsia", "epilepsia", Said::Denied);
        check("Sospecha de ictus", "ictus", Said::Suspected);
        check("Z. n. Schlaganfall", "schlaganfall", Said::Over);
        check("AF with stroke", "stroke", Said::Present);
    }
}
