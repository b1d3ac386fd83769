//! By which names one resource refers to another: `Patient/7`, an absolute or versioned address, `urn:uuid:` in any case, a
//! conditional reference, an identifier.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::value::{list, text};

/// A reference in the one form in which names are compared.
pub fn canonical(reference: &str) -> String {
    let reference = reference.trim();
    if reference.starts_with('#') {
        return reference.to_owned();
    }
    let small = reference.to_ascii_lowercase();
    if let Some(id) = small.strip_prefix("urn:uuid:") {
        return format!("urn:uuid:{}", id.trim_matches(['{', '}']));
    }
    if small.starts_with("urn:") {
        return small;
    }
    if let Some((kind, query)) = reference.split_once('?') {
        let kind = kind.rsplit('/').next().unwrap_or(kind);
        let wanted = query.split('&').find_map(|part| part.strip_prefix("identifier="));
        return wanted.map_or_else(|| reference.to_owned(), |wanted| identified(kind, &decoded(wanted)));
    }
    let path = reference.split("/_history/").next().unwrap_or(reference).trim_end_matches('/');
    let mut parts = path.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(id), Some(kind)) => format!("{kind}/{id}"),
        _ => reference.to_owned(),
    }
}

/// A name by identifier, `system|value` or the value alone.
fn identified(kind: &str, identifier: &str) -> String {
    format!("{kind}?{identifier}")
}

/// The few characters that an identifier in an address is written with.
fn decoded(text: &str) -> String {
    [("%7C", "|"), ("%7c", "|"), ("%3A", ":"), ("%3a", ":"), ("%2F", "/"), ("%2f", "/"), ("%20", " ")]
        .iter()
        .fold(text.to_owned(), |text, (code, letter)| text.replace(code, letter))
}

/// An id as text; some write it as a number.
pub fn id_of(resource: &Value) -> String {
    match resource.get("id") {
        Some(Value::String(id)) => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    }
}

/// Every name under which others may refer to a resource.
pub fn names_of(full_url: &str, resource: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if !full_url.is_empty() {
        names.insert(canonical(full_url));
    }
    let (kind, id) = (text(resource, "resourceType"), id_of(resource));
    if !id.is_empty() {
        names.insert(format!("{kind}/{id}"));
        names.insert(format!("urn:uuid:{}", id.to_ascii_lowercase()));
    }
    for identifier in list(resource, "identifier") {
        let (system, value) = (text(identifier, "system"), text(identifier, "value"));
        if !value.is_empty() {
            names.insert(identified(&kind, &format!("{system}|{value}")));
            names.insert(identified(&kind, &value));
        }
    }
    names
}

/// The names that a reference gives: its address, and the identifier beside it.
pub fn names_in(reference: &Value) -> Vec<String> {
    let address = text(reference, "reference");
    let mut names = Vec::new();
    if !address.is_empty() {
        names.push(canonical(&address));
    }
    if let Some(identifier) = reference.get("identifier") {
        let value = text(identifier, "value");
        let system = text(identifier, "system");
        if !value.is_empty() {
            let identifier = if system.is_empty() { value } else { format!("{system}|{value}") };
            names.push(identified("Patient", &identifier));
        }
    }
    names
}

/// Whom a resource is about, by its `subject` or `patient`; empty where it does not say.
pub fn subject(resource: &Value) -> Vec<String> {
    ["subject", "patient"].iter().find_map(|field| resource.get(*field)).map(names_in).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_resource_has_one_name_however_it_is_referred_to() {
        for (written, name) in [
            ("Patient/7", "Patient/7"),
            ("https://example.org/fhir/Patient/7", "Patient/7"),
            ("https://example.org/fhir/Patient/7/_history/2", "Patient/7"),
            ("urn:uuid:AB12", "urn:uuid:ab12"),
            ("URN:UUID:ab12", "urn:uuid:ab12"),
            ("Patient?identifier=urn:mrn|1", "Patient?urn:mrn|1"),
            ("Patient?identifier=urn%3Amrn%7C1", "Patient?urn:mrn|1"),
            ("#p", "#p"),
        ] {
            assert_eq!(canonical(written), name, "{written}");
        }
    }

    #[test]
    fn a_patient_answers_to_id_address_and_identifier() {
        let patient = json!({"resourceType": "Patient", "id": 7, "identifier": [{"system": "urn:mrn", "value": "1"}]});
        let names = names_of("urn:uuid:AB12", &patient);
        for reference in [
            json!({"reference": "Patient/7"}),
            json!({"reference": "urn:uuid:ab12"}),
            json!({"reference": "Patient?identifier=urn:mrn|1"}),
            json!({"identifier": {"system": "urn:mrn", "value": "1"}}),
        ] {
            assert!(names_in(&reference).iter().any(|name| names.contains(name)), "{reference}");
        }
        assert!(!names.contains("Patient/8"));
    }
}
