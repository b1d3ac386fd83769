//! Alerts: raised, taken on, passed up, resolved. Each has an owner to be and a clock.

use serde::{Deserialize, Serialize};

use crate::finding::Urgency;
use crate::ids::{AlertId, SessionId};

/// Who is asked next when nobody has taken an alert on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EscalationLevel {
    /// The guide of the session or of the care team.
    Guide,
    /// The prescriber.
    Prescriber,
    /// Everybody on call.
    OnCall,
    /// The emergency services, called by a person: the program calls nobody outside.
    EmergencyServices,
}

impl EscalationLevel {
    /// The words shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Prescriber => "prescriber",
            Self::OnCall => "everybody on call",
            Self::EmergencyServices => "emergency services",
        }
    }

    /// The rung above; the last one stays.
    #[must_use]
    pub fn above(self) -> Self {
        match self {
            Self::Guide => Self::Prescriber,
            Self::Prescriber => Self::OnCall,
            Self::OnCall | Self::EmergencyServices => Self::EmergencyServices,
        }
    }

    /// The highest rung that an alert climbs to by itself. What is only to be watched asks everybody on call and no
    /// further: an ambulance sent for light sleep teaches people to look away when one is needed.
    #[must_use]
    pub fn last_for(urgency: Urgency) -> Self {
        match urgency {
            Urgency::Watch | Urgency::Review => Self::OnCall,
            Urgency::CallClinician | Urgency::Emergency => Self::EmergencyServices,
        }
    }
}

/// An alert was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRaised {
    /// Identity.
    pub alert: AlertId,
    /// How grave.
    pub urgency: Urgency,
    /// The rule that raised it, for example `S06-pressure`.
    pub rule: String,
    /// What it is about, unique while open: a second alert on the same thing is not raised while the first is open.
    pub about: String,
    /// What happened, in words.
    pub what: String,
    /// The measured value against its limit.
    pub measured: String,
    /// In which session, if one.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// Who is asked first.
    pub first: EscalationLevel,
    /// Minutes until it goes one rung up when nobody takes it on.
    pub answer_within_minutes: i64,
}

/// Somebody took an alert on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertOwned {
    /// Which.
    pub alert: AlertId,
}

/// Nobody answered in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertEscalated {
    /// Which.
    pub alert: AlertId,
    /// Who is asked now.
    pub to: EscalationLevel,
}

/// An alert was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertResolved {
    /// Which.
    pub alert: AlertId,
    /// What was found and done.
    pub words: String,
}
