//! How a medicine is taken, as the other record writes it: amount, route, how often.

use serde_json::Value;

use crate::value::{Quantity, clean, list, text};

/// The instructions, in whatever version of FHIR.
fn instructions(resource: &Value) -> impl Iterator<Item = &Value> {
    let one = resource.get("dosage").filter(|dosage| dosage.is_object());
    ["dosageInstruction", "dosage"].into_iter().flat_map(|field| list(resource, field)).chain(one)
}

fn first(all: impl Iterator<Item = String>) -> String {
    all.filter(|said| !said.is_empty()).map(|said| clean(&said)).next().unwrap_or_default()
}

fn words(value: &Value) -> String {
    let said = text(value, "text");
    if !said.is_empty() {
        return said;
    }
    list(value, "coding")
        .iter()
        .flat_map(|coding| [text(coding, "display"), text(coding, "code")])
        .find(|said| !said.is_empty())
        .unwrap_or_default()
}

/// Amount of one dose.
pub fn dose(resource: &Value) -> String {
    first(instructions(resource).flat_map(|dosage| {
        let rates = list(dosage, "doseAndRate").iter().chain([dosage]);
        rates
            .filter_map(|rate| {
                let quantity = ["doseQuantity", "dose", "quantity", "quantityQuantity"]
                    .into_iter()
                    .find_map(|field| Quantity::read(rate.get(field)?, field).ok());
                let range = rate.get("doseRange").or_else(|| rate.get("quantityRange"));
                let range = range.map(|range| {
                    let end = |field| Quantity::read(range.get(field)?, field).ok().map(|q| q.words());
                    [end("low"), end("high")].into_iter().flatten().collect::<Vec<_>>().join(" to ")
                });
                quantity.map(|quantity| quantity.words()).or(range)
            })
            .collect::<Vec<_>>()
    }))
}

/// Route.
pub fn route(resource: &Value) -> String {
    first(instructions(resource).filter_map(|dosage| dosage.get("route")).map(words))
}

/// How often: the written instruction, or the timing.
pub fn frequency(resource: &Value) -> String {
    let said =
        first(instructions(resource).flat_map(|dosage| [text(dosage, "text"), text(dosage, "patientInstruction")]));
    if !said.is_empty() {
        return said;
    }
    first(instructions(resource).filter_map(|dosage| dosage.get("timing")).map(|timing| {
        let code = timing.get("code").map(words).unwrap_or_default();
        if !code.is_empty() {
            return code;
        }
        let Some(repeat) = timing.get("repeat") else { return String::new() };
        let number = |field: &str| repeat.get(field).and_then(Value::as_f64).map(|n| n.to_string());
        match (number("frequency"), number("period"), text(repeat, "periodUnit")) {
            (Some(times), Some(period), unit) if !unit.is_empty() => format!("{times} times in {period} {unit}"),
            _ => String::new(),
        }
    }))
}
