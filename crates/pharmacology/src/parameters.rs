//! The numbers of the model, each with its spread between people, its grade and where it is from.
//!
//! A change of any number here needs a new [`VERSION`], because the version is kept with each curve that was shown.

use serde::Serialize;

/// The version of the parameter set. It is kept with every curve.
pub const VERSION: &str = "ketamine-2026.1";

/// How a parameter came to its value, in the words of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Read in a paper's abstract or table, in a label, or in a published transcription of the paper's table.
    Verified,
    /// Read in a text that cites the paper.
    Secondary,
    /// From general knowledge or a derivation.
    Unverified,
    /// Set by fitting or by hand.
    Chosen,
}

/// One number of the model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// A short name, unique in the set.
    pub id: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// Its unit; empty for a share.
    pub unit: &'static str,
    /// The value for a typical adult of 70 kg.
    pub value: f64,
    /// The spread between people as a coefficient of variation (log-normal); 0 when none is modelled.
    pub spread: f64,
    /// How the value came to be.
    pub grade: Grade,
    /// Where it is from.
    pub source: &'static str,
}

macro_rules! parameters {
    ($($name:ident: $meaning:literal, $unit:literal, $value:expr, $spread:expr, $grade:ident, $source:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: Parameter = Parameter {
                id: stringify!($name), meaning: $meaning, unit: $unit, value: $value, spread: $spread,
                grade: Grade::$grade, source: $source,
            };
        )*

        /// Every parameter of the set.
        pub const ALL: &[Parameter] = &[$($name),*];
    };
}

parameters! {
    CL_RACEMATE: "Clearance of racemic ketamine", "L/h per 70 kg", 82.0, 0.25, Chosen,
        "inside the interval of Kamp 2020 (69 to 90)";
    CL_ESKETAMINE: "Clearance of esketamine", "L/h per 70 kg", 90.0, 0.25, Chosen,
        "between Kamp 2020 and Fanta 2015 (95) and Perez-Ruixo 2021 (114)";
    V1: "Central volume", "L per 70 kg", 72.0, 0.45, Chosen, "fitted to venous and arterial levels together";
    V2: "Volume of the quick side compartment", "L per 70 kg", 72.0, 0.45, Chosen, "same fit";
    V3: "Volume of the slow side compartment", "L per 70 kg", 148.0, 0.25, Chosen, "same fit";
    Q2: "Exchange with the quick side compartment", "L/h per 70 kg", 140.0, 0.35, Chosen, "same fit";
    Q3: "Exchange with the slow side compartment", "L/h per 70 kg", 54.0, 0.25, Chosen, "same fit";
    FM: "Share of ketamine clearance that becomes norketamine, by mass", "", 0.75, 0.0, Verified,
        "0.80 (Simons 2022) times 223.7/237.7";
    CLN: "Clearance of norketamine, apparent", "L/h per 70 kg", 49.0, 0.25, Chosen,
        "fitted to nasal and stepped-infusion data";
    QN: "Exchange of norketamine", "L/h per 70 kg", 21.4, 0.0, Chosen, "same fit";
    VN: "Central volume of norketamine", "L per 70 kg", 58.0, 0.32, Chosen, "same fit";
    VN2: "Side volume of norketamine", "L per 70 kg", 109.0, 0.0, Chosen, "same fit";
    TE: "Half-time of the effect site", "min", 6.0, 0.40, Verified, "Olofsen 2012: mean 6.1, range 0 to 11.8, arterial";
    FU: "Unbound fraction in plasma", "", 0.56, 0.0, Secondary, "43 to 45 per cent bound";
    RESIDUAL: "Proportional error of assay and model", "", 0.25, 0.0, Verified, "Perez-Ruixo 2021: 28 per cent";

    EMAX_PRESSURE: "Largest rise of systolic pressure", "mmHg", 35.0, 0.60, Chosen,
        "set so that nasal esketamine 84 mg and 0.5 mg/kg by vein give the reported rises";
    EC50_PRESSURE: "S-ketamine at the effect site for half that rise", "ng/mL", 350.0, 0.0, Chosen, "same";
    CADSS_SCALE: "Scale of one person's dissociation", "", 1.0, 1.0, Chosen,
        "Bowdle 1998 for the shape; spread as in van Schalkwyk 2018";

    IM_FM1: "Intramuscular: share that arrives", "", 0.93, 0.05, Secondary, "availability 93 per cent";
    IM_KA: "Intramuscular: uptake rate", "1/h", 5.0, 0.60, Chosen, "two medians of Hirlinger 1984";
    ES_IN_FM1_FIRST: "Nasal esketamine: share through the nose, first device", "", 0.35, 0.7, Chosen,
        "fitted to Perez-Ruixo 2021, Table 4; the label says 48 per cent in all; the spread is a standard deviation on the logit";
    ES_IN_FM1_NEXT: "Nasal esketamine: share through the nose, each further device", "", 0.185, 0.7, Chosen,
        "same fit: 0.2675 for two and 0.24 for three devices";
    ES_IN_KA: "Nasal esketamine: uptake rate through the nose", "1/h", 1.82, 0.60, Chosen, "same fit";
    ES_IN_KA_GUT: "Nasal esketamine: uptake rate of the swallowed part", "1/h", 1.45, 0.80, Verified, "Perez-Ruixo 2021";
    ES_IN_FG: "Nasal esketamine: share of the swallowed part that reaches plasma", "", 0.17, 0.30, Chosen, "same fit";
    ES_IN_GN: "Nasal esketamine: norketamine from the rest of the swallowed part", "", 0.34, 0.0, Chosen, "same fit";
    RA_IN_FM1: "Nasal racemate, compounded: share through the nose", "", 0.25, 0.7, Chosen,
        "between 45 per cent (Yanagihara 2003) and 11 to 22 per cent (doi 10.1002/phar.2669): wide; the spread is a standard deviation on the logit";
    RA_IN_KA: "Nasal racemate, compounded: uptake rate through the nose", "1/h", 5.0, 0.60, Chosen, "same";
    RA_IN_KA_GUT: "Nasal racemate, compounded: uptake rate of the swallowed part", "1/h", 1.45, 0.80, Chosen, "same";
    RA_IN_FG: "Nasal racemate, compounded: share of the swallowed part that reaches plasma", "", 0.20, 0.30, Chosen, "same";
    RA_IN_GN: "Nasal racemate, compounded: norketamine from the rest of the swallowed part", "", 0.34, 0.0, Chosen, "same";
    RA_SL_FM1: "Sublingual racemate: share through the mouth", "", 0.1125, 0.4, Chosen,
        "Rolan 2014; the spread is a standard deviation on the logit";
    RA_SL_FG: "Sublingual racemate: share of the swallowed part that reaches plasma", "", 0.20, 0.30, Chosen, "Rolan 2014";
    ES_SL_FM1: "Sublingual esketamine film: share through the mouth", "", 0.16, 0.4, Chosen,
        "Simons 2022; the spread is a standard deviation on the logit";
    ES_SL_FG: "Sublingual esketamine film: share of the swallowed part that reaches plasma", "", 0.12, 0.30, Chosen,
        "Simons 2022";
    SL_KA: "Sublingual: uptake rate through the mouth", "1/h", 3.0, 0.60, Chosen, "Rolan 2014, Simons 2022";
    SL_KA_GUT: "Sublingual: uptake rate of the swallowed part", "1/h", 1.5, 0.80, Chosen, "Rolan 2014, Simons 2022";
    SL_GN: "Sublingual: norketamine from the rest of the swallowed part", "", 0.60, 0.0, Chosen, "Rolan 2014, Simons 2022";
    SL_LAG: "Sublingual: time before the rest is swallowed", "min", 10.0, 0.0, Chosen, "Rolan 2014, Simons 2022";
    IN_SWALLOW: "Nasal: time over which the rest is swallowed", "min", 30.0, 0.0, Verified, "Perez-Ruixo 2021: 0.53 h";
    RA_PO_FG: "Oral racemate: share that reaches plasma", "", 0.20, 0.30, Verified,
        "Yanagihara 2003: 20 per cent; Grant 1981: 16.5 to 17 per cent";
    ES_PO_FG: "Oral esketamine: share that reaches plasma", "", 0.12, 0.30, Chosen,
        "between Fanta 2015 (8 per cent) and Perez-Ruixo 2021 (18 per cent)";
    PO_KA: "Oral: uptake rate", "1/h", 2.5, 0.80, Chosen, "published oral studies disagree";
    PO_GN: "Oral: norketamine from the rest", "", 0.70, 0.0, Chosen, "published oral studies disagree";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_every_parameter_once_with_its_source() {
        let names: BTreeSet<_> = ALL.iter().map(|parameter| parameter.id).collect();
        assert_eq!(names.len(), ALL.len());
        for parameter in ALL {
            assert!(!parameter.source.is_empty() && parameter.value > 0.0, "{}", parameter.id);
        }
    }

    #[test]
    fn has_a_new_version_when_a_number_changes() {
        let printed: Vec<String> =
            ALL.iter().map(|parameter| format!("{}={}±{}", parameter.id, parameter.value, parameter.spread)).collect();
        let sum = printed
            .join(";")
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(
            (VERSION, sum),
            ("ketamine-2026.1", 3_076_068_507_292_437_734),
            "a parameter changed: give the set a new version"
        );
    }
}
