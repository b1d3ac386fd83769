//! Passwords: hashed with Argon2id away from the async threads, at most two at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// The fewest characters that a password may have.
pub const LEAST_CHARACTERS: usize = 12;
/// The most; longer ones would only make the server work.
pub const MOST_CHARACTERS: usize = 200;

/// Hashing failed, which says nothing about the password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFailure {
    /// The parameters or the stored hash are unusable.
    #[error("the password hash could not be made or read: {0}")]
    Hash(String),
    /// The hashing thread ended early.
    #[error("the hashing thread ended early")]
    Thread,
}

/// Makes and checks password hashes.
#[derive(Clone, Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// The hash of a password that nobody has, so that an unknown name costs as much time as a known one.
    nobody: Arc<str>,
}

impl Passwords {
    /// Prepares the hash that unknown names are checked against. Takes some 50 ms.
    ///
    /// # Errors
    /// When hashing does not work at all on this machine.
    pub fn new() -> Result<Self, PasswordFailure> {
        let nobody = hash_now("a password that nobody has")?;
        Ok(Self { permits: Arc::new(Semaphore::new(2)), nobody: nobody.into() })
    }

    /// Hashes a password for storing.
    ///
    /// # Errors
    /// When hashing fails.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordFailure> {
        let password = password.to_owned();
        self.blocking(move || hash_now(&password)).await
    }

    /// Whether the password matches the stored hash. Without a stored hash the answer is no, after the same work.
    ///
    /// # Errors
    /// When the stored hash cannot be read or hashing fails.
    pub async fn matches(&self, password: &str, stored: Option<&str>) -> Result<bool, PasswordFailure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let password: String = password.chars().take(MOST_CHARACTERS).collect();
        let matches = self
            .blocking(move || {
                let parsed = PasswordHash::new(&stored).map_err(|error| PasswordFailure::Hash(error.to_string()))?;
                Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(matches && known)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordFailure> + Send + 'static,
    ) -> Result<T, PasswordFailure> {
        let _permit = self.permits.acquire().await.map_err(|_| PasswordFailure::Thread)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordFailure::Thread)?
    }
}

/// Hashes on this very thread; for the command line, where nothing else waits.
///
/// # Errors
/// When hashing fails.
pub fn hash_now(password: &str) -> Result<String, PasswordFailure> {
    hasher()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordFailure::Hash(error.to_string()))
}

/// What is wrong with a new password, if anything.
#[must_use]
pub fn refusal(password: &str, login: &str) -> Option<&'static str> {
    let length = password.chars().count();
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if length < LEAST_CHARACTERS {
        Some("Use at least 12 characters. Several words in a row are easy to remember.")
    } else if length > MOST_CHARACTERS {
        Some("Use at most 200 characters.")
    } else if distinct.len() < 5 {
        Some("Use more different characters: this one could be guessed at once.")
    } else if !login.is_empty() && password.to_lowercase() == login.to_lowercase() {
        Some("Use something other than your sign-in name.")
    } else {
        None
    }
}

fn hasher() -> Result<Argon2<'static>, PasswordFailure> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| PasswordFailure::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("lantern river copper").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.matches("lantern river copper", Some(&hash)).await.unwrap());
        assert!(!passwords.matches("lantern river coppeR", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_name_never_matches_even_with_the_stand_in_password() {
        let passwords = Passwords::new().unwrap();
        assert!(!passwords.matches("a password that nobody has", None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_told_why() {
        assert!(refusal("short", "ada").is_some());
        assert!(refusal("aaaaaaaaaaaaaaaa", "ada").is_some());
        assert!(refusal("Guide.Example.1", "guide.example.1").is_some());
        assert_eq!(refusal("lantern river copper", "ada"), None);
    }
}
