//! On what ground a controlled medicine is prescribed: where the patient is treated, where the prescriber may practise,
//! whether somebody has examined the patient in person, and what was seen of misuse.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::facts::Answered;
use crate::ids::StaffId;

/// The country, and the state in it, where the patient is when treated was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionSet {
    /// The code of the country or of its part, by ISO 3166: `US-CO`.
    pub region: String,
}

/// A prescriber wrote down where they are licensed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceShown {
    /// Whose licence.
    pub prescriber: StaffId,
    /// Their name.
    pub name: String,
    /// For which country or part of one.
    pub region: String,
    /// Its number.
    pub number: String,
    /// The last day on which it holds.
    pub until: Date,
}

/// A prescriber, or somebody for them, examined the patient in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExaminedInPerson {
    /// When.
    pub examined_at: Timestamp,
    /// By whom, with their profession.
    pub by: String,
}

/// Somebody looked for signs of misuse: in the prescription database, and by asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MisuseChecked {
    /// Another source of a controlled medicine in the prescription database; *unknown* where nobody could look.
    pub other_source: Answered,
    /// Craving, liking for the effect, or use other than prescribed, as told.
    pub craving: Answered,
    /// Doses lost, stolen or passed on.
    pub lost_or_shared: Answered,
    /// How often more was asked for early, since the last such look.
    pub early_requests: u32,
    /// In words.
    #[serde(default)]
    pub words: String,
}

/// A prescriber changed an answer that held a dose, and said why. The answer before stays in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingAnswerChanged {
    /// The rules that held, and hold no more by it.
    pub rules: Vec<String>,
    /// Why.
    pub why: String,
}
