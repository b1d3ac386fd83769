//! `stillwater score`: answers in, scores out, by the same code that scores in the clinic.

use std::collections::BTreeMap;
use std::fmt::Formatter;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use stillwater_instruments::{Catalogue, Instrument, Number, Responses, ScoreContext, run_vectors};

use crate::ending::{CliError, CliResult, Ended, print_line};

const AFTER: &str = "\
Standard input holds one JSON object, or many one after the other; each gives one line of JSON.
An item that is left out counts as missing; \"na\" is \"not applicable\".

Examples:
  echo '{\"pcptsd5_0\": 1, \"pcptsd5_1\": 1, \"pcptsd5_2\": 1}' | stillwater score pc-ptsd-5
  stillwater score audit-c --context sex=female < answers.json
  stillwater score pcl-5-month --previous '{\"total\": 52}' < answers.json
  stillwater score --list
  stillwater score --vectors vectors.json

Exit codes: 0 scored, or every vector as expected; 1 a vector differs; 2 unknown instrument, malformed JSON, or an
answer that cannot be or an item given twice (standard output then holds {\"error\": {name, item, given, allowed}}).";

/// What to score.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The instrument's id, for example pcl-5-month
    #[arg(required_unless_present_any = ["list", "vectors"])]
    instrument: Option<String>,
    /// What a cut-off may depend on, for example sex=female
    #[arg(long, value_name = "NAME=VALUE")]
    context: Vec<String>,
    /// The earlier scores as JSON, to judge change against
    #[arg(long, value_name = "JSON")]
    previous: Option<String>,
    /// Run a file of scoring vectors instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["instrument", "list"])]
    vectors: Option<PathBuf>,
    /// List the instruments
    #[arg(long, conflicts_with = "instrument")]
    list: bool,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    let catalogue = Catalogue::built_in();
    if args.list {
        return list(catalogue);
    }
    if let Some(file) = &args.vectors {
        return vectors(catalogue, file);
    }
    let id = args.instrument.as_deref().unwrap_or_default();
    let Some(instrument) = catalogue.get(id) else { return Err(CliError::Input(unknown(catalogue, id))) };
    let context = context(&args.context)?;
    let previous = args.previous.as_deref().map(previous).transpose()?;
    score_all(instrument, &context, previous.as_ref(), std::io::stdin().lock())
}

fn score_all(
    instrument: &Instrument,
    context: &ScoreContext,
    previous: Option<&BTreeMap<String, Number>>,
    input: impl Read,
) -> CliResult {
    let mut ended = Ended::Clean;
    let mut any = false;
    for raw in serde_json::Deserializer::from_reader(BufReader::new(input)).into_iter::<Box<RawValue>>() {
        any = true;
        let raw = raw.map_err(|error| malformed("standard input", &error))?;
        if let Some((item, first, second)) = given_twice(&raw) {
            // Which of the two counts, nobody can tell: the later one could hide an answer about suicide.
            ended = Ended::BadInput;
            print_line(json!({"error": {
                "name": "given-twice", "item": item, "given": format!("{first} and {second}"), "allowed": "one answer",
            }}))?;
            continue;
        }
        let value: Value = serde_json::from_str(raw.get()).map_err(|error| malformed("standard input", &error))?;
        if !value.is_object() {
            return Err(CliError::input(format!(
                "standard input: expected answers such as {}, found {value}",
                example(instrument)
            )));
        }
        let responses: Responses =
            serde_json::from_value(value).map_err(|error| malformed("standard input", &error))?;
        match instrument.score(&responses, context, previous) {
            Ok(scored) => print_line(told(instrument, serde_json::to_value(&scored).map_err(CliError::failure)?))?,
            Err(error) => {
                let words = stillwater_words::Words::english();
                ended = Ended::BadInput;
                print_line(json!({"error": {
                    "name": error.name, "item": error.item, "given": stillwater_words::answers::given(words, &error),
                    "allowed": stillwater_words::answers::allowed(words, &error.allowed),
                }}))?;
            }
        }
    }
    if any {
        Ok(ended)
    } else {
        Err(CliError::input(format!("standard input is empty; expected answers such as {}", example(instrument))))
    }
}

/// The first item that answers hold twice, with both answers.
fn given_twice(raw: &RawValue) -> Option<(String, Value, Value)> {
    let Pairs(pairs) = serde_json::from_str(raw.get()).ok()?;
    let mut seen: BTreeMap<&String, &Value> = BTreeMap::new();
    pairs.iter().find_map(|(item, answer)| {
        let first = seen.insert(item, answer)?;
        Some((item.clone(), first.clone(), answer.clone()))
    })
}

/// An object as it was written, each name as often as it stands there.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsWritten;
        impl<'de> Visitor<'de> for AsWritten {
            type Value = Pairs;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(AsWritten)
    }
}

/// The result with what the reader would have to look up: what each safety item asks for, and which are met.
fn told(instrument: &Instrument, mut scored: Value) -> Value {
    let mut flags = Vec::new();
    let mut safety = serde_json::Map::new();
    for item in &instrument.safety {
        let met = scored.get("safety").and_then(|all| all.get(&item.id)).cloned().unwrap_or(Value::Null);
        if met == Value::Bool(true) {
            flags.push(Value::from(item.id.clone()));
        }
        safety.insert(item.id.clone(), json!({"met": met, "level": item.level.word(), "action": item.action}));
    }
    if let Some(object) = scored.as_object_mut() {
        object.insert("instrument".to_owned(), Value::from(instrument.id.clone()));
        object.insert("safety".to_owned(), Value::Object(safety));
        object.insert("flags".to_owned(), Value::Array(flags));
    }
    scored
}

fn example(instrument: &Instrument) -> String {
    let items: Vec<_> = instrument.items.iter().take(2).map(|item| format!("\"{}\": 1", item.id)).collect();
    format!("{{{}}}", items.join(", "))
}

fn context(given: &[String]) -> Result<ScoreContext, CliError> {
    given
        .iter()
        .map(|pair| {
            pair.split_once('=')
                .filter(|(name, value)| !name.is_empty() && !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| {
                    CliError::Input(format!("--context {pair:?}: expected NAME=VALUE, for example sex=female"))
                })
        })
        .collect()
}

fn previous(json: &str) -> Result<BTreeMap<String, Number>, CliError> {
    serde_json::from_str(json).map_err(|error| {
        CliError::Input(format!(
            "--previous, column {}: {error}; expected earlier scores such as {{\"total\": 52}}",
            error.column()
        ))
    })
}

fn malformed(what: &str, error: &serde_json::Error) -> CliError {
    CliError::Input(format!(
        "{what}, line {}, column {}: this is not valid JSON: {error}",
        error.line(),
        error.column()
    ))
}

fn list(catalogue: &Catalogue) -> CliResult {
    for instrument in catalogue.iter() {
        let text = if instrument.may_show_text() {
            "with its text"
        } else {
            "scored only: the text needs the service's own licence"
        };
        print_line(format_args!(
            "{:<20} {:<28} {:>2} items  {text}\n{:<20} {}",
            instrument.id,
            instrument.short,
            instrument.items.len(),
            "",
            instrument.title
        ))?;
    }
    Ok(Ended::Clean)
}

fn vectors(catalogue: &Catalogue, file: &std::path::Path) -> CliResult {
    let name = file.display().to_string();
    let json =
        std::fs::read_to_string(file).map_err(|error| CliError::Input(format!("{name} cannot be read: {error}")))?;
    let report = run_vectors(&name, &json, catalogue).map_err(CliError::input)?;
    for difference in &report.differences {
        print_line(format_args!(
            "{} {}: expected {}, got {}",
            difference.vector, difference.at, difference.expected, difference.got
        ))?;
    }
    print_line(format_args!("{} passed, {} failed", report.passed, report.failed))?;
    Ok(if report.failed == 0 { Ended::Clean } else { Ended::Found })
}

fn unknown(catalogue: &Catalogue, id: &str) -> String {
    let nearest = catalogue.iter().map(|i| (distance(&i.id, id), i.id.as_str())).min();
    let meant = match nearest {
        Some((far, nearest)) if far <= nearest.len().div_ceil(2) => format!("; did you mean {nearest}?"),
        _ => String::new(),
    };
    format!("there is no instrument {id:?}{meant} `stillwater score --list` shows all of them")
}

/// How many letters have to change to make one word of another.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut before = index;
        let mut next = vec![index + 1];
        for (place, wanted) in other.iter().enumerate() {
            let above = row.get(place + 1).copied().unwrap_or(usize::MAX - 1);
            let left = next.last().copied().unwrap_or(usize::MAX - 1);
            next.push((before + usize::from(letter != *wanted)).min(above + 1).min(left + 1));
            before = above;
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_changed_letters() {
        assert_eq!(distance("phq-9", "phq-9"), 0);
        assert_eq!(distance("phq-9", "PHQ9"), 1);
        assert_eq!(distance("asq", "gad"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
