//! Why a command was refused: clinical and expected, in codes with their numbers and ids. What a person reads of it is
//! made at the edge, for whoever reads.

mod invalid;
mod not_now;

use stillwater_instruments::AnswerError;

pub use invalid::{Field, Problem};
pub use not_now::{AfterSession, BeforeDose, NotNow, OfSession};

use super::CommandKind;
use crate::finding::Finding;
use crate::quantity::Impossible;
use crate::readiness::ReadyStep;
use crate::roles::Role;
use crate::rules::Gate;

/// Why a command was refused. The cases stand in the order in which they are looked at, save that what the rules say
/// comes last.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// This role may not.
    NotAllowed {
        /// In which capacity it was asked; none for the program itself.
        role: Option<Role>,
        /// What.
        act: Act,
    },
    /// Not on this patient's care team.
    NotOnTeam,
    /// Not in this state of things.
    NotNow(NotNow),
    /// A value that cannot be.
    Invalid {
        /// Which field.
        field: Field,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A figure that cannot be true.
    Impossible(Impossible),
    /// Answers that the instrument refuses.
    Answers(AnswerError),
    /// Rules stand in front of the step.
    Blocked {
        /// Which step.
        gate: Gate,
        /// All findings, in the order of the rule book.
        findings: Vec<Finding>,
    },
    /// Steps of the day that are still to be done.
    NotReady {
        /// Each.
        missing: Vec<ReadyStep>,
    },
    /// Only warnings stand; the step needs a recorded reason.
    NeedsReason {
        /// Which step.
        gate: Gate,
        /// The warnings.
        findings: Vec<Finding>,
    },
}

/// What somebody may not do in their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A command.
    Command(CommandKind),
    /// Recording a reading outside a session.
    ReadingOutsideSession,
    /// Going on after a positive suicide screen.
    ProceedAfterScreen,
    /// Striking an entry that holds a dose by what it says.
    StrikeWhatHolds,
    /// Changing an answer that holds a dose.
    ChangeWhatHolds,
}

impl Act {
    /// The code; a command is called by its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Command(kind) => kind.name(),
            Self::ReadingOutsideSession => "reading-outside-session",
            Self::ProceedAfterScreen => "proceed-after-screen",
            Self::StrikeWhatHolds => "strike-what-holds",
            Self::ChangeWhatHolds => "change-what-holds",
        }
    }
}

impl Refusal {
    /// The code of the case, and of what it holds: `not-now/no-plan`, `invalid/note/empty`. Logs and tables speak in it.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NotAllowed { act, .. } => format!("not-allowed/{}", act.code()),
            Self::NotOnTeam => "not-on-team".to_owned(),
            Self::NotNow(state) => format!("not-now/{}", state.code()),
            Self::Invalid { field, problem } => format!("invalid/{}/{}", field.code(), problem.code()),
            Self::Impossible(_) => "impossible".to_owned(),
            Self::Answers(_) => "answers".to_owned(),
            Self::Blocked { gate, .. } => format!("blocked/{}", gate.code()),
            Self::NotReady { .. } => "not-ready".to_owned(),
            Self::NeedsReason { gate, .. } => format!("needs-reason/{}", gate.code()),
        }
    }

    /// A value that cannot be.
    pub(crate) fn invalid(field: Field, problem: Problem) -> Self {
        Self::Invalid { field, problem }
    }
}

impl From<NotNow> for Refusal {
    fn from(state: NotNow) -> Self {
        Self::NotNow(state)
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

/// An enumeration whose every case has a code, with the list of codes by which `words` is tested.
macro_rules! coded_enum {
    ($(#[$about:meta])* $name:ident {
        $($(#[$doc:meta])+ $case:ident $({ $($(#[$value_doc:meta])+ $value:ident : $kind:ty),+ $(,)? })? = $code:literal,)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[$doc])+ $case $({ $($(#[$value_doc])+ $value: $kind),+ })?,)+
        }

        impl $name {
            /// Every code, with the names of the values that go with it.
            pub const CODES: &'static [(&'static str, &'static [&'static str])] =
                &[$(($code, &[$($(stringify!($value)),+)?])),+];

            /// The code.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$case { .. } => $code,)+ }
            }
        }
    };
}
use coded_enum;
