//! What else may tell of something that holds the way: reasons of visits, flags, answers to questionnaires, conclusions of
//! reports. Each becomes a fact where it bears on a rule; the rest is counted by name.

use serde_json::Value;
use stillwater_care::event::ImportedFact;
use stillwater_care::facts::RecordedConcern;
use stillwater_care::quantity::days_between;

use crate::answers::{self, suicidal_answer};
use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::topics::{self, Answers, Standing};
use crate::value::{Concept, DateBias, clean, list, raw_texts, text};

/// Days for which what somebody was seen for counts as there now.
const RECENT_DAYS: f64 = 183.0;

/// Reads one, and says whether anything in it bears on a rule.
pub fn read(entry: &BundleEntry<'_>, gathering: &mut ImportBuilder<'_>) -> bool {
    let resource = entry.resource;
    let status = text(resource, "status");
    if matches!(status.as_str(), "entered-in-error" | "cancelled") {
        return false;
    }
    match text(resource, "resourceType").as_str() {
        "Encounter" => {
            let reasons = ["reasonCode", "reason"].iter().flat_map(|field| list(resource, field)).flat_map(reasons_of);
            concepts(entry, gathering, reasons.collect(), &["period", "actualPeriod", "plannedStartDate"], false)
        }
        "Flag" => {
            let code = resource.get("code").into_iter().collect();
            concepts(entry, gathering, code, &["period"], status == "inactive")
        }
        "DiagnosticReport" => {
            let codes: Vec<&Value> = list(resource, "conclusionCode").iter().collect();
            let said = Value::from(text(resource, "conclusion"));
            let words = serde_json::json!({"text": said});
            let mut all = codes;
            if said.as_str().is_some_and(|said| !said.is_empty()) {
                all.push(&words);
            }
            concepts(entry, gathering, all, &["effectiveDateTime", "effectivePeriod", "issued"], false)
        }
        "QuestionnaireResponse" => questionnaire(entry, gathering),
        _ => false,
    }
}

/// The concepts of a reason: itself in R4 and before, inside its `value` or `use` in R5.
fn reasons_of(reason: &Value) -> Vec<&Value> {
    let inner: Vec<&Value> =
        list(reason, "value").iter().filter_map(|value| value.get("concept").or(Some(value))).collect();
    if inner.is_empty() { vec![reason] } else { inner }
}

/// Takes over what some of the concepts may answer; `false` where none does.
fn concepts(
    entry: &BundleEntry<'_>,
    gathering: &mut ImportBuilder<'_>,
    all: Vec<&Value>,
    dates: &[&str],
    over: bool,
) -> bool {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let at = gathering.window.first(resource, dates, DateBias::Latest).unwrap_or_default();
    let recent = at.is_none_or(|at| days_between(at, gathering.window.now) < RECENT_DAYS);
    let mut found = Answers::default();
    let (mut words, mut code) = (Vec::new(), String::new());
    for one in all {
        let Ok(concept) = Concept::read(one) else { continue };
        let standing = Standing { present: recent && !over, recent };
        let answers = topics::of(&concept, &raw_texts(one), standing);
        if answers == Answers::default() {
            continue;
        }
        if code.is_empty() {
            code = concept.code();
        }
        words.push(concept.text);
        found.topics.extend(answers.topics);
        found.concerns.extend(answers.concerns);
        found.lasting |= answers.lasting;
        found.asks.extend(answers.asks);
    }
    found.topics.sort_unstable();
    found.topics.dedup();
    found.concerns.sort_unstable();
    found.concerns.dedup();
    let words = clean(&words.join("; "));
    if !(found.topics.is_empty() && found.concerns.is_empty()) {
        for (topic, why) in &found.asks {
            gathering.note(origin, &words, crate::condition::ask(topic, *why));
        }
    } else if let Some((topic, why)) = found.asks.first() {
        gathering.list(origin, &words, crate::condition::ask(topic, *why));
        return true;
    } else {
        return false;
    }
    gathering.fact_with(
        ImportedFact {
            kind: text(resource, "resourceType"),
            text: words,
            code,
            at,
            status: text(resource, "status"),
            value: String::new(),
            origin: origin.to_owned(),
            candidate_for: None,
            concern: found.lasting.then_some(RecordedConcern::LastingHeartDisease),
        },
        &found.topics,
        &found.concerns,
    );
    true
}

/// Answers about suicide are told at once; the others are not scored here.
fn questionnaire(entry: &BundleEntry<'_>, gathering: &mut ImportBuilder<'_>) -> bool {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let mut found: Vec<(String, String, RecordedConcern)> = Vec::new();
    walk(resource, 0, &mut found);
    let Some((question, answer, concern)) = found.iter().max_by_key(|(_, _, c)| *c == RecordedConcern::SuicideAttempt)
    else {
        return false;
    };
    let at = gathering.window.first(resource, &["authored"], DateBias::Latest).unwrap_or_default();
    gathering.fact_with(
        ImportedFact {
            kind: "QuestionnaireResponse".to_owned(),
            text: question.clone(),
            code: String::new(),
            at,
            status: text(resource, "status"),
            value: answer.clone(),
            origin: origin.to_owned(),
            candidate_for: None,
            concern: None,
        },
        &[],
        &[*concern],
    );
    for (question, answer, _) in found.iter().filter(|one| &one.0 != question) {
        gathering.note(origin, question, format!("also answered: {answer}"));
    }
    true
}

/// The items that somebody answered, in the groups of STU3 (`group`, `question`) and the items since, not too deep.
fn walk(holder: &Value, depth: usize, found: &mut Vec<(String, String, RecordedConcern)>) {
    if depth > 12 {
        return;
    }
    let items = ["item", "group", "question"].iter().flat_map(|field| match holder.get(*field) {
        Some(Value::Array(all)) => all.iter().collect::<Vec<_>>(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    });
    for item in items {
        let question = clean(&text(item, "text"));
        let link = text(item, "linkId");
        for answer in list(item, "answer") {
            let value = answer.as_object().and_then(|fields| fields.iter().find(|(name, _)| name.starts_with("value")));
            if let Some((_, value)) = value
                && let Some(concern) = suicidal_answer(&link, &question, value)
            {
                let asked = if question.is_empty() { format!("item {link}") } else { question.clone() };
                found.push((asked, answers::words(value), concern));
            }
            walk(answer, depth + 1, found);
        }
        walk(item, depth + 1, found);
    }
}

/// What a resource is called, in its own words; empty where it says nothing.
pub fn name(resource: &Value) -> String {
    const CONCEPTS: [&str; 10] = [
        "code",
        "medicationCodeableConcept",
        "vaccineCode",
        "type",
        "category",
        "reasonCode",
        "serviceType",
        "relationship",
        "description",
        "class",
    ];
    for field in CONCEPTS {
        let held = resource.get(field);
        let first = held.and_then(Value::as_array).and_then(|all| all.first()).or(held);
        match first {
            Some(Value::String(words)) if !words.trim().is_empty() => return clean(words),
            Some(concept @ Value::Object(_)) => {
                if let Ok(concept) = Concept::read(concept) {
                    return concept.text;
                }
                let display = clean(&text(concept, "display"));
                if !display.is_empty() {
                    return display;
                }
            }
            _ => {}
        }
    }
    ["title", "name", "display"]
        .iter()
        .map(|field| clean(&text(resource, field)))
        .find(|n| !n.is_empty())
        .unwrap_or_default()
}

/// The type of a resource with what it is called.
pub fn named(resource: &Value) -> String {
    let kind = text(resource, "resourceType");
    let kind = if kind.is_empty() { "an entry".to_owned() } else { kind };
    match name(resource) {
        name if name.is_empty() => kind,
        name => format!("{kind}: {name}"),
    }
}
