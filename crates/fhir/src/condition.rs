//! Conditions: every one is kept as a fact; some may answer a question of the medical history.

use stillwater_care::event::{Demographics, ImportedFact};
use stillwater_care::facts::{HistoryTopic, RecordedConcern};
use stillwater_care::quantity::days_between;

use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::topics::{self, Answers, AskWhy, Standing, has_any};
use crate::value::{Concept, DateBias, clean, raw_texts, status_code, text};

/// Days after which a pregnancy that nobody has closed can no longer be one.
pub const PREGNANCY_DAYS: f64 = 310.0;
/// Days for which a use disorder that is over still counts (the history question asks for six months).
const RECENT_DAYS: f64 = 183.0;

/// Reads one.
pub fn read(entry: &BundleEntry<'_>, gathering: &mut ImportBuilder<'_>, demographics: &mut Demographics) {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let verification = status_code(resource, "verificationStatus");
    if verification == "entered-in-error" {
        return gathering.list(origin, "Condition", "the other record marks it as entered in error");
    }
    let Some(code) = resource.get("code") else {
        return gathering.list(origin, "Condition", "it has no code and no words");
    };
    let concept = match Concept::read(code) {
        Ok(concept) => concept,
        Err(why) => return gathering.list(origin, "Condition", format!("code {why}")),
    };
    // A bad date does not make the condition go away: it is kept undated, and the date is listed.
    let date = |gathering: &mut ImportBuilder<'_>, fields: &[&str]| match gathering.window.first(
        resource,
        fields,
        DateBias::Latest,
    ) {
        Ok(at) => at,
        Err(why) => {
            gathering.note(origin, &concept.text, format!("{why}; the condition is kept without this date"));
            None
        }
    };
    let began = date(gathering, &["onsetDateTime", "onsetPeriod", "recordedDate"]);
    let ended = date(gathering, &["abatementDateTime", "abatementPeriod"]);
    let clinical = status_code(resource, "clinicalStatus");
    let over =
        matches!(clinical.as_str(), "inactive" | "remission" | "resolved") || (clinical.is_empty() && ended.is_some());
    // Over since nobody knows when counts as recent.
    let recent = ended.is_none_or(|at| days_between(at, gathering.window.now) < RECENT_DAYS);
    let refuted = verification == "refuted";
    let mut answers = if refuted {
        Answers::default()
    } else {
        topics::of(&concept, &raw_texts(code), Standing { present: !over, recent })
    };
    let old = began.is_some_and(|at| days_between(at, gathering.window.now) > PREGNANCY_DAYS);
    if old && answers.topics.contains(&HistoryTopic::CouldBePregnant) {
        answers.topics.retain(|topic| *topic != HistoryTopic::CouldBePregnant);
        gathering.note(origin, &concept.text, "it is not marked as over and began more than ten months ago; ask");
    }
    for (topic, why) in &answers.asks {
        gathering.note(origin, &concept.text, ask(topic, *why));
    }
    if !refuted
        && (concept.codings.iter().any(|(_, code, _)| code == "224355006")
            || has_any(&concept.words(), "served in armed forces|military veteran"))
    {
        demographics.veteran = Some(true);
    }
    let words = match text(resource, "onsetString").as_str() {
        "" => String::new(),
        onset => format!("onset: {}", clean(onset)),
    };
    let status = [clinical, if verification == "confirmed" { String::new() } else { verification }];
    let status = status.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    gathering.fact_with(
        ImportedFact {
            kind: "Condition".to_owned(),
            text: concept.text.clone(),
            code: concept.code(),
            at: began,
            status,
            value: words,
            origin: origin.to_owned(),
            candidate_for: None,
            concern: answers.lasting.then_some(RecordedConcern::LastingHeartDisease),
        },
        &answers.topics,
        &answers.concerns,
    );
}

/// What has to be asked about a condition that answers nothing by itself.
pub fn ask(topic: &str, why: AskWhy) -> String {
    let topic = topic.replace('-', " ");
    match why {
        AskWhy::Suspected => format!("it only suspects this; ask about {topic}"),
        AskWhy::WideCode => format!("its code may mean {topic}, and may mean something else; ask"),
        AskWhy::OverSinceWhen => format!("it does not say since when this is over; ask about {topic}"),
        AskWhy::WordsDeny => format!("its code says {topic}, its words deny it; ask"),
    }
}
