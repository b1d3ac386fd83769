//! Answers that are told at once: about suicide, pregnancy and breast-feeding, wherever in a record they stand.

use serde_json::Value;
use stillwater_care::facts::RecordedConcern;

use crate::clauses::{Clauses, Said};
use crate::folded::{fold, whole};
use crate::value::{Concept, clean, list, text};

/// LOINC: item 9 of the PHQ-9.
const PHQ_ITEM_9: &str = "44260-8";
/// LOINC: the questions of the C-SSRS screen about thoughts, method, intent and plan.
const THOUGHTS: [&str; 5] = ["93246-7", "93247-5", "93248-3", "93249-1", "93250-9"];
/// LOINC: the questions of the C-SSRS screen about what somebody did.
const BEHAVIOUR: [&str; 1] = ["93267-3"];

/// What somebody's answer says of suicide; `None` where it is not asked about, or denied.
pub fn suicidal_answer(code: &str, question: &str, value: &Value) -> Option<RecordedConcern> {
    let question = fold(question);
    let has = |codes: &[&str]| codes.iter().any(|one| code.contains(one));
    let about = |words: &[&str]| words.iter().any(|word| question.contains(word));
    let behaviour = has(&BEHAVIOUR)
        || about(&["suicide attempt", "attempted suicide", "tried to kill", "tried to end", "tried to hurt yourself"])
        || (about(&["suicid", "end your life", "kill yourself"])
            && about(&["have you ever done anything", "started to do anything", "prepared to do anything", "attempt"]));
    let thoughts = has(&[PHQ_ITEM_9])
        || has(&THOUGHTS)
        || about(&[
            "suicid",
            "better off dead",
            "wished you were dead",
            "wish to be dead",
            "kill yourself",
            "killing yourself",
            "end your life",
            "hurting yourself",
            "harming yourself",
            "thoughts of death",
        ]);
    if !(behaviour || thoughts) || !affirms(value) {
        return None;
    }
    Some(if behaviour { RecordedConcern::SuicideAttempt } else { RecordedConcern::SuicidalThoughts })
}

/// Whether an answer says yes, more than nothing, or names a risk. What is not understood counts as said.
pub fn affirms(value: &Value) -> bool {
    match value {
        Value::Bool(answer) => *answer,
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        Value::String(words) => affirmed(words, ""),
        Value::Object(_) => {
            if let Some(number) = value.get("value").and_then(Value::as_f64) {
                return number > 0.0;
            }
            let codings = list(value, "coding").iter().chain(value.get("code").map(|_| value));
            let mut said = Vec::new();
            for coding in codings {
                said.push((text(coding, "display"), text(coding, "code")));
            }
            said.push((text(value, "text"), String::new()));
            said.retain(|(words, code)| !(words.is_empty() && code.is_empty()));
            !said.is_empty() && said.iter().all(|(words, code)| affirmed(words, code))
        }
        Value::Null | Value::Array(_) => false,
    }
}

/// Codes of LOINC and SNOMED CT that say no, never, none or not at all.
const NO_CODES: [&str; 10] = [
    "LA32-8",
    "LA6568-5",
    "LA6577-6",
    "LA11883-8",
    "LA26683-5",
    "373067005",
    "260385009",
    "260415000",
    "60001007",
    "0",
];

fn affirmed(words: &str, code: &str) -> bool {
    if NO_CODES.contains(&code.trim()) {
        return false;
    }
    let words = fold(words);
    let words = words.trim();
    let none = [
        "no",
        "n",
        "none",
        "never",
        "not at all",
        "0",
        "false",
        "negative",
        "neg",
        "denied",
        "denies",
        "nil",
        "low",
        "low risk",
        "no risk",
        "absent",
        "not detected",
        "non reactive",
        "nonreactive",
        "nein",
        "non",
        "nao",
        "ninguno",
        "nunca",
        "jamais",
        "nie",
    ];
    if words.is_empty() {
        return !code.is_empty();
    }
    !(none.contains(&words)
        || ["no ", "no,", "not at all", "none", "denies", "negative", "never", "0 -", "0:"]
            .iter()
            .any(|no| words.starts_with(no)))
}

/// An answer in words.
pub fn words(value: &Value) -> String {
    match value {
        Value::String(words) => clean(words),
        Value::Object(_) => {
            let said = clean(&text(value, "display"));
            if !said.is_empty() {
                return said;
            }
            Concept::read(value).map_or_else(
                |_| {
                    clean(&[text(value, "code"), value.get("value").map(Value::to_string).unwrap_or_default()].concat())
                },
                |concept| concept.text,
            )
        }
        Value::Bool(answer) => (if *answer { "yes" } else { "no" }).to_owned(),
        other => clean(&other.to_string()),
    }
}

/// What an observation says of pregnancy or breast-feeding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// It may be, or the answer is not understood.
    Perhaps,
}

/// LOINC: pregnancy status, and the tests that say positive or negative.
const PREGNANCY_STATUS: [&str; 2] = ["82810-3", "11449-6"];
const PREGNANCY_TESTS: [&str; 9] =
    ["2106-3", "2107-1", "2110-5", "2112-1", "2118-8", "2119-6", "80384-1", "80385-8", "19080-1"];
const BREAST_FEEDING: [&str; 1] = ["63895-7"];

/// Whether an observation is about a pregnancy now, or about breast-feeding, and what it says.
pub fn pregnancy(codes: &[&str], name: &str, value: &Value, interpretation: &str) -> Option<Status> {
    let name = fold(name);
    let has = |known: &[&str]| codes.iter().any(|code| known.contains(code));
    let other =
        ["history", "intention", "intent", "number of", "outcome", "last menstrual", "pregnancies", "screening"];
    let words =
        ["pregnancy status", "pregnancy test", "urine pregnancy", "serum pregnancy", "hcg", "choriogonadotropin"];
    let by_words = words.iter().any(|word| name.contains(word)) && !other.iter().any(|word| name.contains(word));
    if !(has(&PREGNANCY_STATUS) || has(&PREGNANCY_TESTS) || by_words) {
        return None;
    }
    Some(read_status(value, interpretation))
}

/// The same of breast-feeding.
pub fn breast_feeding(codes: &[&str], name: &str, value: &Value) -> Option<Status> {
    let name = fold(name);
    let by_words = ["breastfeeding status", "breast-feeding status", "lactation status", "currently breastfeeding"];
    let asked =
        codes.iter().any(|code| BREAST_FEEDING.contains(code)) || by_words.iter().any(|word| name.contains(word));
    asked.then(|| read_status(value, ""))
}

const YES_CODES: [&str; 7] = ["77386006", "LA15173-0", "LA6576-8", "LA11882-0", "10828004", "260373001", "LA33-6"];
const PERHAPS_CODES: [&str; 3] = ["152231000119106", "LA4489-6", "LA11884-6"];

fn read_status(value: &Value, interpretation: &str) -> Status {
    if let Some(answer) = value.as_bool() {
        return if answer { Status::Yes } else { Status::No };
    }
    // A figure says yes only by the laboratory's own reading: no limit of ours is set for it.
    if value.get("value").is_some_and(Value::is_number) || value.is_number() {
        return match interpretation {
            "POS" | "H" | "HH" | "A" | "AA" | "DET" => Status::Yes,
            "NEG" | "N" | "ND" | "L" => Status::No,
            _ => Status::Perhaps,
        };
    }
    let codes: Vec<String> = list(value, "coding").iter().map(|coding| text(coding, "code")).collect();
    let any = |known: &[&str]| codes.iter().any(|code| known.contains(&code.as_str()));
    if any(&PERHAPS_CODES) {
        return Status::Perhaps;
    }
    if any(&NO_CODES) {
        return Status::No;
    }
    if any(&YES_CODES) {
        return Status::Yes;
    }
    let said = match value {
        Value::String(words) => fold(words),
        Value::Object(_) => fold(&words(value)),
        _ => String::new(),
    };
    let clauses = Clauses::new(&said);
    let mut most: Option<Said> = None;
    for word in ["positive", "detected", "reactive", "pregnant", "yes", "pos", "present", "breastfeeding", "lactating"]
    {
        for (from, to) in whole(&said, word) {
            most = most.max(Some(clauses.said_of(from..to)));
        }
    }
    match most {
        Some(Said::Present) => Status::Yes,
        Some(Said::Denied) => Status::No,
        Some(_) => Status::Perhaps,
        None if affirmed(&said, "") => match interpretation {
            "POS" | "A" | "AA" | "DET" => Status::Yes,
            "NEG" | "N" | "ND" => Status::No,
            _ => Status::Perhaps,
        },
        None => Status::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_about_suicide_is_heard_by_code_and_by_words() {
        let thoughts = Some(RecordedConcern::SuicidalThoughts);
        let said = |code: &str, question: &str, value: Value| suicidal_answer(code, question, &value);
        assert_eq!(said("/44260-8", "", json!({"code": "LA6571-9", "display": "Nearly every day"})), thoughts);
        assert_eq!(said("/44260-8", "", json!({"code": "LA6569-3"})), thoughts);
        assert_eq!(said("/44260-8", "", json!({"code": "LA6568-5", "display": "Not at all"})), None);
        assert_eq!(said("9", "Thoughts that you would be better off dead", json!(2)), thoughts);
        assert_eq!(said("9", "Thoughts that you would be better off dead", json!(0)), None);
        assert_eq!(said("", "Have you wished you were dead?", json!(true)), thoughts);
        assert_eq!(said("", "Suicide risk", json!({"text": "High"})), thoughts);
        assert_eq!(said("", "Suicide risk", json!({"text": "Low"})), None);
        assert_eq!(
            said("", "Have you ever done anything, or started to do anything, to end your life?", json!("Yes")),
            Some(RecordedConcern::SuicideAttempt)
        );
        assert_eq!(said("", "Little interest or pleasure in doing things", json!(3)), None);
    }

    #[test]
    fn a_pregnancy_is_read_from_status_and_test_and_never_from_the_code_alone() {
        let read = |code: &str, name: &str, value: Value, interpretation: &str| {
            pregnancy(&[code], name, &value, interpretation)
        };
        let coding = |code: &str| json!({"coding": [{"system": "http://snomed.info/sct", "code": code}]});
        assert_eq!(read("82810-3", "Pregnancy status", coding("77386006"), ""), Some(Status::Yes));
        assert_eq!(read("82810-3", "Pregnancy status", coding("60001007"), ""), Some(Status::No));
        assert_eq!(read("82810-3", "Pregnancy status", coding("152231000119106"), ""), Some(Status::Perhaps));
        assert_eq!(read("2106-3", "hCG in urine", json!({"text": "Positive"}), ""), Some(Status::Yes));
        assert_eq!(read("2106-3", "hCG in urine", json!("Not detected"), ""), Some(Status::No));
        assert_eq!(read("19080-1", "hCG", json!({"value": 900, "unit": "IU/L"}), ""), Some(Status::Perhaps));
        assert_eq!(read("19080-1", "hCG", json!({"value": 900, "unit": "IU/L"}), "H"), Some(Status::Yes));
        assert_eq!(read("", "History of pregnancies", json!(3), ""), None);
    }
}
