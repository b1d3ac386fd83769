//! What was measured: questionnaires and ratings, vital signs, weight, laboratory results.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stillwater_instruments::Responses;

use crate::code::listed;
use crate::facts::{ChildPugh, LabKind, LabResult, LiverFigure};
use crate::ids::{EventId, SessionId};
use crate::quantity::Vitals;

/// At which point of a course a measure is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Point {
    /// At screening.
    Screening,
    /// Before the first dose.
    Baseline,
    /// On the day, before a dose.
    PreDose,
    /// In the session.
    InSession,
    /// About 4 hours after a dose.
    Hours4,
    /// About 24 hours after a dose.
    Hours24,
    /// Day 2.
    Day2,
    /// Day 3.
    Day3,
    /// Day 7.
    Day7,
    /// Day 10.
    Day10,
    /// Day 14.
    Day14,
    /// Each month.
    Monthly,
    /// At the end of the course.
    EndOfCourse,
    /// Any other time.
    Unscheduled,
}

impl Point {
    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::Screening,
        Self::Baseline,
        Self::PreDose,
        Self::InSession,
        Self::Hours4,
        Self::Hours24,
        Self::Day2,
        Self::Day3,
        Self::Day7,
        Self::Day10,
        Self::Day14,
        Self::Monthly,
        Self::EndOfCourse,
        Self::Unscheduled,
    ];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Screening => "screening",
            Self::Baseline => "baseline",
            Self::PreDose => "pre-dose",
            Self::InSession => "in-session",
            Self::Hours4 => "hours4",
            Self::Hours24 => "hours24",
            Self::Day2 => "day2",
            Self::Day3 => "day3",
            Self::Day7 => "day7",
            Self::Day10 => "day10",
            Self::Day14 => "day14",
            Self::Monthly => "monthly",
            Self::EndOfCourse => "end-of-course",
            Self::Unscheduled => "unscheduled",
        }
    }
}

/// How the figures came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureEntry {
    /// Answers to the items.
    Answers,
    /// A total that staff read off their own licensed form.
    EnteredTotal,
}

/// A questionnaire or rating was completed. The scores are those shown at the time, with the version that made them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureCompleted {
    /// The instrument's id.
    pub instrument: String,
    /// Its version.
    pub instrument_version: String,
    /// At which point of the course.
    pub point: Point,
    /// In which session, if one.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// How the figures came in.
    pub entry: MeasureEntry,
    /// The answers as given.
    pub answers: Responses,
    /// Scores; null when too much was missing.
    pub scores: BTreeMap<String, Option<f64>>,
    /// Bands by score.
    pub bands: BTreeMap<String, String>,
    /// Cut-offs; null when unknown.
    pub cutoffs: BTreeMap<String, Option<bool>>,
    /// Rules of the instrument (a screen, a triage, a provisional diagnosis); null when unknown.
    #[serde(default)]
    pub rules: BTreeMap<String, Option<bool>>,
    /// Safety items; null when unanswered.
    pub safety: BTreeMap<String, Option<bool>>,
    /// Items left unanswered.
    pub missing: Vec<String>,
}

/// Vital signs were recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VitalsRecorded {
    /// The signs.
    pub vitals: Vitals,
    /// In which session, if one.
    #[serde(default)]
    pub session: Option<SessionId>,
}

/// The body weight was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightRecorded {
    /// Kilograms.
    pub weight_kg: f64,
    /// When it was measured.
    pub taken_at: Timestamp,
}

/// A laboratory result was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabRecorded {
    /// Which test.
    pub kind: LabKind,
    /// How it reads.
    pub result: LabResult,
    /// When the sample was taken.
    pub taken_at: Timestamp,
    /// The figures, in words.
    #[serde(default)]
    pub detail: String,
    /// The figures of a liver panel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<LiverFigure>,
}

/// The class of a chronic liver disease was worked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildPughRated {
    /// The class.
    pub class: ChildPugh,
    /// When.
    pub rated_at: Timestamp,
}

listed!(Point of "point");

/// A second person confirmed a weight that had changed much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightConfirmed {
    /// The weight's entry.
    pub weight: EventId,
}

/// The body height was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeightRecorded {
    /// Centimetres.
    pub height_cm: f64,
    /// When it was measured.
    pub taken_at: Timestamp,
}
