//! What a rule says about the facts: clear, not applicable, or findings, each with the measured value, the limit,
//! and what would clear it. Sentences for patients are made at the edge; these are the words that staff read.

use serde::{Deserialize, Serialize};

/// How strongly a finding stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The step may go ahead after a named person has recorded a reason.
    Warn,
    /// A clinician decides now whether to go on; counts as blocking until they have.
    Escalate,
    /// The step cannot go ahead.
    Block,
}

impl Severity {
    /// The word shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Escalate => "escalate",
            Self::Block => "block",
        }
    }
}

/// Why a rule found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A measured value is at or past its limit, or a condition is present.
    Met,
    /// Nobody has asked or measured.
    Missing,
    /// Asked, and the answer was "unknown" or "declined".
    Unknown,
    /// Measured too long ago to count.
    TooOld,
    /// The figure cannot be true.
    Impossible,
}

impl Cause {
    /// The word shown and used in rule tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::TooOld => "too old",
            Self::Impossible => "impossible",
        }
    }
}

/// How grave an escalation in a session is (clinical reference 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Somebody looks at it today.
    Review,
    /// Watch closely; repeat the reading.
    Watch,
    /// Hold further dosing and call the clinician.
    CallClinician,
    /// Stop, and act as in an emergency.
    Emergency,
}

impl Urgency {
    /// The word shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Watch => "watch",
            Self::CallClinician => "call clinician",
            Self::Emergency => "emergency",
        }
    }
}

/// One thing that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule, for example `S01-bp-clinic`.
    pub rule: String,
    /// How strongly it stands in the way.
    pub severity: Severity,
    /// Why.
    pub cause: Cause,
    /// How grave, where the finding calls for somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// What was measured or answered, with unit and age: `160/89 mmHg, 5 min old`.
    pub measured: String,
    /// The limit, with unit: `below 160/100 mmHg`.
    pub limit: String,
    /// What would clear it.
    pub clears: String,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The rule does not apply here, and why.
    NotApplicable(&'static str),
    /// The facts are there and within the limits; what was seen.
    Clear(String),
    /// One or more findings.
    Found(Vec<Finding>),
}

impl Verdict {
    /// The findings, none when clear or not applicable.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Found(findings) => findings,
            Self::NotApplicable(_) | Self::Clear(_) => &[],
        }
    }
}
