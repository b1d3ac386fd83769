//! What a rule says about the facts: clear, not applicable, or findings, each with the measured value, the limit,
//! and what would clear it. All of it is codes and numbers; sentences are made at the edge, for whoever reads.

use serde::{Deserialize, Serialize};

use crate::code::code_of;
use crate::coded::Coded;

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

/// One thing that a rule found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// What was measured or answered, with units and ages.
    pub measured: Coded,
    /// The limit: a condition by its code, or numbers in force, each with its name in the rule and its unit.
    pub limit: Coded,
    /// What would clear it.
    pub clears: Coded,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The rule does not apply here, and why.
    NotApplicable(Coded),
    /// The facts are there and within the limits; what was seen.
    Clear(Coded),
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

code_of!(Severity of "severity" {
    Warn = "warn",
    Escalate = "escalate",
    Block = "block",
});

code_of!(Cause of "cause" {
    Met = "met",
    Missing = "missing",
    Unknown = "unknown",
    TooOld = "too-old",
    Impossible = "impossible",
});

code_of!(Urgency of "urgency" {
    Review = "review",
    Watch = "watch",
    CallClinician = "call-clinician",
    Emergency = "emergency",
});
