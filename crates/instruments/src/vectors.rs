//! Running a file of scoring vectors: answers with what is expected of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::number::Number;
use crate::read::ReadError;
use crate::score::{Responses, ScoreContext};

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    instrument: String,
    responses: Responses,
    #[serde(default)]
    context: Option<ScoreContext>,
    #[serde(default)]
    previous: Option<BTreeMap<String, Number>>,
    expect: Value,
}

/// One vector that did not come out as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The vector.
    pub vector: String,
    /// What differs: `scores.total`, `error` …
    pub at: String,
    /// What was expected.
    pub expected: Value,
    /// What came out.
    pub got: Value,
}

/// How a file of vectors went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorReport {
    /// Vectors that came out as expected.
    pub passed: usize,
    /// Vectors that did not.
    pub failed: usize,
    /// Every difference.
    pub differences: Vec<Difference>,
}

/// Runs every vector of a file in the format of the instruments reference.
///
/// # Errors
/// [`ReadError`] when the file is not such a file.
pub fn run_vectors(file: &str, json: &str, catalogue: &Catalogue) -> Result<VectorReport, ReadError> {
    let parsed: File = serde_json::from_str(json).map_err(|error| ReadError {
        file: file.to_owned(),
        line: error.line(),
        problem: error.to_string(),
        expected: "a vector file: {\"vectors\": [{id, instrument, responses, context, previous, expect}]}".to_owned(),
    })?;
    let mut report = VectorReport::default();
    for vector in parsed.vectors {
        let got = outcome(catalogue, &vector);
        let before = report.differences.len();
        differ(&vector.id, "", &vector.expect, &got, &mut report.differences);
        if report.differences.len() == before {
            report.passed += 1;
        } else {
            report.failed += 1;
        }
    }
    Ok(report)
}

fn outcome(catalogue: &Catalogue, vector: &Vector) -> Value {
    let Some(instrument) = catalogue.get(&vector.instrument) else {
        return serde_json::json!({ "error": "unknown-instrument" });
    };
    let context = vector.context.clone().unwrap_or_default();
    match instrument.score(&vector.responses, &context, vector.previous.as_ref()) {
        Ok(scored) => serde_json::to_value(&scored).unwrap_or(Value::Null),
        Err(error) => serde_json::json!({ "error": error.name }),
    }
}

fn differ(vector: &str, at: &str, expected: &Value, got: &Value, out: &mut Vec<Difference>) {
    if let (Value::Object(want), Value::Object(have)) = (expected, got) {
        let keys: std::collections::BTreeSet<&String> = want.keys().chain(have.keys()).collect();
        for key in keys {
            let below = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
            let null = Value::String("(absent)".to_owned());
            differ(vector, &below, want.get(key).unwrap_or(&null), have.get(key).unwrap_or(&null), out);
        }
    } else if expected != got {
        out.push(Difference {
            vector: vector.to_owned(),
            at: at.to_owned(),
            expected: expected.clone(),
            got: got.clone(),
        });
    }
}
