//! The Patient resource: who somebody is, how to reach them, and what is missing for a home session.

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use serde_json::Value;
use stillwater_care::event::{BirthKnownTo, Demographics, Identifier, ImportedFact};
use stillwater_care::facts::Sex;

use crate::import_builder::ImportBuilder;
use crate::place;
use crate::reference::id_of;
use crate::value::{Concept, DateBias, DateWindow, clean, kind_of, list, text};
use crate::{PersonStanding, ReadError};

/// Reads who somebody is, and whether this record of them is in force. Without a year of birth nobody can be taken on: age
/// is a rule.
pub fn read(
    patient: &Value,
    origin: &str,
    gathering: &mut ImportBuilder<'_>,
) -> Result<(Demographics, PersonStanding), ReadError> {
    let place = gathering.place;
    let refuse = |problem: String, expected: &str| ReadError::Patient {
        file: place.file.to_owned(),
        line: place.line,
        resource: format!("Patient/{}", id_of(patient)),
        problem,
        expected: expected.to_owned(),
    };
    let (birth_date, birth_known_to) = match patient.get("birthDate") {
        None => return Err(refuse("there is no birthDate".to_owned(), "a date of birth, or its year")),
        Some(Value::String(given)) => birth(given)
            .ok_or_else(|| refuse(format!("birthDate is {given:?}"), "a date such as 1984-03-01, 1984-03 or 1984"))?,
        Some(other) => {
            return Err(refuse(
                format!("birthDate is {}", kind_of(other)),
                "a date such as 1984-03-01, 1984-03 or 1984",
            ));
        }
    };
    let today = gathering.window.now.to_zoned(tz::TimeZone::UTC).date();
    // Of this year or month, only days that have passed can be meant.
    let begun = birth_known_to.is_some_and(|known| match known {
        BirthKnownTo::Year => birth_date.first_of_year() <= today,
        BirthKnownTo::Month => birth_date.first_of_month() <= today,
    });
    let birth_date = if begun { birth_date.min(today) } else { birth_date };
    if let Some(known) = birth_known_to {
        let known = if known == BirthKnownTo::Year { "the year" } else { "the month" };
        gathering.note(
            origin,
            "Patient.birthDate",
            format!("only {known} of birth is known; ages count as the harder one until staff enter the day"),
        );
    }
    if birth_date > today {
        return Err(refuse(format!("birthDate {birth_date} is in the future"), "a date that has passed"));
    }
    if birth_date.year() < 1900 {
        return Err(refuse(format!("birthDate {birth_date} is before 1900"), "a date after 1900"));
    }
    let mut name = name(patient, gathering.window.now);
    if name.is_empty() {
        name = format!("Unnamed ({})", clean(&id_of(patient)));
        gathering.note(origin, "Patient.name", "there is no name; the id is shown until staff enter one");
    }
    let sex = match text(patient, "gender").as_str() {
        "female" => Sex::Female,
        "male" => Sex::Male,
        "other" => Sex::Other,
        given => {
            let given = if given.is_empty() { "missing".to_owned() } else { format!("{given:?}") };
            gathering.note(
                origin,
                "Patient.gender",
                format!("it is {given}; recorded as other until staff correct it"),
            );
            Sex::Other
        }
    };
    let address = list(patient, "address");
    let in_force = |a: &&Value| text(a, "use") != "old" && !has_ended(a, gathering.window.now);
    let home = address
        .iter()
        .filter(in_force)
        .find(|a| text(a, "use") == "home")
        .or_else(|| address.iter().find(in_force))
        .or_else(|| address.first());
    let place = home.map(|a| {
        place::Address::read(&text(a, "country"), &text(a, "state"), &text(a, "postalCode"), &text(a, "text"))
    });
    let place = place.unwrap_or_default();
    let time_zone = extension(patient, "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| place.time_zone().map(str::to_owned))
        .unwrap_or_else(|| {
            gathering.note(origin, "time zone", "the address does not give one; UTC is assumed until staff set it");
            "UTC".to_owned()
        });
    let emergency_number = place.emergency_number().map_or_else(
        || {
            gathering.note(
                origin,
                "emergency number",
                "the address does not give a known country; 112 is assumed until staff set it",
            );
            "112".to_owned()
        },
        str::to_owned,
    );
    let standing = standing(patient, origin, gathering);
    let demographics = Demographics {
        name,
        birth_date,
        birth_known_to,
        sex,
        veteran: veteran(patient),
        phone: phone(patient),
        address: home.map(address_line).unwrap_or_default(),
        time_zone,
        emergency_number,
        identifiers: identifiers(patient),
    };
    Ok((demographics, standing))
}

/// A date of birth, and how much of it is known: the last day that it can be.
fn birth(given: &str) -> Option<(Date, Option<BirthKnownTo>)> {
    let given = given.trim();
    match given.len() {
        4 => Some((Date::new(given.parse().ok()?, 12, 31).ok()?, Some(BirthKnownTo::Year))),
        7 => {
            let (year, month) = given.split_once('-')?;
            let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
            Some((first.last_of_month(), Some(BirthKnownTo::Month)))
        }
        10 => Some((given.parse().ok()?, None)),
        // A time of birth is no part of it, and some send one.
        _ => Some((given.get(..10).filter(|_| given.get(10..11) == Some("T"))?.parse().ok()?, None)),
    }
}

/// Whether a name or an address has a period that is over.
fn has_ended(held: &Value, now: Timestamp) -> bool {
    let end = held.get("period").map(|period| text(period, "end")).unwrap_or_default();
    let window = DateWindow { now, born: None };
    !end.is_empty() && window.moment(&end, DateBias::Latest).is_ok_and(|end| end <= now)
}

/// Whether the record is in force: somebody who has died must not be invited, and what was merged away or closed must not
/// become a second chart.
fn standing(patient: &Value, origin: &str, gathering: &mut ImportBuilder<'_>) -> PersonStanding {
    if deceased(patient, origin, gathering) {
        gathering.note(origin, "Patient", "the record says that this person is deceased");
        return PersonStanding::Deceased;
    }
    let replaced = list(patient, "link").iter().find(|link| text(link, "type") == "replaced-by");
    if let Some(link) = replaced {
        let by = link.get("other").map(|other| text(other, "reference")).unwrap_or_default();
        let by = if by.is_empty() { "another record".to_owned() } else { clean(&by) };
        gathering.note(origin, "Patient", format!("this record was merged away: it is replaced by {by}"));
        return PersonStanding::ReplacedBy(by);
    }
    if patient.get("active").and_then(Value::as_bool) == Some(false) {
        gathering.note(origin, "Patient", "this record is marked as not active (inactive)");
        return PersonStanding::Inactive;
    }
    PersonStanding::InForce
}

/// Medical record numbers, and numbers of no stated kind. Numbers of the state (social security, driving licence, passport)
/// are left where they are: nothing here needs them.
fn identifiers(patient: &Value) -> Vec<Identifier> {
    let kind = |one: &Value| {
        let coded = one.get("type").map(|kind| list(kind, "coding")).unwrap_or_default();
        coded.first().map(|coding| text(coding, "code")).unwrap_or_default()
    };
    list(patient, "identifier")
        .iter()
        .filter_map(|one| {
            let (kind, value) = (kind(one), clean(&text(one, "value")));
            let system = match kind.as_str() {
                "MR" => "MRN".to_owned(),
                "" => clean(&text(one, "system")),
                _ => return None,
            };
            (!value.is_empty() && !system.is_empty()).then_some(Identifier { system, value })
        })
        .collect()
}

/// The name in force: the official one before the usual one, before any other that is not an old one.
fn name(patient: &Value, now: Timestamp) -> String {
    // STU3 and DSTU2 allow one name without a list.
    let names: Vec<&Value> = match patient.get("name") {
        Some(one @ Value::Object(_)) => vec![one],
        _ => list(patient, "name").iter().collect(),
    };
    let in_force = || names.iter().copied().filter(|name| !has_ended(name, now));
    let chosen = ["official", "usual"]
        .iter()
        .find_map(|wanted| in_force().find(|n| text(n, "use") == *wanted))
        .or_else(|| in_force().find(|n| !matches!(text(n, "use").as_str(), "old" | "maiden")))
        .or_else(|| in_force().next())
        .or_else(|| names.first().copied());
    let Some(chosen) = chosen else { return String::new() };
    let written = clean(&text(chosen, "text"));
    if !written.is_empty() {
        return written;
    }
    let mut parts: Vec<&str> = list(chosen, "given").iter().filter_map(Value::as_str).collect();
    // DSTU2 gives the family name as a list.
    let family = match chosen.get("family") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => text(chosen, "family"),
    };
    parts.push(&family);
    clean(&parts.join(" "))
}

fn phone(patient: &Value) -> String {
    let phones: Vec<&Value> = list(patient, "telecom").iter().filter(|t| text(t, "system") == "phone").collect();
    let chosen = ["mobile", "home"]
        .iter()
        .find_map(|wanted| phones.iter().find(|t| text(t, "use") == *wanted))
        .or_else(|| phones.first());
    chosen.map(|t| clean(&text(t, "value"))).unwrap_or_default()
}

fn address_line(address: &Value) -> String {
    let written = clean(&text(address, "text"));
    if !written.is_empty() {
        return written;
    }
    let mut parts: Vec<String> = list(address, "line").iter().filter_map(Value::as_str).map(clean).collect();
    parts.extend(["city", "state", "postalCode", "country"].map(|field| clean(&text(address, field))));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn extension<'v>(resource: &'v Value, url: &str, field: &str) -> Option<&'v Value> {
    list(resource, "extension").iter().find(|e| text(e, "url") == url)?.get(field)
}

/// Military service by the extensions in use; `None` where nobody has asked.
fn veteran(patient: &Value) -> Option<bool> {
    list(patient, "extension")
        .iter()
        .find(|e| {
            let url = text(e, "url").to_ascii_lowercase();
            url.ends_with("military-service-veteran-status")
                || url.ends_with("/veteran")
                || url.ends_with("veteran-status")
        })
        .and_then(|e| e.get("valueBoolean"))
        .and_then(Value::as_bool)
}

/// The status of the fact that somebody has died.
pub const DECEASED: &str = "deceased";

/// Whoever has died must not be invited. What cannot be read about it counts as said, and is noted: somebody looks.
fn deceased(patient: &Value, origin: &str, gathering: &mut ImportBuilder<'_>) -> bool {
    let said = match patient.get("deceasedBoolean") {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(other) => {
            let why = format!("it is {}, true or false was expected; it counts as true", kind_of(other));
            gathering.note(origin, "Patient: deceasedBoolean", why);
            true
        }
    };
    let when = match patient.get("deceasedDateTime") {
        None => None,
        Some(Value::String(given)) => Some(given.as_str()),
        Some(other) => {
            let why = format!("it is {}, a date was expected; the death itself counts", kind_of(other));
            gathering.note(origin, "Patient: deceasedDateTime", why);
            Some("")
        }
    };
    if !said && when.is_none() {
        return false;
    }
    gathering.facts.push(ImportedFact {
        kind: "Patient".to_owned(),
        text: "Recorded as deceased".to_owned(),
        code: String::new(),
        // A date that cannot be read stays in the value, in the words of the record.
        at: when.and_then(|given| gathering.window.moment(given, DateBias::Earliest).ok()),
        status: DECEASED.to_owned(),
        value: when.map(clean).unwrap_or_default(),
        origin: origin.to_owned(),
        candidate_for: None,
        concern: None,
    });
    true
}

/// The words of a request for this service; parts that cannot be read are noted.
pub fn referral_words(request: &Value, origin: &str, gathering: &mut ImportBuilder<'_>) -> String {
    let reasons = list(request, "reasonCode").iter().map(|reason| ("reasonCode", reason));
    let parts = reasons.chain(request.get("code").map(|code| ("code", code)));
    let mut words = Vec::new();
    for (field, part) in parts {
        match Concept::read(part) {
            Ok(concept) => words.push(concept.text),
            Err(why) => gathering.note(origin, format!("ServiceRequest: {field}"), why),
        }
    }
    words.join("; ")
}

/// Why somebody comes, where no request says it.
pub fn reason_from(facts: &[ImportedFact]) -> String {
    let ptsd = facts.iter().rev().find(|fact| {
        let words = fact.text.to_lowercase().replace('-', "");
        fact.kind == "Condition"
            && (words.contains("posttraumatic stress")
                || words.contains("post traumatic stress")
                || words.contains("ptsd"))
    });
    match ptsd {
        Some(fact) if fact.status.is_empty() => format!("The imported record names {}.", fact.text),
        Some(fact) => format!("The imported record names {} ({}).", fact.text, fact.status),
        None => "The imported record gives no reason for referral.".to_owned(),
    }
}
