//! Looking into FHIR's JSON: codes with their words, dates of any precision, quantities with their unit.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, tz};
use serde_json::Value;

/// A code system and its code, with the words for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// Every coding: system, code, display.
    pub codings: Vec<(String, String, String)>,
    /// The words: `text`, or the first display.
    pub text: String,
}

/// SNOMED CT.
pub const SNOMED: &str = "snomed";
/// LOINC.
pub const LOINC: &str = "loinc";
/// Any edition of ICD-10, the German, American and international ones among them.
pub const ICD10: &str = "icd-10";
/// ICD-9-CM.
pub const ICD9: &str = "icd-9";

/// The object identifiers under which code systems travel, by what their address holds.
const OIDS: [(&str, &[&str]); 6] = [
    (SNOMED, &["2.16.840.1.113883.6.96"]),
    (LOINC, &["2.16.840.1.113883.6.1"]),
    (ICD10, &["2.16.840.1.113883.6.90", "2.16.840.1.113883.6.3", "1.2.276.0.76.5."]),
    (ICD9, &["2.16.840.1.113883.6.103", "2.16.840.1.113883.6.42", "2.16.840.1.113883.6.2"]),
    ("rxnorm", &["2.16.840.1.113883.6.88"]),
    ("atc", &["2.16.840.1.113883.6.73"]),
];

/// Whether the address or object identifier of a code system is that of `system`.
pub fn is_system(given: &str, system: &str) -> bool {
    let given = given.trim().to_ascii_lowercase();
    let oid = given.strip_prefix("urn:oid:").unwrap_or(&given);
    if oid.starts_with(|letter: char| letter.is_ascii_digit()) {
        let known = OIDS.iter().find(|(name, _)| *name == system).map(|(_, oids)| *oids).unwrap_or_default();
        return known.iter().any(|known| if known.ends_with('.') { oid.starts_with(known) } else { oid == *known });
    }
    // The procedures of ICD-10 are another system, whose codes look like those of diseases.
    given.replace(['_', ' '], "-").contains(system) && !(system == ICD10 && given.contains("pcs"))
        || (system == ICD10 && given.contains("icd10") && !given.contains("pcs"))
        || (system == ICD9 && given.contains("icd9"))
        || (system == SNOMED && given == "sct")
}

impl Concept {
    /// Reads a CodeableConcept; says what it is where it is not one.
    pub fn read(value: &Value) -> Result<Self, String> {
        let Some(object) = value.as_object() else {
            return Err(format!("is {}, a CodeableConcept was expected", kind_of(value)));
        };
        let mut concept = Self::default();
        if let Some(codings) = object.get("coding") {
            let Some(list) = codings.as_array() else {
                return Err(format!("has a coding that is {}, a list was expected", kind_of(codings)));
            };
            for coding in list {
                concept.codings.push((text(coding, "system"), code_of(coding), clean(&text(coding, "display"))));
            }
        }
        concept.text = clean(&text(value, "text"));
        if concept.text.is_empty() {
            concept.text =
                concept.codings.iter().map(|(_, _, d)| d.clone()).find(|d| !d.is_empty()).unwrap_or_default();
        }
        if concept.text.is_empty() && concept.codings.iter().all(|(_, code, _)| code.is_empty()) {
            return Err("has neither a code nor words".to_owned());
        }
        if concept.text.is_empty() {
            concept.text = concept.code();
        }
        Ok(concept)
    }

    /// `system|code` of the first coding, in short.
    pub fn code(&self) -> String {
        self.codings.iter().find(|(_, code, _)| !code.is_empty()).map_or_else(String::new, |(system, code, _)| {
            let short = match system.as_str() {
                s if is_system(s, SNOMED) => "SNOMED ",
                s if is_system(s, LOINC) => "LOINC ",
                s if is_system(s, "rxnorm") => "RxNorm ",
                s if is_system(s, ICD10) => "ICD-10 ",
                s if is_system(s, ICD9) => "ICD-9 ",
                _ => "",
            };
            format!("{short}{code}")
        })
    }

    /// The codes of one system.
    pub fn codes<'c>(&'c self, system: &'c str) -> impl Iterator<Item = &'c str> {
        self.codings.iter().filter(move |(given, _, _)| is_system(given, system)).map(|(_, code, _)| code.as_str())
    }

    /// All words of the concept in lower case, for conservative search.
    pub fn words(&self) -> String {
        let mut words = self.text.to_lowercase();
        for (_, _, display) in &self.codings {
            words.push_str(" ; ");
            words.push_str(&display.to_lowercase());
        }
        words
    }
}

/// A status as a code: a CodeableConcept of R4 or the plain code of STU3 and before. Where several codings stand there,
/// one that takes the entry back counts before any other, then that of HL7's own system, then the first.
pub fn status_code(resource: &Value, field: &str) -> String {
    let Some(status) = resource.get(field) else { return String::new() };
    if let Some(code) = status.as_str() {
        return code.trim().to_ascii_lowercase();
    }
    let codings = list(status, "coding");
    let code_of = |coding: &Value| text(coding, "code").trim().to_ascii_lowercase();
    let taken_back = |coding: &&Value| matches!(code_of(coding).as_str(), "entered-in-error" | "refuted");
    let chosen = codings
        .iter()
        .find(taken_back)
        .or_else(|| codings.iter().find(|coding| text(coding, "system").contains("hl7.org")))
        .or_else(|| codings.iter().find(|coding| !code_of(coding).is_empty()));
    chosen.map_or_else(|| text(status, "text").trim().to_lowercase().replace(' ', "-"), code_of)
}

/// Every text of a CodeableConcept as it was written, line ends and all: what is searched for conditions.
pub fn raw_texts(concept: &Value) -> Vec<String> {
    let displays = list(concept, "coding").iter().map(|coding| text(coding, "display"));
    [text(concept, "text")].into_iter().chain(displays).filter(|words| !words.trim().is_empty()).collect()
}

/// Fields that are texts wherever FHIR has them. What stands under `code`, `text`, `value` and `type` depends on where, and
/// is judged by whoever reads it.
const TEXTS: [&str; 17] = [
    "city",
    "comparator",
    "country",
    "criticality",
    "display",
    "family",
    "gender",
    "id",
    "onsetString",
    "postalCode",
    "reference",
    "resourceType",
    "state",
    "status",
    "system",
    "unit",
    "use",
];

/// Fields of a resource that hold something else where a text belongs, each with what it holds. They are read as absent,
/// and whoever takes the record over is told so.
pub fn not_text(resource: &Value) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    look(resource, "", &mut found);
    found
}

/// Whether `code`, `text`, `value` or `type` is a text where it stands: they are something else elsewhere.
fn is_text_there(at: &str, name: &str, held: &Value) -> bool {
    let parent = at.rsplit('.').next().unwrap_or_default();
    match name {
        // A code that is written as a number is read all the same.
        "code" => !held.is_number() && (parent == "coding" || parent == "valueCoding" || parent.ends_with("Quantity")),
        // The narrative of a resource is an object by right.
        "text" => !at.is_empty() && !(held.is_object() && (held.get("div").is_some() || held.get("status").is_some())),
        "value" => matches!(parent, "identifier" | "telecom"),
        "type" => matches!(parent, "subject" | "patient" | "link"),
        _ => false,
    }
}

fn look(value: &Value, at: &str, found: &mut Vec<(String, &'static str)>) {
    match value {
        Value::Object(fields) => {
            for (name, held) in fields {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                // An id that is written as a number is read all the same.
                let number_id = name == "id" && held.is_number();
                let known = TEXTS.contains(&name.as_str()) || is_text_there(at, name, held);
                if known && !held.is_string() && !number_id {
                    found.push((path, kind_of(held)));
                } else {
                    look(held, &path, found);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| look(one, at, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A string field, empty where it is absent; what [`not_text`] finds is told beside the record.
pub fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The code of a coding; some write one that consists of digits as a number.
fn code_of(coding: &Value) -> String {
    match coding.get("code") {
        Some(Value::Number(code)) => code.to_string(),
        _ => text(coding, "code"),
    }
}

/// The entries of a list field; none where it is absent or no list.
pub fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// What a JSON value is, in words.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Words without invisible characters and doubled spaces, and of a length that a chart can show.
pub fn clean(words: &str) -> String {
    let visible: String = words
        .chars()
        .filter(
            |c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
        )
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let joined = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.chars().count() > 300 { joined.chars().take(299).chain(['…']).collect() } else { joined }
}

/// Which end of a date is meant when only a month or a year is given. The choice is the one that makes a rule look
/// harder: the latest for a condition or a medicine's end, the earliest for a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBias {
    /// The first moment that it can be.
    Earliest,
    /// The last moment that it can be, though never after now.
    Latest,
}

/// A range in which a date can be true.
#[derive(Clone, Copy, Debug)]
pub struct DateWindow {
    /// When the record is read.
    pub now: Timestamp,
    /// Birth, once it is known.
    pub born: Option<Date>,
}

impl DateWindow {
    /// Reads a FHIR `date`, `dateTime` or `instant`; whole dates count as noon UTC.
    ///
    /// # Errors
    /// What is wrong, in words: malformed, in the future, before 1900, before birth.
    pub fn moment(&self, given: &str, bias: DateBias) -> Result<Timestamp, String> {
        let at = parse(given, bias).ok_or_else(|| {
            format!("the date {given:?} cannot be read; expected one such as 2024-03-01 or 2024-03-01T09:30:00Z")
        })?;
        let at = if bias == DateBias::Latest && given.len() <= 10 && starts_before(given, self.now) {
            at.min(self.now)
        } else {
            at
        };
        // A day of grace: clocks differ, and a whole date is the same day somewhere on earth.
        if at.as_second() > self.now.as_second().saturating_add(86_400) {
            return Err(format!("the date {given} is in the future"));
        }
        let utc = at.to_zoned(tz::TimeZone::UTC).date();
        if utc.year() < 1900 {
            return Err(format!("the date {given} is before 1900"));
        }
        if let Some(born) = self.born
            && utc < born.saturating_sub(SignedDuration::from_hours(24))
        {
            return Err(format!("the date {given} is before the person was born ({born})"));
        }
        Ok(at)
    }

    /// The date of the first of `fields` that is there. A `Period` gives its `start` or `end` by `bias`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn first(&self, resource: &Value, fields: &[&str], bias: DateBias) -> Result<Option<Timestamp>, String> {
        for field in fields {
            let Some(value) = resource.get(*field) else { continue };
            let given = match value {
                Value::String(given) => given.clone(),
                Value::Object(_) => {
                    let (one, other) = if bias == DateBias::Earliest { ("start", "end") } else { ("end", "start") };
                    let first = text(value, one);
                    if first.is_empty() { text(value, other) } else { first }
                }
                other => return Err(format!("{field} is {}, a date was expected", kind_of(other))),
            };
            if given.is_empty() {
                continue;
            }
            return self.moment(&given, bias).map(Some).map_err(|why| format!("{field}: {why}"));
        }
        Ok(None)
    }
}

fn starts_before(given: &str, now: Timestamp) -> bool {
    parse(given, DateBias::Earliest).is_some_and(|start| start <= now)
}

fn parse(given: &str, bias: DateBias) -> Option<Timestamp> {
    let at_noon = |date: Date| date.at(12, 0, 0, 0).to_zoned(tz::TimeZone::UTC).ok().map(|z| z.timestamp());
    match given.len() {
        4 => {
            let year = given.parse::<i16>().ok()?;
            let date = match bias {
                DateBias::Earliest => Date::new(year, 1, 1),
                DateBias::Latest => Date::new(year, 12, 31),
            };
            at_noon(date.ok()?)
        }
        7 => {
            let (year, month) = given.split_once('-')?;
            let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
            at_noon(if bias == DateBias::Earliest { first } else { first.last_of_month() })
        }
        10 => at_noon(given.parse().ok()?),
        _ => given.parse::<Timestamp>().ok().or_else(|| {
            // A time without a zone is not R4, and is common all the same: it counts as UTC.
            let local: DateTime = given.parse().ok()?;
            local.to_zoned(tz::TimeZone::UTC).ok().map(|z| z.timestamp())
        }),
    }
}

/// A `Quantity` with number and unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The figure.
    pub value: f64,
    /// The unit as written, or its code.
    pub unit: String,
    /// `<`, `>` and the like; empty for an exact figure.
    pub comparator: String,
}

impl Quantity {
    /// Reads a `Quantity`.
    ///
    /// # Errors
    /// What it is instead.
    pub fn read(value: &Value, field: &str) -> Result<Self, String> {
        let Some(figure) = value.get("value") else {
            return Err(format!("{field} has no value"));
        };
        let Some(number) = figure.as_f64().filter(|n| n.is_finite()) else {
            return Err(format!("{field}.value is {}, a number was expected", kind_of(figure)));
        };
        let code = text(value, "code");
        let unit = if code.is_empty() { text(value, "unit") } else { code };
        Ok(Self { value: number, unit: clean(&unit), comparator: text(value, "comparator") })
    }

    /// As it stands in a chart: at most two decimals.
    pub fn words(&self) -> String {
        let rounded = (self.value * 100.0).round() / 100.0;
        let unit =
            if self.unit.is_empty() || self.unit.starts_with('{') { String::new() } else { format!(" {}", self.unit) };
        format!("{}{rounded}{unit}", self.comparator)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn window() -> DateWindow {
        DateWindow { now: "2026-06-15T12:00:00Z".parse().unwrap(), born: Some(Date::constant(1980, 5, 2)) }
    }

    #[test]
    fn a_vague_date_takes_the_end_that_makes_a_rule_look_harder() {
        let at = |given, bias| window().moment(given, bias).unwrap().to_string();
        assert_eq!(at("2020", DateBias::Earliest), "2020-01-01T12:00:00Z");
        assert_eq!(at("2020", DateBias::Latest), "2020-12-31T12:00:00Z");
        assert_eq!(at("2020-02", DateBias::Latest), "2020-02-29T12:00:00Z");
        assert_eq!(at("2026", DateBias::Latest), "2026-06-15T12:00:00Z");
        assert_eq!(at("2020-02-03T04:05:06+02:00", DateBias::Latest), "2020-02-03T02:05:06Z");
    }

    #[test]
    fn a_number_where_a_text_belongs_is_told_with_its_place() {
        let resource = serde_json::json!({
            "resourceType": "Observation", "status": 7, "code": {"coding": [{"system": "s", "display": ["x"]}]},
            "valueQuantity": {"value": 3, "unit": "kg"}
        });
        let found = not_text(&resource);
        assert_eq!(found, [("code.coding.display".to_owned(), "a list"), ("status".to_owned(), "a number")]);
    }

    #[test]
    fn code_text_value_and_type_are_told_where_they_are_texts() {
        let resource = serde_json::json!({
            "code": {"coding": [{"system": "s", "code": ["x"]}], "text": 3},
            "text": {"status": "generated", "div": "<div/>"},
            "identifier": [{"type": {"text": "MRN"}, "value": 17}],
            "subject": {"type": ["Patient"]},
            "valueQuantity": {"value": 3, "code": {"a": 1}}
        });
        let mut told: Vec<String> = not_text(&resource).into_iter().map(|(path, _)| path).collect();
        told.sort();
        assert_eq!(told, ["code.coding.code", "code.text", "identifier.value", "subject.type", "valueQuantity.code"]);
        let number = serde_json::json!({"coding": [{"system": "http://snomed.info/sct", "code": 230690007}]});
        assert!(not_text(&number).is_empty());
        assert_eq!(Concept::read(&number).unwrap().code(), "SNOMED 230690007");
    }

    #[test]
    fn dates_that_cannot_be_true_say_why() {
        let why = |given| window().moment(given, DateBias::Latest).unwrap_err();
        assert!(why("2031-01-01").contains("in the future"));
        assert!(why("2027").contains("in the future"));
        assert!(why("1850-01-01").contains("before 1900"));
        assert!(why("1970-01-01").contains("before the person was born"));
        assert!(why("yesterday").contains("cannot be read"));
        assert!(why("2020-13-40").contains("cannot be read"));
    }

    #[test]
    fn invisible_characters_do_not_reach_the_chart() {
        assert_eq!(clean("Albumin [Mass/\u{200b}volume]\n in  Serum\u{202e}"), "Albumin [Mass/volume] in Serum");
        assert_eq!(clean(&"x".repeat(400)).chars().count(), 300);
    }
}
