//! A medicine that somebody takes or took, and what of it a rule cares about.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::code::code_of;
use crate::quantity::hours_between;

/// What a medicine does that a rule cares about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MedicineClass {
    /// Strong inhibitor of CYP3A4 or CYP2B6.
    StrongCypInhibitor,
    /// Inducer of CYP3A4.
    CypInducer,
    /// Benzodiazepine.
    Benzodiazepine,
    /// Opioid, buprenorphine and methadone among them.
    Opioid,
    /// Stimulant.
    Stimulant,
    /// Monoamine oxidase inhibitor.
    Maoi,
    /// Theophylline or aminophylline.
    Theophylline,
    /// Naltrexone, lamotrigine or an antipsychotic named in clinical reference 2.2.
    EffectBlunter,
    /// Thyroid hormone.
    ThyroidHormone,
    /// None of the above, by a table or by the person who looked.
    Other,
    /// Nobody has said yet, and no table knows it.
    NotClassed,
}

impl MedicineClass {
    /// Every class, those that a rule asks about first.
    pub const ALL: [Self; 11] = [
        Self::StrongCypInhibitor,
        Self::CypInducer,
        Self::Benzodiazepine,
        Self::Opioid,
        Self::Stimulant,
        Self::Maoi,
        Self::Theophylline,
        Self::EffectBlunter,
        Self::ThyroidHormone,
        Self::Other,
        Self::NotClassed,
    ];
}

/// A medicine that somebody takes or took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MedicineFact {
    /// Name as recorded.
    pub name: String,
    /// Classes that a rule cares about.
    pub classes: Vec<MedicineClass>,
    /// Started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Stopped; absent means still taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
    /// Diazepam-equivalent, mg a day, for a benzodiazepine. Absent means not worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diazepam_equivalent_mg_per_day: Option<f64>,
    /// Last taken, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_taken_at: Option<Timestamp>,
    /// Amount of one dose, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dose: String,
    /// Route, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub route: String,
    /// How often, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub frequency: String,
    /// Codes of the other record, each after its system.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Where it is from, in words.
    pub from: String,
}

impl MedicineFact {
    /// Taken now, or stopped less than `hours` ago.
    #[must_use]
    pub fn active_within_hours(&self, now: Timestamp, hours: f64) -> bool {
        match self.stopped_at {
            None => true,
            Some(stopped) => hours_between(stopped, now) < hours,
        }
    }

    /// No table and nobody has said what it is. A list without a class says no more.
    #[must_use]
    pub fn is_not_classed(&self) -> bool {
        self.classes.is_empty() || self.is(MedicineClass::NotClassed)
    }

    /// Belongs to a class.
    #[must_use]
    pub fn is(&self, class: MedicineClass) -> bool {
        self.classes.contains(&class)
    }
}

code_of!(MedicineClass of "medicine-class" {
    StrongCypInhibitor = "strong-cyp-inhibitor",
    CypInducer = "cyp-inducer",
    Benzodiazepine = "benzodiazepine",
    Opioid = "opioid",
    Stimulant = "stimulant",
    Maoi = "maoi",
    Theophylline = "theophylline",
    EffectBlunter = "effect-blunter",
    ThyroidHormone = "thyroid-hormone",
    Other = "other",
    NotClassed = "not-classed",
});
