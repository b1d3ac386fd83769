//! Medicines ordered or reported elsewhere.
//!
//! What is still taken, and what ended in the last twelve months, becomes a medicine. What ended longer ago is kept as a
//! fact. An order that is over without saying when counts by its date: within the last twelve months it is a medicine
//! still taken, until staff have gone through the list with the patient, because a rule must not read "over, some day"
//! as "over long enough".

use serde_json::Value;
use stillwater_care::event::{ImportedFact, Medicine};
use stillwater_care::facts::MedicineClass;
use stillwater_care::quantity::days_between;

use crate::import_builder::{BundleEntry, ImportBuilder};
use crate::ingredients;
use crate::lookup::Lookup;
use crate::value::{Concept, DateBias, clean, kind_of, list, text};

/// Days after which a medicine that is over is kept as a fact only.
const KEPT_DAYS: f64 = 366.0;

/// Reads one.
pub fn read<'b>(entry: &BundleEntry<'b>, lookup: &Lookup<'b>, gathering: &mut ImportBuilder<'_>) {
    let (resource, origin) = (entry.resource, entry.origin.as_str());
    let kind = text(resource, "resourceType");
    let status = text(resource, "status");
    if status == "entered-in-error" {
        return gathering.list(origin, kind, "the other record marks it as entered in error");
    }
    let concept = match medicine(resource, lookup) {
        Ok(concept) => concept,
        Err(why) => return gathering.list(origin, kind, why),
    };
    if resource.get("doNotPerform").and_then(Value::as_bool) == Some(true) {
        return gathering.list(origin, format!("{kind}: {}", concept.text), "it asks that this medicine is not given");
    }
    let date = |gathering: &mut ImportBuilder<'_>, holder: &Value, fields: &[&str], bias| {
        gathering.window.first(holder, fields, bias).unwrap_or_else(|why| {
            gathering.note(origin, &concept.text, format!("{why}; the medicine is kept without this date"));
            None
        })
    };
    let started =
        date(gathering, resource, &["authoredOn", "effectiveDateTime", "effectivePeriod"], DateBias::Earliest);
    let over = matches!(status.as_str(), "stopped" | "completed" | "cancelled" | "not-taken");
    let ended =
        if over { ended(resource, |holder, fields| date(gathering, holder, fields, DateBias::Latest)) } else { None };
    let now = gathering.window.now;
    let kept = match (over, ended, started) {
        (false, _, _) => true,
        (true, Some(ended), _) => days_between(ended, now) <= KEPT_DAYS,
        (true, None, Some(started)) => days_between(started, now) <= KEPT_DAYS,
        (true, None, None) => true,
    };
    let classes = ingredients::classes(&concept.words());
    let never_begun = matches!(status.as_str(), "cancelled" | "not-taken" | "draft");
    if !kept || never_begun {
        return gathering.fact(
            ImportedFact {
                kind,
                text: concept.text.clone(),
                code: concept.code(),
                at: started,
                status,
                value: ended.map(|at| format!("until {}", day(at))).unwrap_or_default(),
                origin: origin.to_owned(),
                candidate_for: None,
                concern: None,
            },
            &[],
        );
    }
    let ended = ended.map(|end| started.map_or(end, |start| end.max(start)));
    let name = match (over, ended) {
        (true, None) => format!("{} (over according to the other record, not known since when)", concept.text),
        _ => concept.text.clone(),
    };
    let relevant = classes.iter().any(|class| *class != MedicineClass::Other);
    if over && ended.is_none() && relevant {
        gathering.note(
            origin,
            &concept.text,
            format!(
                "it is {status} without a date; it counts as still taken until staff have gone through the medicines"
            ),
        );
    }
    gathering.account.medicines += 1;
    gathering.medicines.push(Medicine {
        name,
        classes,
        started_at: started,
        stopped_at: ended,
        diazepam_equivalent_mg_per_day: None,
        from: origin.to_owned(),
    });
}

fn day(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// When it ended, from wherever R4 lets it be said.
fn ended<F>(resource: &Value, mut date: F) -> Option<jiff::Timestamp>
where
    F: FnMut(&Value, &[&str]) -> Option<jiff::Timestamp>,
{
    if let Some(period) = resource.get("effectivePeriod").filter(|period| period.get("end").is_some()) {
        return date(period, &["end"]);
    }
    let validity = resource.get("dispenseRequest").and_then(|request| request.get("validityPeriod"));
    if let Some(period) = validity.filter(|period| period.get("end").is_some()) {
        return date(period, &["end"]);
    }
    let bounds = list(resource, "dosageInstruction")
        .iter()
        .filter_map(|dose| dose.get("timing").and_then(|t| t.get("repeat")).and_then(|r| r.get("boundsPeriod")));
    bounds.filter(|period| period.get("end").is_some()).filter_map(|period| date(period, &["end"])).max()
}

fn medicine<'b>(resource: &'b Value, lookup: &Lookup<'b>) -> Result<Concept, String> {
    if let Some(code) = resource.get("medicationCodeableConcept") {
        return Concept::read(code).map_err(|why| format!("medicationCodeableConcept {why}"));
    }
    let Some(reference) = resource.get("medicationReference") else {
        return Err("it names no medicine".to_owned());
    };
    if !reference.is_object() {
        return Err(format!("medicationReference is {}, a reference was expected", kind_of(reference)));
    }
    let target = text(reference, "reference");
    if let Some(code) = lookup.find(resource, &target).and_then(|medication| medication.get("code")) {
        return Concept::read(code).map_err(|why| format!("the medicine that it refers to {why}"));
    }
    let display = clean(&text(reference, "display"));
    if display.is_empty() {
        return Err(format!("it refers to {target:?}, which is not in the bundle"));
    }
    Ok(Concept { codings: Vec::new(), text: display })
}
