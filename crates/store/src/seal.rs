//! Keys, and sealing with them.
//!
//! The installation key is 32 random bytes. Separate keys are derived from it
//! for sealing, for look-ups by a secret value, and for the MAC on the log's head. Each stream has a random data key,
//! stored wrapped by the installation key; destroying it is what erasure means.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use stillwater_digest::hmac_sha256;

use crate::error::Failure;
use crate::stream::StreamId;

const NONCE: usize = 12;

/// A key that seals and opens.
#[derive(Clone)]
pub struct SealingKey(ChaCha20Poly1305);

impl SealingKey {
    fn new(bytes: [u8; 32]) -> Self {
        Self(ChaCha20Poly1305::new(&bytes.into()))
    }

    /// Seals `clear`, bound to `context`: it opens only where it belongs. The nonce is random and stored in front.
    pub fn seal(&self, clear: &[u8], context: &[u8]) -> Result<Vec<u8>, Failure> {
        let nonce: [u8; NONCE] = random()?;
        let body = self
            .0
            .encrypt(&nonce.into(), Payload { msg: clear, aad: context })
            .map_err(|_| Failure::Shape("a value too long to seal".to_owned()))?;
        let mut sealed = Vec::with_capacity(NONCE + body.len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what `seal` made with the same key and context. `None` if it was changed or moved.
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&(*nonce).into(), Payload { msg: body, aad: context }).ok()
    }
}

/// What the installation key gives.
#[derive(Clone)]
pub struct Keys {
    sealing: SealingKey,
    lookup: [u8; 32],
    head: [u8; 32],
}

impl Keys {
    /// Derives the keys in use from the bytes in the file.
    pub fn derive(installation: &[u8; 32]) -> Self {
        Self {
            sealing: SealingKey::new(hmac_sha256(installation, &[b"stillwater sealing 1"])),
            lookup: hmac_sha256(installation, &[b"stillwater lookup 1"]),
            head: hmac_sha256(installation, &[b"stillwater head 1"]),
        }
    }

    /// A stand-in for a value that rows are looked up by, when the value itself is nobody's business.
    pub fn lookup(&self, value: &str) -> [u8; 32] {
        hmac_sha256(&self.lookup, &[value.as_bytes()])
    }

    /// The MAC on the whole log's head.
    pub fn head_mac(&self, gid: u64, hash: &[u8; 32]) -> [u8; 32] {
        let mut message = b"log\n".to_vec();
        message.extend_from_slice(&gid.to_be_bytes());
        message.extend_from_slice(hash);
        hmac_sha256(&self.head, &[&message])
    }

    /// The MAC that shows that an erasure was done by whoever held the key.
    pub fn erasure_mac(&self, stream: StreamId, erased_at_ms: i64) -> [u8; 32] {
        let mut message = b"erased\n".to_vec();
        message.extend_from_slice(&stream.key_bytes());
        message.extend_from_slice(&erased_at_ms.to_be_bytes());
        hmac_sha256(&self.head, &[&message])
    }

    /// A new data key, and its wrapped form for the stream's row.
    pub fn new_data_key(&self, stream: StreamId) -> Result<(SealingKey, Vec<u8>), Failure> {
        let bytes: [u8; 32] = random()?;
        let wrapped = self.sealing.seal(&bytes, &context("data key", &stream.key_bytes()))?;
        Ok((SealingKey::new(bytes), wrapped))
    }

    /// Unwraps a stream's data key.
    pub fn open_data_key(&self, stream: StreamId, wrapped: &[u8]) -> Result<SealingKey, Failure> {
        self.sealing
            .open(wrapped, &context("data key", &stream.key_bytes()))
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(SealingKey::new)
            .ok_or_else(|| Failure::Sealed(format!("the data key of {stream}")))
    }

    /// Seals a cell of an installation table, bound to its table and row.
    pub fn seal_cell(&self, table: &str, row: &[u8], clear: &[u8]) -> Result<Vec<u8>, Failure> {
        self.sealing.seal(clear, &context(table, row))
    }

    /// Opens a cell that `seal_cell` made. `None` if it was changed, moved, or sealed under another key.
    pub fn open_cell(&self, table: &str, row: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.sealing.open(sealed, &context(table, row))
    }

    /// What a database keeps to recognise its key by.
    pub fn key_check(&self) -> Result<Vec<u8>, Failure> {
        self.seal_cell("key check", &[], b"stillwater")
    }

    /// Whether `check` was made with this key.
    pub fn made(&self, check: &[u8]) -> bool {
        self.open_cell("key check", &[], check).is_some()
    }
}

/// What a payload is bound to: it cannot be moved to another stream, place, kind or version.
pub fn event_context(stream: StreamId, seq: u64, kind: &str, version: u16) -> Vec<u8> {
    let mut bytes = context("event", &stream.key_bytes());
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes.extend_from_slice(kind.as_bytes());
    bytes
}

/// What a summary is bound to.
pub fn summary_context(stream: StreamId) -> Vec<u8> {
    context("summary", &stream.key_bytes())
}

fn context(place: &str, row: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(place.len() + row.len() + 12);
    bytes.extend_from_slice(b"sw1\n");
    bytes.extend_from_slice(&(place.len() as u64).to_be_bytes());
    bytes.extend_from_slice(place.as_bytes());
    bytes.extend_from_slice(row);
    bytes
}

/// Bytes that nobody can guess.
pub fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Randomness(error.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
    use uuid::Uuid;

    use super::*;
    use crate::stream::StreamKind;

    #[test]
    fn opens_only_with_the_same_key_and_in_the_same_place() {
        let keys = Keys::derive(&[7; 32]);
        let sealed = keys.seal_cell("setting", b"a", b"secret").unwrap();
        assert_eq!(keys.open_cell("setting", b"a", &sealed).unwrap(), b"secret");
        assert!(keys.open_cell("setting", b"b", &sealed).is_none());
        assert!(keys.open_cell("draft", b"a", &sealed).is_none());
        assert!(Keys::derive(&[8; 32]).open_cell("setting", b"a", &sealed).is_none());
        let mut changed = sealed.clone();
        changed[14] ^= 1;
        assert!(keys.open_cell("setting", b"a", &changed).is_none());
        assert!(keys.open_cell("setting", b"a", &sealed[..5]).is_none());
    }

    #[test]
    fn sealing_twice_gives_different_bytes() {
        let keys = Keys::derive(&[7; 32]);
        assert_ne!(keys.key_check().unwrap(), keys.key_check().unwrap());
        assert!(keys.made(&keys.key_check().unwrap()));
    }

    #[test]
    fn a_data_key_unwraps_only_for_its_own_stream() {
        let keys = Keys::derive(&[7; 32]);
        let (ada, ben) = (StreamId::patient(Uuid::from_u128(1)), StreamId::patient(Uuid::from_u128(2)));
        let (key, wrapped) = keys.new_data_key(ada).unwrap();
        let sealed = key.seal(b"x", b"c").unwrap();
        let again = keys.open_data_key(ada, &wrapped).unwrap();
        assert_eq!(again.open(&sealed, b"c").unwrap(), b"x");
        assert!(keys.open_data_key(ben, &wrapped).is_err());
        assert!(keys.open_data_key(StreamId::new(StreamKind::Cabinet, ada.id), &wrapped).is_err());
    }
}
