//! The hashes that make tampering visible without any key.
//!
//! Two chains run through the log. Each stream's events are linked in order of `seq`; all events are linked in the
//! order in which they were recorded, by `gid`. The first says which event was touched; the second notices when a
//! whole stream is gone. Every field is length-prefixed or of fixed length, so that no two rows share an encoding.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::stream::StreamId;

/// What the first link points back to.
pub const START: [u8; 32] = [0; 32];

/// The fields of one row that its hash covers.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub stream: StreamId,
    pub seq: u64,
    pub event_id: Uuid,
    pub kind: &'a str,
    pub version: u16,
    pub recorded_at_ms: i64,
    pub act_id: Option<Uuid>,
    pub sealed: &'a [u8],
    pub prev_hash: &'a [u8; 32],
}

impl Link<'_> {
    /// The hash of this row, which the next one points back to.
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let kind = self.stream.kind.code();
        hasher.update(b"stillwater event 2\n");
        hasher.update(self.prev_hash);
        hasher.update((kind.len() as u64).to_be_bytes());
        hasher.update(kind.as_bytes());
        hasher.update(self.stream.id.as_bytes());
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.event_id.as_bytes());
        hasher.update((self.kind.len() as u64).to_be_bytes());
        hasher.update(self.kind.as_bytes());
        hasher.update(self.version.to_be_bytes());
        hasher.update(self.recorded_at_ms.to_be_bytes());
        match self.act_id {
            None => hasher.update([0]),
            Some(act) => {
                hasher.update([1]);
                hasher.update(act.as_bytes());
            }
        }
        hasher.update((self.sealed.len() as u64).to_be_bytes());
        hasher.update(self.sealed);
        hasher.finalize().into()
    }
}

/// The hash of the whole log after one more event.
pub fn extend_log(before: &[u8; 32], gid: u64, event_hash: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"stillwater log 1\n");
    hasher.update(before);
    hasher.update(gid.to_be_bytes());
    hasher.update(event_hash);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::StreamKind;

    #[test]
    fn every_field_is_covered() {
        let base = Link {
            stream: StreamId::patient(Uuid::from_u128(1)),
            seq: 1,
            event_id: Uuid::from_u128(2),
            kind: "DoseTaken",
            version: 1,
            recorded_at_ms: 5,
            act_id: None,
            sealed: b"abc",
            prev_hash: &START,
        };
        let other = [1; 32];
        let changed = [
            Link { stream: StreamId::patient(Uuid::from_u128(9)), ..base },
            Link { stream: StreamId::new(StreamKind::Cabinet, Uuid::from_u128(1)), ..base },
            Link { act_id: Some(Uuid::nil()), ..base },
            Link { seq: 2, ..base },
            Link { event_id: Uuid::from_u128(9), ..base },
            Link { kind: "DoseHeld", ..base },
            Link { version: 2, ..base },
            Link { recorded_at_ms: 6, ..base },
            Link { sealed: b"abd", ..base },
            Link { prev_hash: &other, ..base },
        ];
        for link in changed {
            assert_ne!(link.hash(), base.hash(), "{link:?}");
        }
        assert_eq!(base.hash(), base.hash());
    }

    #[test]
    fn the_log_depends_on_order() {
        let (a, b) = ([1; 32], [2; 32]);
        let forwards = extend_log(&extend_log(&START, 1, &a), 2, &b);
        let backwards = extend_log(&extend_log(&START, 1, &b), 2, &a);
        assert_ne!(forwards, backwards);
    }
}
