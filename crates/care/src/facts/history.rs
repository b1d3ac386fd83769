//! The questions of the medical history, and what was answered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::coded::Coded;

/// A question of the medical history that a rule depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryTopic {
    /// Aneurysm of the aorta, brain or limb arteries.
    Aneurysm,
    /// Arteriovenous malformation.
    ArteriovenousMalformation,
    /// Bleeding in the brain, ever.
    IntracerebralHaemorrhage,
    /// Allergy to ketamine or esketamine.
    KetamineAllergy,
    /// Heart attack, unstable angina or another cardiac event; `when` matters.
    CardiacEvent,
    /// Stroke, ever.
    Stroke,
    /// Psychosis now.
    PsychosisCurrent,
    /// Psychotic disorder, ever.
    PsychosisLifetime,
    /// Mania or hypomania now.
    ManiaCurrent,
    /// Manic episode, ever.
    ManiaLifetime,
    /// Could be pregnant (answered "no" where that is impossible).
    CouldBePregnant,
    /// Breast-feeding.
    BreastFeeding,
    /// Misuse of ketamine or PCP, ever.
    KetamineMisuse,
    /// Alcohol or drug use disorder, moderate or worse, in the last 6 months.
    SubstanceUseDisorderModerate,
    /// Opioid use disorder, ever.
    OpioidUseDisorder,
    /// Raised pressure or a mass in the head.
    RaisedIntracranialPressure,
    /// Raised eye pressure or glaucoma.
    Glaucoma,
    /// Overactive thyroid, untreated.
    Thyrotoxicosis,
    /// Sleep apnoea.
    SleepApnoea,
    /// Serious lung disease.
    LungDisease,
    /// Epilepsy or unexplained seizures.
    Seizures,
    /// Severe liver disease.
    LiverDiseaseSevere,
    /// Active bladder pain or cystitis.
    BladderDisease,
    /// Primary dissociative disorder.
    DissociativeDisorder,
    /// A severe dissociative subtype of PTSD, as a clinician finds it.
    DissociativeSubtypeSevere,
    /// Chronic liver disease, such as cirrhosis or hepatitis.
    LiverDiseaseChronic,
}

impl HistoryTopic {
    /// Every topic, in the order in which the form asks.
    pub const ALL: [Self; 26] = [
        Self::Aneurysm,
        Self::ArteriovenousMalformation,
        Self::IntracerebralHaemorrhage,
        Self::KetamineAllergy,
        Self::CardiacEvent,
        Self::Stroke,
        Self::PsychosisCurrent,
        Self::PsychosisLifetime,
        Self::ManiaCurrent,
        Self::ManiaLifetime,
        Self::CouldBePregnant,
        Self::BreastFeeding,
        Self::KetamineMisuse,
        Self::SubstanceUseDisorderModerate,
        Self::OpioidUseDisorder,
        Self::RaisedIntracranialPressure,
        Self::Glaucoma,
        Self::Thyrotoxicosis,
        Self::SleepApnoea,
        Self::LungDisease,
        Self::Seizures,
        Self::LiverDiseaseSevere,
        Self::LiverDiseaseChronic,
        Self::BladderDisease,
        Self::DissociativeDisorder,
        Self::DissociativeSubtypeSevere,
    ];
}

/// The answer to a history question. An absent answer means that nobody asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// Present.
    Yes,
    /// Asked, and absent.
    No,
    /// Asked, and not known.
    Unknown,
    /// Asked, and the person would rather not say.
    Declined,
}

/// One answered history question, or an imported condition that stands for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryFact {
    /// The answer.
    pub answer: Answered,
    /// When it happened, where that matters (a cardiac event).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<Timestamp>,
    /// When it was asked or imported.
    pub recorded_at: Timestamp,
    /// Where it is from: answered by somebody, or imported with what stood there.
    pub from: Coded,
    /// A chronic heart disease that the imported record calls active, with what stood there: it counts however long ago it
    /// began, beside an event of its own date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasting: Option<Coded>,
    /// Imported and not yet confirmed by staff: a *candidate*. It blocks as if it were true until somebody has looked.
    #[serde(default)]
    pub candidate: bool,
}

crate::code::coded_enum! {
    /// What another record says that weighs by itself, beyond a question of the history.
    pub enum RecordedConcern of "recorded-concern" {
        /// A suicide attempt, or harm that somebody did to themselves.
        SuicideAttempt = "suicide-attempt",
        /// Thoughts of suicide, or a risk of it.
        SuicidalThoughts = "suicidal-thoughts",
        /// An overdose or poisoning whose intent the record does not tell.
        Overdose = "overdose",
        /// A chronic heart disease that is there now.
        LastingHeartDisease = "lasting-heart-disease",
    }
}

impl RecordedConcern {
    /// Whether it is about suicide, so that a screen here has to follow.
    #[must_use]
    pub fn is_suicidal(self) -> bool {
        matches!(self, Self::SuicideAttempt | Self::SuicidalThoughts | Self::Overdose)
    }
}

/// A concern as it was imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ConcernFact {
    /// What.
    pub concern: RecordedConcern,
    /// When it was, as far as the record says.
    pub at: Option<Timestamp>,
    /// When it was imported.
    pub recorded_at: Timestamp,
    /// What stood there.
    pub from: Coded,
}
