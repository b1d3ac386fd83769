//! The key of one export: study ids that nobody can follow back, and a shift of each person's dates.
//!
//! Both are HMAC-SHA-256 (RFC 2104) of the patient's id under the key, each with a purpose of its own in front, so that
//! neither tells anything of the other. Without the key a study id is as good as random; with it, and with the clinic's
//! list of patients, each can be worked out again. A key that was made for one export and thrown away closes that door.

use stillwater_care::ids::PatientId;
use stillwater_digest::{from_hex, hmac_sha256, to_hex};

/// Dates are moved by at most this many days, earlier or later.
pub const MOST_DAYS: i64 = 182;

/// 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(not shown)")
    }
}

/// A person's name in the set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StudyId(String);

impl StudyId {
    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for StudyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Key {
    /// From random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From 64 hexadecimal digits, with space around them; none when it is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text.trim()).map(Self)
    }

    /// As 64 hexadecimal digits, for a key file.
    #[must_use]
    pub fn to_hex(&self) -> String {
        to_hex(&self.0)
    }

    /// The person's name in the set: `p` and 20 hexadecimal digits, 80 bits. Two of a million people share one with a
    /// chance of about one in two million million.
    #[must_use]
    pub fn study_id(&self, patient: PatientId) -> StudyId {
        let digest = self.digest(b"stillwater study id", patient);
        StudyId(format!("p{}", to_hex(digest.get(..10).unwrap_or_default())))
    }

    /// By how many days this person's dates are moved: −182 to 182 and never 0, the same for all of theirs.
    #[must_use]
    pub fn shift_days(&self, patient: PatientId) -> i64 {
        let digest = self.digest(b"stillwater date shift", patient);
        let drawn = digest.iter().take(8).fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        // 364 values; the unevenness of a remainder of 2^64 is far below anything that could be noticed.
        // A remainder of 364 fits.
        let place = i64::try_from(drawn % (2 * MOST_DAYS as u64)).unwrap_or_default() - MOST_DAYS;
        if place < 0 { place } else { place + 1 }
    }

    fn digest(&self, purpose: &[u8], patient: PatientId) -> [u8; 32] {
        hmac_sha256(&self.0, &[purpose, &[0], patient.0.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;
    use uuid::Uuid;

    fn person(number: u128) -> PatientId {
        PatientId(Uuid::from_u128(number))
    }

    #[test]
    fn the_same_key_gives_the_same_ids_and_another_key_gives_others() {
        let (one, two) = (Key::new([1; 32]), Key::new([2; 32]));
        let ids = |key: &Key| (0..1000).map(|n| key.study_id(person(n))).collect::<BTreeSet<_>>();
        assert_eq!(ids(&one), ids(&Key::from_hex(&one.to_hex()).unwrap()));
        assert_eq!(ids(&one).len(), 1000);
        assert!(ids(&one).is_disjoint(&ids(&two)));
        let shifts = |key: &Key| (0..1000).map(|n| key.shift_days(person(n))).collect::<Vec<_>>();
        assert_eq!(shifts(&one), shifts(&Key::new([1; 32])));
        assert_ne!(shifts(&one), shifts(&two));
    }

    #[test]
    fn an_id_holds_nothing_of_the_patients_own() {
        let patient = person(0x0199_f6d2_1234_7000_8000_abcd_ef01_2345);
        let id = Key::new([7; 32]).study_id(patient);
        assert_eq!(id.as_str().len(), 21);
        for part in patient.to_string().split('-') {
            assert!(!id.as_str().contains(part), "{id} {part}");
        }
    }

    #[test]
    fn dates_move_by_half_a_year_at_most_and_never_stay() {
        let key = Key::new([3; 32]);
        let shifts: BTreeSet<i64> = (0..20_000).map(|n| key.shift_days(person(n))).collect();
        let every: BTreeSet<i64> = (-MOST_DAYS..=MOST_DAYS).filter(|days| *days != 0).collect();
        assert_eq!(shifts, every, "each shift is drawn, and no other");
    }

    #[test]
    fn a_key_file_that_is_no_key_is_refused_and_a_key_is_never_shown() {
        assert_eq!(Key::from_hex("ab"), None);
        assert_eq!(Key::from_hex(&"zz".repeat(32)), None);
        assert_eq!(Key::from_hex(&"é".repeat(32)), None);
        assert_eq!(format!("{:?}", Key::new([9; 32])), "Key(not shown)");
    }
}
