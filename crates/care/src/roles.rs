//! Who acts, and in which capacity.

use serde::{Deserialize, Serialize};

use crate::code::listed;
use crate::ids::{CompanionId, StaffId};

/// What a person is here to do. One person may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The person treated.
    Patient,
    /// The adult who stays with the patient at home.
    Companion,
    /// Therapist: preparation, presence, integration; no dosing decisions.
    Guide,
    /// Eligibility, orders, safety decisions.
    Prescriber,
    /// Programme manager: caseload, what is due, referrals.
    Manager,
    /// People and access; opens no chart.
    Administrator,
}

impl Role {
    /// All roles, in the order of the access table.
    pub const ALL: [Self; 6] =
        [Self::Patient, Self::Companion, Self::Guide, Self::Prescriber, Self::Manager, Self::Administrator];

    /// The code, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Companion => "companion",
            Self::Guide => "guide",
            Self::Prescriber => "prescriber",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    /// Reads the stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Who did what an event tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Actor {
    /// A member of staff, acting in one role.
    Staff {
        /// Who.
        id: StaffId,
        /// The name shown.
        name: String,
        /// In which capacity.
        role: Role,
    },
    /// The patient.
    Patient,
    /// The patient's companion.
    Companion {
        /// Which one.
        id: CompanionId,
        /// The name shown.
        name: String,
    },
    /// The program itself: the ticker, a watch rule.
    Stillwater,
}

impl Actor {
    /// The capacity in which they act; the program has none.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Staff { role, .. } => Some(*role),
            Self::Patient => Some(Role::Patient),
            Self::Companion { .. } => Some(Role::Companion),
            Self::Stillwater => None,
        }
    }

    /// The member of staff, if it is one.
    #[must_use]
    pub fn staff(&self) -> Option<StaffId> {
        match self {
            Self::Staff { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The name shown in the timeline.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Staff { name, .. } | Self::Companion { name, .. } => name,
            Self::Patient => "Patient",
            Self::Stillwater => "Stillwater",
        }
    }
}

listed!(Role of "role");
