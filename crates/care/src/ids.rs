//! One identity type for each kind of thing, so that an order can never be passed where a session is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

id! {
    /// One patient, and so one chart.
    PatientId,
    /// One event in a chart; made by whoever sends the command, so that sending twice records once.
    EventId,
    /// One member of staff.
    StaffId,
    /// One dosing session.
    SessionId,
    /// One dose order.
    OrderId,
    /// One alert.
    AlertId,
    /// One companion of one patient.
    CompanionId,
    /// One clinical note.
    NoteId,
}

impl EventId {
    /// The id of the `index`-th event of the command `command_id`. The same command sent again yields the same ids.
    ///
    /// A version 7 UUID ends in 62 random bits; the index is added to the last 16 of them.
    #[must_use]
    pub fn of_command(command_id: Uuid, index: u16) -> Self {
        let value = command_id.as_u128();
        let low = (value as u16).wrapping_add(index);
        Self(Uuid::from_u128((value & !0xffff) | u128::from(low)))
    }

    /// As [`EventId::of_command`], for a count of events; no command yields more than 16 bits can count.
    #[must_use]
    pub fn nth_of_command(command_id: Uuid, nth: usize) -> Self {
        Self::of_command(command_id, u16::try_from(nth).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_command_yields_the_same_ids_and_each_index_its_own() {
        let command = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_ffff);
        assert_eq!(EventId::of_command(command, 0).0, command);
        assert_ne!(EventId::of_command(command, 1), EventId::of_command(command, 0));
        assert_eq!(EventId::of_command(command, 3), EventId::of_command(command, 3));
    }
}
