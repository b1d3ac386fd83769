//! The keys that turn secrets into what is stored, and the token that a form must carry.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::http::random::hex;

/// The keys that turn secrets into what is stored. They come from the installation's key, never from the database.
#[derive(Clone)]
pub struct Keys {
    root: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

impl Keys {
    /// Keys under the installation's secret.
    #[must_use]
    pub fn new(root: [u8; 32]) -> Self {
        Self { root }
    }

    /// The keyed digest of `secret` for one purpose.
    #[must_use]
    pub fn digest(&self, purpose: &str, secret: &[u8]) -> [u8; 32] {
        // A 32-byte key is always accepted; the digest of nothing would still match no stored row.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.root) else { return [0; 32] };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(secret);
        mac.finalize().into_bytes().into()
    }

    /// The token that forms of this session must carry.
    #[must_use]
    pub fn csrf(&self, session_digest: &[u8; 32]) -> String {
        hex(&self.digest("csrf", session_digest))
    }

    /// What stands for a sign-in name in rate limits and the audit trail: people type passwords into name fields.
    #[must_use]
    pub fn stand_in(&self, login: &str) -> String {
        let digest = self.digest("login", login.as_bytes());
        hex(digest.get(..8).unwrap_or_default())
    }
}
