//! Why a command was refused. Clinical and expected: each case carries what was measured and what would be right.

use stillwater_instruments::AnswerError;

use crate::finding::Finding;
use crate::quantity::Impossible;
use crate::readiness::ReadyStep;
use crate::roles::Role;
use crate::rules::Gate;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Rules stand in front of the step.
    Blocked {
        /// Which step.
        gate: Gate,
        /// All findings, in the order of the rule book.
        findings: Vec<Finding>,
    },
    /// Only warnings stand; the step needs a recorded reason.
    NeedsReason {
        /// Which step.
        gate: Gate,
        /// The warnings.
        findings: Vec<Finding>,
    },
    /// Steps of the day that are still to be done.
    NotReady {
        /// Each.
        missing: Vec<ReadyStep>,
    },
    /// This role may not.
    NotAllowed {
        /// In which capacity it was asked.
        role: Option<Role>,
        /// What.
        command: &'static str,
    },
    /// Not on this patient's care team.
    NotOnTeam,
    /// Not in this state of things.
    NotNow {
        /// Why.
        why: String,
        /// What to do.
        instead: String,
    },
    /// A value that cannot be.
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong.
        problem: String,
        /// What would be right.
        right: String,
    },
    /// A figure that cannot be true.
    Impossible(Impossible),
    /// Answers that the instrument refuses.
    Answers(AnswerError),
}

impl Refusal {
    /// Not now.
    pub(crate) fn not_now(why: impl Into<String>, instead: impl Into<String>) -> Self {
        Self::NotNow { why: why.into(), instead: instead.into() }
    }

    /// A value that cannot be.
    pub(crate) fn invalid(field: &'static str, problem: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Invalid { field, problem: problem.into(), right: right.into() }
    }
}

impl From<Impossible> for Refusal {
    fn from(impossible: Impossible) -> Self {
        Self::Impossible(impossible)
    }
}

impl From<AnswerError> for Refusal {
    fn from(error: AnswerError) -> Self {
        Self::Answers(error)
    }
}

impl std::error::Error for Refusal {}

/// The sentence for staff. Pages for patients make their own.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Blocked { gate, findings } => {
                write!(f, "The {} step is held by {}", gate.words(), list(findings))
            }
            Self::NeedsReason { gate, findings } => {
                write!(f, "The {} step has warnings: record why you go on. {}", gate.words(), list(findings))
            }
            Self::NotReady { missing } => {
                let codes: Vec<_> = missing.iter().map(|step| step.code()).collect();
                write!(f, "Still to be done: {}", codes.join("; "))
            }
            Self::NotAllowed { role, command } => match role {
                Some(role) => write!(f, "A {} may not do this ({command}).", role.word()),
                None => write!(f, "This may not be done by the program itself ({command})."),
            },
            Self::NotOnTeam => f.write_str(
                "You are not on this patient's care team. A prescriber or the programme manager can add you.",
            ),
            Self::NotNow { why, instead } => write!(f, "Not now: {why}. What to do: {instead}."),
            Self::Invalid { field, problem, right } => write!(f, "{field}: {problem}. It should be {right}."),
            Self::Impossible(impossible) => write!(f, "{impossible}."),
            Self::Answers(error) => error.fmt(f),
        }
    }
}

fn list(findings: &[Finding]) -> String {
    let each: Vec<_> =
        findings.iter().map(|f| format!("{}: {} (limit {}; {})", f.rule, f.measured, f.limit, f.clears)).collect();
    each.join(". ")
}
