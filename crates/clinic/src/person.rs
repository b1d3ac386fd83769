//! Who is asking: the person behind a session, what they are here to do, and how their acts are signed.

use stillwater_care::ids::{CompanionId, PatientId, StaffId};
use stillwater_care::roles::{Actor, Role};
use uuid::Uuid;

/// The person behind a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A member of staff, by account.
    Staff(StaffId),
    /// A patient: by their own account or by a personal link.
    Patient {
        /// Whose chart.
        patient: PatientId,
        /// Their account, when they signed in with a password.
        account: Option<Uuid>,
    },
    /// A companion, by personal link and code.
    Companion {
        /// Whose companion.
        patient: PatientId,
        /// Which one.
        companion: CompanionId,
    },
}

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who they are.
    pub subject: Subject,
    /// What they are here to do; never empty.
    pub roles: Vec<Role>,
    /// The name shown.
    pub name: String,
    /// The stored digest of their session, for ending it.
    pub session: [u8; 32],
}

impl Principal {
    /// Whether they hold a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The staff account.
    #[must_use]
    pub fn staff(&self) -> Option<StaffId> {
        match self.subject {
            Subject::Staff(id) => Some(id),
            Subject::Patient { .. } | Subject::Companion { .. } => None,
        }
    }

    /// The one patient that a patient or companion is here about; staff are not bound to one.
    #[must_use]
    pub fn patient(&self) -> Option<PatientId> {
        match self.subject {
            Subject::Staff(_) => None,
            Subject::Patient { patient, .. } | Subject::Companion { patient, .. } => Some(patient),
        }
    }

    /// The account that they sign in with, if they have one.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        match self.subject {
            Subject::Staff(id) => Some(id.0),
            Subject::Patient { account, .. } => account,
            Subject::Companion { .. } => None,
        }
    }

    /// A stable text for the audit trail and for whose draft it is.
    #[must_use]
    pub fn key(&self) -> String {
        match self.subject {
            Subject::Staff(id) => format!("staff:{id}"),
            Subject::Patient { patient, .. } => format!("patient:{patient}"),
            Subject::Companion { companion, .. } => format!("companion:{companion}"),
        }
    }

    /// How their acts are signed in a chart. Staff act in their most qualified clinical role.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let role = [Role::Prescriber, Role::Guide, Role::Manager, Role::Administrator]
            .into_iter()
            .find(|role| self.is(*role))
            .unwrap_or(Role::Administrator);
        match self.subject {
            Subject::Staff(id) => Actor::Staff { id, name: self.name.clone(), role },
            Subject::Patient { .. } => Actor::Patient,
            Subject::Companion { companion, .. } => Actor::Companion { id: companion, name: self.name.clone() },
        }
    }

    /// How a member of staff signs an act done in one of their roles; `None` when they do not hold it.
    #[must_use]
    pub fn actor_as(&self, role: Role) -> Option<Actor> {
        let id = self.staff().filter(|_| self.is(role))?;
        Some(Actor::Staff { id, name: self.name.clone(), role })
    }
}
