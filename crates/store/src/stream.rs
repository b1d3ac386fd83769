//! Whose log it is: a patient's, the drug cabinet's, and so on. The log is kept by stream, and each stream has a chain, a key,
//! an index row and an erasure of its own.

use std::fmt;

use uuid::Uuid;

/// What kind of thing a stream is about. Patients and the rota have streams today; the other names are kept for what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StreamKind {
    /// One patient's chart.
    Patient,
    /// A drug cabinet: what came in, went out, was wasted and counted.
    Cabinet,
    /// A diary of appointments.
    Diary,
    /// A rota: who is on duty.
    Rota,
    /// The clinic itself: its settings and signatures.
    Clinic,
}

impl StreamKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Patient, Self::Cabinet, Self::Diary, Self::Rota, Self::Clinic];

    /// The word that is stored, hashed and sealed with. Never changed, never reused, and without a colon.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Cabinet => "cabinet",
            Self::Diary => "diary",
            Self::Rota => "rota",
            Self::Clinic => "clinic",
        }
    }

    /// What people call that which is recorded in such a stream.
    pub(crate) const fn record(self) -> &'static str {
        match self {
            Self::Patient => "chart",
            Self::Cabinet | Self::Diary | Self::Rota | Self::Clinic => "log",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl fmt::Display for StreamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One stream. Two streams of unlike kinds may have the same id and are strangers all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId {
    /// What kind of thing it is about.
    pub kind: StreamKind,
    /// Which one.
    pub id: Uuid,
}

impl StreamId {
    /// The stream with this kind and id.
    #[must_use]
    pub const fn new(kind: StreamKind, id: Uuid) -> Self {
        Self { kind, id }
    }

    /// A patient's chart.
    #[must_use]
    pub const fn patient(id: Uuid) -> Self {
        Self::new(StreamKind::Patient, id)
    }

    /// Kind and id in one: the kind's word, a colon, and the sixteen bytes of the id. No two streams share it.
    pub(crate) fn key_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24);
        bytes.extend_from_slice(self.kind.code().as_bytes());
        bytes.push(b':');
        bytes.extend_from_slice(self.id.as_bytes());
        bytes
    }

    /// As it stands in a sentence about what is recorded there.
    pub(crate) fn described(self) -> String {
        match self.kind {
            StreamKind::Patient => format!("the {} of {}", self.kind.record(), self.id),
            StreamKind::Cabinet | StreamKind::Diary | StreamKind::Rota | StreamKind::Clinic => {
                format!("the {} of the {self}", self.kind.record())
            }
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_keeps_its_word() {
        let words: Vec<_> = StreamKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(words, ["patient", "cabinet", "diary", "rota", "clinic"]);
        for kind in StreamKind::ALL {
            assert_eq!(StreamKind::of_code(kind.code()), Some(kind));
            assert!(!kind.code().contains(':'), "{kind}");
        }
        assert_eq!(StreamKind::of_code("Patient"), None);
    }

    #[test]
    fn no_two_streams_share_their_bytes() {
        let id = Uuid::from_u128(7);
        for a in StreamKind::ALL {
            for b in StreamKind::ALL {
                let same = StreamId::new(a, id).key_bytes() == StreamId::new(b, id).key_bytes();
                assert_eq!(same, a == b, "{a} and {b}");
            }
        }
    }
}
