//! Who reads.

/// Who reads a sentence. What is true is the same for all of them; how it is said is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// Staff.
    Staff,
    /// The patient on an everyday page.
    Patient,
    /// The patient on the day of a dose, when little can be taken in.
    PatientInSession,
    /// The companion.
    Companion,
}

impl Reader {
    /// Every reader.
    pub const ALL: [Self; 4] = [Self::Staff, Self::Patient, Self::PatientInSession, Self::Companion];

    /// The code, with which the ids of a reader's messages end.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Patient => "patient",
            Self::PatientInSession => "patient-in-session",
            Self::Companion => "companion",
        }
    }
}
