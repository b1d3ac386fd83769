//! How somebody comes to us: the referral, what was imported, history, medicines, the care team, invitations.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::measure::{LabRecorded, WeightRecorded};
use crate::facts::{Answered, HistoryTopic, MedicineClass, MedicineFact, RecordedConcern, Route, Setting, Sex};
use crate::ids::{CompanionId, PatientId, StaffId};
use crate::roles::Role;

/// Who somebody is and how to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demographics {
    /// Full name.
    pub name: String,
    /// Date of birth; the last day that it can be where only a month or a year is known.
    pub birth_date: Date,
    /// How much of the date of birth is known, where it is not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_known_to: Option<BirthKnownTo>,
    /// Sex as recorded.
    pub sex: Sex,
    /// Served in the armed forces; `None` when nobody has asked.
    #[serde(default)]
    pub veteran: Option<bool>,
    /// Phone.
    #[serde(default)]
    pub phone: String,
    /// Where they live, and where help is sent.
    #[serde(default)]
    pub address: String,
    /// IANA time zone of where they live, for example `America/Denver`.
    pub time_zone: String,
    /// The emergency number there.
    pub emergency_number: String,
    /// Numbers by which the person is known elsewhere: a medical record number, an insurance number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

/// A number by which somebody is known elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// Whose number, or of which kind: `MRN`, the name of a hospital or an insurer.
    pub system: String,
    /// The number.
    pub value: String,
}

/// How much of a date of birth is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BirthKnownTo {
    /// The year.
    Year,
    /// The year and the month.
    Month,
}

impl Demographics {
    /// The first and the last day on which the person can have been born.
    #[must_use]
    pub fn born_between(&self) -> (Date, Date) {
        let first = match self.birth_known_to {
            None => self.birth_date,
            Some(BirthKnownTo::Month) => self.birth_date.first_of_month(),
            Some(BirthKnownTo::Year) => self.birth_date.first_of_year(),
        };
        (first, self.birth_date)
    }

    /// The date of birth as far as it is known: `1971-06-02`, `1971-06` or `1971`.
    #[must_use]
    pub fn born(&self) -> String {
        let whole = self.birth_date.to_string();
        let known = match self.birth_known_to {
            None => whole.len(),
            Some(BirthKnownTo::Month) => 7,
            Some(BirthKnownTo::Year) => 4,
        };
        whole.get(..known).unwrap_or(&whole).to_owned()
    }
}

/// A person was referred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientReferred {
    /// Who.
    pub demographics: Demographics,
    /// Why, in the referrer's words.
    pub reason: String,
    /// By whom, or by which file.
    pub source: String,
}

/// Name, contact or address changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemographicsChanged {
    /// As it is now.
    pub demographics: Demographics,
}

/// One fact taken over from another record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportedFact {
    /// What kind of entry it was there: `Condition`, `AllergyIntolerance`, `Observation`, `MedicationRequest` …
    pub kind: String,
    /// The words of the other record.
    pub text: String,
    /// Code system and code, where given.
    #[serde(default)]
    pub code: String,
    /// When it began or was measured.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Active, resolved …, as the other record says.
    #[serde(default)]
    pub status: String,
    /// A measured value with unit, as text.
    #[serde(default)]
    pub value: String,
    /// Where it is from: file, line, resource id.
    pub origin: String,
    /// The history question that it may answer, as a candidate until staff confirm it.
    #[serde(default)]
    pub candidate_for: Option<HistoryTopic>,
    /// What weighs by itself, beyond the history question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concern: Option<RecordedConcern>,
}

/// Something in the other record that was not understood. It is listed, never dropped in silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUnderstood {
    /// Where: file, line, resource.
    pub origin: String,
    /// What it was.
    pub what: String,
    /// Why it was not taken over.
    pub why: String,
}

/// A medicine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Medicine {
    /// Name as recorded.
    pub name: String,
    /// Classes that a rule cares about.
    pub classes: Vec<MedicineClass>,
    /// Started.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// Stopped; absent means still taken.
    #[serde(default)]
    pub stopped_at: Option<Timestamp>,
    /// Diazepam-equivalent, mg a day.
    #[serde(default)]
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
    /// Where it is from.
    pub from: String,
}

/// As a medicine of the list is recorded again, unchanged.
impl From<&MedicineFact> for Medicine {
    fn from(fact: &MedicineFact) -> Self {
        Self {
            name: fact.name.clone(),
            classes: fact.classes.clone(),
            started_at: fact.started_at,
            stopped_at: fact.stopped_at,
            diazepam_equivalent_mg_per_day: fact.diazepam_equivalent_mg_per_day,
            last_taken_at: fact.last_taken_at,
            dose: fact.dose.clone(),
            route: fact.route.clone(),
            frequency: fact.frequency.clone(),
            code: fact.code.clone(),
            from: fact.from.clone(),
        }
    }
}

/// A blood pressure, weight or laboratory result taken over from another record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum ImportedMeasurement {
    /// Vital signs.
    Vitals {
        /// The signs.
        vitals: crate::quantity::Vitals,
        /// Where from.
        origin: String,
    },
    /// Body weight.
    Weight {
        /// Kilograms.
        weight_kg: f64,
        /// When.
        taken_at: Timestamp,
        /// Where from.
        origin: String,
    },
    /// A laboratory result outside its limits. One within them stays a fact, until staff record it.
    Lab {
        /// The result.
        lab: super::LabRecorded,
        /// Where from.
        origin: String,
    },
}

/// A record from elsewhere was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordImported {
    /// The file or sender.
    pub source: String,
    /// Facts taken over.
    pub facts: Vec<ImportedFact>,
    /// Medicines taken over, not yet gone through with the patient.
    pub medicines: Vec<Medicine>,
    /// Measurements that the rules can use.
    pub measurements: Vec<ImportedMeasurement>,
    /// What was not understood.
    pub not_understood: Vec<NotUnderstood>,
}

/// One answered question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicAnswer {
    /// Which question.
    pub topic: HistoryTopic,
    /// The answer.
    pub answer: Answered,
    /// When it happened, where that matters.
    #[serde(default)]
    pub happened_at: Option<Timestamp>,
    /// In words.
    #[serde(default)]
    pub detail: String,
}

/// History questions were answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryAnswered {
    /// The answers.
    pub answers: Vec<TopicAnswer>,
}

/// The medicines were gone through with the patient; the list replaces every earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedicinesReviewed {
    /// All that are taken, and those stopped in the last weeks. Empty means: asked, and none.
    pub medicines: Vec<Medicine>,
}

/// What was tried before, and where the person is treated; it replaces what was written before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackgroundTaken {
    /// The place of treatment, in the clinic's own words; empty when there is only one, or nobody said.
    #[serde(default)]
    pub site: String,
    /// Courses of trauma-focused therapy before this one; `None` when nobody asked.
    #[serde(default)]
    pub trauma_therapies: Option<u32>,
    /// Medicines for PTSD or depression that were tried before; `None` when nobody asked.
    #[serde(default)]
    pub medicines_tried: Option<u32>,
    /// Ketamine or esketamine as a treatment before; `None` when nobody asked.
    #[serde(default)]
    pub ketamine_before: Option<Answered>,
}

/// A member of the care team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    /// Who.
    pub id: StaffId,
    /// Name shown.
    pub name: String,
    /// In which capacity.
    pub role: Role,
}

/// The care team was set; the list replaces the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareTeamSet {
    /// Who may open the chart and answers for the patient.
    pub members: Vec<TeamMember>,
}

/// For whom a personal link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "kebab-case")]
pub enum Invited {
    /// The patient.
    Patient,
    /// A companion.
    Companion {
        /// Which one.
        id: CompanionId,
    },
}

/// A personal link was made. The link itself is not in the chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationMade {
    /// For whom.
    pub invited: Invited,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// A dose out of a chart that was merged into this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergedDose {
    /// Route.
    pub route: Route,
    /// Where.
    pub setting: Setting,
    /// Milligrams.
    pub dose_mg: f64,
    /// Milligrams for each kilogram; absent for a fixed dose.
    #[serde(default)]
    pub dose_mg_per_kg: Option<f64>,
    /// When it began.
    pub taken_at: Timestamp,
    /// Whether its session was reviewed there.
    pub reviewed: bool,
    /// Whether its session was stopped early.
    pub stopped: bool,
}

/// Another chart turned out to be the same person's. Its events stay where they are; what this chart must know of it is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartsMerged {
    /// The other chart.
    pub other: PatientId,
    /// The name that it was kept under.
    pub name: String,
    /// The doses recorded in it.
    pub doses: Vec<MergedDose>,
    /// What was answered with yes in it and not here: to be confirmed, and until then as if it were true.
    pub history: Vec<TopicAnswer>,
    /// Medicines listed in it, to be gone through here; until then what holds a dose among them is not left out unseen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub medicines: Vec<Medicine>,
    /// Laboratory results of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labs: Vec<LabRecorded>,
    /// Resting readings of it, outside sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vitals: Vec<crate::quantity::Vitals>,
    /// Weights of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<WeightRecorded>,
    /// How it is known that they are one person.
    pub reason: String,
}

/// This chart turned out to be the same person's as another, which goes on in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartMergedInto {
    /// The chart that goes on.
    pub into: PatientId,
    /// How it is known that they are one person.
    pub reason: String,
}
