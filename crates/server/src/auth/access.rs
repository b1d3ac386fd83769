//! Who may use a page.
//!
//! Each route names one of these where it is registered.

use stillwater_care::roles::Role;

use stillwater_clinic::Principal;

/// Whom a route lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone, signed in or not.
    Anyone,
    /// Those who hold one of these roles.
    Roles(&'static [Role]),
}

/// Everyone who is signed in.
pub const SIGNED_IN: Who = Who::Roles(&Role::ALL);
/// Everyone with an account of the clinic.
pub const STAFF: Who = Who::Roles(&[Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator]);
/// Those who may see charts, if they are also on the care team.
pub const CHART: Who = Who::Roles(&[Role::Guide, Role::Prescriber, Role::Manager]);
/// Those who treat.
pub const CLINICAL: Who = Who::Roles(&[Role::Guide, Role::Prescriber]);
/// Those who decide on eligibility, orders and doses.
pub const PRESCRIBER: Who = Who::Roles(&[Role::Prescriber]);
/// Those who manage people and access.
pub const ADMINISTRATOR: Who = Who::Roles(&[Role::Administrator]);
/// Those who plan who is on duty.
pub const PLANNERS: Who = Who::Roles(&[Role::Manager, Role::Administrator]);
/// The person treated.
pub const PATIENT: Who = Who::Roles(&[Role::Patient]);
/// The adult beside them.
pub const COMPANION: Who = Who::Roles(&[Role::Companion]);
/// Both phones.
pub const PHONES: Who = Who::Roles(&[Role::Patient, Role::Companion]);

/// Those who may have a password of their own: everyone but companions.
pub const ACCOUNTS: Who =
    Who::Roles(&[Role::Patient, Role::Guide, Role::Prescriber, Role::Manager, Role::Administrator]);
/// Those who are there during a session, in the room or by screen.
pub const PRESENT: Who = Who::Roles(&[Role::Patient, Role::Companion, Role::Guide, Role::Prescriber]);

impl Who {
    /// Whether this visitor is let in.
    #[must_use]
    pub fn allows(self, principal: Option<&Principal>) -> bool {
        match self {
            Self::Anyone => true,
            Self::Roles(roles) => principal.is_some_and(|person| roles.iter().any(|role| person.is(*role))),
        }
    }
}

#[cfg(test)]
mod tests {
    use stillwater_care::ids::StaffId;
    use stillwater_clinic::Subject;
    use uuid::Uuid;

    use super::*;

    const STAFF_ID: StaffId = StaffId(Uuid::from_u128(3));

    fn person(subject: Subject, roles: &[Role]) -> Principal {
        Principal { subject, roles: roles.to_vec(), name: "Example".into(), session: [0; 32] }
    }

    #[test]
    fn a_route_lets_in_those_whom_it_names() {
        let everyone = person(Subject::Staff(STAFF_ID), &Role::ALL);
        assert!(!Who::Roles(&[]).allows(Some(&everyone)));
        assert!(!SIGNED_IN.allows(None));
        assert!(SIGNED_IN.allows(Some(&everyone)));
        assert!(Who::Anyone.allows(None));
        assert!(!PRESCRIBER.allows(Some(&person(Subject::Staff(STAFF_ID), &[Role::Guide]))));
    }
}
