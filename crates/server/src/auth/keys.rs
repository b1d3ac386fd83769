//! The keys that turn secrets into what is stored, and the token that a form must carry.

use stillwater_digest::{hmac_sha256, to_hex};

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
        hmac_sha256(&self.root, &[purpose.as_bytes(), &[0], secret])
    }

    /// The token that forms of this session must carry.
    #[must_use]
    pub fn csrf(&self, session_digest: &[u8; 32]) -> String {
        to_hex(&self.digest("csrf", session_digest))
    }

    /// What stands for a sign-in name in rate limits and the audit trail: people type passwords into name fields.
    #[must_use]
    pub fn stand_in(&self, login: &str) -> String {
        let digest = self.digest("login", login.as_bytes());
        to_hex(digest.get(..8).unwrap_or_default())
    }
}
