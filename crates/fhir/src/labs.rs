//! Laboratory results with numbers: liver tests against the stop limits, and urine drug screens.
//!
//! Only what lies outside its limits enters the chart as a result, unconfirmed. What lies within them stays a fact: a normal
//! result of elsewhere passes no rule before staff have recorded it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use stillwater_care::event::{ImportedMeasurement, LabRecorded};
use stillwater_care::facts::{LabKind, LabResult, Sex};

use crate::answers::affirms;
use crate::folded::{fold, whole};
use crate::units;
use crate::value::{Quantity, list, text};

/// A liver test by which a dose is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Liver {
    Alt,
    Ast,
    Ggt,
    Alp,
    Bilirubin,
}

struct LiverTest {
    test: Liver,
    name: &'static str,
    loinc: &'static [&'static str],
    words: &'static [&'static str],
}

const LIVER: [LiverTest; 5] = [
    LiverTest {
        test: Liver::Alt,
        name: "ALT",
        loinc: &["1742-6", "1743-4", "1744-2", "76625-3"],
        words: &["alanine aminotransferase", "alanine transaminase", "sgpt", "alt", "alat", "gpt"],
    },
    LiverTest {
        test: Liver::Ast,
        name: "AST",
        loinc: &["1920-8", "30239-8", "88112-8"],
        words: &["aspartate aminotransferase", "aspartate transaminase", "sgot", "ast", "asat", "got"],
    },
    LiverTest {
        test: Liver::Ggt,
        name: "GGT",
        loinc: &["2324-2"],
        words: &[
            "gamma glutamyl transferase",
            "gamma-glutamyl transferase",
            "gamma glutamyltransferase",
            "ggt",
            "gamma gt",
        ],
    },
    LiverTest { test: Liver::Alp, name: "ALP", loinc: &["6768-6", "1783-0"], words: &["alkaline phosphatase", "alp"] },
    LiverTest {
        test: Liver::Bilirubin,
        name: "bilirubin",
        loinc: &["1975-2", "14631-6", "42719-5"],
        words: &["bilirubin total", "bilirubin, total", "total bilirubin", "bilirubin.total"],
    },
];

impl LiverTest {
    /// The stop limit: OKTOP eligibility, about three times the upper normal.
    fn stop(&self, sex: Sex) -> f64 {
        match self.test {
            Liver::Alt => 135.0,
            Liver::Ast => 123.0,
            Liver::Ggt if sex == Sex::Male => 210.0,
            Liver::Ggt => 135.0,
            Liver::Alp => 345.0,
            Liver::Bilirubin => 60.0,
        }
    }

    fn value(&self, quantity: &Quantity) -> Result<f64, String> {
        if self.test == Liver::Bilirubin { units::bilirubin(quantity) } else { units::enzyme_units(quantity) }
    }
}

#[derive(Clone, Debug)]
struct Measured {
    at: Timestamp,
    value: f64,
    words: String,
    raised: Option<bool>,
    origin: String,
}

/// Laboratory results read so far.
#[derive(Debug, Default)]
pub struct Labs {
    liver: BTreeMap<Liver, Measured>,
    drugs: Option<(Timestamp, String, String, bool)>,
}

impl Labs {
    /// Reads one observation, which stays a fact all the same. Says what keeps a liver test from being judged.
    pub fn read(
        &mut self,
        codes: &[&str],
        name: &str,
        resource: &Value,
        at: Timestamp,
        origin: &str,
    ) -> Result<(), String> {
        let folded = fold(name);
        let named = |words: &[&str]| words.iter().any(|word| whole(&folded, word).next().is_some());
        let urine = named(&["urine", "ur"]);
        let test = LIVER
            .iter()
            .find(|test| codes.iter().any(|code| test.loinc.contains(code)) || (!urine && named(test.words)));
        if let Some(test) = test
            && let Some(value) = resource.get("valueQuantity")
        {
            let quantity = Quantity::read(value, "valueQuantity")?;
            let measured = Measured {
                at,
                value: test.value(&quantity)?,
                words: format!("{} {}", test.name, quantity.words()),
                raised: above_normal(resource),
                origin: origin.to_owned(),
            };
            let newer = self.liver.get(&test.test).is_none_or(|known| {
                (known.at, known.value.total_cmp(&measured.value)) < (measured.at, std::cmp::Ordering::Equal)
                    || (known.at == measured.at && known.value < measured.value)
            });
            if newer {
                self.liver.insert(test.test, measured);
            }
            return Ok(());
        }
        if is_drug_screen(&folded, &named) {
            let value = resource.as_object().and_then(|o| o.iter().find(|(field, _)| field.starts_with("value")));
            let positive = value
                .is_some_and(|(field, value)| field != "valueQuantity" && affirms(value) && !pending(value))
                || matches!(interpretation(resource).as_str(), "POS" | "DET");
            let newer = self.drugs.as_ref().is_none_or(|(known, _, _, was)| (*known, *was) <= (at, positive));
            if newer {
                self.drugs = Some((at, name.to_owned(), origin.to_owned(), positive));
            }
        }
        Ok(())
    }

    /// What lies outside its limits.
    pub fn finish(self, sex: Sex) -> Vec<ImportedMeasurement> {
        let mut results = Vec::new();
        let judged = self.liver.iter().filter_map(|(kind, measured)| {
            let test = LIVER.iter().find(|test| test.test == *kind)?;
            let stop = test.stop(sex);
            let result = if measured.value >= stop {
                LabResult::Abnormal
            } else if measured.raised.unwrap_or(measured.value > stop / 3.0) {
                LabResult::Raised
            } else {
                return None;
            };
            Some((result, measured))
        });
        let outside: Vec<_> = judged.collect();
        let worst = outside.iter().max_by_key(|(result, measured)| (*result == LabResult::Abnormal, measured.at));
        if let Some((result, measured)) = worst {
            let detail: Vec<&str> = outside.iter().map(|(_, measured)| measured.words.as_str()).collect();
            let lab = LabRecorded {
                kind: LabKind::LiverPanel,
                result: *result,
                taken_at: measured.at,
                detail: detail.join(", "),
                figures: Vec::new(),
            };
            results.push(ImportedMeasurement::Lab { lab, origin: measured.origin.clone() });
        }
        if let Some((taken_at, detail, origin, true)) = self.drugs {
            let lab = LabRecorded {
                kind: LabKind::UrineDrugScreen,
                result: LabResult::Abnormal,
                taken_at,
                detail,
                figures: Vec::new(),
            };
            results.push(ImportedMeasurement::Lab { lab, origin });
        }
        results
    }
}

/// Whether the laboratory itself calls a value too high, by its interpretation or its range.
fn above_normal(resource: &Value) -> Option<bool> {
    match interpretation(resource).as_str() {
        "H" | "HH" | "HU" | "A" | "AA" => return Some(true),
        "N" => return Some(false),
        _ => {}
    }
    let value = resource.get("valueQuantity")?.get("value")?.as_f64()?;
    let high = list(resource, "referenceRange").iter().find_map(|range| range.get("high")?.get("value")?.as_f64())?;
    Some(value > high)
}

/// The code of an interpretation, of one coding or a list of them.
pub fn interpretation(resource: &Value) -> String {
    let Some(held) = resource.get("interpretation") else { return String::new() };
    let first = held.as_array().and_then(|all| all.first()).unwrap_or(held);
    list(first, "coding").first().map(|coding| text(coding, "code")).unwrap_or_default().to_ascii_uppercase()
}

fn pending(value: &Value) -> bool {
    let said = fold(&crate::answers::words(value));
    ["pending", "not done", "not tested", "see note", "see comment", "invalid", "inconclusive", "unknown"]
        .iter()
        .any(|word| said.contains(word))
}

/// A test of urine for drugs, or of a drug in urine.
fn is_drug_screen(name: &str, named: &impl Fn(&[&str]) -> bool) -> bool {
    const DRUGS: [&str; 22] = [
        "cocaine",
        "benzoylecgonine",
        "amphetamine",
        "amphetamines",
        "methamphetamine",
        "opiates",
        "opiate",
        "opioids",
        "fentanyl",
        "oxycodone",
        "heroin",
        "benzodiazepines",
        "barbiturates",
        "cannabinoids",
        "thc",
        "phencyclidine",
        "pcp",
        "mdma",
        "ketamine",
        "methadone",
        "buprenorphine",
        "tetrahydrocannabinol",
    ];
    let screen = ["drug screen", "drugs of abuse", "toxicology screen", "urine toxicology", "uds"];
    if name.contains("screening") && !name.contains("urine") {
        return false;
    }
    named(&screen) || (named(&["urine", "ur"]) && named(&DRUGS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    fn judged(all: &[(&str, &str, Value, i64)], sex: Sex) -> Vec<(LabKind, LabResult, i64)> {
        let mut labs = Labs::default();
        for (code, name, resource, day) in all {
            labs.read(&[*code], name, resource, at(*day), "here").unwrap();
        }
        labs.finish(sex)
            .into_iter()
            .map(|one| match one {
                ImportedMeasurement::Lab { lab, .. } => (lab.kind, lab.result, lab.taken_at.as_second() / 86_400),
                _ => panic!("a laboratory result"),
            })
            .collect()
    }

    fn alt(value: f64) -> Value {
        json!({"valueQuantity": {"value": value, "unit": "U/L"}})
    }

    #[test]
    fn liver_tests_are_held_against_the_stop_limits() {
        let liver = LabKind::LiverPanel;
        let one = |value: f64| judged(&[("1742-6", "ALT", alt(value), 5)], Sex::Female);
        assert_eq!(one(135.0), [(liver, LabResult::Abnormal, 5)]);
        assert_eq!(one(134.9), [(liver, LabResult::Raised, 5)]);
        assert_eq!(one(45.0), []);
        let ggt = |sex| judged(&[("2324-2", "GGT", alt(150.0), 5)], sex);
        assert_eq!(ggt(Sex::Female), [(liver, LabResult::Abnormal, 5)]);
        assert_eq!(ggt(Sex::Male), [(liver, LabResult::Raised, 5)]);
        let bilirubin = json!({"valueQuantity": {"value": 4.0, "unit": "mg/dL"}});
        assert_eq!(judged(&[("1975-2", "", bilirubin, 5)], Sex::Male), [(liver, LabResult::Abnormal, 5)]);
    }

    #[test]
    fn the_newest_value_of_each_test_counts_and_the_worst_of_them() {
        let liver = LabKind::LiverPanel;
        let better = [("1742-6", "ALT", alt(420.0), 5), ("1742-6", "ALT", alt(30.0), 9)];
        assert_eq!(judged(&better, Sex::Male), []);
        let mixed = [("1742-6", "ALT", alt(420.0), 5), ("1920-8", "AST", alt(30.0), 9)];
        assert_eq!(judged(&mixed, Sex::Male), [(liver, LabResult::Abnormal, 5)]);
        let ranged =
            json!({"valueQuantity": {"value": 44, "unit": "U/L"}, "referenceRange": [{"high": {"value": 33}}]});
        assert_eq!(judged(&[("1742-6", "ALT", ranged, 5)], Sex::Male), [(liver, LabResult::Raised, 5)]);
    }

    #[test]
    fn a_positive_drug_screen_is_told_and_a_negative_one_passes_nothing() {
        let urine = |word: &str| judged(&[("", "Cocaine in urine", json!({"valueString": word}), 5)], Sex::Male);
        assert_eq!(urine("Positive"), [(LabKind::UrineDrugScreen, LabResult::Abnormal, 5)]);
        assert_eq!(urine("Negative"), []);
        assert_eq!(urine("Not detected"), []);
        assert_eq!(urine("pending"), []);
        assert_eq!(judged(&[("", "Cocaine in hair", json!({"valueString": "Positive"}), 5)], Sex::Male), []);
    }
}
