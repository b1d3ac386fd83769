//! Random bytes from the operating system, and the identities made from them.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The operating system gave no random bytes. Nothing secret may be made without them, so the request is refused.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// `N` random bytes.
///
/// # Errors
/// When the operating system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|_| NoRandomness)?;
    Ok(out)
}

/// A fresh version 7 UUID: the time first, so that ids sort by when they were made.
///
/// # Errors
/// When the operating system has no random bytes to give.
pub fn uuid_v7(now_ms: i64) -> Result<Uuid, NoRandomness> {
    Ok(uuid_from(now_ms, &bytes::<10>()?))
}

/// A fresh command id, for what the server itself asks of a chart.
///
/// # Errors
/// When the operating system has no random bytes to give.
pub fn command_id(now_ms: i64) -> Result<Uuid, NoRandomness> {
    uuid_v7(now_ms)
}

/// Six random digits, for a companion's code.
///
/// # Errors
/// When the operating system has no random bytes to give.
pub fn six_digits() -> Result<String, NoRandomness> {
    // Eight bytes over a million: the bias is far below one in a million millions.
    let number = u64::from_le_bytes(bytes::<8>()?) % 1_000_000;
    Ok(format!("{number:06}"))
}

/// Makes any number of command ids for one page from one draw of randomness, so that drawing a form cannot fail half-way.
#[derive(Clone, Debug)]
pub struct CommandIds {
    now_ms: i64,
    seed: [u8; 16],
    made: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl CommandIds {
    /// Draws the seed.
    ///
    /// # Errors
    /// When the operating system has no random bytes to give.
    pub fn draw(now_ms: i64) -> Result<Self, NoRandomness> {
        Ok(Self { now_ms, seed: bytes()?, made: std::sync::Arc::default() })
    }

    /// The next id.
    #[must_use]
    pub fn next(&self) -> Uuid {
        let index = self.made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let digest = Sha256::new().chain_update(self.seed).chain_update(index.to_le_bytes()).finalize();
        let mut ten = [0; 10];
        for (to, from) in ten.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        uuid_from(self.now_ms, &ten)
    }
}

pub(crate) fn uuid_from(now_ms: i64, random: &[u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(now_ms).unwrap_or(0), random).into_uuid()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_of_one_page_differ_and_carry_the_time() {
        let ids = CommandIds::draw(1_763_881_200_000).unwrap();
        let (first, second) = (ids.next(), ids.next());
        assert_ne!(first, second);
        assert_eq!(first.get_version_num(), 7);
        assert_eq!(first.as_u128() >> 80, 1_763_881_200_000);
    }

    #[test]
    fn a_code_is_six_digits() {
        let code = six_digits().unwrap();
        assert_eq!(code.len(), 6);
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
