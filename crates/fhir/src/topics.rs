//! Which imported conditions may answer a question of the medical history, by code and by word.
//!
//! Each topic is looked for by itself, so that a condition which is two things answers both. Codes come from ICD-10,
//! ICD-9-CM and SNOMED CT, words from five languages; what the words say of it ("denies", "mother with", "rule out") is
//! judged clause by clause. A candidate is looked at by staff. What only may be one is told as a question and never
//! answers by itself.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use stillwater_care::facts::HistoryTopic::{self, ManiaCurrent, SubstanceUseDisorderModerate};
use stillwater_care::facts::RecordedConcern as Concern;

use crate::clauses::{Clauses, Said};
use crate::folded::{FoldedText, fold, is_edge, whole};
use crate::value::{Concept, ICD9, ICD10, SNOMED};

/// One topic of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Topic {
    id: String,
    answers: Vec<HistoryTopic>,
    while_present: Vec<HistoryTopic>,
    while_recent: Vec<HistoryTopic>,
    lasting: bool,
    concern: Option<Concern>,
    icd10: Vec<String>,
    icd10_except: Vec<String>,
    icd10_ask: Vec<String>,
    icd9: Vec<String>,
    icd9_except: Vec<String>,
    icd9_ask: Vec<String>,
    english: Vec<String>,
    abbreviations: Vec<String>,
    spanish: Vec<String>,
    french: Vec<String>,
    german: Vec<String>,
    portuguese: Vec<String>,
    masks: Vec<String>,
    #[serde(skip)]
    words: Vec<Phrase>,
}

/// Words that stand for a topic: one of each side.
#[derive(Debug)]
struct Phrase {
    sides: Vec<Vec<Word>>,
}

#[derive(Debug)]
struct Word {
    text: String,
    /// Also inside a word, as German compounds need it.
    inside: bool,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    topic: Vec<Topic>,
}

#[cfg(feature = "terminology")]
const SNOMED_FILE: &str = include_str!("../data/snomed.toml");
#[cfg(not(feature = "terminology"))]
const SNOMED_FILE: &str = "";

fn topics() -> &'static [Topic] {
    static TOPICS: OnceLock<Vec<Topic>> = OnceLock::new();
    TOPICS.get_or_init(|| {
        // The file is compiled in, and a test reads it.
        let mut topics = toml::from_str::<File>(include_str!("../data/conditions.toml")).unwrap_or_default().topic;
        for topic in &mut topics {
            let lists = [&topic.english, &topic.spanish, &topic.french, &topic.german, &topic.portuguese];
            topic.words = lists.into_iter().flatten().map(|words| phrase(words)).collect();
            topic.masks.iter_mut().for_each(|mask| *mask = fold(mask));
        }
        topics
    })
}

fn phrase(words: &str) -> Phrase {
    let word = |text: &str| {
        let text = text.trim();
        let (text, inside) = text.strip_prefix('*').map_or((text, false), |rest| (rest, true));
        Word { text: fold(text), inside }
    };
    Phrase { sides: words.split(" + ").map(|side| side.split('|').map(word).collect()).collect() }
}

/// The topics of a SNOMED CT concept, by its code.
fn snomed() -> &'static BTreeMap<String, Vec<String>> {
    static CODES: OnceLock<BTreeMap<String, Vec<String>>> = OnceLock::new();
    CODES.get_or_init(|| {
        let by_topic: BTreeMap<String, Vec<String>> = toml::from_str(SNOMED_FILE).unwrap_or_default();
        let mut by_code: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (topic, codes) in by_topic {
            for code in codes {
                by_code.entry(code).or_default().push(topic.clone());
            }
        }
        by_code
    })
}

/// How things stand with a condition, by the fields of its record.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// It is there now.
    pub present: bool,
    /// It ended within six months, or nobody knows when.
    pub recent: bool,
}

/// Why a topic is only asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AskWhy {
    /// It is only suspected.
    Suspected,
    /// The code can mean it and can mean something else.
    WideCode,
    /// It is over, and nobody knows since when.
    OverSinceWhen,
    /// Its code says that it is there, its words deny it.
    WordsDeny,
}

/// What a condition may answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// History questions.
    pub topics: Vec<HistoryTopic>,
    /// A chronic heart disease that is there now: it counts however long ago it began.
    pub lasting: bool,
    /// What is told at once.
    pub concerns: Vec<Concern>,
    /// What has to be asked of a person, by the topic's id.
    pub asks: Vec<(&'static str, AskWhy)>,
}

impl Answers {
    fn add(&mut self, topics: &[HistoryTopic]) {
        for topic in topics {
            if !self.topics.contains(topic) {
                self.topics.push(*topic);
            }
        }
    }

    fn ask(&mut self, topic: &'static Topic, why: AskWhy) {
        if !self.asks.contains(&(topic.id.as_str(), why)) {
            self.asks.push((topic.id.as_str(), why));
        }
    }
}

/// What a concept says, with the words as they were written.
pub fn of(concept: &Concept, texts: &[String], standing: Standing) -> Answers {
    let texts: Vec<FoldedText> = texts.iter().map(|text| FoldedText::new(text)).collect();
    let clauses: Vec<(&FoldedText, Clauses<'_>)> =
        texts.iter().map(|text| (text, Clauses::new(&text.folded))).collect();
    let coded = Coded::read(concept);
    let mut answers = Answers::default();
    for topic in topics() {
        let said = clauses.iter().filter_map(|(text, clauses)| topic.said(text, clauses)).max();
        let by_code = coded.says(topic);
        let words_deny = said.is_some_and(|said| said <= Said::Denied);
        match (by_code, said) {
            (Some(Found::Yes), said) => {
                if words_deny {
                    answers.ask(topic, AskWhy::WordsDeny);
                }
                let over = coded.over || said == Some(Said::Over);
                take(&mut answers, topic, standing, over, &texts, &coded);
            }
            (_, Some(Said::Present | Said::Over)) if coded.elsewhere || coded.excluded => {}
            (_, Some(said @ (Said::Present | Said::Over))) => {
                take(&mut answers, topic, standing, said == Said::Over || coded.over, &texts, &coded);
            }
            (_, Some(Said::Risk)) if topic.concern.is_some() => {
                take(&mut answers, topic, standing, false, &texts, &coded);
            }
            (Some(Found::Ask), _) if !words_deny => answers.ask(topic, AskWhy::WideCode),
            (_, Some(Said::Suspected)) => answers.ask(topic, AskWhy::Suspected),
            _ => {}
        }
    }
    answers
}

/// A topic that a condition holds.
fn take(
    answers: &mut Answers,
    topic: &'static Topic,
    standing: Standing,
    over_by_words: bool,
    texts: &[FoldedText],
    coded: &Coded,
) {
    let present = standing.present && !over_by_words;
    answers.add(&topic.answers);
    if present {
        answers.add(&topic.while_present);
        answers.lasting |= topic.lasting;
    }
    if present || (!standing.present && standing.recent) {
        answers.add(&topic.while_recent);
    } else if standing.present && topic.while_recent.contains(&SubstanceUseDisorderModerate) {
        answers.ask(topic, AskWhy::OverSinceWhen);
    }
    if topic.id == "brain-tumour" && !present {
        answers.ask(topic, AskWhy::OverSinceWhen);
    }
    if topic.id == "mania-bipolar" && present && (coded.manic || texts.iter().any(|text| is_manic(&text.folded))) {
        answers.add(&[ManiaCurrent]);
    }
    if let Some(concern) = topic.concern.filter(|concern| present || *concern == Concern::SuicideAttempt)
        && !answers.concerns.contains(&concern)
    {
        answers.concerns.push(concern);
    }
}

/// A bipolar disorder is mania now only in an episode of it.
fn is_manic(text: &str) -> bool {
    ["manic", "mania", "hypomani", "maniac", "manisch", "mixed episode", "current episode mixed"].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            is_edge(text, at)
                && !before.ends_with("history of ")
                && !text.get(at..).is_some_and(|t| t.starts_with("manic depress"))
        })
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Yes,
    Ask,
}

/// The codes of a condition, as far as they are known here.
#[derive(Debug, Default)]
struct Coded {
    icd10: Vec<String>,
    icd9: Vec<String>,
    snomed: Vec<String>,
    /// A code of family history: whatever it names is somebody else's.
    elsewhere: bool,
    /// Observed for it, and not found.
    excluded: bool,
    /// A code of personal history or remission.
    over: bool,
    /// An episode of mania now.
    manic: bool,
}

impl Coded {
    fn read(concept: &Concept) -> Self {
        let plain = |code: &str| {
            code.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase()
        };
        let icd10: Vec<String> = concept.codes(ICD10).map(plain).collect();
        let icd9: Vec<String> = concept.codes(ICD9).map(plain).collect();
        let snomed = concept.codes(SNOMED).map(|code| code.trim().to_owned()).collect();
        let starts =
            |codes: &[String], with: &[&str]| codes.iter().any(|code| with.iter().any(|start| code.starts_with(start)));
        Self {
            elsewhere: starts(&icd10, &["Z80", "Z81", "Z82", "Z83", "Z84"])
                || starts(&icd9, &["V16", "V17", "V18", "V19"]),
            excluded: starts(&icd10, &["Z03", "Z04"]),
            over: starts(&icd10, &["Z85", "Z86", "Z87"]) || icd10.iter().any(|code| is_remission(code)),
            manic: starts(&icd10, &["F300", "F301", "F302", "F303", "F308", "F309", "F310", "F311", "F312", "F316"]),
            icd10,
            icd9,
            snomed,
        }
    }

    /// Whether a topic is among the codes. Of two beginnings that fit, the longer one says whether to ask.
    fn says(&self, topic: &Topic) -> Option<Found> {
        let longest = |code: &str, starts: &[String]| {
            starts.iter().filter(|start| code.starts_with(start.as_str())).map(String::len).max()
        };
        let by_start = |codes: &[String], yes: &[String], except: &[String], ask: &[String]| {
            codes
                .iter()
                .filter_map(|code| {
                    let yes = longest(code, yes).filter(|_| longest(code, except).is_none());
                    match (yes, longest(code, ask)) {
                        (Some(yes), Some(ask)) if ask >= yes => Some(Found::Ask),
                        (Some(_), _) => Some(Found::Yes),
                        (None, ask) => ask.map(|_| Found::Ask),
                    }
                })
                .max_by_key(|found| *found == Found::Yes)
        };
        let in_snomed = self
            .snomed
            .iter()
            .any(|code| snomed().get(code).is_some_and(|topics| topics.contains(&topic.id)))
            .then_some(Found::Yes);
        let poisoned = (topic.concern == Some(Concern::SuicideAttempt)
            && self.icd10.iter().any(|c| is_self_poisoning(c)))
        .then_some(Found::Yes);
        let all = [
            in_snomed,
            poisoned,
            by_start(&self.icd10, &topic.icd10, &topic.icd10_except, &topic.icd10_ask),
            by_start(&self.icd9, &topic.icd9, &topic.icd9_except, &topic.icd9_ask),
        ];
        let found = all.into_iter().flatten().max_by_key(|found| *found == Found::Yes);
        let overdose = topic.concern == Some(Concern::Overdose);
        found.filter(|_| !(overdose && !self.icd10.is_empty() && self.icd10.iter().all(|code| is_adverse_effect(code))))
    }
}

/// ICD-10-CM says "in remission" of a use disorder by its fourth and fifth place.
fn is_remission(code: &str) -> bool {
    let rest = code.strip_prefix("F1").unwrap_or_default();
    matches!(rest.get(1..), Some("11" | "21" | "91"))
}

/// A poisoning of ICD-10-CM whose intent, the sixth place, is self-harm.
fn is_self_poisoning(code: &str) -> bool {
    poisoning_intent(code) == Some('2')
}

/// An adverse effect of a medicine, or too little of it, is no poisoning.
fn is_adverse_effect(code: &str) -> bool {
    code.starts_with('T') && matches!(poisoning_intent(code), Some('5' | '6'))
}

/// The intent of a poisoning, T36 to T65.
fn poisoning_intent(code: &str) -> Option<char> {
    let number: u32 = code.get(1..3)?.parse().ok()?;
    if !code.starts_with('T') || !(36..=65).contains(&number) {
        return None;
    }
    // T42.4X2A says it in the sixth place, T58.02XA in the fifth; a code cut short says nothing.
    let place = |at| code.chars().nth(at);
    match place(5)? {
        'X' => place(4),
        other => Some(other),
    }
    .filter(char::is_ascii_digit)
}

impl Topic {
    /// The most that a text says of this topic; `None` where it does not name it.
    fn said(&self, text: &FoldedText, clauses: &Clauses<'_>) -> Option<Said> {
        let masked = |from: usize, to: usize| {
            self.masks.iter().flat_map(|mask| whole(&text.folded, mask)).any(|(start, end)| start < to && from < end)
        };
        let mut most: Option<Said> = None;
        let mut take = |said: Said| most = most.max(Some(said));
        for phrase in &self.words {
            let Some(first) = phrase.sides.first() else { continue };
            if phrase.sides.len() == 1 {
                for (from, to) in places(&text.folded, first).filter(|(from, to)| !masked(*from, *to)) {
                    take(clauses.said_of(from..to));
                }
                continue;
            }
            // One of each side in the same clause; what is said of the less certain of them counts.
            for clause in clauses.ranges() {
                let side = |words: &[Word]| {
                    places(&text.folded, words)
                        .filter(|(from, to)| clause.start <= *from && *to <= clause.end && !masked(*from, *to))
                        .map(|(from, to)| clauses.said_of(from..to))
                        .max()
                };
                let all: Option<Vec<Said>> = phrase.sides.iter().map(|words| side(words)).collect();
                if let Some(said) = all.and_then(|all| all.into_iter().min()) {
                    take(said);
                }
            }
        }
        for short in &self.abbreviations {
            for (from, to) in whole(&text.written, short) {
                let (from, to) = (text.place_of(from), text.place_of(to));
                if !masked(from, to) {
                    take(clauses.said_of(from..to));
                }
            }
        }
        most
    }
}

/// Where the words stand: at the beginning of a word, a short one as the whole word, so that "cholecystitis" is no
/// cystitis and "kleptomania" no mania.
fn places<'t>(text: &'t str, words: &'t [Word]) -> impl Iterator<Item = (usize, usize)> + 't {
    words.iter().flat_map(move |word| {
        text.match_indices(word.text.as_str()).map(|(at, found)| (at, at + found.len())).filter(move |(from, to)| {
            word.inside || (is_edge(text, *from) && (word.text.len() > 4 || is_edge(text, *to)))
        })
    })
}

/// One of the `choice`s begins a word of `words`.
pub fn has_any(words: &str, choice: &str) -> bool {
    choice.split('|').any(|start| {
        words
            .match_indices(start)
            .any(|(at, found)| is_edge(words, at) && (found.len() > 4 || is_edge(words, at + found.len())))
    })
}

#[cfg(test)]
#[path = "topics_tests.rs"]
mod tests;
