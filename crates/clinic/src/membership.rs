//! Who belongs to a patient: the one question whether someone may open a chart.

use stillwater_care::ids::{PatientId, StaffId};
use stillwater_care::roles::Role;

use crate::person::{Principal, Subject};

/// Whether someone may open a patient's chart: the patient their own; staff when they treat or manage, and are on the
/// care team. A companion sees their own pages and never the chart; administrators manage people and open no chart.
#[must_use]
pub fn may_open_chart(principal: &Principal, patient: PatientId, care_team: &[StaffId]) -> bool {
    match principal.subject {
        Subject::Patient { patient: own, .. } => own == patient,
        Subject::Companion { .. } => false,
        Subject::Staff(id) => {
            [Role::Guide, Role::Prescriber, Role::Manager].iter().any(|role| principal.is(*role))
                && care_team.contains(&id)
        }
    }
}

#[cfg(test)]
mod tests {
    use stillwater_care::ids::CompanionId;
    use uuid::Uuid;

    use super::*;

    const OWN: PatientId = PatientId(Uuid::from_u128(1));
    const OTHER: PatientId = PatientId(Uuid::from_u128(2));
    const STAFF_ID: StaffId = StaffId(Uuid::from_u128(3));

    fn person(subject: Subject, roles: &[Role]) -> Principal {
        Principal { subject, roles: roles.to_vec(), name: "Example".into(), session: [0; 32] }
    }

    #[test]
    fn a_chart_opens_for_its_patient_and_the_care_team_only() {
        let team = [STAFF_ID];
        for (who, patient, team, opens) in [
            (person(Subject::Patient { patient: OWN, account: None }, &[Role::Patient]), OWN, &team[..], true),
            (person(Subject::Patient { patient: OWN, account: None }, &[Role::Patient]), OTHER, &team[..], false),
            (
                person(Subject::Companion { patient: OWN, companion: CompanionId(Uuid::nil()) }, &[Role::Companion]),
                OWN,
                &team[..],
                false,
            ),
            (person(Subject::Staff(STAFF_ID), &[Role::Guide]), OWN, &team[..], true),
            (person(Subject::Staff(STAFF_ID), &[Role::Guide]), OWN, &[][..], false),
            (person(Subject::Staff(STAFF_ID), &[Role::Prescriber]), OWN, &team[..], true),
            (person(Subject::Staff(STAFF_ID), &[Role::Manager]), OWN, &team[..], true),
            (person(Subject::Staff(STAFF_ID), &[Role::Administrator]), OWN, &team[..], false),
        ] {
            assert_eq!(may_open_chart(&who, patient, team), opens, "{who:?} {patient}");
        }
    }
}
