//! What was decided: eligibility, overrides, consent, the plan, orders.

use serde::{Deserialize, Serialize};

use crate::code::listed;
use crate::facts::{Route, Setting};
use crate::finding::Finding;
use crate::ids::{EventId, OrderId, StaffId};
use crate::rules::Gate;

/// A clinician looked at a suicide screen and decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuicideScreenReviewed {
    /// The screen.
    pub measure: EventId,
    /// May treatment go on?
    pub proceed: bool,
    /// What was found and done.
    pub words: String,
}

/// A named prescriber went on in spite of a finding. Shown forever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingOverridden {
    /// At which step.
    pub gate: Gate,
    /// The finding as it stood.
    pub finding: Finding,
    /// Why.
    pub reason: String,
    /// The second clinician, where the rule asks for two.
    #[serde(default)]
    pub second: Option<SecondClinician>,
}

/// The second clinician signed an override that takes two, in their own session. Until then it counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideCosigned {
    /// The override.
    pub overridden: EventId,
}

/// The second clinician of an override that takes two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondClinician {
    /// Who.
    pub id: StaffId,
    /// Name shown.
    pub name: String,
}

/// The prescriber decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EligibilityDecided {
    /// May be treated.
    pub eligible: bool,
    /// In which setting.
    pub setting: Setting,
    /// Why.
    pub reason: String,
    /// The findings that stood, warnings among them.
    pub findings: Vec<Finding>,
    /// The name typed as a signature.
    pub signed_name: String,
}

/// Consent was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// Version of the text.
    pub version: String,
    /// The notice on compounded products taken at home was part of it.
    pub home_notice: bool,
    /// The statements ticked, each by its id.
    pub statements: Vec<String>,
    /// The name typed as a signature.
    pub signed_name: String,
}

/// Consent was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWithdrawn {
    /// In the person's words; may be empty.
    pub words: String,
}

/// A plan was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOpened {
    /// Protocol.
    pub protocol: String,
    /// Its version.
    pub protocol_version: String,
    /// Where.
    pub setting: Setting,
    /// How.
    pub route: Route,
    /// Number of dosing sessions planned.
    pub sessions: u32,
}

/// How a course ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// All that was planned was done.
    Completed,
    /// Found ineligible.
    Ineligible,
    /// The patient withdrew.
    Withdrew,
    /// Stopped after an adverse event.
    AdverseEvent,
    /// No benefit.
    NoBenefit,
    /// Moved, or treated elsewhere.
    Moved,
    /// Could not be reached.
    LostToFollowUp,
}

impl EndReason {
    /// Whether somebody is still asked how they are after such an end. Who withdrew, moved, could not be reached or was never
    /// to be treated is not; everybody else is, for effects and losses come after the last dose. A proposal of this project,
    /// signed by nobody yet.
    #[must_use]
    pub const fn is_followed_up(self) -> bool {
        match self {
            Self::Completed | Self::AdverseEvent | Self::NoBenefit => true,
            Self::Ineligible | Self::Withdrew | Self::Moved | Self::LostToFollowUp => false,
        }
    }

    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Completed,
        Self::Ineligible,
        Self::Withdrew,
        Self::AdverseEvent,
        Self::NoBenefit,
        Self::Moved,
        Self::LostToFollowUp,
    ];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Ineligible => "ineligible",
            Self::Withdrew => "withdrew",
            Self::AdverseEvent => "adverse-event",
            Self::NoBenefit => "no-benefit",
            Self::Moved => "moved",
            Self::LostToFollowUp => "lost-to-follow-up",
        }
    }
}

/// The course ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseEnded {
    /// How.
    pub reason: EndReason,
    /// In words.
    pub words: String,
}

/// What happens to what is left of a tablet held under the tongue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterHold {
    /// Spit out.
    Spit,
    /// Swallow.
    Swallow,
}

/// A dose order was written. It is for one dose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderWritten {
    /// Identity.
    pub order: OrderId,
    /// Route.
    pub route: Route,
    /// Setting.
    pub setting: Setting,
    /// Product in words.
    pub product: String,
    /// Milligrams.
    pub dose_mg: f64,
    /// Milligrams for each kilogram, as written; absent for a fixed dose.
    #[serde(default)]
    pub dose_mg_per_kg: Option<f64>,
    /// The weight that the dose was worked out from, kg.
    pub weight_kg: f64,
    /// Infusion time, minutes.
    #[serde(default)]
    pub infusion_minutes: Option<f64>,
    /// Minutes to hold under the tongue.
    #[serde(default)]
    pub hold_minutes: Option<f64>,
    /// Spit or swallow after the hold.
    #[serde(default)]
    pub after_hold: Option<AfterHold>,
    /// Warnings that stood and why the prescriber went on.
    #[serde(default)]
    pub warnings: Vec<Finding>,
    /// Reason recorded for going on in spite of warnings.
    #[serde(default)]
    pub reason: String,
}

/// Why an order was cancelled, or a session called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is")]
pub enum CancelReason {
    /// As somebody put it.
    #[serde(rename = "words")]
    Words {
        /// Their words; may be empty.
        words: String,
    },
    /// Consent was withdrawn, and the order went with it.
    #[serde(rename = "consent-withdrawn")]
    ConsentWithdrawn,
    /// The course was ended, and what was open went with it.
    #[serde(rename = "course-ended")]
    CourseEnded,
    /// The prescriber decided that the person may not be treated.
    #[serde(rename = "found-ineligible")]
    FoundIneligible,
    /// The prescriber decided for the clinic, and this was for the home.
    #[serde(rename = "clinic-only")]
    ClinicOnly,
    /// A review of the course said stop.
    #[serde(rename = "review-said-stop")]
    ReviewSaidStop,
    /// A serious adverse event was recorded, or reviewed with the decision not to go on.
    #[serde(rename = "serious-event")]
    SeriousEvent,
    /// A new plan was opened, and this belonged to the one before.
    #[serde(rename = "plan-opened")]
    PlanOpened,
}

/// A dose order was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: CancelReason,
}

listed!(EndReason of "end");
